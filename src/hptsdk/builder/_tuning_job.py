"""The function that creates the builder of a tuning job, and unique names."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import overload

from hptsdk._validation import format_value, is_sequence, names_arguments
from hptsdk.builder._partial_shape import Builder, PartialShape, partial_of
from hptsdk.builder._training import DefinitionBuilder, TrainingBuilder, objective
from hptsdk.builder._tuning_job_builder import TuningJobBuilder
from hptsdk.shapes import (
    CreateHyperParameterTuningJobRequest,
    HyperParameterTrainingJobDefinition,
    HyperParameterTuningJobConfig,
    ResourceLimits,
)

__all__ = ["tuning_job", "unique_name"]

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
def tuning_job(  # noqa: PLR0913 - the members that the API requires are required arguments
    name: str,
    training: Training | Sequence[Definition],
    *,
    minimize: str | None = None,
    maximize: str | None = None,
    max_jobs: int | None = None,
    max_parallel_jobs: int,
) -> TuningJobBuilder:
    """Create the builder of a tuning job with the Bayesian strategy.

    Args:
        name: the name of the job, unique in the account and region when case is ignored; see `hptsdk.unique_name`.
        training: the result of `hptsdk.training`, or a list of named definitions, each with its own objective.
        minimize: the metric to minimize.
        maximize: the metric to maximize, in place of one to minimize.
        max_jobs: the maximum number of training jobs. Not needed for the Grid strategy and with Autotune.
        max_parallel_jobs: the maximum number of training jobs at a time.

    Returns:
        A builder with methods for all other members.

    Raises:
        InvalidShapeError: an argument violates a constraint.
        TypeError: not exactly one of `minimize` and `maximize` is set, or one is set with a list of definitions.

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
        hyper_parameter_tuning_job_objective=None if in_list else objective(minimize, maximize),
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
            f"training: expected hptsdk.training(...) or a list of definitions, got {format_value(training)}"
        )
    return _part_of(training)


def _part_of(definition: object) -> object:
    """Return the partial shape of a builder; any other value unchanged, to be reported with the whole request."""
    return partial_of(definition) if isinstance(definition, Builder) else definition


_MAX_LENGTH = 32
_NAME = "hyper_parameter_tuning_job_name"


@names_arguments(prefix="HyperParameterTuningJobName")
def unique_name(prefix: str) -> str:
    """Return a job name of at most 32 characters that ends in the time (UTC) and four random digits.

    Args:
        prefix: the start of the name; shortened if the name would be too long.

    Raises:
        InvalidShapeError: the prefix has characters that a name may not have.

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
    """Return the start of a prefix without hyphens at its end; a value that is not text is reported as a violation."""
    return prefix[:length].rstrip("-") or prefix if isinstance(prefix, str) else prefix
