"""The course of a tuning job from its creation to its end, simulated from the results of its training jobs."""

from __future__ import annotations

import hashlib
import heapq
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

import attrs

from hptsdk.local.descriptions import described_request
from hptsdk.local.search import TuningProgress, apply_autotune, create_search
from hptsdk.rules.definitions import definitions_of, effective_objective, effective_ranges
from hptsdk.rules.facts.accounts import address_of
from hptsdk.rules.range_values import grid_size
from hptsdk.shapes import (
    DescribeHyperParameterTuningJobResponse,
    FinalHyperParameterTuningJobObjectiveMetric,
    HyperParameterTrainingJobSummary,
    HyperParameterTuningJobCompletionDetails,
)
from hptsdk.testing._job_history import end_of, snapshot_at
from hptsdk.wire import from_wire, to_wire

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from hptsdk.enums import HyperParameterTuningJobStrategyType, TrainingJobStatus
    from hptsdk.shapes import CreateHyperParameterTuningJobRequest, HyperParameterTrainingJobDefinition
    from hptsdk.testing._job_history import JobSnapshot

MAX_TRAINING_JOBS = 100
"""The maximum number of training jobs of a simulated tuning job."""

# The seconds before the first training jobs are created, and before a training job trains.
_LAUNCH_SECONDS, _START_SECONDS = 10, 60


@attrs.frozen
class TrainingResult:
    """The result of a training job.

    Attributes:
        value: its objective value; None if it has none. Defaults to 0.
        minutes: the training time, in minutes. Defaults to 1.
        status: its status; "Stopped" if it is stopped early. Defaults to Completed.
        failure_reason: the reason if it fails. Defaults to None.
    """

    value: float | None = 0.0
    minutes: int = 1
    status: TrainingJobStatus = "Completed"
    failure_reason: str | None = None


def max_training_jobs(request: CreateHyperParameterTuningJobRequest) -> int | None:
    """Return the maximum number of training jobs, which defaults to the combinations of a grid; None if unlimited."""
    config = request.hyper_parameter_tuning_job_config
    if config.resource_limits.max_number_of_training_jobs is not None or config.strategy != "Grid":
        return config.resource_limits.max_number_of_training_jobs
    return sum(grid_size(effective_ranges(request, each)) or 0 for _, each in definitions_of(request)) or None


def run_tuning_job(
    request: CreateHyperParameterTuningJobRequest,
    results: Sequence[TrainingResult],
    created: datetime,
    *,
    stop_after: int | None = None,
) -> list[JobSnapshot]:
    """Return the snapshots of a tuning job from its creation to its end, one for each change.

    Args:
        request: the request that created it.
        results: the results of its training jobs in the order in which they end, with the training times in the order
            of their names. They are repeated if it has more training jobs.
        created: the time at which it was created.
        stop_after: the number of ended training jobs after which a user stops it. Defaults to None, for no stop.
    """
    with suppress(ValueError):  # a job without ranges has nothing to search
        request = apply_autotune(request)
    return _TuningRun(request, results, created, stop_after).run()


class _Definition:
    """A definition while the tuning job runs: its objective, its limit in seconds, and its search."""

    def __init__(
        self, request: CreateHyperParameterTuningJobRequest, definition: HyperParameterTrainingJobDefinition, index: int
    ) -> None:
        config, objective = request.hyper_parameter_tuning_job_config, effective_objective(request, definition)
        self.name = definition.definition_name
        self.metric = "" if objective is None else objective.metric_name
        self.minimizes = objective is None or objective.type == "Minimize"
        self.max_seconds = definition.stopping_condition.max_runtime_in_seconds
        strategy: HyperParameterTuningJobStrategyType = "Grid" if config.strategy == "Grid" else "Random"
        self._search = create_search(
            strategy, effective_ranges(request, definition), seeds=(0, index), minimizes=self.minimizes, sampler="tpe"
        )
        self._count = 0

    def propose(self) -> dict[str, str]:
        """Return the values of the next training job; none if Autotune would choose all ranges."""
        values = self._search.propose(self._count) or {}
        self._count += 1
        return values


class _TuningRun:
    """A tuning job while it runs."""

    def __init__(
        self,
        request: CreateHyperParameterTuningJobRequest,
        results: Sequence[TrainingResult],
        created: datetime,
        stop_after: int | None,
    ) -> None:
        config = request.hyper_parameter_tuning_job_config
        limits, max_jobs = config.resource_limits, max_training_jobs(request)
        self._definitions = [
            _Definition(request, definition, index) for index, (_, definition) in enumerate(definitions_of(request))
        ]
        self._description = _describe(request, created)
        self._results, self._stop_after, self._time = results, stop_after, created
        self._max_jobs = min(max_jobs or len(results), MAX_TRAINING_JOBS)
        self._max_parallel, self._max_seconds = limits.max_parallel_training_jobs, limits.max_runtime_in_seconds
        self._has_early_stopping = config.training_job_early_stopping_type == "Auto" or config.strategy == "Hyperband"
        self._progress = TuningProgress(config.tuning_job_completion_criteria, max_jobs)
        self._jobs: list[HyperParameterTrainingJobSummary] = []
        # future changes: the time, the index of the training job, and whether it ends or starts training
        self._changes: list[tuple[datetime, int, bool]] = []
        self._ended = 0
        self._worst: float | None = None
        self._converged: datetime | None = None

    def run(self) -> list[JobSnapshot]:
        snapshots = [self._snapshot()]
        deadline = None if self._max_seconds is None else self._time + timedelta(seconds=self._max_seconds)
        self._time += timedelta(seconds=_LAUNCH_SECONDS)
        while len(self._jobs) < min(self._max_parallel, self._max_jobs):
            self._launch()
        snapshots.append(self._snapshot())
        while self._changes and not self._must_end:
            self._time = self._changes[0][0]
            if deadline is not None and self._time > deadline:
                break
            while self._changes and self._changes[0][0] == self._time and not self._must_end:
                _, index, ends = heapq.heappop(self._changes)
                if ends:
                    self._end(index)
                else:
                    self._jobs[index] = attrs.evolve(self._jobs[index], training_start_time=self._time)
            snapshots.append(self._snapshot())
        is_stopped = self._stop_after is not None
        failure_reason = None if is_stopped else self._progress.failure_reason
        return snapshots + end_of(snapshots[-1], is_stopped=is_stopped, failure_reason=failure_reason)

    @property
    def _must_end(self) -> bool:
        return self._progress.is_complete or (self._stop_after is not None and self._ended >= self._stop_after)

    def _snapshot(self) -> JobSnapshot:
        details = HyperParameterTuningJobCompletionDetails(
            number_of_training_jobs_objective_not_improving=self._progress.not_improving,
            convergence_detected_time=self._converged,
        )
        description = attrs.evolve(self._description, tuning_job_completion_details=details)
        return snapshot_at(self._time, description, self._jobs)

    def _launch(self) -> None:
        """Create the next training job, of one definition after another."""
        index, name = len(self._jobs), self._description.hyper_parameter_tuning_job_name
        definition = self._definitions[index % len(self._definitions)]
        digest = hashlib.sha256(f"{name}/{index}".encode()).hexdigest()[:8]
        training_job = f"{name}-{index + 1:03d}-{digest}"
        tuning_arn = self._description.hyper_parameter_tuning_job_arn
        arn = f"{tuning_arn.partition(':hyper-parameter-tuning-job/')[0]}:training-job/{training_job.lower()}"
        self._jobs.append(
            HyperParameterTrainingJobSummary(
                training_job_definition_name=definition.name,
                training_job_name=training_job,
                training_job_arn=arn,
                creation_time=self._time,
                training_job_status="InProgress",
                tuned_hyper_parameters=definition.propose(),
                objective_status="Pending",
            )
        )
        seconds, delay = 60 * self._results[index % len(self._results)].minutes, _START_SECONDS
        if definition.max_seconds is not None:
            seconds = min(seconds, definition.max_seconds)
        if self._max_seconds is not None:
            # at least one training job ends within the time of the tuning job
            seconds, delay = min(seconds, self._max_seconds // 4), min(delay, self._max_seconds // 4)
        start = self._time + timedelta(seconds=delay)
        heapq.heappush(self._changes, (start, index, False))
        heapq.heappush(self._changes, (start + timedelta(seconds=seconds), index, True))

    def _end(self, index: int) -> None:
        """End a training job, and create the next one if one is left."""
        definition, result = self._definitions[index % len(self._definitions)], self._next_result()
        metric = None
        if result.value is not None:
            metric = FinalHyperParameterTuningJobObjectiveMetric(metric_name=definition.metric, value=result.value)
            self._worst = result.value if self._worst is None else self._worse(result.value, self._worst)
        self._jobs[index] = attrs.evolve(
            self._jobs[index],
            training_job_status=result.status,
            training_end_time=self._time,
            failure_reason=result.failure_reason,
            final_hyper_parameter_tuning_job_objective_metric=metric,
            objective_status="Failed" if metric is None else "Succeeded",
        )
        self._ended += 1
        self._progress = self._progress.after(result.status, result.value, minimizes=definition.minimizes)
        if self._progress.has_converged and self._converged is None:
            self._converged = self._time
        if len(self._jobs) < self._max_jobs and not self._must_end:
            self._launch()

    def _next_result(self) -> TrainingResult:
        """Return the result of the training job that ends next; if stopped early, it has the worst value so far."""
        result = self._results[self._ended % len(self._results)]
        if result.status != "Stopped" or result.value is None:
            return result
        if self._worst is None or not self._has_early_stopping:
            return attrs.evolve(result, status="Completed")
        return attrs.evolve(result, value=self._worse(result.value, self._worst))

    def _worse(self, one: float, other: float) -> float:
        return max(one, other) if self._definitions[0].minimizes else min(one, other)


def _describe(
    request: CreateHyperParameterTuningJobRequest, created: datetime
) -> DescribeHyperParameterTuningJobResponse:
    """Return the response of Describe with the settings of a request, and with what SageMaker adds to them."""
    document = described_request(to_wire(request))
    document.pop("Tags", None)
    name = request.hyper_parameter_tuning_job_name
    document["HyperParameterTuningJobArn"] = f"{_arn_prefix(request)}:hyper-parameter-tuning-job/{name.lower()}"
    document["CreationTime"] = created
    return from_wire(DescribeHyperParameterTuningJobResponse, document)


def _arn_prefix(request: CreateHyperParameterTuningJobRequest) -> str:
    """Return the start of an ARN, with the account of the role and the region of the image, or us-east-1."""
    _, definition = definitions_of(request)[0]
    account = definition.role_arn.split(":")[4]
    address = address_of(definition.algorithm_specification.training_image or "")
    if address is None:
        return f"arn:aws:sagemaker:us-east-1:{account}"
    return f"arn:{definition.role_arn.split(':')[1]}:sagemaker:{address['region']}:{account}"
