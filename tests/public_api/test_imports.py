"""Packages import each other's public names only."""

import ast
from pathlib import Path

import pytest

import hptsdk

SOURCE = Path(hptsdk.__file__).parent
MODULES = {path.relative_to(SOURCE).as_posix(): path for path in sorted(SOURCE.rglob("*.py"))}

# Internal to hptsdk: each other package may use what they export.
INTERNAL = ("_extras", "_validation")


def imported_names(source):
    """Yield the full names of what a module imports, such as `hptsdk.shapes.Tag`."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def private_imports(source, package):
    """Return the private names that a module of a package imports from other packages of hptsdk."""
    result = []
    for name in imported_names(source):
        root, _, rest = name.partition(".")
        owner, *inside = rest.split(".")
        private = [part for part in (owner, *inside) if part.startswith("_") and not part.endswith("__")]
        if root == "hptsdk" and owner != package and private and (owner not in INTERNAL or private != [owner]):
            result.append(name)
    return result


@pytest.mark.long
def test_no_module_imports_a_private_name_of_another_package():
    imports = {
        module: private_imports(path.read_text(encoding="utf-8"), module.partition("/")[0].removesuffix(".py"))
        for module, path in MODULES.items()
    }
    assert not {module: names for module, names in imports.items() if names}


@pytest.mark.parametrize(
    "source",
    [
        "from hptsdk.shapes._base import Shape",
        "from hptsdk.shapes import _base",
        "from hptsdk.rules.metrics import _check",
        "import hptsdk.local._engine",
        "from hptsdk._validation._members import members_of",
    ],
)
def test_a_private_name_of_another_package_is_reported(source):
    assert private_imports(source, "client")


@pytest.mark.parametrize(
    "source",
    [
        "from hptsdk.shapes import Tag",
        "from hptsdk import __version__",
        "from hptsdk.client._job import wait",
        "from hptsdk._validation import members_of",
        "from hptsdk._extras import missing_extra",
        "from attrs._make import NOTHING",
    ],
)
def test_other_imports_are_allowed(source):
    assert not private_imports(source, "client")
