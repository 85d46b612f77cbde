"""A part of a response is not validated; a request that contains it validates it with all its parts."""

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

EXTRA = (
    "got 'Budget'; remove it; if it is new in AWS, only TuningClient.create(..., extra_body=...) can send it "
    "[unknown-member]"
)


@pytest.fixture
def document(valid):
    """Return the document of a response that describes a job with two definitions."""
    definition = valid(
        shapes.HyperParameterTrainingJobDefinition,
        input_data_config=[valid(shapes.Channel)],
        resource_config=valid(shapes.ResourceConfig, instance_type="ml.m5.large"),
    )
    return hptsdk.to_wire(valid(Describe, training_job_definitions=[definition] * 2))


def again(document):
    """Create a request from the parts of a response."""
    described = hptsdk.from_wire(Describe, document)
    return Request(
        hyper_parameter_tuning_job_name="again",
        hyper_parameter_tuning_job_config=described.hyper_parameter_tuning_job_config,
        training_job_definitions=described.training_job_definitions,
    )


def test_a_request_accepts_a_valid_part_of_a_response(document):
    assert hptsdk.to_wire(again(document))["TrainingJobDefinitions"] == document["TrainingJobDefinitions"]


def test_a_request_with_a_part_of_a_response_round_trips(document):
    request = again(document)
    assert hptsdk.from_wire(Request, hptsdk.to_wire(request)) == request


def test_the_error_of_an_unmodelled_member_in_a_part_suggests_extra_body(document, messages):
    document["HyperParameterTuningJobConfig"]["Budget"] = 100
    assert [message.partition(".")[2] for message in messages(again, document)] == [
        f"HyperParameterTuningJobConfig.Budget: expected a member of HyperParameterTuningJobConfig, {EXTRA}"
    ]


def test_an_unmodelled_member_deep_in_a_part_has_its_full_path(document, refused):
    document["TrainingJobDefinitions"][1]["InputDataConfig"][0]["DataSource"]["Iceberg"] = {}
    [violation] = refused(again, document)
    assert (violation.path, "extra_body" in violation.hint) == (
        "TrainingJobDefinitions[1].InputDataConfig[0].DataSource.Iceberg",
        True,
    )


def test_an_invalid_value_deep_in_a_part_has_its_full_path(document, messages):
    document["TrainingJobDefinitions"][1]["InputDataConfig"][0]["InputMode"] = "Files"
    [(path, _, problem)] = [message.partition(": ") for message in messages(again, document)]
    assert (path, problem) == (
        "CreateHyperParameterTuningJobRequest.TrainingJobDefinitions[1].InputDataConfig[0].InputMode",
        "expected one of Pipe, File, FastFile, got 'Files'; did you mean 'File'? [enum]",
    )


def test_a_missing_required_member_of_a_part_is_reported(document, refused):
    del document["TrainingJobDefinitions"][0]["RoleArn"]
    assert [(v.path, v.rule) for v in refused(again, document)] == [("TrainingJobDefinitions[0].RoleArn", "required")]


def test_violations_in_all_parts_are_reported_together(document, refused):
    document["HyperParameterTuningJobConfig"]["Strategy"] = "Evolution"
    document["TrainingJobDefinitions"][0]["ResourceConfig"]["InstanceCount"] = -1
    document["TrainingJobDefinitions"][1]["ResourceConfig"]["InstanceType"] = "m5"
    assert [v.path for v in refused(again, document)] == [
        "HyperParameterTuningJobConfig.Strategy",
        "TrainingJobDefinitions[0].ResourceConfig.InstanceCount",
        "TrainingJobDefinitions[1].ResourceConfig.InstanceType",
    ]


def test_a_part_that_is_not_a_structure_is_refused(document, refused):
    document["HyperParameterTuningJobConfig"] = "junk"
    assert [(v.path, v.rule) for v in refused(again, document)] == [("HyperParameterTuningJobConfig", "type")]


def test_a_refused_part_is_refused_again():
    part = hptsdk.from_wire(shapes.ListTagsOutput, {"Tags": [{"Key": "", "Value": ""}]}).tags
    for _ in range(2):
        with pytest.raises(InvalidShapeError, match=r"Tags\[0\]\.Key"):
            shapes.AddTagsInput(resource_arn="arn:aws:sagemaker:us-east-1:123456789012:x/y", tags=part)


def test_a_refused_part_is_not_changed(document):
    document["HyperParameterTuningJobConfig"] |= {"Strategy": "Evolution", "Budget": 100}
    described = hptsdk.from_wire(Describe, document)
    with pytest.raises(InvalidShapeError):
        Request(
            hyper_parameter_tuning_job_name="again",
            hyper_parameter_tuning_job_config=described.hyper_parameter_tuning_job_config,
        )
    assert hptsdk.to_wire(described) == document


def test_an_unvalidated_part_equals_a_validated_one():
    [tag] = hptsdk.from_wire(shapes.ListTagsOutput, {"Tags": [{"Key": "a", "Value": ""}]}).tags
    assert {tag} == {shapes.Tag(key="a", value="")}


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda shape: pickle.loads(pickle.dumps(shape))])  # noqa: S301 - our own
def test_a_copy_of_an_unvalidated_part_is_unvalidated(copied, refused):
    [tag] = hptsdk.from_wire(shapes.ListTagsOutput, {"Tags": [{"Key": "", "Value": ""}]}).tags
    violations = refused(
        shapes.AddTagsInput, resource_arn="arn:aws:sagemaker:us-east-1:123456789012:x/y", tags=[copied(tag)]
    )
    assert [v.path for v in violations] == ["Tags[0].Key"]


def test_evolving_an_unvalidated_part_validates_it(document, refused):
    document["HyperParameterTuningJobConfig"]["Strategy"] = "Evolution"
    part = hptsdk.from_wire(Describe, document).hyper_parameter_tuning_job_config
    assert [v.path for v in refused(attrs.evolve, part, random_seed=7)] == ["Strategy"]


def test_evolving_an_unvalidated_part_validates_its_own_parts(document, refused):
    document["HyperParameterTuningJobConfig"]["ResourceLimits"]["MaxParallelTrainingJobs"] = 0
    part = hptsdk.from_wire(Describe, document).hyper_parameter_tuning_job_config
    assert [v.path for v in refused(attrs.evolve, part, random_seed=7)] == ["ResourceLimits.MaxParallelTrainingJobs"]


def test_evolving_can_correct_an_unvalidated_part(document):
    document["HyperParameterTuningJobConfig"]["Strategy"] = "Evolution"
    part = hptsdk.from_wire(Describe, document).hyper_parameter_tuning_job_config
    assert attrs.evolve(part, strategy="Random").strategy == "Random"
