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
from hptsdk.rules import tags as tag_rules
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
    """Asks for the state and settings of one tuning job.

    Source: API_DescribeHyperParameterTuningJob
    """

    hyper_parameter_tuning_job_name: HyperParameterTuningJobName
    """Tuning job to describe."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ListHyperParameterTuningJobsRequest(Shape):
    """Asks for one page of the account's tuning jobs.

    Source: API_ListHyperParameterTuningJobs
    """

    next_token: NextToken | None = None
    """Token from the previous, truncated answer; absent for the first page."""
    max_results: MaxResults | None = None
    """Most tuning jobs in one page; 10 when absent."""
    sort_by: HyperParameterTuningJobSortByOptions | None = None
    """What to sort by; the name when absent."""
    sort_order: SortOrder | None = None
    """Direction of the sort; ascending when absent."""
    name_contains: NameContains | None = None
    """Keeps tuning jobs with this text in their name."""
    creation_time_after: datetime | None = None
    """Keeps tuning jobs created later than this."""
    creation_time_before: datetime | None = None
    """Keeps tuning jobs created earlier than this."""
    last_modified_time_after: datetime | None = None
    """Keeps tuning jobs last modified later than this."""
    last_modified_time_before: datetime | None = None
    """Keeps tuning jobs last modified earlier than this."""
    status_equals: HyperParameterTuningJobStatus | None = None
    """Keeps tuning jobs in this status."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class StopHyperParameterTuningJobRequest(Shape):
    """Asks to stop a tuning job together with its running training jobs.

    Source: API_StopHyperParameterTuningJob
    """

    hyper_parameter_tuning_job_name: HyperParameterTuningJobName
    """Tuning job to stop."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class DeleteHyperParameterTuningJobRequest(Shape):
    """Asks to delete the record of a tuning job that has ended.

    Its training jobs and artifacts stay.

    Source: API_DeleteHyperParameterTuningJob
    """

    hyper_parameter_tuning_job_name: HyperParameterTuningJobName
    """Tuning job to delete."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ListTrainingJobsForHyperParameterTuningJobRequest(Shape):
    """Asks for one page of the training jobs that a tuning job launched.

    Source: API_ListTrainingJobsForHyperParameterTuningJob
    """

    hyper_parameter_tuning_job_name: HyperParameterTuningJobName
    """Tuning job that launched them."""
    next_token: NextToken | None = None
    """Token from the previous, truncated answer; absent for the first page."""
    max_results: MaxResults | None = None
    """Most training jobs in one page; 10 when absent."""
    status_equals: TrainingJobStatus | None = None
    """Keeps training jobs in this status."""
    sort_by: TrainingJobSortByOptions | None = None
    """What to sort by, the name when absent; sorting by objective value leaves out jobs that have none."""
    sort_order: SortOrder | None = None
    """Direction of the sort; ascending when absent."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class DescribeTrainingJobRequest(Shape):
    """Asks for the state and settings of one training job.

    Source: API_DescribeTrainingJob
    """

    training_job_name: TrainingJobName
    """Training job to describe."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ListTrainingJobsRequest(Shape):
    """Asks for one page of the account's training jobs.

    The service cuts the page first and applies `status_equals` to it after, so a page may hold fewer jobs, or none.

    Source: API_ListTrainingJobs
    """

    next_token: NextToken | None = None
    """Token from the previous, truncated answer; absent for the first page."""
    max_results: MaxResults | None = None
    """Most training jobs in one page, counted before `status_equals` is applied."""
    creation_time_after: datetime | None = None
    """Keeps training jobs created later than this."""
    creation_time_before: datetime | None = None
    """Keeps training jobs created earlier than this."""
    last_modified_time_after: datetime | None = None
    """Keeps training jobs last modified later than this."""
    last_modified_time_before: datetime | None = None
    """Keeps training jobs last modified earlier than this."""
    name_contains: NameContains | None = None
    """Keeps training jobs with this text in their name."""
    status_equals: TrainingJobStatus | None = None
    """Keeps training jobs in this status."""
    sort_by: SortBy | None = None
    """What to sort by; the creation time when absent."""
    sort_order: SortOrder | None = None
    """Direction of the sort; ascending when absent."""
    warm_pool_status_equals: WarmPoolResourceStatus | None = None
    """Keeps training jobs whose warm pool is in this status."""
    training_plan_arn_equals: TrainingPlanArn | None = None
    """Keeps training jobs that use the training plan with this ARN."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class StopTrainingJobRequest(Shape):
    """Asks to stop one training job.

    The algorithm is sent SIGTERM and has 120 seconds to save its work.

    Source: API_StopTrainingJob
    """

    training_job_name: TrainingJobName
    """Training job to stop."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class AddTagsInput(Shape):
    """Asks to add tags to a resource or replace their values.

    Training jobs that a tuning job has already launched do not get the tags added to it.

    Source: API_AddTags
    """

    RULES = tag_rules.TAGGED

    resource_arn: ResourceArn
    """ARN of the resource to tag."""
    tags: TagList
    """Tags to add; one whose key is already there replaces it."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ListTagsInput(Shape):
    """Asks for one page of a resource's tags.

    Source: API_ListTags
    """

    resource_arn: ResourceArn
    """ARN of the tagged resource."""
    next_token: NextToken | None = None
    """Token from the previous, truncated answer; absent for the first page."""
    max_results: ListTagsMaxResults | None = None
    """Most tags in one page."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class DeleteTagsInput(Shape):
    """Asks to remove tags from a resource.

    Tags removed from a tuning job stay on the training jobs that it has already launched.

    Source: API_DeleteTags
    """

    resource_arn: ResourceArn
    """ARN of the tagged resource."""
    tag_keys: TagKeyList
    """Keys of the tags to remove."""
