"""Rows of the rules of a whole request."""

from bases import CUSTOM, SEVERAL
from rows import Row
from table_warm_start import after

CONFIG = "HyperParameterTuningJobConfig"
STRATEGY = f"{CONFIG}.Strategy"
OBJECTIVE = f"{CONFIG}.HyperParameterTuningJobObjective"
RANGES = f"{CONFIG}.ParameterRanges"
JOBS = f"{CONFIG}.ResourceLimits.MaxNumberOfTrainingJobs"
TIME = f"{CONFIG}.ResourceLimits.MaxRuntimeInSeconds"
CRITERIA = f"{CONFIG}.TuningJobCompletionCriteria"
EARLY = f"{CONFIG}.TrainingJobEarlyStoppingType"
HYPERBAND = f"{CONFIG}.StrategyConfig.HyperbandStrategyConfig"
REAL = f"{RANGES}.ContinuousParameterRanges.0.Name"
KIND = f"{RANGES}.CategoricalParameterRanges.0.Name"
ONE = "TrainingJobDefinition"
STATIC = f"{ONE}.StaticHyperParameters"
OWN = f"{ONE}.HyperParameterRanges"
FIRST, SECOND = "TrainingJobDefinitions.0", "TrainingJobDefinitions.1"
FIRST_PATH, SECOND_PATH = "TrainingJobDefinitions[0]", "TrainingJobDefinitions[1]"
LOSS = {"Type": "Minimize", "MetricName": "loss"}
DEPTHS = {"IntegerParameterRanges": [{"Name": "depth", "MinValue": "1", "MaxValue": "30"}]}
KINDS = {"CategoricalParameterRanges": [{"Name": "kind", "Values": ["plain", "fancy"]}]}
NOTHING = {"ContinuousParameterRanges": [], "IntegerParameterRanges": [], "CategoricalParameterRanges": []}
AUTO = [{"Name": "width", "ValueHint": "8"}]
AUTOTUNE = {"Autotune": {"Mode": "Enabled"}}
RATE = {"ContinuousParameterRanges": [{"Name": "rate", "MinValue": "0", "MaxValue": "1"}]}
WARM = after("earlier")


def several(rule, breaks, mends, path):
    return Row(rule, breaks, mends, path, base="several")


DEFINITIONS = [
    Row("one-kind-of-definition", {ONE: None}, {ONE: CUSTOM[ONE]}, ONE),
    several(
        "one-kind-of-definition", {ONE: SEVERAL["TrainingJobDefinitions"][0]}, {ONE: None}, "TrainingJobDefinitions"
    ),
    several(
        "definitions-have-names",
        {f"{SECOND}.DefinitionName": None},
        {f"{SECOND}.DefinitionName": "2"},
        f"{SECOND_PATH}.DefinitionName",
    ),
    several(
        "definition-names-differ",
        {f"{SECOND}.DefinitionName": "first"},
        {f"{SECOND}.DefinitionName": "First"},
        f"{SECOND_PATH}.DefinitionName",
    ),
    several(
        "definition-names-differ",
        {f"{FIRST}.DefinitionName": "2", f"{SECOND}.DefinitionName": "2"},
        {SECOND: None},
        f"{SECOND_PATH}.DefinitionName",
    ),
    several(
        "at-most-48-environment-variables-in-all",
        {
            f"{FIRST}.Environment": {f"A{n}": "" for n in range(24)},
            f"{SECOND}.Environment": {f"B{n}": "" for n in range(25)},
        },
        {f"{SECOND}.Environment.B0": None},
        f"{SECOND_PATH}.Environment",
    ),
    several(
        "at-most-48-environment-variables-in-all",
        {f"{FIRST}.Environment": {f"A{n}": "" for n in range(48)}, f"{SECOND}.Environment": {"A0": ""}},
        {f"{SECOND}.Environment": {}},
        f"{SECOND_PATH}.Environment",
    ),
    several("warm-start-needs-one-definition", WARM, {"WarmStartConfig": None}, "WarmStartConfig"),
    several("warm-start-needs-one-definition", WARM, {SECOND: None}, "WarmStartConfig"),
    several("early-stopping-needs-one-definition", {EARLY: "Auto"}, {EARLY: "Off"}, EARLY),
    several("early-stopping-needs-one-definition", {EARLY: "Auto"}, {SECOND: None}, EARLY),
]

OBJECTIVES = [
    Row("single-definition-has-an-objective", {OBJECTIVE: None}, {OBJECTIVE: LOSS}, OBJECTIVE),
    Row("single-definition-has-an-objective", {OBJECTIVE: None}, {f"{ONE}.TuningObjective": LOSS}, OBJECTIVE),
    several(
        "definitions-have-objectives",
        {f"{SECOND}.TuningObjective": None},
        {f"{SECOND}.TuningObjective": LOSS},
        f"{SECOND_PATH}.TuningObjective",
    ),
    several("objective-in-the-definitions-only", {OBJECTIVE: LOSS}, {OBJECTIVE: None}, OBJECTIVE),
    several(
        "objective-in-the-definitions-only",
        {SECOND: None, f"{FIRST}.TuningObjective": None, OBJECTIVE: LOSS},
        {f"{FIRST}.TuningObjective": LOSS, OBJECTIVE: None},
        OBJECTIVE,
    ),
    Row(
        "one-objective-for-one-definition",
        {f"{ONE}.TuningObjective": {"Type": "Maximize", "MetricName": "score"}},
        {f"{ONE}.TuningObjective": LOSS},
        f"{ONE}.TuningObjective",
    ),
    Row(
        "one-objective-for-one-definition",
        {f"{ONE}.TuningObjective": {"Type": "Minimize", "MetricName": "score"}},
        {f"{ONE}.TuningObjective": None},
        f"{ONE}.TuningObjective",
    ),
    Row(
        "objective-is-a-defined-metric",
        {f"{OBJECTIVE}.MetricName": "Loss"},
        {f"{OBJECTIVE}.MetricName": "loss"},
        f"{OBJECTIVE}.MetricName",
    ),
    Row(
        "objective-is-a-defined-metric",
        {OBJECTIVE: None, f"{ONE}.TuningObjective": {"Type": "Minimize", "MetricName": "loss "}},
        {f"{ONE}.TuningObjective.MetricName": "loss"},
        f"{ONE}.TuningObjective.MetricName",
    ),
    Row(
        "objective-is-a-defined-metric",
        {f"{OBJECTIVE}.MetricName": "mae"},
        {f"{ONE}.AlgorithmSpecification.MetricDefinitions.1": {"Name": "mae", "Regex": "mae=([-+0-9.e]+);"}},
        f"{OBJECTIVE}.MetricName",
    ),
    several(
        "objective-is-a-defined-metric",
        {f"{SECOND}.TuningObjective.MetricName": "lost"},
        {f"{SECOND}.TuningObjective.MetricName": "loss"},
        f"{SECOND_PATH}.TuningObjective.MetricName",
    ),
    Row(
        "objective-is-a-metric-of-the-algorithm",
        {f"{OBJECTIVE}.MetricName": "validation:rsme"},
        {f"{OBJECTIVE}.MetricName": "validation:mae"},
        f"{OBJECTIVE}.MetricName",
        base="builtin",
    ),
    Row(
        "objective-is-a-metric-of-the-algorithm",
        {OBJECTIVE: None, f"{ONE}.TuningObjective": {"Type": "Minimize", "MetricName": "rmse"}},
        {f"{ONE}.TuningObjective.MetricName": "validation:rmse"},
        f"{ONE}.TuningObjective.MetricName",
        base="builtin",
    ),
    # the container has no training metric among the values of the objective
    Row(
        "objective-is-a-metric-of-the-algorithm",
        {f"{OBJECTIVE}.MetricName": "train:rmse"},
        {f"{OBJECTIVE}.MetricName": "validation:rmse"},
        f"{OBJECTIVE}.MetricName",
        base="builtin",
    ),
]

SEARCH_SPACE = [
    Row("something-to-search", {RANGES: None, OWN: {}}, {OWN: DEPTHS}, RANGES),
    Row("something-to-search", {RANGES: NOTHING, OWN: NOTHING}, AUTOTUNE, RANGES),
    Row("something-to-search", {RANGES: {}}, {RANGES: DEPTHS}, RANGES),
    several(
        "something-to-search",
        {f"{FIRST}.HyperParameterRanges": None, f"{SECOND}.HyperParameterRanges": NOTHING},
        {f"{FIRST}.HyperParameterRanges": DEPTHS, SECOND: None},
        RANGES,
    ),
    several(
        "definitions-have-ranges",
        {f"{SECOND}.HyperParameterRanges": None},
        {f"{SECOND}.HyperParameterRanges": DEPTHS},
        f"{SECOND_PATH}.HyperParameterRanges",
    ),
    several(
        "definitions-have-ranges",
        {f"{FIRST}.HyperParameterRanges": NOTHING},
        AUTOTUNE,
        f"{FIRST_PATH}.HyperParameterRanges",
    ),
    several("ranges-in-the-definitions-only", {RANGES: DEPTHS}, {RANGES: None}, RANGES),
    several("ranges-in-the-definitions-only", {RANGES: DEPTHS}, {RANGES: NOTHING}, RANGES),
    Row("ranges-in-one-place", {OWN: RATE}, {OWN: NOTHING}, OWN),
    Row("ranges-in-one-place", {OWN: RATE}, {RANGES: None}, OWN),
    Row("auto-parameters-need-autotune", {f"{RANGES}.AutoParameters": AUTO}, AUTOTUNE, f"{RANGES}.AutoParameters"),
    Row(
        "auto-parameters-need-autotune",
        {RANGES: {"AutoParameters": AUTO}},
        {RANGES: DEPTHS},
        f"{RANGES}.AutoParameters",
    ),
    several(
        "auto-parameters-need-autotune",
        {f"{SECOND}.HyperParameterRanges.AutoParameters": AUTO},
        {f"{SECOND}.HyperParameterRanges.AutoParameters": []},
        f"{SECOND_PATH}.HyperParameterRanges.AutoParameters",
    ),
    Row("something-for-autotune", AUTOTUNE | {RANGES: None, STATIC: None}, {STATIC: {"batch": "32"}}, RANGES),
    Row("something-for-autotune", AUTOTUNE | {RANGES: {}, STATIC: {}}, {RANGES: {"AutoParameters": AUTO}}, RANGES),
]

ENDS = [
    Row(
        "warm-start-without-grid",
        WARM | {STRATEGY: "Grid", JOBS: 2, RANGES: KINDS},
        {STRATEGY: "Bayesian"},
        "WarmStartConfig",
    ),
    Row(
        "warm-start-without-grid",
        WARM | {STRATEGY: "Grid", JOBS: None, RANGES: KINDS},
        {"WarmStartConfig": None},
        "WarmStartConfig",
    ),
    Row(
        "hyperband-knows-its-largest-resource",
        {STRATEGY: "Hyperband"},
        {STRATEGY: "Random"},
        f"{HYPERBAND}.MaxResource",
    ),
    Row(
        "hyperband-knows-its-largest-resource",
        {STRATEGY: "Hyperband", f"{HYPERBAND}.MinResource": 1},
        {f"{HYPERBAND}.MaxResource": 1},
        f"{HYPERBAND}.MaxResource",
    ),
    *(
        Row(
            "hyperband-knows-its-largest-resource",
            {STRATEGY: "Hyperband", f"{STATIC}.Epochs": "9"},
            {f"{STATIC}.{name}": "9"},
            f"{HYPERBAND}.MaxResource",
        )
        for name in ("epochs", "numepochs", "n-epochs", "n_epochs", "num_epochs")
    ),
    several(
        "hyperband-knows-its-largest-resource",
        {STRATEGY: "Hyperband"},
        {f"{SECOND}.StaticHyperParameters.epochs": "9"},
        f"{HYPERBAND}.MaxResource",
    ),
    Row("something-ends-the-job", {JOBS: None}, {TIME: 3600}, JOBS),
    Row("something-ends-the-job", {JOBS: None, STRATEGY: "Random"}, {JOBS: 2}, JOBS),
    Row("something-ends-the-job", {JOBS: None}, AUTOTUNE, JOBS),
    Row("something-ends-the-job", {JOBS: None, CRITERIA: {}}, {f"{CRITERIA}.TargetObjectiveMetricValue": 0.0}, JOBS),
    Row(
        "something-ends-the-job",
        {JOBS: None, f"{CRITERIA}.BestObjectiveNotImproving": {}},
        {f"{CRITERIA}.BestObjectiveNotImproving.MaxNumberOfTrainingJobsNotImproving": 3},
        JOBS,
    ),
    Row(
        "something-ends-the-job",
        {JOBS: None, f"{CRITERIA}.ConvergenceDetected.CompleteOnConvergence": "Disabled"},
        {f"{CRITERIA}.ConvergenceDetected.CompleteOnConvergence": "Enabled"},
        JOBS,
    ),
    Row("tuning-outlasts-training", {TIME: 3599}, {TIME: 3600}, TIME),
    several(
        "tuning-outlasts-training",
        {TIME: 3600, f"{SECOND}.StoppingCondition.MaxRuntimeInSeconds": 3601},
        {f"{SECOND}.StoppingCondition.MaxRuntimeInSeconds": None},
        TIME,
    ),
]

# The same for definitions with ranges of their own stands in the table of definitions.
HYPERPARAMETERS = [
    Row("static-or-tuned", {f"{STATIC}.rate": "0.1", REAL: "rate"}, {f"{STATIC}.rate": None}, f'{STATIC}["rate"]'),
    Row(
        "static-or-tuned",
        {f"{STATIC}.kind": "plain", KIND: "kind"},
        {f"{RANGES}.CategoricalParameterRanges": []},
        f'{STATIC}["kind"]',
    ),
    Row(
        "static-or-automatic",
        AUTOTUNE | {f"{RANGES}.AutoParameters": AUTO, f"{STATIC}.width": "9"},
        {f"{STATIC}.width": None},
        f'{STATIC}["width"]',
    ),
    Row(
        "at-most-100-hyperparameters",
        {STATIC: {f"s{number}": "" for number in range(97)}, KIND: "kind"},
        {f"{STATIC}.s0": None},
        STATIC,
    ),
    Row(
        "at-most-100-hyperparameters",
        {STATIC: {f"s{number}": "" for number in range(97)}, KIND: "kind"},
        {f"{RANGES}.CategoricalParameterRanges": None},
        STATIC,
    ),
    Row(
        "algorithm-lets-it-be-tuned",
        {REAL: "base_score"},
        {REAL: "subsample"},
        f"{RANGES}.ContinuousParameterRanges[0].Name",
        base="builtin",
    ),
    Row(
        "algorithm-has-what-it-needs", {f"{STATIC}.num_round": None}, AUTOTUNE, f'{STATIC}["num_round"]', base="builtin"
    ),
    Row(
        "algorithm-has-what-it-needs",
        {f"{STATIC}.num_round": None},
        {f"{RANGES}.IntegerParameterRanges.0.Name": "num_round"},
        f'{STATIC}["num_round"]',
        base="builtin",
    ),
]

TAGS = [
    Row(
        "tag-prefix-not-reserved",
        {"Tags": [{"Key": "aws:team", "Value": ""}]},
        {"Tags.0.Key": "aws-team"},
        "Tags[0].Key",
    ),
    Row("tag-prefix-not-reserved", {"Tags": [{"Key": "AWS:", "Value": ""}]}, {"Tags.0.Key": "a:aws:"}, "Tags[0].Key"),
    Row(
        "tag-keys-differ",
        {"Tags": [{"Key": "team", "Value": "a"}, {"Key": "team", "Value": "b"}]},
        {"Tags.1.Key": "Team"},
        "Tags[1].Key",
    ),
    Row("tag-keys-differ", {"Tags": [{"Key": "a", "Value": ""}] * 2}, {"Tags.0": None}, "Tags[1].Key"),
]

ROWS = [*DEFINITIONS, *OBJECTIVES, *SEARCH_SPACE, *HYPERPARAMETERS, *ENDS, *TAGS]
