"""The response of DescribeTrainingJob for a training job of a tuning job."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hptsdk import schema
from hptsdk._validation import cache_by_class
from hptsdk.local.descriptions import OBJECTIVE_METRIC, described_data, described_resources
from hptsdk.shapes import DescribeTrainingJobResponse, HyperParameterTrainingJobDefinition
from hptsdk.wire import from_wire, to_wire

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from hptsdk._validation import Shape
    from hptsdk.shapes import DescribeHyperParameterTuningJobResponse, HyperParameterTrainingJobSummary

__all__ = ["describe_training_job"]

Document = dict[str, Any]

# The message of each secondary status.
_MESSAGES = {
    "Starting": "Preparing the instances for training",
    "Downloading": "Downloading input data",
    "Training": "Training image download completed. Training in progress.",
    "Uploading": "Uploading generated training model",
    "Stopping": "Stopping the training job",
    "Completed": "Training job completed",
    "Failed": "Training job failed",
    "Stopped": "Training job stopped",
}


def describe_training_job(
    summary: HyperParameterTrainingJobSummary, tuning_job: DescribeHyperParameterTuningJobResponse
) -> DescribeTrainingJobResponse:
    """Return the response of DescribeTrainingJob.

    Args:
        summary: the summary of the training job.
        tuning_job: the description of its tuning job.
    """
    job, described = to_wire(summary), to_wire(tuning_job)
    definition = _definition(job, described)
    transitions = list(_transitions(summary))
    start, end = summary.training_start_time, summary.training_end_time
    seconds = None if start is None or end is None else round((end - start).total_seconds())
    members = {
        **{name: value for name, value in definition.items() if name in _common(HyperParameterTrainingJobDefinition)},
        **{name: value for name, value in job.items() if name in _common(type(summary))},
        **described_data(definition),
        **described_resources(definition),
        "TuningJobArn": described["HyperParameterTuningJobArn"],
        "ModelArtifacts": {"S3ModelArtifacts": _model(definition["OutputDataConfig"], summary.training_job_name)},
        "AlgorithmSpecification": {"EnableSageMakerMetricsTimeSeries": False, **definition["AlgorithmSpecification"]},
        "SecondaryStatus": transitions[-1]["Status"],
        "SecondaryStatusTransitions": transitions,
        "HyperParameters": {**definition["StaticHyperParameters"], **job["TunedHyperParameters"]},
        "LastModifiedTime": transitions[-1]["StartTime"],
        "FinalMetricDataList": _final_values(job, end),
        "TrainingTimeInSeconds": seconds,
        "BillableTimeInSeconds": seconds,
    }
    document = {name: value for name, value in members.items() if value is not None}
    return from_wire(DescribeTrainingJobResponse, document)


@cache_by_class
def _common(cls: type[Shape]) -> frozenset[str]:
    """Return the members of a class that the description of a training job also has."""
    described = {member.wire_name for member in schema.of(DescribeTrainingJobResponse).members}
    return frozenset(member.wire_name for member in schema.of(cls).members if member.wire_name in described)


def _definition(job: Document, described: Document) -> Document:
    """Return the definition from which a training job was started."""
    if (single := described.get("TrainingJobDefinition")) is not None:
        return dict(single)
    several: list[Document] = described["TrainingJobDefinitions"]
    name = job.get("TrainingJobDefinitionName")
    return next(definition for definition in several if definition.get("DefinitionName") == name)


def _model(output: Document, name: str) -> str:
    model = "model/" if output.get("CompressionType") == "NONE" else "model.tar.gz"
    return f"{output['S3OutputPath'].rstrip('/')}/{name}/output/{model}"


def _final_values(job: Document, end: datetime | None) -> list[Document] | None:
    """Return the final value of the objective metric, under its name and under the one that SageMaker adds."""
    metric = job.get("FinalHyperParameterTuningJobObjectiveMetric")
    if metric is None:
        return None
    names = dict.fromkeys([metric["MetricName"], OBJECTIVE_METRIC])
    return [{"MetricName": name, "Value": metric["Value"], "Timestamp": end} for name in names]


def _transitions(summary: HyperParameterTrainingJobSummary) -> Iterator[Document]:
    """Yield the secondary statuses that a training job has had, with their times."""
    start, end = summary.training_start_time, summary.training_end_time
    stages: list[tuple[str, datetime]] = [("Starting", summary.creation_time)]
    if start is not None:
        stages += [("Downloading", start), ("Training", start)]
    if summary.training_job_status == "Stopping":
        stages.append(("Stopping", stages[-1][1]))
    elif end is not None:
        if summary.training_job_status == "Completed":
            stages.append(("Uploading", end))
        stages.append((summary.training_job_status, end))
    ends: list[datetime | None] = [*(time for _, time in stages[1:]), end]
    for (status, time), until in zip(stages, ends, strict=True):
        stage = {"Status": status, "StartTime": time, "StatusMessage": _MESSAGES[status]}
        yield stage if until is None else {**stage, "EndTime": until}
