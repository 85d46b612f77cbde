"""The values of random and grid search."""

import itertools
import math
import random
import sys

import attrs
import pytest
from hypothesis import given, strategies as st
from running import job

from hptsdk.local.search import TuningSearch, create_search
from hptsdk.shapes import (
    CategoricalParameterRange,
    ContinuousParameterRange,
    HyperParameterTuningJobObjective,
    IntegerParameterRange,
    ParameterRanges,
)

SHARES = st.floats(0, 1, exclude_max=True)


def integers(low, high, scaling=None):
    return IntegerParameterRange(name="n", min_value=str(low), max_value=str(high), scaling_type=scaling)


def reals(low, high, scaling=None):
    return ContinuousParameterRange(name="x", min_value=str(low), max_value=str(high), scaling_type=scaling)


def search_of(ranges, seed=7, strategy="Random"):
    return create_search(strategy, ranges, seeds=(seed, 0), minimizes=True, sampler="tpe")


def drawn(share, *, integer=None, real=None):
    """Return the value of one range that a random search draws at a share of it, from 0 to less than 1."""
    ranges = ParameterRanges(
        integer_parameter_ranges=[integer] if integer else None, continuous_parameter_ranges=[real] if real else None
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(random.Random, "random", lambda _: share)
        (value,) = search_of(ranges).propose(0).values()
    return value


def mixed():
    return ParameterRanges(
        integer_parameter_ranges=[integers(1, 3)],
        categorical_parameter_ranges=[CategoricalParameterRange(name="c", values=["a", "b"])],
    )


BOUNDS = st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=2, max_size=2, unique=True).map(sorted)


@given(BOUNDS, SHARES, st.sampled_from(["Linear", "Auto", None]))
def test_a_real_value_is_within_its_bounds_and_equal_to_its_text(bounds, share, scaling):
    low, high = bounds
    text = drawn(share, real=reals(low, high, scaling))
    assert low <= float(text) <= high
    assert repr(float(text)) == text


@given(st.integers(-(10**9), 10**9), st.integers(1, 10**9), SHARES)
def test_a_whole_number_is_within_its_bounds(low, width, share):
    assert low <= int(drawn(share, integer=integers(low, low + width))) <= low + width


def test_each_integer_has_the_same_probability():
    shares = (0, 0.24, 0.26, 0.49, 0.51, 0.74, 0.76, 0.99)
    assert [drawn(share, integer=integers(1, 4, "Linear")) for share in shares] == list("11223344")


def test_an_integer_on_a_logarithmic_scale_is_drawn_by_its_logarithm():
    # from ln ½ to ln 100½
    middle = math.exp((math.log(0.5) + math.log(100.5)) / 2)
    values = [drawn(share, integer=integers(1, 100, "Logarithmic")) for share in (0, 0.5, 1 - 1e-12)]
    assert values == ["1", str(round(middle)), "100"]


def test_the_range_of_all_numbers_is_searched_evenly():
    assert float(drawn(0.5, real=reals(-sys.float_info.max, sys.float_info.max, "Linear"))) == 0


def test_a_real_value_on_a_logarithmic_scale_is_drawn_by_its_logarithm():
    assert float(drawn(0.5, real=reals(1e-4, 1.0, "Logarithmic"))) == pytest.approx(1e-2)


def test_reverse_logarithmic_is_the_logarithm_of_the_distance_from_one():
    share, low, high = 0.3, 0.0, 0.999
    expected = 1 - math.exp((1 - share) * math.log(1 - low) + share * math.log(1 - high))
    assert float(drawn(share, real=reals(low, high, "ReverseLogarithmic"))) == pytest.approx(expected)


@pytest.mark.parametrize(("low", "high", "middle"), [(0.01, 1, 0.1), (0.011, 1, 0.5055), (-1, 1, 0), (0, 1, 0.5)])
def test_bounds_with_a_ratio_of_100_are_searched_on_a_logarithmic_scale_by_default(low, high, middle):
    assert float(drawn(0.5, real=reals(low, high))) == pytest.approx(middle)


def test_random_values_are_a_function_of_the_seed_and_the_index():
    ranges = ParameterRanges(continuous_parameter_ranges=[reals(0.1, 1)])
    first, second = search_of(ranges), search_of(ranges)
    backwards = [second.propose(index) for index in reversed(range(20))]
    assert [first.propose(index) for index in range(20)] == backwards[::-1]


def test_another_seed_gives_other_values():
    ranges = ParameterRanges(continuous_parameter_ranges=[reals(0.1, 1)])
    assert search_of(ranges).propose(0) != search_of(ranges, 8).propose(0)


def test_random_values_are_those_of_earlier_releases():
    ranges = ParameterRanges(continuous_parameter_ranges=[reals(0.1, 1)], integer_parameter_ranges=[integers(1, 1000)])
    assert search_of(ranges).propose(0) == {"n": "4", "x": "0.9921324282155122"}


def test_no_countable_combination_is_tried_twice():
    search = search_of(mixed())
    proposed = [tuple(search.propose(index).values()) for index in range(6)]
    assert sorted(proposed) == sorted(itertools.product("ab", "123"))
    assert search.propose(6) is None


@given(st.integers(0, 1000))
def test_values_do_not_depend_on_earlier_calls(seed):
    first, second = search_of(mixed(), seed), search_of(mixed(), seed)
    assert [first.propose(index) for index in range(6)] == [second.propose(index) for index in (5, 4, 3, 2, 1, 0)][::-1]


def test_all_values_of_a_logarithmic_range_are_tried():
    ranges = ParameterRanges(integer_parameter_ranges=[integers(1, 300, "Logarithmic")])
    search = search_of(ranges, 1)
    assert {search.propose(index)["n"] for index in range(300)} == {str(n) for n in range(1, 301)}


def test_random_covers_a_range_evenly():
    search = search_of(ParameterRanges(continuous_parameter_ranges=[reals(0, 1)]), 3)
    values = [float(search.propose(index)["x"]) for index in range(2000)]
    counts = [sum(low <= value < low + 0.1 for value in values) for low in (n / 10 for n in range(10))]
    assert max(counts) < 260
    assert min(counts) > 140


def test_a_grid_search_tries_all_combinations_in_order():
    ranges = ParameterRanges(
        categorical_parameter_ranges=[
            CategoricalParameterRange(name="a", values=["x", "y"]),
            CategoricalParameterRange(name="b", values=["1", "2", "3"]),
        ]
    )
    search = search_of(ranges, strategy="Grid")
    proposed = [tuple(search.propose(index).items()) for index in range(6)]
    assert proposed == [(("a", a), ("b", b)) for a in "xy" for b in "123"]
    assert search.propose(6) is None


def test_a_strategy_of_another_version_is_not_searched_at_random():
    with pytest.raises(ValueError, match="The strategy Evolution is unknown"):
        search_of(mixed(), strategy="Evolution")


# --- the ranges that are searched ---


def proposed_names(request):
    """Return the names of the hyperparameters of the first training job of each definition."""
    return [set(definition.propose()) for definition in TuningSearch(request, 7, "tpe").definitions]


def job_with_ranges_in_its_definition(**members):
    """Return a request whose job has a range named rate, and its definition one named x."""
    request, ranges = job().build(), ParameterRanges(continuous_parameter_ranges=[reals(0.1, 1)])
    definition = attrs.evolve(request.training_job_definition, hyper_parameter_ranges=ranges, **members)
    return attrs.evolve(request, training_job_definition=definition)


@pytest.mark.parametrize("name", [None, "only"])
def test_a_single_definition_searches_the_ranges_of_the_job_before_its_own(name):
    assert proposed_names(job_with_ranges_in_its_definition(definition_name=name)) == [{"rate"}]


def test_a_single_definition_has_the_objective_of_the_job_before_its_own():
    own = HyperParameterTuningJobObjective(type="Maximize", metric_name="mine")
    [definition] = TuningSearch(job_with_ranges_in_its_definition(tuning_objective=own), 7, "tpe").definitions
    assert definition.objective.metric_name == "loss"


def test_a_single_definition_searches_its_own_ranges_if_those_of_the_job_are_empty():
    request = job_with_ranges_in_its_definition()
    config = attrs.evolve(request.hyper_parameter_tuning_job_config, parameter_ranges=ParameterRanges())
    assert proposed_names(attrs.evolve(request, hyper_parameter_tuning_job_config=config)) == [{"x"}]
