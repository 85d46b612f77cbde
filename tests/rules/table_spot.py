"""Rows of the rules of managed spot training."""

from rows import Row

JOB = "TrainingJobDefinition"
SPOT = f"{JOB}.EnableManagedSpotTraining"
WAIT = f"{JOB}.StoppingCondition.MaxWaitTimeInSeconds"
CHECKPOINTS = f"{JOB}.CheckpointConfig"
RESOURCES = f"{JOB}.ResourceConfig"
IMAGE = f"{JOB}.AlgorithmSpecification.TrainingImage"

PLACE = {"S3Uri": "s3://amzn-s3-demo-bucket/checkpoints/"}
ON_SPOT = {SPOT: True, WAIT: 7200, CHECKPOINTS: PLACE}
ON_DEMAND = {SPOT: False, WAIT: None}
OLD_XGBOOST = "811284229777.dkr.ecr.us-east-1.amazonaws.com/xgboost:1"
XGBOOST = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1"
PREFERENCES = {
    "InstancePreferences": [{"InstanceType": "ml.m5.xlarge"}, {"InstanceType": "ml.m5.2xlarge"}],
    "InstanceCount": 1,
    "VolumeSizeInGB": 30,
}

ROWS = [
    Row("spot-needs-a-longest-wait", {SPOT: True, CHECKPOINTS: PLACE}, {WAIT: 3600}, WAIT),
    Row("spot-needs-a-longest-wait", {SPOT: True, CHECKPOINTS: PLACE}, {SPOT: False}, WAIT),
    Row("longest-wait-needs-spot", {WAIT: 7200}, {SPOT: True, CHECKPOINTS: PLACE}, WAIT),
    Row("longest-wait-needs-spot", {WAIT: 7200, SPOT: False}, {WAIT: None}, WAIT),
    Row(
        "short-wait-without-checkpoints",
        {**ON_SPOT, WAIT: 3601, IMAGE: OLD_XGBOOST},
        {WAIT: 3600},
        WAIT,
        base="builtin",
    ),
    Row("short-wait-without-checkpoints", {**ON_SPOT, IMAGE: OLD_XGBOOST}, {IMAGE: XGBOOST}, WAIT, base="builtin"),
    Row("spot-with-checkpoints", {SPOT: True, WAIT: 7200}, {CHECKPOINTS: PLACE}, CHECKPOINTS),
    Row(
        "spot-with-checkpoints",
        {SPOT: True, WAIT: 3600, IMAGE: XGBOOST},
        {IMAGE: OLD_XGBOOST},
        CHECKPOINTS,
        base="builtin",
    ),
    *(
        Row(
            "keep-alive-has-no-effect",
            {f"{RESOURCES}.KeepAlivePeriodInSeconds": seconds},
            {f"{RESOURCES}.KeepAlivePeriodInSeconds": other},
            f"{RESOURCES}.KeepAlivePeriodInSeconds",
        )
        for seconds, other in ((1, 0), (3600, None))
    ),
    Row(
        "warm-pool-needs-on-demand",
        {**ON_SPOT, f"{RESOURCES}.KeepAlivePeriodInSeconds": 1},
        {f"{RESOURCES}.KeepAlivePeriodInSeconds": 0},
        f"{RESOURCES}.KeepAlivePeriodInSeconds",
    ),
    Row(
        "warm-pool-needs-on-demand",
        {**ON_SPOT, f"{RESOURCES}.KeepAlivePeriodInSeconds": 600},
        {**ON_DEMAND, f"{RESOURCES}.KeepAlivePeriodInSeconds": 0},
        f"{RESOURCES}.KeepAlivePeriodInSeconds",
    ),
    Row(
        "instance-preferences-need-on-demand",
        {**ON_SPOT, RESOURCES: PREFERENCES},
        ON_DEMAND,
        f"{RESOURCES}.InstancePreferences",
    ),
    Row(
        "instance-preferences-need-on-demand",
        {**ON_SPOT, RESOURCES: PREFERENCES},
        {RESOURCES: {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 30}},
        f"{RESOURCES}.InstancePreferences",
    ),
]
