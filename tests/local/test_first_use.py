"""Messages for new users: roots without programs, invalid roots, and what to do."""

import pytest
from running import IMAGE, described, job, shell, until

from hptsdk.cli import main
from hptsdk.local import MissingProgramWarning, serve_command

OTHER = "other-image:1"


# --- a root without the programs of its tuning jobs ---


@pytest.fixture
def waiting(open_service):
    """Return a service whose only tuning job waits for its program."""
    service = open_service(shell("sleep 60"))
    handle = service.client().create(job(max_jobs=1, parallel=1).build())
    until(lambda: [s for s in handle.training_jobs() if s.training_start_time])
    service.close()
    with pytest.warns(MissingProgramWarning):
        return open_service(images={})


def training_job(service):
    """Return the description of its first training job."""
    handle = service.client().get("demo")
    return described(handle, next(iter(handle.training_jobs())).training_job_name)


@pytest.mark.parametrize("command", [["list"], ["describe", "demo"]])
def test_a_command_names_the_images_without_programs_and_the_command_that_adds_them(waiting, command, capsys):
    assert main([*command, "--local", str(waiting.root)]) == 0
    lines = capsys.readouterr().err.splitlines()
    assert [line for line in lines if IMAGE in line][:1] == [f"  demo: no program for the image {IMAGE}"]
    assert lines[-1].strip() == serve_command(waiting.root)


def test_a_command_names_no_missing_programs_after_they_are_added(waiting, capsys):
    waiting.add_program(shell("sleep 60"), image=IMAGE)
    assert main(["list", "--local", str(waiting.root)]) == 0
    assert capsys.readouterr().err == ""


def test_a_command_names_no_missing_programs_after_their_tuning_jobs_have_ended(waiting, capsys):
    handle = waiting.client().get("demo")
    handle.stop()
    handle.wait(timeout=20, poll=0.05)
    until(lambda: not (waiting.root / "missing-programs.json").exists())
    assert main(["list", "--local", str(waiting.root)]) == 0
    assert capsys.readouterr().err == ""


def test_a_damaged_list_of_missing_programs_does_not_stop_a_command(waiting):
    (waiting.root / "missing-programs.json").write_text('[["x"]]')
    assert main(["list", "--local", str(waiting.root)]) == 0


def test_the_description_of_a_training_job_has_a_message_while_it_waits_for_a_program(waiting):
    response = training_job(waiting)
    assert response.secondary_status == "Starting"
    assert f"no program for the image {IMAGE}" in response.secondary_status_transitions[-1].status_message


def test_the_description_of_a_training_job_has_no_such_message_after_its_program_is_added(waiting):
    waiting.add_program(shell("sleep 60"), image=IMAGE)
    assert "has no program" not in training_job(waiting).secondary_status_transitions[-1].status_message
