"""The members that each method of a definition's builder sets; the builder itself does not change."""

import inspect

import pytest
from sample_requests import REQUIRED, XGBOOST_IMAGE

import hptsdk
from hptsdk import shapes

ARGUMENTS = {"image": XGBOOST_IMAGE, **REQUIRED}
TRAIN = "s3://amzn-s3-demo-bucket/train/"
S3 = {"S3DataType": "S3Prefix", "S3Uri": TRAIN}
DATASET = "arn:aws:sagemaker:us-east-1:aws:hub-content/hub/DataSet/d/1.0.0"


def training(**others):
    return hptsdk.training(**{**ARGUMENTS, **others})


def wire(builder):
    """Return the definition of a built request in wire form."""
    job = hptsdk.tuning_job("job", builder, minimize="rmse", max_jobs=2, max_parallel_jobs=1)
    return hptsdk.to_wire(job.continuous("eta", 0, 1).build())["TrainingJobDefinition"]


def channels(*rows):
    """Return channels in wire form, by name, source and other members."""
    return {"InputDataConfig": [{"ChannelName": n, "DataSource": source, **rest} for n, source, rest in rows]}


SMALL = shapes.HyperParameterTuningInstanceConfig(instance_type="ml.m5.large", instance_count=1, volume_size_in_gb=30)
ON_THE_WIRE = {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 30}
VPC = {"subnets": ["subnet-1"], "security_group_ids": ["sg-1"]}
VPC_ON_THE_WIRE = {"VpcConfig": {"Subnets": ["subnet-1"], "SecurityGroupIds": ["sg-1"]}}
RMSE = shapes.MetricDefinition(name="rmse", regex="rmse=(.*)")
IMAGE = {"TrainingImage": ARGUMENTS["image"]}

# By method: a call, and the members of the definition that it sets.
CALLS = [
    (
        "metric",
        lambda t: t.metric("rmse", "rmse=(.*)"),
        {
            "AlgorithmSpecification": {
                **IMAGE,
                "TrainingInputMode": "File",
                "MetricDefinitions": [{"Name": "rmse", "Regex": "rmse=(.*)"}],
            }
        },
    ),
    (
        "metrics",
        lambda t: t.metrics([RMSE]),
        {
            "AlgorithmSpecification": {
                **IMAGE,
                "TrainingInputMode": "File",
                "MetricDefinitions": [{"Name": "rmse", "Regex": "rmse=(.*)"}],
            }
        },
    ),
    (
        "input_mode",
        lambda t: t.input_mode("FastFile"),
        {"AlgorithmSpecification": {**IMAGE, "TrainingInputMode": "FastFile"}},
    ),
    (
        "static",
        lambda t: t.static({"learning-rate": 0.1}, booster="gbtree", num_round=100),
        {"StaticHyperParameters": {"learning-rate": "0.1", "booster": "gbtree", "num_round": "100"}},
    ),
    (
        "static_json",
        lambda t: t.static_json({"a-b": None}, text="x", flag=True, items=[1, 0.5], nested={"k": "v"}),
        {
            "StaticHyperParameters": {
                "a-b": "null",
                "text": '"x"',
                "flag": "true",
                "items": "[1, 0.5]",
                "nested": '{"k": "v"}',
            }
        },
    ),
    (
        "environment",
        lambda t: t.environment({"LEVEL": "info"}, WORKERS=4),
        {"Environment": {"LEVEL": "info", "WORKERS": "4"}},
    ),
    ("channel", lambda t: t.channel("train", TRAIN), channels(("train", {"S3DataSource": S3}, {}))),
    (
        "channel",
        lambda t: t.channel(
            "train",
            TRAIN,
            content_type="text/csv",
            input_mode="Pipe",
            compression="Gzip",
            record_wrapper="RecordIO",
            shuffle_seed=0,
        ),
        channels(
            (
                "train",
                {"S3DataSource": S3},
                {
                    "ContentType": "text/csv",
                    "InputMode": "Pipe",
                    "CompressionType": "Gzip",
                    "RecordWrapperType": "RecordIO",
                    "ShuffleConfig": {"Seed": 0},
                },
            )
        ),
    ),
    (
        "channel",
        lambda t: t.channel(
            "train",
            TRAIN,
            data_type="AugmentedManifestFile",
            distribution="ShardedByS3Key",
            attribute_names=["image", "label"],
            instance_groups=["workers"],
            input_mode="Pipe",
        ),
        channels(
            (
                "train",
                {
                    "S3DataSource": {
                        "S3DataType": "AugmentedManifestFile",
                        "S3Uri": TRAIN,
                        "S3DataDistributionType": "ShardedByS3Key",
                        "AttributeNames": ["image", "label"],
                        "InstanceGroupNames": ["workers"],
                    }
                },
                {"InputMode": "Pipe"},
            )
        ),
    ),
    (
        "channel",
        lambda t: t.channel("train", shapes.S3DataSource(s3_data_type="ManifestFile", s3_uri=TRAIN)),
        channels(("train", {"S3DataSource": {"S3DataType": "ManifestFile", "S3Uri": TRAIN}}, {})),
    ),
    (
        "channel",
        lambda t: t.channel("train", shapes.DatasetSource(dataset_arn=DATASET)),
        channels(("train", {"DatasetSource": {"DatasetArn": DATASET}}, {})),
    ),
    (
        "file_system",
        lambda t: t.vpc(**VPC).file_system("train", "fs-0123456789", directory="/data", file_system_type="EFS"),
        VPC_ON_THE_WIRE
        | channels(
            (
                "train",
                {
                    "FileSystemDataSource": {
                        "FileSystemId": "fs-0123456789",
                        "FileSystemAccessMode": "ro",
                        "FileSystemType": "EFS",
                        "DirectoryPath": "/data",
                    }
                },
                {},
            )
        ),
    ),
    (
        "file_system",
        lambda t: t.vpc(**VPC).file_system(
            "train",
            "fs-0123456789",
            directory="/data",
            file_system_type="FSxLustre",
            access_mode="rw",
            content_type="text/csv",
            input_mode="File",
        ),
        VPC_ON_THE_WIRE
        | channels(
            (
                "train",
                {
                    "FileSystemDataSource": {
                        "FileSystemId": "fs-0123456789",
                        "FileSystemAccessMode": "rw",
                        "FileSystemType": "FSxLustre",
                        "DirectoryPath": "/data",
                    }
                },
                {"ContentType": "text/csv", "InputMode": "File"},
            )
        ),
    ),
    (
        "channels",
        lambda t: t.channels(
            [
                shapes.Channel(
                    channel_name="train",
                    data_source=shapes.DataSource(
                        s3_data_source=shapes.S3DataSource(s3_data_type="S3Prefix", s3_uri=TRAIN)
                    ),
                )
            ]
        ),
        channels(("train", {"S3DataSource": S3}, {})),
    ),
    ("vpc", lambda t: t.vpc(**VPC), VPC_ON_THE_WIRE),
    (
        "spot",
        lambda t: t.spot(max_wait_in_seconds=7200),
        {
            "StoppingCondition": {"MaxRuntimeInSeconds": 3600, "MaxWaitTimeInSeconds": 7200},
            "EnableManagedSpotTraining": True,
        },
    ),
    ("checkpoints", lambda t: t.checkpoints("s3://b/c"), {"CheckpointConfig": {"S3Uri": "s3://b/c"}}),
    (
        "checkpoints",
        lambda t: t.checkpoints("s3://b/c", local_path="/c"),
        {"CheckpointConfig": {"S3Uri": "s3://b/c", "LocalPath": "/c"}},
    ),
    (
        "max_pending_time",
        lambda t: t.max_pending_time(7200),
        {"StoppingCondition": {"MaxRuntimeInSeconds": 3600, "MaxPendingTimeInSeconds": 7200}},
    ),
    ("retries", lambda t: t.retries(3), {"RetryStrategy": {"MaximumRetryAttempts": 3}}),
    (
        "instances",
        lambda t: t.instances([SMALL]),
        {
            "ResourceConfig": None,
            "HyperParameterTuningResourceConfig": {
                "AllocationStrategy": "Prioritized",
                "InstanceConfigs": [ON_THE_WIRE],
            },
        },
    ),
    ("network_isolation", lambda t: t.network_isolation(), {"EnableNetworkIsolation": True}),
    ("encrypt_traffic", lambda t: t.encrypt_traffic(), {"EnableInterContainerTrafficEncryption": True}),
    (
        "with_",
        lambda t: t.with_(output_data_config=shapes.OutputDataConfig(s3_output_path="s3://b/o", kms_key_id="key")),
        {"OutputDataConfig": {"S3OutputPath": "s3://b/o", "KmsKeyId": "key"}},
    ),
]
EACH = pytest.mark.parametrize(("call", "changes"), [c[1:] for c in CALLS], ids=[c[0] for c in CALLS])


def present(members):
    return {name: value for name, value in members.items() if value is not None}


@EACH
def test_a_call_sets_these_members_and_no_others(call, changes):
    assert wire(call(training())) == present({**wire(training()), **changes})


@EACH
def test_a_call_does_not_change_the_builder(call, changes):
    builder = training()
    before = wire(builder)
    call(builder)
    assert wire(builder) == before


@EACH
def test_a_method_returns_a_builder_of_the_same_class(call, changes):
    assert type(call(training())) is type(training())


@EACH
def test_a_method_of_a_named_definition_returns_a_named_definition(call, changes):
    definition = training().named("xgb", minimize="rmse")
    assert type(call(definition)) is type(definition)


def test_every_method_is_called_above():
    methods = {name for name, value in inspect.getmembers(training(), callable) if not name.startswith("_")}
    assert methods - {"named"} == {name for name, *_ in CALLS}


def test_each_argument_of_training_sets_its_member():
    assert wire(training()) == {
        "AlgorithmSpecification": {"TrainingImage": ARGUMENTS["image"], "TrainingInputMode": "File"},
        "RoleArn": ARGUMENTS["role_arn"],
        "OutputDataConfig": {"S3OutputPath": ARGUMENTS["output"]},
        "ResourceConfig": {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 30},
        "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
    }


def test_a_missing_volume_size_is_omitted():
    builder = training(instance_type="ml.g5.xlarge", volume_size_in_gb=None)
    assert wire(builder)["ResourceConfig"] == {"InstanceType": "ml.g5.xlarge", "InstanceCount": 1}


def test_an_algorithm_replaces_the_image():
    builder = training(image=None, algorithm="my-algorithm")
    assert wire(builder)["AlgorithmSpecification"] == {"AlgorithmName": "my-algorithm", "TrainingInputMode": "File"}


def test_output_can_be_a_ready_shape():
    output = shapes.OutputDataConfig(s3_output_path="s3://b/o", compression_type="NONE")
    assert wire(training(output=output))["OutputDataConfig"] == {"S3OutputPath": "s3://b/o", "CompressionType": "NONE"}


def test_an_instance_type_that_is_not_modelled_is_accepted():
    assert wire(training(instance_type="ml.new9.xlarge"))["ResourceConfig"]["InstanceType"] == "ml.new9.xlarge"


def test_a_hyperparameter_may_be_called_self():
    assert wire(training().static(self="x"))["StaticHyperParameters"] == {"self": "x"}


def test_a_hyperparameter_may_be_called_mapping():
    assert wire(training().static(mapping="x"))["StaticHyperParameters"] == {"mapping": "x"}


def test_an_integer_stays_without_a_point_in_json():
    assert wire(training().static_json(epochs=3))["StaticHyperParameters"] == {"epochs": "3"}
