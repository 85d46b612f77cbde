"""Containers, with a command that behaves like a container engine."""

import json
import os
import stat
from contextlib import suppress

import attrs
import pytest
from running import BUCKET, IMAGE, job, only, run, training, until

from hptsdk.errors import ServiceError, TuningJobFailed
from hptsdk.local import Container
from hptsdk.local.process import _container_engine
from hptsdk.shapes import InstanceGroup, ResourceConfig

# Copies the configuration of a host, which is mounted only if there are several.
RUN_AND_KEEP_CONFIGURATION = """
for word in "$@"; do
    case "$word" in
        --hostname=*) host=${word#--hostname=} ;;
        --mount=*,destination=/opt/ml/input/config) folder=${word#--mount=type=bind,source=} ;;
    esac
done
cp "${folder%,destination=/opt/ml/input/config}/resourceconfig.json" "$here/$host.json"
echo "loss=0.5;"
exit 0
"""


def one(definition=None, **limits):
    """Return a request for one training job."""
    return job(definition=definition, max_jobs=1, **limits).build()


def failure(service, request):
    """Return the reason for which the only training job of a request fails."""
    with pytest.raises(TuningJobFailed):
        run(service, request)
    return only(service.client().get("demo")).failure_reason


def test_a_container_runs_the_image_of_the_request_with_the_argument_train(engine, open_service):
    assert only(run(open_service(Container()), one())).training_job_status == "Completed"
    (words,) = engine.calls("run")
    assert words[-2:] == [IMAGE, "train"]


def test_a_container_can_run_another_image(engine, open_service):
    run(open_service(Container("local/other:2")), one())
    (words,) = engine.calls("run")
    assert words[-2:] == ["local/other:2", "train"]


def test_the_metrics_are_those_in_the_output_of_the_container(engine, open_service):
    engine.behaves("train", "echo 'loss=0.25;'")
    handle = run(open_service(Container()), one())
    assert handle.best.final_hyper_parameter_tuning_job_objective_metric.value == 0.25


def test_a_container_has_the_variables_of_sagemaker_and_of_the_request(engine, open_service):
    run(open_service(Container(environment={"A": "1", "B": "x=y"})), one(training().environment({"A": "2"})))
    assert engine.variables.keys() == {
        "A", "AWS_REGION", "B", "PYTHONUNBUFFERED", "TRAINING_JOB_ARN", "TRAINING_JOB_NAME",
    }  # fmt: skip
    assert (engine.variables["A"], engine.variables["B"]) == ("2", "x=y")


def test_the_values_of_variables_are_not_arguments_of_a_process(engine, open_service):
    run(open_service(Container(environment={"TOKEN": "my-secret"})), one())
    assert "my-secret" not in str(engine.calls("run"))


def test_the_file_with_the_variables_is_removed(engine, open_service):
    service = open_service(Container(environment={"TOKEN": "my-secret"}), keep_folders=True)
    run(service, one())
    assert not [path for path in service.root.rglob("environment") if path.is_file()]


def test_no_credentials_of_the_shell_enter_a_container(engine, open_service, monkeypatch):
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "my-secret")
    monkeypatch.setenv("HTTPS_PROXY", "http://user:my-secret@proxy")
    run(open_service(Container()), one())
    assert "my-secret" not in str(engine.variables)


def test_a_container_has_the_files_of_a_training_container(engine, open_service):
    engine.behaves("train", 'cat "$BASE/input/config/resourceconfig.json"; echo "loss=0.5;"; touch "$BASE/model/m"')
    service = open_service(Container())
    handle = run(service, one())
    assert '"network_interface_name": "eth0"' in service.log(only(handle).training_job_name)


def test_network_isolation_removes_the_network(engine, open_service):
    run(open_service(Container()), one(training().network_isolation()))
    (words,) = engine.calls("run")
    assert "--network=none" in words


def test_the_output_of_a_container_that_fails_is_the_reason(engine, open_service):
    engine.behaves("train", "echo 'no rows'; exit 3")
    assert failure(open_service(Container()), one()) == "AlgorithmError: no rows, exit code: 3"


def test_an_exit_code_of_a_program_that_engines_use_too_is_that_of_the_program(engine, open_service):
    engine.behaves("train", "echo 'no rows'; exit 125")
    assert failure(open_service(Container()), one()) == "AlgorithmError: no rows, exit code: 125"


def test_a_missing_program_names_the_correction(engine, open_service):
    engine.behaves("train", "echo 'Error: runc: exec: \"train\": executable file not found in $PATH'; exit 127")
    reason = failure(open_service(Container()), one())
    assert reason.startswith("ClientError: podman cannot run the image my-image:1: Error: runc: exec")
    assert reason.endswith("; add this program to the image, or set entrypoint and arguments of the container")


def test_an_image_for_another_processor_names_the_correction(engine, open_service):
    engine.behaves("train", "echo 'exec /bin/train: exec format error'; exit 1")
    assert failure(open_service(Container()), one()) == (
        "ClientError: the image my-image:1 is for another type of processor; build the image for this machine, or "
        "install an emulator such as qemu-user-static"
    )


def test_an_image_that_is_absent_is_pulled_once(engine, open_service):
    engine.behaves("image", 'echo "Error: image not known" >&2; exit 125')
    engine.behaves("pull", f'echo true > "{engine.folder}/image"')
    assert run(open_service(Container())).describe().hyper_parameter_tuning_job_status == "Completed"
    assert engine.calls("pull") == [[IMAGE]]


def test_an_image_that_cannot_be_pulled_is_the_reason(engine, open_service):
    engine.behaves("image", 'echo "Error: image not known" >&2; exit 125')
    engine.behaves("pull", "echo 'Error: connection refused'; exit 125")
    assert failure(open_service(Container()), one()) == (
        "ClientError: podman cannot pull the image my-image:1: Error: connection refused"
    )


def test_the_exit_code_of_a_pull_without_a_message_is_the_reason(engine, open_service):
    engine.behaves("image", "exit 125")
    engine.behaves("pull", "exit 125")
    reason = failure(open_service(Container()), one())
    assert reason == "ClientError: podman cannot pull the image my-image:1: exit code 125"


def refusal(service, request):
    """Return the message with which a request is rejected."""
    with pytest.raises(ServiceError) as raised:
        service.client().create(request)
    return str(raised.value)


def test_an_image_that_is_absent_is_rejected_if_it_must_not_be_pulled(engine, open_service):
    engine.behaves("image", "exit 125")
    message = refusal(open_service(Container(pull="never")), one())
    hint = 'run `podman pull my-image:1`, or set pull of the container to "missing".'
    assert f"The image my-image:1 is not on this machine; {hint}" in message


def test_an_engine_without_permission_is_rejected_with_its_message(engine, open_service):
    engine.behaves("ps", 'echo "permission denied" >&2; exit 1')
    expected = f"{engine.folder}/podman does not work: `podman ps` failed with exit code 1: permission denied."
    assert f"No container can run here: {expected}" in refusal(open_service(Container()), one())


def test_an_engine_that_fails_without_a_message_is_rejected_with_its_exit_code(engine, open_service):
    engine.behaves("ps", "exit 3")
    message = refusal(open_service(Container()), one())
    assert "podman does not work: `podman ps` failed with exit code 3: it wrote no message." in message


def test_a_missing_engine_is_rejected(open_service, monkeypatch):
    monkeypatch.setattr("shutil.which", lambda _: None)
    message = refusal(open_service(Container()), one())
    assert "No container can run here: docker and podman are not on the PATH; install one of them." in message


def test_the_hint_for_a_missing_engine_that_was_chosen_is_the_other_engine(engine, open_service):
    message = refusal(open_service(Container(engine="docker")), one())
    assert 'docker is not on the PATH; install it, or use the engine "auto".' in message


def test_the_hint_for_a_missing_engine_is_its_installation_if_no_other_is_installed(open_service, monkeypatch):
    monkeypatch.setattr("shutil.which", lambda _: None)
    message = refusal(open_service(Container(engine="docker")), one())
    assert "docker is not on the PATH; install it." in message


def test_an_option_as_image_is_rejected(engine, open_service):
    message = refusal(open_service(images={"*": Container()}), one(training(image="--privileged")))
    assert "TrainingImage: expected the name of an image, got --privileged; set the image of the container." in message


def test_an_engine_that_is_killed_is_not_the_fault_of_the_program(engine, open_service):
    engine.behaves("train", "kill -9 $$")
    assert failure(open_service(Container()), one()) == (
        "InternalServerError: podman was ended by a signal while its container ran, exit code: 137"
    )


def test_a_container_that_remains_is_removed(engine, open_service):
    engine.behaves("train", "kill -9 $$")
    failure(open_service(Container()), one())
    name = next(word.removeprefix("--name=") for word in engine.calls("run")[0] if word.startswith("--name="))
    assert engine.calls("rm") == [["--force", "--volumes", name]]


def test_the_limits_are_those_of_the_instance_type(engine, open_service):
    run(open_service(Container(limits=True)), one())
    (words,) = engine.calls("run")
    assert "--memory=8192m" in words
    assert f"--cpus={min(2, os.cpu_count())}" in words


def test_limits_of_an_unknown_instance_type_are_rejected(engine, open_service):
    message = refusal(open_service(Container(limits=True)), one(training(instance_type="ml.trn2.48xlarge")))
    assert "The memory and processors of ml.trn2.48xlarge are unknown;" in message


def test_several_instances_share_a_network_and_have_their_own_configuration(engine, open_service):
    engine.behaves("run", "echo 'loss=0.5;'; exit 0")
    run(open_service(Container(), keep_folders=True), one(training(instance_count=2)))
    ((*_, network),) = engine.calls("network")[2:3]
    # The containers start at the same time, so their calls have no order.
    names = [{f"--hostname=algo-{number}", f"--network-alias=algo-{number}"} for number in (1, 2)]
    for words in engine.calls("run"):
        assert f"--network={network}" in words
        names.remove({word for word in words if word.startswith(("--hostname=", "--network-alias="))})
    assert names == []
    assert ["rm", network] in engine.calls("network")


@pytest.mark.parametrize(("program", "status"), [("echo 'loss=0.5;'; exit 0", "Completed"), ("exit 125", "Failed")])
def test_a_network_that_cannot_be_removed_is_logged_without_removed_containers(
    program, status, engine, open_service, caplog
):
    engine.behaves("run", program)
    engine.behaves("network", 'case "$*" in "rm hptsdk-demo"*) echo "in use" >&2; exit 1;; esac')
    handle = open_service(Container()).client().create(one(training(instance_count=2)))
    with suppress(TuningJobFailed):
        handle.wait(timeout=60, poll=0.05)
    assert handle.describe().hyper_parameter_tuning_job_status == status
    message = next(record.message for record in caplog.records if record.levelname == "WARNING")
    assert message.startswith("network hptsdk-demo")
    assert message.endswith("may remain until the root opens again: `podman network` failed with exit code 1: in use")


def test_the_hosts_of_instance_groups_are_numbered_in_their_order(engine, open_service):
    groups = [
        InstanceGroup(instance_type=f"ml.{family}.large", instance_count=count, instance_group_name=name)
        for family, count, name in (("m5", 1, "first"), ("r5", 2, "second"))
    ]
    request = one()
    resources = ResourceConfig(instance_groups=groups, volume_size_in_gb=30)
    definition = attrs.evolve(request.training_job_definition, resource_config=resources)
    engine.behaves("run", RUN_AND_KEEP_CONFIGURATION)
    run(open_service(Container(limits=True)), attrs.evolve(request, training_job_definition=definition))
    assert json.loads((engine.folder / "algo-3.json").read_text()) == {
        "current_host": "algo-3",
        "current_instance_type": "ml.r5.large",
        "current_group_name": "second",
        "hosts": ["algo-1", "algo-2", "algo-3"],
        "instance_groups": [
            {"instance_group_name": "first", "instance_type": "ml.m5.large", "hosts": ["algo-1"]},
            {"instance_group_name": "second", "instance_type": "ml.r5.large", "hosts": ["algo-2", "algo-3"]},
        ],
        "network_interface_name": "eth0",
        "topology": None,
    }
    limits = sorted(word for words in engine.calls("run") for word in words if word.startswith("--memory"))
    assert limits == ["--memory=16384m", "--memory=16384m", "--memory=8192m"]


@pytest.mark.parametrize(
    ("options", "name"), [({"input_mode": "Pipe"}, "Pipe mode"), ({"distribution": "ShardedByS3Key"}, "ShardedByS3Key")]
)
def test_data_that_differs_between_instances_is_rejected(engine, open_service, data, options, name):
    (data / "train").mkdir()
    (data / "train" / "rows.csv").touch()
    definition = training(instance_count=2).channel("train", f"s3://{BUCKET}/train/", **options)
    message = refusal(open_service(Container()), one(definition))
    assert f"Channel train: {name} is not supported by the local service for several instances" in message


@pytest.fixture
def private_umask():
    """Create files and folders that only their owner can read."""
    before = os.umask(0o077)
    yield
    os.umask(before)


@pytest.mark.usefixtures("private_umask")
@pytest.mark.parametrize(
    ("path", "mode"), [("train", 0o755), ("train/part", 0o755), ("train-manifest", 0o444), ("pipe_0", 0o644)]
)
def test_the_user_in_a_container_can_read_the_channels(engine, open_service, data, path, mode):
    (data / "train" / "part").mkdir(parents=True)
    (data / "train" / "part" / "rows.csv").touch()
    (data / "manifest").write_text(json.dumps([{"prefix": f"s3://{BUCKET}/train/"}, "part/rows.csv"]))
    definition = (
        training()
        .channel("train", f"s3://{BUCKET}/manifest", data_type="ManifestFile")
        .channel("pipe", f"s3://{BUCKET}/train/", input_mode="Pipe")
    )
    service = open_service(Container(), keep_folders=True)
    (summary,) = run(service, one(definition)).training_jobs()
    channels = service.root / "training-jobs" / summary.training_job_name / "ml" / "input" / "data"
    assert stat.S_IMODE((channels / path).stat().st_mode) == mode


@pytest.mark.usefixtures("private_umask")
@pytest.mark.parametrize(("path", "mode"), [("algo-2", 0o755), ("algo-2/resourceconfig.json", 0o644)])
def test_the_user_in_a_container_can_read_the_configuration_of_its_host(engine, open_service, path, mode):
    engine.behaves("run", "echo 'loss=0.5;'; exit 0")
    service = open_service(Container(), keep_folders=True)
    (summary,) = run(service, one(training(instance_count=2))).training_jobs()
    configurations = service.root / "training-jobs" / summary.training_job_name / "tmp"
    assert stat.S_IMODE((configurations / path).stat().st_mode) == mode


def test_a_variable_with_several_lines_is_the_reason(engine, open_service):
    assert failure(open_service(Container(environment={"A": "x\ny"})), one()) == (
        "ClientError: environment variable A: expected one line, got several; remove the line breaks"
    )


def test_a_damaged_record_of_engines_names_the_file(engine, open_service):
    with open_service(Container()) as service:
        run(service, one())
    (service.root / "container-engines.json").write_text("{")
    with pytest.raises(ValueError, match=r"container-engines\.json is damaged; remove the containers of this root"):
        open_service(Container())


def test_several_instances_are_rejected_if_the_engine_has_no_network(engine, open_service):
    engine.behaves("network", "echo 'no networks here' >&2; exit 1")
    message = refusal(open_service(Container()), one(training(instance_count=2)))
    assert "No container can run here: `podman network` failed with exit code 1: no networks here." in message


def test_the_failure_of_one_instance_ends_the_others(engine, open_service):
    engine.behaves("run", 'case "$*" in *hostname=algo-2*) echo no; exit 4;; esac; exec sleep 600')
    reason = failure(open_service(Container()), one(training(instance_count=2)))
    assert reason == "AlgorithmError: no, exit code: 4"


@pytest.mark.parametrize("user", ["1000:1000", "_apt"])
def test_a_user_is_an_id_or_a_name(engine, open_service, user):
    run(open_service(Container(user=user)), one())
    (words,) = engine.calls("run")
    assert f"--user={user}" in words


@pytest.mark.parametrize("path", ["checkpoints", "/opt/../checkpoints", "/"])
def test_the_folder_of_checkpoints_in_a_container_is_an_absolute_path(engine, open_service, path):
    definition = training().checkpoints(f"s3://{BUCKET}/checkpoints/", local_path=path)
    expected = f"expected an absolute path other than / and without .., got {path}; use /opt/ml/checkpoints."
    assert expected in refusal(open_service(Container()), one(definition))


def test_opening_a_root_removes_the_containers_that_are_left(engine, open_service):
    with open_service(Container()) as service:
        run(service, one())
    engine.behaves("ps", f'case "$*" in *--filter*) [ -e {engine.folder}/removed ] || echo left;; esac')
    engine.behaves("rm", f"touch {engine.folder}/removed")
    open_service(Container()).close()
    assert ["--force", "--volumes", "left"] in engine.calls("rm")


def test_a_root_whose_containers_cannot_be_removed_is_not_opened(engine, open_service):
    with open_service(Container()) as service:
        run(service, one())
    engine.behaves("ps", "echo 'no daemon' >&2; exit 1")
    with pytest.raises(RuntimeError, match="the containers that an earlier service left cannot be removed: ") as raised:
        open_service(Container())
    hint = f"make sure that `{engine.folder}/podman ps` works, and start the service again"
    assert str(raised.value).endswith(f"`podman ps` failed with exit code 1: no daemon; {hint}")


def test_a_root_stores_its_containers_without_the_values_of_their_variables(engine, open_service):
    with open_service(Container("local/other:2", user="7", environment={"TOKEN": "my-secret"})) as service:
        stored = (service.root / "options.json").read_text()
    assert "my-secret" not in stored
    assert '"image": "local/other:2"' in stored


def test_a_stored_container_runs_again(engine, open_service, monkeypatch):
    open_service(Container("local/other:2", environment={"TOKEN": "old"})).close()
    monkeypatch.setenv("TOKEN", "new")
    run(open_service(images={}, stored_programs=True), one())
    assert "TOKEN=new" in (engine.folder / "variables").read_text()
    assert engine.calls("run")[0][-2:] == ["local/other:2", "train"]


def test_training_jobs_that_start_together_store_their_engine_once(engine, open_service):
    service = open_service(Container())
    run(service, job(max_jobs=4, parallel=4).build())
    assert (service.root / "container-engines.json").read_text() == f'["{engine.folder}/podman"]'


def test_an_engine_that_hangs_does_not_block_the_service(engine, open_service, monkeypatch):
    monkeypatch.setattr(_container_engine, "_TIMEOUT", 0.2)
    engine.behaves("train", "trap '' TERM; echo 'loss=0.5;'; while true; do sleep 0.1; done")
    service = open_service(Container(), stop_grace=0.1)
    handle = service.client().create(one())
    until(lambda: engine.calls("run"))
    for command in ("kill", "rm", "ps"):
        engine.behaves(command, "exec sleep 60")
    handle.stop()
    handle.wait(timeout=20, poll=0.05)
    assert only(handle).training_job_status == "Stopped"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"engine": "lxc"}, """engine: expected "auto", "docker" or "podman", got 'lxc'"""),
        ({"pull": "always"}, """pull: expected "missing" or "never", got 'always'"""),
        ({"gpus": 2}, 'gpus: expected "auto", "all" or None, got 2'),
        ({"image": "a b"}, "image: expected a name without spaces that begins with a letter, a digit or _, got 'a b'"),
        (
            {"user": "--privileged"},
            "user: expected a name without spaces that begins with a letter, a digit or _, got '--privileged'",
        ),
    ],
)
def test_a_wrong_argument_is_rejected(options, message):
    with pytest.raises(ValueError, match=f"^{message}$"):
        Container(**options)
