"""Lists: filters, orders and pages."""

import base64
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest
from botocore.exceptions import ClientError
from running import job, run, shell, training, until
from s3_client import client

from hptsdk import errors

PLAN = "arn:aws:sagemaker:us-east-1:123456789012:training-plan/plan"


@pytest.fixture(scope="module")
def service(open_shared):
    """Return a service with three ended tuning jobs, one of them Stopped, not created in the order of their names."""
    service = open_shared(
        shell(
            "case $TRAINING_JOB_NAME in gamma*) echo loss=$SM_HP_RATE; sleep 60;; *-002-*) exit 1;; "
            "*) echo loss=$SM_HP_RATE;; esac"
        )
    )
    run(service, job("beta").build())
    run(service, job("alpha", max_jobs=1, parallel=1).build())
    handle = service.client().create(job("gamma").build())
    until(lambda: len(list(handle.training_jobs())) == 2)
    handle.stop()
    handle.wait(timeout=30, poll=0.05)
    return service


def names(service, **query):
    return [s.hyper_parameter_tuning_job_name for s in service.client().list(**query)]


@cache
def sagemaker(service):
    return client(service, "sagemaker")


def own(service, job_name="beta", **query):
    return sagemaker(service).list_training_jobs_for_hyper_parameter_tuning_job(
        HyperParameterTuningJobName=job_name, **query
    )


def training_jobs(service, **query):
    return sagemaker(service).list_training_jobs(**query)["TrainingJobSummaries"]


def numbers(summaries):
    return [summary["TrainingJobName"].split("-")[1] for summary in summaries]


def own_numbers(service, **query):
    return numbers(own(service, **query)["TrainingJobSummaries"])


@pytest.mark.long
def test_tuning_jobs_by_every_order(service):
    assert names(service) == ["alpha", "beta", "gamma"]
    assert names(service, sort_order="Descending") == ["gamma", "beta", "alpha"]
    assert names(service, sort_by="CreationTime") == ["beta", "alpha", "gamma"]
    assert names(service, sort_by="Status", sort_order="Descending") == ["gamma", "beta", "alpha"]


@pytest.mark.long
def test_tuning_jobs_by_every_filter(service):
    made = {s.hyper_parameter_tuning_job_name: s for s in service.client().list()}
    middle = made["alpha"].creation_time
    assert names(service, name_contains="a") == ["alpha", "beta", "gamma"]
    assert names(service, name_contains="mm") == ["gamma"]
    assert names(service, status_equals="Stopped") == ["gamma"]
    assert names(service, creation_time_after=middle) == ["gamma"]
    assert names(service, creation_time_before=middle) == ["beta"]
    later = datetime.now(UTC) + timedelta(hours=1)
    assert names(service, last_modified_time_after=later) == []
    assert names(service, last_modified_time_before=later) == ["alpha", "beta", "gamma"]


@pytest.mark.long
def test_pages_contain_each_job_once(service):
    for sort_by in ("Name", "CreationTime", "Status"):
        for order in ("Ascending", "Descending"):
            jobs = names(service, sort_by=sort_by, sort_order=order, page_size=1)
            assert jobs == names(service, sort_by=sort_by, sort_order=order)


def test_training_jobs_of_a_job_by_every_order(service):
    assert own_numbers(service) == ["001", "002", "003"]
    assert own_numbers(service, SortBy="CreationTime", SortOrder="Descending") == ["003", "002", "001"]
    assert own_numbers(service, SortBy="Status", SortOrder="Descending")[0] == "002"


def test_a_list_by_objective_omits_training_jobs_without_one(service):
    summaries = own(service, SortBy="FinalObjectiveMetricValue")["TrainingJobSummaries"]
    values = [summary["FinalHyperParameterTuningJobObjectiveMetric"]["Value"] for summary in summaries]
    assert len(values) == 2
    assert values == sorted(values)


def test_training_jobs_of_a_job_by_status(service):
    assert own_numbers(service, StatusEquals="Failed") == ["002"]


@pytest.mark.long
def test_training_jobs_of_all_jobs(service):
    assert len(training_jobs(service, MaxResults=100)) == 6
    assert numbers(training_jobs(service, NameContains="alpha")) == ["001"]
    assert len(training_jobs(service, StatusEquals="Stopped")) == 2


@pytest.mark.parametrize("query", [{"WarmPoolStatusEquals": "Available"}, {"TrainingPlanArnEquals": PLAN}])
def test_no_training_job_has_a_warm_pool_or_a_training_plan(service, query):
    assert training_jobs(service)
    assert training_jobs(service, **query) == []


def test_a_token_is_valid_after_the_service_was_opened_again(open_service):
    service = open_service()
    run(service, job("beta").build())
    token = own(service, MaxResults=1)["NextToken"]
    service.close()
    assert own_numbers(open_service(), MaxResults=5, NextToken=token) == ["002", "003"]


@pytest.mark.parametrize(
    "query",
    [{"StatusEquals": "Failed"}, {"SortOrder": "Descending"}, {"SortBy": "CreationTime"}, {"job_name": "alpha"}],
)
def test_a_token_of_another_list_is_refused(service, query):
    token = own(service, MaxResults=1)["NextToken"]
    with pytest.raises(ClientError, match=r"ValidationException.*NextToken"):
        own(service, NextToken=token, **query)


@pytest.mark.parametrize("token", ["x", "////", "AAAA", "é", base64.urlsafe_b64encode("é".encode() * 40).decode()])
def test_an_invented_token_is_refused(service, token):
    with pytest.raises(ClientError, match=r"ValidationException.*NextToken"):
        own(service, NextToken=token)


def test_names_differ_by_more_than_case(open_service):
    service = open_service()
    run(service, job("Demo", max_jobs=1, parallel=1).build())
    with pytest.raises(errors.ResourceInUseError):
        service.client().create(job("demo", training()).build())
    assert service.client().get("DEMO").describe().hyper_parameter_tuning_job_arn.endswith("/demo")
