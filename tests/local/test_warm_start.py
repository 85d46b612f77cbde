"""Warm starts and Autotune."""

import attrs
import pytest
from running import job, run, shell, training

import hptsdk
from hptsdk import errors
from hptsdk.local.search import apply_autotune

QUIET = shell("echo loss=$SM_HP_RATE")


def child(*parents, kind="IdenticalDataAndAlgorithm", builder=None):
    return (
        (builder or job("child", max_jobs=4, parallel=1))
        .bayesian(random_seed=3)
        .warm_start(*parents, kind=kind)
        .build()
    )


@pytest.fixture
def service(open_service):
    """Return a service with a parent that has ended."""
    service = open_service(QUIET)
    run(service, job("parent", max_jobs=12).build())
    return service


@pytest.mark.parametrize("kind", ["IdenticalDataAndAlgorithm", "TransferLearning"])
def test_a_child_uses_the_results_of_its_parent(service, kind):
    handle = run(service, child("parent", kind=kind))
    values = [float(s.tuned_hyper_parameters["rate"]) for s in handle.training_jobs()]
    # the ten random draws at the start of a search are no longer necessary
    assert sum(values) / len(values) < 0.55


def test_the_overall_best_may_be_a_training_job_of_the_parent(service):
    best = service.client().get("parent").best
    handle = run(service, child("parent", builder=job("child", max_jobs=1, parallel=1)))
    overall = handle.describe().overall_best_training_job
    own = handle.best.final_hyper_parameter_tuning_job_objective_metric.value
    if own > best.final_hyper_parameter_tuning_job_objective_metric.value:
        assert (overall.tuning_job_name, overall.training_job_name) == ("parent", best.training_job_name)
    else:
        assert overall.tuning_job_name == "child"


def test_transfer_learning_has_no_overall_best(service):
    handle = run(service, child("parent", kind="TransferLearning"))
    assert handle.describe().overall_best_training_job is None


@pytest.mark.long
def test_the_results_of_a_deleted_parent_are_used_after_a_restart(open_service):
    service = open_service(shell("[ $SM_CURRENT_HOST ] && sleep 0.3; echo loss=$SM_HP_RATE"))
    parent = run(service, job("parent").build())
    service.client().create(child("parent"))
    parent.delete()
    service.close()
    service = open_service(QUIET)
    handle = service.client().get("child")
    handle.wait(timeout=30, poll=0.05)
    assert handle.describe().overall_best_training_job is not None


def test_an_absent_parent_is_refused(service):
    with pytest.raises(errors.ValidationRefusedError, match="absent"):
        service.client().create(child("absent"))


def test_a_running_parent_is_refused(open_service):
    service = open_service(shell("sleep 60"))
    service.client().create(job("parent").build())
    with pytest.raises(errors.ValidationRefusedError, match="expected the status Completed, Stopped or Failed"):
        service.client().create(child("parent"))


def test_other_hyperparameters_than_the_parents_are_refused(service):
    builder = job("child", training().static(depth=3), max_jobs=2, parallel=1)
    with pytest.raises(errors.ValidationRefusedError, match="depth"):
        service.client().create(child("parent", builder=builder))


def test_a_static_hyperparameter_of_the_parent_can_be_tuned(open_service):
    service = open_service(QUIET)
    run(service, job("parent", training().static(depth=3)).build())
    builder = job("child", training(), max_jobs=2, parallel=1).integer("depth", 1, 5)
    handle = run(service, child("parent", kind="TransferLearning", builder=builder))
    assert handle.describe().hyper_parameter_tuning_job_status == "Completed"


# --- Autotune ---


def automatic(**hints):
    builder = hptsdk.tuning_job("demo", training(), minimize="loss", max_parallel_jobs=4).autotune()
    for name, hint in hints.items():
        builder = builder.auto(name, hint)
    return builder.build()


def ranges_of(request):
    """Return the name and the bounds of each chosen range."""
    ranges = apply_autotune(request).hyper_parameter_tuning_job_config.parameter_ranges
    both = (*(ranges.integer_parameter_ranges or ()), *(ranges.continuous_parameter_ranges or ()))
    return [(r.name, r.min_value, r.max_value) for r in both]


@pytest.mark.parametrize(
    ("hint", "low", "high"),
    [
        ("0.5", "0.05", "5.0"),
        ("-0.5", "-5.0", "-0.05"),
        ("30", "3", "300"),
        ("3", "1", "30"),
        ("-3", "-30", "-1"),
        ("1e-3", "0.0001", "0.01"),
    ],
)
def test_a_number_is_searched_from_a_tenth_to_ten_times_of_it(hint, low, high):
    assert ranges_of(automatic(rate=hint)) == [("rate", low, high)]


def test_a_hint_that_is_not_a_number_becomes_a_static_hyperparameter():
    request = apply_autotune(automatic(rate="0.5", optimizer="adam"))
    assert dict(request.training_job_definition.static_hyper_parameters) == {"optimizer": "adam"}


def test_values_of_the_request_are_not_changed():
    request = job(max_jobs=7).autotune().build()
    config = apply_autotune(request).hyper_parameter_tuning_job_config
    assert config.resource_limits.max_number_of_training_jobs == 7
    assert config.parameter_ranges == request.hyper_parameter_tuning_job_config.parameter_ranges


def test_the_description_has_the_chosen_ranges_instead_of_the_hints(open_service):
    service = open_service(shell("echo loss=0.5"))
    request = automatic(rate="0.5", optimizer="adam")
    handle = service.client().create(request)
    handle.wait(timeout=60, poll=0.05)
    config = handle.describe().hyper_parameter_tuning_job_config
    assert (config.strategy, config.training_job_early_stopping_type) == ("Bayesian", "Auto")
    assert config.resource_limits.max_number_of_training_jobs == 20
    assert [r.name for r in config.parameter_ranges.continuous_parameter_ranges] == ["rate"]
    assert config.parameter_ranges.auto_parameters is None
    assert handle.describe().training_job_status_counters.completed == 20


def test_the_same_request_with_autotune_is_the_same_tuning_job(open_service):
    service = open_service(shell("echo loss=0.5"))
    request = automatic(rate="0.5")
    first = service.client().create(request)
    assert service.client().create(request, if_exists="return").arn == first.arn


def test_a_request_without_ranges_is_refused(open_service):
    request = attrs.evolve(automatic(rate="0.5"))
    config = attrs.evolve(request.hyper_parameter_tuning_job_config, parameter_ranges=None)
    request = attrs.evolve(request, hyper_parameter_tuning_job_config=config)
    with pytest.raises(errors.ValidationRefusedError, match="no ranges to search"):
        open_service().client().create(request)
