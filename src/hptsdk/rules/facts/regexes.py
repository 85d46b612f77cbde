r"""Analysis of a regular expression independent of the engine: whether it is invalid, its first group, and its size.

The engine of the service is not documented, so an expression is analyzed here instead of compiled. Syntax that only
some engines have, such as `\p{L}`, `\Q…\E` or a possessive quantifier, is accepted. If engines differ, as for a bracket
within brackets, the analysis is undecided. One pass over the text suffices, so no expression takes long.
"""

from __future__ import annotations

import re
from math import inf, prod
from typing import NamedTuple

# The longest expression that the service accepts.
_MAX_LENGTH = 500

_SYNTAX = r"""
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
    """
_UNCLOSED_BRACKET = r"\[\^?(?:[^]\\]|\\.)*\\?"
_PLAIN_RANGE = r"([0-9A-Za-z])-([0-9A-Za-z])"

# Tokens that open a parenthesis, and tokens after which there is nothing to repeat.
_OPENING = frozenset({"named", "flags", "special", "group", "verb"})
_STARTS = frozenset({"start", "group", "named", "flags", "bar"})


class Group(NamedTuple):
    """A capture group: the pattern in its parentheses, and the text after them."""

    content: str
    rest: str


class RegexAnalysis(NamedTuple):
    """The result of an analysis.

    Args:
        error: why every engine rejects the expression; empty text if one may accept it.
        captures: whether there is a capture group; None if that is not certain.
        first_group: the first capture group; None if there is none, or that is not certain.
    """

    error: str = ""
    captures: bool | None = None
    first_group: Group | None = None


class _InvalidError(Exception):
    """No engine accepts the expression."""


class _UndecidedError(Exception):
    """Engines differ in what the expression means."""


def analyze_regex(regex: str) -> RegexAnalysis:
    """Analyze a regular expression.

    Args:
        regex: the expression. The result is undecided if it is longer than the service accepts, 500 characters.

    Example:
        >>> analyze_regex("loss=([0-9.]+);").first_group
        Group(content='[0-9.]+', rest=';')
        >>> analyze_regex("loss=(").error
        'a parenthesis that is not closed'
    """
    if len(regex) > _MAX_LENGTH:
        return RegexAnalysis()
    try:
        span = _first_group(regex)
    except _InvalidError as error:
        return RegexAnalysis(error=str(error))
    except _UndecidedError:
        # in every engine a group begins with a parenthesis
        return RegexAnalysis(captures=None if "(" in regex else False)
    if span is None:
        return RegexAnalysis(captures=False)
    return RegexAnalysis(captures=True, first_group=Group(regex[span[0] : span[1]], regex[span[1] + 1 :]))


def _first_group(regex: str) -> tuple[int, int] | None:
    """Return the bounds of the content of the first capture group; None if there is none."""
    opened: list[int] = []
    first: int | None = None
    span: tuple[int, int] | None = None
    previous = "start"
    for match in re.finditer(_SYNTAX, regex, re.DOTALL | re.VERBOSE):
        element = match.lastgroup or ""
        if element == "quantifier":
            element = _quantifier_element(previous, match[0])
        elif element in _OPENING:
            _check_opening(element, match[0])
            opened.append(match.end())
            if element in ("named", "group") and first is None:
                first = match.end()
        elif element == "close":
            if not opened:
                raise _InvalidError("a closing parenthesis without an opening one")
            start = opened.pop()
            if start == first:
                span = start, match.start()
        else:
            _check_element(element, match[0], regex[match.start() :])
        previous = element
    if opened:
        raise _InvalidError("a parenthesis that is not closed")
    return span


def _quantifier_element(previous: str, quantifier: str) -> str:
    """Return "quantifier", or "modifier" if the character changes the previous quantifier."""
    if previous in _STARTS:
        raise _InvalidError(f"a {quantifier} that repeats nothing")
    if previous == "quantifier" and quantifier in "?+":
        return "modifier"
    if previous in ("quantifier", "modifier"):
        raise _InvalidError(f"a {quantifier} after another quantifier")
    return "quantifier"


def _check_opening(element: str, text: str) -> None:
    """Raise `_UndecidedError` for a verb such as (*SKIP), and for flags that change the meaning of blanks or groups."""
    if element == "verb" or (element == "flags" and set(text.partition("-")[0]) & {"x", "n"}):
        raise _UndecidedError


def _check_element(element: str, text: str, rest: str) -> None:
    if element == "backslash":
        raise _InvalidError("a backslash at the end")
    if element == "bracket":
        is_unclosed = re.fullmatch(_UNCLOSED_BRACKET, rest, re.DOTALL)
        raise _InvalidError("a bracket that is not closed") if is_unclosed else _UndecidedError
    if element == "brackets":
        for low, high in re.findall(_PLAIN_RANGE, re.sub(r"(?s)\\.", " ", text)):
            if low > high:
                raise _InvalidError(f"the range {low}-{high}, whose ends are in the wrong order")


_SIZE_SYNTAX = r"""
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
    """Return the number of characters of an expression whose counted repeats are expanded.

    `(ab{3}){2}` has the size of `(abbb(abbb`, and `a{2,5}` that of `aa`. If engines could parse the
    expression differently, as a bracket within brackets, every repeat counts as if it repeated the whole expression.

    Args:
        regex: the expression.

    Returns:
        The size; infinity if a verbose expression has blanks in a count.

    Example:
        >>> expanded_size("(ab{3}){2}")
        10
    """
    if re.search(_VERBOSE, regex):
        return inf if re.search(_SPACED_COUNT, regex) else _largest_size(regex)
    # for each open group the size of its complete parts, and that of its last part, which a count would repeat
    groups: list[list[int]] = [[0, 0]]
    for token in re.finditer(_SIZE_SYNTAX, regex, re.DOTALL | re.VERBOSE):
        complete_and_last = groups[-1]
        match token.lastgroup:
            case "count":
                complete_and_last[1] *= max([1, *map(int, re.findall(_COUNT, token[0]))])
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
