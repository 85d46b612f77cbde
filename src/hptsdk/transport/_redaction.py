"""Takes secrets out of texts that others wrote: the service quotes what it refuses, and signatures quote tokens."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, cast

from hptsdk._lazy import lazy_pattern
from hptsdk.schema import secret_members

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["HIDDEN", "Redaction"]

# A value as the service quotes it, with the place that it stands at.
_QUOTED = lazy_pattern(r"(?i)(value )'.*?'( at '[^']*(?:environment|hyperparameters)[^']*')", re.DOTALL)

# Shorter values, and words up to this long, are taken out where they stand alone: they are parts of everyday words and
# numbers.
_SHORT, _LONGEST_WORD = 4, 10

HIDDEN = "(hidden)"


class Redaction:
    """What may not be shown of one call.

    A value that the request also has outside of its secrets, such as the name of a metric, may be shown.
    """

    def __init__(self, body: Mapping[str, object], credentials: Iterable[str]) -> None:
        secrets = set(_texts_in(body, secret=True)) - set(_texts_in(body, secret=False))
        texts = {form for secret in (*secrets, *credentials) for form in _forms(secret)}
        self._texts = sorted((t for t in texts if t.strip()), key=len, reverse=True)

    def apply(self, text: str) -> str:
        """Put a mark in place of every secret in a text."""
        text = _QUOTED.sub(rf"\1{HIDDEN}\2", text)
        for secret in self._texts:
            if len(secret) < _SHORT or _is_word(secret):
                # where a text is quoted, the letter of an escape may stand before it
                text = re.sub(rf"(?:(?<!\w)|(?<=\\[nrt])){re.escape(secret)}(?!\w)", HIDDEN, text)
            else:
                text = text.replace(secret, HIDDEN)
        return text


def _is_word(secret: str) -> bool:
    return len(secret) <= _LONGEST_WORD and secret.isascii() and secret.isalpha()


def _forms(secret: str) -> Iterator[str]:
    """Give a secret as others write it: bare, as Python does, as JSON does."""
    yield secret
    yield secret.strip()
    yield repr(secret)[1:-1]
    yield repr(secret.encode(errors="replace"))[2:-1]
    yield json.dumps(secret)[1:-1]
    yield json.dumps(secret, ensure_ascii=False)[1:-1]


def _texts_in(value: object, *, secret: bool, inside: bool = False) -> Iterator[str]:
    """Return the texts of a document: the secrets, or the names and values that are none."""
    if isinstance(value, Mapping):
        for name, item in cast("Mapping[object, object]", value).items():
            if isinstance(name, str) and not secret:
                yield name
            yield from _texts_in(item, secret=secret, inside=inside or name in secret_members())
    elif isinstance(value, str):
        if inside is secret:
            yield value
    elif isinstance(value, Sequence):
        for item in cast("Sequence[object]", value):
            yield from _texts_in(item, secret=secret, inside=inside)
