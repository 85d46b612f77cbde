"""Tuning jobs in MLflow (extra `mlflow`)."""

from __future__ import annotations

import re
from collections import defaultdict
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeAlias

from hptsdk._extras import requires_extra
from hptsdk._validation import is_list, member_at, text
from hptsdk.errors import AccessDeniedError
from hptsdk.transport import redaction_of

if TYPE_CHECKING:
    from collections.abc import Iterator
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

# A tab in the logs of SageMaker, which the regexes of its own algorithms match.
_TAB_CODE = "#011"


def log(job: TuningJob, *, experiment: str | None = None) -> str:
    """Log a tuning job to MLflow: a parent run, and a child run for each training job.

    A child has the tuned hyperparameters as parameters, the metrics over time, and tags with the status, the
    definition, the failure reason and the S3 URI of the model. The metrics are read from the logs with the regexes of
    the metric definitions; without permission to read logs, a child has the final objective value only. A call for a
    tuning job that was logged before updates its runs; those of training jobs that had ended before do not change.

    Args:
        job: the tuning job.
        experiment: the name of the experiment, which is created if it is missing. Defaults to the active experiment.

    Returns:
        The ID of the parent run.

    Raises:
        ImportError: MLflow is not installed.
        ServiceError: the tuning job does not exist, or a call was rejected.
        MlflowException: MLflow rejected a call.
    """
    mlflow = _mlflow()
    response = job.describe()
    redaction = redaction_of(response)
    client = mlflow.MlflowClient()
    parent = _parent_run(client, response, experiment)
    runs = {run.data.tags.get(_TRAINING_JOB): run for run in _children(client, parent)}
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
            children[name] = _UpdatedRun(client, run, _regexes(response, summary.training_job_definition_name))
    if children:
        # the final values are logged without this permission
        with suppress(AccessDeniedError):
            for event in job.logs():
                if (child := children.get(event.training_job)) is not None:
                    child.add_line(event.message, _milliseconds(event.time) or 0)
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
    run = _UpdatedRun(client, parent, {})
    if best is not None:
        run.add_best(best)
    run.finish(tags, text(response.hyper_parameter_tuning_job_status), response.hyper_parameter_tuning_end_time)
    return str(parent.info.run_id)


class _UpdatedRun:
    """A run that is updated.

    Args:
        client: the client of MLflow.
        run: the run.
        regexes: the regexes of its metrics, by their names.
    """

    def __init__(self, client: _Client, run: _Run, regexes: dict[str, re.Pattern[str]]) -> None:
        self._client = client
        self._id = run.info.run_id
        self._latest: dict[str, float] = run.data.metrics
        self._regexes = regexes
        self._steps: dict[str, int] = defaultdict(int)
        # an earlier call has logged these steps
        self._logged = {name: len(client.get_metric_history(self._id, name)) for name in run.data.metrics}
        self._pending: list[Any] = []

    def add_line(self, line: str, time: int) -> None:
        """Add the values of metrics in a line of a log."""
        for name, pattern in self._regexes.items():
            match = pattern.search(line.replace("\t", _TAB_CODE) if _TAB_CODE in pattern.pattern else line)
            if match is not None and match.re.groups:
                with suppress(ValueError, TypeError):
                    self._add(name, float(match[1]), time)

    def add_best(self, best: HyperParameterTrainingJobSummary) -> None:
        """Add the objective value of the best training job, unless it is the latest value."""
        metric = best.final_hyper_parameter_tuning_job_objective_metric
        if metric is not None and self._latest.get(key := _INVALID.sub("_", metric.metric_name)) != metric.value:
            time = _milliseconds(best.training_end_time) or 0
            self._pending.append(_mlflow().entities.Metric(key, metric.value, time, self._logged.get(key, 0)))

    def _add(self, name: str, value: float, time: int) -> None:
        key = _INVALID.sub("_", name)
        self._steps[key] += 1
        if self._steps[key] > self._logged.get(key, 0):
            self._pending.append(_mlflow().entities.Metric(key, value, time, self._steps[key] - 1))
        if len(self._pending) >= _MAX_METRICS:
            self._flush()

    def _flush(self) -> None:
        self._client.log_batch(self._id, metrics=self._pending)
        self._pending = []

    def end(self, summary: HyperParameterTrainingJobSummary, tags: dict[str, str]) -> None:
        """Log the hyperparameters and the final value of a training job, and its end if it has ended."""
        metric = summary.final_hyper_parameter_tuning_job_objective_metric
        has_ended = text(summary.training_job_status) in _STATUSES
        if has_ended and metric is not None and _INVALID.sub("_", metric.metric_name) not in self._steps:
            self._add(metric.metric_name, metric.value, _milliseconds(summary.training_end_time) or 0)
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


def _mlflow() -> Any:  # noqa: ANN401 - the module
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
    query = " and ".join(f"tags.`{name}` = '{value}'" for name, value in tags.items())
    identifiers = None if identifier is None else [identifier]
    mlflow = _mlflow()
    # without an experiment, MLflow uses the active one here and below
    runs = mlflow.search_runs(identifiers, query, output_format="list", max_results=1)
    if runs:
        return runs[0]
    name = response.hyper_parameter_tuning_job_name
    run = mlflow.start_run(experiment_id=identifier, run_name=name, nested=True, tags=tags)
    mlflow.end_run(_RUNNING)
    return client.get_run(run.info.run_id)


def _children(client: _Client, parent: _Run) -> Iterator[_Run]:
    """Yield the child runs of a run."""
    token, query = None, f"tags.`{_PARENT}` = '{parent.info.run_id}'"
    while True:
        page = client.search_runs([parent.info.experiment_id], query, max_results=1000, page_token=token)
        yield from page
        token = page.token
        if not token:
            return


def _regexes(response: DescribeHyperParameterTuningJobResponse, definition: str | None) -> dict[str, re.Pattern[str]]:
    """Return the regexes of the metrics of a training job; one that Python does not support is omitted."""
    regexes: dict[str, re.Pattern[str]] = {}
    metrics = member_at(_definition(response, definition), "algorithm_specification", "metric_definitions")
    for metric in metrics if is_list(metrics) else ():
        with suppress(re.error):
            regexes[text(member_at(metric, "name"))] = re.compile(text(member_at(metric, "regex")))
    return regexes


def _definition(response: DescribeHyperParameterTuningJobResponse, name: str | None) -> object:
    """Return the definition of a training job."""
    several = response.training_job_definitions or ()
    return next((each for each in several if each.definition_name == name), response.training_job_definition)


def _tags(
    response: DescribeHyperParameterTuningJobResponse, summary: HyperParameterTrainingJobSummary, reason: str
) -> dict[str, str]:
    """Return the tags of a training job; an empty one is not logged."""
    status, definition = text(summary.training_job_status), summary.training_job_definition_name
    output = member_at(_definition(response, definition), "output_data_config")
    folder = f"{text(member_at(output, 's3_output_path')).rstrip('/')}/{summary.training_job_name}/output"
    file = "model/" if member_at(output, "compression_type") == "NONE" else "model.tar.gz"
    return {
        "hptsdk.status": status,
        "hptsdk.definition": text(definition),
        "hptsdk.failure_reason": reason,
        "hptsdk.model_uri": f"{folder}/{file}" if status in ("Completed", "Stopped") else "",
    }


def _milliseconds(time: datetime | None) -> int | None:
    return None if time is None else int(time.timestamp() * 1000)
