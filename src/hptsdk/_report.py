"""A tuning job as one page: self-contained HTML with its pictures drawn as SVG, no script and no network."""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime
from html import escape
from typing import TYPE_CHECKING, cast

from hptsdk.wire import dumps

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hptsdk.shapes import DescribeHyperParameterTuningJobResponse, HyperParameterTrainingJobSummary

__all__ = ["minimizes", "report_page"]

_WIDTH, _HEIGHT, _EDGE = 420, 220, 46
_COLOURS = {"Completed": "#2a7", "Stopped": "#d90", "Failed": "#c33", "InProgress": "#39c"}

# Maps whose values may be secrets; the page shows their names only.
_SECRET = ("Environment", "StaticHyperParameters")

# Bounds this far apart are drawn by magnitude.
_MAGNITUDES = 100

_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 72rem; padding: 0 1rem; color: #222; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2rem; }
table { border-collapse: collapse; font-size: 13px; width: 100%; }
th, td { text-align: left; padding: 0.25rem 0.6rem; border-bottom: 1px solid #ddd; vertical-align: top; }
figure { display: inline-block; margin: 0 1rem 1rem 0; } figcaption { font-size: 13px; }
svg { background: #fafafa; } svg text { font-size: 10px; fill: #555; }
pre { background: #fafafa; padding: 1rem; overflow: auto; font-size: 12px; }
"""


def report_page(
    response: DescribeHyperParameterTuningJobResponse, summaries: Iterable[HyperParameterTrainingJobSummary]
) -> str:
    """Write the page.

    Args:
        response: the job as it stands.
        summaries: of all its training jobs.
    """
    found = list(summaries)
    name = escape(response.hyper_parameter_tuning_job_name)
    parts = [
        "<!doctype html>",
        f'<html lang="en"><head><meta charset="utf-8"><title>{name}</title><style>{_STYLE}</style></head><body>',
        f"<h1>{name}</h1>",
        _facts(response),
        "<h2>Objective</h2>",
        _over_time(response, found),
        "<h2>Hyperparameters against the objective</h2>",
        "".join(_slices(found)) or "<p>No training job has an objective yet.</p>",
        "<h2>Training jobs</h2>",
        _table(found),
        "<h2>Request</h2>",
        f"<pre>{escape(json.dumps(_settings(response), indent=2))}</pre>",
        "</body></html>",
    ]
    return "\n".join(parts) + "\n"


def _value(summary: HyperParameterTrainingJobSummary) -> float | None:
    metric = summary.final_hyper_parameter_tuning_job_objective_metric
    return metric.value if metric is not None and math.isfinite(metric.value) else None


def _facts(response: DescribeHyperParameterTuningJobResponse) -> str:
    best = response.best_training_job
    metric = best.final_hyper_parameter_tuning_job_objective_metric if best else None
    rows = {
        "Status": response.hyper_parameter_tuning_job_status,
        "Strategy": response.hyper_parameter_tuning_job_config.strategy,
        "Created": _time(response.creation_time),
        "Ended": _time(response.hyper_parameter_tuning_end_time),
        "Failure": response.failure_reason or "",
        "Best training job": best.training_job_name if best else "",
        "Its objective": f"{metric.metric_name} = {metric.value:.6g}" if metric else "",
        **({f"Its {k}": v for k, v in best.tuned_hyper_parameters.items()} if best else {}),
    }
    cells = (f"<tr><th>{escape(k)}</th><td>{escape(str(v))}</td></tr>" for k, v in rows.items() if v)
    return f"<table>{''.join(cells)}</table>"


def _time(when: object) -> str:
    return when.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC") if isinstance(when, datetime) else ""


def _table(summaries: Sequence[HyperParameterTrainingJobSummary]) -> str:
    names = sorted({name for summary in summaries for name in summary.tuned_hyper_parameters})
    heads = ["Training job", "Status", "Objective", *names, "Reason"]
    rows = ["".join(f"<th>{escape(head)}</th>" for head in heads)]
    for summary in summaries:
        value = _value(summary)
        cells = [
            summary.training_job_name,
            summary.training_job_status,
            "" if value is None else f"{value:.6g}",
            *(summary.tuned_hyper_parameters.get(name, "") for name in names),
            summary.failure_reason or "",
        ]
        rows.append("".join(f"<td>{escape(str(cell))}</td>" for cell in cells))
    return f"<table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>"


def _settings(response: DescribeHyperParameterTuningJobResponse) -> dict[str, object]:
    """Give what was asked for, without values that may be secrets."""
    document: dict[str, object] = json.loads(dumps(response))
    kept: dict[str, object] = {
        name: document[name]
        for name in (
            "HyperParameterTuningJobName",
            "HyperParameterTuningJobConfig",
            "TrainingJobDefinition",
            "TrainingJobDefinitions",
            "WarmStartConfig",
            "Autotune",
        )
        if name in document
    }
    _hide(kept)
    return kept


def _hide(value: object) -> None:
    if isinstance(value, dict):
        members = cast("dict[str, object]", value)
        for name, inner in members.items():
            if name in _SECRET and isinstance(inner, dict):
                members[name] = dict.fromkeys(cast("dict[str, object]", inner), "…")
            else:
                _hide(inner)
    elif isinstance(value, list):
        for inner in cast("list[object]", value):
            _hide(inner)


# --- pictures ---


class _Axis:
    """Where values lie along one side of a picture."""

    def __init__(self, values: Sequence[float], begin: float, end: float) -> None:
        self.low, self.high = min(values), max(values)
        self.is_by_magnitude = self.low > 0 and self.high / self.low >= _MAGNITUDES
        self._begin, self._end = begin, end

    def at(self, value: float) -> float:
        low, high, here = self.low, self.high, value
        if self.is_by_magnitude:
            low, high, here = math.log(low), math.log(high), math.log(value)
        share = (here - low) / (high - low) if high > low else 0.5
        return self._begin + share * (self._end - self._begin)


def _picture(caption: str, body: str, x: _Axis | None, y: _Axis) -> str:
    bottom = _HEIGHT - _EDGE / 2
    marks = [
        f'<text x="2" y="{y.at(y.high) + 4:.1f}">{y.high:.4g}</text>',
        f'<text x="2" y="{y.at(y.low) + 4:.1f}">{y.low:.4g}</text>' if y.high > y.low else "",
    ]
    if x is not None:
        marks.append(f'<text x="{_EDGE}" y="{bottom + 14:.1f}">{x.low:.4g}</text>')
        marks.append(f'<text x="{_WIDTH - 8}" y="{bottom + 14:.1f}" text-anchor="end">{x.high:.4g}</text>')
    lines = f'<path d="M{_EDGE} 8V{bottom}H{_WIDTH - 8}" fill="none" stroke="#aaa"/>'
    label = escape(caption)
    return (
        f'<figure><svg width="{_WIDTH}" height="{_HEIGHT}" role="img" aria-label="{label}">'
        f"{lines}{''.join(marks)}{body}</svg><figcaption>{label}</figcaption></figure>"
    )


def _dot(x: float, y: float, summary: HyperParameterTrainingJobSummary) -> str:
    colour = _COLOURS.get(summary.training_job_status, "#888")
    title = escape(f"{summary.training_job_name}: {_value(summary):.6g}")
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"><title>{title}</title></circle>'


def _over_time(
    response: DescribeHyperParameterTuningJobResponse, summaries: Sequence[HyperParameterTrainingJobSummary]
) -> str:
    ended = [s for s in summaries if _value(s) is not None and isinstance(s.training_end_time, datetime)]
    if not ended:
        return "<p>No training job has an objective yet.</p>"
    ended.sort(key=lambda s: s.training_end_time or datetime.now(UTC))
    values = [value for s in ended if (value := _value(s)) is not None]
    begin = ended[0].training_end_time or datetime.now(UTC)
    times = [((s.training_end_time or begin) - begin).total_seconds() for s in ended]
    x, y = _Axis(times, _EDGE + 6, _WIDTH - 14), _Axis(values, _HEIGHT - _EDGE / 2 - 8, 14)
    better = min if minimizes(response) else max
    best, path = values[0], f"M{x.at(times[0]):.1f} {y.at(values[0]):.1f}"
    for time, value in zip(times, values, strict=True):
        best = better(best, value)
        path += f"H{x.at(time):.1f}V{y.at(best):.1f}"
    line = f'<path d="{path}" fill="none" stroke="#37c" stroke-width="1.5"/>'
    dots = "".join(_dot(x.at(t), y.at(v), s) for t, v, s in zip(times, values, ended, strict=True))
    return _picture("Objective over seconds since the first end; the line is the best so far", line + dots, x, y)


def minimizes(response: DescribeHyperParameterTuningJobResponse) -> bool:
    """Tell whether smaller is better; of several definitions the first says so for all."""
    objective = response.hyper_parameter_tuning_job_config.hyper_parameter_tuning_job_objective
    if objective is None and response.training_job_definitions:
        objective = response.training_job_definitions[0].tuning_objective
    return objective is None or objective.type == "Minimize"


def _slices(summaries: Sequence[HyperParameterTrainingJobSummary]) -> Iterable[str]:
    """Draw each hyperparameter against the objective: numbers along an axis, other texts side by side."""
    known = [s for s in summaries if _value(s) is not None]
    for name in sorted({name for s in known for name in s.tuned_hyper_parameters}):
        tried = [(s, s.tuned_hyper_parameters[name]) for s in known if name in s.tuned_hyper_parameters]
        values = [value for s, _ in tried if (value := _value(s)) is not None]
        y = _Axis(values, _HEIGHT - _EDGE / 2 - 8, 14)
        numbers = [_number(text) for _, text in tried]
        if None not in numbers:
            places = [number for number in numbers if number is not None]
            x = _Axis(places, _EDGE + 6, _WIDTH - 14)
            dots = "".join(_dot(x.at(p), y.at(v), s) for p, v, (s, _) in zip(places, values, tried, strict=True))
            yield _picture(f"{name}{', by magnitude' if x.is_by_magnitude else ''}", dots, x, y)
        else:
            yield _categories(name, tried, values, y)


def _categories(
    name: str, tried: Sequence[tuple[HyperParameterTrainingJobSummary, str]], values: Sequence[float], y: _Axis
) -> str:
    texts = sorted({text for _, text in tried})
    step = (_WIDTH - _EDGE - 20) / len(texts)
    places = {text: _EDGE + 6 + step * (index + 0.5) for index, text in enumerate(texts)}
    dots = "".join(_dot(places[text], y.at(v), s) for (s, text), v in zip(tried, values, strict=True))
    labels = "".join(
        f'<text x="{places[text]:.1f}" y="{_HEIGHT - 6}" text-anchor="middle">{escape(text[:18])}</text>'
        for text in texts
    )
    return _picture(name, dots + labels, None, y)


def _number(text: str) -> float | None:
    try:
        found = float(text)
    except ValueError:
        return None
    return found if math.isfinite(found) else None
