"""Rules of metrics: their regular expressions, names and number, and the direction that a name implies.

`objectives` has those of the objective, and `algorithm_objectives` those that use the facts about an algorithm.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from hptsdk._validation import Problem, advice, format_value, rule
from hptsdk.rules import duplicates

if TYPE_CHECKING:
    from hptsdk.advice import Quotas
    from hptsdk.rules.facts.regexes import RegexAnalysis
    from hptsdk.shapes import HyperParameterAlgorithmSpecification, HyperParameterTuningJobObjective, MetricDefinition

# A lazy quantifier at the end of a group, and a text after the group that can match nothing.
_LAZY_END = r"(?<!\\)(?:\\\\)*([*+?])\?\Z"
_OPTIONAL = r"(?:(?:\\[dDsSwW]|\[[^][\\]*\]|[^\\()\[\]{}|^$*+?])[*?][?+]?)*"

# A group that matches every number.
BETTER_GROUP = "([-+0-9.eE]+)"

# An escaped backslash before the letter of a class, which is not the beginning of a word such as in C:\\data.
_ESCAPED_CLASS = r"(?<!\\)(?:\\\\)+([dDsSwW])(?=[+*?{)\]\\]|\Z)"

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


@lru_cache(maxsize=2048)
def analysis_of(regex: str) -> RegexAnalysis:
    """Analyze a regular expression once."""
    from hptsdk.rules.facts.regexes import analyze_regex

    return analyze_regex(regex)


@rule("metric-regex-compiles", "C102", source="API_MetricDefinition", basis="inferred")
def metric_regex_compiles(metric: MetricDefinition) -> Problem | None:
    """The Regex of a metric is a valid regular expression.

    The API model accepts any text. The engine of the service is not documented, so an expression is reported only
    if no common engine accepts it. Without a valid expression the metric has no values.

    Example:
        `Regex` "loss=(".
    """
    error = analysis_of(metric.regex).error
    if not error:
        return None
    verb = "close it" if error.endswith("not closed") else "correct it"
    return Problem(
        "regex",
        expected="a regular expression",
        got=f"{format_value(metric.regex)}, with {error}",
        hint=f"{verb}, or put a backslash before a literal special character",
    )


@rule("metric-regex-has-a-group", "C101", source="dg/automatic-model-tuning-define-metrics-variables")
def metric_regex_has_a_group(metric: MetricDefinition) -> Problem | None:
    """The Regex of a metric has a group that captures the value.

    SageMaker applies the expression to the log and uses the text of the first group as the value. Without a
    group the metric has no values.

    Example:
        `Regex` "loss=[0-9.]+".
    """
    if analysis_of(metric.regex).captures is not False:
        return None
    return Problem(
        "regex",
        expected="a group that captures the value",
        got=format_value(metric.regex),
        hint=f"put parentheses around the number, as in 'loss={BETTER_GROUP}'",
    )


@advice("metric-group-takes-the-value", "C103", source="aws/sagemaker-python-sdk#3932", basis="observed")
def metric_group_takes_the_value(metric: MetricDefinition) -> Problem | None:
    """A group that ends in a lazy quantifier is followed by a pattern that ends the value.

    A lazy quantifier matches as little as possible. Without a pattern after it, it matches no character or one, so
    the value is empty or incomplete. The service accepts the request. With an empty value the tuning job has no
    objective metric.

    Example:
        `Regex` "F1=(.*?)".
    """
    group = analysis_of(metric.regex).first_group
    lazy = re.search(_LAZY_END, group.content) if group is not None else None
    if group is None or lazy is None or not re.fullmatch(_OPTIONAL, group.rest):
        return None
    return Problem(
        "regex",
        expected="a group that matches the whole value",
        got=f"{format_value(metric.regex)}, in which {lazy[1]}? matches "
        + ("one character" if lazy[1] == "+" else "nothing"),
        hint=f"use {BETTER_GROUP}, or add the text that follows the value",
    )


@advice("metric-regex-without-escaped-backslash", source="aws/sagemaker-python-sdk#3932", basis="inferred")
def metric_regex_without_escaped_backslash(metric: MetricDefinition) -> Problem | None:
    r"""A class such as \S or \d in the Regex of a metric has one backslash.

    With two, the expression matches a backslash and the letter, which a log rarely contains, so the metric
    usually has no values. The second one comes from JSON or from a Python string, where it is an escape.

    Example:
        `Regex` "loss=(\\\\S+)" in JSON, which is loss=(\\S+).
    """
    match = re.search(_ESCAPED_CLASS, metric.regex)
    if match is None:
        return None
    return Problem(
        "regex",
        expected=f"one backslash before {match[1]}",
        got=f"{len(match[0]) - 1}",
        hint=f"keep one, and write \\\\{match[1]} only where \\ is an escape, as in JSON",
    )


@advice("objective-type-fits-the-metric", source="dg/automatic-model-tuning-define-metrics-variables", basis="inferred")
def objective_type_fits_the_metric(objective: HyperParameterTuningJobObjective) -> Problem | None:
    """An objective metric is optimized in the direction that its name implies.

    With the wrong direction the tuning job runs to its end and selects the worst training job. Only names with
    a known word, such as accuracy or loss, are reported; names such as neg_loss, which reverse its meaning, are
    not.

    Example:
        `MetricName` "validation:accuracy", `Type` "Minimize".
    """
    words = words_of(objective.metric_name)
    known = [word for word in words if word in _DIRECTIONS]
    directions = {_DIRECTIONS[word] for word in known}
    if not known or objective.type in directions:
        return None
    if objective.metric_name.startswith("-") or not _REVERSING.isdisjoint(words):
        return None
    direction = directions.pop()
    reason = f"{_IMPROVES[direction]} values of {known[0]} are better"
    return Problem(
        "type",
        expected=f"{direction} for {format_value(objective.metric_name)}, because {reason}",
        got=objective.type,
        hint=f"use {direction}",
    )


@lru_cache(maxsize=512)
def words_of(metric: str) -> tuple[str, ...]:
    """Return the words of the name of a metric, in lower case.

    Args:
        metric: a name, such as "validation:loss" or "validationLoss".

    Example:
        >>> words_of("validationLoss")
        ('validation', 'loss')
    """
    return tuple(word.lower() for whole in re.findall(_WORDS, metric) for word in _parts_of(whole))


def _parts_of(word: str) -> list[str]:
    """Split a word such as validationLoss; mAP is one part."""
    return [word] if word.lower() in _DIRECTIONS else re.findall(_PARTS, word)


@advice(
    "metric-names-differ",
    "C104",
    source="API_HyperParameterAlgorithmSpecification",
    basis="inferred",
    needs=("metric_definitions",),
)
def metric_names_differ(specification: HyperParameterAlgorithmSpecification) -> list[Problem] | None:
    """The names of MetricDefinitions differ.

    Objectives and results refer to a metric by its name, so a name that occurs twice is ambiguous. Notebooks of
    AWS send repeated names, so this is advice.
    """
    names = [metric.name for metric in specification.metric_definitions or ()]
    return duplicates(names, "metric_definitions", "name", hint="rename or remove one of the two")


@advice(
    "metric-matches-its-own-line",
    source="dg/automatic-model-tuning-define-metrics-variables",
    basis="inferred",
    needs=("metric_definitions",),
)
def metric_matches_its_own_line(specification: HyperParameterAlgorithmSpecification) -> list[Problem] | None:
    """The Regex of a metric does not match the value of another metric.

    A regular expression is searched for anywhere in a line, so "loss: " also matches in "val_loss: " and reads
    the value of the other metric. Only expressions with plain text before the group are compared.

    Example:
        `MetricDefinitions` with the `Regex` "loss: (.+)" and "val_loss: (.+)".
    """
    metrics = specification.metric_definitions or ()
    if len(metrics) <= 1:
        return None
    texts = [_text_before_the_value(metric.regex) for metric in metrics]
    # a text at the end of another one is next to it if both are sorted from their ends
    ordered = sorted({text[0][::-1] for text in texts if text is not None})
    if not any(longer.startswith(shorter) for shorter, longer in pairwise(ordered)):
        return None
    return [
        Problem(
            "metric_definitions",
            index,
            "regex",
            expected="a regular expression that matches only this metric",
            got=f"{format_value(metric.regex)}, which also matches values of {format_value(other.name)}, "
            f"whose Regex is {format_value(other.regex)}",
            hint="begin it with more of the line, or with ^ or (?<![A-Za-z_])",
        )
        for index, (metric, text) in enumerate(zip(metrics, texts, strict=True))
        if text is not None
        and (other := next((o for o, t in zip(metrics, texts, strict=True) if _contains(t, text)), None)) is not None
    ]


def _contains(other: tuple[str, str] | None, text: tuple[str, str]) -> bool:
    """Check whether another text ends with this one; a pattern after the group, if any, must be that of the other."""
    if other is None or other[0] == text[0] or not other[0].endswith(text[0]):
        return False
    return not text[1] or text[1] == other[1]


@lru_cache(maxsize=2048)
def _text_before_the_value(regex: str) -> tuple[str, str] | None:
    """Return the plain text before the group and what must follow it, or None. The text begins with a letter or _."""
    group = analysis_of(regex).first_group
    if group is None:
        return None
    before = regex[: len(regex) - len(group.content) - len(group.rest) - 2].removeprefix(".*")
    is_plain = re.fullmatch(r"(?:[^][\\(){}|^$*+?.]|\\[^\w])+", before)
    rest = "" if re.fullmatch(_OPTIONAL, group.rest) else group.rest
    return (re.sub(r"\\(.)", r"\1", before), rest) if is_plain and re.match(r"[^\W\d]", before) else None


@advice("metrics-within-quota", "C105", source="dg/automatic-model-tuning-limits", needs=("metric_definitions",))
def metrics_within_quota(specification: HyperParameterAlgorithmSpecification, quotas: Quotas) -> Problem | None:
    """A definition has at most as many MetricDefinitions as the quota of the account allows, by default 20.

    The page of quotas states 20, but the API reference and another page state 40. The service rejects a request
    above the quota. Pass the quotas of your account to `advise` as `quotas`.
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
    metric_regex_without_escaped_backslash,
)
OBJECTIVE = (objective_type_fits_the_metric,)
SPECIFICATION = (metric_names_differ, metric_matches_its_own_line, metrics_within_quota)
