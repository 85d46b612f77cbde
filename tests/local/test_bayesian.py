"""Bayesian search with the samplers of Optuna."""

import math
import sys
from importlib.machinery import ModuleSpec
from types import ModuleType

import optuna
import pytest
from hypothesis import given, strategies as st
from running import job, run, shell, training

import hptsdk
from hptsdk.local import serve_command
from hptsdk.local.search import create_search
from hptsdk.shapes import CategoricalParameterRange, ContinuousParameterRange, IntegerParameterRange, ParameterRanges


def reals(name="x", low="0", high="1", scaling=None):
    return ContinuousParameterRange(name=name, min_value=low, max_value=high, scaling_type=scaling)


MIXED = ParameterRanges(
    continuous_parameter_ranges=[reals(), reals("y", "0.001", "10", "Logarithmic")],
    integer_parameter_ranges=[IntegerParameterRange(name="n", min_value="1", max_value="64")],
    categorical_parameter_ranges=[CategoricalParameterRange(name="c", values=["a", "b"])],
)
FINITE = ParameterRanges(
    integer_parameter_ranges=[IntegerParameterRange(name="n", min_value="1", max_value="3")],
    categorical_parameter_ranges=[CategoricalParameterRange(name="c", values=["a", "b"])],
)


def bayesian(ranges=MIXED, seed=7, *, strategy="Bayesian", minimizes=True):
    return create_search(strategy, ranges, seeds=(seed, 0), minimizes=minimizes, sampler="tpe")


def loss(values):
    """Return the loss, whose minimum is at x = 0.3, y = 0.1, n = 8, c = b."""
    return (
        (float(values["x"]) - 0.3) ** 2
        + math.log10(float(values["y"]) / 0.1) ** 2
        + (math.log2(int(values["n"])) - 3) ** 2 / 9
        + (values["c"] == "a")
    )


def best_of(search, count=40):
    """Return the smallest loss of `count` training jobs, one at a time."""
    losses = []
    for index in range(count):
        values = search.propose(index)
        losses.append(loss(values))
        search.record(index, values, losses[-1])
    return min(losses)


@pytest.mark.long
def test_it_finds_better_values_than_random_at_the_median_of_seeds():
    seeds = range(9)
    ours = sorted(best_of(bayesian(seed=seed)) for seed in seeds)
    theirs = sorted(best_of(bayesian(seed=seed, strategy="Random")) for seed in seeds)
    assert ours[4] < theirs[4]


def test_a_bayesian_search_can_maximize():
    search = bayesian(ParameterRanges(continuous_parameter_ranges=[reals()]), minimizes=False)
    for index in range(30):
        values = search.propose(index)
        search.record(index, values, float(values["x"]))
    assert float(search.propose(30)["x"]) > 0.6


def test_a_seed_gives_the_same_values_with_one_training_job_at_a_time():
    def tried(seed):
        search, proposed = bayesian(seed=seed), []
        for index in range(20):
            proposed.append(search.propose(index))
            search.record(index, proposed[-1], loss(proposed[-1]))
        return proposed

    assert tried(7) == tried(7)
    assert tried(7) != tried(8)


def restored(through, tried, runs=()):
    """Return a search after a restart, with the values and objectives of another one."""
    again = bayesian()
    for index, (values, objective) in enumerate(tried):
        again.record(index, values, objective, is_running=index in runs)
    return again


def history(search):
    return [(trial.params, trial.value, trial.state.name) for trial in search._study.trials]


def test_a_restart_loses_no_result():
    through, tried = bayesian(), []
    for index in range(15):
        values = through.propose(index)
        objective = None if index in (4, 14) else loss(values)
        if index != 14:
            through.record(index, values, objective)
        tried.append((values, objective))
    again = restored(through, tried, runs={14})
    assert history(again) == history(through)
    again.record(14, tried[14][0], 0.5)
    assert history(again)[14][1:] == (0.5, "COMPLETE")


def test_after_a_restart_nothing_is_proposed_twice():
    search = bayesian()
    first = search.propose(0)
    search.record(0, first, loss(first))
    assert restored(search, [(first, loss(first))]).propose(1) not in (first, None)


def test_with_one_training_job_at_a_time_the_values_are_those_of_optuna():
    search = bayesian(seed=5)
    sampler = optuna.samplers.TPESampler(seed=5, multivariate=True, constant_liar=True)
    study = optuna.create_study(sampler=sampler)
    for index in range(20):
        values = search.propose(index)
        trial = study.ask(search._distributions)
        assert values == {name: str(value) for name, value in trial.params.items()}
        search.record(index, values, loss(values))
        study.tell(trial, loss(values))


def test_training_jobs_that_run_at_the_same_time_have_different_values():
    search = bayesian()
    for index in range(12):
        values = search.propose(index)
        search.record(index, values, loss(values))
    proposed = [float(search.propose(index)["x"]) for index in range(12, 16)]
    assert len(set(proposed)) == 4


def test_each_countable_combination_is_tried_once():
    search = bayesian(FINITE)
    proposed = []
    for index in range(6):
        values = search.propose(index)
        proposed.append(tuple(values.values()))
        search.record(index, values, float(values["n"]))
    assert len(set(proposed)) == 6
    assert search.propose(6) is None


@given(st.floats(0.01, 0.99), st.sampled_from(["Linear", "Logarithmic", "ReverseLogarithmic"]))
def test_optuna_searches_the_distance_from_one_on_a_reverse_logarithmic_scale(value, scaling):
    ranges = ParameterRanges(continuous_parameter_ranges=[reals(low="0.01", high="0.99", scaling=scaling)])
    search = bayesian(ranges)
    search.record(0, {"x": repr(value)}, 0.5)
    proposed = float(search.propose(1)["x"])
    in_optuna = [trial.params["x"] for trial in search._study.trials]
    is_reverse = scaling == "ReverseLogarithmic"
    assert in_optuna == pytest.approx([1 - x if is_reverse else x for x in (value, proposed)], rel=1e-12)


def test_a_reverse_logarithmic_range_is_searched_near_one():
    ranges = ParameterRanges(
        continuous_parameter_ranges=[reals(low="0.0", high="0.9999", scaling="ReverseLogarithmic")]
    )
    search = bayesian(ranges)
    values = [float(search.propose(index)["x"]) for index in range(10)]
    assert sum(value > 0.9 for value in values) >= 4


def test_without_ranges_there_are_no_values():
    assert bayesian(None).propose(0) is None


@pytest.mark.parametrize("values", [{}, {"x": "2"}, {"x": "one"}])
def test_results_outside_the_ranges_are_not_used(values):
    search = bayesian(ParameterRanges(continuous_parameter_ranges=[reals()]))
    search.add_parent_result(values, 0.1)
    assert not search._study.trials


def test_own_objectives_are_standardized_together_with_those_of_another_scale():
    search = bayesian(ParameterRanges(continuous_parameter_ranges=[reals()]))
    search.standardize()
    search.add_parent_result({"x": "0.5"}, -1.5)
    for index, objective in enumerate([1000.0, 3000.0]):
        search.record(index, search.propose(index), objective)
    search.propose(2)
    assert [trial.value for trial in search._study.trials] == [-1.5, -1.0, 1.0, None]


def test_the_default_sampler_is_tpe_even_if_torch_is_installed(open_service, monkeypatch):
    torch = ModuleType("torch")
    torch.__spec__ = ModuleSpec("torch", None)
    monkeypatch.setitem(sys.modules, "torch", torch)
    assert "--sampler" not in serve_command(open_service().root)


def test_an_unknown_sampler_is_refused(open_service):
    with pytest.raises(ValueError, match='sampler: expected "tpe" or "gp", got \'auto\''):
        open_service(sampler="auto")


def test_the_sampler_gp_needs_torch(open_service, monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(ImportError, match=r'run: pip install "hptsdk\[gp\]"$'):
        open_service(sampler="gp")


# --- as a tuning job ---


def test_a_bayesian_job_runs(open_service):
    handle = run(open_service(shell("echo loss=$SM_HP_RATE")), job(max_jobs=6).bayesian(random_seed=3).build())
    assert handle.describe().training_job_status_counters.completed == 6


def test_the_default_strategy_is_bayesian(open_service):
    builder = hptsdk.tuning_job("demo", training(), minimize="loss", max_jobs=3, max_parallel_jobs=1)
    handle = run(open_service(), builder.continuous("rate", 0.1, 1.0).build())
    assert handle.describe().hyper_parameter_tuning_job_config.strategy == "Bayesian"


def test_a_tuning_job_with_one_training_job_at_a_time_is_reproducible(open_service):
    service = open_service(shell("echo loss=$SM_HP_RATE"))
    first, second = (
        [
            s.tuned_hyper_parameters
            for s in run(service, job(name, max_jobs=12, parallel=1).bayesian(random_seed=3).build()).training_jobs()
        ]
        for name in ("first", "second")
    )
    assert first == second


def test_failed_training_jobs_are_not_used_as_results(open_service):
    program = shell("case $TRAINING_JOB_NAME in *-002-*) exit 1;; *) echo loss=$SM_HP_RATE;; esac")
    handle = run(open_service(program), job(max_jobs=5, parallel=1).bayesian(random_seed=3).build())
    assert handle.describe().training_job_status_counters.non_retryable_error == 1
