"""Rules of whole requests that the tables cannot contain: quotas, lists of one definition, and valid requests."""

import pytest
from bases import BASES, BUILTIN, CUSTOM, SEVERAL, changed
from table_tuning import grid

import hptsdk
from hptsdk import Quotas, errors, shapes

CONFIG = "HyperParameterTuningJobConfig"
JOBS = f"{CONFIG}.ResourceLimits.MaxNumberOfTrainingJobs"
PARALLEL = f"{CONFIG}.ResourceLimits.MaxParallelTrainingJobs"
OBJECTIVE = f"{CONFIG}.HyperParameterTuningJobObjective"
LOSS = {"Type": "Minimize", "MetricName": "loss"}
IMAGE = "TrainingJobDefinition.AlgorithmSpecification.TrainingImage"


def read(base, **changes):
    return hptsdk.from_wire(shapes.CreateHyperParameterTuningJobRequest, changed(base, changes))


def broken(base, **changes):
    with pytest.raises(errors.InvalidShapeError) as caught:
        read(base, **changes)
    return [(violation.rule, violation.path) for violation in caught.value.violations]


def advised(request, quotas=None):
    return [advice.rule for advice in hptsdk.advise(request, quotas=quotas)]


@pytest.mark.parametrize(
    ("changes", "quotas"),
    [
        ({JOBS: 10000, f"{CONFIG}.Strategy": "Random"}, Quotas(max_random_training_jobs=10000)),
        ({JOBS: 900}, Quotas(max_training_jobs=900)),
        (
            {JOBS: None, f"{CONFIG}.Strategy": "Grid", f"{CONFIG}.ParameterRanges": grid(30, 30)},
            Quotas(max_training_jobs=900),
        ),
        ({JOBS: 1000 // 2, PARALLEL: 100}, Quotas(max_parallel_jobs=100)),
    ],
)
def test_an_increased_quota_applies(changes, quotas):
    request = read(CUSTOM, **changes)
    assert len(advised(request)) == 1
    assert advised(request, quotas) == []


@pytest.mark.parametrize("parallel", [11, 101])
def test_a_reduced_quota_applies(parallel):
    assert advised(read(CUSTOM, **{JOBS: 200, PARALLEL: parallel}), Quotas(max_parallel_jobs=parallel - 1))


def test_the_keys_of_added_tags_differ():
    tags = [shapes.Tag(key="team", value="a"), shapes.Tag(key="team", value="b")]
    with pytest.raises(errors.InvalidShapeError, match="tag-keys-differ"):
        shapes.AddTagsInput(resource_arn="arn:aws:sagemaker:us-east-1:123456789012:x/y", tags=tags)


def test_a_definition_and_a_list_of_definitions_exclude_each_other():
    both = {"TrainingJobDefinitions": SEVERAL["TrainingJobDefinitions"]}
    assert broken(CUSTOM, **both) == [("one-kind-of-definition", "TrainingJobDefinitions")]


def test_a_list_of_one_definition_needs_names_and_objectives():
    lacking = {"TrainingJobDefinitions.1": None, "TrainingJobDefinitions.0.DefinitionName": None}
    assert broken(SEVERAL, **lacking) == [("definitions-have-names", "TrainingJobDefinitions[0].DefinitionName")]
    lacking = {"TrainingJobDefinitions.1": None, "TrainingJobDefinitions.0.TuningObjective": None}
    assert broken(SEVERAL, **lacking) == [("definitions-have-objectives", "TrainingJobDefinitions[0].TuningObjective")]


def test_the_objective_of_the_job_suffices_for_a_list_of_one_definition():
    moved = {"TrainingJobDefinitions.1": None, "TrainingJobDefinitions.0.TuningObjective": None, OBJECTIVE: LOSS}
    assert advised(read(SEVERAL, **moved)) == ["objective-in-the-definitions-only"]


def test_the_objective_of_the_job_does_not_suffice_for_several_definitions():
    lacking = {"TrainingJobDefinitions.1.TuningObjective": None, OBJECTIVE: LOSS}
    assert broken(SEVERAL, **lacking) == [("definitions-have-objectives", "TrainingJobDefinitions[1].TuningObjective")]


def test_a_missing_definition_and_missing_ranges_are_both_reported():
    rules = {rule for rule, _ in broken(CUSTOM, **{"TrainingJobDefinition": None, f"{CONFIG}.ParameterRanges": {}})}
    assert rules == {"one-kind-of-definition", "something-to-search"}


@pytest.mark.parametrize(
    "image",
    [
        "123456789012.dkr.ecr.us-east-1.amazonaws.com/xgboost:1",
        "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-novelty:1",
    ],
)
def test_any_metric_of_an_unknown_image_is_valid(image):
    assert advised(read(CUSTOM, **{IMAGE: image, f"{OBJECTIVE}.MetricName": "other"})) == []


def test_any_metric_of_an_algorithm_resource_is_valid():
    algorithm = {"TrainingJobDefinition.AlgorithmSpecification": {"AlgorithmName": "mine", "TrainingInputMode": "File"}}
    assert advised(read(CUSTOM, **algorithm)) == []


def test_a_defined_metric_of_a_built_in_algorithm_is_valid():
    metric = {
        "TrainingJobDefinition.AlgorithmSpecification.MetricDefinitions": [{"Name": "mine", "Regex": "x=([-+0-9.e]+);"}]
    }
    rules = advised(read(BUILTIN, **metric, **{f"{OBJECTIVE}.MetricName": "mine"}))
    assert "objective-is-a-metric-of-the-algorithm" not in rules


def test_a_typo_in_the_metric_has_a_hint():
    with pytest.raises(errors.InvalidShapeError, match="did you mean 'loss'"):
        read(CUSTOM, **{f"{OBJECTIVE}.MetricName": "los"})


def test_the_values_of_static_hyperparameters_are_not_shown():
    with pytest.raises(errors.InvalidShapeError) as caught:
        read(CUSTOM, **{"TrainingJobDefinition.StaticHyperParameters": {"rate": "s3cret-value"}})
    assert "s3cret-value" not in str(caught.value)


def test_a_grid_with_auto_parameters_has_no_number_of_combinations():
    auto = [{"Name": "width", "ValueHint": "8"}]
    ranges = grid(2) | {"AutoParameters": auto}
    changes = {f"{CONFIG}.Strategy": "Grid", f"{CONFIG}.ParameterRanges": ranges, "Autotune": {"Mode": "Enabled"}}
    assert advised(read(CUSTOM, **changes)) == []


@pytest.mark.parametrize("base", BASES)
def test_a_random_seed_of_0_is_valid(base):
    assert advised(read(BASES[base], **{f"{CONFIG}.RandomSeed": 0})) == []
