"""The source has the size and the form that CONTRIBUTING.md describes."""

import ast
from pathlib import Path

import pytest

import hptsdk

SOURCES = {path: path.read_text() for path in sorted(Path(hptsdk.__file__).parent.rglob("*.py"))}
WITH_DOCSTRING = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def docstring_lines(source):
    """Return the number of lines of all docstrings."""
    nodes = [node for node in ast.walk(ast.parse(source)) if isinstance(node, WITH_DOCSTRING)]
    strings = [node.body[0] for node in nodes if ast.get_docstring(node) is not None]
    return sum(string.end_lineno - string.lineno + 1 for string in strings)


def test_private_modules_have_no_list_of_public_names():
    private = {path.name: text for path, text in SOURCES.items() if path.name[0] == "_" and path.name[:2] != "__"}
    assert [name for name, text in private.items() if "\n__all__" in text] == []


def test_no_module_has_more_than_350_lines():
    assert {path.name: lines for path, text in SOURCES.items() if (lines := len(text.splitlines())) > 350} == {}


@pytest.mark.parametrize("exception", ["# noqa", "cast("])
def test_there_are_at_most_60_exceptions_for_the_checkers(exception):
    assert sum(text.count(exception) for text in SOURCES.values()) <= 60


def test_the_package_has_at_most_24_modules_and_packages_at_its_top_level():
    folder = Path(hptsdk.__file__).parent
    packages = {path.parent.name for path in folder.glob("*/__init__.py")}
    modules = {path.stem for path in folder.glob("*.py")} - {"__init__"}
    assert len(packages | modules) <= 24


@pytest.mark.long
def test_a_fifth_of_the_lines_are_docstrings():
    lines = sum(len(text.splitlines()) for text in SOURCES.values())
    assert sum(map(docstring_lines, SOURCES.values())) >= lines / 5
