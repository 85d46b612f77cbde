"""The positions of values on an axis, and its labels, in plots of hyperparameters and over time."""

import math
import sys

import pytest
from drawings import SVG, drawn, numbers, of_class, plots, training_job, visible_texts
from hypothesis import assume, given, strategies as st

import hptsdk
from hptsdk import shapes
from hptsdk.progress import format_number

NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
SCALINGS = st.sampled_from(["Linear", "Logarithmic", "ReverseLogarithmic"])


def response(member=None, **members):
    """Return the Describe response about a tuning job with one range of the hyperparameter p, or without a range."""
    ranges = {member: [{"Name": "p", **members}]} if member else {}
    objective = {"Type": "Minimize", "MetricName": "loss"}
    config = {"HyperParameterTuningJobObjective": objective, "ParameterRanges": ranges}
    return hptsdk.from_wire(
        shapes.DescribeHyperParameterTuningJobResponse,
        {"HyperParameterTuningJobName": "demo", "HyperParameterTuningJobConfig": config},
    )


def numeric(low, high, scaling=None, *, kind="Continuous"):
    """Return the response about a tuning job with a numeric range."""
    bounds = {"MinValue": str(low), "MaxValue": str(high)}
    return response(f"{kind}ParameterRanges", **bounds, **({"ScalingType": scaling} if scaling else {}))


class Axis:
    """The axis of the hyperparameter p for training jobs with these values.

    Attributes:
        title: the title of the axis.
        labels: the labels in the plot of parallel axes, by their positions from 0 to 1.
        shares: the positions of the values, from 0 to 1.
        slice_labels: the labels in the plot of slices, by their positions from 0 to 1.
    """

    def __init__(self, values, described=None):
        jobs = [training_job(number, 0.5, p=value) for number, value in enumerate(values)]
        job_plots = plots(jobs, described or response())
        root = drawn(job_plots.parallel)
        axis = next(group for group in root.findall(f"{SVG}g") if group.findall(f"{SVG}text"))
        title, *labels = axis.findall(f"{SVG}text")
        self.title = title.text
        self.labels = [((310 - float(label.get("y")) + 3.5) / 264, label.text) for label in labels]
        lines = {line.findtext(f"{SVG}title"): next(numbers(line.get("d")))[1] for line in of_class(root, "jobs")}
        self.shares = [(310 - lines[f"demo-{number:03d}: loss 0.5"]) / 264 for number in range(len(values))]
        root = drawn(job_plots.slices)
        _, columns = (group for group in root.findall(f"{SVG}g") if group.get("fill"))
        [outline] = [path for path in root.findall(f"{SVG}path") if "V" in path.get("d")]
        left = next(numbers(outline.get("d")))[0] + 8
        self.slice_labels = [
            ((float(label.get("x")) - left) / (266 - left), label.text) for label in columns.findall(f"{SVG}text")
        ]


def labels(axis):
    return [label for _, label in axis.labels]


@st.composite
def axes(draw):
    """Draw values, and the axis of a hyperparameter that was tried with them."""
    values = draw(st.lists(NUMBERS, min_size=1, max_size=5))
    if not draw(st.booleans()):
        return values, Axis(values)
    low, high = sorted(draw(st.tuples(NUMBERS, NUMBERS)))
    kind = draw(st.sampled_from(["Continuous", "Integer"]))
    return values, Axis(values, numeric(low, high, draw(SCALINGS), kind=kind))


NEAR = st.builds(
    lambda low, ulps: [low, low + ulps * math.ulp(low)],
    st.floats(-1e15, 1e15) | st.integers(-(10**7), 10**7).map(float),
    st.integers(1, 10**12),
)
WITHIN_ONE = st.builds(lambda digits: numeric(0.9, 1 - 10.0**-digits, "ReverseLogarithmic"), st.integers(2, 15))
ANY_AXIS = axes().map(lambda drawn: drawn[1]) | NEAR.map(Axis) | WITHIN_ONE.map(lambda one: Axis([0.95], one))


@given(axes())
def test_every_value_lies_on_the_axis(drawn):
    _, axis = drawn
    assert all(0 <= share <= 1 for share in axis.shares)


@given(axes())
def test_values_keep_their_order(drawn):
    values, axis = drawn
    shares = [share for _, share in sorted(zip(values, axis.shares, strict=True))]
    assert shares == sorted(shares)


@given(ANY_AXIS)
def test_ticks_are_few_and_in_order(axis):
    for ticks in (axis.labels, axis.slice_labels):
        shares = [share for share, _ in ticks]
        assert 1 <= len(shares) <= 31
        assert shares == sorted(shares)
        assert all(-0.001 <= share <= 1.001 for share in shares)


@given(NUMBERS, NUMBERS, SCALINGS)
def test_a_tick_lies_at_the_position_of_its_label(one, other, scaling):
    assume(one != other)
    described = numeric(min(one, other), max(one, other), scaling)
    axis = Axis([one, other], described)
    of_labels = Axis([one, other, *labels(axis)], described)
    assume(of_labels.labels == axis.labels)
    assert [share for share, _ in axis.labels] == pytest.approx(of_labels.shares[2:], abs=0.01)


@given(ANY_AXIS)
def test_the_labels_of_an_axis_differ(axis):
    for ticks in (axis.labels, axis.slice_labels):
        assert len({float(label) for _, label in ticks}) == len(ticks)


@given(ANY_AXIS)
def test_an_axis_has_one_notation(axis):
    assert len({"e" in label for label in labels(axis) if label != "0"}) <= 1


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
    ("value", "described", "expected"),
    [
        (0, numeric(0, 1), ["0", "0.2", "0.4", "0.6", "0.8", "1"]),
        (1, numeric(0.001, 1, "Logarithmic"), ["0.001", "0.01", "0.1", "1"]),
        (1, numeric(1e-12, 1), ["1e-12", "1e-10", "1e-8", "1e-6", "1e-4", "1e-2", "1e0"]),
        (1, numeric(1e-4, 1), ["0.0001", "0.001", "0.01", "0.1", "1"]),
        (0, numeric(0, 1e6), ["0", "2e5", "4e5", "6e5", "8e5", "1e6"]),
        (0, numeric(0, 50_000), ["0", "10000", "20000", "30000", "40000", "50000"]),
        (0, numeric(-3e-7, 1e-7), ["-3e-7", "-2e-7", "-1e-7", "0", "1e-7"]),
        (
            1234567,
            numeric(1234567, 1234570),
            ["1234567", "1234567.5", "1234568", "1234568.5", "1234569", "1234569.5", "1234570"],
        ),
        (1_000_000, numeric(1_000_000, 1_000_016, kind="Integer"), ["1000000", "1000005", "1000010", "1000015"]),
        (250_001, numeric(250_000.1, 250_003), ["250000.5", "250001", "250001.5", "250002", "250002.5", "250003"]),
        (
            1e9,
            numeric(1e9, 1e9 + 1),
            ["1000000000", "1000000000.2", "1000000000.4", "1000000000.6", "1000000000.8", "1000000001"],
        ),
        (0.2, numeric(0.2, 0.4, kind="Integer"), ["0.2", "0.4"]),
        (1, numeric(0.4, 1.3, kind="Integer"), ["0.4", "1.3"]),
        (0, numeric(0, 0.999, "ReverseLogarithmic"), ["0", "0.9", "0.99", "0.999"]),
        (0.5, numeric(0, 0.9, "ReverseLogarithmic"), ["0", "0.5", "0.8", "0.9"]),
        (
            0.9,
            numeric(0.9, 0.99999999, "ReverseLogarithmic"),
            ["0.9", "0.99", "0.999", "0.9999", "0.99999", "0.999999", "0.9999999", "0.99999999"],
        ),
        (0, numeric(0, 3, kind="Integer"), ["0", "1", "2", "3"]),
        (7, numeric(7, 7), ["7"]),
        (1_000_000, numeric(1_000_000, 1_000_000.0000001), ["1000000", "1000000.0000001"]),
        ("a", response("CategoricalParameterRanges", Values=["a", "b"]), ["a", "b"]),
    ],
)
def test_ticks_are_round_numbers(value, described, expected):
    assert labels(Axis([value], described)) == expected


def lasting(seconds):
    """Return the unit and the labels of the time axis of training jobs that end after this number of seconds."""
    last = training_job(1, 0.5, minutes=seconds / 60)
    root = drawn(plots([last]).timeline)
    title = next(word for word in visible_texts(root) if word.startswith("Time since"))
    columns = [group for group in root.findall(f"{SVG}g") if group.get("fill")][1]
    return title.rpartition("(")[2].rstrip(")"), [text.text for text in columns.findall(f"{SVG}text")]


def test_ticks_of_durations_are_in_their_unit():
    assert lasting(3 * 3600) == ("h", ["0", "0.5", "1", "1.5", "2", "2.5", "3"])


@given(st.integers(0, 10**9))
def test_a_duration_has_a_unit_with_short_labels(seconds):
    unit, ticks = lasting(seconds)
    assert float(ticks[-1]) <= 120 or unit == "d"


def test_categories_outside_the_range_are_on_the_axis():
    assert labels(Axis(["c", "a"], response("CategoricalParameterRanges", Values=["b", "a"]))) == ["b", "a", "c"]


def test_categories_lie_in_the_middle_of_their_parts():
    assert Axis(["a", "b"]).shares == pytest.approx([0.25, 0.75], abs=0.001)


def test_only_some_of_many_categories_have_labels():
    assert len(Axis([f"c{number}" for number in range(90)]).labels) == 18


@pytest.mark.parametrize("scaling", ["Logarithmic", "Linear"])
def test_values_without_a_logarithm_are_drawn_on_a_linear_scale(scaling):
    assert Axis([-1.0, 1000.0], numeric(-1.0, 1000.0, scaling)).title == "p"


@pytest.mark.parametrize(("values", "title"), [([-1, 1000], "p"), ([1, 99], "p"), ([1, 100], "p (log)")])
def test_values_without_a_range_are_drawn_on_a_logarithmic_scale_if_they_are_far_apart(values, title):
    assert Axis(values).title == title


def test_a_value_in_the_middle_of_the_widest_range_lies_in_the_middle():
    widest = sys.float_info.max
    assert Axis([-widest, 0.0, widest]).shares == pytest.approx([0, 0.5, 1], abs=0.001)


RANGES = [
    # the range's own scaling, as the request has it
    ("Linear", 0.001, 100.0, "p"),
    ("Logarithmic", 0.5, 1.0, "p (log)"),
    ("ReverseLogarithmic", 0.5, 0.75, "p (reverse log)"),
    # Auto or no scaling: by the bounds
    ("Auto", 0.0, 1.0, "p"),
    (None, 0.0, 1.0, "p"),
    (None, 1e-5, 0.1, "p (log)"),
    ("Auto", 1e-5, 0.1, "p (log)"),
    (None, 1.0, 99.0, "p"),
    (None, 1.0, 100.0, "p (log)"),
    (None, -1.0, 1000.0, "p"),
]


@pytest.mark.parametrize(("scaling", "low", "high", "title"), RANGES)
@pytest.mark.parametrize("tried", [[0.0009, 0.9], [0.8, 0.9]], ids=["far apart", "close"])
def test_an_axis_has_the_scale_of_the_range_for_any_values(scaling, low, high, title, tried):
    assert Axis(tried, numeric(low, high, scaling)).title == title


def test_an_integer_has_the_scale_of_its_range():
    assert Axis([9], numeric(8, 1024, kind="Integer")).title == "p (log)"


@pytest.mark.parametrize(
    ("scaling", "low", "high", "title"),
    [("Logarithmic", 0.1, 1.0, "p (log)"), ("ReverseLogarithmic", 0.0, 0.9, "p (reverse log)")],
)
def test_a_value_outside_a_logarithmic_range_does_not_change_the_scale(scaling, low, high, title):
    axis = Axis([-1.0, 2.0], numeric(low, high, scaling))
    assert axis.title == title
    assert axis.shares == pytest.approx([0, 1], abs=0.001)
