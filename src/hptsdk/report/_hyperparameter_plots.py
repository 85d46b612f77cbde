"""The plots of hyperparameters: their importance by Optuna's PED-ANOVA, slices, and parallel coordinates."""

from __future__ import annotations

import importlib.util
import math
import zlib
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from hptsdk._extras import importing_optuna
from hptsdk.report._axes import Frame, Scale, parameter_scale
from hptsdk.report._results import best_first
from hptsdk.report._svg import (
    ACCENT,
    GRID,
    LINE,
    MUTED,
    WIDTH,
    Drawing,
    colour_of,
    colour_scale,
    element,
    mark,
    text,
    text_width,
    truncate,
    with_tooltip,
)
from hptsdk.report._time_plots import MANY, objective_scale, tooltip, training_job_mark

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from xml.etree import ElementTree as ET

    from optuna.distributions import BaseDistribution

    from hptsdk.report._results import Definition, JobResults, Parameter, Row

# With fewer training jobs the importance is not reliable.
_MIN_TRAINING_JOBS = 10

# The fraction of training jobs that are counted among the best, which are compared with the others, and their minimum
# number. At most half of the training jobs are counted among the best.
_BEST_FRACTION, _MIN_BEST = 0.1, 5

# Optuna cannot count integers of more than 64 bits, and larger integers than this one are not exact as floats.
_MAX_INTEGER = 2**53

# The height of a bar of the importance.
_ROW = 24

_HEIGHT, _TOP, _BOTTOM = 330, 46, 310
_STEP, _LEFT, _RIGHT = 112, 70.0, 90.0

# The axis of the objective is a bar with the colours, in this number of pieces.
_BAR, _PIECES = 12, 40

# The maximum numbers of ticks and of categories, and the font size of labels.
_TICKS, _CATEGORIES, _FONT_SIZE = 7, 18, 10.5

_PANEL_WIDTH, _PANEL_HEIGHT = 286, 230
_SMALL, _LARGE = 2.4, 3.4

# The maximum distance of a mark from the middle of its category, as a fraction of the category's part of the axis.
_MAX_JITTER = 0.3


def _importances(definition: Definition, *, has_ended: bool) -> dict[str, float] | str:
    """Return the share of each hyperparameter in the difference between the best training jobs and the others.

    If it cannot be measured, return the sentence that explains why. See
    https://optuna.readthedocs.io/en/stable/reference/generated/optuna.importance.PedAnovaImportanceEvaluator.html
    """
    if importlib.util.find_spec("optuna") is None:
        return 'Importance requires Optuna, which is not installed: pip install "hptsdk[local]"'
    if (count := len(definition.scored)) < _MIN_TRAINING_JOBS:
        available = f"{count} available" + ("" if has_ended else " so far")
        return f"Importance requires {_MIN_TRAINING_JOBS} training jobs with an objective value; {available}."
    if len({row.score for row in definition.scored}) == 1:
        return "Importance cannot be measured: all training jobs have the same objective value."
    with importing_optuna():
        import optuna
        from optuna.importance import PedAnovaImportanceEvaluator, get_param_importances

    tried = {
        parameter.name: _distribution(parameter, values)
        for parameter, values in definition.tried_values
        if len({*values.values()}) > 1
    }
    if not tried:
        return "Importance cannot be measured: no hyperparameter was tried with more than one value."
    level = optuna.logging.get_verbosity()
    # Optuna logs each new study
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    try:
        study = optuna.create_study(direction="minimize" if definition.minimizes else "maximize")
    finally:
        optuna.logging.set_verbosity(level)
    distributions = {name: distribution for name, (distribution, _) in tried.items()}
    trials = [
        optuna.create_trial(
            value=row.score,
            params={name: values[row] for name, (_, values) in tried.items()},
            distributions=distributions,
        )
        for row in definition.sample
        if all(row in values for _, values in tried.values())
    ]
    if len(trials) < _MIN_TRAINING_JOBS:
        return (
            f"Importance requires {_MIN_TRAINING_JOBS} training jobs with all hyperparameters; {len(trials)} available."
        )
    study.add_trials(trials)
    evaluator = PedAnovaImportanceEvaluator(target_quantile=min(0.5, max(_BEST_FRACTION, _MIN_BEST / len(trials))))
    importances = get_param_importances(study, evaluator=evaluator)
    finite = {name: value for name, value in importances.items() if math.isfinite(value)}
    return finite or "Importance cannot be measured: Optuna returned no finite number."


def _distribution(
    parameter: Parameter, values: Mapping[Row, str | float]
) -> tuple[BaseDistribution, Mapping[Row, str | float]]:
    """Return Optuna's distribution of a hyperparameter, on the scale of its axis, with the values on this scale."""
    from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

    scale = parameter_scale(parameter, values.values())
    if scale.categories:
        return CategoricalDistribution(scale.categories), values
    if parameter.kind != "integer" or max(abs(scale.low), abs(scale.high)) > _MAX_INTEGER:
        return FloatDistribution(0, 1), {row: scale.fraction(value) for row, value in values.items()}
    low, high = int(scale.low), int(scale.high)
    is_log = scale.scaling == "Logarithmic" and low > 0
    # a value without a logarithm is outside the scale
    integers = {row: min(high, max(low, int(value))) for row, value in values.items()}
    return IntDistribution(low, high, log=is_log), integers


def importance_drawing(definition: Definition, *, has_ended: bool) -> Drawing | str:
    """Draw a bar for each hyperparameter, the most important first.

    If the importance cannot be measured, return the sentence that explains why.
    """
    measured = _importances(definition, has_ended=has_ended)
    if isinstance(measured, str):
        return measured
    importances = sorted(measured.items(), key=lambda item: -item[1])
    left = min(260.0, max(text_width(name) for name, _ in importances) + 16)
    scale = Scale(low=0.0, high=max(importances[0][1], 1e-9))
    width, bottom = WIDTH - left - 70, 8 + _ROW * len(importances)
    body: list[ET.Element] = []
    colour = colour_of(definition.index)
    for fraction, label in scale.ticks(6):
        x = left + fraction * width
        body.append(element("path", d=f"M{x:.1f} 4V{bottom}", stroke=GRID))
        body.append(text(x, bottom + 15, label, text_anchor="middle", fill=MUTED))
    for row, (name, value) in enumerate(importances):
        y, end = 8 + row * _ROW, scale.fraction(value) * width
        bar = element("rect", x=left, y=y + 3, width=max(1, end), height=_ROW - 8, fill=colour, _class="bar")
        body.append(with_tooltip(bar, f"{name}: {value:.3f}"))
        body.append(text(left - 8, y + 15, name, width=left - 10, text_anchor="end"))
        body.append(text(left + end + 6, y + 15, f"{value:.2f}", fill=MUTED))
    title, middle = "Share of the importance", left + width / 2
    if (sampled := len(definition.sample)) < (count := len(definition.scored)):
        title += f", measured with {sampled} of {count} training jobs"
    body.append(element("path", d=f"M{left:.1f} 4V{bottom}", stroke=LINE))
    body.append(text(middle, bottom + 32, title, text_anchor="middle", font_weight="600"))
    values = ", ".join(f"{truncate(name, 200)} {value:.2f}" for name, value in importances)
    return Drawing(WIDTH, bottom + 42, f"Importance of hyperparameters: {values}", tuple(body))


def _objective_scales(results: JobResults) -> dict[tuple[str, bool], Scale]:
    """Return the scale of each objective by its metric and whether it is minimized."""
    return {definitions[0].objective: objective_scale(definitions) for definitions in results.by_objective}


def parallel_drawings(results: JobResults) -> list[tuple[Definition, list[Drawing]]]:
    """Draw a plot for each definition with a training job that has hyperparameters and an objective value."""
    scales = _objective_scales(results)
    return [
        (definition, [_parallel_drawing(definition, scales[definition.objective])])
        for definition in results.definitions
        if any(row.tuned for row in definition.scored)
    ]


def _parallel_drawing(definition: Definition, y: Scale) -> Drawing:
    """Draw the training jobs of a definition, with the scale of its objective."""
    rows = definition.scored
    columns = definition.tried_values
    width = max(WIDTH, _STEP * (len(columns) + 1))
    ticks = y.ticks(_TICKS)
    right = width - max(_RIGHT, _BAR + 12 + max((text_width(label, _FONT_SIZE) for _, label in ticks), default=0))
    step = (right - _LEFT) / len(columns) if columns else 0
    axes: list[ET.Element] = []
    fractions: list[dict[Row, float]] = []
    for index, (parameter, values) in enumerate(columns):
        scale = parameter_scale(parameter, values.values())
        fractions.append({row: scale.fraction(value) for row, value in values.items()})
        axes.append(_axis(_LEFT + index * step, f"{parameter.name}{scale.suffix}", scale, step))
    regret = {row: _regret(definition, y.fraction(row.score or 0.0)) for row in rows}
    colour = _colours(regret.values())
    lines: list[ET.Element] = []
    # the best ones are drawn last, above the others
    for row in sorted(rows, key=lambda row: regret[row], reverse=True):
        path = _path([*(by_row.get(row) for by_row in fractions), y.fraction(row.score or 0.0)], step)
        lines.append(with_tooltip(element("path", d=path, stroke=colour(regret[row])), tooltip(row)))
    stroke = {"stroke_width": 1, "stroke_opacity": 0.6} if len(rows) > MANY else {"stroke_width": 1.6}
    body = [element("g", *lines, fill="none", _class="jobs", **stroke), *axes, *_bar(definition, y, right, colour)]
    x = right + _BAR + 5
    body += [text(x, _at(fraction) + 3.5, label, size=_FONT_SIZE, fill=MUTED) for fraction, label in ticks]
    label = f"Hyperparameters and {definition.metric} of {len(rows)} training jobs; dark lines are the best"
    return Drawing(width=width, height=_HEIGHT, label=label, body=tuple(body))


def _at(fraction: float) -> float:
    """Return the vertical position in pixels of a fraction of an axis, from 0 at the bottom to 1 at the top."""
    return _BOTTOM - fraction * (_BOTTOM - _TOP)


def _regret(definition: Definition, fraction: float) -> float:
    """Return the distance of a position on the objective axis from its better end: 0 for the best, 1 for the worst."""
    return fraction if definition.minimizes else 1 - fraction


def _colours(regret: Iterable[float]) -> Callable[[float], str]:
    """Create the function that returns the colour for a regret from 0 to 1.

    The colour depends on the regret and on its rank among these. Without the rank, a few bad values would leave almost
    the same colour for all others.
    """
    values = sorted(regret)

    def colour(value: float) -> str:
        rank = (bisect_left(values, value) + bisect_right(values, value)) / 2 / len(values)
        return colour_scale((value + rank) / 2)

    return colour


def _axis(x: float, title: str, scale: Scale, step: float) -> ET.Element:
    """Draw the axis of a hyperparameter with its title, ticks and labels, at most as wide as the distance `step`."""
    drawn = [element("path", d=f"M{x:.1f} {_TOP}V{_BOTTOM}", stroke=LINE)]
    drawn.append(text(x, _TOP - 14, title, width=step - 6, text_anchor="middle", font_weight="600"))
    width = step / 2 if scale.categories else step
    # a white outline separates the label from the lines behind it
    outline = {"stroke": "#fff", "stroke_width": "4", "paint_order": "stroke", "fill": MUTED}
    for fraction, label in scale.ticks(_CATEGORIES if scale.categories else _TICKS):
        y = _at(fraction)
        drawn.append(element("path", d=f"M{x - 4:.1f} {y:.1f}h4", stroke=LINE))
        drawn.append(text(x - 6, y + 3.5, label, size=_FONT_SIZE, width=width, text_anchor="end", **outline))
    return element("g", *drawn)


def _path(fractions: Sequence[float | None], step: float) -> str:
    """Return the SVG path of a training job from axis to axis, with a gap if a value is missing."""
    path, command = "", "M"
    for index, fraction in enumerate(fractions):
        if fraction is not None:
            path += f"{command}{_LEFT + index * step:.1f} {_at(fraction):.1f}"
        command = "M" if fraction is None else "L"
    return path


def _bar(definition: Definition, y: Scale, x: float, colour: Callable[[float], str]) -> list[ET.Element]:
    """Draw the objective axis at a horizontal position: a bar with the colours of the lines, and its title."""
    height = (_BOTTOM - _TOP) / _PIECES + 0.5
    pieces: list[ET.Element] = []
    for piece in range(_PIECES):
        fill = colour(_regret(definition, (piece + 0.5) / _PIECES))
        pieces.append(element("rect", x=x, y=_at((piece + 1) / _PIECES), width=_BAR, height=height, fill=fill))
    title = f"{definition.metric}{y.suffix}"
    is_short = text_width(title) < 2 * (_RIGHT - _BAR)
    position, anchor = (x + _BAR, "middle") if is_short else (x + _RIGHT, "end")
    return [
        element("g", *pieces),
        text(position, _TOP - 26, title, width=240, text_anchor=anchor, font_weight="600"),
        text(x + _BAR, _TOP - 12, definition.better, size=10, text_anchor="middle", fill=MUTED),
    ]


def slice_drawings(results: JobResults) -> list[tuple[Definition, list[Drawing]]]:
    """Draw a panel for each hyperparameter that was tried. Panels of an objective have the same vertical axis."""
    scales = _objective_scales(results)
    return [
        (definition, [_panel(definition, *each, scales[definition.objective]) for each in tried])
        for definition in results.definitions
        if (tried := definition.tried_values)
    ]


def _panel(definition: Definition, parameter: Parameter, values: Mapping[Row, str | float], y: Scale) -> Drawing:
    """Draw the panel of a hyperparameter, with a ring around the best training job."""
    x = parameter_scale(parameter, values.values())
    frame = Frame(x, y, _PANEL_WIDTH, _PANEL_HEIGHT)

    def position(row: Row) -> tuple[float, float]:
        """Return the position of a training job, in pixels."""
        fraction = x.fraction(values[row])
        if x.categories:
            # the jitter is a hash of the name, so that a mark has the same position in each drawing
            jitter = zlib.crc32(row.name.encode(errors="replace")) / 2**31 - 1
            fraction += jitter * _MAX_JITTER / len(x.categories)
        return frame.at_x(fraction), frame.at_y(y.fraction(row.score or 0.0))

    size = _SMALL if len(values) > MANY else _LARGE
    marks = [
        training_job_mark(
            row, definition, position(row), size, f"{tooltip(row)}, {parameter.name} {row.tuned[parameter.name]}"
        )
        for row in values
    ]
    best = best_first(values, minimizes=definition.minimizes)[0]
    ring = mark("circle", *position(best), size + 3, fill="none", stroke=ACCENT, stroke_width=1.8)
    name = f"{parameter.name}{x.suffix}"
    label = f"{name} against {definition.metric}, of {len(values)} training jobs; a ring is around the best"
    objective = f"{definition.metric}{y.suffix}"
    return frame.drawing(label, name, objective, element("g", *marks, _class="jobs"), ring)
