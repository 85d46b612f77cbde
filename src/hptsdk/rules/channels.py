"""Rules of input channels and of their data sources.

`hptsdk.rules.input_modes` has those of input modes, `hptsdk.rules.algorithm_channels` those of built-in algorithms.

See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_Channel.html.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hptsdk._validation import Problem, advice, closest, format_value, member_text, rule
from hptsdk.rules import duplicates
from hptsdk.rules.input_modes import (
    augmented_manifest_needs_pipe_mode,
    file_systems_are_mounted,
    models_come_as_files,
    no_decompression_in_file_mode,
    no_wrapping_in_file_mode,
    with_its_mode,
    with_the_default_mode,
)

if TYPE_CHECKING:
    from hptsdk.shapes import (
        Channel,
        DataSource,
        HyperParameterTrainingJobDefinition,
        ModelAccessConfig,
        S3DataSource,
    )

__all__ = ["CHANNEL", "DATA_SOURCE", "DEFINITION", "MODEL_ACCESS_CONFIG", "S3_DATA_SOURCE"]


# --- data sources ---------------------------------------------------------------------------------------------------


def _count(source: DataSource) -> int:
    return (
        (source.s3_data_source is not None)
        + (source.file_system_data_source is not None)
        + (source.dataset_source is not None)
    )


@rule("source-is-given", "F137", source="API_DataSource", basis="inferred")
def source_is_given(source: DataSource) -> Problem | None:
    """A data source has one of its members.

    The API model accepts an empty structure, because all members of a data source are optional. A channel
    without data has no use, so a rejection is inferred.

    Example:
        `DataSource` {}.
    """
    if source.s3_data_source is not None or _count(source):
        return None
    return Problem(
        expected="an S3DataSource, FileSystemDataSource or DatasetSource",
        got="none of them",
        hint="set the one that describes the data",
    )


@rule("source-is-single", "C092", source="API_DataSource", basis="inferred")
def source_is_single(source: DataSource) -> Problem | None:
    """A data source has only one of its members.

    A channel loads its data from one place, and nothing documents which of two sources would be used. A
    rejection is inferred.
    """
    count = _count(source)
    if count <= 1:
        return None
    return Problem(
        expected="one of S3DataSource, FileSystemDataSource and DatasetSource",
        got=f"{count} of them",
        hint="use a channel for each",
    )


@rule("licence-is-accepted", "F138", source="API_ModelAccessConfig")
def licence_is_accepted(access: ModelAccessConfig) -> Problem | None:
    """A gated model needs the acceptance of its license.

    The training jobs download a gated model only if its license is accepted. The API model accepts False, but
    AWS documents that the value must be True.
    """
    if access.accept_eula:
        return None
    return Problem(
        "accept_eula",
        expected="True",
        got=format_value(access.accept_eula),
        hint="read the license, and set AcceptEula to True if you accept it",
    )


@advice("augmented-manifest-names-attributes", "C093", source="dg/augmented-manifest", basis="inferred")
def augmented_manifest_names_attributes(source: S3DataSource) -> Problem | None:
    """An augmented manifest file needs AttributeNames.

    Each line of the file is a JSON object. AttributeNames selects the attributes that are passed to the
    algorithm, and their order. AWS does not document what is passed without it, so this is advice.

    Example:
        `S3DataType` "AugmentedManifestFile" without `AttributeNames`.
    """
    if source.s3_data_type != "AugmentedManifestFile" or source.attribute_names:
        return None
    return Problem(
        "attribute_names",
        expected="the attributes to read from each line of the augmented manifest file",
        got=member_text(source.attribute_names),
        hint="list them in the order in which the algorithm reads them",
    )


@advice("attribute-names-need-an-augmented-manifest", "C095", source="API_S3DataSource", needs=("attribute_names",))
def attribute_names_need_an_augmented_manifest(source: S3DataSource) -> Problem | None:
    """AttributeNames is only for an augmented manifest file.

    Objects of the other data types are passed to the algorithm as a whole, so there are no attributes to
    select. An acceptance test of Terraform sends both, so this is advice and not an error.

    Example:
        `S3DataType` "S3Prefix", `AttributeNames` ["source-ref"].
    """
    if not source.attribute_names or source.s3_data_type not in ("S3Prefix", "ManifestFile"):
        return None
    return Problem(
        "attribute_names",
        expected=f"no value with the S3DataType {source.s3_data_type}",
        got=member_text(source.attribute_names),
        hint="remove it, or use AugmentedManifestFile",
    )


@advice("only-s3-data-is-shuffled", "C098", source="API_Channel", basis="inferred", needs=("shuffle_config",))
def only_s3_data_is_shuffled(channel: Channel) -> Problem | None:
    """ShuffleConfig has no effect on the data of a file system.

    AWS describes shuffling only for data in Amazon S3. The request is probably accepted, and the data keeps its
    order.

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


# --- channels of a definition ---------------------------------------------------------------------------------------


@rule("channel-names-differ", "C100", source="API_Channel", basis="inferred", needs=("input_data_config",))
def channel_names_differ(definition: HyperParameterTrainingJobDefinition) -> list[Problem] | None:
    """The names of channels differ, because each is a directory in the container.

    The data of a channel is in /opt/ml/input/data/NAME, so two channels with one name would share a directory. A
    rejection is inferred.
    """
    names = [channel.channel_name for channel in definition.input_data_config or ()]
    return duplicates(names, "input_data_config", "channel_name", hint="rename one of the two")


@rule("file-system-needs-a-vpc", "C091", source="dg/model-access-training-data", needs=("input_data_config",))
def file_system_needs_a_vpc(definition: HyperParameterTrainingJobDefinition) -> list[Problem] | None:
    """A file system needs a VpcConfig.

    Amazon EFS and Amazon FSx for Lustre can be accessed only from within a VPC. AWS documents that the training
    job must connect to it.
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
            hint="set the subnets and security groups that can access the file system",
        )
        for index, channel in enumerate(definition.input_data_config or ())
        if channel.data_source.file_system_data_source is not None
    ] or None


@advice("channel-groups-exist", "C076", source="API_S3DataSource", basis="inferred", needs=("input_data_config",))
def channel_groups_exist(definition: HyperParameterTrainingJobDefinition) -> list[Problem]:
    """The InstanceGroupNames of a channel are names of InstanceGroups.

    The data of such a channel is sent to the instances of these groups only. If a group does not exist, no
    instance may receive the data. An acceptance test of Terraform names a group without InstanceGroups, so this
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
            hint=closest(name, groups) or "remove it, or add the group",
        )
        for index, place, name in selected
        if name not in groups
    ]


MODEL_ACCESS_CONFIG = (licence_is_accepted,)
S3_DATA_SOURCE = (augmented_manifest_names_attributes, attribute_names_need_an_augmented_manifest)
DATA_SOURCE = (source_is_given, source_is_single)
CHANNEL = (
    augmented_manifest_needs_pipe_mode.for_parts(with_its_mode),
    no_wrapping_in_file_mode.for_parts(with_its_mode),
    no_decompression_in_file_mode.for_parts(with_its_mode),
    only_s3_data_is_shuffled,
    file_systems_are_mounted.for_parts(with_its_mode),
    models_come_as_files.for_parts(with_its_mode),
)
DEFINITION = (
    channel_names_differ,
    augmented_manifest_needs_pipe_mode.for_parts(with_the_default_mode("data_source")),
    no_wrapping_in_file_mode.for_parts(with_the_default_mode("record_wrapper_type")),
    no_decompression_in_file_mode.for_parts(with_the_default_mode("compression_type")),
    file_system_needs_a_vpc,
    file_systems_are_mounted.for_parts(with_the_default_mode("data_source")),
    models_come_as_files.for_parts(with_the_default_mode("channel_name")),
    channel_groups_exist,
)
