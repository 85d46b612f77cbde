"""The functions that create builders, the builders of training job definitions, and unique names of jobs."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, overload

from hptsdk._validation import Placeholder, format_value, is_sequence
from hptsdk._validation.call_arguments import names_arguments
from hptsdk.builder._channels_and_ranges import RangeMethods
from hptsdk.builder._definition import DefinitionMethods
from hptsdk.builder._partial_shape import Builder, LeftOut, PartialShape, partial_of, unvalidated_part
from hptsdk.builder._tuning_job_builder import TuningJobBuilder
from hptsdk.shapes import (
    CreateHyperParameterTuningJobRequest,
    HyperParameterAlgorithmSpecification,
    HyperParameterTrainingJobDefinition,
    HyperParameterTuningJobConfig,
    HyperParameterTuningJobObjective,
    OutputDataConfig,
    ResourceConfig,
    ResourceLimits,
    StoppingCondition,
)

if TYPE_CHECKING:
    from typing import NewType

    from hptsdk.instance_types import TrainingInstanceType

    MinimizeOrMaximizeIsMissing = NewType("MinimizeOrMaximizeIsMissing", str)


def _objective(minimize: str | None, maximize: str | None) -> HyperParameterTuningJobObjective:
    """Create an objective from exactly one of two metrics. It is validated later, with its structure."""
    if (minimize is None) == (maximize is None):
        raise TypeError("pass exactly one of minimize= and maximize=, with the name of the metric")
    direction, metric = ("Maximize", maximize) if minimize is None else ("Minimize", minimize)
    return unvalidated_part(HyperParameterTuningJobObjective, type=direction, metric_name=metric)


@names_arguments(image="TrainingImage", algorithm="AlgorithmName", output="OutputDataConfig")
def training(
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
        output: the S3 URI for model artifacts, as in ``"s3://bucket/prefix/"``, or an `OutputDataConfig`.
        instance_type: the instance type, as in ``"ml.m5.xlarge"``.
        instance_count: the number of instances of each training job.
        max_runtime_in_seconds: the runtime after which a training job is stopped, in seconds.
        volume_size_in_gb: the storage volume of each instance, in GB. Required for types without local NVMe storage.

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
        raise TypeError("pass exactly one of image= and algorithm=")
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
        """The parts of the training job that the builder lacks; empty unless created by `hptsdk.training_from`."""
        return self._partial.left_out or ()

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
            minimize: the name of the objective metric, if it is minimized.
            maximize: the name of the objective metric, if it is maximized.

        Raises:
            InvalidShapeError: an argument violates a constraint.
            TypeError: not exactly one of `minimize` and `maximize` is set.
        """
        members = {"definition_name": name, "tuning_objective": _objective(minimize, maximize)}
        return DefinitionBuilder(self._partial.replace(tuple(members), **members))


class DefinitionBuilder(DefinitionMethods, RangeMethods):
    """Builder of one of several training job definitions; created by `TrainingBuilder.named`."""

    _ranges = ("hyper_parameter_ranges",)


# --- the tuning job ---

Training = TrainingBuilder | HyperParameterTrainingJobDefinition
Definition = DefinitionBuilder | HyperParameterTrainingJobDefinition

# The message of pyright for a call without an objective ends with this name.
DefinitionsWithoutMinimizeOrMaximize = Sequence[Definition]


@overload
def tuning_job(
    name: str, training: Training, *, minimize: str, max_jobs: int | None = None, max_parallel_jobs: int
) -> TuningJobBuilder: ...
@overload
def tuning_job(
    name: str, training: Training, *, maximize: str, max_jobs: int | None = None, max_parallel_jobs: int
) -> TuningJobBuilder: ...
@overload
def tuning_job(
    name: str, training: DefinitionsWithoutMinimizeOrMaximize, *, max_jobs: int | None = None, max_parallel_jobs: int
) -> TuningJobBuilder: ...
@names_arguments(
    name="HyperParameterTuningJobName",
    minimize="MetricName",
    maximize="MetricName",
    max_jobs="MaxNumberOfTrainingJobs",
    max_parallel_jobs="MaxParallelTrainingJobs",
)
def tuning_job(
    name: str,
    training: Training | Sequence[Definition],
    *,
    minimize: str | None = None,
    maximize: str | None = None,
    max_jobs: int | None = None,
    max_parallel_jobs: int,
) -> TuningJobBuilder:
    """Create the builder of a tuning job. Its strategy is Bayesian unless a method sets another.

    Args:
        name: the name of the job, unique in the account and region when case is ignored; see `hptsdk.unique_name`.
        training: the result of `hptsdk.training`, or a list of definitions, which are results of
            `TrainingBuilder.named`. Each may also be a HyperParameterTrainingJobDefinition.
        minimize: the name of the objective metric, if it is minimized.
        maximize: the name of the objective metric, if it is maximized.
        max_jobs: the maximum number of training jobs. Defaults to None; set it unless a time limit, a completion
            criterion, the Grid strategy or Autotune ends the tuning job.
        max_parallel_jobs: the maximum number of training jobs at a time.

    Returns:
        A builder with methods for all other members.

    Raises:
        InvalidShapeError: an argument violates a constraint.
        TypeError: not exactly one of `minimize` and `maximize` is set for one definition, one is set for a list, or
            `training` has another type.

    Example:
        >>> import hptsdk
        >>> xgboost = hptsdk.training(
        ...     image="683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1",
        ...     role_arn="arn:aws:iam::123456789012:role/SageMakerRole",
        ...     output="s3://amzn-s3-demo-bucket/out/",
        ...     instance_type="ml.m5.xlarge",
        ...     instance_count=1,
        ...     volume_size_in_gb=30,
        ...     max_runtime_in_seconds=3600,
        ... )
        >>> job = hptsdk.tuning_job("churn", xgboost, maximize="validation:auc", max_jobs=50, max_parallel_jobs=5)
        >>> request = job.continuous("eta", 0.01, 0.3).build()

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateHyperParameterTuningJob.html.
    """
    parts = _parts_of(training)
    in_list = isinstance(parts, tuple)
    if in_list and (minimize is not None or maximize is not None):
        raise TypeError("pass minimize= or maximize= to each definition, with training(...).named(name, ...)")
    config = PartialShape(
        HyperParameterTuningJobConfig,
        strategy="Bayesian",
        resource_limits=PartialShape(
            ResourceLimits,
            ("max_parallel_training_jobs",),
            max_number_of_training_jobs=max_jobs,
            max_parallel_training_jobs=max_parallel_jobs,
        ),
        hyper_parameter_tuning_job_objective=None if in_list else _objective(minimize, maximize),
    )
    request = PartialShape(
        CreateHyperParameterTuningJobRequest,
        ("hyper_parameter_tuning_job_name",),
        hyper_parameter_tuning_job_name=name,
        hyper_parameter_tuning_job_config=config,
    )
    return TuningJobBuilder(request.validated(), parts)


def _parts_of(training: object) -> object:
    """Return the definition of a job, or a tuple of its definitions."""
    if is_sequence(training):
        return tuple(map(_part_of, training))
    if not isinstance(training, TrainingBuilder | HyperParameterTrainingJobDefinition):
        raise TypeError(
            "training: expected hptsdk.training(...), or a list such as [hptsdk.training(...).named(...)], got "
            f"{format_value(training)}"
        )
    return _part_of(training)


def _part_of(definition: object) -> object:
    """Return the partial shape of a builder; any other value unchanged, to be reported with the whole request."""
    return partial_of(definition) if isinstance(definition, Builder) else definition


_MAX_LENGTH = 32
_NAME = "hyper_parameter_tuning_job_name"


@names_arguments(prefix="HyperParameterTuningJobName")
def unique_name(prefix: str) -> str:
    """Return a name for a tuning job that ends in the time (UTC) and four random hexadecimal digits.

    Args:
        prefix: the start of the name, of which at most 14 characters are used.

    Raises:
        InvalidShapeError: a name cannot begin with the prefix.

    Example:
        >>> import hptsdk
        >>> hptsdk.unique_name("churn")  # doctest: +ELLIPSIS
        'churn-2...-...'
    """
    suffix = f"-{datetime.now(UTC):%y%m%d%H%M%S}-{secrets.token_hex(2)}"
    start = _shortened(prefix, _MAX_LENGTH - len(suffix))
    PartialShape(CreateHyperParameterTuningJobRequest, (_NAME,), **{_NAME: start}).validated()
    return f"{start}{suffix}"


def _shortened(prefix: object, length: int) -> object:
    """Return the start of a prefix without hyphens at its end; the prefix if it is not text or nothing is left."""
    return prefix[:length].rstrip("-") or prefix if isinstance(prefix, str) else prefix
