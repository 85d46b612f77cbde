"""Warm start of a tuning job from the results of earlier ones."""

from collections.abc import Sequence
from typing import Annotated

import attrs

from hptsdk._validation import Shape
from hptsdk.constraints import Items
from hptsdk.enums import HyperParameterTuningJobWarmStartType
from hptsdk.rules import warm_start
from hptsdk.scalars import HyperParameterTuningJobName


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ParentHyperParameterTuningJob(Shape):
    """An earlier tuning job whose results a new tuning job uses.

    It must have reached the status Completed, Stopped or Failed.

    Example:
        ParentHyperParameterTuningJob(hyper_parameter_tuning_job_name="first-search")

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ParentHyperParameterTuningJob.html
    """

    RULES = warm_start.PARENT

    hyper_parameter_tuning_job_name: HyperParameterTuningJobName | None = None
    """Name of the parent job."""


ParentHyperParameterTuningJobs = Annotated[Sequence[ParentHyperParameterTuningJob], Items(1, 5)]


@attrs.frozen(kw_only=True, eq=False, repr=False)
class HyperParameterTuningJobWarmStartConfig(Shape):
    """The earlier tuning jobs whose results a tuning job uses, and the type of the warm start.

    The new job has the same objective metric as its parents, and the same hyperparameters, tuned and static together.
    The training jobs of the parents count towards the limit of the new job.

    Example:
        HyperParameterTuningJobWarmStartConfig(
            parent_hyper_parameter_tuning_jobs=[
                ParentHyperParameterTuningJob(hyper_parameter_tuning_job_name="first-search"),
            ],
            warm_start_type="TransferLearning",
        )

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_HyperParameterTuningJobWarmStartConfig.html
    """

    RULES = warm_start.WARM_START_CONFIG

    parent_hyper_parameter_tuning_jobs: ParentHyperParameterTuningJobs
    """Parent tuning jobs, all created after October 2018."""
    warm_start_type: HyperParameterTuningJobWarmStartType
    """Whether the data and the algorithm are those of the parents, or can differ."""
