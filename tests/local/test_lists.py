"""Lists: filters, orders and pages."""

from datetime import UTC, datetime, timedelta

import pytest
from running import job, run, shell, training, until

from hptsdk import errors
from hptsdk.shapes import (
    ListTrainingJobsForHyperParameterTuningJobRequest,
    ListTrainingJobsForHyperParameterTuningJobResponse,
    ListTrainingJobsRequest,
    ListTrainingJobsResponse,
)


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


def own(service, job_name="beta", **query):
    request = ListTrainingJobsForHyperParameterTuningJobRequest(hyper_parameter_tuning_job_name=job_name, **query)
    return service.client()._calls.request(
        "ListTrainingJobsForHyperParameterTuningJob", request, ListTrainingJobsForHyperParameterTuningJobResponse
    )


def training_jobs(service, **query):
    return service.client()._calls.request(
        "ListTrainingJobs", ListTrainingJobsRequest(**query), ListTrainingJobsResponse
    )


def numbers(answer):
    return [s.training_job_name.split("-")[1] for s in answer.training_job_summaries]


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
    assert numbers(own(service)) == ["001", "002", "003"]
    assert numbers(own(service, sort_by="CreationTime", sort_order="Descending")) == ["003", "002", "001"]
    assert numbers(own(service, sort_by="Status", sort_order="Descending"))[0] == "002"


def test_a_list_by_objective_omits_training_jobs_without_one(service):
    summaries = own(service, sort_by="FinalObjectiveMetricValue").training_job_summaries
    values = [s.final_hyper_parameter_tuning_job_objective_metric.value for s in summaries]
    assert len(values) == 2
    assert values == sorted(values)


def test_training_jobs_of_a_job_by_status(service):
    assert numbers(own(service, status_equals="Failed")) == ["002"]


@pytest.mark.long
def test_training_jobs_of_all_jobs(service):
    assert len(training_jobs(service, max_results=100).training_job_summaries) == 6
    assert numbers(training_jobs(service, name_contains="alpha")) == ["001"]
    assert len(training_jobs(service, status_equals="Stopped").training_job_summaries) == 2
    assert not training_jobs(service, warm_pool_status_equals="Available").training_job_summaries


def test_a_token_is_valid_after_the_service_was_opened_again(open_service):
    service = open_service()
    run(service, job("beta").build())
    token = own(service, max_results=1).next_token
    service.close()
    assert numbers(own(open_service(), max_results=5, next_token=token)) == ["002", "003"]


def test_a_token_of_another_list_is_refused(service):
    token = own(service, max_results=1).next_token
    for query in ({"status_equals": "Failed"}, {"sort_order": "Descending"}, {"sort_by": "CreationTime"}):
        with pytest.raises(errors.ValidationRefusedError, match="NextToken"):
            own(service, next_token=token, **query)
    with pytest.raises(errors.ValidationRefusedError, match="NextToken"):
        own(service, "alpha", next_token=token)


@pytest.mark.parametrize("token", ["x", "////", "AAAA", "é"])
def test_an_invented_token_is_refused(service, token):
    with pytest.raises(errors.ValidationRefusedError, match="NextToken"):
        own(service, next_token=token)


def test_names_differ_by_more_than_case(open_service):
    service = open_service()
    run(service, job("Demo", max_jobs=1, parallel=1).build())
    with pytest.raises(errors.ResourceInUseError):
        service.client().create(job("demo", training()).build())
    assert service.client().get("DEMO").describe().hyper_parameter_tuning_job_arn.endswith("/demo")
