"""The error responses for requests that violate rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hptsdk.transport import bad_request

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hptsdk.errors import Violation
    from hptsdk.transport import Refusal

__all__ = ["OWN_METRICS", "violated"]

OWN_METRICS = (
    "You can't override the metric definitions for Amazon SageMaker algorithms. Please retry the request without "
    "specifying metric definitions."
)
"""The message of SageMaker for metric definitions of a first-party algorithm."""

# The messages of SageMaker for violations, by the ID of the rule. It checks these rules after all others.
_MESSAGES = {
    "custom-image-needs-metrics": "A metric is required for this hyperparameter tuning job objective. Provide a metric "
    "in the metric definitions.",
    "longest-wait-needs-spot": "Invalid MaxWaitTimeInSeconds. It is only supported when EnableManagedSpotTraining is "
    "set to true",
}


def violated(violations: Sequence[Violation]) -> Refusal:
    """Return the error response for a request with violations.

    The message has all violations, as that of SageMaker. If a message of SageMaker is published for each of them, it is
    the message of the first one.
    """
    if all(violation.rule in _MESSAGES for violation in violations):
        return bad_request(_MESSAGES[violations[0].rule])
    count, text = len(violations), "; ".join(violation.message for violation in violations)
    return bad_request(f"{count} validation error{'s' if count > 1 else ''} detected: {text}")
