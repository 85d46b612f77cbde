"""Training jobs in containers of Podman and Docker: files, variables, metrics, limits, stops and several instances.

The session `containers` runs these checks.
"""

import json
import os
import signal
import subprocess
import tarfile
import time
from contextlib import ExitStack, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
import pytest
from botocore.session import get_session
from conftest import docker_daemon
from images import shell_image
from running import BUCKET, job, only, run, training, until
from training_job_requests import REQUEST, ended

import hptsdk
from hptsdk.errors import ServiceError, TuningJobFailed
from hptsdk.local import Container

SHELL = "local/shell:1"
OPTIMUM = """
import json, os
base = "/opt/ml/"
values = json.load(open(base + "input/config/hyperparameters.json"))
rows = open(base + "input/data/train/rows.csv").read().split()
loss = (float(values["rate"]) - 0.3) ** 2 + len(rows)
open(base + "model/model.json", "w").write(json.dumps({"rate": values["rate"]}))
for step in range(4):
    print("loss=%s;" % (loss + 1 / (step + 1)), flush=True)
"""


def container(engine, train, image=SHELL, **options):
    """Return a `Container` of the engine whose program is the shell command `train`."""
    environment = {"TRAIN": train} | options.pop("environment", {})
    return Container(image, engine=engine.name, pull="never", environment=environment, **options)


def one(definition=None, **limits):
    """Return the request of a tuning job with one training job."""
    return job(definition=definition, max_jobs=1, parallel=1, **limits).build()


def log_of(service, request=None):
    """Run a tuning job with one training job, and return the log of the training job."""
    return service.log(only(run(service, request or one())).training_job_name)


def until_it_prints(service, handle):
    """Wait until a training job of the tuning job has printed the metric."""

    def has_printed():
        # a training job that has just begun has no log
        with suppress(FileNotFoundError):
            return any("loss" in service.log(summary.training_job_name) for summary in handle.training_jobs())
        return False

    until(has_printed)


def failure(service, request=None):
    """Run a tuning job whose only training job must fail, and return the failure reason of the training job."""
    with pytest.raises(TuningJobFailed):
        run(service, request or one())
    return only(service.client().get("demo")).failure_reason


def put(tmp_path, name, text="1,2\n"):
    """Write a file in the bucket, and return its path."""
    path = tmp_path / "bucket" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def uploaded(tmp_path, name, kind="model"):
    """Return the contents of the files in an archive that a training job uploaded, by path.

    Args:
        tmp_path: the folder of the test.
        name: the name of the training job.
        kind: "model" or "output".
    """
    with tarfile.open(tmp_path / "bucket" / "out" / name / "output" / f"{kind}.tar.gz") as archive:
        return {entry.name: archive.extractfile(entry).read().decode() for entry in archive if entry.isfile()}


@pytest.mark.parametrize("strategy", ["random", "grid", "bayesian", "hyperband"])
def test_an_image_is_tuned_in_parallel(engine, open_service, tmp_path, strategy):
    put(tmp_path, "train/rows.csv")
    put(tmp_path, "code/train.py", OPTIMUM)
    definition = training(regex="loss=([0-9.e-]+);").channel("train", f"s3://{BUCKET}/train/")
    definition = definition.channel("code", f"s3://{BUCKET}/code/")
    limits = {} if strategy == "grid" else {"max_jobs": 4}
    builder = hptsdk.tuning_job("demo", definition, minimize="loss", max_parallel_jobs=2, **limits)
    request = {
        "random": lambda: builder.continuous("rate", 0.1, 1.0).random(random_seed=7),
        "grid": lambda: builder.categorical("rate", ["0.1", "0.3", "0.5"]).grid(),
        "bayesian": lambda: builder.continuous("rate", 0.1, 1.0).bayesian(random_seed=7),
        "hyperband": lambda: builder.continuous("rate", 0.1, 1.0).hyperband(
            min_resource=1, max_resource=4, random_seed=7
        ),
    }[strategy]()
    service = open_service(Container("local/python:1", engine=engine.name))
    handle = run(service, request.build())
    best = handle.best
    assert float(best.final_hyper_parameter_tuning_job_objective_metric.value) == pytest.approx(
        (float(best.tuned_hyper_parameters["rate"]) - 0.3) ** 2 + 1.25, rel=1e-5
    )
    assert uploaded(tmp_path, best.training_job_name) == {
        "model.json": json.dumps({"rate": best.tuned_hyper_parameters["rate"]})
    }


def test_the_working_folder_and_the_user_are_those_of_the_image(engine, open_service):
    assert "1000 /work algo-1" in log_of(
        open_service(container(engine, "echo loss=1; echo $(id -u) $(pwd) $(hostname)", "local/user:1"))
    )


def test_a_user_of_the_image_can_write_what_training_programs_write(engine, open_service, tmp_path):
    put(tmp_path, "train/rows.csv")
    definition = training().channel("train", f"s3://{BUCKET}/train/").checkpoints(f"s3://{BUCKET}/checkpoints")
    train = (
        "cd /opt/ml; cat input/data/train/rows.csv > model/m; echo d > output/data/d; echo c > checkpoints/c; "
        "echo loss=1"
    )
    handle = run(open_service(container(engine, train, "local/user:1")), one(definition))
    name = only(handle).training_job_name
    assert (uploaded(tmp_path, name), uploaded(tmp_path, name, "output")) == ({"m": "1,2\n"}, {"d": "d\n"})
    assert (tmp_path / "bucket" / "checkpoints" / name / "c").read_text() == "c\n"


def test_another_user_can_be_chosen(engine, open_service):
    assert "user 7" in log_of(open_service(container(engine, "echo loss=1; echo user $(id -u)", user="7")))


def test_the_variables_are_those_of_sagemaker_of_the_image_and_of_the_request(engine, open_service):
    service = open_service(container(engine, "echo loss=1; env", environment={"QUOTED": '"a b" # c'}))
    lines = set(log_of(service, one(training().environment({"FROM_REQUEST": "x=y"}))).splitlines())
    assert {'QUOTED="a b" # c', "FROM_REQUEST=x=y", "AWS_REGION=us-east-1", "PATH=/bin:/usr/bin:/usr/local/bin"} < lines


def test_no_credentials_of_the_shell_enter_a_container(engine, open_service, monkeypatch):
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "my-secret")
    monkeypatch.setenv("HTTPS_PROXY", "http://user:my-secret@proxy")
    assert "my-secret" not in log_of(open_service(container(engine, "echo loss=1; env")))


def test_the_values_of_variables_are_not_visible_in_the_list_of_processes(engine, open_service):
    service = open_service(container(engine, "echo loss=1; sleep 2", environment={"TOKEN": "my-secret"}))
    handle = service.client().create(one())
    until_it_prints(service, handle)
    arguments = [word for process in psutil.process_iter(["cmdline"]) for word in process.info["cmdline"] or ()]
    assert any(word.startswith("--name=hptsdk-") for word in arguments)
    assert not any("my-secret" in word for word in arguments)
    handle.wait(poll=0.05)


@pytest.mark.parametrize("mode", ["File", "FastFile"])
def test_the_files_of_a_channel_are_read(engine, open_service, tmp_path, mode):
    put(tmp_path, "train/deep/rows.csv")
    definition = training().channel("train", f"s3://{BUCKET}/train/", input_mode=mode)
    assert "1,2" in log_of(
        open_service(container(engine, "echo loss=1; cat /opt/ml/input/data/train/deep/rows.csv")), one(definition)
    )


def test_the_source_of_a_channel_in_fast_file_mode_cannot_be_changed(engine, open_service, tmp_path):
    rows = put(tmp_path, "train/rows.csv")
    definition = training().channel("train", f"s3://{BUCKET}/train/", input_mode="FastFile")
    log_of(
        open_service(container(engine, "echo loss=1; echo no > /opt/ml/input/data/train/rows.csv || true")),
        one(definition),
    )
    assert rows.read_text() == "1,2\n"


@pytest.mark.parametrize("image", [SHELL, "local/user:1"])
def test_a_channel_in_pipe_mode_is_read_epoch_by_epoch(engine, open_service, tmp_path, image):
    put(tmp_path, "train/rows.csv")
    definition = training().channel("train", f"s3://{BUCKET}/train/", input_mode="Pipe")
    train = "echo loss=1; cd /opt/ml/input/data; cat train_0 train_1 > /tmp/both; echo both $(cat /tmp/both)"
    assert "both 1,2 1,2" in log_of(open_service(container(engine, train, image)), one(definition))


def test_checkpoints_at_another_path_are_stored(engine, open_service, tmp_path):
    definition = training().checkpoints(f"s3://{BUCKET}/checkpoints", local_path="/somewhere/else")
    handle = run(open_service(container(engine, "echo loss=1; echo c > /somewhere/else/c")), one(definition))
    assert (tmp_path / "bucket" / "checkpoints" / only(handle).training_job_name / "c").read_text() == "c\n"


def test_the_entry_point_and_the_arguments_of_a_training_job_are_used(engine, open_service):
    service = open_service(container(engine, ""))
    specification = REQUEST["AlgorithmSpecification"] | {
        "ContainerEntrypoint": ["/bin/echo", "first"],
        "ContainerArguments": ["second word"],
    }
    keys = {
        "aws_access_key_id": service.credentials.access_key,
        "aws_secret_access_key": service.credentials.secret_key,
    }
    client = get_session().create_client("sagemaker", "us-east-1", endpoint_url=service.endpoint_url, **keys)
    client.create_training_job(**REQUEST | {"AlgorithmSpecification": specification})
    assert ended(client)["TrainingJobStatus"] == "Completed"
    assert service.log("alone") == "first second word\n"


def test_network_isolation_leaves_only_the_loopback_interface(engine, open_service):
    log = log_of(
        open_service(container(engine, "echo loss=1; ip -o link | cut -d: -f2")), one(training().network_isolation())
    )
    assert "eth0" not in log


def test_a_container_that_is_stopped_gets_sigterm(engine, open_service, tmp_path):
    train = 'trap "echo saved > /opt/ml/model/m; exit 0" TERM; echo loss=1; while true; do sleep 0.1; done'
    service = open_service(container(engine, train))
    handle = service.client().create(one())
    until_it_prints(service, handle)
    handle.stop()
    handle.wait(poll=0.05)
    assert only(handle).training_job_status == "Stopped"
    assert uploaded(tmp_path, only(handle).training_job_name) == {"m": "saved\n"}


def test_a_container_that_ignores_sigterm_is_killed(engine, open_service):
    service = open_service(
        container(engine, 'trap "" TERM; echo loss=1; while true; do sleep 0.1; done'), stop_grace=0.5
    )
    handle = service.client().create(one())
    until_it_prints(service, handle)
    begin = time.monotonic()
    handle.stop()
    handle.wait(poll=0.05)
    assert only(handle).training_job_status == "Stopped"
    assert time.monotonic() - begin < 10


def test_the_maximum_running_time_ends_a_container(engine, open_service):
    request = one(training(max_runtime_in_seconds=1))
    described = only(run(open_service(container(engine, "echo loss=1; exec sleep 60"), stop_grace=0.2), request))
    assert described.secondary_status == "MaxRuntimeExceeded"


def test_the_file_failure_is_the_reason(engine, open_service):
    service = open_service(container(engine, "echo no rows > /opt/ml/output/failure; exit 3"))
    assert failure(service) == "AlgorithmError: no rows\n, exit code: 3"


def test_a_missing_program_names_the_correction(engine, open_service):
    reason = failure(open_service(container(engine, "", "local/empty:1")))
    assert reason.startswith(f"ClientError: {engine.name} cannot run the image local/empty:1: ")
    assert "executable file not found in $PATH" in reason
    assert reason.endswith("; add this program to the image, or set entrypoint and arguments of the container")


def test_an_image_for_another_processor_names_the_correction(engine, open_service):
    assert failure(open_service(container(engine, "", "local/foreign:1"))) == (
        "ClientError: the image local/foreign:1 is for another type of processor; build the image for this machine, or "
        "install an emulator such as qemu-user-static"
    )


def test_an_absent_image_is_rejected_if_it_must_not_be_pulled(engine, open_service):
    service = open_service(container(engine, "", "local/absent:1"))
    with pytest.raises(ServiceError, match="The image local/absent:1 is not on this machine"):
        service.client().create(one())


def test_an_unknown_user_is_the_reason(engine, open_service):
    assert failure(open_service(container(engine, "", user="nobody-here"))).startswith(
        f"ClientError: {engine.name} cannot run the image local/shell:1: "
    )


def test_the_size_of_the_memory_is_that_of_the_instance_type(engine, open_service):
    log = log_of(
        open_service(
            container(
                engine,
                "echo loss=1; cd /sys/fs/cgroup; cat memory/memory.limit_in_bytes memory.max 2>/dev/null || true",
                limits=True,
            )
        )
    )
    assert str(8 << 30) in log


def test_a_full_disk_in_a_container_is_the_reason(engine, open_service, tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    if os.geteuid() != 0:
        pytest.skip("only root can create a small disk")
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)], check=True)
    try:
        definition = (
            training()
            .vpc(subnets=["subnet-1"], security_group_ids=["sg-1"])
            .file_system(
                "disk", file_system_id="fs-0123456789abcdef0", directory="/", file_system_type="EFS", access_mode="rw"
            )
        )
        service = open_service(
            container(engine, "dd if=/dev/zero of=/opt/ml/input/data/disk/x bs=65536 count=100"),
            file_systems={"fs-0123456789abcdef0": disk},
        )
        assert "No space left on device" in failure(service, one(definition))
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


@pytest.mark.long
def test_a_gigabyte_of_output_is_read_and_the_service_does_not_grow(engine, open_service):
    # Podman passes on about ten megabytes in a second
    line = "0123456789" * 100
    service = open_service(container(engine, f"yes {line} | head -c 1000000000; echo; echo loss=1"))
    before = psutil.Process().memory_info().rss
    handle = service.client().create(one())
    handle.wait(timeout=900, poll=0.5)
    assert handle.best.final_hyper_parameter_tuning_job_objective_metric.value == 1
    assert psutil.Process().memory_info().rss - before < 200 << 20


def test_two_services_run_the_same_image(engine, open_service):
    first, second = (open_service(container(engine, "echo loss=1; sleep 0.3"), root=root) for root in ("one", "two"))
    handles = [service.client().create(job(max_jobs=2).build()) for service in (first, second)]
    for handle in handles:
        handle.wait(poll=0.05)
    assert [handle.describe().hyper_parameter_tuning_job_status for handle in handles] == ["Completed"] * 2


@pytest.mark.parametrize("is_isolated", [False, True])
def test_several_instances_reach_each_other_by_name(engine, open_service, is_isolated):
    train = (
        "cat /opt/ml/input/config/resourceconfig.json; "
        "if [ $(hostname) = algo-1 ]; then echo loss=1 | nc -l -p 5000; "
        "else for n in 1 2 3 4 5 6 7 8 9; do nc algo-1 5000 < /dev/null && break; sleep 0.3; done; fi"
    )
    service = open_service(container(engine, f"echo loss=2; {train}"))
    definition = training(instance_count=2)
    handle = run(service, one(definition.network_isolation() if is_isolated else definition))
    log = service.log(only(handle).training_job_name)
    assert '"current_host": "algo-1"' in log
    assert '"current_host": "algo-2"' in log
    assert '"hosts": ["algo-1", "algo-2"]' in log
    assert "loss=1\n" in log


def test_an_engine_that_dies_is_the_reason_and_the_service_goes_on(engine, open_service):
    service = open_service(container(engine, "echo loss=1; sleep 1"))
    handle = service.client().create(job(max_jobs=2, parallel=1).build())
    until_it_prints(service, handle)
    # another process of pytest has containers with the same beginning of their names
    name = f"--name=hptsdk-{only(handle).training_job_name}"
    for process in psutil.process_iter(["cmdline"]):
        if any(word.startswith(name) for word in process.info["cmdline"] or ()):
            process.kill()
    handle.wait(poll=0.05)
    summaries = sorted(handle.training_jobs(), key=lambda summary: summary.training_job_name)
    assert [summary.training_job_status for summary in summaries] == ["Failed", "Completed"]
    assert summaries[0].failure_reason.startswith(f"InternalServerError: {engine.name} was ended by a signal")


def test_a_daemon_that_ends_is_the_reason_and_the_service_goes_on(engine, open_service, monkeypatch):
    if engine.name != "docker":
        pytest.skip("only Docker has a daemon")
    monkeypatch.delenv("DOCKER_HOST", raising=False)
    with ExitStack() as stack:
        # the path of a socket is short
        folder = Path(stack.enter_context(TemporaryDirectory(ignore_cleanup_errors=True)))
        if (problem := docker_daemon(folder, stack)) is not None or not (folder / "pid").exists():
            pytest.skip(problem or "the daemon of this machine is not ended")
        engine.import_image(SHELL, shell_image())
        service = open_service(container(engine, "echo loss=1; sleep 60"))
        handle = service.client().create(one())
        until_it_prints(service, handle)
        os.kill(int((folder / "pid").read_text()), signal.SIGTERM)
        with pytest.raises(TuningJobFailed):
            handle.wait(poll=0.05)
        second = service.client().create(job("second", max_jobs=1).build())
        with pytest.raises(TuningJobFailed):
            second.wait(poll=0.05)
        reasons = [only(each).failure_reason.partition(": `docker")[0] for each in (handle, second)]
        assert reasons == ["InternalServerError: docker does not work"] * 2
