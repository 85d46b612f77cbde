"""What is refused of names, repeated ranges and the whole: by the call where it can know, else by `build`."""

import pytest
from sample_requests import REQUIRED

import hptsdk
from hptsdk import shapes

TRAINING = hptsdk.training(algorithm="mine", **REQUIRED)
REQUEST = "CreateHyperParameterTuningJobRequest"


def job(training):
    job = hptsdk.tuning_job("job", training, minimize="rmse", max_jobs=9, max_parallel_jobs=2)
    return job.continuous("eta", 0, 1)


JOB = job(TRAINING)


# --- names that with_ does not know ---


@pytest.mark.parametrize(
    ("builder", "name", "meant"),
    [
        (TRAINING, "rolearn", "role_arn"),
        (TRAINING, "static_hyper_parameter", "static_hyper_parameters"),
        (TRAINING, "RoleArn", "role_arn"),
        (TRAINING.named("xgb", minimize="rmse"), "hyperparameter_ranges", "hyper_parameter_ranges"),
        (JOB, "tag", "tags"),
        (JOB, "warmstart_config", "warm_start_config"),
        (JOB, "stratgy", "strategy"),
        (JOB, "resource_limit", "resource_limits"),
    ],
)
def test_a_member_that_there_is_not_is_refused_with_the_one_that_was_meant(builder, name, meant):
    with pytest.raises(TypeError, match=f"has no member '{name}'; did you mean '{meant}'\\?$"):
        builder.with_(**{name: None})


def test_a_member_like_no_other_is_refused_without_a_suggestion():
    with pytest.raises(TypeError, match=r"^HyperParameterTrainingJobDefinition has no member 'colour'$"):
        TRAINING.with_(colour="red")


# --- a hyperparameter twice ---

RANGES = {
    "continuous": lambda j: j.continuous("x", 0, 1),
    "integer": lambda j: j.integer("x", 0, 1),
    "categorical": lambda j: j.categorical("x", ["a"]),
    "auto": lambda j: j.auto("x", 1),
}


@pytest.mark.parametrize("first", RANGES)
@pytest.mark.parametrize("second", RANGES)
def test_a_second_range_of_the_same_name_is_refused_in_the_call(first, second, refused):
    assert [v.got for v in refused(RANGES[second], RANGES[first](JOB))] == ["'x'"]


def test_a_range_of_the_name_of_a_ready_one_is_refused_in_the_call(refused):
    ready = shapes.ParameterRanges(auto_parameters=[shapes.AutoParameter(name="x", value_hint="1")])
    assert [v.got for v in refused(JOB.with_(parameter_ranges=ready).integer, "x", 0, 1)] == ["'x'"]


def test_names_of_ranges_that_differ_in_case_are_two():
    assert JOB.integer("x", 0, 1).integer("X", 0, 1).build()


def test_more_ranges_of_one_kind_than_30_are_refused_in_the_call(refused):
    full = JOB
    for i in range(29):
        full = full.continuous(f"x{i}", 0, 1)
    assert "ContinuousParameterRanges" in [v.path for v in refused(full.continuous, "more", 0, 1)]


# --- the whole ---


def test_all_that_is_missing_is_told_at_once_with_its_full_path(messages):
    training = TRAINING.with_(role_arn=None, output_data_config=None)
    assert messages(job(training).with_(resource_limits=None).build) == [
        f"{REQUEST}.HyperParameterTuningJobConfig.ResourceLimits: expected a ResourceLimits, got nothing [required]",
        f"{REQUEST}.TrainingJobDefinition.RoleArn: expected text, got nothing [required]",
        f"{REQUEST}.TrainingJobDefinition.OutputDataConfig: expected an OutputDataConfig, got nothing [required]",
    ]


def test_what_is_missing_in_a_structure_put_together_is_told_with_its_full_path(messages):
    training = TRAINING.with_(algorithm_specification=None).metric("rmse", "rmse=(.*)")
    assert messages(job(training).build)[0] == (
        f"{REQUEST}.TrainingJobDefinition.AlgorithmSpecification.TrainingInputMode: "
        "expected one of Pipe, File, FastFile, got nothing [required]"
    )


def test_a_limit_without_the_required_one_beside_it_is_told_with_its_full_path(messages):
    assert messages(JOB.with_(resource_limits=None).max_runtime(600).build) == [
        (
            f"{REQUEST}.HyperParameterTuningJobConfig.ResourceLimits.MaxParallelTrainingJobs: "
            "expected an integer, got nothing [required]"
        )
    ]


def described():
    """Give a definition that came out of a response, unchecked, and is faulty."""
    response = {"HyperParameterTuningJobName": "old", "TrainingJobDefinition": {"RoleArn": "arn", "New": 1}}
    return hptsdk.from_wire(shapes.DescribeHyperParameterTuningJobResponse, response).training_job_definition


def test_faults_of_a_definition_out_of_a_response_are_told_with_their_full_path(refused):
    paths = [v.path for v in refused(job(described()).build)]
    assert paths == [
        "TrainingJobDefinition.New",
        "TrainingJobDefinition.AlgorithmSpecification",
        "TrainingJobDefinition.RoleArn",
        "TrainingJobDefinition.OutputDataConfig",
        "TrainingJobDefinition.StoppingCondition",
    ]


def test_faults_of_the_job_are_told_together_with_those_of_a_definition_out_of_a_response(refused):
    found = refused(job(described()).with_(resource_limits=None).build)
    assert "HyperParameterTuningJobConfig.ResourceLimits" in [v.path for v in found]


def test_a_part_out_of_a_response_is_checked_by_the_call_that_takes_it(refused):
    response = {"HyperParameterTuningJobName": "old", "TrainingJobDefinition": {"VpcConfig": {"Subnets": []}}}
    described = hptsdk.from_wire(shapes.DescribeHyperParameterTuningJobResponse, response).training_job_definition
    assert [v.path for v in refused(TRAINING.with_, vpc_config=described.vpc_config)] == [
        "VpcConfig.SecurityGroupIds",
        "VpcConfig.Subnets",
    ]


def test_a_violation_names_the_page_that_says_so(refused):
    assert {v.source for v in refused(JOB.with_(resource_limits=None).build)} == {
        "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_HyperParameterTuningJobConfig.html"
    }
