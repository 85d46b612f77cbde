"""Where hptsdk's sources keep each name of the model, and how they would write what the model says."""

import ast
import builtins
import importlib
import json
import re
import textwrap
from datetime import datetime
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import get_origin

import attrs
from botocore import xform_name

import hptsdk
from hptsdk import constraints
from hptsdk._validation import shape_page, type_info, wire_name

ROOT = Path(hptsdk.__file__).parent
INIT = "src/hptsdk/shapes/__init__.py"
TYPES = "src/hptsdk/_validation/_members.py"
SCALARS, ENUMS = "src/hptsdk/scalars.py", "src/hptsdk/enums.py"
QUERIES, RESPONSES = "src/hptsdk/shapes/queries.py", "src/hptsdk/shapes/responses.py"

PLAIN_TYPES = {str, int, float, bool, datetime}
PLAIN = {"text": "str", "integer": "int", "number": "float", "boolean": "bool", "timestamp": "datetime"}
BOUNDS = {"text": "Length", "integer": "Range", "number": "Range", "list": "Items", "map": "Entries"}
DECORATOR = "@attrs.frozen(kw_only=True, eq=False, repr=False)"
UNSAID = '"""…"""'


@attrs.frozen
class Edit:
    """One change to one file: what to do there, and the code that it takes, indented as it stands there."""

    file: str
    action: str
    code: str = ""


@cache
def homes():
    """Return in which file each class and each alias is defined."""
    files = [ROOT / f"{name}.py" for name in ("scalars", "enums", "instance_types")]
    files += sorted(ROOT.glob("shapes/[!_]*.py"))
    trees = {f"src/hptsdk/{file.relative_to(ROOT).as_posix()}": ast.parse(file.read_text("utf-8")) for file in files}
    return {name: file for file, tree in trees.items() for name in defined(tree)}


def defined(tree):
    """Return the classes and aliases that a module defines."""
    for node in tree.body:
        match node:
            case ast.ClassDef(name=name) | ast.Assign(targets=[ast.Name(id=name)]) if not name.startswith("_"):
                yield name


def module_name(file):
    """Return the name of the module that a file makes."""
    return file.removeprefix("src/").removesuffix(".py").replace("/", ".")


def module_of(file):
    """Import it."""
    return importlib.import_module(module_name(file))


@cache
def alias(name):
    """Describe an alias as the schema describes a member; None where there is no alias of the name."""
    found = getattr(module_of(homes()[name]), name) if name in homes() else None
    is_alias = get_origin(found) is not None or (isinstance(found, type) and found in PLAIN_TYPES)
    return type_info(found) if is_alias else None


def home_of(model, name):
    """Return the file of a class or an alias, or the one where a new one belongs."""
    if name in homes():
        return homes()[name]
    if leaf := model.leaf(name):
        return homes().get(leaf) or _home_of_holder(model, leaf)
    return ENUMS if model.level(name).values else SCALARS


def _home_of_holder(model, structure):
    """Find the file of a structure that holds this one, or of one that holds that, and so on."""
    waiting = [structure]
    for inner in waiting:
        holders = model.holders(inner)
        if known := [holder for holder in holders if holder in homes()]:
            return homes()[known[0]]
        waiting += [holder for holder in holders if holder not in waiting]
    return QUERIES if structure in model.in_requests else RESPONSES


def reference(model, name):
    """Format a type as an annotation does: by its name, or as Python's own type where there is nothing more to it."""
    level = model.level(name)
    if level.structure or model.parts(name) or name in homes() or constraints_of(level) or level.values:
        return name
    return PLAIN.get(level.kind, level.kind)


def definition(model, name):
    """Format what an alias stands for."""
    level = model.level(name)
    parts = {part: reference(model, held) for part, held in model.parts(name).items()}
    if level.values:
        base = f"Literal[{_quoted(level.values)}]"
    elif level.kind == "list":
        base = f"Sequence[{parts['item']}]"
    elif level.kind == "map":
        base = f"Mapping[{parts['key']}, {parts['item']}]"
    else:
        base = PLAIN.get(level.kind, level.kind)
    more = constraints_of(level, alias(name))
    return f"Annotated[{', '.join([base, *more])}]" if more else base


def constraints_of(level, ours=None):
    """Format the constraints, keeping what only hptsdk says: the words for a pattern, and that a value is secret."""
    found = []
    if level.minimum is not None or level.maximum is not None:
        found += _bounds(level)
    if level.pattern is not None:
        found.append(_pattern(level.pattern, ours))
    if level.is_secret or (ours and any(isinstance(c, constraints.Secret) for c in ours.constraints)):
        found.append("Secret()")
    return found


def _bounds(level):
    if level.maximum is not None:
        arguments = f"{level.minimum}, {level.maximum}" if level.minimum is not None else f"maximum={level.maximum}"
    elif level.minimum or level.kind in {"integer", "number"}:
        arguments = f"{level.minimum}"
    else:
        return []
    return [f"{BOUNDS[level.kind]}({arguments})"]


def _pattern(regex, ours):
    kept = next((c for c in (ours.constraints if ours else ()) if getattr(c, "regex", None) == regex), None)
    if found := re.fullmatch(r"\(\[((?:\\p\{[LZN]\})+)(.*)]\*\)", regex):
        categories, others = "".join(re.findall(r"\{(.)}", found[1])), found[2].replace("\\", "")
        if constraints.Categories(categories, others).regex == regex:
            return f"Categories({json.dumps(categories)}, {json.dumps(others)})"
    quoted = repr(regex) if '"' in regex or regex.endswith("\\") else f'r"{regex}"'
    words = getattr(kept, "_words", None)
    return f"Pattern({quoted}, {json.dumps(words)})" if words else f"Pattern({quoted})"


def replaced(model, name):
    """Format an alias anew."""
    return Edit(home_of(model, name), f"replace {name}", f"{name} = {definition(model, name)}")


def needs(model, name):
    """Format the aliases, new to hptsdk, that a reference to this type takes, inner ones first."""
    if name in homes() or model.level(name).structure:
        return []
    inner = [edit for held in model.parts(name).values() for edit in needs(model, held)]
    if reference(model, name) != name:
        return inner
    if leaf := model.leaf(name):
        action = f"add below {leaf}"
    elif model.level(name).values or name in model.in_requests:
        action = "add"
    else:
        action = 'add below "Only in responses."'
    return [*inner, Edit(home_of(model, name), action, f"{name} = {definition(model, name)}")]


def member_line(model, structure, wire):
    """Format a member."""
    kind = reference(model, model.members(structure)[wire])
    default = "" if wire in model.required(structure) else " | None = None"
    return f"    {xform_name(wire)}: {kind}{default}"


def replaced_member(model, structure, wire):
    """Format a member anew, its docstring kept, with what it needs."""
    edit = Edit(homes()[structure], f"in {structure}, replace {xform_name(wire)}", member_line(model, structure, wire))
    return [*needs(model, model.members(structure)[wire]), edit]


def added_member(model, structure, wire):
    """Format a member that a known class lacks, with what it needs."""
    members = model.members(structure)
    before = [xform_name(name) for name in list(members)[: list(members).index(wire)]]
    place = f"after {before[-1]}" if before else "at the beginning"
    code = f"{member_line(model, structure, wire)}\n    {UNSAID}"
    edit = Edit(homes()[structure], f"in {structure}, add {place}{_said(model.documented(structure, wire))}", code)
    return [*needs(model, members[wire]), edit, *_spelling(wire)]


def _spelling(wire):
    """Request the words in capitals that make the wire name out of the attribute's name."""
    attribute = xform_name(wire)
    if wire_name(attribute) == wire:
        return []
    return [Edit(TYPES, f"make wire_name give {wire} for {attribute}: _CAPITALS has such words")]


def added_class(model, name):
    """Format the class of a structure that hptsdk lacks, with what it needs."""
    file = home_of(model, name)
    members = model.members(name)
    base = "Shape" if name in model.in_requests else "Response"
    lines = [DECORATOR, f"class {name}({base}):", '    """…', "", f"    See {shape_page(name)}", '    """']
    for index, wire in enumerate(members):
        lines += [*([] if index else [""]), member_line(model, name, wire), f"    {UNSAID}"]
    above = next((known for known in homes() if homes()[known] == file and _reaches(model, known, name)), None)
    action = f"add {f'above {above}' if above else 'at the end'}{_said(model.documented(name))}"
    return [
        *(edit for held in members.values() for edit in needs(model, held)),
        Edit(file, action, "\n".join(lines)),
        *(edit for wire in members for edit in _spelling(wire)),
        Edit(INIT, f"list {name} under {Path(file).stem!r} in _HOMES"),
        Edit(INIT, "add under TYPE_CHECKING", f"    from {module_name(file)} import {name} as {name}"),
    ]


def _reaches(model, known, structure):
    return known in model.structures and structure in model.reached_from(known)


def _said(sentence):
    return f'; the service says: "{sentence}"' if sentence else ""


def removed_name(name):
    """Take a class or an alias out."""
    file = homes()[name]
    edits = [Edit(file, f"remove {name}")]
    if alias(name) is None:
        edits.append(Edit(INIT, f"remove {name}, in both places"))
    return edits


def replaced_base(name, base):
    """Derive a class from another base."""
    return Edit(homes()[name], f"replace the line below the decorator of {name}", f"class {name}({base}):")


def changed_values(name, wanted, known):
    """Add and remove values of an open enumeration, a family to a line."""
    before = None
    for (_, is_known), values in groupby(wanted, key=lambda value: (value.rpartition(".")[0], value in known)):
        listed = list(values)
        if not is_known:
            place = f"after {json.dumps(before)}" if before else "at the beginning"
            yield Edit(homes()[name], f"in {name}, add {place}", f"        {_quoted(listed)},")
        before = listed[-1]
    if gone := [value for value in known if value not in wanted]:
        yield Edit(homes()[name], f"in {name}, remove {_quoted(gone)}")


def _quoted(values):
    return ", ".join(map(json.dumps, values))


WHERE = {
    **dict.fromkeys(constraints.__all__, "hptsdk.constraints"),
    **dict.fromkeys(("Annotated", "Literal"), "typing"),
    **dict.fromkeys(("Mapping", "Sequence"), "collections.abc"),
    **dict.fromkeys(("Response", "Shape"), "hptsdk._validation"),
    "datetime": "datetime",
}


def imports(file, edits):
    """Format the imports that the new lines of a file take."""
    if file == INIT or not file.startswith("src/"):
        return []
    here = [_tree(edit.code) for edit in edits if edit.file == file]
    used = {node.id for tree in here for node in ast.walk(tree) if _is_used(node)}
    found = homes() | {name: edit.file for edit in edits for name in defined(_tree(edit.code))}
    missing = used - {*vars(module_of(file)), *vars(builtins)}
    return sorted(_import(name, found) for name in missing if found.get(name) != file)


def _is_used(node):
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)


def _tree(code):
    """Parse an edit's code; the head of a class stands there without its body too."""
    return ast.parse(textwrap.dedent(code) + (" ..." if code.endswith(":") else ""))


def _import(name, found):
    if name in found:
        return f"from {module_name(found[name])} import {name}"
    return f"from {WHERE[name]} import {name}" if name in WHERE else f"# {name}: hptsdk has no such type yet"
