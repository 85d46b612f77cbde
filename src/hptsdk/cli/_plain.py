"""Texts of others on a terminal: they move no cursor and colour nothing, and show no secret of the request."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hptsdk._redaction import Redaction
    from hptsdk.shapes import DescribeHyperParameterTuningJobResponse

__all__ = ["plain", "plain_lines", "redaction_of"]

# What was tried is shown beside the reasons anyway.
_TRIED = ("BestTrainingJob", "OverallBestTrainingJob")


def plain(text: object) -> str:
    r"""Write a text in one line, with a mark in place of what can't be printed.

    Example:
        >>> plain("a\x1b[31m\n")
        'a�[31m '
    """
    words = f"{text}"
    if words.isprintable():
        return words
    return "".join([letter if letter.isprintable() else " " if letter.isspace() else "\ufffd" for letter in words])


def plain_lines(text: str) -> str:
    """Write a text as `plain` does, and keep its lines."""
    return "\n".join(map(plain, text.split("\n")))


def redaction_of(response: DescribeHyperParameterTuningJobResponse) -> Redaction:
    """Give what takes the secrets of a job's request out of the reasons that its programs gave for failing."""
    from hptsdk import dumps  # noqa: PLC0415 - on first use only
    from hptsdk._redaction import Redaction  # noqa: PLC0415 - likewise

    document = json.loads(dumps(response))
    return Redaction({name: value for name, value in document.items() if name not in _TRIED}, ())
