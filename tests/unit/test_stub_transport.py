"""The stub: its script, what it expects, and its log."""

import threading

import pytest

import hptsdk
from hptsdk import errors, shapes
from hptsdk.testing import Call, MemoryService, Refusal, Sent, StubTransport

DESCRIBE, STOP, LIST = "DescribeHyperParameterTuningJob", "StopHyperParameterTuningJob", "ListHyperParameterTuningJobs"
ASKED = {"HyperParameterTuningJobName": "job"}


def failing(function, *arguments):
    """Call something that must say that the test went wrong, and give what it says."""
    with pytest.raises(AssertionError) as raised:
        function(*arguments)
    return str(raised.value)


# --- the script ---


def test_answers_come_in_order():
    stub = StubTransport({"A": 1}, {"A": 2})
    assert [stub.call(DESCRIBE, ASKED), stub.call(DESCRIBE, ASKED)] == [{"A": 1}, {"A": 2}]


def test_a_call_beyond_the_script_is_told():
    assert failing(StubTransport().call, STOP, ASKED) == f"the script has no response for call 1, {STOP}"


def test_a_function_is_called_with_the_operation_and_the_body():
    stub = StubTransport(lambda operation, body: {"Said": [operation, body]})
    assert stub.call(STOP, ASKED) == {"Said": [STOP, ASKED]}


def test_a_response_is_an_answer():
    stub = StubTransport(shapes.CreateHyperParameterTuningJobResponse(hyper_parameter_tuning_job_arn="arn"))
    assert stub.call("CreateHyperParameterTuningJob", {}) == {"HyperParameterTuningJobArn": "arn"}


def test_a_refusal_is_raised_as_the_error_that_it_becomes():
    stub = StubTransport(Refusal("ResourceLimitExceeded", "no more jobs"))
    with pytest.raises(errors.ResourceLimitExceededError, match="no more jobs"):
        stub.call(STOP, ASKED)


def test_an_answer_is_not_shared_with_the_script():
    answer = {"Tags": []}
    StubTransport(answer).call("ListTags", {})["Tags"].append(1)
    assert answer == {"Tags": []}


def test_a_service_answers_where_the_script_ends():
    stub = StubTransport({"A": 1}, service=MemoryService())
    stub.call(LIST, {})
    assert stub.call(LIST, {}) == {"HyperParameterTuningJobSummaries": []}


def test_a_call_is_tried_once_at_least():
    with pytest.raises(ValueError, match="max_attempts: expected 1 or more, got 0"):
        StubTransport(max_attempts=0)


# --- what is expected ---


def test_an_expected_call_is_answered():
    assert StubTransport().expect(STOP, ASKED, answer={"A": 1}).call(STOP, ASKED) == {"A": 1}


def test_an_expected_call_without_an_answer_is_answered_by_the_service():
    stub = StubTransport(service=MemoryService()).expect(LIST)
    assert stub.call(LIST, {}) == {"HyperParameterTuningJobSummaries": []}


def test_an_expected_call_without_an_answer_or_a_service_has_an_empty_answer():
    assert StubTransport().expect(STOP).call(STOP, ASKED) == {}


def test_another_operation_than_the_expected_one_is_told():
    stub = StubTransport().expect(STOP)
    assert failing(stub.call, DESCRIBE, ASKED) == f"call 1 is {DESCRIBE}, expected {STOP}"


@pytest.mark.parametrize(
    ("expected", "told"),
    [
        ({"A": 2}, "A: expected 2, got 1"),
        ({"Z": 2}, "Z is missing"),
        ({"B": {"C": "x"}}, "B.C: expected 'x', got 'c'"),
        ({"D": [{"E": 1}, {"E": 3}]}, "D[1].E: expected 3, got 2"),
        ({"D": [{"E": 1}]}, "D: expected 1 items, got 2"),
        ({"A": 2, "Z": 2}, "A: expected 2, got 1; Z is missing"),
        (lambda _: False, "the body: expected a value for which <lambda> returns True"),
        ({"A": lambda number: number > 1}, "A: expected a value for which <lambda> returns True"),
        ({"B": 1}, "B: expected 1, got a mapping of 1 entry"),
    ],
)
def test_a_body_that_is_not_as_expected_is_told(expected, told):
    body = {"A": 1, "B": {"C": "c"}, "D": [{"E": 1}, {"E": 2}]}
    assert failing(StubTransport().expect(STOP, expected).call, STOP, body) == f"call 1, {STOP}: {told}"


@pytest.mark.parametrize(
    "expected", [None, {}, {"A": 1}, {"B": {}}, {"D": [{}, {"E": 2}]}, {"A": lambda number: number == 1}]
)
def test_a_body_may_hold_more_than_is_expected(expected):
    body = {"A": 1, "B": {"C": "c"}, "D": [{"E": 1}, {"E": 2}]}
    assert StubTransport().expect(STOP, expected).call(STOP, body) == {}


def test_a_body_may_be_expected_as_a_shape():
    query = shapes.StopHyperParameterTuningJobRequest(hyper_parameter_tuning_job_name="other")
    told = failing(StubTransport().expect(STOP, query).call, STOP, ASKED)
    assert told == f"call 1, {STOP}: HyperParameterTuningJobName: expected 'other', got 'job'"


@pytest.mark.parametrize("side", ["sent", "expected"])
def test_no_secret_is_told(side):
    secret = {"Environment": {"KEY": "a-secret-value"}}
    other = {"Environment": {"KEY": "something"}}
    expected, sent = (other, secret) if side == "sent" else (secret, other)
    assert "a-secret-value" not in failing(StubTransport().expect(STOP, expected).call, STOP, sent)


def test_expected_faults_come_before_the_others():
    stub = StubTransport(faults=["fail before acting"]).expect(STOP, faults=["throttle"])
    stub.call(STOP, ASKED)
    assert [sent.fault for sent in stub.sent] == ["throttle", "fail before acting", "none"]


# --- verifying ---


def test_a_script_that_was_followed_is_right():
    with StubTransport({}).expect(STOP) as stub:
        stub.call(DESCRIBE, ASKED)
        stub.call(STOP, ASKED)
    assert len(stub.calls) == 2


def test_a_call_that_did_not_come_is_told():
    assert failing(StubTransport().expect(STOP).verify) == f"{STOP} was not called"


def test_an_answer_that_was_not_asked_for_is_told():
    assert failing(StubTransport({}).verify) == "a call for the next response was not called"


def test_a_fault_that_was_not_met_is_told():
    assert failing(StubTransport(faults=["throttle"]).verify) == "the fault 'throttle' did not occur"


def test_a_fault_of_an_expected_call_that_was_not_met_is_told():
    stub = StubTransport(max_attempts=1).expect(STOP, faults=["hang up after acting", "throttle"])
    with pytest.raises(errors.OutcomeUnknownError):
        stub.call(STOP, ASKED)
    assert failing(stub.verify) == "the fault 'throttle' did not occur"


def test_an_unexpected_call_is_told_again_where_it_was_swallowed():
    stub = StubTransport()
    failing(stub.call, STOP, ASKED)
    assert failing(stub.verify) == f"the script has no response for call 1, {STOP}"


def test_the_end_of_a_with_verifies():
    def leave():
        with StubTransport().expect(STOP):
            pass

    assert failing(leave) == f"{STOP} was not called"


def test_the_end_of_a_with_does_not_hide_another_error():
    with pytest.raises(ZeroDivisionError), StubTransport().expect(STOP):
        raise ZeroDivisionError


# --- the log ---


def test_the_log_has_every_attempt_that_left():
    stub = StubTransport({}, faults=["throttle"])
    stub.call(STOP, ASKED)
    assert stub.calls == [Call(STOP, ASKED)]
    assert stub.sent == [Sent(STOP, ASKED, "throttle"), Sent(STOP, ASKED, "none")]


def test_an_attempt_without_a_connection_did_not_leave():
    stub = StubTransport({})
    stub.refuse_connections()
    with pytest.raises(errors.NotSentError):
        stub.call(STOP, ASKED)
    assert stub.sent == []


def test_connections_can_be_accepted_again():
    stub = StubTransport({}, {"A": 1})
    stub.refuse_connections()
    with pytest.raises(errors.NotSentError):
        stub.call(STOP, ASKED)
    stub.accept_connections()
    assert stub.call(STOP, ASKED) == {"A": 1}


def test_the_log_is_not_changed_with_the_body():
    stub, body = StubTransport({}), {"Tags": [{"Key": "a"}]}
    stub.call("AddTags", body)
    body["Tags"].clear()
    assert stub.calls[0].body == stub.sent[0].body == {"Tags": [{"Key": "a"}]}


def test_the_repr_shows_how_far_it_is():
    stub = StubTransport({}, {})
    stub.call(STOP, ASKED)
    assert repr(stub) == "StubTransport(1 calls made, 1 responses left)"


def test_every_fault_is_met_once_by_many_threads():
    stub = StubTransport(service=MemoryService(), faults=["throttle"] * 50, max_attempts=51)
    threads = [threading.Thread(target=lambda: [stub.call(LIST, {}) for _ in range(20)]) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(stub.calls) + 50 == len(stub.sent)


def test_a_client_works_on_it():
    stub = StubTransport({"HyperParameterTuningJobStatus": "Completed"})
    assert hptsdk.TuningClient(transport=stub).get("job").describe().hyper_parameter_tuning_job_status == "Completed"
