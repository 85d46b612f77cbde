"""What of hptsdk is public: modules, and the classes, functions, methods and properties that they define."""

import importlib
import inspect
import pkgutil
from typing import NamedTuple

import hptsdk

# Public by name only: the rules are told of by `hptsdk.schema.rules()`, and a class is exported by `hptsdk.shapes`.
INNER = ("hptsdk.rules.", "hptsdk.shapes.")


def public_modules():
    """Give the names of all modules that have no underscore anywhere in their name."""
    found = [info.name for info in pkgutil.walk_packages(hptsdk.__path__, "hptsdk.")]
    return ["hptsdk", *(name for name in found if "._" not in name and not name.startswith(INNER))]


class Part(NamedTuple):
    """A public part of a module: a class, a function, or a class's member."""

    name: str
    found: object

    @property
    def functions(self):
        """The functions whose signature users see."""
        match self.found:
            case property():
                return [self.found.fget]
            case type():
                has_own = "__init__" in vars(self.found) and not getattr(self.found, "_is_protocol", False)
                return [self.found.__init__] if has_own else []
            case classmethod() | staticmethod():
                return [self.found.__func__]
            case _:
                return [self.found]


def is_part(found):
    """Tell classes, functions and what is like them from data and typing's own objects."""
    kinds = (type, property, classmethod, staticmethod)
    return isinstance(found, kinds) or inspect.isfunction(found) or inspect.isfunction(getattr(found, "__wrapped__", 0))


def public_parts():
    """Give every public class and function once, under its own name, with the public members of each class."""
    met = {}
    for module in public_modules():
        loaded = importlib.import_module(module)
        for name in getattr(loaded, "__all__", ()):
            found = getattr(loaded, name)
            if is_part(found):
                met.setdefault(f"{found.__module__}.{found.__qualname__}", found)
    for name, found in sorted(met.items()):
        yield Part(name, found)
        for member, value in members_of(found) if isinstance(found, type) else ():
            yield Part(f"{name}.{member}", value)


def members_of(cls):
    """Give the public members of a class, those too that a class of ours that it builds on defines."""
    bases = [base for base in reversed(cls.__mro__) if base.__module__.startswith("hptsdk")]
    found = {name: value for base in bases for name, value in vars(base).items()}
    return [(name, value) for name, value in found.items() if not name.startswith("_") and is_part(value)]


PARTS = list(public_parts())
NAMES = [part.name for part in PARTS]
