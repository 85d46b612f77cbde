"""Rows of the rules of script mode."""

from rows import Row

JOB = "TrainingJobDefinition"
STATIC = f"{JOB}.StaticHyperParameters"
PROGRAM, SOURCE = f"{STATIC}.sagemaker_program", f"{STATIC}.sagemaker_submit_directory"
PROGRAM_PATH, SOURCE_PATH = f'{STATIC}["sagemaker_program"]', f'{STATIC}["sagemaker_submit_directory"]'
IMAGE = f"{JOB}.AlgorithmSpecification.TrainingImage"
ARCHIVE = '"s3://amzn-s3-demo-bucket/sourcedir.tar.gz"'
CHANNEL = {
    "ChannelName": "code",
    "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://amzn-s3-demo-bucket/code/"}},
}


def image(repository, account="763104351884"):
    return f"{account}.dkr.ecr.us-east-1.amazonaws.com/{repository}"


WITHOUT_SOURCE = {PROGRAM: '"train.py"', IMAGE: image("pytorch-training:2.1-cpu-py310")}

PROGRAMS = [
    Row("program-has-a-source", WITHOUT_SOURCE, correction, SOURCE_PATH)
    for correction in (
        {SOURCE: ARCHIVE},
        {PROGRAM: '""'},
        {IMAGE: image("pytorch-training:2.1-cpu-py310", "123456789012")},
        {IMAGE: image("mine:1")},
        {f"{JOB}.Environment": {"SAGEMAKER_SUBMIT_DIRECTORY": "/opt/ml/code"}},
        {f"{JOB}.InputDataConfig.1": CHANNEL},
    )
]
PROGRAMS += [
    Row("program-has-a-source", {**WITHOUT_SOURCE, IMAGE: image(repository)}, {PROGRAM: None}, SOURCE_PATH)
    for repository in (
        "tensorflow-training",
        "mxnet-training",
        "huggingface-pytorch-training",
        "huggingface-tensorflow-trcomp-training",
        "autogluon-training",
        "pytorch-training-neuronx",
        "sagemaker-tensorflow-scriptmode",
        "sagemaker-chainer",
        "sagemaker-rl-coach-container",
    )
]
CHANNELS = [
    Row("source-channel-exists", {SOURCE: f"/opt/ml/input/data/{name}"}, correction, SOURCE_PATH)
    for name, correction in (
        ("code", {f"{JOB}.InputDataConfig.1": CHANNEL}),
        ("code/sourcedir.tar.gz", {SOURCE: "/opt/ml/code"}),
        ("trian", {SOURCE: "/opt/ml/input/data/train/src"}),
        ("x", {SOURCE: "/opt/ml/input/data/"}),
    )
]
LOCAL = [
    Row("source-is-not-local", {SOURCE: path}, {SOURCE: ARCHIVE}, SOURCE_PATH)
    for path in (
        "file:///home/me/src",
        '"~/src"',
        "./src",
        "../src",
        ".",
        "C:\\\\src",
        "/Users/me/src",
        "/mnt/c/src",
        "/content/drive/src",
        "/home/ec2-user/SageMaker/src",
    )
]
LOCAL += [
    Row("source-is-not-local", {SOURCE: "./src"}, {SOURCE: path}, SOURCE_PATH)
    for path in ("/opt/ml/code", "/home/model-server/src", ".src", "")
]
LOCAL += [Row("source-is-not-local", {PROGRAM: "/Users/me/train.py"}, {PROGRAM: "./train.py"}, PROGRAM_PATH)]

ROWS = [*PROGRAMS, *CHANNELS, *LOCAL]
