"""Rules of the channels of built-in algorithms: names, content types, input modes, and hyperparameters that need them.

The facts about the channels are in `facts/algorithms/NAME.json`.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from hptsdk._validation import Problem, advice, closest, closest_name, format_value
from hptsdk.rules.definitions import training_of_definition

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from hptsdk._validation import Step
    from hptsdk.rules.definitions import AlgorithmTraining
    from hptsdk.rules.facts.algorithms.model import Algorithm, AlgorithmChannel
    from hptsdk.shapes import Channel

# The channels whose data has the content types of the algorithm, unless the facts have others for one of them.
_DATA = ("train", "training", "validation", "test")

# The values that turn off a hyperparameter that needs a channel.
_UNUSED = frozenset({"", "false", "0"})


@advice("channel-is-read", source="dg/common-info-all-im-models")
def channel_is_read(training: AlgorithmTraining) -> list[Problem]:
    """The channels of a built-in algorithm are ones that the algorithm reads.

    Many algorithms fail with another channel; others ignore it.

    Example:
        `ChannelName` "training" with an image of XGBoost.
    """
    facts, definition = training.algorithm, training.definition
    problems: list[Problem] = []
    names = [channel.channel_name for channel in definition.input_data_config or ()]
    for index, name in enumerate(names):
        fact = facts.channels.get(name)
        reason = _why_not_read(fact, training.static) if fact is not None else ""
        if fact is not None and not reason:
            continue
        hint = "remove the channel"
        if not reason:
            unused = [each for each in facts.channels if each not in names]
            others = [each for each in unused if each != "code"]
            hint = closest(name, unused) or (f"use {_alternatives(others)}, or {hint}" if others else hint)
        problems.append(
            Problem(
                *training.path,
                "input_data_config",
                index,
                "channel_name",
                expected=f"a channel that {facts.title} reads",
                got=f"{format_value(name)}{reason}",
                hint=hint,
            )
        )
    return problems


def _why_not_read(fact: AlgorithmChannel, static: Mapping[str, str]) -> str:
    """Return ", which needs …" if a static value excludes a channel, else empty text."""
    for name, values in fact.only_if.items():
        if name in static and static[name].strip('"') not in values:
            return f", which needs {format_value(name)} to be {_alternatives(map(format_value, values))}"
    return ""


@advice("algorithm-has-its-channels", source="dg/common-info-all-im-models")
def algorithm_has_its_channels(training: AlgorithmTraining) -> list[Problem]:
    """A built-in algorithm has the channels that it needs, including those that its content type requires.

    The training jobs fail if such a channel is missing. Image lists and annotations are needed only for some content
    types, and not with an augmented manifest file, which contains them.

    Example:
        `ContentType` "application/x-image" without the channel "train_lst", with an image of Image Classification.
    """
    facts, definition = training.algorithm, training.definition
    channels = {channel.channel_name: channel for channel in definition.input_data_config or ()}
    content_type = _content_type_of_files(channels.get("train"))
    # `channel-is-read` reports a misspelled name
    misspelled = {closest_name(name, facts.channels) for name in channels if name not in facts.channels}
    problems: list[Problem] = []
    for name, channel in facts.channels.items():
        needed = channel.required or content_type in channel.required_for
        if not needed or name in channels or name in misspelled:
            continue
        reason = f"because {facts.title} needs it"
        if not channel.required:
            reason += f" with the content type {content_type}"
        problems.append(
            Problem(
                *training.path,
                "input_data_config",
                expected=f"the channel {format_value(name)}, {reason}",
                got=f"only {', '.join(map(format_value, channels))}" if channels else "no channel",
                hint="add the channel",
            )
        )
    return problems


def _content_type_of_files(channel: Channel | None) -> str | None:
    """Return the media type of a channel; None if it has none, has an augmented manifest file, or is missing."""
    if channel is None or not channel.content_type or _is_augmented(channel):
        return None
    return _media_type(channel.content_type)[0]


def _is_augmented(channel: Channel) -> bool:
    source = channel.data_source.s3_data_source
    return source is not None and source.s3_data_type == "AugmentedManifestFile"


@lru_cache(maxsize=256)
def _media_type(content_type: str) -> tuple[str, dict[str, str]]:
    """Split a content type into its media type and its parameters, in lower case."""
    name, *parameters = content_type.lower().split(";")
    pairs = (parameter.partition("=") for parameter in parameters)
    return name.strip(), {key.strip(): value.strip().strip('"') for key, _, value in pairs}


@advice("content-type-is-read", source="dg/cdf-training")
def content_type_is_read(training: AlgorithmTraining) -> list[Problem]:
    """The content type of a channel is one that the built-in algorithm reads, with parameters that it accepts.

    The training jobs fail when the algorithm reads the channel. A channel with an augmented manifest file is not
    checked, because the attributes in the file have types of their own.

    Example:
        `ContentType` "application/json" with an image of XGBoost.
    """
    facts, definition = training.algorithm, training.definition
    problems: list[Problem] = []
    for index, channel in enumerate(definition.input_data_config or ()):
        allowed = _content_types(facts, channel)
        if not channel.content_type or not allowed or _is_augmented(channel):
            continue
        path: tuple[Step, ...] = (*training.path, "input_data_config", index, "content_type")
        media_type, parameters = _media_type(channel.content_type)
        if media_type not in allowed:
            expected = f"a content type that {facts.title} reads from the channel {format_value(channel.channel_name)}"
            hint = f"use {_alternatives(allowed)}"
            problems.append(Problem(*path, expected=expected, got=format_value(channel.content_type), hint=hint))
            continue
        fact = facts.content_types.get(media_type)
        for name, values in fact.parameters.items() if fact else ():
            value = parameters.get(name)
            if value is not None and value not in values:
                expected = f"{name}={_alternatives(values)} for {facts.title}"
                hint = f"use {name}={values[0]}, or remove the parameter"
                problems.append(Problem(*path, expected=expected, got=format_value(channel.content_type), hint=hint))
    return problems


def _content_types(facts: Algorithm, channel: Channel) -> Collection[str]:
    """Return the content types that an algorithm reads from a channel; none if they are not documented."""
    fact = facts.channels.get(channel.channel_name)
    if fact is not None and fact.content_types:
        return fact.content_types
    return facts.content_types if channel.channel_name in _DATA else ()


@advice("input-mode-is-supported", source="dg/common-info-all-im-models")
def input_mode_is_supported(training: AlgorithmTraining) -> list[Problem]:
    """The input mode of a channel is one in which the built-in algorithm reads its content type.

    Some algorithms do not support Pipe, or only for some content types. FastFile is checked like File, because the
    algorithm reads files in both. Only the channels "train", "training", "validation" and "test" are checked.

    Example:
        `InputMode` "Pipe", `ContentType` "text/libsvm" with an image of XGBoost.
    """
    facts, definition = training.algorithm, training.definition
    default = definition.algorithm_specification.training_input_mode
    problems: list[Problem] = []
    for index, channel in enumerate(definition.input_data_config or ()):
        if channel.channel_name not in _DATA:
            continue
        mode = channel.input_mode or default
        media_type = _media_type(channel.content_type)[0] if channel.content_type else ""
        fact = facts.content_types.get(media_type)
        modes = (fact.input_modes if fact else ()) or facts.input_modes
        if not modes or mode in modes or (mode == "FastFile" and "File" in modes):
            continue
        path: tuple[Step, ...] = (*training.path, "algorithm_specification", "training_input_mode")
        if channel.input_mode:
            path = (*training.path, "input_data_config", index, "input_mode")
        content = f" with the content type {media_type}" if fact and fact.input_modes else ""
        expected = f"{_alternatives(modes)} for {facts.title}{content}"
        problems.append(Problem(*path, expected=expected, got=format_value(mode), hint=f"use {modes[0]}"))
    return list({tuple(problem.path): problem for problem in problems}.values())


def _alternatives(names: Iterable[str]) -> str:
    """Join names with commas and "or"."""
    *others, last = names
    return f"{', '.join(others)} or {last}" if others else last


@advice(
    "hyperparameter-needs-its-channel",
    source="aws/sagemaker-xgboost-container src/sagemaker_xgboost_container/algorithm_mode",
)
def hyperparameter_needs_its_channel(training: AlgorithmTraining) -> list[Problem]:
    """A built-in algorithm has the channels that its static hyperparameters need.

    Early stopping in XGBoost and BlazingText, for example, needs the channel "validation". Without the channel
    the training jobs fail, or never stop early. Hyperparameters whose names begin with an underscore are not
    documented, and can replace a channel; with one of them nothing is reported.

    Example:
        `StaticHyperParameters` {"early_stopping_rounds": "5"} with an image of XGBoost and the only channel "train".
    """
    static = training.static
    channels = {channel.channel_name for channel in training.definition.input_data_config or ()}
    if "train" not in channels or any(name.startswith("_") for name in static):
        return []
    return [
        Problem(
            "static_hyper_parameters",
            (name,),
            expected=f"no value without the channel {format_value(channel.name)}",
            got="a value",
            hint=f"add the channel {format_value(channel.name)} to InputDataConfig, or remove the value",
        )
        for channel in training.algorithm.channels.values()
        if channel.name not in channels
        for name in channel.required_by
        if static.get(name, "").lower() not in _UNUSED
    ]


DEFINITION = tuple(
    rule.for_parts(training_of_definition)
    for rule in (
        channel_is_read,
        algorithm_has_its_channels,
        content_type_is_read,
        input_mode_is_supported,
        hyperparameter_needs_its_channel,
    )
)
