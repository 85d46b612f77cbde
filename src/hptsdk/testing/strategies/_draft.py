"""The drawing of one instance of a shape: members that a caller fixes, that rules connect, and all others.

A draw function draws the members of one class that rules connect. It runs before the other members are drawn, so that
it needs no filter. A class without such rules needs none: its members have the values of the profile, or those that
their types and constraints allow.

Each optional part is drawn directly after the choice to include it, so that Hypothesis can remove the two together.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import repeat
from typing import TYPE_CHECKING, Any, TypeVar

from hypothesis import strategies as st

from hptsdk import schema
from hptsdk._validation import cache_by_class
from hptsdk.testing.strategies._choices import chance, index, localized, scalars, sizes, slots, subsets
from hptsdk.testing.strategies._keys import repeat_distinct
from hptsdk.testing.strategies._profile import ANOTHER_ITEM
from hptsdk.testing.strategies._shares import Shares
from hptsdk.testing.strategies._texts import bounds, distinct, draw_text
from hptsdk.testing.strategies._values import CHANNEL_NAMES, values_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from hypothesis.strategies import DrawFn
    from typing_extensions import TypeIs

    from hptsdk._validation import Shape
    from hptsdk.schema import MemberInfo, TypeInfo
    from hptsdk.testing.strategies._context import Context

__all__ = ["DRAW_FUNCTIONS", "Draft", "draw_shape", "draws", "is_strategy"]

Value = Any
"""A member, which may have any type."""

T = TypeVar("T")

# The items of an extreme list, and the entries of an extreme map, that are drawn; longer ones repeat them.
_DRAWN_ITEMS = 2
# The maximum number of items of a plausible list.
_PLAUSIBLE_ITEMS = 5
_MAX_INTEGER = 2**31 - 1
_BOOLEANS = st.booleans()
_SCALARS = (str, int, type(None))


class Draft:
    """The members of one instance while they are drawn.

    Attributes:
        draw: the function that Hypothesis passes to a composite strategy.
        members: the members that are decided, by attribute name; None if a member is omitted.
        context: what the rest of the request requires.
        extreme: whether everything that is allowed is drawn, and not only what is plausible.
    """

    def __init__(self, draw: DrawFn, cls: type[Shape], fixed: Mapping[str, Any], context: Context) -> None:
        self.draw = draw
        self.members: dict[str, Any] = dict(fixed)
        self.context = context
        self._cls = cls
        self._fixed = frozenset(fixed)
        self._declared = _members(cls)
        self._slots = slots(cls)
        self.extreme = context.extreme or self._slots is None
        self._optional: frozenset[str] | None = None
        self._in_slots: dict[int, tuple[str, ...]] = {}

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
        if self.extreme or self._slots is None:
            if self._optional is None:
                self._optional = self._draw_subset()
            return name in self._optional
        if name not in self._slots:
            return False
        number, sets = self._slots[name]
        if number not in self._in_slots:
            self._in_slots[number] = self._one(sets)
        return name in self._in_slots[number]

    def _draw_subset(self) -> frozenset[str]:
        """Draw the optional members of an extreme instance: mostly none, one or two, sometimes many of them."""
        if len(self._fixed) == len(self._declared):
            return frozenset()
        subset = self.choice(subsets(self._cls))
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
            self.members[name] = self._value(name, self._declared[name].type, fixed or {}, inner)
        return self.members[name]

    def optional(self, name: str, /, fixed: Mapping[str, Any] | None = None, **context: Value) -> Value:
        """Draw a member if it is to be drawn, or else omit it."""
        if self.includes(name):
            return self.require(name, fixed, **context)
        return self.members.setdefault(name, None)

    def choose(self, name: str, values: Sequence[T], *, always: bool = False) -> T | None:
        """Draw a member from these values if it is to be drawn, or else omit it."""
        if always or self.includes(name):
            if self.is_unset(name):
                plausible = None if self.extreme else values_of(self._cls.__name__, name)
                if isinstance(plausible, Shares):
                    self.members[name] = self.weighted(plausible, values)
                else:
                    self.members[name] = self.choice([each for each in plausible or () if each in values] or values)
        else:
            self.omit(name)
        value: T | None = self.members[name]
        return value

    def choice(self, values: Sequence[T]) -> T:
        """Draw one of the values; the first one is the simplest."""
        return values[self.draw(index(len(values)))] if len(values) > 1 else values[0]

    def weighted(self, shares: Shares, allowed: Iterable[Any] | None = None) -> Value:
        """Draw an alternative; if some are allowed only, one of them."""
        possible = shares if allowed is None else shares.among(allowed)
        return self._one(possible) if possible is not None else self.choice(tuple(allowed or ()))

    def chance(self, percent: int) -> bool:
        """Draw whether something happens with this probability; False is the simplest."""
        happens: bool = self._one(chance(percent))
        return happens

    def _one(self, shares: Shares) -> Value:
        is_drawn = len(shares.alternatives) > 1
        return shares.at(self.draw(index(shares.total)) if is_drawn else 0)

    def integer(self, low: int, high: int) -> int:
        """Draw an integer, often one of the bounds."""
        bound = self.choice((low, high, None))
        return self.draw(st.integers(low, high)) if bound is None else bound

    def several(self, values: Sequence[T], most: int, percent: int = ANOTHER_ITEM) -> list[T]:
        """Draw at least one of the values, each at most once; another one follows with this probability."""
        left = list(values)
        chosen = [left.pop(self.draw(index(len(left))))]
        while left and len(chosen) < most and self.chance(percent):
            chosen.append(left.pop(self.draw(index(len(left)))))
        return chosen

    def number(self, name: str, low: int, high: int) -> int:
        """Draw an integer within bounds; a plausible one is a value of the member if one is within them."""
        values = None if self.extreme else values_of(self._cls.__name__, name)
        if values is None:
            return self.integer(low, high)
        if isinstance(values, range):
            allowed: Sequence[int] = range(max(low, values.start), min(high + 1, values.stop))
        elif isinstance(values, Shares):
            number: int = self.weighted(
                values, [value for value in values.alternatives if low <= value <= high] or [low]
            )
            return number
        else:
            allowed = [value for value in values if low <= value <= high]
        return self.choice(allowed) if allowed else low

    def values(self, name: str) -> Sequence[Any]:
        """Return the plausible values of a member."""
        return tuple(values_of(self._cls.__name__, name))

    def item_type(self, name: str) -> TypeInfo:
        """Return the type of a member, or of its items if it is a list."""
        info = self._declared[name].type
        return info.item or info

    def size_of(self, name: str) -> int:
        """Draw the number of items of a list."""
        if self.extreme:
            return self.choice(sizes(self._declared[name].type))
        return 1 + self.chance(ANOTHER_ITEM)

    def item(self, name: str, fixed: Mapping[str, Any] | None = None, **context: Value) -> Value:
        """Draw one item of a list."""
        return self._value(name, self.item_type(name), fixed or {}, self.context._replace(**context))

    def items(self, name: str, reserved: Iterable[str] = (), **context: Value) -> tuple[Any, ...]:
        """Draw the items of a list, whose keys differ from each other and from the reserved ones."""
        if self.extreme:
            size = self.size_of(name)
            items = [self.item(name, **context) for _ in range(min(size, _DRAWN_ITEMS))]
            return repeat_distinct(items, size, reserved)
        names = self._names_of_items(name)
        items = [self.item(name, next(names), **context)]
        while len(items) < _PLAUSIBLE_ITEMS and self.chance(ANOTHER_ITEM):
            items.append(self.item(name, next(names), **context))
        return repeat_distinct(items, len(items), reserved)

    def _names_of_items(self, name: str) -> Iterator[dict[str, str]]:
        """Return the names of channels in their usual order; nothing for items whose keys are drawn."""
        if name == "input_data_config":
            yield from ({"channel_name": channel} for channel in CHANNEL_NAMES)
        yield from repeat(dict[str, str]())

    def complete(self) -> dict[str, Any]:
        """Draw or omit each member that is not decided, and return all members."""
        for name, member in self._declared.items():
            if name not in self.members and (member.required or self._is_chosen(name)):
                self.require(name)
        return self.members

    def _value(self, name: str, info: TypeInfo, fixed: Mapping[str, Any], context: Context) -> Value:
        if info.shape is not None:
            return draw_shape(self.draw, info.shape, fixed, context)
        if not self.extreme:
            values = values_of(self._cls.__name__, name)
            if values is not None:
                return self._plausible(values, info)
            if info.kind == "list" and not context.minimal:
                return self.items(name)
        if info.item is not None and info.kind != "map":
            size = self.choice(sizes(info))
            items = [self._value(name, info.item, {}, context) for _ in range(min(size, _DRAWN_ITEMS))]
            return repeat_distinct(items, size)
        return self._scalar_or_map(info, context)

    def _scalar_or_map(self, info: TypeInfo, context: Context) -> Value:
        if info.kind == "map":
            return self._map(info)
        if info.kind == "text":
            return draw_text(self.draw, info, unknown=context.unknown_instance_types)
        if info.kind == "integer":
            low, high = bounds(info, "range")
            return self.integer(low, _MAX_INTEGER if high is None else high)
        return self.draw(scalars(info))

    def _plausible(self, values: Value, info: TypeInfo) -> Value:
        """Draw one of the values of the profile, or several for a list or a map."""
        if info.kind in {"list", "map"}:
            chosen = self.several(values, _PLAUSIBLE_ITEMS)
            if info.kind == "map":
                return dict(chosen)
            return [localized(value, self.context.region) for value in chosen]
        if info.known_values and self.context.unknown_instance_types and self.draw(st.booleans()):
            return draw_text(self.draw, info, unknown=True)
        value = self._one(values) if isinstance(values, Shares) else self.choice(values)
        return localized(value, self.context.region)

    def _map(self, info: TypeInfo) -> dict[str, str]:
        size = self.choice(sizes(info))
        key, item = info.key, info.item
        if key is None or item is None:
            raise LookupError("a map has a type for its keys and one for its values")
        drawn = [(draw_text(self.draw, key), draw_text(self.draw, item)) for _ in range(min(size, _DRAWN_ITEMS))]
        entries = [drawn[index % len(drawn)] for index in range(size)]
        keys = distinct([name for name, _ in entries], key)
        return dict(zip(keys, (value for _, value in entries), strict=True))


DRAW_FUNCTIONS: dict[str, Callable[[Draft], None]] = {}
"""By class, the function that draws the members that rules connect."""


def draws(name: str) -> Callable[[Callable[[Draft], None]], Callable[[Draft], None]]:
    """Create a decorator that registers the draw function of the class with this name."""

    def register(function: Callable[[Draft], None]) -> Callable[[Draft], None]:
        DRAW_FUNCTIONS[name] = function
        return function

    return register


def draw_shape(draw: DrawFn, cls: type[Shape], fixed: Mapping[str, Any], context: Context) -> Value:
    """Draw an instance of a class with the members that are fixed."""
    draft = Draft(draw, cls, fixed, context)
    if cls.__name__ in DRAW_FUNCTIONS:
        DRAW_FUNCTIONS[cls.__name__](draft)
    members = draft.complete()
    if not draft.extreme and all(type(value) in _SCALARS for value in members.values()):
        return _instances(cls)(tuple(members.items()))
    return cls(**members)


@cache_by_class
def _instances(cls: type[Shape]) -> Callable[[tuple[tuple[str, str | int | None], ...]], Value]:
    """Return a function that creates an instance without structures in it, once for all draws with the same members."""

    @lru_cache(maxsize=1024)
    def instance(members: tuple[tuple[str, str | int | None], ...]) -> Value:
        return cls(**dict(members))

    return instance


def is_strategy(value: object) -> TypeIs[st.SearchStrategy[Any]]:
    """Check whether a value is a strategy."""
    return isinstance(value, st.SearchStrategy)


@cache_by_class
def _members(cls: type[Shape]) -> dict[str, MemberInfo]:
    return {member.attribute: member for member in schema.of(cls).members}
