"""What becomes of each member of a request here: honoured, recorded, or refused.

The documentation's table is made of it. A member that stands in none of the three lists fails a test, so that nothing
is ever dropped in silence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from hptsdk.rules.definitions import definitions_of
from hptsdk.transport import bad_request

if TYPE_CHECKING:
    from hptsdk.shapes import CreateHyperParameterTuningJobRequest, HyperParameterTrainingJobDefinition

__all__ = ["Treatment", "refuse_unsupported", "treatments"]

_HONOURED = """
AutoParameter: Name
BestObjectiveNotImproving: MaxNumberOfTrainingJobsNotImproving
CategoricalParameterRange: Name Values
Channel: ChannelName DataSource ContentType CompressionType RecordWrapperType InputMode ShuffleConfig
CheckpointConfig: S3Uri
ContinuousParameterRange: Name MinValue MaxValue ScalingType
ConvergenceDetected: CompleteOnConvergence
CreateHyperParameterTuningJobRequest: HyperParameterTuningJobName HyperParameterTuningJobConfig TrainingJobDefinition
CreateHyperParameterTuningJobRequest: TrainingJobDefinitions Tags Autotune
DataSource: S3DataSource
HyperParameterAlgorithmSpecification: TrainingInputMode MetricDefinitions
HyperParameterTrainingJobDefinition: DefinitionName TuningObjective HyperParameterRanges StaticHyperParameters
HyperParameterTrainingJobDefinition: AlgorithmSpecification InputDataConfig OutputDataConfig StoppingCondition
HyperParameterTrainingJobDefinition: CheckpointConfig RetryStrategy Environment
HyperParameterTuningJobConfig: HyperParameterTuningJobObjective ResourceLimits ParameterRanges
HyperParameterTuningJobConfig: TuningJobCompletionCriteria RandomSeed StrategyConfig
HyperParameterTuningJobStrategyConfig: HyperbandStrategyConfig
HyperParameterTuningJobWarmStartConfig: ParentHyperParameterTuningJobs WarmStartType
HyperbandStrategyConfig: MinResource
HyperParameterTuningJobObjective: Type MetricName
IntegerParameterRange: Name MinValue MaxValue ScalingType
MetricDefinition: Name Regex
OutputDataConfig: S3OutputPath CompressionType
ParameterRanges: IntegerParameterRanges ContinuousParameterRanges CategoricalParameterRanges AutoParameters
ParentHyperParameterTuningJob: HyperParameterTuningJobName
ResourceLimits: MaxNumberOfTrainingJobs MaxParallelTrainingJobs MaxRuntimeInSeconds
RetryStrategy: MaximumRetryAttempts
S3DataSource: S3Uri AttributeNames
ShuffleConfig: Seed
StoppingCondition: MaxRuntimeInSeconds
Tag: Key Value
TuningJobCompletionCriteria: TargetObjectiveMetricValue BestObjectiveNotImproving ConvergenceDetected
"""

# Honoured with a limit that a reader must know.
_IMAGE = "the program named for it with `images=` runs; without one it is refused"
_ALGORITHM = "the program named for it with `algorithms=` runs; without one it is refused"
_FOLDER = "the folder named for it with `file_systems=`; without one it is refused"
_PARTLY = {
    "HyperParameterTuningJobConfig.Strategy": "all four; how each searches is explained in Local tuning",
    "HyperParameterTuningJobConfig.TrainingJobEarlyStoppingType": "`Auto` is the median rule",
    "CreateHyperParameterTuningJobRequest.WarmStartConfig": "parents of the same root",
    "Autotune.Mode": "Bayesian, early stopping, 20 training jobs, ranges around the hints, where nothing is said",
    "AutoParameter.ValueHint": "a number is searched from a tenth to ten times of it, another text stays as it is",
    "HyperbandStrategyConfig.MaxResource": "values of the objective that a training job prints, as MinResource",
    "HyperParameterAlgorithmSpecification.TrainingImage": _IMAGE,
    "HyperParameterAlgorithmSpecification.AlgorithmName": _ALGORITHM,
    "DataSource.FileSystemDataSource": _FOLDER,
    "FileSystemDataSource.FileSystemId": _FOLDER,
    "FileSystemDataSource.DirectoryPath": "below the folder of the file system",
    "S3DataSource.S3DataType": "`S3Prefix`, `ManifestFile`, `AugmentedManifestFile`; `Converse` is refused",
    "S3DataSource.S3DataDistributionType": "one instance runs, which gets all objects either way",
    "CheckpointConfig.LocalPath": "`/opt/ml/checkpoints`, the folder in `SM_CHECKPOINT_DIR`; others are refused",
}

_ONE_PROCESS = "one process on this machine runs, whatever it says"
_NO_CLUSTER = "there is no such thing on one machine"
_NO_KEYS = "files are written as they are"
_RECORDED = {
    "HyperParameterTrainingJobDefinition.RoleArn": "the program runs as the user who started the service",
    "HyperParameterTrainingJobDefinition.VpcConfig": _NO_CLUSTER,
    "HyperParameterTrainingJobDefinition.ResourceConfig": _ONE_PROCESS,
    "HyperParameterTrainingJobDefinition.HyperParameterTuningResourceConfig": _ONE_PROCESS,
    "HyperParameterTrainingJobDefinition.EnableNetworkIsolation": "the program is not cut off from the network",
    "HyperParameterTrainingJobDefinition.EnableInterContainerTrafficEncryption": _ONE_PROCESS,
    "HyperParameterTrainingJobDefinition.EnableManagedSpotTraining": "nothing is ever interrupted",
    "StoppingCondition.MaxWaitTimeInSeconds": "nothing is ever interrupted",
    "StoppingCondition.MaxPendingTimeInSeconds": "nothing ever waits for instances",
    "OutputDataConfig.KmsKeyId": _NO_KEYS,
    "FileSystemDataSource.FileSystemAccessMode": "the folder is given as it is",
    "FileSystemDataSource.FileSystemType": "the folder is given as it is",
    "S3DataSource.InstanceGroupNames": _ONE_PROCESS,
    "S3DataSource.ModelAccessConfig": "files come from this machine",
    "ModelAccessConfig.AcceptEula": "files come from this machine",
    "VpcConfig.SecurityGroupIds": _NO_CLUSTER,
    "VpcConfig.Subnets": _NO_CLUSTER,
    **{
        f"ResourceConfig.{name}": _ONE_PROCESS
        for name in (
            "InstanceType",
            "InstanceCount",
            "VolumeSizeInGB",
            "KeepAlivePeriodInSeconds",
            "InstanceGroups",
            "TrainingPlanArn",
            "InstancePlacementConfig",
            "InstancePreferences",
            "SelectedInstanceType",
            "SelectedInstanceCount",
        )
    },
    "ResourceConfig.VolumeKmsKeyId": _NO_KEYS,
    **{
        f"{shape}.{name}": _ONE_PROCESS
        for shape, names in {
            "InstanceGroup": "InstanceType InstanceCount InstanceGroupName",
            "InstancePlacementConfig": "EnableMultipleJobs PlacementSpecifications",
            "PlacementSpecification": "UltraServerId InstanceCount",
            "InstancePreference": "InstanceType InstanceCount TrainingPlanArns",
            "HyperParameterTuningResourceConfig": "InstanceType InstanceCount VolumeSizeInGB InstanceConfigs",
            "HyperParameterTuningInstanceConfig": "InstanceType InstanceCount VolumeSizeInGB",
        }.items()
        for name in names.split()
    },
    "HyperParameterTuningResourceConfig.AllocationStrategy": _ONE_PROCESS,
    "HyperParameterTuningResourceConfig.VolumeKmsKeyId": _NO_KEYS,
}

_NO_HUB = "there is no hub on one machine"
_REFUSED = {
    "DataSource.DatasetSource": _NO_HUB,
    "DatasetSource.DatasetArn": _NO_HUB,
    "S3DataSource.HubAccessConfig": _NO_HUB,
    "HubAccessConfig.HubContentArn": _NO_HUB,
}

_CHECKPOINTS = "/opt/ml/checkpoints"


class Treatment(NamedTuple):
    """What becomes of a member."""

    kind: Literal["honoured", "recorded", "refused"]
    note: str


def treatments() -> dict[str, Treatment]:
    """Say what becomes of each member, under "Structure.Member"."""
    found = {name: Treatment("honoured", note) for name, note in _PARTLY.items()}
    found |= {name: Treatment("recorded", note) for name, note in _RECORDED.items()}
    found |= {name: Treatment("refused", note) for name, note in _REFUSED.items()}
    for line in _HONOURED.strip().splitlines():
        shape, _, names = line.partition(": ")
        found |= {f"{shape}.{name}": Treatment("honoured", "") for name in names.split()}
    return found


def refuse_unsupported(request: CreateHyperParameterTuningJobRequest) -> None:
    """See that a request asks for nothing that the local service does not do.

    Raises:
        Refusal: it does.
    """
    for _, definition in definitions_of(request):
        _check_definition(definition)


def _check_definition(definition: HyperParameterTrainingJobDefinition) -> None:
    checkpoints = definition.checkpoint_config
    path = checkpoints.local_path if checkpoints else None
    if path is not None and path.rstrip("/") != _CHECKPOINTS:
        raise bad_request(
            f"LocalPath {path} can't be used here: checkpoints are in the folder that SM_CHECKPOINT_DIR names, "
            f"which stands for {_CHECKPOINTS}."
        )
