"""Generate the page of the documentation about the members of a request in the local service.

The members are those of the shapes. The table below names the members that have an effect in the local service. Every
other member is ignored, with all members of its structure, unless it is among those that are rejected.
"""

from pathlib import Path
from typing import NamedTuple

from hptsdk import schema, shapes

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "local-members.md"

HEAD = """# Members of a request in the local service

Every member of a CreateHyperParameterTuningJob request is **used**, **ignored** (stored and returned by Describe,
without an effect in the local service) or **rejected**: a request with it fails with a ValidationException. A training
job runs as a program, or in a container of Docker or Podman. `python3 noxfile.py -s rules` writes this page.

"""

USED = """
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

FOLDER = "the folder in `file_systems=`; rejected if there is none"
USED_WITH_NOTE = {
    "HyperParameterTuningJobConfig.Strategy": "all four strategies; see Local tuning",
    "HyperParameterTuningJobConfig.TrainingJobEarlyStoppingType": "`Auto` is the median rule",
    "CreateHyperParameterTuningJobRequest.WarmStartConfig": "parents in the same root",
    "Autotune.Mode": "Bayesian, early stopping, 20 training jobs and ranges around the hints, for what is not set",
    "AutoParameter.ValueHint": (
        "a number is searched from a tenth of the number to ten times the number; another string is used unchanged"
    ),
    "HyperbandStrategyConfig.MaxResource": "values of the objective that a training job prints, as MinResource",
    "HyperParameterAlgorithmSpecification.TrainingImage": "the program in `images=`; rejected if there is none",
    "HyperParameterAlgorithmSpecification.AlgorithmName": "the program in `algorithms=`; rejected if there is none",
    "HyperParameterTrainingJobDefinition.EnableNetworkIsolation": "only the loopback interface, with isolation",
    "DataSource.FileSystemDataSource": FOLDER,
    "FileSystemDataSource.FileSystemId": FOLDER,
    "FileSystemDataSource.FileSystemAccessMode": "`ro` is a read-only folder, with isolation",
    "FileSystemDataSource.DirectoryPath": "below the folder of the file system",
    "S3DataSource.S3DataType": "`S3Prefix`, `ManifestFile`, `AugmentedManifestFile`; `Converse` is rejected",
    "S3DataSource.S3DataDistributionType": "one instance runs, which gets all objects",
    "CheckpointConfig.LocalPath": "without isolation only `/opt/ml/checkpoints`, the folder in `SM_CHECKPOINT_DIR`",
}

ONE_PROCESS, NO_CLUSTER = "one process runs on this machine", "one machine has no network of its own"
IGNORED = {
    "HyperParameterTrainingJobDefinition.RoleArn": "the program runs as the user who started the service",
    "HyperParameterTrainingJobDefinition.VpcConfig": NO_CLUSTER,
    "HyperParameterTrainingJobDefinition.ResourceConfig": ONE_PROCESS,
    "HyperParameterTrainingJobDefinition.HyperParameterTuningResourceConfig": ONE_PROCESS,
    "HyperParameterTrainingJobDefinition.EnableInterContainerTrafficEncryption": ONE_PROCESS,
    "HyperParameterTrainingJobDefinition.EnableManagedSpotTraining": "there are no spot interruptions",
    "StoppingCondition.MaxWaitTimeInSeconds": "there are no spot interruptions",
    "StoppingCondition.MaxPendingTimeInSeconds": "training jobs do not wait for instances",
    "OutputDataConfig.KmsKeyId": "files are not encrypted",
    "ResourceConfig.VolumeKmsKeyId": "files are not encrypted",
    "HyperParameterTuningResourceConfig.VolumeKmsKeyId": "files are not encrypted",
    "FileSystemDataSource.FileSystemType": "the program gets the folder itself",
    "S3DataSource.InstanceGroupNames": ONE_PROCESS,
    "S3DataSource.ModelAccessConfig": "files are on this machine",
}
NOT_SUPPORTED = "it has no effect here"

REJECTED = {
    "DataSource.DatasetSource": "the local service has no hub",
    "S3DataSource.HubAccessConfig": "the local service has no hub",
}


EACH_INSTANCE, LIMITS = "one container runs for each instance", "for the limits of a container with `limits=True`"
IN_CONTAINERS = {
    "HyperParameterAlgorithmSpecification.TrainingImage": "used: the image itself, or that in `Container(IMAGE)`",
    "HyperParameterAlgorithmSpecification.AlgorithmName": "used: the image in `Container(IMAGE)`",
    "HyperParameterTrainingJobDefinition.EnableNetworkIsolation": "used: only the loopback interface; several "
    "instances also reach each other",
    "HyperParameterTrainingJobDefinition.RoleArn": "ignored: a container has no credentials",
    "HyperParameterTrainingJobDefinition.ResourceConfig": "used",
    "HyperParameterTrainingJobDefinition.HyperParameterTuningResourceConfig": "used",
    "HyperParameterTrainingJobDefinition.EnableInterContainerTrafficEncryption": "ignored: the traffic does not leave "
    "this machine",
    "HyperParameterTrainingJobDefinition.VpcConfig": "ignored: containers have a network of the engine",
    "HyperParameterTuningResourceConfig.InstanceConfigs": "used: the first",
    "S3DataSource.InstanceGroupNames": "ignored for one instance, rejected for several",
    "S3DataSource.S3DataDistributionType": "used: `ShardedByS3Key` is rejected for several instances",
    "Channel.InputMode": "used: `Pipe` requires Linux, and is rejected for several instances",
    "HyperParameterAlgorithmSpecification.TrainingInputMode": "used: as InputMode",
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
            *("ResourceConfig", "InstanceGroup"),
            *("HyperParameterTuningResourceConfig", "HyperParameterTuningInstanceConfig"),
        )
    },
}


class Treatment(NamedTuple):
    """The treatment of a member by the local service."""

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
