"""The compiled validator and the reference validator agree on every value of every member."""

import copy
import enum
from collections import UserDict, UserList, deque
from datetime import UTC, datetime, timedelta, timezone
from functools import cache

import attrs
import pytest
from hypothesis import given, settings, strategies as st

from hptsdk import schema, shapes
from hptsdk._validation import examine, unvalidated, violations
from hptsdk.errors import InvalidShapeError

pytestmark = pytest.mark.usefixtures("no_rules")

CASES = [
    pytest.param(cls, member, id=f"{cls.__name__}-{member.wire_name}")
    for cls in schema.all_shapes()
    if not schema.of(cls).is_response
    for member in schema.of(cls).members
]


class Text(str):
    __slots__ = ()


class Number(enum.IntEnum):
    ONE = 1
    MANY = 10**6


class Word(enum.StrEnum):
    FILE = "File"
    ENABLED = "Enabled"
    A1 = "a1"


class Mixed(str, enum.Enum):  # noqa: UP042 - the str() of one is not its text, unlike a StrEnum's
    A1 = "a1"


ODD = [
    *("", " ", "a", "None", "\n", "a1\n", "\ud800", "a\udfff", "\u0663", "\u00e9", "\U0001f600", "\x00", Text("a1")),
    *(*Number, *Word, *Mixed, -1, 0, 1, 2**31, 2**63, 2**70, True, False, None, 0.0, 3.0, 0.5),
    *(float("nan"), float("inf"), float("-inf"), b"a1", bytearray(b"a1"), object, ..., 1j),
    *("2026-01-01", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00+01:00", "yesterday"),
    *(datetime(2026, 1, 1), datetime(2026, 1, 1, tzinfo=UTC)),  # noqa: DTZ001 - a naive one
    datetime(2026, 1, 1, tzinfo=timezone(timedelta(hours=-3))),
]
SCALARS = st.sampled_from(ODD) | st.text(st.characters(), max_size=5) | st.floats() | st.integers(-(2**70), 2**70)
JUNK = st.one_of(
    SCALARS,
    st.lists(SCALARS, max_size=2),
    st.dictionaries(st.text(max_size=2) | st.integers(), SCALARS, max_size=2),
    st.sampled_from([shapes.Tag(key="a", value=""), shapes.TrainingJobStatusCounters(), set(), range(2), deque("a")]),
)


def near_the_bounds(info, right):
    """Draw values of about the smallest and the largest size that a type allows."""
    ends = [end for c in info.constraints for name in ("minimum", "maximum") if (end := getattr(c, name, None))]
    sizes = st.sampled_from([max(0, end + step) for end in ends or [1] for step in (-1, 0, 1)])
    match info.kind:
        case "text":
            return sizes.map("a".__mul__) | sizes.map("\u00e9".__mul__)
        case "integer":
            return sizes
        case "list":
            return st.builds(lambda size, item: [item] * size, sizes, right(info.item))
        case "map":
            return st.builds(lambda size, item: {f"A{n}": item for n in range(size)}, sizes, right(info.item))
        case _:
            return st.nothing()


def of_an_equivalent_type(value):
    """Return a valid value as another type that is equivalent, or nearly so."""
    match value:
        case str():
            return Text(value)
        case int():
            return float(value)
        case list():
            return UserList(value)
        case dict():
            return UserDict(value)
        case datetime():
            return value.isoformat()
        case _:
            return value


def as_parsed(shape, extra, missing):
    """Return a shape as a response holds it, possibly with other members or without one."""
    members = list(attrs.asdict(shape, recurse=False).items())
    return unvalidated(type(shape), dict(members[:missing] + members[missing + 1 :]), extra)


@cache
def drawn_values(info, right):
    """Draw values for a type: valid ones, equivalent ones, nearly valid ones and invalid ones."""
    mix = right(info) | right(info).map(of_an_equivalent_type) | near_the_bounds(info, right) | JUNK
    match info.kind:
        case "structure":
            extras = st.sampled_from([{}, {"New": 1}, {schema.of(info.shape).members[0].wire_name: None}])
            mix |= st.builds(as_parsed, right(info), extras, st.integers(0, 3))
        case "list":
            mix |= st.lists(drawn_values(info.item, right), max_size=2) | st.tuples(drawn_values(info.item, right))
        case "map":
            odd_keys = st.sampled_from(ODD).filter(is_hashable)
            mix |= st.dictionaries(odd_keys, right(info.item), min_size=1, max_size=2)
            mix |= st.dictionaries(right(info.key), drawn_values(info.item, right), min_size=1, max_size=2)
    return mix


@cache
def drawn_values_but_none(info, right):
    return drawn_values(info, right).filter(lambda value: value is not None)


def is_hashable(value):
    return not isinstance(value, bytearray)


def reference_result(cls, member, value):
    """Return the value that a shape holds, and the violations that the reference validator reports."""
    stored, problems = examine(member.type, value, schema.of(cls).source)
    return stored, violations(cls, [problem.within(member.wire_name) for problem in problems])


def compiled_result(valid, cls, member, value):
    """Return the value that an otherwise valid instance holds, as text, or the violations."""
    try:
        stored = getattr(valid(cls, **{member.attribute: value}), member.attribute)
    except InvalidShapeError as error:
        return error.violations
    return f"{type(stored)} {stored!r}"


@pytest.mark.long
@pytest.mark.parametrize(("cls", "member"), CASES)
@settings(max_examples=settings.default.max_examples // 2)  # for each of 180 cases
@given(data=st.data())
def test_the_two_validators_agree(cls, member, valid, any_value, data):
    value = data.draw(drawn_values_but_none(member.type, any_value))
    value_held, invalid = reference_result(cls, member, copy.deepcopy(value))
    assert compiled_result(valid, cls, member, value) == (invalid or f"{type(value_held)} {value_held!r}")


def members(*, required):
    """Return the classes and members of requests that are required, or those that are not."""
    return [(cls, member) for cls, member in (case.values for case in CASES) if member.required is required]


def test_none_is_invalid_for_a_required_member(valid, refused):
    for cls, member in members(required=True):
        [violation] = refused(valid, cls, **{member.attribute: None})
        assert (violation.path, violation.rule, violation.got) == (member.wire_name, "required", "None")


def test_none_is_equal_to_an_absent_member(valid):
    for cls, member in members(required=False):
        assert valid(cls, **{member.attribute: None}) == valid(cls)
