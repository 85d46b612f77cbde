"""The errors of builders: of a method, with its message, and of the whole request by `build`."""

import pytest
from sample_requests import REQUIRED

import hptsdk
from hptsdk import shapes

ARGUMENTS = {"algorithm": "mine", **REQUIRED}
TRAINING = hptsdk.training(**ARGUMENTS)
JOB = hptsdk.tuning_job("job", TRAINING, minimize="rmse", max_jobs=9, max_parallel_jobs=2)


def training(**others):
    return hptsdk.training(**{**ARGUMENTS, **others})


def job(name="job", training=TRAINING, **others):
    return hptsdk.tuning_job(name, training, **{"minimize": "rmse", "max_parallel_jobs": 2, **others})


# --- exactly one of two ---


@pytest.mark.parametrize("members", [{"algorithm": None}, {"image": "image:1"}], ids=["neither", "both"])
def test_a_training_has_either_an_image_or_an_algorithm(members):
    with pytest.raises(TypeError, match=r"^pass exactly one of image= and algorithm=$"):
        training(**members)


@pytest.mark.parametrize("members", [{"minimize": None}, {"maximize": "auc"}], ids=["neither", "both"])
def test_a_job_either_minimizes_or_maximizes(members):
    with pytest.raises(TypeError, match=r"^pass exactly one of minimize= and maximize=, with the name of the metric$"):
        job(**members)


@pytest.mark.parametrize("missing", ["role_arn", "output", "instance_type", "instance_count", "max_runtime_in_seconds"])
def test_a_training_without_a_required_argument_is_refused(missing):
    members = {name: value for name, value in ARGUMENTS.items() if name != missing}
    with pytest.raises(TypeError, match=f"missing 1 required keyword-only argument: '{missing}'"):
        hptsdk.training(**members)


@pytest.mark.parametrize("missing", ["role_arn", "output", "instance_type", "instance_count", "max_runtime_in_seconds"])
def test_none_for_a_required_argument_of_training_is_refused_in_the_call(missing, refused):
    assert len(refused(training, **{missing: None})) == 1


@pytest.mark.parametrize("missing", ["name", "max_parallel_jobs"])
def test_none_for_a_required_argument_of_tuning_job_is_refused_in_the_call(missing, refused):
    assert len(refused(job, **{missing: None})) == 1


NONE_GIVEN = {
    "input_mode": lambda: TRAINING.input_mode(None),
    "metric": lambda: TRAINING.metric("rmse", None),
    "retries": lambda: TRAINING.retries(None),
    "spot": lambda: TRAINING.spot(max_wait_in_seconds=None),
    "max_pending_time": lambda: TRAINING.max_pending_time(None),
    "checkpoints": lambda: TRAINING.checkpoints(None),
    "vpc": lambda: TRAINING.vpc(subnets=None, security_group_ids=["sg-1"]),
    "instances": lambda: TRAINING.instances(None),
    "file_system": lambda: TRAINING.file_system("train", "fs-0123456789", directory=None, file_system_type="EFS"),
    "channel": lambda: TRAINING.channel("train", None),
    "named": lambda: TRAINING.named(None, minimize="rmse"),
    "continuous": lambda: JOB.continuous(None, 0, 1),
    "categorical": lambda: JOB.categorical("kind", None),
    "stop_at": lambda: JOB.stop_at(None),
    "stop_when_not_improving": lambda: JOB.stop_when_not_improving(None),
    "max_runtime": lambda: JOB.max_runtime(None),
    "warm_start": lambda: JOB.warm_start("first", kind=None),
    "tag": lambda: JOB.tag("team", None),
}


@pytest.mark.parametrize("call", NONE_GIVEN.values(), ids=NONE_GIVEN)
def test_none_for_a_required_argument_is_an_error_of_the_call(call, refused):
    assert len(refused(call)) == 1


@pytest.mark.parametrize("wrong", [None, "xgb", {}, 3, JOB], ids=["None", "text", "dict", "number", "job"])
def test_a_value_that_is_not_a_training_is_an_error_of_the_call(wrong):
    with pytest.raises((hptsdk.errors.InvalidShapeError, TypeError), match=r"(?i)training"):
        job(training=wrong)


def test_text_in_the_place_of_several_definitions_is_refused_in_the_call():
    with pytest.raises((hptsdk.errors.InvalidShapeError, TypeError)):
        hptsdk.tuning_job("job", "xgb", max_parallel_jobs=2)


def test_tags_that_are_no_map_are_refused_in_the_call():
    with pytest.raises((hptsdk.errors.InvalidShapeError, TypeError)):
        JOB.tags([("team", "growth")])


# --- one violation in a call ---

NAME = "expected letters and digits, with hyphens between them (pattern [a-zA-Z0-9](-*[a-zA-Z0-9]){0,31})"
ROLE = r"expected the ARN of an IAM role (pattern arn:aws[a-z\-]*:iam::\d{12}:role/?[a-zA-Z_0-9+=,.@\-_/]+)"
URI = "expected an address like s3://BUCKET/PREFIX (pattern (https|s3)://([^/]+)/?(.*))"


def local_directory(path):
    return (
        "write s3://BUCKET/PREFIX; with the local service a folder can replace a bucket: "
        f'LocalService("runs", buckets={{"BUCKET": "{path}"}}), '
        f"or hptsdk local serve --root runs --bucket BUCKET={path}"
    )


INSTANCE = r"expected an instance type of the form ml.FAMILY.SIZE (pattern ml\.[a-z0-9-]+\.[a-z0-9-]+)"
SCALING = "expected one of Auto, Linear, Logarithmic, ReverseLogarithmic"
DATA_TYPE = "expected one of ManifestFile, S3Prefix, AugmentedManifestFile, Converse"
WARM_START = "expected one of IdenticalDataAndAlgorithm, TransferLearning"
BUILD_IT = "build it with hptsdk.shapes.VpcConfig(...) or hptsdk.from_wire(hptsdk.shapes.VpcConfig, ...)"
TEXT_FOR_LIST = "expected a list, got text; put it in a list [type]"

# By violation: a call, the member that the error names, and the message.
REFUSED = {
    "the form of a role": (
        lambda: training(role_arn="role/SageMakerRole-without-arn"),
        f"RoleArn: {ROLE}, got 'role/SageMakerRole-without-arn' [pattern]",
    ),
    "a line break in an image": (
        lambda: training(algorithm=None, image="image\n:1"),
        r"TrainingImage: expected text on one line, got 'image\n:1' [pattern]",
    ),
    "an image too long": (
        lambda: training(algorithm=None, image="i" * 256),
        f"TrainingImage: expected text of 0 to 255 characters, got '{'i' * 59}…' of 256 characters [length]",
    ),
    "an output that is no URI": (
        lambda: training(output="/local"),
        f"S3OutputPath: {URI}, got '/local'; {local_directory('/local')} [pattern]",
    ),
    "an output that is neither text nor a shape": (
        lambda: training(output=3),
        "OutputDataConfig: expected an OutputDataConfig, got an integer [type]",
    ),
    "an instance type without ml": (
        lambda: training(instance_type="m5.xlarge"),
        f"InstanceType: {INSTANCE}, got 'm5.xlarge'; did you mean 'ml.m5.xlarge'? [pattern]",
    ),
    "a count that is a bool": (
        lambda: training(instance_count=True),
        "InstanceCount: expected an integer, got True [type]",
    ),
    "a count that is a float": (
        lambda: training(instance_count=1.0),
        "InstanceCount: expected an integer, got 1.0; write 1 [type]",
    ),
    "a runtime of 0": (
        lambda: training(max_runtime_in_seconds=0),
        "MaxRuntimeInSeconds: expected 1 or more, got 0 [range]",
    ),
    "the input mode": (
        lambda: TRAINING.input_mode("pipe"),
        "TrainingInputMode: expected one of Pipe, File, FastFile, got 'pipe'; did you mean 'Pipe'? [enum]",
    ),
    "the name of a channel": (
        lambda: TRAINING.channel("my train", "s3://b/c"),
        (
            "ChannelName: expected letters, digits, periods, hyphens and underscores "
            r"(pattern [A-Za-z0-9\.\-_]+), got 'my train'; did you mean 'my-train'? [pattern]"
        ),
    ),
    "the URI of a channel": (
        lambda: TRAINING.channel("train", "b/c"),
        f"S3Uri: {URI}, got 'b/c'; {local_directory('b/c')} [pattern]",
    ),
    "the input mode of a channel": (
        lambda: TRAINING.channel("train", "s3://b/c", input_mode="fastfile"),
        "InputMode: expected one of Pipe, File, FastFile, got 'fastfile'; did you mean 'FastFile'? [enum]",
    ),
    "the compression of a channel": (
        lambda: TRAINING.channel("train", "s3://b/c", compression="gzip"),
        "CompressionType: expected one of None, Gzip, got 'gzip'; did you mean 'Gzip'? [enum]",
    ),
    "the data type of a channel": (
        lambda: TRAINING.channel("train", "s3://b/c", data_type="s3prefix"),
        f"S3DataType: {DATA_TYPE}, got 's3prefix'; did you mean 'S3Prefix'? [enum]",
    ),
    "a shuffle seed that is text": (
        lambda: TRAINING.channel("train", "s3://b/c", shuffle_seed="1"),
        "Seed: expected an integer, got '1'; write 1 [type]",
    ),
    "a kind of file system": (
        lambda: TRAINING.file_system("train", "fs-0123456789", directory="/", file_system_type="Lustre"),
        "FileSystemType: expected one of EFS, FSxLustre, got 'Lustre'; did you mean 'FSxLustre'? [enum]",
    ),
    "subnets that are text": (
        lambda: TRAINING.vpc(subnets="subnet-1", security_group_ids=["sg-1"]),
        f"Subnets: {TEXT_FOR_LIST}",
    ),
    "no retries": (lambda: TRAINING.retries(0), "MaximumRetryAttempts: expected 1 to 30, got 0 [range]"),
    "no instances": (
        lambda: TRAINING.instances([]),
        "InstanceConfigs: expected a list of 1 to 6 items, got 0 items [items]",
    ),
    "the name of a job": (
        lambda: job(name="my_job"),
        f"HyperParameterTuningJobName: {NAME}, got 'my_job'; did you mean 'my-job'? [pattern]",
    ),
    "no parallel jobs": (
        lambda: job(max_parallel_jobs=0),
        "MaxParallelTrainingJobs: expected 1 or more, got 0 [range]",
    ),
    "a scaling": (
        lambda: JOB.continuous("eta", 0.1, 0.2, scaling="linear"),
        f"ScalingType: {SCALING}, got 'linear'; did you mean 'Linear'? [enum]",
    ),
    "the values of a category as text": (lambda: JOB.categorical("kind", "abc"), f"Values: {TEXT_FOR_LIST}"),
    "the values of a category as bytes": (
        lambda: JOB.categorical("kind", b"abc"),
        "Values: expected a list, got a bytes [type]",
    ),
    "the values of a category as a set": (
        lambda: JOB.categorical("kind", {"a"}),
        "Values: expected a list, got a set of 1 item [type]",
    ),
    "no values of a category": (
        lambda: JOB.categorical("kind", []),
        "Values: expected a list of 1 to 30 items, got 0 items [items]",
    ),
    "a resource of 0": (
        lambda: JOB.hyperband(min_resource=0, max_resource=9),
        "MinResource: expected 1 or more, got 0 [range]",
    ),
    "a negative seed": (lambda: JOB.bayesian(random_seed=-1), "RandomSeed: expected 0 or more, got -1 [range]"),
    "a target that is no number": (
        lambda: JOB.stop_at("0.9"),
        "TargetObjectiveMetricValue: expected a finite number, got '0.9'; write 0.9 [type]",
    ),
    "too few jobs without improvement": (
        lambda: JOB.stop_when_not_improving(2),
        "MaxNumberOfTrainingJobsNotImproving: expected 3 or more, got 2 [range]",
    ),
    "a runtime of a minute": (
        lambda: JOB.max_runtime(60),
        "MaxRuntimeInSeconds: expected 120 to 15768000, got 60 [range]",
    ),
    "the kind of a warm start": (
        lambda: JOB.warm_start("first", kind="Transfer"),
        f"WarmStartType: {WARM_START}, got 'Transfer'; did you mean 'TransferLearning'? [enum]",
    ),
    "a warm start from nothing": (
        lambda: JOB.warm_start(kind="TransferLearning"),
        "ParentHyperParameterTuningJobs: expected a list of 1 to 5 items, got 0 items [items]",
    ),
    "the key of a tag": (
        lambda: JOB.tag("team!", "growth"),
        "Key: expected letters, spaces, digits and _.:/=+-@, got 'team!' [pattern]",
    ),
    "an empty key of a tag": (
        lambda: JOB.tags({"": "growth"}),
        "Key: expected text of 1 to 128 characters, got '' [length]",
    ),
    "a dict for a structure": (
        lambda: TRAINING.with_(vpc_config={"Subnets": ["subnet-1"]}),
        f"VpcConfig: expected a VpcConfig, got a mapping of 1 entry; {BUILD_IT} [type]",
    ),
    "a shape in the place of another": (
        lambda: JOB.with_(autotune=shapes.Tag(key="a", value="")),
        "Autotune: expected an Autotune, got a Tag [type]",
    ),
    "a training in the place of its definition": (
        lambda: JOB.with_(training_job_definition=TRAINING),
        "TrainingJobDefinition: expected a HyperParameterTrainingJobDefinition, got a TrainingBuilder [type]",
    ),
}


@pytest.mark.parametrize(("call", "ending"), REFUSED.values(), ids=REFUSED)
def test_the_call_refuses(call, ending, messages):
    # the shape that the error names may be that of the member or an outer one
    assert [message.removesuffix(ending)[-1:] for message in messages(call)] == ["."]


# --- several violations in a call ---


def test_a_role_that_is_too_short_has_one_violation(refused):
    assert [v.rule for v in refused(training, role_arn="arn")] == ["length"]


SEVERAL_FAULTS = {
    "training": (
        lambda: training(role_arn="role/SageMakerRole-without-arn", output="/local", instance_count=True),
        {"RoleArn", "S3OutputPath", "InstanceCount"},
    ),
    "channel": (
        lambda: TRAINING.channel("my train", "b/c", input_mode="fastfile"),
        {"ChannelName", "S3Uri", "InputMode"},
    ),
    "static": (
        lambda: TRAINING.static(a=None, b="right", c=[]),
        {'StaticHyperParameters["a"]', 'StaticHyperParameters["c"]'},
    ),
    "tuning_job": (
        lambda: job(name="my_job", minimize="", max_parallel_jobs=0),
        {"HyperParameterTuningJobName", "MetricName", "MaxParallelTrainingJobs"},
    ),
    "continuous": (lambda: JOB.continuous("eta", None, "0.3", scaling="log"), {"MinValue", "MaxValue", "ScalingType"}),
    "warm_start": (lambda: JOB.warm_start("my_job", kind="Transfer"), {"HyperParameterTuningJobName", "WarmStartType"}),
    "tags": (lambda: JOB.tags({"team!": "growth", "cost": "7!"}), {"Key", "Value"}),
}


@pytest.mark.parametrize(("call", "members"), SEVERAL_FAULTS.values(), ids=SEVERAL_FAULTS)
def test_all_invalid_arguments_of_a_call_are_reported_together(call, members, refused):
    assert {v.path.rpartition(".")[2] for v in refused(call)} == members


# --- arguments that exclude each other ---


def test_options_of_a_uri_do_not_go_with_a_ready_source():
    ready = shapes.S3DataSource(s3_data_type="S3Prefix", s3_uri="s3://b/c")
    with pytest.raises(
        TypeError, match=r"^source: expected a URI if data_type, .*, got an S3DataSource; remove them, or set "
    ):
        TRAINING.channel("train", ready, distribution="FullyReplicated")


# --- unknown members, repeated ranges and the whole request ---

REQUEST = "CreateHyperParameterTuningJobRequest"


def ranged_job(training):
    job = hptsdk.tuning_job("job", training, minimize="rmse", max_jobs=9, max_parallel_jobs=2)
    return job.continuous("eta", 0, 1)


RANGED_JOB = ranged_job(TRAINING)


# --- unknown names in with_ ---


@pytest.mark.parametrize(
    ("builder", "name", "meant"),
    [
        (TRAINING, "rolearn", "role_arn"),
        (TRAINING, "static_hyper_parameter", "static_hyper_parameters"),
        (TRAINING, "RoleArn", "role_arn"),
        (TRAINING.named("xgb", minimize="rmse"), "hyperparameter_ranges", "hyper_parameter_ranges"),
        (RANGED_JOB, "tag", "tags"),
        (RANGED_JOB, "warmstart_config", "warm_start_config"),
        (RANGED_JOB, "stratgy", "strategy"),
        (RANGED_JOB, "resource_limit", "resource_limits"),
    ],
)
def test_an_unknown_member_gets_a_suggestion(builder, name, meant):
    with pytest.raises(TypeError, match=f"has no member '{name}'; did you mean '{meant}'\\?$"):
        builder.with_(**{name: None})


def test_an_unknown_member_unlike_any_other_gets_no_suggestion():
    with pytest.raises(TypeError, match=r"^HyperParameterTrainingJobDefinition has no member 'colour'$"):
        TRAINING.with_(colour="red")


# --- repeated hyperparameters ---

RANGES = {
    "continuous": lambda j: j.continuous("x", 0, 1),
    "integer": lambda j: j.integer("x", 0, 1),
    "categorical": lambda j: j.categorical("x", ["a"]),
    "auto": lambda j: j.auto("x", 1),
}


@pytest.mark.parametrize("first", RANGES)
@pytest.mark.parametrize("second", RANGES)
def test_a_second_range_of_the_same_name_is_refused_in_the_call(first, second, refused):
    assert [v.got for v in refused(RANGES[second], RANGES[first](RANGED_JOB))] == ["'x'"]


def test_a_range_of_the_name_of_a_ready_one_is_refused_in_the_call(refused):
    ready = shapes.ParameterRanges(auto_parameters=[shapes.AutoParameter(name="x", value_hint="1")])
    assert [v.got for v in refused(RANGED_JOB.with_(parameter_ranges=ready).integer, "x", 0, 1)] == ["'x'"]


def test_names_of_ranges_that_differ_in_case_are_two():
    assert RANGED_JOB.integer("x", 0, 1).integer("X", 0, 1).build()


def test_more_ranges_of_one_kind_than_30_are_refused_in_the_call(refused):
    full = RANGED_JOB
    for i in range(29):
        full = full.continuous(f"x{i}", 0, 1)
    assert "ContinuousParameterRanges" in [v.path for v in refused(full.continuous, "more", 0, 1)]


# --- the whole request ---


def test_all_missing_members_are_reported_with_their_full_paths(messages):
    training = TRAINING.with_(role_arn=None, output_data_config=None)
    assert messages(ranged_job(training).with_(resource_limits=None).build) == [
        f"{REQUEST}.HyperParameterTuningJobConfig.ResourceLimits: expected a ResourceLimits, got nothing [required]",
        f"{REQUEST}.TrainingJobDefinition.RoleArn: expected text, got nothing [required]",
        f"{REQUEST}.TrainingJobDefinition.OutputDataConfig: expected an OutputDataConfig, got nothing [required]",
    ]


def test_a_missing_member_of_a_built_structure_is_reported_with_its_full_path(messages):
    training = TRAINING.with_(algorithm_specification=None).metric("rmse", "rmse=(.*)")
    assert messages(ranged_job(training).build)[0] == (
        f"{REQUEST}.TrainingJobDefinition.AlgorithmSpecification.TrainingInputMode: "
        "expected one of Pipe, File, FastFile, got nothing [required]"
    )


def test_a_missing_required_limit_is_reported_with_its_full_path(messages):
    assert messages(RANGED_JOB.with_(resource_limits=None).max_runtime(600).build) == [
        (
            f"{REQUEST}.HyperParameterTuningJobConfig.ResourceLimits.MaxParallelTrainingJobs: "
            "expected an integer, got nothing [required]"
        )
    ]


def described():
    """Return an invalid definition from a response, which is not validated."""
    response = {"HyperParameterTuningJobName": "old", "TrainingJobDefinition": {"RoleArn": "arn", "New": 1}}
    return hptsdk.from_wire(shapes.DescribeHyperParameterTuningJobResponse, response).training_job_definition


def test_violations_in_a_definition_of_a_response_have_full_paths(refused):
    paths = [v.path for v in refused(ranged_job(described()).build)]
    assert paths == [
        "TrainingJobDefinition.New",
        "TrainingJobDefinition.AlgorithmSpecification",
        "TrainingJobDefinition.RoleArn",
        "TrainingJobDefinition.OutputDataConfig",
        "TrainingJobDefinition.StoppingCondition",
    ]


def test_violations_of_the_job_and_of_a_definition_of_a_response_are_reported_together(refused):
    violations = refused(ranged_job(described()).with_(resource_limits=None).build)
    assert "HyperParameterTuningJobConfig.ResourceLimits" in [v.path for v in violations]


def test_a_part_of_a_response_is_validated_by_the_method(refused):
    response = {"HyperParameterTuningJobName": "old", "TrainingJobDefinition": {"VpcConfig": {"Subnets": []}}}
    described = hptsdk.from_wire(shapes.DescribeHyperParameterTuningJobResponse, response).training_job_definition
    assert [v.path for v in refused(TRAINING.with_, vpc_config=described.vpc_config)] == [
        "VpcConfig.SecurityGroupIds",
        "VpcConfig.Subnets",
    ]


def test_a_violation_has_the_page_that_documents_it(refused):
    assert {v.source for v in refused(RANGED_JOB.with_(resource_limits=None).build)} == {
        "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_HyperParameterTuningJobConfig.html"
    }
