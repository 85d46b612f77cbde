"""The error for a tuning job that failed."""

from __future__ import annotations

import logging
from itertools import islice
from typing import TYPE_CHECKING

from hptsdk import errors
from hptsdk.transport import redaction_of, with_redacted_reason, without_secrets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hptsdk.shapes import DescribeHyperParameterTuningJobResponse, HyperParameterTrainingJobSummary

__all__ = ["job_failed"]

_MAX_FAILED = 5

_log = logging.getLogger("hptsdk")


def job_failed(
    name: str,
    response: DescribeHyperParameterTuningJobResponse,
    failed_training_jobs: Iterator[HyperParameterTrainingJobSummary],
) -> errors.TuningJobFailed:
    """Create the error for a failed job, without secrets that the failure reasons quote.

    Args:
        name: the tuning job.
        response: the last response of Describe.
        failed_training_jobs: lists the training jobs that failed, of which the error has the first few.
    """
    redaction = redaction_of(response)
    failed: list[HyperParameterTrainingJobSummary] = []
    try:
        failed.extend(with_redacted_reason(job, redaction) for job in islice(failed_training_jobs, _MAX_FAILED))
    except errors.HptsdkError as error:
        _log.debug("the failed training jobs could not be listed: %s", type(error).__name__)
    return errors.TuningJobFailed(name, response=without_secrets(response), failed_training_jobs=failed)
