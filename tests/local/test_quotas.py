"""Requests above the quotas of SageMaker are refused."""

import pytest
from running import job, run, shell, training

import hptsdk
from hptsdk import Quotas, errors
from hptsdk.local import LocalService

MANY = 10_000_000


def grid(values):
    """Return a request with a grid search over `values` times `values` combinations."""
    names = [f"{number}" for number in range(values)]
    builder = hptsdk.tuning_job("demo", training(), minimize="loss", max_parallel_jobs=2)
    return builder.categorical("a", names).categorical("b", names).grid()


def metrics(count):
    """Return a request with several metrics."""
    definition = training()
    for number in range(count - 1):
        definition = definition.metric(f"m{number}", "m=([0-9]+)")
    return job("demo", definition)


def bayesian(max_jobs):
    return job(max_jobs=max_jobs).bayesian()


@pytest.fixture(scope="module")
def service(open_shared):
    """Return a service with the highest quotas of SageMaker."""
    return open_shared()


@pytest.mark.parametrize(
    ("request_", "limit"),
    [
        (job(parallel=101), "'Number of parallel training jobs per hyperparameter tuning job' is 100 Training Jobs"),
        (job(parallel=MANY), f"a request delta of {MANY} Training Jobs"),
        (job(max_jobs=10_001), "Number of training jobs per hyperparameter tuning job' is 10000 Training Jobs"),
        (bayesian(751), "'Number of training jobs per hyperparameter tuning job' is 750 Training Jobs"),
        (grid(28), "'Number of training jobs per hyperparameter tuning job' is 750 Training Jobs"),
    ],
    ids=["parallel", "many", "random", "bayesian", "grid"],
)
def test_a_request_above_a_quota_is_refused_with_the_code_of_sagemaker(service, request_, limit):
    with pytest.raises(errors.ResourceLimitExceededError) as caught:
        service.client().create(request_.build())
    assert caught.value.code == "ResourceLimitExceeded"
    assert limit in caught.value.message


def test_a_refused_tuning_job_was_not_created(service):
    with pytest.raises(errors.ResourceLimitExceededError):
        service.client().create(job(parallel=101).build())
    assert list(service.client().list()) == []


def test_the_message_is_the_one_of_sagemaker_with_what_to_do_in_the_local_service(service):
    with pytest.raises(errors.ResourceLimitExceededError) as caught:
        service.client().create(job(parallel=101).build())
    assert caught.value.message == (
        "The account-level service limit 'Number of parallel training jobs per hyperparameter tuning job' is 100 "
        "Training Jobs, with current utilization of 0 Training Jobs and a request delta of 101 Training Jobs. Please "
        "use AWS Service Quotas to request an increase for this quota. To increase it in the local service only, pass "
        "to LocalService quotas=hptsdk.Quotas.highest(max_parallel_jobs=101), or to hptsdk local serve --quota "
        "max_parallel_jobs=101."
    )


def test_a_request_at_the_quotas_is_created(open_service):
    service = open_service(shell("sleep 60"), stop_grace=0.1, max_parallel=1)
    request = job(max_jobs=10_000, parallel=100).build()
    assert service.client().create(request).describe().hyper_parameter_tuning_job_status == "InProgress"


@pytest.mark.parametrize(
    ("request_", "quotas"),
    [
        (job(parallel=3), Quotas(max_parallel_jobs=2)),
        (job(max_jobs=4), Quotas(max_random_training_jobs=3)),
        (bayesian(4), Quotas(max_training_jobs=3)),
        (grid(2), Quotas(max_training_jobs=3)),
        (metrics(2), Quotas(max_metrics=1)),
    ],
    ids=["parallel", "random", "bayesian", "grid", "metrics"],
)
def test_other_quotas_can_be_set(open_service, request_, quotas):
    with pytest.raises(errors.ResourceLimitExceededError):
        open_service(quotas=quotas).client().create(request_.build())


def test_quotas_can_be_higher_than_those_of_sagemaker(open_service):
    handle = run(open_service(quotas=Quotas(max_parallel_jobs=MANY)), job(parallel=MANY).build())
    assert len(list(handle.training_jobs())) == 3


def test_a_tuning_job_above_the_quota_of_unfinished_ones_is_refused(open_service):
    service = open_service(shell("sleep 60"), stop_grace=0.1, quotas=Quotas(max_tuning_jobs=1))
    service.client().create(job("first").build())
    with pytest.raises(errors.ResourceLimitExceededError, match="with current utilization of 1 Hyperparameter Tuning"):
        service.client().create(job("second").build())


def test_a_tuning_job_that_has_ended_does_not_count(open_service):
    service = open_service(quotas=Quotas(max_tuning_jobs=1))
    run(service, job("first").build())
    assert run(service, job("second").build()).describe().hyper_parameter_tuning_job_status == "Completed"


def test_quotas_of_another_type_are_refused(tmp_path):
    with pytest.raises(TypeError, match=r"expected hptsdk\.Quotas or None, got dict"):
        LocalService(tmp_path, quotas={"max_metrics": 1})


def test_a_root_with_a_job_above_the_quotas_opens(open_service):
    service = open_service(shell("sleep 60"), stop_grace=0.1, quotas=Quotas(max_parallel_jobs=MANY))
    service.client().create(job(parallel=MANY).build())
    service.close()
    service = open_service(shell("echo loss=1"))
    service.client().get("demo").wait(timeout=30, poll=0.05)
    assert service.client().get("demo").describe().hyper_parameter_tuning_job_status == "Completed"
