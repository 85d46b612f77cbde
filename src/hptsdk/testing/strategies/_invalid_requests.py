"""Requests that break one rule: a plain request with random surroundings, changed in one place."""

# ruff: noqa: ANN401 - a document is made of anything

from __future__ import annotations

import copy
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from hypothesis import strategies as st

import hptsdk
from hptsdk import schema, shapes
from hptsdk.testing.strategies._draft import Setting, drawn
from hptsdk.testing.strategies._invalid_values import breaches, too_few, too_many
from hptsdk.testing.strategies._mutation import (
    CHANNELS,
    CHOICES,
    DATASET,
    HYPERBAND,
    JOB,
    JOBS,
    MOUNTED,
    RESOURCES,
    STRATEGY,
    Spoiler,
    channel,
)
from hptsdk.testing.strategies._mutations_search import SEARCH
from hptsdk.testing.strategies._mutations_training import TRAINING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hypothesis.strategies import DrawFn

    from hptsdk._validation import Shape
    from hptsdk.schema import MemberInfo

__all__ = ["SPOILERS", "Place", "broken", "places", "spoiled", "with_spoiler", "with_wrong_value"]

Path = tuple[str | int, ...]

# Ways to break each rule, by its id.
SPOILERS = SEARCH | TRAINING
_ROOT = shapes.CreateHyperParameterTuningJobRequest
_PLAIN = Setting(plain=True, mode="File")


class Place(NamedTuple):
    """A member of a structure somewhere in a request."""

    path: Path
    member: MemberInfo


@st.composite
def spoiled(draw: DrawFn, rules: tuple[str, ...] = ()) -> tuple[dict[str, Any], str]:
    """Choose a rule or a kind of constraint, and break it."""
    rule: str = draw(st.sampled_from(rules or broken()))
    if rule in SPOILERS:
        return with_spoiler(draw, draw(st.sampled_from(SPOILERS[rule]))), rule
    return with_wrong_value(draw, *draw(st.sampled_from(places()[rule]))), rule


@cache
def broken() -> tuple[str, ...]:
    """Give the ids of all that can be broken."""
    return (*sorted(SPOILERS), *sorted(places()))


# --- rules ----------------------------------------------------------------------------------------------------------


def with_spoiler(draw: DrawFn, spoiler: Spoiler) -> dict[str, Any]:
    """Draw a request that is spoiled in this way."""
    document = _base(draw, several=spoiler.several)
    for path, value in spoiler.changes.items():
        _set(document, path.split("."), _resolved(draw, value))
    return document


def _resolved(draw: DrawFn, value: object) -> object:
    if isinstance(value, st.SearchStrategy):
        return draw(cast("st.SearchStrategy[object]", value))
    return copy.deepcopy(value)


def _set(document: Any, path: list[str], value: object) -> None:
    """Put a value in its place, making what is missing on the way; None takes it out."""
    holder: Any = document
    for step, following in pairwise(path):
        made: Any = [{}] if following == "0" else {}
        holder = holder[int(step)] if step.isdigit() else holder.setdefault(step, made)
    if value is None:
        holder.pop(path[-1], None)
    else:
        holder[path[-1]] = value


# --- a valid request to start from ----------------------------------------------------------------------------------


def _base(draw: DrawFn, *, several: bool = False) -> dict[str, Any]:
    """Draw a request with nothing in it that a change elsewhere could make wrong."""
    given: dict[str, Any] = {
        "hyper_parameter_tuning_job_name": "job",
        "hyper_parameter_tuning_job_config": _config(draw, several=several),
        "warm_start_config": None,
        "autotune": shapes.Autotune(mode="Enabled"),
    }
    if several:
        given["training_job_definitions"] = [_definition(draw, name, environment=None) for name in ("first", "second")]
    else:
        given["training_job_definition"] = _definition(draw, None)
    return hptsdk.to_wire(drawn(draw, _ROOT, given, Setting()))


def _config(draw: DrawFn, *, several: bool) -> Shape:
    objective = shapes.HyperParameterTuningJobObjective(type="Minimize", metric_name="loss")
    given: dict[str, Any] = {
        "strategy": draw(st.sampled_from(("Bayesian", "Random"))),
        "hyper_parameter_tuning_job_objective": None if several else objective,
        "parameter_ranges": None,
        "strategy_config": None,
    }
    found: Shape = drawn(draw, shapes.HyperParameterTuningJobConfig, given, Setting(several=True))
    return found


def _definition(draw: DrawFn, name: str | None, **members: Any) -> Shape:
    objective = shapes.HyperParameterTuningJobObjective(type="Minimize", metric_name="loss")
    given: dict[str, Any] = {
        "definition_name": name,
        "tuning_objective": objective if name else None,
        "algorithm_specification": shapes.HyperParameterAlgorithmSpecification(
            algorithm_name="mine", training_input_mode="File"
        ),
        "stopping_condition": shapes.StoppingCondition(),
        "static_hyper_parameters": {"batch": "32"},
        **dict.fromkeys(("hyper_parameter_ranges", "input_data_config", "vpc_config", "resource_config")),
        **dict.fromkeys(("enable_managed_spot_training", "enable_network_isolation")),
        **members,
    }
    found: Shape = drawn(draw, shapes.HyperParameterTrainingJobDefinition, given, Setting())
    return found


# --- constraints ----------------------------------------------------------------------------------------------------


def with_wrong_value(draw: DrawFn, place: Place, wrong: Any) -> dict[str, Any]:
    """Draw a request with this in that place."""
    document = _base(draw)
    for path, value in _arrangements(place):
        _set(document, path.split("."), copy.deepcopy(value))
    holder = _reached(draw, document, place.path)
    if wrong is _MISSING:
        holder.pop(place.member.wire_name, None)
    elif wrong is _UNKNOWN:
        holder["Unmodelled"] = draw(_ANYTHING)
    else:
        holder[place.member.wire_name] = draw(wrong)
    return document


_MISSING: Any = object()
_UNKNOWN: Any = object()
_ANYTHING: st.SearchStrategy[object] = st.sampled_from(("a", 1, True))


# What must be otherwise in the request where something stands in it.
_ARRANGEMENTS: dict[str, dict[str, Any]] = {
    "StrategyConfig": {STRATEGY: "Hyperband", f"{HYPERBAND}.MaxResource": 9},
    "ParameterRanges": {JOBS: None},
    "FileSystemDataSource": {
        CHANNELS: [channel("train", MOUNTED)],
        f"{JOB}.VpcConfig": {"SecurityGroupIds": ["a"], "Subnets": ["a"]},
    },
    "DatasetSource": {CHANNELS: [channel("train", {"DatasetSource": DATASET})]},
    "InstancePreferences": {RESOURCES: {"InstanceCount": 1}},
    "HyperParameterTuningResourceConfig": {CHOICES: None},
}


def _arrangements(place: Place) -> Iterator[tuple[str, Any]]:
    for step in (*place.path, place.member.wire_name):
        yield from _ARRANGEMENTS.get(str(step), {}).items()


@cache
def places() -> Mapping[str, list[tuple[Place, Any]]]:
    """Give what can be wrong in a request, by the rule that reports it."""
    found: dict[str, list[tuple[Place, Any]]] = {}
    for place in _members(_ROOT, (), set()):
        for rule, wrong in _breaches(place):
            found.setdefault(rule, []).append((place, wrong))
    return found


# Members of which rules speak too, by what holds them: of these breaches more than the constraint would be reported.
_RULED = {
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
_ALWAYS_RULED = """
    AlgorithmSpecification.TrainingImage InstancePreferences.InstanceCount StoppingCondition.MaxWaitTimeInSeconds
    ResourceConfig.SelectedInstanceType ResourceConfig.SelectedInstanceCount MetricDefinitions.Regex
    IntegerParameterRanges.MinValue IntegerParameterRanges.MaxValue
    ContinuousParameterRanges.MinValue ContinuousParameterRanges.MaxValue
"""


def _breaches(place: Place) -> Iterator[tuple[str, Any]]:
    holder = next((step for step in reversed(place.path) if isinstance(step, str)), "")
    name = f"{holder}.{place.member.wire_name}"
    for rule, wrong in _all_breaches(place.member):
        ruled = f"{_ALWAYS_RULED} {_RULED.get(rule, '')}".split()
        if rule == "unknown-member" or name not in ruled:
            yield rule, wrong


def _all_breaches(member: MemberInfo) -> Iterator[tuple[str, Any]]:
    yield "unknown-member", _UNKNOWN
    yield from breaches(member.type)
    if member.required:
        yield "required", _MISSING
    if member.type.kind == "list":
        low = too_few(member.type)
        if low is not None:
            yield "items", st.just(low)
        yield "items", _many(member)


@st.composite
def _many(draw: DrawFn, member: MemberInfo) -> list[Any]:
    item = member.type.item
    plain = hptsdk.to_wire(drawn(draw, item.shape, {}, _PLAIN)) if item is not None and item.shape is not None else None
    return too_many(member.type, plain)


def _members(cls: type[Shape], path: Path, seen: set[type[Shape]]) -> Iterator[Place]:
    """Give the members of all classes that can be reached from a class, each class at one place."""
    seen.add(cls)
    for member in schema.of(cls).members:
        yield Place(path, member)
        kind = member.type
        inner, step = (kind.item.shape, (member.wire_name, 0)) if kind.item else (kind.shape, (member.wire_name,))
        if inner is not None and inner not in seen and member.wire_name != "TrainingJobDefinitions":
            yield from _members(inner, (*path, *step), seen)


def _reached(draw: DrawFn, document: dict[str, Any], path: Path) -> dict[str, Any]:
    """Go to a structure, putting in plain ones where there are none on the way."""
    cls: type[Shape] = _ROOT
    holder: Any = document
    for step in path:
        if isinstance(step, int):
            holder = holder[0]
            continue
        kind = next(member.type for member in schema.of(cls).members if member.wire_name == step)
        cls = kind.item.shape if kind.item and kind.item.shape else kind.shape or cls
        plain = hptsdk.to_wire(drawn(draw, cls, {}, _PLAIN))
        if not holder.get(step):
            holder[step] = [plain] if kind.item else plain
        holder = holder[step]
    found: dict[str, Any] = holder
    return found
