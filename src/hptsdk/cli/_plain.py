"""Texts of others on a terminal: they move no cursor and colour nothing."""

from __future__ import annotations

__all__ = ["plain", "plain_lines"]


def plain(text: object) -> str:
    r"""Write a text in one line, with a mark in place of what can't be printed.

    Example:
        >>> plain("a\x1b[31m\n")
        'a�[31m '
    """
    words = f"{text}"
    if words.isprintable():
        return words
    return "".join([letter if letter.isprintable() else " " if letter.isspace() else "\ufffd" for letter in words])


def plain_lines(text: str) -> str:
    """Write a text as `plain` does, and keep its lines."""
    return "\n".join(map(plain, text.split("\n")))
