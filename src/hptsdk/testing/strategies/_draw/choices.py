"""The choices of plausible requests in wire form, drawn from the shares and the values of the profile.

Hypothesis takes most of the time, about the same for each choice. So there are few choices: one for the optional
members that exclude each other, and few for the values of all members of a structure that have no members themselves.
An item of a list is drawn by a strategy of its own, so that Hypothesis can remove it. Integers are small: only up to
256 values are equally frequent, and they shrink in fewer steps.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import accumulate
from math import gcd
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, TypeVar

from hypothesis import strategies as st

from hptsdk.rules.training import MAX_HYPERPARAMETERS
from hptsdk.testing.strategies._draw.profile import (
    DEFINITIONS,
    DRAWN_TOGETHER,
    ITEMS,
    MORE_ITEMS,
    MOST_ITEMS,
    SHARES,
    VALUES,
    WITH_OPTIONS,
)
from hptsdk.testing.strategies._draw.texts import info_of, members_by_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from hypothesis.strategies import DrawFn, SearchStrategy

    from hptsdk._validation import Shape
    from hptsdk.testing.strategies._draw import Context

    Compose = Callable[[Any, type[Shape], dict[str, Any]], dict[str, Any]]

Document = dict[str, Any]


def structure_in(document: Document, name: str) -> Document:
    """Return a structure or a map in a document; an empty one if the document does not have it."""
    value: Document | None = document.get(name)
    return value or {}


T = TypeVar("T")
ComposeT = TypeVar("ComposeT", bound="Compose")


class Shares(NamedTuple):
    """Alternatives, and the sums of their shares up to each one, without one unit of each.

    Small numbers shrink faster, so the first units are one of each alternative.
    """

    alternatives: Sequence[Any]
    sums: Sequence[int]

    @classmethod
    def of(cls, values: Mapping[Any, int] | Sequence[Any]) -> Shares:
        """Create the shares of alternatives from a mapping, or equal shares from a sequence."""
        if isinstance(values, Sequence):
            return cls(values, [0] * len(values))
        unit = gcd(*values.values())
        return cls(tuple(values), tuple(accumulate(share // unit - 1 for share in values.values())))

    @property
    def total(self) -> int:
        return len(self.alternatives) + self.sums[-1]

    def at(self, unit: int) -> Any:
        """Return the alternative to which a unit belongs, from 0 for the first one."""
        others = unit - len(self.alternatives)
        return self.alternatives[unit if others < 0 else bisect_right(self.sums, others)]


@cache
def chance(percent: int) -> Shares:
    return Shares.of({False: 100 - percent, True: percent})


@cache
def values_of(name: str) -> Mapping[str, Shares]:
    return {member: Shares.of(values) for member, values in VALUES.get(name, {}).items()}


class _Option(NamedTuple):
    """Optional members of a class, and the index of their choice; members of one choice exclude each other."""

    cls: str
    choice: int
    names: Sequence[str]


@cache
def _option_tables(name: str) -> Sequence[tuple[frozenset[str], Shares]]:
    """Return the choices of optional members of a class: their members, and the sets of members to choose from."""
    tables: list[tuple[frozenset[str], Shares]] = []
    for declared in SHARES.get(name, ()):
        sets = {(): 100 - sum(declared.values())} | {tuple(names.split()): share for names, share in declared.items()}
        shares = Shares.of({names: share for names, share in sets.items() if share > 0})
        tables.append((frozenset(" ".join(declared).split()), shares))
    return tables


@cache
def _index_below(count: int) -> SearchStrategy[int]:
    """Return a strategy for indexes. It is created once, because strategies are created slowly."""
    return st.integers(0, count - 1)


MAX_INTEGER = 2**31 - 1

_PLAUSIBLE: dict[str, Compose] = {}
EXTREME: dict[str, Compose] = {}
"""By class, the function that draws an instance whose members depend on each other."""


class Choices:
    """The choices of one request or of one part of it.

    Parts that are drawn later read these attributes.

    Attributes:
        draw: the function that Hypothesis passes to a composite strategy.
        context: the arguments of the caller.
        prepared: values of members in several parts of a definition.
        options: by class, the optional members that are drawn before its instance.
        is_plausible: whether instances are plausible; False for extreme ones.
        forms: the numbers of definitions, each with whether they are in the list.
        max_definitions: the maximum number of definitions that are drawn; others repeat them with other names.
        region: the region of the images, the keys and the addresses.
        job_name: the name of the job, which cannot be its own parent.
        strategy: the strategy of the job.
        allows_grid: whether the strategy may be Grid.
        autotune: whether Autotune may choose ranges.
        is_in_request: whether a request has the part.
        is_several: whether the job has several definitions.
        needs_ranges, needs_objective, needs_name: whether definitions must have them.
        needs_epochs: whether Hyperband must read its maximum resource from a static hyperparameter.
        needs_max_resource: whether Hyperband must have a maximum resource.
        jobs: the number of training jobs that the ranges must allow. None for any number.
        max_hyperparameters: the maximum number of ranges.
        reserved_names: hyperparameters that cannot have a range, or cannot be static.
        job_metric: the objective metric of the job; None if definitions have their own.
        algorithm: the algorithm of the definition: a name, `CUSTOM` or `RESOURCE`. None if it is not decided.
        metric: the objective metric of the definition.
        static: the static hyperparameters of the definition, unless they have a range.
        mode: the input mode of channels without one.
        channel_mode: the input mode of the channel.
        allows_file_system: whether channels may read a file system.
        spot: whether training uses Spot Instances. None if it is not decided.
    """

    functions: ClassVar[Mapping[str, Compose]] = _PLAUSIBLE
    is_plausible: ClassVar[bool] = True
    forms: ClassVar[Shares] = Shares.of(DEFINITIONS)
    max_definitions: ClassVar[int] = 10
    region = "us-east-1"
    job_name = ""
    strategy: str | None = None
    allows_grid = True
    autotune = is_in_request = is_several = needs_ranges = needs_epochs = needs_objective = needs_name = False
    needs_max_resource = True
    jobs: int | None = None
    max_hyperparameters = MAX_HYPERPARAMETERS
    reserved_names: frozenset[str] = frozenset()
    job_metric: str | None = None
    metric: str | None = None
    algorithm: str | None = None
    static: Mapping[str, str] = {}
    mode: str | None = "File"
    channel_mode: str | None = "File"
    allows_file_system = True
    spot: bool | None = None

    def __init__(self, draw: DrawFn, context: Context) -> None:
        self.draw = draw
        self.context = context
        self.prepared: Document = {}
        self.options: dict[str, list[_Option]] = {}

    def one(self, shares: Shares) -> Any:
        """Draw one of the alternatives; the first one is the simplest."""
        return shares.at(self.draw(_index_below(shares.total)) if shares.total > 1 else 0)

    def choice(self, values: Sequence[T]) -> T:
        """Draw one of the values; the first one is the simplest."""
        return values[self.draw(_index_below(len(values)))] if len(values) > 1 else values[0]

    def happens(self, percent: int) -> bool:
        """Draw True with this probability in percent; False is the simplest."""
        return bool(self.one(chance(percent)))

    def each(self, tables: Mapping[str, Shares]) -> Document:
        """Draw a value from each table, with few choices, or take the prepared one."""
        values = {name: self.prepared[name] for name in tables if name in self.prepared}
        values = {name: value for name, value in values.items() if value in tables[name].alternatives}
        left = {name: shares for name, shares in tables.items() if name not in values}
        rest, sizes = 0, _group_sizes(*(each.total for each in left.values()))
        for (name, shares), total in zip(left.items(), sizes, strict=True):
            rest, unit = divmod(self.draw(_index_below(total)) if total > 1 else rest, shares.total)
            values[name] = shares.at(unit)
        return values

    def some(self, values: Sequence[T], key: Callable[[T], object], percent: int = 100) -> list[T]:
        """Draw values that differ in their keys, the first of them with this probability in percent.

        Each value is one choice, which Hypothesis can remove: the others keep their meaning.
        """
        chosen: dict[object, T] = {}
        while values and len(chosen) < MOST_ITEMS:
            ends = _end_markers(len(values), MORE_ITEMS if chosen else percent)
            index = self.draw(_index_below(1 + len(values) + ends))
            is_end = index == 0 or index > len(values)
            if is_end and (chosen or percent < 100):  # noqa: PLR2004 - a percentage
                break
            value = values[max(0, index - 1)]
            if key(value) in chosen:
                break
            chosen[key(value)] = value
        return list(chosen.values())

    def decide(self, name: str) -> None:
        """Draw which optional members a request or a definition and its structures in `DRAWN_TOGETHER` have."""
        options = self.some(_options(name), lambda option: option[:2], WITH_OPTIONS)
        for cls in (name, *DRAWN_TOGETHER[name]):
            self.options[cls] = [option for option in options if option.cls == cls]

    def optional(self, cls: type[Shape], document: Document) -> list[str]:
        """Draw the names of optional members of a class, except for choices of which a member is decided."""
        options, tables = self.options.get(cls.__name__), _option_tables(cls.__name__)
        if options is None:
            return [name for names, sets in tables if names.isdisjoint(document) for name in self.one(sets)]
        possible = (option for option in options if tables[option.choice][0].isdisjoint(document))
        return [name for option in possible for name in option.names]

    def instance(self, cls: type[Shape], document: Document | None = None) -> Document:
        """Draw an instance of a class with the members that are decided; None omits a member."""
        decided = {} if document is None else document
        compose = self.functions.get(cls.__name__)
        return compose(self, cls, decided) if compose else self.complete(cls, decided)

    def complete(self, cls: type[Shape], document: Document, optional: Iterable[str] | None = None) -> Document:
        """Draw the required members and the optional ones; by default, draw first which ones."""
        chosen = self.optional(cls, document) if optional is None else optional
        members = members_by_name(cls).items()
        names = [name for name, member in members if name not in document and (member.required or name in chosen)]
        self.add(cls, document, names)
        return {name: value for name, value in document.items() if value is not None}

    def require(self, cls: type[Shape], document: Document, name: str) -> Any:
        """Draw a member if it is not decided, and return it."""
        if name not in document:
            self.add(cls, document, [name])
        return document[name]

    def add(self, cls: type[Shape], document: Document, names: Sequence[str]) -> None:
        """Draw members and add them to an instance."""
        values, infos = values_of(cls.__name__), {name: info_of(cls, name) for name in names}
        document |= self.each({name: values[name] for name in names if name in values and infos[name].kind != "map"})
        for name, info in infos.items():
            if info.kind == "map":
                document[name] = dict(self.some(values[name].alternatives, lambda pair: pair[0]))
            elif name not in document and info.item is not None and info.item.shape is not None:
                document[name] = [self.item(info.item.shape, {}) for _ in range(self.one(_ITEMS))]
            elif name not in document and info.shape is not None:
                document[name] = self.instance(info.shape)

    def number(self, cls: type[Shape], name: str, low: int, high: int | None = None) -> int | None:
        """Draw an integer member between two bounds, or None to omit it."""
        value: int | None = self.each({name: values_of(cls.__name__)[name]})[name]
        return value and max(low, value if high is None else min(value, high))

    def item(self, cls: type[Shape], document: Document) -> Document:
        """Draw an item of a list, which Hypothesis can remove."""
        return self.draw(_item(self, cls, document))


_ITEMS = Shares.of(ITEMS)


@cache
def _end_markers(count: int, percent: int) -> int:
    """Return the number of end markers besides the first one, so that a value is drawn with this probability."""
    return max(0, round(count * (100 - percent) / percent) - 1)


@cache
def _options(name: str) -> Sequence[_Option]:
    """Return the optional members of a request or of a definition, each repeated in proportion to its share."""
    options = {
        _Option(cls, index, tuple(names.split())): share // 2
        for cls in (name, *DRAWN_TOGETHER[name])
        for index, shares in enumerate(SHARES[cls])
        for names, share in shares.items()
    }
    # as in `Shares`, the first ones are one of each
    others = (option for option, count in options.items() for _ in range(count - 1))
    return (*options, *others)


# The most values of an integer that Hypothesis draws equally often.
_MAX_EQUAL = 256


@cache
def _group_sizes(*totals: int) -> tuple[int, ...]:
    """Return for each number of alternatives the size of the group that begins with it; 0 within a group."""
    groups: list[int] = []
    first = 0
    for index, total in enumerate(totals):
        if groups and groups[first] * total <= _MAX_EQUAL:
            groups[first] *= total
            groups.append(0)
        else:
            first = index
            groups.append(total)
    return tuple(groups)


@st.composite
def _item(draw: DrawFn, choices: Choices, cls: type[Shape], document: Document) -> Document:
    choices.draw = draw
    return choices.instance(cls, document)


def composes(*names: str, extreme: bool | None = None) -> Callable[[ComposeT], ComposeT]:
    """Create a decorator for a function that draws instances: extreme (True), plausible (False) or all (None)."""

    def register(function: ComposeT) -> ComposeT:
        for functions, is_extreme in ((_PLAUSIBLE, False), (EXTREME, True)):
            if extreme is None or extreme is is_extreme:
                functions.update(dict.fromkeys(names, function))
        return function

    return register
