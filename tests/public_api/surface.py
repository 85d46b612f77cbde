"""The public API of hptsdk: modules, and their classes, functions, methods and properties."""

import importlib
import inspect
import pkgutil
from typing import NamedTuple

import hptsdk

# Not public although their names are: `hptsdk.schema.rules()` describes the rules, `hptsdk.shapes` exports the classes.
INNER = ("hptsdk.rules.", "hptsdk.shapes.")


def public_modules():
    """Return the names of all modules whose name has no part with an underscore."""
    names = [info.name for info in pkgutil.walk_packages(hptsdk.__path__, "hptsdk.")]
    return ["hptsdk", *(name for name in names if "._" not in name and not name.startswith(INNER))]


class Part(NamedTuple):
    """A public class, function, or member of a class."""

    name: str
    value: object

    @property
    def functions(self):
        """The functions whose signature users see."""
        match self.value:
            case property():
                return [self.value.fget]
            case type():
                has_own = "__init__" in vars(self.value) and not getattr(self.value, "_is_protocol", False)
                return [self.value.__init__] if has_own else []
            case classmethod() | staticmethod():
                return [self.value.__func__]
            case _:
                return [self.value]


def is_part(value):
    """Check whether a value is a class, a function, a method or a property, not data or an object of `typing`."""
    kinds = (type, property, classmethod, staticmethod)
    return isinstance(value, kinds) or inspect.isfunction(value) or inspect.isfunction(getattr(value, "__wrapped__", 0))


def public_parts():
    """Yield each public class and function once, with the public members of classes."""
    values = {}
    for module in public_modules():
        loaded = importlib.import_module(module)
        for name in getattr(loaded, "__all__", ()):
            value = getattr(loaded, name)
            if is_part(value):
                values.setdefault(f"{value.__module__}.{value.__qualname__}", value)
    for name, value in sorted(values.items()):
        yield Part(name, value)
        for member, each in members_of(value) if isinstance(value, type) else ():
            yield Part(f"{name}.{member}", each)


def members_of(cls):
    """Return the public members of a class, with those of its base classes in hptsdk."""
    bases = [base for base in reversed(cls.__mro__) if base.__module__.startswith("hptsdk")]
    members = {name: value for base in bases for name, value in vars(base).items()}
    return [(name, value) for name, value in members.items() if not name.startswith("_") and is_part(value)]


PARTS = list(public_parts())
NAMES = [part.name for part in PARTS]
