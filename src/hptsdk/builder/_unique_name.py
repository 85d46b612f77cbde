"""Unique names for tuning jobs."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime

from hptsdk._validation import names_arguments
from hptsdk.builder._partial_shape import PartialShape
from hptsdk.shapes import CreateHyperParameterTuningJobRequest

__all__ = ["unique_name"]

_MAX_LENGTH = 32
_NAME = "hyper_parameter_tuning_job_name"


@names_arguments(prefix="HyperParameterTuningJobName")
def unique_name(prefix: str) -> str:
    """Return a job name of at most 32 characters that ends in the time (UTC) and four random digits.

    Args:
        prefix: the start of the name; shortened if the name would be too long.

    Raises:
        InvalidShapeError: the prefix has characters that a name may not have.

    Example:
        >>> import hptsdk
        >>> hptsdk.unique_name("churn")  # doctest: +ELLIPSIS
        'churn-2...-...'
    """
    suffix = f"-{datetime.now(UTC):%y%m%d%H%M%S}-{secrets.token_hex(2)}"
    start = _shortened(prefix, _MAX_LENGTH - len(suffix))
    PartialShape(CreateHyperParameterTuningJobRequest, (_NAME,), **{_NAME: start}).validated()
    return f"{start}{suffix}"


def _shortened(prefix: object, length: int) -> object:
    """Return the start of a prefix without hyphens at its end; a value that is not text is reported as a violation."""
    return prefix[:length].rstrip("-") or prefix if isinstance(prefix, str) else prefix
