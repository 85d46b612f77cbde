"""The plots over time: the objective of each training job, when it ran, and its learning curve."""

from __future__ import annotations

import heapq
from functools import partial
from operator import itemgetter
from typing import TYPE_CHECKING

from hptsdk.progress import format_number
from hptsdk.report._axes import INSET, Frame, Scale, duration_scale, number_scale
from hptsdk.report._results import best_first
from hptsdk.report._svg import (
    ACCENT,
    BAD,
    INK,
    MUTED,
    WIDTH,
    colour_of,
    element,
    hollow,
    legend,
    mark,
    mark_of,
    text,
    with_tooltip,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from xml.etree import ElementTree as ET

    from hptsdk.report._results import Curve, Definition, JobResults, Row
    from hptsdk.report._svg import Drawing, Section

    # whether the panel uses the entry, its mark at the position 0, 0, and its label
    Entry = tuple[bool, ET.Element, str]

_HEIGHT, _CURVES_HEIGHT = 340, 300

# The height of the strip for training jobs without a value.
_STRIP = 22

# The sizes of marks. More than this number of marks overlap, so they are smaller.
MANY, _SMALL, _LARGE = 120, 2.6, 4.0

# The maximum heights of a row of the timeline and of all rows, in pixels.
_ROW_HEIGHT, _ROWS_HEIGHT = 16, 640

# The maximum number of parts of a curve; of a longer one, the lowest and the highest value of each part are drawn.
_MAX_PARTS = 100


def objective_scale(definitions: Sequence[Definition]) -> Scale:
    """Create the scale of the objective of these definitions.

    It is logarithmic only if small values are better, because a logarithmic scale gives more space to small values.
    """
    values = [row.score for definition in definitions for row in definition.rows if row.score is not None]
    if not values:
        # an axis without numbers
        return Scale(categories=("",))
    return number_scale(values, may_be_log=definitions[0].minimizes)


def tooltip(row: Row) -> str:
    """Return the name of a training job with its objective value, or with its status and failure reason."""
    if row.value is not None:
        return f"{row.name}: {row.metric or 'objective'} {format_number(row.value)}"
    return f"{row.name}: {row.status}{f', {row.reason}' if row.reason else ''}"


def training_job_mark(
    row: Row, definition: Definition, position: tuple[float, float], size: float, note: str = ""
) -> ET.Element:
    """Draw a training job as the mark of its definition, hollow if it did not complete.

    The tooltip defaults to the name and the objective value.
    """
    (x, y), colour = position, colour_of(definition.index)
    fill = {"fill": colour} if row.status == "Completed" else hollow(colour)
    return with_tooltip(mark(mark_of(definition.index), x, y, size, **fill), note or tooltip(row))


def _best_so_far(definitions: Sequence[Definition]) -> list[tuple[datetime, float]]:
    """Return the times at which the best value changed, with the new value."""
    better = min if definitions[0].minimizes else max
    rows = [row for definition in definitions for row in definition.rows]
    steps: list[tuple[datetime, float]] = []
    for time, value in sorted((row.end, row.score) for row in rows if row.end and row.score is not None):
        if not steps or better(value, steps[-1][1]) != steps[-1][1]:
            steps.append((time, value))
    return steps


def _sections(panels: Sequence[tuple[Definition, Drawing]]) -> list[Section]:
    """Return the panels of objectives, with the objectives as their headings if there are several."""
    return [(definition.direction if len(panels) > 1 else "", [drawing]) for definition, drawing in panels]


def objective_sections(results: JobResults) -> list[Section]:
    """Draw a panel for each objective, all with the same time axis; none without an objective value or a time."""
    times = [time for row in results.rows for time in (row.created, row.start, row.end) if time]
    if not results.scored or not times:
        return []
    lists = [used for each in results.by_objective if (used := [definition for definition in each if definition.rows])]
    draw = partial(_objective_panel, results, first=min(times), last=max(times), is_alone=len(lists) == 1)
    return _sections([(definitions[0], draw(definitions)) for definitions in lists])


def _legend(
    results: JobResults, definitions: Sequence[Definition], name: str, entries: Sequence[Entry], shape: str = ""
) -> tuple[list[ET.Element], float]:
    """Draw the legend of a panel, and return its elements and its height.

    It has an entry for each definition, called `name` if there is only one, and the entries that the panel uses. The
    shape of marks defaults to that of their definition.
    """
    marks: list[tuple[ET.Element, str]] = []
    for definition in definitions:
        symbol = mark(shape or mark_of(definition.index), 0, 0, 4, fill=colour_of(definition.index))
        marks.append((symbol, (definition.name or "other") if len(results.definitions) > 1 else name))
    return legend([*marks, *((symbol, name) for is_used, symbol, name in entries if is_used)])


def _objective_panel(
    results: JobResults, definitions: Sequence[Definition], first: datetime, last: datetime, *, is_alone: bool
) -> Drawing:
    """Draw the legend, the axes, the line of the best so far, and a mark for each training job."""
    scored = [row for definition in definitions for row in definition.scored]
    unscored = [row for definition in definitions for row in definition.rows if row.score is None]
    # the line has the colour of the definition if it is the only one and there are other panels
    colour = ACCENT if is_alone or len(definitions) > 1 else colour_of(definitions[0].index)
    entries = [
        (any(row.status != "Completed" for row in scored), mark("circle", 0, 0, 4, **hollow(INK)), "not completed"),
        (any(row.end for row in scored), element("path", d="M-8 0H8", stroke=colour, stroke_width=2), "best so far"),
        (
            any(row.end for row in unscored),
            mark("cross", 0, 0, 4, stroke=BAD, stroke_width=1.6),
            "ended without a value",
        ),
        (not all(row.end for row in unscored), mark("circle", 0, 0, 3.5, **hollow(MUTED)), "running"),
    ]
    marks_of_legend, height = _legend(results, definitions, "training job", entries)
    gap, min_left = (_STRIP, 74) if unscored else (0, 0)
    y, x = objective_scale(definitions), duration_scale((last - first).total_seconds())
    frame = Frame(x, y, WIDTH, _HEIGHT + height, top=8 + height, gap=gap, min_left=min_left)

    def position(time: datetime | None, value: float) -> tuple[float, float]:
        """Return the position of a value at a time; at the end of the axis for None."""
        return frame.position(((time or last) - first).total_seconds(), value)

    body = [*marks_of_legend]
    if steps := [position(*step) for step in _best_so_far(definitions)]:
        path = f"M{steps[0][0]:.1f} {steps[0][1]:.1f}" + "".join(f"H{x:.1f}V{y:.1f}" for x, y in steps[1:])
        path += f"H{frame.right - INSET:.1f}"
        body.append(element("path", d=path, fill="none", stroke=colour, stroke_width=2, _class="best"))
    size = _SMALL if len(scored) > MANY else _LARGE
    marks = [
        training_job_mark(row, definition, position(row.end, row.score), size)
        for definition in definitions
        for row in definition.rows
        if row.score is not None
    ]
    body.append(element("g", *marks, _class="jobs"))
    if unscored:
        others = [_unscored_mark(row, position(row.end or row.start or row.created, 0)[0], frame) for row in unscored]
        body.append(text(frame.left - 5, frame.bottom + 32, "no value", text_anchor="end", fill=MUTED))
        body.append(element("g", *others, _class="others"))
    objective = f"{definitions[0].metric}{y.suffix}, {definitions[0].better}"
    label = f"{objective}, of {len(scored)} training jobs over time, with the best so far"
    return frame.drawing(label, f"Time since the first training job was created ({x.unit[0]})", objective, *body)


def _unscored_mark(row: Row, x: float, frame: Frame) -> ET.Element:
    """Draw a training job without a value below the frame: a cross, or a circle with a line if it is running."""
    y = frame.bottom + 28
    if row.end:
        return with_tooltip(mark("cross", x, y, 3.5, stroke=BAD, stroke_width=1.6), tooltip(row))
    line = element("path", d=f"M{x:.1f} {y:.1f}H{frame.right:g}", stroke=MUTED, stroke_dasharray="2 3")
    return with_tooltip(element("g", line, mark("circle", x, y, 3.2, **hollow(MUTED))), tooltip(row))


def timeline_drawing(results: JobResults) -> Drawing | None:
    """Draw each training job as a bar from its start to its end, in the first row that is free at its start.

    Without a start, the bar begins at the creation. Return None if no training job has such a time.
    """
    started = [
        (begin, row, definition)
        for definition in results.definitions
        for row in definition.rows
        if (begin := row.start or row.created) is not None
    ]
    if not started:
        return None
    started.sort(key=lambda entry: (entry[0], entry[1].name))
    first = started[0][0]
    last = max(time for begin, row, _ in started for time in (begin, row.end) if time)
    positions = _free_rows([(begin, row.end or last) for begin, row, _ in started])
    count = max(positions) + 1
    row_height = min(_ROW_HEIGHT, _ROWS_HEIGHT / count)
    others = {(row.status == "Failed", row.end is None) for row in results.rows if row.status != "Completed"}
    square, outline = partial(mark, "square", 0, 0, 4), hollow(INK)
    entries = [
        (any(failed for failed, _ in others), square(fill=BAD), "failed"),
        ((False, False) in others, square(**outline), "stopped"),
        ((False, True) in others, square(**outline, stroke_dasharray="3 2"), "running"),
    ]
    marks_of_legend, height = _legend(
        results, [each for each in results.definitions if each.rows], "completed", entries, "square"
    )
    x = duration_scale((last - first).total_seconds())
    total = 8 + height + 2 * INSET + count * row_height + 40
    y = Scale(categories=tuple(str(number) for number in range(count, 0, -1)))
    frame = Frame(x, y, WIDTH, total, top=8 + height)
    bars: list[ET.Element] = []
    for (begin, row, definition), index in zip(started, positions, strict=True):
        left, right = (frame.at_x(x.fraction((time - first).total_seconds())) for time in (begin, row.end or last))
        bar = element(
            "rect",
            x=left,
            y=frame.top + INSET + index * row_height + 1,
            width=max(1.5, right - left),
            height=max(1, row_height - 2),
            **_appearance(row, definition),
        )
        bars.append(with_tooltip(bar, tooltip(row)))
    label = f"When each of {len(started)} training jobs ran, in {count} rows"
    title = f"Time since the first training job started ({x.unit[0]})"
    return frame.drawing(label, title, "Row", *marks_of_legend, element("g", *bars, _class="jobs"))


def _free_rows(spans: Sequence[tuple[datetime, datetime]]) -> list[int]:
    """Return the first row that is free for each span of time. The spans are sorted by their starts."""
    running: list[tuple[datetime, int]] = []
    free: list[int] = []
    rows: list[int] = []
    for start, end in spans:
        while running and running[0][0] <= start:
            heapq.heappush(free, heapq.heappop(running)[1])
        rows.append(heapq.heappop(free) if free else len(running))
        heapq.heappush(running, (end, rows[-1]))
    return rows


def _appearance(row: Row, definition: Definition) -> dict[str, str]:
    """Return the attributes of the bar of a training job, by its status."""
    colour = BAD if row.status == "Failed" else colour_of(definition.index)
    if row.status in {"Completed", "Failed"}:
        return {"fill": colour, "stroke": "#fff", "stroke_width": "0.5"}
    return hollow(colour) | ({} if row.end else {"stroke_dasharray": "3 2"})


def curve_sections(results: JobResults, curves: Mapping[str, Curve]) -> list[Section]:
    """Draw a panel for each objective with values, with a line for each training job: its values over its own time."""
    panels: list[tuple[Definition, Drawing]] = []
    for definitions in results.by_objective:
        lines = {
            row: (definition, _thinned(curves[row.name]))
            for definition in definitions
            for row in definition.rows
            if curves.get(row.name)
        }
        if lines:
            panels.append((definitions[0], _curves_panel(definitions[0], lines)))
    return _sections(panels)


def _curves_panel(objective: Definition, lines: Mapping[Row, tuple[Definition, Curve]]) -> Drawing:
    """Draw the curves of training jobs with the same objective, the best one above the others."""
    begins = {row: row.start or values[0][0] for row, (_, values) in lines.items()}
    seconds = max((values[-1][0] - begins[row]).total_seconds() for row, (_, values) in lines.items())
    x = duration_scale(max(seconds, 1.0))
    y = number_scale([value for _, values in lines.values() for _, value in values], may_be_log=objective.minimizes)
    frame = Frame(x, y, WIDTH, _CURVES_HEIGHT)
    scored = [row for row in lines if row.score is not None]
    best = best_first(scored, minimizes=objective.minimizes)[0] if scored else None
    drawn: list[ET.Element] = []
    for row, (definition, values) in sorted(lines.items(), key=lambda line: line[0] is best):
        is_best = row is best
        points = [
            "{:.1f} {:.1f}".format(*frame.position((time - begins[row]).total_seconds(), value))
            for time, value in values
        ]
        path = element(
            "path",
            d=f"M{'L'.join(points)}" + ("h0.1" if len(points) == 1 else ""),
            fill="none",
            stroke=ACCENT if is_best else colour_of(definition.index),
            stroke_width=2 if is_best else 1,
            stroke_linecap="round",
            opacity="1" if is_best else "0.45",
        )
        drawn.append(with_tooltip(path, tooltip(row)))
    title = f"{objective.metric}{y.suffix}, {objective.better}"
    body = [element("g", *drawn, _class="jobs")]
    if best:
        body.append(text(frame.right, frame.top + 10, "best training job", text_anchor="end", fill=ACCENT))
    label = f"{title}, of {len(lines)} training jobs while they trained"
    return frame.drawing(label, f"Time since the training job started ({x.unit[0]})", title, *body)


def _thinned(values: Curve) -> Curve:
    """Return the values to draw: all of a short curve; of a long one, the extremes of each part and the last value."""
    if len(values) <= 2 * _MAX_PARTS:
        return values
    size = -(-len(values) // _MAX_PARTS)
    parts = [values[start : start + size] for start in range(0, len(values), size)]
    extremes = [{min(part, key=itemgetter(1)), max(part, key=itemgetter(1))} for part in parts]
    return [value for part in extremes for value in sorted(part)] + [values[-1]]
