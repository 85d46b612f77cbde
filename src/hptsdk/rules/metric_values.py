"""The rule of the group that reads the value of the objective metric from the log.

See https://docs.aws.amazon.com/sagemaker/latest/dg/automatic-model-tuning-define-metrics-variables.html.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from hptsdk._validation import Problem, advice, shown
from hptsdk.rules.facts.regexes import analyze_regex
from hptsdk.rules.metrics import words_of

if TYPE_CHECKING:
    from hptsdk._validation import Part
    from hptsdk.shapes import (
        CreateHyperParameterTuningJobRequest as Request,
        HyperParameterTrainingJobDefinition as Definition,
        HyperParameterTuningJobObjective as Objective,
    )

__all__ = ["DEFINITION", "REQUEST"]

# A pattern of a decimal number: digits, points, signs and exponents only; and in it the pattern of a digit.
_NUMBER = r"(?:\[(?:[0-9.,+eE-]|\\[d.+-])+\]|\\[d.+-]|\.(?![*+{])|[0-9eE+*?()|:-]|\{\d*,?\d*\})+"
_DIGITS = r"\[[^]]*(?:0-9|\\d)[^]]*\]|\\d"
_BETTER = "([-+0-9.eE]+)"

# Words of metrics that can be negative.
_SIGNED = frozenset({
    "reward", "rewards", "return", "returns", "r2", "likelihood", "loglikelihood", "logprob", "elbo", "correlation",
    "corr", "matthews", "mcc", "kappa", "pearson", "spearman", "pearsonr", "spearmanr", "silhouette", "neg",
    "negative", "minus", "profit", "sharpe", "gain", "improvement", "delta", "difference", "skill", "nse",
})  # fmt: skip

# Words of metrics that are often very small, and the words that may occur with loss, which programs print in full.
_SMALL = frozenset({"mse", "rmse", "msle", "rmsle", "mae", "kl", "divergence"})
_DATA = frozenset({"train", "training", "val", "valid", "validation", "eval", "evaluation", "test", "final", "best"})


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
    """The group of the objective metric also matches a sign and an exponent if its values can have them.

    Programs write small values as 1e-05, and some metrics are negative. A group without sign and exponent reads
    1 instead of 1e-05 or does not match, so the tuning job compares wrong values and reports no error. The name
    of the metric shows which of the two is possible: loss can be very small, and r2 can be negative.

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
            got=f"{shown(metric.regex)}, whose group matches no {unmatched}",
            hint=f"use {_BETTER}",
        )
        for index, metric in enumerate(definition.algorithm_specification.metric_definitions or ())
        if metric.name == name and (unmatched := _unmatched_parts(name, metric.regex))
    ] or None


@lru_cache(maxsize=2048)
def _unmatched_parts(name: str, regex: str) -> str:
    """Return the parts of the values of a metric that its group does not match; empty text if it matches all."""
    group = analyze_regex(regex).first_group
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
REQUEST = (metric_group_takes_any_number.for_parts(_of_job),)
