"""What programs said when they failed, without the secrets that the request gave them."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from hptsdk._lenient import text
from hptsdk._redaction import Redaction
from hptsdk.wire import from_wire, to_wire

if TYPE_CHECKING:
    from hptsdk.shapes import DescribeHyperParameterTuningJobResponse, HyperParameterTrainingJobSummary

__all__ = ["redaction_of", "told"]

AnswerT = TypeVar("AnswerT", "DescribeHyperParameterTuningJobResponse", "HyperParameterTrainingJobSummary")


def redaction_of(response: DescribeHyperParameterTuningJobResponse) -> Redaction:
    """Learn what programs may not be quoted with: the values of a job's environment and static hyperparameters."""
    members = to_wire(response)
    # what was tried is quoted: the best training job's hyperparameters are no secrets here
    names = ("HyperParameterTuningJobConfig", "TrainingJobDefinition", "TrainingJobDefinitions")
    return Redaction({name: members.get(name) for name in names}, ())


def told(answer: AnswerT, redaction: Redaction) -> AnswerT:
    """Give an answer whose reason for a failure has no secrets in it."""
    reason = text(answer.failure_reason)
    hidden = redaction.apply(reason)
    # by its document, so that members that are not modelled stay
    return answer if hidden == reason else from_wire(type(answer), to_wire(answer) | {"FailureReason": hidden})
