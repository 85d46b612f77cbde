"""Mutants that may live: each does what the code does, for the reason that is given."""

from __future__ import annotations

import re
from typing import NamedTuple


class Explained(NamedTuple):
    """Mutants of one line, and why no test can find them; `after` has what may stand in the place of `before`."""

    subject: str
    place: str
    before: str
    after: tuple[str, ...]
    why: str


EXPLAINED = [
    Explained(
        "constraints.py",
        "_Bounds.expected",
        "self.minimum == self.maximum",
        ("self.minimum >= self.maximum",),
        "no lower bound lies above its upper bound",
    ),
]


def why(subject: str, place: str, before: str, after: str) -> str:
    """Give the reason why a mutant may live; empty where there is none."""
    for each in EXPLAINED:
        if (each.subject, each.place) == (subject, place) and each.before in before:
            made = {squeezed(before.replace(each.before, other)) for other in each.after}
            if squeezed(after) in made:
                return each.why
    return ""


def squeezed(line: str) -> str:
    """Take the spaces out of a line: an operator may leave too many, or too few."""
    return re.sub(r"\s", "", line)
