"""Builders with a common prefix; methods with singular names append, methods with plural names and `with_` replace."""

import pytest
from sample_requests import REQUIRED, XGBOOST_IMAGE

import hptsdk
from hptsdk import shapes

PREFIX = hptsdk.training(image=XGBOOST_IMAGE, **REQUIRED)
SMALL = shapes.HyperParameterTuningInstanceConfig(instance_type="ml.m5.large", instance_count=1, volume_size_in_gb=30)
BIG = shapes.HyperParameterTuningInstanceConfig(instance_type="ml.m5.4xlarge", instance_count=1, volume_size_in_gb=30)


def job_of(training):
    job = hptsdk.tuning_job("job", training, minimize="rmse", max_jobs=9, max_parallel_jobs=2)
    return job.continuous("eta", 0, 1)


JOB = job_of(PREFIX)


def wire(training):
    return hptsdk.to_wire(job_of(training).build())["TrainingJobDefinition"]


def channel(name):
    source = shapes.S3DataSource(s3_data_type="S3Prefix", s3_uri="s3://b/c")
    return shapes.Channel(channel_name=name, data_source=shapes.DataSource(s3_data_source=source))


def channels(training):
    return [c["ChannelName"] for c in wire(training)["InputDataConfig"]]


def metrics(training):
    return [m["Name"] for m in wire(training)["AlgorithmSpecification"]["MetricDefinitions"]]


def tags(job):
    return [t["Key"] for t in hptsdk.to_wire(job.build())["Tags"]]


def ranges(job):
    return hptsdk.to_wire(job.build())["HyperParameterTuningJobConfig"]["ParameterRanges"]


# --- a shared prefix ---


def test_two_builders_with_one_prefix_are_independent():
    prefix = PREFIX.channel("common", "s3://b/c")
    first, second = prefix.channel("first", "s3://b/1"), prefix.channel("second", "s3://b/2")
    assert (channels(first), channels(second)) == (["common", "first"], ["common", "second"])


def test_two_jobs_with_one_prefix_are_independent():
    prefix = JOB.integer("depth", 1, 9)
    prefix.integer("width", 1, 9)
    assert [r["Name"] for r in ranges(prefix)["IntegerParameterRanges"]] == ["depth"]


def test_a_later_change_of_the_training_does_not_change_the_job():
    training = PREFIX.channel("train", "s3://b/c")
    job = job_of(training)
    training.channel("later", "s3://b/c")
    assert len(job.build().training_job_definition.input_data_config) == 1


def test_a_change_of_a_request_does_not_change_the_next_one():
    job = JOB.tag("team", "growth")
    hptsdk.to_wire(job.build())["Tags"].clear()
    assert tags(job) == ["team"]


# --- later changes of arguments ---


def test_a_later_change_of_a_map_has_no_effect():
    values = {"a": "1"}
    training = PREFIX.static(values)
    values["b"] = "2"
    assert wire(training)["StaticHyperParameters"] == {"a": "1"}


def test_a_later_change_of_the_list_of_values_has_no_effect():
    values = ["a"]
    job = JOB.categorical("kind", values)
    values.append("b")
    assert ranges(job)["CategoricalParameterRanges"] == [{"Name": "kind", "Values": ["a"]}]


def test_a_later_change_of_the_list_of_channels_has_no_effect():
    argument = [channel("a")]
    training = PREFIX.channels(argument)
    argument.append(channel("b"))
    assert channels(training) == ["a"]


def test_a_later_change_of_the_list_of_instances_has_no_effect():
    argument = [SMALL]
    training = PREFIX.instances(argument)
    argument.append(BIG)
    assert len(wire(training)["HyperParameterTuningResourceConfig"]["InstanceConfigs"]) == 1


def test_a_later_change_of_a_list_passed_to_with_has_no_effect():
    argument = [shapes.Tag(key="a", value="")]
    job = JOB.with_(tags=argument)
    argument.clear()
    assert tags(job) == ["a"]


def test_a_later_change_of_the_tags_has_no_effect():
    argument = {"a": ""}
    job = JOB.tags(argument)
    argument.clear()
    assert tags(job) == ["a"]


# --- methods with singular names append ---


def test_channel_appends():
    assert channels(PREFIX.channel("a", "s3://b/c").channel("b", "s3://b/c")) == ["a", "b"]


def test_file_system_appends():
    training = PREFIX.channel("a", "s3://b/c").file_system("b", "fs-0123456789", directory="/", file_system_type="EFS")
    training = training.vpc(subnets=["subnet-1"], security_group_ids=["sg-1"])
    assert channels(training) == ["a", "b"]


def test_channel_appends_to_ready_ones():
    assert channels(PREFIX.with_(input_data_config=[channel("a")]).channel("b", "s3://b/c")) == ["a", "b"]


def test_metric_appends():
    assert metrics(PREFIX.metric("a", "a=(.*)").metric("b", "b=(.*)")) == ["a", "b"]


def test_metric_appends_to_the_metrics_of_a_specification():
    ready = shapes.HyperParameterAlgorithmSpecification(
        algorithm_name="mine",
        training_input_mode="Pipe",
        metric_definitions=[shapes.MetricDefinition(name="a", regex="a=(.*)")],
    )
    assert metrics(PREFIX.with_(algorithm_specification=ready).metric("b", "b=(.*)")) == ["a", "b"]


def test_tag_appends():
    assert tags(JOB.tag("a", "").tag("b", "")) == ["a", "b"]


def test_tag_appends_to_ready_ones():
    assert tags(JOB.with_(tags=[shapes.Tag(key="a", value="")]).tag("b", "")) == ["a", "b"]


def test_ranges_of_one_type_are_in_order():
    job = JOB.continuous("b", 0, 1).integer("z", 0, 1).continuous("a", 0, 1)
    assert [r["Name"] for r in ranges(job)["ContinuousParameterRanges"]] == ["eta", "b", "a"]


def test_static_adds_to_the_hyperparameters():
    assert wire(PREFIX.static(a="1").static(b="2"))["StaticHyperParameters"] == {"a": "1", "b": "2"}


def test_static_with_an_existing_name_replaces_the_value():
    assert wire(PREFIX.static(a="1").static(a="2"))["StaticHyperParameters"] == {"a": "2"}


def test_static_and_static_json_add_up():
    assert wire(PREFIX.static(a="x").static_json(b="x"))["StaticHyperParameters"] == {"a": "x", "b": '"x"'}


def test_static_adds_to_a_ready_map():
    training = PREFIX.with_(static_hyper_parameters={"a": "1"}).static(b="2")
    assert wire(training)["StaticHyperParameters"] == {"a": "1", "b": "2"}


def test_environment_adds_to_the_variables():
    assert wire(PREFIX.environment(A="1").environment(B="2"))["Environment"] == {"A": "1", "B": "2"}


def test_spot_adds_to_a_ready_stopping_condition():
    ready = shapes.StoppingCondition(max_runtime_in_seconds=60, max_pending_time_in_seconds=7200)
    assert wire(PREFIX.with_(stopping_condition=ready).spot(max_wait_in_seconds=90))["StoppingCondition"] == {
        "MaxRuntimeInSeconds": 60,
        "MaxWaitTimeInSeconds": 90,
        "MaxPendingTimeInSeconds": 7200,
    }


# --- methods with plural names, and with_, replace ---


def test_channels_replaces():
    assert channels(PREFIX.channel("a", "s3://b/c").channels([channel("b")])) == ["b"]


def test_metrics_replaces():
    assert metrics(PREFIX.metric("a", "a=(.*)").metrics([shapes.MetricDefinition(name="b", regex="b=(.*)")])) == ["b"]


def test_tags_replaces():
    assert tags(JOB.tag("a", "").tags({"b": ""})) == ["b"]


def test_instances_replaces():
    configs = wire(PREFIX.instances([SMALL]).instances([BIG]))["HyperParameterTuningResourceConfig"]["InstanceConfigs"]
    assert [c["InstanceType"] for c in configs] == ["ml.m5.4xlarge"]


def test_warm_start_replaces():
    job = JOB.warm_start("a", kind="TransferLearning").warm_start("b", kind="IdenticalDataAndAlgorithm")
    parents = job.build().warm_start_config.parent_hyper_parameter_tuning_jobs
    assert [p.hyper_parameter_tuning_job_name for p in parents] == ["b"]


def test_with_replaces_a_whole_map():
    training = PREFIX.static(a="1").with_(static_hyper_parameters={"b": "2"})
    assert wire(training)["StaticHyperParameters"] == {"b": "2"}


def test_with_replaces_a_whole_structure():
    training = PREFIX.metric("a", "a=(.*)").with_(
        algorithm_specification=shapes.HyperParameterAlgorithmSpecification(
            algorithm_name="mine", training_input_mode="Pipe"
        )
    )
    assert wire(training)["AlgorithmSpecification"] == {"AlgorithmName": "mine", "TrainingInputMode": "Pipe"}


def test_with_replaces_the_training_job_definition():
    ready = JOB.build().training_job_definition
    assert job_of(PREFIX.retries(1)).with_(training_job_definition=ready).build() == JOB.build()


def test_with_sets_members_of_the_request_and_of_its_configuration_together():
    job = JOB.with_(tags=[shapes.Tag(key="a", value="")], random_seed=3)
    assert (tags(job), job.build().hyper_parameter_tuning_job_config.random_seed) == (["a"], 3)


def test_with_none_removes_a_member():
    assert "Tags" not in hptsdk.to_wire(JOB.tag("a", "").with_(tags=None).build())


# --- the two resource structures replace each other ---

READY = shapes.ResourceConfig(instance_type="ml.c5.xlarge", instance_count=2, volume_size_in_gb=30)
READY_FOR_TUNING = shapes.HyperParameterTuningResourceConfig(
    instance_type="ml.c5.xlarge", instance_count=2, volume_size_in_gb=30
)


@pytest.mark.parametrize(
    ("training", "expected"),
    [
        (PREFIX, "ResourceConfig"),
        (PREFIX.instances([SMALL]), "HyperParameterTuningResourceConfig"),
        (PREFIX.with_(hyper_parameter_tuning_resource_config=READY_FOR_TUNING), "HyperParameterTuningResourceConfig"),
        (PREFIX.with_(resource_config=READY), "ResourceConfig"),
        (PREFIX.instances([SMALL]).with_(resource_config=READY), "ResourceConfig"),
        (PREFIX.with_(resource_config=READY).instances([SMALL]), "HyperParameterTuningResourceConfig"),
    ],
)
def test_only_the_resources_named_last_are_set(training, expected):
    assert {"ResourceConfig", "HyperParameterTuningResourceConfig"} & set(wire(training)) == {expected}


def test_resources_set_by_with_are_not_changed():
    assert wire(PREFIX.with_(resource_config=READY))["ResourceConfig"] == hptsdk.to_wire(READY)
