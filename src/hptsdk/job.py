"""The handle to a tuning job, which is also `hptsdk.client.TuningJob`."""

from hptsdk.client import TuningJob

__all__ = ["TuningJob"]
