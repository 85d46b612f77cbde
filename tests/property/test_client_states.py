"""Whatever fails and whenever: never two jobs, never a lost one, never a wait without an end."""

from typing import get_args

import pytest
from hypothesis import settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

import hptsdk
from hptsdk import errors
from hptsdk.testing import Fault, MemoryService, PretendClock, StubTransport

CREATE, DESCRIBE = "CreateHyperParameterTuningJob", "DescribeHyperParameterTuningJob"
FAULTS = st.lists(st.sampled_from(get_args(Fault)), max_size=5)
LASTING = ["throttle", "fail before acting", "hang up before acting", "answer nonsense", "answer an unknown code"]
GOING_ON, AT_AN_END = ["InProgress", "Stopping", "Deleting"], ["Completed", "Stopped", "Failed", "DeleteFailed"]

# Errors that leave it open whether a job was created; every other one says that none was.
OPEN = (errors.OutcomeUnknownError, errors.ServiceUnavailableError)
ANSWERS = (errors.ServiceError, errors.TransportError, errors.JobConflictError)


def request_named(name, max_jobs):
    training = hptsdk.training(
        image="123456789012.dkr.ecr.us-east-1.amazonaws.com/mine:1",
        role_arn="arn:aws:iam::123456789012:role/SageMakerRole",
        output="s3://amzn-s3-demo-bucket/out/",
        instance_type="ml.m5.xlarge",
        instance_count=1,
        volume_size_in_gb=30,
        max_runtime_in_seconds=3600,
    ).metric("loss", "loss=([0-9.]+)")
    job = hptsdk.tuning_job(name, training, minimize="loss", max_jobs=max_jobs, max_parallel_jobs=1)
    return job.continuous("lr", 0.001, 0.1).build()


NAMES = st.sampled_from(["a", "A", "b"])
REQUESTS = {(name, size): request_named(name, size) for name in ("a", "A", "b") for size in (3, 4)}
WANTED = st.sampled_from(list(REQUESTS))


class Client(RuleBasedStateMachine):
    """A client over a network and a service that fail, with others that use the same account."""

    @initialize(attempts=st.integers(1, 3))
    def begin(self, attempts):
        self.service = MemoryService()
        self.stub = StubTransport(service=self.service, max_attempts=attempts)
        self.clock = PretendClock(limit=1e5)
        self.client = hptsdk.TuningClient(transport=self.stub, clock=self.clock)
        self.created = 0
        self.mine = set()

    # --- what the client does ---

    @rule(wanted=WANTED, faults=FAULTS, if_exists=st.sampled_from(["error", "return"]))
    def create(self, wanted, faults, if_exists):
        before = self.state_of(wanted)
        outcome = self.outcome(faults, lambda: self.client.create(REQUESTS[wanted], if_exists=if_exists))
        created = self.newly_created()
        assert created <= 1
        assert [call.operation for call in self.stub.calls] in ([CREATE], [CREATE, DESCRIBE])
        if isinstance(outcome, Exception):
            assert isinstance(outcome, OPEN) or not created
            assert not isinstance(outcome, errors.ResourceInUseError | errors.JobConflictError) or before != "absent"
        else:
            assert self.state_of(wanted) == "the same"
            assert outcome.arn == self.service.jobs[wanted[0].lower()]["HyperParameterTuningJobArn"]
        if created and isinstance(outcome, errors.OutcomeUnknownError):
            assert self.look_failed()
        if not faults:
            assert self.kind(outcome) == self.expected(before, if_exists)
        self.retry_where_open(wanted, outcome, created=created, before=before)

    def look_failed(self):
        """Tell whether something went wrong with asking for the job, too."""
        asked = any(sent.operation == DESCRIBE and sent.fault != "none" for sent in self.stub.sent)
        return asked or any(sent.fault.endswith("then refuse connections") for sent in self.stub.sent)

    def expected(self, before, if_exists):
        """Tell what a create comes to where nothing fails."""
        if before == "absent":
            return "job"
        if if_exists == "error":
            return "ResourceInUseError"
        return "job" if before == "the same" else "JobConflictError"

    def retry_where_open(self, wanted, outcome, *, created, before):
        """Do what the documentation says after an error that leaves the outcome open: there is one job then."""
        if not isinstance(outcome, OPEN):
            return
        again = self.outcome([], lambda: self.client.create(REQUESTS[wanted], if_exists="return"))
        assert self.kind(again) == ("JobConflictError" if before == "other" else "job")
        assert created + self.newly_created() == (before == "absent")

    @rule(name=NAMES, faults=FAULTS)
    def stop(self, name, faults):
        job = self.service.jobs.get(name.lower())
        before = job and job["HyperParameterTuningJobStatus"]
        outcome = self.outcome(faults, self.client.get(name).stop)
        after = job and job["HyperParameterTuningJobStatus"]
        if outcome is None:
            assert after in {"Stopping", *AT_AN_END}
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
        course=st.lists(st.sampled_from(GOING_ON), max_size=12),
        end=st.sampled_from(AT_AN_END),
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

    # --- what others do ---

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

    # --- looking ---

    def outcome(self, faults, action):
        """Do something while these faults come, and give what it came to."""
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
        """Tell whether an error says for certain that the service has done nothing."""
        if isinstance(error, errors.ServiceError):
            return error.unanswered == 0
        return not error.may_have_been_sent

    def newly_created(self):
        created, self.created = self.service.acted.count(CREATE) - self.created, self.service.acted.count(CREATE)
        return created

    def state_of(self, wanted):
        """Tell whether there is a job of the name, and whether of the same settings."""
        name, size = wanted
        job = self.service.jobs.get(name.lower())
        if job is None:
            return "absent"
        limits = job["HyperParameterTuningJobConfig"]["ResourceLimits"]
        return "the same" if limits["MaxNumberOfTrainingJobs"] == size else "other"


TestClient = Client.TestCase
TestClient.settings = settings(stateful_step_count=20)
