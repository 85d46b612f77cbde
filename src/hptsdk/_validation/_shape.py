"""The base of all shapes: checked when constructed, immutable, hashable, picklable, printable as code."""

from __future__ import annotations

import sys
from datetime import datetime
from math import isfinite, isnan
from operator import attrgetter
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar, cast

from hptsdk._validation._arguments import checking_constructor
from hptsdk._validation._conversion import instant
from hptsdk._validation._frozen_map import FrozenMap
from hptsdk._validation._members import members_of
from hptsdk._validation._plain_values import entries_of, items_of
from hptsdk._validation._reference import check_first, put
from hptsdk._validation._source import once_a_class

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from hptsdk._validation._problems import Problem
    from hptsdk._validation._rules import Rule

# Classes of which there was an instance. Making the fast check costs as much as a hundred slow ones.
_met: set[type] = set()

# Shapes keep this one NaN, so that those that hold it can be equal: comparing tuples asks for identity first.
NAN = float("nan")

# How the service writes the numbers that JSON lacks.
NOT_FINITE = {"NaN": NAN, "Infinity": float("inf"), "-Infinity": float("-inf")}

__all__ = ["NAN", "NOT_FINITE", "Response", "Shape", "unchecked"]


class Shape:
    """A structure of the API as an immutable object.

    What stands in a request is checked when it is constructed, and everything wrong is reported in one
    `hptsdk.errors.InvalidShapeError`. What is parsed out of a response is not checked, and remembers that: a request
    that takes it in checks it then.
    """

    # None once checked to the leaves; else what the document had beyond the members, and the nulls it had for some.
    __slots__ = ("_aside",)

    # What must hold between members, and advice about them; `hptsdk.schema.rules` reads it.
    RULES: ClassVar[tuple[Rule, ...]] = ()

    if TYPE_CHECKING:
        _aside: dict[object, object] | None

    def __attrs_post_init__(self, collect: bool = False) -> list[Problem] | None:  # noqa: FBT001, FBT002 - made for speed
        """Check; the function that does it fast is made for the second instance of a class."""
        cls = type(self)
        if cls not in _met:
            _met.add(cls)
            return check_first(self, collect=collect)
        from hptsdk._validation._compiled import made_check, made_constructor  # not for one instance

        check = made_check(cls)
        setattr(cls, "__init__", made_constructor(cls))  # noqa: B010 - mypy takes no assignment to a method
        setattr(cls, "__attrs_post_init__", check)  # noqa: B010 - mypy takes no assignment to a method
        return check(self, collect)

    @classmethod
    def __attrs_init_subclass__(cls) -> None:
        """Complete a class that attrs has made, and register it with Hypothesis if that is loaded."""
        setattr(cls, "__init__", checking_constructor(cls))  # noqa: B010 - mypy takes no assignment to a method
        if "hypothesis" in sys.modules:
            from hptsdk.testing._hypothesis_entry import register_shape  # only needed by users of Hypothesis

            register_shape(cls)

    @property
    def unmodelled(self) -> Mapping[str, object]:
        """What a response held here beyond the members that hptsdk knows, by wire name."""
        known = {member.wire for member in members_of(type(self))}
        return MappingProxyType({cast("str", k): v for k, v in (self._aside or {}).items() if k not in known})

    def __eq__(self, other: object) -> bool:
        """Compare the members with those of the same class."""
        if type(self) is not type(other):
            return NotImplemented
        values = _values(type(self))
        try:
            return values(self) == values(other)
        except Exception:  # noqa: BLE001 - an unchecked shape can hold anything, at any depth
            return False

    def __hash__(self) -> int:
        """Agree with equality."""
        values = _values(type(self))(self)
        try:
            return hash((type(self), values))
        except Exception:  # noqa: BLE001 - likewise
            return hash((type(self), *(v for v in values if type(v) is str or isinstance(v, Shape))))

    def _present(self) -> Iterator[tuple[str, object]]:
        """Give the members that are there."""
        for member in members_of(type(self)):
            if (value := getattr(self, member.attribute, None)) is not None:
                yield member.attribute, value

    def __repr__(self) -> str:
        """Show the code that builds it again, absent members left out."""
        return f"{type(self).__name__}({', '.join(f'{k}={_code(v)}' for k, v in self._present())})"

    def __str__(self) -> str:
        """Return indented JSON; values that may be secrets are replaced by their kind and size."""
        from hptsdk._validation._text import as_text  # only needed to print

        return as_text(self)

    def _repr_html_(self) -> str:
        from hptsdk._validation._html import as_html  # only notebooks need it

        return as_html(self)

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle and copy as it is, checked or not; the `__getstate__` that attrs makes would lose `_aside`."""
        return unchecked, (type(self), dict(self._present()), self._aside)


class Response(Shape):
    """A structure that only the service sends: whatever it holds is taken."""

    __slots__ = ()

    def __attrs_post_init__(self, collect: bool = False) -> list[Problem] | None:  # noqa: FBT001, FBT002 - made for speed
        """Freeze the lists and maps, and check nothing."""
        put(self, "_aside", {})
        for member in members_of(type(self)):
            value: object = getattr(self, member.attribute)
            if isinstance(value, list):
                put(self, member.attribute, items_of(cast("object", value)))
            elif isinstance(value, dict):
                put(self, member.attribute, FrozenMap(entries_of(cast("dict[object, object]", value))))
            elif isinstance(value, float) and isnan(value):
                put(self, member.attribute, NAN)
            elif member.type.kind == "timestamp" and (moment := instant(value)) is not None:
                put(self, member.attribute, moment)
        return None


@once_a_class
def _values(cls: type[Shape]) -> Callable[[object], tuple[object, ...]]:
    """Make the function that gives an instance's members, the absent ones too."""
    names = [member.attribute for member in members_of(cls)]
    if len(names) > 1:
        return attrgetter(*names)
    return lambda shape: tuple(getattr(shape, name) for name in names)


def _code(value: object) -> str:
    """Write a value as code that needs no import; `...` stands for what cannot be written."""
    try:
        return _written(value)
    except Exception:  # noqa: BLE001 - an unchecked shape can hold anything, at any depth
        return "..."


def _written(value: object) -> str:
    match value:
        case datetime():
            return repr(value.isoformat())
        case float() if not isfinite(value):
            return f"float({str(value)!r})"
        case tuple():
            items = cast("tuple[object, ...]", value)
            return f"[{', '.join(map(_code, items))}]"
        case _:
            return repr(value)


def unchecked(cls: type[Shape], members: Mapping[str, object], aside: dict[object, object] | None) -> Shape:
    """Make an instance of these members without checking them; `aside` None says that they are known to be right."""
    shape = object.__new__(cls)
    for member in members_of(cls):
        value = members.get(member.attribute)
        put(shape, member.attribute, NAN if isinstance(value, float) and isnan(value) else value)
    put(shape, "_aside", aside)
    return shape
