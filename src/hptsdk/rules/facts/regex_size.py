"""The size of a regular expression with its counted repeats written out, which an engine compiles."""

from __future__ import annotations

import re
from math import inf, prod

from hptsdk._lazy import lazy_pattern

__all__ = ["expanded_size"]

_PART = lazy_pattern(
    r"""
      (?P<escape>     \\. )
    | (?P<class>      \[\^?\]? (?: [^][\\] | \\. )* \] )
    | (?P<comment>    \(\?\#[^)]*\) )
    | (?P<open>       \( )
    | (?P<close>      \) )
    | (?P<count>      \{ [0-9]* (?:,[0-9]*)? \} )
    | (?P<quantifier> [*+?] )
    | (?P<other>      . )
    """,
    re.DOTALL | re.VERBOSE,
)
_COUNT = lazy_pattern(r"\{\s*([0-9]+)")
_VERBOSE = lazy_pattern(r"\(\?[\w-]*x")
_SPACED_COUNT = lazy_pattern(r"\{[^}]*[\s#]")


def expanded_size(regex: str) -> float:
    """Return the number of characters that an expression has with its counted repeats written out, rounded up.

    `(ab{3}){2}` is as large as `abbbabbb`. If engines could read the expression in different ways, as with a bracket
    within brackets, every repeat counts as if it repeated the whole.
    """
    if _VERBOSE.search(regex):
        return inf if _SPACED_COUNT.search(regex) else _largest_size(regex)
    # for each open group the size of what is complete, and that of the last part, which a count would repeat
    groups: list[list[int]] = [[0, 0]]
    for part in _PART.finditer(regex):
        complete_and_last = groups[-1]
        match part.lastgroup:
            case "count":
                complete_and_last[1] *= max(1, *map(int, _COUNT.findall(part[0])), 1)
            case "quantifier":
                complete_and_last[1] += 1
            case "open":
                groups.append([0, 1])
            case "close":
                if len(groups) > 1:
                    size = sum(groups.pop())
                    groups[-1] = [sum(groups[-1]), size]
            case "escape" if part[0] in {"\\Q", "\\c"}:
                return _largest_size(regex)
            case "other" if part[0] == "[":
                return _largest_size(regex)
            case _:
                groups[-1] = [sum(complete_and_last), len(part[0])]
    return sum(map(sum, groups))


def _largest_size(regex: str) -> int:
    return len(regex) * prod(max(1, int(count)) for count in _COUNT.findall(regex))
