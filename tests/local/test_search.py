"""The values of random and grid search."""

import itertools
import math

import pytest
from hypothesis import given, strategies as st

from hptsdk.local.search._dimensions import Integers, Reals, dimensions_of
from hptsdk.local.search._strategies import GridSearch, RandomSearch
from hptsdk.shapes import (
    CategoricalParameterRange,
    ContinuousParameterRange,
    IntegerParameterRange,
    ParameterRanges,
)

SHARES = st.floats(0, 1, exclude_max=True)


def integers(low, high, scaling=None):
    return IntegerParameterRange(name="n", min_value=str(low), max_value=str(high), scaling_type=scaling)


def reals(low, high, scaling=None):
    return ContinuousParameterRange(name="x", min_value=str(low), max_value=str(high), scaling_type=scaling)


def mixed():
    return ParameterRanges(
        integer_parameter_ranges=[integers(1, 3)],
        categorical_parameter_ranges=[CategoricalParameterRange(name="c", values=["a", "b"])],
    )


@given(st.floats(-1e300, 1e300), st.floats(-1e300, 1e300), SHARES, st.sampled_from(["Linear", "Auto", None]))
def test_a_real_value_is_within_its_bounds_and_equal_to_its_text(low, high, share, scaling):
    low, high = sorted((low, high))
    if low == high:
        high = math.nextafter(high, math.inf)
    (dimension,) = dimensions_of(ParameterRanges(continuous_parameter_ranges=[reals(low, high, scaling)]))
    value = float(dimension.at(share))
    assert low <= value <= high
    assert repr(value) == dimension.at(share)


@given(st.integers(-(10**9), 10**9), st.integers(1, 10**9), SHARES)
def test_a_whole_number_is_within_its_bounds(low, width, share):
    (dimension,) = dimensions_of(ParameterRanges(integer_parameter_ranges=[integers(low, low + width)]))
    assert low <= int(dimension.at(share)) <= low + width


def test_each_integer_has_the_same_probability():
    dimension = Integers("n", 1, 4, logarithmic=False)
    assert [dimension.at(share) for share in (0, 0.24, 0.26, 0.49, 0.51, 0.74, 0.76, 0.99)] == list("11223344")


def test_an_integer_on_a_logarithmic_scale_is_drawn_by_its_logarithm():
    dimension = Integers("n", 1, 100, logarithmic=True)
    # from ln ½ to ln 100½
    middle = math.exp((math.log(0.5) + math.log(100.5)) / 2)
    assert dimension.at(0.5) == str(round(middle))
    assert (dimension.at(0), dimension.at(1 - 1e-12)) == ("1", "100")


def test_a_real_value_on_a_logarithmic_scale_is_drawn_by_its_logarithm():
    assert float(Reals("x", 1e-4, 1.0, "Logarithmic").at(0.5)) == pytest.approx(1e-2)


def test_reverse_logarithmic_is_the_logarithm_of_the_distance_from_one():
    share, low, high = 0.3, 0.0, 0.999
    expected = 1 - math.exp((1 - share) * math.log(1 - low) + share * math.log(1 - high))
    assert float(Reals("x", low, high, "ReverseLogarithmic").at(share)) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("low", "high", "logarithmic"), [(0.01, 1, True), (0.011, 1, False), (-1, 1, False), (0, 1, False)]
)
def test_bounds_with_a_ratio_of_100_are_searched_on_a_logarithmic_scale_by_default(low, high, logarithmic):
    (dimension,) = dimensions_of(ParameterRanges(continuous_parameter_ranges=[reals(low, high)]))
    assert (dimension.scaling == "Logarithmic") == logarithmic


def test_random_values_are_a_function_of_the_seed_and_the_index():
    ranges = ParameterRanges(continuous_parameter_ranges=[reals(0.1, 1)])
    first, second = RandomSearch(ranges, "7/0"), RandomSearch(ranges, "7/0")
    backwards = [second.propose(index) for index in reversed(range(20))]
    assert [first.propose(index) for index in range(20)] == backwards[::-1]


def test_another_seed_gives_other_values():
    ranges = ParameterRanges(continuous_parameter_ranges=[reals(0.1, 1)])
    assert RandomSearch(ranges, "7/0").propose(0) != RandomSearch(ranges, "8/0").propose(0)


def test_random_values_are_those_of_earlier_releases():
    ranges = ParameterRanges(continuous_parameter_ranges=[reals(0.1, 1)], integer_parameter_ranges=[integers(1, 1000)])
    assert RandomSearch(ranges, "7/0").propose(0) == {"n": "4", "x": "0.9921324282155122"}


def test_no_countable_combination_is_tried_twice():
    search = RandomSearch(mixed(), "7/0")
    proposed = [tuple(search.propose(index).values()) for index in range(6)]
    assert sorted(proposed) == sorted(itertools.product("ab", "123"))
    assert search.propose(6) is None


@given(st.integers(0, 1000))
def test_values_do_not_depend_on_earlier_calls(seed):
    first, second = RandomSearch(mixed(), str(seed)), RandomSearch(mixed(), str(seed))
    assert [first.propose(index) for index in range(6)] == [second.propose(index) for index in (5, 4, 3, 2, 1, 0)][::-1]


def test_all_values_of_a_logarithmic_range_are_tried():
    ranges = ParameterRanges(integer_parameter_ranges=[integers(1, 300, "Logarithmic")])
    search = RandomSearch(ranges, "1")
    assert {search.propose(index)["n"] for index in range(300)} == {str(n) for n in range(1, 301)}


def test_random_covers_a_range_evenly():
    search = RandomSearch(ParameterRanges(continuous_parameter_ranges=[reals(0, 1)]), "3")
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
    search = GridSearch(ranges)
    proposed = [tuple(search.propose(index).items()) for index in range(search.size)]
    assert proposed == [(("a", a), ("b", b)) for a in "xy" for b in "123"]
    assert search.propose(search.size) is None
