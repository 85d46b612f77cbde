"""Redaction of secrets in messages, which can quote a request, and in the responses that errors have as attributes."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, TypeVar

from hptsdk._validation import is_dict, is_list, is_mapping, text
from hptsdk.schema import secret_members
from hptsdk.wire import from_wire, to_wire

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from hptsdk.shapes import DescribeHyperParameterTuningJobResponse, HyperParameterTrainingJobSummary

__all__ = ["HIDDEN", "Redaction", "hide_secrets", "redaction_of", "with_redacted_reason", "without_secrets"]

ReasonT = TypeVar("ReasonT", "DescribeHyperParameterTuningJobResponse", "HyperParameterTrainingJobSummary")

# A value in a message of the service, with the path of its member.
_QUOTED = re.compile(r"(?i)(value )'.*?'( at '[^']*(?:environment|hyperparameters)[^']*')", re.DOTALL)

# Shorter secrets, and secrets that are words up to this length, are only redacted as whole words, because they also
# occur in other words and numbers.
_SHORT, _LONGEST_WORD = 4, 10

HIDDEN = "(hidden)"
"""The text that replaces a secret."""


class Redaction:
    """The secrets of one call, to redact in messages.

    A value that the request also has in a member that is not secret, such as the name of a metric, is not redacted.

    Args:
        body: the request as a document.
        credentials: further strings to redact. Defaults to none.
    """

    def __init__(self, body: Mapping[str, object], credentials: Iterable[str] = ()) -> None:
        secrets = set(_strings(body, secret=True)) - set(_strings(body, secret=False))
        texts = {form for secret in (*secrets, *credentials) for form in _quoted_forms(secret)}
        self._texts = sorted((text for text in texts if text.strip()), key=len, reverse=True)

    def apply(self, message: str) -> str:
        """Return the message with each secret replaced by "(hidden)"."""
        message = _QUOTED.sub(rf"\1{HIDDEN}\2", message)
        for secret in self._texts:
            if len(secret) < _SHORT or _is_word(secret):
                # in a quoted text, the letter of an escape can precede the word
                message = re.sub(rf"(?:(?<!\w)|(?<=\\[nrt])){re.escape(secret)}(?!\w)", HIDDEN, message)
            else:
                message = message.replace(secret, HIDDEN)
        return message


def _is_word(secret: str) -> bool:
    """Check whether a secret is short and has ASCII letters only, so that it can be a part of another word."""
    return len(secret) <= _LONGEST_WORD and secret.isascii() and secret.isalpha()


def _quoted_forms(secret: str) -> Iterator[str]:
    """Yield the forms in which a message can quote a secret: unchanged, and as a Python or JSON string."""
    yield secret
    yield secret.strip()
    yield repr(secret)[1:-1]
    yield repr(secret.encode(errors="replace"))[2:-1]
    yield json.dumps(secret)[1:-1]
    yield json.dumps(secret, ensure_ascii=False)[1:-1]


def _strings(value: object, *, secret: bool, inside: bool = False) -> Iterator[str]:
    """Yield the secrets of a document, or all its other strings, including the names of members."""
    if is_mapping(value):
        for name, item in value.items():
            if not secret:
                yield str(name)
            yield from _strings(item, secret=secret, inside=inside or name in secret_members())
    elif isinstance(value, str):
        if inside is secret:
            yield value
    elif is_list(value):
        for item in value:
            yield from _strings(item, secret=secret, inside=inside)


def redaction_of(response: DescribeHyperParameterTuningJobResponse) -> Redaction:
    """Return the redaction for the values of a tuning job's environments and static hyperparameters."""
    members = to_wire(response)
    # the tuned hyperparameters of the best training job are not secrets
    names = ("HyperParameterTuningJobConfig", "TrainingJobDefinition", "TrainingJobDefinitions")
    return Redaction({name: members.get(name) for name in names})


def with_redacted_reason(response: ReasonT, redaction: Redaction) -> ReasonT:
    """Return the response with the secrets in its failure reason redacted."""
    reason = text(response.failure_reason)
    redacted = redaction.apply(reason)
    if redacted == reason:
        return response
    # converted to a document and back, to preserve members that are not modelled
    return from_wire(type(response), to_wire(response) | {"FailureReason": redacted})


def without_secrets(response: DescribeHyperParameterTuningJobResponse) -> DescribeHyperParameterTuningJobResponse:
    """Return the response without the values of environments and static hyperparameters, also in its failure reason."""
    redacted = with_redacted_reason(response, redaction_of(response))
    return from_wire(type(response), hide_secrets(to_wire(redacted)))


def hide_secrets(members: Mapping[str, object]) -> dict[str, object]:
    """Return a document with each value that may be a secret replaced by "(hidden)"."""
    return {name: _hidden(item, secret=name in secret_members()) for name, item in members.items()}


def _hidden(value: object, *, secret: bool) -> object:
    """Return a value with its secrets hidden. If `secret` is true, all of its scalars are secrets."""
    if is_dict(value):
        return {name: _hidden(item, secret=secret or name in secret_members()) for name, item in value.items()}
    if is_list(value):
        return [_hidden(item, secret=secret) for item in value]
    return HIDDEN if secret else value
