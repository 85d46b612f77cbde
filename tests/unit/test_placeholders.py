"""Messages about values that are wrong because a placeholder of a template is left in them."""

import json

import pytest
from sample_requests import tuning_request

import hptsdk
from hptsdk import shapes

Request = shapes.CreateHyperParameterTuningJobRequest
CONFIG = "HyperParameterTuningJobConfig"


@pytest.fixture
def document():
    return json.loads(hptsdk.dumps(tuning_request()))


def hint(placeholder, syntax):
    """Return the hint about a placeholder, for a syntax of `hptsdk validate --template` or for none."""
    option = f", or validate the template with hptsdk validate --template {syntax} FILE" if syntax else ""
    return f"; replace the placeholder '{placeholder}' with its value{option} ["


@pytest.mark.parametrize(
    ("role", "placeholder", "syntax"),
    [
        ("arn:aws:iam::<ACCOUNT_ID>:role/SageMakerRole", "<ACCOUNT_ID>", None),
        ("arn:aws:iam::{{ account }}:role/SageMakerRole", "{{ account }}", "airflow"),
        ("arn:aws:iam::${AWS::AccountId}:role/SageMakerRole", "${AWS::AccountId}", None),
        ("arn:aws:iam::${ACCOUNT}:role/SageMakerRole", "${ACCOUNT}", "env"),
        ("arn:aws:iam::{account_id}:role/SageMakerRole", "{account_id}", None),
        ("arn:aws:iam::{inputs.account}:role/SageMakerRole", "{inputs.account}", "flyte"),
        ("arn:aws:iam::{}:role/SageMakerRole", "{}", None),
        ("$.RoleArn", "$.RoleArn", "stepfunctions"),
        ("{% role %}", "{% role %}", "stepfunctions"),
        ("$$.Execution.RoleArn", "$$.Execution.RoleArn", "stepfunctions"),
    ],
)
def test_a_placeholder_in_an_invalid_text_is_named_with_its_syntax(document, messages, role, placeholder, syntax):
    document["TrainingJobDefinition"]["RoleArn"] = role
    reported = messages(hptsdk.from_wire, Request, document)
    assert reported
    assert all(hint(placeholder, syntax) in message for message in reported)


@pytest.mark.parametrize(
    ("value", "placeholder", "syntax"),
    [
        ("{{ parallel }}", "{{ parallel }}", "airflow"),
        ({"Get": "Parameters.Parallel"}, '{"Get": "Parameters.Parallel"}', "pipelines"),
    ],
)
def test_a_placeholder_in_place_of_a_number_is_named(document, messages, value, placeholder, syntax):
    document[CONFIG]["ResourceLimits"]["MaxParallelTrainingJobs"] = value
    [message] = messages(hptsdk.from_wire, Request, document)
    assert message.endswith(f"{hint(placeholder, syntax)}type]")


def test_a_placeholder_in_place_of_a_structure_is_named(document, messages):
    document[CONFIG]["ResourceLimits"] = {"Get": "Parameters.Limits"}
    assert hint('{"Get": "Parameters.Limits"}', "pipelines") in " ".join(messages(hptsdk.from_wire, Request, document))


def test_a_member_with_a_path_of_step_functions_is_the_only_violation(document, messages):
    del document["HyperParameterTuningJobName"]
    document["HyperParameterTuningJobName.$"] = "States.UUID()"
    [message] = messages(hptsdk.from_wire, Request, document)
    assert hint("States.UUID()", "stepfunctions") in message


def test_a_placeholder_in_place_of_an_enum_value_is_named(document, messages):
    document[CONFIG]["Strategy"] = "${Strategy}"
    assert f"{hint('${Strategy}', 'env')}enum]" in " ".join(messages(hptsdk.from_wire, Request, document))


@pytest.mark.parametrize(
    ("uri", "placeholder", "syntax"), [("<bucket>/out", "<bucket>", None), ("$.Output", "$.Output", "stepfunctions")]
)
def test_an_s3_address_that_begins_with_a_placeholder_is_named(messages, uri, placeholder, syntax):
    [message] = messages(hptsdk.from_wire, shapes.OutputDataConfig, {"S3OutputPath": uri})
    assert f"{hint(placeholder, syntax)}pattern]" in message


def test_a_placeholder_in_the_key_is_not_the_mistake_of_an_s3_address_without_a_scheme(messages):
    [message] = messages(hptsdk.from_wire, shapes.OutputDataConfig, {"S3OutputPath": "out/{date}"})
    assert "; write s3://BUCKET/PREFIX" in message


@pytest.mark.parametrize("regex", ["<loss>: (.+)", "{{loss}}(.+)", r"\{loss\} (.+)"])
def test_free_text_may_look_like_a_placeholder(regex):
    assert shapes.MetricDefinition(name="<loss>", regex=regex).regex == regex


def test_a_secret_is_not_shown_although_it_looks_like_a_placeholder(document, messages):
    document["TrainingJobDefinition"]["StaticHyperParameters"] = {"key": "<secret>\n"}
    [message] = messages(hptsdk.from_wire, Request, document)
    assert "secret>" not in message


@pytest.mark.parametrize(
    ("arn", "hint"),
    [
        (
            "arn:aws-cn:sts::123456789012:assumed-role/SageMakerRole/session",
            "it is an STS session; use its role, arn:aws-cn:iam::123456789012:role/SageMakerRole, with the path",
        ),
        ("arn:aws:iam::123456789012:user/me", "it is not a role but of the type user; use the ARN of a role"),
        ("arn:aws:iam::123456789012:root", "it is not a role but of the type root; use the ARN of a role"),
    ],
)
def test_another_identity_in_place_of_a_role_is_described(document, messages, arn, hint):
    document["TrainingJobDefinition"]["RoleArn"] = arn
    [message] = messages(hptsdk.from_wire, Request, document)
    assert f"; {hint}" in message
