"""Values that break one constraint of a type and nothing else, as the wire has them."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from hptsdk import schema
from hptsdk.constraints import Categories, Pattern
from hptsdk.testing.strategies._draft import KEYS
from hptsdk.testing.strategies._texts import bounds, distinct, ends

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hypothesis.strategies import SearchStrategy

    from hptsdk.schema import TypeInfo

__all__ = ["breaches", "too_few", "too_many"]

# Of these some are of a wrong type, whatever the type.
_ODD: tuple[object, ...] = ("7", 7, 0.5, True, ["a"], {"a": "a"})
_RIGHT: dict[str, tuple[type, ...]] = {
    "text": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "structure": (dict,),
    "list": (list,),
    "map": (dict,),
    # text that is no time, numbers being epoch seconds
    "timestamp": (int, float, bool),
}

# Of these some do not match, whatever the pattern.
_UNMATCHED = ("\n", "!", "a b", "-")


@cache
def breaches(info: TypeInfo) -> tuple[tuple[str, SearchStrategy[Any]], ...]:
    """Give what can be wrong with a value of a type, by the rule that reports it."""
    found = [("null", st.none()), ("type", st.sampled_from(_mistyped(info)))]
    if info.kind == "text":
        found += _of_text(info)
    elif info.kind == "integer":
        low, high = bounds(info, "range")
        outside = [low - 1] if any(c.rule == "range" for c in info.constraints) else []
        outside += [high + 1] if high is not None else []
        found += [("range", st.sampled_from(outside))] if outside else []
        found += [("type", st.sampled_from([2**63, -(2**63) - 1]))]
    elif info.kind == "map":
        found += _of_map(info)
    return tuple(found)


def _mistyped(info: TypeInfo) -> list[object]:
    right = _RIGHT[info.kind]
    return [value for value in _ODD if type(value) not in right]


def _of_text(info: TypeInfo) -> Iterator[tuple[str, SearchStrategy[Any]]]:
    yield "encoding", st.sampled_from(["\ud800", "a\udfff"])
    if any(constraint.rule == "enum" for constraint in info.constraints):
        yield "enum", st.sampled_from(["Unmodelled", "", info.known_values[0].swapcase()])
        return
    low, high = bounds(info, "length")
    longest = ends(info)[-1]
    wrong = [""] if low else []
    # what is too long fits the pattern as far as it may go
    wrong += [longest + (longest[-1:] or "a")] if high is not None and len(longest) == high else []
    if wrong:
        yield "length", st.sampled_from(wrong)
    unmatched = _unmatched(info)
    if unmatched:
        yield "pattern", st.sampled_from(unmatched)


def _unmatched(info: TypeInfo) -> list[str]:
    """Give texts of a right length that the pattern does not match."""
    low, _ = bounds(info, "length")
    patterns = [c for c in info.constraints if isinstance(c, Pattern | Categories)]
    texts = [text * (low or 1) for text in _UNMATCHED]
    return [
        text
        for text in texts
        if not all(c.holds(text) for c in patterns)
        and all(c.holds(text) for c in info.constraints if c not in patterns)
    ]


def _of_map(info: TypeInfo) -> Iterator[tuple[str, SearchStrategy[Any]]]:
    _, high = bounds(info, "entries")
    if high is not None:
        yield "entries", st.just({f"A{number}": "" for number in range(high + 1)})
    if info.key is not None and info.item is not None:
        for rule, wrong in breaches(info.key):
            if rule in {"length", "pattern", "encoding"}:
                yield rule, wrong.map(lambda key: {key: ""})
        for rule, wrong in breaches(info.item):
            if rule != "null":
                yield rule, wrong.map(lambda value: {"A": value})


def too_few(info: TypeInfo) -> list[Any] | None:
    """Give a list with too little in it, None where there is no such."""
    low, _ = bounds(info, "items")
    return [] if low == 1 else None


def too_many(info: TypeInfo, plain: dict[str, Any] | None) -> list[Any]:
    """Give a list with one item too many, all of them right and none like another; `plain` is a structure to repeat."""
    _, high = bounds(info, "items")
    size = (high or 0) + 1
    if info.item is None or info.item.shape is None or plain is None:
        return [*distinct([ends(info.item)[0]] * size, info.item)] if info.item is not None else []
    key = KEYS.get(info.item.shape.__name__)
    member = next((found for found in schema.of(info.item.shape).members if found.attribute == key), None)
    if member is None:
        return [plain] * size
    return [plain | {member.wire_name: name} for name in distinct([plain[member.wire_name]] * size, member.type)]
