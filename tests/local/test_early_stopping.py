"""Early stopping and Hyperband."""

import attrs
import pytest
from running import described, job, run, shell, training

from hptsdk.local.search._early_stopping import Halving, MedianRule, epochs_of


def feed(rule, name, values):
    """Report all values of a training job, and its end."""
    for epoch, value in enumerate(values, start=1):
        rule.should_stop(name, epoch, value)
    rule.record_end(name, values)


def median_rule(*curves, minimizes=True):
    rule = MedianRule(minimizes=minimizes)
    for number, curve in enumerate(curves):
        feed(rule, f"old-{number}", curve)
    return rule


def test_a_value_that_is_worse_than_the_median_of_the_means_is_stopped():
    rule = median_rule([4, 2], [5, 3], [6, 4])
    # the means at the second epoch are 3, 4 and 5
    assert rule.should_stop("new", 2, 4.1)
    assert not rule.should_stop("new", 2, 4.0)


def test_the_median_rule_can_maximize():
    rule = median_rule([4, 2], [5, 3], [6, 4], minimizes=False)
    assert rule.should_stop("new", 2, 3.9)
    assert not rule.should_stop("new", 2, 4.0)


def test_the_first_epoch_stops_nothing():
    assert not median_rule([1, 1], [1, 1], [1, 1]).should_stop("new", 1, 99)


def test_fewer_than_three_ended_training_jobs_stop_nothing():
    assert not median_rule([1, 1], [1, 1]).should_stop("new", 2, 99)


def test_only_training_jobs_that_reached_the_epoch_are_compared():
    rule = median_rule([1, 1, 1], [1, 1], [1, 1])
    assert rule.should_stop("new", 2, 2)
    assert not rule.should_stop("new", 3, 2)


def test_nothing_is_stopped_before_the_smallest_resource():
    rule = Halving(minimizes=True, min_resource=3, max_resource=27)
    for name in "abc":
        feed(rule, name, [1.0] * 27)
    assert not rule.should_stop("new", 2, 99)
    assert rule.should_stop("new", 3, 99)


def test_the_best_third_continues_at_a_rung():
    rule = Halving(minimizes=True, min_resource=1, max_resource=9)
    decisions = {
        name: rule.should_stop(name, 1, value) for name, value in zip("abcdef", (3, 5, 4, 1, 2, 6), strict=True)
    }
    # the first two have too few others; then 4 of (3 4 5), 1 of four, 2 of five, 6 of six
    assert decisions == {"a": False, "b": False, "c": True, "d": False, "e": True, "f": True}


def test_each_rung_is_three_times_as_far_as_the_one_before():
    rule = Halving(minimizes=True, min_resource=2, max_resource=50)
    assert list(rule._rungs) == [2, 6, 18]


def test_nothing_is_stopped_between_rungs():
    rule = Halving(minimizes=True, min_resource=1, max_resource=9)
    for name in "abcd":
        feed(rule, name, [1.0] * 8)
    assert not rule.should_stop("new", 2, 99)


def test_everything_is_stopped_at_the_largest_resource():
    assert Halving(minimizes=True, min_resource=1, max_resource=9).should_stop("new", 9, 0.0)


def test_halving_can_maximize():
    rule = Halving(minimizes=False, min_resource=1, max_resource=9)
    decisions = [rule.should_stop(name, 1, value) for name, value in zip("abc", (3, 2, 1), strict=True)]
    assert decisions == [False, False, True]


def test_the_rungs_are_restored():
    rule, restarted = (Halving(minimizes=True, min_resource=1, max_resource=9) for _ in range(2))
    for name, value in zip("abcde", (3, 5, 4, 1, 2), strict=True):
        rule.should_stop(name, 1, value)
        restarted.record_end(name, [value])
    assert rule.should_stop("new", 1, 1.5) == restarted.should_stop("new", 1, 1.5)


# --- as a tuning job ---

# Prints a value every 0.15 seconds. The first three training jobs have good values, the others bad ones.
CURVES = (
    "case $TRAINING_JOB_NAME in *-00[123]-*) base=1;; *) base=9;; esac; "
    "for epoch in 1 2 3 4 5 6 7 8; do echo loss=$base.$epoch; sleep 0.15; done; echo finished"
)


@pytest.mark.long
def test_a_training_job_with_bad_values_is_stopped_early(open_service):
    service = open_service(shell(CURVES))
    handle = run(service, job(max_jobs=4, parallel=1).early_stopping().build())
    *good, bad = sorted(handle.training_jobs(), key=lambda s: s.training_job_name)
    assert {s.training_job_status for s in good} == {"Completed"}
    assert (bad.training_job_status, bad.objective_status) == ("Stopped", "Succeeded")
    assert "finished" not in service.log(bad.training_job_name)
    assert handle.describe().training_job_status_counters.stopped == 1


@pytest.mark.long
def test_the_message_of_the_last_transition_is_about_early_stopping(open_service):
    handle = run(open_service(shell(CURVES)), job(max_jobs=4, parallel=1).early_stopping().build())
    (bad,) = handle.training_jobs(status_equals="Stopped")
    stages = described(handle, bad.training_job_name).secondary_status_transitions
    assert stages[-1].status_message == "Training job stopped early"


@pytest.mark.long
def test_hyperband_stops_at_rungs_and_at_the_largest_resource(open_service):
    program = shell("for epoch in 1 2 3 4 5 6 7 8; do echo loss=$SM_HP_RATE; sleep 0.12; done")
    request = job(max_jobs=6, parallel=2).hyperband(min_resource=1, max_resource=4, random_seed=5).build()
    handle = run(open_service(program), request)
    counters = handle.describe().training_job_status_counters
    assert (counters.stopped, counters.completed) == (6, 0)
    assert {s.objective_status for s in handle.training_jobs()} == {"Succeeded"}


def test_hyperband_takes_its_largest_resource_from_the_epochs(open_service):
    program = shell("for epoch in 1 2 3 4 5 6; do echo loss=$SM_HP_RATE; sleep 0.15; done")
    definition = training().static(epochs=2)
    request = job("demo", definition, max_jobs=1, parallel=1).hyperband(min_resource=1, max_resource=9).build()
    config = attrs.evolve(request.hyper_parameter_tuning_job_config, strategy_config=None)
    request = attrs.evolve(request, hyper_parameter_tuning_job_config=config)
    service = open_service(program)
    handle = run(service, request)
    (stopped,) = handle.training_jobs(status_equals="Stopped")
    assert len(service.log(stopped.training_job_name).splitlines()) < 6


@pytest.mark.parametrize("epochs", ["2", '"2"'])
def test_epochs_may_be_quoted(epochs):
    definition = job("demo", training().static({"n_epochs": epochs}), max_jobs=1, parallel=1).build()
    assert epochs_of(definition.training_job_definition) == 2
