"""Builder methods that add channels of input data and ranges of hyperparameters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self

from hptsdk._validation import Placeholder, is_sequence, with_article
from hptsdk._validation.call_arguments import names_arguments
from hptsdk.builder._partial_shape import Builder, PartialShape, unvalidated_part
from hptsdk.builder._repr import Number, format_all, format_integer, format_number, format_text
from hptsdk.shapes import (
    AutoParameter,
    CategoricalParameterRange,
    Channel,
    ContinuousParameterRange,
    DatasetSource,
    DataSource,
    FileSystemDataSource,
    IntegerParameterRange,
    ParameterRanges,
    S3DataSource,
    ShuffleConfig,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hptsdk.enums import (
        CompressionType,
        FileSystemAccessMode,
        FileSystemType,
        HyperParameterScalingType,
        RecordWrapper,
        S3DataDistribution,
        S3DataType,
        TrainingInputMode,
    )


class ChannelMethods(Builder):
    """The methods that add channels of input data."""

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
    def channel(
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
            name: the name of the channel, unique in the definition.
            source: an S3 URI, as in ``"s3://bucket/train/"``, S3DataSource, FileSystemDataSource or DatasetSource.
            content_type: the MIME type of the data, as in ``"text/csv"``.
            input_mode: ``"File"``, ``"FastFile"`` or ``"Pipe"``. Defaults to that of the method `input_mode`.
            compression: ``"None"``, or ``"Gzip"`` in Pipe mode.
            record_wrapper: ``"None"``, or ``"RecordIO"`` to wrap each S3 object in a RecordIO record in Pipe mode.
            shuffle_seed: the seed of a random order of the objects or JSON lines. Defaults to None: no shuffling.
            data_type: what the URI identifies, as in ``"ManifestFile"``. Defaults to ``"S3Prefix"``.
            distribution: ``"FullyReplicated"``, SageMaker's default, for all data on each instance, or
                ``"ShardedByS3Key"`` for a part.
            attribute_names: the attributes to read from an augmented manifest.
            instance_groups: the names of the instance groups of a heterogeneous cluster that get the data.

        Returns:
            A new builder.

        Raises:
            InvalidShapeError: an argument, or the number of channels, violates a constraint or rule.
            TypeError: `data_type`, `distribution`, `attribute_names` or `instance_groups` is set, and `source` is a
                shape.

        `hptsdk.training` has an example.

        See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_Channel.html.
        """
        channel = unvalidated_part(
            Channel,
            channel_name=name,
            data_source=_data_source(
                source,
                s3_data_type=data_type,
                s3_data_distribution_type=distribution,
                attribute_names=attribute_names,
                instance_group_names=instance_groups,
            ),
            content_type=content_type,
            compression_type=compression,
            record_wrapper_type=record_wrapper,
            input_mode=input_mode,
            shuffle_config=None if shuffle_seed is None else unvalidated_part(ShuffleConfig, seed=shuffle_seed),
        )
        return self.channels([*(self._partial.get("input_data_config") or ()), channel])

    @names_arguments(name="ChannelName", directory="DirectoryPath", access_mode="FileSystemAccessMode")
    def file_system(
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
        """Add a channel that reads an Amazon EFS or FSx for Lustre file system; requires `vpc`.

        Args:
            name: the name of the channel, unique in the definition.
            file_system_id: the ID of the file system, as in ``"fs-0123456789abcdef0"``.
            directory: the path of the directory on the file system.
            file_system_type: ``"EFS"`` or ``"FSxLustre"``.
            access_mode: ``"ro"`` or ``"rw"``. Defaults to ``"ro"``, read only.
            content_type: the MIME type of the data.
            input_mode: as in `channel`. A file system needs ``"File"``.

        Returns:
            A new builder.

        Raises:
            InvalidShapeError: as for `channel`.

        See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_FileSystemDataSource.html.
        """
        source = unvalidated_part(
            FileSystemDataSource,
            file_system_id=file_system_id,
            file_system_access_mode=access_mode,
            file_system_type=file_system_type,
            directory_path=directory,
        )
        return self.channel(name, source, content_type=content_type, input_mode=input_mode)

    @names_arguments(channels="InputDataConfig")
    def channels(self, channels: Sequence[Channel]) -> Self:
        """Replace all channels.

        Args:
            channels: 1 to 20 channels. To remove all, call ``with_(input_data_config=None)``.

        Returns:
            A new builder.

        Raises:
            InvalidShapeError: the list or a channel violates a constraint or rule.
        """
        return self._new(self._partial.replace(input_data_config=channels))


def _data_source(source: object, **s3_members: object) -> DataSource:
    """Create the data source of a channel. A wrong type is reported when the channel is validated."""
    is_path = hasattr(source, "__fspath__")  # a local path, for which the constraint of the URI has a hint
    if source is None or isinstance(source, str | Placeholder) or is_path:
        s3_members["s3_data_type"] = s3_members["s3_data_type"] or "S3Prefix"
        source = unvalidated_part(S3DataSource, s3_uri=str(source) if is_path else source, **s3_members)
    elif isinstance(source, S3DataSource | FileSystemDataSource | DatasetSource) and any(
        value is not None for value in s3_members.values()
    ):
        raise TypeError(
            "source: expected a URI if data_type, distribution, attribute_names or instance_groups is set, got "
            f"{with_article(type(source).__name__)}; remove them, or set the members of an S3DataSource"
        )
    if isinstance(source, FileSystemDataSource):
        return unvalidated_part(DataSource, file_system_data_source=source)
    if isinstance(source, DatasetSource):
        return unvalidated_part(DataSource, dataset_source=source)
    return unvalidated_part(DataSource, s3_data_source=source)


_LISTS = {
    AutoParameter: "auto_parameters",
    CategoricalParameterRange: "categorical_parameter_ranges",
    ContinuousParameterRange: "continuous_parameter_ranges",
    IntegerParameterRange: "integer_parameter_ranges",
}

Range = AutoParameter | CategoricalParameterRange | ContinuousParameterRange | IntegerParameterRange


class RangeMethods(Builder):
    """The methods that add ranges of hyperparameters."""

    # the path of the member with the ranges
    _ranges: ClassVar[tuple[str, ...]]

    @names_arguments(low="MinValue", high="MaxValue", scaling="ScalingType")
    def continuous(
        self, name: str, low: Number, high: Number, *, scaling: HyperParameterScalingType | None = None
    ) -> Self:
        """Add a range of real numbers.

        Args:
            name: the name of the hyperparameter.
            low: the smallest value.
            high: the largest value.
            scaling: ``"Auto"``, SageMaker's default, ``"Linear"``, ``"Logarithmic"`` or ``"ReverseLogarithmic"``.

        Returns:
            A new builder.

        Raises:
            InvalidShapeError: an argument violates a constraint or rule, or the name has another range.

        See https://docs.aws.amazon.com/sagemaker/latest/dg/automatic-model-tuning-define-ranges.html.
        """
        return self._add_numeric(ContinuousParameterRange, name, (low, high), scaling, format_number)

    @names_arguments(low="MinValue", high="MaxValue", scaling="ScalingType")
    def integer(
        self, name: str, low: Number, high: Number, *, scaling: Literal["Auto", "Linear", "Logarithmic"] | None = None
    ) -> Self:
        """Add a range of integers.

        Args:
            name: the name of the hyperparameter.
            low: the smallest value.
            high: the largest value.
            scaling: ``"Auto"``, SageMaker's default, ``"Linear"`` or ``"Logarithmic"``.

        Returns:
            A new builder.

        Raises:
            InvalidShapeError: as for `continuous`, or a bound is not a whole number.

        See https://docs.aws.amazon.com/sagemaker/latest/dg/automatic-model-tuning-define-ranges.html.
        """
        return self._add_numeric(IntegerParameterRange, name, (low, high), scaling, format_integer)

    @names_arguments()
    def categorical(self, name: str, values: Sequence[str | Number]) -> Self:
        """Add a categorical range: a set of values.

        Args:
            name: the name of the hyperparameter.
            values: 1 to 30 values; numbers are formatted as text.

        Returns:
            A new builder.

        Raises:
            InvalidShapeError: as for `continuous`, or two values are equal.

        See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CategoricalParameterRange.html.
        """
        cls = CategoricalParameterRange
        texts: Any = values  # a value that is no list is reported when the range is validated
        if is_sequence(values):
            paths = [(("Values", index), value) for index, value in enumerate(values)]
            texts = format_all(cls, paths, format_text, others=PartialShape(cls, name=name))
        return self._add(cls(name=name, values=texts))

    @names_arguments(hint="ValueHint")
    def auto(self, name: str, hint: str | Number) -> Self:
        """Add a hyperparameter whose range Autotune chooses; requires `autotune` of the tuning job.

        Args:
            name: the name of the hyperparameter.
            hint: an example of a value; a number is formatted as text.

        Returns:
            A new builder.

        Raises:
            InvalidShapeError: as for `continuous`.

        See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_AutoParameter.html.
        """
        others = PartialShape(AutoParameter, name=name)
        (value,) = format_all(AutoParameter, [(("ValueHint",), hint)], format_text, others=others)
        return self._add(AutoParameter(name=name, value_hint=value))

    def _add_numeric(
        self,
        cls: type[ContinuousParameterRange | IntegerParameterRange],
        name: str,
        bounds: tuple[Number, Number],
        scaling: HyperParameterScalingType | None,
        formatter: Callable[[object], str],
    ) -> Self:
        values = [(("MinValue",), bounds[0]), (("MaxValue",), bounds[1])]
        others = PartialShape(cls, name=name, scaling_type=scaling)
        low, high = format_all(cls, values, formatter, others=others)
        return self._add(cls(name=name, min_value=low, max_value=high, scaling_type=scaling))

    def _add(self, added: Range) -> Self:
        ranges = self._partial.get(*self._ranges)
        lists = {name: getattr(ranges, name, None) or () for name in _LISTS.values()}
        lists[_LISTS[type(added)]] += (added,)
        *outer, name = self._ranges
        members = {name: ParameterRanges(**{name: items for name, items in lists.items() if items})}
        return self._new(self._partial.replace_in(outer[0], **members) if outer else self._partial.replace(**members))
