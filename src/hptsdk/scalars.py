"""The named scalars of the API with their constraints, and the lists and maps of scalars.

Validation, conversion, schema and documentation use these declarations. Enumerations are in `hptsdk.enums`, and a list
of structures is in the module of its structure.
"""

from collections.abc import Mapping, Sequence
from typing import Annotated

from hptsdk.constraints import Categories, Entries, Items, Length, Pattern, Range, RoleAddress, S3Address, Secret

AlgorithmImage = Annotated[str, Length(0, 255), Pattern(r".*")]
ArnOrName = Annotated[
    str,
    Length(1, 170),
    Pattern(r"(arn:aws[a-z\-]*:sagemaker:[a-z0-9\-]*:[0-9]{12}:[a-z\-]*\/)?([a-zA-Z0-9]([a-zA-Z0-9-]){0,62})(?<!-)"),
]
AttributeName = Annotated[str, Length(1, 256), Pattern(r".+")]
AttributeNames = Annotated[Sequence[AttributeName], Items(0, 16)]
ChannelName = Annotated[
    str, Length(1, 64), Pattern(r"[A-Za-z0-9\.\-_]+", "letters, digits, periods, hyphens and underscores")
]
ContentType = Annotated[str, Length(0, 256), Pattern(r".*")]
DirectoryPath = Annotated[str, Length(0, 4096), Pattern(r".*")]
FileSystemId = Annotated[
    str, Length(11, 21), Pattern(r"(fs-[0-9a-f]{8,})", "the id of a file system, such as fs-0123456789abcdef0")
]
HubContentArn = Annotated[str, Length(0, 255), Pattern(r".*")]
HubDataSetArn = Annotated[
    str,
    Length(0, 2048),
    Pattern(
        r"(arn:[a-z0-9-\.]{1,63}:sagemaker:\w+(?:-\w+)+:(\d{12}|aws):hub-content\/)[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}\/DataSet\/[a-zA-Z0-9](-*[a-zA-Z0-9]){0,63}(\/\d{1,4}.\d{1,4}.\d{1,4})?"
    ),
]
HyperParameterKey = Annotated[str, Length(0, 256), Pattern(r".*")]
HyperParameterTrainingJobDefinitionName = Annotated[
    str, Length(1, 64), Pattern(r"[a-zA-Z0-9](-*[a-zA-Z0-9]){0,63}", "letters and digits, with hyphens between them")
]
HyperParameterTrainingJobEnvironmentKey = Annotated[
    str, Length(0, 512), Pattern(r"[a-zA-Z_][a-zA-Z0-9_]*", "letters, digits and underscores, no digit first")
]
HyperParameterTrainingJobEnvironmentValue = Annotated[str, Length(0, 512), Pattern(r"[\S\s]*"), Secret()]
HyperParameterTrainingJobEnvironmentMap = Annotated[
    Mapping[HyperParameterTrainingJobEnvironmentKey, HyperParameterTrainingJobEnvironmentValue], Entries(0, 48)
]
HyperParameterTuningJobName = Annotated[
    str, Length(1, 32), Pattern(r"[a-zA-Z0-9](-*[a-zA-Z0-9]){0,31}", "letters and digits, with hyphens between them")
]
HyperParameterTuningMaxRuntimeInSeconds = Annotated[int, Range(120, 15768000)]
HyperParameterValue = Annotated[str, Length(0, 2500), Pattern(r".*"), Secret()]
HyperParameters = Annotated[Mapping[HyperParameterKey, HyperParameterValue], Entries(0, 100)]
HyperbandStrategyMaxResource = Annotated[int, Range(1)]
HyperbandStrategyMinResource = Annotated[int, Range(1)]
InstanceGroupName = Annotated[str, Length(1, 64), Pattern(r".+")]
InstanceGroupNames = Annotated[Sequence[InstanceGroupName], Items(0, 5)]
KeepAlivePeriodInSeconds = Annotated[int, Range(0, 21600)]
KmsKeyId = Annotated[str, Length(0, 2048), Pattern(r"[a-zA-Z0-9:/_-]*", "the id or ARN of a KMS key")]
ListTagsMaxResults = Annotated[int, Range(50)]
MaxNumberOfTrainingJobs = Annotated[int, Range(1)]
MaxNumberOfTrainingJobsNotImproving = Annotated[int, Range(3)]
MaxParallelTrainingJobs = Annotated[int, Range(1)]
MaxPendingTimeInSeconds = Annotated[int, Range(1800, 2419200)]
MaxResults = Annotated[int, Range(1, 100)]
MaxRuntimeInSeconds = Annotated[int, Range(1)]
MaxWaitTimeInSeconds = Annotated[int, Range(1)]
MaximumRetryAttempts = Annotated[int, Range(1, 30)]
MetricName = Annotated[str, Length(1, 255), Pattern(r".+")]
MetricRegex = Annotated[str, Length(1, 500), Pattern(r".+")]
NameContains = Annotated[str, Length(0, 63), Pattern(r"[a-zA-Z0-9\-]+")]
NextToken = Annotated[str, Length(0, 8192), Pattern(r".*")]
OptionalVolumeSizeInGB = Annotated[int, Range(0)]
ParameterKey = Annotated[str, Length(0, 256), Pattern(r".*")]
ParameterValue = Annotated[str, Length(0, 256), Pattern(r".*")]
ParameterValues = Annotated[Sequence[ParameterValue], Items(1, 30)]
RandomSeed = Annotated[int, Range(0)]
ResourceArn = Annotated[str, Length(0, 256), Pattern(r"arn:aws[a-z-]*:sagemaker:[a-z0-9-]*:[0-9]{12}:.+")]
RoleArn = Annotated[
    str,
    Length(20, 2048),
    RoleAddress(r"arn:aws[a-z\-]*:iam::\d{12}:role/?[a-zA-Z_0-9+=,.@\-_/]+", "the ARN of an IAM role"),
]
S3Uri = Annotated[str, Length(0, 1024), S3Address(r"(https|s3)://([^/]+)/?(.*)", "an address like s3://BUCKET/PREFIX")]
SecurityGroupId = Annotated[str, Length(0, 32), Pattern(r"[-0-9a-zA-Z]+", "letters, digits and hyphens")]
String256 = Annotated[str, Length(0, 256)]
SubnetId = Annotated[str, Length(0, 32), Pattern(r"[-0-9a-zA-Z]+", "letters, digits and hyphens")]
Subnets = Annotated[Sequence[SubnetId], Items(1, 16)]
TagKey = Annotated[str, Length(1, 128), Categories("LZN", "_.:/=+-@")]
TagKeyList = Annotated[Sequence[TagKey], Items(1, 50)]
TagValue = Annotated[str, Length(0, 256), Categories("LZN", "_.:/=+-@")]
TrainingInstanceCount = Annotated[int, Range(0)]
TrainingJobName = Annotated[
    str, Length(1, 63), Pattern(r"[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}", "letters and digits, with hyphens between them")
]
TrainingPlanArn = Annotated[
    str, Length(50, 2048), Pattern(r"arn:aws[a-z\-]*:sagemaker:[a-z0-9\-]*:[0-9]{12}:training-plan/.*")
]
TrainingPlanArnList = Annotated[Sequence[TrainingPlanArn], Items(1, 1)]
VolumeSizeInGB = Annotated[int, Range(1)]
VpcSecurityGroupIds = Annotated[Sequence[SecurityGroupId], Items(1, 5)]

# Scalars of responses only.

AutoMLJobArn = Annotated[str, Length(1, 256), Pattern(r"arn:aws[a-z\-]*:sagemaker:[a-z0-9\-]*:[0-9]{12}:automl-job/.*")]
BillableTimeInSeconds = Annotated[int, Range(1)]
BillableTokenCount = Annotated[int, Range(0)]
CollectionName = Annotated[str, Length(1, 256), Pattern(r".*")]
ConfigKey = Annotated[str, Length(1, 256), Pattern(r".*")]
ConfigValue = Annotated[str, Length(0, 256), Pattern(r".*")]
CollectionParameters = Annotated[Mapping[ConfigKey, ConfigValue], Entries(0, 20)]
EvaluatorArn = Annotated[str, Pattern(r".*")]
ExperimentEntityName = Annotated[
    str, Length(1, 120), Pattern(r"[a-zA-Z0-9](-*[a-zA-Z0-9]){0,119}", "letters and digits, with hyphens between them")
]
FailureReason = Annotated[str, Length(0, 1024)]
HookParameters = Annotated[Mapping[ConfigKey, ConfigValue], Entries(0, 20)]
HyperParameterTuningJobArn = Annotated[
    str, Length(0, 256), Pattern(r"arn:aws[a-z\-]*:sagemaker:[a-z0-9\-]*:[0-9]{12}:hyper-parameter-tuning-job/.*")
]
LabelingJobArn = Annotated[
    str, Length(0, 2048), Pattern(r"arn:aws[a-z\-]*:sagemaker:[a-z0-9\-]*:[0-9]{12}:labeling-job/.*")
]
MlFlowResourceArn = Annotated[
    str, Length(0, 2048), Pattern(r"arn:aws[a-z\-]*:sagemaker:[a-z0-9\-]*:[0-9]{12}:mlflow-[a-zA-Z-]*/.*")
]
MlflowExperimentId = Annotated[str, Length(1, 256), Pattern(r".*")]
MlflowExperimentName = Annotated[str, Length(1, 256), Pattern(r".*")]
MlflowRunId = Annotated[str, Length(1, 256), Pattern(r".*")]
MlflowRunName = Annotated[str, Length(1, 256), Pattern(r".*")]
ModelPackageArn = Annotated[
    str, Length(1, 2048), Pattern(r"arn:aws[a-z\-]*:sagemaker:[a-z0-9\-]{9,16}:[0-9]{12}:model-package/[\S]{1,2048}")
]
ModelPackageGroupArn = Annotated[
    str,
    Length(1, 2048),
    Pattern(r"arn:aws[a-z\-]*:sagemaker:[a-z0-9\-]{9,16}:[0-9]{12}:model-package-group/[\S]{1,2048}"),
]
ObjectiveStatusCounter = Annotated[int, Range(0)]
ProcessingJobArn = Annotated[
    str,
    Length(0, 256),
    Pattern(r"arn:aws[a-z\-]*:sagemaker:[a-z0-9\-]*:[0-9]{12}:processing-job/[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}"),
]
ProfilingParameters = Annotated[Mapping[ConfigKey, ConfigValue], Entries(0, 20)]
ResourceRetainedBillableTimeInSeconds = Annotated[int, Range(0)]
RuleConfigurationName = Annotated[str, Length(1, 256), Pattern(r".*")]
RuleParameters = Annotated[Mapping[ConfigKey, ConfigValue], Entries(0, 100)]
SequenceLength = Annotated[str, Length(1, 50), Pattern(r"\d+K")]
ServerlessJobBaseModelArn = Annotated[
    str,
    Length(1, 2048),
    Pattern(
        r"(arn:[a-z0-9-\.]{1,63}:sagemaker:\w+(?:-\w+)+:(\d{12}|aws):hub-content\/)[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}\/Model\/[a-zA-Z0-9](-*[a-zA-Z0-9]){0,63}(\/\d{1,4}.\d{1,4}.\d{1,4})?"
    ),
]
StatusDetails = Annotated[str, Length(0, 1024), Pattern(r".*")]
TotalStepCountPerEpoch = Annotated[int, Range(0)]
TrainingContainerArgument = Annotated[str, Length(0, 256), Pattern(r".*")]
TrainingContainerArguments = Annotated[Sequence[TrainingContainerArgument], Items(1, 100)]
TrainingContainerEntrypointString = Annotated[str, Length(0, 256), Pattern(r".*")]
TrainingContainerEntrypoint = Annotated[Sequence[TrainingContainerEntrypointString], Items(1, 100)]
TrainingEnvironmentKey = Annotated[
    str, Length(0, 512), Pattern(r"[a-zA-Z_][a-zA-Z0-9_]*", "letters, digits and underscores, no digit first")
]
TrainingEnvironmentValue = Annotated[str, Length(0, 512), Pattern(r"[\S\s]*"), Secret()]
TrainingEnvironmentMap = Annotated[Mapping[TrainingEnvironmentKey, TrainingEnvironmentValue], Entries(0, 100)]
TrainingEpochCount = Annotated[int, Range(0)]
TrainingEpochIndex = Annotated[int, Range(0)]
TrainingJobArn = Annotated[
    str,
    Length(0, 256),
    Pattern(r"arn:aws[a-z\-]*:sagemaker:[a-z0-9\-]*:[0-9]{12}:training-job/[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}"),
]
TrainingJobStatusCounter = Annotated[int, Range(0)]
TrainingRepositoryCredentialsProviderArn = Annotated[
    str, Length(1, 2048), Pattern(r"arn:[\p{Alnum}\-]+:lambda:[\p{Alnum}\-]+:[0-9]{12}:function:.*")
]
TrainingStepIndex = Annotated[int, Range(0)]
TrainingTimeInSeconds = Annotated[int, Range(1)]
