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


@pytest.mark.parametrize(
    ("role", "placeholder"),
    [
        ("arn:aws:iam::<ACCOUNT_ID>:role/SageMakerRole", "<ACCOUNT_ID>"),
        ("arn:aws:iam::{{ account }}:role/SageMakerRole", "{{ account }}"),
        ("arn:aws:iam::${AWS::AccountId}:role/SageMakerRole", "${AWS::AccountId}"),
        ("arn:aws:iam::{account_id}:role/SageMakerRole", "{account_id}"),
        ("arn:aws:iam::{}:role/SageMakerRole", "{}"),
        ("$.RoleArn", "$.RoleArn"),
        ("{% role %}", "{% role %}"),
        ("$$.Execution.RoleArn", "$$.Execution.RoleArn"),
    ],
)
def test_a_placeholder_in_an_invalid_text_is_named(document, messages, role, placeholder):
    document["TrainingJobDefinition"]["RoleArn"] = role
    reported = messages(hptsdk.from_wire, Request, document)
    assert reported
    assert all(f"; replace the placeholder '{placeholder}' with its value [" in message for message in reported)


def test_a_placeholder_in_place_of_a_number_is_named(document, messages):
    document[CONFIG]["ResourceLimits"]["MaxParallelTrainingJobs"] = "{{ parallel }}"
    [message] = messages(hptsdk.from_wire, Request, document)
    assert message.endswith("got '{{ parallel }}'; replace the placeholder '{{ parallel }}' with its value [type]")


def test_a_placeholder_in_place_of_an_enum_value_is_named(document, messages):
    document[CONFIG]["Strategy"] = "${Strategy}"
    assert "; replace the placeholder '${Strategy}' with its value [enum]" in " ".join(
        messages(hptsdk.from_wire, Request, document)
    )


@pytest.mark.parametrize(("uri", "placeholder"), [("<bucket>/out", "<bucket>"), ("$.Output", "$.Output")])
def test_an_s3_address_that_begins_with_a_placeholder_is_named(messages, uri, placeholder):
    [message] = messages(hptsdk.from_wire, shapes.OutputDataConfig, {"S3OutputPath": uri})
    assert f"; replace the placeholder '{placeholder}' with its value [pattern]" in message


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
