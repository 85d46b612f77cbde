"""What static tools read in the source is what a program finds: griffe and jedi do not run it."""

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
    """Give the names that a module's source binds at its top, under TYPE_CHECKING too."""
    names = set()
    waiting = list(ast.parse(inspect.getsource(module)).body)
    while waiting:
        node = waiting.pop()
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
                waiting += [*node.body, *node.orelse]
    return names


@pytest.mark.parametrize("name", public_modules())
def test_every_exported_name_stands_in_the_source(name):
    module = importlib.import_module(name)
    assert set(getattr(module, "__all__", ())) <= bound_in(module)


@pytest.mark.parametrize("name", public_modules())
def test_every_exported_name_is_there_when_asked_for(name):
    module = importlib.import_module(name)
    assert [found for found in getattr(module, "__all__", ()) if not hasattr(module, found)] == []


# Everything in the first two is public. The others export names to other packages of hptsdk only.
WITHOUT_A_LIST = ("hptsdk.enums", "hptsdk.scalars", "hptsdk.cli.", "hptsdk.local.", "hptsdk.progress", "hptsdk.rules")


@pytest.mark.parametrize("name", [name for name in public_modules() if not name.startswith(WITHOUT_A_LIST)])
def test_a_public_module_says_what_it_exports(name):
    assert importlib.import_module(name).__all__


def completed(code):
    """Give what jedi completes at the end of a text."""
    return {found.name for found in jedi.Script(code).complete() if not found.name.startswith("_")}


def test_an_editor_offers_what_dir_gives_of_the_package():
    assert completed("import hptsdk\nhptsdk.") >= {name for name in dir(hptsdk) if not name.startswith("_")}


def test_an_editor_offers_what_dir_gives_of_the_shapes():
    assert completed("import hptsdk\nhptsdk.shapes.") >= set(dir(shapes))


@pytest.mark.parametrize("name", [name for name in dir(hptsdk) if callable(getattr(hptsdk, name))])
def test_an_editor_goes_to_where_a_name_is_defined(name):
    [found] = jedi.Script(f"import hptsdk\nhptsdk.{name}").goto(follow_imports=True)
    assert found.full_name == f"{getattr(hptsdk, name).__module__}.{name}"
