"""With any faults at any time: at most one job, no lost job, and no wait without an end."""

from typing import get_args

import pytest
from hypothesis import settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sample_requests import tuning_request

import hptsdk
from hptsdk import errors
from hptsdk.testing import Fault, MemoryService, PretendClock, StubTransport

CREATE, DESCRIBE = "CreateHyperParameterTuningJob", "DescribeHyperParameterTuningJob"
ABSENT = "answer that the job does not exist"
CREATE_FAULTS = st.lists(st.sampled_from(get_args(Fault)), max_size=5)
# a job that has existed for some time is always found
FAULTS = st.lists(st.sampled_from([fault for fault in get_args(Fault) if fault != ABSENT]), max_size=5)
LASTING = ["throttle", "fail before acting", "hang up before acting", "answer nonsense", "answer an unknown code"]

# The faults after a lost response: an error of a later attempt, and a Describe that does not find the job.
LOST = [
    "hang up after acting",
    "reset in mid-answer",
    "stall after acting",
    "hang up before acting",
    "fail after acting",
    "fail with a page after acting",
]
REFUSALS = [
    "throttle",
    "answer that a limit is exceeded",
    "answer that the request is invalid",
    "answer that access is denied",
    "answer that the token has expired",
    "answer an unknown code",
    "none",
]
OTHER = ["answer about another job", "answer with an ARN of another type"]
CALLS = 4

RUNNING, ENDED = ["InProgress", "Stopping", "Deleting"], ["Completed", "Stopped", "Failed", "DeleteFailed"]

# The error that leaves the outcome open. After any other error no job was created.
OPEN = errors.OutcomeUnknownError
ANSWERS = (errors.ServiceError, errors.TransportError, errors.JobConflictError)


NAMES = st.sampled_from(["a", "A", "b"])
REQUESTS = {(name, size): tuning_request(name, max_jobs=size) for name in ("a", "A", "b") for size in (3, 4)}
WANTED = st.sampled_from(list(REQUESTS))


class FunctionTransport:
    """A transport that calls a function."""

    def __init__(self, function):
        self.call = function


class Client(RuleBasedStateMachine):
    """A client with faults of the network and the service, and with other users of the account."""

    @initialize(attempts=st.integers(1, 3))
    def begin(self, attempts):
        self.service = MemoryService()
        self.stub = StubTransport(service=self.service, max_attempts=attempts)
        self.clock = PretendClock(limit=1e5)
        self.client = hptsdk.TuningClient(transport=self.stub, clock=self.clock)
        self.created = 0
        self.mine = set()

    # --- the client ---

    @rule(wanted=WANTED, faults=CREATE_FAULTS, if_exists=st.sampled_from(["error", "return"]))
    def create(self, wanted, faults, if_exists):
        before = self.state_of(wanted)
        outcome = self.outcome(faults, lambda: self.client.create(REQUESTS[wanted], if_exists=if_exists))
        created = self.created_now()
        assert created <= 1
        assert [call.operation for call in self.stub.calls] in [[CREATE, *[DESCRIBE] * n] for n in range(CALLS + 1)]
        if isinstance(outcome, Exception):
            assert isinstance(outcome, OPEN) or not created
            assert not isinstance(outcome, errors.ResourceInUseError | errors.JobConflictError) or before != "absent"
            assert not (self.create_was_unanswered() and getattr(outcome, "is_retry_safe", False))
        else:
            assert self.state_of(wanted) == "the same"
            assert outcome.arn == self.service.jobs[wanted[0].lower()]["HyperParameterTuningJobArn"]
        if created and isinstance(outcome, errors.OutcomeUnknownError):
            assert self.describe_failed()
        if not faults:
            assert self.kind(outcome) == self.expected(before, if_exists)
        self.retry_if_open(wanted, outcome, created=created, before=before)

    @rule(
        wanted=WANTED,
        lost=st.sampled_from(LOST),
        refusals=st.lists(st.sampled_from(REFUSALS), max_size=2),
        missed=st.integers(0, CALLS + 1),
    )
    def create_with_a_lost_response(self, wanted, lost, refusals, missed):
        """A lost response, any end of later attempts, and a Describe that finds the job after some calls."""
        before = self.state_of(wanted)
        # throttled attempts are repeated; any other error ends the call
        script = [lost, *refusals] if self.stub._max_attempts > 1 else [lost]
        outcome = self.outcome(script, lambda: self.create_with_missed_describes(wanted, missed))
        created = self.created_now()
        assert created <= 1
        if before == "other":
            assert isinstance(outcome, errors.JobConflictError | OPEN)
        elif self.state_of(wanted) == "the same" and missed < CALLS:
            assert self.kind(outcome) == "job"
        else:
            # an attempt after the lost one can have a response
            assert self.kind(outcome) in {"job", "OutcomeUnknownError"}
        assert not getattr(outcome, "is_retry_safe", False)
        self.retry_if_open(wanted, outcome, created=created, before=before)

    def create_with_missed_describes(self, wanted, missed):
        """Create a job that the first calls of Describe do not find, after all faults of Create."""
        call = self.stub.call

        def calling(operation, body):
            try:
                return call(operation, body)
            finally:
                if operation == CREATE:
                    self.stub.faults.clear()
                    self.stub.faults.extend([ABSENT] * missed)

        client = hptsdk.TuningClient(transport=FunctionTransport(calling), clock=self.clock)
        return client.create(REQUESTS[wanted])

    @rule(wanted=WANTED, create=st.sampled_from(["none", *OTHER]), describe=st.sampled_from(["none", *OTHER]))
    def create_with_answers_about_other_jobs(self, wanted, create, describe):
        before = self.state_of(wanted)
        outcome = self.outcome([create, describe], lambda: self.client.create(REQUESTS[wanted]))
        created = self.created_now()
        assert created == (before == "absent")
        if created:
            right = create == "none" or describe == "none"
            assert self.kind(outcome) == ("job" if right else "OutcomeUnknownError")
            assert not right or outcome.arn == self.service.jobs[wanted[0].lower()]["HyperParameterTuningJobArn"]
        self.retry_if_open(wanted, outcome, created=created, before=before)

    @rule(name=NAMES, fault=st.sampled_from(OTHER))
    def describe_another_job(self, name, fault):
        outcome = self.outcome([fault], self.client.get(name).describe)
        is_there = name.lower() in self.service.jobs
        assert self.kind(outcome) == ("UnexpectedResponseError" if is_there else "ResourceNotFoundError")

    def create_was_unanswered(self):
        """Check whether the service may have acted on an attempt to create without a response."""
        decided = {"none", *OTHER, "throttle", "throttle by status", "answer an unknown code"}
        faults = {sent.fault for sent in self.stub.sent if sent.operation == CREATE}
        return any(fault not in decided and not fault.startswith("answer that") for fault in faults)

    def describe_failed(self):
        """Check whether a call of Describe failed too."""
        faults = [sent.fault for sent in self.stub.sent if sent.operation == DESCRIBE and sent.fault != "none"]
        is_always_absent = faults.count(ABSENT) >= CALLS
        has_failed = is_always_absent or any(fault != ABSENT for fault in faults)
        return has_failed or any(sent.fault.endswith("then refuse connections") for sent in self.stub.sent)

    def expected(self, before, if_exists):
        """Return the result of a create without faults."""
        if before == "absent":
            return "job"
        if if_exists == "error":
            return "ResourceInUseError"
        return "job" if before == "the same" else "JobConflictError"

    def retry_if_open(self, wanted, outcome, *, created, before):
        """Follow the documentation after an error with an unknown outcome: then one job exists."""
        if not isinstance(outcome, OPEN):
            return
        again = self.outcome([], lambda: self.client.create(REQUESTS[wanted], if_exists="return"))
        assert self.kind(again) == ("JobConflictError" if before == "other" else "job")
        assert created + self.created_now() == (before == "absent")

    @rule(name=NAMES, faults=FAULTS)
    def stop(self, name, faults):
        job = self.service.jobs.get(name.lower())
        before = job and job["HyperParameterTuningJobStatus"]
        outcome = self.outcome(faults, self.client.get(name).stop)
        after = job and job["HyperParameterTuningJobStatus"]
        if outcome is None:
            assert after in {"Stopping", *ENDED}
        elif self.did_nothing(outcome):
            assert after == before
        assert job or outcome is not None

    @rule(name=NAMES, faults=FAULTS)
    def delete(self, name, faults):
        was_there = name.lower() in self.service.jobs
        outcome = self.outcome(faults, self.client.get(name).delete)
        is_there = name.lower() in self.service.jobs
        if outcome is None or isinstance(outcome, errors.ResourceNotFoundError):
            assert not is_there
        elif self.did_nothing(outcome):
            assert is_there == was_there

    @rule(
        name=NAMES,
        faults=FAULTS | st.sampled_from(LASTING).map(lambda fault: [fault] * 10_000),
        course=st.lists(st.sampled_from(RUNNING), max_size=12),
        end=st.sampled_from(ENDED),
        timeout=st.none() | st.floats(0, 1000),
    )
    def wait(self, name, faults, course, end, timeout):
        self.service.statuses[name.lower()] = [*course, end]
        began = self.clock.now
        outcome = self.outcome(faults, lambda: self.client.get(name).wait(timeout=timeout))
        waited = self.clock.now - began
        assert timeout is None or waited <= timeout + 1e-6
        if isinstance(outcome, errors.WaitTimeout):
            assert waited == pytest.approx(timeout)
        elif isinstance(outcome, errors.TuningJobFailed):
            assert end in {"Failed", "DeleteFailed"}
        elif isinstance(outcome, errors.ResourceNotFoundError):
            assert name.lower() not in self.service.jobs
        elif isinstance(outcome, Exception):
            assert faults
        else:
            assert outcome.hyper_parameter_tuning_job_status == end in {"Completed", "Stopped"}

    @rule(name=NAMES, faults=FAULTS, timeout=st.floats(0, 2000))
    def wait_for_what_never_ends(self, name, faults, timeout):
        self.service.statuses[name.lower()] = ["InProgress"]
        outcome = self.outcome(faults, lambda: self.client.get(name).wait(timeout=timeout))
        if not faults and name.lower() in self.service.jobs:
            assert isinstance(outcome, errors.WaitTimeout)
        assert isinstance(outcome, Exception)

    # --- other users ---

    @rule(wanted=WANTED)
    def others_create(self, wanted):
        if self.state_of(wanted) == "absent":
            self.service.call(CREATE, hptsdk.to_wire(REQUESTS[wanted]))
        self.created = self.service.acted.count(CREATE)

    @rule(name=NAMES)
    def others_delete(self, name):
        self.service.jobs.pop(name.lower(), None)

    @invariant()
    def a_name_has_one_job(self):
        if hasattr(self, "service"):
            names = [job["HyperParameterTuningJobName"].lower() for job in self.service.jobs.values()]
            assert sorted(names) == sorted(self.service.jobs)

    # --- checks ---

    def outcome(self, faults, action):
        """Call a function with these faults, and return its result or its error."""
        self.stub.accept_connections()
        self.stub.faults.clear()
        self.stub.faults.extend(faults)
        self.stub.calls.clear()
        self.stub.sent.clear()
        try:
            return action()
        except (*ANSWERS, errors.WaitTimeout, errors.TuningJobFailed) as error:
            return error
        finally:
            self.stub.accept_connections()
            self.stub.faults.clear()

    def kind(self, outcome):
        return type(outcome).__name__ if isinstance(outcome, Exception) else "job"

    def did_nothing(self, error):
        """Check whether an error says that the service did not act."""
        if isinstance(error, errors.ServiceError):
            return error.unanswered == 0
        return not error.may_have_been_sent

    def created_now(self):
        created, self.created = self.service.acted.count(CREATE) - self.created, self.service.acted.count(CREATE)
        return created

    def state_of(self, wanted):
        """Check whether a job of the name exists, and whether it has the same settings."""
        name, size = wanted
        job = self.service.jobs.get(name.lower())
        if job is None:
            return "absent"
        limits = job["HyperParameterTuningJobConfig"]["ResourceLimits"]
        return "the same" if limits["MaxNumberOfTrainingJobs"] == size else "other"


TestClient = Client.TestCase
TestClient.settings = settings(stateful_step_count=20)
