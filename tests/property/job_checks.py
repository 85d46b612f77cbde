"""The contradictions between the responses about a tuning job at one time."""

from collections import Counter

RUNNING = {"InProgress", "Stopping"}
ENDED = {"Completed", "Failed", "Stopped"}


def contradictions(snapshot):
    """Yield each contradiction between the responses of a snapshot, as text."""
    yield from of_description(snapshot.description)
    yield from of_training_jobs(snapshot)
    for job in snapshot.training_jobs:
        yield from of_summary(job)
        yield from of_training_job(snapshot.training_job(job.training_job_name), job)


def in_order(*times):
    """Check whether the times that are set are in order."""
    known = [time for time in times if time is not None]
    return known == sorted(known)


def of_description(description):
    """Yield the contradictions within a response of Describe."""
    yield from of_counters(description)
    yield from of_times(description)
    status, best = description.hyper_parameter_tuning_job_status, description.best_training_job
    if (description.failure_reason is not None) != (status == "Failed"):
        yield "a failure reason without a failure, or a failure without one"
    if best is not None and best.training_job_status != "Completed":
        yield "the best training job has not completed"
    if best is None and status == "Completed":
        yield "completed without a best training job"


def of_counters(description):
    trained, objectives = description.training_job_status_counters, description.objective_status_counters
    done = trained.completed + trained.stopped + trained.retryable_error + trained.non_retryable_error
    if done + trained.in_progress != objectives.succeeded + objectives.pending + objectives.failed:
        yield "the counters have different sums"
    if trained.in_progress != objectives.pending:
        yield "a training job runs without a pending objective"
    limit = description.hyper_parameter_tuning_job_config.resource_limits.max_number_of_training_jobs
    if limit is not None and done + trained.in_progress > limit:
        yield "more training jobs than allowed"
    if description.hyper_parameter_tuning_job_status in ENDED and trained.in_progress > 0:
        yield "a training job runs after the end"


def of_times(description):
    end = description.hyper_parameter_tuning_end_time
    if (end is not None) != (description.hyper_parameter_tuning_job_status in ENDED):
        yield "an end time without an end, or an end without one"
    if not in_order(description.creation_time, description.last_modified_time, end):
        yield "times out of order"
    seconds = (description.last_modified_time - description.creation_time).total_seconds()
    if description.consumed_resources.runtime_in_seconds != seconds:
        yield "another running time than the times"


def of_training_jobs(snapshot):
    """Yield the contradictions between a response of Describe and the training jobs."""
    description, jobs = snapshot.description, snapshot.training_jobs
    names = [job.training_job_name for job in jobs]
    if names != sorted(set(names)):
        yield "the training jobs are not sorted by name"
    statuses = Counter("InProgress" if job.training_job_status in RUNNING else job.training_job_status for job in jobs)
    counters = description.training_job_status_counters
    counted = {
        "Completed": counters.completed,
        "InProgress": counters.in_progress,
        "Stopped": counters.stopped,
        "Failed": counters.retryable_error + counters.non_retryable_error,
    }
    if statuses != Counter(counted):
        yield "other counters than the statuses"
    objectives = description.objective_status_counters
    counted = {"Succeeded": objectives.succeeded, "Pending": objectives.pending, "Failed": objectives.failed}
    if Counter(job.objective_status for job in jobs) != Counter(counted):
        yield "other counters than the objectives"
    created, end = description.creation_time, description.hyper_parameter_tuning_end_time
    for job in jobs:
        if not in_order(created, job.creation_time, job.training_start_time, job.training_end_time, end):
            yield f"{job.training_job_name}: times out of order"
    yield from of_best(description, jobs)


def of_best(description, jobs):
    metrics = [job.final_hyper_parameter_tuning_job_objective_metric for job in jobs]
    values = [metric.value for metric in metrics if metric is not None]
    best = description.best_training_job
    if (best is None) != (values == []):
        yield "values without a best training job"
    elif best is not None:
        extreme = min if direction(description) == "Minimize" else max
        if best not in jobs or best.final_hyper_parameter_tuning_job_objective_metric.value != extreme(values):
            yield "another training job is better"


def direction(description):
    definitions = description.training_job_definitions or [description.training_job_definition]
    common = description.hyper_parameter_tuning_job_config.hyper_parameter_tuning_job_objective
    return (definitions[0].tuning_objective or common).type


def of_summary(job):
    """Yield the contradictions within the summary of a training job."""
    status = job.training_job_status
    has_value = job.final_hyper_parameter_tuning_job_objective_metric is not None
    objective = "Pending" if status in RUNNING else "Succeeded" if has_value else "Failed"
    if job.objective_status != objective:
        yield f"{job.training_job_name}: the objective status {job.objective_status} instead of {objective}"
    if has_value and status not in {"Completed", "Stopped"}:
        yield f"{job.training_job_name}: a value without a result"
    if (job.failure_reason is not None) != (status == "Failed"):
        yield f"{job.training_job_name}: a failure reason without a failure, or a failure without one"
    if (job.training_end_time is not None) != (status not in RUNNING):
        yield f"{job.training_job_name}: an end time without an end, or an end without one"


def of_training_job(job, summary):
    """Yield the contradictions between the description and the summary of a training job."""
    for name in ("training_job_arn", "creation_time", "training_start_time", "training_end_time", "failure_reason"):
        if getattr(job, name) != getattr(summary, name):
            yield f"{job.training_job_name}: another {name}"
    if not summary.tuned_hyper_parameters.items() <= job.hyper_parameters.items():
        yield f"{job.training_job_name}: other hyperparameters"
    yield from of_transitions(job)


def of_transitions(job):
    """Yield the contradictions between the status of a training job and its secondary status transitions."""
    transitions = job.secondary_status_transitions
    times = [time for stage in transitions for time in (stage.start_time, stage.end_time)]
    if not in_order(*times) or times[0] != job.creation_time:
        yield f"{job.training_job_name}: stages out of order"
    if transitions[-1].status != job.secondary_status:
        yield f"{job.training_job_name}: another last stage"
    if (transitions[-1].end_time is None) != (job.training_job_status in RUNNING):
        yield f"{job.training_job_name}: the last stage has ended, or has not"
