"""Properties of the text of numbers in builders, and of unique names."""

import enum
import re
from decimal import Decimal, localcontext

import pytest
from hypothesis import assume, given, strategies as st
from sample_requests import REQUIRED

import hptsdk

TRAINING = hptsdk.training(algorithm="mine", **REQUIRED)
JOB = hptsdk.tuning_job("job", TRAINING, minimize="rmse", max_jobs=1, max_parallel_jobs=1).autotune()

PLAIN = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?", re.ASCII)
NAME = re.compile(r"[a-zA-Z0-9](-*[a-zA-Z0-9]){0,31}", re.ASCII)
ENDING = re.compile(r"-\d{12}-[0-9a-f]{4}$", re.ASCII)

# Larger than each drawn number, so that it can be the other bound of a range.
LEAST, MOST = Decimal("-1E+999"), Decimal("1E+999")
LEAST_INTEGER, MOST_INTEGER = -(10**240), 10**240


class Indexed:
    """A number type of another library."""

    def __init__(self, value):
        self.value = value

    def __index__(self):
        return self.value

    def __repr__(self):
        return repr(self.value)


class Int(int):
    """An int type of another library, with its own repr."""

    def __repr__(self):
        return f"Int({int(self)})"

    __str__ = __repr__


class Float(float):
    """A float type of another library, with its own repr."""

    def __repr__(self):
        return f"Float({float(self)})"

    __str__ = __repr__


class Level(enum.IntEnum):
    LOW = -1
    HIGH = 5


INTEGERS = st.integers(-(10**200), 10**200)
FLOATS = st.floats(allow_nan=False, allow_infinity=False)
DECIMALS = st.builds(
    lambda sign, digits, exponent: Decimal((sign, tuple(digits), exponent)),
    st.integers(0, 1),
    st.lists(st.integers(0, 9), min_size=1, max_size=40),
    st.integers(-400, 400),
) | st.decimals(-(10**30), 10**30, allow_nan=False)
NUMBERS = {
    "int": INTEGERS,
    "float": FLOATS,
    "decimal": DECIMALS,
    "index": INTEGERS.map(Indexed),
    "int subclass": INTEGERS.map(Int) | st.sampled_from(Level),
    "float subclass": FLOATS.map(Float),
}
WHOLE = {
    "float": st.integers(-(2**53), 2**53).map(float) | st.integers(-(10**200), 10**200).map(float),
    "decimal": st.builds(
        lambda integer, zeros, exponent: Decimal(f"{integer}.{'0' * zeros}E{exponent}"),
        st.integers(-(10**40), 10**40),
        st.integers(1, 9),
        st.integers(0, 180),
    ),
}
KINDS = pytest.mark.parametrize("kind", NUMBERS)


def ranges(job):
    return job.build().hyper_parameter_tuning_job_config.parameter_ranges


# Functions that return the text of a number in one of the members that hold one.
PLACES = {
    "low": lambda value: ranges(JOB.continuous("x", value, MOST)).continuous_parameter_ranges[0].min_value,
    "high": lambda value: ranges(JOB.continuous("x", LEAST, value)).continuous_parameter_ranges[0].max_value,
    "hint": lambda value: ranges(JOB.auto("x", value)).auto_parameters[0].value_hint,
    "category": lambda value: ranges(JOB.categorical("x", ["a", value])).categorical_parameter_ranges[0].values[1],
    "static": lambda value: definition(TRAINING.static(p=value)).static_hyper_parameters["p"],
    "environment": lambda value: definition(TRAINING.environment(P=value)).environment["P"],
}
PLACE = st.sampled_from(sorted(PLACES)).map(PLACES.get)


def definition(training):
    job = hptsdk.tuning_job("job", training, minimize="rmse", max_parallel_jobs=1).autotune()
    return job.categorical("x", ["a", "b"]).build().training_job_definition


def same(text, value):
    """Check whether the text parses to an equal value."""
    if isinstance(value, float):
        return float(text) == value
    if isinstance(value, Indexed):
        return int(text) == value.value
    return Decimal(text) == Decimal(value)


def usual(value):
    """Format a number as Python formats that of the built-in type."""
    if isinstance(value, float):
        return float.__repr__(value)
    if isinstance(value, Decimal):
        return str(value)
    return str(value.value if isinstance(value, Indexed) else int(value))


@KINDS
@given(data=st.data())
def test_the_text_of_a_number_reads_back_equal(kind, data):
    write, value = data.draw(PLACE), data.draw(NUMBERS[kind])
    assert same(write(value), value)


@KINDS
@given(data=st.data())
def test_the_text_of_a_number_is_plain_decimal_text(kind, data):
    write, value = data.draw(PLACE), data.draw(NUMBERS[kind])
    assert PLAIN.fullmatch(write(value))


@KINDS
@given(data=st.data())
def test_the_text_of_a_number_is_no_longer_than_its_repr(kind, data):
    write, value = data.draw(PLACE), data.draw(NUMBERS[kind])
    assert len(write(value)) <= len(usual(value))


@given(value=DECIMALS, precision=st.integers(1, 60), capitals=st.integers(0, 1))
def test_the_decimal_context_does_not_change_the_text(value, precision, capitals):
    with localcontext(prec=precision, capitals=capitals):
        text = PLACES["hint"](value)
    assert Decimal(text) == value


@given(value=st.sampled_from([INTEGERS, INTEGERS.map(Int), INTEGERS.map(Indexed)]).flatmap(lambda kind: kind))
def test_an_integer_is_formatted_unchanged_in_an_integer_range(value):
    text = ranges(JOB.integer("x", value, MOST_INTEGER)).integer_parameter_ranges[0].min_value
    assert text == usual(value)


@pytest.mark.parametrize("kind", WHOLE)
@given(data=st.data())
def test_a_whole_number_of_any_type_is_formatted_as_an_integer_in_an_integer_range(kind, data):
    value = data.draw(WHOLE[kind])
    text = ranges(JOB.integer("x", LEAST_INTEGER, value)).integer_parameter_ranges[0].max_value
    assert text == str(int(value))


@given(value=FLOATS | DECIMALS)
def test_a_number_with_a_fraction_is_refused_in_an_integer_range(value, refused):
    assume(Decimal(value) != Decimal(value).to_integral_value())
    assert [v.path for v in refused(JOB.integer, "x", value, MOST_INTEGER)] == ["MinValue"]


# --- names ---


@given(prefix=st.from_regex(NAME, fullmatch=True))
def test_a_unique_name_of_a_good_prefix_is_a_name_that_a_job_can_have(prefix):
    assert NAME.fullmatch(hptsdk.unique_name(prefix))


@given(prefix=st.from_regex(NAME, fullmatch=True))
def test_a_unique_name_starts_with_its_prefix(prefix):
    assert prefix.startswith(ENDING.sub("", hptsdk.unique_name(prefix)))


@given(prefix=st.text(max_size=40))
def test_a_unique_name_is_valid_or_its_prefix_is_an_error(prefix):
    try:
        name = hptsdk.unique_name(prefix)
    except hptsdk.errors.InvalidShapeError:
        assert not NAME.fullmatch(prefix)
    else:
        assert NAME.fullmatch(name)
