"""Draw functions for a definition: its algorithm, data, limits and hyperparameters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from hptsdk.rules.facts.accounts import is_custom_image, is_from_marketplace
from hptsdk.rules.range_values import count_ranges
from hptsdk.rules.request import EPOCHS
from hptsdk.rules.runtime import MAX_RUNTIME, is_s3_express
from hptsdk.rules.training import MAX_HYPERPARAMETERS
from hptsdk.testing.strategies._channels import common_modes, read_file_system
from hptsdk.testing.strategies._draft import draws, repeat_distinct

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hptsdk.shapes import ParameterRanges
    from hptsdk.testing.strategies._draft import Draft

_MAX_INTEGER = 2**31 - 1
_CUSTOM_IMAGE = "123456789012.dkr.ecr.us-east-1.amazonaws.com/mine:1"
_XGBOOST_IMAGE = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1"
_MARKETPLACE_ALGORITHM = "arn:aws:sagemaker:us-east-1:865070037744:algorithm/theirs"

# Regular expressions with a group, the shortest and the longest among them.
_REGEXES = ("()", "loss=([-+0-9.eE]+);", r"rmse: (\S+)", r"(?i)auc=(?P<value>\d+\.\d+)", r"\[(.*)\]", "a" * 498 + "()")

_IMAGE, _ALGORITHM, _METRICS = "training_image", "algorithm_name", "metric_definitions"
_SPECIFICATION, _STATIC, _RANGES = "algorithm_specification", "static_hyper_parameters", "hyper_parameter_ranges"
_SPOT = "enable_managed_spot_training"


@draws("MetricDefinition")
def metric(draft: Draft) -> None:
    """Draw a regular expression with a group."""
    draft.choose("regex", _REGEXES, always=True)


@draws("HyperParameterAlgorithmSpecification")
def specification(draft: Draft) -> None:
    """Draw an image or an algorithm, and metrics for a custom image."""
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
        draft.set(wait, draft.integer(draft[runtime] or 1, _MAX_INTEGER))


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
    channels = draft["input_data_config"]
    modes = common_modes(channels) if channels else ()
    algorithm = draft.require(
        _SPECIFICATION,
        {"training_input_mode": draft.choice(modes)} if modes else {},
        metric=draft.context.metric or own_metric,
        allows_marketplace=draft.is_unset(isolation) or draft[isolation],
    )
    if algorithm.algorithm_name and is_from_marketplace(algorithm.algorithm_name):
        draft.set(isolation, value=True)


def _draw_data(draft: Draft) -> None:
    """Draw channels with different names, and a VPC if one of them reads a file system."""
    channels, vpc = "input_data_config", "vpc_config"
    if draft.includes(channels):
        mode = draft[_SPECIFICATION].training_input_mode
        allows_file_system = draft[vpc] is not None or (draft.is_unset(vpc) and draft.choice((False, True)))
        draft.set(channels, draft.items(channels, input_mode=mode, allows_file_system=allows_file_system))
    if read_file_system(draft[channels] or ()) and draft.is_unset(vpc):
        draft.require(vpc)


def _draw_static(draft: Draft) -> None:
    """Draw static hyperparameters that have no range, no more than are allowed."""
    context = draft.context
    if not draft.is_unset(_STATIC) or not (context.needs_epochs or draft.includes(_STATIC)):
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
    context: dict[str, Any] = {
        "reserved_names": frozenset(static),
        "max_hyperparameters": allowed,
        "needs_continuous_range": False,
    }
    if draft.context.needs_range:
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
    limits, resources = draft["stopping_condition"], draft["resource_config"]
    if draft.is_unset(_SPOT):
        is_required = limits is not None and limits.max_wait_time_in_seconds is not None
        is_excluded = (limits is not None and not is_required) or (
            resources is not None and bool(resources.keep_alive_period_in_seconds or resources.instance_preferences)
        )
        if is_excluded:
            draft.choose(_SPOT, (False,))
        elif is_required:
            draft.set(_SPOT, value=True)
        else:
            draft.optional(_SPOT)
    spot = bool(draft[_SPOT])
    draft.require("stopping_condition", spot=spot)
    draft.optional("resource_config", spot=spot)
