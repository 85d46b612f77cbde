"""Plausible parts of a definition whose members depend on each other."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from hptsdk import schema, shapes
from hptsdk.rules.facts.accounts import algorithm_of
from hptsdk.rules.facts.instance_families import has_gpu, has_local_storage, is_ebs_only, lacks_ultraserver, local_gb
from hptsdk.testing.strategies._algorithms import (
    channels_of,
    facts_of,
    image_of,
    is_in_region,
    is_tunable_by_grid,
    metrics_of,
    names as algorithm_names,
    regex_of,
    tunables_of,
)
from hptsdk.testing.strategies._plausible import Choices, Document, Shares, composes, values_of
from hptsdk.testing.strategies._profile import (
    ALGORITHMS,
    CUSTOM,
    OTHER_METRICS,
    RESOURCE,
    SOURCES,
    WITH_AUGMENTED_MANIFEST,
)

if TYPE_CHECKING:
    from collections.abc import Collection

    from hptsdk._validation import Shape

__all__ = ["algorithm_of_document", "draw_algorithm", "draw_channels", "draw_ranges", "tuned_names"]

Value = Any
"""A member, which may have any type."""

_OTHER_METRICS = Shares.of(OTHER_METRICS)
_SOURCES = Shares.of({index: share for index, (share, _, _) in enumerate(SOURCES)})
_SOURCES_OF_STREAMS = Shares.of(
    {index: share for index, (share, source, _) in enumerate(SOURCES) if source != "FileSystemDataSource"}
)


# The maximum runtime, and the maximum wait time of a built-in algorithm without checkpoints, if they are not set.
_DEFAULT_RUNTIME, _SHORT_WAIT = 86_400, 3600
_RUNTIME, _WAIT, _JOBS = "MaxRuntimeInSeconds", "MaxWaitTimeInSeconds", "MaxNumberOfTrainingJobs"

# --- ranges and objectives ---


@composes("ContinuousParameterRange", "IntegerParameterRange", "CategoricalParameterRange")
def _range(choices: Choices, cls: type[Shape], document: Document) -> Document:
    """Draw a range that people use, which has the members that are decided."""
    known = [t.document for t in tunables_of(None, None) if t.member == f"{cls.__name__}s"]
    matching = [each for each in known if each.items() >= document.items() or not document.keys() & each.keys()]
    drawn: Document = choices.one(Shares.of(matching or known))
    return {name: value for name, value in (drawn | document).items() if value is not None}


@composes("ParameterRanges")
def draw_ranges(choices: Choices, _: type[Shape], document: Document, excluded: Collection[str] = ()) -> Document:
    """Draw ranges for hyperparameters of the algorithm, by their lists."""
    tunables = tunables_of(choices.algorithm, choices.metric, is_grid=choices.strategy == "Grid")
    if excluded:
        tunables = [tunable for tunable in tunables if tunable.name not in excluded]
    lists: Document = {}
    for tunable in choices.some(tunables, lambda tunable: tunable.name):
        lists.setdefault(tunable.member, []).append(tunable.document)
    if choices.autotune and choices.algorithm not in algorithm_names() and choices.happens(50):
        lists["AutoParameters"] = [choices.part(shapes.AutoParameter)]
    return {name: value for name, value in (lists | document).items() if value is not None}


def tuned_names(ranges: Document | None) -> set[str]:
    return {item["Name"] for items in (ranges or {}).values() for item in items or ()}


@composes("HyperParameterTuningJobObjective")
def _objective(choices: Choices, _: type[Shape], document: Document) -> Document:
    """Draw a metric that the algorithm emits, with the type that fits it."""
    metrics = metrics_of(choices.algorithm)
    metric = document.get("MetricName") or choices.metric or choices.one(Shares.of(tuple(metrics)))
    return {"Type": metrics.get(metric, "Minimize"), "MetricName": metric} | document


@composes("MetricDefinition")
def _metric(choices: Choices, _: type[Shape], document: Document) -> Document:
    name = document.get("Name") or choices.one(Shares.of(tuple(metrics_of(CUSTOM))))
    return {"Name": name, "Regex": regex_of(name)} | document


# --- algorithms ---


@cache
def _algorithms(region: str, *, is_grid: bool) -> Shares:
    names = [
        name for name in algorithm_names() if is_in_region(name, region) and (not is_grid or is_tunable_by_grid(name))
    ]
    shares = {CUSTOM: ALGORITHMS[CUSTOM] * len(names), RESOURCE: ALGORITHMS[RESOURCE] * len(names)}
    return Shares.of(shares | dict.fromkeys(names, ALGORITHMS["built-in"]))


def draw_algorithm(choices: Choices) -> str:
    algorithm: str = choices.context.algorithm or choices.one(
        _algorithms(choices.region, is_grid=choices.strategy == "Grid")
    )
    return algorithm


def algorithm_of_document(specification: Document) -> str:
    image = specification.get("TrainingImage")
    name = algorithm_of(image) if image else RESOURCE
    return name if name == RESOURCE or name in algorithm_names() else CUSTOM


@composes("HyperParameterAlgorithmSpecification")
def _specification(choices: Choices, cls: type[Shape], document: Document) -> Document:
    """Draw an image or an algorithm, the input mode, and metrics for a custom image."""
    if document.get("TrainingImage") or document.get("AlgorithmName"):
        choices.algorithm = algorithm_of_document(document)
    elif document.get("MetricDefinitions"):
        choices.algorithm = CUSTOM
    elif choices.algorithm is None:
        choices.algorithm = draw_algorithm(choices)
    algorithm, values = choices.algorithm, values_of(cls.__name__)
    # as many choices for any algorithm, so that Hypothesis can replace it
    tables = {"metric": Shares.of(tuple(metrics_of(algorithm))), "count": _OTHER_METRICS}
    if algorithm in algorithm_names():
        document.setdefault("TrainingImage", image_of(algorithm, choices.region))
    else:
        name = "TrainingImage" if algorithm == CUSTOM else "AlgorithmName"
        tables |= {name: values[name]} if name not in document else {}
    drawn = choices.each(tables)
    metric, count = drawn.pop("metric"), drawn.pop("count")
    if "TrainingInputMode" not in document:
        mode = choices.one(values["TrainingInputMode"])
        document["TrainingInputMode"] = "File" if algorithm in algorithm_names() else mode
    choices.metric = choices.metric or metric
    if algorithm == CUSTOM and "MetricDefinitions" not in document:
        others = [name for name in metrics_of(CUSTOM) if name != choices.metric]
        named = [choices.metric or "", *others[:count]]
        drawn["MetricDefinitions"] = [{"Name": name, "Regex": regex_of(name)} for name in named]
    return {name: value for name, value in (drawn | document).items() if value is not None}


# --- channels ---


@composes("DataSource")
def _source(
    choices: Choices, cls: type[Shape], document: Document, mode: str | None = "File", *, vpc: bool = True
) -> Document:
    """Draw a data source and its type, a file system only if the channel can mount it."""
    if any(value is not None for value in document.values()):
        return {name: value for name, value in document.items() if value is not None}
    sources = _SOURCES if mode == "File" and vpc else _SOURCES_OF_STREAMS
    drawn = choices.each({"S3Uri": values_of("S3DataSource")["S3Uri"], "source": sources})
    index: int = drawn.pop("source")
    _, name, members = SOURCES[index]
    decided: Document = dict(members) | (drawn if name == "S3DataSource" else {})
    if name == "S3DataSource" and mode == "Pipe" and choices.happens(WITH_AUGMENTED_MANIFEST):
        decided = {**dict.fromkeys(SOURCES[0][2]), **drawn, "S3DataType": "AugmentedManifestFile"}
        decided["AttributeNames"] = choices.one(values_of(name)["AttributeNames"])
    cls = getattr(shapes, name)
    return {name: choices.part(cls, decided)}


@composes("Channel")
def _channel(choices: Choices, cls: type[Shape], document: Document) -> Document:
    """Draw a mode that streams the data for a channel with a compression or a record wrapper."""
    optional = choices.optional(cls, document)
    is_wrapped = any(document.get(name) or name in optional for name in ("CompressionType", "RecordWrapperType"))
    if is_wrapped and choices.mode == "File" and "InputMode" not in document:
        document["InputMode"] = "Pipe" if choices.happens(50) else "FastFile"
    elif "InputMode" in optional:
        document["InputMode"] = choices.one(values_of(cls.__name__)["InputMode"])
    if "DataSource" not in document:
        mode = document.get("InputMode") or choices.mode
        document["DataSource"] = _source(choices, shapes.DataSource, {}, mode, vpc=choices.allows_file_system)
    return choices.complete(cls, document, optional)


def draw_channels(choices: Choices, count: int) -> list[Document]:
    """Draw this number of channels in their usual order; for a built-in algorithm, those that it reads."""
    if choices.algorithm not in algorithm_names():
        names = values_of("Channel")["ChannelName"].alternatives[:count]
        return [choices.item(shapes.Channel, {"ChannelName": name}) for name in names]
    source = _source(choices, shapes.DataSource, {}, choices.mode, vpc=False)
    content_types = channels_of(choices.algorithm, choices.metric)
    return [
        {"ChannelName": name, "DataSource": _named_source(source, name)}
        | ({"ContentType": content_type} if content_type else {})
        for name, content_type in content_types.items()
    ]


def _named_source(source: Document, channel: str) -> Document:
    s3_source = source.get("S3DataSource")
    return {"S3DataSource": s3_source | {"S3Uri": f"{s3_source['S3Uri']}/{channel}"}} if s3_source else source


# --- instances ---


@cache
def _types(kind: str, *, needs_gpu: bool | None) -> Shares:
    """Return the types with this kind of storage, on which the algorithm trains."""
    types = values_of("ResourceConfig")["InstanceType"].alternatives
    if kind == "UltraServer":
        known = schema.of(shapes.InstanceGroup).members[0].type.known_values
        return Shares.of(tuple(name for name in known if not lacks_ultraserver(name)))
    allows = {"EBS": is_ebs_only, "local": has_local_storage}.get(kind, bool)
    return Shares.of(
        tuple(name for name in types if allows(name) and (needs_gpu is None or has_gpu(name) is needs_gpu))
    )


def _draw_instances(choices: Choices, document: Document, optional: Collection[str], kind: str) -> None:
    """Draw a type, a number of instances that the algorithm can use, and a volume that the instances can have."""
    facts = facts_of(choices.algorithm)
    needs_gpu = {"required": True, "unsupported": False}.get(facts.instances.gpu or "") if facts else None
    tables = {**values_of("ResourceConfig"), "InstanceType": _types(kind, needs_gpu=needs_gpu)}
    if choices.context.unknown_instance_types and kind == "any" and choices.happens(50):
        tables["InstanceType"] = values_of("unknown")["InstanceType"]
    names = [name for name in ("VolumeSizeInGB", "InstanceCount", "InstanceType") if name not in document]
    document |= choices.each({name: tables[name] for name in names})
    most = facts.instances.max_count if facts is not None else None
    if "InstanceCount" in names and most is not None:
        document["InstanceCount"] = min(document["InstanceCount"], most)
    if "VolumeSizeInGB" in names:
        size, gigabytes = document["VolumeSizeInGB"], local_gb(document["InstanceType"] or "")
        has_volume = "VolumeSizeInGB" in optional or is_ebs_only(document["InstanceType"] or "")
        document["VolumeSizeInGB"] = min(size, gigabytes or size) if has_volume else None


@composes("ResourceConfig", "HyperParameterTuningResourceConfig", "InstanceGroup", "InstancePreference",
          "HyperParameterTuningInstanceConfig")  # fmt: skip
def _resources(choices: Choices, cls: type[Shape], document: Document) -> Document:
    """Draw the instances in one way, then the storage."""
    omitted = ["KeepAlivePeriodInSeconds", "InstancePreferences"] if choices.spot else []
    if choices.algorithm in algorithm_names():
        omitted += ["InstanceGroups", "InstancePreferences", "InstancePlacementConfig"]
    optional = [name for name in choices.optional(cls, document) if name not in omitted]
    if cls is shapes.HyperParameterTuningInstanceConfig:
        optional.append("VolumeSizeInGB")
    lists = [
        name
        for name in ("InstanceGroups", "InstancePreferences", "InstanceConfigs")
        if name in optional or document.get(name)
    ]
    if lists:
        document.setdefault(lists[0], choices.one(values_of(cls.__name__)[lists[0]]))
        if lists[0] == "InstancePreferences" and not any("InstanceCount" in each for each in document[lists[0]]):
            optional.append("InstanceCount")
        document.setdefault("InstanceType", None)
        return choices.complete(cls, document, optional)
    has_key = document.get("VolumeKmsKeyId") or "VolumeKmsKeyId" in optional
    has_no_volume = "VolumeSizeInGB" in document and not document["VolumeSizeInGB"]
    has_placement = document.get("InstancePlacementConfig") or "InstancePlacementConfig" in optional
    kind = "UltraServer" if has_placement else "EBS" if has_key else "local" if has_no_volume else "any"
    _draw_instances(choices, document, optional, kind)
    names = {member.wire_name for member in schema.of(cls).members}
    return choices.complete(cls, {name: value for name, value in document.items() if name in names}, optional)


# --- limits and parents ---


@composes("StoppingCondition")
def _stopping_condition(choices: Choices, cls: type[Shape], document: Document) -> Document:
    """Draw a maximum wait time that is at least the maximum runtime, for Spot Instances only."""
    if choices.spot is False:
        document.setdefault(_WAIT, None)
    optional = [*choices.optional(cls, document), _RUNTIME]
    if _WAIT not in document and (choices.spot or choices.happens(10)):
        optional.append(_WAIT)
    adds_wait = _WAIT in optional and _WAIT not in document
    document = choices.complete(cls, document, optional)
    facts = facts_of(choices.algorithm)
    if choices.spot and facts is not None and not facts.checkpoint_repositories:
        document |= {_RUNTIME: min(document.get(_RUNTIME, _SHORT_WAIT), _SHORT_WAIT), _WAIT: _SHORT_WAIT}
    elif adds_wait:
        document[_WAIT] += document.get(_RUNTIME, _DEFAULT_RUNTIME)
    return document


@composes("ResourceLimits")
def _resource_limits(choices: Choices, cls: type[Shape], document: Document) -> Document:
    """Draw no more training jobs at a time than in total."""
    decided = dict(document)
    optional = choices.optional(cls, document)
    if _RUNTIME not in optional or not choices.happens(20):
        optional.append(_JOBS)
    document = choices.complete(cls, document, optional)
    low, high = document["MaxParallelTrainingJobs"], document.get(_JOBS)
    if high is not None and low > high:
        document |= {"MaxParallelTrainingJobs": high, _JOBS: low} | decided
        document |= {"MaxParallelTrainingJobs": min(low, high)} if _JOBS in decided else {}
    return document


@composes("HyperParameterTuningJobWarmStartConfig")
def _warm_start(choices: Choices, cls: type[Shape], document: Document) -> Document:
    """Draw parents with different names, which are not the name of the job."""
    if "ParentHyperParameterTuningJobs" not in document:
        name = "HyperParameterTuningJobName"
        known = [
            each
            for each in values_of("ParentHyperParameterTuningJob")[name].alternatives
            if each.lower() != choices.job_name.lower()
        ]
        document["ParentHyperParameterTuningJobs"] = [{name: each} for each in choices.some(known, str)]
    return choices.complete(cls, document)
