"""A mutant put into the running process: into a loaded function where that is enough, else into a fresh import."""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import inspect
import sys
from functools import cached_property
from types import CodeType, FunctionType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importlib.machinery import ModuleSpec
    from types import ModuleType

    from mutants import Mutant


def module_name(subject: str) -> str:
    """Give the name that a file of the package is imported by."""
    return "hptsdk." + subject.removesuffix(".py").replace("/", ".")


# --- into a function that is there ----------------------------------------------------------------------------------


def compiled(source: str) -> CodeType:
    """Compile a module as it says itself."""
    return compile(source, "<mutant>", "exec", dont_inherit=True)


def swap(mutant: Mutant, original: str) -> bool:
    """Give the function its faulty code; False where the mistake is not within one, or it can't be found."""
    before, after = compiled(original), compiled(mutant.source)
    if not mutant.place or outside(before, mutant.place) != outside(after, mutant.place):
        return False
    function = function_at(sys.modules[module_name(mutant.subject)], mutant.place)
    code = code_at(after, mutant.place)
    if function is None or code is None or code.co_freevars != function.__code__.co_freevars:
        return False
    function.__code__ = code
    return True


def outside(code: CodeType, place: str) -> tuple[object, ...]:
    """Give what a module does but for one function."""
    inner = tuple(outside(const, place) for const in code.co_consts if is_code(const) and const.co_qualname != place)
    rest = tuple(repr(const) for const in code.co_consts if not is_code(const))
    return (code.co_qualname, code.co_code, rest, code.co_names, inner)


def is_code(const: object) -> bool:
    """Tell the code of functions and classes from other constants."""
    return isinstance(const, CodeType)


def code_at(code: CodeType, place: str) -> CodeType | None:
    """Find the code of a function by its qualified name."""
    for const in code.co_consts:
        if is_code(const) and (found := const if const.co_qualname == place else code_at(const, place)):
            return found
    return None


def function_at(module: ModuleType, place: str) -> FunctionType | None:
    """Find a function, also behind a property, a decorator or a rule."""
    found: object = module
    for name in place.split("."):
        found = inspect.getattr_static(found, name, None)
    match found:
        case property():
            found = found.fget
        case cached_property():
            found = found.func
        case classmethod() | staticmethod():
            found = found.__func__
    found = getattr(found, "check", found)
    found = inspect.unwrap(found) if callable(found) else found
    return found if isinstance(found, FunctionType) else None


# --- into a fresh import --------------------------------------------------------------------------------------------


class Faulty(importlib.abc.MetaPathFinder, importlib.abc.SourceLoader):
    """Loads one module from the source of a mutant."""

    def __init__(self, mutant: Mutant, file: str) -> None:
        self.name = module_name(mutant.subject)
        self.source = mutant.source
        self.file = file

    def find_spec(self, fullname: str, path: object, target: object = None) -> ModuleSpec | None:  # noqa: ARG002 - the protocol's
        """Take over for the one module."""
        if fullname != self.name:
            return None
        return importlib.machinery.ModuleSpec(fullname, self, origin=self.file)

    def get_filename(self, fullname: str) -> str:  # noqa: ARG002 - the protocol's
        """Say where the right one is."""
        return self.file

    def get_data(self, path: str) -> bytes:  # noqa: ARG002 - the protocol's
        """Give the faulty source."""
        return self.source.encode()


def load_faulty(mutant: Mutant, file: str) -> None:
    """Have the mutant imported in place of the right module, which must not be loaded yet."""
    if any(name.partition(".")[0] == "hptsdk" for name in sys.modules):
        raise RuntimeError("hptsdk is loaded already")
    sys.meta_path.insert(0, Faulty(mutant, file))
