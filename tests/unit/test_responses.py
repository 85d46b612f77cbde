"""Responses are taken as they come: whatever the service sends is parsed, readable, and written back."""

import copy
import pickle
from datetime import UTC, datetime, timedelta, timezone

import pytest

import hptsdk
from hptsdk import schema, shapes

pytestmark = pytest.mark.usefixtures("no_rules")

Describe = shapes.DescribeHyperParameterTuningJobResponse

RESPONSES = pytest.mark.parametrize(
    "cls", [cls for cls in schema.all_shapes() if schema.of(cls).is_response], ids=lambda cls: cls.__name__
)


@RESPONSES
def test_an_empty_response_has_every_member_absent(cls):
    shape = hptsdk.from_wire(cls, {})
    assert [getattr(shape, member.attribute) for member in schema.of(cls).members] == [None] * len(
        schema.of(cls).members
    )


@RESPONSES
def test_a_null_is_absence(cls):
    document = {member.wire_name: None for member in schema.of(cls).members}
    assert hptsdk.from_wire(cls, document) == hptsdk.from_wire(cls, {})


@RESPONSES
def test_what_is_not_modelled_is_readable(cls):
    assert hptsdk.from_wire(cls, {"New": {"Deep": [1]}}).unmodelled == {"New": {"Deep": [1]}}


@RESPONSES
def test_what_is_not_modelled_is_written_back(cls):
    assert hptsdk.to_wire(hptsdk.from_wire(cls, {"New": {"Deep": [1]}})) == {"New": {"Deep": [1]}}


@RESPONSES
def test_what_is_not_modelled_survives_pickling(cls):
    shape = hptsdk.from_wire(cls, {"New": 1})
    assert pickle.loads(pickle.dumps(shape)).unmodelled == {"New": 1}  # noqa: S301 - our own


@RESPONSES
def test_what_is_not_modelled_survives_copying(cls):
    assert copy.deepcopy(hptsdk.from_wire(cls, {"New": 1})).unmodelled == {"New": 1}


@RESPONSES
def test_members_of_any_wrong_type_are_kept_and_written_back(cls):
    document = {member.wire_name: [{"A": 1}, "x"] for member in schema.of(cls).members}
    assert hptsdk.to_wire(hptsdk.from_wire(cls, document)) == document


@RESPONSES
def test_members_of_any_wrong_type_leave_a_shape_that_hashes(cls):
    document = {member.wire_name: {"A": [1]} for member in schema.of(cls).members}
    assert hash(hptsdk.from_wire(cls, document)) == hash(hptsdk.from_wire(cls, copy.deepcopy(document)))


def test_what_is_not_modelled_does_not_count_in_equality():
    assert hptsdk.from_wire(shapes.MetricData, {"New": 1}) == hptsdk.from_wire(shapes.MetricData, {})


def test_what_is_not_modelled_is_not_in_the_repr():
    assert repr(hptsdk.from_wire(shapes.MetricData, {"New": 1, "MetricName": "auc"})) == "MetricData(metric_name='auc')"


def test_a_null_that_is_not_modelled_is_kept():
    assert hptsdk.from_wire(shapes.MetricData, {"New": None}).unmodelled == {"New": None}


def test_what_is_not_modelled_cannot_be_changed():
    with pytest.raises(TypeError, match="does not support item assignment"):
        hptsdk.from_wire(shapes.MetricData, {"New": 1}).unmodelled["New"] = 2


def test_a_document_that_changes_later_changes_nothing_that_is_not_modelled():
    document = {"New": {"Deep": 1}}
    shape = hptsdk.from_wire(shapes.MetricData, document)
    document["New"]["Deep"] = 2
    assert shape.unmodelled == {"New": {"Deep": 1}}


def test_what_is_not_modelled_in_a_part_is_readable_there():
    document = {"HyperParameterTuningJobConfig": {"ResourceLimits": {"MaxCost": 100}}}
    described = hptsdk.from_wire(Describe, document)
    assert described.hyper_parameter_tuning_job_config.resource_limits.unmodelled == {"MaxCost": 100}


def test_what_is_not_modelled_in_a_part_is_written_back():
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
def test_what_a_request_could_not_hold_is_kept_and_written_back(document):
    assert hptsdk.to_wire(hptsdk.from_wire(Describe, document)) == document


def test_a_member_beyond_the_limits_is_readable():
    assert (
        hptsdk.from_wire(Describe, {"HyperParameterTuningJobStatus": "Paused"}).hyper_parameter_tuning_job_status
        == "Paused"
    )


def test_a_part_of_a_part_that_is_null_is_absent():
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


def test_a_fraction_of_a_second_is_kept():
    read = hptsdk.from_wire(Describe, {"CreationTime": 1793709000.25}).creation_time
    assert read == datetime(2026, 11, 3, 12, 30, 0, 250_000, tzinfo=UTC)


@pytest.mark.parametrize(
    "moment", ["yesterday", "2026-11-03T12:30:00", 10**400, float("nan"), True], ids=lambda m: repr(m)[:20]
)
def test_a_time_that_is_none_is_kept_as_it_came(moment):
    assert hptsdk.from_wire(Describe, {"CreationTime": moment}).creation_time is moment


@pytest.mark.parametrize(("word", "value"), [("NaN", "nan"), ("Infinity", "inf"), ("-Infinity", "-inf")])
def test_a_number_that_is_not_finite_is_read_from_its_word(word, value):
    assert str(hptsdk.loads(shapes.MetricData, f'{{"Value": "{word}"}}').value) == value


def test_a_response_can_be_built_by_hand():
    shape = shapes.MetricData(metric_name="auc", value=0.5)
    assert hptsdk.from_wire(shapes.MetricData, {"MetricName": "auc", "Value": 0.5}) == shape
