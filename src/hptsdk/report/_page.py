"""The report: a self-contained HTML page about a tuning job, with plots as SVG, without scripts."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC
from functools import partial
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING

import attrs

from hptsdk._validation import aware_datetime, member_at, text
from hptsdk.progress import format_number, format_seconds
from hptsdk.report._pictures import JobPlots
from hptsdk.report._results import best_first, job_results
from hptsdk.report._svg import xml_text
from hptsdk.schema import described_members
from hptsdk.transport import hide_secrets, redaction_of
from hptsdk.wire import dumps

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    from hptsdk.report._results import Curve, JobResults, Row
    from hptsdk.shapes import DescribeHyperParameterTuningJobResponse, HyperParameterTrainingJobSummary

# The maximum length of a cell; its tooltip has the whole text.
_MAX_LENGTH = 40


@attrs.frozen
class _Cell:
    """A cell of a table.

    Attributes:
        shown: the text of the cell.
        whole: the complete text, which the tooltip shows if it differs. Defaults to empty.
        number: the sort key of a cell whose text is not a number. Defaults to None.
        css_class: the CSS class. Defaults to that of the column.
    """

    shown: str = ""
    whole: str = ""
    number: float | None = None
    css_class: str = ""

    @property
    def title(self) -> str:
        """The HTML attribute with the tooltip; empty text if there is none."""
        return f' title="{_escape(self.whole)}"' if self.whole not in {"", self.shown} else ""

    def markup(self, css_class: str) -> str:
        """Return the cell as HTML, in a column with a CSS class."""
        number = "" if self.number is None else f' data-value="{self.number:g}"'
        return f"<td{_class(self.css_class or css_class)}{number}{self.title}>{_escape_lines(self.shown)}</td>"


def report_page(
    response: DescribeHyperParameterTuningJobResponse,
    summaries: Iterable[HyperParameterTrainingJobSummary],
    curves: Mapping[str, Curve] | None = None,
) -> str:
    """Create the report as a self-contained HTML page.

    The page does not load other files, has no scripts, and shows no values of environment variables or static
    hyperparameters. See `report_body` for the arguments.
    """
    policy = "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
    body = report_body(response, summaries, curves)
    return html_page(text(response.hyper_parameter_tuning_job_name), body, head=policy)


def html_page(title: str, body: str, *, head: str = "", style: str = "") -> str:
    """Create an HTML page with the style sheet of the report, HTML to add to its head, and further CSS rules."""
    css = (files("hptsdk.report") / "page.css").read_text(encoding="utf-8")
    parts = [
        "<!doctype html>",
        f'<html lang="en"><head><meta charset="utf-8">{head}',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{_escape(title)}</title><style>\n{css}{style}</style></head><body>",
        body,
        "</body></html>",
    ]
    return "\n".join(parts) + "\n"


def report_body(
    response: DescribeHyperParameterTuningJobResponse,
    summaries: Iterable[HyperParameterTrainingJobSummary],
    curves: Mapping[str, Curve] | None = None,
    *,
    max_rows: int | None = None,
) -> str:
    """Create the content of the report as HTML, for `report_page` and for a page that is updated.

    Args:
        response: the response of Describe.
        summaries: the summaries of all training jobs.
        curves: by the name of a training job, the times and the values of its objective metric. Defaults to none.
        max_rows: the maximum number of rows of the table of training jobs. Defaults to all.
    """
    results = job_results(response, summaries)
    document = json.loads(dumps(response))
    request = hide_secrets({name: document[name] for name in described_members() if name in document})
    name = _escape(response.hyper_parameter_tuning_job_name)
    status = _escape(response.hyper_parameter_tuning_job_status)
    reason = redaction_of(response).apply(text(response.failure_reason))
    parts = [
        f'<h1>{name}</h1><p class="{status}">{status}</p>',
        f'<p class="Failed">{_escape_lines(reason)}</p>' if reason else "",
        _facts(response, results),
        *_best(results),
        *_plots(results, curves or {}),
        "<h2>Training jobs</h2>",
        _table(results, max_rows),
        "<h2>Request</h2>",
        f"<pre>{_escape_lines(json.dumps(request, indent=2, ensure_ascii=False))}</pre>",
    ]
    return "\n".join(part for part in parts if part)


def _plots(results: JobResults, curves: Mapping[str, Curve]) -> list[str]:
    """Return the plots with titles and captions, after a sentence if no training job has an objective value."""
    plots = JobPlots(results, curves)
    parts = [] if results.scored else [f"<p>{plots.objective.missing}</p>"]
    for picture, caption in plots.captioned:
        note = "" if picture.missing else f'<p class="note">{caption}</p>'
        parts.append(f"<h2>{escape(picture.title)}</h2>{note}{picture.html}")
    return parts


def _escape(value: object) -> str:
    """Escape text from a response as one line of HTML."""
    return escape(xml_text(text(value)))


def _escape_lines(lines: str) -> str:
    """Escape text from a response as HTML, with its line breaks."""
    return escape("\n".join(map(xml_text, lines.split("\n"))))


def _facts(response: DescribeHyperParameterTuningJobResponse, results: JobResults) -> str:
    """Format the objective, the strategy, the counts and the times of the tuning job as a definition list."""
    config = member_at(response, "hyper_parameter_tuning_job_config")
    limit = member_at(config, "resource_limits", "max_number_of_training_jobs")
    start = aware_datetime(member_at(response, "creation_time"))
    end = aware_datetime(member_at(response, "hyper_parameter_tuning_end_time"))
    counts = Counter(row.status for row in results.rows)
    facts = {
        "Objective": "; ".join(dict.fromkeys(definition.direction for definition in results.definitions)),
        "Strategy": text(member_at(config, "strategy")),
        "Training jobs": f"{len(results.rows)}{f' of {limit}' if limit is not None else ''}",
        "Their status": ", ".join(f"{count} {status}" for status, count in sorted(counts.items())),
        "Created": _time(start),
        "Ended": _time(end),
        "Took": format_seconds((end - start).total_seconds() if start and end else None),
    }
    return _definition_list({name: _Cell(fact) for name, fact in facts.items()})


def _definition_list(rows: Mapping[str, _Cell]) -> str:
    """Format names and values as an HTML definition list. Empty values are omitted."""
    items = (
        f"<div><dt>{_escape(name)}</dt><dd{cell.title}>{_escape(cell.shown)}</dd></div>"
        for name, cell in rows.items()
        if cell.shown
    )
    return f"<dl>{''.join(items)}</dl>"


def _best(results: JobResults) -> list[str]:
    """Format the best training job of each objective with values, from all definitions with this objective."""
    paragraphs: list[str] = []
    for definitions in results.by_objective:
        kinds = {row: definition.kinds for definition in definitions for row in definition.scored}
        if kinds:
            best = best_first(kinds, minimizes=definitions[0].minimizes)[0]
            value = _number_cell(best.score)
            tuned = _definition_list({name: _tuned_cell(kinds, name, best) for name in best.tuned})
            metric, definition = _escape(best.metric or "objective"), _escape(best.definition)
            origin = f", definition {definition}" if len(results.definitions) > 1 else ""
            head = f"Best: <b{value.title}>{metric} = {value.shown}</b>, {_escape(best.name)}{origin}"
            paragraphs.append(f'<div class="best">{head}{tuned}</div>')
    return paragraphs


def _time(time: datetime | None) -> str:
    """Format a time in UTC, to the minute; empty text for None."""
    return time.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC") if time else ""


def _table(results: JobResults, max_rows: int | None) -> str:
    """Format the training jobs, if any, as a table, the best first; by definition for several objectives."""
    if not results.rows:
        return f"<p>No training job {'was started' if results.has_ended else 'has been started yet'}.</p>"
    rows = [row for d in results.definitions for row in best_first(d.rows, minimizes=d.minimizes)]
    has_one_objective = len(results.by_objective) == 1
    if has_one_objective:
        rows = best_first(rows, minimizes=results.definitions[0].minimizes)
    kinds = {row: definition.kinds for definition in results.definitions for row in definition.rows}
    # the heads, the CSS classes and the cells of the columns
    columns: list[tuple[str, str, Callable[[Row], _Cell]]] = [
        ("Training job", "", lambda row: _Cell(row.name)),
        ("Status", "", lambda row: _Cell(row.status, css_class=row.status)),
        ("Objective", "n", lambda row: _number_cell(row.value)),
        ("Took", "n", lambda row: _Cell(format_seconds(row.seconds), number=row.seconds)),
    ]
    if len(results.definitions) > 1:
        columns.append(("Definition", "", lambda row: _text_cell(row.definition)))
    categories = {name for by_name in kinds.values() for name, kind in by_name.items() if kind == "category"}
    for name in dict.fromkeys(name for row in results.rows for name in row.tuned):
        css_class = "" if name in categories else "n"
        columns.append((name, css_class, partial(_tuned_cell, kinds, name)))
    if any(row.reason for row in rows):
        columns.append(("Reason", "reason", lambda row: _Cell(row.reason)))
    lines = ["".join(f"<th{_class(css_class)}>{_escape(head)}</th>" for head, css_class, _ in columns)]
    lines += ["".join(cell(row).markup(css_class) for _, css_class, cell in columns) for row in rows[:max_rows]]
    best = 1 if has_one_objective and rows[0].score is not None else 0
    marked = (f"<tr{_class('first') if index == best > 0 else ''}>{line}</tr>" for index, line in enumerate(lines))
    shown = len(lines) - 1
    note = f'<p class="note">The first {shown} of {len(rows)} training jobs.</p>' if shown < len(rows) else ""
    return f'{note}<div class="wide"><table>{"".join(marked)}</table></div>'


def _number_cell(value: float | None, whole: str = "") -> _Cell:
    """Format a number with at most six digits. The tooltip has `whole`, or all digits, if the cell does not."""
    if value is None:
        return _Cell()
    shown = format_number(value)
    return _Cell(shown, "" if float(shown) == value else whole or repr(value))


def _text_cell(string: str) -> _Cell:
    """Shorten a string to the maximum length of a cell. The tooltip has the whole text."""
    return _Cell(string) if len(string) <= _MAX_LENGTH else _Cell(f"{string[:_MAX_LENGTH]}…", string)


def _class(css_class: str) -> str:
    """Return the HTML attribute with a CSS class; empty text if the class is empty."""
    return f' class="{_escape(css_class)}"' if css_class else ""


def _tuned_cell(kinds: Mapping[Row, Mapping[str, str]], name: str, row: Row) -> _Cell:
    """Format the value of a hyperparameter; a number that is not an integer has at most six digits."""
    string = row.tuned.get(name, "")
    if kinds[row].get(name) == "number" and name in row.numbers and not string.lstrip("+-").isdigit():
        return _number_cell(row.numbers[name], string)
    return _text_cell(string)
