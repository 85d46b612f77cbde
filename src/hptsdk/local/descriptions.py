"""Requests and definitions with the members that SageMaker adds to them in the responses of Describe operations.

Internal: the local service and `hptsdk.testing` use it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hptsdk import schema
from hptsdk._validation import RESERVED
from hptsdk.shapes import (
    DescribeTrainingJobResponse,
    HyperParameterTrainingJobDefinition,
    MetricDefinition,
    ResourceConfig,
)

if TYPE_CHECKING:
    from collections.abc import KeysView, Mapping

    from hptsdk._validation import Shape

Document = dict[str, Any]

OBJECTIVE_METRIC = "ObjectiveMetric"
"""The name of the metric that SageMaker adds to each definition, with the regex of its objective metric."""

DEFAULTS: Document = {
    "EnableNetworkIsolation": False,
    "EnableInterContainerTrafficEncryption": False,
    "EnableManagedSpotTraining": False,
}
"""The members of a definition that Describe returns even if they were not sent."""


# The members of a channel that DescribeTrainingJob returns even if they were not sent.
_OF_CHANNELS = {"CompressionType": "None", "RecordWrapperType": "None"}


def algorithm_metrics(definition: HyperParameterTrainingJobDefinition) -> tuple[MetricDefinition, ...]:
    """Return the metric definitions of the built-in algorithm that a definition runs, if their regexes are published.

    There are none if the image is custom or runs a script.
    """
    image = definition.algorithm_specification.training_image
    metrics = _published_metrics(image, definition.static_hyper_parameters, definition.environment)
    return tuple(MetricDefinition(name=name, regex=regex) for name, regex in metrics)


def _published_metrics(
    image: str | None, hyperparameters: Mapping[str, str] | None, environment: Mapping[str, str] | None
) -> list[tuple[str, str]]:
    """Return the names and the published regexes of the metrics of the built-in algorithm that an image runs."""
    algorithm = schema.algorithm_of(image) if image else None
    if algorithm is None or algorithm.runs_script(hyperparameters or (), environment or ()):
        return []
    return [(metric.name, metric.regex) for metric in algorithm.metrics.values() if metric.regex is not None]


def wire_names(shape: type[Shape]) -> KeysView[str]:
    """Return the names of the members of a shape in requests and responses, in their order."""
    return dict.fromkeys(member.wire_name for member in schema.of(shape).members).keys()


def definitions(request: Document) -> list[Document]:
    """Return the definitions of a request."""
    single, several = request.get("TrainingJobDefinition"), request.get("TrainingJobDefinitions", [])
    return [*([] if single is None else [single]), *several]


def objective_of(request: Document, definition: Document) -> Document:
    """Return the objective of a definition, chosen as by `hptsdk.rules.definitions.effective_objective`."""
    of_job = request["HyperParameterTuningJobConfig"].get("HyperParameterTuningJobObjective", {})
    own = definition.get("TuningObjective", {})
    return dict(of_job or own if definition is request.get("TrainingJobDefinition") else own or of_job)


def described_request(request: Document) -> Document:
    """Return a request as Describe returns it, with the members that SageMaker adds."""
    response = dict(request)
    config = response["HyperParameterTuningJobConfig"]
    if (ranges := config.get("ParameterRanges")) is not None:
        response["HyperParameterTuningJobConfig"] = {**config, "ParameterRanges": _ranges(ranges)}
    if "TrainingJobDefinition" in response:
        response["TrainingJobDefinition"] = _described_definition(response["TrainingJobDefinition"], request)
    if "TrainingJobDefinitions" in response:
        response["TrainingJobDefinitions"] = [
            _described_definition(each, request) for each in response["TrainingJobDefinitions"]
        ]
    return response


def _described_definition(definition: Document, request: Document) -> Document:
    objective, ranges = objective_of(request, definition)["MetricName"], definition.get("HyperParameterRanges")
    own_ranges: Document = {} if ranges is None else {"HyperParameterRanges": _ranges(ranges)}
    return {
        **DEFAULTS,
        **definition,
        **own_ranges,
        "StaticHyperParameters": {**definition.get("StaticHyperParameters", {}), RESERVED: objective},
        "AlgorithmSpecification": described_specification(definition, objective),
        **described_resources(definition),
    }


def _ranges(ranges: Document) -> Document:
    """Return ranges as Describe returns them: numeric ones with a ScalingType, and without AutoParameters."""
    scaled: Document = {
        name: [{**one, "ScalingType": one.get("ScalingType", "Auto")} for one in ranges[name]]
        for name in ("IntegerParameterRanges", "ContinuousParameterRanges")
        if name in ranges
    }
    described: Document = {**ranges, **scaled}
    described.pop("AutoParameters", None)
    return described


def described_specification(definition: Document, objective: str) -> Document:
    """Return the algorithm specification with its metric definitions or its algorithm's, and one for the objective."""
    specification, static = dict(definition["AlgorithmSpecification"]), definition.get("StaticHyperParameters")
    metrics = list(specification.get("MetricDefinitions") or ())
    if not metrics:
        own = _published_metrics(specification.get("TrainingImage"), static, definition.get("Environment"))
        metrics = [{"Name": name, "Regex": regex} for name, regex in own]
    regexes = [metric["Regex"] for metric in metrics if metric["Name"] == objective]
    metrics += [{"Name": OBJECTIVE_METRIC, "Regex": regex} for regex in regexes[:1]]
    return {**specification, "MetricDefinitions": metrics} if metrics else specification


def described_resources(definition: Document) -> Document:
    """Return the member `ResourceConfig` of a training job, if any, with the first of several InstanceConfigs."""
    if (resources := definition.get("ResourceConfig")) is not None:
        return {"ResourceConfig": dict(resources)}
    if (tuning := definition.get("HyperParameterTuningResourceConfig")) is None:
        return {}
    chosen = {**tuning, **tuning.get("InstanceConfigs", [{}])[0]}
    return {"ResourceConfig": {name: value for name, value in chosen.items() if name in wire_names(ResourceConfig)}}


def described_training_job(definition: Document, name: str) -> Document:
    """Return the members of DescribeTrainingJob that the definition of a training job with this name determines."""
    channels = [{**_OF_CHANNELS, **channel} for channel in definition.get("InputDataConfig", ())]
    output = definition["OutputDataConfig"]
    model = "model/" if output.get("CompressionType") == "NONE" else "model.tar.gz"
    names = wire_names(HyperParameterTrainingJobDefinition) & wire_names(DescribeTrainingJobResponse)
    return {
        **{member: value for member, value in {**DEFAULTS, **definition}.items() if member in names},
        # SageMaker returns an empty KmsKeyId if none was sent, and the SageMaker SDK depends on it
        "OutputDataConfig": {"KmsKeyId": "", "CompressionType": "GZIP", **output},
        **({"InputDataConfig": channels} if channels else {}),
        **described_resources(definition),
        "ModelArtifacts": {"S3ModelArtifacts": f"{output['S3OutputPath'].rstrip('/')}/{name}/output/{model}"},
    }
