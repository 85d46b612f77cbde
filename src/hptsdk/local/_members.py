"""What becomes of each member of a request here: honoured, recorded, or refused.

The documentation's table is made of it. A member that stands in none of the three lists fails a test, so that nothing
is ever dropped in silence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from hptsdk._refusal import invalid
from hptsdk.rules._parts import definitions_of

if TYPE_CHECKING:
    from hptsdk._refusal import Refusal
    from hptsdk.shapes import CreateHyperParameterTuningJobRequest, HyperParameterTrainingJobDefinition

__all__ = ["Treatment", "refuse_unsupported", "treatments"]

_HONOURED = """
BestObjectiveNotImproving: MaxNumberOfTrainingJobsNotImproving
CategoricalParameterRange: Name Values
Channel: ChannelName DataSource ContentType CompressionType RecordWrapperType InputMode ShuffleConfig
CheckpointConfig: S3Uri
ContinuousParameterRange: Name MinValue MaxValue ScalingType
ConvergenceDetected: CompleteOnConvergence
CreateHyperParameterTuningJobRequest: HyperParameterTuningJobName HyperParameterTuningJobConfig TrainingJobDefinition
CreateHyperParameterTuningJobRequest: TrainingJobDefinitions Tags
DataSource: S3DataSource
HyperParameterAlgorithmSpecification: TrainingInputMode MetricDefinitions
HyperParameterTrainingJobDefinition: DefinitionName TuningObjective HyperParameterRanges StaticHyperParameters
HyperParameterTrainingJobDefinition: AlgorithmSpecification InputDataConfig OutputDataConfig StoppingCondition
HyperParameterTrainingJobDefinition: CheckpointConfig RetryStrategy Environment
HyperParameterTuningJobConfig: HyperParameterTuningJobObjective ResourceLimits ParameterRanges
HyperParameterTuningJobConfig: TuningJobCompletionCriteria RandomSeed
HyperParameterTuningJobObjective: Type MetricName
IntegerParameterRange: Name MinValue MaxValue ScalingType
MetricDefinition: Name Regex
OutputDataConfig: S3OutputPath CompressionType
ParameterRanges: IntegerParameterRanges ContinuousParameterRanges CategoricalParameterRanges
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
    "HyperParameterTuningJobConfig.Strategy": "Random and Grid; the others are refused",
    "HyperParameterTuningJobConfig.TrainingJobEarlyStoppingType": "`Off`; `Auto` is refused",
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

_NOT_YET = "the local service runs Random and Grid only"
_NO_WARM_START = "warm start is not supported by the local service"
_NO_AUTOTUNE = "Autotune is not supported by the local service"
_NO_HUB = "there is no hub on one machine"
_REFUSED = {
    "CreateHyperParameterTuningJobRequest.WarmStartConfig": _NO_WARM_START,
    "HyperParameterTuningJobWarmStartConfig.ParentHyperParameterTuningJobs": _NO_WARM_START,
    "HyperParameterTuningJobWarmStartConfig.WarmStartType": _NO_WARM_START,
    "ParentHyperParameterTuningJob.HyperParameterTuningJobName": _NO_WARM_START,
    "CreateHyperParameterTuningJobRequest.Autotune": _NO_AUTOTUNE,
    "Autotune.Mode": _NO_AUTOTUNE,
    "ParameterRanges.AutoParameters": _NO_AUTOTUNE,
    "AutoParameter.Name": _NO_AUTOTUNE,
    "AutoParameter.ValueHint": _NO_AUTOTUNE,
    "HyperParameterTuningJobConfig.StrategyConfig": _NOT_YET,
    "HyperParameterTuningJobStrategyConfig.HyperbandStrategyConfig": _NOT_YET,
    "HyperbandStrategyConfig.MinResource": _NOT_YET,
    "HyperbandStrategyConfig.MaxResource": _NOT_YET,
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


def _unsupported(member: str) -> Refusal:
    note = treatments()[member].note
    return invalid(f"{member.partition('.')[2]} can't be used here: {note}.")


def refuse_unsupported(request: CreateHyperParameterTuningJobRequest) -> None:
    """See that a request asks for nothing that the local service does not do.

    Raises:
        Refusal: it does.
    """
    config = request.hyper_parameter_tuning_job_config
    if config.strategy not in ("Random", "Grid"):
        raise invalid(f"Strategy {config.strategy} can't be used here: {_NOT_YET}.")
    if config.training_job_early_stopping_type == "Auto":
        raise invalid("TrainingJobEarlyStoppingType Auto can't be used here: the local service stops nothing early.")
    if config.strategy_config is not None:
        raise _unsupported("HyperParameterTuningJobConfig.StrategyConfig")
    if request.warm_start_config is not None:
        raise _unsupported("CreateHyperParameterTuningJobRequest.WarmStartConfig")
    if request.autotune is not None:
        raise _unsupported("CreateHyperParameterTuningJobRequest.Autotune")
    all_ranges = [config.parameter_ranges]
    for _, definition in definitions_of(request):
        all_ranges.append(definition.hyper_parameter_ranges)
        _check_definition(definition)
    if any(ranges is not None and ranges.auto_parameters for ranges in all_ranges):
        raise _unsupported("ParameterRanges.AutoParameters")


def _check_definition(definition: HyperParameterTrainingJobDefinition) -> None:
    checkpoints = definition.checkpoint_config
    path = checkpoints.local_path if checkpoints else None
    if path is not None and path.rstrip("/") != _CHECKPOINTS:
        raise invalid(
            f"LocalPath {path} can't be used here: checkpoints are in the folder that SM_CHECKPOINT_DIR names, "
            f"which stands for {_CHECKPOINTS}."
        )
