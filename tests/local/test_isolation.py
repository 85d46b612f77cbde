"""Programs that run as in their container: with a `/opt/ml`, a `/tmp` and processes of their own."""

import os
import shutil
import signal
import subprocess
import sys
import tarfile
import tempfile
import textwrap
from pathlib import Path

import psutil
import pytest
from running import BUCKET, job, only, run, shell, training, until

from hptsdk import errors
from hptsdk.local import Program
from hptsdk.local.process import _isolation

ONE = {"max_jobs": 1, "parallel": 1}

TMP = "/tmp"  # noqa: S108 - a folder of its own
LAUNCHERS = {"bubblewrap": "bwrap", "its own launcher": "_namespace"}


def isolated(source, **options):
    """Return an isolated shell script."""
    return shell(source, **({"isolation": "namespace"} | options))


def objective(handle):
    """Return the objective of the best training job."""
    return handle.best.final_hyper_parameter_tuning_job_objective_metric.value


def model_of(data, name):
    """Return the files in the model of a training job, by name."""
    with tarfile.open(data / "out" / name / "output" / "model.tar.gz") as archive:
        return {
            member.name: archive.extractfile(member).read().decode().strip() for member in archive if member.isfile()
        }


@pytest.fixture(params=LAUNCHERS.values(), ids=LAUNCHERS, autouse=True)
def launcher(request, monkeypatch):
    """Isolate programs with one launcher only; skip the test if it does not work on this machine."""
    launchers = [one for one in _isolation._launchers() if request.param in one[-1]]
    if not launchers:
        pytest.skip(f"{request.param} is not installed")
    if problem := _isolation._problem(launchers[0], has_network=False):
        pytest.skip(f"{request.param} does not work here: {problem}")
    monkeypatch.setattr(_isolation, "_launchers", lambda: launchers)
    return launchers[0]


# --- folders ---


def test_a_model_that_is_written_to_opt_ml_is_uploaded(open_service, data):
    handle = run(open_service(isolated("echo x > /opt/ml/model/w; echo loss=1")), job(**ONE).build())
    assert model_of(data, handle.best.training_job_name) == {"w": "x"}


def test_isolation_creates_no_folder_on_this_machine(open_service):
    before = Path("/opt/ml").exists()
    run(open_service(isolated("echo x > /opt/ml/model/w; echo loss=1")), job(**ONE).build())
    assert Path("/opt/ml").exists() == before


def test_the_other_folders_in_opt_stay(open_service, data):
    program = isolated("ls /opt > /opt/ml/model/names; echo loss=1")
    handle = run(open_service(program), job(**ONE).build())
    names = model_of(data, handle.best.training_job_name)["names"].split()
    assert names == sorted({*(path.name for path in Path("/opt").iterdir()), "ml"})


def test_variables_name_the_folders_of_a_container(open_service, data):
    program = isolated("env > /opt/ml/model/env; pwd >> /opt/ml/model/env; echo loss=1")
    handle = run(open_service(program), job(**ONE).build())
    lines = model_of(data, handle.best.training_job_name)["env"].splitlines()
    assert {"SAGEMAKER_BASE_DIR=/opt/ml", "SM_MODEL_DIR=/opt/ml/model", "/opt/ml/code"} <= set(lines)


def test_training_jobs_have_a_tmp_of_their_own(open_service):
    program = isolated("mkdir /tmp/fixed || exit 1; sleep 0.3; echo loss=1")
    handle = run(open_service(program), job(max_jobs=4, parallel=2).build())
    assert handle.describe().training_job_status_counters.completed == 4


def test_tmp_is_the_folder_for_temporary_files(open_service, monkeypatch, tmp_path):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    handle = run(open_service(isolated('echo "loss=${TMPDIR:+1}0"')), job(**ONE).build())
    assert objective(handle) == 0


def test_training_jobs_do_not_see_the_checkpoints_of_others(open_service):
    program = isolated("echo loss=$(ls /opt/ml/checkpoints | wc -l); echo x > /opt/ml/checkpoints/$TRAINING_JOB_NAME")
    handle = run(
        open_service(program), job(definition=training().checkpoints(f"s3://{BUCKET}/ck/"), max_jobs=3).build()
    )
    values = [one.final_hyper_parameter_tuning_job_objective_metric.value for one in handle.training_jobs()]
    assert values == [0, 0, 0]


@pytest.mark.parametrize("path", ["/opt/ml/my/checkpoints", f"{TMP}/checkpoints/", "/opt/ml/checkpoints", "EXISTING"])
def test_checkpoints_are_in_the_folder_of_the_request(open_service, data, tmp_path, path):
    path = path.replace("EXISTING", str(tmp_path))
    definition = training().checkpoints(f"s3://{BUCKET}/ck", local_path=path)
    source = f"echo x > {path}/a; echo loss=$(ls /opt/ml/checkpoints | wc -l)"
    handle = run(open_service(isolated(source)), job(definition=definition, **ONE).build())
    assert objective(handle) == 1
    assert (data / "ck" / handle.best.training_job_name / "a").read_text() == "x\n"
    assert not (tmp_path / "a").exists()


@pytest.mark.parametrize("path", ["/", "/opt", "/opt/ml", TMP, "/no-such-folder", "relative", "/opt/ml/../x", "ROOT"])
def test_checkpoints_in_a_folder_that_cannot_be_mounted_are_refused(open_service, tmp_path, path):
    definition = training().checkpoints(f"s3://{BUCKET}/ck", local_path=path.replace("ROOT", f"{tmp_path}/root/x"))
    (tmp_path / "root" / "x").mkdir(parents=True)
    (tmp_path / "root" / "lock").touch()
    with pytest.raises(errors.ValidationRefusedError, match=r"CheckpointConfig\.LocalPath"):
        open_service(isolated("echo loss=1")).client().create(job(definition=definition, **ONE).build())


@pytest.mark.parametrize("name", ["credentials", "state.sqlite3", "training-jobs", "endpoint"])
def test_a_program_cannot_read_the_folder_of_the_service(open_service, tmp_path, name):
    # the command names the folder of the test, so that it is visible, and the root in it is not
    program = isolated(f'if [ -e "$HIDDEN/{name}" ]; then echo loss=1; else echo loss=0; fi; : {tmp_path}')
    definition = training().environment(HIDDEN=str(tmp_path / "root"))
    handle = run(open_service(program), job(definition=definition, **ONE).build())
    assert (tmp_path / "root" / name).exists()
    assert objective(handle) == 0


@pytest.mark.parametrize("name", ["credentials", "state.sqlite3", "training-jobs", "data", "uploads"])
def test_a_command_that_names_a_file_of_the_service_does_not_show_it(open_service, tmp_path, name):
    path = tmp_path / "root" / name
    program = isolated(f"if [ -e {path} ]; then echo loss=1; else echo loss=0; fi")
    handle = run(open_service(program), job(**ONE).build())
    assert path.exists()
    assert objective(handle) == 0


def test_a_program_cannot_show_the_folder_of_the_service(open_service, tmp_path):
    definition = training().environment(HIDDEN=str(tmp_path / "root"))
    hides = 'umount "$HIDDEN"; umount /opt/ml; if [ -e "$HIDDEN/credentials" ]; then echo loss=1; else echo loss=0; fi'
    program = isolated(f"{hides}; : {tmp_path}")
    handle = run(open_service(program), job(definition=definition, **ONE).build())
    assert objective(handle) == 0


def test_writing_to_the_folder_of_the_service_fails(open_service, tmp_path):
    definition = training().environment(HIDDEN=str(tmp_path / "root"))
    program = isolated(f'if echo x > "$HIDDEN/file"; then echo loss=1; else echo loss=0; fi; : {tmp_path}')
    handle = run(open_service(program), job(definition=definition, **ONE).build())
    assert objective(handle) == 0


@pytest.fixture
def below_tmp():
    """Return a folder below /tmp, which is the parent folder of the temporary files of tests on most machines only."""
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        yield Path(folder)


def test_a_file_below_tmp_that_the_command_names_is_visible_with_its_folder(open_service, below_tmp):
    (below_tmp / "helper.py").write_text("value = 0.25")
    (below_tmp / "train.py").write_text("import helper\nprint(f'loss={helper.value}')")
    program = Program(command=["python", str(below_tmp / "train.py")], isolation="namespace")
    assert objective(run(open_service(program), job(**ONE).build())) == 0.25


def test_a_file_below_tmp_that_is_named_in_the_code_of_a_shell_is_visible(open_service, below_tmp):
    (below_tmp / "value").write_text("loss=0.25\n")
    assert objective(run(open_service(isolated(f"cat '{below_tmp}/value'")), job(**ONE).build())) == 0.25


def test_modules_of_the_working_folder_below_tmp_are_visible(open_service, below_tmp, monkeypatch):
    (below_tmp / "mine.py").write_text("print('loss=0.25')")
    monkeypatch.chdir(below_tmp)
    program = Program(command=["python", "-m", "mine"], isolation="namespace")
    assert objective(run(open_service(program), job(**ONE).build())) == 0.25


def test_a_file_below_the_root_that_the_command_names_is_visible(open_service, tmp_path):
    folder = tmp_path / "root" / "buckets" / "code"
    folder.mkdir(parents=True)
    (folder / "value").write_text("loss=0.25\n")
    assert objective(run(open_service(isolated(f"cat {folder}/value")), job(**ONE).build())) == 0.25


def test_a_fastfile_channel_is_read_only(open_service, data):
    (data / "train").mkdir()
    (data / "train" / "value").write_text("loss=0.25\n")
    definition = training().channel("train", f"s3://{BUCKET}/train/", input_mode="FastFile")
    program = isolated("cat /opt/ml/input/data/train/value; touch /opt/ml/input/data/train/new || true")
    assert objective(run(open_service(program), job(definition=definition, **ONE).build())) == 0.25
    assert [path.name for path in (data / "train").iterdir()] == ["value"]


def test_a_pipe_can_be_read(open_service, data):
    (data / "train").write_text("loss=0.25\n")
    definition = training().channel("train", f"s3://{BUCKET}/train", input_mode="Pipe")
    program = isolated("cat /opt/ml/input/data/train_0")
    assert objective(run(open_service(program), job(definition=definition, **ONE).build())) == 0.25


def test_a_confined_program_writes_only_to_its_own_folders(open_service, tmp_path):
    (tmp_path / "log").touch()
    own = "echo x > /opt/ml/model/w && echo x > /tmp/w && echo x > /dev/null"
    program = isolated(f"{own} && echo loss=0; echo x > {tmp_path}/log && echo loss=1; true", confine=True)
    assert objective(run(open_service(program), job(**ONE).build())) == 0
    assert (tmp_path / "log").read_text() == ""


def test_a_program_that_is_not_confined_writes_to_other_folders(open_service, tmp_path):
    (tmp_path / "log").touch()
    handle = run(open_service(isolated(f"echo x > {tmp_path}/log; echo loss=1")), job(**ONE).build())
    assert handle.best is not None
    assert (tmp_path / "log").read_text() == "x\n"


# --- the network ---


def test_network_isolation_leaves_the_loopback_interface(open_service, script):
    source = """
        import socket
        server = socket.create_server(("127.0.0.1", 0))
        socket.create_connection(server.getsockname()).close()
        print(f"loss={len(socket.if_nameindex())}")
    """
    definition = training().network_isolation()
    program = Program(command=script(source), isolation="namespace")
    assert objective(run(open_service(program), job(definition=definition, **ONE).build())) == 1


# --- the end ---


@pytest.mark.parametrize(("command", "code"), [("exit 3", 3), ("kill -9 $$", 137)])
def test_the_exit_code_is_that_of_the_program(open_service, command, code):
    handle = open_service(isolated(command)).client().create(job(**ONE).build())
    with pytest.raises(errors.TuningJobFailed):
        handle.wait(poll=0.05)
    assert only(handle).failure_reason.endswith(f", exit code: {code}")


def test_a_program_that_does_not_exist_is_reported(open_service):
    program = Program(command=["no-such-program"], isolation="namespace")
    handle = open_service(program).client().create(job(**ONE).build())
    with pytest.raises(errors.TuningJobFailed):
        handle.wait(poll=0.05)
    assert "no-such-program cannot be started: No such file" in only(handle).failure_reason


def test_a_program_that_is_stopped_can_save_its_model(open_service, data):
    program = isolated("trap 'echo x > /opt/ml/model/w; exit 0' TERM; echo loss=1; while :; do sleep 0.05; done")
    service = open_service(program)
    handle = service.client().create(job(**ONE).build())
    until(lambda: [one for one in handle.training_jobs() if "loss" in log_of(service, one.training_job_name)])
    handle.stop()
    handle.wait(poll=0.05)
    (summary,) = handle.training_jobs()
    assert model_of(data, summary.training_job_name) == {"w": "x"}


def log_of(service, name):
    """Return the output of a training job; empty text if it has none yet."""
    try:
        return service.log(name)
    except OSError:
        return ""


def with_argument(text):
    """Return the processes that have an argument."""
    return [one for one in psutil.process_iter(["cmdline"]) if text in (one.info["cmdline"] or ())]


def test_a_process_that_left_the_session_ends_with_the_program(open_service):
    run(open_service(isolated("setsid sleep 4711.25 & echo loss=1")), job(**ONE).build())
    assert with_argument("4711.25") == []


def test_a_program_that_ignores_the_signal_is_killed_when_the_service_closes(open_service):
    service = open_service(isolated("trap '' TERM; setsid sleep 4712.25 & sleep 4712.25"), stop_grace=0.2)
    service.client().create(job(**ONE).build())
    until(lambda: len(with_argument("4712.25")) == 2)
    service.close()
    assert with_argument("4712.25") == []


@pytest.mark.long
def test_nothing_is_left_after_the_service_is_killed(tmp_path, launcher):
    source = f"""
        import sys, time
        sys.path.insert(0, {str(Path(__file__).parent)!r})
        from running import IMAGE, job, shell
        from hptsdk.local import LocalService
        from hptsdk.local.process import _isolation
        _isolation._launchers = lambda: [{launcher!r}]
        # a process without an environment in a session of its own has no mark
        program = shell("setsid env -i /bin/sleep 4713.25 & sleep 4713.25", isolation="namespace")
        service = LocalService({str(tmp_path / "root")!r}, images={{IMAGE: program}})
        service.client().create(job(max_jobs=1, parallel=1).build())
        time.sleep(60)
    """
    service = subprocess.Popen([sys.executable, "-W", "ignore", "-c", textwrap.dedent(source)])  # noqa: S603 - own code
    until(lambda: len(with_argument("4713.25")) == 2, seconds=60)
    service.send_signal(signal.SIGKILL)
    service.wait()
    until(lambda: with_argument("4713.25") == [])


# --- other users ---


@pytest.mark.skipif(os.geteuid() != 0 or shutil.which("setpriv") is None, reason="root and setpriv start other users")
def test_a_user_without_privileges_can_isolate_programs(launcher):
    with tempfile.TemporaryDirectory(dir="/tmp") as name:
        folder = Path(name)
        folder.chmod(0o777)
        command = list(launcher)
        if "_namespace" in command[-1]:
            # the Python and the files of the tests may be those of root
            if shutil.which("/usr/bin/python3") is None:
                pytest.skip("there is no /usr/bin/python3")
            source = Path(_isolation.__file__).with_name("_namespace.py")
            code = command[-1].replace(str(source.parent), str(Path(shutil.copy(source, folder)).parent))
            command = ["/usr/bin/python3", "-I", "-S", "-c", code]
        user = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"]
        isolation = _isolation.Isolation(base=folder, temporary=folder, root=folder, has_network=False)
        script = "id -u; ls /opt/ml | wc -l; grep CapEff /proc/self/status"
        prefix = isolation.prefix(tuple(command), "/opt/ml")
        words = [*user, *prefix, "/bin/sh", "-c", script]
        result = subprocess.run(words, capture_output=True, text=True, check=False)  # noqa: S603 - the own command
        if "not permitted" in result.stderr:
            pytest.skip(f"users cannot create namespaces: {result.stderr}")
        assert result.stdout.split() == ["65534", str(len(list(folder.iterdir()))), "CapEff:", "0" * 16], result.stderr
