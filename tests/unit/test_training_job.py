"""From a training job to a tuning job: what is carried over, what is left out, and what a request lacks."""

import json
import warnings

import attrs
import pytest

import hptsdk
from hptsdk import errors, shapes
from hptsdk.testing import StubTransport

IMAGE = "123456789012.dkr.ecr.us-east-1.amazonaws.com/mine:1"
XGBOOST = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1"

SETTINGS = {
    "HyperParameters": {"lr": "0.1", "epochs": "10"},
    "RoleArn": "arn:aws:iam::123456789012:role/SageMakerRole",
    "InputDataConfig": [
        {
            "ChannelName": "train",
            "ContentType": "text/csv",
            "DataSource": {
                "S3DataSource": {
                    "S3DataType": "S3Prefix",
                    "S3Uri": "s3://amzn-s3-demo-bucket/train/",
                    "S3DataDistributionType": "FullyReplicated",
                }
            },
        }
    ],
    "OutputDataConfig": {"S3OutputPath": "s3://amzn-s3-demo-bucket/out/", "KmsKeyId": "alias/mine"},
    "VpcConfig": {"SecurityGroupIds": ["sg-0a1b2c3d"], "Subnets": ["subnet-0a1b2c3d"]},
    "EnableNetworkIsolation": True,
    "EnableInterContainerTrafficEncryption": True,
    "EnableManagedSpotTraining": True,
    "CheckpointConfig": {"S3Uri": "s3://amzn-s3-demo-bucket/checkpoints/"},
    "RetryStrategy": {"MaximumRetryAttempts": 2},
    "Environment": {"LEVEL": "debug"},
}
DESCRIBED = SETTINGS | {
    "TrainingJobName": "churn-1",
    "TrainingJobArn": "arn:aws:sagemaker:us-east-1:123456789012:training-job/churn-1",
    "TrainingJobStatus": "Completed",
    "AlgorithmSpecification": {
        "TrainingImage": IMAGE,
        "TrainingInputMode": "File",
        "MetricDefinitions": [{"Name": "loss", "Regex": "loss=([0-9.]+)"}],
    },
    "ResourceConfig": {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 30},
    "StoppingCondition": {"MaxRuntimeInSeconds": 3600, "MaxWaitTimeInSeconds": 7200},
}


def tuned(training):
    """Return the request of a tuning job with a range of `lr`."""
    job = hptsdk.tuning_job("churn", training, minimize="loss", max_jobs=10, max_parallel_jobs=2)
    return job.continuous("lr", 0.01, 0.3).build()


def definition_of(described):
    """Return the document of the definition of the tuning job that tunes a training job."""
    return hptsdk.to_wire(tuned(hptsdk.training_from(described)))["TrainingJobDefinition"]


@pytest.mark.parametrize("name", sorted(SETTINGS.keys() - {"HyperParameters"}))
def test_a_setting_of_the_training_job_is_in_the_definition(name):
    assert definition_of(DESCRIBED)[name] == SETTINGS[name]


def test_a_range_replaces_the_static_hyperparameter_of_its_name():
    assert definition_of(DESCRIBED)["StaticHyperParameters"] == {"epochs": "10"}


def test_a_range_of_one_of_several_definitions_replaces_the_static_hyperparameter():
    definition = hptsdk.training_from(DESCRIBED).named("a", minimize="loss").continuous("lr", 0.01, 0.3)
    request = hptsdk.tuning_job("churn", [definition], max_jobs=10, max_parallel_jobs=2).build()
    assert dict(request.training_job_definitions[0].static_hyper_parameters) == {"epochs": "10"}


def test_a_range_added_after_other_calls_replaces_the_static_hyperparameter():
    training = hptsdk.training_from(DESCRIBED).static(batch=32).environment(LEVEL="info")
    assert dict(tuned(training).training_job_definition.static_hyper_parameters) == {"epochs": "10", "batch": "32"}


def test_a_shape_is_accepted_as_well():
    response = hptsdk.from_wire(shapes.DescribeTrainingJobResponse, DESCRIBED)
    assert tuned(hptsdk.training_from(response)) == tuned(hptsdk.training_from(DESCRIBED))


def test_the_argument_is_not_changed():
    before = hptsdk.from_wire(shapes.DescribeTrainingJobResponse, DESCRIBED)
    hptsdk.training_from(DESCRIBED)
    assert hptsdk.from_wire(shapes.DescribeTrainingJobResponse, DESCRIBED) == before


def test_metrics_that_sagemaker_adds_to_a_built_in_algorithm_are_omitted():
    algorithm = DESCRIBED["AlgorithmSpecification"] | {"TrainingImage": XGBOOST}
    training = hptsdk.training_from(DESCRIBED | {"AlgorithmSpecification": algorithm})
    assert "metric" not in repr(training)


def test_metrics_of_a_script_on_the_same_image_are_carried_over():
    algorithm = DESCRIBED["AlgorithmSpecification"] | {"TrainingImage": XGBOOST}
    static = {"sagemaker_program": "train.py", "sagemaker_submit_directory": "s3://amzn-s3-demo-bucket/source.tar.gz"}
    described = DESCRIBED | {"AlgorithmSpecification": algorithm, "HyperParameters": static}
    assert "metrics: loss" in repr(hptsdk.training_from(described))


def test_the_hyperparameter_that_sagemaker_adds_to_a_training_job_of_a_tuning_job_is_omitted():
    described = DESCRIBED | {"HyperParameters": {"epochs": "10", "_tuning_objective_metric": "loss"}}
    assert "_tuning" not in repr(hptsdk.training_from(described))


def test_a_training_job_without_a_runtime_has_the_default_of_sagemaker():
    described = {name: value for name, value in DESCRIBED.items() if name != "StoppingCondition"}
    described |= {"EnableManagedSpotTraining": False}
    assert definition_of(described)["StoppingCondition"] == {"MaxRuntimeInSeconds": 86400}


def test_a_training_job_without_metrics_can_be_completed():
    algorithm = {"TrainingImage": IMAGE, "TrainingInputMode": "File"}
    training = hptsdk.training_from(DESCRIBED | {"AlgorithmSpecification": algorithm})
    assert tuned(training.metric("loss", "loss=([0-9.]+)")) == tuned(hptsdk.training_from(DESCRIBED))


@pytest.mark.parametrize(
    ("structure", "member", "value"),
    [
        ("OutputDataConfig", "KmsKeyId", ""),
        ("ResourceConfig", "VolumeKmsKeyId", ""),
        ("ResourceConfig", "SelectedInstanceType", "ml.m5.xlarge"),
        ("ResourceConfig", "SelectedInstanceCount", 1),
    ],
)
def test_what_only_responses_have_is_omitted(structure, member, value):
    described = DESCRIBED | {structure: DESCRIBED[structure] | {member: value}}
    assert member not in definition_of(described)[structure]


# --- what is left out ---

LEFT_OUT = {
    "DebugHookConfig": {"S3OutputPath": "s3://amzn-s3-demo-bucket/debug/"},
    "DebugRuleConfigurations": [{"RuleConfigurationName": "loss", "RuleEvaluatorImage": IMAGE}],
    "ExperimentConfig": {"ExperimentName": "churn"},
    "ProfilerConfig": {"S3OutputPath": "s3://amzn-s3-demo-bucket/profile/"},
    "ProfilerRuleConfigurations": [{"RuleConfigurationName": "cpu", "RuleEvaluatorImage": IMAGE}],
    "RemoteDebugConfig": {"EnableRemoteDebug": True},
    "InfraCheckConfig": {"EnableInfraCheck": True},
    "SessionChainingConfig": {"EnableSessionTagChaining": True},
    "TensorBoardOutputConfig": {"S3OutputPath": "s3://amzn-s3-demo-bucket/board/"},
    "Tags": [{"Key": "team", "Value": "growth"}],
    "SettingOfTheNextYear": {"Enabled": True},
}


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("name", LEFT_OUT)
def test_a_setting_that_a_tuning_job_does_not_have_is_left_out(name):
    training = hptsdk.training_from(DESCRIBED | {name: LEFT_OUT[name]})
    [part] = training.left_out
    assert (part.path, bool(part.reason)) == (name, True)
    assert tuned(training) == tuned(hptsdk.training_from(DESCRIBED))


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize(
    ("structure", "member", "value"),
    [
        ("AlgorithmSpecification", "ContainerEntrypoint", ["python"]),
        ("AlgorithmSpecification", "ContainerArguments", ["train.py"]),
        ("ResourceConfig", "KeepAlivePeriodInSeconds", 600),
    ],
)
def test_a_part_of_a_setting_is_left_out(structure, member, value):
    training = hptsdk.training_from(DESCRIBED | {structure: DESCRIBED[structure] | {member: value}})
    assert [part.path for part in training.left_out] == [f"{structure}.{member}"]


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_what_is_left_out_is_known_after_further_calls():
    training = hptsdk.training_from(DESCRIBED | {"Tags": LEFT_OUT["Tags"]}).retries(3).with_(environment=None)
    assert [part.path for part in training.left_out] == ["Tags"]


def test_a_builder_of_training_has_nothing_left_out(training):
    assert training.left_out == ()


@pytest.fixture
def training():
    """Return a builder that does not begin with a training job."""
    return hptsdk.training(
        image=IMAGE,
        role_arn=SETTINGS["RoleArn"],
        output="s3://amzn-s3-demo-bucket/out/",
        instance_type="ml.m5.xlarge",
        instance_count=1,
        max_runtime_in_seconds=3600,
    )


def test_there_is_one_warning_for_all_parts():
    with pytest.warns(UserWarning, match="a training job definition cannot have DebugHookConfig, Tags; ") as warned:
        hptsdk.training_from(DESCRIBED | {name: LEFT_OUT[name] for name in ("DebugHookConfig", "Tags")})
    assert (len(warned), warned[0].filename) == (1, __file__)


@pytest.mark.parametrize("name", ["DebugRuleConfigurations", "DebugHookConfig", "ProfilerConfig"])
def test_an_empty_setting_is_not_left_out(name):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert hptsdk.training_from(DESCRIBED | {name: {}}).left_out == ()


# --- invalid input ---


@pytest.mark.parametrize("other", [None, 3, "churn-1", {}, {"HyperParameterTuningJobName": "churn"}])
def test_a_value_that_is_not_a_training_job_is_a_type_error(other):
    with pytest.raises(TypeError, match="expected the response of DescribeTrainingJob"):
        hptsdk.training_from(other)


def test_the_error_for_text_does_not_show_it():
    with pytest.raises(TypeError, match=r"with TrainingJobName, got text of 24 characters$"):
        hptsdk.training_from('{"PASSWORD": "hunter 2"}')


@pytest.mark.parametrize("algorithm", [None, {}, {"TrainingInputMode": "File"}])
def test_a_training_job_without_an_algorithm_cannot_be_tuned(algorithm):
    with pytest.raises(errors.InvalidShapeError, match=r"AlgorithmSpecification: expected a TrainingImage or an"):
        hptsdk.training_from(DESCRIBED | {"AlgorithmSpecification": algorithm})


def test_a_value_of_another_type_is_a_violation():
    with pytest.raises(errors.InvalidShapeError, match=r"RoleArn: expected"):
        hptsdk.training_from(DESCRIBED | {"RoleArn": 3})


# --- the client ---


def test_the_client_describes_the_training_job():
    transport = StubTransport(DESCRIBED)
    training = hptsdk.TuningClient(transport=transport).training_from("churn-1")
    assert tuned(training) == tuned(hptsdk.training_from(DESCRIBED))
    assert [(call.operation, call.body) for call in transport.calls] == [
        ("DescribeTrainingJob", {"TrainingJobName": "churn-1"})
    ]


# --- differences ---


def differences(request, described=DESCRIBED):
    """Return the differences without the path of the definition."""
    result = hptsdk.differences_from_training_job(request, described)
    return {each.path.removeprefix("TrainingJobDefinition."): (each.training_job, each.tuning_job) for each in result}


def test_a_request_from_the_training_job_has_no_differences():
    assert differences(tuned(hptsdk.training_from(DESCRIBED))) == {}


LACKS = {
    "EnableNetworkIsolation": {"enable_network_isolation": None},
    "EnableInterContainerTrafficEncryption": {"enable_inter_container_traffic_encryption": None},
    "RetryStrategy.MaximumRetryAttempts": {"retry_strategy": None},
    "CheckpointConfig.S3Uri": {"checkpoint_config": None},
    'Environment["LEVEL"]': {"environment": None},
    'InputDataConfig["train"].ContentType': {
        "input_data_config": [
            shapes.Channel(
                channel_name="train",
                data_source=shapes.DataSource(
                    s3_data_source=shapes.S3DataSource(
                        s3_data_type="S3Prefix", s3_uri="s3://amzn-s3-demo-bucket/train/"
                    )
                ),
            )
        ]
    },
}


@pytest.mark.parametrize("path", LACKS)
def test_what_the_request_lacks_is_a_difference(path):
    request = tuned(hptsdk.training_from(DESCRIBED).with_(**LACKS[path]))
    [(where, (_, has))] = differences(request).items()
    assert (where, has) == (path, "nothing")


def test_the_input_mode_of_the_algorithm_on_a_channel_is_no_difference():
    [channel] = DESCRIBED["InputDataConfig"]
    described = DESCRIBED | {"InputDataConfig": [channel | {"InputMode": "File"}]}
    assert differences(tuned(hptsdk.training_from(DESCRIBED)), described) == {}
    assert differences(tuned(hptsdk.training_from(described))) == {}


def test_another_input_mode_on_a_channel_is_a_difference():
    [channel] = DESCRIBED["InputDataConfig"]
    described = DESCRIBED | {"InputDataConfig": [channel | {"InputMode": "FastFile"}]}
    assert differences(tuned(hptsdk.training_from(DESCRIBED)), described) == {
        'InputDataConfig["train"].InputMode': ('"FastFile"', "nothing")
    }


def test_a_channel_that_the_request_lacks_is_one_difference():
    [channel] = DESCRIBED["InputDataConfig"]
    described = DESCRIBED | {"InputDataConfig": [channel, channel | {"ChannelName": "code"}]}
    [(path, (has, lacks))] = differences(tuned(hptsdk.training_from(DESCRIBED)), described).items()
    assert (path, lacks) == ('InputDataConfig["code"]', "nothing")
    assert json.loads(has) == {name: value for name, value in channel.items() if name != "ChannelName"}


def test_a_changed_value_is_a_difference_with_both_values():
    request = tuned(hptsdk.training_from(DESCRIBED).retries(3))
    assert differences(request) == {"RetryStrategy.MaximumRetryAttempts": ("2", "3")}


@pytest.mark.parametrize(
    ("change", "path"),
    [
        (lambda training: training.static(epochs=20), 'StaticHyperParameters["epochs"]'),
        (lambda training: training.environment(LEVEL="info"), 'Environment["LEVEL"]'),
    ],
)
def test_values_that_may_be_secrets_are_redacted(change, path):
    request = tuned(change(hptsdk.training_from(DESCRIBED)))
    assert differences(request) == {path: ("(redacted)", "(redacted)")}


def test_a_tag_that_the_request_lacks_is_a_difference():
    request = tuned(hptsdk.training_from(DESCRIBED))
    assert differences(request, DESCRIBED | {"Tags": LEFT_OUT["Tags"]}) == {
        'Tags["team"].Value': ('"growth"', "nothing")
    }


def test_what_only_the_request_has_is_no_difference():
    request = tuned(hptsdk.training_from(DESCRIBED).environment(ONLY="here").static(only="here"))
    assert differences(request) == {}


def test_one_instance_type_in_the_other_structure_is_no_difference():
    resources = shapes.HyperParameterTuningResourceConfig(
        instance_type="ml.m5.xlarge", instance_count=1, volume_size_in_gb=30
    )
    training = hptsdk.training_from(DESCRIBED).with_(hyper_parameter_tuning_resource_config=resources)
    assert differences(tuned(training)) == {}


def test_the_definition_with_the_algorithm_of_the_training_job_is_compared():
    first = hptsdk.training_from(DESCRIBED).retries(3).named("a", minimize="loss").continuous("lr", 0.01, 0.3)
    other = hptsdk.training_from(DESCRIBED).with_(
        algorithm_specification=attrs.evolve(
            tuned(hptsdk.training_from(DESCRIBED)).training_job_definition.algorithm_specification,
            training_image="123456789012.dkr.ecr.us-east-1.amazonaws.com/other:1",
        )
    )
    second = other.named("b", minimize="loss").continuous("lr", 0.01, 0.3)
    request = hptsdk.tuning_job("churn", [first, second], max_jobs=10, max_parallel_jobs=2).build()
    assert [each.path for each in hptsdk.differences_from_training_job(request, DESCRIBED)] == [
        "TrainingJobDefinitions[0].RetryStrategy.MaximumRetryAttempts"
    ]


def test_a_document_is_no_request():
    with pytest.raises(TypeError, match="differences_from_training_job: expected a CreateHyper"):
        hptsdk.differences_from_training_job({}, DESCRIBED)


def test_the_hint_for_a_builder_in_place_of_a_request_is_a_call_that_works():
    job = hptsdk.tuning_job("churn", hptsdk.training_from(DESCRIBED), minimize="loss", max_jobs=1, max_parallel_jobs=1)
    job = job.continuous("lr", 0.01, 0.3)
    with pytest.raises(TypeError) as raised:
        hptsdk.differences_from_training_job(job, DESCRIBED)
    call = str(raised.value).partition("as in ")[2].replace("...", "described")
    assert eval(call, {"hptsdk": hptsdk, "job": job, "described": DESCRIBED}) == ()  # noqa: S307 - it is the hint


def test_a_comparison_with_a_value_that_is_not_a_training_job_is_a_type_error():
    with pytest.raises(TypeError, match=r"^expected the response of DescribeTrainingJob or the request of"):
        hptsdk.differences_from_training_job(tuned(hptsdk.training_from(DESCRIBED)), {})
