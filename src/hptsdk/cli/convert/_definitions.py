"""Training job definitions and ranges as builder code."""

from __future__ import annotations

import keyword
from typing import TYPE_CHECKING, cast

import attrs

from hptsdk.cli.convert._expressions import present, shape_code, with_members
from hptsdk.cli.convert._layout import Call, Chain
from hptsdk.shapes import (
    CategoricalParameterRange,
    ContinuousParameterRange,
    FileSystemDataSource,
    IntegerParameterRange,
    OutputDataConfig,
    ParameterRanges,
    ResourceConfig,
    S3DataSource,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from hptsdk.shapes import (
        AutoParameter,
        Channel,
        HyperParameterAlgorithmSpecification,
        HyperParameterTrainingJobDefinition,
        HyperParameterTuningResourceConfig,
    )

    Range = AutoParameter | CategoricalParameterRange | ContinuousParameterRange | IntegerParameterRange

__all__ = ["definition_code", "ranges_code"]


# --- the definition ---


def definition_code(definition: HyperParameterTrainingJobDefinition, *, among_several: bool = False) -> object:
    """Write a definition as what `hptsdk.training` begins, or as a shape where that would need made-up values."""
    objective, name = definition.tuning_objective, definition.definition_name
    first = _begun(definition)
    if first is None or (among_several and (objective is None or name is None)):
        return shape_code(definition)
    methods = [
        *_algorithm(definition.algorithm_specification),
        *_maps(definition),
        *_channels(definition.input_data_config),
        *_running(definition),
        *_resources(definition),
        *_waiting(definition),
    ]
    if among_several and objective is not None:
        methods.append(Call(".named", (name,), {objective.type.lower(): objective.metric_name}))
        methods += ranges_code(definition.hyper_parameter_ranges, "hyper_parameter_ranges")
    else:
        kept = {name: value for name, value in present(definition) if name in _OF_SEVERAL}
        methods += [with_members(**kept)] if kept else []
    return Chain(first, methods)


# What a definition has beside others; alone it can have them too, and no method gives them to it.
_OF_SEVERAL = ("definition_name", "tuning_objective", "hyper_parameter_ranges")


def _begun(definition: HyperParameterTrainingJobDefinition) -> Call | None:
    """Write the call of `hptsdk.training`, None where the definition lacks something that it asks for."""
    algorithm = definition.algorithm_specification
    instances, runtime = _first_instances(definition), definition.stopping_condition.max_runtime_in_seconds
    if instances is None or runtime is None:
        return None
    if algorithm.training_image is not None:
        named: dict[str, object] = {"image": algorithm.training_image}
    elif algorithm.algorithm_name is not None:
        named = {"algorithm": algorithm.algorithm_name}
    else:
        return None
    named |= {
        "role_arn": definition.role_arn,
        "output": _output(definition.output_data_config),
        "instance_type": instances[0],
        "instance_count": instances[1],
        "max_runtime_in_seconds": runtime,
    }
    resources = definition.resource_config
    if resources is not None and _is_simple(resources) and resources.volume_size_in_gb is not None:
        named["volume_size_in_gb"] = resources.volume_size_in_gb
    return Call("hptsdk.training", (), named)


def _output(output: OutputDataConfig) -> object:
    is_plain = output == OutputDataConfig(s3_output_path=output.s3_output_path)
    return output.s3_output_path if is_plain else shape_code(output)


# --- instances ---


def _first_instances(definition: HyperParameterTrainingJobDefinition) -> tuple[str, int] | None:
    """Give the first instance type that is named, and how many of it."""
    single, choices = definition.resource_config, definition.hyper_parameter_tuning_resource_config
    if (single is None) == (choices is None):
        return None
    resources = single or choices
    options: list[object] = [resources]
    options += (single.instance_groups or ()) if single else (choices.instance_configs or ()) if choices else ()
    for option in (*options, *((single.instance_preferences or ()) if single else ())):
        kind = getattr(option, "instance_type", None)
        count = getattr(option, "instance_count", None)
        count = getattr(resources, "instance_count", None) if count is None else count
        if isinstance(kind, str) and isinstance(count, int):
            return kind, count
    return None


def _is_simple(resources: ResourceConfig) -> bool:
    """Tell whether the arguments of `hptsdk.training` say all about the resources."""
    return resources == ResourceConfig(
        instance_type=resources.instance_type,
        instance_count=resources.instance_count,
        volume_size_in_gb=resources.volume_size_in_gb,
    )


def _resources(definition: HyperParameterTrainingJobDefinition) -> Iterator[Call]:
    single, choices = definition.resource_config, definition.hyper_parameter_tuning_resource_config
    if single is not None and not _is_simple(single):
        yield with_members(resource_config=single)
    if choices is not None:
        listed = choices.instance_configs or ()
        yield (
            Call(".instances", ([shape_code(choice) for choice in listed],))
            if _is_only_choices(choices)
            else with_members(hyper_parameter_tuning_resource_config=choices)
        )


def _is_only_choices(choices: HyperParameterTuningResourceConfig) -> bool:
    said = dict(present(choices))
    return set(said) == {"instance_configs", "allocation_strategy"} and bool(choices.instance_configs)


# --- limits and surroundings ---


def _waiting(definition: HyperParameterTrainingJobDefinition) -> Iterator[Call]:
    """Write the stopping condition beyond the longest runtime, and spot training, which go together."""
    condition, spot = definition.stopping_condition, definition.enable_managed_spot_training
    waits = condition.max_wait_time_in_seconds
    only_waits = condition.max_pending_time_in_seconds is None
    if spot is True and waits is not None and only_waits:
        yield Call(".spot", (), {"max_wait_in_seconds": waits})
        return
    if waits is not None or not only_waits:
        yield with_members(stopping_condition=condition)
    if spot is not None:
        yield with_members(enable_managed_spot_training=spot)


def _running(definition: HyperParameterTrainingJobDefinition) -> Iterator[Call]:
    vpc, checkpoints, retries = definition.vpc_config, definition.checkpoint_config, definition.retry_strategy
    if vpc is not None:
        named = {"subnets": shape_code(vpc.subnets), "security_group_ids": shape_code(vpc.security_group_ids)}
        yield Call(".vpc", (), named)
    if checkpoints is not None:
        path = checkpoints.local_path
        yield Call(".checkpoints", (checkpoints.s3_uri,), {} if path is None else {"local_path": path})
    if retries is not None:
        yield Call(".retries", (retries.maximum_retry_attempts,))
    for member, method in (
        ("enable_network_isolation", ".network_isolation"),
        ("enable_inter_container_traffic_encryption", ".encrypt_traffic"),
    ):
        value: bool | None = getattr(definition, member)
        if value is not None:
            yield Call(method) if value else with_members(**{member: value})


def _algorithm(algorithm: HyperParameterAlgorithmSpecification) -> Iterator[Call]:
    if algorithm.training_image is not None and algorithm.algorithm_name is not None:
        yield with_members(algorithm_specification=algorithm)
        return
    if algorithm.training_input_mode != "File":
        yield Call(".input_mode", (algorithm.training_input_mode,))
    metrics = algorithm.metric_definitions
    if metrics is not None:
        yield from [Call(".metric", (metric.name, metric.regex)) for metric in metrics] or [Call(".metrics", ([],))]


def _maps(definition: HyperParameterTrainingJobDefinition) -> Iterator[Call]:
    for method, entries in (
        (".static", definition.static_hyper_parameters),
        (".environment", definition.environment),
    ):
        if entries is not None:
            yield _map_call(method, entries)


def _map_call(method: str, entries: Mapping[str, str]) -> Call:
    """Give the entries by name where all their keys can be names in Python."""
    values = dict[str, object](entries)
    return Call(method, (), values) if values and all(map(_can_be_named, values)) else Call(method, (values,))


# A longer key would leave no room on its line.
_LONGEST_NAME = 60


def _can_be_named(key: str) -> bool:
    """Tell whether a key can be the name of an argument; of letters only ASCII's, as Python changes some others."""
    is_name = key.isascii() and key.isidentifier() and not keyword.iskeyword(key)
    return is_name and len(key) <= _LONGEST_NAME


# --- channels ---


def _channels(channels: Sequence[Channel] | None) -> Iterator[Call]:
    if channels is None:
        return
    calls = [_channel(channel) for channel in channels]
    if None not in calls:
        yield from cast("list[Call]", calls)
    else:
        yield Call(".channels", ([shape_code(channel) for channel in channels],))


def _channel(channel: Channel) -> Call | None:
    """Write one channel, None where its data are not in exactly one place."""
    sources = [source for _, source in present(channel.data_source)]
    if len(sources) != 1:
        return None
    said = {
        "content_type": channel.content_type,
        "input_mode": channel.input_mode,
        "compression": channel.compression_type,
        "record_wrapper": channel.record_wrapper_type,
        "shuffle_seed": channel.shuffle_config and channel.shuffle_config.seed,
    }
    named: dict[str, object] = {name: value for name, value in said.items() if value is not None}
    match sources[0]:
        case FileSystemDataSource() as source if set(named) <= {"content_type", "input_mode"}:
            return _file_system(channel.channel_name, source, named)
        case S3DataSource(hub_access_config=None, model_access_config=None) as source:
            return Call(".channel", (channel.channel_name, source.s3_uri), named | _of_uri(source))
        case source:
            return Call(".channel", (channel.channel_name, shape_code(source)), named)


def _of_uri(source: S3DataSource) -> dict[str, object]:
    said = {
        "data_type": None if source.s3_data_type == "S3Prefix" else source.s3_data_type,
        "distribution": source.s3_data_distribution_type,
        "attribute_names": source.attribute_names,
        "instance_groups": source.instance_group_names,
    }
    return {name: shape_code(value) for name, value in said.items() if value is not None}


def _file_system(name: str, source: FileSystemDataSource, named: dict[str, object]) -> Call:
    said: dict[str, object] = {
        "directory": source.directory_path,
        "file_system_type": source.file_system_type,
    }
    if source.file_system_access_mode != "ro":
        said["access_mode"] = source.file_system_access_mode
    return Call(".file_system", (name, source.file_system_id), said | named)


# --- ranges ---

_RANGE_METHODS = {
    "integer_parameter_ranges": ".integer",
    "continuous_parameter_ranges": ".continuous",
    "categorical_parameter_ranges": ".categorical",
    "auto_parameters": ".auto",
}


def ranges_code(ranges: ParameterRanges | None, member: str) -> Iterator[Call]:
    """Write ranges as methods; a list with one that no method makes comes as it is, in the member of this name."""
    if ranges is None:
        return
    lists = cast("dict[str, Sequence[Range]]", dict(present(ranges)))
    calls = {name: [_range(_RANGE_METHODS[name], item) for item in items] for name, items in lists.items()}
    odd = [name for name, made in calls.items() if not made or None in made]
    if any(not made for made in calls.values()):  # the methods would drop a list that is empty
        odd = list(lists)
    if odd or not lists:
        yield with_members(**{member: attrs.evolve(ranges, **{name: None for name in lists if name not in odd})})
    for name, made in calls.items():
        if name not in odd:
            yield from cast("list[Call]", made)


def _range(method: str, item: Range) -> Call | None:
    match item:
        case CategoricalParameterRange():
            return Call(method, (item.name, shape_code(item.values)))
        case IntegerParameterRange() | ContinuousParameterRange():
            numbers = [_number(text, whole=method == ".integer") for text in (item.min_value, item.max_value)]
            if None in numbers:
                return None
            return Call(
                method, (item.name, *numbers), {} if item.scaling_type is None else {"scaling": item.scaling_type}
            )
        case _:
            return Call(method, (item.name, item.value_hint))


def _number(text: str, *, whole: bool) -> float | None:
    """Give the number that the builder writes as this text, None where there is none."""
    for kind in (int,) if whole else (int, float):
        try:
            number = kind(text)
        except ValueError:
            continue
        if repr(number) == text and number - number == 0:
            return number
    return None
