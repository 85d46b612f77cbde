"""The page `docs/reference/quality.md` with the results of mutation testing."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from equivalents import key_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from equivalents import Equivalents
    from results import Outcome, Result

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "quality.md"

HEAD = """\
# Mutation testing

`python3 noxfile.py -s mutation` makes one small change at a time in the modules `constraints.py`, `wire/`, `rules/` and
`_validation/_rules.py` of `src/hptsdk`: another comparison operator, a number plus or minus one, a negated condition, a
loop that does not run, a removed decorator. A module with one change is a **mutant**. It is **killed** if a test that
executes the changed statement fails, crashes or does not end in time. Otherwise it **survives**. Changes of type
annotations, of tables of data and of decorators of caches are not counted, nor are changes that the compiler rejects or
warns about.

The session writes this page if there is a result for each module.

| module | mutants | killed | score | explained survivors |
| --- | --- | --- | --- | --- |
"""

BETWEEN = """
## Survivors

`tools/mutation/equivalents.toml` contains the explanation of each survivor: the mutant behaves like the original, or
differs only in its running time. Mutations are named as in cosmic-ray: `Eq_GtE` replaces `==` by `>=`.

| module | function | mutation | reason |
| --- | --- | --- | --- |
"""


def page(results: list[Result], equivalents: Equivalents) -> str:
    """Return the text of the page, from the results of all modules."""
    rows = [row(each.module, len(each.outcomes), each.survivors, equivalents) for each in results]
    survivors = [survivor for each in results for survivor in each.survivors]
    total = sum(len(each.outcomes) for each in results)
    rows.append(row("all", total, survivors, equivalents))
    return HEAD + "".join(rows) + BETWEEN + "".join(survivor_rows(survivors, equivalents))


def row(name: str, total: int, survivors: list[Outcome], equivalents: Equivalents) -> str:
    """Return the row of a module, or of all modules, with a number of mutants and their survivors."""
    killed, explained = total - len(survivors), len(survivors) - len(equivalents.unexplained(survivors))
    return f"| `{name}` | {total} | {killed} | {killed / (total or 1):.1%} | {explained} of {len(survivors)} |\n"


def survivor_rows(survivors: list[Outcome], equivalents: Equivalents) -> Iterator[str]:
    """Yield a row for each function and mutation with survivors."""
    for (module, function, operator), group in groupby(sorted(survivors, key=key_of), key=key_of):
        reason = equivalents.reason(next(group)) or "not explained yet"
        yield f"| `{module}` | `{function or 'module level'}` | `{operator}` | {reason} |\n"
