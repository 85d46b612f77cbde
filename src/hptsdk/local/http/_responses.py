"""The responses of Describe and List operations, from the stored rows and from the request as it was sent."""

from __future__ import annotations

import json
import struct
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from hptsdk._validation import RESERVED
from hptsdk.local.descriptions import (
    OBJECTIVE_METRIC,
    definitions,
    described_request,
    described_specification,
    described_training_job,
    objective_of,
    wire_names,
)
from hptsdk.local.jobs import CREATE_TRAINING_JOB_REQUEST, TRAINING_JOB, TUNING_JOB
from hptsdk.shapes import (
    DescribeTrainingJobResponse,
    HyperParameterTrainingJobDefinition,
    ObjectiveStatusCounters,
    TrainingJobStatusCounters,
)

if TYPE_CHECKING:
    from hptsdk.local.jobs import Engine, Row, ServiceConfig, Store

Document = dict[str, Any]

# The members that only a training job has, and not its definition.
_OF_TRAINING_JOB = wire_names(DescribeTrainingJobResponse) - wire_names(HyperParameterTrainingJobDefinition)
_NOT_IMPROVING = "NumberOfTrainingJobsObjectiveNotImproving"
_TIMES = {"CreationTime": "created", "TrainingStartTime": "started", "TrainingEndTime": "ended"}
_COUNTERS, _OBJECTIVES = wire_names(TrainingJobStatusCounters), wire_names(ObjectiveStatusCounters)

_WITH_OBJECTIVE = "SELECT * FROM training_jobs WHERE tuning_job = ? AND objective IS NOT NULL"
_BEST = {
    "Minimize": f"{_WITH_OBJECTIVE} ORDER BY objective, name LIMIT 1",
    "Maximize": f"{_WITH_OBJECTIVE} ORDER BY objective DESC, name LIMIT 1",
}


def _without_none(response: Document) -> Document:
    return {name: value for name, value in response.items() if value is not None}


def tags_of(store: Store, arn: str) -> list[Document]:
    """Return the tags of a resource, sorted by key."""
    rows = store.all("SELECT key, value FROM tags WHERE arn = ? ORDER BY key", arn)
    return [{"Key": row["key"], "Value": row["value"]} for row in rows]


class Responses:
    """The responses of Describe and List operations."""

    def __init__(self, store: Store, config: ServiceConfig, engine: Engine) -> None:
        self._store = store
        self._config = config
        self._run_of = engine.run_of
        self._unreadable_reason = engine.unreadable_reason

    @staticmethod
    def request(row: Row) -> Document:
        """Return the request of a tuning job as it was sent, with the choices of Autotune."""
        request: Document = json.loads(row["chosen"] or row["request"])
        return request

    def tuning_job(self, row: Row) -> Document:
        """Return the description of a tuning job; if its rows cannot be read, only its state and a known reason.

        Raises:
            ValueError, LookupError: the rows of a running tuning job cannot be read, and the reason is not known.
        """
        unreadable = self._unreadable_reason(row["id"])
        try:
            request = self.request(row)
            return _without_none(
                {
                    **described_request(request),
                    **self._state(row),
                    "BestTrainingJob": self._best(row["id"], request),
                    "OverallBestTrainingJob": self._overall_best(row, request),
                    "FailureReason": row["failure_reason"] or unreadable,
                    "TuningJobCompletionDetails": {_NOT_IMPROVING: 0, **json.loads(row["details"])},
                    "ConsumedResources": {"RuntimeInSeconds": round(self._running_seconds(row["id"]))},
                }
            )
        except (ValueError, LookupError):
            if unreadable is None and row["status"] in ("InProgress", "Stopping"):
                raise
        name, reason = row["name"], row["failure_reason"] or unreadable
        return _without_none({"HyperParameterTuningJobName": name, **self._state(row), "FailureReason": reason})

    def _running_seconds(self, tuning_job: int) -> float:
        if (run := self._run_of(tuning_job)) is not None:
            return run.seconds
        row = self._store.one("SELECT consumed FROM tuning_jobs WHERE id = ?", tuning_job)
        return 0.0 if row is None else float(row["consumed"])

    def tuning_job_summary(self, row: Row) -> Document:
        """Return the summary of a tuning job; if its request cannot be read, only its state."""
        config: Document = {}
        with suppress(ValueError, LookupError):
            config = self.request(row)["HyperParameterTuningJobConfig"]
        return _without_none(
            {
                "HyperParameterTuningJobName": row["name"],
                **self._state(row),
                "Strategy": config.get("Strategy"),
                "ResourceLimits": config.get("ResourceLimits"),
            }
        )

    def _state(self, row: Row) -> Document:
        rows = self._store.all("SELECT counter, n FROM counts WHERE tuning_job = ?", row["id"])
        counts: dict[str, int] = {count["counter"]: count["n"] for count in rows}
        return {
            "HyperParameterTuningJobArn": self._config.arn(TUNING_JOB, row["name"]),
            "HyperParameterTuningJobStatus": row["status"],
            "CreationTime": row["created"],
            "LastModifiedTime": row["modified"],
            "HyperParameterTuningEndTime": row["ended"],
            "TrainingJobStatusCounters": {name: counts.get(name, 0) for name in _COUNTERS},
            "ObjectiveStatusCounters": {name: counts.get(f"objective {name}", 0) for name in _OBJECTIVES},
        }

    def _best(self, tuning_job: int, request: Document) -> Document | None:
        row = self._store.one(_BEST[objective_of(request, definitions(request)[0])["Type"]], tuning_job)
        return None if row is None else self.tuned_job_summary(row, request)

    def _overall_best(self, row: Row, request: Document) -> Document | None:
        """Return the best training job of a tuning job and its parents, if all have the same data and algorithm."""
        if request.get("WarmStartConfig", {}).get("WarmStartType") != "IdenticalDataAndAlgorithm":
            return None
        candidates: list[tuple[float, Document]] = []
        sign = 1 if objective_of(request, definitions(request)[0])["Type"] == "Minimize" else -1
        for tuning_job in (row["id"], *json.loads(row["parents"])):
            tuning = self._store.one("SELECT * FROM tuning_jobs WHERE id = ?", tuning_job)
            if tuning is not None and (best := self._best(tuning_job, self.request(tuning))) is not None:
                value = best["FinalHyperParameterTuningJobObjectiveMetric"]["Value"]
                candidates.append((sign * value, {**best, "TuningJobName": tuning["name"]}))
        _, overall = min(candidates, key=lambda pair: pair[0], default=(0.0, None))
        return overall

    def tuned_job_summary(self, row: Row, request: Document) -> Document:
        """Return the summary of a training job in ListTrainingJobsForHyperParameterTuningJob and BestTrainingJob.

        Args:
            row: the row of the training job.
            request: the CreateHyperParameterTuningJob request of its tuning job.
        """
        definition = definitions(request)[int(row["definition"])]
        metric, value = objective_of(request, definition)["MetricName"], row["objective"]
        summary = {
            "TrainingJobDefinitionName": definition.get("DefinitionName"),
            **self.training_job_summary(row),
            # SageMaker returns whole seconds in this summary, and milliseconds in the other responses
            **{name: row[column] and int(row[column]) for name, column in _TIMES.items()},
            "TunedHyperParameters": json.loads(row["tuned"]),
            "FailureReason": row["failure_reason"],
            "FinalHyperParameterTuningJobObjectiveMetric": None
            if value is None
            else {"MetricName": metric, "Value": _float32(value)},
            "ObjectiveStatus": row["objective_status"],
            "LastModifiedTime": None,
            "SecondaryStatus": None,
        }
        return _without_none(summary)

    def training_job_summary(self, row: Row) -> Document:
        """Return the summary of a training job in ListTrainingJobs."""
        return {
            "TrainingJobName": row["name"],
            "TrainingJobArn": self._config.arn(TRAINING_JOB, row["name"]),
            "CreationTime": row["created"],
            "TrainingEndTime": row["ended"],
            "LastModifiedTime": row["modified"],
            "TrainingJobStatus": row["status"],
            "SecondaryStatus": row["secondary"],
        }

    def _transitions(self, row: Row) -> list[Document]:
        """Return the transitions of a training job; if it waits for a program, the last one has a message about it."""
        transitions: list[Document] = json.loads(row["transitions"])
        run = self._run_of(row["tuning_job"])
        is_starting = row["status"] == "InProgress" and row["secondary"] == "Starting"
        problems = [program.problem for program in run.missing_programs()] if run is not None and is_starting else []
        if transitions and problems:
            transitions[-1]["StatusMessage"] = f"Waiting: {', '.join(dict.fromkeys(problems))}"
        return transitions

    def training_job(self, row: Row) -> Document:
        """Return the description of a training job; if its rows cannot be read, only its state and a known reason.

        Raises:
            ValueError, LookupError: the rows of a running training job cannot be read, and the reason is not known.
        """
        unreadable = self._unreadable_reason(row["tuning_job"])
        try:
            return self._training_job(row)
        except (ValueError, LookupError):
            if unreadable is None and row["status"] in ("InProgress", "Stopping"):
                raise
        summary = self.training_job_summary(row)
        return _without_none({**summary, "FailureReason": row["failure_reason"] or unreadable})

    def _training_job(self, row: Row) -> Document:
        (tuning_job,) = self._store.all("SELECT * FROM tuning_jobs WHERE id = ?", row["tuning_job"])
        request = self.request(tuning_job)
        definition = definitions(request)[int(row["definition"])]
        seconds = round(row["seconds"]) if row["ended"] is not None and row["seconds"] else None
        objective: str = objective_of(request, definition)["MetricName"]
        sent: Document = request.get(CREATE_TRAINING_JOB_REQUEST) or {}
        values: dict[str, tuple[float, float]] = json.loads(row["finals"])
        if objective in values:
            values[OBJECTIVE_METRIC] = values[objective]
        finals = [
            {"MetricName": name, "Value": _float32(value), "Timestamp": int(time)}
            for name, (value, time) in values.items()
        ]
        return _without_none(
            {
                **described_training_job(definition, row["name"]),
                **_described_as_sent(sent),
                **self.training_job_summary(row),
                "TuningJobArn": None if sent else self._config.arn(TUNING_JOB, tuning_job["name"]),
                "FailureReason": row["failure_reason"],
                "HyperParameters": {
                    **definition.get("StaticHyperParameters", {}),
                    **json.loads(row["tuned"]),
                    **({RESERVED: objective} if objective else {}),
                }
                or None,
                "AlgorithmSpecification": {
                    "EnableSageMakerMetricsTimeSeries": False,
                    **sent.get("AlgorithmSpecification", {}),
                    **described_specification(definition, objective),
                },
                "TrainingStartTime": row["started"],
                "SecondaryStatusTransitions": self._transitions(row),
                "FinalMetricDataList": finals or None,
                "TrainingTimeInSeconds": seconds,
                "BillableTimeInSeconds": seconds,
            }
        )


def _described_as_sent(sent: Document) -> Document:
    """Return the members that a CreateTrainingJob request adds to the description of its definition."""
    members = {name: value for name, value in sent.items() if name in _OF_TRAINING_JOB}
    if (profiler := sent.get("ProfilerConfig")) is not None:
        members["ProfilingStatus"] = "Disabled" if profiler.get("DisableProfiler") else "Enabled"
    return members


def _float32(value: float) -> float:
    """Return a value as SageMaker returns it: rounded to single precision, unless it is too large for that."""
    with suppress(OverflowError):
        return float(struct.unpack("<f", struct.pack("<f", value))[0])
    return value
