"""The plots over time: the objective of each training job, when it ran, and its learning curve."""

from __future__ import annotations

import heapq
from datetime import datetime
from operator import itemgetter
from typing import TYPE_CHECKING

from hptsdk.progress import format_number
from hptsdk.report._axes import INSET, Scale, create_frame, duration_scale, number_scale
from hptsdk.report._svg import (
    ACCENT,
    BAD,
    INK,
    MUTED,
    Drawing,
    colour_of,
    element,
    legend,
    mark,
    mark_of,
    text,
    with_tooltip,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from xml.etree import ElementTree as ET

    from hptsdk.report._axes import Frame
    from hptsdk.report._results import Definition, JobResults, Row

    Curve = Sequence[tuple[datetime, float]]
    # definitions with the same objective, and their indices
    Entries = Sequence[tuple[int, Definition]]

__all__ = [
    "curve_drawings",
    "objective_drawings",
    "objective_scales",
    "objective_title",
    "timeline_drawing",
    "tooltip",
    "training_job_mark",
]

# The time of a new best value, and the value.
_Step = tuple[datetime, float]

_WIDTH, _HEIGHT, _CURVES_HEIGHT = 860, 340, 300

# The height of the strip for training jobs without a value.
_STRIP = 22

# The sizes of marks; many marks overlap, so they are smaller.
_MANY, _SMALL, _LARGE = 120, 2.6, 4.0

# The height of a slot in pixels, and the maximum height of all slots.
_SLOT, _SLOTS_HEIGHT = 16, 640

# The maximum number of parts of a curve; of a longer one, the lowest and the highest value of each part are drawn.
_MAX_PARTS = 100


def objective_scales(results: JobResults) -> dict[tuple[str, bool], Scale]:
    """Return the scale of each objective by its metric and whether it is minimized."""
    lists = results.by_objective
    return {entries[0][1].objective: _objective_scale([definition for _, definition in entries]) for entries in lists}


def _objective_scale(definitions: Sequence[Definition]) -> Scale:
    """Create the scale of an objective.

    It is logarithmic only if small values are better, because a logarithmic scale gives more space to small values.
    """
    values = [row.score for definition in definitions for row in definition.rows if row.score is not None]
    if not values:
        # an axis without numbers
        return Scale(categories=("",))
    return number_scale(values, may_be_log=all(definition.minimizes for definition in definitions))


def objective_title(definitions: Sequence[Definition], scale: Scale, *, direction: bool = True) -> str:
    """Return the title of the axis of an objective, such as "loss (log), smaller is better"; the end is optional."""
    metrics = sorted({definition.metric for definition in definitions if definition.metric}) or ["objective"]
    directions = {definition.minimizes for definition in definitions}
    better = f", {'smaller' if True in directions else 'larger'} is better"
    log = " (log)" if scale.kind == "log" else ""
    return f"{' / '.join(metrics)}{log}{better if direction and len(directions) == 1 else ''}"


def tooltip(row: Row) -> str:
    """Return the name of a training job with its objective value, or with its status and failure reason."""
    if row.value is not None:
        return f"{row.name}: {row.metric or 'objective'} {format_number(row.value)}"
    return f"{row.name}: {row.status}{f', {row.reason}' if row.reason else ''}"


def training_job_mark(row: Row, index: int, position: tuple[float, float], size: float, note: str = "") -> ET.Element:
    """Draw a training job as the mark of its definition, hollow if it did not complete.

    The index of the definition selects the shape and the colour. The tooltip defaults to the name and the objective
    value.
    """
    colour = colour_of(index)
    drawn = mark(mark_of(index), *position, size, fill=colour)
    if row.status != "Completed":
        drawn.set("fill", "#fff")
        drawn.set("stroke", colour)
    return with_tooltip(drawn, note or tooltip(row))


def _best_so_far(definitions: Sequence[Definition]) -> list[_Step]:
    """Return the times at which the best value changed, with the new value."""
    better = min if all(definition.minimizes for definition in definitions) else max
    rows = [row for definition in definitions for row in definition.rows]
    steps: list[_Step] = []
    for time, value in sorted((row.end, row.score) for row in rows if row.end and row.score is not None):
        if not steps or better(value, steps[-1][1]) != steps[-1][1]:
            steps.append((time, value))
    return steps


def objective_drawings(results: JobResults) -> list[tuple[Sequence[Definition], Drawing]]:
    """Draw a panel for each objective, all with the same time axis; none without an objective value or a time."""
    times = [time for row in results.rows for time in (row.created, row.start, row.end) if time]
    if not results.scored or not times:
        return []
    lists = [entries for entries in ([e for e in entries if e[1].rows] for entries in results.by_objective) if entries]
    span = min(times), max(times)
    return [
        ([d for _, d in entries], _objective_panel(entries, span, results, is_alone=len(lists) == 1))
        for entries in lists
    ]


def _objective_panel(
    entries: Entries, span: tuple[datetime, datetime], results: JobResults, *, is_alone: bool
) -> Drawing:
    """Draw the legend, the axes, the line of the best so far, and a mark for each training job."""
    first, last = span
    definitions = [definition for _, definition in entries]
    scored = [row for definition in definitions for row in definition.scored]
    unscored = [row for definition in definitions for row in definition.rows if row.score is None]
    # the line has the colour of the definition if it is the only one and there are other panels
    colour = ACCENT if is_alone or len(entries) > 1 else colour_of(entries[0][0])
    y, x = _objective_scale(definitions), duration_scale((last - first).total_seconds())
    key, height = legend(_objective_legend(entries, unscored, scored, colour, results), 60, 14, _WIDTH)
    below, least = (_STRIP, 74) if unscored else (0, 0)
    frame = create_frame(x, y, _WIDTH, _HEIGHT + height, top=8 + height, below=below, least=least)

    def at(time: datetime | None) -> float:
        """Return the horizontal position of a time; that of the end of the axis for None."""
        return frame.at_x(x.share(((time or last) - first).total_seconds()))

    body = [*key, *frame.axes("", objective_title(definitions, y))]
    title = f"Time since the first training job was created ({x.unit[0]})"
    middle = (frame.left + frame.right) / 2
    body.append(text(middle, frame.bottom + 32 + below, title, text_anchor="middle", font_weight="600"))
    if steps := [(at(time), frame.at_y(y.share(value))) for time, value in _best_so_far(definitions)]:
        path = f"M{steps[0][0]:.1f} {steps[0][1]:.1f}" + "".join(f"H{x:.1f}V{y:.1f}" for x, y in steps[1:])
        path += f"H{frame.right - INSET:.1f}"
        body.append(element("path", d=path, fill="none", stroke=colour, stroke_width=2, _class="best"))
    size = _SMALL if len(scored) > _MANY else _LARGE
    marks = [
        training_job_mark(row, index, (at(row.end), frame.at_y(y.share(row.score))), size)
        for index, definition in entries
        for row in definition.rows
        if row.score is not None
    ]
    body.append(element("g", *marks, _class="jobs"))
    if unscored:
        others = [_unscored_mark(row, at(row.end or row.start or row.created), frame) for row in unscored]
        body.append(text(frame.left - 5, frame.bottom + 32, "no value", text_anchor="end", fill=MUTED))
        body.append(element("g", *others, _class="others"))
    label = f"{objective_title(definitions, y)}, of {len(scored)} training jobs over time, with the best so far"
    return Drawing(width=_WIDTH, height=_HEIGHT + height, label=label, body=tuple(body))


def _unscored_mark(row: Row, x: float, frame: Frame) -> ET.Element:
    """Draw a training job without a value below the frame: a cross, or a circle with a line if it is running."""
    y = frame.bottom + 28
    if row.end:
        return with_tooltip(mark("cross", x, y, 3.5, stroke=BAD, stroke_width=1.6), tooltip(row))
    line = element("path", d=f"M{x:.1f} {y:.1f}H{frame.right:g}", stroke=MUTED, stroke_dasharray="2 3")
    return with_tooltip(element("g", line, mark("circle", x, y, 3.2, fill="#fff", stroke=MUTED)), tooltip(row))


def _objective_legend(
    entries: Entries, unscored: Sequence[Row], scored: Sequence[Row], colour: str, results: JobResults
) -> list[tuple[ET.Element, str]]:
    """Return the marks of the legend with their names. Marks that the panel does not use are omitted."""
    marks: list[tuple[ET.Element, str]] = []
    for index, definition in entries:
        name = (definition.name or "other") if len(results.definitions) > 1 else "training job"
        marks.append((mark(mark_of(index), 0, 0, 4, fill=colour_of(index)), name))
    if any(row.status != "Completed" for row in scored):
        marks.append((mark("circle", 0, 0, 4, fill="#fff", stroke=INK), "not completed"))
    if any(row.end for row in scored):
        marks.append((element("path", d="M-8 0H8", stroke=colour, stroke_width=2), "best so far"))
    if any(row.end for row in unscored):
        marks.append((mark("cross", 0, 0, 4, stroke=BAD, stroke_width=1.6), "ended without a value"))
    if any(not row.end for row in unscored):
        marks.append((mark("circle", 0, 0, 3.5, fill="none", stroke=MUTED), "running"))
    return marks


def timeline_drawing(results: JobResults) -> Drawing | None:
    """Draw each training job as a bar from its start to its end, in the first slot that is free at its start.

    The number of slots is the number of training jobs that ran at the same time. None if none has started.
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
    key, height = legend(_timeline_legend(results), 60, 14, _WIDTH)
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


def _timeline_legend(results: JobResults) -> list[tuple[ET.Element, str]]:
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
    """Draw a panel for each objective with values, with a line for each training job: its values over its own time."""
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
