"""How values are shown in messages: shortened, and without giving secrets away; and what a typo was meant to be."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Iterable, Sized

__all__ = ["closest", "closest_name", "shortened", "shown", "with_article"]

# A value shows this many characters of its text, and an integer this many bits.
_SHOWN = 60
_BITS = 256


def shortened(text: str) -> str:
    """Cut a long text, and write what has no UTF-8 form as its escape, so that every message can be printed."""
    return _cut(text).encode(errors="backslashreplace").decode()


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def shown(value: object, *, secret: bool = False) -> str:  # noqa: PLR0911 - one answer for each kind
    """Show a value in a message: a scalar shortened, of all else, and of a secret, the kind and the size."""
    match value:
        case None:
            return "nothing"
        case str() if secret:
            return f"text of {len(value)} characters"
        case str():
            return repr(_cut(str.__str__(value)))
        case bool() | float() if not secret:
            return repr(value)
        case int() if not secret and not isinstance(value, bool):
            return f"an integer of {value.bit_length()} bits" if value.bit_length() > _BITS else int.__repr__(value)
        case list() | tuple() | set() | frozenset() | dict():
            kind, size = type(cast("object", value)).__name__, len(cast("Sized", value))
            return f"a {kind} of {size} {'item' if size == 1 else 'items'}"
        case _:
            return with_article(type(value).__name__)


def with_article(name: str) -> str:
    """Put "a" or "an" before the name of a class."""
    return f"{'an' if name[:1] in 'aeiouAEIOU' or name.startswith('S3') else 'a'} {name}"


def closest(name: object, known: Iterable[str]) -> str:
    """Return a hint with the known name that was likely meant; empty text if none is close."""
    meant = closest_name(name, known)
    return f"did you mean {meant!r}?" if meant is not None else ""


def closest_name(name: object, known: Iterable[str]) -> str | None:
    """Return the known name that was likely meant; None if none is close."""
    if not isinstance(name, str) or len(name) > _BITS:
        return None
    import difflib  # noqa: PLC0415 - only needed once something is wrong

    by_folded = {k.casefold(): k for k in known}
    folded = name.casefold()
    begun = [candidate for candidate in by_folded if len(folded) > 1 and candidate.startswith(folded)]
    found = begun or difflib.get_close_matches(folded, by_folded, n=5)
    # of those as close as each other, one that only lacks something
    found.sort(key=lambda candidate: folded not in candidate)
    return by_folded[found[0]] if found else None
