"""The base classes of all shapes: validated at construction, immutable, hashable, picklable, with code as `repr`.

Responses are not validated, so the functions at the end read members that can be missing or of another type.
"""

from __future__ import annotations

import sys
from datetime import datetime
from functools import partial
from math import inf, isfinite, isnan
from operator import attrgetter
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar

from hptsdk._validation._members import Kind, members_of
from hptsdk._validation._plain_values import (
    FrozenMap,
    Unreadable,
    attempt,
    cache_by_class,
    entries_of,
    is_dict,
    is_list,
    is_mapping,
    is_tuple,
    items_of,
    to_builtin,
    to_datetime,
)
from hptsdk._validation._problems import format_value, with_article
from hptsdk._validation._validators import constructor_of, validate_new

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    import attrs

    from hptsdk._validation._rules import Rule

# Shapes hold this one NaN, so that two of them can be equal: tuples compare the identity of their items first.
NAN = float("nan")

# The text that the service sends for numbers that JSON does not have.
NOT_FINITE = {"NaN": NAN, "Infinity": float("inf"), "-Infinity": float("-inf")}

# The types of values that a response stores as they are, except for timestamps.
_STORED = frozenset({str, int, tuple, FrozenMap})

# The statuses of a tuning job that no longer changes.
ENDED = frozenset({"Completed", "Failed", "Stopped", "DeleteFailed"})

_set = object.__setattr__


class Shape:
    """A structure of the API as an immutable object.

    The values of a request are validated at construction, and one `hptsdk.errors.InvalidShapeError` reports all
    violations. A part of a response is not validated until a request contains it.
    """

    # None if the shape and its parts are valid. Otherwise it is not validated, and this has the entries of its document
    # that are not members, and the nulls.
    __slots__ = ("_extra",)

    # The rules between members, also those of level advice; see `hptsdk.schema.rules`.
    RULES: ClassVar[tuple[Rule, ...]] = ()

    if TYPE_CHECKING:
        __attrs_attrs__: ClassVar[tuple[attrs.Attribute[object], ...]]
        _extra: dict[object, object] | None

    __attrs_post_init__ = validate_new

    @classmethod
    def __attrs_init_subclass__(cls) -> None:
        """Complete a class of attrs, and register it with Hypothesis if that is loaded."""
        type.__setattr__(cls, "__init__", constructor_of(cls))
        if sys.modules.get("hypothesis") is not None:
            from hptsdk.testing.hypothesis_plugin import register_shape

            register_shape(cls)

    @property
    def unmodelled(self) -> Mapping[str, object]:
        """The entries of a response that hptsdk does not model, by wire name; empty if there are none."""
        known = {member.wire_name for member in members_of(type(self))}
        extra: dict[Any, object] = self._extra or {}
        return MappingProxyType({name: value for name, value in extra.items() if name not in known})

    def __eq__(self, other: object) -> bool:
        """Compare the members with those of an instance of the same class."""
        if type(self) is not type(other):
            return NotImplemented
        values = member_values(type(self))
        return attempt(lambda: values(self) == values(other), lambda: False)

    def __hash__(self) -> int:
        """Return a hash of the members."""
        values = member_values(type(self))(self)
        always_hashable = (value for value in values if type(value) is str or isinstance(value, Shape))
        return attempt(lambda: hash((type(self), values)), lambda: hash((type(self), *always_hashable)))

    def _present(self) -> Iterator[tuple[str, object]]:
        """Yield the attribute and the value of each member that is not None."""
        for member in members_of(type(self)):
            if (value := getattr(self, member.attribute, None)) is not None:
                yield member.attribute, value

    def __repr__(self) -> str:
        """Return the code that creates an equal instance, without the members that are None."""
        return f"{type(self).__name__}({', '.join(f'{k}={_code(v)}' for k, v in self._present())})"

    def __str__(self) -> str:
        """Return indented JSON, with the kind and size in place of values that may be secrets."""
        from hptsdk._validation._display import as_text

        return as_text(self)

    def _repr_html_(self) -> str:
        from hptsdk._validation._display import as_html

        return as_html(self)

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle and copy with `_extra`, which the `__getstate__` of attrs would lose."""
        return unvalidated, (type(self), dict(self._present()), self._extra)


class Response(Shape):
    """A structure that only the service sends. It is never validated."""

    __slots__ = ()

    def __attrs_post_init__(self) -> None:
        """Convert values to the forms that shapes store, such as tuples for lists."""
        _set(self, "_extra", {})
        for member in members_of(type(self)):
            value: object = getattr(self, member.attribute)
            if value is None or (type(value) in _STORED and member.type.kind != "timestamp"):
                continue
            converted = attempt(partial(_converted, value, member.type.kind), Unreadable)
            if converted is not value:
                _set(self, member.attribute, converted)


def _converted(value: object, kind: Kind) -> object:
    if kind == "timestamp" and (time := to_datetime(value)) is not None:
        return time
    if is_list(value):
        return items_of(value)
    if is_dict(value):
        return FrozenMap(entries_of(value))
    return NAN if isinstance(value, float) and isnan(value) else value


@cache_by_class
def member_values(cls: type[Shape]) -> Callable[[object], tuple[object, ...]]:
    """Return the function that returns the values of all members of an instance."""
    names = [member.attribute for member in members_of(cls)]
    if not names:
        return lambda _: ()
    values = attrgetter(*names)
    return values if len(names) > 1 else lambda shape: (values(shape),)


def _code(value: object) -> str:
    """Format a value as code; `...` if that is not possible."""
    return attempt(partial(_literal, value), lambda: "...")


def _literal(value: object) -> str:
    match value:
        case datetime():
            return repr(value.isoformat())
        case float() if not isfinite(value):
            return f"float({str(value)!r})"
        case _ if is_tuple(value):
            return f"[{', '.join(map(_code, value))}]"
        case _:
            return repr(value)


def check_shape(value: object, cls: type[Shape] = Shape) -> None:
    """Raise TypeError if an argument is not a shape of a class, by default of any class."""
    if not isinstance(value, cls):
        expected, name = ("shape", "CLASS") if cls is Shape else (cls.__name__, f"hptsdk.shapes.{cls.__name__}")
        method = next((name for name in ("build", "fill") if hasattr(value, name)), "")
        hint = f"; call its {method}() first" if method else ""
        if is_mapping(value):
            hint = f"; create one with hptsdk.from_wire({name}, ...)"
        raise TypeError(f"expected a {expected}, got {with_article(type(value).__name__)}{hint}")


def check_class(cls: object) -> None:
    """Raise TypeError if an argument is not a class of `hptsdk.shapes`."""
    if not (isinstance(cls, type) and issubclass(cls, Shape)):
        got = cls.__name__ if isinstance(cls, type) else format_value(cls)
        raise TypeError(f"expected a class of hptsdk.shapes as the first argument, got {got}")


def unvalidated(cls: type[Shape], members: Mapping[str, object], extra: dict[object, object] | None) -> Shape:
    """Create an instance without validation.

    Args:
        cls: the class.
        members: values by attribute; the others are None.
        extra: the unknown entries and the nulls of its document; None if the members are known to be valid.
    """
    shape = object.__new__(cls)
    for member in members_of(cls):
        value = members.get(member.attribute)
        _set(shape, member.attribute, NAN if type(value) is float and isnan(value) else value)
    _set(shape, "_extra", extra)
    return shape


def finite(value: object) -> object:
    """Replace a number that is not finite with the text that the service uses for it."""
    if isinstance(value, float) and not isfinite(value):
        return next(text for text, number in NOT_FINITE.items() if str(number) == str(value))
    return value


# --- members of responses ---


def member_at(value: object, *names: str) -> object:
    """Return the attribute of an attribute, and so on for all names; None if one is missing."""
    for name in names:
        value = getattr(value, name, None)
    return value


def text(value: object) -> str:
    """Format a value as text; None, and an object that cannot be printed, are empty text."""
    try:
        return "" if value is None else str(value)
    except Exception:  # noqa: BLE001 - the methods of a caller's class can raise anything
        return ""


def number(value: object) -> float | None:
    """Return a number as a float, also infinite or NaN; None for all other values."""
    plain_value = to_builtin(value)
    if isinstance(plain_value, bool) or not isinstance(plain_value, int | float):
        return None
    try:
        return float(plain_value)
    except OverflowError:
        return inf if plain_value > 0 else -inf


def aware_datetime(value: object) -> datetime | None:
    """Return an aware datetime in UTC; None for all other values."""
    return to_datetime(value) if isinstance(value, datetime) else None


class WithTunedNames(Response):
    """A description of a training job that can have the names of its tuned hyperparameters, which are not secrets.

    A copy, also a pickled one, does not have these names.
    """

    __slots__ = ("_tuned",)


def store_tuned_names(response: WithTunedNames, tuned: object) -> None:
    """Store the names of the hyperparameters that have the same value in `TunedHyperParameters` of a summary."""
    values: object = getattr(response, "hyper_parameters", None)
    if is_mapping(tuned) and is_mapping(values):
        names = [name for name, value in tuned.items() if isinstance(value, str) and values.get(name) == value]
        _set(response, "_tuned", frozenset(names))


def tuned_names(shape: object, attribute: str) -> Collection[object]:
    """Return the keys of a member that are tuned hyperparameters; empty if none is known."""
    names: frozenset[object] = getattr(shape, "_tuned", frozenset())
    return names if attribute == "hyper_parameters" else ()
