"""Strategies for text, derived from its constraints: the shortest strings, the longest, and others that match."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import attrs
from hypothesis import strategies as st

from hptsdk import schema
from hptsdk.constraints import Categories, Pattern
from hptsdk.testing.strategies._regexes import compiled, fullest, shortest, stretched

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hypothesis.strategies import DrawFn

    from hptsdk._validation import Shape
    from hptsdk.constraints import Constraint
    from hptsdk.schema import TypeInfo

__all__ = ["KEY_MEMBERS", "bounds", "distinct", "draw_text", "repeat_distinct", "shortest_and_longest"]

# The longest text if a constraint has no upper bound, or one that would make tests slow.
_LONG = 64

# All characters that can be encoded, by category: Hypothesis needs a second to collect the characters of a codec.
_SURROGATES: Any = ("Cs",)
_ENCODABLE = st.characters(exclude_categories=_SURROGATES)

# How often each of the shortest and longest texts is drawn for one that is generated from its pattern, which is slow.
_KNOWN = 3


def bounds(info: TypeInfo, rule: str) -> tuple[int, int | None]:
    """Return the bounds that a type has by its constraint with this id; 0 and None if it has no such constraint."""
    constraint: Any = next((constraint for constraint in info.constraints if constraint.rule == rule), None)
    return (0, None) if constraint is None else (constraint.minimum or 0, constraint.maximum)


@cache
def shortest_and_longest(info: TypeInfo) -> tuple[str, ...]:
    """Return strings that a type allows, from the shortest to the longest one."""
    low, high = bounds(info, "length")
    pattern = next((constraint for constraint in info.constraints if isinstance(constraint, Pattern)), None)
    seeds = [shortest(pattern.regex), fullest(pattern.regex)] if pattern else ["", "a"]
    regex = pattern.regex if pattern else r"[\S\s]*"
    lengths = (max(low, len(seeds[0])), len(seeds[0]) + 1, len(seeds[1]), high or _LONG)
    candidates = ([stretched(seed, regex, length) for seed in seeds] for length in lengths)
    texts = [next((text for text in each if text is not None), None) for each in candidates]
    return tuple(dict.fromkeys(text for text in texts if text is not None and _is_valid(text, info.constraints)))


def _is_valid(text: str, constraints: Sequence[Constraint]) -> bool:
    return all(constraint.holds(text) for constraint in constraints)


def draw_text(draw: DrawFn, info: TypeInfo, *, unknown: bool = False) -> str:
    """Draw a string of a type; with `unknown`, half of the strings of an open enumeration are unknown values."""
    is_open = not any(constraint.rule == "enum" for constraint in info.constraints)
    if info.known_values and not (unknown and is_open and draw(st.booleans())):
        return draw(_known_values(info))
    known, generated = _choices(info)
    # flatmap takes twice as long
    text = draw(known)
    return draw(generated) if text is None else text


@cache
def _known_values(info: TypeInfo) -> st.SearchStrategy[str]:
    return st.sampled_from(info.known_values)


@cache
def _choices(info: TypeInfo) -> tuple[st.SearchStrategy[str | None], st.SearchStrategy[str]]:
    """Return a strategy for the shortest and longest strings, which sometimes draws None, and one for the others."""
    known = shortest_and_longest(info)
    return st.sampled_from((*known * _KNOWN, None)), _generated(info)


def _generated(info: TypeInfo) -> st.SearchStrategy[str]:
    low, high = bounds(info, "length")
    longest = max(low, min(high, _LONG) if high is not None else _LONG)
    constraint = next((each for each in info.constraints if isinstance(each, Pattern | Categories)), None)
    if isinstance(constraint, Categories):
        categories: Any = tuple(constraint.categories)
        characters = st.characters(categories=categories, include_characters=constraint.others)
        return st.text(characters, min_size=low, max_size=longest)
    if constraint is None or constraint.regex == r"[\S\s]*":
        return st.text(_ENCODABLE, min_size=low, max_size=longest)
    if constraint.regex in {".*", ".+"}:
        characters = st.characters(exclude_categories=_SURROGATES, exclude_characters="\n")
        return st.text(characters, min_size=max(low, 1 if constraint.regex == ".+" else 0), max_size=longest)
    shortest_text = shortest_and_longest(info)[0]
    matching = st.from_regex(compiled(constraint.regex), fullmatch=True, alphabet=_ENCODABLE)
    # a match that violates the bounds of the length is replaced, because a filter would reject too many
    return matching.map(lambda text: text if _is_valid(text, info.constraints) else shortest_text)


def distinct(
    names: Sequence[str], info: TypeInfo, reserved: Iterable[str] = (), *, ignore_case: bool = False
) -> list[str]:
    """Add numbers to repeated names, so that all names differ from each other and from the reserved ones."""
    fold = str.lower if ignore_case else str
    seen = {fold(name) for name in reserved}
    numbers: dict[str, int] = {}
    _, longest = bounds(info, "length")
    result: list[str] = []
    for name in names:
        new = name
        while fold(new) in seen:
            numbers[name] = numbers.get(name, 0) + 1
            suffix = str(numbers[name])
            new = name[: None if longest is None else longest - len(suffix)] + suffix
        seen.add(fold(new))
        result.append(new)
    return result


# --- items of a list whose keys differ ---

KEY_MEMBERS = {
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
"""By class, the member that must differ between the items of a list."""


def repeat_distinct(
    items: Sequence[Any], size: int, reserved: Iterable[str] = (), *, ignore_case: bool = False
) -> tuple[Any, ...]:
    """Repeat items up to a size, and make their keys differ from each other and from the reserved ones."""
    repeated = [items[index % len(items)] for index in range(size)]
    key = KEY_MEMBERS.get(type(items[0]).__name__) if repeated else None
    if key is None or any(getattr(item, key) is None for item in items):
        return tuple(repeated)
    cls: type[Shape] = items[0].__class__
    info = next(member.type for member in schema.of(cls).members if member.attribute == key)
    names = distinct([getattr(item, key) for item in repeated], info, reserved, ignore_case=ignore_case)
    return tuple(
        item if getattr(item, key) == name else attrs.evolve(item, **{key: name})
        for item, name in zip(repeated, names, strict=True)
    )
