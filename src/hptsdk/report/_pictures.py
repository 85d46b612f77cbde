"""The plots of a tuning job, for notebooks and files."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import attrs

from hptsdk.report._hyperparameter_plots import importance_drawing, parallel_drawings, slice_drawings
from hptsdk.report._svg import MUTED, WIDTH, Drawing, grid, text, xml_text
from hptsdk.report._time_plots import curve_sections, objective_sections, timeline_drawing

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from hptsdk.report._results import Curve, Definition, JobResults
    from hptsdk.report._svg import Section

# The number of panels in a row.
_PANELS = 3


def _sentence(reason: str) -> Drawing:
    """Draw the sentence that explains why a plot is missing."""
    return Drawing(WIDTH, 40, reason, (text(10, 25, reason, fill=MUTED, size=13, width=WIDTH - 20),))


@attrs.frozen(eq=False)
class Picture:
    """A plot of `JobPlots` as SVG, without scripts and without references to other files. Notebooks display it.

    Attributes:
        title: the title of the plot.
        missing: the sentence that explains why the plot cannot be drawn. Defaults to empty text.

    Example:
        >>> import hptsdk
        >>> from hptsdk.testing import StubTransport
        >>> stub = StubTransport({"HyperParameterTuningJobName": "demo"}, {"TrainingJobSummaries": []})
        >>> hptsdk.TuningClient(transport=stub).get("demo").plots().objective
        Picture(title='Objective over time', missing='No training job has an objective value yet.')
    """

    title: str
    missing: str = ""
    _sections: Sequence[Section] = attrs.field(default=(), repr=False, alias="sections")

    @property
    def svg(self) -> str:
        """The plot, or the sentence in its place, as the text of an SVG file."""
        if self.missing:
            return _sentence(self.missing).markup()
        rows: list[Drawing] = []
        for heading, drawings in self._sections:
            if heading:
                title = text(8, 20, heading, size=14, width=840, font_weight="600")
                rows.append(Drawing(WIDTH, 30, heading, (title,)))
            rows.append(drawings[0] if len(drawings) == 1 else grid(self.title, drawings, _PANELS))
        return (rows[0] if len(rows) == 1 else grid(self.title, rows, 1)).markup()

    @property
    def html(self) -> str:
        """The plot, or the sentence in its place, as part of an HTML page, with as many panels in a row as fit."""
        if self.missing:
            return f"<p>{escape(xml_text(self.missing))}</p>"
        parts: list[str] = []
        for heading, drawings in self._sections:
            parts.append(f"<h4>{escape(xml_text(heading))}</h4>" if heading else "")
            drawn = "".join(drawing.html() for drawing in drawings)
            parts.append(f'<div style="display:flex;flex-wrap:wrap;overflow-x:auto">{drawn}</div>')
        return "".join(parts)

    def _repr_svg_(self) -> str:
        """Return the SVG that IPython displays."""
        return self.svg

    def _repr_html_(self) -> str:
        """Return the HTML that IPython displays."""
        return self.html


def _picture(title: str, sections: Sequence[Section], missing: str = "") -> Picture:
    """Create a plot; without sections, one with the sentence that explains why it is missing."""
    return Picture(title, sections=sections) if sections else Picture(title, missing)


@attrs.frozen(eq=False, repr=False)
class JobPlots:
    """The plots of a tuning job, created by `hptsdk.TuningJob.plots`.

    They show the training jobs at the time of that call and do not change afterwards. A notebook displays the plots for
    the object, and one plot for an attribute, such as `plots.objective`.

    Example:
        >>> import hptsdk
        >>> from hptsdk.testing import StubTransport
        >>> stub = StubTransport({"HyperParameterTuningJobName": "demo"}, {"TrainingJobSummaries": []})
        >>> hptsdk.TuningClient(transport=stub).get("demo").plots().html
        '<p>No training job has an objective value yet.</p>'
    """

    _results: JobResults
    _curves: Mapping[str, Curve] = attrs.field(factory=dict[str, "Curve"], alias="curves")

    def __repr__(self) -> str:
        """Return the class, the name of the tuning job and the number of training jobs."""
        return f"JobPlots(name={self._results.name!r}, training_jobs={len(self._results.rows)})"

    @property
    def objective(self) -> Picture:
        """The objective value of each training job at its end time, with the best value so far as a line."""
        missing = self._none_scored or "The training jobs have no times."
        return _picture("Objective over time", objective_sections(self._results), missing)

    @property
    def timeline(self) -> Picture:
        """A bar for each training job from its start to its end, in as few rows as possible."""
        drawing = timeline_drawing(self._results)
        sections: list[Section] = [("", [drawing])] if drawing else []
        return _picture("Training jobs over time", sections, "No training job has started.")

    @property
    def curves(self) -> Picture:
        """A line for each training job: its objective metric while it trained, the best training job above the others.

        Requires ``plots(learning_curves=True)``, which reads the logged values.
        """
        missing = "No values over time: plots(learning_curves=True) was not used, or found none in the logs."
        return _picture("Learning curves", curve_sections(self._results, self._curves), missing)

    @property
    def slices(self) -> Picture:
        """A panel for each tuned hyperparameter: its values against the objective values."""
        missing = self._none_scored or "No hyperparameter has been tried."
        sections = self._with_headings(slice_drawings(self._results))
        return _picture("Hyperparameters against the objective", sections, missing)

    @property
    def parallel(self) -> Picture:
        """An axis for each tuned hyperparameter and a line for each training job, dark if its objective is good."""
        missing = self._none_scored or "No hyperparameter has been tried."
        return _picture("All hyperparameters at once", self._with_headings(parallel_drawings(self._results)), missing)

    @property
    def importance(self) -> Picture:
        """The importance of each hyperparameter for the best objective values, as measured by Optuna's PED-ANOVA.

        Requires Optuna (extra `local`) and at least 10 training jobs with an objective value and all hyperparameters.
        `Picture.missing` explains why it cannot be measured, as with equal objective values.

        See https://optuna.readthedocs.io/en/stable/reference/generated/optuna.importance.PedAnovaImportanceEvaluator.html
        """
        title, definitions = "Importance of hyperparameters", self._results.definitions
        drawn = [importance_drawing(each, has_ended=self._results.has_ended) for each in definitions]
        missing = [each for each in drawn if isinstance(each, str)]
        if len(missing) < len(drawn):
            drawings = [[_sentence(each) if isinstance(each, str) else each] for each in drawn]
            return _picture(title, self._with_headings(zip(definitions, drawings, strict=True)))
        if len(set(missing)) == 1:
            return Picture(title, missing=missing[0])
        reasons = zip(definitions, missing, strict=True)
        return Picture(title, missing=" ".join(f"{definition.name or 'Other'}: {why}" for definition, why in reasons))

    def _with_headings(self, drawings: Iterable[tuple[Definition, list[Drawing]]]) -> list[Section]:
        """Return the drawings of definitions, with the definitions as their headings if there are several."""
        several = len(self._results.definitions) > 1
        return [(f"{each.name or 'Other'} ({each.direction})" if several else "", drawn) for each, drawn in drawings]

    @property
    def _none_scored(self) -> str:
        """The sentence for a tuning job without objective values; else empty text."""
        yet = "" if self._results.has_ended else " yet"
        return "" if self._results.scored else f"No training job has an objective value{yet}."

    @property
    def html(self) -> str:
        """The plots of `captioned` with their titles, as part of an HTML page; a sentence if there are none."""
        return "".join(f"<h3>{escape(picture.title)}</h3>{picture.html}" for picture, _ in self.captioned) or (
            f"<p>{self._none_scored}</p>"
        )

    @property
    def captioned(self) -> list[tuple[Picture, str]]:
        """The plots for a page with their captions. Plots without training jobs to show are omitted."""
        captioned = [
            (self.objective, "Each mark is a training job, at its end if it has ended."),
            (
                self.importance,
                "The share of each hyperparameter in the difference between the best training jobs and the others.",
            ),
            (self.slices, "A ring is around the best training job. Point at a mark to read its name."),
            (self.parallel, "Each line is a training job; the darker, the better."),
        ]
        shown = captioned if self._results.scored else []
        if self._curves:
            shown.append((self.curves, "Each line is a training job."))
        if not (timeline := self.timeline).missing:
            shown.append((timeline, "Each bar is a training job, in the first row that was free."))
        return shown

    def _repr_html_(self) -> str:
        """Return the HTML that IPython displays."""
        return self.html
