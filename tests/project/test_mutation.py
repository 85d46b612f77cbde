"""The explanations of the survivors of mutation testing are about functions that exist."""

import ast
import tomllib
from pathlib import Path

import pytest

import hptsdk

EXPLANATIONS = Path(__file__).parents[2] / "tools" / "mutation" / "equivalents.toml"
ENTRIES = [
    pytest.param(module, function, id=f"{module}:{function}")
    for module, functions in tomllib.loads(EXPLANATIONS.read_text()).items()
    for function in functions
    if function != "<module>"
]


@pytest.mark.parametrize(("module", "function"), ENTRIES)
def test_an_explained_function_exists(module, function):
    node = ast.parse((Path(hptsdk.__file__).parent / module).read_text())
    for name in function.split("."):
        node = next((inner for inner in ast.iter_child_nodes(node) if getattr(inner, "name", "") == name), None)
        assert node is not None
