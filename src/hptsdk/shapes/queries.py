"""Requests that describe, list, stop, delete and tag jobs."""

from datetime import datetime

import attrs

from hptsdk._validation import Shape
from hptsdk.enums import (
    HyperParameterTuningJobSortByOptions,
    HyperParameterTuningJobStatus,
    SortBy,
    SortOrder,
    TrainingJobSortByOptions,
    TrainingJobStatus,
    WarmPoolResourceStatus,
)
from hptsdk.rules import request
from hptsdk.scalars import (
    HyperParameterTuningJobName,
    ListTagsMaxResults,
    MaxResults,
    NameContains,
    NextToken,
    ResourceArn,
    TagKeyList,
    TrainingJobName,
    TrainingPlanArn,
)
from hptsdk.shapes.request import TagList


@attrs.frozen(kw_only=True, eq=False, repr=False)
class DescribeHyperParameterTuningJobRequest(Shape):
    """A request for the status and settings of one tuning job.

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeHyperParameterTuningJob.html
    """

    hyper_parameter_tuning_job_name: HyperParameterTuningJobName
    """Name of the tuning job."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ListHyperParameterTuningJobsRequest(Shape):
    """A request for one page of the tuning jobs of an account in one region.

    Example:
        ListHyperParameterTuningJobsRequest(name_contains="churn", status_equals="Completed")

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ListHyperParameterTuningJobs.html
    """

    next_token: NextToken | None = None
    """`next_token` of the previous response; not set for the first page."""
    max_results: MaxResults | None = None
    """Maximum number of tuning jobs in one page. Defaults to 10."""
    sort_by: HyperParameterTuningJobSortByOptions | None = None
    """Sort key. Defaults to `Name`."""
    sort_order: SortOrder | None = None
    """Sort order. Defaults to `Ascending`."""
    name_contains: NameContains | None = None
    """Return only tuning jobs with this text in their name."""
    creation_time_after: datetime | None = None
    """Return only tuning jobs created later than this."""
    creation_time_before: datetime | None = None
    """Return only tuning jobs created earlier than this."""
    last_modified_time_after: datetime | None = None
    """Return only tuning jobs last modified later than this."""
    last_modified_time_before: datetime | None = None
    """Return only tuning jobs last modified earlier than this."""
    status_equals: HyperParameterTuningJobStatus | None = None
    """Return only tuning jobs in this status."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class StopHyperParameterTuningJobRequest(Shape):
    """A request to stop a tuning job together with its running training jobs.

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_StopHyperParameterTuningJob.html
    """

    hyper_parameter_tuning_job_name: HyperParameterTuningJobName
    """Name of the tuning job."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class DeleteHyperParameterTuningJobRequest(Shape):
    """A request to delete a tuning job that has ended.

    Its training jobs and model artifacts are not deleted.

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DeleteHyperParameterTuningJob.html
    """

    hyper_parameter_tuning_job_name: HyperParameterTuningJobName
    """Name of the tuning job."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ListTrainingJobsForHyperParameterTuningJobRequest(Shape):
    """A request for one page of the training jobs that a tuning job launched.

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ListTrainingJobsForHyperParameterTuningJob.html
    """

    hyper_parameter_tuning_job_name: HyperParameterTuningJobName
    """Name of the tuning job."""
    next_token: NextToken | None = None
    """`next_token` of the previous response; not set for the first page."""
    max_results: MaxResults | None = None
    """Maximum number of training jobs in one page. Defaults to 10."""
    status_equals: TrainingJobStatus | None = None
    """Return only training jobs in this status."""
    sort_by: TrainingJobSortByOptions | None = None
    """Sort key. Defaults to `Name`. Sorting by objective value omits jobs without one."""
    sort_order: SortOrder | None = None
    """Sort order. Defaults to `Ascending`."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class DescribeTrainingJobRequest(Shape):
    """A request for the status and settings of one training job.

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeTrainingJob.html
    """

    training_job_name: TrainingJobName
    """Name of the training job."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ListTrainingJobsRequest(Shape):
    """A request for one page of the training jobs of an account in one region.

    The service applies `status_equals` to a page that it has already selected, so that a page can have fewer training
    jobs, or none.

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ListTrainingJobs.html
    """

    next_token: NextToken | None = None
    """`next_token` of the previous response; not set for the first page."""
    max_results: MaxResults | None = None
    """Maximum number of training jobs in one page, counted before `status_equals` is applied."""
    creation_time_after: datetime | None = None
    """Return only training jobs created later than this."""
    creation_time_before: datetime | None = None
    """Return only training jobs created earlier than this."""
    last_modified_time_after: datetime | None = None
    """Return only training jobs last modified later than this."""
    last_modified_time_before: datetime | None = None
    """Return only training jobs last modified earlier than this."""
    name_contains: NameContains | None = None
    """Return only training jobs with this text in their name."""
    status_equals: TrainingJobStatus | None = None
    """Return only training jobs in this status."""
    sort_by: SortBy | None = None
    """Sort key. Defaults to `CreationTime`."""
    sort_order: SortOrder | None = None
    """Sort order. Defaults to `Ascending`."""
    warm_pool_status_equals: WarmPoolResourceStatus | None = None
    """Return only training jobs whose warm pool is in this status."""
    training_plan_arn_equals: TrainingPlanArn | None = None
    """Return only training jobs that use the training plan with this ARN."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class StopTrainingJobRequest(Shape):
    """A request to stop one training job.

    The algorithm receives SIGTERM and has 120 seconds to save its model.

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_StopTrainingJob.html
    """

    training_job_name: TrainingJobName
    """Name of the training job."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class AddTagsInput(Shape):
    """A request to add tags to a resource or replace their values.

    Tags that are added to a tuning job are not added to the training jobs that it has already launched.

    Example:
        AddTagsInput(
            resource_arn="arn:aws:sagemaker:us-east-1:123456789012:hyper-parameter-tuning-job/churn",
            tags=[Tag(key="team", value="growth")],
        )

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_AddTags.html
    """

    RULES = request.TAGGED

    resource_arn: ResourceArn
    """ARN of the resource to tag."""
    tags: TagList
    """Tags to add; a tag with an existing key replaces it."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ListTagsInput(Shape):
    """A request for one page of a resource's tags.

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ListTags.html
    """

    resource_arn: ResourceArn
    """ARN of the tagged resource."""
    next_token: NextToken | None = None
    """`next_token` of the previous response; not set for the first page."""
    max_results: ListTagsMaxResults | None = None
    """Maximum number of tags in one page."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class DeleteTagsInput(Shape):
    """A request to remove tags from a resource.

    Tags that are removed from a tuning job are not removed from the training jobs that it has already launched.

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DeleteTags.html
    """

    resource_arn: ResourceArn
    """ARN of the tagged resource."""
    tag_keys: TagKeyList
    """Keys of the tags to remove."""
