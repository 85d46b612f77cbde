"""Types of builders and client; checked, not run. An unused or missing ignore is an error."""

from decimal import Decimal
from typing import assert_type

import hptsdk
from hptsdk import shapes
from hptsdk.builder import DefinitionBuilder, TrainingBuilder, TuningJobBuilder

ROLE = "arn:aws:iam::123456789012:role/SageMakerRole"

training = hptsdk.training(
    image="image:1",
    role_arn=ROLE,
    output="s3://b/out/",
    instance_type="ml.m5.xlarge",
    instance_count=1,
    max_runtime_in_seconds=60,
)
assert_type(training, TrainingBuilder)

# --- what training() requires ---

hptsdk.training(  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    image="image:1", output="s3://b/", instance_type="ml.m5.xlarge", instance_count=1, max_runtime_in_seconds=60
)
hptsdk.training(  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    image="image:1", role_arn=ROLE, instance_type="ml.m5.xlarge", instance_count=1, max_runtime_in_seconds=60
)
hptsdk.training(  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    image="image:1", role_arn=ROLE, output="s3://b/", instance_count=1, max_runtime_in_seconds=60
)
hptsdk.training(  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    image="image:1", role_arn=ROLE, output="s3://b/", instance_type="ml.m5.xlarge", max_runtime_in_seconds=60
)
hptsdk.training(  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    image="image:1", role_arn=ROLE, output="s3://b/", instance_type="ml.m5.xlarge", instance_count=1
)
# the image as a positional argument
hptsdk.training(  # type: ignore[call-arg]
    "image:1",  # pyright: ignore[reportCallIssue]
    role_arn=ROLE,
    output="s3://b/",
    instance_type="ml.m5.xlarge",
    instance_count=1,
    max_runtime_in_seconds=60,
)

# an algorithm, an output configuration, an instance type that is not known, and a volume
assert_type(
    hptsdk.training(
        algorithm="mine",
        role_arn=ROLE,
        output=shapes.OutputDataConfig(s3_output_path="s3://b/", kms_key_id="key"),
        instance_type="ml.brand-new.xlarge",
        instance_count=1,
        max_runtime_in_seconds=60,
        volume_size_in_gb=30,
    ),
    TrainingBuilder,
)

# --- the methods of a training ---

assert_type(training.channel("train", "s3://b/c", content_type="text/csv", input_mode="Pipe"), TrainingBuilder)
assert_type(training.static({"learning-rate": Decimal("0.1")}, booster="gbtree", rounds=100), TrainingBuilder)
assert_type(training.static_json(flag=True, sizes=[1, 2]).environment(LEVEL="info"), TrainingBuilder)
assert_type(training.vpc(subnets=["s"], security_group_ids=["g"]).spot(max_wait_in_seconds=90), TrainingBuilder)
assert_type(training.checkpoints("s3://b/c").retries(3).network_isolation().encrypt_traffic(), TrainingBuilder)
assert_type(training.metric("rmse", "rmse=(.*)").with_(retry_strategy=None).input_mode("FastFile"), TrainingBuilder)

training.channel("train", "s3://b/c", input_mode="fastfile")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
training.channel("train", "s3://b/c", compression="gzip")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
training.channel("train", "s3://b/c", "text/csv")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
training.channel("train")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
training.channel("train", shapes.DataSource())  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
training.file_system("train", "fs-0123456789", directory="/")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
training.static(rounds=None)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
training.static(sizes=[1])  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
training.vpc(["s"], ["g"])  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
training.vpc(subnets=["s"])  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
training.spot(90)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
training.instances(["ml.m5.large"])  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]
training.input_mode("pipe")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
training.chanel("train", "s3://b/c")  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]

# --- ranges are of a job or a named definition, not of a training ---

training.continuous("eta", 0.01, 0.3)  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
training.integer("depth", 3, 10)  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
training.categorical("kind", ["a"])  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
training.auto("alpha", 1)  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]

definition = training.named("xgb", maximize="auc")
assert_type(definition, DefinitionBuilder)
assert_type(definition.continuous("eta", 0.01, 0.3).integer("depth", 3, 10), DefinitionBuilder)
assert_type(definition.categorical("kind", ["a"]).auto("alpha", 1), DefinitionBuilder)
assert_type(definition.channel("train", "s3://b/c").static(rounds=1), DefinitionBuilder)

training.named("xgb")  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
training.named("xgb", minimize="a", maximize="b")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
training.named("xgb", "auc")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
definition.named("other", maximize="auc")  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]

# --- what tuning_job() requires ---

job = hptsdk.tuning_job("job", training, minimize="rmse", max_jobs=9, max_parallel_jobs=2)
assert_type(job, TuningJobBuilder)
assert_type(hptsdk.tuning_job("job", training, maximize="auc", max_parallel_jobs=2), TuningJobBuilder)
assert_type(hptsdk.tuning_job("job", [definition], max_jobs=9, max_parallel_jobs=2), TuningJobBuilder)

hptsdk.tuning_job("job", training, minimize="rmse")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
hptsdk.tuning_job("job", minimize="rmse", max_parallel_jobs=2)  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
hptsdk.tuning_job(training, minimize="rmse", max_parallel_jobs=2)  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
# neither of the two, and both
hptsdk.tuning_job("job", training, max_parallel_jobs=2)  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
hptsdk.tuning_job("job", training, minimize="a", maximize="b", max_parallel_jobs=2)  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
# an objective with several definitions, and a definition in place of a training or the reverse
hptsdk.tuning_job("job", [definition], minimize="rmse", max_parallel_jobs=2)  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
hptsdk.tuning_job("job", [training], max_parallel_jobs=2)  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]
hptsdk.tuning_job("job", definition, minimize="rmse", max_parallel_jobs=2)  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
# the objective and the limits as positional arguments
hptsdk.tuning_job("job", training, "rmse", max_parallel_jobs=2)  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
hptsdk.tuning_job("job", [definition], 9, 2)  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]

# --- the methods of a job ---

assert_type(job.continuous("eta", Decimal("0.01"), 1, scaling="ReverseLogarithmic"), TuningJobBuilder)
assert_type(job.integer("depth", 3, 10, scaling="Logarithmic").categorical("kind", ["a", 1]), TuningJobBuilder)
assert_type(job.auto("alpha", 0.5).autotune().bayesian(random_seed=7).random().grid(), TuningJobBuilder)
assert_type(job.hyperband(min_resource=1, max_resource=27).early_stopping().stop_at(0.9), TuningJobBuilder)
assert_type(job.stop_when_not_improving(5).stop_on_convergence().max_runtime(600), TuningJobBuilder)
assert_type(job.warm_start("first", kind="TransferLearning").tag("a", "b").tags({"c": "d"}), TuningJobBuilder)
assert_type(job.with_(tags=None), TuningJobBuilder)
request = job.build()
assert_type(request, shapes.CreateHyperParameterTuningJobRequest)

job.continuous("eta", 0.01, 0.3, scaling="log")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
job.continuous("eta", 0.01, 0.3, "Linear")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
job.continuous("eta", "0.01", 0.3)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
job.continuous("eta", 0.01)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
job.integer("depth", 3, 10, scaling="ReverseLogarithmic")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
job.integer("depth", None, 10)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
job.categorical("kind", {"a"})  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
job.warm_start("first", kind="Transfer")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
job.warm_start("first")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
job.hyperband(1, 27)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
job.hyperband(min_resource=1)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
job.bayesian(7)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
job.tag("team")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
job.early_stopping("Auto")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
job.channel("train", "s3://b/c")  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]

# --- from the builder to the job ---

client = hptsdk.TuningClient(region_name="us-east-1")
handle = client.create(request)
assert_type(handle, hptsdk.TuningJob)
assert_type(client.create(request, if_exists="return"), hptsdk.TuningJob)
assert_type(handle.wait(), shapes.DescribeHyperParameterTuningJobResponse)
assert_type(handle.wait(timeout=3600, poll=5, progress=True), shapes.DescribeHyperParameterTuningJobResponse)
assert_type(hptsdk.unique_name("churn"), str)

client.create(request, if_exists="retrun")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
client.create(job)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
client.create(request, "return")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
client.create()  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
handle.wait(3600)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
hptsdk.unique_name()  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]

# --- templates ---

unknown = hptsdk.tuning_job(
    hptsdk.placeholder("job-{{ ds }}"),
    training,
    minimize="rmse",
    max_jobs=hptsdk.placeholder("{{ params.max_jobs }}"),
    max_parallel_jobs=2,
)
template = unknown.continuous("eta", hptsdk.placeholder("{{ params.low }}"), 0.3).template()
assert_type(template, hptsdk.Template[shapes.CreateHyperParameterTuningJobRequest])
assert_type(template.fill({"ds": "1"}), shapes.CreateHyperParameterTuningJobRequest)
shapes.Tag(key="run", value=hptsdk.placeholder("{{ ds }}"))

client.create(template)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
unknown.template(syntax="jinja")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
