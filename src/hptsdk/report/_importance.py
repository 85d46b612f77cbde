"""The importance of hyperparameters, by Optuna's PED-ANOVA."""

from __future__ import annotations

import importlib.util
import math
from typing import TYPE_CHECKING

from hptsdk._extras import importing_optuna
from hptsdk.report._axes import Scale
from hptsdk.report._svg import GRID, LINE, MUTED, Drawing, colour_of, element, text, text_width, truncate, with_tooltip

if TYPE_CHECKING:
    from collections.abc import Mapping
    from xml.etree import ElementTree as ET

    from optuna.distributions import BaseDistribution

    from hptsdk.report._results import Definition, Parameter, Row

__all__ = ["MIN_TRAINING_JOBS", "importance_drawing", "missing_importance"]

# With fewer training jobs the importance is not reliable. Of more than the maximum, a sample is measured, because
# Optuna copies each training job.
MIN_TRAINING_JOBS, _MAX_TRAINING_JOBS = 10, 1_000

# The share of the best training jobs that are compared with the others, and the minimum number of these. At most half
# of the training jobs are counted among the best.
_SHARE, _AT_LEAST = 0.1, 5

_NO_OPTUNA = 'Importance requires Optuna, which is not installed: pip install "hptsdk[local]"'

_WIDTH, _ROW = 860, 24


def missing_importance(definition: Definition, *, has_ended: bool = False) -> str:
    """Return the sentence that explains why the importance cannot be measured; empty text if it can."""
    if importlib.util.find_spec("optuna") is None:
        return _NO_OPTUNA
    scored = definition.scored
    if len(scored) < MIN_TRAINING_JOBS:
        available = f"{len(scored)} available" + ("" if has_ended else " so far")
        return f"Importance requires {MIN_TRAINING_JOBS} training jobs with an objective; {available}."
    if len({row.score for row in scored}) == 1:
        return "Importance can't be measured: all training jobs reached the same objective."
    if not _distributions(definition):
        return "Importance can't be measured: no hyperparameter was tried with more than one value."
    return ""


def _importances(definition: Definition) -> dict[str, float]:
    """Return the importance of each hyperparameter by its name. The sum is 1.

    The importance is the share of a hyperparameter in the difference between the best training jobs and the others. The
    result is empty if too few training jobs have all hyperparameters.

    See https://optuna.readthedocs.io/en/stable/reference/generated/optuna.importance.PedAnovaImportanceEvaluator.html
    """
    with importing_optuna():
        import optuna
        from optuna.importance import PedAnovaImportanceEvaluator, get_param_importances
        from optuna.trial import create_trial

    space = _distributions(definition)
    tuned = {parameter.name: parameter for parameter in definition.parameters if parameter.name in space}
    level = optuna.logging.get_verbosity()
    # Optuna logs each new study
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    try:
        study = optuna.create_study(direction="minimize" if definition.minimizes else "maximize")
    finally:
        optuna.logging.set_verbosity(level)
    trials = [
        create_trial(value=row.score, params=params, distributions=space)
        for row in _sample(definition)
        if len(params := _params(row, tuned)) == len(space)
    ]
    if len(trials) < MIN_TRAINING_JOBS:
        return {}
    study.add_trials(trials)
    share = min(0.5, max(_SHARE, _AT_LEAST / len(trials)))
    importances = get_param_importances(study, evaluator=PedAnovaImportanceEvaluator(target_quantile=share))
    return {name: value for name, value in importances.items() if math.isfinite(value)}


def _sample(definition: Definition) -> list[Row]:
    """Return the training jobs with an objective value: all of a few, evenly distributed ones of many."""
    scored = definition.scored
    count = min(len(scored), _MAX_TRAINING_JOBS)
    return [scored[index * len(scored) // count] for index in range(count)]


def _params(row: Row, parameters: Mapping[str, Parameter]) -> dict[str, float | str]:
    """Return the hyperparameters of a training job for Optuna. Missing values are omitted."""
    params: dict[str, float | str] = {}
    for name, parameter in parameters.items():
        value = row.value_of(parameter)
        if isinstance(value, float) and parameter.kind == "integer":
            value = int(value)
        elif isinstance(value, float) and parameter.scaling == "ReverseLogarithmic":
            value = 1 - value
        if value is not None:
            params[name] = value
    return params


def _distributions(definition: Definition) -> dict[str, BaseDistribution]:
    """Return Optuna's distributions of the hyperparameters with more than one value."""
    distributions = {parameter.name: _distribution(parameter, definition.scored) for parameter in definition.parameters}
    return {name: distribution for name, distribution in distributions.items() if distribution}


def _distribution(parameter: Parameter, rows: list[Row]) -> BaseDistribution | None:
    """Return the distribution of a hyperparameter; None if the training jobs have fewer than two values of it."""
    with importing_optuna():
        from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

    if parameter.kind == "category":
        texts = sorted({row.tuned[parameter.name] for row in rows if parameter.name in row.tuned})
        choices = tuple(dict.fromkeys((*parameter.choices, *texts)))
        return CategoricalDistribution(choices) if len(texts) > 1 else None
    numbers = [row.numbers[parameter.name] for row in rows if parameter.name in row.numbers]
    if not numbers or min(numbers) == max(numbers):
        return None
    bounds = [bound for bound in (parameter.low, parameter.high) if bound is not None]
    low, high = min(*numbers, *bounds), max(*numbers, *bounds)
    if not math.isfinite(high - low):
        return None
    if parameter.scaling == "ReverseLogarithmic":
        # the distance to 1 is on a logarithmic scale
        low, high = 1 - high, 1 - low
    is_log = parameter.scaling != "Linear" and (int(low) if parameter.kind == "integer" else low) > 0
    if parameter.kind == "integer":
        return IntDistribution(int(low), int(high), log=is_log)
    return FloatDistribution(low, high, log=is_log)


def importance_drawing(definition: Definition, index: int) -> Drawing | None:
    """Draw a bar for each hyperparameter, the most important first; None if too few training jobs have all of them."""
    importances = sorted(_importances(definition).items(), key=lambda item: -item[1])
    if not importances:
        return None
    left = min(260.0, max(text_width(name) for name, _ in importances) + 16)
    scale = Scale(low=0.0, high=max(importances[0][1], 1e-9))
    width, bottom = _WIDTH - left - 70, 8 + _ROW * len(importances)
    body: list[ET.Element] = []
    for share, label in scale.ticks(6):
        x = left + share * width
        body.append(element("path", d=f"M{x:.1f} 4V{bottom}", stroke=GRID))
        body.append(text(x, bottom + 15, label, text_anchor="middle", fill=MUTED))
    for row, (name, value) in enumerate(importances):
        y, end = 8 + row * _ROW, scale.share(value) * width
        bar = element("rect", x=left, y=y + 3, width=max(1, end), height=_ROW - 8, fill=colour_of(index), _class="bar")
        body.append(with_tooltip(bar, f"{name}: {value:.3f}"))
        body.append(text(left - 8, y + 15, name, width=left - 10, text_anchor="end"))
        body.append(text(left + end + 6, y + 15, f"{value:.2f}", fill=MUTED))
    title, middle = "Share of the importance", left + width / 2
    if (measured := len(_sample(definition))) < (count := len(definition.scored)):
        title += f", measured with {measured} of {count} training jobs"
    body.append(element("path", d=f"M{left:.1f} 4V{bottom}", stroke=LINE))
    body.append(text(middle, bottom + 32, title, text_anchor="middle", font_weight="600"))
    values = ", ".join(f"{truncate(name, 200)} {value:.2f}" for name, value in importances)
    return Drawing(_WIDTH, bottom + 42, f"Importance of hyperparameters: {values}", tuple(body))
