"""Responses are not validated: any content is parsed, readable and written back unchanged."""

import copy
import pickle
from datetime import UTC, datetime, timedelta, timezone

import pytest

import hptsdk
from hptsdk import schema, shapes

pytestmark = pytest.mark.usefixtures("no_rules")

Describe = shapes.DescribeHyperParameterTuningJobResponse

RESPONSES = [cls for cls in schema.all_shapes() if schema.of(cls).is_response]


def documents_with(value):
    """Return a document for each response class in which all members have this value."""
    return [(cls, {member.wire_name: value for member in schema.of(cls).members}) for cls in RESPONSES]


def test_no_member_of_an_empty_response_is_set():
    members = [(hptsdk.from_wire(cls, {}), member) for cls in RESPONSES for member in schema.of(cls).members]
    assert {getattr(shape, member.attribute) for shape, member in members} == {None}


def test_a_null_member_is_not_set():
    for cls, document in documents_with(None):
        assert hptsdk.from_wire(cls, document) == hptsdk.from_wire(cls, {})


def test_an_unmodelled_member_is_readable():
    for cls in RESPONSES:
        assert hptsdk.from_wire(cls, {"New": {"Deep": [1]}}).unmodelled == {"New": {"Deep": [1]}}


def test_an_unmodelled_member_is_written_back():
    for cls in RESPONSES:
        assert hptsdk.to_wire(hptsdk.from_wire(cls, {"New": {"Deep": [1]}})) == {"New": {"Deep": [1]}}


def test_unmodelled_members_are_pickled():
    for cls in RESPONSES:
        shape = hptsdk.from_wire(cls, {"New": 1})
        assert pickle.loads(pickle.dumps(shape)).unmodelled == {"New": 1}  # noqa: S301 - our own


def test_unmodelled_members_are_copied():
    for cls in RESPONSES:
        assert copy.deepcopy(hptsdk.from_wire(cls, {"New": 1})).unmodelled == {"New": 1}


def test_members_of_a_wrong_type_are_written_back_unchanged():
    for cls, document in documents_with([{"A": 1}, "x"]):
        assert hptsdk.to_wire(hptsdk.from_wire(cls, document)) == document


def test_a_response_with_members_of_a_wrong_type_is_hashable():
    for cls, document in documents_with({"A": [1]}):
        assert hash(hptsdk.from_wire(cls, document)) == hash(hptsdk.from_wire(cls, copy.deepcopy(document)))


def test_unmodelled_members_do_not_affect_equality():
    assert hptsdk.from_wire(shapes.MetricData, {"New": 1}) == hptsdk.from_wire(shapes.MetricData, {})


def test_unmodelled_members_are_not_in_the_repr():
    assert repr(hptsdk.from_wire(shapes.MetricData, {"New": 1, "MetricName": "auc"})) == "MetricData(metric_name='auc')"


def test_an_unmodelled_null_is_readable():
    assert hptsdk.from_wire(shapes.MetricData, {"New": None}).unmodelled == {"New": None}


def test_unmodelled_members_cannot_be_changed():
    with pytest.raises(TypeError, match="does not support item assignment"):
        hptsdk.from_wire(shapes.MetricData, {"New": 1}).unmodelled["New"] = 2


def test_changing_the_document_later_does_not_change_unmodelled_members():
    document = {"New": {"Deep": 1}}
    shape = hptsdk.from_wire(shapes.MetricData, document)
    document["New"]["Deep"] = 2
    assert shape.unmodelled == {"New": {"Deep": 1}}


def test_an_unmodelled_member_of_a_part_is_readable():
    document = {"HyperParameterTuningJobConfig": {"ResourceLimits": {"MaxCost": 100}}}
    described = hptsdk.from_wire(Describe, document)
    assert described.hyper_parameter_tuning_job_config.resource_limits.unmodelled == {"MaxCost": 100}


def test_an_unmodelled_member_of_a_part_is_written_back():
    document = {"HyperParameterTuningJobConfig": {"ResourceLimits": {"MaxCost": 100}}}
    assert hptsdk.to_wire(hptsdk.from_wire(Describe, document)) == document


@pytest.mark.parametrize(
    "document",
    [
        {"HyperParameterTuningJobStatus": "Paused"},
        {"HyperParameterTuningJobConfig": {"Strategy": "Evolution"}},
        {"TrainingJobDefinition": {"RetryStrategy": {"MaximumRetryAttempts": 31}}},
        {"TrainingJobDefinition": {"InputDataConfig": [{"ChannelName": "x" * 999}] * 21}},
        {"TrainingJobDefinition": {"Environment": {f"A{n}": "" for n in range(101)}}},
        {"TrainingJobDefinition": {"Environment": {"1A": 3}}},
        {"TrainingJobStatusCounters": {"Completed": -1}},
        {"TrainingJobStatusCounters": {"Completed": 2**80}},
        {"TrainingJobStatusCounters": {"Completed": 0.5}},
        {"TrainingJobStatusCounters": {"Completed": True}},
        {"TrainingJobStatusCounters": [1]},
        {"TrainingJobDefinitions": {"A": 1}},
        {"TrainingJobDefinitions": [3, "x", [], {}]},
        {"FailureReason": "x" * 5000},
        {"FailureReason": "\ud800"},
        {"CreationTime": "yesterday"},
        {3: 4},
    ],
    ids=lambda document: repr(document)[:60],
)
def test_a_value_that_a_request_cannot_have_is_written_back_unchanged(document):
    assert hptsdk.to_wire(hptsdk.from_wire(Describe, document)) == document


def test_an_unknown_enum_value_is_readable():
    assert (
        hptsdk.from_wire(Describe, {"HyperParameterTuningJobStatus": "Paused"}).hyper_parameter_tuning_job_status
        == "Paused"
    )


def test_a_null_member_of_a_part_is_not_set():
    described = hptsdk.from_wire(Describe, {"HyperParameterTuningJobConfig": {"Strategy": None}})
    assert described.hyper_parameter_tuning_job_config.strategy is None


@pytest.mark.parametrize(
    "moment",
    [
        1793709000,
        1793709000.0,
        "2026-11-03T12:30:00Z",
        "2026-11-03T12:30:00.000+00:00",
        "2026-11-03T13:30:00+01:00",
        datetime(2026, 11, 3, 12, 30, tzinfo=UTC),
        datetime(2026, 11, 3, 9, 30, tzinfo=timezone(timedelta(hours=-3))),
    ],
    ids=repr,
)
def test_a_time_is_read_as_an_aware_datetime(moment):
    assert hptsdk.from_wire(Describe, {"CreationTime": moment}).creation_time == datetime(
        2026, 11, 3, 12, 30, tzinfo=UTC
    )


def test_a_fraction_of_a_second_is_read():
    read = hptsdk.from_wire(Describe, {"CreationTime": 1793709000.25}).creation_time
    assert read == datetime(2026, 11, 3, 12, 30, 0, 250_000, tzinfo=UTC)


@pytest.mark.parametrize(
    "moment", ["yesterday", "2026-11-03T12:30:00", 10**400, float("nan"), True], ids=lambda m: repr(m)[:20]
)
def test_an_invalid_time_is_unchanged(moment):
    assert hptsdk.from_wire(Describe, {"CreationTime": moment}).creation_time is moment


@pytest.mark.parametrize(("text", "value"), [("NaN", "nan"), ("Infinity", "inf"), ("-Infinity", "-inf")])
def test_a_number_that_is_not_finite_is_read_from_text(text, value):
    assert str(hptsdk.loads(shapes.MetricData, f'{{"Value": "{text}"}}').value) == value


def test_a_response_can_be_created_with_its_constructor():
    shape = shapes.MetricData(metric_name="auc", value=0.5)
    assert hptsdk.from_wire(shapes.MetricData, {"MetricName": "auc", "Value": 0.5}) == shape
