"""The valid requests that the rows of the tables change."""

import copy
import json
from itertools import pairwise

CUSTOM = {
    "HyperParameterTuningJobName": "custom",
    "HyperParameterTuningJobConfig": {
        "Strategy": "Bayesian",
        "HyperParameterTuningJobObjective": {"Type": "Minimize", "MetricName": "loss"},
        "ResourceLimits": {"MaxNumberOfTrainingJobs": 20, "MaxParallelTrainingJobs": 2},
        "ParameterRanges": {
            "ContinuousParameterRanges": [{"Name": "rate", "MinValue": "0.01", "MaxValue": "0.5"}],
            "IntegerParameterRanges": [{"Name": "depth", "MinValue": "2", "MaxValue": "9"}],
            "CategoricalParameterRanges": [{"Name": "kind", "Values": ["plain", "fancy"]}],
        },
    },
    "TrainingJobDefinition": {
        "AlgorithmSpecification": {
            "TrainingImage": "123456789012.dkr.ecr.us-east-1.amazonaws.com/mine:1",
            "TrainingInputMode": "File",
            "MetricDefinitions": [{"Name": "loss", "Regex": "loss=([-+0-9.e]+);"}],
        },
        "RoleArn": "arn:aws:iam::123456789012:role/SageMakerRole",
        "InputDataConfig": [
            {
                "ChannelName": "train",
                "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://amzn-s3-demo-bucket/train/"}},
            }
        ],
        "OutputDataConfig": {"S3OutputPath": "s3://amzn-s3-demo-bucket/out/"},
        "ResourceConfig": {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 30},
        "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
        "StaticHyperParameters": {"batch": "32"},
    },
}

BUILTIN = copy.deepcopy(CUSTOM)
BUILTIN["HyperParameterTuningJobName"] = "builtin"
BUILTIN["HyperParameterTuningJobConfig"] |= {
    "HyperParameterTuningJobObjective": {"Type": "Minimize", "MetricName": "validation:rmse"},
    "ParameterRanges": {
        "ContinuousParameterRanges": [{"Name": "eta", "MinValue": "0.1", "MaxValue": "0.5"}],
        "IntegerParameterRanges": [{"Name": "max_depth", "MinValue": "2", "MaxValue": "9"}],
    },
}
BUILTIN["TrainingJobDefinition"] |= {
    "AlgorithmSpecification": {
        "TrainingImage": "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1",
        "TrainingInputMode": "File",
    },
    "StaticHyperParameters": {"objective": "reg:squarederror", "num_round": "100"},
}
# its objective metric is computed on the data of this channel
BUILTIN["TrainingJobDefinition"]["InputDataConfig"].append(
    copy.deepcopy(BUILTIN["TrainingJobDefinition"]["InputDataConfig"][0]) | {"ChannelName": "validation"}
)

SEVERAL = copy.deepcopy(CUSTOM)
SEVERAL["HyperParameterTuningJobName"] = "several"
_definition = SEVERAL.pop("TrainingJobDefinition")
_definition |= {
    "TuningObjective": SEVERAL["HyperParameterTuningJobConfig"].pop("HyperParameterTuningJobObjective"),
    "HyperParameterRanges": SEVERAL["HyperParameterTuningJobConfig"].pop("ParameterRanges"),
}
SEVERAL["TrainingJobDefinitions"] = [
    copy.deepcopy(_definition | {"DefinitionName": name}) for name in ("first", "second")
]

BASES = {"custom": CUSTOM, "builtin": BUILTIN, "several": SEVERAL}


def changed(document, changes):
    """Return a document with other values at paths such as "Tags.0.Key".

    Missing structures and lists are added. The value None removes a member.
    """
    document = json.loads(json.dumps(document))
    for path, value in json.loads(json.dumps(changes)).items():
        *way, last = [int(step) if step.isdigit() else step for step in path.split(".")]
        place = document
        for step, following in pairwise([*way, last]):
            if isinstance(place, dict):
                place = place.setdefault(step, [] if isinstance(following, int) else {})
            else:
                if step == len(place):
                    place.append({})
                place = place[step]
        if value is None:
            del place[last]
        elif isinstance(place, list) and last == len(place):
            place.append(value)
        else:
            place[last] = value
    return document
