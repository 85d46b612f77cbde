"""The responses of Describe and List operations, from the stored rows and from the request as it was sent."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from hptsdk import schema
from hptsdk._validation import RESERVED
from hptsdk.local.jobs import TRAINING_JOB, TUNING_JOB
from hptsdk.shapes import DescribeTrainingJobResponse, HyperParameterTrainingJobDefinition, ResourceConfig

if TYPE_CHECKING:
    from collections.abc import Callable

    from hptsdk._validation import Shape
    from hptsdk.local.jobs import Row, ServiceConfig, Store, TuningJobRun

__all__ = ["Responses"]

Document = dict[str, Any]


def _members(shape: type[Shape]) -> set[str]:
    return {member.wire_name for member in schema.of(shape).members}


# The members that a training job has in common with its definition.
_OF_DEFINITION = _members(HyperParameterTrainingJobDefinition) & _members(DescribeTrainingJobResponse)
_OF_RESOURCES = _members(ResourceConfig)
_COUNTERS = ("Completed", "InProgress", "RetryableError", "NonRetryableError", "Stopped")
_OBJECTIVES = ("Succeeded", "Pending", "Failed")

_BEST = {
    "Minimize": "SELECT * FROM training_jobs WHERE tuning_job = ? AND objective IS NOT NULL "
    "ORDER BY objective, name LIMIT 1",
    "Maximize": "SELECT * FROM training_jobs WHERE tuning_job = ? AND objective IS NOT NULL "
    "ORDER BY objective DESC, name LIMIT 1",
}


def _definitions(request: Document) -> list[Document]:
    single, several = request.get("TrainingJobDefinition"), request.get("TrainingJobDefinitions", [])
    return [*([] if single is None else [single]), *several]


def _objective(request: Document, definition: Document) -> Document:
    common = request["HyperParameterTuningJobConfig"].get("HyperParameterTuningJobObjective", {})
    return dict(definition.get("TuningObjective") or common)


def _without_none(response: Document) -> Document:
    return {name: value for name, value in response.items() if value is not None}


class Responses:
    """The responses of Describe and List operations.

    Args:
        store: the stored jobs.
        config: the configuration of the service.
        run_of: returns the run of a tuning job; None if it does not run now.
    """

    def __init__(self, store: Store, config: ServiceConfig, run_of: Callable[[int], TuningJobRun | None]) -> None:
        self._store = store
        self._config = config
        self._run_of = run_of

    # --- tuning jobs ---

    @staticmethod
    def request(row: Row) -> Document:
        """Return the request of a tuning job as it was sent, with the choices of Autotune."""
        request: Document = json.loads(row["chosen"] or row["request"])
        if row["chosen"] is not None:
            _restore_hints(request, json.loads(row["request"]))
        return request

    def tuning_job(self, row: Row) -> Document:
        """Return the description of a tuning job; if it failed because its request cannot be read, only its state."""
        try:
            request = self.request(row)
            return _without_none(
                {
                    **_with_objective(request),
                    **self._state(row),
                    "BestTrainingJob": self._best(row["id"], request),
                    "OverallBestTrainingJob": self._overall_best(row, request),
                    "FailureReason": row["failure_reason"],
                    "TuningJobCompletionDetails": json.loads(row["details"]) or None,
                    "ConsumedResources": {"RuntimeInSeconds": round(self._running_seconds(row["id"]))},
                }
            )
        except (ValueError, LookupError):
            if row["status"] != "Failed":
                raise
        name, reason = row["name"], row["failure_reason"]
        return _without_none({"HyperParameterTuningJobName": name, **self._state(row), "FailureReason": reason})

    def _running_seconds(self, tuning_job: int) -> float:
        """Return the seconds for which a tuning job has run while a service was open."""
        if (run := self._run_of(tuning_job)) is not None:
            return run.seconds
        # read now: the described row may be older than the end of the tuning job
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
        """Return the members that a description and a summary of a tuning job have in common."""
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
        row = self._store.one(_BEST[_objective(request, _definitions(request)[0])["Type"]], tuning_job)
        return None if row is None else self.tuned_job_summary(row, request)

    def _overall_best(self, row: Row, request: Document) -> Document | None:
        """Return the best training job of a tuning job and its parents, if all have the same data and algorithm."""
        if request.get("WarmStartConfig", {}).get("WarmStartType") != "IdenticalDataAndAlgorithm":
            return None
        candidates: list[tuple[float, Document]] = []
        sign = 1 if _objective(request, _definitions(request)[0])["Type"] == "Minimize" else -1
        for tuning_job in (row["id"], *json.loads(row["parents"])):
            tuning = self._store.one("SELECT * FROM tuning_jobs WHERE id = ?", tuning_job)
            if tuning is not None and (best := self._best(tuning_job, self.request(tuning))) is not None:
                value = best["FinalHyperParameterTuningJobObjectiveMetric"]["Value"]
                candidates.append((sign * value, {**best, "TuningJobName": tuning["name"]}))
        _, overall = min(candidates, key=lambda pair: pair[0], default=(0.0, None))
        return overall

    # --- training jobs ---

    def tuned_job_summary(self, row: Row, request: Document) -> Document:
        """Return the summary of a training job, as in the list of a tuning job.

        Args:
            row: the row of the training job.
            request: the request of its tuning job.
        """
        definition = _definitions(request)[int(row["definition"])]
        metric, value = _objective(request, definition)["MetricName"], row["objective"]
        summary = {
            "TrainingJobDefinitionName": definition.get("DefinitionName"),
            **self.training_job_summary(row),
            "TrainingStartTime": row["started"],
            "TunedHyperParameters": json.loads(row["tuned"]),
            "FailureReason": row["failure_reason"],
            "FinalHyperParameterTuningJobObjectiveMetric": None
            if value is None
            else {"MetricName": metric, "Value": value},
            "ObjectiveStatus": row["objective_status"],
            "LastModifiedTime": None,
            "SecondaryStatus": None,
        }
        return _without_none(summary)

    def training_job_summary(self, row: Row) -> Document:
        """Return the summary of a training job, as in the list of all training jobs."""
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
        if transitions and run is not None and row["status"] == "InProgress" and row["secondary"] == "Starting":
            targets = dict.fromkeys(program.target for program in run.missing_programs())
            if targets:
                text = ", ".join(f"the {target} has no program in the local service" for target in targets)
                transitions[-1]["StatusMessage"] = f"Waiting: {text}"
        return transitions

    def training_job(self, row: Row, tuning_job: Row) -> Document:
        """Return the description of a training job.

        Args:
            row: the row of the training job.
            tuning_job: the row of its tuning job.
        """
        request = self.request(tuning_job)
        definition = _definitions(request)[int(row["definition"])]
        seconds = round(row["seconds"]) if row["ended"] is not None and row["seconds"] else None
        output = definition["OutputDataConfig"]
        model = "model/" if output.get("CompressionType") == "NONE" else "model.tar.gz"
        finals = [
            {"MetricName": name, "Value": value, "Timestamp": time}
            for name, (value, time) in json.loads(row["finals"]).items()
        ]
        return _without_none(
            {
                **{name: definition.get(name) for name in _OF_DEFINITION},
                **self.training_job_summary(row),
                # SageMaker returns an empty key if there is none, and the SageMaker SDK depends on it
                "OutputDataConfig": {"KmsKeyId": "", **output},
                "TuningJobArn": self._config.arn(TUNING_JOB, tuning_job["name"]),
                "ModelArtifacts": {
                    "S3ModelArtifacts": f"{output['S3OutputPath'].rstrip('/')}/{row['name']}/output/{model}"
                },
                "FailureReason": row["failure_reason"],
                "HyperParameters": {
                    **definition.get("StaticHyperParameters", {}),
                    **json.loads(row["tuned"]),
                    RESERVED: _objective(request, definition)["MetricName"],
                },
                "ResourceConfig": _resources(definition),
                "TrainingStartTime": row["started"],
                "SecondaryStatusTransitions": self._transitions(row),
                "FinalMetricDataList": finals or None,
                "TrainingTimeInSeconds": seconds,
                "BillableTimeInSeconds": seconds,
            }
        )


def _restore_hints(chosen: Document, sent: Document) -> None:
    """Add the AutoParameters of a request to the ranges that were chosen for them."""
    pairs = [(chosen["HyperParameterTuningJobConfig"], sent["HyperParameterTuningJobConfig"], "ParameterRanges")]
    for own, original in zip(_definitions(chosen), _definitions(sent), strict=True):
        pairs.append((own, original, "HyperParameterRanges"))
    for own, original, ranges in pairs:
        if (hints := original.get(ranges, {}).get("AutoParameters")) is not None:
            own.setdefault(ranges, {})["AutoParameters"] = hints


def _with_objective(request: Document) -> Document:
    """Return a request with the static hyperparameter that SageMaker adds to each definition."""

    def with_metric(definition: Document) -> Document:
        metric = _objective(request, definition)["MetricName"]
        return {
            **definition,
            "StaticHyperParameters": {**definition.get("StaticHyperParameters", {}), RESERVED: metric},
        }

    response = dict(request)
    if "TrainingJobDefinition" in response:
        response["TrainingJobDefinition"] = with_metric(response["TrainingJobDefinition"])
    if "TrainingJobDefinitions" in response:
        response["TrainingJobDefinitions"] = [with_metric(each) for each in response["TrainingJobDefinitions"]]
    return response


def _resources(definition: Document) -> Document:
    """Return the resources of a training job; of several instance configurations, the first."""
    if (resources := definition.get("ResourceConfig")) is not None:
        return dict(resources)
    tuning = definition["HyperParameterTuningResourceConfig"]
    chosen = {**tuning, **tuning.get("InstanceConfigs", [{}])[0]}
    return {name: value for name, value in chosen.items() if name in _OF_RESOURCES}
