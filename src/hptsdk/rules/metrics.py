"""Rules of metric definitions: that their regular expressions find a number in the log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hptsdk._lazy import lazy_pattern
from hptsdk._showing import shown
from hptsdk.rules._base import Breach, advice, rule
from hptsdk.rules._regexes import reading

if TYPE_CHECKING:
    from hptsdk.rules._base import Quotas
    from hptsdk.shapes import HyperParameterAlgorithmSpecification, MetricDefinition

# The end of a group that takes as little as it can, and what follows a group and need not match anything.
_LAZY_END = lazy_pattern(r"(?<!\\)(?:\\\\)*([*+?])\?\Z")
_NOTHING_NEEDED = lazy_pattern(r"(?:(?:\\[dDsSwW]|\[[^][\\]*\]|[^\\()\[\]{}|^$*+?])[*?][?+]?)*")

# A group of nothing but digits, points, signs and exponents, and in it what takes the first digits.
_NUMBER = lazy_pattern(r"(?:\[(?:[0-9.,+eE-]|\\[d.+-])+\]|\\[d.+-]|\.(?![*+{])|[0-9eE+*?()|:-]|\{\d*,?\d*\})+")
_DIGITS = lazy_pattern(r"\[[^]]*(?:0-9|\\d)[^]]*\]|\\d")
_BETTER = "([-+0-9.eE]+)"


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
        for index, name in enumerate(names)
        if name in names[:index]
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
