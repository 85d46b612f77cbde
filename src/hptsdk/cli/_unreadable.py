"""The error of a file that is not a document."""

from __future__ import annotations

__all__ = ["Position", "UnreadableError"]

Position = tuple[int, int]
"""Line and column, from 1."""


class UnreadableError(Exception):
    """A file cannot be read, is neither JSON nor YAML, or expands to too many values.

    Attributes:
        position: line and column, from 1.
    """

    def __init__(self, message: str, position: Position = (1, 1)) -> None:
        super().__init__(message)
        self.position = position
