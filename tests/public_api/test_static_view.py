"""Static tools such as griffe and jedi, which do not run the code, see the same names as a program."""

import ast
import importlib
import inspect

import jedi
import pytest
from surface import public_modules

import hptsdk
from hptsdk import shapes

pytestmark = pytest.mark.long


def bound_in(module):
    """Return the names that the source of a module defines at module level, also under TYPE_CHECKING."""
    names = set()
    pending = list(ast.parse(inspect.getsource(module)).body)
    while pending:
        node = pending.pop()
        match node:
            case ast.ImportFrom() | ast.Import():
                names |= {alias.asname or alias.name for alias in node.names}
            case ast.FunctionDef() | ast.ClassDef():
                names.add(node.name)
            case ast.Assign(targets=targets):
                names |= {target.id for target in targets if isinstance(target, ast.Name)}
            case ast.AnnAssign(target=ast.Name(id=name)):
                names.add(name)
            case ast.If():
                pending += [*node.body, *node.orelse]
    return names


@pytest.mark.parametrize("name", public_modules())
def test_every_exported_name_is_defined_in_the_source(name):
    module = importlib.import_module(name)
    assert set(getattr(module, "__all__", ())) <= bound_in(module)


@pytest.mark.parametrize("name", public_modules())
def test_every_exported_name_exists(name):
    module = importlib.import_module(name)
    assert [each for each in getattr(module, "__all__", ()) if not hasattr(module, each)] == []


# All names in the first two are public. The others export names to other packages of hptsdk only.
WITHOUT_A_LIST = ("hptsdk.enums", "hptsdk.scalars", "hptsdk.cli.", "hptsdk.local.", "hptsdk.progress", "hptsdk.rules")
# A package of modules, each with its own names.
WITHOUT_NAMES = {"hptsdk.integrations"}


@pytest.mark.parametrize(
    "name", [each for each in public_modules() if not each.startswith(WITHOUT_A_LIST) and each not in WITHOUT_NAMES]
)
def test_a_public_module_has_a_list_of_its_names(name):
    assert importlib.import_module(name).__all__


def completed(code):
    """Return the names that jedi completes at the end of code."""
    return {each.name for each in jedi.Script(code).complete() if not each.name.startswith("_")}


def test_an_editor_completes_the_names_that_dir_returns_for_the_package():
    assert completed("import hptsdk\nhptsdk.") >= {name for name in dir(hptsdk) if not name.startswith("_")}


def test_an_editor_completes_the_names_that_dir_returns_for_the_shapes():
    assert completed("import hptsdk\nhptsdk.shapes.") >= set(dir(shapes))


@pytest.mark.parametrize("name", [name for name in dir(hptsdk) if callable(getattr(hptsdk, name))])
def test_an_editor_goes_to_the_definition_of_a_name(name):
    [definition] = jedi.Script(f"import hptsdk\nhptsdk.{name}").goto(follow_imports=True)
    assert definition.full_name == f"{getattr(hptsdk, name).__module__}.{name}"
