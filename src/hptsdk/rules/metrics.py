"""Rules of metrics: their regular expressions, their names, and the direction in which they are optimized.

See https://docs.aws.amazon.com/sagemaker/latest/dg/automatic-model-tuning-define-metrics-variables.html.

Example:
    >>> from hptsdk import advise, shapes
    >>> [advice.rule for advice in advise(shapes.MetricDefinition(name="loss", regex="loss=([0-9.]+);"))]
    ['metric-group-takes-any-number']
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hptsdk._validation import Problem, advice, rule, shown
from hptsdk.rules._duplicates import duplicates
from hptsdk.rules.facts.regexes import analyze_regex

if TYPE_CHECKING:
    from hptsdk._validation import Quotas
    from hptsdk.shapes import (
        HyperParameterAlgorithmSpecification,
        HyperParameterTuningJobObjective,
        MetricDefinition,
    )

__all__ = ["DEFINITION", "OBJECTIVE", "SPECIFICATION"]

# A lazy quantifier at the end of a group, and a text after the group that can match nothing.
_LAZY_END = r"(?<!\\)(?:\\\\)*([*+?])\?\Z"
_OPTIONAL = r"(?:(?:\\[dDsSwW]|\[[^][\\]*\]|[^\\()\[\]{}|^$*+?])[*?][?+]?)*"

# A pattern of a decimal number: digits, points, signs and exponents only; and in it the pattern of a digit.
_NUMBER = r"(?:\[(?:[0-9.,+eE-]|\\[d.+-])+\]|\\[d.+-]|\.(?![*+{])|[0-9eE+*?()|:-]|\{\d*,?\d*\})+"
_DIGITS = r"\[[^]]*(?:0-9|\\d)[^]]*\]|\\d"
_BETTER = "([-+0-9.eE]+)"

# The words of a metric's name, and the parts of a word such as validationLoss.
_WORDS = r"[^\W_]+"
_PARTS = r"[A-Z]+\d*(?![a-z])|[A-Z]?[a-z]+\d*|\d+"

# Words that show in which direction a metric improves.
_DIRECTIONS = {
    **dict.fromkeys(("accuracy", "auc", "f1", "precision", "recall", "map", "ndcg", "bleu", "r2"), "Maximize"),
    **dict.fromkeys(("loss", "error", "rmse", "mse", "mae", "mape", "logloss", "perplexity"), "Minimize"),
}
_IMPROVES = {"Maximize": "larger", "Minimize": "smaller"}

# Words that reverse the direction or make another metric: 1-accuracy, neg_loss, accuracy_drop, loss_ratio.
_REVERSING = frozenset({
    "1", "one", "minus", "neg", "negated", "negative", "inv", "inverse", "reverse", "reversed", "reciprocal",
    "non", "not", "no", "anti", "complement", "drop", "decrease", "reduction", "improvement", "gain", "delta", "diff",
    "difference", "gap", "ratio", "std", "stddev", "var", "variance", "time", "to", "epochs", "steps", "interval",
})  # fmt: skip


@rule("metric-regex-compiles", "C102", source="API_MetricDefinition", basis="inferred")
def metric_regex_compiles(metric: MetricDefinition) -> Problem | None:
    """The Regex of a metric is a valid regular expression.

    The API model accepts any text. The regular expression engine of the service is not documented, so an
    expression is reported only if no common engine accepts it. Without a valid expression the metric has no
    values.

    Example:
        `Regex` "loss=(".
    """
    error = analyze_regex(metric.regex).error
    if not error:
        return None
    return Problem(
        "regex",
        expected="a regular expression",
        got=f"{shown(metric.regex)}, with {error}",
        hint="put a backslash before a literal special character",
    )


@rule("metric-regex-has-a-group", "C101", source="dg/automatic-model-tuning-define-metrics-variables")
def metric_regex_has_a_group(metric: MetricDefinition) -> Problem | None:
    """The Regex of a metric has a group that captures the value.

    SageMaker applies the expression to the log and uses the text of the first group as the value. Without a
    group there is no value, and the tuning job cannot compare its training jobs.

    Example:
        `Regex` "loss=[0-9.]+".
    """
    if analyze_regex(metric.regex).captures is not False:
        return None
    return Problem(
        "regex",
        expected="a group that captures the value",
        got=shown(metric.regex),
        hint=f"put parentheses around the number, as in 'loss={_BETTER}'",
    )


@advice("metric-group-takes-the-value", "C103", source="aws/sagemaker-python-sdk#3932", basis="observed")
def metric_group_takes_the_value(metric: MetricDefinition) -> Problem | None:
    """A group that ends in a lazy quantifier is followed by a pattern that ends the value.

    A lazy quantifier matches as little as possible. Without a pattern after it, it matches no character or one, so
    the value is empty or incomplete. The service accepts the request, and the tuning job reports no objective
    metric.

    Example:
        `Regex` "F1=(.*?)".
    """
    group = analyze_regex(metric.regex).first_group
    lazy = re.search(_LAZY_END, group.content) if group is not None else None
    if group is None or lazy is None or not re.fullmatch(_OPTIONAL, group.rest):
        return None
    return Problem(
        "regex",
        expected="a pattern after the group that ends the value",
        got=f"{shown(metric.regex)}, whose group matches {'one character' if lazy[1] == '+' else 'nothing'}",
        hint=f"use {_BETTER}, or add the text that follows the value",
    )


@advice("metric-group-takes-any-number", "C106", source="aws/amazon-sagemaker-examples#463", basis="inferred")
def metric_group_takes_any_number(metric: MetricDefinition) -> Problem | None:
    """A group of digits and a point also matches a sign and an exponent.

    Programs write small values as 1e-05, and some metrics are negative. A group without sign and exponent reads
    1 instead of 1e-05 or does not match, so the tuning job compares wrong values and reports no error.

    Example:
        `Regex` "loss=([0-9.]+)".
    """
    group = analyze_regex(metric.regex).first_group
    unmatched = _unmatched_parts(group.content) if group is not None else ""
    if not unmatched:
        return None
    return Problem(
        "regex",
        expected="a group that matches every number, such as -0.3 and 1e-05",
        got=f"{shown(metric.regex)}, whose group matches no {unmatched}",
        hint=f"use {_BETTER}",
    )


def _unmatched_parts(content: str) -> str:
    """Return the parts of a number that a pattern of decimal numbers does not match; empty for other patterns."""
    digits = re.search(_DIGITS, content)
    if digits is None or "." not in content or not re.fullmatch(_NUMBER, content):
        return ""
    sign = "-" in content[: digits.end()].replace("0-9", "")
    exponent = "e" in content or "E" in content
    return " and no ".join(name for name, matches in (("sign", sign), ("exponent", exponent)) if not matches)


@advice("objective-type-fits-the-metric", source="dg/automatic-model-tuning-define-metrics-variables", basis="inferred")
def objective_type_fits_the_metric(objective: HyperParameterTuningJobObjective) -> Problem | None:
    """An objective metric whose name says how it improves is optimized in this direction.

    With the wrong direction the tuning job runs to its end and selects the worst training job. Only names with
    a known word, such as accuracy or loss, are reported; names such as neg_loss, which reverse its meaning, are
    not.

    Example:
        `MetricName` "validation:accuracy", `Type` "Minimize".
    """
    words = [word.lower() for whole in re.findall(_WORDS, objective.metric_name) for word in _parts_of(whole)]
    known = [word for word in words if word in _DIRECTIONS]
    directions = {_DIRECTIONS[word] for word in known}
    if not known or objective.type in directions:
        return None
    if objective.metric_name.startswith("-") or not _REVERSING.isdisjoint(words):
        return None
    direction = directions.pop()
    return Problem(
        "type",
        expected=f"{direction} for {shown(objective.metric_name)}, as {known[0]} is better when {_IMPROVES[direction]}",
        got=objective.type,
        hint=f"use {direction}",
    )


def _parts_of(word: str) -> list[str]:
    """Split a word such as validationLoss; mAP is one part."""
    return [word] if word.lower() in _DIRECTIONS else re.findall(_PARTS, word)


@rule(
    "metric-names-differ",
    "C104",
    source="API_HyperParameterAlgorithmSpecification",
    basis="inferred",
    needs=("metric_definitions",),
)
def metric_names_differ(specification: HyperParameterAlgorithmSpecification) -> list[Problem] | None:
    """The names of metrics differ.

    Objectives and results name a metric by its name, so a name that occurs twice is ambiguous. A rejection is
    inferred.
    """
    names = [metric.name for metric in specification.metric_definitions or ()]
    return duplicates(names, "metric_definitions", "name", hint="rename or remove one of the two")


@advice("metrics-within-quota", "C105", source="dg/automatic-model-tuning-limits", needs=("metric_definitions",))
def metrics_within_quota(specification: HyperParameterAlgorithmSpecification, quotas: Quotas) -> Problem | None:
    """A tuning job has at most as many metrics as the quota of the account allows.

    The page of quotas states 20, but the API reference and another page state 40. The service rejects a request
    above the quota of the account, which `advise(request, quotas=Quotas(max_metrics=40))` states.
    """
    count = len(specification.metric_definitions or ())
    if count <= quotas.max_metrics:
        return None
    return Problem(
        "metric_definitions",
        expected=f"at most {quotas.max_metrics} metrics, the quota",
        got=f"{count}",
        hint="remove metrics other than the objective metric",
    )


DEFINITION = (
    metric_regex_compiles,
    metric_regex_has_a_group,
    metric_group_takes_the_value,
    metric_group_takes_any_number,
)
OBJECTIVE = (objective_type_fits_the_metric,)
SPECIFICATION = (metric_names_differ, metrics_within_quota)
