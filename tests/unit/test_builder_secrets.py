"""No value of a hyperparameter or environment variable shows in an error or in a builder's repr."""

import traceback
from decimal import Decimal

import pytest
from sample_requests import REQUIRED

import hptsdk
from hptsdk.errors import InvalidShapeError

HIDDEN = "31415926"  # digits, so that it can stand in a number too
TRAINING = hptsdk.training(algorithm="mine", **REQUIRED)


class Telling:
    """An object with a secret in its repr."""

    def __repr__(self):
        return HIDDEN


WRONG = {
    "list": [HIDDEN],
    "dict": {HIDDEN: HIDDEN},
    "set": {HIDDEN},
    "bytes": HIDDEN.encode(),
    "object": Telling(),
    "list of an object": [Telling()],
    "complex": complex(HIDDEN),
    "not a number": Decimal(f"NaN{HIDDEN}"),
    "too large a number": int(HIDDEN) * 10**5000,
    "too long": HIDDEN * 1000,
    "two lines": f"{HIDDEN}\n",
    "no text at all": f"{HIDDEN}\ud800",
}
WRONG_AS_JSON = {
    "set": {HIDDEN},
    "bytes": HIDDEN.encode(),
    "object": Telling(),
    "map of an object": {HIDDEN: Telling()},
    "map with a tuple as key": {(HIDDEN,): 1},
    "complex": complex(HIDDEN),
    "decimal": Decimal(HIDDEN),
    "too large a number": int(HIDDEN) * 10**5000,
    "too long": [HIDDEN] * 1000,
}


def full_error_text(error):
    return "".join(traceback.format_exception(error)) + repr(error) + repr(getattr(error, "violations", ""))


def error_text(call, *args, **kwargs):
    with pytest.raises(InvalidShapeError) as raised:
        call(*args, **kwargs)
    return full_error_text(raised.value)


def each(values):
    return pytest.mark.parametrize("value", values.values(), ids=values)


@each(WRONG)
def test_the_error_for_an_invalid_static_hyperparameter_hides_the_value(value):
    assert HIDDEN not in error_text(TRAINING.static, p=value)


@each({name: value for name, value in WRONG.items() if name != "two lines"})
def test_the_error_for_an_invalid_environment_variable_hides_the_value(value):
    assert HIDDEN not in error_text(TRAINING.environment, P=value)


@each(WRONG_AS_JSON)
def test_the_error_for_a_value_that_json_cannot_hold_hides_the_value(value):
    assert HIDDEN not in error_text(TRAINING.static_json, p=value)


@each(WRONG)
def test_the_error_for_an_invalid_static_hyperparameter_in_with_hides_the_value(value):
    assert HIDDEN not in error_text(TRAINING.with_, static_hyper_parameters={"p": value})


@each({name: value for name, value in WRONG.items() if name != "two lines"})
def test_the_error_for_an_invalid_environment_variable_in_with_hides_the_value(value):
    assert HIDDEN not in error_text(TRAINING.with_, environment={"P": value})


@pytest.mark.parametrize("value", [HIDDEN, [HIDDEN], {HIDDEN}], ids=["text", "list", "set"])
def test_the_error_for_static_hyperparameters_that_are_no_map_hides_the_value(value):
    assert HIDDEN not in error_text(TRAINING.with_, static_hyper_parameters=value)


@pytest.mark.parametrize("method", ["static", "static_json", "environment"])
@pytest.mark.parametrize("value", [HIDDEN, [HIDDEN], 3], ids=["text", "list", "number"])
def test_the_error_for_a_value_that_is_not_a_map_hides_the_value(method, value):
    with pytest.raises((InvalidShapeError, TypeError)) as raised:
        getattr(TRAINING, method)(value)
    assert HIDDEN not in full_error_text(raised.value)


@pytest.mark.parametrize("method", ["static", "static_json", "environment"])
def test_an_empty_value_that_is_not_a_map_is_an_error_of_the_call(method):
    with pytest.raises((InvalidShapeError, TypeError)):
        getattr(TRAINING, method)("")


@pytest.mark.parametrize(
    ("call", "path"),
    [
        (lambda: TRAINING.static({"a-b": None}), 'StaticHyperParameters["a-b"]'),
        (lambda: TRAINING.static_json({"a-b": {1}}), 'StaticHyperParameters["a-b"]'),
        (lambda: TRAINING.environment(P=None), 'Environment["P"]'),
    ],
)
def test_the_error_names_the_hyperparameter_with_an_invalid_value(call, path, refused):
    assert [v.path for v in refused(call)] == [path]


@pytest.mark.parametrize("method", ["static", "static_json", "environment"])
@pytest.mark.parametrize("name", [3, None, b"p", ("p",), Telling()], ids=["number", "None", "bytes", "tuple", "object"])
def test_a_name_that_is_not_text_is_refused(method, name, refused):
    assert [v.rule for v in refused(getattr(TRAINING, method), {name: "right"})] == ["type"]


def test_a_bool_is_refused_with_a_hint(refused):
    assert [v.hint for v in refused(TRAINING.static, flag=True)] == [
        "write the text that the program reads, such as 'true' or 'True'"
    ]


# --- reprs ---


@pytest.mark.parametrize("call", ["static", "static_json", "environment"])
def test_the_repr_of_a_training_shows_the_name_and_no_value(call):
    shown = repr(getattr(TRAINING, call)(P=HIDDEN))
    assert (": P" in shown, HIDDEN in shown) == (True, False)


def test_the_repr_of_a_definition_shows_no_value():
    assert HIDDEN not in repr(TRAINING.static(p=HIDDEN).named("xgb", minimize="rmse"))


def test_the_repr_of_a_job_shows_no_value():
    job = hptsdk.tuning_job("churn", TRAINING.static(p=HIDDEN), minimize="rmse", max_parallel_jobs=1)
    assert HIDDEN not in repr(job.tag("a", HIDDEN))
