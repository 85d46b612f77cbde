"""Draw functions for the algorithm: an image or an algorithm resource, and the metrics of a custom image."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import attrs

from hptsdk.rules.facts.accounts import algorithm_of, is_custom_image
from hptsdk.testing.strategies._algorithms import image_of, is_tunable_by_grid, names, regions_with
from hptsdk.testing.strategies._draft import draws
from hptsdk.testing.strategies._keys import repeat_distinct
from hptsdk.testing.strategies._profile import ALGORITHM_SHARES, CUSTOM, OTHER_METRICS, RESOURCE
from hptsdk.testing.strategies._shares import Shares
from hptsdk.testing.strategies._values import METRICS

if TYPE_CHECKING:
    from hptsdk.shapes import (
        HyperParameterAlgorithmSpecification as Specification,
        HyperParameterTrainingJobDefinition as Definition,
        MetricDefinition,
    )
    from hptsdk.testing.strategies._draft import Draft

__all__ = ["algorithm_of_definition", "algorithm_of_specification", "draw_algorithm"]

_CUSTOM_IMAGE = "123456789012.dkr.ecr.us-east-1.amazonaws.com/mine:1"
_XGBOOST_IMAGE = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1"
_MARKETPLACE_ALGORITHM = "arn:aws:sagemaker:us-east-1:865070037744:algorithm/theirs"

# Regular expressions with a group, the shortest and the longest among them.
_REGEXES = ("()", "loss=([-+0-9.eE]+);", r"rmse: (\S+)", r"(?i)auc=(?P<value>\d+\.\d+)", r"\[(.*)\]", "a" * 498 + "()")
_MAX_OTHER_METRICS = 3
_ALGORITHMS = Shares.of(ALGORITHM_SHARES)
_METRIC_REGEXES = {name: regex for name, _, regex in METRICS}

_IMAGE, _ALGORITHM, _METRICS = "training_image", "algorithm_name", "metric_definitions"


@draws("MetricDefinition")
def metric(draft: Draft) -> None:
    """Draw a regular expression with a group."""
    if draft.extreme:
        draft.choose("regex", _REGEXES, always=True)
        return
    if draft.is_unset("name"):
        draft.set("name", draft.choice(tuple(_METRIC_REGEXES)))
    if draft.is_unset("regex"):
        draft.set("regex", _regex_for(draft["name"]))


def _regex_for(name: str) -> str:
    """Return a regular expression that reads a metric; for an unknown one, the value after its name."""
    return _METRIC_REGEXES.get(name) or f"{re.escape(name)[:400]}=([-+0-9.eE]+)"


@draws("HyperParameterAlgorithmSpecification")
def specification(draft: Draft) -> None:
    """Draw an image or an algorithm, and metrics for a custom image."""
    # drawn for any algorithm, so that the simplest one has the fewest choices
    has_others = not draft.extreme and draft.chance(OTHER_METRICS)
    is_plausible = not draft.extreme or draft.context.algorithm is not None
    if is_plausible and not (draft.is_fixed(_IMAGE) or draft.is_fixed(_ALGORITHM)):
        _draw_plausible_algorithm(draft)
    elif draft[_IMAGE]:
        draft.omit(_ALGORITHM)
    elif (origin := _origin(draft)) != "image":
        draft.require(_ALGORITHM)
        if origin == "Marketplace":
            draft.set(_ALGORITHM, _MARKETPLACE_ALGORITHM)
        draft.choose(_IMAGE, (None, ""))
    else:
        draft.omit(_ALGORITHM)
        _draw_image(draft)
    _draw_metrics(draft, has_others=has_others)


def _draw_plausible_algorithm(draft: Draft) -> None:
    algorithm = CUSTOM if draft[_METRICS] else draft.context.algorithm or draw_algorithm(draft)
    if algorithm == RESOURCE:
        draft.omit(_IMAGE, _METRICS)
        draft.require(_ALGORITHM)
        return
    draft.omit(_ALGORITHM)
    if algorithm == CUSTOM:
        draft.require(_IMAGE)
    else:
        draft.set(_IMAGE, image_of(algorithm, draft.context.region))


def draw_algorithm(draft: Draft) -> str:
    """Draw a custom image, a first-party algorithm of the region, or an algorithm resource."""
    kind: str = draft.weighted(_ALGORITHMS)
    if kind in {CUSTOM, RESOURCE}:
        return kind
    context = draft.context
    return draft.choice(
        [
            name
            for name in names()
            if context.region in regions_with(name) and (context.strategy != "Grid" or is_tunable_by_grid(name))
        ]
    )


def algorithm_of_definition(definition: Definition) -> str:
    """Return the algorithm of a definition, as `draw_algorithm` draws it."""
    return algorithm_of_specification(definition.algorithm_specification)


def algorithm_of_specification(specification: Specification) -> str:
    """Return the algorithm of a specification, likewise."""
    image = specification.training_image
    if not image:
        return RESOURCE
    name = algorithm_of(image)
    return name if name in names() else CUSTOM


def _origin(draft: Draft) -> str:
    """Draw where the algorithm is from; an algorithm of the account is the simplest."""
    if draft[_ALGORITHM]:
        return "account"
    if not draft.is_unset(_ALGORITHM):
        return "image"
    origins = ("account", "Marketplace") if draft.context.allows_marketplace else ("account",)
    origin: str = draft.choice((*origins, "image") if draft.is_unset(_IMAGE) else origins)
    return origin


def _draw_image(draft: Draft) -> None:
    if draft.is_unset(_IMAGE):
        allows_metrics = draft.is_unset(_METRICS) or bool(draft[_METRICS])
        # None is for any text that the constraints allow
        images = (_CUSTOM_IMAGE, _XGBOOST_IMAGE, None, None, None, None) if allows_metrics else (_XGBOOST_IMAGE,)
        image = draft.choice(images)
        draft.set(_IMAGE, image) if image else draft.require(_IMAGE)
    if not draft[_IMAGE]:
        draft.set(_IMAGE, _CUSTOM_IMAGE)


def _draw_metrics(draft: Draft, *, has_others: bool) -> None:
    """Draw metrics with different names; one of them is the metric of the objective."""
    is_required = bool(draft[_IMAGE]) and is_custom_image(draft[_IMAGE])
    if not draft.extreme and draft.is_unset(_METRICS):
        draft.set(_METRICS, _plausible_metrics(draft, has_others=has_others) if is_required else None)
    if not draft.is_unset(_METRICS) or not (is_required or draft.includes(_METRICS)):
        return
    metrics = draft.items(_METRICS) or ((draft.item(_METRICS),) if is_required else ())
    name = draft.context.metric
    if name is not None and metrics and all(metric.name != name for metric in metrics):
        metrics = (attrs.evolve(metrics[0], name=name), *repeat_distinct(metrics[1:], len(metrics) - 1, [name]))
    draft.set(_METRICS, metrics)


def _plausible_metrics(draft: Draft, *, has_others: bool) -> tuple[MetricDefinition, ...]:
    """Draw the objective metric, and others if there are any."""
    metrics = [draft.item(_METRICS, {"name": draft.context.metric} if draft.context.metric else {})]
    if has_others:
        others = [name for name in _METRIC_REGEXES if name != metrics[0].name]
        metrics += [draft.item(_METRICS, {"name": name}) for name in draft.several(others, _MAX_OTHER_METRICS)]
    return tuple(metrics)
