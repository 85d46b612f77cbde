"""Messages about members that belong in another structure."""

import json

import pytest
from sample_requests import tuning_request

import hptsdk
from hptsdk import shapes

Request = shapes.CreateHyperParameterTuningJobRequest
CONFIG, JOB = "HyperParameterTuningJobConfig", "TrainingJobDefinition"


@pytest.fixture
def document():
    return json.loads(hptsdk.dumps(tuning_request()))


def structure(document, path):
    for step in path:
        document = document[step]
    return document


@pytest.mark.parametrize(
    ("path", "name", "place"),
    [
        ([CONFIG], "HyperParameterTuningResourceConfig", JOB),
        ([CONFIG], "ResourceConfig", JOB),
        ([CONFIG], "EnableManagedSpotTraining", JOB),
        ([CONFIG], "Autotune", "the request"),
        ([JOB], "ResourceLimits", CONFIG),
        ([JOB], "Tags", "the request"),
        ([JOB], "MaxNumberOfTrainingJobs", f"{CONFIG}.ResourceLimits"),
        ([JOB, "OutputDataConfig"], "VolumeKmsKeyId", f"{JOB}.ResourceConfig"),
        ([JOB, "StoppingCondition"], "TrainingInputMode", f"{JOB}.AlgorithmSpecification"),
        ([], "MaxRuntimeInSeconds", f"{CONFIG}.ResourceLimits"),
        # two structures have it: the one in the same structure of the request
        ([JOB, "ResourceConfig"], "MaxRuntimeInSeconds", f"{JOB}.StoppingCondition"),
        ([CONFIG, "HyperParameterTuningJobObjective"], "MaxRuntimeInSeconds", f"{CONFIG}.ResourceLimits"),
    ],
)
def test_a_misplaced_member_says_where_it_belongs(document, messages, path, name, place):
    structure(document, path)[name] = "x"
    text = " ".join(messages(hptsdk.from_wire, Request, document))
    assert f"got '{name}'; move it to {place} [unknown-member]" in text


@pytest.mark.parametrize(("name", "place"), [("RoleArn", ""), ("InstanceType", ".ResourceConfig")])
def test_a_member_of_a_definition_belongs_in_the_list_if_there_is_one(document, messages, name, place):
    document["TrainingJobDefinitions"] = [document.pop(JOB)]
    [message] = [text for text in messages(hptsdk.from_wire, Request, document | {name: "x"}) if "move" in text]
    assert message.endswith(f"got '{name}'; move it to TrainingJobDefinitions[0]{place} [unknown-member]")


def test_a_member_in_a_list_of_definitions_belongs_in_the_same_definition(document, messages):
    definition = document.pop(JOB)
    resources = definition["ResourceConfig"] | {"EnableNetworkIsolation": True}
    document["TrainingJobDefinitions"] = [definition, definition | {"ResourceConfig": resources}]
    text = " ".join(messages(hptsdk.from_wire, Request, document))
    assert "got 'EnableNetworkIsolation'; move it to TrainingJobDefinitions[1] [unknown-member]" in text


def test_a_place_within_the_structure_is_nearer(document, messages):
    document[JOB]["InstanceType"] = "ml.m5.xlarge"
    text = " ".join(messages(hptsdk.from_wire, Request, document))
    assert "got 'InstanceType'; move it to ResourceConfig [unknown-member]" in text


def test_a_missing_member_was_meant_instead_of_one_in_another_structure(messages):
    [message] = messages(hptsdk.from_wire, shapes.MetricDefinition, {"MetricName": "loss", "Regex": "(.+)"})
    assert message.endswith("got 'MetricName'; did you mean 'Name'? [unknown-member]")


@pytest.mark.parametrize("name", ["Values", "MinValue", "Seed", "Name", "CreationTime", "TrainingJobStatusCounters"])
def test_a_name_of_another_structure_does_not_suggest_extra_body(document, messages, name):
    document["TrainingJobDefinition"]["StoppingCondition"][name] = 1
    [message] = messages(hptsdk.from_wire, Request, document)
    assert "extra_body" not in message


def test_a_member_of_a_response_is_to_be_removed(document, messages):
    document["HyperParameterTuningJobStatus"] = "Completed"
    [message] = messages(hptsdk.from_wire, Request, document)
    assert "; remove it; it is a member of " in message


def test_an_unknown_member_of_no_structure_suggests_extra_body(document, messages):
    document["BrandNew"] = 1
    [message] = messages(hptsdk.from_wire, Request, document)
    assert "extra_body" in message
