"""Changes that break the rules of the search: its ranges, strategy, objective, definitions, warm start and tags."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st

from hptsdk.testing.strategies._mutation import (
    ALGORITHM,
    CUSTOM,
    EARLY,
    FIRST,
    HIGH,
    HYPERBAND,
    JOB,
    JOBS,
    LOW,
    METRIC,
    OBJECTIVE,
    PARENTS,
    RANGES,
    SECOND,
    STATIC,
    STRATEGY,
    after,
    bounded,
    kinds,
    numeric,
    of,
    one,
    real,
    two,
    variables,
    whole,
)

if TYPE_CHECKING:
    from hptsdk.testing.strategies._mutation import Spoiler

__all__ = ["SEARCH"]

_NO_NUMBERS = st.sampled_from(("low", "nan", "inf", "1,5", "", "0x1", "1e999999", "\u0661"))
_FRACTIONS = st.sampled_from(("0.5", "-2.50", "1e-1"))
_LOSS = {"Type": "Minimize", "MetricName": "loss"}
_AUTO = [{"Name": "batch", "ValueHint": "8"}]
_DEFINITION = {
    "AlgorithmSpecification": {"AlgorithmName": "mine", "TrainingInputMode": "File"},
    "RoleArn": "arn:aws:iam::123456789012:role/SageMakerRole",
    "OutputDataConfig": {"S3OutputPath": "s3://amzn-s3-demo-bucket/out/"},
    "StoppingCondition": {},
}
_NAMED = _DEFINITION | {"DefinitionName": "first", "TuningObjective": _LOSS}
_RATE = {"ContinuousParameterRanges": [{"Name": "rate", "MinValue": "0", "MaxValue": "1"}]}
_BATCH = {"ContinuousParameterRanges": [{"Name": "batch", "MinValue": "0", "MaxValue": "1"}]}
_REVERSE, _LOGARITHMIC = st.just("ReverseLogarithmic"), st.just("Logarithmic")

_LEFT = {f"{FIRST}.StaticHyperParameters": {}, f"{FIRST}.HyperParameterRanges": {"AutoParameters": _AUTO}}

_OF_RANGES: dict[str, list[Spoiler]] = {
    "bounds-are-numbers": numeric(bounded(_NO_NUMBERS, "9"), bounded(LOW, _NO_NUMBERS)),
    "minimum-below-maximum": numeric(bounded(HIGH, LOW), bounded("0", "0"), bounded("10", "9")),
    "integer-bounds-are-whole": [whole(bounded(_FRACTIONS, "7")), whole(bounded("-7", _FRACTIONS))],
    "logarithmic-needs-positive-bounds": numeric(bounded(LOW, HIGH, ScalingType=_LOGARITHMIC)),
    "reverse-logarithmic-needs-unit-interval": [
        real(bounded("0", HIGH, ScalingType=_REVERSE)),
        real(bounded(LOW, "0.5", ScalingType=_REVERSE)),
    ],
    "integers-scale-forwards": [whole(bounded(LOW, HIGH, ScalingType=_REVERSE))],
    "categories-differ": [
        one({JOBS: None, f"{RANGES}.CategoricalParameterRanges": [{"Name": "kind", "Values": ["a", "b", "a"]}]})
    ],
    "range-names-differ": [
        one({JOBS: None, f"{RANGES}.IntegerParameterRanges": of(2) + of(1)}),
        one({JOBS: None, RANGES: {"IntegerParameterRanges": of(1), "ContinuousParameterRanges": of(1)}}),
        one({JOBS: None, f"{RANGES}.AutoParameters": _AUTO * 2, f"{STATIC}.batch": None}),
    ],
    "auto-parameters-have-no-range": [one({STATIC: {}, RANGES: {"AutoParameters": _AUTO} | _BATCH})],
    "at-most-thirty-ranges": [
        one({JOBS: None, RANGES: {"IntegerParameterRanges": of(30), "ContinuousParameterRanges": of(1, 30)}}),
    ],
}

_OF_THE_STRATEGY: dict[str, list[Spoiler]] = {
    "hyperband-resources-in-order": [
        one({STRATEGY: "Hyperband", HYPERBAND: {"MaxResource": 9}, f"{HYPERBAND}.MinResource": st.integers(10, 2**31)})
    ],
    "hyperband-at-most-20000-resource": [
        one({STRATEGY: "Hyperband", f"{HYPERBAND}.MaxResource": st.integers(20001, 2**63 - 1)})
    ],
    "hyperband-needs-early-stopping-off": [
        one({STRATEGY: "Hyperband", f"{HYPERBAND}.MaxResource": st.integers(1, 20000), EARLY: "Auto"})
    ],
    "hyperband-settings-need-hyperband": [one({f"{HYPERBAND}.MaxResource": 9}), one({HYPERBAND: {}})],
    "grid-takes-only-categories": [
        one({STRATEGY: "Grid", JOBS: None, RANGES: _RATE}),
        one({STRATEGY: "Grid", JOBS: None, f"{JOB}.HyperParameterRanges": _RATE}),
        two({STRATEGY: "Grid", JOBS: None, f"{SECOND}.HyperParameterRanges": _RATE}),
    ],
    "grid-runs-each-combination-once": [
        one({STRATEGY: "Grid", JOBS: st.integers(7, 2**31), RANGES: kinds(2, 3)}),
        one({STRATEGY: "Grid", JOBS: st.integers(1, 5), f"{JOB}.HyperParameterRanges": kinds(2, 3)}),
    ],
    "enough-combinations": [
        one({JOBS: st.integers(7, 2**31), RANGES: kinds(2, 3)}),
        one({JOBS: st.integers(10, 2**31), f"{RANGES}.IntegerParameterRanges": of(1)}),
    ],
    "hyperband-knows-its-largest-resource": [
        one({STRATEGY: "Hyperband"}),
        two({STRATEGY: "Hyperband", f"{HYPERBAND}.MinResource": 1}),
    ],
}

_OF_THE_REQUEST: dict[str, list[Spoiler]] = {
    "one-kind-of-definition": [
        one({JOB: None}),
        one({"TrainingJobDefinitions": [_NAMED]}),
        two({JOB: _DEFINITION | {"TuningObjective": _LOSS}}),
    ],
    "definitions-have-names": [two({f"{SECOND}.DefinitionName": None})],
    "definition-names-differ": [two({f"{SECOND}.DefinitionName": "first"})],
    "at-most-48-environment-variables-in-all": [
        two({f"{FIRST}.Environment": variables("A", 24), f"{SECOND}.Environment": variables("B", 25)})
    ],
    "warm-start-needs-one-definition": [two({PARENTS: after("earlier")})],
    "early-stopping-needs-one-definition": [two({EARLY: "Auto"})],
    "single-definition-has-an-objective": [one({OBJECTIVE: None})],
    "definitions-have-objectives": [two({f"{SECOND}.TuningObjective": None})],
    "objective-is-a-defined-metric": [
        one(
            {
                ALGORITHM: {"TrainingInputMode": "File", "TrainingImage": CUSTOM, "MetricDefinitions": [METRIC]},
                f"{OBJECTIVE}.MetricName": st.sampled_from(("Loss", "lost", "accuracy")),
            }
        )
    ],
    "something-to-search": [one({"Autotune": None}), two({"Autotune": None, RANGES: {}})],
    "auto-parameters-need-autotune": [
        one({"Autotune": None, STATIC: {}, f"{RANGES}.AutoParameters": _AUTO}),
        two(
            {
                "Autotune": None,
                f"{FIRST}.StaticHyperParameters": {},
                f"{FIRST}.HyperParameterRanges.AutoParameters": _AUTO,
            }
        ),
    ],
    "static-or-tuned": [one({RANGES: _BATCH}), two({f"{FIRST}.HyperParameterRanges": _BATCH})],
    "static-or-automatic": [
        one({f"{RANGES}.AutoParameters": _AUTO}),
        two({f"{FIRST}.HyperParameterRanges.AutoParameters": _AUTO}),
    ],
    "at-most-100-hyperparameters": [
        one({STATIC: variables("s", 99), RANGES: _RATE}),
        two({f"{FIRST}.StaticHyperParameters": variables("s", 99), f"{FIRST}.HyperParameterRanges": _RATE}),
    ],
    "no-parent-of-itself": [one({PARENTS: after("job")}), one({PARENTS: after("other", "JOB")})],
    "parent-has-a-name": [one({PARENTS: after(None)}), one({PARENTS: after("earlier", None)})],
    "parents-differ": [one({PARENTS: after("earlier", "Earlier")})],
    "tag-keys-differ": [one({"Tags": [{"Key": "team", "Value": value} for value in ("a", "b")]})],
}

SEARCH = _OF_RANGES | _OF_THE_STRATEGY | _OF_THE_REQUEST
"""The changes, by the id of the rule that they break."""
