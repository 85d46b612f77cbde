"""Strategies for text, derived from its constraints: the shortest strings, the longest, and others that match.

Texts of a chosen length are derived from the parse tree of the regular expression.
"""

from __future__ import annotations

import importlib
import re
from functools import cache
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from hptsdk import schema
from hptsdk._validation import cache_by_class, is_dict, is_list
from hptsdk.constraints import Categories, Pattern
from hptsdk.rules.facts.accounts import dns_suffix, partition_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from hypothesis.strategies import DrawFn

    from hptsdk._validation import Shape
    from hptsdk.constraints import Constraint
    from hptsdk.schema import MemberInfo, TypeInfo

# The longest text if a constraint has no upper bound, or one that would make tests slow.
_LONG = 64

# All characters that can be encoded, by category: Hypothesis needs a second to collect the characters of a codec.
_SURROGATES: Any = ("Cs",)
_ENCODABLE = st.characters(exclude_categories=_SURROGATES)

# How often each of the shortest and longest texts is drawn for one that is generated from its pattern, which is slow.
_KNOWN = 3


@cache_by_class
def members_by_name(cls: type[Shape]) -> Mapping[str, MemberInfo]:
    """Return the members of a class by their names in wire form."""
    return {member.wire_name: member for member in schema.of(cls).members}


def info_of(cls: type[Shape], name: str) -> TypeInfo:
    return members_by_name(cls)[name].type


def bounds(info: TypeInfo, rule: str) -> tuple[int, int | None]:
    """Return the bounds that a type has by its constraint with this id; 0 and None if it has no such constraint."""
    constraint: Any = next((constraint for constraint in info.constraints if constraint.rule == rule), None)
    return (0, None) if constraint is None else (constraint.minimum or 0, constraint.maximum)


@cache
def shortest_and_longest(info: TypeInfo) -> tuple[str, ...]:
    """Return strings that a type allows, from the shortest to the longest one."""
    low, high = bounds(info, "length")
    pattern = next((constraint for constraint in info.constraints if isinstance(constraint, Pattern)), None)
    regex = pattern.regex if pattern else r"[\S\s]*"
    # the standard library's parser, which Hypothesis uses for from_regex too
    tree = importlib.import_module("re._parser").parse(_compiled(regex).pattern, re.ASCII)
    seeds = [_example(tree, full=False), _example(tree, full=True)]
    lengths = (max(low, len(seeds[0])), len(seeds[0]) + 1, len(seeds[1]), high or _LONG)
    candidates = ([_extended(seed, regex, length) for seed in seeds] for length in lengths)
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
    matching = st.from_regex(_compiled(constraint.regex), fullmatch=True, alphabet=_ENCODABLE)
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


def localized(value: Any, region: str) -> Any:
    """Insert the region and its partition and domain into the texts of a document."""
    if isinstance(value, str):
        return value if "{" not in value else _localized(value, region)
    if is_dict(value):
        return {name: localized(item, region) for name, item in value.items()}
    return [localized(item, region) for item in value] if is_list(value) else value


@cache
def _localized(text: str, region: str) -> str:
    places = {"{region}": region, "{partition}": partition_of(region), "{suffix}": dns_suffix(region)}
    for place, name in places.items():
        text = text.replace(place, name)
    return text


_KEY_MEMBERS = {
    "AutoParameter": "Name",
    "CategoricalParameterRange": "Name",
    "Channel": "ChannelName",
    "ContinuousParameterRange": "Name",
    "HyperParameterTrainingJobDefinition": "DefinitionName",
    "InstanceGroup": "InstanceGroupName",
    "InstancePreference": "InstanceType",
    "IntegerParameterRange": "Name",
    "MetricDefinition": "Name",
    "ParentHyperParameterTuningJob": "HyperParameterTuningJobName",
    "Tag": "Key",
}
"""By class, the member that must differ between the items of a list."""


def repeat_distinct(
    items: Sequence[Any], size: int, info: TypeInfo | None, reserved: Iterable[str] = (), *, ignore_case: bool = False
) -> list[Any]:
    """Repeat items of a type up to a size, and make their keys differ from each other and from the reserved ones."""
    repeated = [items[number % len(items)] for number in range(size)]
    cls = info.shape if info is not None else None
    key = _KEY_MEMBERS.get(cls.__name__) if cls is not None else None
    if cls is None or key is None or any(key not in item for item in repeated):
        return repeated
    names = distinct([item[key] for item in repeated], info_of(cls, key), reserved, ignore_case=ignore_case)
    return [item | {key: name} for item, name in zip(repeated, names, strict=True)]


Value = Any
"""A part of a parse tree, for which the standard library has no types."""

# Characters to use in texts, in order of preference.
_CHARACTERS = "a0A/-_.:!"


@cache
def _compiled(regex: str) -> re.Pattern[str]:
    """Compile a pattern as its constraint does: ASCII only, with Java's class for letters and digits."""
    return re.compile(regex.replace(r"\p{Alnum}", "a-zA-Z0-9"), re.ASCII)


def _example(tree: Iterable[tuple[Any, Any]], *, full: bool) -> str:
    """Return a string that matches without the optional parts, or with each of them once."""
    return "".join(_part(node, full=full) for node in tree)


def _part(node: tuple[Any, Any], *, full: bool) -> str:
    operation, argument = node
    match str(operation):
        case "LITERAL":
            return chr(argument)
        case "IN" | "ANY":
            return next(each for each in _CHARACTERS if _matches(node, each))
        case "BRANCH":
            branches = [_example(branch, full=full) for branch in argument[1]]
            return (max if full else min)(branches, key=len)
        case "SUBPATTERN":
            return _example(argument[-1], full=full)
        case "MAX_REPEAT":
            low, high, inner = argument
            return _example(inner, full=full) * int(max(low, min(1, int(high))) if full else low)
        case _:  # a position or a look-behind, which matches no characters
            return ""


def _matches(node: Value, character: str) -> bool:
    """Check whether a node of a parse tree matches a character."""
    parser: Any = importlib.import_module("re._parser")
    pattern = importlib.import_module("re._compiler").compile(parser.SubPattern(parser.State(), [node]), re.ASCII)
    return pattern.fullmatch(character) is not None


def _extended(text: str, regex: str, length: int) -> str | None:
    """Insert characters into a string until it has this length and still matches; None if that is impossible."""
    matches = _compiled(regex).fullmatch
    return next((longer for longer in _extensions(text, length - len(text)) if matches(longer)), None)


def _extensions(text: str, count: int) -> Iterator[str]:
    if count < 0:
        return
    # names may have any number of hyphens between two letters
    insertions = [character * count for character in _CHARACTERS] + ["-" * (count - 1) + "a" if count else ""]
    for position in range(len(text), -1, -1):
        for insertion in insertions:
            yield text[:position] + insertion + text[position:]
