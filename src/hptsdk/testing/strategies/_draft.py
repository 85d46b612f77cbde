"""The drawing of one instance of a shape: members that a caller fixes, that rules connect, and all others.

A draw function draws the members of one class that rules connect. It runs before the other members are drawn, so that
it needs no filter. A class without such rules needs none: its members have the values that their types and constraints
allow.

Each optional part is drawn directly after the choice to include it, so that Hypothesis can remove the two together.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from itertools import combinations
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from hypothesis import strategies as st

from hptsdk import schema
from hptsdk._validation import cache_by_class
from hptsdk.testing.strategies._texts import bounds, distinct, draw_text, repeat_distinct

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from hypothesis.strategies import DrawFn, SearchStrategy
    from typing_extensions import TypeIs

    from hptsdk._validation import Shape
    from hptsdk.schema import MemberInfo, TypeInfo

__all__ = ["Context", "Draft", "draw_shape", "draws", "index", "is_strategy"]

Value = Any
"""A member, which may have any type."""

T = TypeVar("T")

# The items of a list, and the entries of a map, that are drawn; longer ones repeat them.
_DRAWN_ITEMS = 2
_MAX_INTEGER = 2**31 - 1
_BOOLEANS = st.booleans()


class Context(NamedTuple):
    """The requirements of the rest of a request on a part. The defaults require nothing.

    Attributes:
        algorithm: the first-party algorithm. None for any algorithm.
        warm_start: whether the request has a warm start. None if it is not decided.
        minimal: whether only required members are drawn.
        definitions: the number of definitions. None for any number.
        has_numeric_ranges: whether a definition has numeric ranges, which a grid cannot have.
        reserved_names: hyperparameters that may not have a range.
        needs_range: whether at least one range is required.
        strategy: the strategy of the job, which restricts the types of ranges.
        needs_continuous_range: whether a continuous range is required, so that no number of jobs is too large.
        allows_autotune: whether Autotune may choose ranges.
        several_definitions: whether the job has several definitions.
        in_list: whether the definition is an item of a list.
        needs_objective: whether an objective is required.
        metric: the metric that the algorithm must emit if it defines metrics.
        needs_epochs: whether Hyperband must read its maximum resource from a static hyperparameter.
        needs_max_resource: whether Hyperband must have a maximum resource.
        input_mode: the input mode of channels without one.
        spot: whether training uses Spot Instances. None if it is not decided.
        allows_file_system: whether channels may read a file system, which needs a VPC.
        job_name: the name of the job, which cannot be its own parent.
        max_hyperparameters: the maximum number of hyperparameters of the part.
        grid_jobs: the number of training jobs of a grid, which is its number of combinations.
        allows_marketplace: whether the algorithm may be from AWS Marketplace.
        unknown_instance_types: whether instance types may be unknown.
    """

    algorithm: str | None = None
    warm_start: bool | None = None
    minimal: bool = False
    definitions: int | None = None
    has_numeric_ranges: bool = False
    reserved_names: frozenset[str] = frozenset()
    needs_range: bool = False
    strategy: str | None = None
    needs_continuous_range: bool = False
    allows_autotune: bool = True
    several_definitions: bool = False
    in_list: bool = False
    needs_objective: bool = False
    metric: str | None = None
    needs_epochs: bool = False
    needs_max_resource: bool = False
    input_mode: str | None = None
    spot: bool | None = None
    allows_file_system: bool = True
    job_name: str | None = None
    max_hyperparameters: int = 100
    grid_jobs: int | None = None
    allows_marketplace: bool = True
    unknown_instance_types: bool = False


class Draft:
    """The members of one instance while they are drawn.

    Attributes:
        draw: the function that Hypothesis passes to a composite strategy.
        members: the members that are decided, by attribute name; None if a member is omitted.
        context: what the rest of the request requires.
    """

    def __init__(self, draw: DrawFn, cls: type[Shape], fixed: Mapping[str, Any], context: Context) -> None:
        self.draw = draw
        self.members: dict[str, Any] = dict(fixed)
        self.context = context
        self._cls = cls
        self._fixed = frozenset(fixed)
        self._declared = _members(cls)
        self._optional: frozenset[str] | None = None

    def __getitem__(self, name: str) -> Value:
        """Return a member; None if it is omitted or not decided."""
        return self.members.get(name)

    def is_unset(self, name: str) -> bool:
        """Check whether a member is not decided."""
        return name not in self.members

    def is_fixed(self, name: str) -> bool:
        """Check whether the caller fixes a member."""
        return name in self._fixed

    def includes(self, name: str) -> bool:
        """Check whether a member is not decided and is to be drawn."""
        return self.is_unset(name) and (self._declared[name].required or self._is_chosen(name))

    def _is_chosen(self, name: str) -> bool:
        """Check whether an optional member is among those that are to be drawn."""
        if self.context.minimal:
            return False
        if self._optional is None:
            self._optional = self._draw_subset()
        return name in self._optional

    def _draw_subset(self) -> frozenset[str]:
        """Draw the optional members of an instance: mostly none, one or two, sometimes many of them."""
        if len(self._fixed) == len(self._declared):
            return frozenset()
        subset = self.choice(_subsets(self._cls))
        if subset is not None:
            return frozenset(subset)
        optional = (name for name, member in self._declared.items() if not member.required)
        return frozenset(name for name in optional if self.draw(_BOOLEANS))

    def set(self, name: str, value: object) -> Value:
        """Set a member, unless the caller fixes it, and return its value."""
        if name not in self._fixed:
            self.members[name] = value
        return self.members[name]

    def omit(self, *names: str) -> None:
        """Omit those of the members that are not decided."""
        for name in names:
            self.members.setdefault(name, None)

    def require(self, name: str, /, fixed: Mapping[str, Any] | None = None, **context: Value) -> Value:
        """Draw a member if it is not decided; `fixed` and `context` are those of the structure that it holds."""
        if self.is_unset(name):
            inner = self.context._replace(**context) if context else self.context
            self.members[name] = self._value(self._declared[name].type, fixed or {}, inner)
        return self.members[name]

    def optional(self, name: str, /, fixed: Mapping[str, Any] | None = None, **context: Value) -> Value:
        """Draw a member if it is to be drawn, or else omit it."""
        if self.includes(name):
            return self.require(name, fixed, **context)
        return self.members.setdefault(name, None)

    def choose(self, name: str, values: Sequence[T], *, always: bool = False) -> T | None:
        """Draw a member from these values if it is to be drawn, or else omit it."""
        if not (always or self.includes(name)):
            self.omit(name)
        elif self.is_unset(name):
            self.members[name] = self.choice(values)
        value: T | None = self.members[name]
        return value

    def choice(self, values: Sequence[T]) -> T:
        """Draw one of the values; the first one is the simplest."""
        return values[self.draw(index(len(values)))] if len(values) > 1 else values[0]

    def integer(self, low: int, high: int = _MAX_INTEGER) -> int:
        """Draw an integer, often one of the bounds."""
        bound = self.choice((low, high, None))
        return self.draw(st.integers(low, high)) if bound is None else bound

    def item_type(self, name: str) -> TypeInfo:
        """Return the type of a member, or of its items if it is a list."""
        info = self._declared[name].type
        return info.item or info

    def size_of(self, name: str) -> int:
        """Draw the number of items of a list."""
        return self.choice(_sizes(self._declared[name].type))

    def item(self, name: str, fixed: Mapping[str, Any] | None = None, **context: Value) -> Value:
        """Draw one item of a list."""
        return self._value(self.item_type(name), fixed or {}, self.context._replace(**context))

    def items(self, name: str, reserved: Iterable[str] = (), **context: Value) -> tuple[Any, ...]:
        """Draw the items of a list, whose keys differ from each other and from the reserved ones."""
        size = self.size_of(name)
        items = [self.item(name, **context) for _ in range(min(size, _DRAWN_ITEMS))]
        return repeat_distinct(items, size, reserved)

    def complete(self) -> dict[str, Any]:
        """Draw or omit each member that is not decided, and return all members."""
        for name in self._declared:
            if self.includes(name):
                self.require(name)
        return self.members

    def _value(self, info: TypeInfo, fixed: Mapping[str, Any], context: Context) -> Value:
        if info.shape is not None:
            return draw_shape(self.draw, info.shape, fixed, context)
        if info.kind == "map":
            return self._map(info)
        if info.item is not None:
            size = self.choice(_sizes(info))
            items = [self._value(info.item, {}, context) for _ in range(min(size, _DRAWN_ITEMS))]
            return repeat_distinct(items, size)
        if info.kind == "text":
            return draw_text(self.draw, info, unknown=context.unknown_instance_types)
        if info.kind == "integer":
            low, high = bounds(info, "range")
            return self.integer(low, _MAX_INTEGER if high is None else high)
        return self.draw(_scalars(info))

    def _map(self, info: TypeInfo) -> dict[str, str]:
        size = self.choice(_sizes(info))
        key, item = info.key, info.item
        if key is None or item is None:
            raise LookupError("a map has a type for its keys and one for its values")
        drawn = [(draw_text(self.draw, key), draw_text(self.draw, item)) for _ in range(min(size, _DRAWN_ITEMS))]
        entries = [drawn[number % len(drawn)] for number in range(size)]
        keys = distinct([name for name, _ in entries], key)
        return dict(zip(keys, (value for _, value in entries), strict=True))


_DRAW_FUNCTIONS: dict[str, Callable[[Draft], None]] = {}


def draws(name: str) -> Callable[[Callable[[Draft], None]], Callable[[Draft], None]]:
    """Create a decorator that registers the draw function of the class with this name."""

    def register(function: Callable[[Draft], None]) -> Callable[[Draft], None]:
        _DRAW_FUNCTIONS[name] = function
        return function

    return register


def draw_shape(draw: DrawFn, cls: type[Shape], fixed: Mapping[str, Any], context: Context) -> Value:
    """Draw an instance of a class with the members that are fixed."""
    draft = Draft(draw, cls, fixed, context)
    if cls.__name__ in _DRAW_FUNCTIONS:
        _DRAW_FUNCTIONS[cls.__name__](draft)
    return cls(**draft.complete())


def is_strategy(value: object) -> TypeIs[st.SearchStrategy[Any]]:
    """Check whether a value is a strategy."""
    return isinstance(value, st.SearchStrategy)


# --- cached, because strategies are created slowly ---


@cache
def index(count: int) -> SearchStrategy[int]:
    """Create a strategy for the index of one of so many values; the first one is the simplest."""
    return st.integers(0, count - 1)


@cache_by_class
def _members(cls: type[Shape]) -> dict[str, MemberInfo]:
    return {member.attribute: member for member in schema.of(cls).members}


@cache_by_class
def _subsets(cls: type[Shape]) -> tuple[tuple[str, ...] | None, ...]:
    """Return sets of none, one or two optional members, and several times None for any number of them."""
    names = [member.attribute for member in schema.of(cls).members if not member.required]
    pairs = 2 if len(names) <= 6 else 1  # noqa: PLR2004 - larger classes have too many pairs
    few = [subset for size in range(1, pairs + 1) for subset in combinations(names, size)]
    # sorted by the last member that a set has, so that a set shrinks to one member
    few.sort(key=lambda subset: [name in subset for name in reversed(names)])
    return ((), *few, *[None] * (max(1, len(few) // 4) if names else 0))


@cache
def _sizes(info: TypeInfo) -> tuple[int, ...]:
    """Return numbers of items of a list or of entries of a map, repeated as often as they are drawn."""
    low, high = bounds(info, "entries" if info.kind == "map" else "items")
    most = low + 4 if high is None else high
    return tuple(min(size, most) for size in (low, low, low + 1, low + 2, low + 3, most, most))


@cache
def _scalars(info: TypeInfo) -> SearchStrategy[Any]:
    """Create a strategy for numbers, booleans and times."""
    if info.kind == "number":
        return st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(2**53), 2**53)
    if info.kind == "boolean":
        return st.booleans()
    zones = st.just(UTC) | st.integers(-840, 840).map(lambda minutes: timezone(timedelta(minutes=minutes)))
    return st.datetimes(datetime(1970, 1, 2), datetime(2999, 1, 1), timezones=zones)  # noqa: DTZ001 - zones adds it
