"""The arguments of `requests`, and what they exclude."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from hypothesis import strategies as st

from hptsdk import schema
from hptsdk._validation import closest, is_list, is_tuple
from hptsdk.shapes import HyperParameterTrainingJobDefinition as Definition, HyperParameterTuningJobConfig
from hptsdk.testing.strategies._algorithms import is_tunable_by_grid, names

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from typing_extensions import TypeIs

__all__ = ["Context", "conflict_of", "is_strategy", "problem_of"]


class Context(NamedTuple):
    """The arguments of `requests` that are not members, each a value, a strategy for one, or None for any value."""

    strategy: Any = None
    algorithm: Any = None
    definitions: Any = None
    spot: Any = None
    warm_start: Any = None
    unknown_instance_types: Any = False


_MAX_DEFINITIONS = 10
_SINGLE, _LIST = "training_job_definition", "training_job_definitions"

# By argument, the members that it sets.
_MEMBERS = {
    "strategy": ("hyper_parameter_tuning_job_config",),
    "algorithm": (_SINGLE, _LIST),
    "definitions": (_SINGLE, _LIST),
    "spot": (_SINGLE, _LIST),
    "warm_start": ("warm_start_config",),
    "name": ("hyper_parameter_tuning_job_name",),
}


def problem_of(arguments: Context, overrides: Mapping[str, object], *, extreme: bool) -> str | None:
    """Return what is wrong with arguments that are values or None; None if some requests have them."""
    return next(_problems(arguments, overrides, extreme=extreme), None)


def conflict_of(arguments: Mapping[str, object], overrides: Mapping[str, object]) -> str | None:
    """Return which argument and which override set the same member; None if no two do."""
    for argument, members in _MEMBERS.items():
        conflicts = [member for member in members if member in overrides]
        if arguments[argument] is not None and conflicts:
            return f"{argument} and {conflicts[0]} set the same member; pass one of the two"
    return None


def _problems(arguments: Context, overrides: Mapping[str, object], *, extreme: bool) -> Iterator[str]:
    strategy, algorithm, definitions, spot, warm_start, _ = arguments
    yield from _one_of("strategy", strategy, _strategies())
    yield from _one_of("algorithm", algorithm, names())
    for name, value in (("spot", spot), ("warm_start", warm_start)):
        if value is not None and not isinstance(value, bool):
            yield f"{name}: expected True or False, got {value!r}"
    if definitions is not None and not (type(definitions) is int and 1 <= definitions <= _MAX_DEFINITIONS):
        yield f"definitions: expected a number from 1 to {_MAX_DEFINITIONS}, got {definitions!r}"
    fixed = _fixed_definitions(overrides)
    if warm_start and max(definitions or 1, len(fixed)) > 1:
        yield "warm_start: expected False or None for several definitions, got True; use one definition"
    if strategy == "Grid" and any(map(_has_numeric_ranges, fixed)):
        yield (
            "strategy: expected Bayesian, Random or Hyperband for continuous and integer ranges, got 'Grid'; "
            "use categorical ranges"
        )
    if strategy == "Grid" and algorithm is not None and not extreme and not is_tunable_by_grid(algorithm):
        possible = ", ".join(filter(is_tunable_by_grid, names()))
        yield f"algorithm: expected one with categorical hyperparameters for a grid, got {algorithm!r}; use {possible}"


def _one_of(argument: str, value: object, allowed: tuple[str, ...]) -> Iterator[str]:
    if value is not None and value not in allowed:
        hint = closest(value, allowed)
        expected = f"{', '.join(allowed[:-1])} or {allowed[-1]}"
        yield f"{argument}: expected {expected}, got {value!r}{'; ' if hint else ''}{hint}"


def _strategies() -> tuple[str, ...]:
    members = schema.of(HyperParameterTuningJobConfig).members
    return next(member.type.known_values for member in members if member.attribute == "strategy")


def _fixed_definitions(overrides: Mapping[str, object]) -> list[Definition]:
    """Return the definitions among the overrides that are values."""
    several = overrides.get(_LIST)
    values = [overrides.get(_SINGLE), *(several if is_list(several) or is_tuple(several) else ())]
    return [value for value in values if isinstance(value, Definition)]


def _has_numeric_ranges(definition: Definition) -> bool:
    ranges = definition.hyper_parameter_ranges
    return ranges is not None and bool(ranges.continuous_parameter_ranges or ranges.integer_parameter_ranges)


def is_strategy(value: object) -> TypeIs[st.SearchStrategy[Any]]:
    """Check whether a value is a strategy."""
    return isinstance(value, st.SearchStrategy)
