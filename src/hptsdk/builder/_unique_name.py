"""Names for jobs that may be created again and again."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import cast

from hptsdk._validation import names_arguments
from hptsdk.builder._partial_shape import Partial
from hptsdk.shapes import CreateHyperParameterTuningJobRequest

__all__ = ["unique_name"]

_LONGEST = 32
_NAME = "hyper_parameter_tuning_job_name"


@names_arguments(prefix="HyperParameterTuningJobName")
def unique_name(prefix: str) -> str:
    """Make a job name of at most 32 characters that ends in the time (UTC) and a random part.

    Args:
        prefix: what it begins with; cut where it is too long.

    Raises:
        InvalidShapeError: the prefix has characters that a name may not have.

    Example:
        >>> import hptsdk
        >>> hptsdk.unique_name("churn")  # doctest: +ELLIPSIS
        'churn-2...-...'
    """
    ending = f"-{datetime.now(UTC):%y%m%d%H%M%S}-{secrets.token_hex(2)}"
    begin = cast("object", prefix)
    cut = begin[: _LONGEST - len(ending)].rstrip("-") or begin if isinstance(begin, str) else begin
    Partial(CreateHyperParameterTuningJobRequest, (_NAME,), **{_NAME: cut}).checked()
    return f"{cut}{ending}"
