"""Rules of input channels, and of their input modes: how the data of a channel reaches the algorithm.

A channel without an InputMode has the TrainingInputMode of the algorithm. So each rule of input modes is one function
of a channel and a default mode. It is applied to a channel that has a mode, and with `_with_the_default_mode` to a
definition, for its channels that have none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hptsdk._validation import Problem, advice, closest, format_value, rule
from hptsdk.rules import duplicates

if TYPE_CHECKING:
    from collections.abc import Callable

    from hptsdk._validation import Part
    from hptsdk.shapes import Channel, HyperParameterTrainingJobDefinition as Definition

# The channel of a model that a built-in algorithm trains further.
_MODEL = "model"

# The `needs` of a rule of input modes: a mode of a channel, channels of a definition.
_MODE = ("input_mode", "input_data_config")


def _with_the_default_mode(member: str) -> Callable[[Definition], list[Part]]:
    """Return a function, for `Rule.for_parts`, that lists the channels of a definition without a mode of their own.

    Args:
        member: the attribute of a channel without which the rule cannot be violated, such as `"compression_type"`;
            channels that do not have it are omitted, so that valid requests take little time.

    Returns:
        A function of a definition. It returns path, channel and TrainingInputMode for each of these channels.
    """

    def parts(definition: Definition) -> list[Part]:
        mode = definition.algorithm_specification.training_input_mode
        return [
            (("input_data_config", index), (channel, mode))
            for index, channel in enumerate(definition.input_data_config or ())
            if channel.input_mode is None and getattr(channel, member) is not None
        ]

    return parts


@rule("augmented-manifest-needs-pipe-mode", "C094", source="API_S3DataSource", needs=_MODE)
def augmented_manifest_needs_pipe_mode(channel: Channel, default_mode: str = "") -> Problem | None:
    """An augmented manifest file needs the input mode Pipe.

    AWS documents that the training job can read such a file only as a stream. A channel without an InputMode
    has the TrainingInputMode of the algorithm.

    Example:
        `S3DataType` "AugmentedManifestFile", `InputMode` "File".
    """
    source = channel.data_source.s3_data_source
    mode = channel.input_mode or default_mode
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


@rule("no-wrapping-in-file-mode", "C096", source="API_Channel", needs=(*_MODE, "record_wrapper_type"))
def no_wrapping_in_file_mode(channel: Channel, default_mode: str = "") -> Problem | None:
    """RecordWrapperType is not RecordIO with the input mode File.

    In this mode the algorithm opens the objects as files, so there is no stream of records to create. AWS
    documents that the member must be missing or "None".

    Example:
        `RecordWrapperType` "RecordIO", `InputMode` "File".
    """
    if (channel.input_mode or default_mode) != "File" or channel.record_wrapper_type != "RecordIO":
        return None
    return Problem(
        "record_wrapper_type",
        expected="'None' or no value with the input mode File",
        got=format_value(channel.record_wrapper_type),
        hint="remove it, or set InputMode of the channel to Pipe",
    )


@rule("no-decompression-in-file-mode", "C097", source="API_Channel", needs=(*_MODE, "compression_type"))
def no_decompression_in_file_mode(channel: Channel, default_mode: str = "") -> Problem | None:
    """CompressionType is not Gzip with the input mode File.

    SageMaker decompresses data only in the input mode Pipe. AWS documents that the member must be missing or "None"
    in File mode.

    Example:
        `CompressionType` "Gzip", `InputMode` "File".
    """
    if (channel.input_mode or default_mode) != "File" or channel.compression_type != "Gzip":
        return None
    return Problem(
        "compression_type",
        expected="'None' or no value with the input mode File",
        got=format_value(channel.compression_type),
        hint="remove it and decompress in the algorithm, or set InputMode of the channel to Pipe",
    )


def _mode_text(channel: Channel, default_mode: str) -> str:
    """Format the input mode of a channel, which can be that of the algorithm."""
    if channel.input_mode:
        return format_value(channel.input_mode)
    return f"no value, which means TrainingInputMode {format_value(default_mode)}"


@advice("file-systems-are-mounted", "C099", source="API_Channel", basis="inferred", needs=_MODE)
def file_systems_are_mounted(channel: Channel, default_mode: str = "") -> Problem | None:
    """A file system needs the input mode File, because it is mounted.

    The modes Pipe and FastFile stream data from Amazon S3. A file system is a directory in the container
    instead, so another mode probably has no effect, or the service rejects it.

    Example:
        `FileSystemDataSource` and `InputMode` "Pipe" in one channel.
    """
    if (channel.input_mode or default_mode) == "File" or channel.data_source.file_system_data_source is None:
        return None
    return Problem(
        "input_mode",
        expected="File for a file system",
        got=_mode_text(channel, default_mode),
        hint="set InputMode of the channel to File",
    )


@advice("models-come-as-files", "C121", source="API_Channel", needs=_MODE)
def models_come_as_files(channel: Channel, default_mode: str = "") -> Problem | None:
    """The channel "model", with a model to train further, needs the input mode File.

    The channel contains the artifacts with which incremental training begins. AWS documents that it needs this
    mode. A custom image may use the name for other data, so this is advice.

    Example:
        `ChannelName` "model", `InputMode` "Pipe".
    """
    if (channel.input_mode or default_mode) == "File" or channel.channel_name != _MODEL:
        return None
    return Problem(
        "input_mode",
        expected="File for a model to train further",
        got=_mode_text(channel, default_mode),
        hint="set InputMode of the channel to File",
    )


@advice("only-s3-data-is-shuffled", "C098", source="API_Channel", basis="inferred", needs=("shuffle_config",))
def only_s3_data_is_shuffled(channel: Channel) -> Problem | None:
    """A channel with a file system has no ShuffleConfig, because its data is not shuffled.

    AWS describes shuffling only for data in Amazon S3. The request is probably accepted.

    Example:
        `FileSystemDataSource` and `ShuffleConfig` {"Seed": 1} in one channel.
    """
    if channel.shuffle_config is None or channel.data_source.file_system_data_source is None:
        return None
    return Problem(
        "shuffle_config",
        expected="no value for a file system",
        got="a ShuffleConfig",
        hint="remove it, and shuffle the data in the algorithm",
    )


@rule("channel-names-differ", "C100", source="API_Channel", basis="inferred", needs=("input_data_config",))
def channel_names_differ(definition: Definition) -> list[Problem] | None:
    """The names of channels differ, because each is a directory in the container.

    The data of a channel is in /opt/ml/input/data/NAME, so two channels with one name would share a directory.
    """
    names = [channel.channel_name for channel in definition.input_data_config or ()]
    return duplicates(names, "input_data_config", "channel_name", hint="rename one of the two")


@rule("file-system-needs-a-vpc", "C091", source="dg/model-access-training-data", needs=("input_data_config",))
def file_system_needs_a_vpc(definition: Definition) -> list[Problem] | None:
    """A file system needs a VpcConfig.

    Amazon EFS and Amazon FSx for Lustre can be accessed only from within a VPC. AWS documents that the training
    job must connect to the VPC.
    """
    if definition.vpc_config is not None:
        return None
    return [
        Problem(
            "input_data_config",
            index,
            "data_source",
            "file_system_data_source",
            expected="a VpcConfig in the definition with a file system",
            got="no VpcConfig",
            hint="add one whose Subnets and SecurityGroupIds can access the file system",
        )
        for index, channel in enumerate(definition.input_data_config or ())
        if channel.data_source.file_system_data_source is not None
    ]


@advice("channel-groups-exist", "C076", source="API_S3DataSource", basis="inferred", needs=("input_data_config",))
def channel_groups_exist(definition: Definition) -> list[Problem]:
    """The InstanceGroupNames of a channel are names of InstanceGroups.

    The data of such a channel is sent to the instances of these groups only. If none of them exists, perhaps no
    instance receives the data. An acceptance test of Terraform names a group without InstanceGroups, so this
    is advice.

    Example:
        `InstanceGroupNames` ["gpu"] with a `ResourceConfig` without `InstanceGroups`.
    """
    selected = [
        (index, place, name)
        for index, channel in enumerate(definition.input_data_config or ())
        if (source := channel.data_source.s3_data_source) is not None
        for place, name in enumerate(source.instance_group_names or ())
    ]
    if not selected:
        return []
    resources = definition.resource_config
    groups = [group.instance_group_name for group in (resources.instance_groups if resources else None) or ()]
    return [
        Problem(
            "input_data_config",
            index,
            "data_source",
            "s3_data_source",
            "instance_group_names",
            place,
            expected="the name of one of the InstanceGroups" if groups else "no value without InstanceGroups",
            got=format_value(name),
            hint=closest(name, groups) or "remove it, or add a group with this name to InstanceGroups",
        )
        for index, place, name in selected
        if name not in groups
    ]


_WITHOUT_MODE = _with_the_default_mode("data_source")

CHANNEL = (
    augmented_manifest_needs_pipe_mode,
    no_wrapping_in_file_mode,
    no_decompression_in_file_mode,
    only_s3_data_is_shuffled,
    file_systems_are_mounted,
    models_come_as_files,
)
DEFINITION = (
    channel_names_differ,
    augmented_manifest_needs_pipe_mode.for_parts(_WITHOUT_MODE),
    no_wrapping_in_file_mode.for_parts(_with_the_default_mode("record_wrapper_type")),
    no_decompression_in_file_mode.for_parts(_with_the_default_mode("compression_type")),
    file_system_needs_a_vpc,
    file_systems_are_mounted.for_parts(_WITHOUT_MODE),
    models_come_as_files.for_parts(_WITHOUT_MODE),
    channel_groups_exist,
)
