"""Draw functions for a definition: its algorithm, data, limits and hyperparameters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from hptsdk.rules.facts.accounts import is_from_marketplace
from hptsdk.rules.hyperband import EPOCHS
from hptsdk.rules.range_values import count_ranges
from hptsdk.rules.runtime import MAX_RUNTIME
from hptsdk.rules.s3_addresses import is_s3_express
from hptsdk.rules.training import MAX_HYPERPARAMETERS
from hptsdk.testing.strategies._algorithms import channels_of, facts_of, names, static_of
from hptsdk.testing.strategies._channels import common_modes, read_file_system
from hptsdk.testing.strategies._draft import draws
from hptsdk.testing.strategies._profile import WITH_CHECKPOINTS
from hptsdk.testing.strategies._specification import algorithm_of_specification, draw_algorithm

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hptsdk.shapes import Channel, ParameterRanges, ResourceConfig
    from hptsdk.testing.strategies._draft import Draft

_MAX_INTEGER = 2**31 - 1
# The maximum runtime, and the maximum wait time of a first-party algorithm without checkpoints, if they are not set.
_DEFAULT_RUNTIME, _SHORT_WAIT = 86_400, 3600

_SPECIFICATION, _STATIC, _RANGES = "algorithm_specification", "static_hyper_parameters", "hyper_parameter_ranges"
_SPOT, _LIMITS, _CHANNELS = "enable_managed_spot_training", "stopping_condition", "input_data_config"
_RESOURCES, _TUNING_RESOURCES = "resource_config", "hyper_parameter_tuning_resource_config"


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
        longest = min(MAX_RUNTIME, draft[wait] or MAX_RUNTIME)
        if draft.context.spot:
            longest = min(longest, draft.context.max_wait)
        draft.set(runtime, draft.number(runtime, 1, longest))
    if draft.context.spot is False:
        draft.omit(wait)
    elif draft.includes(wait) or (draft.context.spot and draft.is_unset(wait)):
        if draft.extreme:
            draft.set(wait, draft.integer(draft[runtime] or 1, _MAX_INTEGER))
        else:
            shortest = draft[runtime] or _DEFAULT_RUNTIME
            longest = max(shortest, draft.context.max_wait)
            draft.set(wait, min(shortest + draft.choice(draft.values(wait)), longest))


@draws("HyperParameterTrainingJobDefinition")
def definition(draft: Draft) -> None:
    """Draw the algorithm, the data, the hyperparameters and the limits, in this order."""
    if draft.context.in_list:
        draft.require("definition_name")
    if not draft.extreme:
        fixed = draft[_SPECIFICATION]
        algorithm = algorithm_of_specification(fixed) if fixed else draft.context.algorithm or draw_algorithm(draft)
        draft.context = draft.context._replace(algorithm=algorithm)
    _draw_algorithm(draft)
    _draw_data(draft)
    if _is_first_party(draft):
        # a range may replace a static hyperparameter that the algorithm requires
        _draw_ranges(draft)
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
    channels = draft["input_data_config"]
    modes = common_modes(channels) if channels else ()
    if not draft.extreme and "File" in (modes or ("File",)) and (channels or _is_first_party(draft)):
        modes = ("File",)
    algorithm = draft.require(
        _SPECIFICATION,
        {"training_input_mode": draft.choice(modes)} if modes else {},
        allows_marketplace=draft.is_unset(isolation) or draft[isolation],
    )
    if algorithm.algorithm_name and is_from_marketplace(algorithm.algorithm_name):
        draft.set(isolation, value=True)


def _draw_data(draft: Draft) -> None:
    """Draw channels with different names, and a VPC if one of them reads a file system."""
    channels, vpc = _CHANNELS, "vpc_config"
    mode = draft[_SPECIFICATION].training_input_mode
    # drawn for any algorithm, so that the simplest one has the fewest choices
    has_channels = draft.includes(channels)
    if _is_first_party(draft) and draft.is_unset(channels) and not draft.context.minimal:
        names = channels_of(draft.context.algorithm or "", draft.context.metric)
        draft.set(channels, tuple(_first_party_channel(draft, name, names[name], mode) for name in names))
    elif has_channels:
        allows_file_system = draft[vpc] is not None or (
            draft.is_unset(vpc) and (not draft.extreme or draft.choice((False, True)))
        )
        draft.set(channels, draft.items(channels, input_mode=mode, allows_file_system=allows_file_system))
    if read_file_system(draft[channels] or ()) and draft.is_unset(vpc):
        draft.require(vpc)


def _is_first_party(draft: Draft) -> bool:
    return not draft.extreme and draft.context.algorithm in names()


def _first_party_channel(draft: Draft, name: str, content_type: str | None, mode: str) -> Channel:
    """Draw a channel that the algorithm reads as it is."""
    fixed = dict.fromkeys(("input_mode", "compression_type", "record_wrapper_type"))
    channel: Channel = draft.item(
        _CHANNELS,
        fixed | {"channel_name": name, "content_type": content_type},
        input_mode=mode,
        allows_file_system=False,
    )
    return channel


def _draw_static(draft: Draft) -> None:
    """Draw static hyperparameters that have no range, no more than are allowed."""
    context = draft.context
    is_first_party, is_included = _is_first_party(draft), draft.includes(_STATIC)
    if not draft.is_unset(_STATIC) or not (is_first_party or context.needs_epochs or is_included):
        return
    ranges: ParameterRanges | None = draft[_RANGES]
    tuned = names_of(ranges) | context.reserved_names
    drawn = static_of(context.algorithm or "", context.metric) if is_first_party else draft.require(_STATIC)
    values = {name: value for name, value in drawn.items() if name not in tuned}
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
    context: dict[str, Any] = {
        "reserved_names": frozenset(static),
        "max_hyperparameters": allowed,
        "needs_continuous_range": False,
    }
    if draft.context.needs_range or (draft.context.in_list and allowed > 0 and not draft.extreme):
        draft.require(_RANGES, **context)
    elif allowed > 0:
        draft.optional(_RANGES, **context)
    else:
        draft.omit(_RANGES)


def names_of(ranges: ParameterRanges | None) -> frozenset[str]:
    """Return the names of the hyperparameters that have a range, or for which Autotune chooses one."""
    if ranges is None:
        return frozenset()
    lists = (
        ranges.integer_parameter_ranges,
        ranges.continuous_parameter_ranges,
        ranges.categorical_parameter_ranges,
        ranges.auto_parameters,
    )
    return frozenset(item.name for items in lists for item in items or ())


def _draw_limits(draft: Draft) -> None:
    """Draw Spot training or not, and the limits and resources that it allows."""
    limits, resources = draft[_LIMITS], draft[_RESOURCES]
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
    if draft.extreme:
        draft.require(_LIMITS, spot=spot)
        draft.optional(_RESOURCES, spot=spot)
        return
    facts = facts_of(draft.context.algorithm)
    saves_none = facts is not None and not facts.checkpoint_repositories
    draft.require(_LIMITS, spot=spot, max_wait=_SHORT_WAIT if saves_none else _MAX_INTEGER)
    if spot and draft.is_unset("checkpoint_config") and draft.chance(WITH_CHECKPOINTS):
        draft.require("checkpoint_config")
    _draw_resources(draft, spot=spot)


def _draw_resources(draft: Draft, *, spot: bool) -> None:
    """Draw the resources in one of the two members that have them, and let a channel name its instance groups."""
    if draft[_RESOURCES] is None and not _is_first_party(draft):
        draft.optional(_TUNING_RESOURCES)
    draft.omit(_TUNING_RESOURCES)
    if draft[_TUNING_RESOURCES] is None and not draft.context.minimal:
        draft.require(_RESOURCES, spot=spot)
    resources: ResourceConfig | None = draft[_RESOURCES]
    channels: tuple[Channel, ...] = draft[_CHANNELS] or ()
    if resources is None or not resources.instance_groups or not channels or draft.is_fixed(_CHANNELS):
        return
    source = channels[0].data_source.s3_data_source
    if source is not None:
        names = [group.instance_group_name for group in resources.instance_groups]
        grouped = attrs.evolve(source, instance_group_names=names)
        data_source = attrs.evolve(channels[0].data_source, s3_data_source=grouped)
        draft.set(_CHANNELS, (attrs.evolve(channels[0], data_source=data_source), *channels[1:]))
