"""The training job definitions of a request, with their paths, their ranges and their instances.

Some rules compare a definition with the ranges that its training jobs search. These are ranges of the definition itself
or, if a tuning job has one definition, ranges of the job. Such a rule is one function of the definition and the ranges,
which `Rule.for_parts` applies to both shapes. Most rules of built-in algorithms are functions of an
`AlgorithmTraining`. A definition of a custom image has none, so they are not applied to it.

A definition names instances in several ways: by type and count, by groups that train together, or by alternatives, of
which each training job has one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from hptsdk.rules.algorithm_values import algorithm_of_definition
from hptsdk.rules.facts import instance_families
from hptsdk.rules.range_values import has_ranges, ranges_by_member

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hptsdk._validation import Part, Step
    from hptsdk.rules.facts.algorithms.model import Algorithm
    from hptsdk.shapes import (
        CreateHyperParameterTuningJobRequest as Request,
        HyperParameterTrainingJobDefinition as Definition,
        HyperParameterTuningInstanceConfig,
        HyperParameterTuningJobObjective as Objective,
        HyperParameterTuningResourceConfig,
        InstanceGroup,
        InstancePreference,
        ParameterRanges as Ranges,
        ResourceConfig,
    )

    WithInstances = (
        ResourceConfig
        | HyperParameterTuningResourceConfig
        | InstanceGroup
        | InstancePreference
        | HyperParameterTuningInstanceConfig
    )


WITH_RANGES = ("hyper_parameter_ranges", "training_job_definition")
"""The `needs` of a rule of a definition and its ranges: ranges in a definition, a single definition in a request."""

JOB_OBJECTIVE = ("hyper_parameter_tuning_job_config", "hyper_parameter_tuning_job_objective")
"""The path of the objective of a job in a request."""


def definitions_of(request: Request) -> list[tuple[tuple[Step, ...], Definition]]:
    """Return the definitions of a request, each with its path, such as `("training_job_definitions", 0)`.

    The list is empty if the request has no definition, which `one-kind-of-definition` reports.
    """
    definitions: list[tuple[tuple[Step, ...], Definition]] = []
    if request.training_job_definition is not None:
        definitions.append((("training_job_definition",), request.training_job_definition))
    for index, definition in enumerate(request.training_job_definitions or ()):
        definitions.append((("training_job_definitions", index), definition))
    return definitions


def objectives_of(request: Request) -> Iterator[tuple[tuple[Step, ...], Objective, Definition]]:
    """Yield the effective objective of each definition with its path, and the definition.

    A single TrainingJobDefinition has the objective of the job, if it is set, else its own. Each item of
    TrainingJobDefinitions has its own. A definition without an objective is omitted.
    """
    of_job = request.hyper_parameter_tuning_job_config.hyper_parameter_tuning_job_objective
    for path, definition in definitions_of(request):
        if of_job is not None and path == ("training_job_definition",):
            yield JOB_OBJECTIVE, of_job, definition
        elif (objective := definition.tuning_objective) is not None:
            yield (*path, "tuning_objective"), objective, definition


def effective_objective(request: Request, definition: Definition) -> Objective | None:
    """Return the objective of a definition of a request; None if there is none.

    If both the job and the definition have one, it is that of the job for a single TrainingJobDefinition, and its own
    for each of TrainingJobDefinitions. AWS does not document this.
    """
    of_job = request.hyper_parameter_tuning_job_config.hyper_parameter_tuning_job_objective
    own = definition.tuning_objective
    return of_job or own if definition is request.training_job_definition else own or of_job


def effective_ranges(request: Request, definition: Definition) -> Ranges | None:
    """Return the ranges that the training jobs of a definition search; None if there are none.

    If both the job and the definition have ranges, they are chosen like the objective in `effective_objective`.
    """
    of_job, own = request.hyper_parameter_tuning_job_config.parameter_ranges, definition.hyper_parameter_ranges
    first, other = (of_job, own) if definition is request.training_job_definition else (own, of_job)
    return first if has_ranges(first) else other if has_ranges(other) else None


def of_definition(definition: Definition) -> list[Part]:
    """Return a definition and its own ranges, which are None if they are not set."""
    return [((), (definition, definition.hyper_parameter_ranges))]


def of_job(request: Request) -> list[Part]:
    """Return the definition and the ranges of a job of one definition.

    A rule that compares names uses it even if the definition has ranges of its own, because both sets of ranges must
    be valid. A request with TrainingJobDefinitions has no part, because each definition has its ranges.
    """
    definition = request.training_job_definition
    if definition is None:
        return []
    ranges = request.hyper_parameter_tuning_job_config.parameter_ranges
    return [(("training_job_definition",), (definition, ranges))]


def of_job_only(request: Request) -> list[Part]:
    """Return the definition and the ranges of a job of one definition that has no ranges of its own.

    A rule that counts or requires something uses it instead of `of_job`, so that a problem is not reported twice.
    """
    definition = request.training_job_definition
    return of_job(request) if definition is not None and definition.hyper_parameter_ranges is None else []


class AlgorithmTraining:
    """The training of a built-in algorithm: a definition, and the ranges that its training jobs search.

    Args:
        definition: the definition.
        algorithm: the facts about its algorithm.
        ranges: its own ranges, or those of its job.
        job: the job, if paths begin at it. Defaults to None, for paths that begin at the definition.

    Attributes:
        image: the registry path of its image.
        static: its static hyperparameters; empty if there are none.
        path: the path of the definition; empty if there is no `job`.
        ranges_path: the path of the ranges.
        is_autotuned: whether the job has Autotune; False if there is no `job`.
        ranges: each range with its member and its index, without those that Autotune chooses.
        tuned: the values of each tuned hyperparameter by name; None if it has no list of values.
    """

    def __init__(
        self, definition: Definition, algorithm: Algorithm, ranges: Ranges | None, job: Request | None = None
    ) -> None:
        self.definition, self.algorithm = definition, algorithm
        self.image = definition.algorithm_specification.training_image
        static = definition.static_hyper_parameters
        self.static = {} if static is None else dict(static.items())
        self.is_autotuned = job is not None and job.autotune is not None
        self.path: tuple[Step, ...] = ()
        self.ranges_path: tuple[Step, ...] = ("hyper_parameter_ranges",)
        if job is not None:
            self.path = ("training_job_definition",)
            self.ranges_path = ("hyper_parameter_tuning_job_config", "parameter_ranges")
        self.ranges = ranges_by_member(ranges) if ranges else []
        auto = (ranges and ranges.auto_parameters) or ()
        self.tuned: dict[str, tuple[str, ...] | None] = {item.name: None for item in auto}
        self.tuned |= {item.name: getattr(item, "values", None) for _, _, item in self.ranges}

    def values_of(self, name: str) -> tuple[str, ...] | None:
        """Return the values that a hyperparameter has in the training jobs.

        Returns:
            The static value, or the values of a categorical range. The tuple is empty if the hyperparameter is not set.
            None if its values are not known: it has another range, or Autotune may choose it.
        """
        value = self.static.get(name)
        return self.tuned.get(name, ()) if value is None else (value,)


def training_of_definition(definition: Definition) -> list[Part]:
    """Return the training of a built-in algorithm with the ranges of its definition; nothing for other algorithms."""
    algorithm = algorithm_of_definition(definition)
    if algorithm is None:
        return []
    return [((), (AlgorithmTraining(definition, algorithm, definition.hyper_parameter_ranges),))]


def training_of_job(request: Request) -> list[Part]:
    """Return the training of a built-in algorithm in a job of one definition, with the ranges of the job.

    There is no part if only the definition has ranges.
    """
    return [
        ((), (AlgorithmTraining(definition, algorithm, ranges, request),))
        for _, (definition, ranges) in of_job(request)
        if (algorithm := algorithm_of_definition(definition)) is not None
        and (definition.hyper_parameter_ranges is None or has_ranges(ranges))
    ]


class Instances(NamedTuple):
    """Instances of one type: their type and their number, each with its path; None if it is not set."""

    type_path: tuple[Step, ...]
    type: str | None
    number_path: tuple[Step, ...]
    number: int | None


def clusters_of(definition: Definition) -> Iterator[list[Instances]]:
    """Yield the alternatives of a definition, each as the instances of one training job; none without resources."""
    path: tuple[Step, ...] = ("resource_config",)
    if (resources := definition.resource_config) is not None:
        if resources.instance_groups:
            groups = enumerate(resources.instance_groups)
            yield [_instances((*path, "instance_groups", index), group) for index, group in groups]
        elif resources.instance_preferences:
            for index, item in enumerate(resources.instance_preferences):
                instances = _instances((*path, "instance_preferences", index), item)
                if item.instance_count is None:
                    common = _instances(path, resources)
                    instances = instances._replace(number_path=common.number_path, number=common.number)
                yield [instances]
        else:
            yield [_instances(path, resources)]
    path = ("hyper_parameter_tuning_resource_config",)
    if (tuning := definition.hyper_parameter_tuning_resource_config) is not None:
        for index, config in enumerate(tuning.instance_configs or ()):
            yield [_instances((*path, "instance_configs", index), config)]
        if not tuning.instance_configs:
            yield [_instances(path, tuning)]


def _instances(path: tuple[Step, ...], item: WithInstances) -> Instances:
    return Instances((*path, "instance_type"), item.instance_type, (*path, "instance_count"), item.instance_count)


def clusters_by_processor(definition: Definition, *, has_gpu: bool) -> list[list[Instances]]:
    """Return the alternatives of a definition of which all instances have a GPU, or all are known to have none."""
    return [
        cluster
        for cluster in clusters_of(definition)
        if all(item.type and instance_families.has_gpu(item.type) is has_gpu for item in cluster)
    ]
