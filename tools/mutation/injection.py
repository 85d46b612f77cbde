"""Use a mutant in the running process: replace the code of a loaded function, or import the mutant."""

from __future__ import annotations

import inspect
import sys
from functools import cached_property
from importlib.abc import MetaPathFinder, SourceLoader
from importlib.machinery import ModuleSpec
from types import CodeType, FunctionType
from typing import TYPE_CHECKING

from typing_extensions import TypeIs, override

if TYPE_CHECKING:
    from types import ModuleType

    from mutants import Mutant


def import_name(module: str) -> str:
    """Return the name by which a file of the package is imported."""
    return "hptsdk." + module.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


# --- replace the code of a loaded function --------------------------------------------------------------------------


def compiled(source: str) -> CodeType:
    """Compile the source of a module, without the `__future__` imports of this module."""
    return compile(source, "<mutant>", "exec", dont_inherit=True)


def replace_code(mutant: Mutant, original: str) -> bool:
    """Replace the code of a loaded function; return False if that is not possible, as for a changed default."""
    before, after = compiled(original), compiled(mutant.source)
    if not mutant.function or rest_of(before, mutant.function) != rest_of(after, mutant.function):
        return False
    function = function_named(sys.modules[import_name(mutant.module)], mutant.function)
    code = code_named(after, mutant.function)
    if function is None or code is None or code.co_freevars != function.__code__.co_freevars:
        return False
    function.__code__ = code
    return True


def rest_of(code: CodeType, name: str) -> tuple[object, ...]:
    """Return the code of a module without that of one function, in a form that can be compared."""
    inner = tuple(rest_of(const, name) for const in code.co_consts if is_code(const) and const.co_qualname != name)
    constants = tuple(repr(const) for const in code.co_consts if not is_code(const))
    return (code.co_qualname, code.co_code, constants, code.co_names, inner)


def is_code(const: object) -> TypeIs[CodeType]:
    """Check whether a constant is the code of a function or class."""
    return isinstance(const, CodeType)


def code_named(code: CodeType, name: str) -> CodeType | None:
    """Return the code of a function by its qualified name; None if there is none."""
    for const in code.co_consts:
        if is_code(const) and (match := const if const.co_qualname == name else code_named(const, name)):
            return match
    return None


def function_named(module: ModuleType, name: str) -> FunctionType | None:
    """Return a function by its qualified name, also if a property, a decorator or a rule wraps it; None otherwise."""
    value: object = module
    for part in name.split("."):
        value = inspect.getattr_static(value, part, None)
    match value:
        case property():
            value = value.fget
        case cached_property():
            value = value.func
        case classmethod() | staticmethod():
            value = value.__func__
    value = getattr(value, "check", value)
    value = inspect.unwrap(value) if callable(value) else value
    return value if isinstance(value, FunctionType) else None


# --- import the mutant ----------------------------------------------------------------------------------------------


class MutantImporter(MetaPathFinder, SourceLoader):
    """An import hook that loads one module from the source of a mutant."""

    def __init__(self, mutant: Mutant, path: str) -> None:
        self.name = import_name(mutant.module)
        self.source = mutant.source
        self.path = path

    @override
    def find_spec(self, fullname: str, path: object, target: object = None) -> ModuleSpec | None:
        """Return the specification of this module; None for other modules."""
        if fullname != self.name:
            return None
        is_package = self.path.endswith("__init__.py")
        spec = ModuleSpec(fullname, self, origin=self.path, is_package=is_package)
        if is_package:
            spec.submodule_search_locations = [self.path.removesuffix("/__init__.py")]
        return spec

    @override
    def get_filename(self, fullname: str) -> str:
        """Return the path of the original module."""
        return self.path

    @override
    def get_data(self, path: str) -> bytes:
        """Return the source of the mutant."""
        return self.source.encode()


def install_importer(mutant: Mutant, path: str) -> None:
    """Make the next import load the mutant in place of the original module.

    Raises:
        RuntimeError: A module of hptsdk is already loaded.
    """
    if any(name.partition(".")[0] == "hptsdk" for name in sys.modules):
        raise RuntimeError("hptsdk is already loaded")
    sys.meta_path.insert(0, MutantImporter(mutant, path))
