"""Formatting of values in messages, shortened and without secrets, and suggestions for misspelled names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hptsdk._validation._plain_values import Unreadable, is_tuple, size_of, to_builtin

if TYPE_CHECKING:
    from collections.abc import Iterable, Sized

__all__ = [
    "closest",
    "closest_name",
    "count_of",
    "counted",
    "format_value",
    "member_text",
    "shortened",
    "with_article",
]

# Longer text is cut, and an integer of more bits is described.
_MAX_CHARACTERS = 60
_MAX_BITS = 256


def shortened(text: str) -> str:
    """Shorten a long text, and escape characters without a UTF-8 form, so that every message can be printed."""
    return _cut(text).encode(errors="backslashreplace").decode()


def _cut(text: str) -> str:
    return text if len(text) <= _MAX_CHARACTERS else text[: _MAX_CHARACTERS - 1] + "…"


def format_value(value: object, *, secret: bool = False) -> str:  # noqa: PLR0911 - one result for each kind
    """Format a value for a message: a scalar shortened, a secret and everything else as its kind and size."""
    match to_builtin(value):
        case None:
            return "None"
        case str() as text:
            return f"text of {count_of(text, 'character')}" if secret else repr(_cut(text))
        case bool() | int() | float() as number:
            return _kind_of(number) if secret else _number_text(number)
        case list() | tuple():
            return f"a list of {counted(size_of(value), 'item')}"
        case set() | frozenset():
            return f"a set of {counted(size_of(value), 'item')}"
        case dict():
            return f"a mapping of {counted(size_of(value), 'entry', 'entries')}"
        case Unreadable():
            return "an object whose methods raise errors"
        case _:
            return with_article(type(value).__name__)


def _kind_of(value: float) -> str:
    if isinstance(value, bool):
        return "a boolean"
    return "an integer" if isinstance(value, int) else "a number"


def _number_text(value: float) -> str:
    if isinstance(value, bool) or not isinstance(value, int):
        return repr(value)
    return f"an integer of {value.bit_length()} bits" if value.bit_length() > _MAX_BITS else int.__repr__(value)


def member_text(value: object) -> str:
    """Format the value of a member for the message of a rule; a list as the number of its items."""
    if value is None:
        return "nothing"
    return count_of(value, "item") if is_tuple(value) else format_value(value)


def count_of(items: Sized, one: str, more: str = "") -> str:
    """Format the number of items with their name, as in "2 items"."""
    return counted(len(items), one, more)


def counted(count: int, one: str, more: str = "") -> str:
    """Format a number with the name of what is counted, as in "2 items"."""
    return f"{count} {one if count == 1 else more or f'{one}s'}"


def with_article(name: str) -> str:
    """Return the name of a class with "a" or "an"."""
    return f"{'an' if name[:1] in 'aeiouAEIOU' or name.startswith('S3') else 'a'} {name}"


def closest(name: object, known: Iterable[str]) -> str:
    """Return a hint with the known name that was likely meant; empty text if none is close."""
    meant = closest_name(name, known)
    return f"did you mean {meant!r}?" if meant is not None else ""


def closest_name(name: object, known: Iterable[str]) -> str | None:
    """Return the known name that was likely meant; None if none is close."""
    if not isinstance(name, str) or len(name) > _MAX_BITS:
        return None
    import difflib

    by_folded = {k.casefold(): k for k in known}
    folded = name.casefold()
    prefixed = [candidate for candidate in by_folded if len(folded) > 1 and candidate.startswith(folded)]
    matches = prefixed or difflib.get_close_matches(folded, by_folded, n=5)
    # of equally close names, one that contains the misspelled name
    matches.sort(key=lambda candidate: folded not in candidate)
    return by_folded[matches[0]] if matches else None
