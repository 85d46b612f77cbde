"""Text from a service, a file or a program is printed without control characters."""

import pytest

import hptsdk
from hptsdk import errors, shapes
from hptsdk.errors import escaped

RED = "\x1b[31m\x9b2J\r\u202e"
BASE = hptsdk.from_wire(
    shapes.DescribeHyperParameterTuningJobResponse,
    {"HyperParameterTuningJobName": RED, "HyperParameterTuningJobStatus": RED, "FailureReason": RED},
)


def violation(**parts):
    return errors.Violation(**({"shape": "", "path": "", "rule": "", "expected": "", "got": "", "source": ""} | parts))


TEXTS = {
    "a service's message": errors.ServiceError(RED, code=RED, operation="Create"),
    "a network's message": errors.TransportError(RED),
    "a failed job": errors.TuningJobFailed(RED, response=BASE),
    "a job that continues": errors.WaitTimeout(RED, timeout=1, response=BASE),
    "another job": errors.JobConflictError(RED, differences=[RED]),
    "what is expected": errors.InvalidShapeError([violation(expected=RED)]),
    "a path": errors.InvalidShapeError([violation(path=RED), violation(hint=RED)]),
    "a violation": violation(argument=RED, got=RED).message,
    "a response": BASE,
    "a summary": hptsdk.from_wire(shapes.HyperParameterTrainingJobSummary, {"TrainingJobName": RED}),
    "a shape": hptsdk.from_wire(shapes.ListTagsOutput, {"NextToken": RED}),
    "a map's key": hptsdk.from_wire(shapes.DescribeTrainingJobResponse, {"Environment": {RED: RED}}),
    "an unknown member": hptsdk.from_wire(shapes.ListTagsOutput, {RED: RED}),
}


@pytest.mark.parametrize("value", TEXTS.values(), ids=list(TEXTS))
def test_printed_text_has_no_control_characters(value):
    printed = str(value)
    assert [letter for letter in printed if not letter.isprintable() and letter not in "\n\t"] == []


def test_newlines_tabs_and_printable_characters_are_not_escaped():
    assert str(errors.TransportError("é\n\tx")) == "é\n\tx"


def test_a_character_that_cannot_be_printed_is_escaped():
    assert escaped("a\x1b[31m\ud800") == r"a\x1b[31m\ud800"


@pytest.mark.parametrize("address", ["S3://a\x1b[31m", "data\x1b[31m", "data\nmore"])
def test_no_address_is_suggested_for_text_with_control_characters(address):
    with pytest.raises(errors.InvalidShapeError) as raised:
        shapes.OutputDataConfig(s3_output_path=address)
    assert raised.value.violations[0].hint == ""
