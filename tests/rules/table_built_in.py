"""Rows of the rules of the channels and the instances of built-in algorithms."""

from rows import Row

JOB = "TrainingJobDefinition"
IMAGE = f"{JOB}.AlgorithmSpecification.TrainingImage"
MODE = f"{JOB}.AlgorithmSpecification.TrainingInputMode"
CONFIG = "HyperParameterTuningJobConfig"
STATIC = f"{JOB}.StaticHyperParameters"
CHANNELS = f"{JOB}.InputDataConfig"
CHANNEL = f"{CHANNELS}.0"
CHANNEL_PATH = f"{CHANNELS}[0]"
RESOURCES = f"{JOB}.ResourceConfig"
TYPE = f"{RESOURCES}.InstanceType"
COUNT = f"{RESOURCES}.InstanceCount"
TUNING_RESOURCES = f"{JOB}.HyperParameterTuningResourceConfig"
ISOLATION = f"{JOB}.EnableNetworkIsolation"

S3 = {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://amzn-s3-demo-bucket/train/"}}
MANIFEST = {
    "S3DataSource": {
        "S3DataType": "AugmentedManifestFile",
        "S3Uri": "s3://amzn-s3-demo-bucket/train.manifest",
        "AttributeNames": ["source-ref", "label"],
    }
}
PREFERENCES = [{"InstanceType": "ml.g5.xlarge"}, {"InstanceType": "ml.g5.2xlarge"}]
METRIC = {"Name": "loss", "Regex": "loss=([-+0-9.e]+);"}


def channel(name, content_type=None, source=S3):
    """Return a channel; its content type is not set by default."""
    return {"ChannelName": name, "DataSource": source} | ({"ContentType": content_type} if content_type else {})


def algorithm(image, objective, static, ranges, channels):
    """Return the changes of the built-in base to another algorithm."""
    return {
        IMAGE: image,
        STATIC: static,
        f"{CONFIG}.HyperParameterTuningJobObjective": dict(zip(("Type", "MetricName"), objective, strict=True)),
        f"{CONFIG}.ParameterRanges": ranges,
        CHANNELS: channels,
    }


RATE = {"ContinuousParameterRanges": [{"Name": "learning_rate", "MinValue": "0.001", "MaxValue": "0.1"}]}
IMAGES = algorithm(
    "811284229777.dkr.ecr.us-east-1.amazonaws.com/image-classification:1",
    ("Maximize", "validation:accuracy"),
    {"num_classes": "2", "num_training_samples": "100"},
    RATE,
    [channel("train", "application/x-recordio"), channel("validation", "application/x-recordio")],
) | {TYPE: "ml.g5.xlarge"}
SEGMENTS = algorithm(
    "811284229777.dkr.ecr.us-east-1.amazonaws.com/semantic-segmentation:1",
    ("Maximize", "validation:mIOU"),
    {"num_classes": "2", "num_training_samples": "100"},
    RATE,
    [
        channel("train", "image/jpeg"),
        channel("validation", "image/jpeg"),
        channel("train_annotation", "image/png"),
        channel("validation_annotation", "image/png"),
    ],
) | {TYPE: "ml.g5.xlarge"}
FOREST = algorithm(
    "382416733822.dkr.ecr.us-east-1.amazonaws.com/randomcutforest:1",
    ("Maximize", "test:f1"),
    {"feature_dim": "2"},
    {"IntegerParameterRanges": [{"Name": "num_trees", "MinValue": "50", "MaxValue": "100"}]},
    [channel("train", "text/csv;label_size=0"), channel("test", "text/csv;label_size=1")],
)
SENTENCES = algorithm(
    "382416733822.dkr.ecr.us-east-1.amazonaws.com/object2vec:1",
    ("Minimize", "validation:cross_entropy"),
    {"enc0_max_seq_len": "50", "enc0_vocab_size": "1000"},
    RATE,
    [channel("train"), channel("validation")],
)
WORDS = algorithm(
    "811284229777.dkr.ecr.us-east-1.amazonaws.com/blazingtext:1",
    ("Maximize", "train:mean_rho"),
    {"mode": "batch_skipgram"},
    {"IntegerParameterRanges": [{"Name": "vector_dim", "MinValue": "32", "MaxValue": "300"}]},
    [channel("train")],
)
XGBOOST = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:{}"
CHAINER = {
    IMAGE: "520713654638.dkr.ecr.us-east-1.amazonaws.com/sagemaker-chainer:5.0.0-cpu-py3",
    f"{JOB}.AlgorithmSpecification.MetricDefinitions": [METRIC],
}
SCRIPT = {"sagemaker_program": "train.py", "sagemaker_submit_directory": "s3://amzn-s3-demo-bucket/source.tar.gz"}


def row(rule, change, correction, path):
    """Return a row that changes the built-in base."""
    return Row(rule, change, correction, path, base="builtin")


NAMES = [
    row(
        "channel-is-read",
        {f"{CHANNEL}.ChannelName": "trian"},
        {f"{CHANNEL}.ChannelName": "train"},
        f"{CHANNEL_PATH}.ChannelName",
    ),
    row(
        "channel-is-read",
        {f"{CHANNELS}.2": channel("test")},
        {f"{CHANNELS}.2.ChannelName": "code", f"{CHANNELS}.2.ContentType": "text/python"},
        f"{CHANNELS}[2].ChannelName",
    ),
    row(
        "channel-is-read",
        {f"{CHANNELS}.2": channel("Validation")},
        {IMAGE: "123456789012.dkr.ecr.us-east-1.amazonaws.com/xgboost:1"},
        f"{CHANNELS}[2].ChannelName",
    ),
    row(
        "channel-is-read",
        {f"{CHANNELS}.2": channel("test")},
        {f"{STATIC}.{name}": value for name, value in SCRIPT.items()},
        f"{CHANNELS}[2].ChannelName",
    ),
    row(
        "algorithm-has-its-channels", {f"{CHANNEL}.ChannelName": "code"}, {f"{CHANNEL}.ChannelName": "train"}, CHANNELS
    ),
    row(
        "algorithm-has-its-channels", {CHANNELS: [channel("validation")]}, {f"{CHANNELS}.1": channel("train")}, CHANNELS
    ),
    row(
        "algorithm-has-its-channels",
        SEGMENTS | {CHANNELS: SEGMENTS[CHANNELS][:3]},
        {f"{CHANNELS}.3": channel("validation_annotation", "image/png")},
        CHANNELS,
    ),
    row(
        "algorithm-has-its-channels",
        SEGMENTS | {CHANNELS: SEGMENTS[CHANNELS][:3]},
        {f"{CHANNELS}.0.DataSource": MANIFEST, f"{CHANNELS}.1.DataSource": MANIFEST, MODE: "Pipe"},
        CHANNELS,
    ),
    row(
        "algorithm-has-its-channels",
        SEGMENTS | {CHANNELS: SEGMENTS[CHANNELS][:3]},
        {f"{CHANNELS}.0.ContentType": ""},
        CHANNELS,
    ),
]

CONTENT = [
    row(
        "content-type-is-read",
        {f"{CHANNEL}.ContentType": "application/json"},
        {f"{CHANNEL}.ContentType": "text/csv"},
        f"{CHANNEL_PATH}.ContentType",
    ),
    row(
        "content-type-is-read",
        {f"{CHANNEL}.ContentType": "text/csv;label_size=0"},
        {f"{CHANNEL}.ContentType": "Text/CSV; label_size=1"},
        f"{CHANNEL_PATH}.ContentType",
    ),
    row(
        "content-type-is-read",
        IMAGES | {f"{CHANNELS}.2": channel("model", "application/x-tar")},
        {f"{CHANNELS}.2.ContentType": "application/x-sagemaker-model"},
        f"{CHANNELS}[2].ContentType",
    ),
    row(
        "input-mode-is-supported",
        {MODE: "Pipe", f"{CHANNEL}.ContentType": "text/libsvm"},
        {f"{CHANNEL}.ContentType": "text/csv"},
        MODE,
    ),
    row(
        "input-mode-is-supported",
        {f"{CHANNEL}.InputMode": "Pipe", f"{CHANNEL}.ContentType": "text/libsvm"},
        {f"{CHANNEL}.InputMode": "FastFile"},
        f"{CHANNEL_PATH}.InputMode",
    ),
    row(
        "content-type-is-read",
        IMAGES | {f"{CHANNELS}.0.ContentType": "application/x-recordio;label-format=one-hot"},
        {f"{CHANNELS}.0.ContentType": "application/x-recordio;label-format=multi-hot;other=1"},
        f"{CHANNEL_PATH}.ContentType",
    ),
    row(
        "input-mode-is-supported",
        {f"{CHANNEL}.InputMode": "Pipe", f"{CHANNEL}.ContentType": "text/libsvm"},
        {f"{CHANNEL}.ContentType": ""},
        f"{CHANNEL_PATH}.InputMode",
    ),
    row(
        "input-mode-is-supported",
        SEGMENTS | {f"{CHANNELS}.1.InputMode": "FastFile", f"{CHANNELS}.1.ContentType": "application/x-recordio"},
        {f"{CHANNELS}.1.ContentType": "application/x-image"},
        f"{CHANNELS}[1].InputMode",
    ),
    row("input-mode-is-supported", SENTENCES | {MODE: "Pipe"}, {MODE: "FastFile"}, MODE),
]

INSTANCES = [
    row("processor-is-supported", {f"{STATIC}.tree_method": "gpu_hist"}, {TYPE: "ml.g5.xlarge"}, TYPE),
    row("processor-is-supported", {f"{STATIC}.predictor": "gpu_predictor"}, {f"{STATIC}.predictor": "auto"}, TYPE),
    row(
        "processor-is-supported", {IMAGE: XGBOOST.format("1.0-1"), TYPE: "ml.p3.2xlarge"}, {TYPE: "ml.m5.xlarge"}, TYPE
    ),
    *(
        row(
            "processor-is-supported",
            {IMAGE: XGBOOST.format("0.90-2"), TYPE: "ml.g4dn.xlarge"},
            {IMAGE: XGBOOST.format(version)},
            TYPE,
        )
        for version in ("1.2-1", "1.10-1", "2", "latest")
    ),
    row("processor-is-supported", WORDS | {TYPE: "ml.g5.xlarge"}, {f"{STATIC}.mode": "cbow"}, TYPE),
    row(
        "instance-count-is-supported",
        WORDS | {COUNT: 2, f"{STATIC}.mode": "cbow"},
        {f"{STATIC}.mode": "batch_skipgram"},
        COUNT,
    ),
    row("instance-count-is-supported", SEGMENTS | {COUNT: 2}, {COUNT: 1}, COUNT),
    row(
        "instance-count-is-supported",
        SEGMENTS
        | {
            RESOURCES: {
                "InstanceGroups": [
                    {"InstanceGroupName": name, "InstanceType": "ml.g5.xlarge", "InstanceCount": 1}
                    for name in ("first", "second")
                ]
            }
        },
        {RESOURCES: {"InstanceType": "ml.g5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 30}},
        f"{RESOURCES}.InstanceGroups",
    ),
    row(
        "instance-count-is-supported",
        SEGMENTS | {RESOURCES: {"InstancePreferences": PREFERENCES, "InstanceCount": 2}},
        {COUNT: 1},
        COUNT,
    ),
    row(
        "instance-count-is-supported",
        SEGMENTS
        | {RESOURCES: {"InstancePreferences": [item | {"InstanceCount": 1} for item in PREFERENCES]}}
        | {f"{RESOURCES}.InstancePreferences.1.InstanceCount": 2},
        {f"{RESOURCES}.InstancePreferences.1.InstanceCount": 1},
        f"{RESOURCES}.InstancePreferences[1].InstanceCount",
    ),
    row(
        "instance-count-is-supported",
        SEGMENTS
        | {
            RESOURCES: None,
            TUNING_RESOURCES: {"InstanceType": "ml.g5.xlarge", "InstanceCount": 2, "VolumeSizeInGB": 30},
        },
        {f"{TUNING_RESOURCES}.InstanceCount": 1},
        f"{TUNING_RESOURCES}.InstanceCount",
    ),
    row(
        "processor-is-supported",
        SEGMENTS
        | {RESOURCES: {"InstancePreferences": PREFERENCES, "InstanceCount": 1}}
        | {f"{RESOURCES}.InstancePreferences.1.InstanceType": "ml.c5.xlarge"},
        {f"{RESOURCES}.InstancePreferences.1.InstanceType": "ml.g5.4xlarge"},
        f"{RESOURCES}.InstancePreferences[1].InstanceType",
    ),
    row("processor-is-supported", IMAGES | {TYPE: "ml.m5.xlarge"}, {TYPE: "ml.p3.2xlarge"}, TYPE),
    row("processor-is-supported", IMAGES | {TYPE: "ml.m5.xlarge"}, {TYPE: "ml.new1.xlarge"}, TYPE),
    row("processor-is-supported", FOREST | {TYPE: "ml.g5.xlarge"}, {TYPE: "ml.m5.xlarge"}, TYPE),
    row("processor-is-supported", {f"{STATIC}.tree_method": "gpu_hist"}, {f"{STATIC}.tree_method": "hist"}, TYPE),
    row(
        "processor-is-supported",
        IMAGES
        | {
            RESOURCES: None,
            TUNING_RESOURCES: {
                "InstanceConfigs": [
                    {"InstanceType": name, "InstanceCount": 1, "VolumeSizeInGB": 30}
                    for name in ("ml.g5.xlarge", "ml.m5.xlarge")
                ]
            },
        },
        {f"{TUNING_RESOURCES}.InstanceConfigs.1.InstanceType": "ml.g5.2xlarge"},
        f"{TUNING_RESOURCES}.InstanceConfigs[1].InstanceType",
    ),
    Row("network-isolation-is-supported", CHAINER | {ISOLATION: True}, {ISOLATION: False}, ISOLATION),
    Row(
        "network-isolation-is-supported",
        CHAINER | {ISOLATION: True},
        {IMAGE: "123456789012.dkr.ecr.us-east-1.amazonaws.com/sagemaker-chainer:1"},
        ISOLATION,
    ),
]

ROWS = NAMES + CONTENT + INSTANCES
