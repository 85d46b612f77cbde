"""All hyperparameters at once: an axis for each, a line for each training job, coloured by its objective."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from hptsdk.report._objective import objective_scales, title_of, told
from hptsdk.report._slices import axis_title, scale_of, share_of, was_tried
from hptsdk.report._style import LINE, MUTED, ramp
from hptsdk.report._svg import Drawing, length, node, text, with_tip

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from xml.etree import ElementTree as ET

    from hptsdk.report._scales import Scale
    from hptsdk.report._study import Group, Row, Study

__all__ = ["parallel_drawings"]

_HEIGHT, _TOP, _BOTTOM = 330, 46, 310
_WIDTH, _STEP = 860, 112

# The objective's axis is its own legend: a bar of the colours, in so many pieces.
_BAR, _PIECES = 12, 40

_MANY = 120

# Marks of an axis, and how large their labels are.
_MARKS, _SIZE = 7, 10.5


def parallel_drawings(study: Study) -> list[tuple[Group, Drawing]]:
    """Draw a picture for each definition of which a training job has a value."""
    scales = objective_scales(study)
    return [(group, _drawing(group, scales[group.aim])) for group in study.groups if any(r.tried for r in group.scored)]


def _drawing(group: Group, y: Scale) -> Drawing:
    rows = group.scored
    columns = [(p, found) for p in group.parameters if (found := [row for row in rows if was_tried(row, p)])]
    width = max(_WIDTH, _STEP * (len(columns) + 1))
    ends = y.ticks(_MARKS)
    beside = max(90.0, _BAR + 12 + max((length(label, _SIZE) for _, label in ends), default=0))
    left, right = 70.0, width - beside
    step = (right - left) / len(columns) if columns else 0
    body: list[ET.Element] = []
    shares: list[dict[Row, float]] = []
    for number, (parameter, found) in enumerate(columns):
        scale = scale_of(parameter, found)
        shares.append({row: share_of(row, parameter, scale) for row in found})
        body.append(_axis(left + number * step, axis_title(parameter, scale), scale, step))
    # the good ones lie on top
    badness = {row: _badness(group, y.share(row.score or 0.0)) for row in rows}
    paint = _paint(badness.values())
    lines: list[ET.Element] = []
    for row in sorted(rows, key=lambda row: badness[row], reverse=True):
        path = _path([*(s.get(row) for s in shares), y.share(row.score or 0.0)], left, step)
        lines.append(with_tip(node("path", d=path, stroke=paint(badness[row])), told(row)))
    many = {"stroke_width": 1, "stroke_opacity": 0.6} if len(rows) > _MANY else {"stroke_width": 1.6}
    body.insert(0, node("g", *lines, fill="none", _class="jobs", **many))
    body += _colours(group, y, right, paint)
    body += [text(right + _BAR + 5, _at(share) + 3.5, label, size=_SIZE, fill=MUTED) for share, label in ends]
    label = f"Hyperparameters and {group.metric or 'objective'} of {len(rows)} training jobs; dark lines are the best"
    return Drawing(width=width, height=_HEIGHT, label=label, body=tuple(body))


def _at(share: float) -> float:
    return _BOTTOM - share * (_BOTTOM - _TOP)


def _badness(group: Group, share: float) -> float:
    return share if group.minimizes else 1 - share


def _paint(badness: Iterable[float]) -> Callable[[float], str]:
    """Choose colours half by value and half by rank: else most would look alike where a few are far worse."""
    known = sorted(badness)

    def paint(bad: float) -> str:
        rank = (bisect_left(known, bad) + bisect_right(known, bad)) / 2 / len(known)
        return ramp((bad + rank) / 2)

    return paint


def _axis(x: float, title: str, scale: Scale, step: float) -> ET.Element:
    found = [node("path", d=f"M{x:.1f} {_TOP}V{_BOTTOM}", stroke=LINE)]
    found.append(text(x, _TOP - 14, title, room=step - 6, text_anchor="middle", font_weight="600"))
    for share, label in scale.ticks(18 if scale.texts else _MARKS):
        at = _at(share)
        found.append(node("path", d=f"M{x - 4:.1f} {at:.1f}h4", stroke=LINE))
        found.append(_label(x - 6, at + 3.5, label, step / 2 if scale.texts else step))
    return node("g", *found)


def _label(x: float, y: float, words: str, room: float) -> ET.Element:
    """Write beside an axis, on white, so that lines below it don't strike it out."""
    halo = {"stroke": "#fff", "stroke_width": "4", "paint_order": "stroke", "fill": MUTED}
    return text(x, y, words, size=_SIZE, room=room, text_anchor="end", **halo)


def _path(shares: Sequence[float | None], left: float, step: float) -> str:
    """Go through an axis after the other; what was not tried leaves a gap."""
    path, pen = "", "M"
    for number, share in enumerate(shares):
        if share is not None:
            path += f"{pen}{left + number * step:.1f} {_at(share):.1f}"
        pen = "M" if share is None else "L"
    return path


def _colours(group: Group, y: Scale, x: float, paint: Callable[[float], str]) -> list[ET.Element]:
    high = (_BOTTOM - _TOP) / _PIECES
    pieces = [
        node(
            "rect",
            x=x,
            y=_at((piece + 1) / _PIECES),
            width=_BAR,
            height=high + 0.5,
            fill=paint(_badness(group, (piece + 0.5) / _PIECES)),
        )
        for piece in range(_PIECES)
    ]
    title, better = title_of([group], y, way=False), "smaller" if group.minimizes else "larger"
    room = 2 * (90.0 - _BAR)
    place = x + _BAR if length(title) < room else x + 90
    anchor = "middle" if place < x + 90 else "end"
    return [
        node("g", *pieces),
        text(place, _TOP - 26, title, room=240, text_anchor=anchor, font_weight="600"),
        text(x + _BAR, _TOP - 12, f"{better} is better", size=10, text_anchor="middle", fill=MUTED),
    ]
