"""The numbers that builders accept, their text, and their errors."""

import enum
from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from sample_requests import REQUIRED

import hptsdk

TRAINING = hptsdk.training(algorithm="mine", **REQUIRED)
JOB = hptsdk.tuning_job("job", TRAINING, minimize="rmse", max_jobs=1, max_parallel_jobs=1).autotune()
NAN, INF = float("nan"), float("inf")


class Seven:
    """A number type of another library."""

    def __index__(self):
        return 7


class Array:
    """An object whose `__index__` raises, as that of arrays with several items does."""

    def __index__(self):
        raise TypeError("only integer scalar arrays can be converted to a scalar index")


class Level(enum.IntEnum):
    HIGH = 5


class Rate(float, enum.Enum):
    LOW = 0.25


class Share(Decimal, enum.Enum):
    HALF = Decimal("0.5")


class Single(float):
    """A float type of another library, with its own repr."""

    def __repr__(self):
        return f"Single({float(self)})"

    __str__ = __repr__


def hint(value):
    ranges = JOB.auto("x", value).build().hyper_parameter_tuning_job_config.parameter_ranges
    return ranges.auto_parameters[0].value_hint


def integer_bounds(low, high):
    ranges = JOB.integer("x", low, high).build().hyper_parameter_tuning_job_config.parameter_ranges
    return ranges.integer_parameter_ranges[0].min_value, ranges.integer_parameter_ranges[0].max_value


def continuous_bounds(low, high):
    ranges = JOB.continuous("x", low, high).build().hyper_parameter_tuning_job_config.parameter_ranges
    return ranges.continuous_parameter_ranges[0].min_value, ranges.continuous_parameter_ranges[0].max_value


# --- text of numbers ---

WRITTEN = [
    (0, "0"),
    (-3, "-3"),
    (10**100, "1" + "0" * 100),
    (0.1, "0.1"),
    (0.1 + 0.2, "0.30000000000000004"),
    (-2.5, "-2.5"),
    (1e-07, "1e-07"),
    (1e22, "1e+22"),
    (5e-324, "5e-324"),
    (Decimal("0.10"), "0.1"),
    (Decimal(100), "100"),
    (Decimal("100.00"), "100"),
    (Decimal("0.00"), "0"),
    (Decimal("1E+5"), "1E+5"),
    (Decimal("1.50E+10"), "1.5E+10"),
    (Decimal("-1E-7"), "-1E-7"),
    (Decimal("0.1234567890123456789012345678901234567890"), "0.123456789012345678901234567890123456789"),
    (Seven(), "7"),
    (Level.HIGH, "5"),
    (Rate.LOW, "0.25"),
    (Single(0.3), "0.3"),
]
EACH = pytest.mark.parametrize(("value", "text"), WRITTEN, ids=[f"{type(v).__name__} {t[:24]}" for v, t in WRITTEN])


@EACH
def test_a_hint_is_formatted_as_decimal_text(value, text):
    assert hint(value) == text


@EACH
def test_a_category_is_formatted_as_decimal_text(value, text):
    ranges = JOB.categorical("x", ["a", value]).build().hyper_parameter_tuning_job_config.parameter_ranges
    assert ranges.categorical_parameter_ranges[0].values[1] == text


@EACH
def test_a_bound_is_formatted_as_decimal_text(value, text):
    assert continuous_bounds(value, Decimal("1E+999"))[0] == text


@EACH
def test_a_static_hyperparameter_is_formatted_as_decimal_text(value, text):
    job = hptsdk.tuning_job("job", TRAINING.static(p=value), minimize="rmse", max_parallel_jobs=1).autotune()
    assert job.continuous("x", 0, 1).build().training_job_definition.static_hyper_parameters["p"] == text


def test_the_value_of_an_enumerated_decimal_is_formatted():
    assert hint(Share.HALF) == "0.5"


def test_text_is_unchanged_as_a_hint():
    assert hint("1.50") == "1.50"


@pytest.mark.parametrize(
    ("low", "text"),
    [
        (3.0, "3"),
        (-0.0, "0"),
        (1e16, "10000000000000000"),
        (Decimal("3.00"), "3"),
        (Decimal("3E+2"), "300"),
        (Decimal("-0"), "0"),
        (Seven(), "7"),
        (Level.HIGH, "5"),
        (-(10**20), "-100000000000000000000"),
    ],
)
def test_a_whole_bound_of_an_integer_range_is_formatted_as_an_integer(low, text):
    assert integer_bounds(low, 10**30)[0] == text


@pytest.mark.parametrize("settings", [{"capitals": 0}, {"prec": 1}, {"Emax": 3, "Emin": -3}], ids=str)
@pytest.mark.parametrize("value", [Decimal("1.5E+10"), Decimal("1.50E+10"), Decimal("12.345"), Decimal("1E-20")])
def test_a_decimal_context_of_the_user_does_not_change_the_number(settings, value):
    with localcontext(**settings):
        text = hint(value)
    assert Decimal(text) == value


# --- errors ---

NO_NUMBERS = {
    "True": True,
    "nan": NAN,
    "infinity": INF,
    "minus infinity": -INF,
    "None": None,
    "complex": 1j,
    "list": [1],
    "bytes": b"1",
    "object": object(),
    "fraction": Fraction(1, 2),
    "decimal nan": Decimal("NaN"),
    "signalling nan": Decimal("sNaN"),
    "decimal infinity": Decimal("Infinity"),
    "array": Array(),
    "5000 digits": 10**4999,
    "-5000 digits": -(10**4999),
}


def each(values):
    return pytest.mark.parametrize("value", values.values(), ids=values)


@each({**NO_NUMBERS, "text": "0.5"})
def test_a_continuous_range_refuses_a_lower_bound(value, refused):
    assert [v.path for v in refused(JOB.continuous, "x", value, 1)] == ["MinValue"]


@each({**NO_NUMBERS, "text": "0.5"})
def test_a_continuous_range_refuses_an_upper_bound(value, refused):
    assert [v.path for v in refused(JOB.continuous, "x", 0, value)] == ["MaxValue"]


@each({**NO_NUMBERS, "text": "1", "1.5": 1.5, "tiny": 5e-324, "half": Decimal("0.5"), "tiny decimal": Decimal("1E-99")})
def test_an_integer_range_refuses_a_lower_bound(value, refused):
    assert [v.path for v in refused(JOB.integer, "x", value, 9)] == ["MinValue"]


@each({**NO_NUMBERS, "text": "1", "1.5": 1.5, "half": Decimal("0.5")})
def test_an_integer_range_refuses_an_upper_bound(value, refused):
    assert [v.path for v in refused(JOB.integer, "x", 0, value)] == ["MaxValue"]


@each(NO_NUMBERS)
def test_a_hint_is_refused(value, refused):
    assert [v.path for v in refused(JOB.auto, "x", value)] == ["ValueHint"]


@each(NO_NUMBERS)
def test_a_category_is_refused(value, refused):
    assert [v.path.partition("[")[0] for v in refused(JOB.categorical, "x", ["a", value])] == ["Values"]


def test_a_category_is_refused_by_its_place(refused):
    assert [v.path for v in refused(JOB.categorical, "x", ["a", NAN, "b", None])] == ["Values[1]", "Values[3]"]


@each({name: value for name, value in NO_NUMBERS.items() if "digits" not in name})
def test_a_static_hyperparameter_is_refused(value, refused):
    assert [v.path for v in refused(TRAINING.static, p=value)] == ['StaticHyperParameters["p"]']


def test_the_error_for_a_bool_as_a_bound_has_the_expected_type(messages):
    assert messages(JOB.continuous, "x", True, 2) == [  # noqa: FBT003 - that is what is refused
        "continuous(low=…): ContinuousParameterRange.MinValue: expected a finite number, got True [type]"
    ]


def test_a_number_with_a_fraction_is_no_integer(messages):
    assert "expected an integer, got" in messages(JOB.integer, "x", 1.5, 9)[0]


def test_a_value_that_float_converts_gets_a_hint(refused):
    assert [v.hint for v in refused(JOB.continuous, "x", Fraction(1, 2), 1)] == ["convert it with float(...)"]


@pytest.mark.parametrize("value", [Decimal("NaN"), Decimal("Infinity"), float("nan"), float("-inf")])
def test_the_hint_for_a_number_that_is_not_finite_names_what_to_replace(refused, value):
    assert [v.hint for v in refused(JOB.continuous, "x", value, 1)] == ["replace NaN or infinity"]


def test_the_hint_for_a_number_that_is_not_finite_is_the_same_if_its_value_is_hidden(refused):
    assert [v.hint for v in refused(TRAINING.static, rate=float("nan"))] == ["replace NaN or infinity"]


@pytest.mark.parametrize("value", [float("nan"), [float("inf")], {1}])
def test_the_error_for_a_value_that_is_not_json_names_the_function_that_must_accept_it(messages, value):
    expected = "expected a value that json.dumps accepts, without NaN or infinity, got "
    assert expected in messages(TRAINING.static_json, rate=value)[0]


def test_the_error_for_an_integer_of_5000_digits_does_not_show_it(messages):
    assert len(messages(JOB.integer, "x", 1, 10**4999)[0]) < 200
