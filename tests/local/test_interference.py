"""Programs that change their folders and their log: the training job ends, with a reason if it failed."""

import os
import tarfile

import pytest
from running import BUCKET, IMAGE, create_late, job, only, run, shell, training, until

from hptsdk import errors
from hptsdk.local import Program
from hptsdk.local.process import _archives
from hptsdk.local.search import DefinitionSearch

ONE = {"max_jobs": 1, "parallel": 1}
LOG = "$SAGEMAKER_BASE_DIR/../log.txt"


def ended(service, definition=None):
    """Return the description of the only training job of a tuning job, and the status of the tuning job."""
    handle = service.client().create(job("demo", definition, **ONE).build())
    try:
        status = handle.wait(timeout=60, poll=0.05).hyper_parameter_tuning_job_status
    except errors.TuningJobFailed as error:
        status = error.status
    return only(handle), status


def archived(data, description):
    """Return the names of the files in the model of a training job."""
    with tarfile.open(data / "out" / description.training_job_name / "output" / "model.tar.gz") as archive:
        return archive.getnames()


# --- its folders ---

NEST = """
    import os
    os.chdir(os.environ["SM_MODEL_DIR"])
    for _ in range({depth}):
        os.mkdir({name!r})
        os.chdir({name!r})
    print("loss=1")
"""


@pytest.mark.parametrize(
    ("depth", "name"), [(201, "d"), (20, "d" * 250), pytest.param(3000, "d", marks=pytest.mark.long)]
)
def test_folders_that_are_nested_too_deeply_in_a_model_fail_the_training_job(open_service, script, depth, name):
    service = open_service(Program(command=script(NEST.format(depth=depth, name=name))))
    description, _ = ended(service)
    assert description.training_job_status == "Failed"
    assert description.failure_reason.startswith("ClientError: the folders in ")
    assert "/model are nested too deeply: ddd" in description.failure_reason.replace("d/", "d")
    folder = service.root / "training-jobs" / description.training_job_name
    until(lambda: {path.name for path in folder.iterdir()} == {"log.times", "log.txt"})


@pytest.mark.parametrize("folder", ["$SM_OUTPUT_DATA_DIR", "$SM_OUTPUT_DIR", "$SM_MODEL_DIR", "$SM_INPUT_DIR"])
def test_a_deleted_folder_does_not_fail_a_training_job_whose_program_has_succeeded(open_service, folder):
    description, _ = ended(open_service(shell(f"rm -r {folder}; echo loss=1")))
    assert (description.training_job_status, description.failure_reason) == ("Completed", None)


def test_a_file_instead_of_the_model_folder_fails_the_training_job(open_service):
    description, _ = ended(open_service(shell("rm -r $SM_MODEL_DIR; echo x > $SM_MODEL_DIR; echo loss=1")))
    assert description.training_job_status == "Failed"
    assert description.failure_reason.endswith("/model is not a folder")


@pytest.mark.parametrize("name", ["model", "output"])
def test_a_link_out_instead_of_a_folder_fails_the_training_job_and_is_not_followed(open_service, tmp_path, data, name):
    (tmp_path / "outside" / "data").mkdir(parents=True)
    (tmp_path / "outside" / "data" / "file").touch()
    program = shell(f"cd ..; rm -r {name}; ln -s {tmp_path}/outside {name}; echo loss=1")
    description, _ = ended(open_service(program))
    assert description.training_job_status == "Failed"
    assert "a link leads from " in description.failure_reason
    assert list((data / "out").rglob("output.tar.gz")) == []


def test_a_link_to_another_folder_of_the_training_job_instead_of_the_model_folder_is_followed(open_service, data):
    description, _ = ended(open_service(shell("cd ..; rm -r model; touch code/w; ln -s code model; echo loss=1")))
    assert archived(data, description) == ["w"]


def test_a_link_in_a_model_is_a_relative_link(open_service, data):
    program = shell("cd ../model; mkdir a; touch a/w; ln -s $PWD/a/w best; ln -s self self; echo loss=1")
    description, _ = ended(open_service(program))
    with tarfile.open(data / "out" / description.training_job_name / "output" / "model.tar.gz") as archive:
        assert archive.getmember("best").linkname == "a/w"
        assert sorted(archive.getnames()) == ["a", "a/w", "best", "self"]


# --- faults of the service ---


def test_an_internal_error_in_a_archivess_that_training_job(open_service, monkeypatch):
    def pack(*_):
        raise ZeroDivisionError

    monkeypatch.setattr(_archives, "pack", pack)
    description, status = ended(open_service())
    assert (description.training_job_status, status) == ("Failed", "Failed")
    assert description.failure_reason.startswith(
        "InternalServerError: The local service failed. The traceback is in its log: the standard error of "
    )


def test_an_internal_error_after_a_archivess_the_tuning_job_as_well(open_service, monkeypatch):
    def fail(*_):
        raise ZeroDivisionError

    monkeypatch.setattr(DefinitionSearch, "record_end", fail)
    description, status = ended(open_service())
    assert (description.training_job_status, description.secondary_status, status) == ("Failed", "Failed", "Failed")
    assert description.failure_reason.startswith(
        "InternalServerError: The local service failed. The traceback is in its log"
    )


def test_a_failure_reason_can_have_a_file_name_that_is_not_text(open_service, data, tmp_path):
    (data / "train").mkdir()
    (data / "train" / "file").touch()
    definition = training().channel("train", f"s3://{BUCKET}/train/")
    link = data / "train" / os.fsdecode(b"\xff")
    request = job("demo", definition, **ONE).build()
    description = only(create_late(open_service, tmp_path, request, lambda: link.symlink_to("/etc")))
    assert description.training_job_status == "Failed"
    assert "/train/\\udcff is a link to a folder" in description.failure_reason


# --- its log ---


@pytest.mark.parametrize(
    "replacement", [f"mkfifo {LOG}", f"mkdir {LOG}", f"ln -s /dev/zero {LOG}", f"ln -s /etc/passwd {LOG}", ":"]
)
def test_the_output_of_a_program_is_read_if_it_replaces_its_log(open_service, replacement):
    program = shell(f"echo loss=0.5; rm {LOG}; {replacement}; sleep 0.2; echo loss=0.25")
    service = open_service(program)
    description, _ = ended(service)
    assert description.training_job_status == "Completed"
    assert {metric.value for metric in description.final_metric_data_list} == {0.25}
    with pytest.raises(OSError, match=r"Not a regular file|has no log"):
        service.log(description.training_job_name)


def test_the_failure_reason_is_the_end_of_the_output_if_the_program_replaced_its_log(open_service):
    description, _ = ended(open_service(shell(f"rm {LOG}; mkfifo {LOG}; echo no memory; exit 1")))
    assert description.failure_reason == "AlgorithmError: no memory, exit code: 1"


def test_a_fifo_as_output_failure_does_not_block(open_service):
    description, _ = ended(open_service(shell("mkfifo $SM_OUTPUT_DIR/failure; echo no memory; exit 1")))
    assert description.failure_reason == "AlgorithmError: no memory, exit code: 1"


def test_a_training_job_whose_log_became_a_fifo_continues_when_the_root_is_opened_again(open_service, tmp_path):
    definition = training().checkpoints(f"s3://{BUCKET}/checkpoints/")
    ready = tmp_path / "ready"
    service = open_service(shell(f"rm {LOG}; mkfifo {LOG}; touch {ready}; exec sleep 60"))
    service.client().create(job("demo", definition, **ONE).build())
    until(ready.exists)
    service.close()
    handle = open_service(shell("echo loss=1")).client().get("demo")
    assert handle.wait(timeout=30, poll=0.05).hyper_parameter_tuning_job_status == "Completed"


def test_two_training_jobs_run_after_one_that_replaced_its_log(open_service):
    program = shell(f"rm {LOG}; mkfifo {LOG}; echo loss=1")
    handle = run(open_service(images={IMAGE: program}), job(max_jobs=3, parallel=1).build())
    assert [summary.training_job_status for summary in handle.training_jobs()] == ["Completed"] * 3
