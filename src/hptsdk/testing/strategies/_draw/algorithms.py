"""Algorithms for plausible requests: their images, metrics, hyperparameters, ranges, channels and instances.

Those of built-in algorithms are derived from the facts of `hptsdk.schema.algorithms()`.
"""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from functools import cache
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, NamedTuple

import hptsdk
from hptsdk import schema
from hptsdk.rules.facts.accounts import account_for, dns_suffix
from hptsdk.testing.strategies._draw.profile import CATEGORIES, CONTINUOUS, INTEGERS, METRICS, STATIC_VALUES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from hptsdk.schema import Algorithm, Hyperparameter


_KINDS = ("Continuous", "Integer", "Categorical")


class _Tunable(NamedTuple):
    """A range of a hyperparameter, and the list that it belongs to; a hyperparameter may have several."""

    name: str
    member: str
    document: dict[str, Any]


@cache
def names() -> tuple[str, ...]:
    """Return the names of the built-in algorithms that can be tuned and have an image of their own."""
    return tuple(facts.name for facts in schema.algorithms() if facts.tunable and facts.repositories)


@cache
def _facts() -> Mapping[str | None, Algorithm]:
    return {facts.name: facts for facts in schema.algorithms()}


def facts_of(algorithm: str | None) -> Algorithm | None:
    """Return the facts about a built-in algorithm; None for any other algorithm."""
    return _facts().get(algorithm)


CUSTOM_IMAGE = "123456789012.dkr.ecr.us-east-1.amazonaws.com/mine:1"
XGBOOST_IMAGE = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1"
MARKETPLACE_ALGORITHM = "arn:aws:sagemaker:us-east-1:865070037744:algorithm/theirs"


@cache
def image_of(algorithm: str, region: str) -> str:
    """Return the image of a built-in algorithm in a region that has it."""
    repository = _facts()[algorithm].repositories[0]
    # the tag of the images of XGBoost is the version of XGBoost
    tag = "1.7-1" if repository == "sagemaker-xgboost" else "1"
    return f"{account_for(repository, region)}.dkr.ecr.{region}.{dns_suffix(region)}/{repository}:{tag}"


def is_in_region(algorithm: str | None, region: str) -> bool:
    facts = facts_of(algorithm)
    return facts is None or account_for(facts.repositories[0], region) is not None


def regex_of(metric: str) -> str:
    """Return a regular expression that reads a metric of a custom image."""
    known = {name: regex for name, _, regex in METRICS}
    return known.get(metric) or f"{re.escape(metric)[:400]}=([-+0-9.eE]+)"


@cache
def metrics_of(algorithm: str | None) -> Mapping[str, str]:
    """Return the metrics that an algorithm or a custom image can have as the objective, with their types."""
    facts = facts_of(algorithm)
    if facts is None:
        return {name: direction for name, direction, _ in METRICS}
    possible = (
        metric for metric in facts.metrics.values() if metric.objective and metric.channel in {None, *facts.channels}
    )
    # metrics of the validation data come first, because they are the usual ones
    return {
        metric.name: metric.direction
        for metric in sorted(possible, key=lambda metric: not metric.name.startswith("validation"))
    }


@cache
def static_of(algorithm: str, metric: str | None) -> Mapping[str, str]:
    """Return the static hyperparameters that a built-in algorithm needs to train and to emit a metric."""
    facts = _facts()[algorithm]
    values = {name: _value(fact) for name, fact in facts.hyperparameters.items() if fact.required}
    if metric is not None and metric in facts.metrics:
        conditions = facts.metrics[metric].only_if
        values |= {name: _match(facts.hyperparameters[name], texts) for name, texts in conditions.items()}
    for name, fact in facts.required.items():
        if name not in values and any(values.get(other) in texts for other, texts in fact.required_if.items()):
            values[name] = _value(fact)
    return values


def _value(fact: Hyperparameter) -> str:
    """Return a value of a hyperparameter that people use."""
    return STATIC_VALUES.get(fact.name) or next(iter(fact.values), fact.default or fact.min or "1")


def _match(fact: Hyperparameter, patterns: Iterable[str]) -> str:
    """Return a value of a hyperparameter that matches one of the patterns."""
    values = (value for pattern in patterns for value in fact.values if fnmatchcase(value, pattern))
    return next(values, next(iter(patterns)).replace("*", ""))


@cache
def tunables_of(algorithm: str | None, metric: str | None = None, *, is_grid: bool = False) -> Sequence[_Tunable]:
    """Return the ranges that hyperparameters can have; for a grid, the categorical ones."""
    facts = facts_of(algorithm)
    tunables = _own_tunables() if facts is None else _tunables(facts, metric)
    kinds = ([tunable for tunable in tunables if tunable.member == f"{kind}ParameterRanges"] for kind in _KINDS)
    continuous, integers, categories = kinds
    # Each third range is a categorical one, those with the fewest values first: the range at an index is of the same
    # kind for most algorithms, so that Hypothesis can replace the algorithm.
    categories.sort(key=lambda tunable: len(tunable.document["Values"]))
    numbers = _interleaved(continuous, integers)
    return categories if is_grid else _interleaved(numbers[::2], numbers[1::2], categories)


def _interleaved(*lists: list[_Tunable]) -> list[_Tunable]:
    """Return the first item of each list, then the second ones, and so on."""
    return [item for turn in zip_longest(*lists) for item in turn if item is not None]


def _own_tunables() -> list[_Tunable]:
    """Return the ranges of hyperparameters of custom images."""
    names = ("Name", "MinValue", "MaxValue", "ScalingType")
    ranges: list[tuple[str, dict[str, Any]]] = [
        (f"{kind}ParameterRanges", {name: value for name, value in zip(names, row, strict=True) if value is not None})
        for kind, table in (("Continuous", CONTINUOUS), ("Integer", INTEGERS))
        for row in table
    ]
    ranges += [("CategoricalParameterRanges", {"Name": name, "Values": values.split()}) for name, values in CATEGORIES]
    return [_Tunable(document["Name"], member, document) for member, document in ranges]


def _tunables(facts: Algorithm, metric: str | None) -> list[_Tunable]:
    """Return the recommended ranges that have an effect, without static hyperparameters on which others depend."""
    static = static_of(facts.name, metric)
    ranges = hptsdk.to_wire(hptsdk.default_ranges(facts.name))
    return [
        _Tunable(item["Name"], f"{kind}ParameterRanges", item)
        for kind in _KINDS
        for item in ranges.get(f"{kind}ParameterRanges", ())
        if _has_effect(facts, facts.tunable[item["Name"]], static)
        and (item["Name"] not in static or _is_independent(facts, item["Name"], metric))
    ]


def _is_independent(facts: Algorithm, name: str, metric: str | None) -> bool:
    """Check whether neither the metric nor another hyperparameter depends on the value of a hyperparameter."""
    conditions = [fact.only_if for fact in facts.hyperparameters.values()]
    conditions += [facts.metrics[metric].only_if] if metric is not None and metric in facts.metrics else []
    return all(name not in condition for condition in conditions)


def _has_effect(facts: Algorithm, fact: Hyperparameter, static: Mapping[str, str]) -> bool:
    """Check whether a hyperparameter has an effect with the static and default values of the others."""
    return all(
        any(fnmatchcase(static.get(name) or facts.hyperparameters[name].default or "", pattern) for pattern in patterns)
        for name, patterns in fact.only_if.items()
    )


@cache
def is_tunable_by_grid(algorithm: str) -> bool:
    """Check whether an algorithm has a categorical range, which a grid needs."""
    return any(tunables_of(algorithm, metric, is_grid=True) for metric in metrics_of(algorithm))


@cache
def channels_of(algorithm: str, metric: str | None) -> Mapping[str, str | None]:
    """Return the channels that a built-in algorithm needs to train and to emit a metric, with content types."""
    facts = _facts()[algorithm]
    content_type = _content_type(facts)
    needed = set[str | None]()
    if metric is not None and metric in facts.metrics:
        needed.add(facts.metrics[metric].channel)
    return {
        name: next(iter(channel.content_types), content_type)
        for name, channel in facts.channels.items()
        if channel.required or name in needed or content_type in channel.required_for
    }


def _content_type(facts: Algorithm) -> str | None:
    """Return a content type that the algorithm reads in File mode, text/csv if it does."""
    readable = [name for name, fact in facts.content_types.items() if "File" in (fact.input_modes or ("File",))]
    return "text/csv" if "text/csv" in readable else next(iter(readable), None)
