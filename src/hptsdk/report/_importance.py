"""Which hyperparameters made the difference, by Optuna's PED-ANOVA."""

from __future__ import annotations

import importlib.util
import math
from typing import TYPE_CHECKING

from hptsdk._extras import importing_optuna
from hptsdk.report._scales import Scale
from hptsdk.report._style import GRID, LINE, MUTED, colour_of
from hptsdk.report._svg import Drawing, cut, length, node, text, with_tip

if TYPE_CHECKING:
    from collections.abc import Mapping
    from xml.etree import ElementTree as ET

    from optuna.distributions import BaseDistribution

    from hptsdk.report._study import Group, Parameter, Row

__all__ = ["FEWEST", "MISSING", "importance_drawing", "importances", "too_few"]

# Fewer training jobs tell nothing of what mattered.
FEWEST = 10

# What is compared with all others: the best tenth, but at least so many, and at most half.
_SHARE, _AT_LEAST = 0.1, 5

MISSING = 'Importance is measured by Optuna, which is not installed: pip install "hptsdk[local]"'

_WIDTH, _ROW = 860, 24


def too_few(group: Group, *, has_ended: bool = False) -> str:
    """Say why nothing can be measured; empty where it can."""
    if importlib.util.find_spec("optuna") is None:
        return MISSING
    values = {row.score for row in group.scored}
    if len(group.scored) < FEWEST:
        there = "there are" if has_ended else "so far there are"
        return f"Importance takes {FEWEST} training jobs with an objective; {there} {len(group.scored)}."
    if len(values) < 2:  # noqa: PLR2004 - one value
        return "Importance can't be measured: all training jobs reached the same objective."
    if not _space(group):
        return "Importance can't be measured: no hyperparameter was tried with more than one value."
    return ""


def importances(group: Group) -> dict[str, float]:
    """Measure how much each hyperparameter had to do with reaching the best values; in all they are 1.

    Nothing is given where too few training jobs tried all of them.
    """
    with importing_optuna():
        import optuna  # takes half a second
        from optuna.importance import PedAnovaImportanceEvaluator, get_param_importances  # likewise
        from optuna.trial import create_trial  # likewise

    space = _space(group)
    names = {name: parameter for parameter in group.parameters if (name := parameter.name) in space}
    level = optuna.logging.get_verbosity()
    # it would tell of each study that is made
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    try:
        study = optuna.create_study(direction="minimize" if group.minimizes else "maximize")
    finally:
        optuna.logging.set_verbosity(level)
    trials = [
        create_trial(value=row.score, params=params, distributions=space)
        for row in group.scored
        if len(params := _params(row, names)) == len(space)
    ]
    if len(trials) < FEWEST:
        return {}
    study.add_trials(trials)
    share = min(0.5, max(_SHARE, _AT_LEAST / len(trials)))
    found = get_param_importances(study, evaluator=PedAnovaImportanceEvaluator(target_quantile=share))
    return {name: value for name, value in found.items() if math.isfinite(value)}


def _params(row: Row, names: Mapping[str, Parameter]) -> dict[str, float | str]:
    """Give what a training job tried; less than all where the service left something out."""
    found: dict[str, float | str] = {}
    for name, parameter in names.items():
        value: float | str | None = row.tried.get(name) if parameter.kind == "category" else row.numbers.get(name)
        if isinstance(value, float) and parameter.kind == "integer":
            value = int(value)
        if isinstance(value, float) and parameter.scaling == "ReverseLogarithmic":
            value = 1 - value
        if value is not None:
            found[name] = value
    return found


def _space(group: Group) -> dict[str, BaseDistribution]:
    """Give the ranges of those that were tried with more than one value."""
    with importing_optuna():
        from optuna.distributions import (  # takes half a second
            CategoricalDistribution,
            FloatDistribution,
            IntDistribution,
        )

    found: dict[str, BaseDistribution] = {}
    for parameter in group.parameters:
        texts = sorted({row.tried[parameter.name] for row in group.scored if parameter.name in row.tried})
        numbers = [row.numbers[parameter.name] for row in group.scored if parameter.name in row.numbers]
        if parameter.kind == "category":
            if len(texts) > 1:
                found[parameter.name] = CategoricalDistribution((*dict.fromkeys((*parameter.choices, *texts)),))
        elif numbers and min(numbers) < max(numbers):
            bounds = [bound for bound in (parameter.low, parameter.high) if bound is not None]
            low, high = min(*numbers, *bounds), max(*numbers, *bounds)
            if not math.isfinite(high - low):
                continue
            if parameter.scaling == "ReverseLogarithmic":
                # what is left to 1 is on a logarithmic scale
                low, high = 1 - high, 1 - low
            is_log = parameter.scaling != "Linear" and (int(low) if parameter.kind == "integer" else low) > 0
            if parameter.kind == "integer":
                found[parameter.name] = IntDistribution(int(low), int(high), log=is_log)
            else:
                found[parameter.name] = FloatDistribution(low, high, log=is_log)
    return found


def importance_drawing(group: Group, index: int) -> Drawing | None:
    """Draw a bar for each hyperparameter, the most important first; None where there is nothing to tell."""
    found = sorted(importances(group).items(), key=lambda item: -item[1])
    if not found:
        return None
    room = min(260.0, max(length(name) for name, _ in found) + 16)
    scale = Scale(low=0.0, high=max(found[0][1], 1e-9))
    wide, bottom = _WIDTH - room - 70, 8 + _ROW * len(found)
    body: list[ET.Element] = []
    for share, label in scale.ticks(6):
        x = room + share * wide
        body.append(node("path", d=f"M{x:.1f} 4V{bottom}", stroke=GRID))
        body.append(text(x, bottom + 15, label, text_anchor="middle", fill=MUTED))
    for number, (name, value) in enumerate(found):
        y = 8 + number * _ROW
        reach = scale.share(value) * wide
        bar = node("rect", x=room, y=y + 3, width=max(1, reach), height=_ROW - 8, fill=colour_of(index), _class="bar")
        body.append(with_tip(bar, f"{name}: {value:.3f}"))
        body.append(text(room - 8, y + 15, name, room=room - 10, text_anchor="end"))
        body.append(text(room + reach + 6, y + 15, f"{value:.2f}", fill=MUTED))
    body.append(node("path", d=f"M{room:.1f} 4V{bottom}", stroke=LINE))
    body.append(text(room + wide / 2, bottom + 32, "Share of the importance", text_anchor="middle", font_weight="600"))
    label = "Importance of hyperparameters: " + ", ".join(f"{cut(name, 200)} {value:.2f}" for name, value in found)
    return Drawing(width=_WIDTH, height=bottom + 42, label=label, body=tuple(body))
