"""The dashboard: a page of this machine with tuning jobs, their results and their logs (extra `local`)."""

from hptsdk.dashboard._dashboard import Dashboard

__all__ = ["Dashboard"]
