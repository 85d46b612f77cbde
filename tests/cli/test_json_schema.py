"""The JSON Schema of a request: it accepts every valid request, and rejects violations of constraints."""

import json
import re

import pytest
from command_line import run
from hypothesis import HealthCheck, given, settings, strategies as st
from jsonschema import Draft202012Validator

import hptsdk
from hptsdk import schema, shapes
from hptsdk.constraints import Categories, Pattern
from hptsdk.testing import strategies

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]

# All kinds of violations except texts without an encoding, which no file can contain.
CONSTRAINTS = ("entries", "enum", "items", "length", "null", "pattern", "range", "required", "type", "unknown-member")

SCHEMA = json.loads(run("schema").stdout)
VALIDATOR = Draft202012Validator(SCHEMA)
INSTANCE_TYPE = SCHEMA["$defs"]["ResourceConfig"]["properties"]["InstanceType"]


def test_the_json_schema_is_valid():
    Draft202012Validator.check_schema(SCHEMA)


@settings(suppress_health_check=SLOW)
@given(request=strategies.requests(extreme=True))
def test_any_request_is_valid_under_the_schema(request):
    VALIDATOR.validate(json.loads(hptsdk.dumps(request)))


@pytest.mark.long
@pytest.mark.parametrize("rule", CONSTRAINTS)
@settings(suppress_health_check=SLOW)
@given(data=st.data())
def test_a_value_that_violates_a_constraint_is_refused(rule, data):
    document, _ = data.draw(strategies.invalid_requests(rule))
    assert not VALIDATOR.is_valid(document)


# --- its contents ---


def below(cls, classes):
    """Yield a class and the classes of all its inner structures."""
    classes.add(cls)
    for member in schema.of(cls).members:
        kind = member.type
        while kind.item is not None:
            kind = kind.item
        if kind.shape is not None and kind.shape not in classes:
            below(kind.shape, classes)
    return classes


CLASSES = sorted(below(shapes.CreateHyperParameterTuningJobRequest, set()), key=lambda cls: cls.__name__)


def of_class(cls):
    return SCHEMA if cls.__name__ == SCHEMA["title"] else SCHEMA["$defs"][cls.__name__]


def test_each_member_has_its_description():
    for cls in CLASSES:
        descriptions = {name: member["description"] for name, member in of_class(cls)["properties"].items()}
        assert descriptions == {member.wire_name: member.documentation for member in schema.of(cls).members}


def test_each_structure_has_its_api_page():
    assert [of_class(cls)["$comment"] for cls in CLASSES] == [schema.of(cls).source for cls in CLASSES]


def test_a_known_instance_type_can_be_completed():
    assert "ml.m5.xlarge" in INSTANCE_TYPE["anyOf"][0]["enum"]


def test_an_unknown_instance_type_of_the_right_form_is_valid():
    assert Draft202012Validator(INSTANCE_TYPE).is_valid("ml.m99.xlarge")


def test_text_that_is_not_an_instance_type_is_refused():
    assert not Draft202012Validator(INSTANCE_TYPE).is_valid("m5.xlarge")


def test_an_integer_has_at_most_64_bits():
    seed = SCHEMA["$defs"]["ShuffleConfig"]["properties"]["Seed"]
    assert (seed["minimum"], seed["maximum"]) == (-(2**63), 2**63 - 1)


# --- patterns ---


def patterns():
    """Return the patterns of the JSON Schema, by the patterns of the API from which they are translated."""
    pairs = {}
    for cls in CLASSES:
        for member in schema.of(cls).members:
            keywords = of_class(cls)["properties"][member.wire_name]
            pairs |= patterns_of(member.type, keywords)
    return pairs


def patterns_of(kind, keywords):
    pairs = {c.regex: keywords["pattern"] for c in kind.constraints if isinstance(c, Pattern)}
    if kind.kind == "list" and kind.item.shape is None:
        pairs |= patterns_of(kind.item, keywords["items"])
    if kind.kind == "map":
        pairs |= patterns_of(kind.key, keywords["propertyNames"])
        pairs |= patterns_of(kind.item, keywords["additionalProperties"])
    return pairs


PATTERNS = patterns()
TAG_VALUE = SCHEMA["$defs"]["Tag"]["properties"]["Value"]["pattern"]


def test_many_patterns_are_translated():
    assert len(PATTERNS) > 15


@pytest.mark.long
@pytest.mark.parametrize("regex", PATTERNS)
@given(data=st.data())
def test_a_translated_pattern_matches_the_same_texts(regex, data):
    fitting = st.from_regex(re.compile(regex, re.ASCII), fullmatch=True)
    changed = st.tuples(fitting, st.sampled_from(["\n", "é", "\uff11", "-", "!"])).map("".join)
    text = data.draw(fitting | changed | st.text(max_size=8))
    assert (re.search(PATTERNS[regex], text) is not None) is Pattern(regex).holds(text)


@pytest.mark.parametrize(
    ("regex", "written"),
    [
        (r"[a-zA-Z_][a-zA-Z0-9_]*", r"[a-zA-Z_][a-zA-Z0-9_]*"),
        (r".+", r"[^\n]+"),
        (
            r"arn:aws[a-z\-]*:iam::\d{12}:role/?[a-zA-Z_0-9+=,.@\-_/]+",
            r"arn:aws[a-z\-]*:iam::[0-9]{12}:role/?[a-zA-Z_0-9+=,.@\-_/]+",
        ),
    ],
)
def test_a_pattern_is_translated(regex, written):
    assert PATTERNS[regex] == rf"^(?:{written})$(?!\n)"


@pytest.mark.parametrize("text", ["", "a b", "Größe_1.:/=+-@", "日本"])
def test_a_tag_value_matches_its_pattern(text):
    assert re.search(TAG_VALUE, text)


@given(text=st.text(st.characters(codec="ascii")))
def test_the_pattern_of_a_tag_is_exact_for_ascii(text):
    constraint = next(c for c in schema.of(shapes.Tag).members[1].constraints if isinstance(c, Categories))
    assert (re.search(TAG_VALUE, text) is not None) is constraint.holds(text)
