"""The autodoc directives for public names, from the `__all__` of modules."""

from __future__ import annotations

import ast
import importlib
import inspect
import textwrap
from itertools import pairwise
from pathlib import Path
from types import ModuleType

__all__ = ["alias_docstring", "expanded", "names_text", "resolve"]

_SOURCES = Path(__file__).parents[2] / "src"

# Base classes whose methods are not documented.
_FOREIGN = "object, ABC, Protocol, Generic, tuple, str"

# Users get these classes from functions and methods, so the arguments of their constructors are not documented.
_WITHOUT_ARGUMENTS = {"DefinitionBuilder", "JobPlots", "Picture", "TrainingBuilder", "TuningJob", "TuningJobBuilder"}


def expanded(lines: str) -> list[str]:
    """Return the names of a page. Each line is a name, or a module for all names in its `__all__`."""
    return [name for line in lines.split() for name in _names_of(line)]


def names_text(lines: str) -> str:
    """Return the directives for the names of a page."""
    body = "\n".join(_directive(name) for name in expanded(lines))
    return f"````{{eval-rst}}\n{body}\n````\n"


def _names_of(name: str) -> list[str]:
    value = resolve(name)
    if not isinstance(value, ModuleType):
        return [name]
    parts = [f"{name}.{part}" for part in value.__all__]
    return [name, *(part for part in parts if not isinstance(resolve(part), ModuleType))]


def resolve(name: str) -> object:
    """Import the module, or return the attribute of a module, with this dotted name."""
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError:
        module, _, attribute = name.rpartition(".")
        return getattr(importlib.import_module(module), attribute)


def _directive(name: str) -> str:
    value = resolve(name)
    if isinstance(value, ModuleType):
        return f".. automodule:: {name}\n   :no-members:\n"
    if isinstance(value, type) and issubclass(value, BaseException):
        return f".. autoexception:: {name}\n   :members:\n   :show-inheritance:\n"
    if isinstance(value, type):
        # a protocol has no arguments of its own
        is_plain = value.__name__ in _WITHOUT_ARGUMENTS or getattr(value, "_is_protocol", False)
        arguments = "()" if is_plain else ""
        # the name of a test is its sentence
        tests = "   :undoc-members:\n" if any(each.startswith("test_") for each in dir(value)) else ""
        # the docstring of a NamedTuple describes its fields
        fields = f"   :exclude-members: {', '.join(value._fields)}\n" if hasattr(value, "_fields") else ""
        return f".. autoclass:: {name}{arguments}\n   :members:\n   :inherited-members: {_FOREIGN}\n{tests}{fields}"
    if inspect.isroutine(value):
        return f".. autofunction:: {name}\n"
    return _alias(name, value)


def _alias(name: str, value: object) -> str:
    """Return the directive for a type alias, in the public package that uses it."""
    from sphinx.util.typing import (
        stringify_annotation,
    )  # imported here, because the tests of the names run without Sphinx

    *places, own = name.split(".")
    module = ".".join(place for place in places if not place.startswith("_"))
    canonical = stringify_annotation(value, "smart").replace("~", "")
    content = textwrap.indent(alias_docstring(module, own), "   ")
    return f".. py:type:: {own}\n   :module: {module}\n   :canonical: {canonical}\n\n{content}\n"


def alias_docstring(module: str, name: str) -> str:
    """Return the string after the assignment of an alias in a public package; empty text if there is none."""
    package = _SOURCES.joinpath(*module.split("."))
    for file in sorted(package.rglob("*.py")) or [package.with_suffix(".py")]:
        for node, following in pairwise(ast.parse(file.read_text(encoding="utf-8")).body):
            match node, following:
                case (ast.Assign(targets=[ast.Name(id=target)]), ast.Expr(value=ast.Constant(value=str(text)))) if (
                    target == name
                ):
                    return inspect.cleandoc(text)
    return ""
