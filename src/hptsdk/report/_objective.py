"""The objective of each training job over time, with the best so far."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import attrs

from hptsdk.progress import format_number
from hptsdk.report._axes import INSET, Frame, create_frame, legend
from hptsdk.report._scales import Scale, duration_scale, number_scale
from hptsdk.report._svg import ACCENT, BAD, INK, MUTED, Drawing, colour_of, element, mark, mark_of, text, with_tooltip

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from xml.etree import ElementTree as ET

    from hptsdk.report._results import Definition, JobResults, Row

__all__ = ["objective_drawings", "objective_scales", "objective_title", "tooltip", "training_job_mark"]

# The time of a new best value, and the value.
_Step = tuple[datetime, float]

_WIDTH, _HEIGHT = 860, 340

# The height of the strip for training jobs without a value.
_STRIP = 22

# The sizes of marks; many marks overlap, so they are smaller.
_MANY, _SMALL, _LARGE = 120, 2.6, 4.0


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
    """Return the title of the axis of an objective, such as "loss (log), smaller is better".

    Args:
        definitions: the definitions with this objective.
        scale: the scale of the axis.
        direction: whether the title has the better direction. Defaults to True.
    """
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

    Args:
        row: the training job.
        index: the index of its definition, which selects the shape and the colour of the mark.
        position: the horizontal and the vertical position of the mark, in pixels.
        size: the size of the mark in pixels.
        note: the tooltip. Defaults to the name and the objective value.
    """
    colour = colour_of(index)
    drawn = mark(mark_of(index), *position, size, fill=colour)
    if row.status != "Completed":
        drawn.set("fill", "#fff")
        drawn.set("stroke", colour)
    return with_tooltip(drawn, note or tooltip(row))


def _best_so_far(definitions: Iterable[Definition]) -> list[_Step]:
    """Return the times at which the best value changed, with the new value."""
    listed = list(definitions)
    better = min if all(definition.minimizes for definition in listed) else max
    rows = [row for definition in listed for row in definition.rows]
    steps: list[_Step] = []
    for time, value in sorted((row.end, row.score) for row in rows if row.end and row.score is not None):
        if not steps or better(value, steps[-1][1]) != steps[-1][1]:
            steps.append((time, value))
    return steps


def objective_drawings(results: JobResults) -> list[tuple[Sequence[Definition], Drawing]]:
    """Draw a panel for each objective, with the same time axis.

    Args:
        results: the table of the training jobs.

    Returns:
        The panels with their definitions. The list is empty if no training job has an objective value or a time.
    """
    times = [time for row in results.rows for time in (row.created, row.start, row.end) if time]
    if not results.scored or not times:
        return []
    lists = [[entry for entry in entries if entry[1].rows] for entries in results.by_objective]
    panels = [
        _Panel(entries, min(times), max(times), len(results.definitions), is_alone=len([*filter(None, lists)]) == 1)
        for entries in lists
        if entries
    ]
    return [(panel.definitions, panel.drawing()) for panel in panels]


@attrs.frozen
class _Panel:
    """The panel of one objective.

    Attributes:
        entries: the definitions with this objective, and their indices.
        first: the start of the time axis.
        last: the end of the time axis.
        definition_count: the number of definitions of the tuning job.
        is_alone: whether the plot has no other panel.
    """

    entries: Sequence[tuple[int, Definition]]
    first: datetime
    last: datetime
    definition_count: int
    is_alone: bool

    @property
    def definitions(self) -> list[Definition]:
        """The definitions with this objective."""
        return [definition for _, definition in self.entries]

    @property
    def colour(self) -> str:
        """The colour of the best so far: that of the definition if it is the only one and there are other panels."""
        return ACCENT if self.is_alone or len(self.entries) > 1 else colour_of(self.entries[0][0])

    def drawing(self) -> Drawing:
        """Draw the legend, the axes, the line of the best so far, and a mark for each training job."""
        definitions = self.definitions
        scored = [row for definition in definitions for row in definition.scored]
        unscored = [row for definition in definitions for row in definition.rows if row.score is None]
        y, x = _objective_scale(definitions), duration_scale((self.last - self.first).total_seconds())
        key, height = legend(self._legend(unscored, scored), 60, 14, _WIDTH)
        below, least = (_STRIP, 74) if unscored else (0, 0)
        frame = create_frame(x, y, _WIDTH, _HEIGHT + height, top=8 + height, below=below, least=least)
        timeline = _Timeline(frame=frame, first=self.first, last=self.last)
        body = [*key, *frame.axes("", objective_title(definitions, y))]
        title = f"Time since the first training job was created ({x.unit[0]})"
        middle = (frame.left + frame.right) / 2
        body.append(text(middle, frame.bottom + 32 + below, title, text_anchor="middle", font_weight="600"))
        if steps := _best_so_far(definitions):
            body.append(timeline.line(steps, self.colour))
        size = _SMALL if len(scored) > _MANY else _LARGE
        marks = [
            training_job_mark(row, index, timeline.position(row.end, row.score), size)
            for index, definition in self.entries
            for row in definition.rows
            if row.score is not None
        ]
        body.append(element("g", *marks, _class="jobs"))
        body += timeline.strip(unscored) if unscored else []
        label = f"{objective_title(definitions, y)}, of {len(scored)} training jobs over time, with the best so far"
        return Drawing(width=_WIDTH, height=_HEIGHT + height, label=label, body=tuple(body))

    def _legend(self, unscored: Sequence[Row], scored: Sequence[Row]) -> list[tuple[ET.Element, str]]:
        """Return the marks of the legend with their names. Marks that the panel does not use are omitted."""
        entries: list[tuple[ET.Element, str]] = []
        for index, definition in self.entries:
            name = (definition.name or "other") if self.definition_count > 1 else "training job"
            entries.append((mark(mark_of(index), 0, 0, 4, fill=colour_of(index)), name))
        if any(row.status != "Completed" for row in scored):
            entries.append((mark("circle", 0, 0, 4, fill="#fff", stroke=INK), "not completed"))
        if any(row.end for row in scored):
            entries.append((element("path", d="M-8 0H8", stroke=self.colour, stroke_width=2), "best so far"))
        if any(row.end for row in unscored):
            entries.append((mark("cross", 0, 0, 4, stroke=BAD, stroke_width=1.6), "ended without a value"))
        if any(not row.end for row in unscored):
            entries.append((mark("circle", 0, 0, 3.5, fill="none", stroke=MUTED), "running"))
        return entries


@attrs.frozen
class _Timeline:
    """The positions of times in a frame.

    Attributes:
        frame: the frame of the panel.
        first: the start of the time axis.
        last: the end of the time axis, which is also the position of training jobs that have not ended.
    """

    frame: Frame
    first: datetime
    last: datetime

    def at(self, time: datetime | None) -> float:
        """Return the horizontal position of a time, in pixels; that of the end of the axis for None."""
        return self.frame.at_x(self.frame.x.share(((time or self.last) - self.first).total_seconds()))

    def position(self, time: datetime | None, value: float) -> tuple[float, float]:
        """Return the horizontal and the vertical position of an objective value at a time, in pixels."""
        return self.at(time), self.frame.at_y(self.frame.y.share(value))

    def line(self, steps: Sequence[_Step], colour: str) -> ET.Element:
        """Draw the best value so far as a step line to the end of the axis."""
        (x, y), *later = [self.position(time, value) for time, value in steps]
        path = f"M{x:.1f} {y:.1f}" + "".join(f"H{x:.1f}V{y:.1f}" for x, y in later)
        path += f"H{self.frame.right - INSET:.1f}"
        return element("path", d=path, fill="none", stroke=colour, stroke_width=2, _class="best")

    def strip(self, rows: Sequence[Row]) -> list[ET.Element]:
        """Draw the training jobs without a value in a strip below the frame.

        A training job that has ended is a cross at its end time. A running one is a circle at its start time with a
        line to the end of the axis.
        """
        y = self.frame.bottom + 28
        marks: list[ET.Element] = []
        for row in rows:
            x = self.at(row.end or row.start or row.created)
            if row.end:
                symbol = mark("cross", x, y, 3.5, stroke=BAD, stroke_width=1.6)
            else:
                path = f"M{x:.1f} {y:.1f}H{self.frame.right:g}"
                marks.append(element("path", d=path, stroke=MUTED, stroke_dasharray="2 3"))
                symbol = mark("circle", x, y, 3.2, fill="#fff", stroke=MUTED)
            marks.append(with_tooltip(symbol, tooltip(row)))
        label = text(self.frame.left - 5, y + 4, "no value", text_anchor="end", fill=MUTED)
        return [label, element("g", *marks, _class="others")]
