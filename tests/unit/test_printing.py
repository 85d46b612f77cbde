"""`print` shows a shape as indented JSON without values that may be secrets; `repr` is code."""

import json
from datetime import UTC, datetime

import pytest

import hptsdk
from hptsdk import schema, shapes

pytestmark = pytest.mark.usefixtures("no_rules")


def may_hold_secrets(cls):
    kinds = [member.type.item or member.type for member in schema.of(cls).members]
    quotes = {member.wire_name for member in schema.of(cls).members} & {
        "FailureReason",
        "StatusMessage",
        "StatusDetails",
    }
    held = (kind.is_secret or (kind.shape is not None and may_hold_secrets(kind.shape)) for kind in kinds)
    return bool(quotes) or any(held)


PLAIN = [cls for cls in schema.all_shapes() if "__str__" not in vars(cls) and not may_hold_secrets(cls)]


def test_a_shape_prints_as_indented_json():
    assert str(shapes.Tag(key="team", value="growth")) == '{\n  "Key": "team",\n  "Value": "growth"\n}'


def test_a_shape_without_secrets_prints_as_the_result_of_dumps(valid):
    shapes_without_secrets = list(map(valid, PLAIN))
    assert list(map(str, shapes_without_secrets)) == [hptsdk.dumps(each, indent=2) for each in shapes_without_secrets]


def test_secret_values_are_redacted_and_their_names_are_printed(valid):
    shape = valid(
        shapes.HyperParameterTrainingJobDefinition,
        environment={"TOKEN": "hunter2"},
        static_hyper_parameters={"password": "hunter2hunter2"},
    )
    document = json.loads(str(shape))
    assert document["Environment"] == {"TOKEN": "(text of 7 characters)"}
    assert document["StaticHyperParameters"] == {"password": "(text of 14 characters)"}


def test_secrets_deep_in_a_request_are_redacted(valid):
    definition = valid(shapes.HyperParameterTrainingJobDefinition, environment={"TOKEN": "hunter2"})
    request = valid(shapes.CreateHyperParameterTuningJobRequest, training_job_definitions=[definition])
    assert "hunter2" not in str(request)
    assert "hunter2" in repr(request)


QUOTING = [
    (
        shapes.ListTrainingJobsForHyperParameterTuningJobResponse,
        {"TrainingJobSummaries": [{"FailureReason": "hunter2"}]},
    ),
    (shapes.DescribeTrainingJobResponse, {"FailureReason": "hunter2"}),
    (shapes.DescribeTrainingJobResponse, {"SecondaryStatusTransitions": [{"StatusMessage": "hunter2"}]}),
    (shapes.DescribeTrainingJobResponse, {"DebugRuleEvaluationStatuses": [{"StatusDetails": "hunter2"}]}),
]


@pytest.mark.parametrize("show", [str, lambda shape: shape._repr_html_()], ids=["print", "notebook"])
@pytest.mark.parametrize(("cls", "document"), QUOTING)
def test_text_that_may_quote_a_secret_is_redacted(cls, document, show):
    shown = show(hptsdk.from_wire(cls, document))
    assert ("text of 7 characters" in shown, "hunter2" in shown) == (True, False)


def test_the_repr_is_code(evaluated):
    tag = shapes.Tag(key="team", value="growth")
    assert evaluated(tag) == tag


def test_a_time_prints_in_iso_8601():
    shape = shapes.ListTrainingJobsRequest(creation_time_after=datetime(2026, 11, 3, 12, 30, tzinfo=UTC))
    assert str(shape) == '{\n  "CreationTimeAfter": "2026-11-03T12:30:00+00:00"\n}'


UNCHECKED = [
    (shapes.MetricData, {"MetricName": ["hunter2"]}, {"MetricName": "(a list of 1 item)"}),
    (shapes.MetricData, {"Value": "NaN"}, {"Value": "NaN"}),
    (shapes.DescribeTrainingJobResponse, {"Environment": "hunter2"}, {"Environment": "(text of 7 characters)"}),
    (shapes.DescribeTrainingJobResponse, {"Environment": {"A": 123}}, {"Environment": {"A": "(an integer)"}}),
    (shapes.DescribeTrainingJobResponse, {"NewMap": {"A": "hunter2"}}, {"NewMap": "(a mapping of 1 entry)"}),
    (shapes.ListTagsOutput, {"Tags": [{"Key": "a"}, 3]}, {"Tags": [{"Key": "a"}, "(an integer)"]}),
]


@pytest.mark.parametrize(("cls", "document", "printed"), UNCHECKED)
def test_any_content_of_a_response_can_be_printed(cls, document, printed):
    assert json.loads(str(hptsdk.from_wire(cls, document))) == printed
