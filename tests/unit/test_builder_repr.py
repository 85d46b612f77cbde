"""The repr of builders: the parts in a few lines, without values that may be secrets."""

import pytest
from sample_requests import BUCKET, REQUIRED, ROLE, XGBOOST_IMAGE

import hptsdk
from hptsdk import shapes

HIDDEN = "31415926"

BARE = hptsdk.training(image=XGBOOST_IMAGE, **REQUIRED)
XGBOOST = (
    BARE.channel("train", f"{BUCKET}/train/")
    .channel("validation", f"{BUCKET}/validation/")
    .metric("validation:auc", "auc=(.*)")
    .static(objective=HIDDEN, num_round=HIDDEN)
    .environment(TOKEN=HIDDEN)
    .retries(3)
)
JOB = (
    hptsdk.tuning_job("churn", XGBOOST, maximize="validation:auc", max_jobs=50, max_parallel_jobs=5)
    .continuous("eta", 0.01, 0.3, scaling="Logarithmic")
    .integer("max_depth", 3, 10)
    .categorical("booster", ["gbtree", "dart"])
    .auto("alpha", 0.5)
    .tag("team", HIDDEN)
    .early_stopping()
)
TRAINING_LINES = f"""\
  image: {XGBOOST_IMAGE}
  instances: 1 ml.m5.xlarge
  runtime: 3600 seconds
  output: {BUCKET}/out/
  role: {ROLE}
  channels: train, validation
  metrics: validation:auc
  static hyperparameters: objective, num_round
  environment variables: TOKEN
  other members: retry_strategy"""


def indented(lines):
    return "\n".join(f"  {line}" for line in lines.split("\n"))


def line(builder, name):
    """Return what the repr shows after a name."""
    return next(
        line.partition(": ")[2]
        for line in repr(builder).removesuffix(">").split("\n")
        if line.strip().startswith(f"{name}:")
    )


def test_a_training_shows_its_parts():
    assert repr(XGBOOST) == f"<TrainingBuilder\n{TRAINING_LINES}>"


def test_a_definition_shows_its_name_objective_and_ranges_too():
    definition = XGBOOST.named("xgb", minimize="rmse").integer("depth", 1, 9)
    assert repr(definition) == (
        f"<DefinitionBuilder 'xgb'\n  objective: minimize rmse\n  ranges: depth 1 to 9\n{TRAINING_LINES}>"
    )


def test_a_job_shows_its_parts_and_those_of_its_training():
    assert repr(JOB) == (
        "<TuningJobBuilder 'churn'\n"
        "  objective: maximize validation:auc\n"
        "  ranges: max_depth 3 to 10; eta 0.01 to 0.3, Logarithmic; booster gbtree, dart; alpha chosen by Autotune\n"
        "  strategy: Bayesian\n"
        "  limits: 50 training jobs, 5 in parallel\n"
        "  tags: team\n"
        "  other members: training_job_early_stopping_type\n"
        f"  training:\n{indented(TRAINING_LINES)}>"
    )


def test_a_job_of_several_definitions_shows_each():
    definitions = [BARE.named("a", minimize="rmse"), BARE.named("b", maximize="auc")]
    shown = repr(hptsdk.tuning_job("job", definitions, max_parallel_jobs=1))
    assert [part.split("\n")[0] for part in shown.split("  definition ")[1:]] == ["'a':", "'b':"]


def test_a_ready_definition_is_shown_as_a_builder_is():
    ready = JOB.autotune().build().training_job_definition
    job = hptsdk.tuning_job("job", ready, minimize="rmse", max_parallel_jobs=1)
    assert repr(job).endswith(f"  training:\n{indented(TRAINING_LINES)}>")


def test_a_definition_set_by_with_replaces_the_training_in_the_repr():
    ready = JOB.autotune().build().training_job_definition
    job = hptsdk.tuning_job("job", BARE, minimize="rmse", max_parallel_jobs=1)
    assert line(job.with_(training_job_definition=ready), "channels") == "train, validation"


@pytest.mark.parametrize(
    "builder", [XGBOOST, XGBOOST.named("xgb", minimize="rmse"), JOB], ids=lambda b: type(b).__name__
)
def test_no_value_that_may_be_a_secret_is_shown(builder):
    assert HIDDEN not in repr(builder)


RESOURCES = {
    "none": (BARE.with_(resource_config=None), None),
    "choices": (
        BARE.instances(
            [
                shapes.HyperParameterTuningInstanceConfig(instance_type=kind, instance_count=2, volume_size_in_gb=30)
                for kind in ("ml.m5.large", "ml.m4.xlarge")
            ]
        ),
        "2 ml.m5.large, 2 ml.m4.xlarge",
    ),
    "groups": (
        BARE.with_(
            resource_config=shapes.ResourceConfig(
                instance_groups=[
                    shapes.InstanceGroup(instance_type="ml.c5.xlarge", instance_count=1, instance_group_name="a")
                ],
                volume_size_in_gb=30,
            )
        ),
        "1 ml.c5.xlarge",
    ),
}


@pytest.mark.parametrize(("builder", "instances"), RESOURCES.values(), ids=RESOURCES)
def test_the_instances_of_each_kind_of_resources_are_shown(builder, instances):
    shown = [text.partition(": ")[2] for text in repr(builder).split("\n") if "instances: " in text]
    assert shown == ([instances] if instances else [])


def test_an_algorithm_is_shown_in_place_of_an_image():
    specification = shapes.HyperParameterAlgorithmSpecification(algorithm_name="mine", training_input_mode="File")
    assert line(BARE.with_(algorithm_specification=specification), "algorithm") == "mine"


def test_a_job_without_limits_and_objective_shows_neither():
    job = JOB.with_(resource_limits=None, hyper_parameter_tuning_job_objective=None)
    assert not {"limits", "objective"} & {text.strip().partition(":")[0] for text in repr(job).split("\n")}


@pytest.mark.parametrize(
    ("limits", "shown"),
    [
        ({"max_number_of_training_jobs": 1, "max_parallel_training_jobs": 1}, "1 training job, 1 in parallel"),
        ({"max_parallel_training_jobs": 2}, "2 in parallel"),
        ({"max_parallel_training_jobs": 2, "max_runtime_in_seconds": 600}, "2 in parallel, 600 seconds"),
    ],
)
def test_the_limits_that_are_set_are_shown(limits, shown):
    assert line(JOB.with_(resource_limits=shapes.ResourceLimits(**limits)), "limits") == shown


def test_of_many_names_the_first_ten_are_shown():
    job = JOB.tags({f"t{i}": "" for i in range(12)})
    assert line(job, "tags") == "t0, t1, t2, t3, t4, t5, t6, t7, t8, t9 and 2 more"


def test_a_builder_without_any_part_has_a_repr():
    nothing = dict.fromkeys(m.attribute for m in hptsdk.schema.of(shapes.HyperParameterTrainingJobDefinition).members)
    assert repr(BARE.with_(**nothing)) == "<TrainingBuilder>"


def test_a_value_that_is_not_a_definition_is_shown_by_its_type():
    assert "  definition: a NoneType" in repr(hptsdk.tuning_job("job", [None], max_parallel_jobs=1))


def test_parts_out_of_a_response_are_shown_though_members_are_missing():
    response = {
        "TrainingJobDefinition": {
            "ResourceConfig": {"InstanceCount": 2},
            "InputDataConfig": [{}],
            "HyperParameterRanges": {"IntegerParameterRanges": [{"Name": "a"}], "CategoricalParameterRanges": [{}]},
        }
    }
    described = hptsdk.from_wire(shapes.DescribeHyperParameterTuningJobResponse, response).training_job_definition
    assert "instances: 2" in repr(hptsdk.tuning_job("job", described, minimize="rmse", max_parallel_jobs=1))


def test_a_line_break_in_a_part_does_not_break_the_line():
    response = {"TrainingJobDefinition": {"AlgorithmSpecification": {"AlgorithmName": "a\nb"}}}
    described = hptsdk.from_wire(shapes.DescribeHyperParameterTuningJobResponse, response).training_job_definition
    assert line(hptsdk.tuning_job("job", described, minimize="m", max_parallel_jobs=1), "algorithm") == r"a\nb"
