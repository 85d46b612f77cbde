"""`MemoryService`: filters, order, pages and validation."""

from datetime import UTC, datetime

import pytest

from hptsdk.testing import MemoryService, Refusal

JOBS = "ListHyperParameterTuningJobs"
TRAININGS = "ListTrainingJobsForHyperParameterTuningJob"


def create(service, name):
    config = {"Strategy": "Random", "ResourceLimits": {"MaxParallelTrainingJobs": 1}}
    body = {"HyperParameterTuningJobName": name, "HyperParameterTuningJobConfig": config}
    return service.call("CreateHyperParameterTuningJob", body)["HyperParameterTuningJobArn"]


def training(name, created, status="Completed", metric=None):
    summary = {"TrainingJobName": name, "CreationTime": created, "TrainingJobStatus": status}
    value = {"FinalHyperParameterTuningJobObjectiveMetric": {"MetricName": "loss", "Value": metric}}
    return summary | (value if metric is not None else {})


@pytest.fixture
def service():
    """A service with jobs created in the order c, a, b; a is Completed and was modified last, c is Stopped."""
    service = MemoryService()
    for name in ("c-x", "a-x", "b-y"):
        create(service, name)
    service.statuses.update({"c-x": ["Stopped"], "a-x": ["Completed"]})
    for name in ("c-x", "a-x"):
        service.call("DescribeHyperParameterTuningJob", {"HyperParameterTuningJobName": name})
    service.training_jobs["a-x"] = [
        training("t2", 30.0, metric=0.2),
        training("t3", 10.0, "Failed"),
        training("t1", 20.0, metric=0.1),
    ]
    return service


def jobs(service, **filters):
    summaries = service.call(JOBS, filters)["HyperParameterTuningJobSummaries"]
    return "".join(job["HyperParameterTuningJobName"][0] for job in summaries)


def trainings(service, **filters):
    summaries = service.call(TRAININGS, {"HyperParameterTuningJobName": "a-x", **filters})["TrainingJobSummaries"]
    return " ".join(job["TrainingJobName"] for job in summaries)


def time_of(service, name, member="CreationTime"):
    return service.jobs[name][member]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, "abc"),
        ({"SortBy": "Name"}, "abc"),
        ({"SortBy": "CreationTime"}, "cab"),
        ({"SortBy": "Status"}, "abc"),
        ({"SortOrder": "Ascending"}, "abc"),
        ({"SortOrder": "Descending"}, "cba"),
        ({"SortBy": "CreationTime", "SortOrder": "Descending"}, "bac"),
        ({"NameContains": "-x"}, "ac"),
        ({"NameContains": "none"}, ""),
        ({"StatusEquals": "InProgress"}, "b"),
        ({"StatusEquals": "Failed"}, ""),
        ({"MaxResults": 2}, "ab"),
        ({"MaxResults": 2, "NextToken": "2"}, "c"),
    ],
)
def test_tuning_jobs_are_filtered_and_sorted(service, filters, expected):
    assert jobs(service, **filters) == expected


@pytest.mark.parametrize("as_time", [float, lambda seconds: datetime.fromtimestamp(seconds, UTC)])
@pytest.mark.parametrize(
    ("parameter", "member", "expected"),
    [
        ("CreationTimeAfter", "CreationTime", "b"),
        ("CreationTimeBefore", "CreationTime", "c"),
        ("LastModifiedTimeAfter", "LastModifiedTime", ""),
        ("LastModifiedTimeBefore", "LastModifiedTime", "bc"),
    ],
)
def test_a_time_filter_excludes_the_time_itself(service, parameter, member, expected, as_time):
    assert jobs(service, **{parameter: as_time(time_of(service, "a-x", member))}) == expected


def test_all_filters_apply(service):
    after = time_of(service, "c-x")
    assert jobs(service, NameContains="-x", CreationTimeAfter=after, StatusEquals="Completed") == "a"


def test_a_summary_has_the_end_time_and_the_limits(service):
    [summary] = service.call(JOBS, {"NameContains": "a-"})["HyperParameterTuningJobSummaries"]
    assert summary["HyperParameterTuningEndTime"] == summary["LastModifiedTime"] > summary["CreationTime"]
    assert (summary["Strategy"], summary["ResourceLimits"]) == ("Random", {"MaxParallelTrainingJobs": 1})


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, "t1 t2 t3"),
        ({"SortBy": "CreationTime"}, "t3 t1 t2"),
        ({"SortBy": "Name", "SortOrder": "Descending"}, "t3 t2 t1"),
        ({"SortBy": "Status", "SortOrder": "Descending"}, "t3 t2 t1"),
        ({"SortBy": "FinalObjectiveMetricValue"}, "t1 t2"),
        ({"SortBy": "FinalObjectiveMetricValue", "SortOrder": "Descending"}, "t2 t1"),
        ({"StatusEquals": "Failed"}, "t3"),
        ({"MaxResults": 1, "NextToken": "1"}, "t2"),
    ],
)
def test_training_jobs_are_filtered_and_sorted(service, filters, expected):
    assert trainings(service, **filters) == expected


def test_tags_are_listed_in_pages():
    service = MemoryService()
    arn = create(service, "job")
    tags = [{"Key": f"k{n}", "Value": ""} for n in range(50)]
    service.call("AddTags", {"ResourceArn": arn, "Tags": [*tags, {"Key": "last", "Value": ""}]})
    first = service.call("ListTags", {"ResourceArn": arn, "MaxResults": 50})
    rest = service.call("ListTags", {"ResourceArn": arn, "MaxResults": 50, "NextToken": first["NextToken"]})
    assert (first["Tags"], rest) == (tags, {"Tags": [{"Key": "last", "Value": ""}]})


@pytest.mark.parametrize(
    ("operation", "body", "place"),
    [
        (JOBS, {"MaxResults": 0}, "maxResults"),
        (JOBS, {"MaxResults": "5"}, "maxResults"),
        (JOBS, {"SortBy": "Age"}, "sortBy"),
        (JOBS, {"NextToken": "not mine"}, "nextToken"),
        (TRAININGS, {}, "hyperParameterTuningJobName"),
        ("CreateHyperParameterTuningJob", {"HyperParameterTuningJobName": "-"}, "hyperParameterTuningJobName"),
    ],
)
def test_invalid_requests_are_refused(service, operation, body, place):
    with pytest.raises(Refusal, match=place) as raised:
        service.call(operation, body)
    assert raised.value.code == "ValidationException"


def test_a_refused_call_was_not_carried_out(service):
    carried_out = list(service.acted)
    with pytest.raises(Refusal):
        service.call(JOBS, {"MaxResults": 0})
    assert service.acted == carried_out


def test_a_stopped_job_is_stopping_and_then_stopped(service):
    named = {"HyperParameterTuningJobName": "b-y"}
    service.call("StopHyperParameterTuningJob", named)
    responses = [service.call("DescribeHyperParameterTuningJob", named) for _ in range(3)]
    assert [job["HyperParameterTuningJobStatus"] for job in responses] == ["Stopping", "Stopped", "Stopped"]


def test_stopping_an_ended_job_does_nothing(service):
    service.call("StopHyperParameterTuningJob", {"HyperParameterTuningJobName": "a-x"})
    assert jobs(service, StatusEquals="Completed") == "a"


def test_the_name_of_a_deleted_job_can_be_used_again(service):
    service.call("DeleteHyperParameterTuningJob", {"HyperParameterTuningJobName": "A-x"})
    create(service, "a-x")
    response = service.call("DescribeHyperParameterTuningJob", {"HyperParameterTuningJobName": "a-x"})
    assert response["HyperParameterTuningJobStatus"] == "InProgress"


def test_a_response_is_a_copy(service):
    named = {"HyperParameterTuningJobName": "b-y"}
    service.call("DescribeHyperParameterTuningJob", named)["HyperParameterTuningJobConfig"].clear()
    assert service.call("DescribeHyperParameterTuningJob", named)["HyperParameterTuningJobConfig"]
