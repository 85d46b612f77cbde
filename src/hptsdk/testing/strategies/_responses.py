"""Responses: consistent ones, which are parts of a history, and ones that differ from the model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument

import hptsdk
from hptsdk import schema, shapes
from hptsdk._validation import Response, Shape
from hptsdk.testing.strategies._api import requests, shapes as instances_of
from hptsdk.testing.strategies._histories import job_states

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from hypothesis.strategies import DrawFn, SearchStrategy

    from hptsdk.schema import TypeInfo
    from hptsdk.testing._job_snapshot import JobSnapshot, JobState

__all__ = ["responses"]

Value = Any
"""A part of a document, which may have any type."""

ShapeT = TypeVar("ShapeT", bound=Shape)


def responses(cls: type[ShapeT], /, *, extreme: bool = False) -> SearchStrategy[ShapeT]:
    """Create a strategy for responses of the service.

    By default they are consistent. A response about a job, and each part of one, is from a history of `job_histories`:
    the counters are the numbers of training jobs, times are in order, the best training job has completed, and only a
    failed job has a failure reason.

    Args:
        cls: a class of `hptsdk.shapes` that the service returns.
        extreme: whether responses can also contradict themselves and the model: values are at their limits, members
            are missing, members are not modelled, and values are not in their enumeration. Defaults to False.

    Returns:
        A strategy for instances of `cls`, which are not validated. It rejects no draws.

    Raises:
        hypothesis.errors.InvalidArgument: the service returns no such class.

    Example:
        >>> import hptsdk
        >>> from hptsdk.testing import strategies
        >>> descriptions = strategies.responses(hptsdk.shapes.DescribeHyperParameterTuningJobResponse)
    """
    if not _is_response(cls):
        raise InvalidArgument(f"expected a class of hptsdk.shapes that the service returns, got {cls!r}")
    if extreme:
        return _changed(cls, instances_of(cls, extreme=True))
    if cls is shapes.ListHyperParameterTuningJobsResponse:
        return _list_of_tuning_jobs()
    if cls in _WITH_TAGS:
        return st.builds(cls, tags=requests().map(lambda request: request.tags or ()))
    is_part = cls in _OF_TUNING_JOB or cls in _OF_TRAINING_JOB
    return _part(cls) if is_part else instances_of(cls)


def _is_response(cls: object) -> bool:
    return isinstance(cls, type) and issubclass(cls, Response)


# --- consistent responses ---

_WITH_TAGS: set[type[Shape]] = {shapes.AddTagsOutput, shapes.ListTagsOutput}

# By class, its instances in a snapshot.
_OF_TUNING_JOB: dict[type[Shape], Callable[[JobSnapshot], Sequence[Any]]] = {
    shapes.CreateHyperParameterTuningJobResponse: lambda snapshot: [
        shapes.CreateHyperParameterTuningJobResponse(
            hyper_parameter_tuning_job_arn=snapshot.description.hyper_parameter_tuning_job_arn
        )
    ],
    shapes.DescribeHyperParameterTuningJobResponse: lambda snapshot: [snapshot.description],
    shapes.FinalHyperParameterTuningJobObjectiveMetric: lambda snapshot: [
        job.final_hyper_parameter_tuning_job_objective_metric
        for job in snapshot.training_jobs
        if job.objective_status == "Succeeded"
    ],
    shapes.HyperParameterTrainingJobSummary: lambda snapshot: snapshot.training_jobs,
    shapes.HyperParameterTuningJobCompletionDetails: lambda snapshot: [
        snapshot.description.tuning_job_completion_details
    ],
    shapes.HyperParameterTuningJobConsumedResources: lambda snapshot: [snapshot.description.consumed_resources],
    shapes.HyperParameterTuningJobSummary: lambda snapshot: [snapshot.summary],
    shapes.ListTrainingJobsForHyperParameterTuningJobResponse: lambda snapshot: [
        shapes.ListTrainingJobsForHyperParameterTuningJobResponse(training_job_summaries=snapshot.training_jobs)
    ],
    shapes.ListTrainingJobsResponse: lambda snapshot: [
        shapes.ListTrainingJobsResponse(
            training_job_summaries=[
                _summary(snapshot.training_job(job.training_job_name)) for job in snapshot.training_jobs
            ]
        )
    ],
    shapes.ObjectiveStatusCounters: lambda snapshot: [snapshot.description.objective_status_counters],
    shapes.TrainingJobStatusCounters: lambda snapshot: [snapshot.description.training_job_status_counters],
}

# By class, its instances in the description of a training job.
_OF_TRAINING_JOB: dict[type[Shape], Callable[[shapes.DescribeTrainingJobResponse], Sequence[Any]]] = {
    shapes.AlgorithmSpecification: lambda job: [job.algorithm_specification],
    shapes.DescribeTrainingJobResponse: lambda job: [job],
    shapes.MetricData: lambda job: job.final_metric_data_list or (),
    shapes.ModelArtifacts: lambda job: [job.model_artifacts],
    shapes.SecondaryStatusTransition: lambda job: job.secondary_status_transitions or (),
    shapes.TrainingJobSummary: lambda job: [_summary(job)],
}


# The classes of which a tuning job has no instance before it has a training job, or an objective value.
_NEED_VALUE = {shapes.FinalHyperParameterTuningJobObjectiveMetric, shapes.MetricData}
_NEED_TRAINING_JOB = {shapes.HyperParameterTrainingJobSummary, *_NEED_VALUE, *_OF_TRAINING_JOB}


def _summary(job: shapes.DescribeTrainingJobResponse) -> shapes.TrainingJobSummary:
    """Return the summary of a training job, as ListTrainingJobs returns it."""
    return shapes.TrainingJobSummary(
        training_job_name=job.training_job_name,
        training_job_arn=job.training_job_arn,
        creation_time=job.creation_time,
        training_end_time=job.training_end_time,
        last_modified_time=job.last_modified_time,
        training_job_status=job.training_job_status,
        secondary_status=job.secondary_status,
    )


@st.composite
def _part(draw: DrawFn, cls: type[Shape]) -> Value:
    """Draw a part of a history that has the class."""
    needs_value = cls in _NEED_VALUE
    _, states = draw(job_states(status="Completed" if needs_value else None))

    def names(state: JobState) -> list[str]:
        jobs = state.training_jobs
        return [job.training_job_name for job in jobs if job.objective_status == "Succeeded" or not needs_value]

    state = draw(st.sampled_from([state for state in states if names(state) or cls not in _NEED_TRAINING_JOB]))
    snapshot = state.snapshot()
    if cls in _OF_TUNING_JOB:
        return draw(st.sampled_from(_OF_TUNING_JOB[cls](snapshot)))
    training_job = snapshot.training_job(draw(st.sampled_from(names(state))))
    return draw(st.sampled_from(_OF_TRAINING_JOB[cls](training_job)))


@st.composite
def _list_of_tuning_jobs(draw: DrawFn) -> Value:
    """Draw a list of tuning jobs with different names, sorted by name."""
    summaries = draw(st.lists(_part(shapes.HyperParameterTuningJobSummary), max_size=3))
    by_name = {summary.hyper_parameter_tuning_job_name.lower(): summary for summary in summaries}
    return shapes.ListHyperParameterTuningJobsResponse(
        hyper_parameter_tuning_job_summaries=[by_name[name] for name in sorted(by_name)]
    )


# --- responses that differ from the model ---

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
    """Return each member of each structure in a document, and an unmodelled member for each structure."""
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
