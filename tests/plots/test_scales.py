"""The positions of values on an axis, and its labels."""

import math
import sys

import pytest
from drawings import as_described, definition, training_job
from hypothesis import assume, given, strategies as st

import hptsdk
from hptsdk.progress import format_number
from hptsdk.report._axes import Scale, duration_scale, number_scale, parameter_scale
from hptsdk.report._results import Parameter, job_results

NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
SCALINGS = st.sampled_from(["Linear", "Logarithmic", "ReverseLogarithmic"])


@st.composite
def scales(draw):
    """Draw values, and the scale of a hyperparameter that was tried with them."""
    values = draw(st.lists(NUMBERS, min_size=1, max_size=5))
    bounds = sorted(draw(st.tuples(NUMBERS, NUMBERS))) if draw(st.booleans()) else (None, None)
    kind = draw(st.sampled_from(["number", "integer"]))
    return values, number_scale(values, Parameter("p", kind, draw(SCALINGS), *bounds))


@given(scales())
def test_every_value_lies_on_the_axis(drawn):
    values, scale = drawn
    assert all(0 <= scale.share(value) <= 1 for value in values)


@given(scales())
def test_values_keep_their_order(drawn):
    values, scale = drawn
    shares = [scale.share(value) for value in sorted(values)]
    assert shares == sorted(shares)


@given(scales(), st.integers(2, 12))
def test_ticks_are_few_and_in_order(drawn, most):
    _, scale = drawn
    shares = [share for share, _ in scale.ticks(most)]
    assert 1 <= len(shares) <= 3 * most + 10
    assert shares == sorted(shares)
    assert all(0 <= share <= 1 for share in shares)


@given(scales(), st.integers(2, 12))
def test_a_tick_lies_at_the_position_of_its_label(drawn, most):
    _, scale = drawn
    assume(scale.high > scale.low)
    for share, label in scale.ticks(most):
        assert share == pytest.approx(scale.share(float(label)), abs=0.01)


NEAR = st.builds(
    lambda low, ulps: [low, low + ulps * math.ulp(low)],
    st.floats(-1e15, 1e15) | st.integers(-(10**7), 10**7).map(float),
    st.integers(1, 10**12),
)
WITHIN_ONE = st.builds(lambda digits: [0.9, 1 - 10.0**-digits], st.integers(2, 15))


@given(
    scales().map(lambda drawn: drawn[1])
    | NEAR.map(number_scale)
    | WITHIN_ONE.map(lambda values: number_scale(values, Parameter("p", "number", "ReverseLogarithmic"))),
    st.integers(2, 12),
)
def test_the_labels_of_an_axis_differ(scale, most):
    labels = [label for _, label in scale.ticks(most)]
    assert len(set(map(float, labels))) == len(labels)


@given(scales(), st.integers(2, 12))
def test_an_axis_has_one_notation(drawn, most):
    labels = [label for _, label in drawn[1].ticks(most) if label != "0"]
    assert len({"e" in label for label in labels}) <= 1


@given(NUMBERS)
def test_a_formatted_number_is_close_to_the_number(number):
    # a number that is rounded up to more than the largest float is infinite
    assume(abs(number) < sys.float_info.max / 1.001)
    assert float(format_number(number)) == pytest.approx(number, rel=1e-5, abs=sys.float_info.min)


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, "0"), (0.1 + 0.2, "0.3"), (1e-5, "1e-5"), (2.5e-7, "2.5e-7"), (12345, "12345"), (1e6, "1e6"), (-3e8, "-3e8")],
)
def test_a_number_is_short(number, text):
    assert format_number(number) == text


@pytest.mark.parametrize(
    ("scale", "labels"),
    [
        (Scale(0, 1), ["0", "0.2", "0.4", "0.6", "0.8", "1"]),
        (Scale(0.001, 1, "log"), ["0.001", "0.01", "0.1", "1"]),
        (Scale(1e-12, 1, "log"), ["1e-12", "1e-10", "1e-8", "1e-6", "1e-4", "1e-2", "1e0"]),
        (Scale(1e-4, 1, "log"), ["0.0001", "0.001", "0.01", "0.1", "1"]),
        (Scale(0, 1e6), ["0", "2e5", "4e5", "6e5", "8e5", "1e6"]),
        (Scale(0, 50_000), ["0", "10000", "20000", "30000", "40000", "50000"]),
        (Scale(-3e-7, 1e-7), ["-3e-7", "-2e-7", "-1e-7", "0", "1e-7"]),
        (Scale(1234567, 1234570), ["1234567", "1234567.5", "1234568", "1234568.5", "1234569", "1234569.5", "1234570"]),
        (Scale(1_000_000, 1_000_016, is_whole=True), ["1000000", "1000005", "1000010", "1000015"]),
        (Scale(250_000.1, 250_003), ["250000.5", "250001", "250001.5", "250002", "250002.5", "250003"]),
        (
            Scale(1e9, 1e9 + 1),
            ["1000000000", "1000000000.2", "1000000000.4", "1000000000.6", "1000000000.8", "1000000001"],
        ),
        (Scale(0.2, 0.4, is_whole=True), ["0.2", "0.4"]),
        (Scale(0, 0.999, "reverse"), ["0", "0.9", "0.99", "0.999"]),
        (
            Scale(0.9, 0.99999999, "reverse"),
            ["0.9", "0.99", "0.999", "0.9999", "0.99999", "0.999999", "0.9999999", "0.99999999"],
        ),
        (Scale(0, 3, is_whole=True), ["0", "1", "2", "3"]),
        (Scale(7, 7), ["7"]),
        (Scale(categories=("a", "b")), ["a", "b"]),
    ],
)
def test_ticks_are_round_numbers(scale, labels):
    assert [label for _, label in scale.ticks(6)] == labels


def test_ticks_of_durations_are_in_their_unit():
    assert [label for _, label in duration_scale(3 * 3600).ticks(4)] == ["0", "1", "2", "3"]


@given(st.floats(0, 1e9))
def test_a_duration_has_a_unit_with_short_labels(seconds):
    scale = duration_scale(seconds)
    assert scale.high / scale.unit[1] <= 120 or scale.unit[0] == "d"


def test_categories_outside_the_range_are_on_the_axis():
    assert parameter_scale(Parameter("p", "category", choices=("b", "a")), ["c", "a"]).categories == ("b", "a", "c")


def test_categories_lie_in_the_middle_of_their_parts():
    assert [share for share, _ in Scale(categories=("a", "b")).ticks(9)] == [0.25, 0.75]


def test_only_some_of_many_categories_have_labels():
    assert len(Scale(categories=tuple(map(str, range(30)))).ticks(10)) == 10


@pytest.mark.parametrize("scaling", ["Logarithmic", "Linear"])
def test_values_without_a_logarithm_are_drawn_on_a_linear_scale(scaling):
    assert number_scale([-1.0, 1000.0], Parameter("p", "number", scaling)).kind == "linear"


def test_a_share_of_the_widest_range_is_a_number():
    scale = Scale(-sys.float_info.max, sys.float_info.max)
    assert math.isclose(scale.share(0.0), 0.5)


RANGES = [
    # the range's own scaling, as the request has it
    ({"scaling": "Linear"}, 0.001, 100.0, "linear"),
    ({"scaling": "Logarithmic"}, 0.5, 1.0, "log"),
    ({"scaling": "ReverseLogarithmic"}, 0.5, 0.75, "reverse"),
    # Auto or no scaling: by the bounds
    ({"scaling": "Auto"}, 0.0, 1.0, "linear"),
    ({}, 0.0, 1.0, "linear"),
    ({}, 1e-5, 0.1, "log"),
    ({"scaling": "Auto"}, 1e-5, 0.1, "log"),
    ({}, 1.0, 99.0, "linear"),
    ({}, 1.0, 100.0, "log"),
    ({}, -1.0, 1000.0, "linear"),
]


@pytest.mark.parametrize(("scaling", "low", "high", "kind"), RANGES)
@pytest.mark.parametrize("tried", [[0.0009, 0.9], [0.8, 0.9]], ids=["far apart", "close"])
def test_an_axis_has_the_scale_of_the_range_for_any_values(scaling, low, high, kind, tried):
    builder = hptsdk.tuning_job("demo", definition(), minimize="loss", max_jobs=50, max_parallel_jobs=2)
    response = as_described(builder.continuous("rate", low, high, **scaling).build())
    jobs = [training_job(number, 0.5, rate=value) for number, value in enumerate(tried)]
    [parameter] = job_results(response, jobs).definitions[0].parameters
    assert number_scale(tried, parameter).kind == kind


def test_an_integer_has_the_scale_of_its_range():
    builder = hptsdk.tuning_job("demo", definition(), minimize="loss", max_jobs=50, max_parallel_jobs=2)
    response = as_described(builder.integer("units", 8, 1024).build())
    [parameter] = job_results(response, [training_job(1, 0.5, units=9)]).definitions[0].parameters
    assert number_scale([9], parameter).kind == "log"


@pytest.mark.parametrize(("scaling", "low", "high"), [("Logarithmic", 0.1, 1.0), ("ReverseLogarithmic", 0.0, 0.9)])
def test_a_value_outside_a_logarithmic_range_does_not_change_the_scale(scaling, low, high):
    parameter = Parameter("p", "number", scaling, low, high)
    scale = number_scale([-1.0, 2.0], parameter)
    assert scale.kind == number_scale([0.5], parameter).kind
    assert [scale.share(-1.0), scale.share(2.0)] == [0, 1]
