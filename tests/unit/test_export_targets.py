"""Exports for orchestrators: Step Functions, Airflow and SageMaker Pipelines."""

import ast
import json
import re
import warnings
from importlib.metadata import distribution
from pathlib import Path

import attrs
import jsonschema
import pytest
from sample_requests import training, tuning_job, tuning_request

import hptsdk
from hptsdk import export


@pytest.fixture
def request_of_one():
    """Return a request with one definition and one channel."""
    return tuning_request(definition=training().channel("train", "s3://amzn-s3-demo-bucket/train/"))


def with_static(request, **values):
    """Return a request with other static hyperparameters."""
    definition = attrs.evolve(request.training_job_definition, static_hyper_parameters=values)
    return attrs.evolve(request, training_job_definition=definition)


EXPORTS = ["ack", "airflow", "python", "stepfunctions", "stepfunctions_policy", "terraform"]


@pytest.mark.parametrize("name", EXPORTS)
def test_an_export_of_a_builder_has_the_hint_to_call_build(name):
    expected = "expected a CreateHyperParameterTuningJobRequest, got a TuningJobBuilder; call its build() first"
    with pytest.raises(TypeError, match=f"^{re.escape(expected)}$"):
        getattr(export, name)(tuning_job())


@pytest.mark.parametrize("name", EXPORTS)
def test_an_export_of_another_shape_is_a_type_error(name):
    with pytest.raises(TypeError, match=r"^expected a CreateHyperParameterTuningJobRequest, got a Tag$"):
        getattr(export, name)(hptsdk.shapes.Tag(key="team", value="a"))


def test_the_hint_for_a_dict_in_place_of_a_request_creates_one(request_of_one):
    document = hptsdk.to_wire(request_of_one)
    with pytest.raises(TypeError) as raised:
        export.pipelines_step(document, "Tune")
    call = str(raised.value).partition("create one with ")[2].replace("...", "document")
    assert eval(call, {"hptsdk": hptsdk, "document": document}) == request_of_one  # noqa: S307 - the hint itself


# --- Step Functions ---


def machine(state):
    """Return a state machine with one state."""
    return {"StartAt": "Tune", "States": {"Tune": state}}


@pytest.fixture(scope="module")
def machines():
    """Return the validator of state machines that cfn-lint has."""
    # the import of cfn-lint takes seconds
    path = distribution("cfn-lint").locate_file("cfnlint/data/schemas/other/step_functions/statemachine.json")
    return jsonschema.Draft202012Validator(json.loads(Path(path).read_text()))


@pytest.mark.parametrize("query_language", ["JSONPath", "JSONata"])
@pytest.mark.parametrize("wait", [True, False])
def test_the_state_is_valid_in_a_state_machine(machines, request_of_one, query_language, wait):
    state = export.stepfunctions(request_of_one, query_language=query_language, wait=wait)
    assert list(machines.iter_errors(machine(state))) == []


def test_a_state_with_another_member_is_invalid(machines, request_of_one):
    state = export.stepfunctions(request_of_one) | {"Argument": {}}
    assert list(machines.iter_errors(machine(state)))


@pytest.mark.parametrize(("query_language", "member"), [("JSONPath", "Parameters"), ("JSONata", "Arguments")])
def test_the_state_has_the_request(request_of_one, query_language, member):
    state = export.stepfunctions(request_of_one, query_language=query_language)
    assert state[member] == hptsdk.to_wire(request_of_one)


@pytest.mark.parametrize(("wait", "end"), [(True, ":createHyperParameterTuningJob.sync"), (False, "TuningJob")])
def test_the_state_waits_for_the_end_of_the_job_by_default(request_of_one, wait, end):
    assert export.stepfunctions(request_of_one, wait=wait)["Resource"].endswith(end)


def test_an_unknown_query_language_is_an_error(request_of_one):
    with pytest.raises(ValueError, match="query_language: expected JSONPath or JSONata, got 'jsonata'"):
        export.stepfunctions(request_of_one, query_language="jsonata")


@pytest.mark.parametrize(
    ("query_language", "static"), [("JSONPath", {"depth.$": "3"}), ("JSONata", {"depth": "{% 3 %}"})]
)
def test_what_step_functions_evaluates_is_a_warning(request_of_one, query_language, static):
    with pytest.warns(export.ExportWarning, match="Step Functions evaluates") as warned:
        export.stepfunctions(with_static(request_of_one, **static), query_language=query_language)
    assert warned[0].filename == __file__


def test_the_policy_has_the_actions_of_a_state_that_waits(request_of_one):
    policy = export.stepfunctions_policy(request_of_one)
    actions = {action for statement in policy["Statement"] for action in statement["Action"]}
    assert actions == {
        "sagemaker:CreateHyperParameterTuningJob",
        "sagemaker:DescribeHyperParameterTuningJob",
        "sagemaker:StopHyperParameterTuningJob",
        "sagemaker:ListTags",
        "iam:PassRole",
        "events:PutTargets",
        "events:PutRule",
        "events:DescribeRule",
    }


def test_the_policy_of_a_state_that_does_not_wait_is_smaller(request_of_one):
    policy = export.stepfunctions_policy(request_of_one, wait=False)
    assert not any("events" in action for statement in policy["Statement"] for action in statement["Action"])


def test_the_policy_passes_the_role_to_sagemaker_only(request_of_one):
    [passing] = [s for s in export.stepfunctions_policy(request_of_one)["Statement"] if s["Action"] == ["iam:PassRole"]]
    assert passing["Resource"] == [request_of_one.training_job_definition.role_arn]
    assert passing["Condition"] == {"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}}


# --- Airflow ---


def test_the_config_of_airflow_is_the_request(request_of_one):
    config = export.airflow(request_of_one)
    assert json.loads(json.dumps(config)) == hptsdk.to_wire(request_of_one)


def test_the_code_of_the_operator_has_the_config(request_of_one):
    code = export.convert_request(request_of_one, "airflow").text
    [call] = [node.value for node in ast.parse(code).body if isinstance(node, ast.Assign)]
    arguments = {keyword.arg: ast.literal_eval(keyword.value) for keyword in call.keywords}
    assert (call.func.id, arguments["config"]) == ("SageMakerTuningOperator", hptsdk.to_wire(request_of_one))


@pytest.mark.parametrize("text", ["{{ ds }}", "{% if x %}", "{# x #}"])
def test_text_that_airflow_renders_is_a_warning(request_of_one, text):
    with pytest.warns(export.ExportWarning, match=r"StaticHyperParameters\.note: Airflow renders") as warned:
        export.airflow(with_static(request_of_one, note=text))
    assert warned[0].filename == __file__


def test_a_definition_without_channels_is_a_warning():
    with pytest.warns(export.ExportWarning, match="SageMakerTuningOperator fails without it"):
        export.airflow(tuning_request())


def test_a_definition_that_is_a_placeholder_may_have_channels(request_of_one):
    document = hptsdk.to_wire(request_of_one) | {"TrainingJobDefinition": "{{ params.definition }}"}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        config = export.airflow(hptsdk.template(type(request_of_one), document, syntax="airflow"))
    assert config == document


# --- Pipelines ---


def test_a_step_of_a_pipeline_has_the_request_without_its_name(request_of_one):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        step = export.pipelines_step(request_of_one, "Tune")
    arguments = {name: value for name, value in hptsdk.to_wire(request_of_one).items() if not name.endswith("JobName")}
    assert step == {"Name": "Tune", "Type": "Tuning", "Arguments": arguments}


# --- events ---

DETAIL = {
    "HyperParameterTuningJobName": "churn",
    "HyperParameterTuningJobStatus": "Completed",
    "CreationTime": 1764100800123,
    "BestTrainingJob": {"TrainingJobName": "churn-001-0a1b2c3d", "CreationTime": 1764100801000},
    "Tags": {"team": "growth"},
}


@pytest.mark.parametrize("event", [DETAIL, {"detail-type": "a type", "detail": DETAIL}], ids=["result", "event"])
def test_an_event_is_a_description(event):
    job = hptsdk.from_event(event)
    assert job.creation_time.isoformat() == "2025-11-25T20:00:00.123000+00:00"
    assert job.best_training_job.creation_time.isoformat() == "2025-11-25T20:00:01+00:00"
    assert dict(job.unmodelled["Tags"]) == {"team": "growth"}


def test_times_in_seconds_stay_as_they_are():
    job = hptsdk.from_event(DETAIL | {"CreationTime": 1764100800})
    assert job.creation_time.isoformat() == "2025-11-25T20:00:00+00:00"


def test_an_event_about_something_else_is_an_error():
    with pytest.raises(ValueError, match="got 'SageMaker Training Job State Change'"):
        hptsdk.from_event({"detail-type": "SageMaker Training Job State Change", "detail": {"TrainingJobName": "a"}})


@pytest.mark.parametrize("event", [None, 3, "churn", [DETAIL]])
def test_an_event_that_is_not_a_mapping_is_a_type_error(event):
    with pytest.raises(TypeError, match="from_event: expected a mapping"):
        hptsdk.from_event(event)


@pytest.mark.parametrize("event", ["{}", b"{}"])
def test_an_event_as_json_text_is_a_type_error_with_a_hint(event):
    with pytest.raises(TypeError, match=r"got (text of 2 characters|a bytes); parse JSON text with json\.loads$"):
        hptsdk.from_event(event)
