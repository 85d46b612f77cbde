"""A tuning job as one page: self-contained HTML with its pictures drawn as SVG, no script and no network."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC
from html import escape
from typing import TYPE_CHECKING, cast

import attrs

from hptsdk._validation import moment, reach, text
from hptsdk.report._labels import written
from hptsdk.report._pictures import JobPlots
from hptsdk.report._study import study_of
from hptsdk.report._svg import clean
from hptsdk.schema import secret_members
from hptsdk.transport import redaction_of
from hptsdk.wire import dumps

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from hptsdk.report._study import Row, Study
    from hptsdk.shapes import DescribeHyperParameterTuningJobResponse, HyperParameterTrainingJobSummary

__all__ = ["report_page"]

_SHOWN = (
    "HyperParameterTuningJobName",
    "HyperParameterTuningJobConfig",
    "TrainingJobDefinition",
    "TrainingJobDefinitions",
    "WarmStartConfig",
    "Autotune",
)

# Times below these are written in tenths of a second, in seconds, in minutes.
_TENTHS, _MINUTES, _HOURS = 10, 2 * 60, 2 * 3600

# What a training job tried is cut in the table, and whole below the pointer.
_LONGEST = 40

_STYLE = """
:root { color-scheme: light; }
body { font: 15px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif;
  margin: 2rem auto 4rem; max-width: 54rem; padding: 0 1.25rem; color: #1f2933; background: #fff; }
h1 { font-size: 1.7rem; margin: 0 0 0.25rem; overflow-wrap: anywhere; }
h2 { font-size: 1.2rem; margin: 2.5rem 0 0.5rem; padding-top: 0.75rem; border-top: 1px solid #e6eaee; }
h4 { margin: 1rem 0 0.25rem; overflow-wrap: anywhere; }
p { margin: 0.25rem 0 0.75rem; } .note { color: #52606d; font-size: 14px; }
dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(12rem, 1fr)); gap: 0.9rem 1.5rem; margin: 1rem 0; }
dt { color: #52606d; font-size: 13px; overflow-wrap: anywhere; }
dd { margin: 0; font-weight: 600; overflow-wrap: anywhere; }
.best { background: #f2f7fb; border-left: 4px solid #0072b2; padding: 0.75rem 1rem; border-radius: 0 6px 6px 0; }
.best dl { margin: 0.5rem 0 0; } .best b { font-size: 1.15rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-size: 13px; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: 0.3rem 0.75rem 0.3rem 0; border-bottom: 1px solid #e6eaee; vertical-align: top; }
th { color: #52606d; font-weight: 600; white-space: nowrap; } td { max-width: 24rem; overflow-wrap: anywhere; }
td:nth-child(-n+2) { white-space: nowrap; }
td.n, th.n { text-align: right; white-space: nowrap; } tr.first td { background: #f2f7fb; font-weight: 600; }
td.reason { min-width: 14rem; } td.reason, p.Failed { white-space: pre-wrap; }
.Failed { color: #b3261e; } .Stopped, .Stopping { color: #8a5a00; } .InProgress { color: #0072b2; }
pre { background: #f7f9fa; padding: 1rem; overflow: auto; font-size: 12px; border-radius: 6px; }
@media print { body { margin: 0; max-width: none; font-size: 12px; } .wide { overflow: visible; }
  table { font-size: 10px; } td.reason { min-width: 8rem; } pre { white-space: pre-wrap; }
  h2, h4, .note { break-after: avoid; } svg, tr, .best { break-inside: avoid; } }
"""


def report_page(
    response: DescribeHyperParameterTuningJobResponse, summaries: Iterable[HyperParameterTrainingJobSummary]
) -> str:
    """Write the page.

    Args:
        response: the job as it stands.
        summaries: of all its training jobs.
    """
    study = study_of(response, summaries)
    plots = JobPlots(study)
    document = _settings(response)
    _hide(document)
    name = _plain(response.hyper_parameter_tuning_job_name)
    status = _plain(response.hyper_parameter_tuning_job_status)
    parts = [
        "<!doctype html>",
        '<html lang="en"><head><meta charset="utf-8">',
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">",
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{name}</title><style>{_STYLE}</style></head><body>",
        f'<h1>{name}</h1><p class="{status}">{status}</p>',
        _failure(response),
        _facts(response, study),
        _best(study),
    ]
    parts += _pictures(plots) if study.scored else [plots.html]
    parts += [
        "<h2>Training jobs</h2>",
        _table(study),
        "<h2>Request</h2>",
        f"<pre>{_plain(json.dumps(document, indent=2, ensure_ascii=False), keep=True)}</pre>",
        "</body></html>",
    ]
    return "\n".join(part for part in parts if part) + "\n"


def _pictures(plots: JobPlots) -> list[str]:
    found: list[str] = []
    for picture, note in (
        (plots.objective, "Each mark is a training job at the time that it ended."),
        (plots.importance, "How much of the difference between the best training jobs and the others each explains."),
        (plots.slices, "A ring is around the best training job. Point at a mark to read its name."),
        (plots.parallel, "Each line is a training job; the darker, the better."),
    ):
        told = "" if picture.missing else f'<p class="note">{note}</p>'
        found.append(f"<h2>{escape(picture.title)}</h2>{told}{picture.html}")
    return found


def _plain(value: object, *, keep: bool = False) -> str:
    """Write a text of others into the page; `keep` keeps its lines."""
    words = text(value)
    return escape("\n".join(map(clean, words.split("\n"))) if keep else clean(words))


def _failure(response: DescribeHyperParameterTuningJobResponse) -> str:
    reason = redaction_of(response).apply(text(response.failure_reason))
    return f'<p class="Failed">{_plain(reason, keep=True)}</p>' if reason else ""


def _facts(response: DescribeHyperParameterTuningJobResponse, study: Study) -> str:
    begin = moment(reach(response, "creation_time"))
    end = moment(reach(response, "hyper_parameter_tuning_end_time"))
    took = (end - begin).total_seconds() if begin and end else None
    counts = Counter(row.status for row in study.rows)
    most = reach(response, "hyper_parameter_tuning_job_config", "resource_limits", "max_number_of_training_jobs")
    directions = list(dict.fromkeys(group.direction for group in study.groups))
    rows = {
        "Objective": "; ".join(directions),
        "Strategy": reach(response, "hyper_parameter_tuning_job_config", "strategy"),
        "Training jobs": f"{len(study.rows)}{f' of {most}' if most is not None else ''}",
        "Their status": ", ".join(f"{count} {status}" for status, count in sorted(counts.items())),
        "Created": _time(begin),
        "Ended": _time(end),
        "Took": _duration(took),
    }
    return _list({name: _Cell(text(value)) for name, value in rows.items()})


def _list(rows: dict[str, _Cell]) -> str:
    cells = (f"<div><dt>{_plain(k)}</dt><dd{v.title}>{_plain(v.shown)}</dd></div>" for k, v in rows.items() if v.shown)
    return f"<dl>{''.join(cells)}</dl>"


def _best(study: Study) -> str:
    """Show the best training job of each objective; what several definitions have in common is compared."""
    found: list[str] = []
    for aim in study.aims:
        rows = [(row, group) for _, group in aim for row in group.scored]
        if rows:
            best = _sorted((row for row, _ in rows), minimizes=aim[0][1].minimizes)[0]
            kinds = next(group.kinds for row, group in rows if row is best)
            value = _number(best.score)
            told = (
                f"Best: <b{value.title}>{_plain(best.metric or 'objective')} = {value.shown}</b>, {_plain(best.name)}"
            )
            told += f", definition {_plain(best.definition)}" if len(study.groups) > 1 else ""
            found.append(
                f'<div class="best">{told}{_list({name: _tried(best, name, kinds) for name in best.tried})}</div>'
            )
    return "\n".join(found)


def _sorted(rows: Iterable[Row], *, minimizes: bool) -> list[Row]:
    """Sort the best first, and last what has no objective."""

    def order(row: Row) -> tuple[bool, float, str]:
        score = row.score
        return score is None, 0.0 if score is None else score if minimizes else -score, row.name

    return sorted(rows, key=order)


def _time(when: datetime | None) -> str:
    return when.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC") if when else ""


def _duration(seconds: float | None) -> str:
    if seconds is None:
        return ""
    if seconds < _MINUTES:
        return f"{seconds:.1f} s" if seconds < _TENTHS else f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < _HOURS else f"{seconds / 3600:.1f} h"


def _table(study: Study) -> str:
    """List the training jobs, the best first, by definition where these have other objectives."""
    if not study.rows:
        return f"<p>No training job {'was started' if study.has_ended else 'has been started yet'}.</p>"
    one_way = len(study.aims) == 1
    kinds = {row: group.kinds for group in study.groups for row in group.rows}
    rows = [row for g in study.groups for row in _sorted(g.rows, minimizes=g.minimizes)]
    if one_way:
        rows = _sorted(study.rows, minimizes=study.groups[0].minimizes)
    has_definitions = len(study.groups) > 1
    tried = {name: True for row in study.rows for name in row.tried}
    numbers = set(tried) - {name for told in kinds.values() for name, kind in told.items() if kind == "category"}
    heads = [("Training job", ""), ("Status", ""), ("Objective", "n"), ("Took", "n")]
    heads += [("Definition", "")] if has_definitions else []
    heads += [(name, "n" if name in numbers else "") for name in tried] + [("Reason", "reason")]
    if not any(row.reason for row in study.rows):
        heads.pop()
    lines = ["".join(f"<th{_kind(kind)}>{_plain(head)}</th>" for head, kind in heads)]
    for row in rows:
        cells = [_Cell(row.name), _Cell(row.status), _number(row.value), _Cell(_duration(row.seconds))]
        cells += [_cut(row.definition)] if has_definitions else []
        cells += [_tried(row, name, kinds[row]) for name in tried] + [_Cell(row.reason)]
        classes = [kind for _, kind in heads]
        classes[1] = row.status
        # the last head is missing where none failed
        lines.append("".join(cell.markup(kind) for cell, kind in zip(cells, classes, strict=False)))
    first = rows[0].score is not None and one_way
    marked = (f"<tr{_kind('first') if first and index == 1 else ''}>{line}</tr>" for index, line in enumerate(lines))
    return f'<div class="wide"><table>{"".join(marked)}</table></div>'


@attrs.frozen
class _Cell:
    """A text, and all of it where that is more than is shown."""

    shown: str = ""
    whole: str = ""

    @property
    def title(self) -> str:
        return f' title="{_plain(self.whole)}"' if self.whole not in {"", self.shown} else ""

    def markup(self, kind: str) -> str:
        return f"<td{_kind(kind)}{self.title}>{_plain(self.shown, keep=True)}</td>"


def _number(value: float | None, words: str = "") -> _Cell:
    if value is None:
        return _Cell()
    shown = written(value)
    return _Cell(shown, "" if float(shown) == value else words or repr(value))


def _cut(words: str) -> _Cell:
    return _Cell(words) if len(words) <= _LONGEST else _Cell(f"{words[:_LONGEST]}…", words)


def _kind(kind: str) -> str:
    return f' class="{_plain(kind)}"' if kind else ""


def _tried(row: Row, name: str, kinds: Mapping[str, str]) -> _Cell:
    """Show what was tried as it was written; of numbers that may have many digits the first."""
    words = row.tried.get(name, "")
    if kinds.get(name) == "number" and name in row.numbers and not words.lstrip("+-").isdigit():
        return _number(row.numbers[name], words)
    return _cut(words)


def _settings(response: DescribeHyperParameterTuningJobResponse) -> dict[str, object]:
    """Give what was asked for."""
    document: dict[str, object] = json.loads(dumps(response))
    return {name: document[name] for name in _SHOWN if name in document}


def _hide(value: object) -> None:
    """Take out the values of those members that may be secrets."""
    for members in _structures(value):
        for name, inner in members.items():
            if name in secret_members() and isinstance(inner, dict):
                members[name] = dict.fromkeys(cast("dict[str, object]", inner), "…")
            elif name in secret_members():
                members[name] = "…"


def _structures(value: object) -> Iterator[dict[str, object]]:
    """Give every structure within a document, the outer ones first."""
    if isinstance(value, dict):
        members = cast("dict[str, object]", value)
        yield members
        for inner in members.values():
            yield from _structures(inner)
    elif isinstance(value, list):
        for inner in cast("list[object]", value):
            yield from _structures(inner)
