"""Rows of the rules of partitions, regions and accounts that have to agree, and of names of algorithms."""

from rows import Row

JOB = "TrainingJobDefinition"
SPECIFICATION = f"{JOB}.AlgorithmSpecification"
IMAGE = f"{SPECIFICATION}.TrainingImage"
OUTPUT = f"{JOB}.OutputDataConfig"
URI = f"{OUTPUT}.S3OutputPath"
KEY = f"{OUTPUT}.KmsKeyId"
ROLE = f"{JOB}.RoleArn"
DATA = f"{JOB}.InputDataConfig.0.DataSource.S3DataSource.S3Uri"
HUB = f"{DATA.removesuffix('.S3Uri')}.HubAccessConfig"
DATA_PATH = f"{JOB}.InputDataConfig[0].DataSource.S3DataSource.S3Uri"
TUNED = f"{JOB}.HyperParameterTuningResourceConfig"
VOLUME = {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 30}
OTHER_IMAGE = "TrainingJobDefinitions.1.AlgorithmSpecification.TrainingImage"
OTHER_PATH = "TrainingJobDefinitions[1].AlgorithmSpecification.TrainingImage"


def key(region, partition="aws"):
    return f"arn:{partition}:kms:{region}:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"


def image(region, domain="amazonaws.com"):
    return f"123456789012.dkr.ecr.{region}.{domain}/mine:1"


def plan(region):
    return f"arn:aws:sagemaker:{region}:123456789012:training-plan/big"


def dataset(region):
    return f"arn:aws:sagemaker:{region}:123456789012:hub-content/mine/DataSet/rows/1.0.0"


def model(region):
    return f"arn:aws:sagemaker:{region}:123456789012:hub-content/mine/Model/bert/1.0.0"


def role(partition, account="123456789012"):
    return f"arn:{partition}:iam::{account}:role/SageMakerRole"


ALGORITHM = {
    SPECIFICATION: {
        "TrainingInputMode": "File",
        "AlgorithmName": "arn:aws:sagemaker:us-west-2:123456789012:algorithm/mine",
    }
}
CHINA = "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/mine:1"

PARTITIONS = [
    Row("partitions-agree", {ROLE: role("aws-cn")}, {IMAGE: CHINA}, ROLE),
    Row("partitions-agree", {ROLE: role("aws-us-gov")}, {IMAGE: image("us-gov-west-1")}, ROLE),
    Row("partitions-agree", {ROLE: role("aws-iso")}, {IMAGE: image("us-iso-east-1", "c2s.ic.gov")}, ROLE),
    Row("partitions-agree", {ROLE: role("aws-iso-b")}, {IMAGE: image("us-isob-east-1", "sc2s.sgov.gov")}, ROLE),
    Row("partitions-agree", {ROLE: role("aws-iso-e")}, {IMAGE: image("eu-isoe-west-1", "cloud.adc-e.uk")}, ROLE),
    Row("partitions-agree", {ROLE: role("aws-iso-f")}, {IMAGE: image("us-isof-south-1", "csp.hci.ic.gov")}, ROLE),
    Row("partitions-agree", {ROLE: role("aws-eusc")}, {IMAGE: image("eusc-de-east-1", "amazonaws.eu")}, ROLE),
    Row("partitions-agree", {KEY: key("cn-north-1", "aws-cn")}, {KEY: key("us-east-1")}, KEY),
    Row("partitions-agree", {IMAGE: CHINA}, {ROLE: role("aws-cn")}, ROLE),
    Row("partitions-agree", {URI: "s3://sagemaker-cn-north-1-123456789012/x"}, {URI: "s3://sagemaker/x"}, URI),
    Row(
        "partitions-agree",
        {OTHER_IMAGE: CHINA, "TrainingJobDefinitions.1.RoleArn": role("aws-cn")},
        {OTHER_IMAGE: image("us-east-1"), "TrainingJobDefinitions.1.RoleArn": role("aws")},
        OTHER_PATH,
        "several",
    ),
]
REGIONS = [
    Row("regions-agree", {KEY: key("us-west-2")}, {IMAGE: image("us-west-2")}, KEY),
    Row("regions-agree", {KEY: key("eu-west-1")}, {KEY: "alias/eu-west-1"}, KEY),
    Row(
        "regions-agree",
        {f"{JOB}.ResourceConfig.VolumeKmsKeyId": key("us-east-2")},
        {f"{JOB}.ResourceConfig.VolumeKmsKeyId": key("us-east-1")},
        f"{JOB}.ResourceConfig.VolumeKmsKeyId",
    ),
    Row(
        "regions-agree",
        {f"{JOB}.ResourceConfig": None, TUNED: {**VOLUME, "VolumeKmsKeyId": key("us-east-2")}},
        {f"{TUNED}.VolumeKmsKeyId": key("us-east-1")},
        f"{TUNED}.VolumeKmsKeyId",
    ),
    Row(
        "regions-agree",
        {f"{JOB}.ResourceConfig.TrainingPlanArn": "arn:aws:sagemaker:us-east-2:123456789012:training-plan/big"},
        {f"{JOB}.ResourceConfig.TrainingPlanArn": "arn:aws:sagemaker:us-east-1:123456789012:training-plan/big"},
        f"{JOB}.ResourceConfig.TrainingPlanArn",
    ),
    Row(
        "regions-agree",
        {
            f"{JOB}.ResourceConfig": {
                "InstancePreferences": [
                    {"InstanceType": "ml.p5.48xlarge", "TrainingPlanArns": [plan("us-east-2")]},
                    {"InstanceType": "ml.p4d.24xlarge"},
                ],
                "InstanceCount": 1,
            }
        },
        {f"{JOB}.ResourceConfig.InstancePreferences.0.TrainingPlanArns.0": plan("us-east-1")},
        f"{JOB}.ResourceConfig.InstancePreferences[0].TrainingPlanArns[0]",
    ),
    Row(
        "regions-agree",
        {f"{JOB}.InputDataConfig.0.DataSource": {"DatasetSource": {"DatasetArn": dataset("us-west-2")}}},
        {f"{JOB}.InputDataConfig.0.DataSource.DatasetSource.DatasetArn": dataset("us-east-1")},
        f"{JOB}.InputDataConfig[0].DataSource.DatasetSource.DatasetArn",
    ),
    Row(
        "regions-agree",
        {HUB: {"HubContentArn": model("us-west-2")}},
        {HUB: {"HubContentArn": model("us-east-1")}},
        f"{DATA_PATH.removesuffix('.S3Uri')}.HubAccessConfig.HubContentArn",
    ),
    Row(
        "regions-agree",
        {URI: "s3://sagemaker-us-west-2-123456789012/out/"},
        {URI: "s3://sagemaker-us-west-2/out/"},
        URI,
    ),
    Row(
        "regions-agree",
        {f"{JOB}.CheckpointConfig": {"S3Uri": "s3://sagemaker-us-west-2-123456789012"}},
        {f"{JOB}.CheckpointConfig.S3Uri": "s3://sagemaker-us-east-1-123456789012"},
        f"{JOB}.CheckpointConfig.S3Uri",
    ),
    Row("regions-agree", {DATA: "s3://sagemaker-ap-southeast-2-123456789012/train/"}, {IMAGE: "mine:1"}, DATA_PATH),
    Row("regions-agree", {**ALGORITHM, KEY: key("us-east-1")}, {KEY: key("us-west-2")}, KEY),
    Row("regions-agree", {OTHER_IMAGE: image("us-west-2")}, {OTHER_IMAGE: image("us-east-1")}, OTHER_PATH, "several"),
]
ACCOUNTS = [
    Row(
        "default-bucket-is-of-the-account",
        {URI: "s3://sagemaker-us-east-1-210987654321/out/"},
        {ROLE: role("aws", "210987654321")},
        URI,
    ),
    Row(
        "default-bucket-is-of-the-account",
        {DATA: "s3://sagemaker-us-east-1-210987654321"},
        {DATA: "s3://sagemaker-us-east-1-123456789012"},
        DATA_PATH,
    ),
]


def named(name):
    return {f"{SPECIFICATION}.AlgorithmName": name}


ALGORITHMS = [
    Row(
        "algorithm-name-is-a-resource",
        {SPECIFICATION: {"TrainingInputMode": "File", "AlgorithmName": name}},
        named(corrected),
        f"{SPECIFICATION}.AlgorithmName",
    )
    for name, corrected in (
        ("xgboost", "my-xgboost"),
        ("XGBoost", "XGBoost2"),
        ("linear-learner", "linear-learned"),
        ("sagemaker-xgboost", "sagemaker"),
        ("KMeans", "means"),
        ("lightgbm", "light"),
        (
            "arn:aws:sagemaker:us-east-1:123456789012:model-package/mine",
            "arn:aws:sagemaker:us-east-1:123456789012:algorithm/mine",
        ),
    )
]

ROWS = [*PARTITIONS, *REGIONS, *ACCOUNTS, *ALGORITHMS]
