"""Rules of metrics: their regular expressions find a number in the log, and they are optimized the right way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hptsdk._lazy import lazy_pattern
from hptsdk._validation import Breach, advice, repeated, rule, shown
from hptsdk.rules.facts.regexes import reading

if TYPE_CHECKING:
    from hptsdk._validation import Quotas
    from hptsdk.shapes import (
        HyperParameterAlgorithmSpecification,
        HyperParameterTuningJobObjective,
        MetricDefinition,
    )

# The end of a group that takes as little as it can, and what follows a group and need not match anything.
_LAZY_END = lazy_pattern(r"(?<!\\)(?:\\\\)*([*+?])\?\Z")
_NOTHING_NEEDED = lazy_pattern(r"(?:(?:\\[dDsSwW]|\[[^][\\]*\]|[^\\()\[\]{}|^$*+?])[*?][?+]?)*")

# A group of nothing but digits, points, signs and exponents, and in it what takes the first digits.
_NUMBER = lazy_pattern(r"(?:\[(?:[0-9.,+eE-]|\\[d.+-])+\]|\\[d.+-]|\.(?![*+{])|[0-9eE+*?()|:-]|\{\d*,?\d*\})+")
_DIGITS = lazy_pattern(r"\[[^]]*(?:0-9|\\d)[^]]*\]|\\d")
_BETTER = "([-+0-9.eE]+)"

# Words of a metric's name: whole, or as the parts of a name such as validationLoss.
_WORDS = lazy_pattern(r"[^\W_]+")
_PARTS = lazy_pattern(r"[A-Z]+\d*(?![a-z])|[A-Z]?[a-z]+\d*|\d+")

# Words that say which way a metric is better.
_DIRECTIONS = {
    **dict.fromkeys(("accuracy", "auc", "f1", "precision", "recall", "map", "ndcg", "bleu", "r2"), "Maximize"),
    **dict.fromkeys(("loss", "error", "rmse", "mse", "mae", "mape", "logloss", "perplexity"), "Minimize"),
}
_BETTER_WHEN = {"Maximize": "larger", "Minimize": "smaller"}

# Words that reverse this, or that make something else of a metric: 1-accuracy, neg_loss, accuracy_drop, loss_ratio.
_REVERSING = frozenset({
    "1", "one", "minus", "neg", "negated", "negative", "inv", "inverse", "reverse", "reversed", "reciprocal",
    "non", "not", "no", "anti", "complement", "drop", "decrease", "reduction", "improvement", "gain", "delta", "diff",
    "difference", "gap", "ratio", "std", "stddev", "var", "variance", "time", "to", "epochs", "steps",
})  # fmt: skip


@rule("metric-regex-compiles", "C102", source="API_MetricDefinition", basis="inferred")
def metric_regex_compiles(metric: MetricDefinition) -> Breach | None:
    """The regular expression of a metric is one that compiles."""
    flaw = reading(metric.regex).flaw
    if not flaw:
        return None
    return Breach(
        "regex",
        expected="a regular expression",
        got=f"{shown(metric.regex)}, with {flaw}",
        hint="put a backslash before a character that means itself",
    )


@rule("metric-regex-has-a-group", "C101", source="dg/automatic-model-tuning-define-metrics-variables")
def metric_regex_has_a_group(metric: MetricDefinition) -> Breach | None:
    """The regular expression of a metric has a group that captures the value."""
    if reading(metric.regex).captures is not False:
        return None
    return Breach(
        "regex",
        expected="a group that captures the value",
        got=shown(metric.regex),
        hint=f"put parentheses around the number, as in 'loss={_BETTER}'",
    )


@advice("metric-group-takes-the-value", "C103", source="aws/sagemaker-python-sdk#3932", basis="observed")
def metric_group_takes_the_value(metric: MetricDefinition) -> Breach | None:
    """A group that takes as little as it can is followed by something that ends the value."""
    group = reading(metric.regex).first
    lazy = _LAZY_END.search(group.content) if group is not None else None
    if group is None or lazy is None or not _NOTHING_NEEDED.fullmatch(group.rest):
        return None
    return Breach(
        "regex",
        expected="something after the group that ends the value",
        got=f"{shown(metric.regex)}, whose group takes {'one character' if lazy[1] == '+' else 'nothing'}",
        hint=f"use {_BETTER}, or say what follows the value",
    )


@advice("metric-group-takes-any-number", "C106", source="aws/amazon-sagemaker-examples#463", basis="inferred")
def metric_group_takes_any_number(metric: MetricDefinition) -> Breach | None:
    """A group of digits and a point takes a sign and an exponent as well."""
    group = reading(metric.regex).first
    missing = _missing(group.content) if group is not None else ""
    if not missing:
        return None
    return Breach(
        "regex",
        expected="a group that takes every number, as -0.3 and 1e-05",
        got=f"{shown(metric.regex)}, whose group takes no {missing}",
        hint=f"use {_BETTER}",
    )


def _missing(content: str) -> str:
    """Say what the pattern of a decimal number does not take; nothing where it is the pattern of something else."""
    digits = _DIGITS.search(content)
    if digits is None or "." not in content or not _NUMBER.fullmatch(content):
        return ""
    sign = "-" in content[: digits.end()].replace("0-9", "")
    exponent = "e" in content or "E" in content
    return " and no ".join(name for name, there in (("sign", sign), ("exponent", exponent)) if not there)


@advice("objective-type-fits-the-metric", source="dg/automatic-model-tuning-define-metrics-variables", basis="inferred")
def objective_type_fits_the_metric(objective: HyperParameterTuningJobObjective) -> Breach | None:
    """A metric whose name says that larger or smaller values are better is optimized that way."""
    words = [word.lower() for whole in _WORDS.findall(objective.metric_name) for word in _words_of(whole)]
    known = [word for word in words if word in _DIRECTIONS]
    directions = {_DIRECTIONS[word] for word in known}
    if not known or objective.type in directions:
        return None
    if objective.metric_name.startswith("-") or not _REVERSING.isdisjoint(words):
        return None
    kind = directions.pop()
    return Breach(
        "type",
        expected=f"{kind} for {shown(objective.metric_name)}, as {known[0]} is better when {_BETTER_WHEN[kind]}",
        got=objective.type,
        hint=f"use {kind}",
    )


def _words_of(whole: str) -> list[str]:
    """Split a name such as validationLoss; mAP is one word."""
    return [whole] if whole.lower() in _DIRECTIONS else _PARTS.findall(whole)


@rule(
    "metric-names-differ",
    "C104",
    source="API_HyperParameterAlgorithmSpecification",
    basis="inferred",
    needs=("metric_definitions",),
)
def metric_names_differ(specification: HyperParameterAlgorithmSpecification) -> list[Breach] | None:
    """The names of metrics differ."""
    names = [metric.name for metric in specification.metric_definitions or ()]
    if len(set(names)) == len(names):
        return None
    return [
        Breach(
            "metric_definitions",
            index,
            "name",
            expected="a name not given before",
            got=shown(name),
            hint="rename it, or drop one of the two",
        )
        for index, name in repeated(names)
    ]


@advice("metrics-within-quota", "C105", source="dg/automatic-model-tuning-limits", needs=("metric_definitions",))
def metrics_within_quota(specification: HyperParameterAlgorithmSpecification, quotas: Quotas) -> Breach | None:
    """A tuning job has no more metrics than the account's quota."""
    count = len(specification.metric_definitions or ())
    if count <= quotas.max_metrics:
        return None
    return Breach(
        "metric_definitions",
        expected=f"at most {quotas.max_metrics}, the quota",
        got=f"{count}",
        hint="keep the objective and those you watch",
    )
