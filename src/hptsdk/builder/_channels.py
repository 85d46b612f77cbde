"""The methods that add channels of input data to a definition."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Self, cast

from hptsdk._validation import names_arguments
from hptsdk.builder._partial_shape import raw
from hptsdk.shapes import Channel, DatasetSource, DataSource, FileSystemDataSource, S3DataSource, ShuffleConfig

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hptsdk._validation import Shape
    from hptsdk.enums import (
        CompressionType,
        FileSystemAccessMode,
        FileSystemType,
        RecordWrapper,
        S3DataDistribution,
        S3DataType,
        TrainingInputMode,
    )

__all__ = ["ChannelMethods"]

_READY = (S3DataSource, FileSystemDataSource, DatasetSource)


class ChannelMethods(ABC):
    """Adds channels of input data."""

    @abstractmethod
    def _channels(self) -> Sequence[Channel]:
        """Give the channels so far."""

    @abstractmethod
    def with_(self, **members: object) -> Self:
        """Take ready shapes for members of the definition."""

    @names_arguments(
        name="ChannelName",
        source="DataSource",
        compression="CompressionType",
        record_wrapper="RecordWrapperType",
        shuffle_seed="ShuffleConfig",
        distribution="S3DataDistributionType",
        data_type="S3DataType",
        instance_groups="InstanceGroupNames",
    )
    def channel(  # noqa: PLR0913 - a channel has that many sides
        self,
        name: str,
        source: str | S3DataSource | FileSystemDataSource | DatasetSource,
        *,
        content_type: str | None = None,
        input_mode: TrainingInputMode | None = None,
        compression: CompressionType | None = None,
        record_wrapper: RecordWrapper | None = None,
        shuffle_seed: int | None = None,
        data_type: S3DataType | None = None,
        distribution: S3DataDistribution | None = None,
        attribute_names: Sequence[str] | None = None,
        instance_groups: Sequence[str] | None = None,
    ) -> Self:
        """Add a channel of input data.

        Args:
            name: the channel's name.
            source: an S3 URI, or a ready source.
            content_type: the data's MIME type.
            input_mode: how it reaches the algorithm, in place of the algorithm's own mode.
            compression: how the data is compressed.
            record_wrapper: whether records are wrapped.
            shuffle_seed: shuffles the data in Pipe mode.
            data_type: what the URI names; S3Prefix where nothing is said.
            distribution: whether each instance gets all of the data or a share.
            attribute_names: of an augmented manifest.
            instance_groups: which groups of a heterogeneous cluster get it.

        Raises:
            InvalidShapeError: an argument that the service would refuse.
            TypeError: a ready source together with one of the last four.
        """
        of_uri = (data_type, distribution, attribute_names, instance_groups)
        address = cast("object", source)
        is_path = hasattr(address, "__fspath__")  # a local path, for which the check of the URI has a hint
        if address is None or isinstance(address, str) or is_path:
            source = cast(
                "S3DataSource",
                raw(
                    S3DataSource,
                    s3_data_type=data_type or "S3Prefix",
                    s3_uri=str(address) if is_path else address,
                    s3_data_distribution_type=distribution,
                    attribute_names=attribute_names,
                    instance_group_names=instance_groups,
                ),
            )
        elif isinstance(address, _READY) and any(option is not None for option in of_uri):
            message = "set data_type, distribution, attribute_names and instance_groups in the source, or pass a URI"
            raise TypeError(message)
        return self._add_channel(
            raw(
                Channel,
                channel_name=name,
                data_source=_data_source(source),
                content_type=content_type,
                compression_type=compression,
                record_wrapper_type=record_wrapper,
                input_mode=input_mode,
                shuffle_config=None if shuffle_seed is None else raw(ShuffleConfig, seed=shuffle_seed),
            )
        )

    @names_arguments(name="ChannelName", directory="DirectoryPath", access_mode="FileSystemAccessMode")
    def file_system(  # noqa: PLR0913 - a file system has that many sides
        self,
        name: str,
        file_system_id: str,
        *,
        directory: str,
        file_system_type: FileSystemType,
        access_mode: FileSystemAccessMode = "ro",
        content_type: str | None = None,
        input_mode: TrainingInputMode | None = None,
    ) -> Self:
        """Add a channel whose data is on an EFS or FSx for Lustre file system; `vpc` must give a way to it.

        Args:
            name: the channel's name.
            file_system_id: as ``fs-0123456789abcdef0``.
            directory: its path on the file system.
            file_system_type: which of the two it is.
            access_mode: read only where nothing is said.
            content_type: the data's MIME type.
            input_mode: how it reaches the algorithm.
        """
        file_system = raw(
            FileSystemDataSource,
            file_system_id=file_system_id,
            file_system_access_mode=access_mode,
            file_system_type=file_system_type,
            directory_path=directory,
        )
        source = cast("FileSystemDataSource", file_system)
        return self.channel(name, source, content_type=content_type, input_mode=input_mode)

    @names_arguments(channels="InputDataConfig")
    def channels(self, channels: Sequence[Channel]) -> Self:
        """Set all the channels."""
        return self.with_(input_data_config=channels)

    def _add_channel(self, channel: Shape) -> Self:
        return self.channels([*self._channels(), cast("Channel", channel)])


def _data_source(source: object) -> Shape:
    """Put a source under the member of its kind; what is none is left for the check to tell."""
    if isinstance(source, FileSystemDataSource):
        return raw(DataSource, file_system_data_source=source)
    if isinstance(source, DatasetSource):
        return raw(DataSource, dataset_source=source)
    return raw(DataSource, s3_data_source=source)
