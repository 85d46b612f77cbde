"""Requests without members that have no effect, such as the empty lists that the SageMaker SDK always sends."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, TypeVar

import attrs

from hptsdk._validation import Shape, is_mapping, is_tuple, members_of
from hptsdk.export._documents import present
from hptsdk.shapes import HyperParameterTrainingJobDefinition, ResourceConfig

__all__ = ["number_of", "simplified"]

ShapeT = TypeVar("ShapeT", bound=Shape)

# The values that SageMaker uses if a member is not set.
# Source: the pages of these structures in the API reference.
_DEFAULTS: dict[tuple[str, str], object] = {
    ("Channel", "compression_type"): "None",
    ("Channel", "record_wrapper_type"): "None",
    ("CheckpointConfig", "local_path"): "/opt/ml/checkpoints",
    ("ContinuousParameterRange", "scaling_type"): "Auto",
    ("HyperParameterTrainingJobDefinition", "enable_inter_container_traffic_encryption"): False,
    ("HyperParameterTrainingJobDefinition", "enable_managed_spot_training"): False,
    ("HyperParameterTrainingJobDefinition", "enable_network_isolation"): False,
    ("HyperParameterTuningJobConfig", "training_job_early_stopping_type"): "Off",
    ("IntegerParameterRange", "scaling_type"): "Auto",
    ("OutputDataConfig", "compression_type"): "GZIP",
    ("S3DataSource", "s3_data_distribution_type"): "FullyReplicated",
}

# The members that contain a number as text.
_NUMBERS = frozenset({"min_value", "max_value"})

# A whole number with more digits is written with an exponent.
_MAX_DIGITS = 15

# What ResourceConfig and HyperParameterTuningResourceConfig both have.
_SINGLE = frozenset({"instance_type", "instance_count"})
_RESOURCES = _SINGLE | {"volume_size_in_gb", "volume_kms_key_id"}


def simplified(shape: ShapeT) -> ShapeT:
    """Return a request or a part of one without what has no effect.

    It has no empty lists and maps, no members with the value that SageMaker uses if they are not set, and no input mode
    of a channel that is that of the algorithm. Bounds of ranges have the shortest text of the same number. One instance
    type is in ResourceConfig, which means the same as in HyperParameterTuningResourceConfig.
    """
    members: dict[str, Any] = dict(present(shape))
    if isinstance(shape, HyperParameterTrainingJobDefinition):
        members |= _other_members(shape)
    required = {member.attribute for member in members_of(type(shape)) if member.required}
    for name, value in members.items():
        new = value
        if isinstance(value, Shape):
            new = simplified(value)
        elif is_tuple(value):
            new = tuple(simplified(item) if isinstance(item, Shape) else item for item in value)
        elif name in _NUMBERS:
            new = _shortest(f"{value}")
        members[name] = None if name not in required and _has_no_effect(shape, name, new) else new
    return type(shape)(**members)


def _has_no_effect(shape: Shape, attribute: str, value: object) -> bool:
    default = _DEFAULTS.get((type(shape).__name__, attribute))
    return (default is not None and value == default) or ((is_tuple(value) or is_mapping(value)) and not value)


def _other_members(definition: HyperParameterTrainingJobDefinition) -> dict[str, object]:
    """Return the members of a definition that can be written in a simpler way."""
    members: dict[str, object] = {}
    mode, channels = definition.algorithm_specification.training_input_mode, definition.input_data_config
    if channels:
        members["input_data_config"] = tuple(
            attrs.evolve(channel, input_mode=None) if channel.input_mode == mode else channel for channel in channels
        )
    resources = definition.hyper_parameter_tuning_resource_config
    settings: dict[str, Any] = dict(present(resources)) if resources is not None else {}
    if definition.resource_config is None and _SINGLE <= settings.keys() <= _RESOURCES:
        members["resource_config"] = ResourceConfig(**settings)
        members["hyper_parameter_tuning_resource_config"] = None
    return members


def _shortest(text: str) -> str:
    """Return the shortest text of the same number, as the builder formats it; the same text if it is not a number."""
    try:
        number = Decimal(text)
        is_whole = number == number.to_integral_value() and number.adjusted() < _MAX_DIGITS
        shortest = str(int(number)) if is_whole else repr(float(number))
        return shortest if Decimal(shortest) == number else text
    except (ArithmeticError, ValueError):
        return text


def number_of(text: str) -> float | None:
    """Return the number that the builder formats as a string; None if there is no such number.

    Example:
        >>> number_of("0.1"), number_of("1"), number_of("0.10")
        (0.1, 1, None)
    """
    for kind in (int, float):
        try:
            number = kind(text)
        except ValueError:
            continue
        if repr(number) == text and abs(number) != float("inf"):
            return number
    return None
