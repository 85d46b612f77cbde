"""Documents from fuzzing that once raised another error, or had a message that could not be printed."""

import pytest

import hptsdk
from hptsdk import shapes
from hptsdk.errors import InvalidShapeError

CONFIG = shapes.HyperParameterTuningJobConfig
LIMITS = {"ResourceLimits": {"MaxParallelTrainingJobs": 1}}
HYPERBAND = {"HyperbandStrategyConfig": {"MinResource": 1, "MaxResource": 9}}

FINDINGS = [(CONFIG, LIMITS | {"Strategy": "\udcff", "StrategyConfig": HYPERBAND})]


@pytest.mark.parametrize(("cls", "document"), FINDINGS)
def test_a_finding_is_refused_with_a_message_that_can_be_printed(cls, document):
    with pytest.raises(InvalidShapeError) as raised:
        hptsdk.from_wire(cls, document)
    assert str(raised.value).encode()


def test_a_strategy_of_a_wrong_type_is_reported_by_its_type_only():
    with pytest.raises(InvalidShapeError) as raised:
        hptsdk.from_wire(CONFIG, LIMITS | {"Strategy": ["hunter2"], "StrategyConfig": HYPERBAND})
    assert "hunter2" not in str(raised.value)


class Unprintable:
    def __repr__(self):
        raise RuntimeError


def test_a_response_with_an_object_that_cannot_be_printed_has_a_summary():
    response = hptsdk.from_wire(
        shapes.DescribeHyperParameterTuningJobResponse, {"HyperParameterTuningJobName": Unprintable()}
    )
    assert "0 running" in str(response)


def test_a_response_with_a_number_that_no_float_can_hold_has_a_summary():
    metric = {"MetricName": "loss", "Value": 10**400}
    response = hptsdk.from_wire(
        shapes.HyperParameterTrainingJobSummary, {"FinalHyperParameterTuningJobObjectiveMetric": metric}
    )
    assert "loss = inf" in str(response)


class WithoutTruth:
    def __bool__(self):
        raise RuntimeError


def test_a_response_with_an_object_that_is_neither_true_nor_false_has_a_summary():
    response = hptsdk.from_wire(shapes.HyperParameterTrainingJobSummary, {"FailureReason": WithoutTruth()})
    assert str(response).startswith("Training job")
