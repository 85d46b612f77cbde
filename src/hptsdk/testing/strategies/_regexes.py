"""Texts of a chosen length that a regular expression matches, found from its parse tree."""

# ruff: noqa: ANN401 - the standard library's parser has no types

from __future__ import annotations

import importlib
import re
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["compiled", "fullest", "shortest", "stretched"]

# What fills a place of a pattern, the plainest first.
_FILLERS = "a0A/-_.:!"


@cache
def compiled(regex: str) -> re.Pattern[str]:
    """Compile a pattern as the constraint does: ASCII, with Java's name for letters and digits."""
    return re.compile(regex.replace(r"\p{Alnum}", "a-zA-Z0-9"), re.ASCII)


def _tree(regex: str) -> Any:
    # the standard library's own parser; hypothesis makes its strategies from it too
    return importlib.import_module("re._parser").parse(compiled(regex).pattern, re.ASCII)


@cache
def shortest(regex: str) -> str:
    """Give a text with nothing in it that could be left out."""
    return _spelled(_tree(regex), full=False)


@cache
def fullest(regex: str) -> str:
    """Give a text with everything in it that may be left out."""
    return _spelled(_tree(regex), full=True)


def _spelled(tree: Iterable[tuple[Any, Any]], *, full: bool) -> str:
    return "".join(_part(str(operation), argument, full=full) for operation, argument in tree)


def _part(operation: str, argument: Any, *, full: bool) -> str:
    match operation:
        case "LITERAL":
            return chr(argument)
        case "IN" | "ANY":
            return next(filler for filler in _FILLERS if operation == "ANY" or _is_in(argument, filler))
        case "BRANCH":
            options = [_spelled(option, full=full) for option in argument[1]]
            return (max if full else min)(options, key=len)
        case "SUBPATTERN":
            return _spelled(argument[-1], full=full)
        case "MAX_REPEAT":
            low, high, inner = argument
            return _spelled(inner, full=full) * int(max(low, min(1, int(high))) if full else low)
        case _:  # a place or a look-behind, which takes no characters
            return ""


def _is_in(items: Iterable[tuple[Any, Any]], character: str) -> bool:
    """Tell whether a character is in a class in brackets."""
    negated, found = False, False
    for operation, argument in items:
        match str(operation):
            case "NEGATE":
                negated = True
            case "LITERAL":
                found |= ord(character) == argument
            case "RANGE":
                found |= argument[0] <= ord(character) <= argument[1]
            case _:
                found |= _is_of(str(argument), character)
    return found is not negated


def _is_of(category: str, character: str) -> bool:
    kind = category.removeprefix("CATEGORY_")
    known = {"DIGIT": r"\d", "SPACE": r"\s", "WORD": r"\w"}
    found = re.fullmatch(known[kind.removeprefix("NOT_")], character, re.ASCII)
    return (found is not None) is not kind.startswith("NOT_")


def stretched(text: str, regex: str, length: int) -> str | None:
    """Put more into a text until it has this length and still matches; None where that can't be."""
    matches = compiled(regex).fullmatch
    return next((longer for longer in _stretchings(text, length - len(text)) if matches(longer)), None)


def _stretchings(text: str, more: int) -> Iterator[str]:
    if more < 0:
        return
    # names take any number of hyphens between two letters
    fillings = [filler * more for filler in _FILLERS] + ["-" * (more - 1) + "a" if more else ""]
    for place in range(len(text), -1, -1):
        for filling in fillings:
            yield text[:place] + filling + text[place:]
