"""Drawers of a definition: what it runs, on what data, how long, and with which hyperparameters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from hptsdk.rules.facts.accounts import is_custom_image, is_from_marketplace
from hptsdk.rules.range_values import count_ranges
from hptsdk.rules.request import EPOCHS
from hptsdk.rules.runtime import MAX_RUNTIME, is_s3_express
from hptsdk.rules.training import MAX_HYPERPARAMETERS
from hptsdk.testing.strategies._channels import are_mounted, common_modes
from hptsdk.testing.strategies._draft import drawer, spread

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hptsdk.shapes import ParameterRanges
    from hptsdk.testing.strategies._draft import Drawing

_MANY = 2**31 - 1
_IMAGES = (
    "123456789012.dkr.ecr.us-east-1.amazonaws.com/mine:1",
    "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1",
    # any text
    *[None] * 4,
)
_FIRST_PARTY = [image for image in _IMAGES if image and not is_custom_image(image)]
_FROM_MARKETPLACE = "arn:aws:sagemaker:us-east-1:865070037744:algorithm/theirs"

# Expressions that capture a value, the shortest and the longest among them.
_REGEXES = (
    *("()", "loss=([-+0-9.eE]+);", r"rmse: (\S+)", r"(?i)auc=(?P<value>\d+\.\d+)", r"\[(.*)\]", "a" * 498 + "()"),
)


@drawer("MetricDefinition")
def metric(drawing: Drawing) -> None:
    """Draw an expression with a group."""
    drawing.pick("regex", _REGEXES, always=True)


@drawer("HyperParameterAlgorithmSpecification")
def specification(drawing: Drawing) -> None:
    """Draw an image or an algorithm, and metrics for an image that defines its own."""
    if drawing["training_image"]:
        drawing.leave_out("algorithm_name")
    elif (origin := _origin(drawing)) != "image":
        drawing.need("algorithm_name")
        if origin == "Marketplace":
            drawing.put("algorithm_name", _FROM_MARKETPLACE)
        drawing.pick("training_image", (None, ""))
    else:
        drawing.leave_out("algorithm_name")
        _image(drawing)
    _metrics(drawing)


def _origin(drawing: Drawing) -> str:
    """Choose whose the algorithm is; one that is no image takes no more draws, so that it is the plainest."""
    if drawing["algorithm_name"]:
        return "own"
    if not drawing.is_open("algorithm_name"):
        return "image"
    origins = ("own", "Marketplace") if drawing.setting.marketplace else ("own",)
    found: str = drawing.choice((*origins, "image") if drawing.is_open("training_image") else origins)
    return found


def _image(drawing: Drawing) -> None:
    """Draw an image that has a name."""
    if drawing.is_open("training_image"):
        metrics = drawing.is_open("metric_definitions") or bool(drawing["metric_definitions"])
        image = drawing.choice(_IMAGES if metrics else _FIRST_PARTY)
        drawing.put("training_image", image) if image else drawing.need("training_image")
    if not drawing["training_image"]:
        drawing.put("training_image", _IMAGES[0])


def _metrics(drawing: Drawing) -> None:
    """Draw metrics of different names, that of the objective among them where it counts."""
    name, asked = "metric_definitions", drawing.setting.metric
    image = drawing["training_image"]
    needed = bool(image) and is_custom_image(image)
    if not drawing.is_open(name) or not (needed or drawing.wants(name)):
        return
    found = drawing.items(name) or ((drawing.item(name),) if needed else ())
    if asked is not None and found and all(item.name != asked for item in found):
        first = attrs.evolve(found[0], name=asked)
        found = (first, *spread(found[1:], len(found) - 1, [asked]))
    drawing.put(name, found)


@drawer("OutputDataConfig")
def output(drawing: Drawing) -> None:
    """Draw a key only where the place takes one."""
    drawing.need("s3_output_path")
    if is_s3_express(drawing["s3_output_path"]):
        drawing.leave_out("kms_key_id")


@drawer("StoppingCondition")
def stopping_condition(drawing: Drawing) -> None:
    """Draw a wait that covers the run, on spot instances only."""
    runtime, wait = "max_runtime_in_seconds", "max_wait_time_in_seconds"
    if drawing.wants(runtime):
        drawing.put(runtime, drawing.integer(1, min(MAX_RUNTIME, drawing[wait] or MAX_RUNTIME)))
    if drawing.setting.spot is False:
        drawing.leave_out(wait)
    elif drawing.wants(wait) or (drawing.setting.spot and drawing.is_open(wait)):
        drawing.put(wait, drawing.integer(drawing[runtime] or 1, _MANY))


@drawer("HyperParameterTrainingJobDefinition")
def definition(drawing: Drawing) -> None:
    """Draw one subject after the other."""
    if drawing.setting.in_list:
        drawing.need("definition_name")
    _algorithm(drawing)
    _data(drawing)
    _static(drawing)
    _ranges(drawing)
    _spot(drawing)


def _algorithm(drawing: Drawing) -> None:
    """Draw the objective and an algorithm that reports it."""
    specification_, objective = drawing["algorithm_specification"], "tuning_objective"
    if drawing.setting.objective or drawing.wants(objective):
        names = [item.name for item in (specification_.metric_definitions or ())] if specification_ else []
        drawing.need(objective, metric=drawing.choice(names) if names else drawing.setting.metric)
    own = drawing[objective]
    asked = drawing.setting.metric or (own.metric_name if own is not None else None)
    isolation = "enable_network_isolation"
    found = drawing.need(
        "algorithm_specification",
        _mode(drawing),
        metric=asked,
        marketplace=drawing.is_open(isolation) or drawing[isolation],
    )
    if found.algorithm_name and is_from_marketplace(found.algorithm_name):
        drawing.put(isolation, value=True)


def _mode(drawing: Drawing) -> dict[str, str]:
    """Give the input mode that channels ask for which are given."""
    modes = common_modes(drawing["input_data_config"] or ())
    return {"training_input_mode": drawing.choice(modes)} if modes and drawing["input_data_config"] else {}


def _data(drawing: Drawing) -> None:
    """Draw channels of different names, and a VPC where there is a file system."""
    channels, vpc = "input_data_config", "vpc_config"
    if drawing.wants(channels):
        mode = drawing["algorithm_specification"].training_input_mode
        mounts = drawing[vpc] is not None or (drawing.is_open(vpc) and drawing.choice((False, True)))
        drawing.put(channels, drawing.items(channels, mode=mode, mounts=mounts))
    if are_mounted(drawing[channels] or ()) and drawing.is_open(vpc):
        drawing.need(vpc)


def _static(drawing: Drawing) -> None:
    """Draw static hyperparameters, without those that are tuned and no more than there is room for."""
    name, setting = "static_hyper_parameters", drawing.setting
    if not drawing.is_open(name) or not (setting.epochs or drawing.wants(name)):
        return
    ranges: ParameterRanges | None = drawing["hyper_parameter_ranges"]
    tuned = names_of(ranges) | setting.taken
    found = {key: value for key, value in drawing.need(name).items() if key not in tuned}
    if setting.epochs:
        found = {_epochs(tuned): "9", **found}
    # one is that of AMT, and one has to be tuned where there must be a range
    ranged = count_ranges(ranges) if ranges is not None else int(setting.searches)
    room = min(setting.room, MAX_HYPERPARAMETERS - 1 - ranged) if ranges is not None or ranged else setting.room
    drawing.put(name, dict(list(found.items())[: max(0, room)]))


def _epochs(tuned: frozenset[str]) -> str:
    # where all have a range, the rule says so
    return next((name for name in EPOCHS if name not in tuned), EPOCHS[0])


def _ranges(drawing: Drawing) -> None:
    """Draw ranges of what is not static, as far as there is room beside it and AMT's own."""
    name, setting = "hyper_parameter_ranges", drawing.setting
    static: Mapping[str, str] = drawing["static_hyper_parameters"] or {}
    room = MAX_HYPERPARAMETERS - 1 - len(static)
    asked: dict[str, Any] = {"taken": frozenset(static), "room": room, "real": False}
    if setting.searches:
        drawing.need(name, **asked)
    elif room > 0:
        drawing.maybe(name, **asked)
    else:
        drawing.leave_out(name)


def names_of(ranges: ParameterRanges | None) -> frozenset[str]:
    """Name the hyperparameters that have a range, or that Autotune gives one."""
    if ranges is None:
        return frozenset()
    lists = (
        ranges.integer_parameter_ranges,
        ranges.continuous_parameter_ranges,
        ranges.categorical_parameter_ranges,
        ranges.auto_parameters,
    )
    return frozenset(item.name for items in lists for item in items or ())


def _spot(drawing: Drawing) -> None:
    """Draw spot training or not, and limits and resources that go with it."""
    name, limits, resources = "enable_managed_spot_training", drawing["stopping_condition"], drawing["resource_config"]
    if drawing.is_open(name):
        needed = limits is not None and limits.max_wait_time_in_seconds is not None
        barred = (limits is not None and not needed) or (
            resources is not None and bool(resources.keep_alive_period_in_seconds or resources.instance_preferences)
        )
        if needed and not barred:
            drawing.put(name, value=True)
        elif barred:
            drawing.pick(name, (False,))
        else:
            drawing.maybe(name)
    spot = bool(drawing[name])
    drawing.need("stopping_condition", spot=spot)
    drawing.maybe("resource_config", spot=spot)
