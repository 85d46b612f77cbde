r"""Patterns of the API model, which are Java's, as regular expressions of ECMA 262.

The result means the same to Python's `re`, which validators of JSON Schema written in Python use, and to ECMA 262 with
the flag `u`, which editors use. Both search rather than match, and to Python `$` is also before a line feed at the end.
"""

from __future__ import annotations

import re

__all__ = ["ecma_pattern"]

# An escape, the beginning or end of a class, or any other character.
_PART = re.compile(r"\\p\{\w+\}|\\.|.", re.DOTALL)

# What means something else to one of the engines, within a class; outside, in brackets.
_CLASSES = {r"\d": "0-9", r"\w": "A-Za-z0-9_", r"\p{Alnum}": "A-Za-z0-9"}

# Escapes that ECMA 262 has outside a class; others are an error with the flag `u`.
_ESCAPABLE = frozenset("^$\\.*+?()[]{}|/nrtfvdDsSwWbBpPxu0123456789k")


def ecma_pattern(regex: str) -> str:
    r"""Write a pattern that a text must match as a whole.

    Example:
        >>> ecma_pattern("[a-z]+.")
        '^(?:[a-z]+[^\\n])$(?!\\n)'
    """
    translated: list[str] = []
    is_class = False
    for part in _PART.findall(regex):
        translated.append(_translated(part, is_class=is_class))
        is_class = part == "[" or (is_class and part != "]")
    return f"^(?:{''.join(translated)})$(?!\\n)"


def _translated(part: str, *, is_class: bool) -> str:
    if part in _CLASSES:
        return _CLASSES[part] if is_class else f"[{_CLASSES[part]}]"
    if is_class:
        return part
    if part == ".":
        return r"[^\n]"
    if part.startswith("\\") and part[1] not in _ESCAPABLE:
        return part[1]
    return part
