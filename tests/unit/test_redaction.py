"""Secrets are redacted in messages of the service and in failure reasons."""

import json

import pytest

import hptsdk
from hptsdk import errors, shapes
from hptsdk.schema import map_members, secret_members
from hptsdk.testing import FaultyServer, Refusal
from hptsdk.transport import Redaction, redaction_of

BODY = {
    "TrainingJobDefinition": {"Environment": {"API_KEY": "hunter2hunter2"}, "RoleArn": "arn:aws:iam::1:role/r"},
    "TrainingJobDefinitions": [{"StaticHyperParameters": {"password": "correct horse"}}],
}


def test_a_value_of_the_environment_is_redacted():
    assert Redaction(BODY, ()).apply("bad hunter2hunter2!") == "bad (hidden)!"


def test_a_static_hyperparameter_of_any_definition_is_redacted():
    assert Redaction(BODY, ()).apply("'correct horse' is wrong") == "'(hidden)' is wrong"


def test_other_values_of_a_request_are_not_redacted():
    assert Redaction(BODY, ()).apply("no role arn:aws:iam::1:role/r") == "no role arn:aws:iam::1:role/r"


def test_a_short_secret_is_redacted_as_a_whole_word():
    redaction = Redaction({"Environment": {"PIN": "742"}}, ())
    assert redaction.apply("742 is no port, 7420 is") == "(hidden) is no port, 7420 is"


def test_a_secret_that_is_a_word_does_not_change_longer_words():
    redaction = Redaction({"Environment": {"STAGE": "prod", "MODE": "train"}}, ())
    assert redaction.apply("training failed: no product in prod") == "training failed: no product in (hidden)"


def test_a_long_secret_is_redacted_inside_words():
    redaction = Redaction({"Environment": {"TOKEN": "abcdefghijk"}}, ())
    assert redaction.apply("xabcdefghijkx") == "x(hidden)x"


def test_a_word_is_redacted_after_an_escape():
    redaction = Redaction({"Environment": {"TOKEN": "hunter"}}, ())
    assert redaction.apply(repr("bad\nhunter")) == "'bad\\n(hidden)'"


def test_credentials_are_redacted():
    assert Redaction({}, ["AKIA123456"]).apply("key AKIA123456 is not known") == "key (hidden) is not known"


def test_a_quoted_value_of_a_secret_map_is_redacted_even_if_it_is_short():
    text = "Value '{k=abc}' at 'trainingJobDefinition.environment' failed to satisfy constraint"
    assert Redaction(BODY, ()).apply(text) == (
        "Value (hidden) at 'trainingJobDefinition.environment' failed to satisfy constraint"
    )


@pytest.mark.parametrize(
    "body",
    [
        {"MetricDefinitions": [{"Name": "loss", "Regex": "loss=(.*)"}], "StaticHyperParameters": {"metric": "loss"}},
        {"TuningObjective": {"MetricName": "loss"}, "StaticHyperParameters": {"_tuning_objective_metric": "loss"}},
        {"StaticHyperParameters": {"loss": "1"}, "Environment": {"METRIC": "loss"}},
    ],
)
def test_the_name_of_a_metric_or_hyperparameter_is_shown_even_if_a_secret_is_equal(body):
    assert Redaction(body, ()).apply("no metric loss in the log") == "no metric loss in the log"


def test_a_credential_is_redacted_even_if_another_value_is_equal():
    assert Redaction({"Tags": [{"Value": "hunter2"}]}, ("hunter2",)).apply("hunter2") == "(hidden)"


def test_a_failure_reason_shows_the_objective_metric_of_the_job():
    document = {
        "HyperParameterTuningJobConfig": {"HyperParameterTuningJobObjective": {"MetricName": "loss"}},
        "TrainingJobDefinition": {"StaticHyperParameters": {"_tuning_objective_metric": "loss", "token": "hunter2"}},
    }
    response = hptsdk.from_wire(shapes.DescribeHyperParameterTuningJobResponse, document)
    assert redaction_of(response).apply("no loss with hunter2") == "no loss with (hidden)"


def test_a_quoted_value_of_another_member_is_shown():
    text = "Value 'ml.x' at 'resourceConfig.instanceType' failed to satisfy constraint"
    assert Redaction(BODY, ()).apply(text) == text


class Quoting:
    """A service whose error quotes the request."""

    def call(self, operation, body):  # noqa: ARG002 - as every service
        raise Refusal("ValidationException", f"I do not like {body['Environment']}")


def test_neither_the_error_nor_its_cause_shows_a_secret_that_the_service_quotes(monkeypatch):
    from hptsdk.transport import BotocoreTransport  # after the credentials are set

    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing-key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing-secret")
    with FaultyServer(service=Quoting()) as server:
        transport = BotocoreTransport("us-east-1", endpoint_url=server.url)
        with pytest.raises(errors.ValidationRefusedError) as raised:
            transport.call("DescribeHyperParameterTuningJob", {"Environment": {"KEY": "hunter2hunter2"}})
    assert "(hidden)" in str(raised.value)
    assert "hunter2" not in str(raised.value)
    assert "hunter2" not in str(raised.value.__cause__)


@pytest.mark.parametrize("write", [str, repr, lambda text: repr(text.encode()), json.dumps])
def test_a_secret_is_redacted_in_every_quoted_form(write):
    value = '-----BEGIN KEY-----\n"hunter2"'
    shown = Redaction({"Environment": {"KEY": value}}, ()).apply(f"bad value {write(value)}")
    assert "hunter2" not in shown


def test_secret_members_are_derived_from_the_shapes():
    assert secret_members() >= {"Environment", "StaticHyperParameters", "HyperParameters"}
    assert secret_members() & {"TrainingImage", "CollectionParameters", "Tags"} == set()


def test_map_members_are_derived_from_the_shapes():
    assert map_members() >= {"Environment", "StaticHyperParameters", "CollectionParameters"}
    assert map_members() & {"TrainingImage", "ResourceConfig", "Tags"} == set()
