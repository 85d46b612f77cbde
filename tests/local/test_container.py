"""The environment of a training program, and the upload of its files."""

import json
import os
import tarfile

import attrs
import pytest
from running import BUCKET, described, job, only, run, shell, training

from hptsdk.local import Program
from hptsdk.local.process import _environment

ONE = {"max_jobs": 1, "parallel": 1}

# A typical program for the script mode of SageMaker.
SCRIPT_MODE = """
    import argparse, json, os
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int)
    parser.add_argument("--rate", type=float)
    parser.add_argument("--optimizer")
    parser.add_argument("-b", type=int)
    parser.add_argument("--model-dir", default=os.environ["SM_MODEL_DIR"])
    parser.add_argument("--train", default=os.environ["SM_CHANNEL_TRAIN"])
    arguments = parser.parse_args()
    rows = open(os.path.join(arguments.train, "rows.csv")).read().split()
    with open(os.path.join(arguments.model_dir, "model.json"), "w") as file:
        json.dump([arguments.epochs, arguments.optimizer, arguments.b, rows], file)
    print("loss=%r;" % arguments.rate)
"""


@pytest.fixture
def inside(open_service, data, tmp_path):
    """Return a function that runs a training job and returns its files, variables and arguments."""
    (data / "train").mkdir()
    (data / "train" / "rows.csv").write_text("1,2\n3,4\n")

    def show(definition=None, command=None, **options):
        shown = tmp_path / "shown.json"
        source = tmp_path / "show.py"
        source.write_text(
            "import json, os, sys\n"
            "files = {}\n"
            "for place, _, names in os.walk(os.environ['SAGEMAKER_BASE_DIR']):\n"
            "    for name in names:\n"
            "        files[os.path.relpath(os.path.join(place, name), os.environ['SAGEMAKER_BASE_DIR'])] = "
            "open(os.path.join(place, name)).read()\n"
            f"json.dump([dict(os.environ), files, sys.argv[1:], os.getcwd()], open({str(shown)!r}, 'w'))\n"
            "print('loss=1;')\n"
        )
        program = Program(command=command or ["python", str(source)], **options)
        handle = run(open_service(program), job("demo", definition, **ONE).build())
        return (*json.loads(shown.read_text()), handle)

    return show


def with_everything():
    """Return a definition with a channel, static hyperparameters and environment variables."""
    return (
        training()
        .channel("train", f"s3://{BUCKET}/train/", content_type="text/csv")
        .static(epochs=3, sagemaker_program="train.py")
        .static_json(optimizer="adam", layers=[1, 2])
        .environment(LEVEL="debug", PYTHONUNBUFFERED="0")
    )


def test_a_script_mode_program_runs_unchanged(open_service, data, script):
    (data / "train").mkdir()
    (data / "train" / "rows.csv").write_text("1,2\n3,4\n")
    definition = (
        training()
        .channel("train", f"s3://{BUCKET}/train/")
        .static(epochs=3, b=32, sagemaker_program="train.py", sagemaker_region="us-east-1")
        .static_json(optimizer="adam")
    )
    handle = run(open_service(Program(command=script(SCRIPT_MODE))), job("demo", definition, **ONE).build())
    description = only(handle)
    with tarfile.open(data / description.model_artifacts.s3_model_artifacts.partition(BUCKET + "/")[2]) as archive:
        assert json.load(archive.extractfile("model.json")) == [3, "adam", 32, ["1,2", "3,4"]]
    rate = float(description.hyper_parameters["rate"])
    assert description.final_metric_data_list[0].value == pytest.approx(rate, rel=1e-6)


def test_hyperparameters_are_texts_in_their_file(inside):
    _, files, _, _, handle = inside(with_everything())
    content = json.loads(files["input/config/hyperparameters.json"])
    assert content == described(handle, handle.best.training_job_name).hyper_parameters
    assert content["optimizer"] == '"adam"'
    assert content["_tuning_objective_metric"] == "loss"


def test_channels_are_described_in_their_file(inside):
    files = inside(with_everything())[1]
    assert json.loads(files["input/config/inputdataconfig.json"]) == {
        "train": {
            "TrainingInputMode": "File",
            "S3DistributionType": "FullyReplicated",
            "RecordWrapperType": "None",
            "ContentType": "text/csv",
        }
    }


def test_the_resource_file_has_one_host_with_the_instance_type_of_the_request(inside):
    files = inside(with_everything())[1]
    content = json.loads(files["input/config/resourceconfig.json"])
    assert (content["hosts"], content["current_host"], content["current_instance_type"]) == (
        ["algo-1"],
        "algo-1",
        "ml.m5.large",
    )


def test_a_channel_has_its_files(inside):
    assert inside(with_everything())[1]["input/data/train/rows.csv"] == "1,2\n3,4\n"


def test_variables_name_the_folders(inside):
    environment, _, _, _, handle = inside(with_everything())
    base = environment["SAGEMAKER_BASE_DIR"]
    assert environment["TRAINING_JOB_NAME"] == handle.best.training_job_name
    assert environment["TRAINING_JOB_ARN"] == handle.best.training_job_arn
    folders = {name: path.removeprefix(base) for name, path in environment.items() if path.startswith(base)}
    assert {name: path for name, path in folders.items() if name.startswith("SM_")} == {
        "SM_MODEL_DIR": "/model",
        "SM_OUTPUT_DIR": "/output",
        "SM_OUTPUT_DATA_DIR": "/output/data",
        "SM_OUTPUT_INTERMEDIATE_DIR": "/output/intermediate",
        "SM_INPUT_DIR": "/input",
        "SM_INPUT_CONFIG_DIR": "/input/config",
        "SM_CHECKPOINT_DIR": "/checkpoints",
        "SM_MODULE_DIR": "/code",
        "SM_CHANNEL_TRAIN": "/input/data/train",
    }


VALUES = {
    "text": ("hello", "hello", "hello"),
    "JSON text": ('"adam"', "adam", "adam"),
    "number": ("0.10", "0.1", "0.1"),
    "true": ("true", "True", "true"),
    "null": ("null", "", ""),
    "list": ("[1, 2]", "[1, 2]", "[1,2]"),
    "object": ('{"b": 1, "a": [1, "x"]}', "a=[1, 'x'],b=1", '{"a":[1,"x"],"b":1}'),
}


@pytest.mark.parametrize(("text", "argument", "variable"), VALUES.values(), ids=VALUES)
def test_a_hyperparameter_is_passed_as_the_training_toolkit_passes_it(inside, text, argument, variable):
    environment, _, arguments, _, _ = inside(training().static({"given": text}))
    assert arguments[arguments.index("--given") + 1] == argument
    assert environment["SM_HP_GIVEN"] == variable


def test_variables_name_the_script_of_the_request(inside):
    environment = inside(training().static(sagemaker_program="code/train.py"))[0]
    assert (environment["SM_USER_ENTRY_POINT"], environment["SM_MODULE_NAME"]) == ("code/train.py", "code/train")


def test_variables_name_the_script_of_the_command(inside):
    environment = inside()[0]
    assert (environment["SM_USER_ENTRY_POINT"], environment["SM_MODULE_NAME"]) == ("show.py", "show")


def test_hyperparameters_of_the_toolkit_are_hidden_from_the_script(inside):
    definition = training().static(
        sagemaker_region="eu-west-1", sagemaker_job_name="mine", sagemaker_mpi_enabled="true"
    )
    environment, _, arguments, _, _ = inside(definition)
    assert not [text for text in arguments if "sagemaker" in text]
    assert list(json.loads(environment["SM_HPS"])) == ["rate"]
    assert environment["SM_FRAMEWORK_PARAMS"] == '{"sagemaker_mpi_enabled":true}'
    assert environment["SM_DISTRIBUTION_INSTANCE_GROUPS"] == '["homogeneousCluster"]'
    assert (environment["SAGEMAKER_REGION"], environment["SAGEMAKER_JOB_NAME"]) == ("eu-west-1", "mine")


def test_variables_describe_the_instance_group(inside):
    environment = inside()[0]
    group = '{"hosts":["algo-1"],"instance_group_name":"homogeneousCluster","instance_type":"ml.m5.large"}'
    assert {name: environment[f"SM_{name}"] for name in ("INSTANCE_GROUPS", "INSTANCE_GROUPS_DICT", "IS_HETERO")} == {
        "INSTANCE_GROUPS": '["homogeneousCluster"]',
        "INSTANCE_GROUPS_DICT": f'{{"homogeneousCluster":{group}}}',
        "IS_HETERO": "false",
    }
    assert environment["SM_CURRENT_INSTANCE_GROUP_HOSTS"] == '["algo-1"]'


def test_gpus_are_those_that_the_driver_lists(inside, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    driver = tmp_path / "nvidia-smi"
    driver.write_text('#!/bin/sh\n[ "$1" = --list-gpus ] && printf "GPU 0: A (UUID: 1)\\nGPU 1: A (UUID: 2)\\n"\n')
    driver.chmod(0o700)
    _environment.gpu_count.cache_clear()
    assert inside()[0]["SM_NUM_GPUS"] == "2"
    _environment.gpu_count.cache_clear()


def test_variables_of_the_request_take_precedence(inside):
    environment = inside(with_everything())[0]
    assert (environment["LEVEL"], environment["PYTHONUNBUFFERED"]) == ("debug", "0")


def test_variables_of_the_program_take_precedence_over_those_of_the_service(inside):
    environment = inside(with_everything(), environment={"LEVEL": "info", "OTHER": "1"})[0]
    assert (environment["LEVEL"], environment["OTHER"]) == ("debug", "1")


def test_a_program_does_not_get_the_aws_variables_of_the_service(inside, monkeypatch):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_DEFAULT_REGION", "AWS_REGION"):
        monkeypatch.setenv(name, "of the shell")
    monkeypatch.setenv("OTHER", "of the shell")
    environment = inside()[0]
    assert not [name for name, value in environment.items() if name.startswith("AWS_") and value == "of the shell"]
    assert environment["OTHER"] == "of the shell"


SERVICE_VARIABLES = [
    "AWS_ACCESS_KEY_ID",
    "AWS_DEFAULT_REGION",
    "AWS_ENDPOINT_URL_S3",
    "AWS_ENDPOINT_URL_STS",
    "AWS_SECRET_ACCESS_KEY",
]


def aws_variables(environment):
    """Return the names of the variables of AWS, except that of the region."""
    return sorted(name for name in environment if name.startswith("AWS_") and name != "AWS_REGION")


def test_a_program_gets_the_address_and_keys_of_s3_in_the_service(inside):
    assert aws_variables(inside()[0]) == SERVICE_VARIABLES


def test_a_program_with_its_own_credentials_does_not_get_those_of_the_service(inside):
    assert aws_variables(inside(environment={"AWS_PROFILE": "training"})[0]) == ["AWS_PROFILE"]


def test_a_request_with_its_own_credentials_does_not_get_those_of_the_service(inside):
    assert aws_variables(inside(training().environment(AWS_PROFILE="training"))[0]) == ["AWS_PROFILE"]


def test_a_program_with_its_own_region_gets_the_credentials_of_the_service(inside):
    assert "AWS_ENDPOINT_URL_S3" in inside(environment={"AWS_DEFAULT_REGION": "eu-west-1"})[0]


def test_a_program_without_a_network_gets_no_credentials(inside):
    assert aws_variables(inside(training().network_isolation())[0]) == []


def test_a_program_gets_the_credentials_in_its_own_variables(inside, monkeypatch):
    monkeypatch.setenv("AWS_SESSION_TOKEN", "of the shell")
    environment = inside(environment={"AWS_PROFILE": "training", "AWS_REGION": "eu-west-1"})[0]
    assert (environment["AWS_PROFILE"], environment["AWS_REGION"]) == ("training", "eu-west-1")
    assert "AWS_SESSION_TOKEN" not in environment


def test_arguments_are_sorted_and_short_names_have_one_dash(inside):
    arguments = inside(training().static(epochs=3, b=32).static_json(optimizer="adam"))[2]
    assert arguments[:6] == ["-b", "32", "--epochs", "3", "--optimizer", "adam"]
    assert arguments[6] == "--rate"


def test_a_training_container_gets_the_argument_train(inside):
    assert inside(arguments="train")[2] == ["train"]


def test_a_program_can_be_started_without_arguments(inside):
    assert inside(arguments="none")[2] == []


def test_a_program_starts_in_an_empty_folder(inside):
    environment, files, _, folder, _ = inside()
    assert folder == environment["SAGEMAKER_BASE_DIR"] + "/code"
    assert not [name for name in files if name.startswith("code/")]


def test_modules_beside_the_service_can_be_imported(open_service, tmp_path, monkeypatch):
    (tmp_path / "mine.py").write_text("print('loss=0.125;')")
    monkeypatch.chdir(tmp_path)
    handle = run(open_service(["python", "-m", "mine"]), job(**ONE).build())
    assert handle.best.final_hyper_parameter_tuning_job_objective_metric.value == 0.125


def test_files_in_the_working_folder_of_the_service_are_found(open_service, tmp_path, monkeypatch):
    (tmp_path / "mine.py").write_text("print('loss=0.125;')")
    monkeypatch.chdir(tmp_path)
    handle = run(open_service(["python", "mine.py"]), job(**ONE).build())
    assert handle.best.final_hyper_parameter_tuning_job_objective_metric.value == 0.125


def test_a_program_that_is_one_string_is_refused(open_service):
    with pytest.raises(TypeError, match="a program is a list of arguments"):
        open_service("python train.py")


def test_values_are_not_passed_through_a_shell(open_service, tmp_path, script):
    definition = training().static(text=f"$(touch {tmp_path / 'made'}); `touch {tmp_path / 'made'}`")
    run(open_service(Program(command=script("print('loss=1')"))), job("demo", definition, **ONE).build())
    assert not (tmp_path / "made").exists()


def test_the_output_data_has_an_archive_of_its_own(open_service, data):
    handle = run(open_service(shell("echo x > $SM_OUTPUT_DATA_DIR/plot.txt; echo loss=1")), job(**ONE).build())
    place = data / "out" / handle.best.training_job_name / "output"
    assert sorted(p.name for p in place.iterdir()) == ["model.tar.gz", "output.tar.gz"]
    with tarfile.open(place / "output.tar.gz") as archive:
        assert archive.getnames() == ["plot.txt"]


def test_the_output_can_be_uploaded_without_compression(open_service, data):
    request = job("demo", training(), **ONE).build()
    output = attrs.evolve(request.training_job_definition.output_data_config, compression_type="NONE")
    request = attrs.evolve(
        request, training_job_definition=attrs.evolve(request.training_job_definition, output_data_config=output)
    )
    handle = run(open_service(shell("mkdir $SM_MODEL_DIR/a; echo x > $SM_MODEL_DIR/a/w; echo loss=1")), request)
    place = data / "out" / handle.best.training_job_name / "output"
    assert (place / "model" / "a" / "w").read_text() == "x\n"
    assert only(handle).model_artifacts.s3_model_artifacts.endswith("/output/model/")


def test_a_link_out_of_the_model_is_left_out(open_service, data):
    program = shell("ln -s /etc/passwd $SM_MODEL_DIR/leak; echo x > $SM_MODEL_DIR/w; echo loss=1")
    handle = run(open_service(program), job(**ONE).build())
    with tarfile.open(data / "out" / handle.best.training_job_name / "output" / "model.tar.gz") as archive:
        assert archive.getnames() == ["w"]


def test_checkpoints_are_uploaded_to_the_address_in_the_request(open_service, data):
    definition = training().checkpoints(f"s3://{BUCKET}/checkpoints/")
    program = shell("mkdir $SM_CHECKPOINT_DIR/a; echo 1 > $SM_CHECKPOINT_DIR/a/step; echo loss=1")
    handle = run(open_service(program), job("demo", definition, **ONE).build())
    assert (data / "checkpoints" / handle.best.training_job_name / "a" / "step").read_text() == "1\n"
