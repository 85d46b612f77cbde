"""Script mode: the source code of a request or of a program, and the packages that it needs."""

import io
import json
import re
import shlex
import sys
import tarfile

import pytest
from running import BUCKET, IMAGE, job, only, run, training, until
from test_serve_command import in_a_thread

from hptsdk import errors
from hptsdk.local import script
from hptsdk.local.process import _source_code

ONE = {"max_jobs": 1, "parallel": 1}


def objective(handle):
    """Return the objective of the best training job."""
    return handle.best.final_hyper_parameter_tuning_job_objective_metric.value


def reason(service, definition=None):
    """Run a training job that fails, and return its failure reason."""
    handle = service.client().create(job(definition=definition, **ONE).build())
    with pytest.raises(errors.TuningJobFailed):
        handle.wait(poll=0.05)
    return only(handle).failure_reason


def refusal(service, definition):
    """Return the message with which a request is refused."""
    with pytest.raises(errors.ValidationRefusedError) as caught:
        service.client().create(job(definition=definition, **ONE).build())
    return str(caught.value)


@pytest.fixture
def source(tmp_path):
    """Return a folder with a script that imports a module beside it."""
    folder = tmp_path / "src"
    (folder / "lib").mkdir(parents=True)
    (folder / "lib" / "helper.py").write_text("value = 0.25")
    (folder / "train.py").write_text("from lib.helper import value\nprint(f'loss={value}')")
    return folder


def archived(files, target):
    """Write an archive with files, as the SageMaker Python SDK uploads one."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(target, "w:gz") as archive:
        for name, text in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(text.encode())
            archive.addfile(member, io.BytesIO(text.encode()))


def submitted(address=f"s3://{BUCKET}/code/sourcedir.tar.gz", program="train.py", **others):
    """Return a definition with the hyperparameters of the SDK, which are JSON."""
    return training().static_json(sagemaker_submit_directory=address, sagemaker_program=program, **others)


# --- the source code of the program ---


def test_a_script_runs_with_a_copy_of_its_folder(open_service, source):
    assert objective(run(open_service(script("train.py", source_dir=source)), job(**ONE).build())) == 0.25


def test_a_script_without_a_folder_runs_alone(open_service, tmp_path):
    (tmp_path / "other.py").touch()
    (tmp_path / "train.py").write_text("import os; print(f'loss={len(os.listdir())}')")
    assert objective(run(open_service(script(tmp_path / "train.py")), job(**ONE).build())) == 1


def test_a_script_gets_its_hyperparameters_and_its_name(open_service, source):
    (source / "train.py").write_text(
        "import os, sys\nassert os.environ['SM_USER_ENTRY_POINT'] == 'train.py'\nprint(f'loss={sys.argv[2]}')"
    )
    handle = run(open_service(script("train.py", source_dir=source)), job(**ONE).build())
    assert objective(handle) == pytest.approx(float(handle.best.tuned_hyper_parameters["rate"]), rel=1e-6)


def test_a_script_cannot_change_the_folder_it_is_copied_from(open_service, source):
    (source / "train.py").write_text("open('lib/helper.py', 'w').close(); print('loss=1')")
    run(open_service(script("train.py", source_dir=source)), job(**ONE).build())
    assert (source / "lib" / "helper.py").read_text() == "value = 0.25"


def test_a_shell_script_is_started_by_itself(open_service, source):
    (source / "train.sh").write_text("#!/bin/sh\necho loss=$#\n")
    assert objective(run(open_service(script("train.sh", source_dir=source)), job(**ONE).build())) == 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"entry_point": "none.py"}, "entry_point: expected an existing file, got "),
        ({"entry_point": "train.py", "source_dir": "none"}, "source_dir: expected an existing folder, got "),
        (
            {"entry_point": "train.py", "source_dir": "src", "requirements": "none.txt"},
            "requirements: expected an existing file",
        ),
    ],
)
def test_a_file_that_does_not_exist_is_reported(source, monkeypatch, arguments, message):
    monkeypatch.chdir(source.parent)
    with pytest.raises(FileNotFoundError, match=message):
        script(**arguments)


def test_a_script_outside_its_folder_is_refused(source, tmp_path):
    (tmp_path / "train.py").touch()
    with pytest.raises(ValueError, match="entry_point: expected a file in "):
        script(tmp_path / "train.py", source_dir=source)


def test_a_script_above_its_folder_is_refused(source):
    (source.parent / "above.py").touch()
    with pytest.raises(ValueError, match="entry_point: expected a file in "):
        script("../above.py", source_dir=source)


# --- the source code of the request ---


def test_the_archive_of_a_request_in_a_bucket_is_unpacked(open_service, data):
    archived(
        {"lib.py": "value = 0.125", "train.py": "import lib; print(f'loss={lib.value}')"},
        data / "code/sourcedir.tar.gz",
    )
    assert objective(run(open_service(script()), job(definition=submitted(), **ONE).build())) == 0.125


def test_the_archive_of_a_request_replaces_the_source_code_of_the_program(open_service, data, source):
    archived({"main.py": "print('loss=0.125')"}, data / "code/sourcedir.tar.gz")
    program = script("train.py", source_dir=source)
    assert objective(run(open_service(program), job(definition=submitted(program="main.py"), **ONE).build())) == 0.125


def test_the_archive_of_a_request_can_be_on_this_machine(open_service, tmp_path):
    archived({"train.py": "print('loss=0.125')"}, tmp_path / "sourcedir.tar.gz")
    definition = submitted(f"file://{tmp_path}/sourcedir.tar.gz")
    assert objective(run(open_service(script()), job(definition=definition, **ONE).build())) == 0.125


def test_the_archive_of_a_request_can_be_in_a_channel(open_service, data):
    archived({"train.py": "print('loss=0.125')"}, data / "code/sourcedir.tar.gz")
    definition = submitted("/opt/ml/input/data/code/sourcedir.tar.gz").channel("code", f"s3://{BUCKET}/code/")
    assert objective(run(open_service(script()), job(definition=definition, **ONE).build())) == 0.125


def test_hyperparameters_of_the_sdk_are_hidden_from_the_script(open_service, data):
    archived({"train.py": "import sys; print(f'loss={len(sys.argv)}')"}, data / "code/sourcedir.tar.gz")
    definition = submitted(sagemaker_job_name="x", sagemaker_region="us-east-1", sagemaker_container_log_level=20)
    assert objective(run(open_service(script()), job(definition=definition, **ONE).build())) == 3


@pytest.mark.parametrize("program", ["/etc/passwd.py", "../train.py", "-c", "a b.py"])
def test_a_script_outside_the_archive_is_refused(open_service, data, program):
    archived({"train.py": ""}, data / "code/sourcedir.tar.gz")
    assert "sagemaker_program: expected the name of a script" in refusal(
        open_service(script()), submitted(program=program)
    )


def test_a_request_without_source_code_is_refused(open_service):
    message = refusal(open_service(script()), training())
    assert "sagemaker_program and sagemaker_submit_directory, or pass entry_point to script" in message


def test_a_request_with_the_name_of_a_script_and_no_archive_is_refused(open_service):
    message = refusal(open_service(script()), training().static(sagemaker_program="train.py"))
    assert "Neither the request nor the local service has the source code of a script" in message


def test_an_archive_that_does_not_exist_is_refused_without_its_address(open_service):
    message = refusal(open_service(script()), submitted(f"s3://{BUCKET}/secret/none.tar.gz"))
    assert "sagemaker_submit_directory: expected an existing archive" in message
    assert "secret" not in message


def test_an_archive_with_a_file_outside_of_it_fails_the_training_job(open_service, data, tmp_path):
    archived({"train.py": "print('loss=1')", "../outside.py": ""}, data / "code/sourcedir.tar.gz")
    assert "is invalid" in reason(open_service(script(), keep_folders=True), submitted())
    assert not list(tmp_path.rglob("outside.py"))


def test_an_archive_that_is_damaged_fails_the_training_job(open_service, data):
    (data / "code").mkdir()
    (data / "code" / "sourcedir.tar.gz").write_bytes(b"no archive")
    assert "the archive in sagemaker_submit_directory is invalid" in reason(open_service(script()), submitted())


def test_an_archive_without_its_script_fails_the_training_job(open_service, data):
    archived({"other.py": ""}, data / "code/sourcedir.tar.gz")
    message = reason(open_service(script()), submitted())
    assert message == (
        "ClientError: the source code does not contain the script; correct sagemaker_program or entry_point"
    )


def test_a_request_cannot_read_the_folder_of_the_service(open_service, tmp_path):
    definition = submitted(str(tmp_path / "root" / "credentials"))
    message = "cannot be used: it is in the root of the service; move it to another folder"
    assert message in reason(open_service(script()), definition)


def test_an_archive_that_does_not_exist_fails_the_training_job(open_service, tmp_path):
    definition = submitted(str(tmp_path / "missing.tar.gz"))
    assert "the archive in sagemaker_submit_directory does not exist" in reason(open_service(script()), definition)


# --- packages ---

INSTALLER = """
import sys
from pathlib import Path
target = Path(sys.argv[sys.argv.index("--target") + 1])
target.mkdir()
text = Path("requirements.txt").read_text() if Path("requirements.txt").exists() else ""
(target / "package.py").write_text(f"value = {len(text)}")
with open(LOG, "a") as log:
    log.write(" ".join(sys.argv[1:]).replace(str(target), "TARGET") + "\\n")
if "no-such-package" in text:
    sys.exit("ERROR: No matching distribution found for no-such-package")
"""

USES_PACKAGE = "import package\nprint(f'loss={package.value}')"


@pytest.fixture
def installations(tmp_path, monkeypatch):
    """Replace pip by a program that writes a module; return a function that returns its arguments so far."""
    log, installer = tmp_path / "installations.txt", tmp_path / "installer.py"
    installer.write_text(INSTALLER.replace("LOG", repr(str(log))))
    monkeypatch.setattr(_source_code, "_installer", lambda: [sys.executable, str(installer)])
    return lambda: log.read_text().splitlines() if log.exists() else []


def test_requirements_of_the_source_code_are_installed_once(open_service, source, installations):
    (source / "requirements.txt").write_text("numpy")
    (source / "train.py").write_text(USES_PACKAGE)
    service = open_service(script("train.py", source_dir=source))
    assert objective(run(service, job(max_jobs=4, parallel=2).build())) == 5
    assert objective(run(service, job("again", **ONE).build())) == 5
    assert installations() == ["--target TARGET -r requirements.txt"]


def test_requirements_with_another_content_are_installed_again(open_service, source, installations):
    (source / "requirements.txt").write_text("numpy")
    (source / "train.py").write_text(USES_PACKAGE)
    service = open_service(script("train.py", source_dir=source))
    run(service, job(**ONE).build())
    (source / "requirements.txt").write_text("numpy==2")
    assert objective(run(service, job("again", **ONE).build())) == 8


def test_requirements_of_the_program_replace_those_of_the_source_code(open_service, source, tmp_path, installations):
    (source / "requirements.txt").write_text("numpy")
    (source / "more.txt").write_text("numpy scipy")
    (source / "train.py").write_text(USES_PACKAGE)
    program = script("train.py", source_dir=source, requirements="more.txt")
    assert objective(run(open_service(program), job(**ONE).build())) == 11


def test_requirements_that_name_a_file_are_installed_again_if_it_changes(open_service, source, installations):
    (source / "requirements.txt").write_text("-r more.txt")
    (source / "more.txt").write_text("a")
    service = open_service(script("train.py", source_dir=source))
    run(service, job(**ONE).build())
    (source / "more.txt").write_text("b")
    run(service, job("again", **ONE).build())
    assert len(installations()) == 2


def test_a_package_is_installed_and_runs_as_a_module(open_service, source, installations):
    (source / "setup.py").touch()
    (source / "train.py").write_text("print(f'loss={len(__package__)}')")
    assert objective(run(open_service(script("train.py", source_dir=source)), job(**ONE).build())) == 0
    assert installations() == ["--target TARGET ."]


def test_requirements_that_cannot_be_installed_fail_the_training_job(open_service, source, installations):
    (source / "requirements.txt").write_text("no-such-package")
    message = reason(open_service(script("train.py", source_dir=source)))
    assert message.startswith("ClientError: requirements.txt cannot be installed:")
    assert "No matching distribution found for no-such-package" in message


def test_a_service_that_closes_stops_an_installation(open_service, source, tmp_path, monkeypatch):
    (source / "requirements.txt").write_text("numpy")
    command = ["/bin/sh", "-c", f"touch {tmp_path}/started; exec sleep 60"]
    monkeypatch.setattr(_source_code, "_installer", lambda: command)
    service = open_service(script("train.py", source_dir=source))
    service.client().create(job(**ONE).build())
    until((tmp_path / "started").exists)
    service.close()
    assert not list((tmp_path / "root" / "data").glob("requirements-*"))


def test_a_training_job_that_is_stopped_during_an_installation_is_stopped(open_service, source, tmp_path, monkeypatch):
    (source / "requirements.txt").write_text("numpy")
    command = ["/bin/sh", "-c", f"touch {tmp_path}/started; exec sleep 60"]
    monkeypatch.setattr(_source_code, "_installer", lambda: command)
    handle = open_service(script("train.py", source_dir=source)).client().create(job(**ONE).build())
    until((tmp_path / "started").exists)
    handle.stop()
    handle.wait(poll=0.05)
    assert only(handle).training_job_status == "Stopped"


def test_without_pip_and_uv_the_message_names_the_remedy(open_service, source, monkeypatch):
    (source / "requirements.txt").write_text("numpy")
    service = open_service(script("train.py", source_dir=source))
    monkeypatch.setattr(_source_code, "find_spec", lambda _: None)
    monkeypatch.setattr(_source_code.shutil, "which", lambda *_, **__: None)
    assert f"packages cannot be installed without pip or uv; run `{sys.executable} -m ensurepip`" in reason(service)


# --- storing ---


def test_the_source_code_of_a_program_is_stored(open_service, source):
    # a copy of the source code runs, and not the script itself
    (source / "train.py").write_text("print('loss', 0.5 * __file__.endswith('/ml/code/train.py'), sep='=')")
    open_service(script("train.py", source_dir=source, isolation="none")).close()
    service = open_service(images={}, stored_programs=True)
    assert objective(run(service, job(**ONE).build())) == 0.5


def test_the_code_in_a_message_is_a_call_of_script(open_service, source):
    (source / "more.txt").touch()
    program = script("train.py", source_dir=source, requirements="more.txt", environment={"A": "1"}, confine=True)
    open_service(program).close()
    message = refusal(open_service(images={}), training())
    (code,) = re.findall(rf"service\.add_program\((.*), image={IMAGE!r}\)", message)
    assert eval(code, {"script": script, "A": "1"}) == program  # noqa: S307 - code of this project


def test_a_command_can_be_an_object_with_the_arguments_of_a_script(open_service, source, tmp_path):
    text = json.dumps({"entry_point": "train.py", "source_dir": str(source)})
    words = ["hptsdk", "local", "serve", "--root", str(tmp_path / "root"), "--image", f"{IMAGE}={text}"]
    with in_a_thread(shlex.join(words)):
        pass
    service = open_service(images={}, stored_programs=True)
    assert objective(run(service, job(**ONE).build())) == 0.25
