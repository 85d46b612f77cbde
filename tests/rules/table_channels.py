"""Rows of the rules of input channels."""

from rows import Row

JOB = "TrainingJobDefinition"
CHANNEL = f"{JOB}.InputDataConfig.0"
SOURCE = f"{CHANNEL}.DataSource"
S3 = f"{SOURCE}.S3DataSource"
ALGORITHM_MODE = f"{JOB}.AlgorithmSpecification.TrainingInputMode"
CHANNEL_PATH = f"{JOB}.InputDataConfig[0]"
S3_PATH = f"{CHANNEL_PATH}.DataSource.S3DataSource"

IN_S3 = {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://amzn-s3-demo-bucket/train/"}}
DATASET = {"DatasetArn": "arn:aws:sagemaker:us-east-1:123456789012:hub-content/hub/DataSet/data/1.0.0"}
FILE_SYSTEM = {
    "FileSystemId": "fs-0123456789abcdef0",
    "FileSystemAccessMode": "ro",
    "FileSystemType": "EFS",
    "DirectoryPath": "/train",
}
VPC = {"SecurityGroupIds": ["sg-1"], "Subnets": ["subnet-1"]}
MOUNTED = {SOURCE: {"FileSystemDataSource": FILE_SYSTEM}, f"{JOB}.VpcConfig": VPC}
MANIFEST = {f"{S3}.S3DataType": "AugmentedManifestFile", f"{S3}.AttributeNames": ["source-ref", "label"]}
GROUPS = [
    {"InstanceGroupName": name, "InstanceType": "ml.m5.xlarge", "InstanceCount": 1} for name in ("first", "second")
]

SOURCES = [
    Row("source-is-given", {SOURCE: {}}, {SOURCE: IN_S3}, f"{CHANNEL_PATH}.DataSource"),
    Row("source-is-given", {SOURCE: {}}, {f"{SOURCE}.DatasetSource": DATASET}, f"{CHANNEL_PATH}.DataSource"),
    Row(
        "source-is-single",
        {f"{SOURCE}.FileSystemDataSource": FILE_SYSTEM, f"{JOB}.VpcConfig": VPC},
        {S3: None},
        f"{CHANNEL_PATH}.DataSource",
    ),
    Row(
        "source-is-single",
        {f"{SOURCE}.DatasetSource": DATASET},
        {f"{SOURCE}.DatasetSource": None},
        f"{CHANNEL_PATH}.DataSource",
    ),
    Row(
        "licence-is-accepted",
        {f"{S3}.ModelAccessConfig": {"AcceptEula": False}},
        {f"{S3}.ModelAccessConfig.AcceptEula": True},
        f"{S3_PATH}.ModelAccessConfig.AcceptEula",
    ),
    Row(
        "licence-is-accepted",
        {f"{S3}.ModelAccessConfig": {"AcceptEula": False}},
        {f"{S3}.ModelAccessConfig": None},
        f"{S3_PATH}.ModelAccessConfig.AcceptEula",
    ),
    Row(
        "augmented-manifest-names-attributes",
        {f"{S3}.S3DataType": "AugmentedManifestFile", f"{CHANNEL}.InputMode": "Pipe"},
        {f"{S3}.AttributeNames": ["source-ref"]},
        f"{S3_PATH}.AttributeNames",
    ),
    Row(
        "augmented-manifest-names-attributes",
        {**MANIFEST, f"{CHANNEL}.InputMode": "Pipe", f"{S3}.AttributeNames": []},
        {f"{S3}.S3DataType": "ManifestFile"},
        f"{S3_PATH}.AttributeNames",
    ),
    Row(
        "attribute-names-need-an-augmented-manifest",
        {f"{S3}.AttributeNames": ["source-ref"]},
        {f"{S3}.S3DataType": "AugmentedManifestFile", f"{CHANNEL}.InputMode": "Pipe"},
        f"{S3_PATH}.AttributeNames",
    ),
    Row(
        "attribute-names-need-an-augmented-manifest",
        {f"{S3}.AttributeNames": ["source-ref"], f"{S3}.S3DataType": "ManifestFile"},
        {f"{S3}.AttributeNames": []},
        f"{S3_PATH}.AttributeNames",
    ),
    Row(
        "only-s3-data-is-shuffled",
        {**MOUNTED, f"{CHANNEL}.ShuffleConfig": {"Seed": 1}},
        {f"{CHANNEL}.ShuffleConfig": None},
        f"{CHANNEL_PATH}.ShuffleConfig",
    ),
    Row(
        "only-s3-data-is-shuffled",
        {**MOUNTED, f"{CHANNEL}.ShuffleConfig": {"Seed": 1}},
        {SOURCE: IN_S3},
        f"{CHANNEL_PATH}.ShuffleConfig",
    ),
]

MODES = [
    Row(
        "augmented-manifest-needs-pipe-mode",
        {**MANIFEST, f"{CHANNEL}.InputMode": "FastFile"},
        {f"{CHANNEL}.InputMode": "Pipe"},
        f"{S3_PATH}.S3DataType",
    ),
    Row("augmented-manifest-needs-pipe-mode", MANIFEST, {ALGORITHM_MODE: "Pipe"}, f"{S3_PATH}.S3DataType"),
    Row(
        "augmented-manifest-needs-pipe-mode",
        {**MANIFEST, f"{CHANNEL}.InputMode": "File", ALGORITHM_MODE: "Pipe"},
        {f"{CHANNEL}.InputMode": None},
        f"{S3_PATH}.S3DataType",
    ),
    Row(
        "no-wrapping-in-file-mode",
        {f"{CHANNEL}.RecordWrapperType": "RecordIO"},
        {f"{CHANNEL}.RecordWrapperType": "None"},
        f"{CHANNEL_PATH}.RecordWrapperType",
    ),
    Row(
        "no-wrapping-in-file-mode",
        {f"{CHANNEL}.RecordWrapperType": "RecordIO", f"{CHANNEL}.InputMode": "File", ALGORITHM_MODE: "Pipe"},
        {f"{CHANNEL}.InputMode": "Pipe"},
        f"{CHANNEL_PATH}.RecordWrapperType",
    ),
    Row(
        "no-decompression-in-file-mode",
        {f"{CHANNEL}.CompressionType": "Gzip"},
        {f"{CHANNEL}.InputMode": "Pipe"},
        f"{CHANNEL_PATH}.CompressionType",
    ),
    Row(
        "no-decompression-in-file-mode",
        {f"{CHANNEL}.CompressionType": "Gzip", f"{CHANNEL}.InputMode": "File"},
        {f"{CHANNEL}.CompressionType": "None"},
        f"{CHANNEL_PATH}.CompressionType",
    ),
    Row(
        "file-systems-are-mounted",
        {**MOUNTED, f"{CHANNEL}.InputMode": "FastFile"},
        {f"{CHANNEL}.InputMode": None},
        f"{CHANNEL_PATH}.InputMode",
    ),
    Row(
        "file-systems-are-mounted",
        {**MOUNTED, ALGORITHM_MODE: "Pipe"},
        {f"{CHANNEL}.InputMode": "File"},
        f"{CHANNEL_PATH}.InputMode",
    ),
    Row(
        "models-come-as-files",
        {f"{CHANNEL}.ChannelName": "model", f"{CHANNEL}.InputMode": "FastFile"},
        {f"{CHANNEL}.ChannelName": "models"},
        f"{CHANNEL_PATH}.InputMode",
    ),
    Row(
        "models-come-as-files",
        {f"{CHANNEL}.ChannelName": "model", ALGORITHM_MODE: "Pipe"},
        {f"{CHANNEL}.InputMode": "File"},
        f"{CHANNEL_PATH}.InputMode",
    ),
]

TOGETHER = [
    Row(
        "channel-names-differ",
        {f"{JOB}.InputDataConfig.1": {"ChannelName": "train", "DataSource": IN_S3}},
        {f"{JOB}.InputDataConfig.1.ChannelName": "Train"},
        f"{JOB}.InputDataConfig[1].ChannelName",
    ),
    Row(
        "channel-names-differ",
        {f"{JOB}.InputDataConfig.1": {"ChannelName": "train", "DataSource": IN_S3}},
        {f"{JOB}.InputDataConfig.1": None},
        f"{JOB}.InputDataConfig[1].ChannelName",
    ),
    Row(
        "file-system-needs-a-vpc",
        {SOURCE: {"FileSystemDataSource": FILE_SYSTEM}},
        {f"{JOB}.VpcConfig": VPC},
        f"{CHANNEL_PATH}.DataSource.FileSystemDataSource",
    ),
    Row(
        "file-system-needs-a-vpc",
        {SOURCE: {"FileSystemDataSource": FILE_SYSTEM}},
        {SOURCE: IN_S3},
        f"{CHANNEL_PATH}.DataSource.FileSystemDataSource",
    ),
    Row(
        "channel-groups-exist",
        {
            f"{JOB}.ResourceConfig": {"InstanceGroups": GROUPS, "VolumeSizeInGB": 30},
            f"{S3}.InstanceGroupNames": ["first", "Second"],
        },
        {f"{S3}.InstanceGroupNames.1": "second"},
        f"{S3_PATH}.InstanceGroupNames[1]",
    ),
    Row(
        "channel-groups-exist",
        {f"{S3}.InstanceGroupNames": ["first"]},
        {f"{S3}.InstanceGroupNames": []},
        f"{S3_PATH}.InstanceGroupNames[0]",
    ),
]

ROWS = SOURCES + MODES + TOGETHER
