"""The values of metrics in the log events of training jobs."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from hptsdk._extras import requires_extra
from hptsdk._validation import is_list, member_at, text
from hptsdk.report._results import definitions_of, objective_of
from hptsdk.schema import algorithm_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from hptsdk.report._results import Curve
    from hptsdk.shapes import DescribeHyperParameterTuningJobResponse, HyperParameterTrainingJobSummary

# The maximum number of values in the curve of a training job. If there are more, every second one is removed.
_MAX_VALUES = 2_000

# Seconds after which the search in one line ends, and the regex is no longer used.
_TIMEOUT = 0.25

# How a log of SageMaker shows a tab, which the published regexes of its algorithms match.
_TAB_CODE = "#011"


class MetricReader:
    """A reader of metrics in log events, with the regexes of a tuning job and the published ones of its algorithms.

    The package `regex` searches, because it can end a search that takes too long. A regex that takes too long is
    not used again, and one that the package does not support is omitted.

    Args:
        response: the response of Describe.
        only_objectives: whether to read only the objective metric of each definition. Defaults to False.

    Raises:
        ModuleNotFoundError: `regex`, of the extra `local`, is not installed.
    """

    def __init__(self, response: DescribeHyperParameterTuningJobResponse, *, only_objectives: bool = False) -> None:
        with requires_extra("local", "reading metrics from logs"):
            import regex
        # by the names of the definition and the metric
        self._patterns: dict[tuple[str, str], Any] = {}
        for definition, metric, pattern, is_objective in _regexes(response):
            if is_objective or not only_objectives:
                try:
                    self._patterns[definition, metric] = regex.compile(pattern, cache_pattern=False)
                except (regex.error, OverflowError):
                    continue

    def values(self, line: str, definition: str | None = None) -> Iterator[tuple[str, str, float]]:
        """Yield the definition, the name and the first value of each metric in a line, if the value is finite.

        Args:
            line: the message of a log event.
            definition: the name of the definition of its training job. Defaults to None, for all definitions.
        """
        for key, pattern in tuple(self._patterns.items()):
            # the only definition has no name
            if definition is not None and key[0] not in ("", definition):
                continue
            try:
                match = pattern.search(
                    line.replace("\t", _TAB_CODE) if _TAB_CODE in pattern.pattern else line, timeout=_TIMEOUT
                )
                value = float(match[1]) if match else math.nan
            except TimeoutError:
                del self._patterns[key]
                continue
            except (IndexError, TypeError, ValueError):  # there is no group, or its text is not a number
                continue
            if math.isfinite(value):
                yield *key, value


class CurveReader:
    """A reader of learning curves: the objective metric of each training job over time.

    Args:
        response: the response of Describe.
    """

    def __init__(self, response: DescribeHyperParameterTuningJobResponse) -> None:
        self._reader = MetricReader(response, only_objectives=True)
        self._values: defaultdict[tuple[str, str], list[tuple[datetime, float]]] = defaultdict(list)

    def add(self, training_job: str, time: datetime, message: str) -> None:
        """Add the objective metric in the message of a log event to the curve of its training job."""
        for definition, _, value in self._reader.values(message):
            values = self._values[definition, training_job]
            values.append((time, value))
            if len(values) > _MAX_VALUES:
                del values[1:-1:2]

    def curves(self, summaries: Iterable[HyperParameterTrainingJobSummary]) -> dict[str, Curve]:
        """Return the times and the values of the objective metric by the names of training jobs."""
        curves: dict[str, Curve] = {}
        for summary in summaries:
            definition, name = text(summary.training_job_definition_name), text(summary.training_job_name)
            if values := self._values.get((definition, name)) or self._values.get(("", name)):
                curves[name] = tuple(values)
        return curves


def _regexes(response: DescribeHyperParameterTuningJobResponse) -> Iterator[tuple[str, str, str, bool]]:
    """Yield of each metric the definition (empty for a single one), name, regex, and whether it is the objective."""
    definitions = definitions_of(response)
    for definition in definitions:
        name = text(member_at(definition, "definition_name")) if len(definitions) > 1 else ""
        objective = text(member_at(objective_of(response, definition), "metric_name"))
        algorithm = algorithm_of(text(member_at(definition, "algorithm_specification", "training_image")))
        regexes: dict[str, str] = {}
        if algorithm is not None:
            regexes |= {metric: published.regex for metric, published in algorithm.metrics.items() if published.regex}
        own = member_at(definition, "algorithm_specification", "metric_definitions")
        regexes |= {text(member_at(m, "name")): text(member_at(m, "regex")) for m in (own if is_list(own) else ())}
        for metric, pattern in regexes.items():
            yield name, metric, pattern, metric == objective
