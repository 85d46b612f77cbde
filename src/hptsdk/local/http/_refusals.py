"""The error responses for requests that violate rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hptsdk.transport import bad_request

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hptsdk.errors import Violation
    from hptsdk.transport import Refusal

__all__ = ["violated"]


def violated(violations: Sequence[Violation]) -> Refusal:
    """Return the error response for a request with violations; as that of SageMaker, it has all of them."""
    count, text = len(violations), "; ".join(violation.message for violation in violations)
    return bad_request(f"{count} validation error{'s' if count > 1 else ''} detected: {text}")
