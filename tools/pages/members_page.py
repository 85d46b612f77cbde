"""Write the page of the documentation about the members of a request in the local service.

The members are those of the shapes. The tables below state the treatment of members by "Structure.Member". The members
of an ignored or rejected structure are treated like the structure. Any other member without an entry is ignored.
"""

from pathlib import Path
from typing import NamedTuple

from hptsdk import schema, shapes

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "local-members.md"

HEAD = """# Members of a request in the local service

The local service treats each member of a CreateHyperParameterTuningJob request in one of three ways:

- **used**: the member has an effect.
- **ignored**: Describe returns the member, but it has no other effect.
- **rejected**: a request with the member fails with a ValidationException.

A training job runs as one process of a [`Program`](api/local.md), or in one or more containers of a `Container`. A
program runs *with isolation* if it has a folder `/opt/ml`, a folder `/tmp` and processes of its own. This is the
default on Linux if the machine allows it.

`python3 noxfile.py -s rules` writes this page.

"""

USED = """
AutoParameter: Name
BestObjectiveNotImproving: MaxNumberOfTrainingJobsNotImproving
CategoricalParameterRange: Name Values
Channel: ChannelName DataSource ContentType CompressionType RecordWrapperType ShuffleConfig
CheckpointConfig: S3Uri
ContinuousParameterRange: Name MinValue MaxValue ScalingType
ConvergenceDetected: CompleteOnConvergence
CreateHyperParameterTuningJobRequest: HyperParameterTuningJobName HyperParameterTuningJobConfig TrainingJobDefinition
CreateHyperParameterTuningJobRequest: TrainingJobDefinitions Tags Autotune
DataSource: S3DataSource
HyperParameterAlgorithmSpecification: MetricDefinitions
HyperParameterTrainingJobDefinition: DefinitionName TuningObjective HyperParameterRanges StaticHyperParameters
HyperParameterTrainingJobDefinition: AlgorithmSpecification InputDataConfig OutputDataConfig StoppingCondition
HyperParameterTrainingJobDefinition: CheckpointConfig RetryStrategy Environment
HyperParameterTuningJobConfig: HyperParameterTuningJobObjective ResourceLimits ParameterRanges
HyperParameterTuningJobConfig: TuningJobCompletionCriteria RandomSeed StrategyConfig
HyperParameterTuningJobStrategyConfig: HyperbandStrategyConfig
HyperParameterTuningJobWarmStartConfig: ParentHyperParameterTuningJobs WarmStartType
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

FOLDER = "the folder for the file system in `LocalService(file_systems=)`; rejected if there is none"
TYPE = "in `resourceconfig.json` and `SM_CURRENT_INSTANCE_TYPE`"
FIRST_TYPE = "only the instance type of the first"
USED_WITH_NOTE = {
    "HyperParameterTuningJobConfig.Strategy": "all four strategies; see [Local tuning](../explanation/local-tuning.md)",
    "HyperParameterTuningJobConfig.TrainingJobEarlyStoppingType": (
        "`Auto` compares with the median of earlier training jobs; see "
        "[Early stopping](../explanation/local-tuning.md#early-stopping)"
    ),
    "CreateHyperParameterTuningJobRequest.WarmStartConfig": "the parents must be in the same root folder",
    "Autotune.Mode": (
        "chooses the strategy, and members that are not set; see [Autotune](../explanation/local-tuning.md#autotune)"
    ),
    "AutoParameter.ValueHint": (
        "for a number, the range from a tenth of it to ten times it; zero, or text that is not a number, is the "
        "value itself"
    ),
    "HyperbandStrategyConfig.MinResource": "the number of objective values at the first comparison",
    "HyperbandStrategyConfig.MaxResource": "the number of objective values after which a training job is stopped",
    "HyperParameterAlgorithmSpecification.TrainingImage": (
        "the program for it in `LocalService(images=)`; rejected if there is none"
    ),
    "HyperParameterAlgorithmSpecification.AlgorithmName": (
        "the program for it in `LocalService(algorithms=)`; rejected if there is none"
    ),
    "HyperParameterTrainingJobDefinition.EnableNetworkIsolation": (
        "with isolation, the program has only the loopback interface; without isolation, it has the network, but gets "
        "no variables for S3 of the service"
    ),
    "Channel.InputMode": "`FastFile` requires `S3Prefix` and the address of a folder",
    "HyperParameterAlgorithmSpecification.TrainingInputMode": "as Channel.InputMode",
    "DataSource.FileSystemDataSource": FOLDER,
    "FileSystemDataSource.FileSystemId": FOLDER,
    "FileSystemDataSource.FileSystemAccessMode": "`ro` is a read-only folder, only with isolation",
    "FileSystemDataSource.DirectoryPath": "the path below the folder of the file system",
    "S3DataSource.S3DataType": "`S3Prefix`, `ManifestFile`, `AugmentedManifestFile`; `Converse` is rejected",
    "S3DataSource.S3DataDistributionType": "the program gets all objects also with `ShardedByS3Key`",
    "CheckpointConfig.LocalPath": (
        "with isolation, the path of the folder; without isolation, a path other than `/opt/ml/checkpoints` is "
        "rejected, and `SM_CHECKPOINT_DIR` is the folder"
    ),
    "HyperParameterTrainingJobDefinition.ResourceConfig": "only the instance type",
    "HyperParameterTrainingJobDefinition.HyperParameterTuningResourceConfig": "only the instance type",
    "ResourceConfig.InstanceGroups": FIRST_TYPE,
    "ResourceConfig.InstancePreferences": FIRST_TYPE,
    "HyperParameterTuningResourceConfig.InstanceConfigs": FIRST_TYPE,
    **{f"{structure}.InstanceType": TYPE for structure in ("ResourceConfig", "InstanceGroup", "InstancePreference")},
    **{
        f"{structure}.InstanceType": TYPE
        for structure in ("HyperParameterTuningResourceConfig", "HyperParameterTuningInstanceConfig")
    },
}

MACHINE = "training jobs run on this machine, not on instances"
IGNORED = {
    "HyperParameterTrainingJobDefinition.RoleArn": "the program runs as the user who runs the service",
    "HyperParameterTrainingJobDefinition.VpcConfig": "training jobs use networks of this machine",
    "HyperParameterTrainingJobDefinition.EnableInterContainerTrafficEncryption": (
        "the traffic does not leave this machine"
    ),
    **{
        f"{structure}.{name}": MACHINE
        for structure, names in {
            "ResourceConfig": (
                "InstanceCount VolumeSizeInGB KeepAlivePeriodInSeconds TrainingPlanArn InstancePlacementConfig "
                "SelectedInstanceType SelectedInstanceCount"
            ),
            "InstanceGroup": "InstanceGroupName InstanceCount",
            "InstancePreference": "InstanceCount TrainingPlanArns",
            "HyperParameterTuningResourceConfig": "InstanceCount VolumeSizeInGB AllocationStrategy",
            "HyperParameterTuningInstanceConfig": "InstanceCount VolumeSizeInGB",
        }.items()
        for name in names.split()
    },
    "HyperParameterTrainingJobDefinition.EnableManagedSpotTraining": "there are no spot interruptions",
    "StoppingCondition.MaxWaitTimeInSeconds": "there are no spot interruptions",
    "StoppingCondition.MaxPendingTimeInSeconds": "training jobs do not wait for instances of AWS",
    "OutputDataConfig.KmsKeyId": "files are not encrypted",
    "ResourceConfig.VolumeKmsKeyId": "files are not encrypted",
    "HyperParameterTuningResourceConfig.VolumeKmsKeyId": "files are not encrypted",
    "FileSystemDataSource.FileSystemType": "the program gets a folder of this machine",
    "S3DataSource.InstanceGroupNames": MACHINE,
    "S3DataSource.ModelAccessConfig": "data are files on this machine",
}
NOT_SUPPORTED = "it has no effect here"

REJECTED = {
    "DataSource.DatasetSource": "the local service has no SageMaker hub",
    "S3DataSource.HubAccessConfig": "the local service has no SageMaker hub",
}


EACH_INSTANCE, LIMITS = "one container runs for each instance", "for the limits of a `Container(limits=True)`"
IN_CONTAINERS = {
    "HyperParameterAlgorithmSpecification.TrainingImage": "used: the image itself, or IMAGE of `Container(IMAGE)`",
    "HyperParameterAlgorithmSpecification.AlgorithmName": "used: IMAGE of `Container(IMAGE)`",
    "HyperParameterTrainingJobDefinition.EnableNetworkIsolation": "used: a container has only the loopback "
    "interface; several instances also reach each other",
    "HyperParameterTrainingJobDefinition.RoleArn": "ignored: a container gets no AWS credentials",
    "HyperParameterTrainingJobDefinition.ResourceConfig": "used",
    "HyperParameterTrainingJobDefinition.HyperParameterTuningResourceConfig": "used",
    "HyperParameterTuningResourceConfig.InstanceConfigs": "used: only the first",
    "S3DataSource.InstanceGroupNames": "ignored for one instance, rejected for several",
    "S3DataSource.S3DataDistributionType": "used: `ShardedByS3Key` is rejected for several instances",
    "Channel.InputMode": "used: as with a program; `Pipe` also requires Linux, and is rejected for several instances",
    "CheckpointConfig.LocalPath": "used",
    "FileSystemDataSource.FileSystemAccessMode": "used: `ro` is a read-only folder",
    "ResourceConfig.InstanceGroups": "used",
    "InstanceGroup.InstanceGroupName": "used",
    **{
        f"{structure}.InstanceCount": f"used: {EACH_INSTANCE}"
        for structure in (
            *("ResourceConfig", "InstanceGroup"),
            *("HyperParameterTuningResourceConfig", "HyperParameterTuningInstanceConfig"),
        )
    },
    **{
        f"{structure}.InstanceType": f"used: in `resourceconfig.json`, and {LIMITS}"
        for structure in (
            *("ResourceConfig", "InstanceGroup", "InstancePreference"),
            *("HyperParameterTuningResourceConfig", "HyperParameterTuningInstanceConfig"),
        )
    },
}


class Treatment(NamedTuple):
    """The treatment of a member by the local service.

    Attributes:
        kind: used, ignored or rejected.
        note: the details or the reason; may be empty for a used member.
    """

    kind: str
    note: str


STATED = {
    f"{shape}.{name}": Treatment("used", "")
    for shape, _, names in (line.partition(": ") for line in USED.strip().splitlines())
    for name in names.split()
}
STATED |= {name: Treatment("used", note) for name, note in USED_WITH_NOTE.items()}
STATED |= {name: Treatment("ignored", note) for name, note in IGNORED.items()}
STATED |= {name: Treatment("rejected", note) for name, note in REJECTED.items()}


def treatments() -> dict[str, Treatment]:
    """Return the treatment of each member of a request, by "Structure.Member"."""
    result: dict[str, Treatment] = {}

    def visit(shape: type, inherited: Treatment) -> None:
        for member in schema.of(shape).members:
            name = f"{shape.__name__}.{member.wire_name}"
            if name in result:
                continue
            result[name] = treatment = STATED.get(name, inherited)
            inner = member.type
            while inner.item is not None:
                inner = inner.item
            if inner.shape is not None:
                visit(inner.shape, Treatment("ignored", NOT_SUPPORTED) if treatment.kind == "used" else treatment)

    visit(shapes.CreateHyperParameterTuningJobRequest, Treatment("ignored", NOT_SUPPORTED))
    return result


def page() -> str:
    """Return the text of the page."""
    members = treatments()
    kinds = [treatment.kind for treatment in members.values()]
    counts = ", ".join(f"{kinds.count(kind)} {kind}" for kind in ("used", "ignored", "rejected"))
    lines = [
        f"{len(members)} members. With a program: {counts}.",
        "",
        "| structure | member | with a program | in a container, if that differs |",
        "| --- | --- | --- | --- |",
    ]
    for name, treatment in sorted(members.items()):
        structure, _, member = name.partition(".")
        note = f": {treatment.note}" if treatment.note else ""
        lines.append(f"| {structure} | {member} | {treatment.kind}{note} | {IN_CONTAINERS.get(name, '')} |")
    return HEAD + "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page())
