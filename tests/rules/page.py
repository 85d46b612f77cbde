"""Writes the page that lists every rule, from the rules and the tables; run as a script, counts them by level too."""

import importlib
import json
import sys
from collections import Counter
from pathlib import Path

import hptsdk

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "reference" / "rules.md"

HEAD = """# Rules

What a request can get wrong beyond types, bounds and patterns. An **error** is raised when the structure that holds
both sides is built: AWS documents it, was seen to refuse it, or the request contradicts itself. **Advice** is what is
allowed but likely wrong, and comes from `hptsdk.advise(request)`. A rule can be waived: `with hptsdk.waived("id"):`.

That a number is finite (NaN as a target value, say) is part of its type, and no rule.

The example is the smallest change that breaks a request without a fault. This page is made by `nox -s rules`.
"""

PARENTS = """
## Against the parents of a warm start

`TuningClient.check_warm_start(request)` describes each parent once and applies these.

| rule | what it asks for | basis | source |
| --- | --- | --- | --- |
"""


def rows():
    """Give the rows of all tables."""
    tables = sorted(path.stem for path in HERE.glob("table_*.py"))
    return [row for table in tables for row in importlib.import_module(table).ROWS]


def of_requests():
    """Give the rules that a request alone can break."""
    return [rule for rule in hptsdk.schema.rules() if not rule.needs_parents]


def of_parents():
    """Give the rules of warm starts and their parents."""
    return [rule for rule in hptsdk.schema.rules() if rule.needs_parents]


def page():
    """Write the page."""
    examples = {row.rule: row for row in reversed(rows())}
    by_shape: dict[str, list] = {}
    for rule in of_requests():
        by_shape.setdefault(rule.shape.__name__, []).append(rule)
    text = HEAD
    for shape, found in by_shape.items():
        text += f"\n## {shape}\n\n| rule | level | what it asks for | an example that breaks it | basis | source |\n"
        text += "| --- | --- | --- | --- | --- | --- |\n"
        for rule in found:
            example = example_of(examples[rule.id])
            text += (
                f"| `{rule.id}` | {rule.level} | {cell(rule.sentence)} | {example} | {rule.basis} | {rule.source} |\n"
            )
    text += PARENTS
    for rule in of_parents():
        text += f"| `{rule.id}` | {cell(rule.sentence)} | {rule.basis} | {rule.source} |\n"
    return text


def example_of(row):
    """Write the change that breaks a rule, shortened."""
    changes = [
        f"{path} = {json.dumps(value)}" if value is not None else f"no {path}" for path, value in row.breaks.items()
    ]
    return "<br>".join(f"`{cell(change if len(change) <= 160 else change[:159] + '…')}`" for change in changes)


def cell(text):
    """Keep a text within its cell."""
    return text.replace("|", "\\|")


def main():
    """Count, and with `--write` write the page."""
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
