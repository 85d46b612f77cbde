"""`StubTransport`: its script, expected calls, and its log."""

import threading

import pytest

import hptsdk
from hptsdk import errors, shapes
from hptsdk.testing import Call, MemoryService, Refusal, Sent, StubTransport

DESCRIBE, STOP, LIST = "DescribeHyperParameterTuningJob", "StopHyperParameterTuningJob", "ListHyperParameterTuningJobs"
QUERY = {"HyperParameterTuningJobName": "job"}


def failing(function, *arguments):
    """Return the message of the AssertionError that a call raises."""
    with pytest.raises(AssertionError) as raised:
        function(*arguments)
    return str(raised.value)


# --- the script ---


def test_responses_are_returned_in_order():
    stub = StubTransport({"A": 1}, {"A": 2})
    assert [stub.call(DESCRIBE, QUERY), stub.call(DESCRIBE, QUERY)] == [{"A": 1}, {"A": 2}]


def test_a_call_after_the_end_of_the_script_is_an_error():
    assert failing(StubTransport().call, STOP, QUERY) == f"the script has no response for call 1, {STOP}"


def test_a_function_is_called_with_the_operation_and_the_body():
    stub = StubTransport(lambda operation, body: {"Received": [operation, body]})
    assert stub.call(STOP, QUERY) == {"Received": [STOP, QUERY]}


def test_a_response_may_be_a_shape():
    stub = StubTransport(shapes.CreateHyperParameterTuningJobResponse(hyper_parameter_tuning_job_arn="arn"))
    assert stub.call("CreateHyperParameterTuningJob", {}) == {"HyperParameterTuningJobArn": "arn"}


def test_a_refusal_is_raised_as_a_service_error():
    stub = StubTransport(Refusal("ResourceLimitExceeded", "no more jobs"))
    with pytest.raises(errors.ResourceLimitExceededError, match="no more jobs"):
        stub.call(STOP, QUERY)


def test_a_response_is_a_copy():
    response = {"Tags": []}
    StubTransport(response).call("ListTags", {})["Tags"].append(1)
    assert response == {"Tags": []}


def test_the_service_responds_after_the_end_of_the_script():
    stub = StubTransport({"A": 1}, service=MemoryService())
    stub.call(LIST, {})
    assert stub.call(LIST, {}) == {"HyperParameterTuningJobSummaries": []}


def test_max_attempts_is_at_least_1():
    with pytest.raises(ValueError, match="max_attempts: expected 1 or more, got 0"):
        StubTransport(max_attempts=0)


# --- expected calls ---


def test_an_expected_call_gets_its_response():
    assert StubTransport().expect(STOP, QUERY, answer={"A": 1}).call(STOP, QUERY) == {"A": 1}


def test_the_service_responds_to_an_expected_call_without_a_response():
    stub = StubTransport(service=MemoryService()).expect(LIST)
    assert stub.call(LIST, {}) == {"HyperParameterTuningJobSummaries": []}


def test_an_expected_call_without_a_response_or_a_service_gets_an_empty_response():
    assert StubTransport().expect(STOP).call(STOP, QUERY) == {}


def test_a_call_of_another_operation_is_an_error():
    stub = StubTransport().expect(STOP)
    assert failing(stub.call, DESCRIBE, QUERY) == f"call 1 is {DESCRIBE}, expected {STOP}"


@pytest.mark.parametrize(
    ("expected", "message"),
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
def test_the_error_names_each_member_that_differs(expected, message):
    body = {"A": 1, "B": {"C": "c"}, "D": [{"E": 1}, {"E": 2}]}
    assert failing(StubTransport().expect(STOP, expected).call, STOP, body) == f"call 1, {STOP}: {message}"


@pytest.mark.parametrize(
    "expected", [None, {}, {"A": 1}, {"B": {}}, {"D": [{}, {"E": 2}]}, {"A": lambda number: number == 1}]
)
def test_a_body_may_have_more_members_than_expected(expected):
    body = {"A": 1, "B": {"C": "c"}, "D": [{"E": 1}, {"E": 2}]}
    assert StubTransport().expect(STOP, expected).call(STOP, body) == {}


def test_an_expected_body_may_be_a_shape():
    query = shapes.StopHyperParameterTuningJobRequest(hyper_parameter_tuning_job_name="other")
    message = failing(StubTransport().expect(STOP, query).call, STOP, QUERY)
    assert message == f"call 1, {STOP}: HyperParameterTuningJobName: expected 'other', got 'job'"


@pytest.mark.parametrize("side", ["sent", "expected"])
def test_no_secret_is_in_the_error(side):
    secret = {"Environment": {"KEY": "a-secret-value"}}
    other = {"Environment": {"KEY": "something"}}
    expected, sent = (other, secret) if side == "sent" else (secret, other)
    assert "a-secret-value" not in failing(StubTransport().expect(STOP, expected).call, STOP, sent)


def test_expected_faults_come_before_the_others():
    stub = StubTransport(faults=["fail before acting"]).expect(STOP, faults=["throttle"])
    stub.call(STOP, QUERY)
    assert [sent.fault for sent in stub.sent] == ["throttle", "fail before acting", "none"]


# --- verifying ---


def test_a_script_without_remaining_calls_is_verified():
    with StubTransport({}).expect(STOP) as stub:
        stub.call(DESCRIBE, QUERY)
        stub.call(STOP, QUERY)
    assert len(stub.calls) == 2


def test_an_expected_call_that_is_not_made_is_an_error():
    assert failing(StubTransport().expect(STOP).verify) == f"{STOP} was not called"


def test_an_unused_response_is_an_error():
    assert failing(StubTransport({}).verify) == "a response was not used"


def test_a_fault_that_did_not_occur_is_an_error():
    assert failing(StubTransport(faults=["throttle"]).verify) == "the fault 'throttle' did not occur"


def test_a_fault_of_an_expected_call_that_did_not_occur_is_an_error():
    stub = StubTransport(max_attempts=1).expect(STOP, faults=["hang up after acting", "throttle"])
    with pytest.raises(errors.OutcomeUnknownError):
        stub.call(STOP, QUERY)
    assert failing(stub.verify) == "the fault 'throttle' did not occur"


def test_an_unexpected_call_is_reported_again_at_the_end():
    stub = StubTransport()
    failing(stub.call, STOP, QUERY)
    assert failing(stub.verify) == f"the script has no response for call 1, {STOP}"


def test_the_context_manager_verifies_the_script():
    def leave():
        with StubTransport().expect(STOP):
            pass

    assert failing(leave) == f"{STOP} was not called"


def test_the_context_manager_does_not_hide_another_error():
    with pytest.raises(ZeroDivisionError), StubTransport().expect(STOP):
        raise ZeroDivisionError


# --- the log ---


def test_the_log_has_each_attempt_that_was_sent():
    stub = StubTransport({}, faults=["throttle"])
    stub.call(STOP, QUERY)
    assert stub.calls == [Call(STOP, QUERY)]
    assert stub.sent == [Sent(STOP, QUERY, "throttle"), Sent(STOP, QUERY, "none")]


def test_an_attempt_without_a_connection_is_not_sent():
    stub = StubTransport({})
    stub.refuse_connections()
    with pytest.raises(errors.NotSentError):
        stub.call(STOP, QUERY)
    assert stub.sent == []


def test_connections_can_be_accepted_again():
    stub = StubTransport({}, {"A": 1})
    stub.refuse_connections()
    with pytest.raises(errors.NotSentError):
        stub.call(STOP, QUERY)
    stub.accept_connections()
    assert stub.call(STOP, QUERY) == {"A": 1}


def test_a_later_change_of_the_body_does_not_change_the_log():
    stub, body = StubTransport({}), {"Tags": [{"Key": "a"}]}
    stub.call("AddTags", body)
    body["Tags"].clear()
    assert stub.calls[0].body == stub.sent[0].body == {"Tags": [{"Key": "a"}]}


def test_the_repr_has_the_numbers_of_calls_and_responses():
    stub = StubTransport({}, {})
    stub.call(STOP, QUERY)
    assert repr(stub) == "StubTransport(1 calls made, 1 responses left)"


def test_each_fault_occurs_once_with_many_threads():
    stub = StubTransport(service=MemoryService(), faults=["throttle"] * 50, max_attempts=51)
    threads = [threading.Thread(target=lambda: [stub.call(LIST, {}) for _ in range(20)]) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(stub.calls) + 50 == len(stub.sent)


def test_a_client_can_use_it():
    stub = StubTransport({"HyperParameterTuningJobStatus": "Completed"})
    assert hptsdk.TuningClient(transport=stub).get("job").describe().hyper_parameter_tuning_job_status == "Completed"
