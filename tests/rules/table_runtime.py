"""Rows of the rules of time limits and output."""

from rows import Row

DEFINITION = "TrainingJobDefinition"
STOPPING = f"{DEFINITION}.StoppingCondition"
OUTPUT = f"{DEFINITION}.OutputDataConfig"

# what waiting asks for besides
SPOT = {
    f"{DEFINITION}.EnableManagedSpotTraining": True,
    f"{DEFINITION}.CheckpointConfig": {"S3Uri": "s3://amzn-s3-demo-bucket/checkpoints/"},
}
EXPRESS = "s3://amzn-s3-demo-bucket--use1-az4--x-s3/out/"

ROWS = [
    Row(
        "runtime-up-to-28-days",
        {f"{STOPPING}.MaxRuntimeInSeconds": 2_419_201},
        {f"{STOPPING}.MaxRuntimeInSeconds": 2_419_200},
        f"{STOPPING}.MaxRuntimeInSeconds",
    ),
    Row(
        "runtime-up-to-28-days",
        {f"{STOPPING}.MaxRuntimeInSeconds": 30 * 86_400},
        {f"{STOPPING}.MaxRuntimeInSeconds": None},
        f"{STOPPING}.MaxRuntimeInSeconds",
    ),
    Row(
        "wait-covers-runtime",
        SPOT | {f"{STOPPING}.MaxWaitTimeInSeconds": 3599},
        {f"{STOPPING}.MaxWaitTimeInSeconds": 3600},
        f"{STOPPING}.MaxWaitTimeInSeconds",
    ),
    Row(
        "wait-covers-runtime",
        SPOT | {f"{STOPPING}.MaxWaitTimeInSeconds": 3600, f"{STOPPING}.MaxRuntimeInSeconds": 3601},
        {f"{STOPPING}.MaxRuntimeInSeconds": 60},
        f"{STOPPING}.MaxWaitTimeInSeconds",
    ),
    Row(
        "wait-covers-default-runtime",
        SPOT | {STOPPING: {"MaxWaitTimeInSeconds": 86_399}},
        {f"{STOPPING}.MaxWaitTimeInSeconds": 86_400},
        f"{STOPPING}.MaxWaitTimeInSeconds",
    ),
    Row(
        "wait-covers-default-runtime",
        SPOT | {STOPPING: {"MaxWaitTimeInSeconds": 3600}},
        {f"{STOPPING}.MaxRuntimeInSeconds": 3600},
        f"{STOPPING}.MaxWaitTimeInSeconds",
    ),
    Row(
        "express-output-takes-no-key",
        {f"{OUTPUT}.S3OutputPath": EXPRESS, f"{OUTPUT}.KmsKeyId": "alias/mine"},
        {f"{OUTPUT}.KmsKeyId": ""},
        f"{OUTPUT}.KmsKeyId",
    ),
    Row(
        "express-output-takes-no-key",
        {f"{OUTPUT}.S3OutputPath": EXPRESS.rstrip("/"), f"{OUTPUT}.KmsKeyId": "alias/mine"},
        # a bucket in a Local Zone
        {f"{OUTPUT}.S3OutputPath": "s3://amzn-s3-demo-bucket--usw2-lax1-az1--x-s3/out"},
        f"{OUTPUT}.KmsKeyId",
    ),
    Row(
        "express-output-takes-no-key",
        {
            f"{OUTPUT}.S3OutputPath": "https://mine--use1-az4--x-s3.s3express-use1-az4.us-east-1.amazonaws.com/out",
            f"{OUTPUT}.KmsKeyId": "alias/mine",
        },
        {f"{OUTPUT}.S3OutputPath": "s3://amzn-s3-demo-bucket/mine--use1-az4--x-s3"},
        f"{OUTPUT}.KmsKeyId",
    ),
]
