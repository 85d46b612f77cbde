"""All hyperparameters at once: an axis for each, and a line for each training job with the colour of its objective."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from hptsdk.report._objective import objective_scales, objective_title, tooltip
from hptsdk.report._slices import axis_title, scale_of, share_of, tried_parameters
from hptsdk.report._style import LINE, MUTED, colour_scale
from hptsdk.report._svg import Drawing, element, text, text_width, with_tooltip

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from xml.etree import ElementTree as ET

    from hptsdk.report._results import Definition, JobResults, Row
    from hptsdk.report._scales import Scale

__all__ = ["parallel_drawings"]

_HEIGHT, _TOP, _BOTTOM = 330, 46, 310
_MIN_WIDTH, _STEP, _LEFT, _RIGHT = 860, 112, 70.0, 90.0

# The axis of the objective is a bar with the colours, in this number of pieces.
_BAR, _PIECES = 12, 40

_MANY = 120

# The maximum numbers of ticks and of categories, and the font size of labels.
_TICKS, _CATEGORIES, _FONT_SIZE = 7, 18, 10.5


def parallel_drawings(results: JobResults) -> list[tuple[Definition, Drawing]]:
    """Draw a picture for each definition with a training job that has hyperparameters and an objective value."""
    scales = objective_scales(results)
    return [
        (definition, _drawing(definition, scales[definition.objective]))
        for definition in results.definitions
        if any(row.tuned for row in definition.scored)
    ]


def _drawing(definition: Definition, y: Scale) -> Drawing:
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
    badness = {row: _badness(definition, y.share(row.score or 0.0)) for row in rows}
    colour = _colours(badness.values())
    lines: list[ET.Element] = []
    # the best ones are drawn last, above the others
    for row in sorted(rows, key=lambda row: badness[row], reverse=True):
        path = _path([*(share.get(row) for share in shares), y.share(row.score or 0.0)], step)
        lines.append(with_tooltip(element("path", d=path, stroke=colour(badness[row])), tooltip(row)))
    stroke = {"stroke_width": 1, "stroke_opacity": 0.6} if len(rows) > _MANY else {"stroke_width": 1.6}
    body = [element("g", *lines, fill="none", _class="jobs", **stroke), *axes, *_bar(definition, y, right, colour)]
    body += [text(right + _BAR + 5, _at(share) + 3.5, label, size=_FONT_SIZE, fill=MUTED) for share, label in ticks]
    metric = definition.metric or "objective"
    label = f"Hyperparameters and {metric} of {len(rows)} training jobs; dark lines are the best"
    return Drawing(width=width, height=_HEIGHT, label=label, body=tuple(body))


def _at(share: float) -> float:
    return _BOTTOM - share * (_BOTTOM - _TOP)


def _badness(definition: Definition, share: float) -> float:
    return share if definition.minimizes else 1 - share


def _colours(badness: Iterable[float]) -> Callable[[float], str]:
    """Return the colour for a value. It depends on the rank too: otherwise a few bad values make all others alike."""
    values = sorted(badness)

    def colour(value: float) -> str:
        rank = (bisect_left(values, value) + bisect_right(values, value)) / 2 / len(values)
        return colour_scale((value + rank) / 2)

    return colour


def _axis(x: float, title: str, scale: Scale, step: float) -> ET.Element:
    drawn = [element("path", d=f"M{x:.1f} {_TOP}V{_BOTTOM}", stroke=LINE)]
    drawn.append(text(x, _TOP - 14, title, width=step - 6, text_anchor="middle", font_weight="600"))
    width = step / 2 if scale.categories else step
    # a white outline, so that lines below the label do not strike it through
    outline = {"stroke": "#fff", "stroke_width": "4", "paint_order": "stroke", "fill": MUTED}
    for share, label in scale.ticks(_CATEGORIES if scale.categories else _TICKS):
        y = _at(share)
        drawn.append(element("path", d=f"M{x - 4:.1f} {y:.1f}h4", stroke=LINE))
        drawn.append(text(x - 6, y + 3.5, label, size=_FONT_SIZE, width=width, text_anchor="end", **outline))
    return element("g", *drawn)


def _path(shares: Sequence[float | None], step: float) -> str:
    """Return the path from axis to axis, with a gap if a value is missing."""
    path, command = "", "M"
    for index, share in enumerate(shares):
        if share is not None:
            path += f"{command}{_LEFT + index * step:.1f} {_at(share):.1f}"
        command = "M" if share is None else "L"
    return path


def _bar(definition: Definition, y: Scale, x: float, colour: Callable[[float], str]) -> list[ET.Element]:
    """Draw the axis of the objective."""
    height = (_BOTTOM - _TOP) / _PIECES + 0.5
    pieces: list[ET.Element] = []
    for piece in range(_PIECES):
        fill = colour(_badness(definition, (piece + 0.5) / _PIECES))
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
