"""The slice plot: the values of each hyperparameter against the objective values."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from hptsdk.report._axes import create_frame
from hptsdk.report._objective import objective_scales, objective_title, tooltip, training_job_mark
from hptsdk.report._scales import category_scale, number_scale
from hptsdk.report._svg import ACCENT, Drawing, element, mark

if TYPE_CHECKING:
    from xml.etree import ElementTree as ET

    from hptsdk.report._axes import Frame
    from hptsdk.report._results import Definition, JobResults, Parameter, Row
    from hptsdk.report._scales import Scale

__all__ = ["axis_title", "scale_of", "share_of", "slice_drawings", "tried_parameters"]

_WIDTH, _HEIGHT = 286, 230
_MANY, _SMALL, _LARGE = 120, 2.4, 3.4

# The maximum distance of a mark from the middle of its category, as a share of the category's part of the axis.
_SPREAD = 0.3


def slice_drawings(results: JobResults) -> list[tuple[Definition, list[Drawing]]]:
    """Draw a panel for each hyperparameter that was tried. Panels of an objective have the same vertical axis.

    Args:
        results: the table of the training jobs.

    Returns:
        The definitions with their panels. A definition without a panel is omitted.
    """
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
    frame = create_frame(x, y, _WIDTH, _HEIGHT)
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
    return Drawing(_WIDTH, _HEIGHT, label, (*axes, element("g", *marks, _class="jobs"), ring))


def _position(frame: Frame, row: Row, parameter: Parameter) -> tuple[float, float]:
    """Return the horizontal and the vertical position of a training job, in pixels."""
    share = share_of(row, parameter, frame.x)
    if frame.x.categories:
        # the marks of a category are spread by a hash of the name, so that a mark has the same position in each drawing
        spread = zlib.crc32(row.name.encode(errors="replace")) / 2**31 - 1
        share += spread * _SPREAD / len(frame.x.categories)
    return frame.at_x(share), frame.at_y(frame.y.share(row.score or 0.0))
