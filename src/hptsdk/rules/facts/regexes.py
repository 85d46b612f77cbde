r"""What a regular expression says in any engine: whether none compiles it, and its first capture group.

Which engine the service has is not documented. So an expression is taken apart here, not compiled: what only some
engines know, as `\p{L}`, `\Q…\E` or a possessive quantifier, is as good as any. Where they part, as on a bracket within
brackets, nothing is said. One pass takes the whole text apart, so that no expression takes long.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from hptsdk._lazy import lazy_pattern

__all__ = ["Group", "Reading", "reading"]

# The service takes none that is longer.
_LONGEST = 500

_TOKEN = lazy_pattern(
    r"""
      (?P<escape>    \\Q.*?(?:\\E|\Z) | \\c. | \\. )
    | (?P<backslash> \\ )
    | (?P<brackets>  \[\^?\]? (?: [^][\\] | \\[^Q] )* \] )
    | (?P<bracket>   \[ )
    | (?P<comment>   \(\?\#[^)]*\) )
    | (?P<verb>      \(\*[A-Za-z] )
    | (?P<named>     \(\? (?: P?<\w+> | '\w+' ) )
    | (?P<flags>     \(\?\^?[A-Za-z]*-?[A-Za-z]* (?: : | (?=\)) ) )
    | (?P<special>   \(\? )
    | (?P<group>     \( )
    | (?P<close>     \) )
    | (?P<bar>       \| )
    | (?P<quantifier>[*+?] )
    | (?P<other>     . )
    """,
    re.DOTALL | re.VERBOSE,
)
_NEVER_CLOSED = lazy_pattern(r"\[\^?(?:[^]\\]|\\.)*\\?", re.DOTALL)
_ESCAPE = lazy_pattern(r"\\.", re.DOTALL)
_PLAIN_RANGE = lazy_pattern(r"([0-9A-Za-z])-([0-9A-Za-z])")


class Group(NamedTuple):
    """A capture group: what is between its parentheses, and what comes after them."""

    content: str
    rest: str


class Reading(NamedTuple):
    """What was read.

    Attributes:
        flaw: what keeps every engine from compiling it, or empty text.
        captures: whether there is a capture group; None where that is in doubt.
        first: the first capture group, where there is one without a doubt.
    """

    flaw: str = ""
    captures: bool | None = None
    first: Group | None = None


class _Flaw(Exception):  # noqa: N818 - caught below
    """No engine takes this."""


class _Doubt(Exception):  # noqa: N818 - caught below
    """Engines part here."""


@lru_cache(maxsize=2048)
def reading(regex: str) -> Reading:
    """Take an expression apart; what is found is kept, as the same metrics come again and again."""
    if len(regex) > _LONGEST:
        return Reading()
    try:
        span = _first_group(regex)
    except _Flaw as flaw:
        return Reading(flaw=str(flaw))
    except _Doubt:
        # whatever it means, a group begins with a parenthesis
        return Reading(captures=None if "(" in regex else False)
    if span is None:
        return Reading(captures=False)
    return Reading(captures=True, first=Group(regex[span[0] : span[1]], regex[span[1] + 1 :]))


def _first_group(regex: str) -> tuple[int, int] | None:
    """Give the bounds of what is in the first capture group."""
    opened: list[int] = []
    first: int | None = None
    span: tuple[int, int] | None = None
    before = "start"
    for token in _TOKEN.finditer(regex):
        kind = token.lastgroup or ""
        if kind == "quantifier":
            kind = _repeated(before, token[0])
        elif kind in _OPENING:
            _look_into(kind, token[0])
            opened.append(token.end())
            if kind in ("named", "group") and first is None:
                first = token.end()
        elif kind == "close":
            if not opened:
                raise _Flaw("a closing parenthesis without an opening one")
            start = opened.pop()
            if start == first:
                span = start, token.start()
        else:
            _look_at(kind, token[0], regex[token.start() :])
        before = kind
    if opened:
        raise _Flaw("a parenthesis that is not closed")
    return span


_OPENING = frozenset({"named", "flags", "special", "group", "verb"})

# After these there is nothing to repeat.
_STARTS = frozenset({"start", "group", "named", "flags", "bar"})


def _repeated(before: str, quantifier: str) -> str:
    """Say what a quantifier is after what stands before it: itself, or the modifier of another."""
    if before in _STARTS:
        raise _Flaw(f"{quantifier} with nothing to repeat")
    if before == "quantifier" and quantifier in "?+":
        return "modifier"
    if before in ("quantifier", "modifier"):
        raise _Flaw(f"{quantifier} after another quantifier")
    return "quantifier"


def _look_into(kind: str, text: str) -> None:
    """Doubt what a parenthesis begins: a verb, or flags that change what blanks or groups mean."""
    if kind == "verb" or (kind == "flags" and set(text.partition("-")[0]) & {"x", "n"}):
        raise _Doubt


def _look_at(kind: str, text: str, rest: str) -> None:
    if kind == "backslash":
        raise _Flaw("a backslash at the end")
    if kind == "bracket":
        raise _Flaw("a bracket that is not closed") if _NEVER_CLOSED.fullmatch(rest) else _Doubt
    if kind == "brackets":
        for low, high in _PLAIN_RANGE.findall(_ESCAPE.sub(" ", text)):
            if low > high:
                raise _Flaw(f"the range {low}-{high}, which runs backwards")
