"""The pages about the shapes, from `hptsdk.schema`: description, members and rules."""

from __future__ import annotations

import inspect
import re
from typing import TYPE_CHECKING

from hptsdk import schema
from hptsdk.constraints import Constraint, OneOf, Pattern

if TYPE_CHECKING:
    from hptsdk.schema import MemberInfo, RuleInfo, ShapeInfo, TypeInfo

__all__ = ["areas", "shape_text", "shapes_text"]

# The maximum number of values of an enumeration that the table lists.
_LISTED = 20


def areas() -> dict[str, list[str]]:
    """Return the names of the shapes by the name of their module, such as `tuning`."""
    names: dict[str, list[str]] = {}
    for cls in schema.all_shapes():
        names.setdefault(cls.__module__.rpartition(".")[2], []).append(cls.__name__)
    return names


def shapes_text(area: str) -> str:
    """Return the shapes of a module such as `tuning`, in Markdown."""
    return "\n".join(shape_text(name) for name in areas()[area.strip()])


def shape_text(name: str) -> str:
    """Return the shape with this name, in Markdown."""
    cls = next(each for each in schema.all_shapes() if each.__name__ == name)
    info = schema.of(cls)
    rules = [rule for rule in schema.rules() if rule.shape is cls]
    parts = [_description(info), _members_table(info), _rules_list(rules)]
    arguments = ", ".join(["*", *(member.attribute + ("" if member.required else "=None") for member in info.members)])
    head = f"````{{py:class}} {name}({arguments if info.members else ''})\n"
    head += f":module: hptsdk.shapes\n:canonical: {cls.__module__}.{name}\n"
    return head + "\n" + "\n".join(part for part in parts if part) + "````\n"


def _description(info: ShapeInfo) -> str:
    """Return the docstring, with its example as a code block and the page of AWS as a link."""
    text = inspect.cleandoc(info.shape.__doc__ or "")
    text = re.sub(r"^See https://docs.aws.amazon.com/.*$", "", text, flags=re.MULTILINE).strip()
    text = re.sub(
        r"^Example:\n((?: {4}.*\n?|\n)+)",
        lambda match: f"```python\n{inspect.cleandoc(match[1])}\n```\n",
        text,
        flags=re.MULTILINE,
    )
    note = " Responses and their parts are not validated." if info.is_response else ""
    return f"{text}\n\n[{info.name} in the API of AWS]({info.source}).{note}\n"


def _members_table(info: ShapeInfo) -> str:
    if not info.members:
        return "This structure has no members.\n"
    rows = "".join(_row(member) for member in info.members)
    head = f"| member | required | bounds | meaning |\n|{' --- |' * 4}\n"
    return f"```{{table}}\n:class: members\n\n{head}{rows}```\n"


def _row(member: MemberInfo) -> str:
    cells = [
        f"`{member.attribute}`<br>`{member.wire_name}`<br>type: {_type_name(member.type)}",
        "yes" if member.required else "",
        "; ".join(_bounds(member.type)),
        member.documentation,
    ]
    return "".join(f"| {cell.replace('|', chr(92) + '|')} " for cell in cells) + "|\n"


def _type_name(info: TypeInfo) -> str:
    """Return the name of a type, such as text, list of text, or map of text to text."""
    if info.shape is not None:
        return f"{{py:class}}`~hptsdk.shapes.{info.shape.__name__}`"
    if info.kind == "map" and info.key is not None and info.item is not None:
        return f"map of {_type_name(info.key)} to {_type_name(info.item)}"
    if info.item is not None:
        return f"list of {_type_name(info.item)}"
    return info.kind


def _bounds(info: TypeInfo) -> list[str]:
    """Return the constraints of a value, then those of its keys and items."""
    own = [_constraint_text(constraint) for constraint in info.constraints if constraint.rule != "secret"]
    if len(info.known_values) > _LISTED:
        own.append("[the known values](../api/enums.md) and all others of this form")
    if info.is_secret:
        own.append("may be a secret, so messages do not show it")
    inner = [("each key", info.key), ("each value" if info.key else "each item", info.item)]
    return own + [f"{label}: {', '.join(_bounds(part))}" for label, part in inner if part is not None and _bounds(part)]


def _constraint_text(constraint: Constraint) -> str:
    match constraint:
        case OneOf(values=values):
            return "one of " + ", ".join(f"`{value}`" for value in values)
        case Pattern(regex=regex) if regex in constraint.expected:
            return constraint.expected.replace(regex, f"`` {regex} ``")
        case _:
            return constraint.expected


def _rules_list(rules: list[RuleInfo]) -> str:
    """Return the rules of a shape, each with its source."""
    if not rules:
        return ""
    lines = [f"- `{rule.id}` ({rule.level}): {rule.sentence} {_source_text(rule)}" for rule in rules]
    return "\nRules:\n\n" + "\n".join(lines) + "\n"


def _source_text(rule: RuleInfo) -> str:
    is_link = rule.source.startswith("https://")
    parents = ", checked by `TuningClient.check_warm_start`" if rule.needs_parents else ""
    return f"({rule.basis}{parents}: {f'[source]({rule.source})' if is_link else rule.source})"
