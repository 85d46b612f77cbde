"""Bayesian search with Gaussian processes. The session `quality` runs it, in which torch is installed."""

import optuna

from hptsdk.local.search._bayesian import BayesianSearch
from hptsdk.local.search._strategies import RandomSearch
from hptsdk.shapes import ContinuousParameterRange, ParameterRanges

RANGES = ParameterRanges(
    continuous_parameter_ranges=[ContinuousParameterRange(name=name, min_value="0", max_value="1") for name in "xy"]
)


def best_of(search, count=25):
    losses = []
    for index in range(count):
        values = search.propose(index)
        losses.append((float(values["x"]) - 0.3) ** 2 + (float(values["y"]) - 0.7) ** 2)
        search.record(index, values, losses[-1])
    return min(losses)


def test_the_sampler_gp_is_the_one_of_optuna():
    search = BayesianSearch(RANGES, 7, minimizes=True, sampler="gp")
    assert isinstance(search._study.sampler, optuna.samplers.GPSampler)  # noqa: SLF001 - no result shows the sampler


def test_the_sampler_gp_finds_much_better_values_than_random_search():
    assert best_of(BayesianSearch(RANGES, 7, minimizes=True, sampler="gp")) < best_of(RandomSearch(RANGES, "7")) / 20
