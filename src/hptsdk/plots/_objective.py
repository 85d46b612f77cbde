"""The objective of each training job over time, with the best so far."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hptsdk.plots._axes import INSET, Frame, frame_of, legend
from hptsdk.plots._scales import Scale, duration_scale, number_scale, written
from hptsdk.plots._style import ACCENT, BAD, MUTED, colour_of, mark_of
from hptsdk.plots._svg import Drawing, mark, node, text, with_tip

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from xml.etree import ElementTree as ET

    from hptsdk.plots._frame import Group, Row, Study

__all__ = ["best_so_far", "dot", "objective_drawing", "objective_scale", "title_of", "told"]

_WIDTH, _HEIGHT = 860, 340

# The strip below the picture, for training jobs without a value.
_LANE = 22

# More marks than this lie over each other, and are drawn smaller.
_MANY = 120


def objective_scale(groups: Sequence[Group]) -> Scale:
    """Make the scale that all pictures have in common: by magnitude where that spreads the good end."""
    values = [row.score for group in groups for row in group.rows if row.score is not None]
    return number_scale(values, may_be_log=all(group.minimizes for group in groups))


def title_of(groups: Sequence[Group], scale: Scale, *, way: bool = True) -> str:
    """Name the axis of the objective, and say which way is better."""
    metrics = sorted({group.metric for group in groups if group.metric}) or ["objective"]
    ways = {group.minimizes for group in groups}
    better = f", {'smaller' if True in ways else 'larger'} is better" if way and len(ways) == 1 else ""
    return f"{' / '.join(metrics)}{' (log)' if scale.kind == 'log' else ''}{better}"


def told(row: Row) -> str:
    """Say in a tooltip what a training job reached."""
    if row.value is not None:
        return f"{row.name}: {row.metric or 'objective'} {written(row.value)}"
    return f"{row.name}: {row.status}{f', {row.reason}' if row.reason else ''}"


def dot(row: Row, index: int, place: tuple[float, float], size: float, tip: str = "") -> ET.Element:
    """Draw a training job as its definition's mark: hollow where it was stopped before its end."""
    colour = colour_of(index)
    is_stopped = row.status == "Stopped"
    drawn = mark(mark_of(index), *place, size, fill="#fff" if is_stopped else colour)
    if is_stopped:
        drawn.set("stroke", colour)
    return with_tip(drawn, tip or told(row))


def best_so_far(groups: Iterable[Group]) -> list[tuple[datetime, float]]:
    """Give the times at which the best value changed, with the first and what it was from then on."""
    given = list(groups)
    better = min if all(group.minimizes for group in given) else max
    ended = [(row.end, row.score) for group in given for row in group.rows if row.end and row.score is not None]
    found: list[tuple[datetime, float]] = []
    for moment, value in sorted(ended):
        if not found or better(value, found[-1][1]) != found[-1][1]:
            found.append((moment, value))
    return found


def objective_drawing(study: Study) -> Drawing | None:
    """Draw it; None where no training job has a value yet."""
    groups = [group for group in study.groups if group.rows]
    timed = [row for row in study.scored if row.end]
    if not timed:
        return None
    moments = [m for row in study.rows for m in (row.created, row.begin, row.end) if m]
    first, last = min(moments), max(moments)
    lane = [row for row in study.rows if (row.score is None and (row.end or row.begin or row.created))]
    y = objective_scale(groups)
    x = duration_scale((last - first).total_seconds())
    entries, top = _legend(groups, lane, timed), 8.0
    sign, high = legend(entries, 60, 14, _WIDTH)
    frame = frame_of(x, y, _WIDTH, _HEIGHT + high, top=top + high, below=_LANE if lane else 0, least=74 if lane else 0)
    title = f"Time since the first training job was created ({x.unit[0]})"
    body = [*sign, *frame.axes("" if lane else title, title_of(groups, y))]
    body += [_line(frame, better, first) for better in _lines(groups)]
    body.append(node("g", *_dots(frame, groups, first, 2.6 if len(timed) > _MANY else 4), _class="jobs"))
    if lane:
        body += _lane(frame, lane, first)
        body.append(
            text(
                (frame.left + frame.right) / 2,
                frame.bottom + 32 + _LANE,
                title,
                text_anchor="middle",
                font_weight="600",
            )
        )
    label = f"{title_of(groups, y)}, of {len(timed)} training jobs over time, with the best so far"
    return Drawing(width=_WIDTH, height=_HEIGHT + high, label=label, body=tuple(body))


def _legend(groups: Sequence[Group], lane: Sequence[Row], timed: Sequence[Row]) -> list[tuple[ET.Element, str]]:
    entries: list[tuple[ET.Element, str]] = []
    for index, group in enumerate(groups):
        name = group.name if len(groups) > 1 else "training job"
        entries.append((mark(mark_of(index), 0, 0, 4, fill=colour_of(index)), name))
    if any(row.status == "Stopped" for row in timed):
        entries.append((mark("circle", 0, 0, 4, fill="#fff", stroke=colour_of(0)), "stopped early"))
    entries.append((node("path", d="M-8 0H8", stroke=ACCENT, stroke_width=2), "best so far"))
    if any(row.end for row in lane):
        entries.append((mark("cross", 0, 0, 4, stroke=BAD, stroke_width=1.6), "ended without a value"))
    if any(not row.end for row in lane):
        entries.append((mark("circle", 0, 0, 3.5, fill="none", stroke=MUTED), "running"))
    return entries


def _lines(groups: Sequence[Group]) -> list[list[tuple[datetime, float]]]:
    """Give one line where all definitions have the same objective, else one for each."""
    if len({(group.metric, group.minimizes) for group in groups}) == 1:
        return [best_so_far(groups)]
    return [found for group in groups if (found := best_so_far([group]))]


def _line(frame: Frame, better: Sequence[tuple[datetime, float]], first: datetime) -> ET.Element:
    begin, *later = [_place(frame, moment, value, first) for moment, value in better]
    path = f"M{begin[0]:.1f} {begin[1]:.1f}" + "".join(f"H{x:.1f}V{y:.1f}" for x, y in later)
    path += f"H{frame.right - INSET:.1f}"
    return node("path", d=path, fill="none", stroke=ACCENT, stroke_width=2, _class="best")


def _dots(frame: Frame, groups: Sequence[Group], first: datetime, size: float) -> list[ET.Element]:
    return [
        dot(row, index, _place(frame, row.end, row.score, first), size)
        for index, group in enumerate(groups)
        for row in group.rows
        if row.end and row.score is not None
    ]


def _place(frame: Frame, moment: datetime, value: float, first: datetime) -> tuple[float, float]:
    return frame.at_x(frame.x.share((moment - first).total_seconds())), frame.at_y(frame.y.share(value))


def _lane(frame: Frame, rows: Sequence[Row], first: datetime) -> list[ET.Element]:
    """Draw those without a value below: crosses where they ended, and a line from where they run."""
    y = frame.bottom + 28
    marks: list[ET.Element] = []
    for row in rows:
        moment = row.end or row.begin or row.created or first
        x = frame.at_x(frame.x.share((moment - first).total_seconds()))
        if row.end:
            marks.append(with_tip(mark("cross", x, y, 3.5, stroke=BAD, stroke_width=1.6), told(row)))
        else:
            line = node("path", d=f"M{x:.1f} {y:.1f}H{frame.right:g}", stroke=MUTED, stroke_dasharray="2 3")
            marks += [line, with_tip(mark("circle", x, y, 3.2, fill="#fff", stroke=MUTED), told(row))]
    return [text(frame.left - 5, y + 4, "no value", text_anchor="end", fill=MUTED), node("g", *marks, _class="others")]
