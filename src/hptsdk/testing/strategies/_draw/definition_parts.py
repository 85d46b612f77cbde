"""Draw functions for parts of definitions: ranges, metrics, algorithms, channels and output.

The members of each of them depend on each other.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from hptsdk import shapes
from hptsdk.rules.data_sources import is_s3_express
from hptsdk.rules.facts.accounts import algorithm_of, is_custom_image
from hptsdk.testing.strategies._draw.algorithms import (
    CUSTOM_IMAGE,
    MARKETPLACE_ALGORITHM,
    XGBOOST_IMAGE,
    channels_of,
    image_of,
    is_in_region,
    is_tunable_by_grid,
    metrics_of,
    names as algorithm_names,
    regex_of,
    tunables_of,
)
from hptsdk.testing.strategies._draw.choices import Choices, Document, Shares, composes, structure_in, values_of
from hptsdk.testing.strategies._draw.profile import (
    ALGORITHMS,
    CUSTOM,
    OTHER_METRICS,
    PIPE_WITH_AUGMENTED_MANIFEST,
    RESOURCE,
    SOURCES,
)
from hptsdk.testing.strategies._draw.texts import info_of, repeat_distinct

if TYPE_CHECKING:
    from hptsdk._validation import Shape
    from hptsdk.schema import TypeInfo
    from hptsdk.testing.strategies._draw.extreme_choices import Extreme

_OTHER_METRICS = Shares.of(OTHER_METRICS)
_SOURCES = Shares.of({index: share for index, (share, _, _) in enumerate(SOURCES)})
_SOURCES_OF_STREAMS = Shares.of(
    {index: share for index, (share, source, _) in enumerate(SOURCES) if source != "FileSystemDataSource"}
)


@composes("ContinuousParameterRange", "IntegerParameterRange", "CategoricalParameterRange", extreme=False)
def _range(choices: Choices, cls: type[Shape], document: Document) -> Document:
    """Draw a range that people use, which has the members that are decided."""
    known = [t.document for t in tunables_of(None, None) if t.member == f"{cls.__name__}s"]
    matching = [each for each in known if each.items() >= document.items() or not document.keys() & each.keys()]
    return choices.complete(cls, choices.choice(matching or known) | document, ())


@composes("ParameterRanges", extreme=False)
def _ranges(choices: Choices, cls: type[Shape], document: Document) -> Document:
    """Draw ranges for hyperparameters of the algorithm, by their lists."""
    tunables = tunables_of(choices.algorithm, choices.metric, is_grid=choices.strategy == "Grid")
    tunables = [tunable for tunable in tunables if tunable.name not in choices.reserved_names]
    lists: Document = {}
    for tunable in choices.some(tunables, lambda tunable: tunable.name):
        lists.setdefault(tunable.member, []).append(tunable.document)
    if choices.autotune and choices.algorithm not in algorithm_names() and choices.happens(50):
        lists["AutoParameters"] = [choices.instance(shapes.AutoParameter)]
    return choices.complete(cls, lists | document, ())


def tuned_names(ranges: Document | None) -> set[str]:
    """Return the names of the hyperparameters in ranges."""
    return {item["Name"] for items in (ranges or {}).values() for item in items or ()}


@composes("HyperParameterTuningJobObjective")
def _objective(choices: Choices, cls: type[Shape], document: Document) -> Document:
    """Draw a metric that the algorithm emits, with the type that fits it."""
    if choices.metric is not None:
        document.setdefault("MetricName", choices.metric)
    direction = metrics_of(choices.algorithm).get(choices.require(cls, document, "MetricName"))
    if direction is not None:
        document.setdefault("Type", direction)
    return choices.complete(cls, document)


# Regular expressions with a group, the shortest and the longest among them.
_REGEXES = ("()", "loss=([-+0-9.eE]+);", r"rmse: (\S+)", r"(?i)auc=(?P<value>\d+\.\d+)", r"\[(.*)\]", "a" * 498 + "()")


@composes("MetricDefinition")
def _metric(choices: Choices, cls: type[Shape], document: Document) -> Document:
    name = choices.require(cls, document, "Name")
    if "Regex" not in document:
        document["Regex"] = regex_of(name) if choices.is_plausible else choices.choice(_REGEXES)
    return choices.complete(cls, document)


@cache
def _algorithms(region: str, *, is_grid: bool) -> Shares:
    names = [
        name for name in algorithm_names() if is_in_region(name, region) and (not is_grid or is_tunable_by_grid(name))
    ]
    shares = {CUSTOM: ALGORITHMS[CUSTOM] * len(names), RESOURCE: ALGORITHMS[RESOURCE] * len(names)}
    return Shares.of(shares | dict.fromkeys(names, ALGORITHMS["built-in"]))


def draw_algorithm(choices: Choices) -> str:
    """Draw an algorithm that the region has and the strategy can tune."""
    algorithms = _algorithms(choices.region, is_grid=choices.strategy == "Grid")
    algorithm: str = choices.context.algorithm or choices.one(algorithms)
    return algorithm


def algorithm_of_document(specification: Document) -> str:
    """Return the algorithm of a specification: a name, `CUSTOM` or `RESOURCE`."""
    image = specification.get("TrainingImage")
    name = algorithm_of(image) if image else RESOURCE
    return name if name == RESOURCE or name in algorithm_names() else CUSTOM


@composes("HyperParameterAlgorithmSpecification", extreme=False)
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
    return choices.complete(cls, drawn | document, ())


_IMAGE, _ALGORITHM, _METRICS = "TrainingImage", "AlgorithmName", "MetricDefinitions"


@composes("HyperParameterAlgorithmSpecification", extreme=True)
def _extreme_specification(choices: Extreme, cls: type[Shape], document: Document) -> Document:
    """Draw an image or an algorithm, and metrics for a custom image.

    Hypothesis shrinks to an algorithm of the user's account.
    """
    if choices.context.algorithm is not None and _IMAGE not in document and _ALGORITHM not in document:
        document[_IMAGE] = image_of(choices.context.algorithm, "us-east-1")
    optional = choices.optional(cls, document)
    if not (document.get(_IMAGE) or document.get(_ALGORITHM)):
        # None stands for any text that the constraints allow
        names = [None, *([MARKETPLACE_ALGORITHM] if choices.allows_marketplace else [])]
        is_image = _ALGORITHM in document or (_IMAGE not in document and choices.choice((*names, "image")) == "image")
        if is_image and _IMAGE not in document:
            # only a built-in algorithm needs no metrics
            images = (CUSTOM_IMAGE, XGBOOST_IMAGE, *[None] * 4) if document.get(_METRICS, True) else (XGBOOST_IMAGE,)
            image = choices.choice(images)
            document[_IMAGE] = image or choices.value(info_of(cls, _IMAGE)) or CUSTOM_IMAGE
        elif _ALGORITHM not in document:
            document[_ALGORITHM] = choices.choice(names) or choices.value(info_of(cls, _ALGORITHM))
    if document.get(_IMAGE):
        document.setdefault(_ALGORITHM, None)
    elif _IMAGE in optional and _IMAGE not in document:
        document[_IMAGE] = choices.choice((None, ""))
    is_required = bool(document.get(_IMAGE)) and is_custom_image(document[_IMAGE])
    if _METRICS not in document and (is_required or _METRICS in optional):
        document[_METRICS] = _draw_metrics(choices, info_of(cls, _METRICS), is_required=is_required)
    return choices.complete(cls, document, ())


def _draw_metrics(choices: Extreme, info: TypeInfo, *, is_required: bool) -> list[Document]:
    """Draw metrics with different names; if the objective metric is missing, it replaces the first one."""
    metrics: list[Document] = choices.value(info)
    if is_required and not metrics:
        metrics = [choices.instance(shapes.MetricDefinition)]
    if choices.metric is None or not metrics or any(metric["Name"] == choices.metric for metric in metrics):
        return metrics
    others = repeat_distinct(metrics[1:], len(metrics) - 1, info.item, [choices.metric])
    return [metrics[0] | {"Name": choices.metric}, *others]


MODES = ("File", "FastFile", "Pipe")
_SOURCE_NAMES = ("S3DataSource", "FileSystemDataSource", "DatasetSource")
_AUGMENTED_MANIFEST = "AugmentedManifestFile"


@composes("ModelAccessConfig")
def _model_access(choices: Choices, cls: type[Shape], document: Document) -> Document:
    """Accept the license, which the service requires."""
    return choices.complete(cls, {"AcceptEula": True} | document)


@composes("S3DataSource", extreme=True)
def _s3_data_source(choices: Extreme, cls: type[Shape], document: Document) -> Document:
    """Draw a data type that the input mode can read."""
    if "S3DataType" not in document:
        types = ("S3Prefix", "ManifestFile", "Converse", _AUGMENTED_MANIFEST)
        document["S3DataType"] = choices.choice(types if choices.channel_mode in {None, "Pipe"} else types[:-1])
    return choices.complete(cls, document)


@composes("DataSource")
def _source(choices: Choices, cls: type[Shape], document: Document) -> Document:
    """Draw exactly one data source, a file system only if the channel can mount it."""
    if not any(map(document.get, _SOURCE_NAMES)):
        if choices.is_plausible:
            name, decided = _plausible_source(choices)
        else:
            excluded = {*document, *(() if choices.allows_file_system else ("FileSystemDataSource",))}
            name, decided = choices.choice([name for name in _SOURCE_NAMES if name not in excluded]), {}
        document[name] = choices.instance(getattr(shapes, name), decided)
    return choices.complete(cls, document, ())


def _plausible_source(choices: Choices) -> tuple[str, Document]:
    """Draw the name of a data source, and the members that are decided."""
    mode = choices.channel_mode
    sources = _SOURCES if mode == "File" and choices.allows_file_system else _SOURCES_OF_STREAMS
    drawn = choices.each({"S3Uri": values_of("S3DataSource")["S3Uri"], "source": sources})
    index: int = drawn.pop("source")
    _, name, members = SOURCES[index]
    decided: Document = dict(members) | (drawn if name == "S3DataSource" else {})
    if name == "S3DataSource" and mode == "Pipe" and choices.happens(PIPE_WITH_AUGMENTED_MANIFEST):
        decided = {**dict.fromkeys(SOURCES[0][2]), **drawn, "S3DataType": _AUGMENTED_MANIFEST}
        decided["AttributeNames"] = choices.one(values_of(name)["AttributeNames"])
    return name, decided


@composes("Channel")
def _channel(choices: Choices, cls: type[Shape], document: Document) -> Document:
    """Draw a compression and a record wrapper, a mode that can read them, and then the data."""
    optional = choices.optional(cls, document)
    for name in ("CompressionType", "RecordWrapperType"):
        if name in optional and document.get("InputMode") == "File":
            document[name] = "None"
        elif name in optional:
            choices.require(cls, document, name)
    modes = modes_of(document)
    if "InputMode" not in document and ("InputMode" in optional or choices.mode not in {None, *modes}):
        document["InputMode"] = choices.choice(modes)
    choices.channel_mode = document.get("InputMode") or choices.mode
    return choices.complete(cls, document, optional)


def modes_of(channel: Document) -> tuple[str, ...]:
    """Return the input modes that can read a channel."""
    source = structure_in(structure_in(channel, "DataSource"), "S3DataSource")
    if source.get("S3DataType") == _AUGMENTED_MANIFEST:
        return MODES[2:]
    is_streamed = channel.get("CompressionType") == "Gzip" or channel.get("RecordWrapperType") == "RecordIO"
    return MODES[1:] if is_streamed else MODES


def draw_channels(choices: Choices, count: int) -> list[Document]:
    """Draw this number of channels in their usual order; for a built-in algorithm, those that it needs."""
    if choices.algorithm not in algorithm_names():
        names = values_of("Channel")["ChannelName"].alternatives[:count]
        return [choices.item(shapes.Channel, {"ChannelName": name}) for name in names]
    choices.channel_mode = choices.mode
    source = _source(choices, shapes.DataSource, {})
    content_types = channels_of(choices.algorithm, choices.metric)
    return [
        {"ChannelName": name, "DataSource": _named_source(source, name)}
        | ({"ContentType": content_type} if content_type else {})
        for name, content_type in content_types.items()
    ]


def _named_source(source: Document, channel: str) -> Document:
    s3_source = source.get("S3DataSource")
    return {"S3DataSource": s3_source | {"S3Uri": f"{s3_source['S3Uri']}/{channel}"}} if s3_source else source


@composes("OutputDataConfig", extreme=True)
def _output(choices: Extreme, cls: type[Shape], document: Document) -> Document:
    """Draw a KMS key only for a bucket that allows one."""
    if is_s3_express(choices.require(cls, document, "S3OutputPath")):
        document.setdefault("KmsKeyId", None)
    return choices.complete(cls, document)
