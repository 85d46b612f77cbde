"""One instance in the making: what a caller gave, what a drawer settled, and the rest by constraints.

A drawer is a function that draws the members of one class that a rule ties together. It comes before the rest and
leaves to it whatever stands alone; a class without such rules needs none.
"""

# ruff: noqa: ANN401 - members are of any type while they are drawn

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from itertools import combinations
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, cast

import attrs
from hypothesis import strategies as st

from hptsdk import schema
from hptsdk._validation import cache_by_class
from hptsdk.testing.strategies._texts import bounds, distinct, drawn_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from hypothesis.strategies import DrawFn

    from hptsdk._validation import Shape
    from hptsdk.schema import MemberInfo, TypeInfo

__all__ = ["DRAWERS", "KEYS", "Drawing", "Setting", "drawer", "drawn", "spread"]

T = TypeVar("T")

KEYS = {
    "AutoParameter": "name",
    "CategoricalParameterRange": "name",
    "Channel": "channel_name",
    "ContinuousParameterRange": "name",
    "HyperParameterTrainingJobDefinition": "definition_name",
    "InstanceGroup": "instance_group_name",
    "InstancePreference": "instance_type",
    "IntegerParameterRange": "name",
    "MetricDefinition": "name",
    "ParentHyperParameterTuningJob": "hyper_parameter_tuning_job_name",
    "Tag": "key",
}
"""The members by which the items of a list differ."""

# Lists and maps have so many members of their own; longer ones repeat them.
_FRESH = 2
_INTEGERS = 2**31 - 1


class Setting(NamedTuple):
    """What the rest of a request asks of a part.

    Attributes:
        plain: whether nothing is drawn but what must be there.
        definitions: how many, None where that is free.
        numeric: whether a definition has ranges of numbers, which no grid takes.
        taken: hyperparameters that the ranges may not have.
        searches: whether there must be a range.
        strategy: of the job, which decides what ranges it takes.
        real: whether a range without end is needed, so that there are combinations for any number of jobs.
        autotune: whether hyperparameters may be left to Autotune.
        several: whether there are several definitions.
        in_list: whether the definition is one of a list.
        objective: whether there must be an objective.
        metric: what the algorithm must report, where its metrics are defined.
        epochs: whether Hyperband must find its largest resource in a static hyperparameter.
        resource: whether Hyperband must be told its largest resource.
        mode: the input mode of channels that name none.
        spot: whether training runs on spot instances, None where that is not known.
        mounts: whether a file system can be reached.
        name: of the job, which is no parent of itself.
        room: hyperparameters that a part may have.
        jobs: training jobs of a grid, which has as many combinations.
        marketplace: whether the algorithm may be one of Marketplace.
        unknown_instance_types: whether instance types may be unknown ones.
    """

    plain: bool = False
    definitions: int | None = None
    numeric: bool = False
    taken: frozenset[str] = frozenset()
    searches: bool = False
    strategy: str | None = None
    real: bool = False
    autotune: bool = True
    several: bool = False
    in_list: bool = False
    objective: bool = False
    metric: str | None = None
    epochs: bool = False
    resource: bool = False
    mode: str | None = None
    spot: bool | None = None
    mounts: bool = True
    name: str | None = None
    room: int = 100
    jobs: int | None = None
    marketplace: bool = True
    unknown_instance_types: bool = False

    def __repr__(self) -> str:
        """Show what is asked beyond nothing."""
        asked = {name: value for name, value in self._asdict().items() if value != type(self)._field_defaults[name]}
        return f"Setting({', '.join(f'{name}={value!r}' for name, value in asked.items())})"


class Drawing:
    """The members of one instance, while they are drawn.

    Attributes:
        draw: hypothesis' function.
        members: what there is by now, by attribute name; None where a member stays absent.
        setting: what the rest of the request asks.
    """

    def __init__(self, draw: DrawFn, cls: type[Shape], given: Mapping[str, Any], setting: Setting) -> None:
        self.draw = draw
        self.members: dict[str, Any] = dict(given)
        self.setting = setting
        self._given = frozenset(given)
        self._infos = _infos(cls)
        self._chosen = () if setting.plain or len(given) == len(self._infos) else self.choice(_subsets(cls))

    def __getitem__(self, name: str) -> Any:
        """Give a member as it stands now, None if there is none."""
        return self.members.get(name)

    def is_open(self, name: str) -> bool:
        """Tell whether nothing is settled about a member as yet."""
        return name not in self.members

    def is_given(self, name: str) -> bool:
        """Tell whether the caller gave a member."""
        return name in self._given

    def wants(self, name: str) -> bool:
        """Tell whether a member is to be drawn."""
        return self.is_open(name) and (self._infos[name].required or name in self._chosen)

    def put(self, name: str, value: object) -> Any:
        """Settle a member, unless the caller gave it."""
        if name not in self._given:
            self.members[name] = value
        return self.members[name]

    def leave_out(self, *names: str) -> None:
        """Keep members absent that nothing is settled about."""
        for name in names:
            self.members.setdefault(name, None)

    def need(self, name: str, /, given: Mapping[str, Any] | None = None, **asked: Any) -> Any:
        """Draw a member that must be there; `given` and what is asked go to the structure that it is."""
        if self.is_open(name):
            self.members[name] = self._value(self._infos[name].type, given or {}, self.setting._replace(**asked))
        return self.members[name]

    def maybe(self, name: str, /, given: Mapping[str, Any] | None = None, **asked: Any) -> Any:
        """Draw a member if it is wanted, and keep it absent if not."""
        if self.wants(name):
            return self.need(name, given, **asked)
        return self.members.setdefault(name, None)

    def pick(self, name: str, values: Sequence[T], *, always: bool = False) -> T | None:
        """Choose a member among values, if it is wanted."""
        if always or self.wants(name):
            if self.is_open(name):
                self.members[name] = self.choice(values)
            found: T | None = self.members[name]
            return found
        return self.members.setdefault(name, None)

    def choice(self, values: Sequence[T]) -> T:
        """Choose among values, the first of them being the simplest."""
        found: T = self.draw(_one_of(tuple(values))) if len(values) > 1 else values[0]
        return found

    def integer(self, low: int, high: int) -> int:
        """Draw an integer, or one of its bounds."""
        found: int | None = self.draw(_one_of((low, high, None)))
        return self.draw(st.integers(low, high)) if found is None else found

    def type_of(self, name: str) -> TypeInfo:
        """Give the type of a member, of a list that of its items."""
        info = self._infos[name].type
        return info.item or info

    def size_of(self, name: str) -> int:
        """Draw the number of a list's items."""
        return self.draw(_sizes(self._infos[name].type))

    def item(self, name: str, given: Mapping[str, Any] | None = None, **asked: Any) -> Any:
        """Draw one item of a list."""
        info = self._infos[name].type.item
        return self._value(_there(info), given or {}, self.setting._replace(**asked))

    def items(self, name: str, taken: Iterable[str] = (), **asked: Any) -> tuple[Any, ...]:
        """Draw the items of a list, which differ by their key from each other and from what is taken."""
        size = self.size_of(name)
        fresh = [self.item(name, **asked) for _ in range(min(size, _FRESH))]
        return spread(fresh, size, taken)

    def rest(self) -> dict[str, Any]:
        """Draw all that nothing is settled about."""
        for name in self._infos:
            self.maybe(name)
        return self.members

    def _value(self, info: TypeInfo, given: Mapping[str, Any], setting: Setting) -> Any:
        if info.kind == "structure":
            return drawn(self.draw, _there(info.shape), given, setting)
        if info.kind == "list":
            size = self.draw(_sizes(info))
            fresh = [self._value(_there(info.item), {}, setting) for _ in range(min(size, _FRESH))]
            return spread(fresh, size)
        if info.kind == "text":
            return drawn_text(self.draw, info, unknown=setting.unknown_instance_types)
        if info.kind == "map":
            return self._map(info)
        if info.kind == "integer":
            low, high = bounds(info, "range")
            return self.integer(low, _INTEGERS if high is None else high)
        return self.draw(_scalars(info))

    def _map(self, info: TypeInfo) -> dict[str, str]:
        size = self.draw(_sizes(info))
        key, item = _there(info.key), _there(info.item)
        fresh = [(drawn_text(self.draw, key), drawn_text(self.draw, item)) for _ in range(min(size, _FRESH))]
        repeated = [fresh[index % len(fresh)] for index in range(size)]
        names = distinct([name for name, _ in repeated], key)
        return dict(zip(names, (value for _, value in repeated), strict=True))


DRAWERS: dict[str, Callable[[Drawing], None]] = {}


def drawer(name: str) -> Callable[[Callable[[Drawing], None]], Callable[[Drawing], None]]:
    """Make a function the drawer of the class of this name."""

    def made(function: Callable[[Drawing], None]) -> Callable[[Drawing], None]:
        DRAWERS[name] = function
        return function

    return made


def drawn(draw: DrawFn, cls: type[Shape], given: Mapping[str, Any], setting: Setting) -> Any:
    """Draw an instance of a class around what is given."""
    drawing = Drawing(draw, cls, given, setting)
    if cls.__name__ in DRAWERS:
        DRAWERS[cls.__name__](drawing)
    return cls(**drawing.rest())


def spread(
    fresh: Sequence[Any], size: int, taken: Iterable[str] = (), *, ignoring_case: bool = False
) -> tuple[Any, ...]:
    """Repeat items up to a size, and make them differ by their key from each other and from what is taken."""
    items: list[Any] = [fresh[index % len(fresh)] for index in range(size)]
    key = KEYS.get(type(fresh[0]).__name__) if items else None
    if key is None or any(getattr(item, key) is None for item in fresh):
        return tuple(items)
    kind = _infos(cast("type[Shape]", type(items[0])))[key].type
    names = distinct([getattr(item, key) for item in items], kind, taken, ignoring_case=ignoring_case)
    return tuple(
        item if getattr(item, key) == name else attrs.evolve(item, **{key: name})
        for item, name in zip(items, names, strict=True)
    )


def _there(value: T | None) -> T:
    if value is None:
        raise LookupError("a type lacks what its kind has")
    return value


@cache_by_class
def _infos(cls: type[Shape]) -> dict[str, MemberInfo]:
    return {member.attribute: member for member in schema.of(cls).members}


@cache_by_class
def _subsets(cls: type[Shape]) -> tuple[tuple[str, ...], ...]:
    """Choose which optional members to have: mostly none or few, now and then all."""
    names = [member.attribute for member in schema.of(cls).members if not member.required]
    few = [*_sets(names, 1), *(_sets(names, 2) if len(names) <= 6 else ())]  # noqa: PLR2004 - then there are many more
    most = [tuple(names)] * max(1, len(few) // 3) if names else []
    # in this order all that have a member, and none that comes later, stand together, the member alone before them:
    # so a set shrinks to one that has the member alone
    return ((), *sorted(few, key=lambda found: [name in found for name in reversed(names)]), *most)


def _sets(names: list[str], size: int) -> list[tuple[str, ...]]:
    return list(combinations(names, size))


@cache
def _one_of(values: tuple[Any, ...]) -> st.SearchStrategy[Any]:
    return st.sampled_from(values)


@cache
def _sizes(info: TypeInfo) -> st.SearchStrategy[int]:
    low, high = bounds(info, "entries" if info.kind == "map" else "items")
    most = low + 4 if high is None else high
    # both ends are likelier than what lies between
    return st.sampled_from([min(size, most) for size in (low, low, low + 1, low + 2, low + 3, most, most)])


@cache
def _scalars(info: TypeInfo) -> st.SearchStrategy[Any]:
    match info.kind:
        case "number":
            return st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(2**53), 2**53)
        case "boolean":
            return st.booleans()
        case _:
            zones = st.just(UTC) | st.integers(-840, 840).map(lambda minutes: timezone(timedelta(minutes=minutes)))
            return st.datetimes(datetime(1970, 1, 2), datetime(2999, 1, 1), timezones=zones)  # noqa: DTZ001 - zones adds it
