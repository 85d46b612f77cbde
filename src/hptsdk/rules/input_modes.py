"""Rules of the input modes of channels: how their data reaches the algorithm.

A channel without an InputMode has the TrainingInputMode of the algorithm. So each rule is one function of a channel
and its mode. `with_its_mode` applies it to a channel that has a mode, `with_the_default_mode` to a definition, for its
channels without one.

See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_Channel.html.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hptsdk._validation import Problem, advice, format_value, rule

if TYPE_CHECKING:
    from collections.abc import Callable

    from hptsdk._validation import Part
    from hptsdk.shapes import Channel, HyperParameterTrainingJobDefinition

__all__ = [
    "augmented_manifest_needs_pipe_mode",
    "file_systems_are_mounted",
    "models_come_as_files",
    "no_decompression_in_file_mode",
    "no_wrapping_in_file_mode",
    "with_its_mode",
    "with_the_default_mode",
]

# The channel of a model that a built-in algorithm trains further.
_MODEL = "model"


def with_its_mode(channel: Channel) -> list[Part]:
    """Return a channel and its input mode, for `Rule.for_parts`; nothing if it has no mode of its own."""
    return [] if channel.input_mode is None else [((), (channel, channel.input_mode))]


def with_the_default_mode(member: str) -> Callable[[HyperParameterTrainingJobDefinition], list[Part]]:
    """Return a function, for `Rule.for_parts`, that lists the channels of a definition without a mode of their own.

    Args:
        member: the attribute of a channel without which the rule cannot be violated, such as `"compression_type"`;
            channels that do not have it are omitted, so that valid requests take little time.

    Returns:
        A function of a definition. It returns path, channel and TrainingInputMode for each of these channels.
    """

    def parts(definition: HyperParameterTrainingJobDefinition) -> list[Part]:
        mode = definition.algorithm_specification.training_input_mode
        return [
            (("input_data_config", index), (channel, mode))
            for index, channel in enumerate(definition.input_data_config or ())
            if channel.input_mode is None and getattr(channel, member) is not None
        ]

    return parts


@rule(
    "augmented-manifest-needs-pipe-mode", "C094", source="API_S3DataSource", needs=("input_mode", "input_data_config")
)
def augmented_manifest_needs_pipe_mode(channel: Channel, mode: str) -> Problem | None:
    """An augmented manifest file needs the input mode Pipe.

    AWS documents that the training job can read such a file only as a stream. A channel without an InputMode
    has the TrainingInputMode of the algorithm.

    Example:
        `S3DataType` "AugmentedManifestFile", `InputMode` "File".
    """
    source = channel.data_source.s3_data_source
    if mode == "Pipe" or source is None or source.s3_data_type != "AugmentedManifestFile":
        return None
    return Problem(
        "data_source",
        "s3_data_source",
        "s3_data_type",
        expected="S3Prefix or ManifestFile unless the input mode is Pipe",
        got=f"'AugmentedManifestFile' with the input mode {format_value(mode)}",
        hint="set InputMode of the channel to Pipe",
    )


@rule(
    "no-wrapping-in-file-mode",
    "C096",
    source="API_Channel",
    needs=("input_mode", "record_wrapper_type", "input_data_config"),
)
def no_wrapping_in_file_mode(channel: Channel, mode: str) -> Problem | None:
    """The input mode File does not wrap objects in RecordIO records.

    In this mode the algorithm opens the objects as files, so there is no stream of records to create. AWS
    documents that the member must not be set, or be None.

    Example:
        `RecordWrapperType` "RecordIO", `InputMode` "File".
    """
    if mode != "File" or channel.record_wrapper_type != "RecordIO":
        return None
    return Problem(
        "record_wrapper_type",
        expected="'None' or no value with the input mode File",
        got=format_value(channel.record_wrapper_type),
        hint="remove it, or set InputMode of the channel to Pipe",
    )


@rule(
    "no-decompression-in-file-mode",
    "C097",
    source="API_Channel",
    needs=("input_mode", "compression_type", "input_data_config"),
)
def no_decompression_in_file_mode(channel: Channel, mode: str) -> Problem | None:
    """The input mode File does not decompress objects.

    SageMaker decompresses data only if it streams the data. AWS documents that the member must not be set in
    this mode, or be None; the algorithm would read compressed files.

    Example:
        `CompressionType` "Gzip", `InputMode` "File".
    """
    if mode != "File" or channel.compression_type != "Gzip":
        return None
    return Problem(
        "compression_type",
        expected="'None' or no value with the input mode File",
        got=format_value(channel.compression_type),
        hint="remove it and decompress in the algorithm, or set InputMode of the channel to Pipe",
    )


@advice("file-systems-are-mounted", "C099", source="API_Channel", basis="inferred")
def file_systems_are_mounted(channel: Channel, mode: str) -> Problem | None:
    """A file system needs the input mode File, because it is mounted.

    The modes Pipe and FastFile stream data from Amazon S3. A file system is a directory in the container
    instead, so another mode probably has no effect or the request is rejected.

    Example:
        `FileSystemDataSource` and `InputMode` "Pipe" in one channel.
    """
    if mode == "File" or channel.data_source.file_system_data_source is None:
        return None
    return Problem(
        "input_mode",
        expected="File for a file system",
        got=format_value(mode),
        hint="set InputMode of the channel to File",
    )


@advice("models-come-as-files", "C121", source="API_Channel")
def models_come_as_files(channel: Channel, mode: str) -> Problem | None:
    """The channel of a model to train further needs the input mode File.

    The channel with the name model contains the artifacts with which incremental training begins. AWS documents
    that it needs this mode; an algorithm that expects files cannot load a stream.

    Example:
        `ChannelName` "model", `InputMode` "Pipe".
    """
    if mode == "File" or channel.channel_name != _MODEL:
        return None
    return Problem(
        "input_mode",
        expected="File for a model to train further",
        got=format_value(mode),
        hint="set InputMode of the channel to File",
    )
