"""Rules of the objective: where it is set, whether its metric exists, and the group that matches values in a log."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from hptsdk._validation import Problem, advice, closest, format_value, rule
from hptsdk.rules.algorithm_values import algorithm_of_definition
from hptsdk.rules.definitions import JOB_OBJECTIVE, objectives_of
from hptsdk.rules.facts.accounts import is_custom_image
from hptsdk.rules.metrics import BETTER_GROUP, analysis_of, words_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hptsdk._validation import Part
    from hptsdk.shapes import (
        CreateHyperParameterTuningJobRequest as Request,
        HyperParameterAlgorithmSpecification as Specification,
        HyperParameterTrainingJobDefinition as Definition,
        HyperParameterTuningJobObjective as Objective,
    )

# A pattern of a decimal number: digits, decimal points, signs and exponents only; and in it the pattern of a digit.
_NUMBER = r"(?:\[(?:[0-9.,+eE-]|\\[d.+-])+\]|\\[d.+-]|\.(?![*+{])|[0-9eE+*?()|:-]|\{\d*,?\d*\})+"
_DIGITS = r"\[[^]]*(?:0-9|\\d)[^]]*\]|\\d"

# Words of metrics that can be negative.
_SIGNED = frozenset({
    "reward", "rewards", "return", "returns", "r2", "likelihood", "loglikelihood", "logprob", "elbo", "correlation",
    "corr", "matthews", "mcc", "kappa", "pearson", "spearman", "pearsonr", "spearmanr", "silhouette", "neg",
    "negative", "minus", "profit", "sharpe", "gain", "improvement", "delta", "difference", "skill", "nse",
})  # fmt: skip

# Words of metrics that are often very small, and the words that may occur with loss, which programs print in full.
_SMALL = frozenset({"mse", "rmse", "msle", "rmsle", "mae", "kl", "divergence"})
_DATA = frozenset({"train", "training", "val", "valid", "validation", "eval", "evaluation", "test", "final", "best"})


@rule(
    "single-definition-has-an-objective",
    "C003",
    source="hashicorp/terraform-provider-aws internal/service/sagemaker/hyper_parameter_tuning_job.go",
    basis="observed",
    needs=("training_job_definition",),
)
def single_definition_has_an_objective(request: Request) -> Problem | None:
    """A job with TrainingJobDefinition has an objective.

    Both HyperParameterTuningJobObjective and TuningObjective are optional in the API model, but the service
    requires one of them.

    Example:
        `TrainingJobDefinition` without `TuningObjective`, and no `HyperParameterTuningJobObjective`.
    """
    definition = request.training_job_definition
    if _job_has_one(request) or definition is None or definition.tuning_objective is not None:
        return None
    return Problem(*JOB_OBJECTIVE, expected="an objective", got="nothing", hint="set its Type and MetricName")


@rule(
    "definitions-have-objectives",
    "C004",
    source="dg/multiple-algorithm-hpo-create-tuning-jobs",
    needs=("training_job_definitions",),
)
def definitions_have_objectives(request: Request) -> list[Problem] | None:
    """Each item of TrainingJobDefinitions has an objective; for a list of one item, that of the job suffices.

    Definitions may have different algorithms, which emit different metrics. AWS documents that each definition
    requires an objective metric.
    """
    definitions = request.training_job_definitions or ()
    missing = [index for index, definition in enumerate(definitions) if definition.tuning_objective is None]
    if not missing or (len(definitions) == 1 and _job_has_one(request)):
        return None
    hint = "move the objective of the job here" if _job_has_one(request) else "set its Type and MetricName"
    return [
        Problem(
            "training_job_definitions",
            index,
            "tuning_objective",
            expected="an objective for each item of TrainingJobDefinitions",
            got="nothing",
            hint=hint,
        )
        for index in missing
    ]


def _job_has_one(request: Request) -> bool:
    return request.hyper_parameter_tuning_job_config.hyper_parameter_tuning_job_objective is not None


@advice(
    "objective-in-the-definitions-only",
    "C005",
    source="API_HyperParameterTuningJobConfig",
    basis="inferred",
    needs=("training_job_definitions",),
)
def objective_in_the_definitions_only(request: Request) -> Problem | None:
    """A job with TrainingJobDefinitions has its objectives in the definitions.

    It is not documented whether the service uses the objective of the job or of a definition, or rejects both. The
    SageMaker Python SDK never sends both.
    """
    if request.training_job_definitions is None or not _job_has_one(request):
        return None
    return Problem(
        *JOB_OBJECTIVE,
        expected="no value with TrainingJobDefinitions",
        got="an objective",
        hint="remove it, or move it to a definition without TuningObjective",
    )


@advice(
    "one-objective-for-one-definition",
    "C008",
    source="API_HyperParameterTrainingJobDefinition",
    basis="inferred",
    needs=("training_job_definition",),
)
def one_objective_for_one_definition(request: Request) -> Problem | None:
    """The objectives of a job and of its TrainingJobDefinition are equal if both are set.

    A tuning job has one best training job, so it has one objective. It is not documented which of two different
    ones the service uses, or whether it rejects both.

    Example:
        `HyperParameterTuningJobObjective` with the `MetricName` "loss", `TuningObjective` with "error".
    """
    own = request.hyper_parameter_tuning_job_config.hyper_parameter_tuning_job_objective
    other = request.training_job_definition.tuning_objective if request.training_job_definition is not None else None
    if own is None or other is None or own == other:
        return None
    return Problem(
        "training_job_definition",
        "tuning_objective",
        expected=f"the objective of the job, {own.type} {format_value(own.metric_name)}, or no value",
        got=f"{other.type} {format_value(other.metric_name)}",
        hint="remove it",
    )


def _defined_metrics(algorithm: Specification) -> list[str]:
    return [definition.name for definition in algorithm.metric_definitions or ()]


@rule("objective-is-a-defined-metric", "C014", source="aws/sagemaker-python-sdk#3932", basis="observed")
def objective_is_a_defined_metric(request: Request) -> list[Problem]:
    """The objective metric of a custom image is the name of one of its MetricDefinitions.

    The service rejects the request, because no regular expression reads the metric from the log. The names are
    compared exactly. Built-in algorithms define their metrics themselves, so the rule does not apply to their
    images.

    Example:
        `MetricName` "accuracy" with the only `MetricDefinitions` [{"Name": "loss", …}].
    """
    problems: list[Problem] = []
    for path, objective, definition in objectives_of(request):
        metric, algorithm = objective.metric_name, definition.algorithm_specification
        defined = _defined_metrics(algorithm)
        if not defined or metric in defined or not _runs_custom_image(algorithm):
            continue
        problems.append(
            Problem(
                *path,
                "metric_name",
                expected="the name of one of the MetricDefinitions",
                got=format_value(metric),
                hint=closest(metric, defined) or "add an item with this name to MetricDefinitions",
            )
        )
    return problems


def _runs_custom_image(algorithm: Specification) -> bool:
    image = algorithm.training_image
    return bool(image and not algorithm.algorithm_name and is_custom_image(image))


@advice("objective-is-a-metric-of-the-algorithm", "C018", source="dg/automatic-model-tuning-define-metrics-variables")
def objective_is_a_metric_of_the_algorithm(request: Request) -> list[Problem]:
    """The objective metric of a built-in algorithm is one that AWS documents for tuning it.

    No training job has a value of a metric that the algorithm does not emit. XGBoost also emits the metrics of the
    training data, but its training jobs fail if one of them is the objective. A new version of an algorithm may
    have more metrics, so this is advice.

    Example:
        `MetricName` "auc" with an image of XGBoost, which emits "validation:auc".
    """
    problems: list[Problem] = []
    for path, objective, definition in objectives_of(request):
        metric, algorithm = objective.metric_name, algorithm_of_definition(definition)
        if algorithm is None or not algorithm.objectives or metric in algorithm.objectives:
            continue
        if metric not in _defined_metrics(definition.algorithm_specification):
            expected = f"a metric of {algorithm.name} that a tuning job can optimize"
            hint = _likely_metric(metric, algorithm.objectives)
            problems.append(Problem(*path, "metric_name", expected=expected, got=format_value(metric), hint=hint))
    return problems


def _likely_metric(metric: str, known: Mapping[str, object]) -> str:
    """Return a hint with the metric that was likely meant, or any; often only the prefix for the data is wrong."""
    for data in ("validation", "test", "train"):
        for name in (f"{data}:{metric}", f"{data}:{metric.partition(':')[2]}"):
            if name in known:
                return f"did you mean {format_value(name)}?"
    return closest(metric, known) or f"use one of its metrics, such as {format_value(min(known))}"


def _of_definition(definition: Definition) -> list[Part]:
    return _part((), definition, definition.tuning_objective)


def _of_job(request: Request) -> list[Part]:
    """Return the single definition with the objective of the job, if it has none of its own."""
    definition = request.training_job_definition
    if definition is None or definition.tuning_objective is not None:
        return []
    objective = request.hyper_parameter_tuning_job_config.hyper_parameter_tuning_job_objective
    return _part(("training_job_definition",), definition, objective)


def _part(path: tuple[str, ...], definition: Definition, objective: Objective | None) -> list[Part]:
    metrics = definition.algorithm_specification.metric_definitions
    return [] if objective is None or not metrics else [(path, (definition, objective.metric_name))]


@advice("metric-group-takes-any-number", "C106", source="aws/amazon-sagemaker-examples#463", basis="inferred")
def metric_group_takes_any_number(definition: Definition, name: str) -> list[Problem] | None:
    """The group in the Regex of the objective metric also matches signs and exponents if the metric can have them.

    Programs write small values as 1e-05, and some metrics are negative. A group without exponent can read 1 instead
    of 1e-05, without an error. A group without sign often misses a negative value. The name of the metric shows what
    is possible: loss can be very small, and r2 can be negative.

    Example:
        `MetricName` "loss", `Regex` "loss=([0-9.]+)".
    """
    return [
        Problem(
            "algorithm_specification",
            "metric_definitions",
            index,
            "regex",
            expected="a group that matches every value of the metric, such as "
            + ("1e-05" if "sign" not in unmatched else "-0.3" if "exponent" not in unmatched else "-0.3 and 1e-05"),
            got=f"{format_value(metric.regex)}, whose group matches no {unmatched}",
            hint=f"use {BETTER_GROUP}",
        )
        for index, metric in enumerate(definition.algorithm_specification.metric_definitions or ())
        if metric.name == name and (unmatched := _unmatched_parts(name, metric.regex))
    ]


@lru_cache(maxsize=2048)
def _unmatched_parts(name: str, regex: str) -> str:
    """Return the parts of the values of a metric that its group does not match; empty text if none is known."""
    group = analysis_of(regex).first_group
    content = group.content if group is not None else ""
    digits = re.search(_DIGITS, content)
    if digits is None or "." not in content or not re.fullmatch(_NUMBER, content):
        return ""
    words = set(words_of(name))
    is_signed = name.startswith("-") or not _SIGNED.isdisjoint(words)
    is_small = is_signed or not _SMALL.isdisjoint(words) or ("loss" in words and words <= {"loss", *_DATA})
    lacks_sign = is_signed and "-" not in content[: digits.end()].replace("0-9", "")
    lacks_exponent = is_small and "e" not in content and "E" not in content
    return " and no ".join(part for part, lacks in (("sign", lacks_sign), ("exponent", lacks_exponent)) if lacks)


DEFINITION = (metric_group_takes_any_number.for_parts(_of_definition),)
REQUEST = (
    single_definition_has_an_objective,
    definitions_have_objectives,
    objective_is_a_defined_metric,
    objective_in_the_definitions_only,
    one_objective_for_one_definition,
    objective_is_a_metric_of_the_algorithm,
    metric_group_takes_any_number.for_parts(_of_job),
)
