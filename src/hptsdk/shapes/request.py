"""The request that creates a tuning job, and its tags."""

from collections.abc import Sequence
from typing import Annotated

import attrs

from hptsdk._validation import Shape
from hptsdk.constraints import Items
from hptsdk.rules import (
    metric_values,
    objectives,
    places,
    request,
    search_space,
    tags as tag_rules,
    training,
    tuning,
    warm_start,
)
from hptsdk.scalars import HyperParameterTuningJobName, TagKey, TagValue
from hptsdk.shapes.training import HyperParameterTrainingJobDefinition, HyperParameterTrainingJobDefinitions
from hptsdk.shapes.tuning import Autotune, HyperParameterTuningJobConfig
from hptsdk.shapes.warm_start import HyperParameterTuningJobWarmStartConfig


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Tag(Shape):
    """A key and value attached to an AWS resource.

    Example:
        Tag(key="team", value="forecasting")

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_Tag.html
    """

    RULES = tag_rules.TAG

    key: TagKey
    """Name of the tag; a resource has at most one tag of each key."""
    value: TagValue
    """Text stored under the key; may be empty."""


TagList = Annotated[Sequence[Tag], Items(0, 50)]


@attrs.frozen(kw_only=True, eq=False, repr=False)
class CreateHyperParameterTuningJobRequest(Shape):
    """The request that creates a tuning job.

    Set `training_job_definition` to tune one algorithm, or `training_job_definitions` to tune several together.

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateHyperParameterTuningJob.html
    """

    RULES = (
        *request.REQUEST,
        *objectives.REQUEST,
        *search_space.REQUEST,
        *tuning.REQUEST,
        *training.REQUEST,
        *warm_start.REQUEST,
        *tag_rules.TAGGED,
        *metric_values.REQUEST,
        *places.REQUEST,
    )

    hyper_parameter_tuning_job_name: HyperParameterTuningJobName
    """Name of the job, unique in its account and region, case ignored; prefix of its training jobs' names."""
    hyper_parameter_tuning_job_config: HyperParameterTuningJobConfig
    """Strategy, objective, ranges and limits of the search."""
    training_job_definition: HyperParameterTrainingJobDefinition | None = None
    """The only kind of training job to launch; not set if `training_job_definitions` is set."""
    training_job_definitions: HyperParameterTrainingJobDefinitions | None = None
    """Several kinds of training job, each with its own name, objective and ranges."""
    warm_start_config: HyperParameterTuningJobWarmStartConfig | None = None
    """Earlier tuning jobs whose results the search uses. Defaults to none."""
    tags: TagList | None = None
    """Tags for the tuning job, passed on to every training job that it launches."""
    autotune: Autotune | None = None
    """Lets the service choose ranges, limits and other members that are not set. Defaults to no Autotune."""
