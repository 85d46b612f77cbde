"""Training jobs over time: when each ran, and how its objective metric changed."""

from __future__ import annotations

import heapq
from operator import itemgetter
from typing import TYPE_CHECKING

from hptsdk.report._axes import INSET, create_frame, legend
from hptsdk.report._objective import objective_title, tooltip
from hptsdk.report._scales import Scale, duration_scale, number_scale
from hptsdk.report._svg import ACCENT, BAD, INK, MUTED, Drawing, colour_of, element, mark, text, with_tooltip

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from xml.etree import ElementTree as ET

    from hptsdk.report._results import Definition, JobResults, Row

    Curve = Sequence[tuple[datetime, float]]

__all__ = ["curve_drawings", "timeline_drawing"]

_WIDTH, _CURVES_HEIGHT = 860, 300

# The height of a slot in pixels, and the maximum height of all slots.
_SLOT, _SLOTS_HEIGHT = 16, 640

# The maximum number of parts of a curve; of a longer one, the lowest and the highest value of each part are drawn.
_MAX_PARTS = 100


def timeline_drawing(results: JobResults) -> Drawing | None:
    """Draw each training job as a bar from its start to its end, in the first slot that is free at its start.

    The number of slots is the number of training jobs that ran at the same time.

    Args:
        results: the table of the training jobs.

    Returns:
        The drawing; None if no training job has started.
    """
    started = [
        (begin, index, row)
        for index, definition in enumerate(results.definitions)
        for row in definition.rows
        if (begin := row.start or row.created) is not None
    ]
    if not started:
        return None
    started.sort(key=lambda entry: (entry[0], entry[2].name))
    first = started[0][0]
    last = max(time for begin, _, row in started for time in (begin, row.end) if time)
    slots = _slots([(begin, row.end or last) for begin, _, row in started])
    count = max(slots) + 1
    slot_height = min(_SLOT, _SLOTS_HEIGHT / count)
    key, height = legend(_legend(results), 60, 14, _WIDTH)
    x = duration_scale((last - first).total_seconds())
    total = 8 + height + 2 * INSET + count * slot_height + 40
    y = Scale(categories=tuple(str(number) for number in range(count, 0, -1)))
    frame = create_frame(x, y, _WIDTH, total, top=8 + height)
    bars: list[ET.Element] = []
    for (begin, index, row), slot in zip(started, slots, strict=True):
        left, right = (frame.at_x(x.share((time - first).total_seconds())) for time in (begin, row.end or last))
        top = frame.top + INSET + slot * slot_height + 1
        bar = element("rect", x=left, y=top, width=max(1.5, right - left), height=max(1, slot_height - 2))
        for name, value in _appearance(row, index).items():
            bar.set(name, value)
        bars.append(with_tooltip(bar, tooltip(row)))
    title = f"Time since the first training job started ({x.unit[0]})"
    axes = frame.axes(title, "Slot")
    label = f"When each of {len(started)} training jobs ran, in {count} slots"
    return Drawing(_WIDTH, total, label, (*key, *axes, element("g", *bars, _class="jobs")))


def _slots(spans: Sequence[tuple[datetime, datetime]]) -> list[int]:
    """Return the lowest free slot of each span of time. The spans are sorted by their starts."""
    running: list[tuple[datetime, int]] = []
    free: list[int] = []
    slots: list[int] = []
    for start, end in spans:
        while running and running[0][0] <= start:
            heapq.heappush(free, heapq.heappop(running)[1])
        slot = heapq.heappop(free) if free else len(running)
        heapq.heappush(running, (end, slot))
        slots.append(slot)
    return slots


def _appearance(row: Row, index: int) -> dict[str, str]:
    """Return the SVG attributes of the bar of a training job, by its status."""
    colour = BAD if row.status == "Failed" else colour_of(index)
    if row.status in {"Completed", "Failed"}:
        return {"fill": colour, "stroke": "#fff", "stroke-width": "0.5"}
    dashes = {} if row.end else {"stroke-dasharray": "3 2"}
    return {"fill": "#fff", "stroke": colour} | dashes


def _legend(results: JobResults) -> list[tuple[ET.Element, str]]:
    """Return the marks of the legend with their names. Marks that the drawing does not use are omitted."""
    several = len(results.definitions) > 1
    entries = [
        (mark("square", 0, 0, 4, fill=colour_of(index)), (definition.name or "other") if several else "completed")
        for index, definition in enumerate(results.definitions)
        if definition.rows
    ]
    statuses = {(row.status == "Failed", row.end is None) for row in results.rows if row.status != "Completed"}
    if any(failed for failed, _ in statuses):
        entries.append((mark("square", 0, 0, 4, fill=BAD), "failed"))
    if (False, False) in statuses:
        entries.append((mark("square", 0, 0, 4, fill="#fff", stroke=INK), "stopped"))
    if (False, True) in statuses:
        entries.append((mark("square", 0, 0, 4, fill="#fff", stroke=INK, stroke_dasharray="3 2"), "running"))
    return entries


def curve_drawings(results: JobResults, curves: Mapping[str, Curve]) -> list[tuple[Sequence[Definition], Drawing]]:
    """Draw a panel for each objective with a line for each training job: its values over its own time.

    Args:
        results: the table of the training jobs.
        curves: by the name of a training job, the times and the values of its objective metric.

    Returns:
        The panels with their definitions. An objective without values is omitted.
    """
    panels: list[tuple[Sequence[Definition], Drawing]] = []
    for entries in results.by_objective:
        lines = [
            (index, row, _thinned(curves[row.name]))
            for index, definition in entries
            for row in definition.rows
            if curves.get(row.name)
        ]
        if lines:
            definitions = [definition for _, definition in entries]
            panels.append((definitions, _curves_panel(definitions, lines)))
    return panels


def _curves_panel(definitions: Sequence[Definition], lines: Sequence[tuple[int, Row, Curve]]) -> Drawing:
    minimizes = definitions[0].minimizes
    begins = {row.name: row.start or values[0][0] for _, row, values in lines}
    seconds = max((values[-1][0] - begins[row.name]).total_seconds() for _, row, values in lines)
    x = duration_scale(max(seconds, 1.0))
    y = number_scale([value for _, _, values in lines for _, value in values], may_be_log=minimizes)
    frame = create_frame(x, y, _WIDTH, _CURVES_HEIGHT)
    scored = [row for _, row, _ in lines if row.score is not None]
    best = (min if minimizes else max)(scored, key=lambda row: row.score or 0.0) if scored else None
    drawn: list[ET.Element] = []
    # the best is last, above the others
    for index, row, values in sorted(lines, key=lambda line: line[1] is best):
        points = [
            f"{frame.at_x(x.share((time - begins[row.name]).total_seconds())):.1f} {frame.at_y(y.share(value)):.1f}"
            for time, value in values
        ]
        is_best = row is best
        path = element(
            "path",
            d=f"M{'L'.join(points)}" + ("h0.1" if len(points) == 1 else ""),
            fill="none",
            stroke=ACCENT if is_best else colour_of(index),
            stroke_width=2 if is_best else 1,
            stroke_linecap="round",
            opacity="1" if is_best else "0.45",
        )
        drawn.append(with_tooltip(path, tooltip(row)))
    axes = frame.axes(f"Time since the training job started ({x.unit[0]})", objective_title(definitions, y))
    note = text(frame.right, frame.top + 10, "best training job", text_anchor="end", fill=ACCENT if best else MUTED)
    label = f"{objective_title(definitions, y)}, of {len(lines)} training jobs while they trained"
    body = (*axes, element("g", *drawn, _class="jobs"), *([note] if best else []))
    return Drawing(_WIDTH, _CURVES_HEIGHT, label, body)


def _thinned(values: Curve) -> Curve:
    """Return the values to draw: all of a short curve, the lowest and the highest of each part of a longer one."""
    if len(values) <= 2 * _MAX_PARTS:
        return values
    size = -(-len(values) // _MAX_PARTS)
    parts = [values[start : start + size] for start in range(0, len(values), size)]
    extremes = [{min(part, key=itemgetter(1)), max(part, key=itemgetter(1))} for part in parts]
    return [value for part in extremes for value in sorted(part)] + [values[-1]]
