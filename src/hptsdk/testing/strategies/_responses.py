"""Responses: consistent responses, taken from histories of tuning jobs, and responses that differ from the model.

The training jobs of a history are drawn, and all its responses follow from them.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import attrs
from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument

import hptsdk
from hptsdk import schema, shapes
from hptsdk._validation import Response, Shape, is_tuple
from hptsdk.rules.definitions import definitions_of
from hptsdk.rules.range_values import count_combinations
from hptsdk.testing._job_history import JobHistory
from hptsdk.testing._tuning_run import MAX_TRAINING_JOBS, TrainingResult, max_training_jobs, run_tuning_job
from hptsdk.testing.strategies._draw.texts import members_by_name
from hptsdk.testing.strategies._requests import is_strategy, requests, shapes as instances_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hypothesis.strategies import DrawFn, SearchStrategy

    from hptsdk.schema import TypeInfo
    from hptsdk.testing._job_history import JobSnapshot

Value = Any
"""A part of a document, which may have any type."""

ShapeT = TypeVar("ShapeT", bound=Shape)
Request = shapes.CreateHyperParameterTuningJobRequest
Status = Literal["Completed", "Failed", "Stopped"]

_STATUSES: tuple[Status, ...] = ("Completed", "Failed", "Stopped")

# More than half of the tuning jobs complete; these are the simplest ones.
_SHARES: tuple[Status, ...] = ("Completed", "Completed", "Completed", "Stopped", "Failed")

# The most training jobs whose results are drawn, and that a drawn request has.
_MAX_RESULTS = 8

# A drawn request keeps the strategy Grid if it has at most this many combinations.
_MAX_GRID = 24

# A history has each snapshot between the first and the last one, each second one or each third one.
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
        _COMPLETED, st.lists(_COMPLETED, max_size=_MAX_RESULTS - 1) | st.lists(_ANY, max_size=_MAX_RESULTS - 1)
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
            training jobs, or 24 for Grid.
        status: the status at the end: ``"Completed"``, ``"Failed"`` or ``"Stopped"``. Defaults to any of these;
            about three of five complete.

    Returns:
        A strategy for instances of `hptsdk.testing.JobHistory`. It rejects no draws.

    Raises:
        hypothesis.errors.InvalidArgument: `request` or `status` is none of these. A history has at most 100 training
            jobs, so a draw raises it for the status ``"Completed"`` of a request with more.

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
def _histories(draw: DrawFn, source: Request | SearchStrategy[Request] | None, status: Status | None) -> JobHistory:
    request, snapshots = draw(_job_snapshots(source, status))
    # Describe calls miss some changes between the first and the last one
    polled = (*snapshots[: -1 : draw(st.integers(1, _MAX_STEP))], snapshots[-1])
    return JobHistory(request=request, snapshots=polled)


@st.composite
def _job_snapshots(
    draw: DrawFn, source: Request | SearchStrategy[Request] | None = None, status: Status | None = None
) -> tuple[Request, list[JobSnapshot]]:
    """Draw a request, which may be that of the caller, and the snapshots of its tuning job, one for each change."""
    end = draw(st.sampled_from(_SHARES)) if status is None else status
    results = draw(_RESULTS[end])
    # the request comes last, so that it does not change while the training jobs shrink
    if source is None:
        request = _with_few_training_jobs(draw(requests()), len(results))
    else:
        request = draw(source) if is_strategy(source) else source
    max_jobs = max_training_jobs(request) or len(results)
    if max_jobs > MAX_TRAINING_JOBS and end == "Completed":
        if status is not None:
            raise InvalidArgument(
                f"status: a history has at most {MAX_TRAINING_JOBS} training jobs, so a request with {max_jobs} cannot "
                "complete; use a request with fewer"
            )
        end = "Stopped"
    stop_after = draw(st.integers(0, min(max_jobs, len(results)) - 1)) if end == "Stopped" else None
    created = _EPOCH + timedelta(seconds=draw(st.integers(0, _YEARS)))
    return request, run_tuning_job(request, results, created, stop_after=stop_after)


def _with_few_training_jobs(request: Request, count: int) -> Request:
    """Limit the training jobs of a request. A small grid is not changed; a larger one becomes a random search."""
    config = request.hyper_parameter_tuning_job_config
    limits, is_grid = config.resource_limits, config.strategy == "Grid"
    if is_grid and (max_training_jobs(request) or 0) <= _MAX_GRID:
        return request
    lists = [config.parameter_ranges, *(each.hyper_parameter_ranges for _, each in definitions_of(request))]
    combinations = [count_combinations(ranges) for ranges in lists if ranges is not None]
    count = min([count, *filter(None, combinations)])
    limits = attrs.evolve(
        limits,
        max_number_of_training_jobs=count,
        max_parallel_training_jobs=min(count, limits.max_parallel_training_jobs),
    )
    strategy = "Random" if is_grid else config.strategy
    config = attrs.evolve(config, strategy=strategy, resource_limits=limits)
    return attrs.evolve(request, hyper_parameter_tuning_job_config=config)


def responses(cls: type[ShapeT], /, *, extreme: bool = False) -> SearchStrategy[ShapeT]:
    """Create a strategy for responses of the service.

    By default they are consistent. A response about a job, and each part of one, is from a history of `job_histories`:
    the counters are the numbers of training jobs, times are in order, the best training job has completed, and only a
    failed job has a failure reason.

    Args:
        cls: a class of `hptsdk.shapes` that the service returns.
        extreme: whether responses can also contradict themselves and the API model of the service: values are at their
            limits, members are missing or unknown, and values are not in their enumeration. Defaults to False.

    Returns:
        A strategy for instances of `cls`, which are not validated. It rejects no draws.

    Raises:
        hypothesis.errors.InvalidArgument: the service does not return `cls`.

    Example:
        >>> import hptsdk
        >>> from hptsdk.testing import strategies
        >>> descriptions = strategies.responses(hptsdk.shapes.DescribeHyperParameterTuningJobResponse)
    """
    requested: Any = cls  # any object at run time
    if not (isinstance(requested, type) and issubclass(requested, Response)):
        raise InvalidArgument(f"cls: expected a class of hptsdk.shapes that the service returns, got {cls!r}")
    if extreme:
        return _changed(cls, instances_of(cls, extreme=True))
    if cls is shapes.ListHyperParameterTuningJobsResponse:
        return _list_of_tuning_jobs()
    if cls in _WITH_TAGS:
        return st.builds(cls, tags=requests().map(lambda request: request.tags or ()))
    return _part(cls) if cls.__name__ in _OF_JOBS else instances_of(cls)


_WITH_TAGS: set[type[Shape]] = {shapes.AddTagsOutput, shapes.ListTagsOutput}

# The classes of which the responses about a tuning job and its training jobs have instances.
_OF_JOBS = frozenset(
    [
        "AlgorithmSpecification",
        "CreateHyperParameterTuningJobResponse",
        "DescribeHyperParameterTuningJobResponse",
        "DescribeTrainingJobResponse",
        "FinalHyperParameterTuningJobObjectiveMetric",
        "HyperParameterTrainingJobSummary",
        "HyperParameterTuningJobCompletionDetails",
        "HyperParameterTuningJobConsumedResources",
        "HyperParameterTuningJobSummary",
        "ListTrainingJobsForHyperParameterTuningJobResponse",
        "ListTrainingJobsResponse",
        "MetricData",
        "ModelArtifacts",
        "ObjectiveStatusCounters",
        "SecondaryStatusTransition",
        "TrainingJobStatusCounters",
        "TrainingJobSummary",
    ]
)

# A tuning job without an objective value has no instance of these.
_NEED_VALUE: set[type[Shape]] = {shapes.FinalHyperParameterTuningJobObjectiveMetric, shapes.MetricData}


def _summary(job: shapes.DescribeTrainingJobResponse) -> shapes.TrainingJobSummary:
    """Return the summary of a training job, as ListTrainingJobs returns it."""
    names = (member.attribute for member in members_by_name(shapes.TrainingJobSummary).values())
    members: dict[str, Any] = {name: getattr(job, name, None) for name in names}
    return shapes.TrainingJobSummary(**members)


@st.composite
def _part(draw: DrawFn, cls: type[Shape]) -> Value:
    _, snapshots = draw(_job_snapshots(status="Completed" if cls in _NEED_VALUE else None))
    # the snapshot at the end has instances of all classes
    parts = _instances(cls, draw(st.sampled_from(snapshots))) or _instances(cls, snapshots[-1])
    return draw(st.sampled_from(parts))


def _instances(cls: type[Shape], snapshot: JobSnapshot) -> list[Shape]:
    """Return the instances of a class in the responses about a tuning job at one time."""
    jobs = [snapshot.training_job(job.training_job_name) for job in snapshot.training_jobs]
    arn = snapshot.description.hyper_parameter_tuning_job_arn
    responses: list[Shape] = [
        shapes.CreateHyperParameterTuningJobResponse(hyper_parameter_tuning_job_arn=arn),
        snapshot.description,
        snapshot.summary,
        shapes.ListTrainingJobsForHyperParameterTuningJobResponse(training_job_summaries=snapshot.training_jobs),
        shapes.ListTrainingJobsResponse(training_job_summaries=list(map(_summary, jobs))),
        *jobs,
    ]
    return [part for response in responses for part in _parts(response) if type(part) is cls]


def _parts(value: object) -> Iterator[Shape]:
    """Yield a structure and all structures in it."""
    if isinstance(value, Shape):
        yield value
        for member in members_by_name(type(value)).values():
            yield from _parts(getattr(value, member.attribute))
    elif is_tuple(value):
        for item in value:
            yield from _parts(item)


@st.composite
def _list_of_tuning_jobs(draw: DrawFn) -> Value:
    """Draw a list of tuning jobs with different names, sorted by name."""
    summaries = draw(st.lists(_part(shapes.HyperParameterTuningJobSummary), max_size=3))
    by_name = {summary.hyper_parameter_tuning_job_name.lower(): summary for summary in summaries}
    return shapes.ListHyperParameterTuningJobsResponse(
        hyper_parameter_tuning_job_summaries=[by_name[name] for name in sorted(by_name)]
    )


_UNMODELLED_VALUES: tuple[object, ...] = ("Paused", 7, True, 0.5, ["a"], {"Inner": "a"})

_MAX_CHANGES = 4

# A structure, the name of a member, and the member's type; None if the member is not modelled.
Place = tuple[dict[str, Any], str, "TypeInfo | None"]


def _changed(cls: type[ShapeT], instances: SearchStrategy[Shape]) -> SearchStrategy[ShapeT]:
    """Create a strategy that draws an instance, changes its document, and parses the document as a response."""

    @st.composite
    def changed(draw: DrawFn) -> ShapeT:
        document = hptsdk.to_wire(draw(instances))
        places = list(_places(cls, document))
        top_level = [place for place in places if place[0] is document]
        for _ in range(draw(st.integers(0, _MAX_CHANGES))):
            # members of the response itself are changed as often as those of all structures in it
            _change(draw, *draw(st.sampled_from(top_level) | st.sampled_from(places)))
        return hptsdk.from_wire(cls, document)

    return changed()


def _places(cls: type[Shape], document: dict[str, Any]) -> Iterator[Place]:
    """Yield each member of each structure in a document, and an unmodelled member for each structure."""
    for member in schema.of(cls).members:
        if member.wire_name in document:
            yield document, member.wire_name, member.type
            yield from _inner_places(member.type, document[member.wire_name])
    yield document, "Unmodelled", None


def _inner_places(info: TypeInfo, value: Value) -> Iterator[Place]:
    if info.shape is not None:
        yield from _places(info.shape, value)
    elif info.kind == "list" and info.item is not None:
        for item in value:
            yield from _inner_places(info.item, item)


def _change(draw: DrawFn, document: dict[str, Any], name: str, info: TypeInfo | None) -> None:
    if info is None:
        document[name] = draw(st.sampled_from(_UNMODELLED_VALUES))
    elif len(info.known_values) > 0 and draw(st.booleans()):
        document[name] = "Paused"
    else:
        document.pop(name, None)
