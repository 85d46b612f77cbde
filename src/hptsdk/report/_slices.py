"""Each hyperparameter against the objective."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from hptsdk.report._axes import frame_of
from hptsdk.report._objective import dot, objective_scales, title_of, told
from hptsdk.report._scales import category_scale, number_scale
from hptsdk.report._style import ACCENT
from hptsdk.report._svg import Drawing, mark, node

if TYPE_CHECKING:
    from xml.etree import ElementTree as ET

    from hptsdk.report._axes import Frame
    from hptsdk.report._scales import Scale
    from hptsdk.report._study import Group, Parameter, Row, Study

__all__ = ["axis_title", "scale_of", "share_of", "slice_drawings", "was_tried"]

_WIDTH, _HEIGHT = 286, 230
_MANY = 120

# Marks of one category lie this far beside its middle at most, as a share of its room.
_SPREAD = 0.3


def slice_drawings(study: Study) -> list[tuple[Group, list[Drawing]]]:
    """Draw a panel for each hyperparameter that was tried, by definition; the same aim has the same axis."""
    scales = objective_scales(study)
    found: list[tuple[Group, list[Drawing]]] = []
    for index, group in enumerate(study.groups):
        if group.scored:
            tried = [(p, [row for row in group.scored if was_tried(row, p)]) for p in group.parameters]
            found.append((group, [_panel(index, group, p, rows, scales[group.aim]) for p, rows in tried if rows]))
    return found


def scale_of(parameter: Parameter, rows: list[Row]) -> Scale:
    """Make the scale for what was tried of a hyperparameter."""
    if parameter.kind == "category":
        return category_scale(parameter, [row.tried[parameter.name] for row in rows])
    return number_scale([row.numbers[parameter.name] for row in rows], parameter)


def share_of(row: Row, parameter: Parameter, scale: Scale) -> float:
    """Give how far along the scale lies what a training job tried."""
    if scale.texts:
        return scale.share_of_text(row.tried[parameter.name])
    return scale.share(row.numbers[parameter.name])


def axis_title(parameter: Parameter, scale: Scale) -> str:
    """Name the axis of a hyperparameter."""
    return parameter.name + {"linear": "", "log": " (log)", "reverse": " (reverse log)"}[scale.kind]


def was_tried(row: Row, parameter: Parameter) -> bool:
    """Tell whether a training job has a value of a hyperparameter that can be drawn."""
    return parameter.name in (row.tried if parameter.kind == "category" else row.numbers)


def _panel(index: int, group: Group, parameter: Parameter, rows: list[Row], y: Scale) -> Drawing:
    x = scale_of(parameter, rows)
    frame = frame_of(x, y, _WIDTH, _HEIGHT)
    size = 2.4 if len(rows) > _MANY else 3.4
    marks: list[ET.Element] = []
    for row in rows:
        tip = f"{told(row)}, {parameter.name} {row.tried[parameter.name]}"
        marks.append(dot(row, index, _place(frame, row, parameter), size, tip))
    best = (min if group.minimizes else max)(rows, key=lambda row: row.score or 0.0)
    ring = mark("circle", *_place(frame, best, parameter), size + 3, fill="none", stroke=ACCENT, stroke_width=1.8)
    name = axis_title(parameter, x)
    body = [*frame.axes(name, title_of([group], y, way=False)), node("g", *marks, _class="jobs"), ring]
    label = f"{name} against {group.metric or 'the objective'}, of {len(rows)} training jobs; a ring is around the best"
    return Drawing(width=_WIDTH, height=_HEIGHT, label=label, body=tuple(body))


def _place(frame: Frame, row: Row, parameter: Parameter) -> tuple[float, float]:
    share = share_of(row, parameter, frame.x)
    if frame.x.texts:
        share += _aside(row.name) * _SPREAD / len(frame.x.texts)
    return frame.at_x(share), frame.at_y(frame.y.share(row.score or 0.0))


def _aside(name: str) -> float:
    """Give a number from -1 to 1 that is the same each time, so that marks of one category don't hide each other."""
    return zlib.crc32(name.encode(errors="replace")) / 2**31 - 1
