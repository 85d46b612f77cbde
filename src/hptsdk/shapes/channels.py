"""Input channels of a training job, and the sources of their data."""

from collections.abc import Sequence
from typing import Annotated

import attrs

from hptsdk._validation import Shape
from hptsdk.constraints import Items
from hptsdk.enums import (
    CompressionType,
    FileSystemAccessMode,
    FileSystemType,
    RecordWrapper,
    S3DataDistribution,
    S3DataType,
    TrainingInputMode,
)
from hptsdk.rules import channels, data_sources
from hptsdk.scalars import (
    AttributeNames,
    ChannelName,
    ContentType,
    DirectoryPath,
    FileSystemId,
    HubContentArn,
    HubDataSetArn,
    InstanceGroupNames,
    S3Uri,
)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ModelAccessConfig(Shape):
    """Consent to the license of a gated model.

    Example:
        ModelAccessConfig(accept_eula=True)

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ModelAccessConfig.html
    """

    RULES = data_sources.MODEL_ACCESS_CONFIG

    accept_eula: bool
    """Whether you accept the model's end-user license; only `True` counts as consent."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class HubAccessConfig(Shape):
    """A model in a private hub that refers to a public JumpStart model.

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_HubAccessConfig.html
    """

    hub_content_arn: HubContentArn
    """ARN of the hub's model reference."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class S3DataSource(Shape):
    """Training data in S3, in a bucket in the region of the training job.

    Example:
        S3DataSource(s3_data_type="S3Prefix", s3_uri="s3://bucket/train/")

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_S3DataSource.html
    """

    RULES = data_sources.S3_DATA_SOURCE

    s3_data_type: S3DataType
    """What `s3_uri` identifies. An augmented manifest requires Pipe mode."""
    s3_uri: S3Uri
    """Key prefix, manifest or data in the Converse format, according to `s3_data_type`."""
    s3_data_distribution_type: S3DataDistribution | None = None
    """Whether each instance gets all objects or a part of them. Defaults to `FullyReplicated`, all."""
    attribute_names: AttributeNames | None = None
    """Attributes to read from each line; only with an augmented manifest."""
    instance_group_names: InstanceGroupNames | None = None
    """Instance groups that receive the data; only for heterogeneous clusters."""
    model_access_config: ModelAccessConfig | None = None
    """Consent to the license, if the data is a gated model."""
    hub_access_config: HubAccessConfig | None = None
    """Model in a private hub, if the data is a JumpStart model."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class FileSystemDataSource(Shape):
    """Training data in an EFS or FSx for Lustre file system.

    Requires a VPC configuration in the training job definition.

    Example:
        FileSystemDataSource(
            file_system_id="fs-0123456789abcdef0",
            file_system_access_mode="ro",
            file_system_type="EFS",
            directory_path="/train",
        )

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_FileSystemDataSource.html
    """

    file_system_id: FileSystemId
    """ID of the file system."""
    file_system_access_mode: FileSystemAccessMode
    """Whether the directory is mounted read-only (`ro`) or read-write (`rw`)."""
    file_system_type: FileSystemType
    """Type of the file system."""
    directory_path: DirectoryPath
    """Absolute path of the directory to mount for the channel."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class DatasetSource(Shape):
    """Training data that is a data set in a hub.

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DatasetSource.html
    """

    dataset_arn: HubDataSetArn
    """ARN of the hub data set."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class DataSource(Shape):
    """The source of the data of a channel. Set exactly one member.

    Example:
        DataSource(
            s3_data_source=S3DataSource(s3_data_type="S3Prefix", s3_uri="s3://amzn-s3-demo-bucket/train/")
        )

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DataSource.html
    """

    RULES = data_sources.DATA_SOURCE

    s3_data_source: S3DataSource | None = None
    """Data in S3."""
    file_system_data_source: FileSystemDataSource | None = None
    """Data in a file system in the VPC."""
    dataset_source: DatasetSource | None = None
    """Data set in a hub."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ShuffleConfig(Shape):
    """The shuffling of the objects or manifest lines of a channel.

    In Pipe mode, it is repeated before each epoch.

    Example:
        ShuffleConfig(seed=7)

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ShuffleConfig.html
    """

    seed: int
    """Seed of the shuffled order."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Channel(Shape):
    """A named input of the training algorithm.

    Example:
        Channel(
            channel_name="train",
            data_source=DataSource(s3_data_source=S3DataSource(s3_data_type="S3Prefix", s3_uri="s3://bucket/train/")),
        )

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_Channel.html
    """

    RULES = channels.CHANNEL

    channel_name: ChannelName
    """Name of the channel in the container, such as `train`."""
    data_source: DataSource
    """Location of the data."""
    content_type: ContentType | None = None
    """MIME type of the content."""
    compression_type: CompressionType | None = None
    """Compression of the data; only in Pipe mode. Defaults to the text `None`."""
    record_wrapper_type: RecordWrapper | None = None
    """Whether each S3 object is wrapped in a RecordIO record; only in Pipe mode."""
    input_mode: TrainingInputMode | None = None
    """Input mode of the data. Defaults to the mode of the algorithm specification."""
    shuffle_config: ShuffleConfig | None = None
    """Shuffling of the data; not shuffled if it is not set."""


InputDataConfig = Annotated[Sequence[Channel], Items(1, 20)]
