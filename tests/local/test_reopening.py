"""A root that is opened again without the programs or folders of its unfinished tuning jobs."""

import json
import sqlite3
import warnings
from contextlib import closing

import pytest
from running import BUCKET, IMAGE, described, job, run, shell, training, until
from test_recorded_responses import sagemaker
from training_job_requests import REQUEST, describe

import hptsdk
from hptsdk import errors
from hptsdk.local import MissingProgram, MissingProgramWarning, Program, _service
from hptsdk.local.process import _isolation

OTHER = "other-image:1"


@pytest.fixture
def interrupted(open_service):
    """Return a function that interrupts a tuning job, and returns a function that opens its root again."""

    def interrupt(request=None, images=None, **options):
        service = open_service(images=images or {IMAGE: shell("sleep 60")}, **options)
        handle = service.client().create(request or job().build())
        until(lambda: len([s for s in handle.training_jobs() if s.training_start_time]) == 2)
        service.close()

    return interrupt


@pytest.fixture
def reopened(open_service, interrupted):
    """Return a service of the root of an interrupted tuning job, opened without programs."""
    interrupted()
    with pytest.warns(MissingProgramWarning):
        return open_service(images={})


def statuses(service, name="demo"):
    """Return the statuses of a tuning job and of its training jobs."""
    handle = service.client().get(name)
    return handle.describe().hyper_parameter_tuning_job_status, [s.training_job_status for s in handle.training_jobs()]


def test_a_job_without_its_program_continues_once_the_program_is_added(reopened):
    assert statuses(reopened) == ("InProgress", ["InProgress"] * 2)
    reopened.add_program(shell("echo loss=1"), image=IMAGE)
    reopened.client().get("demo").wait(timeout=30, poll=0.05)
    assert statuses(reopened) == ("Completed", ["Completed"] * 3)


@pytest.mark.parametrize("others", [{}, {"*": shell("echo loss=1")}], ids=["alone", "with a pattern"])
def test_a_job_whose_program_cannot_start_waits_when_its_root_is_opened_again(open_service, interrupted, others):
    interrupted()
    with pytest.warns(MissingProgramWarning):
        service = open_service(images={IMAGE: ["no-such-program"], **others})
    assert statuses(service) == ("InProgress", ["InProgress"] * 2)
    service.add_program(shell("echo loss=1"), image=IMAGE)
    service.client().get("demo").wait(timeout=30, poll=0.05)
    assert statuses(service) == ("Completed", ["Completed"] * 3)


@pytest.fixture
def cannot_start(open_service, interrupted, tmp_path):
    """Return a service of the root of an interrupted tuning job whose program cannot start, and the program."""
    interrupted()
    program = Program(["/bin/sh", str(tmp_path / "later.sh")], isolation="none")
    with pytest.warns(MissingProgramWarning):
        return open_service(program), program


def test_the_message_for_a_program_that_could_not_start_does_not_call_it_missing(cannot_start):
    service, _ = cannot_start
    with pytest.raises(errors.ValidationRefusedError) as error:
        service.client().create(job("second").build())
    assert error.value.message.startswith(
        f"The program for {IMAGE} could not start; the log has the reason. In Python, call service.add_program("
    )


def test_the_same_program_can_be_added_after_its_file_was_restored(cannot_start, tmp_path):
    service, program = cannot_start
    (tmp_path / "later.sh").write_text("echo loss=1")
    service.add_program(program, image=IMAGE)
    service.client().get("demo").wait(timeout=30, poll=0.05)
    assert statuses(service) == ("Completed", ["Completed"] * 3)


@pytest.fixture
def no_isolation(monkeypatch):
    """Return a function after whose call no program can be isolated."""
    if problem := _isolation.isolation_problem():
        pytest.skip(f"isolation does not work here: {problem}")
    return lambda: monkeypatch.setattr(_isolation, "_launchers", lambda: [("/bin/false",)])


@pytest.mark.parametrize("isolation", ["auto", "namespace"])
def test_a_job_whose_program_can_no_longer_be_isolated_waits(open_service, interrupted, no_isolation, isolation):
    interrupted(images={IMAGE: shell("sleep 60", isolation=isolation)})
    no_isolation()
    with pytest.warns(MissingProgramWarning, match="it began with isolation, which does not work on this machine now"):
        service = open_service(shell("echo loss=1", isolation=isolation))
    assert statuses(service) == ("InProgress", ["InProgress"] * 2)


def test_the_code_in_the_warning_runs_a_program_that_can_no_longer_be_isolated(open_service, interrupted, no_isolation):
    interrupted(images={IMAGE: shell("sleep 60", isolation="auto")})
    no_isolation()
    with pytest.warns(MissingProgramWarning) as caught:
        service = open_service(shell("echo loss=1", isolation="auto"))
    code = str(caught[0].message).splitlines()[1].rpartition(": ")[2]
    exec(code, {"service": service, "Program": Program})  # noqa: S102 - the code that the warning suggests
    service.client().get("demo").wait(timeout=30, poll=0.05)
    assert statuses(service) == ("Completed", ["Completed"] * 3)


def test_a_job_that_began_without_isolation_continues_without_it(open_service, interrupted, no_isolation):
    interrupted()
    no_isolation()
    service = open_service(shell("echo loss=1", isolation="auto"))
    service.client().get("demo").wait(timeout=30, poll=0.05)
    assert statuses(service) == ("Completed", ["Completed"] * 3)


def test_a_training_job_by_itself_that_can_no_longer_be_isolated_waits(open_service, no_isolation):
    service = open_service(shell("sleep 60", isolation="auto"))
    sagemaker(service).create_training_job(**REQUEST)
    service.close()
    no_isolation()
    with pytest.warns(MissingProgramWarning, match="it began with isolation"):
        service = open_service(shell("true", isolation="auto"))
    assert describe(sagemaker(service))["TrainingJobStatus"] == "InProgress"


# --- programs that fail at once ---


@pytest.fixture
def failing_at_once(open_service, interrupted):
    """Return a service of the root of an interrupted tuning job, whose program fails since a file is missing."""
    interrupted()
    service = open_service(shell("cat /no-such-file"))
    until(lambda: service.missing_programs)
    return service


def test_a_program_that_fails_at_once_after_the_root_is_opened_again_fails_no_job(failing_at_once):
    assert statuses(failing_at_once) == ("InProgress", ["InProgress"] * 2)


def test_the_reason_for_which_a_program_fails_at_once_is_reported(failing_at_once):
    (missing,) = failing_at_once.missing_programs
    assert missing.reason.startswith("its program failed immediately after the root was opened: ")
    assert "/no-such-file: No such file or directory; correct this" in missing.reason


def test_the_description_of_a_training_job_whose_program_failed_at_once_has_the_reason(failing_at_once):
    handle = failing_at_once.client().get("demo")
    description = described(handle, next(iter(handle.training_jobs())).training_job_name)
    assert "/no-such-file: No such file" in description.secondary_status_transitions[-1].status_message


def test_jobs_whose_program_failed_at_once_continue_once_another_program_is_added(failing_at_once):
    failing_at_once.add_program(shell("echo loss=1"), image=IMAGE)
    failing_at_once.client().get("demo").wait(timeout=30, poll=0.05)
    assert statuses(failing_at_once) == ("Completed", ["Completed"] * 3)


def test_jobs_whose_program_failed_at_once_continue_once_the_root_is_opened_again(failing_at_once, open_service):
    failing_at_once.close()
    service = open_service(shell("echo loss=1"))
    service.client().get("demo").wait(timeout=30, poll=0.05)
    assert statuses(service) == ("Completed", ["Completed"] * 3)


def test_jobs_whose_program_failed_at_once_can_be_stopped(failing_at_once):
    handle = failing_at_once.client().get("demo")
    handle.stop()
    handle.wait(timeout=30, poll=0.05)
    assert statuses(failing_at_once) == ("Stopped", ["Stopped"] * 2)


def test_a_program_that_fails_while_the_root_is_opened_is_not_reported_as_missing(
    open_service, interrupted, monkeypatch
):
    interrupted()
    write = _service.write_address

    def write_after_the_failure(root, *address):
        until((root / "missing-programs.json").exists)
        write(root, *address)

    monkeypatch.setattr(_service, "write_address", write_after_the_failure)
    with warnings.catch_warnings(record=True) as issued:
        open_service(shell("cat /no-such-file"))
    assert issued == []


def test_a_program_that_fails_at_once_for_another_reason_fails_its_job(open_service, interrupted):
    interrupted()
    service = open_service(shell("echo 'ValueError: rate'; exit 1"))
    until(lambda: statuses(service)[1][:2] == ["Failed"] * 2)


def test_a_training_job_that_was_created_after_the_root_was_opened_fails(open_service, interrupted):
    interrupted()
    service = open_service(shell("case $TRAINING_JOB_NAME in demo-003*) cat /no-such-file;; *) echo loss=1;; esac"))
    service.client().get("demo").wait(timeout=30, poll=0.05)
    assert statuses(service) == ("Completed", ["Completed", "Completed", "Failed"])


def test_a_job_without_its_program_continues_once_the_root_is_opened_with_it(reopened, open_service):
    reopened.close()
    service = open_service(shell("echo loss=1"))
    service.client().get("demo").wait(timeout=30, poll=0.05)
    assert statuses(service) == ("Completed", ["Completed"] * 3)


def test_the_service_names_the_images_without_programs(reopened):
    assert reopened.missing_programs == (MissingProgram(image=IMAGE, algorithm=None, tuning_jobs=("demo",)),)


def test_no_program_is_missing_after_it_is_added(reopened):
    reopened.add_program(shell("echo loss=1"), image=IMAGE)
    assert reopened.missing_programs == ()


def test_training_jobs_that_wait_for_a_program_do_not_train(reopened):
    summaries = list(reopened.client().get("demo").training_jobs())
    assert [s.training_start_time for s in summaries] == [None, None]


@pytest.mark.parametrize(
    "program",
    [
        ["/bin/sh", "-c", "[ $# = 0 ] || sleep 60"],
        Program(command=["/bin/sh", "-c", "sleep ${PAUSE:-0}"], arguments="none", environment={"PAUSE": "60"}),
    ],
    ids=["list", "Program"],
)
def test_the_code_in_the_warning_makes_the_tuning_job_continue(open_service, interrupted, program):
    interrupted(images={IMAGE: program})
    with pytest.warns(MissingProgramWarning) as caught:
        service = open_service(images={})
    (head, line) = str(caught[0].message).splitlines()
    assert "wait for programs" in head
    name, _, code = line.strip().partition(": ")
    assert name == "demo"
    exec(code, {"service": service, "Program": Program, "PAUSE": "60"})  # noqa: S102 - the code that the warning suggests
    assert service.missing_programs == ()
    assert service._programs.images[IMAGE] == (program if isinstance(program, Program) else Program(command=program))


def test_a_job_that_waits_for_a_program_can_be_stopped(reopened):
    handle = reopened.client().get("demo")
    handle.stop()
    handle.wait(timeout=30, poll=0.05)
    assert statuses(reopened) == ("Stopped", ["Stopped"] * 2)


def test_a_training_job_that_waits_for_a_program_can_be_stopped(reopened):
    handle = reopened.client().get("demo")
    first = next(iter(handle.training_jobs())).training_job_name
    handle._calls.send("StopTrainingJob", hptsdk.shapes.StopTrainingJobRequest(training_job_name=first))
    until(lambda: statuses(reopened) == ("InProgress", ["Stopped", "InProgress"]))


def test_a_stopped_tuning_job_ends_without_its_program(open_service, interrupted, tmp_path):
    interrupted()
    with closing(sqlite3.connect(tmp_path / "root" / "state.sqlite3")) as connection, connection:
        connection.execute("UPDATE tuning_jobs SET status = 'Stopping'")
    connection.close()
    service = open_service(images={})
    service.client().get("demo").wait(timeout=30, poll=0.05)
    assert statuses(service) == ("Stopped", ["Stopped"] * 2)


def test_a_job_whose_training_jobs_have_all_ended_needs_no_program_to_end(open_service, tmp_path):
    service = open_service()
    run(service)
    service.close()
    with closing(sqlite3.connect(tmp_path / "root" / "state.sqlite3")) as connection, connection:
        connection.execute("UPDATE tuning_jobs SET status = 'InProgress', ended = NULL")
    connection.close()
    service = open_service(images={})
    service.client().get("demo").wait(timeout=30, poll=0.05)
    assert statuses(service) == ("Completed", ["Completed"] * 3)


def test_a_job_of_two_definitions_waits_for_the_programs_of_both(open_service, interrupted):
    definitions = [
        training(image=image).named(name, minimize="loss").continuous("rate", 0.1, 1.0)
        for name, image in (("first", IMAGE), ("second", OTHER))
    ]
    request = hptsdk.tuning_job("demo", definitions, max_jobs=4, max_parallel_jobs=2).random(random_seed=7).build()
    interrupted(request, images=dict.fromkeys((IMAGE, OTHER), shell("sleep 60")))
    with pytest.warns(MissingProgramWarning, match=OTHER):
        service = open_service(shell("echo loss=1"))
    assert [missing.image for missing in service.missing_programs] == [OTHER]
    assert statuses(service) == ("InProgress", ["InProgress"] * 2)
    service.add_program(shell("echo loss=2"), image=OTHER)
    handle = service.client().get("demo")
    handle.wait(timeout=30, poll=0.05)
    definitions = [s.training_job_definition_name for s in handle.training_jobs()]
    assert sorted(definitions) == ["first", "first", "second", "second"]


def test_a_root_without_programs_closes_and_keeps_its_jobs(reopened, open_service):
    reopened.close()
    with pytest.warns(MissingProgramWarning):
        assert statuses(open_service(images={})) == ("InProgress", ["InProgress"] * 2)


def test_a_warning_that_is_raised_as_an_error_closes_the_root(open_service, interrupted):
    interrupted()
    with pytest.raises(MissingProgramWarning):
        open_service(images={})
    open_service(shell("echo loss=1"))


def test_a_root_whose_jobs_have_ended_needs_no_programs(open_service):
    service = open_service()
    service.client().create(job().build()).wait(timeout=30, poll=0.05)
    service.close()
    assert open_service(images={}).missing_programs == ()


# --- the folders of buckets ---


def with_data(folder):
    """Return a request whose data is in a folder of the bucket."""
    (folder / "rows").mkdir(parents=True)
    (folder / "rows" / "a.csv").write_text("1")
    return job(definition=training().channel("train", f"s3://{BUCKET}/rows/")).build()


def test_a_root_uses_its_stored_bucket_folders(open_service, interrupted, tmp_path):
    data = tmp_path / "elsewhere"
    interrupted(with_data(data), buckets={BUCKET: data})
    service = open_service(shell("cat $SM_CHANNEL_TRAIN/a.csv && echo loss=1"), buckets={})
    service.client().get("demo").wait(timeout=30, poll=0.05)
    assert statuses(service) == ("Completed", ["Completed"] * 3)


def test_a_bucket_whose_folder_is_missing_is_an_error_while_jobs_are_unfinished(open_service, interrupted, tmp_path):
    data = tmp_path / "elsewhere"
    interrupted(with_data(data), buckets={BUCKET: data})
    data.rename(tmp_path / "moved")
    with pytest.raises(NotADirectoryError, match=f"--bucket {BUCKET}=FOLDER"):
        open_service(buckets={})
    open_service(buckets={BUCKET: tmp_path / "moved"})


def test_a_bucket_whose_folder_is_missing_is_no_error_once_all_jobs_have_ended(open_service, tmp_path):
    data = tmp_path / "elsewhere"
    data.mkdir()
    open_service(buckets={BUCKET: data}).close()
    data.rmdir()
    open_service(buckets={})


# --- the stored options ---


def test_the_root_does_not_keep_values_of_a_programs_environment(open_service):
    service = open_service(Program(command=["train"], environment={"TOKEN": "secret-value"}))
    text = (service.root / "options.json").read_text()
    assert json.loads(text)["images"][IMAGE]["environment"] == ["TOKEN"]
    assert "secret-value" not in text


def test_only_the_owner_can_read_the_options_of_a_root(open_service):
    assert (open_service().root / "options.json").stat().st_mode & 0o777 == 0o600


def test_an_image_without_a_program_is_refused_with_the_command_that_adds_it(open_service):
    service = open_service(["python", "-c", "print('loss=1')"])
    with pytest.raises(errors.ValidationRefusedError) as caught:
        service.client().create(job(definition=training(image=OTHER)).build())
    assert f"--image {OTHER}=COMMAND" in str(caught.value)
