"""A request as a manifest of the AWS Controllers for Kubernetes."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from hptsdk._validation import Shape, wire_name
from hptsdk.cli._yaml import yaml_text
from hptsdk.cli.convert import Document
from hptsdk.cli.convert._expressions import present

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hptsdk.shapes import CreateHyperParameterTuningJobRequest

__all__ = ["convert"]

# What the controller's resource definition lacks, as of its sources of August 2026.
_LACKING = frozenset(
    {
        ("DataSource", "dataset_source"),
        ("HyperParameterTrainingJobDefinition", "environment"),
        ("HyperParameterTrainingJobDefinition", "hyper_parameter_tuning_resource_config"),
        ("HyperParameterTuningJobConfig", "random_seed"),
        ("HyperParameterTuningJobConfig", "strategy_config"),
        ("ResourceConfig", "instance_preferences"),
        ("ResourceConfig", "selected_instance_count"),
        ("ResourceConfig", "selected_instance_type"),
        ("ResourceConfig", "training_plan_arn"),
        ("ResourceLimits", "max_runtime_in_seconds"),
        ("TuningJobCompletionCriteria", "best_objective_not_improving"),
        ("TuningJobCompletionCriteria", "convergence_detected"),
    }
)

# Words that its names have in capitals where they do not come first.
_CAPITALS = {"arn": "ARN", "gb": "GB", "id": "ID", "ids": "IDs", "kms": "KMS", "uri": "URI", "vpc": "VPC"}


def convert(request: CreateHyperParameterTuningJobRequest) -> Document:
    """Write a request as the YAML of a HyperParameterTuningJob of `sagemaker.services.k8s.aws/v1alpha1`.

    Returns:
        The manifest, and a note for each member that the controller does not have, which is left out.

    Source: https://aws-controllers-k8s.github.io/community/reference/sagemaker/v1alpha1/hyperparametertuningjob/
    """
    notes: list[str] = []
    manifest = {
        "apiVersion": "sagemaker.services.k8s.aws/v1alpha1",
        "kind": "HyperParameterTuningJob",
        "metadata": {"name": request.hyper_parameter_tuning_job_name.lower()},
        "spec": _spec(request, "", notes),
    }
    return Document(yaml_text(manifest), tuple(notes))


def _spec(shape: Shape, path: str, notes: list[str]) -> dict[str, object]:
    found: dict[str, object] = {}
    for attribute, value in present(shape):
        where = f"{path}{wire_name(attribute)}"
        if (type(shape).__name__, attribute) in _LACKING:
            notes.append(f"{where}: left out, as the controller has no such member")
        else:
            found[_name(attribute)] = _value(value, where, notes)
    return found


def _value(value: object, path: str, notes: list[str]) -> object:
    if isinstance(value, Shape):
        return _spec(value, f"{path}.", notes)
    if isinstance(value, tuple):
        items = cast("tuple[object, ...]", value)
        return [_value(item, f"{path}[{place}]", notes) for place, item in enumerate(items)]
    return value if isinstance(value, str | int | float) else dict(cast("Mapping[str, str]", value))


def _name(attribute: str) -> str:
    """Name a member as the controller does.

    Example:
        >>> _name("volume_kms_key_id"), _name("type")
        ('volumeKMSKeyID', 'type_')
    """
    if attribute == "type":
        return "type_"
    first, *others = attribute.split("_")
    return first + "".join([_CAPITALS.get(word, word.capitalize()) for word in others])
