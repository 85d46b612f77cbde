"""Draw functions for a definition: its algorithm, data, limits, hyperparameters and instances."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from hptsdk.rules.facts.accounts import is_custom_image, is_from_marketplace
from hptsdk.rules.range_values import count_ranges
from hptsdk.rules.request import EPOCHS
from hptsdk.rules.runtime import MAX_RUNTIME, is_s3_express
from hptsdk.rules.training import MAX_HYPERPARAMETERS
from hptsdk.testing.strategies._algorithms import image_of
from hptsdk.testing.strategies._draft import draws
from hptsdk.testing.strategies._texts import repeat_distinct

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hptsdk.shapes import Channel, DataSource, ParameterRanges
    from hptsdk.testing.strategies._draft import Draft

__all__ = ["names_of"]

_SPECIFICATION, _STATIC, _RANGES = "algorithm_specification", "static_hyper_parameters", "hyper_parameter_ranges"
_SPOT, _LIMITS, _CHANNELS = "enable_managed_spot_training", "stopping_condition", "input_data_config"

# --- the definition ---


@draws("OutputDataConfig")
def output(draft: Draft) -> None:
    """Draw a KMS key only for a bucket that allows one."""
    if is_s3_express(draft.require("s3_output_path")):
        draft.omit("kms_key_id")


@draws("StoppingCondition")
def stopping_condition(draft: Draft) -> None:
    """Draw a maximum wait time that is at least the maximum runtime, for Spot Instances only."""
    runtime, wait = "max_runtime_in_seconds", "max_wait_time_in_seconds"
    if draft.includes(runtime):
        draft.set(runtime, draft.integer(1, min(MAX_RUNTIME, draft[wait] or MAX_RUNTIME)))
    if draft.context.spot is False:
        draft.omit(wait)
    elif draft.includes(wait) or (draft.context.spot and draft.is_unset(wait)):
        draft.set(wait, draft.integer(draft[runtime] or 1))


@draws("HyperParameterTrainingJobDefinition")
def definition(draft: Draft) -> None:
    """Draw the algorithm, the data, the hyperparameters and the limits, in this order."""
    if draft.context.in_list:
        draft.require("definition_name")
    _draw_algorithm(draft)
    _draw_data(draft)
    _draw_static(draft)
    _draw_ranges(draft)
    _draw_limits(draft)


def _draw_algorithm(draft: Draft) -> None:
    """Draw the objective, and an algorithm that emits its metric."""
    fixed, objective, isolation = draft[_SPECIFICATION], "tuning_objective", "enable_network_isolation"
    if draft.context.needs_objective or draft.includes(objective):
        names = [metric.name for metric in (fixed.metric_definitions or ())] if fixed else []
        draft.require(objective, metric=draft.choice(names) if names else draft.context.metric)
    own_metric = draft[objective].metric_name if draft[objective] is not None else None
    draft.context = draft.context._replace(metric=draft.context.metric or own_metric)
    modes = _common_modes(draft[_CHANNELS]) if draft[_CHANNELS] else ()
    algorithm = draft.require(
        _SPECIFICATION,
        {"training_input_mode": draft.choice(modes)} if modes else {},
        allows_marketplace=draft.is_unset(isolation) or draft[isolation],
    )
    if algorithm.algorithm_name and is_from_marketplace(algorithm.algorithm_name):
        draft.set(isolation, value=True)


def _draw_data(draft: Draft) -> None:
    """Draw channels with different names, and a VPC if one of them reads a file system."""
    vpc = "vpc_config"
    if draft.includes(_CHANNELS):
        allows_file_system = draft[vpc] is not None or (draft.is_unset(vpc) and draft.choice((False, True)))
        mode = draft[_SPECIFICATION].training_input_mode
        draft.set(_CHANNELS, draft.items(_CHANNELS, input_mode=mode, allows_file_system=allows_file_system))
    if any(channel.data_source.file_system_data_source is not None for channel in draft[_CHANNELS] or ()):
        draft.require(vpc)


def _draw_static(draft: Draft) -> None:
    """Draw static hyperparameters that have no range, no more than are allowed."""
    context = draft.context
    if not (draft.includes(_STATIC) or (context.needs_epochs and draft.is_unset(_STATIC))):
        return
    ranges: ParameterRanges | None = draft[_RANGES]
    tuned = names_of(ranges) | context.reserved_names
    values = {name: value for name, value in draft.require(_STATIC).items() if name not in tuned}
    if context.needs_epochs:
        # if each of these names has a range, the rule reports it
        values = {next((name for name in EPOCHS if name not in tuned), EPOCHS[0]): "9", **values}
    allowed = context.max_hyperparameters
    if ranges is not None or context.needs_range:
        # one hyperparameter is added by SageMaker, and one must have a range if a range is required
        allowed = min(allowed, MAX_HYPERPARAMETERS - 1 - (count_ranges(ranges) if ranges is not None else 1))
    draft.set(_STATIC, dict(list(values.items())[: max(0, allowed)]))


def _draw_ranges(draft: Draft) -> None:
    """Draw ranges of hyperparameters that are not static, no more than are allowed."""
    static: Mapping[str, str] = draft[_STATIC] or {}
    # one hyperparameter is added by SageMaker
    allowed = MAX_HYPERPARAMETERS - 1 - len(static)
    if draft.context.needs_range or (allowed > 0 and draft.includes(_RANGES)):
        draft.require(
            _RANGES, reserved_names=frozenset(static), max_hyperparameters=allowed, needs_continuous_range=False
        )
    draft.omit(_RANGES)


def names_of(ranges: ParameterRanges | None) -> frozenset[str]:
    """Return the names of the hyperparameters that have a range, or for which Autotune chooses one."""
    if ranges is None:
        return frozenset()
    lists = attrs.asdict(ranges, recurse=False).values()
    return frozenset(item.name for items in lists for item in items or ())


def _draw_limits(draft: Draft) -> None:
    """Draw Spot training or not, and the limits and resources that it allows."""
    limits, resources = draft[_LIMITS], draft["resource_config"]
    if draft.is_unset(_SPOT):
        is_required = limits is not None and limits.max_wait_time_in_seconds is not None
        is_excluded = (limits is not None and not is_required) or (
            resources is not None and bool(resources.keep_alive_period_in_seconds or resources.instance_preferences)
        )
        if is_excluded:
            draft.choose(_SPOT, (False,))
        elif is_required or draft.context.spot:
            draft.set(_SPOT, value=True)
        elif draft.context.spot is None:
            draft.optional(_SPOT)
        else:
            draft.omit(_SPOT)
    spot = bool(draft[_SPOT])
    draft.require(_LIMITS, spot=spot)
    draft.optional("resource_config", spot=spot)


# --- the algorithm ---

_CUSTOM_IMAGE = "123456789012.dkr.ecr.us-east-1.amazonaws.com/mine:1"
_XGBOOST_IMAGE = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1"
_MARKETPLACE_ALGORITHM = "arn:aws:sagemaker:us-east-1:865070037744:algorithm/theirs"

# Regular expressions with a group, the shortest and the longest among them.
_REGEXES = ("()", "loss=([-+0-9.eE]+);", r"rmse: (\S+)", r"(?i)auc=(?P<value>\d+\.\d+)", r"\[(.*)\]", "a" * 498 + "()")

_IMAGE, _ALGORITHM, _METRICS = "training_image", "algorithm_name", "metric_definitions"


@draws("MetricDefinition")
def metric(draft: Draft) -> None:
    """Draw a regular expression with a group."""
    draft.choose("regex", _REGEXES, always=True)


@draws("HyperParameterAlgorithmSpecification")
def specification(draft: Draft) -> None:
    """Draw an image or an algorithm, and metrics for a custom image."""
    if draft.context.algorithm is not None and not (draft.is_fixed(_IMAGE) or draft.is_fixed(_ALGORITHM)):
        draft.set(_IMAGE, image_of(draft.context.algorithm, "us-east-1"))
    if draft[_IMAGE]:
        draft.omit(_ALGORITHM)
    elif (origin := _origin(draft)) != "image":
        draft.require(_ALGORITHM)
        if origin == "Marketplace":
            draft.set(_ALGORITHM, _MARKETPLACE_ALGORITHM)
        draft.choose(_IMAGE, (None, ""))
    else:
        draft.omit(_ALGORITHM)
        _draw_image(draft)
    _draw_metrics(draft)


def _origin(draft: Draft) -> str:
    """Draw where the algorithm is from; an algorithm of the account is the simplest."""
    if draft[_ALGORITHM]:
        return "account"
    if not draft.is_unset(_ALGORITHM):
        return "image"
    origins = ("account", "Marketplace") if draft.context.allows_marketplace else ("account",)
    origin: str = draft.choice((*origins, "image") if draft.is_unset(_IMAGE) else origins)
    return origin


def _draw_image(draft: Draft) -> None:
    if draft.is_unset(_IMAGE):
        allows_metrics = draft.is_unset(_METRICS) or bool(draft[_METRICS])
        # None is for any text that the constraints allow
        images = (_CUSTOM_IMAGE, _XGBOOST_IMAGE, None, None, None, None) if allows_metrics else (_XGBOOST_IMAGE,)
        image = draft.choice(images)
        draft.set(_IMAGE, image) if image else draft.require(_IMAGE)
    if not draft[_IMAGE]:
        draft.set(_IMAGE, _CUSTOM_IMAGE)


def _draw_metrics(draft: Draft) -> None:
    """Draw metrics with different names; one of them is the metric of the objective."""
    is_required = bool(draft[_IMAGE]) and is_custom_image(draft[_IMAGE])
    if not draft.is_unset(_METRICS) or not (is_required or draft.includes(_METRICS)):
        return
    metrics = draft.items(_METRICS) or ((draft.item(_METRICS),) if is_required else ())
    name = draft.context.metric
    if name is not None and metrics and all(metric.name != name for metric in metrics):
        metrics = (attrs.evolve(metrics[0], name=name), *repeat_distinct(metrics[1:], len(metrics) - 1, [name]))
    draft.set(_METRICS, metrics)


# --- channels ---

_MODES = ("File", "FastFile", "Pipe")
_AUGMENTED_MANIFEST = "AugmentedManifestFile"
_FILE_SYSTEM = "file_system_data_source"
_SOURCES = ("s3_data_source", _FILE_SYSTEM, "dataset_source")


@draws("ModelAccessConfig")
def model_access(draft: Draft) -> None:
    """Accept the license, which the service requires."""
    draft.set("accept_eula", value=True)


@draws("S3DataSource")
def s3_data_source(draft: Draft) -> None:
    """Draw a data type that the input mode can read."""
    types = ("S3Prefix", "ManifestFile", "Converse", _AUGMENTED_MANIFEST)
    draft.choose("s3_data_type", types if draft.context.input_mode in {None, "Pipe"} else types[:-1], always=True)


@draws("DataSource")
def data_source(draft: Draft) -> None:
    """Draw exactly one data source."""
    if all(draft[name] is None for name in _SOURCES):
        unset = [name for name in _SOURCES if draft.is_unset(name)]
        included = [name for name in _SOURCES if draft.includes(name)]
        allowed = [name for name in included or unset if name != _FILE_SYSTEM or draft.context.allows_file_system]
        others = [name for name in unset if name != _FILE_SYSTEM]
        if included and allowed:
            draft.require(draft.choice(allowed))
        elif others or allowed:
            draft.require((others or allowed)[0])
    draft.omit(*_SOURCES)


@draws("Channel")
def channel(draft: Draft) -> None:
    """Draw the input mode, then the members that depend on it."""
    algorithm_mode = draft.context.input_mode
    modes = _modes_of(draft["data_source"], draft["compression_type"], draft["record_wrapper_type"])
    draft.choose("input_mode", modes, always=algorithm_mode is not None and algorithm_mode not in modes)
    mode = draft["input_mode"] or algorithm_mode
    draft.choose("compression_type", ("None",) if mode == "File" else ("None", "Gzip"))
    draft.choose("record_wrapper_type", ("None",) if mode == "File" else ("None", "RecordIO"))
    draft.require("data_source", input_mode=mode)


def _modes_of(source: DataSource | None, compression: str | None, wrapper: str | None) -> tuple[str, ...]:
    """Return the input modes that can read a channel with these members."""
    s3_source = source.s3_data_source if source is not None else None
    if s3_source is not None and s3_source.s3_data_type == _AUGMENTED_MANIFEST:
        return ("Pipe",)
    return _MODES[1:] if compression == "Gzip" or wrapper == "RecordIO" else _MODES


def _common_modes(channels: Sequence[Channel]) -> tuple[str, ...]:
    """Return the input modes that an algorithm can have with these channels."""
    by_channel = [
        _modes_of(channel.data_source, channel.compression_type, channel.record_wrapper_type)
        for channel in channels
        if channel.input_mode is None
    ]
    return tuple(mode for mode in _MODES if all(mode in modes for modes in by_channel))
