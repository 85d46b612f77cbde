"""The handle to a job: waiting, lists, tags, and the request of a described job."""

import itertools
import json
import shlex
import traceback
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

import attrs
import botocore.session
import pytest
from sample_requests import tuning_job

import hptsdk
from hptsdk import errors, schema
from hptsdk.cli import main
from hptsdk.local import LocalService, Program
from hptsdk.rules.facts.accounts import ACCOUNTS
from hptsdk.testing import MemoryTransport, PretendClock, Refusal, StubTransport
from hptsdk.transport import BotocoreTransport

ARN = "arn:aws:sagemaker:us-east-1:123456789012:hyper-parameter-tuning-job/job"


def builder(name="job", **limits):
    return tuning_job(name, **limits).continuous("lr", 0.001, 0.1).tag("team", "growth")


def request_named(name="job", **limits):
    return builder(name, **limits).build()


def summary(number, status="Completed"):
    return {
        "TrainingJobName": f"job-{number:03}",
        "TrainingJobArn": f"arn:aws:sagemaker:us-east-1:123456789012:training-job/job-{number:03}",
        "CreationTime": 1790000000.5 + number,
        "TrainingJobStatus": status,
        "TunedHyperParameters": {"lr": "0.01"},
        "FailureReason": f"AlgorithmError: reason {number}" if status == "Failed" else None,
    }


@pytest.fixture
def clock():
    return PretendClock()


@pytest.fixture
def transport():
    return MemoryTransport()


@pytest.fixture
def client(transport, clock):
    return hptsdk.TuningClient(transport=transport, clock=clock)


@pytest.fixture
def job(client):
    return client.create(request_named())


def operations(transport):
    return [call.operation for call in transport.calls]


# --- waiting ---


@pytest.mark.parametrize("status", ["Completed", "Stopped"])
def test_a_wait_ends_when_the_job_has_ended(job, transport, status):
    transport.service.statuses["job"] = ["InProgress", "InProgress", status]
    assert job.wait().hyper_parameter_tuning_job_status == status


@pytest.mark.parametrize("status", ["Failed", "DeleteFailed"])
def test_waiting_for_a_job_that_fails_raises(job, transport, status):
    transport.service.statuses["job"] = ["InProgress", status]
    with pytest.raises(errors.TuningJobFailed) as raised:
        job.wait()
    assert raised.value.status == status


def test_a_failure_names_the_first_failed_training_jobs(job, transport):
    transport.service.statuses["job"] = ["Failed"]
    transport.service.jobs["job"]["FailureReason"] = "No training job succeeded after 5 attempts."
    transport.service.training_jobs["job"] = [summary(n, "Failed" if n % 2 else "Completed") for n in range(20)]
    with pytest.raises(errors.TuningJobFailed) as raised:
        job.wait()
    assert [j.training_job_name for j in raised.value.failed_training_jobs] == [f"job-{n:03}" for n in (1, 3, 5, 7, 9)]
    assert str(raised.value).splitlines()[:2] == [
        "tuning job job ended as Failed: No training job succeeded after 5 attempts.",
        "  job-001: AlgorithmError: reason 1",
    ]


def test_a_failure_redacts_secrets_in_failure_reasons(job, transport):
    transport.service.statuses["job"] = ["Failed"]
    described = transport.service.jobs["job"]
    described["TrainingJobDefinition"]["Environment"] = {"TOKEN": "hunter2hunter2"}
    described["FailureReason"] = "All failed: hunter2hunter2"
    failed = summary(1, "Failed") | {"FailureReason": "bad hunter2hunter2", "NewMember": 1}
    transport.service.training_jobs["job"] = [failed]
    with pytest.raises(errors.TuningJobFailed) as raised:
        job.wait()
    assert str(raised.value) == "tuning job job ended as Failed: All failed: (hidden)\n  job-001: bad (hidden)"
    [redacted] = raised.value.failed_training_jobs
    assert hptsdk.to_wire(redacted) == hptsdk.to_wire(hptsdk.from_wire(type(redacted), failed)) | {
        "FailureReason": "bad (hidden)"
    }


SECRETS = {
    "Environment": {"TOKEN": "hunter2hunter2"},
    "StaticHyperParameters": {"password": "swordfish", "_tuning_objective_metric": "loss"},
}


def test_the_response_of_a_failure_has_no_secrets(job, transport):
    transport.service.statuses["job"] = ["Failed"]
    transport.service.jobs["job"]["TrainingJobDefinition"].update(SECRETS)
    with pytest.raises(errors.TuningJobFailed) as raised:
        job.wait()
    document = hptsdk.dumps(raised.value.response)
    assert not [secret for secret in ("hunter2", "swordfish") if secret in document]
    hidden = raised.value.response.training_job_definition
    assert hidden.environment == {"TOKEN": "(hidden)"}
    assert list(hidden.static_hyper_parameters) == ["password", "_tuning_objective_metric"]


def test_the_response_of_a_failure_has_all_other_members(job, transport):
    transport.service.statuses["job"] = ["Failed"]
    transport.service.jobs["job"]["TrainingJobDefinition"]["NewMember"] = {"A": 1}
    with pytest.raises(errors.TuningJobFailed) as raised:
        job.wait()
    assert hptsdk.to_wire(raised.value.response) == hptsdk.to_wire(job.describe())


def test_the_request_of_a_failed_job_has_its_secrets(job, transport):
    transport.service.statuses["job"] = ["Failed"]
    transport.service.jobs["job"]["TrainingJobDefinition"]["Environment"] = SECRETS["Environment"]
    with pytest.raises(errors.TuningJobFailed):
        job.wait()
    assert job.request().training_job_definition.environment == SECRETS["Environment"]


def test_the_response_of_a_timeout_has_no_secrets(job, transport):
    transport.service.jobs["job"]["TrainingJobDefinition"].update(SECRETS)
    with pytest.raises(errors.WaitTimeout) as raised:
        job.wait(timeout=1)
    document = hptsdk.dumps(raised.value.response)
    assert not [secret for secret in ("hunter2", "swordfish") if secret in document]


def test_a_failure_is_raised_even_if_training_jobs_cannot_be_listed(job, transport, monkeypatch):
    transport.service.statuses["job"] = ["Failed"]
    call = transport.service.call

    def without_training_jobs(operation, body):
        if operation == "ListTrainingJobsForHyperParameterTuningJob":
            raise Refusal("AccessDeniedException", "no")
        return call(operation, body)

    monkeypatch.setattr(transport.service, "call", without_training_jobs)
    with pytest.raises(errors.TuningJobFailed) as raised:
        job.wait()
    assert raised.value.failed_training_jobs == ()


def test_a_wait_for_a_job_that_is_deleted_raises(job, transport):
    transport.service.statuses["job"] = ["InProgress", "Deleting", "Deleting"]
    deleted = itertools.count()

    def delete_after_a_while(_):
        if next(deleted) == 1:
            transport.service.jobs.clear()

    with pytest.raises(errors.ResourceNotFoundError):
        job.wait(on_update=delete_after_a_while)


def test_a_wait_raises_after_the_timeout(job, clock):
    with pytest.raises(errors.WaitTimeout) as raised:
        job.wait(timeout=100)
    assert clock.now == pytest.approx(100)
    assert raised.value.response.hyper_parameter_tuning_job_status == "InProgress"
    assert isinstance(raised.value, TimeoutError)


@pytest.mark.parametrize("timeout", [1e-12, 0.1, 33.3])
def test_a_wait_ends_even_if_the_clock_rounds_small_differences(job, clock, transport, timeout):
    clock.now = 123456.7
    with pytest.raises(errors.WaitTimeout):
        job.wait(timeout=timeout, poll=7)
    assert len(transport.calls) < 20


def test_a_wait_with_timeout_0_describes_once(job, clock, transport):
    with pytest.raises(errors.WaitTimeout):
        job.wait(timeout=0)
    assert clock.slept == []
    assert operations(transport)[1:] == ["DescribeHyperParameterTuningJob"]


def test_pauses_grow_while_nothing_changes_and_are_random(job, clock):
    with pytest.raises(errors.WaitTimeout):
        job.wait(timeout=1000, poll=10)
    assert 7.5 <= clock.slept[0] <= 12.5
    assert all(pause <= 75 for pause in clock.slept)
    assert max(clock.slept) > 40
    assert len(set(clock.slept)) > 5


def test_pauses_are_short_again_after_a_change(job, clock, transport):
    states = iter([*["InProgress"] * 8, "Stopping", "Stopping", "Stopped"])

    def change(_operation, _body):
        transport.service.statuses["job"] = [next(states)]

    original = transport.call
    transport.call = lambda operation, body: (change(operation, body), original(operation, body))[1]
    job.wait(poll=10)
    assert clock.slept[7] > 40
    assert clock.slept[8] <= 12.5


def test_on_update_is_called_for_the_first_response_and_each_change(job, transport):
    transport.service.statuses["job"] = ["InProgress", "InProgress", "Stopping", "Stopped"]
    statuses = []
    job.wait(on_update=lambda response: statuses.append(response.hyper_parameter_tuning_job_status))
    assert statuses == ["InProgress", "Stopping", "Stopped"]


def test_progress_is_written_to_standard_error(job, transport, capsys):
    transport.service.statuses["job"] = ["InProgress", "Completed"]
    job.wait(progress="lines")
    assert capsys.readouterr().err.splitlines() == [
        "job: InProgress, 0 of 5 done, 0 running",
        "job: Completed, 0 of at most 5 done, 0 running",
    ]


def test_a_wait_writes_nothing_by_default(job, transport, capsys):
    transport.service.statuses["job"] = ["Completed"]
    job.wait()
    assert capsys.readouterr() == ("", "")


def throttled(operation="DescribeHyperParameterTuningJob"):
    return errors.ThrottledError("Rate exceeded", code="Throttling", operation=operation, is_retry_safe=True)


COMPLETED = {"HyperParameterTuningJobName": "job", "HyperParameterTuningJobStatus": "Completed"}


def test_a_wait_tolerates_a_few_failures(clock):
    lost = errors.OutcomeUnknownError("gone", operation="Describe", may_have_been_sent=True, attempts=3)
    stub = StubTransport(throttled(), lost, throttled(), COMPLETED)
    assert hptsdk.TuningClient(transport=stub, clock=clock).get("job").wait()


def test_a_wait_does_not_tolerate_many_failures(clock):
    stub = StubTransport(*[throttled()] * 6, COMPLETED)
    with pytest.raises(errors.ThrottledError):
        hptsdk.TuningClient(transport=stub, clock=clock).get("job").wait()


def test_a_wait_does_not_tolerate_missing_credentials(clock):
    stub = StubTransport(errors.NotSentError("no credentials", operation="Describe", may_have_been_sent=False))
    with pytest.raises(errors.NotSentError):
        hptsdk.TuningClient(transport=stub, clock=clock).get("job").wait()


@pytest.mark.parametrize("option", ["timeout", "poll"])
@pytest.mark.parametrize("value", ["2", timedelta(seconds=2), True, float("nan")], ids=repr)
def test_a_timeout_or_poll_that_is_not_a_number_of_seconds_is_refused(client, job, option, value):
    with pytest.raises((TypeError, ValueError)) as raised:
        client.get("job").wait(**{option: value})
    assert str(raised.value).startswith(f"{option}: expected a number of seconds")


def test_a_timeout_can_be_any_type_of_number(client, job):
    with pytest.raises(errors.WaitTimeout, match="within 0 seconds"):
        client.get("job").wait(timeout=Decimal(0), poll=Fraction(1, 2))


def test_a_misspelled_progress_gets_a_suggestion(client, job):
    with pytest.raises(ValueError, match=r"got 'bars'; did you mean 'bar'\?$"):
        client.get("job").wait(progress="bars")


def test_a_misspelled_if_exists_gets_a_suggestion(client):
    with pytest.raises(
        ValueError, match=r"^if_exists: expected 'error' or 'return', got 'retrn'; did you mean 'return'\?$"
    ):
        client.create(request_named(), if_exists="retrn")


def test_an_error_of_a_callback_is_raised_unchanged(monkeypatch, clock):
    def update(_):
        hptsdk.shapes.Tag(key=3, value="")

    client = hptsdk.TuningClient(transport=StubTransport(COMPLETED), clock=clock)
    with pytest.raises(errors.InvalidShapeError) as raised:
        client.get("job").wait(on_update=update)
    assert [violation.argument for violation in raised.value.violations] == [""]


# --- interruption ---


class InterruptedClock(PretendClock):
    """A clock whose first sleep is interrupted with Ctrl-C."""

    def sleep(self, _seconds):
        raise KeyboardInterrupt


RUNNING = COMPLETED | {"HyperParameterTuningJobStatus": "InProgress"}


ADDS_PROGRAM = "To continue it now, call service.add_program(program, image='mine:1')."
STARTS_NONE = "The tuning job job starts no training jobs"


def note_of(client, monkeypatch, **options):
    """Interrupt a wait for a running job, and return the note of the KeyboardInterrupt."""
    for transport in (BotocoreTransport, StubTransport):
        monkeypatch.setattr(transport, "call", lambda *_: RUNNING)
    with pytest.raises(KeyboardInterrupt) as raised:
        client.get("job").wait(**options)
    (note,) = raised.value.__notes__
    return note


def test_an_interrupted_wait_has_a_note_on_how_to_wait_again(monkeypatch):
    client = hptsdk.TuningClient("eu-west-1", clock=InterruptedClock())
    assert note_of(client, monkeypatch) == (
        "The tuning job job continues. Wait for it again with client.get('job').wait(), or with the command:\n"
        "  hptsdk watch job --region eu-west-1"
    )


def test_an_interrupted_wait_names_the_profile_and_the_endpoint(monkeypatch):
    session = botocore.session.Session(profile="of me")
    client = hptsdk.TuningClient(
        "eu-west-1", session=session, endpoint_url="http://127.0.0.1:1", clock=InterruptedClock()
    )
    assert note_of(client, monkeypatch).endswith(
        "\n  hptsdk watch job --profile 'of me' --region eu-west-1 --endpoint-url http://127.0.0.1:1"
    )


def test_an_interrupted_wait_for_a_local_job_has_the_command_that_opens_its_service(monkeypatch):
    client = hptsdk.TuningClient("us-east-1", clock=InterruptedClock())
    client.local_root = "/my runs"
    assert note_of(client, monkeypatch) == (
        "The tuning job job continues while its local service is open. Wait for it again with "
        "client.get('job').wait(). After this program has ended, open the service again with the command:\n"
        "  hptsdk local serve --root '/my runs'\n"
        "and watch the tuning job in another terminal with:\n"
        "  hptsdk watch job --local '/my runs'"
    )


@pytest.mark.parametrize(
    ("programs", "notes"),
    [
        ([["mine:1", None, ["other", "job"], ""]], [f"{STARTS_NONE}: no program for the image mine:1. {ADDS_PROGRAM}"]),
        ([["mine:1", None, ["job"], "it fails"]], [f"{STARTS_NONE}: it fails. {ADDS_PROGRAM}"]),
        (
            [["mine:1", None, ["job"], ""], [None, "mine", ["job"], ""]],
            [
                (
                    f"{STARTS_NONE}: no program for the image mine:1; no program for the algorithm mine. "
                    f"{ADDS_PROGRAM[:-1]} and service.add_program(program, algorithm='mine')."
                )
            ],
        ),
        ([["mine:1", None, ["other"], ""]], []),
        (None, []),
    ],
    ids=["one missing", "one that cannot continue", "two missing", "one of another job missing", "none missing"],
)
def test_a_timeout_names_the_programs_that_a_local_job_waits_for(tmp_path, programs, notes):
    if programs:
        (tmp_path / "missing-programs.json").write_text(json.dumps(programs))
    client = hptsdk.TuningClient(transport=StubTransport(RUNNING))
    client.local_root = str(tmp_path)
    with pytest.raises(errors.WaitTimeout) as raised:
        client.get("job").wait(timeout=0)
    assert getattr(raised.value, "__notes__", []) == notes


@pytest.mark.parametrize("progress", [True, "lines"])
def test_an_interrupted_wait_is_repeated_with_the_same_progress(monkeypatch, progress):
    client = hptsdk.TuningClient(transport=StubTransport(), clock=InterruptedClock())
    assert f".wait(progress={progress!r})" in note_of(client, monkeypatch, progress=progress)


def test_the_traceback_of_an_interrupted_call_has_no_frames_of_the_transport():
    def read_socket(_operation, _body):
        try:
            int("of a socket")
        except ValueError:
            raise KeyboardInterrupt  # noqa: B904 - as it happens in a handler of urllib3

    transport = StubTransport()
    transport.call = read_socket
    with pytest.raises(KeyboardInterrupt) as raised:
        hptsdk.TuningClient(transport=transport).get("job").wait()
    text = "".join(traceback.format_exception(raised.value))
    assert ("of a socket" in text, "read_socket" in text, "in wait" in text) == (False, False, True)


def test_an_interrupted_wait_with_another_transport_names_no_command(monkeypatch):
    client = hptsdk.TuningClient(transport=StubTransport(), clock=InterruptedClock())
    assert note_of(client, monkeypatch).endswith("continues. Wait for it again with client.get('job').wait().")


@pytest.mark.long
def test_the_command_of_an_interrupted_wait_works(tmp_path, capsys):
    def interrupt(_):
        raise KeyboardInterrupt

    program = Program(command=["/bin/sh", "-c", "echo loss=1"], arguments="none")
    image = request_named().training_job_definition.algorithm_specification.training_image
    with LocalService(tmp_path / "my runs", images={image: program}) as service:
        with pytest.raises(KeyboardInterrupt) as raised:
            service.client().create(request_named(max_jobs=1)).wait(on_update=interrupt)
        _, *arguments = shlex.split(raised.value.__notes__[0].splitlines()[-1])
        assert main(arguments) == 0
    assert "job: Completed, 1 of 1 done" in capsys.readouterr().out


# --- creating ---


def test_an_existing_job_is_in_use(client, job):
    with pytest.raises(errors.ResourceInUseError):
        client.create(request_named())
    assert job.name == "job"


def test_a_name_in_use_has_a_note_with_the_options(client, job):
    with pytest.raises(errors.ResourceInUseError) as raised:
        client.create(request_named(name=job.name))
    (note,) = raised.value.__notes__
    assert note == (
        "A name can be used once. Create a unique name with hptsdk.unique_name(prefix), or pass if_exists='return' to "
        "get the existing job if it has the same settings."
    )


def test_an_existing_job_with_the_same_settings_can_be_returned(client, job):
    assert client.create(request_named(), if_exists="return").arn == job.arn


def test_an_existing_job_with_other_settings_is_a_conflict(client, job):
    with pytest.raises(errors.JobConflictError, match="MaxNumberOfTrainingJobs"):
        client.create(request_named(name=job.name, max_jobs=6), if_exists="return")


def test_extra_members_are_merged_into_the_request(client, transport):
    client.create(request_named(), extra_body={"TrainingJobDefinition": {"NewMember": {"A": 1}}})
    sent = transport.calls[0].body["TrainingJobDefinition"]
    assert sent["NewMember"] == {"A": 1}
    assert sent["RoleArn"] == "arn:aws:iam::123456789012:role/SageMakerRole"


def test_an_extra_value_above_a_bound_replaces_that_of_the_request(client, transport):
    definition = {"RetryStrategy": {"MaximumRetryAttempts": 31}}
    client.create(request_named(), extra_body={"TrainingJobDefinition": definition, "Tags": [{"Key": "", "Value": ""}]})
    assert transport.calls[0].body["TrainingJobDefinition"]["RetryStrategy"] == {"MaximumRetryAttempts": 31}
    assert transport.calls[0].body["Tags"] == [{"Key": "", "Value": ""}]


def test_a_retry_that_finds_the_name_in_use_describes_the_job_once(clock):
    wire = hptsdk.to_wire(request_named())
    in_use = errors.ResourceInUseError("exists", code="ResourceInUse", operation="Create", attempts=2)
    stub = StubTransport(in_use, {**wire, "HyperParameterTuningJobArn": ARN})
    assert hptsdk.TuningClient(transport=stub, clock=clock).create(request_named()).name == "job"
    assert operations(stub) == ["CreateHyperParameterTuningJob", "DescribeHyperParameterTuningJob"]


def test_attempts_can_be_set_after_construction(clock):
    in_use = errors.ResourceInUseError("exists")
    in_use.attempts = 3
    stub = StubTransport(in_use, {**hptsdk.to_wire(request_named()), "HyperParameterTuningJobArn": ARN})
    assert hptsdk.TuningClient(transport=stub, clock=clock).create(request_named()).arn == ARN


def test_any_transport_error_that_may_have_been_sent_leads_to_a_lookup(clock):
    lost = errors.TransportError("gone", may_have_been_sent=True)
    stub = StubTransport(lost, {**hptsdk.to_wire(request_named()), "HyperParameterTuningJobArn": ARN})
    assert hptsdk.TuningClient(transport=stub, clock=clock).create(request_named()).arn == ARN


def test_an_unknown_if_exists_is_refused_before_the_call(client, transport):
    with pytest.raises(ValueError, match="if_exists"):
        client.create(request_named(), if_exists="overwrite")
    assert transport.calls == []


@pytest.mark.parametrize("method", ["create", "check_warm_start"])
@pytest.mark.parametrize(
    ("convert", "hint"),
    [
        (hptsdk.to_wire, "got a dict; use hptsdk.from_wire(hptsdk.shapes.CreateHyperParameterTuningJobRequest, ...)"),
        (hptsdk.dumps, "got a str; use hptsdk.loads(hptsdk.shapes.CreateHyperParameterTuningJobRequest, ...)"),
        (lambda _: builder(), "got a TuningJobBuilder; call its build() first, as in client.create(job.build())"),
        (type, "got a type; create one with hptsdk.tuning_job(...)...build()"),
        (lambda _: None, "got None; create one with hptsdk.tuning_job(...)...build()"),
    ],
    ids=["dict", "text", "builder", "class", "nothing"],
)
def test_an_argument_that_is_not_a_request_is_refused_with_a_hint(client, transport, method, convert, hint):
    with pytest.raises(TypeError) as raised:
        getattr(client, method)(convert(request_named()))
    expected = f"{method}: expected a CreateHyperParameterTuningJobRequest, {hint}"
    assert str(raised.value) == expected.replace("client.create", f"client.{method}")
    assert transport.calls == []


def test_the_handle_of_a_job_is_refused_as_a_request(client, job):
    with pytest.raises(TypeError, match=r"got a TuningJob; use its request\(\)"):
        client.create(job)


def test_an_extra_body_that_is_not_a_mapping_is_refused(client, transport):
    with pytest.raises(TypeError, match="create: expected a mapping as extra_body, got a list"):
        client.create(request_named(), extra_body=[])
    assert transport.calls == []


def test_a_transport_together_with_arguments_that_it_replaces_is_a_type_error(transport):
    with pytest.raises(TypeError, match="pass either transport= or region_name="):
        hptsdk.TuningClient("us-east-1", transport=transport)


# --- reading ---


def test_the_best_training_job_is_read_from_the_description(job, transport):
    assert job.best is None
    transport.service.jobs["job"]["BestTrainingJob"] = summary(3)
    assert job.best.training_job_name == "job-003"


def test_the_best_training_job_can_be_described(job, transport):
    assert job.best_training_job() is None
    transport.service.jobs["job"]["BestTrainingJob"] = summary(3)
    transport.service.training_jobs["job"] = [
        {**summary(3), "ModelArtifacts": {"S3ModelArtifacts": "s3://b/model.tar.gz"}}
    ]
    assert job.best_training_job().model_artifacts.s3_model_artifacts == "s3://b/model.tar.gz"


def test_an_ended_job_is_not_described_again_for_its_best(job, transport):
    transport.service.statuses["job"] = ["Completed"]
    job.wait()
    calls = len(transport.calls)
    assert job.best is None
    assert len(transport.calls) == calls


def test_training_jobs_are_listed_page_by_page(job, transport):
    transport.service.training_jobs["job"] = [summary(n) for n in range(25)]
    summaries = job.training_jobs()
    assert len(transport.calls) == 1
    assert next(summaries).training_job_name == "job-000"
    assert len(transport.calls) == 2
    assert len(list(summaries)) == 24
    assert len(transport.calls) == 4


def test_jobs_are_listed_with_the_filters_of_the_service(client, transport):
    for number in range(12):
        client.create(request_named(f"job-{number}"))
    listed = list(client.list(name_contains="job-1", sort_by="Name", page_size=2))
    assert [s.hyper_parameter_tuning_job_name for s in listed] == ["job-1", "job-10", "job-11"]
    assert transport.calls[-2].body == {"MaxResults": 2, "SortBy": "Name", "NameContains": "job-1"}


def test_an_invalid_filter_is_refused_before_the_call(client, transport):
    with pytest.raises(errors.InvalidShapeError, match="MaxResults"):
        client.list(page_size=101)
    assert transport.calls == []


def test_pages_that_never_end_are_an_error(clock):
    page = {"HyperParameterTuningJobSummaries": [], "NextToken": "again"}
    stub = StubTransport(page, page)
    with pytest.raises(errors.ServiceError, match="the same NextToken again"):
        list(hptsdk.TuningClient(transport=stub, clock=clock).list())


def test_the_console_url_names_the_region(job):
    assert job.console_url == (
        "https://us-east-1.console.aws.amazon.com/sagemaker/home?region=us-east-1#/hyper-tuning-jobs/job"
    )


def test_a_handle_by_name_sends_nothing(client, transport):
    assert client.get("some-job").name == "some-job"
    assert transport.calls == []


def test_a_handle_describes_on_first_use_of_its_arn(client, job, transport):
    handle = client.get("job")
    assert handle.arn == job.arn
    assert handle.arn == job.arn
    assert operations(transport)[1:] == ["DescribeHyperParameterTuningJob"]


@pytest.mark.parametrize("member", ["arn", "console_url"])
def test_a_response_without_an_arn_is_an_error(member):
    handle = hptsdk.TuningClient(transport=StubTransport({"HyperParameterTuningJobName": "job"})).get("job")
    with pytest.raises(errors.UnexpectedResponseError, match="the response has no HyperParameterTuningJobArn"):
        getattr(handle, member)


# --- changes ---


@pytest.mark.parametrize("action", ["stop", "delete"])
def test_stop_and_delete_make_one_call_each(job, transport, action):
    getattr(job, action)()
    assert operations(transport)[1:] == [f"{action.title()}HyperParameterTuningJob"]


def test_tags_are_read_added_and_deleted(job):
    assert job.tags() == {"team": "growth"}
    job.add_tags({"stage": "prod", "team": "sales"})
    assert job.tags() == {"team": "sales", "stage": "prod"}
    job.delete_tags("team")
    assert job.tags() == {"stage": "prod"}


def test_tags_that_are_not_a_mapping_are_reported(job):
    with pytest.raises(TypeError, match="tags: expected a mapping of keys to values, got a list of 1 item"):
        job.add_tags(["stage"])


# --- the request of a described job ---


def test_the_request_of_a_described_job_equals_the_original(job):
    assert job.request() == attrs.evolve(request_named(), tags=None)


def test_members_that_sagemaker_adds_are_removed_from_a_request(job, transport):
    definition = transport.service.jobs["job"]["TrainingJobDefinition"]
    expected = job.request()
    definition["StaticHyperParameters"] = {"_tuning_objective_metric": "loss"}
    definition["ResourceConfig"]["SelectedInstanceType"] = "ml.m5.xlarge"
    assert job.request() == expected


METRIC = {"Name": "loss", "Regex": "loss=([0-9.]+)"}
OBJECTIVE_METRIC = METRIC | {"Name": "ObjectiveMetric"}
XGBOOST = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1"
KMEANS = "382416733822.dkr.ecr.us-east-1.amazonaws.com/kmeans:1"


def metrics_of_request(job, transport, *metrics, image=None, static=None, objective=None):
    """Return the metrics of the request of a job that is described with these metrics."""
    described = transport.service.jobs["job"]
    definition = described["TrainingJobDefinition"]
    definition["AlgorithmSpecification"]["MetricDefinitions"] = list(metrics)
    if image:
        definition["AlgorithmSpecification"]["TrainingImage"] = image
    if static:
        definition["StaticHyperParameters"] = static
    if objective:
        described["HyperParameterTuningJobConfig"]["HyperParameterTuningJobObjective"]["MetricName"] = objective
    wire = hptsdk.to_wire(job.request())
    return wire["TrainingJobDefinition"]["AlgorithmSpecification"].get("MetricDefinitions")


def test_the_metric_that_sagemaker_adds_is_removed_from_a_request(job, transport):
    assert metrics_of_request(job, transport, METRIC, OBJECTIVE_METRIC) == [METRIC]


def test_an_objective_with_the_name_of_the_added_metric_is_not_removed(job, transport):
    metrics = metrics_of_request(job, transport, OBJECTIVE_METRIC, OBJECTIVE_METRIC, objective="ObjectiveMetric")
    assert metrics == [OBJECTIVE_METRIC]


def test_an_objective_of_the_job_with_this_name_is_not_removed_beside_one_of_the_definition(job, transport):
    objective = {"Type": "Minimize", "MetricName": "loss"}
    transport.service.jobs["job"]["TrainingJobDefinition"]["TuningObjective"] = objective
    metrics = metrics_of_request(job, transport, METRIC, OBJECTIVE_METRIC, objective="ObjectiveMetric")
    assert metrics == [METRIC, OBJECTIVE_METRIC]


def test_the_metrics_of_a_built_in_algorithm_are_removed_from_a_request(job, transport):
    assert metrics_of_request(job, transport, METRIC, OBJECTIVE_METRIC, image=XGBOOST) is None


@pytest.mark.parametrize("name", ["sagemaker_program", "sagemaker_submit_directory"])
def test_the_metrics_of_a_script_in_a_first_party_image_are_not_removed(job, transport, name):
    metrics = metrics_of_request(job, transport, METRIC, OBJECTIVE_METRIC, image=XGBOOST, static={name: "train.py"})
    assert metrics == [METRIC]


@pytest.mark.parametrize("algorithm", [facts for facts in schema.algorithms() if facts.repositories], ids=repr)
def test_the_metrics_of_every_built_in_algorithm_are_removed_from_a_request(job, transport, algorithm):
    images = [f"{each}.dkr.ecr.us-east-1.amazonaws.com/{algorithm.repositories[0]}:1" for each in sorted(ACCOUNTS)]
    image = next(image for image in images if schema.algorithm_of(image) is algorithm)
    metrics = [{"Name": name, "Regex": f"{name}=(.*)"} for name in (*algorithm.metrics, "ObjectiveMetric")]
    assert metrics_of_request(job, transport, *metrics, image=image) is None


def test_the_metrics_of_an_algorithm_without_script_mode_are_removed_although_there_is_a_script(job, transport):
    static = {"sagemaker_program": "train.py"}
    assert metrics_of_request(job, transport, METRIC, OBJECTIVE_METRIC, image=KMEANS, static=static) is None


def test_members_that_are_not_modelled_are_left_out_with_a_warning(job, transport):
    transport.service.jobs["job"]["TrainingJobDefinition"]["Brand"] = {"New": 1}
    with pytest.warns(UserWarning, match=r"TrainingJobDefinition\.Brand"):
        request = job.request()
    assert "Brand" not in hptsdk.to_wire(request.training_job_definition)


# --- the end of a client ---


class Closable(StubTransport):
    """A transport that records that it was closed."""

    is_closed = False

    def close(self):
        self.is_closed = True


def test_the_end_of_the_block_closes_the_transport():
    transport = Closable()
    with hptsdk.TuningClient(transport=transport):
        pass
    assert transport.is_closed


def test_a_client_with_a_transport_that_cannot_be_closed_can_be_closed():
    class OnlyCalls:
        def call(self, _operation, _body):
            return {}

    with hptsdk.TuningClient(transport=OnlyCalls()) as client:
        assert list(client.list()) == []
