"""The files of hptsdk that define the names of the model, and the edits that make them agree with the model."""

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
MISSING_DOCSTRING = '"""…"""'


@attrs.frozen
class Edit:
    """One change to one file: the action, and the new code with its indent."""

    file: str
    action: str
    code: str = ""


@cache
def homes():
    """Return the file of each class and each alias, by name."""
    files = [ROOT / f"{name}.py" for name in ("scalars", "enums", "instance_types")]
    files += sorted(ROOT.glob("shapes/[!_]*.py"))
    trees = {f"src/hptsdk/{file.relative_to(ROOT).as_posix()}": ast.parse(file.read_text("utf-8")) for file in files}
    return {name: file for file, tree in trees.items() for name in defined(tree)}


def defined(tree):
    """Yield the classes and the aliases of the API that a module defines; an annotated alias is not of the API."""
    for node in tree.body:
        match node:
            case ast.ClassDef(name=name) | ast.Assign(targets=[ast.Name(id=name)]) if not name.startswith("_"):
                yield name


def module_name(file):
    """Return the name of the module in a file."""
    return file.removeprefix("src/").removesuffix(".py").replace("/", ".")


def module_of(file):
    """Import the module in a file."""
    return importlib.import_module(module_name(file))


@cache
def alias(name):
    """Return the type of an alias, as the schema describes a member; None if there is no alias of this name."""
    value = getattr(module_of(homes()[name]), name) if name in homes() else None
    is_alias = get_origin(value) is not None or (isinstance(value, type) and value in PLAIN_TYPES)
    return type_info(value) if is_alias else None


def home_of(model, name):
    """Return the file of a class or an alias, or the file to which a new one belongs."""
    if name in homes():
        return homes()[name]
    if leaf := model.leaf(name):
        return homes().get(leaf) or _home_of_holder(model, leaf)
    return ENUMS if model.level(name).values else SCALARS


def _home_of_holder(model, structure):
    """Return the file of the nearest structure that contains this one, directly or indirectly."""
    pending = [structure]
    for inner in pending:  # the loop appends to it
        holders = model.holders(inner)
        if known := [holder for holder in holders if holder in homes()]:
            return homes()[known[0]]
        pending += [holder for holder in holders if holder not in pending]
    return QUERIES if structure in model.in_requests else RESPONSES


def reference(model, name):
    """Format a type as in an annotation: its name, or the type of Python if it has no constraints."""
    level = model.level(name)
    if level.structure or model.parts(name) or name in homes() or constraints_of(level) or level.values:
        return name
    return PLAIN.get(level.kind, level.kind)


def definition(model, name):
    """Format the value of an alias."""
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
    """Format the constraints, with those that only hptsdk has: the description of a pattern, and Secret."""
    texts = []
    if level.minimum is not None or level.maximum is not None:
        texts += _bounds(level)
    if level.pattern is not None:
        texts.append(_pattern(level.pattern, ours))
    if level.is_secret or (ours and any(isinstance(c, constraints.Secret) for c in ours.constraints)):
        texts.append("Secret()")
    return texts


def _bounds(level):
    if level.maximum is not None:
        arguments = f"{level.minimum}, {level.maximum}" if level.minimum is not None else f"maximum={level.maximum}"
    elif level.minimum or level.kind in {"integer", "number"}:
        arguments = f"{level.minimum}"
    else:
        return []
    return [f"{BOUNDS[level.kind]}({arguments})"]


def _pattern(regex, ours):
    existing = next((c for c in (ours.constraints if ours else ()) if getattr(c, "regex", None) == regex), None)
    if match := re.fullmatch(r"\(\[((?:\\p\{[LZN]\})+)(.*)]\*\)", regex):
        categories, others = "".join(re.findall(r"\{(.)}", match[1])), match[2].replace("\\", "")
        if constraints.Categories(categories, others).regex == regex:
            return f"Categories({json.dumps(categories)}, {json.dumps(others)})"
    quoted = repr(regex) if '"' in regex or regex.endswith("\\") else f'r"{regex}"'
    words = getattr(existing, "words", None)
    return f"Pattern({quoted}, {json.dumps(words)})" if words else f"Pattern({quoted})"


def replaced(model, name):
    """Return the edit that replaces an alias."""
    return Edit(home_of(model, name), f"replace {name}", f"{name} = {definition(model, name)}")


def needs(model, name):
    """Return the edits that add the missing aliases for a type, those of its parts first."""
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
    """Format the line of a member."""
    kind = reference(model, model.members(structure)[wire])
    default = "" if wire in model.required(structure) else " | None = None"
    return f"    {xform_name(wire)}: {kind}{default}"


def replaced_member(model, structure, wire):
    """Return the edits that replace a member, without its docstring, and add the types that it needs."""
    edit = Edit(homes()[structure], f"in {structure}, replace {xform_name(wire)}", member_line(model, structure, wire))
    return [*needs(model, model.members(structure)[wire]), edit]


def added_member(model, structure, wire):
    """Return the edits that add a member to a class, and the types that it needs."""
    members = model.members(structure)
    before = [xform_name(name) for name in list(members)[: list(members).index(wire)]]
    position = f"after {before[-1]}" if before else "at the beginning"
    code = f"{member_line(model, structure, wire)}\n    {MISSING_DOCSTRING}"
    edit = Edit(
        homes()[structure], f"in {structure}, add {position}{_documented(model.documented(structure, wire))}", code
    )
    return [*needs(model, members[wire]), edit, *_spelling(wire)]


def _spelling(wire):
    """Return the edit that adds a word in capitals, if `wire_name` does not return the name of the member."""
    attribute = xform_name(wire)
    if wire_name(attribute) == wire:
        return []
    return [Edit(TYPES, f"add words to _CAPITALS so that wire_name returns {wire} for {attribute}")]


def added_class(model, name):
    """Return the edits that add the class of a structure, and the types that it needs."""
    file = home_of(model, name)
    members = model.members(name)
    base = "Shape" if name in model.in_requests else "Response"
    lines = [DECORATOR, f"class {name}({base}):", '    """…', "", f"    See {shape_page(name)}", '    """']
    for index, wire in enumerate(members):
        lines += [*([] if index else [""]), member_line(model, name, wire), f"    {MISSING_DOCSTRING}"]
    above = next((known for known in homes() if homes()[known] == file and _reaches(model, known, name)), None)
    action = f"add {f'above {above}' if above else 'at the end'}{_documented(model.documented(name))}"
    return [
        *(edit for held in members.values() for edit in needs(model, held)),
        Edit(file, action, "\n".join(lines)),
        *(edit for wire in members for edit in _spelling(wire)),
        Edit(INIT, f"list {name} under {Path(file).stem!r} in _NAMES"),
        Edit(INIT, "add under TYPE_CHECKING", f"    from {module_name(file)} import {name} as {name}"),
    ]


def _reaches(model, known, structure):
    return known in model.structures and structure in model.reached_from(known)


def _documented(sentence):
    return f'; documented as: "{sentence}"' if sentence else ""


def removed_name(name):
    """Return the edits that remove a class or an alias."""
    file = homes()[name]
    edits = [Edit(file, f"remove {name}")]
    if alias(name) is None:
        edits.append(Edit(INIT, f"remove {name}, in both places"))
    return edits


def replaced_base(name, base):
    """Return the edit that replaces the base of a class."""
    return Edit(homes()[name], f"replace the line below the decorator of {name}", f"class {name}({base}):")


def changed_values(name, wanted, known):
    """Yield the edits that add and remove values of an open enumeration, one line for each family."""
    before = None
    for (_, is_known), values in groupby(wanted, key=lambda value: (value.rpartition(".")[0], value in known)):
        listed = list(values)
        if not is_known:
            position = f"after {json.dumps(before)}" if before else "at the beginning"
            yield Edit(homes()[name], f"in {name}, add {position}", f"        {_quoted(listed)},")
        before = listed[-1]
    if removed := [value for value in known if value not in wanted]:
        yield Edit(homes()[name], f"in {name}, remove {_quoted(removed)}")


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
    """Return the imports that the new code of a file needs."""
    if file == INIT or not file.startswith("src/"):
        return []
    trees = [_tree(edit.code) for edit in edits if edit.file == file]
    used = {node.id for tree in trees for node in ast.walk(tree) if _is_used(node)}
    files = homes() | {name: edit.file for edit in edits for name in defined(_tree(edit.code))}
    missing = used - {*vars(module_of(file)), *vars(builtins)}
    return sorted(_import(name, files) for name in missing if files.get(name) != file)


def _is_used(node):
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)


def _tree(code):
    """Parse the code of an edit, which can be the first line of a class without its body."""
    return ast.parse(textwrap.dedent(code) + (" ..." if code.endswith(":") else ""))


def _import(name, files):
    if name in files:
        return f"from {module_name(files[name])} import {name}"
    return f"from {WHERE[name]} import {name}" if name in WHERE else f"# {name}: hptsdk has no such type yet"
