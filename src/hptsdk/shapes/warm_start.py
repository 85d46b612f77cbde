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
    """A finished tuning job whose results a new one builds on.

    It must have reached the status Completed, Stopped or Failed.

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ParentHyperParameterTuningJob.html
    """

    RULES = warm_start.PARENT

    hyper_parameter_tuning_job_name: HyperParameterTuningJobName | None = None
    """Name of the parent job."""


ParentHyperParameterTuningJobs = Annotated[Sequence[ParentHyperParameterTuningJob], Items(1, 5)]


@attrs.frozen(kw_only=True, eq=False, repr=False)
class HyperParameterTuningJobWarmStartConfig(Shape):
    """The parents of a tuning job and what it has in common with them.

    Parents and new job share the objective and the names of all hyperparameters, tuned and static together. Training
    jobs of the parents count toward the new job's limit.

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
    """Tuning jobs whose results are used, all created after October 2018."""
    warm_start_type: HyperParameterTuningJobWarmStartType
    """Whether data and algorithm are those of the parents, or may differ from theirs."""
