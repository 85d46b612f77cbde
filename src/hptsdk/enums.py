"""The enumerations of the API, the syntaxes of templates and the samplers of local searches, as literal types."""

from typing import Literal, TypeAlias

HyperParameterTuningJobStrategyType = Literal["Bayesian", "Random", "Hyperband", "Grid"]
HyperParameterTuningJobObjectiveType = Literal["Maximize", "Minimize"]
HyperParameterScalingType = Literal["Auto", "Linear", "Logarithmic", "ReverseLogarithmic"]
TrainingJobEarlyStoppingType = Literal["Off", "Auto"]
CompleteOnConvergence = Literal["Disabled", "Enabled"]
TrainingInputMode = Literal["Pipe", "File", "FastFile"]
S3DataType = Literal["ManifestFile", "S3Prefix", "AugmentedManifestFile", "Converse"]
S3DataDistribution = Literal["FullyReplicated", "ShardedByS3Key"]
FileSystemAccessMode = Literal["rw", "ro"]
FileSystemType = Literal["EFS", "FSxLustre"]
CompressionType = Literal["None", "Gzip"]
RecordWrapper = Literal["None", "RecordIO"]
OutputCompressionType = Literal["GZIP", "NONE"]
HyperParameterTuningAllocationStrategy = Literal["Prioritized"]
HyperParameterTuningJobWarmStartType = Literal["IdenticalDataAndAlgorithm", "TransferLearning"]
AutotuneMode = Literal["Enabled"]
HyperParameterTuningJobStatus = Literal[
    "Completed", "InProgress", "Failed", "Stopped", "Stopping", "Deleting", "DeleteFailed"
]
TrainingJobStatus = Literal["InProgress", "Completed", "Failed", "Stopping", "Stopped", "Deleting"]
ObjectiveStatus = Literal["Succeeded", "Pending", "Failed"]
HyperParameterTuningJobSortByOptions = Literal["Name", "Status", "CreationTime"]
SortOrder = Literal["Ascending", "Descending"]
TrainingJobSortByOptions = Literal["Name", "CreationTime", "Status", "FinalObjectiveMetricValue"]
SecondaryStatus = Literal[
    "Starting",
    "LaunchingMLInstances",
    "PreparingTrainingStack",
    "Downloading",
    "DownloadingTrainingImage",
    "Training",
    "Uploading",
    "Stopping",
    "Stopped",
    "MaxRuntimeExceeded",
    "Completed",
    "Failed",
    "Interrupted",
    "MaxWaitTimeExceeded",
    "Updating",
    "Restarting",
    "Pending",
]
TrainingRepositoryAccessMode = Literal["Platform", "Vpc"]
WarmPoolResourceStatus = Literal["Available", "Terminated", "Reused", "InUse"]
RuleEvaluationStatus = Literal["InProgress", "NoIssuesFound", "IssuesFound", "Error", "Stopping", "Stopped"]
ProfilingStatus = Literal["Enabled", "Disabled"]
ServerlessJobType = Literal["FineTuning", "Evaluation"]
CustomizationTechnique = Literal["SFT", "DPO", "RLVR", "RLAIF"]
Peft = Literal["LORA"]
EvaluationType = Literal["LLMAJEvaluation", "CustomScorerEvaluation", "BenchmarkEvaluation"]
SortBy = Literal["Name", "CreationTime", "Status"]
Syntax: TypeAlias = Literal["airflow", "stepfunctions", "pipelines", "env", "flyte"]
"""The syntax of placeholders: of Airflow, Step Functions, SageMaker Pipelines, environment variables, or Flyte."""
Sampler: TypeAlias = Literal["tpe", "gp"]
"""The sampler of Bayesian searches in the local service: a tree-structured Parzen estimator, or a Gaussian process."""
