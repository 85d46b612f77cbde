"""Write the page that lists every rule, from the rules and the tables; as a script also count the rules by level."""

import importlib
import json
import sys
from collections import Counter
from pathlib import Path

import hptsdk

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "reference" / "rules.md"

HEAD = """# Rules

Rules compare members of a structure. Types, bounds and patterns of single values are [a separate page](mistakes.md).

An **error** is raised by the constructor of the structure that has all members: AWS documents the rule or was observed
to enforce it, or the request contradicts itself. **Advice** is a warning about an allowed request, and
`hptsdk.advise(request)` returns it. To waive a rule, use `with hptsdk.waived("id"):`.

Each example is the smallest change of a valid request that violates the rule. `nox -s rules` writes this page.
"""

PARENTS = """
## Warm start and its parents

`TuningClient.check_warm_start(request)` describes each parent once and applies these rules.

| rule | requirement | basis | source |
| --- | --- | --- | --- |
"""


def rows():
    """Return the rows of all tables."""
    tables = sorted(path.stem for path in HERE.glob("table_*.py"))
    return [row for table in tables for row in importlib.import_module(table).ROWS]


def of_requests():
    """Return the rules that need no parents."""
    return [rule for rule in hptsdk.schema.rules() if not rule.needs_parents]


def of_parents():
    """Return the rules that compare a warm start with its parents."""
    return [rule for rule in hptsdk.schema.rules() if rule.needs_parents]


def page():
    """Return the text of the page."""
    examples = {row.rule: row for row in reversed(rows())}
    by_shape: dict[str, list] = {}
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


def example_of(row):
    """Format the change that violates a rule, shortened."""
    changes = [
        f"{path} = {json.dumps(value)}" if value is not None else f"no {path}" for path, value in row.change.items()
    ]
    return "<br>".join(f"`{cell(change if len(change) <= 160 else change[:159] + '…')}`" for change in changes)


def cell(text):
    """Escape a text for a cell of a table."""
    return text.replace("|", "\\|")


def main():
    """Count the rules, and with `--write` write the page."""
    rules = {rule.id: rule.level for rule in of_requests()}
    refs = {ref for rule in of_requests() for ref in rule.refs}
    for level, count in sorted(Counter(rules.values()).items()):
        print(f"{level}: {count}")  # noqa: T201 - a script
    others = {ref for rule in of_parents() for ref in rule.refs}
    print(f"against parents: {len(of_parents())}")  # noqa: T201 - a script
    print(f"rows of the catalogue covered: {len(refs)} and {len(others)}")  # noqa: T201 - likewise
    if "--write" in sys.argv:
        PAGE.write_text(page())


if __name__ == "__main__":
    sys.path.insert(0, str(HERE))
    main()
