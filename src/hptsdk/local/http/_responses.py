"""What Describe and List answer, made from the rows and from the request as it was sent."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from hptsdk._validation import RESERVED
from hptsdk.local.search import TRAINING, TUNING

if TYPE_CHECKING:
    from collections.abc import Callable

    from hptsdk.local._programs import MissingProgram
    from hptsdk.local.jobs import Row, Setting, Store

__all__ = ["Describer"]

Document = dict[str, Any]

# What the training jobs' own description has of their definition, under the same names.
_OF_THE_DEFINITION = (
    "RoleArn",
    "InputDataConfig",
    "VpcConfig",
    "StoppingCondition",
    "EnableNetworkIsolation",
    "EnableInterContainerTrafficEncryption",
    "EnableManagedSpotTraining",
    "CheckpointConfig",
    "RetryStrategy",
    "Environment",
    "AlgorithmSpecification",
)
_COUNTERS = ("Completed", "InProgress", "RetryableError", "NonRetryableError", "Stopped")
_OBJECTIVES = ("Succeeded", "Pending", "Failed")
_RESOURCES = ("InstanceType", "InstanceCount", "VolumeSizeInGB", "VolumeKmsKeyId")


def definitions(request: Document) -> list[Document]:
    """Give the definitions of a request as sent."""
    single: Document | None = request.get("TrainingJobDefinition")
    several: list[Document] = request.get("TrainingJobDefinitions", [])
    return several if single is None else [single, *several]


def objective(request: Document, definition: Document) -> Document:
    """Give the objective of a definition as sent."""
    found: Document = (
        definition.get("TuningObjective")
        or request["HyperParameterTuningJobConfig"]["HyperParameterTuningJobObjective"]
    )
    return found


class Describer:
    """Makes the answers.

    Args:
        store: where everything is kept.
        setting: of the service.
        running_seconds: returns how long a tuning job that runs now has run; None for another.
        missing_programs: returns the programs for which a tuning job waits.
    """

    def __init__(
        self,
        store: Store,
        setting: Setting,
        running_seconds: Callable[[int], float | None],
        missing_programs: Callable[[int], list[MissingProgram]],
    ) -> None:
        self._store = store
        self._setting = setting
        self._running_seconds = running_seconds
        self._missing_programs = missing_programs

    # --- tuning jobs ---

    @staticmethod
    def request(row: Row) -> Document:
        """Read the request of a tuning job as it was sent, with what Autotune chose."""
        found: Document = json.loads(row["chosen"] or row["request"])
        if row["chosen"] is not None:
            _give_hints_back(found, json.loads(row["request"]))
        return found

    def tuning_job(self, row: Row) -> Document:
        """Describe a tuning job; of one that failed since its request cannot be read, only its state."""
        try:
            return self._whole(row)
        except (ValueError, LookupError):
            if row["status"] != "Failed":
                raise
        state = {"HyperParameterTuningJobName": row["name"], **self._state(row)}
        return _present({**state, "FailureReason": row["failure_reason"]})

    def _whole(self, row: Row) -> Document:
        request = self.request(row)
        best = self._best(row["id"], request)
        answer = {
            **_with_objective(request),
            **self._state(row),
            "BestTrainingJob": best,
            "OverallBestTrainingJob": self._overall_best(row, request),
            "FailureReason": row["failure_reason"],
            "TuningJobCompletionDetails": json.loads(row["details"]) or None,
            "ConsumedResources": {"RuntimeInSeconds": round(self._consumed(row["id"]))},
        }
        return _present(answer)

    def _consumed(self, tuning_job: int) -> float:
        """Return the seconds for which a tuning job has run while a service was open."""
        running = self._running_seconds(tuning_job)
        if running is not None:
            return running
        # read now: the row that is described may be older than the end of the job
        row = self._store.one("SELECT consumed FROM tuning_jobs WHERE id = ?", tuning_job)
        return 0.0 if row is None else float(row["consumed"])

    def tuning_job_summary(self, row: Row) -> Document:
        """Describe a tuning job in brief; of one whose request cannot be read, its state."""
        config: Document = {}
        with suppress(ValueError, LookupError):
            config = self.request(row)["HyperParameterTuningJobConfig"]
        answer = {
            "HyperParameterTuningJobName": row["name"],
            **self._state(row),
            "Strategy": config.get("Strategy"),
            "ResourceLimits": config.get("ResourceLimits"),
        }
        return _present(answer)

    def _state(self, row: Row) -> Document:
        counts = {
            found["counter"]: found["n"]
            for found in self._store.all("SELECT counter, n FROM counts WHERE tuning_job = ?", row["id"])
        }
        return {
            "HyperParameterTuningJobArn": self._setting.arn(TUNING, row["name"]),
            "HyperParameterTuningJobStatus": row["status"],
            "CreationTime": row["created"],
            "LastModifiedTime": row["modified"],
            "HyperParameterTuningEndTime": row["ended"],
            "TrainingJobStatusCounters": {name: counts.get(name, 0) for name in _COUNTERS},
            "ObjectiveStatusCounters": {name: counts.get(f"objective {name}", 0) for name in _OBJECTIVES},
        }

    def _best(self, tuning_job: int, request: Document) -> Document | None:
        minimizes = objective(request, definitions(request)[0])["Type"] == "Minimize"
        row = self._store.one(
            "SELECT * FROM training_jobs WHERE tuning_job = ? AND objective IS NOT NULL "  # noqa: S608 - a word of ours
            f"ORDER BY objective {'' if minimizes else 'DESC'}, name LIMIT 1",
            tuning_job,
        )
        return None if row is None else self.training_job_of_tuning(row, request)

    def _overall_best(self, row: Row, request: Document) -> Document | None:
        """Find the best among this job and its parents, where all train the same on the same."""
        if request.get("WarmStartConfig", {}).get("WarmStartType") != "IdenticalDataAndAlgorithm":
            return None
        found: list[tuple[float, Document]] = []
        minimizes = objective(request, definitions(request)[0])["Type"] == "Minimize"
        for identity in (row["id"], *json.loads(row["parents"])):
            tuning = self._store.one("SELECT * FROM tuning_jobs WHERE id = ?", identity)
            best = self._best(identity, self.request(tuning)) if tuning is not None else None
            if tuning is not None and best is not None:
                value = best["FinalHyperParameterTuningJobObjectiveMetric"]["Value"]
                found.append((value if minimizes else -value, {**best, "TuningJobName": tuning["name"]}))
        return min(found, key=lambda pair: pair[0])[1] if found else None

    # --- training jobs ---

    def training_job_of_tuning(self, row: Row, request: Document) -> Document:
        """Describe a training job in brief, as the lists of a tuning job do."""
        definition = definitions(request)[int(row["definition"])]
        metric = objective(request, definition)["MetricName"]
        final = {"MetricName": metric, "Value": row["objective"]} if row["objective"] is not None else None
        answer = {
            "TrainingJobDefinitionName": definition.get("DefinitionName"),
            **self.training_job_summary(row),
            "TrainingStartTime": row["started"],
            "TunedHyperParameters": json.loads(row["tuned"]),
            "FailureReason": row["failure_reason"],
            "FinalHyperParameterTuningJobObjectiveMetric": final,
            "ObjectiveStatus": row["objective_status"],
        }
        for name in ("LastModifiedTime", "SecondaryStatus"):
            del answer[name]
        return _present(answer)

    def training_job_summary(self, row: Row) -> Document:
        """Describe a training job in brief, as the list of all does."""
        return {
            "TrainingJobName": row["name"],
            "TrainingJobArn": self._setting.arn(TRAINING, row["name"]),
            "CreationTime": row["created"],
            "TrainingEndTime": row["ended"],
            "LastModifiedTime": row["modified"],
            "TrainingJobStatus": row["status"],
            "SecondaryStatus": row["secondary"],
        }

    def _transitions(self, row: Row) -> list[Document]:
        """Return the stages of a training job; one that waits for a program says so."""
        found: list[Document] = json.loads(row["transitions"])
        if row["status"] == "InProgress" and row["secondary"] == "Starting":
            missing = dict.fromkeys(program.target for program in self._missing_programs(row["tuning_job"]))
            if found and missing:
                said = ", ".join(f"the {target} has no program in the local service" for target in missing)
                found[-1]["StatusMessage"] = f"Waiting: {said}"
        return found

    def training_job(self, row: Row, tuning: Row) -> Document:
        """Describe a training job."""
        request = self.request(tuning)
        definition = definitions(request)[int(row["definition"])]
        goal = objective(request, definition)
        seconds = round(row["seconds"]) if row["ended"] is not None and row["seconds"] else None
        output = definition["OutputDataConfig"]["S3OutputPath"].rstrip("/")
        packed = definition["OutputDataConfig"].get("CompressionType") != "NONE"
        answer = {
            **{name: definition.get(name) for name in _OF_THE_DEFINITION},
            **self.training_job_summary(row),
            # SageMaker shows a key that was not given as an empty one, and the SageMaker SDK relies on it
            "OutputDataConfig": {"KmsKeyId": "", **definition["OutputDataConfig"]},
            "TuningJobArn": self._setting.arn(TUNING, tuning["name"]),
            "ModelArtifacts": {
                "S3ModelArtifacts": f"{output}/{row['name']}/output/model{'.tar.gz' if packed else '/'}"
            },
            "FailureReason": row["failure_reason"],
            "HyperParameters": {
                **definition.get("StaticHyperParameters", {}),
                **json.loads(row["tuned"]),
                RESERVED: goal["MetricName"],
            },
            "ResourceConfig": _resources(definition),
            "TrainingStartTime": row["started"],
            "SecondaryStatusTransitions": self._transitions(row),
            "FinalMetricDataList": [
                {"MetricName": name, "Value": value, "Timestamp": time}
                for name, (value, time) in json.loads(row["finals"]).items()
            ]
            or None,
            "TrainingTimeInSeconds": seconds,
            "BillableTimeInSeconds": seconds,
        }
        return _present(answer)


def _give_hints_back(chosen: Document, sent: Document) -> None:
    """Put the AutoParameters back beside the ranges that were chosen for them."""
    pairs = [(chosen, sent, "HyperParameterTuningJobConfig", "ParameterRanges")]
    for ours, theirs in zip(definitions(chosen), definitions(sent), strict=True):
        pairs.append(({"_": ours}, {"_": theirs}, "_", "HyperParameterRanges"))
    for ours, theirs, place, ranges in pairs:
        hints = theirs[place].get(ranges, {}).get("AutoParameters")
        if hints is not None:
            ours[place].setdefault(ranges, {})["AutoParameters"] = hints


def _present(answer: Document) -> Document:
    return {name: value for name, value in answer.items() if value is not None}


def _with_objective(request: Document) -> Document:
    """Add the static hyperparameter that SageMaker adds, as its Describe shows it."""
    answer = dict(request)

    def shown(definition: Document) -> Document:
        static = {**definition.get("StaticHyperParameters", {}), RESERVED: objective(request, definition)["MetricName"]}
        return {**definition, "StaticHyperParameters": static}

    if "TrainingJobDefinition" in answer:
        answer["TrainingJobDefinition"] = shown(answer["TrainingJobDefinition"])
    if "TrainingJobDefinitions" in answer:
        answer["TrainingJobDefinitions"] = [shown(definition) for definition in answer["TrainingJobDefinitions"]]
    return answer


def _resources(definition: Document) -> Document:
    """Give the resources of a training job: of several configurations the first, since all can be had here."""
    if (simple := definition.get("ResourceConfig")) is not None:
        found: Document = simple
        return found
    tuning: Document = definition["HyperParameterTuningResourceConfig"]
    configs: list[Document] = tuning.get("InstanceConfigs", [{}])
    chosen: Document = {**tuning, **configs[0]}
    return {name: chosen[name] for name in _RESOURCES if name in chosen}
