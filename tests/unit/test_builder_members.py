"""Every member that a request can have is reached from the builders."""

import pytest
from sample_requests import IMAGE, REQUIRED

import hptsdk
from hptsdk import schema, shapes

PLAN = "arn:aws:sagemaker:us-east-1:123456789012:training-plan/plan"
DATASET = "arn:aws:sagemaker:us-east-1:aws:hub-content/hub/DataSet/d/1.0.0"
HUB = "arn:aws:sagemaker:us-east-1:123456789012:hub-content/hub/Model/m/1.0.0"


def job(training):
    job = hptsdk.tuning_job("job", training, minimize="rmse", max_jobs=9, max_parallel_jobs=2)
    return job.continuous("eta", 0.01, 0.3, scaling="Logarithmic")


def training(**others):
    return hptsdk.training(**{**REQUIRED, **(others or {"algorithm": "mine"})})


def with_methods():
    """Set all members of one job that have a method."""
    own_image = (
        training(image=IMAGE)
        .metric("rmse", "rmse=([0-9.]+)")
        .channel(
            "train",
            "s3://amzn-s3-demo-bucket/train/",
            content_type="application/x-recordio",
            input_mode="Pipe",
            compression="Gzip",
            record_wrapper="RecordIO",
            shuffle_seed=1,
            distribution="ShardedByS3Key",
        )
        .channel(
            "labels",
            "s3://amzn-s3-demo-bucket/labels.manifest",
            data_type="AugmentedManifestFile",
            input_mode="Pipe",
            attribute_names=["image", "label"],
        )
        .file_system("efs", "fs-0123456789", directory="/data", file_system_type="EFS")
        .static(objective="reg:squarederror")
        .environment(LEVEL="info")
        .vpc(subnets=["subnet-1"], security_group_ids=["sg-1"])
        .spot(max_wait_in_seconds=7200)
        .checkpoints("s3://amzn-s3-demo-bucket/checkpoints/", local_path="/opt/ml/checkpoints")
        .max_pending_time(7200)
        .retries(3)
        .network_isolation()
        .encrypt_traffic()
    )
    return (
        job(own_image)
        .integer("max_depth", 3, 10, scaling="Linear")
        .categorical("booster", ["gbtree", "dart"])
        .auto("alpha", 0.5)
        .bayesian(random_seed=7)
        .early_stopping()
        .stop_at(0.1)
        .stop_when_not_improving(5)
        .stop_on_convergence()
        .max_runtime(86400)
        .warm_start("first-search", kind="TransferLearning")
        .autotune()
        .tag("team", "growth")
    )


def with_hyperband():
    return job(training()).integer("epochs", 1, 9).hyperband(min_resource=1, max_resource=27)


def with_several_definitions():
    choices = [
        shapes.HyperParameterTuningInstanceConfig(instance_type=kind, instance_count=1, volume_size_in_gb=30)
        for kind in ("ml.m5.large", "ml.m4.xlarge")
    ]
    first = training().instances(choices).named("first", minimize="rmse").integer("depth", 1, 9)
    return hptsdk.tuning_job("job", [first], max_jobs=9, max_parallel_jobs=2)


def with_ready_sources():
    gated = shapes.S3DataSource(
        s3_data_type="S3Prefix",
        s3_uri="s3://amzn-s3-demo-bucket/model/",
        model_access_config=shapes.ModelAccessConfig(accept_eula=True),
        hub_access_config=shapes.HubAccessConfig(hub_content_arn=HUB),
    )
    dataset = shapes.DatasetSource(dataset_arn=DATASET)
    output = shapes.OutputDataConfig(s3_output_path=REQUIRED["output"], kms_key_id="key", compression_type="NONE")
    return job(training(algorithm="mine", output=output).channel("model", gated).channel("data", dataset))


def with_a_cluster():
    groups = [
        shapes.InstanceGroup(instance_type="ml.c5.xlarge", instance_count=1, instance_group_name="workers"),
        shapes.InstanceGroup(instance_type="ml.p3.2xlarge", instance_count=1, instance_group_name="trainers"),
    ]
    cluster = shapes.ResourceConfig(instance_groups=groups, volume_size_in_gb=30, volume_kms_key_id="key")
    data = "s3://amzn-s3-demo-bucket/train/"
    return job(training().channel("train", data, instance_groups=["workers"]).with_(resource_config=cluster))


def with_reserved_capacity():
    resources = shapes.ResourceConfig(
        instance_type="ml.p6e-gb200.36xlarge",
        instance_count=2,
        volume_size_in_gb=30,
        keep_alive_period_in_seconds=600,
        training_plan_arn=PLAN,
        instance_placement_config=shapes.InstancePlacementConfig(
            enable_multiple_jobs=True,
            placement_specifications=[shapes.PlacementSpecification(ultra_server_id="us-1", instance_count=2)],
        ),
    )
    waiting = shapes.StoppingCondition(max_runtime_in_seconds=3600, max_pending_time_in_seconds=7200)
    return job(training().with_(resource_config=resources, stopping_condition=waiting))


def with_preferences():
    resources = shapes.ResourceConfig(
        instance_preferences=[
            shapes.InstancePreference(instance_type="ml.p5.48xlarge", instance_count=1, training_plan_arns=[PLAN])
        ],
        volume_size_in_gb=30,
    )
    return job(training().with_(resource_config=resources))


def with_what_only_responses_have():
    """Set the members that the service chooses, which a request can hold."""
    resources = shapes.ResourceConfig(
        instance_preferences=[shapes.InstancePreference(instance_type="ml.p5.48xlarge", instance_count=1)],
        volume_size_in_gb=30,
        selected_instance_type="ml.p5.48xlarge",
        selected_instance_count=1,
    )
    return job(training().with_(resource_config=resources))


def with_resources_for_tuning():
    resources = shapes.HyperParameterTuningResourceConfig(
        instance_type="ml.m5.large", instance_count=1, volume_size_in_gb=30, volume_kms_key_id="key"
    )
    return job(training().with_(hyper_parameter_tuning_resource_config=resources))


BUILDERS = [
    with_methods,
    with_hyperband,
    with_several_definitions,
    with_ready_sources,
    with_a_cluster,
    with_reserved_capacity,
    with_preferences,
    with_resources_for_tuning,
]


def structure_of(info):
    """Return the class that a member, or each item of a list of it, is an instance of."""
    return structure_of(info.item) if info.kind == "list" else info.shape


def structures():
    """Return the classes that a request can hold, the request's own first."""
    classes = [shapes.CreateHyperParameterTuningJobRequest]
    for cls in classes:  # the loop appends to it
        inner = {structure_of(member.type): None for member in schema.of(cls).members}
        classes += [c for c in inner if c is not None and c not in classes]
    return classes


def members_in(cls, wire):
    """Go through the members that a document has, in whatever depth."""
    for member in schema.of(cls).members:
        if member.wire_name in wire:
            yield f"{cls.__name__}.{member.wire_name}"
            inner = structure_of(member.type)
            value = wire[member.wire_name]
            for item in (value if isinstance(value, list) else [value]) if inner else []:
                yield from members_in(inner, item)


def every_member():
    return {f"{cls.__name__}.{member.wire_name}" for cls in structures() for member in schema.of(cls).members}


def test_a_request_holds_structures_of_41_classes():
    assert len(structures()) == 41


def test_these_have_140_members():
    assert len(every_member()) == 140


@pytest.mark.parametrize("builder", BUILDERS, ids=lambda builder: builder.__name__)
def test_a_built_request_is_equal_after_a_round_trip(builder):
    request = builder().build()
    assert hptsdk.from_wire(type(request), hptsdk.to_wire(request)) == request


def test_no_member_is_out_of_reach():
    reached = set()
    with hptsdk.waived("selected-instances-are-not-sent"):
        reached |= set(
            members_in(
                shapes.CreateHyperParameterTuningJobRequest, hptsdk.to_wire(with_what_only_responses_have().build())
            )
        )
    for builder in BUILDERS:
        reached |= set(members_in(shapes.CreateHyperParameterTuningJobRequest, hptsdk.to_wire(builder().build())))
    assert sorted(every_member() - reached) == []
