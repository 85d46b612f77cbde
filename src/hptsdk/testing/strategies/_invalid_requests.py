"""Requests that violate one rule or constraint: valid requests with a change."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument

from hptsdk import schema, shapes
from hptsdk._validation import is_dict, is_list, suggestion
from hptsdk.testing.strategies._draw import Context
from hptsdk.testing.strategies._draw.choices import Choices
from hptsdk.testing.strategies._draw.invalid_values import invalid_values, minimal_part
from hptsdk.testing.strategies._draw.mutations import (
    DATASET_SOURCE,
    FILE_SYSTEM_SOURCE,
    METRIC,
    MUTATIONS,
    OBJECTIVE,
    S3_SOURCE,
    Mutation,
    channel,
    hyperband,
)
from hptsdk.testing.strategies._draw.profile import CUSTOM
from hptsdk.testing.strategies._draw.texts import info_of, localized
from hptsdk.testing.strategies._requests import is_strategy

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hypothesis.strategies import DrawFn, SearchStrategy

    from hptsdk._validation import Shape
    from hptsdk.schema import MemberInfo

Value = Any
"""A part of a document, or a strategy for one; it may have any type."""

Path = tuple[str | int, ...]

_ROOT = shapes.CreateHyperParameterTuningJobRequest


class Place(NamedTuple):
    """A member of a structure in a request; `path` is that of the structure."""

    path: Path
    member: MemberInfo


def invalid_requests(*rules: str) -> SearchStrategy[tuple[dict[str, Any], str]]:
    """Create a strategy for requests that violate exactly one rule or constraint.

    Args:
        *rules: the ids of rules and constraints to choose from. Defaults to all rules whose violation is an error, and
            all constraints: ``type``, ``range``, ``length``, ``required``, ``null``, ``unknown-member`` and so on.

    Returns:
        A strategy for pairs of a request in wire form and the id of the rule that `hptsdk.from_wire` reports, as in
        `Violation.rule`.

    Raises:
        hypothesis.errors.InvalidArgument: no request can violate a rule with this id.

    Example:
        >>> from hptsdk.testing import strategies
        >>> repeated_tags = strategies.invalid_requests("tag-keys-differ")
    """
    for rule in rules:
        if rule not in _rule_ids():
            raise InvalidArgument(f"no request can violate a rule {rule!r}{suggestion(rule, _rule_ids())}")
    return _invalid_requests(rules)


@st.composite
def _invalid_requests(draw: DrawFn, rules: tuple[str, ...]) -> tuple[dict[str, Any], str]:
    rule: str = draw(st.sampled_from(rules or _rule_ids()))
    if rule in MUTATIONS:
        return mutated_request(draw, draw(st.sampled_from(MUTATIONS[rule]))), rule
    return request_with_invalid_value(draw, *draw(st.sampled_from(places()[rule]))), rule


@cache
def _rule_ids() -> tuple[str, ...]:
    """Return the ids of all rules and constraints that an invalid request can violate."""
    return (*sorted(MUTATIONS), *sorted(places()))


def mutated_request(draw: DrawFn, mutation: Mutation) -> dict[str, Any]:
    document = _valid_request(draw, in_list=mutation.definitions is not None)
    _set_members(draw, document, mutation.members)
    for index, members in enumerate(mutation.definitions or ()):
        for name, value in members.items():
            _set(draw, document["TrainingJobDefinitions"][index], name, value)
    return document


@cache
def _paths() -> dict[str, tuple[str, ...]]:
    """Return by member the path of the structure that has it, for the outer structures of a request."""
    config, definition = "HyperParameterTuningJobConfig", "TrainingJobDefinition"
    structures: dict[tuple[str, ...], type[Shape]] = {
        (definition,): shapes.HyperParameterTrainingJobDefinition,
        (config, "ResourceLimits"): shapes.ResourceLimits,
        (config,): shapes.HyperParameterTuningJobConfig,
        (): _ROOT,
    }
    return {member.wire_name: path for path, cls in structures.items() for member in schema.of(cls).members}


def _set_members(draw: DrawFn, document: dict[str, Any], members: Mapping[str, Any]) -> None:
    for name, value in members.items():
        structure = document
        for step in _paths()[name]:
            structure = structure[step]
        _set(draw, structure, name, value)


def _set(draw: DrawFn, structure: dict[str, Any], name: str, value: Value) -> None:
    if value is None:
        structure.pop(name, None)
    else:
        structure[name] = _resolved(draw, value)


def _resolved(draw: DrawFn, value: object) -> Value:
    """Copy a value, and draw from each strategy in it."""
    if is_dict(value):
        return {key: _resolved(draw, item) for key, item in value.items()}
    if is_list(value):
        return [_resolved(draw, item) for item in value]
    return draw(value) if is_strategy(value) else value


def _valid_request(draw: DrawFn, *, in_list: bool = False) -> dict[str, Any]:
    """Draw a plausible request without members that a change of another member could make invalid."""
    strategy = draw(st.sampled_from(("Bayesian", "Random")))
    choices = Choices(draw, Context(strategy, CUSTOM, 2 if in_list else 1, spot=False, warm_start=False))
    document: dict[str, Any] = localized(choices.instance(_ROOT, {"Autotune": None}), choices.region)
    searched = {"TuningObjective": OBJECTIVE, "HyperParameterRanges": _RANGES}
    definitions = document["TrainingJobDefinitions"] if in_list else [document["TrainingJobDefinition"]]
    for definition, name in zip(definitions, ("first", "second"), strict=False):
        members = _DEFINITION | ({"DefinitionName": name, **searched} if in_list else {})
        for member, value in members.items():
            _set(draw, definition, member, value)
        _set(draw, definition["AlgorithmSpecification"], "TrainingInputMode", "File")
        _set(draw, definition["AlgorithmSpecification"], "MetricDefinitions", [METRIC])
    objective, ranges = (None, None) if in_list else searched.values()
    config = {"HyperParameterTuningJobObjective": objective, "ParameterRanges": ranges}
    _set_members(draw, document, config | {"TrainingJobEarlyStoppingType": None})
    return document


_DEFINITION = {
    "StaticHyperParameters": {"batch": "32"},
    "ResourceConfig": {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 30},
    "HyperParameterTuningResourceConfig": None,
    "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
    **dict.fromkeys(("InputDataConfig", "EnableManagedSpotTraining", "EnableNetworkIsolation", "VpcConfig")),
}
_RANGES = {
    "ContinuousParameterRanges": [
        {"Name": "learning_rate", "MinValue": "1e-5", "MaxValue": "0.1", "ScalingType": "Logarithmic"}
    ]
}


_MISSING: Value = object()
_UNKNOWN: Value = object()


def request_with_invalid_value(draw: DrawFn, place: Place, value: Value) -> dict[str, Any]:
    """Draw a valid request and make a member invalid, with a value from `places`."""
    document = _valid_request(draw)
    for step in (*place.path, place.member.wire_name):
        _set_members(draw, document, _PREPARATIONS.get(str(step), {}))
    holder = _structure_at(draw, document, place.path)
    if value is _MISSING:
        holder.pop(place.member.wire_name, None)
    elif value is _UNKNOWN:
        holder["Unmodelled"] = draw(st.sampled_from(("a", 1, True)))
    else:
        holder[place.member.wire_name] = draw(value)
    return document


# By member on the path of a place, the changes that the request needs so that no rule is violated as well.
_PREPARATIONS: dict[str, dict[str, Any]] = {
    "StrategyConfig": hyperband(MaxResource=9),
    "ParameterRanges": {"MaxNumberOfTrainingJobs": None},
    "FileSystemDataSource": {
        **channel({"FileSystemDataSource": FILE_SYSTEM_SOURCE}),
        "VpcConfig": {"SecurityGroupIds": ["a"], "Subnets": ["a"]},
    },
    "DatasetSource": channel({"DatasetSource": DATASET_SOURCE}),
    "InputDataConfig": channel({"S3DataSource": S3_SOURCE}),
    "AutoParameters": {"Autotune": {"Mode": "Enabled"}},
    "InstanceGroups": {"ResourceConfig": {"VolumeSizeInGB": 30}},
    "InstancePlacementConfig": {"ResourceConfig": {"VolumeSizeInGB": 30}},
    "InstancePreferences": {"ResourceConfig": {"InstanceCount": 1}},
    "HyperParameterTuningResourceConfig": {"HyperParameterTuningResourceConfig": None},
    "WarmStartConfig": {"HyperParameterTuningJobName": "later"},
}


def _structure_at(draw: DrawFn, document: Value, path: Path) -> Value:
    """Return the structure at a path, and create the missing structures on the path."""
    cls: type[Shape] = _ROOT
    holder = document
    for step in path:
        if isinstance(step, int):
            holder = holder[0]
            continue
        info = info_of(cls, step)
        cls = info.item.shape if info.item and info.item.shape else info.shape or cls
        created = minimal_part(draw, cls)
        if not holder.get(step):
            holder[step] = [created] if info.item else created
        holder = holder[step]
    return holder


@cache
def places() -> Mapping[str, list[tuple[Place, Any]]]:
    """Return the members of a request with their invalid values, by the id of the constraint that is violated."""
    by_rule: dict[str, list[tuple[Place, Any]]] = {}
    for place in _members(_ROOT, (), set()):
        for rule, value in _invalid_values(place):
            by_rule.setdefault(rule, []).append((place, value))
    return by_rule


def _members(cls: type[Shape], path: Path, seen: set[type[Shape]]) -> Iterator[Place]:
    """Yield the members of a class and of all classes in it, each class at one path only."""
    seen.add(cls)
    for member in schema.of(cls).members:
        yield Place(path, member)
        info = member.type
        inner, steps = (info.item.shape, (member.wire_name, 0)) if info.item else (info.shape, (member.wire_name,))
        if inner is not None and inner not in seen and member.wire_name != "TrainingJobDefinitions":
            yield from _members(inner, (*path, *steps), seen)


# By constraint, the members for which a rule reports a violation as well, with the members that hold them.
_MEMBERS_WITH_RULES = {
    "null": """
        HyperParameterTuningJobConfig.StrategyConfig StrategyConfig.HyperbandStrategyConfig
        HyperParameterTuningJobConfig.HyperParameterTuningJobObjective .TrainingJobDefinition .Autotune
        DataSource.S3DataSource DataSource.FileSystemDataSource DataSource.DatasetSource ModelAccessConfig.AcceptEula
        ParentHyperParameterTuningJobs.HyperParameterTuningJobName AlgorithmSpecification.AlgorithmName
        HyperbandStrategyConfig.MaxResource
    """,
    "required": "ModelAccessConfig.AcceptEula",
    "type": """
        HyperbandStrategyConfig.MinResource HyperbandStrategyConfig.MaxResource .TrainingJobDefinitions
        StoppingCondition.MaxRuntimeInSeconds TrainingJobDefinition.EnableManagedSpotTraining
    """,
    "length": "AlgorithmSpecification.AlgorithmName",
    "items": """
        ParameterRanges.IntegerParameterRanges ParameterRanges.ContinuousParameterRanges ParameterRanges.AutoParameters
        ParameterRanges.CategoricalParameterRanges .TrainingJobDefinitions
    """,
    "entries": "TrainingJobDefinition.StaticHyperParameters",
}
_MEMBERS_WITH_RULES_FOR_ALL = """
    AlgorithmSpecification.TrainingImage InstancePreferences.InstanceCount StoppingCondition.MaxWaitTimeInSeconds
    ResourceConfig.SelectedInstanceType ResourceConfig.SelectedInstanceCount MetricDefinitions.Regex
    IntegerParameterRanges.MinValue IntegerParameterRanges.MaxValue
    ContinuousParameterRanges.MinValue ContinuousParameterRanges.MaxValue
"""


def _invalid_values(place: Place) -> Iterator[tuple[str, Any]]:
    yield "unknown-member", _UNKNOWN
    holder = next((step for step in reversed(place.path) if isinstance(step, str)), "")
    values = [*invalid_values(place.member.type), *([("required", _MISSING)] if place.member.required else [])]
    for rule, value in values:
        excluded = f"{_MEMBERS_WITH_RULES_FOR_ALL} {_MEMBERS_WITH_RULES.get(rule, '')}".split()
        if f"{holder}.{place.member.wire_name}" not in excluded:
            yield rule, value
