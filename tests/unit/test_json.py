"""Shapes as JSON text and back, and what JSON text is refused."""

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
    """Make the JSON text of a request with two definitions."""
    definition = valid(shapes.HyperParameterTrainingJobDefinition, static_hyper_parameters={"eta": "0.1"})
    return hptsdk.dumps(valid(shapes.CreateHyperParameterTuningJobRequest, training_job_definitions=[definition] * 2))


def test_text_is_the_json_of_the_wire_form():
    assert hptsdk.dumps(shapes.Tag(key="team", value="\u00e9")) == '{"Key": "team", "Value": "\\u00e9"}'


def test_text_for_people_has_a_member_a_line():
    assert hptsdk.dumps(shapes.Tag(key="a", value=""), indent=2) == '{\n  "Key": "a",\n  "Value": ""\n}'


def test_how_far_text_is_moved_in_is_named():
    with pytest.raises(TypeError):
        hptsdk.dumps(shapes.Tag(key="a", value=""), 2)


@pytest.mark.parametrize("value", ["\\", '\\"', '"', "\\n", 'a":b', "\u00e9", "{}"])
def test_text_with_escapes_is_read_back_equal(value):
    document = {"Name": value, "ValueHint": value}
    assert hptsdk.to_wire(hptsdk.loads(shapes.AutoParameter, json.dumps(document))) == document


def test_what_stands_where_text_should_is_told_as_what_it_is(refused):
    [violation] = refused(hptsdk.loads, shapes.Tag, '{"Key": {"a": 1}, "Value": ""}')
    assert violation.got == "a mapping of 1 entry"


def test_what_a_response_holds_beyond_its_types_is_plain():
    response = hptsdk.loads(shapes.ListTagsOutput, '{"NextToken": {"a": 1}}')
    assert type(response.next_token) is dict


@pytest.mark.parametrize("indent", [None, 2])
def test_what_json_lacks_is_written_for_people_too(indent):
    metric = hptsdk.from_wire(shapes.FinalHyperParameterTuningJobObjectiveMetric, {"Value": float("nan")})
    assert json.loads(hptsdk.dumps(metric, indent=indent)) == {"Value": "NaN"}


def test_a_time_is_written_in_iso_8601():
    moment = datetime(2026, 11, 3, 12, 30, tzinfo=UTC)
    assert json.loads(hptsdk.dumps(shapes.ListTrainingJobsRequest(creation_time_after=moment))) == {
        "CreationTimeAfter": "2026-11-03T12:30:00+00:00"
    }


@pytest.mark.parametrize("second", ["2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"], ids=["first", "second"])
def test_a_time_that_comes_twice_in_a_night_is_read_back_equal(second):
    moment = datetime.fromisoformat(second).astimezone(ZoneInfo("Europe/Berlin"))
    shape = shapes.ListTrainingJobsRequest(creation_time_after=moment)
    assert hptsdk.loads(shapes.ListTrainingJobsRequest, hptsdk.dumps(shape)) == shape


@pytest.mark.parametrize("value", NOT_FINITE)
def test_a_number_in_a_response_that_is_not_finite_is_text_in_json(value):
    words = {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}
    assert json.loads(hptsdk.dumps(shapes.MetricData(value=value))) == {"Value": words[str(value)]}


@pytest.mark.parametrize("value", NOT_FINITE)
def test_a_number_in_a_response_that_is_not_finite_is_read_back_equal(value):
    shape = shapes.MetricData(value=value)
    assert hptsdk.loads(shapes.MetricData, hptsdk.dumps(shape)) == shape


def test_finite_numbers_beside_one_that_is_not_stay_numbers():
    written = json.loads(
        hptsdk.dumps(hptsdk.from_wire(shapes.MetricData, {"Value": NOT_FINITE[0], "More": [0.0, 0.5]}))
    )
    assert written == {"Value": "NaN", "More": [0.0, 0.5]}


def test_a_key_in_a_response_that_is_no_finite_number_has_no_json():
    shape = hptsdk.from_wire(shapes.MetricData, {"More": {NOT_FINITE[0]: NOT_FINITE[1]}})
    with pytest.raises(InvalidShapeError, match="no JSON form"):
        hptsdk.dumps(shape)


def test_a_name_that_comes_twice_is_refused_with_its_path(messages):
    assert messages(hptsdk.loads, shapes.Tag, '{"Key": "a", "Value": "", "Key": "b"}') == [
        "Tag.Key: expected each name once, got 'Key' again [duplicate-key]"
    ]


def test_a_name_that_comes_twice_in_a_response_is_refused(messages):
    assert messages(hptsdk.loads, shapes.ListTagsOutput, '{"Tags": [{"Key": "a", "Key": "a"}]}') == [
        "ListTagsOutput.Tags[0].Key: expected each name once, got 'Key' again [duplicate-key]"
    ]


def test_a_name_that_comes_twice_deep_in_a_document_has_its_full_path(text, refused):
    twice = text.replace('"RoleArn":', '"RoleArn": "", "RoleArn":')
    found = refused(hptsdk.loads, shapes.CreateHyperParameterTuningJobRequest, twice)
    assert sorted(v.path for v in found) == ["TrainingJobDefinitions[0].RoleArn", "TrainingJobDefinitions[1].RoleArn"]


def test_a_name_that_comes_thrice_is_one_violation(messages):
    assert len(messages(hptsdk.loads, shapes.Tag, '{"Key": "a", "Key": "b", "Key": "c", "Value": ""}')) == 1


def test_two_objects_that_each_name_something_twice_are_both_reported(refused):
    text = '{"Tags": [{"Key": "a", "Key": "a", "Value": ""}, {"Key": "b", "Value": "", "Value": ""}]}'
    found = [v.path for v in refused(hptsdk.loads, shapes.ListTagsOutput, text)]
    assert sorted(found) == ["Tags[0].Key", "Tags[1].Value"]


@pytest.mark.parametrize("member", ["Tags", "NextToken"])
def test_a_name_that_comes_twice_where_no_map_belongs_is_a_step_with_a_point(member, refused):
    text = f'{{"{member}": {{"a": 1, "a": 1}}}}'
    assert f"{member}.a" in [v.path for v in refused(hptsdk.loads, shapes.ListTagsOutput, text)]


def test_a_key_that_comes_twice_in_a_map_stands_in_brackets(text, refused):
    twice = text.replace('"eta": "0.1"', '"eta": "0.1", "eta": "0.2"', 1)
    [violation] = refused(hptsdk.loads, shapes.CreateHyperParameterTuningJobRequest, twice)
    assert violation.path == 'TrainingJobDefinitions[0].StaticHyperParameters["eta"]'


def test_a_name_that_comes_twice_is_reported_beside_all_else(refused):
    found = refused(hptsdk.loads, shapes.Tag, '{"Key": "", "Key": "", "Value": "!"}')
    assert [(v.path, v.rule) for v in found] == [("Key", "duplicate-key"), ("Key", "length"), ("Value", "pattern")]


def test_an_odd_name_that_comes_twice_leaves_a_message_that_can_be_printed():
    with pytest.raises(InvalidShapeError) as raised:
        hptsdk.loads(shapes.Tag, r'{"\ud800": 1, "\ud800": 2}')
    assert str(raised.value).encode()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_bytes_are_read_as_json_reads_them(encoding):
    assert hptsdk.loads(shapes.Tag, '{"Key": "a", "Value": "\u00e9"}'.encode(encoding)) == shapes.Tag(
        key="a", value="\u00e9"
    )


REFUSED = {
    "": "expected JSON, got Expecting value at line 1, column 1",
    "nothing": "expected JSON, got Expecting value at line 1, column 1",
    '\ufeff{"Key": "a"}': "expected JSON, got Unexpected UTF-8 BOM (decode using utf-8-sig) at line 1, column 1",
    '{"Key": "a",\n "Value": }': "expected JSON, got Expecting value at line 2, column 11",
    '{"Key": "a", "Value": ""} {}': "expected JSON, got Extra data at line 1, column 27",
    '{"Key": "a", "Value": ""}x': "expected JSON, got Extra data at line 1, column 26",
    '{"Key": "a", "Value": NaN}': "expected JSON with finite numbers, got NaN",
    '{"Key": "a", "Value": Infinity}': "expected JSON with finite numbers, got Infinity",
    '{"Key": "a", "Value": -Infinity}': "expected JSON with finite numbers, got -Infinity",
    "[" * 100_000: "expected JSON that is not nested too deeply, got deeper nesting",
    '{"Key":' * 100_000: "expected JSON that is not nested too deeply, got deeper nesting",
    '{"Key": '
    + "9" * 5000
    + "}": "expected JSON with integers of a sensible length, got an integer of thousands of digits",
}


@pytest.mark.parametrize("cls", [shapes.Tag, shapes.ListTagsOutput])
@pytest.mark.parametrize(("text", "message"), REFUSED.items(), ids=lambda part: part[:30])
def test_text_that_is_not_the_json_of_a_document_is_refused(cls, text, message, messages):
    assert messages(hptsdk.loads, cls, text) == [f"{cls.__name__}: {message} [json]"]


@pytest.mark.parametrize(("text", "got"), [("[]", "a list of 0 items"), ("3", "3"), ("null", "null"), ('"a"', "text")])
def test_json_of_no_object_is_refused(text, got, messages):
    assert messages(hptsdk.loads, shapes.Tag, text) == [
        f"Tag: expected a mapping of the members of Tag, got {got} [type]"
    ]


def test_a_number_too_large_for_a_float_is_refused(refused):
    [violation] = refused(hptsdk.loads, shapes.TuningJobCompletionCriteria, '{"TargetObjectiveMetricValue": 1e999}')
    assert (violation.path, violation.got) == ("TargetObjectiveMetricValue", "inf")


def test_a_lone_surrogate_that_was_escaped_is_refused(messages):
    assert messages(hptsdk.loads, shapes.Tag, r'{"Key": "a", "Value": "\ud800"}') == [
        r"Tag.Value: expected text without lone surrogates, got '\ud800' [encoding]"
    ]


def test_a_pair_of_surrogates_that_was_escaped_is_one_character():
    shape = hptsdk.loads(shapes.MetricDefinition, r'{"Name": "\ud83d\ude00", "Regex": "a"}')
    assert shape.name == "\U0001f600"


def test_a_response_that_holds_itself_has_no_json():
    document = {}
    document["New"] = document
    shape = hptsdk.from_wire(shapes.ListTagsOutput, document)
    with pytest.raises(InvalidShapeError, match="expected what JSON can hold"):
        hptsdk.dumps(shape)


def test_a_response_nested_too_deeply_has_no_json():
    deep = {}
    for _ in range(100_000):
        deep = {"a": deep}
    shape = hptsdk.from_wire(shapes.ListTagsOutput, {"NextToken": deep})
    with pytest.raises(InvalidShapeError, match="expected what JSON can hold"):
        hptsdk.dumps(shape)


def test_a_response_that_holds_bytes_has_no_json(messages):
    shape = hptsdk.from_wire(shapes.ListTagsOutput, {"New": b"a"})
    assert messages(hptsdk.dumps, shape) == [
        "ListTagsOutput: expected what JSON can hold, got something that has no JSON form [json]"
    ]


@pytest.mark.parametrize("cls", [shapes.Tag, shapes.ListTagsOutput], ids=["request", "response"])
@pytest.mark.parametrize(
    ("document", "told"),
    [
        ({}, "got a mapping of 0 entries; use hptsdk.from_wire(hptsdk.shapes.{}, ...)"),
        ([{}], "got a list of 1 item"),
        (None, "got None"),
        (io.StringIO("{}"), "got a StringIO; use its read()"),
        (Path("job.json"), "got a PosixPath; use its read_text()"),
    ],
    ids=["mapping", "list", "None", "file", "path"],
)
def test_what_is_no_text_is_told_what_reads_it(cls, document, told):
    with pytest.raises(TypeError) as raised:
        hptsdk.loads(cls, document)
    assert str(raised.value) == f"loads: expected JSON text, {told.format(cls.__name__)}"
