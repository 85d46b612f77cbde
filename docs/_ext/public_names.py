"""Writes what autodoc is asked for, from the names that the public modules list themselves."""

from __future__ import annotations

import importlib
import inspect
from types import ModuleType

__all__ = ["expanded", "found_by_name", "names_text"]

# Whose methods say nothing of hptsdk.
_FOREIGN = "object, ABC, Protocol, Generic, tuple, str"

# Made by functions and methods only, so that their own arguments are nobody's business.
_MADE = {"DefinitionBuilder", "JobPlots", "Picture", "TrainingBuilder", "TuningJob", "TuningJobBuilder"}


def expanded(lines: str) -> list[str]:
    """Give the names of a page: each line is one name, or a module, which stands for all that it lists."""
    return [name for line in lines.split() for name in _names_of(line)]


def names_text(lines: str) -> str:
    """Write the directives for the names of a page."""
    body = "\n".join(_directive(name) for name in expanded(lines))
    return f"````{{eval-rst}}\n{body}\n````\n"


def _names_of(name: str) -> list[str]:
    found = found_by_name(name)
    if not isinstance(found, ModuleType):
        return [name]
    parts = [f"{name}.{part}" for part in found.__all__]
    return [name, *(part for part in parts if not isinstance(found_by_name(part), ModuleType))]


def found_by_name(name: str) -> object:
    """Find what a dotted name means: a module, or what stands in one."""
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError:
        module, _, attribute = name.rpartition(".")
        return getattr(importlib.import_module(module), attribute)


def _directive(name: str) -> str:
    found = found_by_name(name)
    if isinstance(found, ModuleType):
        return f".. automodule:: {name}\n   :no-members:\n"
    if isinstance(found, type) and issubclass(found, BaseException):
        return f".. autoexception:: {name}\n   :members:\n   :show-inheritance:\n"
    if isinstance(found, type):
        arguments = "()" if found.__name__ in _MADE else ""
        return f".. autoclass:: {name}{arguments}\n   :members:\n   :inherited-members: {_FOREIGN}\n"
    if inspect.isroutine(found):
        return f".. autofunction:: {name}\n"
    return _alias(name, found)


def _alias(name: str, found: object) -> str:
    """Write an alias of types under the public package that uses it, with what it stands for."""
    from sphinx.util.typing import stringify_annotation  # tests of the names do without Sphinx

    *places, own = name.split(".")
    module = ".".join(place for place in places if not place.startswith("_"))
    canonical = stringify_annotation(found, "smart").replace("~", "")
    return f".. py:type:: {own}\n   :module: {module}\n   :canonical: {canonical}\n"
