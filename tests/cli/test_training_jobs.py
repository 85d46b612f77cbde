"""`hptsdk convert --training-job` and `hptsdk compare`, with a file that describes the training job."""

import json

import pytest
from command_line import run

import hptsdk

DESCRIBED = {
    "TrainingJobName": "churn-1",
    "HyperParameters": {"lr": "0.1", "epochs": "10"},
    "AlgorithmSpecification": {
        "TrainingImage": "123456789012.dkr.ecr.us-east-1.amazonaws.com/mine:1",
        "TrainingInputMode": "File",
    },
    "RoleArn": "arn:aws:iam::123456789012:role/SageMakerRole",
    "OutputDataConfig": {"S3OutputPath": "s3://amzn-s3-demo-bucket/out/"},
    "ResourceConfig": {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 30},
    "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
    "Environment": {"TOKEN": "secret-1"},
    "ProfilerConfig": {"S3OutputPath": "s3://amzn-s3-demo-bucket/profile/"},
}


@pytest.fixture
def described(tmp_path):
    """Return the path of a file with the response of DescribeTrainingJob."""
    path = tmp_path / "training-job.json"
    path.write_text(json.dumps(DESCRIBED))
    return path


@pytest.fixture
def request_file(tmp_path):
    """Return the path of a request that tunes `lr` of the training job, without its environment."""
    training = hptsdk.training_from(DESCRIBED | {"Environment": {}, "ProfilerConfig": {}}).metric("loss", "loss=(.*)")
    job = hptsdk.tuning_job("churn", training, minimize="loss", max_jobs=10, max_parallel_jobs=2)
    path = tmp_path / "request.json"
    path.write_text(hptsdk.dumps(job.continuous("lr", 0.01, 0.3).build()))
    return path


def test_a_training_job_is_converted_to_builder_code(described):
    done = run("convert", "--training-job", described, "--to", "python")
    names = {}
    exec(done.stdout, names)  # noqa: S102 - that it runs is the test
    assert "static hyperparameters: lr, epochs" in repr(names["training"])


@pytest.mark.parametrize("command", [("convert",), ("compare", "--training-job", "x"), ("create", "--dry-run")])
def test_a_file_with_a_training_job_in_place_of_a_request_has_one_message(described, command):
    done = run(*command, described)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"{described} describes a training job, not a tuning job; use hptsdk convert --training-job {described}\n"
    )


def test_a_wrong_member_for_the_name_of_a_tuning_job_is_a_violation(request_file):
    text = request_file.read_text()
    request_file.write_text(text.replace('"HyperParameterTuningJobName"', '"TrainingJobName"'))
    assert "TrainingJobName: expected a member of" in run("create", request_file, "--dry-run").stderr


def test_a_missing_file_with_a_training_job_is_named(tmp_path):
    done = run("convert", "--training-job", "missing.json", cwd=tmp_path)
    message = "missing.json: the file cannot be read: No such file or directory"
    assert (done.returncode, message in " ".join(done.stderr.replace("│", " ").split())) == (2, True)


@pytest.mark.parametrize(("name", "argument"), [("my job.json", "'my job.json'"), ("-", "FILE")])
def test_the_command_for_a_training_job_can_be_copied(described, name, argument):
    described.rename(described.with_name("my job.json"))
    done = run("create", name, "--dry-run", cwd=described.parent, text=json.dumps(DESCRIBED))
    assert done.stderr.endswith(f"; use hptsdk convert --training-job {argument}\n")


@pytest.mark.parametrize("target", ["json", "yaml"])
def test_a_training_job_is_converted_to_a_definition(described, tmp_path, target):
    done = run("convert", "--training-job", described, "--to", target)
    assert '"10"' in done.stdout
    assert done.stdout.lstrip("{ \n").startswith(('"TrainingJobDefinition"', "TrainingJobDefinition:"))


def test_what_is_left_out_is_on_standard_error_with_its_reason(described):
    done = run("convert", "--training-job", described)
    assert (done.returncode, done.stderr) == (0, "ProfilerConfig: left out, because a tuning job has no profiler\n")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--to", "terraform"], "--training-job can be converted to python, json and yaml"),
        (["--job", "churn"], "expected exactly one of FILE, --job and --training-job"),
        (["--exact"], "--exact cannot be combined with --training-job"),
        (["--template", "airflow"], "--template requires FILE"),
    ],
)
def test_other_targets_and_sources_are_errors_of_usage(described, arguments, message):
    done = run("convert", "--training-job", described, *arguments)
    assert (done.returncode, message in " ".join(done.stderr.replace("│", " ").split())) == (2, True)


def test_compare_prints_what_the_request_lacks(described, request_file):
    done = run("compare", request_file, "--training-job", described)
    assert (
        done.stdout
        == 'TrainingJobDefinition.Environment["TOKEN"]: the training job has (redacted), the request nothing\n'
    )
    assert done.returncode == 1


def test_compare_without_differences_succeeds(tmp_path, request_file):
    described = tmp_path / "same.json"
    described.write_text(json.dumps({name: value for name, value in DESCRIBED.items() if name != "Environment"}))
    done = run("compare", request_file, "--training-job", described)
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == "no differences\n"


def test_compare_prints_json(described, request_file):
    done = run("compare", request_file, "--training-job", described, "--output", "json")
    [difference] = json.loads(done.stdout)
    assert difference["path"] == 'TrainingJobDefinition.Environment["TOKEN"]'


@pytest.mark.parametrize("text", ["[1]", "{}", "{", '{"HyperParameterTuningJobName": "churn"}'])
def test_a_file_without_a_training_job_is_an_error_of_usage(tmp_path, request_file, text):
    other = tmp_path / "other.json"
    other.write_text(text)
    done = run("compare", request_file, "--training-job", other)
    assert (done.returncode, "Traceback" in done.stderr) == (2, False)
