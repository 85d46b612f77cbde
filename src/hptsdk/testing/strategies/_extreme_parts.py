"""Extreme requests: the functions for parts whose members depend on each other."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from hptsdk import shapes
from hptsdk.rules.data_sources import is_s3_express
from hptsdk.rules.facts.accounts import is_custom_image
from hptsdk.rules.facts.instance_families import has_local_storage, is_ebs_only, lacks_ultraserver
from hptsdk.rules.runtime import MAX_RUNTIME
from hptsdk.testing.strategies._algorithms import image_of
from hptsdk.testing.strategies._extreme import EXTREME_PARTS, info_of
from hptsdk.testing.strategies._plausible import Document, composes, part
from hptsdk.testing.strategies._texts import repeat_distinct

if TYPE_CHECKING:
    from collections.abc import Callable

    from hptsdk._validation import Shape
    from hptsdk.schema import TypeInfo
    from hptsdk.testing.strategies._extreme import Extreme

# --- limits, output and instances ---


@composes("OutputDataConfig", parts=EXTREME_PARTS)
def _output(choices: Extreme, cls: type[Shape], document: Document) -> Document:
    """Draw a KMS key only for a bucket that allows one."""
    if is_s3_express(choices.require(cls, document, "S3OutputPath")):
        document.setdefault("KmsKeyId", None)
    return choices.complete(cls, document)


@composes("StoppingCondition", parts=EXTREME_PARTS)
def _stopping_condition(choices: Extreme, cls: type[Shape], document: Document) -> Document:
    """Draw a maximum wait time that is at least the maximum runtime, for Spot Instances only."""
    runtime, wait = "MaxRuntimeInSeconds", "MaxWaitTimeInSeconds"
    optional = choices.optional(cls, document)
    if runtime in optional:
        document[runtime] = choices.integer(1, min(MAX_RUNTIME, document.get(wait) or MAX_RUNTIME))
    if choices.spot is False:
        document.setdefault(wait, None)
    elif wait not in document and (choices.spot or wait in optional):
        document[wait] = choices.integer(document.get(runtime) or 1)
    return choices.complete(cls, document, optional)


@cache
def _types_with(condition: Callable[[str], bool] = bool) -> tuple[str, ...]:
    return tuple(filter(condition, info_of(shapes.InstanceGroup, "InstanceType").known_values))


def _has_ultraserver(name: str) -> bool:
    return not lacks_ultraserver(name)


_TYPE, _COUNT, _SIZE, _KEY = "InstanceType", "InstanceCount", "VolumeSizeInGB", "VolumeKmsKeyId"
_GROUPS, _PREFERENCES, _PLACEMENT = "InstanceGroups", "InstancePreferences", "InstancePlacementConfig"
_KEEP_ALIVE, _PLAN, _CONFIGS = "KeepAlivePeriodInSeconds", "TrainingPlanArn", "InstanceConfigs"


@composes("ResourceConfig", "HyperParameterTuningResourceConfig", parts=EXTREME_PARTS)
def _resources(choices: Extreme, cls: type[Shape], document: Document) -> Document:
    """Draw the instances in one way, then the storage."""
    optional = choices.optional(cls, document)
    excluded = {
        _GROUPS: document.get(_COUNT) or document.get(_KEEP_ALIVE),
        _PREFERENCES: choices.spot,
        _CONFIGS: any(document.get(name) for name in (_TYPE, _COUNT, _SIZE)),
    }
    way = next((name for name in (*excluded, _TYPE, _PLACEMENT) if document.get(name)), None)
    if way is None:
        drawn = [name for name in (*excluded, _TYPE, _PLACEMENT) if name in optional and not excluded.get(name)]
        # the lists are drawn more often, because they have many lengths
        way = choices.choice([*drawn, *(name for name in drawn if name in excluded)]) if drawn else _TYPE
    omitted = [name for name in excluded if name != way]
    if way == _PREFERENCES:
        omitted += [_TYPE, _PLACEMENT]
        _draw_preferences(choices, cls, document, optional)
    elif way in excluded and choices.require(cls, document, way):
        omitted += [_TYPE, _COUNT, *([_SIZE] if way == _CONFIGS else [])]
    else:
        _draw_type(choices, document, optional)
    for name in ("SelectedInstanceType", "SelectedInstanceCount", *omitted):
        document.setdefault(name, None)
    if (choices.spot or document.get(_GROUPS)) and _KEEP_ALIVE in optional:
        document[_KEEP_ALIVE] = 0
    return choices.complete(cls, document, optional)


def _draw_preferences(choices: Extreme, cls: type[Shape], document: Document, optional: list[str]) -> None:
    """Draw different types, with the counts and the training plans all in the preferences or all outside them."""
    if _PREFERENCES not in document:
        has_counts = not document[_COUNT] if _COUNT in document else choices.choice((False, True))
        plans = {} if not (document.get(_PLAN) or _PLAN in optional) else {"TrainingPlanArns": None}
        types, size = _types_with(), choices.size(info_of(cls, _PREFERENCES))
        first = choices.integer(0, len(types) - 1)
        document[_PREFERENCES] = [
            choices.part(
                shapes.InstancePreference,
                {
                    _TYPE: types[(first + number) % len(types)],
                    _COUNT: choices.integer(0) if has_counts else None,
                    **plans,
                },
            )
            for number in range(size)
        ]
    if any(item.get("TrainingPlanArns") for item in document[_PREFERENCES]):
        document.setdefault(_PLAN, None)
    if _COUNT not in document:
        has_counts = any(_COUNT in item for item in document[_PREFERENCES])
        document[_COUNT] = None if has_counts else choices.integer(1)


def _draw_type(choices: Extreme, document: Document, optional: list[str]) -> None:
    """Draw one type, which must be compatible with the placement, the KMS key and the volume."""
    if document.get(_KEY) and _TYPE not in document:
        # UltraServers have local storage, which cannot use a key
        document.setdefault(_PLACEMENT, None)
    has_no_volume = _SIZE in document and not document[_SIZE]
    has_key = document.get(_KEY) or (_KEY in optional and _KEY not in document)
    has_placement = document.get(_PLACEMENT) is not None or (_PLACEMENT in optional and _PLACEMENT not in document)
    if _TYPE not in document and not (document.get(_KEY) and has_placement):
        if has_placement:
            document[_TYPE] = choices.choice(_types_with(_has_ultraserver))
        elif _TYPE in optional and (has_key or has_no_volume) and not (has_key and has_no_volume):
            document[_TYPE] = choices.choice(_types_with(is_ebs_only if has_key else has_local_storage))
        elif _TYPE in optional and not has_no_volume:
            document[_TYPE] = choices.value(info_of(shapes.InstanceGroup, _TYPE))
    elif document.get(_TYPE) and lacks_ultraserver(document[_TYPE]):
        document.setdefault(_PLACEMENT, None)
    name = document.setdefault(_TYPE, None)
    if name and has_local_storage(name):
        document.setdefault(_KEY, None)
    if name and is_ebs_only(name) and _SIZE not in document:
        document[_SIZE] = choices.integer(1)


# --- the algorithm ---

_CUSTOM_IMAGE = "123456789012.dkr.ecr.us-east-1.amazonaws.com/mine:1"
_XGBOOST_IMAGE = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1"
_MARKETPLACE_ALGORITHM = "arn:aws:sagemaker:us-east-1:865070037744:algorithm/theirs"

# Regular expressions with a group, the shortest and the longest among them.
_REGEXES = ("()", "loss=([-+0-9.eE]+);", r"rmse: (\S+)", r"(?i)auc=(?P<value>\d+\.\d+)", r"\[(.*)\]", "a" * 498 + "()")
_IMAGE, _ALGORITHM, _METRICS = "TrainingImage", "AlgorithmName", "MetricDefinitions"


@composes("MetricDefinition", parts=EXTREME_PARTS)
def _metric(choices: Extreme, cls: type[Shape], document: Document) -> Document:
    if "Regex" not in document:
        document["Regex"] = choices.choice(_REGEXES)
    return choices.complete(cls, document)


@composes("HyperParameterTuningJobObjective", parts=EXTREME_PARTS)
def _objective(choices: Extreme, cls: type[Shape], document: Document) -> Document:
    if choices.metric is not None:
        document.setdefault("MetricName", choices.metric)
    return choices.complete(cls, document)


@composes("HyperParameterAlgorithmSpecification", parts=EXTREME_PARTS)
def _specification(choices: Extreme, cls: type[Shape], document: Document) -> Document:
    """Draw an image or an algorithm, and metrics for a custom image; an algorithm of the account is the simplest."""
    if choices.context.algorithm is not None and _IMAGE not in document and _ALGORITHM not in document:
        document[_IMAGE] = image_of(choices.context.algorithm, "us-east-1")
    optional = choices.optional(cls, document)
    if not (document.get(_IMAGE) or document.get(_ALGORITHM)):
        # None is for any text that the constraints allow
        names = [None, *([_MARKETPLACE_ALGORITHM] if choices.allows_marketplace else [])]
        is_image = _ALGORITHM in document or (_IMAGE not in document and choices.choice((*names, "image")) == "image")
        if is_image and _IMAGE not in document:
            image = choices.choice((_CUSTOM_IMAGE, _XGBOOST_IMAGE, None, None, None, None))
            document[_IMAGE] = image or choices.value(info_of(cls, _IMAGE)) or _CUSTOM_IMAGE
        elif _ALGORITHM not in document:
            document[_ALGORITHM] = choices.choice(names) or choices.value(info_of(cls, _ALGORITHM))
    if document.get(_IMAGE):
        document.setdefault(_ALGORITHM, None)
    elif _IMAGE in optional and _IMAGE not in document:
        document[_IMAGE] = choices.choice((None, ""))
    is_required = bool(document.get(_IMAGE)) and is_custom_image(document[_IMAGE])
    if _METRICS not in document and (is_required or _METRICS in optional):
        document[_METRICS] = _draw_metrics(choices, info_of(cls, _METRICS), is_required=is_required)
    return choices.complete(cls, document, [])


def _draw_metrics(choices: Extreme, info: TypeInfo, *, is_required: bool) -> list[Document]:
    """Draw metrics with different names; one of them is the metric of the objective."""
    metrics: list[Document] = choices.value(info)
    if is_required and not metrics:
        metrics = [choices.part(shapes.MetricDefinition)]
    if choices.metric is None or not metrics or any(metric["Name"] == choices.metric for metric in metrics):
        return metrics
    others = repeat_distinct(metrics[1:], len(metrics) - 1, info.item, [choices.metric])
    return [metrics[0] | {"Name": choices.metric}, *others]


# --- channels ---

MODES = ("File", "FastFile", "Pipe")
_AUGMENTED_MANIFEST = "AugmentedManifestFile"
_SOURCES = ("S3DataSource", "FileSystemDataSource", "DatasetSource")


@composes("ModelAccessConfig", parts=EXTREME_PARTS)
def _model_access(choices: Extreme, cls: type[Shape], document: Document) -> Document:
    """Accept the license, which the service requires."""
    return choices.complete(cls, {"AcceptEula": True} | document)


@composes("S3DataSource", parts=EXTREME_PARTS)
def _s3_data_source(choices: Extreme, cls: type[Shape], document: Document) -> Document:
    """Draw a data type that the input mode can read."""
    if "S3DataType" not in document:
        types = ("S3Prefix", "ManifestFile", "Converse", _AUGMENTED_MANIFEST)
        document["S3DataType"] = choices.choice(types if choices.channel_mode in {None, "Pipe"} else types[:-1])
    return choices.complete(cls, document)


@composes("DataSource", parts=EXTREME_PARTS)
def _data_source(choices: Extreme, _: type[Shape], document: Document) -> Document:
    """Draw exactly one data source."""
    if not any(document.get(name) for name in _SOURCES):
        allowed = [
            name
            for name in _SOURCES
            if name not in document and (name != "FileSystemDataSource" or choices.allows_file_system)
        ]
        name = choices.choice(allowed)
        document[name] = choices.part(getattr(shapes, name))
    return {name: value for name, value in document.items() if value is not None}


@composes("Channel", parts=EXTREME_PARTS)
def _channel(choices: Extreme, cls: type[Shape], document: Document) -> Document:
    """Draw the input mode, then the members that depend on it."""
    optional = choices.optional(cls, document)
    modes = modes_of(document)
    if "InputMode" not in document and ("InputMode" in optional or choices.mode not in {None, *modes}):
        document["InputMode"] = choices.choice(modes)
    choices.channel_mode = mode = document.get("InputMode") or choices.mode
    for name, value in (("CompressionType", "Gzip"), ("RecordWrapperType", "RecordIO")):
        if name in optional:
            document[name] = choices.choice(("None",) if mode == "File" else ("None", value))
    return choices.complete(cls, document, optional)


def modes_of(channel: Document) -> tuple[str, ...]:
    """Return the input modes that can read a channel."""
    source = part(part(channel, "DataSource"), "S3DataSource")
    if source.get("S3DataType") == _AUGMENTED_MANIFEST:
        return MODES[2:]
    is_streamed = channel.get("CompressionType") == "Gzip" or channel.get("RecordWrapperType") == "RecordIO"
    return MODES[1:] if is_streamed else MODES
