"""Log tuning jobs to MLflow; requires the extra `mlflow`."""

from __future__ import annotations

import re
from collections import defaultdict
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeAlias

from hptsdk._extras import requires_extra
from hptsdk._validation import member_at, text
from hptsdk.errors import AccessDeniedError
from hptsdk.report import MetricReader
from hptsdk.transport import redaction_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from hptsdk.client import TuningJob
    from hptsdk.shapes import DescribeHyperParameterTuningJobResponse, HyperParameterTrainingJobSummary

__all__ = ["log"]

# MLflow is not installed for the type checkers.
_Client: TypeAlias = Any
_Run: TypeAlias = Any

# The tags that identify the runs of a tuning job and of a training job.
_TUNING_JOB, _CREATED, _TRAINING_JOB = "hptsdk.tuning_job", "hptsdk.created", "hptsdk.training_job"
_PARENT = "mlflow.parentRunId"

_STATUSES = {"Completed": "FINISHED", "Failed": "FAILED", "DeleteFailed": "FAILED", "Stopped": "KILLED"}
_RUNNING = "RUNNING"

# The metric values and parameters in one call of MLflow, and the length of a tag. MLflow allows 1,000 values, but those
# of thousands of training jobs are in memory at the same time.
_MAX_METRICS, _MAX_PARAMETERS, _MAX_TAG = 200, 100, 5000

# The characters that the name of a metric or a parameter cannot have.
_INVALID = re.compile(r"[^\w.\- :/]")


def log(job: TuningJob, *, experiment: str | None = None) -> str:
    """Log a tuning job to MLflow: a parent run, and a child run for each training job.

    The parent has the best objective value as a metric, and tags with the status, the strategy, the failure reason and
    the best training job. A child has the tuned hyperparameters as parameters, the metrics over time, and tags with the
    status, the definition, the failure reason and the S3 URI of the model. The metrics are read from the logs with the
    regexes of the job and its algorithms; without permission to read logs, the only one is the final objective value.

    A second call with the same experiment updates the runs, except those of training jobs that had ended at an earlier
    call.

    Args:
        job: a tuning job, such as ``client.get("churn")``.
        experiment: the name of the experiment, which is created if it is missing. Defaults to the active experiment of
            MLflow. The tracking server is that of MLflow's settings, such as MLFLOW_TRACKING_URI.

    Returns:
        The ID of the parent run.

    Raises:
        ImportError: the extra `mlflow` is not installed.
        ServiceError: the tuning job does not exist, or a call was rejected.
        TransportError: there was no response.
        MlflowException: MLflow rejected a call.
    """
    mlflow = _mlflow()
    response = job.describe()
    redaction = redaction_of(response)
    client = mlflow.MlflowClient()
    parent = _parent_run(client, response, experiment)
    existing = _runs([parent.info.experiment_id], {_PARENT: parent.info.run_id})
    runs = {run.data.tags.get(_TRAINING_JOB): run for run in existing}
    children: dict[str, _UpdatedRun] = {}
    summaries = list(job.training_jobs(sort_by="CreationTime", page_size=100))
    for summary in summaries:
        name = summary.training_job_name
        run = runs.get(name)
        if run is None:
            tags = {_PARENT: parent.info.run_id, _TRAINING_JOB: name}
            start = _milliseconds(summary.training_start_time or summary.creation_time)
            run = client.create_run(parent.info.experiment_id, start_time=start, run_name=name, tags=tags)
        if run.info.status == _RUNNING:
            children[name] = _UpdatedRun(client, run, text(summary.training_job_definition_name))
    if children:
        # the final values are logged without this permission
        with suppress(AccessDeniedError):
            _add_logged_values(job, MetricReader(response), children)
    for summary in summaries:
        if (child := children.get(summary.training_job_name)) is not None:
            child.end(summary, _tags(response, summary, redaction.apply(text(summary.failure_reason))))
    best = response.best_training_job
    tags = {
        "hptsdk.status": text(response.hyper_parameter_tuning_job_status),
        "hptsdk.strategy": text(response.hyper_parameter_tuning_job_config.strategy),
        "hptsdk.failure_reason": redaction.apply(text(response.failure_reason)),
        "hptsdk.best_training_job": "" if best is None else best.training_job_name,
    }
    run = _UpdatedRun(client, parent)
    if best is not None:
        run.add_best(best)
    run.finish(tags, text(response.hyper_parameter_tuning_job_status), response.hyper_parameter_tuning_end_time)
    return str(parent.info.run_id)


def _add_logged_values(job: TuningJob, reader: MetricReader, children: Mapping[str, _UpdatedRun]) -> None:
    """Add the values of metrics in the logs to the runs of their training jobs."""
    for event in job.logs():
        if (child := children.get(event.training_job)) is not None:
            for _, metric, value in reader.values(event.message, child.definition):
                child.add(metric, value, event.time)


class _UpdatedRun:
    """A run that is updated, with the name of the definition of its training job."""

    def __init__(self, client: _Client, run: _Run, definition: str = "") -> None:
        self.definition = definition
        self._client = client
        self._id = run.info.run_id
        self._latest: dict[str, float] = run.data.metrics
        self._steps: dict[str, int] = defaultdict(int)
        # an earlier call has logged these steps
        self._logged = {name: len(client.get_metric_history(self._id, name)) for name in run.data.metrics}
        self._pending: list[Any] = []

    def add_best(self, best: HyperParameterTrainingJobSummary) -> None:
        """Add the objective value of the best training job, unless it is the latest value."""
        metric = best.final_hyper_parameter_tuning_job_objective_metric
        if metric is not None and self._latest.get(key := _INVALID.sub("_", metric.metric_name)) != metric.value:
            self._pending.append(_metric(key, metric.value, best.training_end_time, self._logged.get(key, 0)))

    def add(self, name: str, value: float, time: datetime | None) -> None:
        """Add a value of a metric, unless an earlier call has logged it."""
        key = _INVALID.sub("_", name)
        self._steps[key] += 1
        if self._steps[key] > self._logged.get(key, 0):
            self._pending.append(_metric(key, value, time, self._steps[key] - 1))
        if len(self._pending) >= _MAX_METRICS:
            self._flush()

    def _flush(self) -> None:
        self._client.log_batch(self._id, metrics=self._pending)
        self._pending = []

    def end(self, summary: HyperParameterTrainingJobSummary, tags: dict[str, str]) -> None:
        """Log the hyperparameters of a training job; if it has ended, also its end and, if missing, the final value."""
        metric = summary.final_hyper_parameter_tuning_job_objective_metric
        has_ended = text(summary.training_job_status) in _STATUSES
        if has_ended and metric is not None and _INVALID.sub("_", metric.metric_name) not in self._steps:
            self.add(metric.metric_name, metric.value, summary.training_end_time)
        parameters = [
            _mlflow().entities.Param(_INVALID.sub("_", name), value)
            for name, value in summary.tuned_hyper_parameters.items()
        ]
        for begin in range(0, len(parameters), _MAX_PARAMETERS):
            self._client.log_batch(self._id, params=parameters[begin : begin + _MAX_PARAMETERS])
        self.finish(tags, text(summary.training_job_status), summary.training_end_time)

    def finish(self, tags: dict[str, str], status: str, ended: datetime | None) -> None:
        """Log the remaining values and the tags, and the end of the run if the job has ended."""
        self._flush()
        self._client.log_batch(
            self._id, tags=[_mlflow().entities.RunTag(name, value[:_MAX_TAG]) for name, value in tags.items() if value]
        )
        # last, because a later call does not change a run that has ended
        if status in _STATUSES:
            self._client.set_terminated(self._id, _STATUSES[status], _milliseconds(ended))


def _mlflow() -> Any:
    """Import MLflow, which takes seconds."""
    with requires_extra("mlflow", "hptsdk.integrations.mlflow"):
        return import_module("mlflow")


def _parent_run(client: _Client, response: DescribeHyperParameterTuningJobResponse, experiment: str | None) -> _Run:
    """Return the parent run of a tuning job in an experiment; each is created if it is missing."""
    identifier = None
    if experiment is not None:
        existing = client.get_experiment_by_name(experiment)
        identifier = client.create_experiment(experiment) if existing is None else existing.experiment_id
    # a deleted tuning job can have had the same ARN
    tags = {_TUNING_JOB: response.hyper_parameter_tuning_job_arn, _CREATED: text(response.creation_time)}
    if runs := _runs(None if identifier is None else [identifier], tags):
        return runs[0]
    mlflow, name = _mlflow(), response.hyper_parameter_tuning_job_name
    # without an experiment, MLflow uses the active one
    run = mlflow.start_run(experiment_id=identifier, run_name=name, nested=True, tags=tags)
    mlflow.end_run(_RUNNING)
    return client.get_run(run.info.run_id)


def _runs(experiments: list[str] | None, tags: Mapping[str, str]) -> list[_Run]:
    """Return the runs in these experiments with these tags. None is the active experiment."""
    query = " and ".join(f"tags.`{name}` = '{value}'" for name, value in tags.items())
    runs: list[_Run] = _mlflow().search_runs(experiments, query, output_format="list")
    return runs


def _tags(
    response: DescribeHyperParameterTuningJobResponse, summary: HyperParameterTrainingJobSummary, reason: str
) -> dict[str, str]:
    """Return the tags of a training job; an empty one is not logged."""
    status, definition = text(summary.training_job_status), summary.training_job_definition_name
    several = response.training_job_definitions or ()
    own = next((each for each in several if each.definition_name == definition), response.training_job_definition)
    output = member_at(own, "output_data_config")
    folder = f"{text(member_at(output, 's3_output_path')).rstrip('/')}/{summary.training_job_name}/output"
    file = "model/" if member_at(output, "compression_type") == "NONE" else "model.tar.gz"
    return {
        "hptsdk.status": status,
        "hptsdk.definition": text(definition),
        "hptsdk.failure_reason": reason,
        "hptsdk.model_uri": f"{folder}/{file}" if status in ("Completed", "Stopped") else "",
    }


def _metric(key: str, value: float, time: datetime | None, step: int) -> Any:
    return _mlflow().entities.Metric(key, value, _milliseconds(time) or 0, step)


def _milliseconds(time: datetime | None) -> int | None:
    return None if time is None else int(time.timestamp() * 1000)
