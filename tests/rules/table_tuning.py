"""Rows of the rules of the configuration of a tuning job."""

from rows import Row

CONFIG = "HyperParameterTuningJobConfig"
STRATEGY = f"{CONFIG}.Strategy"
HYPERBAND = f"{CONFIG}.StrategyConfig.HyperbandStrategyConfig"
EARLY = f"{CONFIG}.TrainingJobEarlyStoppingType"
JOBS = f"{CONFIG}.ResourceLimits.MaxNumberOfTrainingJobs"
PARALLEL = f"{CONFIG}.ResourceLimits.MaxParallelTrainingJobs"
RANGES = f"{CONFIG}.ParameterRanges"
REAL = f"{RANGES}.ContinuousParameterRanges"
WHOLE = f"{RANGES}.IntegerParameterRanges"
PATIENCE = f"{CONFIG}.TuningJobCompletionCriteria.BestObjectiveNotImproving.MaxNumberOfTrainingJobsNotImproving"
OWN = "TrainingJobDefinition.HyperParameterRanges"
FIRST = "TrainingJobDefinitions.0.HyperParameterRanges"
SECOND = "TrainingJobDefinitions.1.HyperParameterRanges"
SECOND_PATH = "TrainingJobDefinitions[1].HyperParameterRanges"


UNIT = {"Name": "x", "MinValue": "0", "MaxValue": "1"}


def grid(*sizes):
    """Return categorical ranges with these numbers of values."""
    names = [(f"n{index}", [str(value) for value in range(size)]) for index, size in enumerate(sizes)]
    return {"CategoricalParameterRanges": [{"Name": name, "Values": values} for name, values in names]}


ROWS = [
    Row(
        "hyperband-resources-in-order",
        {STRATEGY: "Hyperband", HYPERBAND: {"MinResource": 10, "MaxResource": 9}},
        {f"{HYPERBAND}.MaxResource": 10},
        f"{HYPERBAND}.MaxResource",
    ),
    Row(
        "hyperband-resources-in-order",
        {STRATEGY: "Hyperband", HYPERBAND: {"MinResource": 2, "MaxResource": 1}},
        {f"{HYPERBAND}.MinResource": None},
        f"{HYPERBAND}.MaxResource",
    ),
    Row(
        "hyperband-at-most-20000-resource",
        {STRATEGY: "Hyperband", HYPERBAND: {"MaxResource": 20001}},
        {f"{HYPERBAND}.MaxResource": 20000},
        f"{HYPERBAND}.MaxResource",
    ),
    Row(
        "hyperband-at-most-20000-resource",
        {STRATEGY: "Hyperband", HYPERBAND: {"MaxResource": 10**9, "MinResource": 20000}},
        {f"{HYPERBAND}.MaxResource": 20000},
        f"{HYPERBAND}.MaxResource",
    ),
    Row(
        "hyperband-needs-early-stopping-off",
        {STRATEGY: "Hyperband", f"{HYPERBAND}.MaxResource": 9, EARLY: "Auto"},
        {EARLY: "Off"},
        EARLY,
    ),
    Row(
        "hyperband-needs-early-stopping-off",
        {STRATEGY: "Hyperband", "TrainingJobDefinition.StaticHyperParameters.epochs": "9", EARLY: "Auto"},
        {STRATEGY: "Random"},
        EARLY,
    ),
    Row("hyperband-settings-need-hyperband", {f"{HYPERBAND}.MaxResource": 9}, {STRATEGY: "Hyperband"}, HYPERBAND),
    Row("hyperband-settings-need-hyperband", {STRATEGY: "Random", HYPERBAND: {}}, {HYPERBAND: None}, HYPERBAND),
    Row("grid-takes-only-categories", {STRATEGY: "Grid", JOBS: None, WHOLE: None}, {REAL: None}, REAL),
    Row("grid-takes-only-categories", {STRATEGY: "Grid", JOBS: None, REAL: []}, {WHOLE: []}, WHOLE),
    Row(
        "grid-takes-only-categories",
        {STRATEGY: "Grid", JOBS: None, RANGES: None, f"{OWN}.ContinuousParameterRanges": [UNIT]},
        {OWN: grid(2)},
        f"{OWN}.ContinuousParameterRanges",
    ),
    Row(
        "grid-takes-only-categories",
        {STRATEGY: "Grid", JOBS: None, FIRST: grid(2), f"{SECOND}.IntegerParameterRanges": None},
        {f"{SECOND}.ContinuousParameterRanges": None},
        f"{SECOND_PATH}.ContinuousParameterRanges",
        base="several",
    ),
    Row("grid-runs-each-combination-once", {STRATEGY: "Grid", RANGES: grid(2, 3), JOBS: 5}, {JOBS: 6}, JOBS),
    Row("grid-runs-each-combination-once", {STRATEGY: "Grid", RANGES: grid(2, 3), JOBS: 7}, {JOBS: None}, JOBS),
    Row("grid-runs-each-combination-once", {STRATEGY: "Grid", RANGES: None, OWN: grid(4), JOBS: 3}, {JOBS: 4}, JOBS),
    *(
        Row(
            "grid-runs-each-combination-once",
            {STRATEGY: "Grid", FIRST: grid(2), SECOND: grid(3, 2), JOBS: 7},
            {JOBS: jobs},
            JOBS,
            base="several",
        )
        for jobs in (2, 6, 8)
    ),
    Row("enough-combinations", {REAL: None}, {JOBS: 16}, RANGES),
    Row("enough-combinations", {REAL: [], f"{WHOLE}.0.MaxValue": "10"}, {f"{WHOLE}.0.MaxValue": "11"}, RANGES),
    Row("enough-combinations", {RANGES: grid(3), JOBS: 10}, {JOBS: 3}, RANGES),
    Row("enough-combinations", {RANGES: grid(4, 5), JOBS: 21, STRATEGY: "Random"}, {RANGES: grid(3, 7)}, RANGES),
    Row(
        "enough-combinations",
        {f"{WHOLE}.0": {"Name": "n", "MinValue": "-1.0", "MaxValue": "1e0"}, REAL: None, JOBS: 7},
        {f"{WHOLE}.0.MaxValue": "1e99"},
        RANGES,
    ),
    Row("grid-within-quota", {STRATEGY: "Grid", JOBS: None, RANGES: grid(30, 26)}, {RANGES: grid(30, 25)}, RANGES),
    Row(
        "grid-within-quota",
        {STRATEGY: "Grid", JOBS: 810, RANGES: grid(27, 30)},
        {JOBS: 540, RANGES: grid(18, 30)},
        RANGES,
    ),
    Row("training-jobs-within-quota", {JOBS: 751}, {JOBS: 750}, JOBS),
    Row("training-jobs-within-quota", {JOBS: 751, STRATEGY: "Random"}, {JOBS: 750}, JOBS),
    Row("parallel-jobs-within-quota", {PARALLEL: 11}, {PARALLEL: 10}, PARALLEL),
    Row("parallel-jobs-within-quota", {PARALLEL: 20}, {PARALLEL: 1}, PARALLEL),
    Row("no-more-parallel-than-all-jobs", {JOBS: 2, PARALLEL: 3}, {PARALLEL: 2}, PARALLEL),
    Row("no-more-parallel-than-all-jobs", {JOBS: 1}, {JOBS: 2}, PARALLEL),
    Row("not-improving-criterion-can-fire", {PATIENCE: 20}, {PATIENCE: 19}, PATIENCE),
    Row("not-improving-criterion-can-fire", {JOBS: 3, PATIENCE: 3}, {JOBS: 4}, PATIENCE),
    Row(
        "seed-fits-32-bits",
        {f"{CONFIG}.RandomSeed": 2**31},
        {f"{CONFIG}.RandomSeed": 2**31 - 1},
        f"{CONFIG}.RandomSeed",
    ),
    Row("seed-fits-32-bits", {f"{CONFIG}.RandomSeed": 2**62}, {f"{CONFIG}.RandomSeed": 0}, f"{CONFIG}.RandomSeed"),
]
