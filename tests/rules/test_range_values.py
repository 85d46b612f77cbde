"""The numbers of ranges and combinations that rules use."""

import pytest

import hptsdk
from hptsdk import shapes
from hptsdk.rules.range_values import count_combinations, count_ranges, grid_size, has_ranges

REAL = shapes.ContinuousParameterRange(name="r", min_value="0", max_value="1")
KINDS = shapes.CategoricalParameterRange(name="k", values=["a", "b", "c"])


def whole(low, high, name="w"):
    return shapes.IntegerParameterRange(name=name, min_value=low, max_value=high)


def auto(name="a"):
    return shapes.AutoParameter(name=name, value_hint="1")


@pytest.fixture(autouse=True)
def any_bounds():
    """Allow ranges with invalid bounds, because rules count the values of these too."""
    with hptsdk.waived("bounds-are-numbers", "minimum-below-maximum", "range-names-differ", "integer-bounds-are-whole"):
        yield


def ranges(real=0, integers=0, kinds=0, autos=0):
    return shapes.ParameterRanges(
        continuous_parameter_ranges=[REAL] * real,
        integer_parameter_ranges=[whole("1", "4")] * integers,
        categorical_parameter_ranges=[KINDS] * kinds,
        auto_parameters=[auto()] * autos,
    )


@pytest.mark.parametrize(
    ("counts", "size"), [((0, 0, 0, 0), 0), ((1, 1, 1, 1), 4), ((3, 3, 3, 3), 12), ((3, 0, 1, 0), 4), ((0, 3, 0, 3), 6)]
)
def test_the_number_of_ranges_includes_all_types(counts, size):
    assert count_ranges(ranges(*counts)) == size


def test_none_has_no_ranges():
    assert count_ranges(None) == 0


@pytest.mark.parametrize("ranges", [None, shapes.ParameterRanges()])
def test_there_are_no_ranges_without_an_item(ranges):
    assert not has_ranges(ranges)


@pytest.mark.parametrize("kind", ["real", "integers", "kinds", "autos"])
def test_each_type_of_range_counts(kind):
    assert has_ranges(ranges(**{kind: 1}))


def test_the_size_of_a_grid_is_the_number_of_combinations():
    assert grid_size(ranges(kinds=2)) == 9


@pytest.mark.parametrize("other", [{"real": 1}, {"integers": 1}, {"autos": 1}, {"kinds": 0}])
def test_a_grid_with_other_ranges_has_no_size(other):
    assert grid_size(ranges(**{"kinds": 1, **other})) is None


def test_the_combinations_of_categories_and_integers_are_counted():
    assert count_combinations(ranges(integers=2, kinds=1)) == 48


@pytest.mark.parametrize("other", [{"real": 1}, {"autos": 1}, {"integers": 0}])
def test_combinations_with_other_ranges_are_not_counted(other):
    assert count_combinations(ranges(**{"integers": 1, **other})) is None


@pytest.mark.parametrize(
    ("low", "high", "count"),
    [
        ("2", "2", 1),
        ("3", "2", None),
        ("-1", "1", 3),
        ("0.5", "2.5", 2),
        ("0", str(10**18), 10**18 + 1),
        ("0", str(10**19), None),
        ("-" + str(10**19), "0", None),
        ("x", "2", None),
        ("2", "x", None),
    ],
)
def test_integers_are_counted_if_their_bounds_are_valid(low, high, count):
    assert count_combinations(shapes.ParameterRanges(integer_parameter_ranges=[whole(low, high)])) == count
