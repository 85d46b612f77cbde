"""Histories of tuning jobs: the training jobs are drawn, and all responses follow from them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Literal

import attrs
from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument

from hptsdk.rules.definitions import definitions_of
from hptsdk.rules.range_values import count_combinations
from hptsdk.shapes import CreateHyperParameterTuningJobRequest
from hptsdk.testing._job_history import JobHistory
from hptsdk.testing._tuning_run import (
    MAX_TRAINING_JOBS,
    TrainingResult,
    max_training_jobs,
    run_tuning_job,
)
from hptsdk.testing.strategies._api import requests
from hptsdk.testing.strategies._plausible import is_strategy

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn, SearchStrategy

    from hptsdk.testing._job_snapshot import JobState

__all__ = ["job_histories", "job_states"]

Request = CreateHyperParameterTuningJobRequest
Status = Literal["Completed", "Failed", "Stopped"]

_STATUSES: tuple[Status, ...] = ("Completed", "Failed", "Stopped")

# More than half of the tuning jobs complete; these are the simplest ones.
_SHARES: tuple[Status, ...] = ("Completed", "Completed", "Completed", "Stopped", "Failed")

# The most training jobs whose results are drawn, and that a drawn request has.
_MAX_RESULTS = 8

# A drawn request keeps the strategy Grid if it has at most this many combinations.
_MAX_GRID = 24

# A history has each state between the first and the last one, each second one or each third one.
_MAX_STEP = 3

_EPOCH = datetime(2024, 1, 1, tzinfo=UTC)
_YEARS = 5 * 365 * 24 * 3600

_ERROR = "AlgorithmError: ExecuteUserScriptError, exit code: 1"
_INTERNAL_ERROR = "InternalServerError: We encountered an internal error. Please try again."

# Objective values are 32-bit floats in SageMaker, which returns them as 64-bit floats.
_VALUES = st.floats(0, 1, width=32)
_MINUTES = st.integers(1, 120)

_COMPLETED = st.builds(TrainingResult, _VALUES, _MINUTES)
_STOPPED_EARLY = st.builds(TrainingResult, _VALUES, _MINUTES, st.just("Stopped"))
_WITHOUT_OBJECTIVE = st.builds(TrainingResult, st.none(), _MINUTES)
_FAILED = st.builds(TrainingResult, st.none(), _MINUTES, st.just("Failed"), st.sampled_from([_ERROR, _INTERNAL_ERROR]))
_ANY = st.one_of(_COMPLETED, _COMPLETED, _STOPPED_EARLY, _FAILED, _WITHOUT_OBJECTIVE)

# By the status at the end, the results of the training jobs. A tuning job completes if the first one has a value.
_RESULTS: dict[Status, SearchStrategy[list[TrainingResult]]] = {
    "Completed": st.tuples(
        _COMPLETED,
        st.lists(_COMPLETED, max_size=_MAX_RESULTS - 1) | st.lists(_ANY, max_size=_MAX_RESULTS - 1),
    ).map(lambda pair: [pair[0], *pair[1]]),
    "Failed": st.lists(_FAILED, min_size=1, max_size=_MAX_RESULTS)
    | st.lists(_FAILED | _WITHOUT_OBJECTIVE, min_size=1, max_size=_MAX_RESULTS),
    "Stopped": st.lists(_ANY, min_size=1, max_size=_MAX_RESULTS),
}


def job_histories(
    request: Request | SearchStrategy[Request] | None = None, /, *, status: Status | None = None
) -> SearchStrategy[JobHistory]:
    """Create a strategy for the responses about a tuning job, from its creation to its end.

    All responses of a history agree with each other. The counters are those of the training jobs. Times are in order.
    The best training job is the completed one with the best objective value. A tuning job ends when a completion
    criterion of its request is satisfied. Training jobs can fail, have no objective value, or be stopped early if the
    request allows it. The simplest history is a tuning job with one training job, which completes.

    Args:
        request: the request that created the tuning job, or a strategy for it. Defaults to `requests()` with at most 8
            training jobs.
        status: the status at the end: ``"Completed"``, ``"Failed"`` or ``"Stopped"``. Defaults to any of these;
            three of five tuning jobs complete.

    Returns:
        A strategy for instances of `hptsdk.testing.JobHistory`. It rejects no draws.

    Raises:
        hypothesis.errors.InvalidArgument: `request` is not a request or a strategy, or no tuning job ends with this
            status. A request with more than 100 training jobs cannot complete, which is raised by a draw.

    Example:
        >>> from hptsdk.testing import strategies
        >>> failures = strategies.job_histories(status="Failed")
        >>> grids = strategies.job_histories(strategies.requests(strategy="Grid"))
    """
    if request is not None and not isinstance(request, Request) and not is_strategy(request):
        raise InvalidArgument(f"request: expected a {Request.__name__} or a strategy for it, got {request!r}")
    if status is not None and status not in _STATUSES:
        raise InvalidArgument(f"status: expected {', '.join(_STATUSES)} or None, got {status!r}")
    return _histories(request, status)


@st.composite
def _histories(draw: DrawFn, given: Request | SearchStrategy[Request] | None, status: Status | None) -> JobHistory:
    request, states = draw(job_states(given, status))
    # Describe calls miss some changes between the first and the last one
    polled = (*states[: -1 : draw(st.integers(1, _MAX_STEP))], states[-1])
    return JobHistory(request=request, snapshots=tuple(state.snapshot() for state in polled))


@st.composite
def job_states(
    draw: DrawFn, given: Request | SearchStrategy[Request] | None = None, status: Status | None = None
) -> tuple[Request, list[JobState]]:
    """Draw a request and the states of its tuning job, one for each change."""
    end = draw(st.sampled_from(_SHARES)) if status is None else status
    results = draw(_RESULTS[end])
    # the request comes last, so that it does not change while the training jobs shrink
    if given is None:
        request = _with_few_training_jobs(draw(requests()), len(results))
    else:
        request = draw(given) if is_strategy(given) else given
    max_jobs = max_training_jobs(request) or len(results)
    if max_jobs > MAX_TRAINING_JOBS and end == "Completed":
        if status is not None:
            raise InvalidArgument(
                f"status: a tuning job with {max_jobs} training jobs cannot complete; request at most "
                f"{MAX_TRAINING_JOBS}, as in MaxNumberOfTrainingJobs"
            )
        end = "Stopped"
    stop_after = draw(st.integers(0, min(max_jobs, len(results)) - 1)) if end == "Stopped" else None
    created = _EPOCH + timedelta(seconds=draw(st.integers(0, _YEARS)))
    return request, run_tuning_job(request, results, created, stop_after=stop_after)


def _with_few_training_jobs(request: Request, count: int) -> Request:
    """Return a request with the same settings and at most this number of training jobs, unless it is a small grid."""
    config = request.hyper_parameter_tuning_job_config
    limits, is_grid = config.resource_limits, config.strategy == "Grid"
    if is_grid and (max_training_jobs(request) or 0) <= _MAX_GRID:
        return request
    owners = [config.parameter_ranges, *(each.hyper_parameter_ranges for _, each in definitions_of(request))]
    combinations = [count_combinations(ranges) for ranges in owners if ranges is not None]
    count = min([count, *filter(None, combinations)])
    limits = attrs.evolve(
        limits,
        max_number_of_training_jobs=count,
        max_parallel_training_jobs=min(count, limits.max_parallel_training_jobs),
    )
    strategy = "Random" if is_grid else config.strategy
    config = attrs.evolve(config, strategy=strategy, resource_limits=limits)
    return attrs.evolve(request, hyper_parameter_tuning_job_config=config)
