"""Strategies for text: from its pattern, at both ends of its length, and between."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from hptsdk.constraints import Categories, Pattern
from hptsdk.testing.strategies._regexes import compiled, fullest, shortest, stretched

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hypothesis.strategies import DrawFn

    from hptsdk.constraints import Constraint
    from hptsdk.schema import TypeInfo

__all__ = ["bounds", "distinct", "drawn_text", "ends"]

# Where a constraint has no upper bound, or one that no test wants to wait for.
_LONG = 64

# All text but what can't be encoded; named by its category, since looking a codec through takes hypothesis a second.
_SURROGATES: Any = ("Cs",)
_ANY = st.characters(exclude_categories=_SURROGATES)

# Of so many draws of a text one is made from its pattern, which takes long; the others are known texts.
_ONE_IN = 6


def bounds(info: TypeInfo, rule: str) -> tuple[int, int | None]:
    """Give the bounds that a type has by its constraint of this rule."""
    found: Any = next((constraint for constraint in info.constraints if constraint.rule == rule), None)
    if found is None:
        return 0, None
    return found.minimum or 0, found.maximum


@cache
def ends(info: TypeInfo) -> tuple[str, ...]:
    """Give texts of a type, the shortest there are first and the longest last."""
    low, high = bounds(info, "length")
    pattern = next((c for c in info.constraints if isinstance(c, Pattern)), None)
    seeds = [shortest(pattern.regex), fullest(pattern.regex)] if pattern else ["", "a"]
    regex = pattern.regex if pattern else r"[\S\s]*"
    sizes = (max(low, len(seeds[0])), len(seeds[0]) + 1, len(seeds[1]), high or _LONG)
    found = [_first(stretched(seed, regex, size) for seed in seeds) for size in sizes]
    return tuple(dict.fromkeys(text for text in found if text is not None and _fits(text, info.constraints)))


def _first(texts: Iterable[str | None]) -> str | None:
    return next((text for text in texts if text is not None), None)


def _fits(text: str, constraints: Sequence[Constraint]) -> bool:
    return all(constraint.holds(text) for constraint in constraints)


def drawn_text(draw: DrawFn, info: TypeInfo, *, unknown: bool = False) -> str:
    """Draw a text of a type; with `unknown`, about half of those of an open enumeration are none of its values."""
    if info.known_values and not (unknown and _is_open(info) and draw(st.booleans())):
        return draw(_known_values(info))
    known, made = _choices(info)
    # not by flatmap, which takes twice as long, and there are many texts
    found = draw(known)
    return draw(made) if found is None else found


@cache
def _known_values(info: TypeInfo) -> st.SearchStrategy[str]:
    return st.sampled_from(info.known_values)


@cache
def _choices(info: TypeInfo) -> tuple[st.SearchStrategy[str | None], st.SearchStrategy[str]]:
    """Return the strategy for the shortest and longest texts, None among them, and that for others."""
    known = ends(info)
    return st.sampled_from((*known, *([None] * max(1, len(known) // _ONE_IN)))), _from_constraints(info)


def _is_open(info: TypeInfo) -> bool:
    return not any(constraint.rule == "enum" for constraint in info.constraints)


def _from_constraints(info: TypeInfo) -> st.SearchStrategy[str]:
    """Draw from the pattern or the categories."""
    low, high = bounds(info, "length")
    longest = min(high, _LONG) if high is not None else _LONG
    longest = max(low, longest)
    kind = next((c for c in info.constraints if isinstance(c, Pattern | Categories)), None)
    if isinstance(kind, Categories):
        characters = st.characters(categories=_categories(kind), include_characters=kind.others)
        return st.text(characters, min_size=low, max_size=longest)
    if kind is None or kind.regex == r"[\S\s]*":
        return st.text(_ANY, min_size=low, max_size=longest)
    if kind.regex in {".*", ".+"}:
        characters = st.characters(exclude_categories=_SURROGATES, exclude_characters="\n")
        return st.text(characters, min_size=max(low, 1 if kind.regex == ".+" else 0), max_size=longest)
    shorter = ends(info)[0]
    fitted = st.from_regex(compiled(kind.regex), fullmatch=True, alphabet=_ANY)
    # what the pattern lets be too long or too short gives way to the shortest
    return fitted.map(lambda text: text if _fits(text, info.constraints) else shorter)


def _categories(kind: Categories) -> Any:  # noqa: ANN401 - hypothesis's literals
    return tuple(kind.categories)


def distinct(
    names: Sequence[str], info: TypeInfo, taken: Iterable[str] = (), *, ignoring_case: bool = False
) -> list[str]:
    """Number those names that were there before, so that all differ from each other and from what is taken."""
    fold = str.lower if ignoring_case else str
    seen = {fold(name) for name in taken}
    numbers: dict[str, int] = {}
    _, longest = bounds(info, "length")
    found: list[str] = []
    for name in names:
        new = name
        while fold(new) in seen:
            numbers[name] = numbers.get(name, 0) + 1
            new = _numbered(name, numbers[name], longest)
        seen.add(fold(new))
        found.append(new)
    return found


def _numbered(name: str, number: int, longest: int | None) -> str:
    """End a name in a number, within its length."""
    ending = str(number)
    room = len(name) if longest is None else longest - len(ending)
    return name[:room] + ending
