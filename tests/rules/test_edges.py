"""Values at the limits of rules that the tables do not contain."""

import pytest
from bases import BASES, changed
from table_tuning import grid
from test_tables import reported

CONFIG = "HyperParameterTuningJobConfig"
RANGES = f"{CONFIG}.ParameterRanges"
DEFINITION = "TrainingJobDefinition"
CHANNEL = f"{DEFINITION}.InputDataConfig.0"
STATIC = f"{DEFINITION}.StaticHyperParameters"
STOPPING = f"{DEFINITION}.StoppingCondition"
OUTPUT = f"{DEFINITION}.OutputDataConfig"
SECOND = "TrainingJobDefinitions.1"
JOBS = f"{CONFIG}.ResourceLimits.MaxNumberOfTrainingJobs"
CRITERIA = f"{CONFIG}.TuningJobCompletionCriteria"
SPOT = {f"{DEFINITION}.EnableManagedSpotTraining": True, f"{DEFINITION}.CheckpointConfig": {"S3Uri": "s3://bucket/c/"}}


def rules_of(base, changes):
    """Return the rules that a changed request violates."""
    return [rule for rule, _ in reported(changed(BASES[base], changes))]


def test_a_member_that_violates_a_rule_is_read_by_other_rules():
    halves = {"IntegerParameterRanges": [{"Name": "depth", "MinValue": "0.5", "MaxValue": "1"}]}
    assert rules_of("custom", {RANGES: halves, JOBS: 2}) == ["integer-bounds-are-whole", "enough-combinations"]


@pytest.mark.parametrize("value", ["", "!!", "aa", '!"', 'a"', '"a', '"!'])
def test_text_without_enclosing_quotes_is_plain(value):
    assert "built-in-takes-plain-text" not in rules_of("builtin", {f"{STATIC}.tree_method": value})


@pytest.mark.parametrize("value", ['""', '"a"'])
def test_text_with_enclosing_quotes_is_not_plain(value):
    assert rules_of("builtin", {f"{STATIC}.tree_method": value}) == ["built-in-takes-plain-text"]


@pytest.mark.parametrize("others", [95, 96])
def test_a_hyperparameter_that_is_static_and_tuned_counts_once(others):
    statics = {f"s{number}": "1" for number in range(others)} | {"rate": "1", "depth": "1"}
    reports = rules_of("several", {f"{SECOND}.StaticHyperParameters": statics})
    assert set(reports) == {"static-or-tuned"}


@pytest.mark.parametrize("count", [97, 98, 100])
def test_more_than_100_hyperparameters_are_too_many(count):
    statics = {f"s{number}": "1" for number in range(count)}
    reports = rules_of("several", {f"{SECOND}.StaticHyperParameters": statics})
    assert reports == ["at-most-100-hyperparameters"]


@pytest.mark.parametrize("count", [97, 98, 100])
def test_more_than_100_hyperparameters_are_too_many_with_the_ranges_of_the_job(count):
    assert rules_of("custom", {STATIC: dict.fromkeys(map(str, range(count)), "1")}) == ["at-most-100-hyperparameters"]


@pytest.mark.parametrize("others", [95, 96])
def test_a_static_hyperparameter_that_the_job_tunes_counts_once(others):
    statics = dict.fromkeys([*map(str, range(others)), "rate", "depth"], "1")
    assert set(rules_of("custom", {STATIC: statics})) == {"static-or-tuned"}


def test_100_static_hyperparameters_are_too_many():
    changes = {STATIC: dict.fromkeys(map(str, range(100)), "1"), RANGES: None, "Autotune": {"Mode": "Enabled"}}
    assert "at-most-100-hyperparameters" in rules_of("custom", changes)


def test_100_auto_parameters_are_too_many():
    hinted = [{"Name": f"a{number}", "ValueHint": "1"} for number in range(100)]
    changes = {STATIC: None, RANGES: {"AutoParameters": hinted}, "Autotune": {"Mode": "Enabled"}}
    assert "at-most-100-hyperparameters" in rules_of("custom", changes)


def test_too_many_hyperparameters_of_a_definition_with_ranges_are_reported_once():
    ranges = BASES["custom"][CONFIG]["ParameterRanges"]
    statics = dict.fromkeys(map(str, range(100)), "1")
    changes = {STATIC: statics, RANGES: None, f"{DEFINITION}.HyperParameterRanges": ranges}
    assert rules_of("custom", changes).count("at-most-100-hyperparameters") == 1


def test_auto_parameters_count_without_static_hyperparameters():
    changes = {
        "Autotune": {"Mode": "Enabled"},
        f"{SECOND}.StaticHyperParameters": None,
        f"{SECOND}.HyperParameterRanges": {
            "AutoParameters": [{"Name": f"a{number}", "ValueHint": "1"} for number in range(100)]
        },
    }
    assert "at-most-100-hyperparameters" in rules_of("several", changes)


@pytest.mark.parametrize(("limit", "reported"), [(3599, False), (3600, False), (3601, True)])
def test_an_algorithm_without_checkpoints_waits_for_at_most_an_hour(limit, reported):
    image = "382416733822.dkr.ecr.us-east-1.amazonaws.com/kmeans:1"
    changes = SPOT | {
        f"{STOPPING}": {"MaxRuntimeInSeconds": 60, "MaxWaitTimeInSeconds": limit},
        f"{DEFINITION}.AlgorithmSpecification.TrainingImage": image,
    }
    assert ("short-wait-without-checkpoints" in rules_of("custom", changes)) is reported


@pytest.mark.parametrize(
    "place",
    [
        "https://mine--use1--x-s3.s3express-use1-az4.us-east-1.amazonaws.com/out",
        "https://mine--usw2-lax1-az1--x-s3.s3express.us-east-1.amazonaws.com/out",
        "https://--use1-az4--x-s3.s3express-use1-az4.us-east-1.amazonaws.com/out",
    ],
)
def test_a_bucket_outside_s3_express_one_zone_accepts_a_key(place):
    assert rules_of("custom", {f"{OUTPUT}.S3OutputPath": place, f"{OUTPUT}.KmsKeyId": "alias/mine"}) == []


@pytest.mark.parametrize("scheme", ["https", "s3"])
def test_a_bucket_in_s3_express_one_zone_accepts_no_key(scheme):
    host = "mine--use1-az4--x-s3" + (".s3express-use1-az4.us-east-1.amazonaws.com" if scheme == "https" else "")
    reports = rules_of(
        "custom", {f"{OUTPUT}.S3OutputPath": f"{scheme}://{host}/out", f"{OUTPUT}.KmsKeyId": "alias/mine"}
    )
    assert reports == ["express-output-takes-no-key"]


@pytest.mark.parametrize("bound", ["2.3", "2.7"])
def test_a_bound_of_an_integer_range_is_not_rounded_either_way(bound):
    assert "integer-bounds-are-whole" in rules_of("custom", {f"{RANGES}.IntegerParameterRanges.0.MinValue": bound})


@pytest.mark.parametrize("names", ["bab", "aba"])
def test_only_the_second_range_of_a_hyperparameter_is_reported(names):
    ranges = [{"Name": name, "MinValue": "0.1", "MaxValue": "1"} for name in names]
    reports = reported(changed(BASES["custom"], {f"{RANGES}.ContinuousParameterRanges": ranges}))
    assert reports == [("range-names-differ", f"{RANGES}.ContinuousParameterRanges[2].Name")]


def test_a_name_that_is_twice_in_auto_parameters_is_reported():
    hinted = [{"Name": "a", "ValueHint": "1"}] * 2
    changes = {"Autotune": {"Mode": "Enabled"}, f"{RANGES}.AutoParameters": hinted}
    assert reported(changed(BASES["custom"], changes)) == [("range-names-differ", f"{RANGES}.AutoParameters[1].Name")]


@pytest.mark.parametrize(
    ("scaling", "low", "high"),
    [("ReverseLogarithmic", "0", "0.5"), ("Linear", "-1", "5"), ("Auto", "-1", "5"), ("Logarithmic", "1", "5")],
)
def test_bounds_that_match_the_scaling_are_valid(scaling, low, high):
    bounds = {"Name": "rate", "MinValue": low, "MaxValue": high, "ScalingType": scaling}
    assert rules_of("custom", {f"{RANGES}.ContinuousParameterRanges": [bounds]}) == []


@pytest.mark.parametrize("scaling", ["Auto", "Linear", "Logarithmic"])
def test_an_integer_range_allows_other_scalings_than_reverse_logarithmic(scaling):
    assert rules_of("custom", {f"{RANGES}.IntegerParameterRanges.0.ScalingType": scaling}) == []


@pytest.mark.parametrize("members", [{"RecordWrapperType": "RecordIO"}, {"CompressionType": "Gzip"}])
def test_the_mode_fast_file_allows_wrapping_and_compression(members):
    changes = {f"{CHANNEL}.{name}": value for name, value in {"InputMode": "FastFile", **members}.items()}
    assert rules_of("custom", changes) == []


@pytest.mark.parametrize("name", ["auxiliary", "train"])
def test_another_channel_than_the_model_allows_the_mode_pipe(name):
    assert rules_of("custom", {f"{CHANNEL}.ChannelName": name, f"{CHANNEL}.InputMode": "Pipe"}) == []


@pytest.mark.parametrize("strategy", ["Bayesian", "Random"])
def test_the_strategies_bayesian_and_random_allow_a_warm_start(strategy):
    parents = [{"HyperParameterTuningJobName": "parent"}]
    warm = {"ParentHyperParameterTuningJobs": parents, "WarmStartType": "TransferLearning"}
    assert rules_of("custom", {"WarmStartConfig": warm, f"{CONFIG}.Strategy": strategy}) == []


@pytest.mark.parametrize("seconds", [3600, 7200])
def test_the_time_limit_of_a_tuning_job_may_exceed_that_of_a_training_job(seconds):
    assert rules_of("custom", {f"{CONFIG}.ResourceLimits.MaxRuntimeInSeconds": seconds}) == []


def several(strategy, jobs):
    """Return the changes for two definitions with 2 and 3 categories, and a number of training jobs."""
    ranges = {f"TrainingJobDefinitions.{index}.HyperParameterRanges": grid(index + 2) for index in (0, 1)}
    return {f"{CONFIG}.Strategy": strategy, JOBS: jobs, **ranges}


@pytest.mark.parametrize("jobs", [2, 3, 5])
def test_a_grid_of_several_definitions_allows_the_combinations_of_one_or_of_all(jobs):
    assert "grid-runs-each-combination-once" not in rules_of("several", several("Grid", jobs))


@pytest.mark.parametrize("jobs", [1, 4, 6])
def test_a_grid_of_several_definitions_allows_no_other_number(jobs):
    assert "grid-runs-each-combination-once" in rules_of("several", several("Grid", jobs))


@pytest.mark.parametrize("strategy", ["Bayesian", "Random", "Hyperband"])
def test_another_strategy_allows_any_number_of_training_jobs(strategy):
    assert "grid-runs-each-combination-once" not in rules_of("several", several(strategy, 1))


@pytest.mark.parametrize("wait", [86_400, 90_000])
def test_a_wait_of_one_day_or_more_covers_the_default_runtime(wait):
    assert rules_of("custom", SPOT | {STOPPING: {"MaxWaitTimeInSeconds": wait}}) == []


def test_an_empty_key_of_a_volume_is_no_key():
    resources = {"InstanceType": "ml.g5.xlarge", "InstanceCount": 1, "VolumeKmsKeyId": ""}
    assert rules_of("custom", {f"{DEFINITION}.ResourceConfig": resources}) == []


def test_an_algorithm_may_be_called_arn():
    named = {"AlgorithmName": "arn", "TrainingInputMode": "File"}
    assert rules_of("custom", {f"{DEFINITION}.AlgorithmSpecification": named}) == []


@pytest.mark.parametrize("patience", [20, 30])
def test_the_jobs_without_improvement_are_fewer_than_all_jobs(patience):
    criteria = {"BestObjectiveNotImproving": {"MaxNumberOfTrainingJobsNotImproving": patience}}
    assert rules_of("custom", {CRITERIA: criteria}) == ["not-improving-criterion-can-fire"]


def test_another_completion_criterion_has_no_number_of_jobs():
    assert rules_of("custom", {CRITERIA: {"TargetObjectiveMetricValue": 0.5}}) == []


def test_the_combinations_of_hyperparameters_of_autotune_are_not_counted():
    automatic = [{"Name": "width", "ValueHint": "8"}]
    changes = {"Autotune": {"Mode": "Enabled"}, f"{RANGES}.AutoParameters": automatic, JOBS: 100}
    assert "enough-combinations" not in rules_of("custom", changes | {f"{RANGES}.ContinuousParameterRanges": None})


def test_few_combinations_are_enough_without_a_number_of_jobs():
    limits = {JOBS: None, f"{CONFIG}.ResourceLimits.MaxRuntimeInSeconds": 3600}
    assert rules_of("custom", {**limits, f"{RANGES}.ContinuousParameterRanges": None}) == []


@pytest.mark.parametrize(
    ("low", "high", "wrong"), [("-0.5", "0.5", "MinValue"), ("0.5", "2", "MaxValue"), ("0", "1", "MaxValue")]
)
def test_reverse_logarithmic_scaling_allows_values_from_0_to_below_1(low, high, wrong):
    bounds = {"Name": "rate", "MinValue": low, "MaxValue": high, "ScalingType": "ReverseLogarithmic"}
    reports = reported(changed(BASES["custom"], {f"{RANGES}.ContinuousParameterRanges": [bounds]}))
    assert reports == [("reverse-logarithmic-needs-unit-interval", f"{RANGES}.ContinuousParameterRanges[0].{wrong}")]
