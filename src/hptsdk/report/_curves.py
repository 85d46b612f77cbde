"""The values of objective metrics over time, read from the log events of training jobs."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from hptsdk._extras import requires_extra
from hptsdk._validation import is_list, member_at, text
from hptsdk.schema import algorithm_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from hptsdk.shapes import DescribeHyperParameterTuningJobResponse, HyperParameterTrainingJobSummary

__all__ = ["CurveReader"]

# The maximum number of values of a training job. When there are more, every second one is removed.
_MAX_VALUES = 2_000

# Seconds after which the search in one line ends, and the regex is no longer searched.
_TIMEOUT = 0.25

# How a log of SageMaker shows a tab, which the published regexes of its algorithms match.
_TAB_CODE = "#011"


class CurveReader:
    """A reader of the objective metrics in log events, with the regexes of a tuning job.

    The package `regex` searches them, because it can end a search that takes too long.

    Args:
        response: the response of Describe.

    Raises:
        ModuleNotFoundError: `regex`, of the extra `local`, is not installed.
    """

    def __init__(self, response: DescribeHyperParameterTuningJobResponse) -> None:
        self._patterns = _patterns(response)
        self._values: defaultdict[tuple[str, str], list[tuple[datetime, float]]] = defaultdict(list)

    def add(self, training_job: str, time: datetime, message: str) -> None:
        """Read a log event.

        Args:
            training_job: the name of the training job that printed it.
            time: its time.
            message: its text.
        """
        for definition, pattern in tuple(self._patterns.items()):
            line = message.replace("\t", _TAB_CODE) if _TAB_CODE in pattern.pattern else message
            try:
                match = pattern.search(line, timeout=_TIMEOUT)
                value = float(match[1]) if match else math.nan
            except TimeoutError:
                del self._patterns[definition]
                continue
            except (IndexError, TypeError, ValueError):  # there is no group, or its text is not a number
                continue
            if math.isfinite(value):
                values = self._values[definition, training_job]
                values.append((time, value))
                if len(values) > _MAX_VALUES:
                    del values[1:-1:2]

    def curves(
        self, summaries: Iterable[HyperParameterTrainingJobSummary]
    ) -> dict[str, Sequence[tuple[datetime, float]]]:
        """Return the times and the values of the objective metric by the names of training jobs.

        Args:
            summaries: the training jobs.
        """
        curves: dict[str, Sequence[tuple[datetime, float]]] = {}
        for summary in summaries:
            definition, name = text(summary.training_job_definition_name), text(summary.training_job_name)
            # the only definition has no name
            values = self._values.get((definition, name)) or self._values.get(("", name))
            if values:
                curves[name] = tuple(values)
        return curves


def _patterns(response: DescribeHyperParameterTuningJobResponse) -> dict[str, Any]:
    """Compile the regex of the objective metric of each definition, by the name of the definition."""
    with requires_extra("local", "learning curves"):
        import regex
    compiled: dict[str, Any] = {}
    for definition, pattern in _objective_regexes(response):
        try:
            compiled[definition] = regex.compile(pattern, cache_pattern=False)
        except (regex.error, OverflowError):
            continue
    return compiled


def _objective_regexes(response: DescribeHyperParameterTuningJobResponse) -> Iterator[tuple[str, str]]:
    """Yield the name of each definition and the regex of its objective metric, as far as it is known."""
    of_job = member_at(response, "hyper_parameter_tuning_job_config", "hyper_parameter_tuning_job_objective")
    several = member_at(response, "training_job_definitions")
    for definition in several if is_list(several) and several else [member_at(response, "training_job_definition")]:
        metric = text(member_at(member_at(definition, "tuning_objective") or of_job, "metric_name"))
        metrics = member_at(definition, "algorithm_specification", "metric_definitions")
        regexes = {
            text(member_at(m, "name")): text(member_at(m, "regex")) for m in (metrics if is_list(metrics) else ())
        }
        algorithm = algorithm_of(text(member_at(definition, "algorithm_specification", "training_image")))
        published = algorithm.metrics.get(metric) if algorithm is not None else None
        pattern = regexes.get(metric) or (published and published.regex)
        if pattern:
            yield text(member_at(definition, "definition_name")), pattern
