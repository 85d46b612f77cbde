"""The stub raises the same errors, with the same numbers of attempts, as botocore with the faulty server."""

from typing import get_args

import botocore
import botocore.session
import pytest
from botocore.config import Config
from sample_requests import tuning_request

import hptsdk
from hptsdk import errors
from hptsdk.testing import Fault, FaultyServer, StubTransport
from hptsdk.transport import BotocoreTransport

# An older botocore does not retry after a response that was cut; the stub does, as newer versions do.
OLDER = tuple(map(int, botocore.__version__.split(".")[:2])) < (1, 44)
FAULTS = [fault for fault in get_args(Fault) if not (OLDER and fault == "cut the answer short")]
ATTRIBUTES = (
    "operation",
    "attempts",
    "code",
    "message",
    "status_code",
    "request_id",
    "is_retry_safe",
    "counted_unanswered",
    "unanswered",
    "may_have_been_sent",
)
CREATE, DESCRIBE = "CreateHyperParameterTuningJob", "DescribeHyperParameterTuningJob"

# shared, since a session reads the models of AWS
SESSION = botocore.session.Session()
SESSION.set_credentials("testing", "testing")


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch):
    monkeypatch.setattr("botocore.retries.standard.ExponentialBackoff.delay_amount", lambda *_: 0.0)
    monkeypatch.setattr("botocore.endpoint.time.sleep", lambda _: None)


@pytest.fixture(scope="module")
def body():
    return hptsdk.to_wire(tuning_request())


def outcome(call, *arguments):
    """Return all that a caller knows of the outcome of a call."""
    try:
        answer = call(*arguments)
    except errors.HptsdkError as error:
        return type(error), {name: getattr(error, name, None) for name in ATTRIBUTES}
    return answer


def over_http(faults, attempts, calls, mode="standard"):
    """Return the outcomes of calls by botocore, the received operations, and the performed operations."""
    config = Config(retries={"total_max_attempts": attempts, "mode": mode}, read_timeout=0.15, connect_timeout=0.5)
    with FaultyServer(faults) as server:
        transport = BotocoreTransport("us-east-1", session=SESSION, endpoint_url=server.url, config=config)
        outcomes = [outcome(transport.call, *call) for call in calls]
        transport.close()
        return outcomes, server.received, server.service.acted


def by_stub(faults, attempts, calls):
    """Return the same for the stub."""
    stub = StubTransport(service=hptsdk.testing.MemoryService(), faults=faults, max_attempts=attempts)
    outcomes = [outcome(stub.call, *call) for call in calls]
    return outcomes, [sent.operation for sent in stub.sent], stub.service.acted


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_of_the_only_attempt_is_the_same(fault, body):
    calls = [(CREATE, body)]
    assert by_stub([fault], 1, calls) == over_http([fault], 1, calls)


@pytest.mark.long
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_before_another_attempt_is_the_same(fault, body):
    calls = [(CREATE, body), (DESCRIBE, {"HyperParameterTuningJobName": "job"})]
    assert by_stub([fault], 2, calls) == over_http([fault], 2, calls)


@pytest.mark.long
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_of_every_attempt_is_the_same(fault, body):
    calls = [(CREATE, body)]
    assert by_stub([fault] * 3, 3, calls) == over_http([fault] * 3, 3, calls)


@pytest.mark.long
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_of_every_attempt_to_read_is_the_same(fault):
    calls = [(DESCRIBE, {"HyperParameterTuningJobName": "job"})]
    assert by_stub([fault] * 2, 2, calls) == over_http([fault] * 2, 2, calls)


@pytest.mark.long
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("refusal", ["throttle", "answer an unknown code", "answer nonsense"])
def test_a_fault_and_then_another_is_the_same(fault, refusal, body):
    calls = [(CREATE, body)]
    assert by_stub([fault, refusal], 2, calls) == over_http([fault, refusal], 2, calls)


@pytest.mark.long
@pytest.mark.parametrize("fault", FAULTS)
def test_the_legacy_retry_mode_of_botocore_has_the_same_results(fault, body):
    calls = [(CREATE, body)]
    assert by_stub([fault] * 2, 2, calls) == over_http([fault] * 2, 2, calls, mode="legacy")


def test_a_server_that_accepts_no_connections_is_the_same(body):
    config = Config(retries={"total_max_attempts": 2, "mode": "standard"})
    stub = StubTransport({}, max_attempts=2)
    stub.refuse_connections()
    with FaultyServer() as server:
        server.refuse_connections()
        transport = BotocoreTransport("us-east-1", session=SESSION, endpoint_url=server.url, config=config)
        assert outcome(stub.call, CREATE, body) == outcome(transport.call, CREATE, body)


def test_a_refusal_of_the_service_itself_is_the_same(body):
    calls = [(CREATE, body), (CREATE, body), ("StopHyperParameterTuningJob", {"HyperParameterTuningJobName": "other"})]
    assert by_stub([], 2, calls) == over_http([], 2, calls)


@pytest.mark.long
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_of_an_attempt_that_the_service_refuses_is_the_same(fault, body):
    calls = [(CREATE, body), (CREATE, body)]
    assert by_stub(["none", fault], 1, calls) == over_http(["none", fault], 1, calls)
