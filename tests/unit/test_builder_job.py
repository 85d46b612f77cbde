"""The members that each method of a tuning job's builder sets; the builder itself does not change."""

import pytest
from sample_requests import REQUIRED, XGBOOST_IMAGE

import hptsdk
from hptsdk import shapes

XGBOOST = hptsdk.training(image=XGBOOST_IMAGE, **REQUIRED)
# As many values as jobs, so that each strategy is valid.
NINE = [str(i) for i in range(9)]
FOLDS = {"Name": "folds", "Values": NINE}
LIMITS = {"MaxNumberOfTrainingJobs": 9, "MaxParallelTrainingJobs": 2}


def job(**others):
    arguments = {"minimize": "rmse", "max_jobs": 9, "max_parallel_jobs": 2, **others}
    return hptsdk.tuning_job("job", XGBOOST, **arguments).categorical("folds", NINE)


def wire(builder):
    return hptsdk.to_wire(builder.build())


def config(builder):
    return wire(builder)["HyperParameterTuningJobConfig"]


def ranges(**lists):
    return {"ParameterRanges": {"CategoricalParameterRanges": [FOLDS], **lists}}


def criteria(**members):
    return {"TuningJobCompletionCriteria": members}


# By method: a call, and the members of the job's configuration that it sets.
CONFIG_CALLS = [
    (
        "continuous",
        lambda j: j.continuous("eta", 0.01, 0.3),
        ranges(ContinuousParameterRanges=[{"Name": "eta", "MinValue": "0.01", "MaxValue": "0.3"}]),
    ),
    (
        "continuous",
        lambda j: j.continuous("eta", 0.5, 0.75, scaling="ReverseLogarithmic"),
        ranges(
            ContinuousParameterRanges=[
                {"Name": "eta", "MinValue": "0.5", "MaxValue": "0.75", "ScalingType": "ReverseLogarithmic"}
            ]
        ),
    ),
    (
        "integer",
        lambda j: j.integer("depth", 3, 10),
        ranges(IntegerParameterRanges=[{"Name": "depth", "MinValue": "3", "MaxValue": "10"}]),
    ),
    (
        "integer",
        lambda j: j.integer("depth", 3, 10, scaling="Linear"),
        ranges(IntegerParameterRanges=[{"Name": "depth", "MinValue": "3", "MaxValue": "10", "ScalingType": "Linear"}]),
    ),
    (
        "categorical",
        lambda j: j.categorical("size", ["small", 16, 0.5]),
        ranges(CategoricalParameterRanges=[FOLDS, {"Name": "size", "Values": ["small", "16", "0.5"]}]),
    ),
    ("bayesian", lambda j: j.bayesian(), {"Strategy": "Bayesian"}),
    ("bayesian", lambda j: j.bayesian(random_seed=0), {"Strategy": "Bayesian", "RandomSeed": 0}),
    ("random", lambda j: j.random(), {"Strategy": "Random"}),
    ("random", lambda j: j.random(random_seed=7), {"Strategy": "Random", "RandomSeed": 7}),
    ("grid", lambda j: j.grid(), {"Strategy": "Grid"}),
    (
        "hyperband",
        lambda j: j.hyperband(min_resource=1, max_resource=27),
        {"Strategy": "Hyperband", "StrategyConfig": {"HyperbandStrategyConfig": {"MinResource": 1, "MaxResource": 27}}},
    ),
    (
        "hyperband",
        lambda j: j.hyperband(min_resource=1, max_resource=27, random_seed=7),
        {
            "Strategy": "Hyperband",
            "StrategyConfig": {"HyperbandStrategyConfig": {"MinResource": 1, "MaxResource": 27}},
            "RandomSeed": 7,
        },
    ),
    ("early_stopping", lambda j: j.early_stopping(), {"TrainingJobEarlyStoppingType": "Auto"}),
    ("stop_at", lambda j: j.stop_at(0.0), criteria(TargetObjectiveMetricValue=0.0)),
    (
        "stop_when_not_improving",
        lambda j: j.stop_when_not_improving(5),
        criteria(BestObjectiveNotImproving={"MaxNumberOfTrainingJobsNotImproving": 5}),
    ),
    (
        "stop_on_convergence",
        lambda j: j.stop_on_convergence(),
        criteria(ConvergenceDetected={"CompleteOnConvergence": "Enabled"}),
    ),
    ("max_runtime", lambda j: j.max_runtime(7200), {"ResourceLimits": {**LIMITS, "MaxRuntimeInSeconds": 7200}}),
    ("with_", lambda j: j.with_(training_job_early_stopping_type="Off"), {"TrainingJobEarlyStoppingType": "Off"}),
]

# By method: a call, and the members of the request that it sets.
REQUEST_CALLS = [
    (
        "warm_start",
        lambda j: j.warm_start("first", "second", kind="TransferLearning"),
        {
            "WarmStartConfig": {
                "ParentHyperParameterTuningJobs": [
                    {"HyperParameterTuningJobName": "first"},
                    {"HyperParameterTuningJobName": "second"},
                ],
                "WarmStartType": "TransferLearning",
            }
        },
    ),
    (
        "auto",
        lambda j: j.autotune().auto("alpha", 0.5).auto("lambda", "0.50"),
        {
            "Autotune": {"Mode": "Enabled"},
            "HyperParameterTuningJobConfig": {
                **config(job()),
                **ranges(
                    AutoParameters=[{"Name": "alpha", "ValueHint": "0.5"}, {"Name": "lambda", "ValueHint": "0.50"}]
                ),
            },
        },
    ),
    ("autotune", lambda j: j.autotune(), {"Autotune": {"Mode": "Enabled"}}),
    ("tag", lambda j: j.tag("team", ""), {"Tags": [{"Key": "team", "Value": ""}]}),
    (
        "tags",
        lambda j: j.tags({"team": "growth", "cost": "7"}),
        {"Tags": [{"Key": "team", "Value": "growth"}, {"Key": "cost", "Value": "7"}]},
    ),
    ("with_", lambda j: j.with_(tags=[]), {"Tags": []}),
    ("with_", lambda j: j.with_(autotune=shapes.Autotune(mode="Enabled")), {"Autotune": {"Mode": "Enabled"}}),
]
ALL_CALLS = [*CONFIG_CALLS, *REQUEST_CALLS]


def each(calls):
    return pytest.mark.parametrize(("call", "changes"), [c[1:] for c in calls], ids=[c[0] for c in calls])


@each(CONFIG_CALLS)
def test_a_call_sets_these_members_of_the_configuration_and_no_others(call, changes):
    assert config(call(job())) == {**config(job()), **changes}


@each(CONFIG_CALLS)
def test_a_method_for_the_configuration_sets_no_other_member(call, changes):
    after, before = wire(call(job())), wire(job())
    assert {**after, "HyperParameterTuningJobConfig": None} == {**before, "HyperParameterTuningJobConfig": None}


@each(REQUEST_CALLS)
def test_a_call_sets_these_members_of_the_request_and_no_others(call, changes):
    assert wire(call(job())) == {**wire(job()), **changes}


@each(ALL_CALLS)
def test_a_call_does_not_change_the_builder(call, changes):
    builder = job()
    before = wire(builder)
    call(builder)
    assert wire(builder) == before


@each(ALL_CALLS)
def test_a_method_returns_a_builder_of_the_same_class(call, changes):
    assert type(call(job())) is type(job())


def test_every_method_is_called_above():
    methods = {name for name in dir(job()) if not name.startswith("_")}
    assert methods - {"build", "template"} == {name for name, *_ in ALL_CALLS}


def test_each_argument_of_tuning_job_sets_its_member():
    assert {**wire(job()), "TrainingJobDefinition": None} == {
        "HyperParameterTuningJobName": "job",
        "HyperParameterTuningJobConfig": {
            "Strategy": "Bayesian",
            "HyperParameterTuningJobObjective": {"Type": "Minimize", "MetricName": "rmse"},
            "ResourceLimits": LIMITS,
            "ParameterRanges": {"CategoricalParameterRanges": [FOLDS]},
        },
        "TrainingJobDefinition": None,
    }


def test_maximize_sets_the_direction():
    objective = config(job(minimize=None, maximize="auc"))["HyperParameterTuningJobObjective"]
    assert objective == {"Type": "Maximize", "MetricName": "auc"}


def test_max_jobs_can_be_omitted():
    assert config(job(max_jobs=None).grid())["ResourceLimits"] == {"MaxParallelTrainingJobs": 2}


def test_a_ready_definition_can_be_tuned():
    definition = job().build().training_job_definition
    ready = hptsdk.tuning_job("job", definition, minimize="rmse", max_jobs=9, max_parallel_jobs=2)
    assert ready.categorical("folds", NINE).build() == job().build()


# --- the strategy ---


def test_the_strategy_named_last_holds():
    assert config(job().hyperband(min_resource=1, max_resource=9).random())["Strategy"] == "Random"


def test_another_strategy_clears_the_configuration_of_the_one_before():
    assert "StrategyConfig" not in config(job().hyperband(min_resource=1, max_resource=9).bayesian())


def test_another_strategy_clears_the_seed_of_the_one_before():
    assert "RandomSeed" not in config(job().random(random_seed=7).grid())


def test_the_same_strategy_without_a_seed_clears_the_seed():
    assert "RandomSeed" not in config(job().bayesian(random_seed=7).bayesian())


# --- completion criteria and limits ---


def test_each_completion_criterion_is_added():
    stopping = config(job().stop_at(0.9).stop_when_not_improving(5).stop_on_convergence())
    assert set(stopping["TuningJobCompletionCriteria"]) == {
        "TargetObjectiveMetricValue",
        "BestObjectiveNotImproving",
        "ConvergenceDetected",
    }


def test_the_same_criterion_replaces_the_first():
    assert config(job().stop_at(0.9).stop_at(0.8))["TuningJobCompletionCriteria"] == {"TargetObjectiveMetricValue": 0.8}


def test_a_criterion_is_added_to_ready_ones():
    ready = shapes.TuningJobCompletionCriteria(target_objective_metric_value=0.9)
    stopping = config(job().with_(tuning_job_completion_criteria=ready).stop_on_convergence())
    assert stopping["TuningJobCompletionCriteria"]["TargetObjectiveMetricValue"] == 0.9


def test_a_runtime_is_added_to_ready_limits():
    ready = shapes.ResourceLimits(max_parallel_training_jobs=4)
    limits = config(job().with_(resource_limits=ready).max_runtime(600))["ResourceLimits"]
    assert limits == {"MaxParallelTrainingJobs": 4, "MaxRuntimeInSeconds": 600}


def test_a_range_is_added_to_ready_ones():
    ready = shapes.ParameterRanges(
        categorical_parameter_ranges=[shapes.CategoricalParameterRange(name="ready", values=["a", "b"])]
    )
    after = config(job().with_(parameter_ranges=ready).integer("depth", 1, 9))["ParameterRanges"]
    assert set(after) == {"CategoricalParameterRanges", "IntegerParameterRanges"}


def test_a_runtime_can_be_added_to_a_ready_configuration():
    ready = job().build().hyper_parameter_tuning_job_config
    limits = config(job().with_(hyper_parameter_tuning_job_config=ready).max_runtime(600))["ResourceLimits"]
    assert limits == {**LIMITS, "MaxRuntimeInSeconds": 600}


def test_the_same_builder_builds_equal_requests_again_and_again():
    builder = job().integer("depth", 1, 2)
    assert builder.build() == builder.build()
