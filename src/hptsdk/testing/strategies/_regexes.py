"""Texts of a chosen length that a regular expression matches, derived from its parse tree."""

from __future__ import annotations

import importlib
import re
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["compiled", "fullest", "shortest", "stretched"]

Value = Any
"""A part of a parse tree, for which the standard library has no types."""

# Characters to use in texts, in order of preference.
_CHARACTERS = "a0A/-_.:!"


@cache
def compiled(regex: str) -> re.Pattern[str]:
    """Compile a pattern in the way of the constraint: ASCII only, with Java's class for letters and digits."""
    return re.compile(regex.replace(r"\p{Alnum}", "a-zA-Z0-9"), re.ASCII)


def _tree(regex: str) -> Value:
    # the standard library's parser, which Hypothesis uses for from_regex too
    return importlib.import_module("re._parser").parse(compiled(regex).pattern, re.ASCII)


@cache
def shortest(regex: str) -> str:
    """Return a string that matches without the optional parts."""
    return _example(_tree(regex), full=False)


@cache
def fullest(regex: str) -> str:
    """Return a string that matches with each optional part once."""
    return _example(_tree(regex), full=True)


def _example(tree: Iterable[tuple[Any, Any]], *, full: bool) -> str:
    return "".join(_part(str(operation), argument, full=full) for operation, argument in tree)


def _part(operation: str, argument: Value, *, full: bool) -> str:
    match operation:
        case "LITERAL":
            return chr(argument)
        case "IN" | "ANY":
            return next(each for each in _CHARACTERS if operation == "ANY" or _is_in(argument, each))
        case "BRANCH":
            branches = [_example(branch, full=full) for branch in argument[1]]
            return (max if full else min)(branches, key=len)
        case "SUBPATTERN":
            return _example(argument[-1], full=full)
        case "MAX_REPEAT":
            low, high, inner = argument
            return _example(inner, full=full) * int(max(low, min(1, int(high))) if full else low)
        case _:  # a position or a look-behind, which matches no characters
            return ""


def _is_in(items: Iterable[tuple[Any, Any]], character: str) -> bool:
    """Check whether a character class contains a character."""
    negated, is_member = False, False
    for operation, argument in items:
        match str(operation):
            case "NEGATE":
                negated = True
            case "LITERAL":
                is_member |= ord(character) == argument
            case "RANGE":
                is_member |= argument[0] <= ord(character) <= argument[1]
            case _:
                is_member |= _is_in_category(str(argument).removeprefix("CATEGORY_"), character)
    return is_member is not negated


def _is_in_category(category: str, character: str) -> bool:
    classes = {"DIGIT": r"\d", "SPACE": r"\s", "WORD": r"\w"}
    match = re.fullmatch(classes[category.removeprefix("NOT_")], character, re.ASCII)
    return (match is not None) is not category.startswith("NOT_")


def stretched(text: str, regex: str, length: int) -> str | None:
    """Insert characters into a string until it has this length and still matches; None if that is impossible."""
    matches = compiled(regex).fullmatch
    return next((longer for longer in _stretchings(text, length - len(text)) if matches(longer)), None)


def _stretchings(text: str, count: int) -> Iterator[str]:
    if count < 0:
        return
    # names may have any number of hyphens between two letters
    insertions = [character * count for character in _CHARACTERS] + ["-" * (count - 1) + "a" if count else ""]
    for position in range(len(text), -1, -1):
        for insertion in insertions:
            yield text[:position] + insertion + text[position:]
