"""The plots of hyperparameters: slices, and parallel coordinates.

The colour of a line shows the objective value.
"""

from __future__ import annotations

import zlib
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from hptsdk.report._axes import category_scale, create_frame, number_scale
from hptsdk.report._svg import ACCENT, LINE, MUTED, Drawing, colour_scale, element, mark, text, text_width, with_tooltip
from hptsdk.report._time_plots import objective_scales, objective_title, tooltip, training_job_mark

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from xml.etree import ElementTree as ET

    from hptsdk.report._axes import Frame, Scale
    from hptsdk.report._results import Definition, JobResults, Parameter, Row

__all__ = ["axis_title", "parallel_drawings", "scale_of", "share_of", "slice_drawings", "tried_parameters"]

_HEIGHT, _TOP, _BOTTOM = 330, 46, 310
_MIN_WIDTH, _STEP, _LEFT, _RIGHT = 860, 112, 70.0, 90.0

# The axis of the objective is a bar with the colours, in this number of pieces.
_BAR, _PIECES = 12, 40

_MANY = 120

# The maximum numbers of ticks and of categories, and the font size of labels.
_TICKS, _CATEGORIES, _FONT_SIZE = 7, 18, 10.5


def parallel_drawings(results: JobResults) -> list[tuple[Definition, Drawing]]:
    """Draw a plot for each definition with a training job that has hyperparameters and an objective value."""
    scales = objective_scales(results)
    return [
        (definition, _drawing(definition, scales[definition.objective]))
        for definition in results.definitions
        if any(row.tuned for row in definition.scored)
    ]


def _drawing(definition: Definition, y: Scale) -> Drawing:
    """Draw the training jobs of a definition, with the scale of its objective."""
    rows = definition.scored
    columns = tried_parameters(definition)
    width = max(_MIN_WIDTH, _STEP * (len(columns) + 1))
    ticks = y.ticks(_TICKS)
    right = width - max(_RIGHT, _BAR + 12 + max((text_width(label, _FONT_SIZE) for _, label in ticks), default=0))
    step = (right - _LEFT) / len(columns) if columns else 0
    axes: list[ET.Element] = []
    shares: list[dict[Row, float]] = []
    for index, (parameter, tried) in enumerate(columns):
        scale = scale_of(parameter, tried)
        shares.append({row: share_of(row, parameter, scale) for row in tried})
        axes.append(_axis(_LEFT + index * step, axis_title(parameter, scale), scale, step))
    regret = {row: _regret(definition, y.share(row.score or 0.0)) for row in rows}
    colour = _colours(regret.values())
    lines: list[ET.Element] = []
    # the best ones are drawn last, above the others
    for row in sorted(rows, key=lambda row: regret[row], reverse=True):
        path = _path([*(share.get(row) for share in shares), y.share(row.score or 0.0)], step)
        lines.append(with_tooltip(element("path", d=path, stroke=colour(regret[row])), tooltip(row)))
    stroke = {"stroke_width": 1, "stroke_opacity": 0.6} if len(rows) > _MANY else {"stroke_width": 1.6}
    body = [element("g", *lines, fill="none", _class="jobs", **stroke), *axes, *_bar(definition, y, right, colour)]
    body += [text(right + _BAR + 5, _at(share) + 3.5, label, size=_FONT_SIZE, fill=MUTED) for share, label in ticks]
    metric = definition.metric or "objective"
    label = f"Hyperparameters and {metric} of {len(rows)} training jobs; dark lines are the best"
    return Drawing(width=width, height=_HEIGHT, label=label, body=tuple(body))


def _at(share: float) -> float:
    """Return the vertical position in pixels of a share of an axis, from 0 at the bottom to 1 at the top."""
    return _BOTTOM - share * (_BOTTOM - _TOP)


def _regret(definition: Definition, share: float) -> float:
    """Return the distance of a share of the objective axis from its better end: 0 for the best, 1 for the worst."""
    return share if definition.minimizes else 1 - share


def _colours(regret: Iterable[float]) -> Callable[[float], str]:
    """Create the function that returns the colour for a regret.

    The colour depends on the regret and on its rank. Without the rank, a few bad values would leave almost the same
    colour for all others.

    Args:
        regret: the regret of each training job, from 0 to 1.
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
    for share, label in scale.ticks(_CATEGORIES if scale.categories else _TICKS):
        y = _at(share)
        drawn.append(element("path", d=f"M{x - 4:.1f} {y:.1f}h4", stroke=LINE))
        drawn.append(text(x - 6, y + 3.5, label, size=_FONT_SIZE, width=width, text_anchor="end", **outline))
    return element("g", *drawn)


def _path(shares: Sequence[float | None], step: float) -> str:
    """Return the SVG path of a training job from axis to axis, with a gap if a value is missing."""
    path, command = "", "M"
    for index, share in enumerate(shares):
        if share is not None:
            path += f"{command}{_LEFT + index * step:.1f} {_at(share):.1f}"
        command = "M" if share is None else "L"
    return path


def _bar(definition: Definition, y: Scale, x: float, colour: Callable[[float], str]) -> list[ET.Element]:
    """Draw the objective axis at a horizontal position: a bar with the colours of the lines, and its title."""
    height = (_BOTTOM - _TOP) / _PIECES + 0.5
    pieces: list[ET.Element] = []
    for piece in range(_PIECES):
        fill = colour(_regret(definition, (piece + 0.5) / _PIECES))
        pieces.append(element("rect", x=x, y=_at((piece + 1) / _PIECES), width=_BAR, height=height, fill=fill))
    title = objective_title([definition], y, direction=False)
    is_short = text_width(title) < 2 * (_RIGHT - _BAR)
    position, anchor = (x + _BAR, "middle") if is_short else (x + _RIGHT, "end")
    better = f"{'smaller' if definition.minimizes else 'larger'} is better"
    return [
        element("g", *pieces),
        text(position, _TOP - 26, title, width=240, text_anchor=anchor, font_weight="600"),
        text(x + _BAR, _TOP - 12, better, size=10, text_anchor="middle", fill=MUTED),
    ]


_PANEL_WIDTH, _PANEL_HEIGHT = 286, 230
_SMALL, _LARGE = 2.4, 3.4

# The maximum distance of a mark from the middle of its category, as a share of the category's part of the axis.
_SPREAD = 0.3


def slice_drawings(results: JobResults) -> list[tuple[Definition, list[Drawing]]]:
    """Draw a panel for each hyperparameter that was tried. Panels of an objective have the same vertical axis."""
    scales = objective_scales(results)
    panels: list[tuple[Definition, list[Drawing]]] = []
    for index, definition in enumerate(results.definitions):
        y, tried = scales[definition.objective], tried_parameters(definition)
        if tried:
            panels.append((definition, [_panel(index, definition, parameter, rows, y) for parameter, rows in tried]))
    return panels


def tried_parameters(definition: Definition) -> list[tuple[Parameter, list[Row]]]:
    """Return each hyperparameter with its training jobs that have a value of it and an objective value."""
    tried = (
        (parameter, [row for row in definition.scored if row.value_of(parameter) is not None])
        for parameter in definition.parameters
    )
    return [(parameter, rows) for parameter, rows in tried if rows]


def scale_of(parameter: Parameter, rows: list[Row]) -> Scale:
    """Create the scale of a hyperparameter, which contains the values of all these training jobs."""
    if parameter.kind == "category":
        return category_scale(parameter, [row.tuned[parameter.name] for row in rows])
    return number_scale([row.numbers[parameter.name] for row in rows], parameter)


def share_of(row: Row, parameter: Parameter, scale: Scale) -> float:
    """Return the position of a training job's value on the scale of its hyperparameter, from 0 to 1."""
    if scale.categories:
        return scale.share_of_category(row.tuned[parameter.name])
    return scale.share(row.numbers[parameter.name])


def axis_title(parameter: Parameter, scale: Scale) -> str:
    """Return the title of the axis of a hyperparameter, such as "learning_rate (log)"."""
    return parameter.name + {"linear": "", "log": " (log)", "reverse": " (reverse log)"}[scale.kind]


def _panel(index: int, definition: Definition, parameter: Parameter, rows: list[Row], y: Scale) -> Drawing:
    """Draw the panel of a hyperparameter, with a ring around the best training job."""
    x = scale_of(parameter, rows)
    frame = create_frame(x, y, _PANEL_WIDTH, _PANEL_HEIGHT)
    size = _SMALL if len(rows) > _MANY else _LARGE
    marks: list[ET.Element] = []
    for row in rows:
        note = f"{tooltip(row)}, {parameter.name} {row.tuned[parameter.name]}"
        marks.append(training_job_mark(row, index, _position(frame, row, parameter), size, note))
    best = (min if definition.minimizes else max)(rows, key=lambda row: row.score or 0.0)
    ring = mark("circle", *_position(frame, best, parameter), size + 3, fill="none", stroke=ACCENT, stroke_width=1.8)
    name, objective = axis_title(parameter, x), definition.metric or "the objective"
    axes = frame.axes(name, objective_title([definition], y, direction=False))
    label = f"{name} against {objective}, of {len(rows)} training jobs; a ring is around the best"
    return Drawing(_PANEL_WIDTH, _PANEL_HEIGHT, label, (*axes, element("g", *marks, _class="jobs"), ring))


def _position(frame: Frame, row: Row, parameter: Parameter) -> tuple[float, float]:
    """Return the horizontal and the vertical position of a training job, in pixels."""
    share = share_of(row, parameter, frame.x)
    if frame.x.categories:
        # the marks of a category are spread by a hash of the name, so that a mark has the same position in each drawing
        spread = zlib.crc32(row.name.encode(errors="replace")) / 2**31 - 1
        share += spread * _SPREAD / len(frame.x.categories)
    return frame.at_x(share), frame.at_y(frame.y.share(row.score or 0.0))
