"""The dashboard: a web page with tuning jobs, their results and their logs. Requires the extra `local`."""

from hptsdk.dashboard._dashboard import Dashboard

__all__ = ["Dashboard"]
