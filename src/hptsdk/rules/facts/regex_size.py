"""The size of a regular expression whose counted repeats are expanded, which is what an engine compiles."""

from __future__ import annotations

import re
from math import inf, prod

__all__ = ["expanded_size"]

_SYNTAX = r"""
      (?P<escape>     \\. )
    | (?P<class>      \[\^?\]? (?: [^][\\] | \\. )* \] )
    | (?P<comment>    \(\?\#[^)]*\) )
    | (?P<open>       \( )
    | (?P<close>      \) )
    | (?P<count>      \{ [0-9]* (?:,[0-9]*)? \} )
    | (?P<quantifier> [*+?] )
    | (?P<other>      . )
    """
_COUNT = r"\{\s*([0-9]+)"
_VERBOSE = r"\(\?[\w-]*x"
_SPACED_COUNT = r"\{[^}]*[\s#]"


def expanded_size(regex: str) -> float:
    """Return the number of characters of an expression whose counted repeats are expanded, rounded up.

    `(ab{3}){2}` has the size of `abbbabbb`. If engines could parse the expression differently, as a bracket within
    brackets, every repeat counts as if it repeated the whole expression.

    Args:
        regex: the expression.

    Returns:
        The size; infinity if the expression has counts that only some engines accept.

    Example:
        >>> expanded_size("(ab{3}){2}")
        10
    """
    if re.search(_VERBOSE, regex):
        return inf if re.search(_SPACED_COUNT, regex) else _largest_size(regex)
    # for each open group the size of its complete parts, and that of its last part, which a count would repeat
    groups: list[list[int]] = [[0, 0]]
    for token in re.finditer(_SYNTAX, regex, re.DOTALL | re.VERBOSE):
        complete_and_last = groups[-1]
        match token.lastgroup:
            case "count":
                complete_and_last[1] *= max(1, *map(int, re.findall(_COUNT, token[0])), 1)
            case "quantifier":
                complete_and_last[1] += 1
            case "open":
                groups.append([0, 1])
            case "close":
                if len(groups) > 1:
                    size = sum(groups.pop())
                    groups[-1] = [sum(groups[-1]), size]
            case "escape" if token[0] in {"\\Q", "\\c"}:
                return _largest_size(regex)
            case "other" if token[0] == "[":
                return _largest_size(regex)
            case _:
                groups[-1] = [sum(complete_and_last), len(token[0])]
    return sum(map(sum, groups))


def _largest_size(regex: str) -> int:
    return len(regex) * prod(max(1, int(count)) for count in re.findall(_COUNT, regex))
