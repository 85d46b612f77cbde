"""Responses and plots of tuning jobs, and functions that read the elements of a drawing."""

import re
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET

from sample_requests import training

import hptsdk
from hptsdk import shapes
from hptsdk.plots import JobPlots
from hptsdk.report import job_results

SVG = "{http://www.w3.org/2000/svg}"
BEGIN = datetime(2026, 11, 3, 12, tzinfo=UTC)


def definition(name=None, *, direction="minimize"):
    """Return the builder of a definition; with a name, of one of several definitions, with its own objective."""
    built = training()
    return built.named(name, **{direction: "loss"}) if name else built


def searched(builder):
    """Add a range of each kind to a builder."""
    return (
        builder.continuous("rate", 0.001, 1.0, scaling="Logarithmic")
        .integer("layers", 1, 12)
        .categorical("kind", ["a", "b", "c"])
        .continuous("momentum", 0, 0.999, scaling="ReverseLogarithmic")
        .continuous("width", 10, 20)
    )


def described(*names, direction="minimize"):
    """Return the response of Describe for a tuning job with one definition, or with one for each name."""
    if names:
        parts = [searched(definition(name, direction=direction)) for name in names]
        request = hptsdk.tuning_job("demo", parts, max_jobs=50, max_parallel_jobs=2).build()
    else:
        builder = hptsdk.tuning_job("demo", definition(), **{direction: "loss"}, max_jobs=50, max_parallel_jobs=2)
        request = searched(builder).build()
    return as_described(request)


def with_different_objectives():
    """Return the response of Describe for a tuning job with two definitions of different metrics and directions."""
    document = hptsdk.to_wire(described("one", "two"))
    document["TrainingJobDefinitions"][1]["TuningObjective"] = {"Type": "Maximize", "MetricName": "auc"}
    return hptsdk.from_wire(shapes.DescribeHyperParameterTuningJobResponse, document)


def as_described(request):
    """Return the response of Describe for the running tuning job of a request."""
    document = hptsdk.to_wire(request) | {
        "HyperParameterTuningJobArn": "arn:aws:sagemaker:us-east-1:123456789012:hyper-parameter-tuning-job/demo",
        "HyperParameterTuningJobStatus": "InProgress",
        "CreationTime": BEGIN,
        "TrainingJobStatusCounters": {},
        "ObjectiveStatusCounters": {},
    }
    return hptsdk.from_wire(shapes.DescribeHyperParameterTuningJobResponse, document)


def training_job(number, value=None, *, status="Completed", minutes=None, definition=None, **tried):
    """Return the summary of a training job.

    Args:
        number: the number in its name.
        value: the value of the objective. Defaults to None for no value.
        status: its status.
        minutes: the minutes from its start to its end. Defaults to `number`.
        definition: the name of its definition. Defaults to None.
        **tried: its tuned hyperparameters.
    """
    document = {
        "TrainingJobName": f"demo-{number:03d}",
        "TrainingJobArn": f"arn:aws:sagemaker:us-east-1:123456789012:training-job/demo-{number:03d}",
        "CreationTime": BEGIN,
        "TrainingStartTime": BEGIN,
        "TrainingJobStatus": status,
        "TunedHyperParameters": {name: str(text) for name, text in tried.items()},
    }
    if status != "InProgress":
        document["TrainingEndTime"] = BEGIN + timedelta(minutes=number if minutes is None else minutes)
    if value is not None:
        document["FinalHyperParameterTuningJobObjectiveMetric"] = {"MetricName": "loss", "Value": value}
    if definition:
        document["TrainingJobDefinitionName"] = definition
    return hptsdk.from_wire(shapes.HyperParameterTrainingJobSummary, document)


def plots(training_jobs, response=None):
    """Return the plots of a tuning job with these training jobs."""
    return JobPlots(job_results(response or described(), training_jobs))


def drawn(picture):
    """Return the parsed SVG of a picture."""
    assert picture.missing == ""
    return ET.fromstring(picture.svg)  # noqa: S314 - our own


def of_class(root, name):
    """Return the elements in the groups of a class."""
    return [mark for group in root.iter(f"{SVG}g") if group.get("class") == name for mark in group]


def visible_texts(root):
    """Return all visible texts, without tooltips."""
    return ["".join([node.text or "", *(child.tail or "" for child in node)]) for node in root.iter(f"{SVG}text")]


def tooltips(nodes):
    """Return the tooltips of elements."""
    return [node.findtext(f"{SVG}title") for node in nodes]


def centre(node):
    """Return the centre of a circle."""
    return float(node.get("cx")), float(node.get("cy"))


def numbers(path):
    """Yield the points of a path with the commands M, L, H and V."""
    x = y = 0.0
    for command, rest in re.findall(r"([MLHV])([^MLHVZa-z]*)", path):
        numbers = [float(number) for number in rest.split()]
        x, y = {"H": (numbers[0], y), "V": (x, numbers[0])}.get(command) or tuple(numbers)
        yield x, y
