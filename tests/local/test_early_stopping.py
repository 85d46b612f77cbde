"""Early stopping and Hyperband."""

import attrs
import pytest
from running import described, job, run, shell, training

import hptsdk
from hptsdk.local.jobs import TrainingJob
from hptsdk.local.search import TuningSearch


class Rule:
    """The early stopping of a tuning job, with training jobs that print values of the objective metric."""

    def __init__(self, request):
        (self._search,) = TuningSearch(request, 7, "tpe").definitions
        self._jobs = {}

    def prints(self, name, *values):
        """Return, for each value that a training job prints, whether the training job is stopped."""
        job = self._jobs.setdefault(name, TrainingJob(1, 1, name, 0, {}))
        return [self._search.should_stop(job, value) for value in values]

    def ends(self, name, *values):
        """Record a training job that prints values and ends."""
        self.prints(name, *values)
        self._search.record_end(self._jobs[name], values[-1])

    def restores(self, name, *values):
        """Record a training job that ended before the root was opened."""
        self._search.restore(TrainingJob(1, 1, name, 0, {}), values[-1], values, is_running=False)


def median_rule(*curves, objective="minimize"):
    builder = hptsdk.tuning_job("demo", training(), **{objective: "loss"}, max_jobs=3, max_parallel_jobs=1)
    rule = Rule(builder.continuous("rate", 0.1, 1.0).random().early_stopping().build())
    for number, curve in enumerate(curves):
        rule.ends(f"old-{number}", *curve)
    return rule


def halving(minimum, maximum, *, objective="minimize", definition=None):
    builder = hptsdk.tuning_job(
        "demo", definition or training(), **{objective: "loss"}, max_jobs=3, max_parallel_jobs=1
    )
    return Rule(builder.continuous("rate", 0.1, 1.0).hyperband(min_resource=minimum, max_resource=maximum).build())


def test_a_value_that_is_worse_than_the_median_of_the_means_is_stopped():
    rule = median_rule([4, 2], [5, 3], [6, 4])
    # the means at the second epoch are 3, 4 and 5
    assert rule.prints("worse", 0, 4.1) == [False, True]
    assert rule.prints("equal", 0, 4.0) == [False, False]


def test_the_median_rule_can_maximize():
    rule = median_rule([4, 2], [5, 3], [6, 4], objective="maximize")
    assert rule.prints("worse", 9, 3.9) == [False, True]
    assert rule.prints("equal", 9, 4.0) == [False, False]


def test_the_first_epoch_stops_nothing():
    assert median_rule([1, 1], [1, 1], [1, 1]).prints("new", 99) == [False]


def test_fewer_than_three_ended_training_jobs_stop_nothing():
    assert median_rule([1, 1], [1, 1]).prints("new", 99, 99) == [False, False]


def test_only_training_jobs_that_reached_the_epoch_are_compared():
    assert median_rule([1, 1, 1], [1, 1], [1, 1]).prints("new", 2, 2, 2) == [False, True, False]


def test_nothing_is_stopped_before_the_smallest_resource():
    rule = halving(3, 27)
    for name in "abc":
        rule.ends(name, *[1.0] * 26)
    assert rule.prints("new", 99, 99, 99) == [False, False, True]


def test_the_best_third_continues_at_a_rung():
    rule = halving(1, 9)
    decisions = [rule.prints(name, value) for name, value in zip("abcdef", (3, 5, 4, 1, 2, 6), strict=True)]
    # the first two have too few others; then 4 of (3 4 5), 1 of four, 2 of five, 6 of six
    assert decisions == [[False], [False], [True], [False], [True], [True]]


def test_each_rung_is_three_times_as_far_as_the_one_before():
    rule = halving(2, 50)
    for name in "abc":
        rule.ends(name, *[1.0] * 49)
    stopped = {epoch for epoch in range(1, 50) if rule.prints(f"new-{epoch}", *[0.0] * (epoch - 1), 99.0)[-1]}
    assert stopped == {2, 6, 18}


def test_everything_is_stopped_at_the_largest_resource():
    assert halving(1, 9).prints("new", *[0.0] * 9) == [False] * 8 + [True]


def test_halving_can_maximize():
    rule = halving(1, 9, objective="maximize")
    assert [rule.prints(name, value) for name, value in zip("abc", (3, 2, 1), strict=True)] == [
        [False],
        [False],
        [True],
    ]


def test_the_rungs_are_restored():
    rule, restarted = halving(1, 9), halving(1, 9)
    for name, value in zip("abcde", (3, 5, 4, 1, 2), strict=True):
        rule.prints(name, value)
        restarted.restores(name, value)
    for name, value in (("better", 1.0), ("worse", 1.5)):
        assert rule.prints(name, value) == restarted.prints(name, value) == [value > 1]


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
    assert halving(1, None, definition=training().static({"n_epochs": epochs})).prints("a", 0.0, 0.0) == [False, True]
