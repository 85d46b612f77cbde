"""The builders of training job definitions."""

from __future__ import annotations

from typing import TYPE_CHECKING, overload

import attrs
from typing_extensions import override

from hptsdk._validation import Placeholder, is_mapping, is_tuple, members_of, names_arguments
from hptsdk.builder._definition import DefinitionMethods
from hptsdk.builder._partial_shape import PartialShape, unvalidated_part
from hptsdk.builder._ranges import RangeMethods
from hptsdk.shapes import (
    HyperParameterAlgorithmSpecification,
    HyperParameterTrainingJobDefinition,
    HyperParameterTuningJobObjective,
    OutputDataConfig,
    ParameterRanges,
    ResourceConfig,
    StoppingCondition,
)

if TYPE_CHECKING:
    from typing import NewType, Self

    from hptsdk.instance_types import TrainingInstanceType

    MinimizeOrMaximizeIsMissing = NewType("MinimizeOrMaximizeIsMissing", str)
    from typing import Any

    from hptsdk._validation import Shape

__all__ = [
    "DefinitionBuilder",
    "LeftOut",
    "TrainingBuilder",
    "TrainingJobParts",
    "definition_shape",
    "objective",
    "training",
]


def objective(minimize: str | None, maximize: str | None) -> HyperParameterTuningJobObjective:
    """Create an objective, which is validated with the structure that holds it.

    Raises:
        TypeError: not exactly one of the two metrics is set.
    """
    if (minimize is None) == (maximize is None):
        message = "pass exactly one of minimize= and maximize=, with the name of the metric"
        raise TypeError(message)
    direction, metric = ("Maximize", maximize) if minimize is None else ("Minimize", minimize)
    return unvalidated_part(HyperParameterTuningJobObjective, type=direction, metric_name=metric)


@names_arguments(image="TrainingImage", algorithm="AlgorithmName", output="OutputDataConfig")
def training(  # noqa: PLR0913 - the members that the API requires are required arguments
    *,
    image: str | None = None,
    algorithm: str | None = None,
    role_arn: str,
    output: str | OutputDataConfig,
    instance_type: TrainingInstanceType,
    instance_count: int,
    max_runtime_in_seconds: int,
    volume_size_in_gb: int | None = None,
) -> TrainingBuilder:
    """Create the builder of a training job definition.

    Args:
        image: the Amazon ECR path of the training image.
        algorithm: the name or ARN of an algorithm resource, in place of an image.
        role_arn: the ARN of the IAM role that SageMaker assumes.
        output: the S3 URI for model artifacts, as in ``"s3://bucket/prefix/"``, or an output configuration.
        instance_type: as in ``"ml.m5.xlarge"``.
        instance_count: the number of instances of each training job.
        max_runtime_in_seconds: the runtime after which a training job is stopped, in seconds.
        volume_size_in_gb: the storage of each instance, in GB.

    Returns:
        A builder with methods for all other members.

    Raises:
        InvalidShapeError: an argument violates a constraint.
        TypeError: not exactly one of `image` and `algorithm` is set.

    Example:
        >>> import hptsdk
        >>> hptsdk.training(
        ...     image="123456789012.dkr.ecr.us-east-1.amazonaws.com/mine:1",
        ...     role_arn="arn:aws:iam::123456789012:role/SageMakerRole",
        ...     output="s3://amzn-s3-demo-bucket/out/",
        ...     instance_type="ml.m5.xlarge",
        ...     instance_count=1,
        ...     max_runtime_in_seconds=3600,
        ...     volume_size_in_gb=30,
        ... ).channel("train", "s3://amzn-s3-demo-bucket/train/")
        <TrainingBuilder
          image: 123456789012.dkr.ecr.us-east-1.amazonaws.com/mine:1
          instances: 1 ml.m5.xlarge
          runtime: 3600 seconds
          output: s3://amzn-s3-demo-bucket/out/
          role: arn:aws:iam::123456789012:role/SageMakerRole
          channels: train>

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_HyperParameterTrainingJobDefinition.html.
    """
    if (image is None) == (algorithm is None):
        message = "pass exactly one of image= and algorithm="
        raise TypeError(message)
    definition = PartialShape(
        HyperParameterTrainingJobDefinition,
        ("role_arn", "output_data_config"),
        algorithm_specification=PartialShape(
            HyperParameterAlgorithmSpecification,
            training_image=image,
            algorithm_name=algorithm,
            training_input_mode="File",
        ),
        role_arn=role_arn,
        output_data_config=unvalidated_part(OutputDataConfig, s3_output_path=output)
        if isinstance(output, str | Placeholder)
        else output,
        resource_config=PartialShape(
            ResourceConfig,
            ("instance_type", "instance_count"),
            instance_type=instance_type,
            instance_count=instance_count,
            volume_size_in_gb=volume_size_in_gb,
        ),
        stopping_condition=PartialShape(
            StoppingCondition, ("max_runtime_in_seconds",), max_runtime_in_seconds=max_runtime_in_seconds
        ),
    )
    return TrainingBuilder(definition.validated())


class TrainingBuilder(DefinitionMethods):
    """Builder of a training job definition; created by `hptsdk.training` or `hptsdk.training_from`."""

    @property
    def left_out(self) -> tuple[LeftOut, ...]:
        """The parts of an existing training job that a tuning job cannot have; see `hptsdk.training_from`."""
        return self._partial.left_out if isinstance(self._partial, TrainingJobParts) else ()

    @overload
    def named(self, name: str, *, minimize: str) -> DefinitionBuilder: ...
    @overload
    def named(self, name: str, *, maximize: str) -> DefinitionBuilder: ...
    # matches no call: pyright's message for a call without an objective names the type
    @overload
    def named(self, name: MinimizeOrMaximizeIsMissing) -> DefinitionBuilder: ...
    @names_arguments(name="DefinitionName", minimize="MetricName", maximize="MetricName")
    def named(self, name: str, *, minimize: str | None = None, maximize: str | None = None) -> DefinitionBuilder:
        """Return the builder of one of several definitions, with its own ranges and objective.

        Args:
            name: the name of the definition, unique in the tuning job.
            minimize: the metric to minimize.
            maximize: the metric to maximize, in place of one to minimize.

        Raises:
            InvalidShapeError: an argument violates a constraint.
            TypeError: not exactly one of `minimize` and `maximize` is set.
        """
        members = {"definition_name": name, "tuning_objective": objective(minimize, maximize)}
        return DefinitionBuilder(self._partial.replace(tuple(members), **members))


class DefinitionBuilder(DefinitionMethods, RangeMethods):
    """Builder of one of several training job definitions; created by `TrainingBuilder.named`."""

    def _ranges(self) -> ParameterRanges | None:
        ranges: ParameterRanges | None = self._partial.get("hyper_parameter_ranges")
        return ranges

    def _with_ranges(self, ranges: ParameterRanges) -> Self:
        return self.with_(hyper_parameter_ranges=ranges)


_STATIC = "static_hyper_parameters"


@attrs.frozen(kw_only=True)
class LeftOut:
    """A part of a training job that a tuning job cannot have.

    Attributes:
        path: the path in the names of AWS, as in ``"ResourceConfig.KeepAlivePeriodInSeconds"``.
        reason: why a tuning job cannot have it.
    """

    path: str
    reason: str


class TrainingJobParts(PartialShape):
    """The members of a definition that a training job has. A range replaces the static hyperparameter of its name.

    Attributes:
        left_out: the parts of the training job that a tuning job cannot have.
    """

    __slots__ = ("left_out",)

    def __init__(self, cls: type[Shape], left_out: tuple[LeftOut, ...], /, **members: object) -> None:
        super().__init__(cls, **members)
        self.left_out = left_out

    @override
    def _with_members(self, members: dict[str, object]) -> Self:
        return type(self)(self.cls, self.left_out, **members)

    def without_tuned(self, ranges: object) -> Self:
        """Return a copy without the static hyperparameters that have a range, in the definition or in the job.

        Args:
            ranges: the ranges of the job.
        """
        static = self.members.get(_STATIC)
        if not is_mapping(static):
            return self
        own: object = self.members.get("hyper_parameter_ranges")
        tuned = {*_names(ranges), *_names(own)}
        rest: dict[Any, object] = {name: value for name, value in static.items() if name not in tuned}
        return self._with_members({**self.members, _STATIC: rest or None})


def definition_shape(definition: object, ranges: object) -> object:
    """Return the shape of a definition; that of a training job without the hyperparameters that have a range."""
    if isinstance(definition, TrainingJobParts):
        definition = definition.without_tuned(ranges)
    return definition.to_shape() if isinstance(definition, PartialShape) else definition


def _names(ranges: object) -> list[object]:
    """Return the names of the hyperparameters that have a range; a range that is not known has no name."""
    names = [member.attribute for member in members_of(ParameterRanges)] if isinstance(ranges, ParameterRanges) else []
    lists = (getattr(ranges, name) for name in names)
    return [getattr(item, "name", None) for items in lists if is_tuple(items) for item in items]
