"""A request as a manifest of the AWS Controllers for Kubernetes (ACK)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hptsdk._validation import Shape, is_mapping, is_tuple, wire_name
from hptsdk.export import Document, export_text, present

if TYPE_CHECKING:
    from hptsdk.shapes import CreateHyperParameterTuningJobRequest

# The members that the resource definition of the controller does not have, as of its sources of August 2026.
_MISSING = frozenset(
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

# Abbreviations that the controller writes in capitals, unless a name begins with them.
_CAPITALS = {"arn": "ARN", "gb": "GB", "id": "ID", "ids": "IDs", "kms": "KMS", "uri": "URI", "vpc": "VPC"}


def ack(request: CreateHyperParameterTuningJobRequest) -> str:
    """Return the manifest of a request for the AWS Controllers for Kubernetes (ACK), in YAML.

    The name of the resource is that of the tuning job in lower case.

    See https://aws-controllers-k8s.github.io/community/reference/sagemaker/v1alpha1/hyperparametertuningjob/

    Args:
        request: a valid request.

    Warns:
        ExportWarning: once for each member that the controller does not have, and that is omitted.

    Raises:
        ModuleNotFoundError: the extra `cli` is not installed.
    """
    return export_text(request, "ack")


def convert(request: CreateHyperParameterTuningJobRequest) -> Document:
    """Return the manifest of a request in YAML."""
    from hptsdk.export._targets.yaml import yaml_text

    notes: list[str] = []
    manifest = {
        "apiVersion": "sagemaker.services.k8s.aws/v1alpha1",
        "kind": "HyperParameterTuningJob",
        "metadata": {"name": request.hyper_parameter_tuning_job_name.lower()},
        "spec": _value(request, "", notes),
    }
    return Document(yaml_text(manifest), tuple(notes))


def _value(value: object, path: str, notes: list[str]) -> object:
    if is_tuple(value):
        return [_value(item, f"{path}[{index}]", notes) for index, item in enumerate(value)]
    if not isinstance(value, Shape):
        return dict(value) if is_mapping(value) else value
    spec: dict[str, object] = {}
    for attribute, member in present(value).items():
        member_path = f"{path}.{wire_name(attribute)}".removeprefix(".")
        if (type(value).__name__, attribute) in _MISSING:
            notes.append(f"{member_path}: omitted, because the controller has no such member")
        else:
            spec[_name(attribute)] = _value(member, member_path, notes)
    return spec


def _name(attribute: str) -> str:
    """Return the name of a member in the controller, as in "volumeKMSKeyID"."""
    if attribute == "type":
        return "type_"
    first, *others = attribute.split("_")
    return first + "".join([_CAPITALS.get(word, word.capitalize()) for word in others])
