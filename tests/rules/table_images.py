"""Rows of the rules of images and of the instances for which they were built."""

from rows import Row

JOB = "TrainingJobDefinition"
IMAGE = f"{JOB}.AlgorithmSpecification.TrainingImage"
TYPE = f"{JOB}.ResourceConfig.InstanceType"
RESOURCES = f"{JOB}.ResourceConfig"

OWN = "123456789012.dkr.ecr.us-east-1.amazonaws.com/mine:1"
FRAMEWORKS = "763104351884.dkr.ecr.us-east-1.amazonaws.com"
FOR_CPU = f"{FRAMEWORKS}/pytorch-training:2.1-cpu-py310"
FOR_GPU = f"{FRAMEWORKS}/pytorch-training:2.1-gpu-py310"
GROUPS = [
    {"InstanceGroupName": name, "InstanceType": instance_type, "InstanceCount": 1}
    for name, instance_type in (("data", "ml.c5.xlarge"), ("train", "ml.m5.xlarge"))
]


def outside_of_ecr(image, correction=OWN):
    """Return the row of an image that is not in Amazon ECR."""
    return Row("image-is-in-ecr", {IMAGE: image}, {IMAGE: correction}, IMAGE)


ADDRESSES = [
    outside_of_ecr("docker.io/team/mine:1"),
    outside_of_ecr("mine", "mine:1"),
    outside_of_ecr("team/mine:1", "123456789012.dkr.ecr-fips.us-east-1.amazonaws.com/mine:1"),
    outside_of_ecr("kmeans:1", "my-kmeans:1"),
    outside_of_ecr(
        "public.ecr.aws/team/mine:1", f"123456789012.dkr.ecr.us-east-1.amazonaws.com/mine@sha256:{'a' * 64}"
    ),
    outside_of_ecr(f"https://{OWN}"),
    outside_of_ecr(f"docker://{OWN}"),
    outside_of_ecr("123456789012.dkr.ecr.us-east-1.amazonaws.com"),
    outside_of_ecr("123456789012.dkr.ecr.us-east-1.amazonaws.com/Mine:1"),
    outside_of_ecr("12345678901.dkr.ecr.us-east-1.amazonaws.com/mine:1"),
    outside_of_ecr(f"{OWN}@sha256:abc", f"{OWN}@sha256:{'a' * 64}"),
    outside_of_ecr("arn:aws:ecr:us-east-1:123456789012:repository/mine", OWN.removesuffix(":1")),
    outside_of_ecr("123456789012.dkr.ecr.cn-north-1.amazonaws.com/mine:1", f"{OWN}@sha256:{'a' * 64}"),
    Row(
        "image-is-in-ecr",
        {IMAGE: "123456789012.dkr.ecr.cn-north-1.amazonaws.com/mine:1"},
        {
            IMAGE: "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/mine:1",
            "TrainingJobDefinition.RoleArn": "arn:aws-cn:iam::123456789012:role/SageMakerRole",
        },
        IMAGE,
    ),
    outside_of_ecr(
        "123456789012.dkr.ecr.us-east-1.amazonaws.com.cn/mine:1", "123456789012.dkr-ecr.us-east-1.on.aws/team/mine:1"
    ),
    Row(
        "image-account-serves-the-region",
        {IMAGE: "683313688378.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-xgboost:1.7-1"},
        {IMAGE: "141502667606.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-xgboost:1.7-1"},
        IMAGE,
        base="builtin",
    ),
    Row(
        "image-account-serves-the-region",
        {IMAGE: "683313688378.dkr.ecr.xx-west-9.amazonaws.com/sagemaker-xgboost:1.7-1"},
        {IMAGE: "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1"},
        IMAGE,
        base="builtin",
    ),
    # an account of many regions may be the one of a new region
    Row(
        "image-account-serves-the-region",
        {IMAGE: "763104351884.dkr.ecr.me-south-1.amazonaws.com/pytorch-training:2.1"},
        {IMAGE: "763104351884.dkr.ecr.xx-west-9.amazonaws.com/pytorch-training:2.1"},
        IMAGE,
    ),
]

PROCESSORS = [
    Row("image-tag-fits-the-processor", {IMAGE: FOR_GPU}, {IMAGE: FOR_CPU}, TYPE),
    Row("image-tag-fits-the-processor", {IMAGE: FOR_GPU}, {TYPE: "ml.g5.xlarge"}, TYPE),
    Row("image-tag-fits-the-processor", {IMAGE: FOR_GPU}, {TYPE: "ml.trn1.2xlarge"}, TYPE),
    Row("image-tag-fits-the-processor", {IMAGE: FOR_CPU, TYPE: "ml.g5.xlarge"}, {TYPE: "ml.m5.xlarge"}, TYPE),
    Row(
        "image-tag-fits-the-processor",
        {IMAGE: FOR_GPU, RESOURCES: {"InstanceGroups": GROUPS, "VolumeSizeInGB": 30}},
        {f"{RESOURCES}.InstanceGroups.1.InstanceType": "ml.g5.xlarge"},
        f"{RESOURCES}.InstanceGroups[0].InstanceType",
    ),
]

ROWS = ADDRESSES + PROCESSORS
