"""The page that lists every rule, from the rules and the tables of `tests/rules`.

As a script, print the number of rules of each level; with `--write`, also write the page.
"""

import importlib
import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import hptsdk
from hptsdk.schema import RuleInfo

ROOT = Path(__file__).parents[2]
TABLES = ROOT / "tests" / "rules"
PAGE = ROOT / "docs" / "reference" / "rules.md"

HEAD = """# Rules

Rules compare members of a structure. [Another page](mistakes.md) lists the types, bounds and patterns of single values.

A section has the rules of one structure. The constructor of the structure, such as `hptsdk.shapes.Channel`, raises
`InvalidShapeError` for a rule of the level **error**: AWS documents the rule or was observed to enforce it, or the
request contradicts itself. A rule of the level **advice** is about an allowed request: `hptsdk.advise(request)` returns
it, and `TuningClient.create` warns about it. A rule is not applied in a block `with hptsdk.waived("id"):`.

- **Violated by** is the smallest change of a valid request that violates the rule. Each line is the path of a member
  and its new value; a number in the path is the index of an item, and "no" means that the member is removed. A rule of
  several structures has the same example in each section.
- **Basis** is "documented" if AWS documents the rule, "observed" if the service was observed to enforce it, and
  "inferred" if it follows from what AWS documents.
- **Source** is the page, the issue or pull request on GitHub, or the file in a repository, from which the rule is.

`python3 noxfile.py -s rules` writes this page.
"""

PARENTS = """
## Warm start and its parents

`TuningClient.check_warm_start(request)` describes each parent once and applies these rules. It returns the violations
and does not raise them. `TuningClient.create` does not apply these rules.
`identical-parent-has-the-same-definition` compares `Environment`, `EnableNetworkIsolation`,
`EnableInterContainerTrafficEncryption` and `RetryStrategy`.

| rule | requirement | basis | source |
| --- | --- | --- | --- |
"""


def rows() -> list[Any]:
    """Return the rows of all tables of `tests/rules`."""
    tables = sorted(path.stem for path in TABLES.glob("table_*.py"))
    return [row for table in tables for row in importlib.import_module(table).ROWS]


def of_requests() -> list[RuleInfo]:
    """Return the rules that need no parents."""
    return [rule for rule in hptsdk.schema.rules() if not rule.needs_parents]


def of_parents() -> list[RuleInfo]:
    """Return the rules that compare a warm start with its parents."""
    return [rule for rule in hptsdk.schema.rules() if rule.needs_parents]


def page() -> str:
    """Return the text of the page."""
    examples = {row.rule: row for row in reversed(rows())}
    by_shape: dict[str, list[RuleInfo]] = {}
    for rule in of_requests():
        by_shape.setdefault(rule.shape.__name__, []).append(rule)
    text = HEAD
    for shape, rules in by_shape.items():
        text += f"\n## {shape}\n\n| rule | level | requirement | violated by | basis | source |\n"
        text += "| --- | --- | --- | --- | --- | --- |\n"
        for rule in rules:
            example = example_of(examples[rule.id])
            text += (
                f"| `{rule.id}` | {rule.level} | {cell(rule.sentence)} | {example} | {rule.basis} | {rule.source} |\n"
            )
    text += PARENTS
    for rule in of_parents():
        text += f"| `{rule.id}` | {cell(rule.sentence)} | {rule.basis} | {rule.source} |\n"
    return text


def example_of(row: Any) -> str:  # noqa: ANN401 - the tables are no package, whose type could be imported
    """Format the change that violates a rule, with each line shortened to 160 characters."""
    changes = [
        f"{path} = {json.dumps(value)}" if value is not None else f"no {path}" for path, value in row.change.items()
    ]
    return "<br>".join(f"`{cell(change if len(change) <= 160 else change[:159] + '…')}`" for change in changes)


def cell(text: str) -> str:
    """Escape a text for a cell of a table."""
    return text.replace("|", "\\|")


def main() -> None:
    """Print the number of rules of each level and of the mistakes that they cover; with `--write`, write the page."""
    rules = {rule.id: rule.level for rule in of_requests()}
    refs = {ref for rule in of_requests() for ref in rule.refs}
    for level, count in sorted(Counter(rules.values()).items()):
        print(f"{level}: {count}")
    others = {ref for rule in of_parents() for ref in rule.refs}
    print(f"against parents: {len(of_parents())}")
    print(f"mistakes covered: {len(refs)}, and {len(others)} against parents")
    if "--write" in sys.argv:
        PAGE.write_text(page())


if __name__ == "__main__":
    sys.path.insert(0, str(TABLES))
    main()
