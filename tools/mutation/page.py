"""The documentation's page on what the tests find."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from results import Outcome, Result

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "quality.md"

HEAD = """\
# What the tests find

The modules on which all else relies are changed on purpose, one small mistake at a time: another comparison, a number
one off, a condition turned round, a loop that does not run, a decorator taken away. Then the tests that reach the
changed function run. A mistake that no test finds **survives**; each that does is explained below. Mistakes in types
only, in tables of facts, and those that the compiler warns of, are not counted. This page is made by `nox -s mutation`.

| module | mistakes | found | score | explained |
| --- | --- | --- | --- | --- |
"""

BETWEEN = """
## Survivors

Each does what the code does, or differs in what nobody can see.

| module | function | code | may as well be | for |
| --- | --- | --- | --- | --- |
"""


def page(results: list[Result]) -> str:
    """Write the page."""
    rows = [row(each.subject, len(each.outcomes), each.killed, each.survivors) for each in results]
    survivors = [found for each in results for found in each.survivors]
    total = sum(len(each.outcomes) for each in results)
    rows.append(row("all", total, total - len(survivors), survivors))
    return HEAD + "".join(rows) + BETWEEN + "".join(told(survivors))


def row(name: str, total: int, killed: int, survivors: list[Outcome]) -> str:
    """Write the line of a module."""
    explained = sum(bool(found.why) for found in survivors)
    return f"| `{name}` | {total} | {killed} | {killed / (total or 1):.1%} | {explained} of {len(survivors)} |\n"


def told(survivors: list[Outcome]) -> Iterator[str]:
    """Write a line for each place and reason."""
    for (subject, place, before, why), found in groupby(sorted(survivors, key=order), key=order):
        afters = dict.fromkeys(each.after for each in found)
        others = "<br>".join(code(after) if after else "nothing" for after in afters)
        yield f"| `{subject}` | `{place or 'top'}` | {code(before)} | {others} | {why or 'not explained yet'} |\n"


def order(found: Outcome) -> tuple[str, str, str, str]:
    """Sort by place, then line, then reason."""
    return found.subject, found.place, found.before, found.why


def code(line: str) -> str:
    """Write code within a table."""
    return f"`` {line.replace('|', chr(92) + '|')} ``"
