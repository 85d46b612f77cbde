"""A request as builder code.

The tables below map members to the builder methods that set them. A member without a method, or with a value that its
method cannot set, is set with `with_`. A request or definition that no builder can create, such as a definition without
MaxRuntimeInSeconds, is written as a shape.
"""

from __future__ import annotations

import json
import keyword
from typing import TYPE_CHECKING

import attrs

from hptsdk import schema
from hptsdk._validation import is_tuple
from hptsdk.export import Document, export_text, present, shapes_in
from hptsdk.export._code import Call, Chain, Variable, format_expression, number_of, record, simplified
from hptsdk.shapes import FileSystemDataSource, S3DataSource

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from hptsdk._validation import Shape
    from hptsdk.export._code import Members, Methods
    from hptsdk.shapes import (
        Channel,
        CreateHyperParameterTuningJobRequest,
        HyperParameterAlgorithmSpecification,
        HyperParameterTrainingJobDefinition,
        HyperParameterTuningJobObjective,
        TuningJobCompletionCriteria,
    )

# A longer key as the name of an argument would not fit on a line.
_LONGEST_NAME = 60


def python(request: CreateHyperParameterTuningJobRequest, *, exact: bool = False) -> str:
    """Return the code that builds a request: a module that sets the variable `request`.

    The code contains all values of the request, including secrets, and imports only hptsdk.

    Args:
        request: a valid request.
        exact: whether the code builds an equal request. By default it omits what has no effect, such as empty lists
            and the compression "None" of a channel, writes the bounds of ranges as numbers, so that "0.10" becomes 0.1,
            and moves a single instance type to ResourceConfig.
    """
    return export_text(request, "python", exact=exact)


def convert(request: CreateHyperParameterTuningJobRequest, *, exact: bool = False) -> Document:
    """Return the code of a request."""
    if not exact:
        request = simplified(request)
    single, several = request.training_job_definition, request.training_job_definitions
    definitions = [*(several or ()), *([single] if single is not None else [])]
    names = ["training"] if several is None else [f"training_{number}" for number in range(1, len(definitions) + 1)]
    job: object = request
    if single is None or several is None:
        job = _job_code(request, [Variable(name, each) for name, each in zip(names, definitions, strict=True)])
    statements: list[tuple[str, object]] = [("request", job)]
    if job is not request:
        codes = [_definition_code(each, is_named=several is not None) for each in definitions]
        statements = [*zip(names, codes, strict=True), *statements]
    return Document("\n".join(["import hptsdk\n", *(_assignment(name, code) for name, code in statements)]))


def convert_definition(definition: HyperParameterTrainingJobDefinition) -> Document:
    """Return the code of a module that sets the variable `training`. The definition may violate rules."""
    with schema.waived(*[rule.id for rule in schema.rules()]):
        code = _definition_code(simplified(definition), is_named=False)
    return Document(f"import hptsdk\n\n{_assignment('training', code)}")


def _assignment(name: str, code: object) -> str:
    start = f"{name} = "
    return f"{start}{format_expression(code, before=len(start))}\n"


def _goal(objective: HyperParameterTuningJobObjective | None) -> dict[str, str]:
    """Return the argument for an objective: minimize or maximize."""
    return {} if objective is None else {objective.type.lower(): objective.metric_name}


# --- the tuning job ---


def _job_code(request: CreateHyperParameterTuningJobRequest, definitions: list[Variable]) -> object:
    config, single = request.hyper_parameter_tuning_job_config, request.training_job_definition
    of_job = config.hyper_parameter_tuning_job_objective
    objective = None if single is None else of_job or single.tuning_objective
    recording = record(
        "tuning_job",
        request.hyper_parameter_tuning_job_name,
        definitions if single is None else definitions[0],
        **_goal(objective),
        max_jobs=config.resource_limits.max_number_of_training_jobs,
        max_parallel_jobs=config.resource_limits.max_parallel_training_jobs,
    )
    recording = recording and recording.with_methods(request, _JOB_METHODS).with_rest(request)
    return request if recording is None else Chain((*recording.calls, Call(".build")))


def _strategy(members: Members) -> Sequence[Call]:
    config, seed = members["strategy_config"], members["random_seed"]
    limits = present(config.hyperband_strategy_config) if config and config.hyperband_strategy_config else {}
    return [Call(f".{members['strategy'].lower()}", (), limits if seed is None else {**limits, "random_seed": seed})]


def _criteria(members: Members) -> Iterator[Call]:
    criteria: TuningJobCompletionCriteria = members["tuning_job_completion_criteria"]
    if criteria.target_objective_metric_value is not None:
        yield Call(".stop_at", (criteria.target_objective_metric_value,))
    if criteria.best_objective_not_improving is not None:
        jobs = criteria.best_objective_not_improving.max_number_of_training_jobs_not_improving
        yield Call(".stop_when_not_improving", (jobs,))
    if criteria.convergence_detected is not None:
        yield Call(".stop_on_convergence")


def _warm_start(members: Members) -> Sequence[Call]:
    config = members["warm_start_config"]
    parents = [parent.hyper_parameter_tuning_job_name for parent in config.parent_hyper_parameter_tuning_jobs]
    return [Call(".warm_start", parents, {"kind": config.warm_start_type})]


# --- ranges ---

_RANGE_METHODS = {
    "integer_parameter_ranges": ".integer",
    "continuous_parameter_ranges": ".continuous",
    "categorical_parameter_ranges": ".categorical",
    "auto_parameters": ".auto",
}


def _ranges(member: str) -> Callable[[Members], Sequence[Call]]:
    """Return the function for the ranges in a member; a list with a range that no method sets is set with `with_`."""

    def calls_for(members: Members) -> Sequence[Call]:
        ranges = members[member]
        lists = {name: [_range(name, item) for _, item in shapes_in(items)] for name, items in present(ranges).items()}
        calls = {name: items for name, items in lists.items() if None not in items}
        rest = attrs.evolve(ranges, **dict.fromkeys(calls))
        first = [Call(".with_", (), {member: rest})] if len(calls) < len(lists) else []
        return [*first, *(call for items in calls.values() for call in items if call is not None)]

    return calls_for


def _range(name: str, item: Shape) -> Call | None:
    """Return the call that creates a range of a list; None if no call can create it."""
    values = present(item)
    kwargs = {"scaling": values.pop("scaling_type")} if "scaling_type" in values else {}
    for bound in {"min_value", "max_value"} & values.keys():
        values[bound] = number_of(f"{values[bound]}")
    if is_tuple(choices := values.get("values")):
        values["values"] = _numbers(choices)
    if name not in _RANGE_METHODS or None in values.values():
        return None
    return Call(_RANGE_METHODS[name], tuple(values.values()), kwargs)


def _numbers(texts: Sequence[object]) -> Sequence[object]:
    """Return strings as numbers if each is the text of a number."""
    numbers = [number_of(f"{text}") for text in texts]
    return texts if None in numbers else numbers


# --- a definition ---


def _definition_code(definition: HyperParameterTrainingJobDefinition, *, is_named: bool) -> object:
    algorithm, output = definition.algorithm_specification, definition.output_data_config
    instances = _instances(definition)
    recording = record(
        "training",
        image=algorithm.training_image,
        algorithm=algorithm.algorithm_name if algorithm.training_image is None else None,
        role_arn=definition.role_arn,
        output=output.s3_output_path if len(present(output)) == 1 else output,
        instance_type=instances.get("instance_type"),
        instance_count=instances.get("instance_count"),
        max_runtime_in_seconds=definition.stopping_condition.max_runtime_in_seconds,
        volume_size_in_gb=instances.get("volume_size_in_gb"),
    )
    recording = recording and recording.with_methods(definition, _DEFINITION_METHODS)
    if recording and is_named:
        goal = _goal(definition.tuning_objective)
        recording = recording.then(Call(".named", (definition.definition_name,), goal))
        ranges = {"hyper_parameter_ranges": _ranges("hyper_parameter_ranges")}
        recording = recording and recording.with_methods(definition, ranges)
    recording = recording and recording.with_rest(definition)
    return definition if recording is None else Chain(recording.calls)


def _instances(definition: HyperParameterTrainingJobDefinition) -> dict[str, object]:
    """Return the arguments of `hptsdk.training` for the instances: all of them, or the first type with its count."""
    resources = definition.resource_config or definition.hyper_parameter_tuning_resource_config
    if resources is None:
        return {}
    members = present(resources)
    if members.keys() <= {"instance_type", "instance_count", "volume_size_in_gb"}:
        return members
    parts = [members, *(present(part) for value in members.values() for _, part in shapes_in(value))]
    first = next((part for part in parts if "instance_type" in part), members)
    return {name: first.get(name, members.get(name)) for name in ("instance_type", "instance_count")}


def _checkpoints(members: Members) -> Sequence[Call]:
    checkpoints = present(members["checkpoint_config"])
    return [Call(".checkpoints", (checkpoints.pop("s3_uri"),), checkpoints)]


def _algorithm(members: Members) -> Iterator[Call]:
    algorithm: HyperParameterAlgorithmSpecification = members["algorithm_specification"]
    if algorithm.training_input_mode != "File":
        yield Call(".input_mode", (algorithm.training_input_mode,))
    metrics = algorithm.metric_definitions
    if metrics is not None:
        yield from [Call(".metric", (metric.name, metric.regex)) for metric in metrics] or [Call(".metrics", ([],))]


def _static(members: Members) -> Iterator[Call]:
    """Yield the calls for static hyperparameters: those that script mode formats as JSON have a call of their own."""
    texts: Mapping[str, str] = members["static_hyper_parameters"]
    values = {key: value for key, text in texts.items() if (value := _json_value(text)) is not None}
    if all(isinstance(value, int | float) for value in values.values()):
        values = {}  # each method formats a number in the same way
    rest = {key: text for key, text in texts.items() if key not in values}
    if rest or not values:
        yield _entries(".static", rest)
    if values:
        yield _call(".static_json", values)


def _json_value(text: str) -> object:
    """Return the number, text, list or mapping that the builder formats as this JSON; None if there is none."""
    try:
        value: object = json.loads(text)
        is_json = type(value) in {int, float, str, list, dict} and json.dumps(value, allow_nan=False) == text
    except (ValueError, RecursionError):
        return None
    return value if is_json else None


def _entries(method: str, texts: Mapping[str, str]) -> Call:
    """Return the call for a map, with the texts of numbers as numbers."""
    return _call(method, {key: text if (number := number_of(text)) is None else number for key, text in texts.items()})


def _call(method: str, entries: Mapping[str, object]) -> Call:
    """Return the call for the entries of a map, with a named argument for each key that can be a name."""
    named = {key: value for key, value in entries.items() if _can_be_name(key)}
    others = {key: value for key, value in entries.items() if key not in named}
    return Call(method, (others,) if others or not named else (), named)


def _can_be_name(key: str) -> bool:
    """Check whether a key can name an argument; only ASCII letters, because Python normalizes others."""
    return key.isascii() and key.isidentifier() and not keyword.iskeyword(key) and len(key) <= _LONGEST_NAME


# --- channels ---

_ARGUMENTS = {
    "compression_type": "compression",
    "record_wrapper_type": "record_wrapper",
    "s3_data_type": "data_type",
    "s3_data_distribution_type": "distribution",
    "instance_group_names": "instance_groups",
    "directory_path": "directory",
    "file_system_access_mode": "access_mode",
}
_DEFAULTS = {("data_type", "S3Prefix"), ("access_mode", "ro")}


def _channel(channel: Channel) -> Call:
    sources = list(present(channel.data_source).values())
    named = _arguments(channel, "channel_name", "data_source", "shuffle_config")
    if channel.shuffle_config is not None:
        named["shuffle_seed"] = channel.shuffle_config.seed
    match sources:
        case [FileSystemDataSource() as source] if named.keys() <= {"content_type", "input_mode"}:
            own = _arguments(source, "file_system_id")
            return Call(".file_system", (channel.channel_name, source.file_system_id), own | named)
        case [S3DataSource(hub_access_config=None, model_access_config=None) as source]:
            return Call(".channel", (channel.channel_name, source.s3_uri), named | _arguments(source, "s3_uri"))
        case _:
            return Call(".channel", (channel.channel_name, *sources), named)


def _arguments(shape: Shape, *others: str) -> dict[str, object]:
    """Return the members of a shape as arguments, without defaults and members that are passed in another way."""
    arguments = {_ARGUMENTS.get(name, name): value for name, value in present(shape).items() if name not in others}
    return {name: value for name, value in arguments.items() if (name, value) not in _DEFAULTS}


# --- the methods of members ---

_JOB_METHODS: Methods = {
    "parameter_ranges": _ranges("parameter_ranges"),
    "strategy": _strategy,
    "random_seed": _strategy,
    "training_job_early_stopping_type": lambda _: [Call(".early_stopping")],
    "tuning_job_completion_criteria": _criteria,
    "resource_limits": lambda members: [Call(".max_runtime", (members["resource_limits"].max_runtime_in_seconds,))],
    "warm_start_config": _warm_start,
    "autotune": lambda _: [Call(".autotune")],
    "tags": lambda members: [Call(".tag", (tag.key, tag.value)) for tag in members["tags"]] or [Call(".tags", ({},))],
}

_DEFINITION_METHODS: Methods = {
    "algorithm_specification": _algorithm,
    "static_hyper_parameters": _static,
    "environment": lambda members: [_entries(".environment", members["environment"])],
    "input_data_config": lambda members: map(_channel, members["input_data_config"]),
    "vpc_config": lambda members: [Call(".vpc", (), present(members["vpc_config"]))],
    "checkpoint_config": _checkpoints,
    "retry_strategy": lambda members: [Call(".retries", (members["retry_strategy"].maximum_retry_attempts,))],
    "enable_network_isolation": lambda _: [Call(".network_isolation")],
    "enable_inter_container_traffic_encryption": lambda _: [Call(".encrypt_traffic")],
    "hyper_parameter_tuning_resource_config": lambda members: [
        Call(".instances", (members["hyper_parameter_tuning_resource_config"].instance_configs,))
    ],
    "enable_managed_spot_training": lambda members: [
        Call(".spot", (), {"max_wait_in_seconds": members["stopping_condition"].max_wait_time_in_seconds})
    ],
    # after the method for Spot training, which sets another member of this structure
    "stopping_condition": lambda members: [
        Call(".max_pending_time", (members["stopping_condition"].max_pending_time_in_seconds,))
    ],
}
