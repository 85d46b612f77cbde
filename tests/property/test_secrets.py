"""No error shows a part of an Environment or StaticHyperParameters value, whatever else is wrong."""

import json
import pickle

import pytest
from hypothesis import given, strategies as st

import hptsdk
from hptsdk import shapes
from hptsdk.errors import InvalidShapeError

pytestmark = pytest.mark.usefixtures("no_rules")

# Characters that no message has; the escapes of those outside ASCII begin as below.
MARKS = "~#`%\u0416\u0429\u042e"
ESCAPES = ("\\u04", "\\xd0")

SECRETS = st.text(MARKS, min_size=1, max_size=8)
MAPS = st.sampled_from([("Environment", "environment"), ("StaticHyperParameters", "static_hyper_parameters")])


class Text(str):
    __slots__ = ()


# Invalid values in such a map.
WRONG_VALUES = [
    lambda secret: secret * 3000,
    lambda secret: secret + "\ud800",
    lambda secret: Text(secret) + "\ud800",
    lambda secret: secret.encode(),
    lambda secret: [secret],
    lambda secret: (secret, secret),
    lambda secret: {secret},
    lambda secret: {"Value": secret},
    lambda secret: {secret: secret},
    lambda secret: type("Odd", (), {"__repr__": lambda _: secret})(),
    lambda secret: type("Number", (float,), {"__repr__": lambda _: secret})(0.5),
]
# Invalid maps; the last ones are valid, beside another invalid value.
WRONG_MAPS = [
    lambda secret: secret,
    lambda secret: secret.encode(),
    lambda secret: [secret],
    lambda secret: [("A", secret)],
    lambda secret: [{"Name": "A", "Value": secret}],
    lambda secret: {f"A{n}": secret for n in range(101)},
    lambda secret: {"A\n!": secret},
    lambda secret: {"A" * 600: secret},
    lambda secret: {3: secret, None: secret},
    lambda secret: {"A": None, "B": secret},
]


def shown(error):
    """Return all text of an error that a person or a log can see."""
    parts = [error, *error.violations, *(v.got + v.message + v.expected + v.hint + v.path for v in error.violations)]
    return "".join(f"{part!s}{part!r}" for part in (*parts, pickle.loads(pickle.dumps(error)), error.args))  # noqa: S301 - our own


def refusal(function, *args, **kwargs):
    with pytest.raises(InvalidShapeError) as raised:
        function(*args, **kwargs)
    return raised.value


def marks_in(text):
    """Return the parts of a secret that are in a text, as they are or escaped."""
    return [part for part in (*MARKS, *ESCAPES) if part in text]


@given(secret=SECRETS, wrong=st.sampled_from(WRONG_VALUES), where=MAPS)
def test_a_wrong_value_is_not_shown_by_the_constructor(valid, secret, wrong, where):
    definition = {where[1]: {"A": wrong(secret)}}
    assert marks_in(shown(refusal(valid, shapes.HyperParameterTrainingJobDefinition, **definition))) == []


@given(secret=SECRETS, wrong=st.sampled_from(WRONG_VALUES), where=MAPS)
def test_a_wrong_value_is_not_shown_by_from_wire(secret, wrong, where):
    document = {"TrainingJobDefinition": {where[0]: {"A": wrong(secret)}}}
    error = refusal(hptsdk.from_wire, shapes.CreateHyperParameterTuningJobRequest, document)
    assert marks_in(shown(error)) == []


@given(secret=SECRETS, wrong=st.sampled_from(WRONG_MAPS), where=MAPS)
def test_a_wrong_map_is_not_shown_by_the_constructor(valid, secret, wrong, where):
    members = {where[1]: wrong(secret), "role_arn": "nobody"}
    error = refusal(valid, shapes.HyperParameterTrainingJobDefinition, **members)
    assert marks_in(shown(error)) == []


@given(secret=SECRETS, wrong=st.sampled_from(WRONG_MAPS), where=MAPS)
def test_a_wrong_map_is_not_shown_by_from_wire(secret, wrong, where):
    document = {"TrainingJobDefinitions": [{where[0]: wrong(secret)}]}
    error = refusal(hptsdk.from_wire, shapes.CreateHyperParameterTuningJobRequest, document)
    assert marks_in(shown(error)) == []


@given(
    secret=SECRETS,
    wrong=st.sampled_from(
        [
            lambda holder: [holder],
            lambda holder: (holder,),
            lambda holder: json.dumps(holder, ensure_ascii=False),
            lambda holder: {"TrainingJobDefinition": holder},
            lambda holder: {"InputDataConfig": [holder]},
            lambda holder: {"ResourceConfig": holder},
            lambda holder: {"Enviroment": holder["Environment"]},
        ]
    ),
)
def test_a_map_in_a_wrong_place_is_not_shown(secret, wrong):
    document = {"TrainingJobDefinition": wrong({"Environment": {"A": secret}})}
    error = refusal(hptsdk.from_wire, shapes.CreateHyperParameterTuningJobRequest, document)
    assert marks_in(shown(error)) == []


@given(
    secret=SECRETS,
    wrong=st.sampled_from(
        [
            lambda text: text + " and more",
            lambda text: text[:-1],
            lambda text: text[:-2] + ', "A": NaN}}',
            lambda text: text[:-2] + ', "A": Infinity}}',
            lambda text: text[:-2] + ', "A": ' + "9" * 5000 + "}}",
            lambda text: text[:-2] + ', "A": ' + "[" * 100_000,
            lambda text: text[:-2] + ', "A": "\\ud800"}}',
            lambda text: text[:-2] + ', "A": "again"}}',
            lambda text: text[:-3] + '\n"}}',
            lambda text: json.dumps(text, ensure_ascii=False),
            lambda text: f"[{text}]",
            lambda text: text,
        ]
    ),
    where=MAPS,
)
def test_broken_text_is_not_shown_by_loads(secret, wrong, where):
    text = wrong(json.dumps({where[0]: {"A": secret}}, ensure_ascii=False))
    assert marks_in(shown(refusal(hptsdk.loads, shapes.HyperParameterTrainingJobDefinition, text))) == []


@pytest.mark.parametrize("value", [271828, 2.71828, True], ids=repr)
def test_a_number_in_such_a_map_is_not_shown(value):
    error = refusal(hptsdk.from_wire, shapes.HyperParameterTrainingJobDefinition, {"Environment": {"A": value}})
    assert str(value) not in shown(error)


@pytest.mark.parametrize("value", [271828, 2.71828], ids=repr)
def test_a_number_in_place_of_such_a_map_is_not_shown(value):
    error = refusal(hptsdk.from_wire, shapes.HyperParameterTrainingJobDefinition, {"Environment": value})
    assert str(value) not in shown(error)


def test_of_a_wrong_value_only_the_kind_and_size_are_shown(valid, messages):
    definition = {"environment": {"TOKEN": "s" * 513}, "static_hyper_parameters": {"token": "a\nb", "pin": 1234}}
    shown = messages(valid, shapes.HyperParameterTrainingJobDefinition, **definition)
    assert [message.partition(".")[2] for message in shown] == [
        'StaticHyperParameters["token"]: expected text on one line, got text of 3 characters [pattern]',
        'StaticHyperParameters["pin"]: expected text, got an integer; put it in quotes [type]',
        'Environment["TOKEN"]: expected text of 0 to 512 characters, got text of 513 characters [length]',
    ]


@given(secret=SECRETS, where=MAPS)
def test_a_right_value_beside_a_fault_is_not_shown(valid, secret, where):
    members = {where[1]: {"A": secret}, "role_arn": "nobody"}
    error = refusal(valid, shapes.HyperParameterTrainingJobDefinition, **members)
    assert marks_in(shown(error)) == []
