"""The client, which creates and lists tuning jobs, and the handles to tuning jobs."""

from hptsdk.client._calls import Clock
from hptsdk.client._client import TuningClient
from hptsdk.client._creation import warm_start_violations as warm_start_violations
from hptsdk.client._job import TuningJob
from hptsdk.client._logs import LogEvent, log_line as log_line
from hptsdk.client._training_job_comparison import Difference, differences_from_training_job

__all__ = ["Clock", "Difference", "LogEvent", "TuningClient", "TuningJob", "differences_from_training_job"]
