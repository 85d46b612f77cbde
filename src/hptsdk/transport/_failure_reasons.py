"""What programs said when they failed, without the secrets that the request gave them."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar, cast

from hptsdk._validation import text
from hptsdk.schema import secret_members
from hptsdk.transport._redaction import HIDDEN, Redaction
from hptsdk.wire import from_wire, to_wire

if TYPE_CHECKING:
    from hptsdk.shapes import DescribeHyperParameterTuningJobResponse, HyperParameterTrainingJobSummary

__all__ = ["redaction_of", "told", "without_secrets"]

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


def without_secrets(response: DescribeHyperParameterTuningJobResponse) -> DescribeHyperParameterTuningJobResponse:
    """Return a response without the values of environments and static hyperparameters, and without quotes of them."""
    told_response = told(response, redaction_of(response))
    return from_wire(type(response), cast("dict[str, object]", _hidden(to_wire(told_response))))


def _hidden(value: object, *, secret: bool = False) -> object:
    """Return a document in which a mark takes the place of every value that may be a secret."""
    if isinstance(value, dict):
        members = cast("dict[str, object]", value)
        return {name: _hidden(item, secret=secret or name in secret_members()) for name, item in members.items()}
    if isinstance(value, list):
        return [_hidden(item, secret=secret) for item in cast("list[object]", value)]
    return HIDDEN if secret else value
