"""The comparison of the shapes of hptsdk with the model of SageMaker in the installed botocore.

As a script it prints the differences, with the edits that correct the sources of hptsdk. Its exit code is 1 if there
are any.
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
"""The version of botocore with whose model the shapes agree."""

WIDTH = 110
"""The maximum width of printed lines that are not code."""

NAMED = 6
"""The maximum number of values of an enumeration that the text of a difference lists."""


@attrs.frozen
class Difference:
    """A difference between hptsdk and the model, with the edits that correct hptsdk."""

    text: str
    edits: tuple[Edit, ...] = attrs.field(converter=tuple)


def compare(model):
    """Return all differences."""
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
    """Return the edits for a new class, and for the members of known classes that contain it."""
    edits = sources.added_class(model, name)
    for holder in model.structures:
        known = {member.wire_name for member in ours[holder].members} if holder in ours else set(model.members(holder))
        for wire, held in model.members(holder).items():
            if wire not in known and model.leaf(held) == name:
                edits += sources.added_member(model, holder, wire)
    return edits


def _base(model, ours):
    is_in_requests = ours.name in model.in_requests
    if is_in_requests == ours.is_response:
        where, base = ("in requests", "Shape") if is_in_requests else ("only in responses", "Response")
        edit = sources.replaced_base(ours.name, base)
        yield Difference(f"{ours.name}: used {where}, and hptsdk does not derive it from {base}", [edit])


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
    """Return the problems of the type of a member, without those that the alias of its name has too."""
    texts = problems(model, name, ours)
    alias = sources.alias(name)
    return [] if alias and set(texts) <= set(problems(model, name, alias)) else texts


def problems(model, name, ours):
    """Return the problems of a type, and of the types of its items, keys and values."""
    texts = level_problems(model.level(name), level_of(ours))
    if ours.kind == model.level(name).kind:
        for part, held in model.parts(name).items():
            label = "value" if part == "item" and ours.key else part
            texts += [f"{label}: {text}" for text in unexplained(model, held, getattr(ours, part))]
    return texts


PATTERNS = ("Pattern", "RoleAddress", "S3Address", "Categories")


def level_of(ours):
    """Convert one level of a type of hptsdk to the terms of the model."""
    by_class = {type(constraint).__name__: constraint for constraint in ours.constraints}
    repeated = [] if len(by_class) == len(ours.constraints) else ["a second constraint of a kind"]
    bounds = by_class.pop(BOUNDS.get(ours.kind), None) or constraints.Range()
    is_open = bool(ours.known_values) and "OneOf" not in by_class
    pattern = next((by_class.pop(name) for name in PATTERNS if name in by_class), None)
    return Level(
        kind=ours.kind,
        structure=ours.shape.__name__ if ours.shape else None,
        minimum=(bounds.minimum or 0) if ours.kind in MEASURED else bounds.minimum,
        maximum=bounds.maximum,
        pattern=pattern.regex if pattern and not is_open else None,
        values=ours.known_values,
        is_open=is_open,
        is_secret="Secret" in by_class,
        others=(*sorted(by_class.keys() - {"OneOf", "Secret"}), *repeated),
    )


def level_problems(wanted, ours):
    """Return the differences of one level, with the fact of the model first."""
    if wanted.kind != ours.kind:
        return [f"{wanted.kind}, hptsdk has {ours.kind}"]
    texts = []
    for fact in ("structure", "minimum", "maximum", "pattern"):
        expected, actual = getattr(wanted, fact), getattr(ours, fact)
        if expected != actual:
            texts.append(f"{fact} {_or_none(expected)}, hptsdk has {_or_none(actual)}")
    texts += _text_about(("is new", "are new"), [value for value in wanted.values if value not in ours.values])
    texts += _text_about(("is gone", "are gone"), [value for value in ours.values if value not in wanted.values])
    if wanted.is_open != ours.is_open:
        texts.append("should accept other values too" if wanted.is_open else "should accept no other values")
    if wanted.is_secret and not ours.is_secret:
        texts.append("secret, hptsdk shows it")
    return [*texts, *(f"{name} is not expected" for name in ours.others)]


def _text_about(verbs, values):
    """Return a text with the values, or with their number if they are many: the edits list them."""
    listed = ", ".join(f'"{value}"' for value in values) if len(values) <= NAMED else f"{len(values)} values"
    return [f"{listed} {verbs[len(values) > 1]}"] if values else []


def _or_none(fact):
    return "none" if fact is None else fact


def report(differences, version):
    """Format the differences as a list of edits, by file."""
    count = {0: "no differences", 1: "1 difference"}.get(len(differences), f"{len(differences)} differences")
    lines = [f"botocore {version} is installed, the shapes are at {SHAPES_AT}: {count}."]
    texts = {}
    for difference in differences:
        for edit in difference.edits:
            texts.setdefault(edit, difference.text)
    for file in sorted({edit.file for edit in texts}, key=lambda file: (file[0], file.count("/"), file)):
        lines += ["", _ruled(file), *_section(file, texts)]
    return "\n".join([*lines, *_ending(differences, version)])


def _ruled(title):
    return f"── {title} ".ljust(WIDTH, "─")


def _section(file, texts):
    """Format the edits of one file: the actions as comments, and the code as it is in the file."""
    if lines := sources.imports(file, texts):
        yield from ["", "# → import", *lines]
    last = None
    for edit, text in texts.items():
        if edit.file == file:
            yield from ["", *_comment(text)] if text != last else [""]
            yield from [*_comment(f"→ {edit.action}"), *edit.code.splitlines()]
            last = text


def _comment(text):
    return textwrap.wrap(
        text, WIDTH, initial_indent="# ", subsequent_indent="#   ", break_long_words=False, break_on_hyphens=False
    )


def _ending(differences, version):
    steps = []
    if differences:
        steps += ["Write a docstring for each …, then `ruff check --fix` and `ruff format`."]
    if version != SHAPES_AT:
        steps += [f'Set SHAPES_AT = "{version}" in tests/conformance/model.py.']
        steps += ["Update the lock files to that version: `python3 noxfile.py -s lock`."]
    if differences:
        steps += ["Run `python3 noxfile.py -s model tests`, and correct the counts in tests/conformance/test_model.py."]
    if steps:
        yield from ("", _ruled("at the end"), "")
        yield from (f"{number}. {step}" for number, step in enumerate(steps, 1))


def main():
    """Print the differences, and return the exit code: 1 if there are any."""
    differences = compare(Model(load()))
    print(report(differences, botocore.__version__))  # noqa: T201 - a script
    return 1 if differences else 0


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")  # also on Windows
    sys.exit(main())
