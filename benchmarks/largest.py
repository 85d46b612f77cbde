"""The largest request: ten definitions, with all lists and maps at or close to the limits of the service."""

from hptsdk.shapes import (
    AutoParameter,
    Autotune,
    BestObjectiveNotImproving,
    CategoricalParameterRange,
    Channel,
    CheckpointConfig,
    ContinuousParameterRange,
    ConvergenceDetected,
    CreateHyperParameterTuningJobRequest,
    DataSource,
    HubAccessConfig,
    HyperParameterAlgorithmSpecification,
    HyperParameterTrainingJobDefinition,
    HyperParameterTuningJobConfig,
    HyperParameterTuningJobObjective,
    IntegerParameterRange,
    MetricDefinition,
    ModelAccessConfig,
    OutputDataConfig,
    ParameterRanges,
    ResourceConfig,
    ResourceLimits,
    RetryStrategy,
    S3DataSource,
    ShuffleConfig,
    StoppingCondition,
    Tag,
    TuningJobCompletionCriteria,
    VpcConfig,
)

BUCKET = "s3://amzn-s3-demo-bucket"

# Created once, because the dict that botocore validates is also created before the measurement.
STATIC = {f"static-parameter-{n}": f"value-{n}" for n in range(57)}
METRICS = [(f"validation:metric-{n}", f"metric-{n}=([-+0-9.e]+);") for n in range(40)]
GROUPS = [f"sg-0123456789abcde{n}" for n in range(5)]
SUBNETS = [f"subnet-0123456789abcd{n:02}" for n in range(16)]
ENVIRONMENT = {f"VARIABLE_{n}": f"value-{n}" for n in range(4)}
CHOICES = [f"choice-{n}" for n in range(30)]
ATTRIBUTES = [f"attribute-{n}" for n in range(16)]
CHANNELS = [(f"channel-{n}", f"{BUCKET}/data/{n}/train.manifest") for n in range(20)]
NAMES = [(f"integer-{n}", f"real-{n}", f"category-{n}") for n in range(10)]
AUTOMATIC = [f"automatic-{n}" for n in range(12)]
TAGS = [(f"project:part-{n}", f"value of tag {n:02} {'and more of the text ' * 9}"[:200]) for n in range(50)]


def largest(definitions: int = 10) -> CreateHyperParameterTuningJobRequest:
    """Create the request with the constructors."""
    return CreateHyperParameterTuningJobRequest(
        hyper_parameter_tuning_job_name="largest-request-of-them-all",
        hyper_parameter_tuning_job_config=HyperParameterTuningJobConfig(
            strategy="Bayesian",
            resource_limits=ResourceLimits(
                max_number_of_training_jobs=750, max_parallel_training_jobs=10, max_runtime_in_seconds=2592000
            ),
            training_job_early_stopping_type="Off",
            tuning_job_completion_criteria=TuningJobCompletionCriteria(
                target_objective_metric_value=0.99,
                best_objective_not_improving=BestObjectiveNotImproving(max_number_of_training_jobs_not_improving=50),
                convergence_detected=ConvergenceDetected(complete_on_convergence="Enabled"),
            ),
            random_seed=0,
        ),
        training_job_definitions=[definition(number) for number in range(definitions)],
        tags=[Tag(key=key, value=value) for key, value in TAGS],
        autotune=Autotune(mode="Enabled"),
    )


def definition(number: int) -> HyperParameterTrainingJobDefinition:
    """Create the definition with a number from 0."""
    return HyperParameterTrainingJobDefinition(
        definition_name=f"definition-{number}",
        tuning_objective=HyperParameterTuningJobObjective(type="Maximize", metric_name="validation:metric-0"),
        hyper_parameter_ranges=ranges(),
        static_hyper_parameters=STATIC,
        algorithm_specification=HyperParameterAlgorithmSpecification(
            training_image="123456789012.dkr.ecr.us-east-1.amazonaws.com/my-training-image:1.0",
            training_input_mode="File",
            metric_definitions=[MetricDefinition(name=name, regex=regex) for name, regex in METRICS],
        ),
        role_arn="arn:aws:iam::123456789012:role/service-role/SageMakerRole",
        input_data_config=[channel(n) for n in range(20)],
        vpc_config=VpcConfig(security_group_ids=GROUPS, subnets=SUBNETS),
        output_data_config=OutputDataConfig(s3_output_path=f"{BUCKET}/output/{number}/", compression_type="GZIP"),
        resource_config=ResourceConfig(
            instance_type="ml.m5.xlarge",
            instance_count=2,
            volume_size_in_gb=100,
            volume_kms_key_id="1234abcd-12ab-34cd-56ef-1234567890ab",
        ),
        stopping_condition=StoppingCondition(max_runtime_in_seconds=86400, max_wait_time_in_seconds=172800),
        enable_network_isolation=True,
        enable_inter_container_traffic_encryption=True,
        enable_managed_spot_training=True,
        checkpoint_config=CheckpointConfig(s3_uri=f"{BUCKET}/checkpoints/", local_path="/opt/ml/checkpoints"),
        retry_strategy=RetryStrategy(maximum_retry_attempts=30),
        environment=ENVIRONMENT,
    )


def ranges() -> ParameterRanges:
    """Create ten ranges of each kind, and 12 automatic parameters."""
    return ParameterRanges(
        integer_parameter_ranges=[
            IntegerParameterRange(name=name, min_value="1", max_value="1000", scaling_type="Logarithmic")
            for name, _, _ in NAMES
        ],
        continuous_parameter_ranges=[
            ContinuousParameterRange(name=name, min_value="1e-05", max_value="0.5", scaling_type="Logarithmic")
            for _, name, _ in NAMES
        ],
        categorical_parameter_ranges=[CategoricalParameterRange(name=name, values=CHOICES) for _, _, name in NAMES],
        auto_parameters=[AutoParameter(name=name, value_hint="0.1") for name in AUTOMATIC],
    )


def channel(number: int) -> Channel:
    """Create the channel with a number from 0."""
    return Channel(
        channel_name=CHANNELS[number][0],
        data_source=DataSource(
            s3_data_source=S3DataSource(
                s3_data_type="AugmentedManifestFile",
                s3_uri=CHANNELS[number][1],
                s3_data_distribution_type="ShardedByS3Key",
                attribute_names=ATTRIBUTES,
                model_access_config=ModelAccessConfig(accept_eula=True),
                hub_access_config=HubAccessConfig(
                    hub_content_arn="arn:aws:sagemaker:us-east-1:aws:hub-content/SageMakerPublicHub/Model/some-model/1"
                ),
            )
        ),
        content_type="application/x-recordio",
        compression_type="None",
        record_wrapper_type="RecordIO",
        input_mode="Pipe",
        shuffle_config=ShuffleConfig(seed=number),
    )
