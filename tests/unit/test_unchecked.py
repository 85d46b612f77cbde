"""A part of a response is not checked, and remembers that: what takes it in checks it there, to its leaves."""

import copy
import pickle

import attrs
import pytest

import hptsdk
from hptsdk import shapes
from hptsdk.errors import InvalidShapeError

pytestmark = pytest.mark.usefixtures("no_rules")

Request = shapes.CreateHyperParameterTuningJobRequest
Describe = shapes.DescribeHyperParameterTuningJobResponse

EXTRA = "got 'Budget'; what hptsdk does not model can be sent by create(..., extra_body=...) [unknown-member]"


@pytest.fixture
def document(valid):
    """Make the wire form of a response that describes a job with two definitions."""
    definition = valid(
        shapes.HyperParameterTrainingJobDefinition,
        input_data_config=[valid(shapes.Channel)],
        resource_config=valid(shapes.ResourceConfig, instance_type="ml.m5.large"),
    )
    return hptsdk.to_wire(valid(Describe, training_job_definitions=[definition] * 2))


def again(document):
    """Make a request of the parts of what describes a job."""
    described = hptsdk.from_wire(Describe, document)
    return Request(
        hyper_parameter_tuning_job_name="again",
        hyper_parameter_tuning_job_config=described.hyper_parameter_tuning_job_config,
        training_job_definitions=described.training_job_definitions,
    )


def test_a_valid_part_is_taken_in(document):
    assert hptsdk.to_wire(again(document))["TrainingJobDefinitions"] == document["TrainingJobDefinitions"]


def test_a_request_with_a_part_of_a_response_equals_one_that_was_built(document):
    request = again(document)
    assert hptsdk.from_wire(Request, hptsdk.to_wire(request)) == request


def test_a_part_with_something_unmodelled_is_refused_with_the_way_to_send_it(document, messages):
    document["HyperParameterTuningJobConfig"]["Budget"] = 100
    assert [message.partition(".")[2] for message in messages(again, document)] == [
        f"HyperParameterTuningJobConfig.Budget: expected a member of HyperParameterTuningJobConfig, {EXTRA}"
    ]


def test_something_unmodelled_deep_in_a_part_has_its_full_path(document, refused):
    document["TrainingJobDefinitions"][1]["InputDataConfig"][0]["DataSource"]["Iceberg"] = {}
    [violation] = refused(again, document)
    assert (violation.path, "extra_body" in violation.hint) == (
        "TrainingJobDefinitions[1].InputDataConfig[0].DataSource.Iceberg",
        True,
    )


def test_a_wrong_value_deep_in_a_part_has_its_full_path(document, messages):
    document["TrainingJobDefinitions"][1]["InputDataConfig"][0]["InputMode"] = "Files"
    [(path, _, words)] = [message.partition(": ") for message in messages(again, document)]
    assert (path, words) == (
        "CreateHyperParameterTuningJobRequest.TrainingJobDefinitions[1].InputDataConfig[0].InputMode",
        "expected one of Pipe, File, FastFile, got 'Files'; did you mean 'File'? [enum]",
    )


def test_an_absent_required_member_of_a_part_names_itself(document, refused):
    del document["TrainingJobDefinitions"][0]["RoleArn"]
    assert [(v.path, v.rule) for v in refused(again, document)] == [("TrainingJobDefinitions[0].RoleArn", "required")]


def test_all_parts_that_are_wrong_are_reported_together(document, refused):
    document["HyperParameterTuningJobConfig"]["Strategy"] = "Evolution"
    document["TrainingJobDefinitions"][0]["ResourceConfig"]["InstanceCount"] = -1
    document["TrainingJobDefinitions"][1]["ResourceConfig"]["InstanceType"] = "m5"
    assert [v.path for v in refused(again, document)] == [
        "HyperParameterTuningJobConfig.Strategy",
        "TrainingJobDefinitions[0].ResourceConfig.InstanceCount",
        "TrainingJobDefinitions[1].ResourceConfig.InstanceType",
    ]


def test_a_part_that_is_no_shape_at_all_is_refused(document, refused):
    document["HyperParameterTuningJobConfig"] = "junk"
    assert [(v.path, v.rule) for v in refused(again, document)] == [("HyperParameterTuningJobConfig", "type")]


def test_a_part_that_was_refused_is_refused_again():
    part = hptsdk.from_wire(shapes.ListTagsOutput, {"Tags": [{"Key": "", "Value": ""}]}).tags
    for _ in range(2):
        with pytest.raises(InvalidShapeError, match=r"Tags\[0\]\.Key"):
            shapes.AddTagsInput(resource_arn="arn:aws:sagemaker:us-east-1:123456789012:x/y", tags=part)


def test_a_part_that_was_refused_is_as_it_was(document):
    document["HyperParameterTuningJobConfig"] |= {"Strategy": "Evolution", "Budget": 100}
    described = hptsdk.from_wire(Describe, document)
    with pytest.raises(InvalidShapeError):
        Request(
            hyper_parameter_tuning_job_name="again",
            hyper_parameter_tuning_job_config=described.hyper_parameter_tuning_job_config,
        )
    assert hptsdk.to_wire(described) == document


def test_being_unchecked_counts_neither_in_equality_nor_in_the_hash():
    [tag] = hptsdk.from_wire(shapes.ListTagsOutput, {"Tags": [{"Key": "a", "Value": ""}]}).tags
    assert {tag} == {shapes.Tag(key="a", value="")}


@pytest.mark.parametrize("way", [copy.copy, copy.deepcopy, lambda shape: pickle.loads(pickle.dumps(shape))])  # noqa: S301 - our own
def test_a_copy_of_an_unchecked_part_is_unchecked_too(way, refused):
    [tag] = hptsdk.from_wire(shapes.ListTagsOutput, {"Tags": [{"Key": "", "Value": ""}]}).tags
    found = refused(shapes.AddTagsInput, resource_arn="arn:aws:sagemaker:us-east-1:123456789012:x/y", tags=[way(tag)])
    assert [v.path for v in found] == ["Tags[0].Key"]


def test_evolving_an_unchecked_part_checks_all_of_it(document, refused):
    document["HyperParameterTuningJobConfig"]["Strategy"] = "Evolution"
    part = hptsdk.from_wire(Describe, document).hyper_parameter_tuning_job_config
    assert [v.path for v in refused(attrs.evolve, part, random_seed=7)] == ["Strategy"]


def test_evolving_an_unchecked_part_checks_what_lies_in_it(document, refused):
    document["HyperParameterTuningJobConfig"]["ResourceLimits"]["MaxParallelTrainingJobs"] = 0
    part = hptsdk.from_wire(Describe, document).hyper_parameter_tuning_job_config
    assert [v.path for v in refused(attrs.evolve, part, random_seed=7)] == ["ResourceLimits.MaxParallelTrainingJobs"]


def test_evolving_away_what_is_wrong_in_an_unchecked_part_makes_a_valid_one(document):
    document["HyperParameterTuningJobConfig"]["Strategy"] = "Evolution"
    part = hptsdk.from_wire(Describe, document).hyper_parameter_tuning_job_config
    assert attrs.evolve(part, strategy="Random").strategy == "Random"
