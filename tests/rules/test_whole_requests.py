"""Rules of whole requests that no table can say: quotas, lists of one definition, and what must not be refused."""

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
def test_a_raised_quota_counts(changes, quotas):
    request = read(CUSTOM, **changes)
    assert len(advised(request)) == 1
    assert advised(request, quotas) == []


@pytest.mark.parametrize("parallel", [11, 101])
def test_a_lowered_quota_counts(parallel):
    assert advised(read(CUSTOM, **{JOBS: 200, PARALLEL: parallel}), Quotas(max_parallel_jobs=parallel - 1))


def test_tags_added_later_differ_too():
    tags = [shapes.Tag(key="team", value="a"), shapes.Tag(key="team", value="b")]
    with pytest.raises(errors.InvalidShapeError, match="tag-keys-differ"):
        shapes.AddTagsInput(resource_arn="arn:aws:sagemaker:us-east-1:123456789012:x/y", tags=tags)


def test_both_kinds_of_definition_are_one_too_many():
    both = {"TrainingJobDefinitions": SEVERAL["TrainingJobDefinitions"]}
    assert broken(CUSTOM, **both) == [("one-kind-of-definition", "TrainingJobDefinitions")]


def test_a_list_of_one_definition_needs_names_and_objectives():
    lacking = {"TrainingJobDefinitions.1": None, "TrainingJobDefinitions.0.DefinitionName": None}
    assert broken(SEVERAL, **lacking) == [("definitions-have-names", "TrainingJobDefinitions[0].DefinitionName")]
    lacking = {"TrainingJobDefinitions.1": None, "TrainingJobDefinitions.0.TuningObjective": None}
    assert broken(SEVERAL, **lacking) == [("definitions-have-objectives", "TrainingJobDefinitions[0].TuningObjective")]


def test_the_objective_of_the_job_may_stand_for_that_of_the_only_definition():
    moved = {"TrainingJobDefinitions.1": None, "TrainingJobDefinitions.0.TuningObjective": None, OBJECTIVE: LOSS}
    assert advised(read(SEVERAL, **moved)) == ["objective-in-the-definitions-only"]


def test_the_objective_of_the_job_is_none_of_a_definition_among_several():
    lacking = {"TrainingJobDefinitions.1.TuningObjective": None, OBJECTIVE: LOSS}
    assert broken(SEVERAL, **lacking) == [("definitions-have-objectives", "TrainingJobDefinitions[1].TuningObjective")]


def test_without_any_definition_or_range_both_are_asked_for():
    rules = {rule for rule, _ in broken(CUSTOM, **{"TrainingJobDefinition": None, f"{CONFIG}.ParameterRanges": {}})}
    assert rules == {"one-kind-of-definition", "something-to-search"}


@pytest.mark.parametrize(
    "image",
    [
        "123456789012.dkr.ecr.us-east-1.amazonaws.com/xgboost:1",
        "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-novelty:1",
    ],
)
def test_the_metric_of_an_image_in_doubt_is_not_refused(image):
    assert advised(read(CUSTOM, **{IMAGE: image, f"{OBJECTIVE}.MetricName": "other"})) == []


def test_the_metric_of_an_algorithm_resource_is_not_refused():
    algorithm = {"TrainingJobDefinition.AlgorithmSpecification": {"AlgorithmName": "mine", "TrainingInputMode": "File"}}
    assert advised(read(CUSTOM, **algorithm)) == []


def test_a_built_in_algorithm_may_have_its_own_metric_of_the_same_job():
    metric = {
        "TrainingJobDefinition.AlgorithmSpecification.MetricDefinitions": [{"Name": "mine", "Regex": "x=([-+0-9.e]+);"}]
    }
    rules = advised(read(BUILTIN, **metric, **{f"{OBJECTIVE}.MetricName": "mine"}))
    assert "objective-is-a-metric-of-the-algorithm" not in rules


def test_a_typo_in_the_metric_is_seen():
    with pytest.raises(errors.InvalidShapeError, match="did you mean 'loss'"):
        read(CUSTOM, **{f"{OBJECTIVE}.MetricName": "los"})


def test_the_values_of_static_hyperparameters_are_not_shown():
    with pytest.raises(errors.InvalidShapeError) as caught:
        read(CUSTOM, **{"TrainingJobDefinition.StaticHyperParameters": {"rate": "s3cret-value"}})
    assert "s3cret-value" not in str(caught.value)


def test_a_grid_over_what_autotune_chooses_is_not_counted():
    auto = [{"Name": "width", "ValueHint": "8"}]
    ranges = grid(2) | {"AutoParameters": auto}
    changes = {f"{CONFIG}.Strategy": "Grid", f"{CONFIG}.ParameterRanges": ranges, "Autotune": {"Mode": "Enabled"}}
    assert advised(read(CUSTOM, **changes)) == []


@pytest.mark.parametrize("base", BASES)
def test_all_is_well_without_a_limit_that_a_grid_does_not_need(base):
    assert advised(read(BASES[base], **{f"{CONFIG}.RandomSeed": 0})) == []
