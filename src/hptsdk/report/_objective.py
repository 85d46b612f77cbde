"""The objective of each training job over time, with the best so far."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import attrs

from hptsdk.report._axes import INSET, Frame, frame_of, legend
from hptsdk.report._labels import written
from hptsdk.report._scales import Scale, duration_scale, number_scale
from hptsdk.report._style import ACCENT, BAD, INK, MUTED, colour_of, mark_of
from hptsdk.report._svg import Drawing, mark, node, text, with_tip

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from xml.etree import ElementTree as ET

    from hptsdk.report._study import Group, Row, Study

__all__ = ["best_so_far", "dot", "objective_drawings", "objective_scale", "objective_scales", "title_of", "told"]

# When a value was the best, and which.
Step = tuple[datetime, float]

_WIDTH, _HEIGHT = 860, 340

# The strip below the picture, for training jobs without a value.
_LANE = 22

# More marks than this lie over each other, and are drawn smaller.
_MANY, _SMALL, _LARGE = 120, 2.6, 4.0


def objective_scale(groups: Sequence[Group]) -> Scale:
    """Make the scale of definitions with the same aim: by magnitude where that spreads the good end."""
    values = [row.score for group in groups for row in group.rows if row.score is not None]
    if not values:
        # an axis without numbers
        return Scale(texts=("",))
    return number_scale(values, may_be_log=all(group.minimizes for group in groups))


def objective_scales(study: Study) -> dict[tuple[str, bool], Scale]:
    """Make a scale for each metric and direction."""
    return {aim[0][1].aim: objective_scale([group for _, group in aim]) for aim in study.aims}


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
    """Draw a training job as its definition's mark: hollow where it did not complete."""
    colour = colour_of(index)
    drawn = mark(mark_of(index), *place, size, fill=colour)
    if row.status != "Completed":
        drawn.set("fill", "#fff")
        drawn.set("stroke", colour)
    return with_tip(drawn, tip or told(row))


def best_so_far(groups: Iterable[Group]) -> list[Step]:
    """Give the times at which the best value changed, with the first and what it was from then on."""
    given = list(groups)
    better = min if all(group.minimizes for group in given) else max
    ended = [(row.end, row.score) for group in given for row in group.rows if row.end and row.score is not None]
    found: list[Step] = []
    for moment, value in sorted(ended):
        if not found or better(value, found[-1][1]) != found[-1][1]:
            found.append((moment, value))
    return found


def objective_drawings(study: Study) -> list[tuple[Sequence[Group], Drawing]]:
    """Draw a panel for each metric and direction, all over the same time.

    None is drawn where no training job has a value yet, or none says when it was.
    """
    moments = [moment for row in study.rows for moment in (row.created, row.begin, row.end) if moment]
    if not study.scored or not moments:
        return []
    aims = [[(index, group) for index, group in aim if group.rows] for aim in study.aims]
    aims = [aim for aim in aims if aim]
    are_alone = len(aims) == 1
    return [
        ([group for _, group in aim], _Panel(aim, min(moments), max(moments), len(study.groups), are_alone).drawing())
        for aim in aims
    ]


@attrs.frozen
class _Panel:
    """The definitions of one metric and direction."""

    aim: Sequence[tuple[int, Group]]
    first: datetime
    last: datetime
    definitions: int
    is_alone: bool

    @property
    def groups(self) -> list[Group]:
        return [group for _, group in self.aim]

    @property
    def colour(self) -> str:
        """The colour of the best so far: that of its definition where other panels have others."""
        return ACCENT if self.is_alone or len(self.aim) > 1 else colour_of(self.aim[0][0])

    def drawing(self) -> Drawing:
        groups = self.groups
        scored = [row for group in groups for row in group.scored]
        lane = [row for group in groups for row in group.rows if row.score is None]
        y, x = objective_scale(groups), duration_scale((self.last - self.first).total_seconds())
        sign, high = legend(self._legend(lane, scored), 60, 14, _WIDTH)
        below, least = (_LANE, 74) if lane else (0, 0)
        frame = frame_of(x, y, _WIDTH, _HEIGHT + high, top=8 + high, below=below, least=least)
        time = _Timeline(frame=frame, first=self.first, last=self.last)
        body = [*sign, *frame.axes("", title_of(groups, y))]
        title = f"Time since the first training job was created ({x.unit[0]})"
        middle = (frame.left + frame.right) / 2
        body.append(text(middle, frame.bottom + 32 + below, title, text_anchor="middle", font_weight="600"))
        body += [time.line(steps, self.colour) for steps in [best_so_far(groups)] if steps]
        size = _SMALL if len(scored) > _MANY else _LARGE
        marks = [
            dot(row, index, time.place(row.end, row.score), size)
            for index, group in self.aim
            for row in group.rows
            if row.score is not None
        ]
        body.append(node("g", *marks, _class="jobs"))
        body += time.lane(lane) if lane else []
        label = f"{title_of(groups, y)}, of {len(scored)} training jobs over time, with the best so far"
        return Drawing(width=_WIDTH, height=_HEIGHT + high, label=label, body=tuple(body))

    def _legend(self, lane: Sequence[Row], scored: Sequence[Row]) -> list[tuple[ET.Element, str]]:
        entries: list[tuple[ET.Element, str]] = []
        for index, group in self.aim:
            name = (group.name or "other") if self.definitions > 1 else "training job"
            entries.append((mark(mark_of(index), 0, 0, 4, fill=colour_of(index)), name))
        if any(row.status != "Completed" for row in scored):
            entries.append((mark("circle", 0, 0, 4, fill="#fff", stroke=INK), "not completed"))
        if any(row.end for row in scored):
            entries.append((node("path", d="M-8 0H8", stroke=self.colour, stroke_width=2), "best so far"))
        if any(row.end for row in lane):
            entries.append((mark("cross", 0, 0, 4, stroke=BAD, stroke_width=1.6), "ended without a value"))
        if any(not row.end for row in lane):
            entries.append((mark("circle", 0, 0, 3.5, fill="none", stroke=MUTED), "running"))
        return entries


@attrs.frozen
class _Timeline:
    """Where moments lie; what has no end yet lies at the last."""

    frame: Frame
    first: datetime
    last: datetime

    def across(self, moment: datetime | None) -> float:
        return self.frame.at_x(self.frame.x.share(((moment or self.last) - self.first).total_seconds()))

    def place(self, moment: datetime | None, value: float) -> tuple[float, float]:
        return self.across(moment), self.frame.at_y(self.frame.y.share(value))

    def line(self, steps: Sequence[Step], colour: str) -> ET.Element:
        """Draw the best so far, on to the end."""
        begin, *later = [self.place(moment, value) for moment, value in steps]
        path = f"M{begin[0]:.1f} {begin[1]:.1f}" + "".join(f"H{x:.1f}V{y:.1f}" for x, y in later)
        path += f"H{self.frame.right - INSET:.1f}"
        return node("path", d=path, fill="none", stroke=colour, stroke_width=2, _class="best")

    def lane(self, rows: Sequence[Row]) -> list[ET.Element]:
        """Draw those without a value below: crosses where they ended, and a line from where they run."""
        y = self.frame.bottom + 28
        marks: list[ET.Element] = []
        for row in rows:
            x = self.across(row.end or row.begin or row.created)
            if row.end:
                marks.append(with_tip(mark("cross", x, y, 3.5, stroke=BAD, stroke_width=1.6), told(row)))
            else:
                marks.append(
                    node("path", d=f"M{x:.1f} {y:.1f}H{self.frame.right:g}", stroke=MUTED, stroke_dasharray="2 3")
                )
                marks.append(with_tip(mark("circle", x, y, 3.2, fill="#fff", stroke=MUTED), told(row)))
        label = text(self.frame.left - 5, y + 4, "no value", text_anchor="end", fill=MUTED)
        return [label, node("g", *marks, _class="others")]
