"""Conversion of shapes to JSON text and back, and invalid JSON."""

import io
import json
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import hptsdk
from hptsdk import shapes
from hptsdk.errors import InvalidShapeError

pytestmark = pytest.mark.usefixtures("no_rules")

NOT_FINITE = [float("nan"), float("inf"), float("-inf")]


@pytest.fixture
def text(valid):
    """Return the JSON text of a request with two definitions."""
    definition = valid(shapes.HyperParameterTrainingJobDefinition, static_hyper_parameters={"eta": "0.1"})
    return hptsdk.dumps(valid(shapes.CreateHyperParameterTuningJobRequest, training_job_definitions=[definition] * 2))


def test_dumps_formats_the_result_of_to_wire():
    assert hptsdk.dumps(shapes.Tag(key="team", value="\u00e9")) == '{"Key": "team", "Value": "\\u00e9"}'


def test_indented_text_has_one_member_in_each_line():
    assert hptsdk.dumps(shapes.Tag(key="a", value=""), indent=2) == '{\n  "Key": "a",\n  "Value": ""\n}'


def test_indent_is_keyword_only():
    with pytest.raises(TypeError):
        hptsdk.dumps(shapes.Tag(key="a", value=""), 2)


@pytest.mark.parametrize("value", ["\\", '\\"', '"', "\\n", 'a":b', "\u00e9", "{}"])
def test_escaped_text_round_trips(value):
    document = {"Name": value, "ValueHint": value}
    assert hptsdk.to_wire(hptsdk.loads(shapes.AutoParameter, json.dumps(document))) == document


def test_a_mapping_in_place_of_text_is_reported_with_its_size(refused):
    [violation] = refused(hptsdk.loads, shapes.Tag, '{"Key": {"a": 1}, "Value": ""}')
    assert violation.got == "a mapping of 1 entry"


def test_a_value_of_a_wrong_type_in_a_response_is_a_plain_dict():
    response = hptsdk.loads(shapes.ListTagsOutput, '{"NextToken": {"a": 1}}')
    assert type(response.next_token) is dict


@pytest.mark.parametrize("indent", [None, 2])
def test_nan_is_text_in_indented_json_too(indent):
    metric = hptsdk.from_wire(shapes.FinalHyperParameterTuningJobObjectiveMetric, {"Value": float("nan")})
    assert json.loads(hptsdk.dumps(metric, indent=indent)) == {"Value": "NaN"}


def test_a_time_is_written_in_iso_8601():
    moment = datetime(2026, 11, 3, 12, 30, tzinfo=UTC)
    assert json.loads(hptsdk.dumps(shapes.ListTrainingJobsRequest(creation_time_after=moment))) == {
        "CreationTimeAfter": "2026-11-03T12:30:00+00:00"
    }


@pytest.mark.parametrize("second", ["2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"], ids=["first", "second"])
def test_a_time_in_a_repeated_hour_round_trips(second):
    moment = datetime.fromisoformat(second).astimezone(ZoneInfo("Europe/Berlin"))
    shape = shapes.ListTrainingJobsRequest(creation_time_after=moment)
    assert hptsdk.loads(shapes.ListTrainingJobsRequest, hptsdk.dumps(shape)) == shape


@pytest.mark.parametrize("value", NOT_FINITE)
def test_a_number_that_is_not_finite_is_text_in_json(value):
    texts = {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}
    assert json.loads(hptsdk.dumps(shapes.MetricData(value=value))) == {"Value": texts[str(value)]}


@pytest.mark.parametrize("value", NOT_FINITE)
def test_a_number_that_is_not_finite_round_trips(value):
    shape = shapes.MetricData(value=value)
    assert hptsdk.loads(shapes.MetricData, hptsdk.dumps(shape)) == shape


def test_finite_numbers_are_written_as_numbers_next_to_nan():
    written = json.loads(
        hptsdk.dumps(hptsdk.from_wire(shapes.MetricData, {"Value": NOT_FINITE[0], "More": [0.0, 0.5]}))
    )
    assert written == {"Value": "NaN", "More": [0.0, 0.5]}


def test_a_key_that_is_nan_has_no_json_form():
    shape = hptsdk.from_wire(shapes.MetricData, {"More": {NOT_FINITE[0]: NOT_FINITE[1]}})
    with pytest.raises(InvalidShapeError, match="without a JSON form"):
        hptsdk.dumps(shape)


def test_a_repeated_name_is_refused_with_its_path(messages):
    assert messages(hptsdk.loads, shapes.Tag, '{"Key": "a", "Value": "", "Key": "b"}') == [
        "Tag.Key: expected each name once, got 'Key' again [duplicate-key]"
    ]


def test_a_repeated_name_in_a_response_is_refused(messages):
    assert messages(hptsdk.loads, shapes.ListTagsOutput, '{"Tags": [{"Key": "a", "Key": "a"}]}') == [
        "ListTagsOutput.Tags[0].Key: expected each name once, got 'Key' again [duplicate-key]"
    ]


def test_a_repeated_name_deep_in_a_document_has_its_full_path(text, refused):
    repeated = text.replace('"RoleArn":', '"RoleArn": "", "RoleArn":')
    violations = refused(hptsdk.loads, shapes.CreateHyperParameterTuningJobRequest, repeated)
    assert sorted(v.path for v in violations) == [
        "TrainingJobDefinitions[0].RoleArn",
        "TrainingJobDefinitions[1].RoleArn",
    ]


def test_a_name_repeated_three_times_is_one_violation(messages):
    assert len(messages(hptsdk.loads, shapes.Tag, '{"Key": "a", "Key": "b", "Key": "c", "Value": ""}')) == 1


def test_repeated_names_in_two_objects_are_both_reported(refused):
    text = '{"Tags": [{"Key": "a", "Key": "a", "Value": ""}, {"Key": "b", "Value": "", "Value": ""}]}'
    paths = [v.path for v in refused(hptsdk.loads, shapes.ListTagsOutput, text)]
    assert sorted(paths) == ["Tags[0].Key", "Tags[1].Value"]


@pytest.mark.parametrize("member", ["Tags", "NextToken"])
def test_a_repeated_name_outside_a_map_follows_a_dot_in_the_path(member, refused):
    text = f'{{"{member}": {{"a": 1, "a": 1}}}}'
    assert f"{member}.a" in [v.path for v in refused(hptsdk.loads, shapes.ListTagsOutput, text)]


def test_a_repeated_key_of_a_map_is_in_brackets(text, refused):
    repeated = text.replace('"eta": "0.1"', '"eta": "0.1", "eta": "0.2"', 1)
    [violation] = refused(hptsdk.loads, shapes.CreateHyperParameterTuningJobRequest, repeated)
    assert violation.path == 'TrainingJobDefinitions[0].StaticHyperParameters["eta"]'


def test_a_repeated_name_is_reported_with_all_other_violations(refused):
    violations = refused(hptsdk.loads, shapes.Tag, '{"Key": "", "Key": "", "Value": "!"}')
    assert [(v.path, v.rule) for v in violations] == [("Key", "duplicate-key"), ("Key", "length"), ("Value", "pattern")]


def test_the_message_about_a_repeated_name_can_always_be_printed():
    with pytest.raises(InvalidShapeError) as raised:
        hptsdk.loads(shapes.Tag, r'{"\ud800": 1, "\ud800": 2}')
    assert str(raised.value).encode()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_bytes_are_decoded_as_json_loads_does(encoding):
    assert hptsdk.loads(shapes.Tag, '{"Key": "a", "Value": "\u00e9"}'.encode(encoding)) == shapes.Tag(
        key="a", value="\u00e9"
    )


REFUSED = {
    "": "expected JSON, got other text at line 1, column 1 (Expecting value)",
    "nothing": "expected JSON, got other text at line 1, column 1 (Expecting value)",
    '\ufeff{"Key": "a"}': (
        "expected JSON, got other text at line 1, column 1 (Unexpected UTF-8 BOM (decode using utf-8-sig))"
    ),
    '{"Key": "a",\n "Value": }': "expected JSON, got other text at line 2, column 11 (Expecting value)",
    '{"Key": "a", "Value": ""} {}': "expected JSON, got other text at line 1, column 27 (Extra data)",
    '{"Key": "a", "Value": ""}x': "expected JSON, got other text at line 1, column 26 (Extra data)",
    '{"Key": "a", "Value": NaN}': "expected JSON with finite numbers, got NaN",
    '{"Key": "a", "Value": Infinity}': "expected JSON with finite numbers, got Infinity",
    '{"Key": "a", "Value": -Infinity}': "expected JSON with finite numbers, got -Infinity",
    "[" * 100_000: "expected JSON that is not nested too deeply, got deeper nesting",
    '{"Key":' * 100_000: "expected JSON that is not nested too deeply, got deeper nesting",
    '{"Key": ' + "9" * 5000 + "}": "expected JSON with integers of at most 4,300 digits, got a longer integer",
}


@pytest.mark.parametrize("cls", [shapes.Tag, shapes.ListTagsOutput])
@pytest.mark.parametrize(("text", "message"), REFUSED.items(), ids=lambda part: part[:30])
def test_invalid_json_is_refused(cls, text, message, messages):
    assert messages(hptsdk.loads, cls, text) == [f"{cls.__name__}: {message} [json]"]


@pytest.mark.parametrize(("text", "got"), [("[]", "a list of 0 items"), ("3", "3"), ("null", "null"), ('"a"', "text")])
def test_json_that_is_not_an_object_is_refused(text, got, messages):
    assert messages(hptsdk.loads, shapes.Tag, text) == [
        f"Tag: expected a mapping of the members of Tag, got {got} [type]"
    ]


def test_a_number_too_large_for_a_float_is_refused(refused):
    [violation] = refused(hptsdk.loads, shapes.TuningJobCompletionCriteria, '{"TargetObjectiveMetricValue": 1e999}')
    assert (violation.path, violation.got) == ("TargetObjectiveMetricValue", "inf")


def test_an_escaped_lone_surrogate_is_refused(messages):
    assert messages(hptsdk.loads, shapes.Tag, r'{"Key": "a", "Value": "\ud800"}') == [
        r"Tag.Value: expected text without lone surrogates, got '\ud800' [encoding]"
    ]


def test_an_escaped_surrogate_pair_is_one_character():
    shape = hptsdk.loads(shapes.MetricDefinition, r'{"Name": "\ud83d\ude00", "Regex": "a"}')
    assert shape.name == "\U0001f600"


def test_a_response_that_contains_itself_has_no_json_form():
    document = {}
    document["New"] = document
    shape = hptsdk.from_wire(shapes.ListTagsOutput, document)
    with pytest.raises(InvalidShapeError, match="expected values that JSON can represent"):
        hptsdk.dumps(shape)


def test_a_response_that_is_nested_too_deeply_has_no_json_form():
    deep = {}
    for _ in range(100_000):
        deep = {"a": deep}
    shape = hptsdk.from_wire(shapes.ListTagsOutput, {"NextToken": deep})
    with pytest.raises(InvalidShapeError, match="expected values that JSON can represent"):
        hptsdk.dumps(shape)


def test_a_response_that_contains_bytes_has_no_json_form(messages):
    shape = hptsdk.from_wire(shapes.ListTagsOutput, {"New": b"a"})
    assert messages(hptsdk.dumps, shape) == [
        "ListTagsOutput: expected values that JSON can represent, got a bytes [json]"
    ]


@pytest.mark.parametrize("cls", [shapes.Tag, shapes.ListTagsOutput], ids=["request", "response"])
@pytest.mark.parametrize(
    ("document", "got"),
    [
        ({}, "got a mapping of 0 entries; use hptsdk.from_wire(hptsdk.shapes.{}, ...)"),
        ([{}], "got a list of 1 item"),
        (None, "got None"),
        (io.StringIO("{}"), "got a StringIO; use its read()"),
        (Path("job.json"), "got a PosixPath; use its read_text()"),
    ],
    ids=["mapping", "list", "None", "file", "path"],
)
def test_the_error_for_a_value_that_is_not_text_says_how_to_read_it(cls, document, got):
    with pytest.raises(TypeError) as raised:
        hptsdk.loads(cls, document)
    assert str(raised.value) == f"loads: expected JSON text, {got.format(cls.__name__)}"
