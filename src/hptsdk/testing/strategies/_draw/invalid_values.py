"""Values in wire form that violate one constraint of a type, derived from the constraints."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from hptsdk.constraints import Categories, Pattern
from hptsdk.testing.strategies._draw import Context
from hptsdk.testing.strategies._draw.extreme_choices import Minimal
from hptsdk.testing.strategies._draw.texts import bounds, distinct, repeat_distinct, shortest_and_longest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hypothesis.strategies import DrawFn, SearchStrategy

    from hptsdk._validation import Shape
    from hptsdk.schema import TypeInfo

    Violations = Iterator[tuple[str, SearchStrategy[Any]]]

# For each type, some of these have another type.
_VALUES_OF_TYPES: tuple[object, ...] = ("7", 7, 0.5, True, ["a"], {"a": "a"})
_VALID_TYPES: dict[str, tuple[type, ...]] = {
    "text": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "structure": (dict,),
    "list": (list,),
    "map": (dict,),
}

# For each pattern, some of these do not match.
_UNUSUAL_TEXTS = ("\n", "!", "a b", "-")


@cache
def invalid_values(info: TypeInfo) -> tuple[tuple[str, SearchStrategy[Any]], ...]:
    """Return strategies for invalid values of a type, each with the id of the constraint that it violates."""
    mistyped = [value for value in _VALUES_OF_TYPES if type(value) not in _VALID_TYPES[info.kind]]
    of_kind = {"text": _texts, "integer": _integers, "map": _maps, "list": _lists}.get(info.kind)
    return (("null", st.none()), ("type", st.sampled_from(mistyped)), *(of_kind(info) if of_kind else ()))


def _integers(info: TypeInfo) -> Violations:
    low, high = bounds(info, "range")
    outside = [low - 1] if any(constraint.rule == "range" for constraint in info.constraints) else []
    outside += [high + 1] if high is not None else []
    if outside:
        yield "range", st.sampled_from(outside)
    yield "type", st.sampled_from([2**63, -(2**63) - 1])


def _texts(info: TypeInfo) -> Violations:
    yield "encoding", st.sampled_from(["\ud800", "a\udfff"])
    if any(constraint.rule == "enum" for constraint in info.constraints):
        yield "enum", st.sampled_from(["Unmodelled", "", info.known_values[0].swapcase()])
        return
    low, high = bounds(info, "length")
    longest = shortest_and_longest(info)[-1]
    wrong_lengths = [""] if low else []
    # repeating the last character keeps the match of most patterns
    wrong_lengths += [longest + (longest[-1:] or "a")] if high is not None and len(longest) == high else []
    if wrong_lengths:
        yield "length", st.sampled_from(wrong_lengths)
    if unmatched := _unmatched_texts(info):
        yield "pattern", st.sampled_from(unmatched)


def _unmatched_texts(info: TypeInfo) -> list[str]:
    """Return strings that violate the pattern and no other constraint."""
    low, _ = bounds(info, "length")
    patterns = [constraint for constraint in info.constraints if isinstance(constraint, Pattern | Categories)]
    others = [constraint for constraint in info.constraints if constraint not in patterns]
    texts = [text * (low or 1) for text in _UNUSUAL_TEXTS]
    return [
        text
        for text in texts
        if not all(pattern.holds(text) for pattern in patterns) and all(other.holds(text) for other in others)
    ]


def _maps(info: TypeInfo) -> Violations:
    _, high = bounds(info, "entries")
    if high is not None:
        yield "entries", st.just({f"A{number}": "" for number in range(high + 1)})
    if info.key is not None and info.item is not None:
        for rule, keys in invalid_values(info.key):
            if rule in {"length", "pattern", "encoding"}:
                yield rule, keys.map(lambda key: {key: ""})
        for rule, values in invalid_values(info.item):
            if rule != "null":
                yield rule, values.map(lambda value: {"A": value})


def _lists(info: TypeInfo) -> Violations:
    low, _ = bounds(info, "items")
    if low == 1:
        yield "items", st.just([])
    yield "items", _too_long_lists(info)


@st.composite
def _too_long_lists(draw: DrawFn, info: TypeInfo) -> list[Any]:
    """Draw a list with one item more than allowed, all valid and with different keys."""
    size = (bounds(info, "items")[1] or 0) + 1
    if info.item is None or info.item.shape is None:
        return [*distinct([shortest_and_longest(info.item)[0]] * size, info.item)] if info.item is not None else []
    return repeat_distinct([minimal_part(draw, info.item.shape)], size, info.item)


def minimal_part(draw: DrawFn, cls: type[Shape]) -> dict[str, Any]:
    """Draw a part of a request with only the members that it needs."""
    choices = Minimal(draw, Context())
    choices.mode = "File"
    return choices.instance(cls)
