"""The operation Search, over the training jobs of two tuning jobs and a standalone training job."""

import botocore.exceptions
import pytest
from running import job, run
from test_recorded_responses import sagemaker
from training_job_requests import PRINTS, REQUEST, ended


@pytest.fixture(scope="module")
def client(open_shared):
    service = open_shared(PRINTS)
    client = sagemaker(service)
    for name in ("first", "second"):
        run(service, job(name, max_jobs=3, parallel=1).tag("team", name).build())
    client.create_training_job(**REQUEST)
    ended(client)
    return client


def names(client, *filters, resource="TrainingJob", **options):
    """Return the names of the resources that a search finds."""
    if filters:
        members = ("Name", "Operator", "Value")
        options["SearchExpression"] = {"Filters": [dict(zip(members, one, strict=False)) for one in filters]}
    results = client.search(Resource=resource, **options)["Results"]
    matches = [result[resource][f"{resource}Name"] for result in results]
    # a training job of a tuning job has a part that is not known before
    return [name.rpartition("-")[0] or name for name in matches] if resource == "TrainingJob" else matches


def test_the_last_modified_training_job_is_first(client):
    assert names(client) == ["alone", *(f"{name}-00{n}" for name in ("second", "first") for n in (3, 2, 1))]


FILTERS = {
    "a name": ([("TrainingJobName", "Equals", "alone")], ["alone"]),
    "a part of the name": ([("TrainingJobName", "Contains", "t-002")], ["first-002"]),
    "several names": ([("TrainingJobName", "In", "alone, other")], ["alone"]),
    "a status": ([("TrainingJobStatus", "Equals", "Failed")], []),
    "two filters": ([("TrainingJobStatus", "Equals", "Completed"), ("TrainingJobName", "Contains", "alo")], ["alone"]),
    "a tuning job": (
        [("TuningJobArn", "Equals", "arn:aws:sagemaker:us-east-1:123456789012:hyper-parameter-tuning-job/first")],
        ["first-003", "first-002", "first-001"],
    ),
    "no tuning job": ([("TuningJobArn", "NotExists")], ["alone"]),
    "a tag": ([("Tags.team", "Equals", "second")], ["second-003", "second-002", "second-001"]),
    "no tag": ([("Tags.team", "NotExists")], ["alone"]),
    "a metric": ([("Metrics.loss", "GreaterThanOrEqualTo", "1.1")], []),
    "a time": ([("CreationTime", "LessThan", "2020-01-01T00:00:00Z")], []),
}


@pytest.mark.parametrize(("filters", "expected"), FILTERS.values(), ids=FILTERS)
def test_training_jobs_are_found_by(client, filters, expected):
    assert names(client, *filters) == expected


def test_one_of_several_filters_is_enough_with_or(client):
    filters = [{"Name": "TrainingJobName", "Operator": "Contains", "Value": text} for text in ("alone", "first-001")]
    expression = {"Operator": "Or", "SubExpressions": [{"Filters": [one]} for one in filters]}
    assert names(client, SearchExpression=expression) == ["alone", "first-001"]


def test_training_jobs_are_sorted_by_a_metric(client):
    results = client.search(Resource="TrainingJob", SortBy="Metrics.loss", SortOrder="Ascending")["Results"]
    metrics = [result["TrainingJob"].get("FinalMetricDataList") for result in results]
    values = [each[0]["Value"] for each in metrics[:-1]]
    assert values == sorted(values)
    # the one without the metric is last
    assert metrics[-1] is None


def test_a_search_has_pages(client):
    pages = client.get_paginator("search").paginate(Resource="TrainingJob", MaxResults=3)
    matches = [result["TrainingJob"]["TrainingJobName"] for page in pages for result in page["Results"]]
    assert [len(matches), len(set(matches))] == [7, 7]


def test_a_result_is_the_description_with_its_tags(client):
    (result,) = client.search(
        Resource="TrainingJob",
        SearchExpression={"Filters": [{"Name": "TrainingJobName", "Operator": "Contains", "Value": "first-001"}]},
    )["Results"]
    assert result["TrainingJob"]["Tags"] == [{"Key": "team", "Value": "first"}]
    assert result["TrainingJob"]["HyperParameters"]["_tuning_objective_metric"] == "loss"


def test_tuning_jobs_are_found_by_their_name(client):
    matches = names(client, ("HyperParameterTuningJobName", "Contains", "irs"), resource="HyperParameterTuningJob")
    assert matches == ["first"]


def test_only_tuning_jobs_that_were_created_are_found(client):
    assert names(client, resource="HyperParameterTuningJob") == ["second", "first"]


REFUSED = {
    "another resource": ({"Resource": "Model"}, "has no resource Model"),
    "a property that it does not have": (
        {"SearchExpression": {"Filters": [{"Name": "HyperParameters.rate", "Value": "1"}]}},
        "cannot search the property HyperParameters.rate",
    ),
    "nested filters": (
        {
            "SearchExpression": {
                "NestedFilters": [{"NestedPropertyName": "InputDataConfig", "Filters": [{"Name": "x", "Value": "y"}]}]
            }
        },
        "does not support NestedFilters",
    ),
    "a number for a time": (
        {"SearchExpression": {"Filters": [{"Name": "CreationTime", "Operator": "LessThan", "Value": "1700000000.5"}]}},
        "filter of CreationTime: expected a time in ISO 8601, such as 2026-01-31T12:00:00, got 1700000000.5",
    ),
    "text for a metric": (
        {"SearchExpression": {"Filters": [{"Name": "Metrics.loss", "Operator": "LessThan", "Value": "low"}]}},
        "filter of Metrics.loss: expected a number, got low",
    ),
    "metrics of tuning jobs": (
        {"Resource": "HyperParameterTuningJob", "SortBy": "Metrics.loss"},
        r"cannot search the property Metrics.loss\. Properties: .*, HyperParameterTuningEndTime, Tags.KEY\.$",
    ),
    "a filter without a value": (
        {"SearchExpression": {"Filters": [{"Name": "TrainingJobName", "Operator": "Equals"}]}},
        "needs a Value",
    ),
    "an operator that does not exist": (
        {"SearchExpression": {"Filters": [{"Name": "TrainingJobName", "Operator": "Like", "Value": "a"}]}},
        "The Operator of the filter of TrainingJobName: expected one of Equals, .*, In, got Like",
    ),
    "a token of another search": ({"NextToken": "eA=="}, "NextToken"),
}


@pytest.mark.parametrize(("changes", "text"), REFUSED.values(), ids=REFUSED)
def test_a_search_is_refused_with(client, changes, text):
    with pytest.raises(botocore.exceptions.ClientError, match=text) as error:
        client.search(**({"Resource": "TrainingJob"} | changes))
    assert error.value.response["Error"]["Code"] == "ValidationException"
