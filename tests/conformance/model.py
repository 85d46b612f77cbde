"""Compare the shapes of hptsdk with the model of SageMaker that the installed botocore brings.

As a script it prints what differs as the edits to make to hptsdk's sources, and fails where there are any.
"""

import sys
import textwrap

import attrs
import botocore
import sources
from botocore import xform_name
from service_model import MEASURED, OPERATIONS, Level, Model, load
from sources import BOUNDS, Edit

from hptsdk import constraints, schema

SHAPES_AT = "1.44.8"
"""The version of botocore that the shapes were last brought up to."""

WIDTH = 110
"""Of the printed lines that are not code."""

NAMED = 6
"""So many values of an enumeration at most are named in the text of a difference."""


@attrs.frozen
class Difference:
    """One way in which hptsdk is not as the model is, and the edits that mend it."""

    text: str
    edits: tuple[Edit, ...] = attrs.field(converter=tuple)


def compare(model):
    """Find everything that differs."""
    return [*_operations(model), *_structures(model), *_aliases(model), *_leftovers(model)]


def _operations(model):
    for name in model.operations:
        if "HyperParameterTuningJob" in name and name not in OPERATIONS:
            edit = Edit("tests/conformance/service_model.py", "in OPERATIONS, add", f'    "{name}",')
            yield Difference(f"{name}: hptsdk lacks this operation", [edit])


def _structures(model):
    ours = {cls.__name__: schema.of(cls) for cls in schema.all_shapes()}
    for name in model.structures:
        if name in ours:
            yield from _base(model, ours[name])
            yield from _members(model, ours[name])
        else:
            yield Difference(f"{name}: hptsdk lacks this structure", _whole_structure(model, name, ours))


def _whole_structure(model, name, ours):
    """Format a new class, and the members of known ones that are there for it."""
    edits = sources.added_class(model, name)
    for holder in model.structures:
        known = {member.wire_name for member in ours[holder].members} if holder in ours else set(model.members(holder))
        for wire, held in model.members(holder).items():
            if wire not in known and model.leaf(held) == name:
                edits += sources.added_member(model, holder, wire)
    return edits


def _base(model, ours):
    asked = ours.name in model.in_requests
    if asked == ours.is_response:
        where, base = ("in requests", "Shape") if asked else ("only in responses", "Response")
        edit = sources.replaced_base(ours.name, base)
        yield Difference(f"{ours.name}: stands {where}, hptsdk does not derive it from {base}", [edit])


def _members(model, ours):
    known = {member.wire_name: member for member in ours.members}
    wanted = model.members(ours.name)
    for wire, held in wanted.items():
        if wire in known:
            yield from _member(model, ours.name, known[wire])
        elif model.leaf(held) is None or model.leaf(held) in sources.homes():
            edits = sources.added_member(model, ours.name, wire)
            yield Difference(f"{ours.name}.{wire}: hptsdk lacks this member", edits)
    for wire, member in known.items():
        if wire not in wanted:
            edit = Edit(sources.homes()[ours.name], f"in {ours.name}, remove {member.attribute}")
            yield Difference(f"{ours.name}.{wire}: the model lacks this member", [edit])


def _member(model, structure, member):
    wire = member.wire_name
    wrong = unexplained(model, model.members(structure)[wire], member.type)
    if member.attribute != xform_name(wire):
        wrong.append(f"called {xform_name(wire)}, hptsdk has {member.attribute}")
    if member.required != (wire in model.required(structure)):
        wrong.append("optional, hptsdk has it required" if member.required else "required, hptsdk has it optional")
    if wrong:
        yield Difference(f"{structure}.{wire}: {'; '.join(wrong)}", sources.replaced_member(model, structure, wire))


def _aliases(model):
    for name in model.names:
        ours = sources.alias(name)
        wrong = problems(model, name, ours) if ours else []
        if not wrong:
            continue
        wanted = model.level(name)
        if wanted.is_open:
            edits = sources.changed_values(name, wanted.values, ours.known_values)
        else:
            edits = [*_needs_of_parts(model, name), sources.replaced(model, name)]
        yield Difference(f"{name}: {'; '.join(wrong)}", edits)


def _needs_of_parts(model, name):
    return [edit for held in model.parts(name).values() for edit in sources.needs(model, held)]


def _leftovers(model):
    classes = {cls.__name__ for cls in schema.all_shapes()}
    for name in sources.homes():
        if name not in model.names and (name in classes or sources.alias(name)):
            why = "no operation uses it any longer" if name in model.shapes else "the model lacks it"
            yield Difference(f"{name}: {why}", sources.removed_name(name))


def unexplained(model, name, ours):
    """Return what is wrong with a type where it is used, unless the same is wrong with the alias of its name."""
    found = problems(model, name, ours)
    alias = sources.alias(name)
    return [] if alias and set(found) <= set(problems(model, name, alias)) else found


def problems(model, name, ours):
    """Return what is wrong with a type, and with what it holds."""
    found = level_problems(model.level(name), level_of(ours))
    if ours.kind == model.level(name).kind:
        for part, held in model.parts(name).items():
            said = "value" if part == "item" and ours.key else part
            found += [f"{said}: {text}" for text in unexplained(model, held, getattr(ours, part))]
    return found


PATTERNS = ("Pattern", "RoleAddress", "S3Address", "Categories")


def level_of(ours):
    """Put one level of a type of hptsdk in the terms of the model."""
    found = {type(constraint).__name__: constraint for constraint in ours.constraints}
    repeated = [] if len(found) == len(ours.constraints) else ["a second constraint of a kind"]
    bounds = found.pop(BOUNDS.get(ours.kind), None) or constraints.Range()
    is_open = bool(ours.known_values) and "OneOf" not in found
    pattern = next((found.pop(name) for name in PATTERNS if name in found), None)
    return Level(
        kind=ours.kind,
        structure=ours.shape.__name__ if ours.shape else None,
        minimum=(bounds.minimum or 0) if ours.kind in MEASURED else bounds.minimum,
        maximum=bounds.maximum,
        pattern=pattern.regex if pattern and not is_open else None,
        values=ours.known_values,
        is_open=is_open,
        is_secret="Secret" in found,
        others=(*sorted(found.keys() - {"OneOf", "Secret"}), *repeated),
    )


def level_problems(wanted, ours):
    """Describe how one level differs, the model's side first."""
    if wanted.kind != ours.kind:
        return [f"{wanted.kind}, hptsdk has {ours.kind}"]
    found = []
    for fact in ("structure", "minimum", "maximum", "pattern"):
        there, here = getattr(wanted, fact), getattr(ours, fact)
        if there != here:
            found.append(f"{fact} {_or_none(there)}, hptsdk has {_or_none(here)}")
    found += _said_of(("is new", "are new"), [value for value in wanted.values if value not in ours.values])
    found += _said_of(("is gone", "are gone"), [value for value in ours.values if value not in wanted.values])
    if wanted.is_open != ours.is_open:
        found.append("should take other values too" if wanted.is_open else "should take no other values")
    if wanted.is_secret and not ours.is_secret:
        found.append("secret, hptsdk shows it")
    return [*found, *(f"{name} does not belong" for name in ours.others)]


def _said_of(verbs, values):
    """Return the name of the values unless they are many: the edits do."""
    said = ", ".join(f'"{value}"' for value in values) if len(values) <= NAMED else f"{len(values)} values"
    return [f"{said} {verbs[len(values) > 1]}"] if values else []


def _or_none(fact):
    return "none" if fact is None else fact


def report(found, version):
    """Format the differences as a list of edits, by file."""
    count = {0: "no differences", 1: "1 difference"}.get(len(found), f"{len(found)} differences")
    lines = [f"botocore {version} is installed, the shapes are at {SHAPES_AT}: {count}."]
    texts = {}
    for difference in found:
        for edit in difference.edits:
            texts.setdefault(edit, difference.text)
    for file in sorted({edit.file for edit in texts}, key=lambda file: (file[0], file.count("/"), file)):
        lines += ["", _ruled(file), *_section(file, texts)]
    return "\n".join([*lines, *_ending(found, version)])


def _ruled(title):
    return f"── {title} ".ljust(WIDTH, "─")


def _section(file, texts):
    """Format one file's edits: what they are as comments, and the code as it stands in the file."""
    if lines := sources.imports(file, texts):
        yield from ["", "# → import", *lines]
    said = None
    for edit, text in texts.items():
        if edit.file == file:
            yield from ["", *_comment(text)] if text != said else [""]
            yield from [*_comment(f"→ {edit.action}"), *edit.code.splitlines()]
            said = text


def _comment(text):
    return textwrap.wrap(
        text, WIDTH, initial_indent="# ", subsequent_indent="#   ", break_long_words=False, break_on_hyphens=False
    )


def _ending(found, version):
    steps = []
    if found:
        steps += ["Write a docstring in words of your own for each …, then `ruff check --fix` and `ruff format`."]
    if version != SHAPES_AT:
        steps += [f'Set SHAPES_AT = "{version}" in tests/conformance/model.py.']
        steps += ["Bring the lock files up to that version: `nox -s lock`."]
    if found:
        steps += ["Compare again, and correct the counts in tests/conformance/test_model.py: `nox -s model tests`."]
    if steps:
        yield from ("", _ruled("at the end"), "")
        yield from (f"{number}. {step}" for number, step in enumerate(steps, 1))


def main():
    """Print the differences, and tell whether there are any."""
    found = compare(Model(load()))
    print(report(found, botocore.__version__))  # noqa: T201 - a script
    return 1 if found else 0


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")  # wherever it goes, on Windows too
    sys.exit(main())
