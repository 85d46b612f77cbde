"""The pictures of a tuning job, for notebooks and files."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import attrs

from hptsdk.report._importance import importance_drawing, too_few
from hptsdk.report._objective import objective_drawings
from hptsdk.report._parallel import parallel_drawings
from hptsdk.report._slices import slice_drawings
from hptsdk.report._style import MUTED
from hptsdk.report._svg import Drawing, clean, stacked, text

if TYPE_CHECKING:
    from hptsdk.report._study import Group, Study

__all__ = ["JobPlots", "Picture"]

# Panels stand beside each other up to this width; a drawing that is wider scrolls.
_WIDTH = 860
_PANELS = 3


# A heading, and what is drawn below it.
_Part = tuple[str, tuple[Drawing, ...]]


def _sentence(words: str) -> Drawing:
    """Say why there is no picture, in its place."""
    return Drawing(_WIDTH, 40, words, (text(10, 25, words, fill=MUTED, size=13, room=_WIDTH - 20),))


@attrs.frozen(eq=False)
class Picture:
    """A picture as SVG, which needs no script and no network; notebooks show it.

    Attributes:
        title: what it shows.
        missing: why there is nothing to draw, as a sentence; empty where there is.
    """

    title: str
    missing: str = ""
    _parts: tuple[_Part, ...] = attrs.field(default=(), repr=False, alias="parts")

    @property
    def svg(self) -> str:
        """The whole picture as the text of an SVG file."""
        if self.missing:
            return _sentence(self.missing).markup()
        rows: list[Drawing] = []
        for heading, drawings in self._parts:
            if heading:
                rows.append(Drawing(_WIDTH, 30, heading, (text(8, 20, heading, size=14, room=840, font_weight="600"),)))
            rows.append(drawings[0] if len(drawings) == 1 else stacked(self.title, drawings, _PANELS))
        return (rows[0] if len(rows) == 1 else stacked(self.title, rows, 1)).markup()

    @property
    def html(self) -> str:
        """The picture as a part of a page, where panels flow into as many columns as there is room for."""
        if self.missing:
            return f"<p>{escape(clean(self.missing))}</p>"
        found: list[str] = []
        for heading, drawings in self._parts:
            found.append(f"<h4>{escape(clean(heading))}</h4>" if heading else "")
            drawn = "".join(drawing.html(_WIDTH) for drawing in drawings)
            found.append(f'<div style="display:flex;flex-wrap:wrap;overflow-x:auto">{drawn}</div>')
        return "".join(found)

    def _repr_svg_(self) -> str:
        return self.svg

    def _repr_html_(self) -> str:
        return self.html


@attrs.frozen(eq=False, repr=False)
class JobPlots:
    """The pictures of a tuning job as it stood when they were asked for; made by `hptsdk.TuningJob.plots`.

    A notebook shows all of them for the object, and each for itself.
    """

    _study: Study

    def __repr__(self) -> str:
        """Show what they are of."""
        return f"JobPlots(name={self._study.name!r}, training_jobs={len(self._study.rows)})"

    @property
    def objective(self) -> Picture:
        """The objective of each training job over time, and the best so far."""
        title = "Objective over time"
        drawn = objective_drawings(self._study)
        if not drawn:
            missing = "No training job says when it ran." if self._study.scored else self._none_scored
            return Picture(title, missing=missing)
        are_several = len(drawn) > 1
        parts = [(groups[0].direction if are_several else "", (drawing,)) for groups, drawing in drawn]
        return Picture(title, parts=tuple(parts))

    @property
    def slices(self) -> Picture:
        """Each hyperparameter against the objective."""
        title = "Hyperparameters against the objective"
        found = [(self._heading(group), tuple(drawings)) for group, drawings in slice_drawings(self._study) if drawings]
        return Picture(title, missing="" if found else self._nothing_tried, parts=tuple(found))

    @property
    def parallel(self) -> Picture:
        """All hyperparameters at once: a line for each training job, dark where its objective is good."""
        title = "All hyperparameters at once"
        found = [(self._heading(group), (drawing,)) for group, drawing in parallel_drawings(self._study)]
        return Picture(title, missing="" if found else self._nothing_tried, parts=tuple(found))

    @property
    def importance(self) -> Picture:
        """How much each hyperparameter had to do with the best objectives, by Optuna's PED-ANOVA (extra `local`)."""
        title = "Importance of hyperparameters"
        found: list[_Part] = []
        missing: list[str] = []
        for index, group in enumerate(self._study.groups):
            why = too_few(group, has_ended=self._study.has_ended)
            drawing = None if why else importance_drawing(group, index)
            if drawing is None:
                missing.append(why or "Importance can't be measured: too few training jobs tried all hyperparameters.")
            found.append((self._heading(group), (drawing or _sentence(missing[-1]),)))
        if len(missing) < len(found):
            return Picture(title, parts=tuple(found))
        if len(set(missing)) == 1:
            return Picture(title, missing=missing[0])
        told = (f"{group.name or 'Other'}: {why}" for group, why in zip(self._study.groups, missing, strict=True))
        return Picture(title, missing=" ".join(told))

    @property
    def _nothing_tried(self) -> str:
        return "No hyperparameter has been tried." if self._study.scored else self._none_scored

    @property
    def _none_scored(self) -> str:
        return f"No training job has an objective{'' if self._study.has_ended else ' yet'}."

    def _heading(self, group: Group) -> str:
        """Name a definition, where there are several."""
        return f"{group.name or 'Other'} ({group.direction})" if len(self._study.groups) > 1 else ""

    @property
    def html(self) -> str:
        """All pictures as a part of a page."""
        if not self._study.scored:
            return f"<p>{self._none_scored}</p>"
        pictures = (self.objective, self.importance, self.slices, self.parallel)
        return "".join(f"<h3>{escape(picture.title)}</h3>{picture.html}" for picture in pictures)

    def _repr_html_(self) -> str:
        return self.html
