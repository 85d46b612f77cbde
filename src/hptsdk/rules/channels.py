"""Rules of input channels: their sources, and what their input mode can do.

A channel that names no input mode has that of the algorithm, so the rules of modes stand on the channel and on the
definition as well: each looks at those channels whose mode it can know.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from hptsdk._validation import Breach, advice, closest, member_text, repeated, rule, shown
from hptsdk.rules.facts.accounts import algorithm_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hptsdk._validation import Step
    from hptsdk.shapes import (
        Channel,
        DataSource,
        HyperParameterTrainingJobDefinition,
        ModelAccessConfig,
        ResourceConfig,
        S3DataSource,
    )

    Place = Channel | HyperParameterTrainingJobDefinition

# Where SageMaker's algorithms find the model to go on from.
_MODEL = "model"


# --- sources --------------------------------------------------------------------------------------------------------


def _count(source: DataSource) -> int:
    return (
        (source.s3_data_source is not None)
        + (source.file_system_data_source is not None)
        + (source.dataset_source is not None)
    )


@rule("source-is-given", "F137", source="API_DataSource", basis="inferred")
def source_is_given(source: DataSource) -> Breach | None:
    """A data source says where the data lies."""
    if source.s3_data_source is not None or _count(source):
        return None
    return Breach(
        expected="an S3DataSource, FileSystemDataSource or DatasetSource",
        got="none of them",
        hint="give the one that holds the data",
    )


@rule("source-is-single", "C092", source="API_DataSource", basis="inferred")
def source_is_single(source: DataSource) -> Breach | None:
    """A channel reads from one place."""
    count = _count(source)
    if count <= 1:
        return None
    return Breach(
        expected="one of S3DataSource, FileSystemDataSource and DatasetSource",
        got=f"{count} of them",
        hint="give each a channel of its own",
    )


@rule("licence-is-accepted", "F138", source="API_ModelAccessConfig")
def licence_is_accepted(access: ModelAccessConfig) -> Breach | None:
    """A gated model is read only by those who accept its licence."""
    if access.accept_eula:
        return None
    return Breach(
        "accept_eula",
        expected="True",
        got=shown(access.accept_eula),
        hint="set it once you have read and accepted the licence",
    )


@advice("augmented-manifest-names-attributes", "C093", source="dg/augmented-manifest", basis="inferred")
def augmented_manifest_names_attributes(source: S3DataSource) -> Breach | None:
    """An augmented manifest is read by the names of its attributes."""
    if source.s3_data_type != "AugmentedManifestFile" or source.attribute_names:
        return None
    return Breach(
        "attribute_names",
        expected="the attributes to read from each line of the augmented manifest",
        got=member_text(source.attribute_names),
        hint="name them in the order in which the algorithm takes them",
    )


@advice(
    "attribute-names-need-an-augmented-manifest",
    "C095",
    source="API_S3DataSource",
    needs=("attribute_names",),
)
def attribute_names_need_an_augmented_manifest(source: S3DataSource) -> Breach | None:
    """Only the lines of an augmented manifest have attributes."""
    if not source.attribute_names or source.s3_data_type not in ("S3Prefix", "ManifestFile"):
        return None
    return Breach(
        "attribute_names",
        expected=f"nothing with the type {source.s3_data_type}",
        got=member_text(source.attribute_names),
        hint="leave them out, or use AugmentedManifestFile",
    )


@advice("only-s3-data-is-shuffled", "C098", source="API_Channel", basis="inferred", needs=("shuffle_config",))
def only_s3_data_is_shuffled(channel: Channel) -> Breach | None:
    """Data of a file system is not shuffled on the way."""
    if channel.shuffle_config is None or channel.data_source.file_system_data_source is None:
        return None
    return Breach(
        "shuffle_config", expected="nothing for a file system", got="a shuffle", hint="shuffle in the algorithm"
    )


# --- input modes ----------------------------------------------------------------------------------------------------


def _wrong(place: Place, is_wrong: Callable[[Channel, str], bool]) -> Sequence[tuple[tuple[Step, ...], Channel, str]]:
    """Give the channels that are wrong in the input mode that is known here, with their paths and modes."""
    if place.__class__.__name__ == "Channel":
        channel = cast("Channel", place)
        mode = channel.input_mode
        return () if mode is None or not is_wrong(channel, mode) else (((), channel, mode),)
    definition = cast("HyperParameterTrainingJobDefinition", place)
    default = definition.algorithm_specification.training_input_mode
    return [
        (("input_data_config", index), channel, default)
        for index, channel in enumerate(definition.input_data_config or ())
        if channel.input_mode is None and is_wrong(channel, default)
    ]


def _is_augmented_outside_pipe(channel: Channel, mode: str) -> bool:
    if mode == "Pipe":
        return False
    source = channel.data_source.s3_data_source
    return source is not None and source.s3_data_type == "AugmentedManifestFile"


def _is_wrapped_file(channel: Channel, mode: str) -> bool:
    return mode == "File" and channel.record_wrapper_type == "RecordIO"


def _is_compressed_file(channel: Channel, mode: str) -> bool:
    return mode == "File" and channel.compression_type == "Gzip"


def _is_streamed_file_system(channel: Channel, mode: str) -> bool:
    return mode != "File" and channel.data_source.file_system_data_source is not None


def _is_streamed_model(channel: Channel, mode: str) -> bool:
    return mode != "File" and channel.channel_name == _MODEL


@rule(
    "augmented-manifest-needs-pipe-mode", "C094", source="API_S3DataSource", needs=("input_mode", "input_data_config")
)
def augmented_manifest_needs_pipe_mode(place: Place) -> list[Breach] | None:
    """An augmented manifest is read in the input mode Pipe."""
    return [
        Breach(
            *path,
            "data_source",
            "s3_data_source",
            "s3_data_type",
            expected="S3Prefix or ManifestFile unless the input mode is Pipe",
            got=f"'AugmentedManifestFile' in the mode {shown(mode)}",
            hint="give the channel the InputMode Pipe",
        )
        for path, _, mode in _wrong(place, _is_augmented_outside_pipe)
    ] or None


@rule("no-wrapping-in-file-mode", "C096", source="API_Channel", needs=("record_wrapper_type", "input_data_config"))
def no_wrapping_in_file_mode(place: Place) -> list[Breach] | None:
    """Objects are not wrapped in RecordIO in the input mode File."""
    return [
        Breach(
            *path,
            "record_wrapper_type",
            expected="None in the input mode File",
            got=shown(channel.record_wrapper_type),
            hint="leave it out, or give the channel the InputMode Pipe",
        )
        for path, channel, _ in _wrong(place, _is_wrapped_file)
    ] or None


@rule("no-decompression-in-file-mode", "C097", source="API_Channel", needs=("compression_type", "input_data_config"))
def no_decompression_in_file_mode(place: Place) -> list[Breach] | None:
    """Objects are not decompressed in the input mode File."""
    return [
        Breach(
            *path,
            "compression_type",
            expected="None in the input mode File",
            got=shown(channel.compression_type),
            hint="leave it out and decompress in the algorithm, or give the channel the InputMode Pipe",
        )
        for path, channel, _ in _wrong(place, _is_compressed_file)
    ] or None


@advice("file-systems-are-mounted", "C099", source="API_Channel", basis="inferred")
def file_systems_are_mounted(place: Place) -> list[Breach]:
    """Data of a file system is mounted, not streamed."""
    return [
        Breach(
            *path,
            "input_mode",
            expected="File for a file system",
            got=shown(mode),
            hint="give the channel the InputMode File",
        )
        for path, _, mode in _wrong(place, _is_streamed_file_system)
    ]


@advice("models-come-as-files", "C121", source="API_Channel")
def models_come_as_files(place: Place) -> list[Breach]:
    """A model to go on from comes in the input mode File."""
    return [
        Breach(
            *path,
            "input_mode",
            expected="File for a model to train further",
            got=shown(mode),
            hint="give the channel the InputMode File",
        )
        for path, _, mode in _wrong(place, _is_streamed_model)
    ]


# --- channels of a definition ---------------------------------------------------------------------------------------


@rule("channel-names-differ", "C100", source="API_Channel", basis="inferred", needs=("input_data_config",))
def channel_names_differ(definition: HyperParameterTrainingJobDefinition) -> list[Breach] | None:
    """The names of channels differ: the container finds each in a directory of that name."""
    names = [channel.channel_name for channel in definition.input_data_config or ()]
    if len(set(names)) == len(names):
        return None
    return [
        Breach(
            "input_data_config",
            index,
            "channel_name",
            expected="a name not given before",
            got=shown(name),
            hint="rename it",
        )
        for index, name in repeated(names)
    ]


@rule("file-system-needs-a-vpc", "C091", source="dg/model-access-training-data", needs=("input_data_config",))
def file_system_needs_a_vpc(definition: HyperParameterTrainingJobDefinition) -> list[Breach] | None:
    """A file system is reached through a VPC."""
    if definition.vpc_config is not None:
        return None
    return [
        Breach(
            "input_data_config",
            index,
            "data_source",
            "file_system_data_source",
            expected="a VpcConfig in the definition with a file system",
            got="none",
            hint="give the subnets and security groups from which it can be reached",
        )
        for index, channel in enumerate(definition.input_data_config or ())
        if channel.data_source.file_system_data_source is not None
    ] or None


# The channels that SageMaker's own algorithms read.
_READ = frozenset(
    {
        *("train", "validation", "test", "model", "auxiliary", "vocab", "label_map"),
        *("train_lst", "validation_lst", "train_annotation", "validation_annotation"),
    }
)


@advice("channel-is-read", source="API_Channel", basis="inferred", needs=("input_data_config",))
def channel_is_read(definition: HyperParameterTrainingJobDefinition) -> list[Breach]:
    """The channels of a first-party algorithm have the names that such algorithms read."""
    image = definition.algorithm_specification.training_image
    if not image or algorithm_of(image) is None:
        return []
    return [
        Breach(
            "input_data_config",
            index,
            "channel_name",
            expected="a channel that the algorithm reads",
            got=shown(channel.channel_name),
            hint=hint,
        )
        for index, channel in enumerate(definition.input_data_config or ())
        if channel.channel_name not in _READ and (hint := closest(channel.channel_name, _READ))
    ]


def _group_names(resources: ResourceConfig | None) -> list[str]:
    return [group.instance_group_name for group in (resources.instance_groups if resources else None) or ()]


@advice("channel-groups-exist", "C076", source="API_S3DataSource", basis="inferred", needs=("input_data_config",))
def channel_groups_exist(definition: HyperParameterTrainingJobDefinition) -> list[Breach]:
    """The instance groups that get a channel's data are groups of the cluster."""
    selecting = [
        (index, source.instance_group_names)
        for index, channel in enumerate(definition.input_data_config or ())
        if (source := channel.data_source.s3_data_source) is not None and source.instance_group_names
    ]
    if not selecting:
        return []
    known = _group_names(definition.resource_config)
    return [
        Breach(
            "input_data_config",
            index,
            "data_source",
            "s3_data_source",
            "instance_group_names",
            place,
            expected="the name of one of the InstanceGroups" if known else "nothing without InstanceGroups",
            got=shown(name),
            hint=closest(name, known) or "drop it, or add the group",
        )
        for index, names in selecting
        for place, name in enumerate(names)
        if name not in known
    ]
