"""The training job definitions of a request, with their paths, their ranges and their instances.

Some rules compare a definition with the ranges that its training jobs search. These are ranges of the definition itself
or, if a tuning job has one definition, ranges of the job. Such a rule is one function of the definition and the ranges,
which `Rule.for_parts` applies to both shapes.

A definition names instances in several ways: by type and count, by groups that train together, or by alternatives, of
which each training job has one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hptsdk.rules.facts import instance_families

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hptsdk._validation import Part, Step
    from hptsdk.shapes import (
        CreateHyperParameterTuningJobRequest as Request,
        HyperParameterTrainingJobDefinition as Definition,
    )

__all__ = [
    "Instances",
    "clusters_by_processor",
    "clusters_of",
    "definitions_of",
    "of_definition",
    "of_job",
    "of_job_only",
    "ranges_of_definition",
    "ranges_of_job",
]


def definitions_of(request: Request) -> list[tuple[tuple[Step, ...], Definition]]:
    """Return the definitions of a request, each with its path.

    Args:
        request: a request with TrainingJobDefinition or TrainingJobDefinitions.

    Returns:
        Pairs of a path, such as `("training_job_definitions", 0)`, and the definition at this path. The list is empty
        if the request has no definition, which is possible for one that other problems make invalid.
    """
    definitions: list[tuple[tuple[Step, ...], Definition]] = []
    if request.training_job_definition is not None:
        definitions.append((("training_job_definition",), request.training_job_definition))
    for index, definition in enumerate(request.training_job_definitions or ()):
        definitions.append((("training_job_definitions", index), definition))
    return definitions


def of_definition(definition: Definition) -> list[Part]:
    """Return a definition and its own ranges.

    Rules of a definition use it with problems at the path of the definition.

    Args:
        definition: any definition; its ranges are None if they are not set.
    """
    return [((), (definition, definition.hyper_parameter_ranges))]


def of_job(request: Request) -> list[Part]:
    """Return the definition and the ranges of a job of one definition.

    Rules of a request use it with problems at the path of the definition. A rule that compares names uses it even
    if the definition has ranges of its own, because both sets of ranges must be valid.

    Args:
        request: any request. One with TrainingJobDefinitions has no part, because each definition has its ranges.
    """
    definition = request.training_job_definition
    if definition is None:
        return []
    ranges = request.hyper_parameter_tuning_job_config.parameter_ranges
    return [(("training_job_definition",), (definition, ranges))]


def of_job_only(request: Request) -> list[Part]:
    """Return the definition and the ranges of a job of one definition that has no ranges of its own.

    A rule that counts or requires something uses it instead of `of_job`, so that a problem is not reported twice.

    Args:
        request: any request.
    """
    definition = request.training_job_definition
    return of_job(request) if definition is not None and definition.hyper_parameter_ranges is None else []


def ranges_of_definition(definition: Definition) -> list[Part]:
    """Return a definition and its own ranges, at the path of the ranges."""
    return [(("hyper_parameter_ranges",), (definition, definition.hyper_parameter_ranges))]


def ranges_of_job(request: Request) -> list[Part]:
    """Return the definition and the ranges of a job of one definition, at the path of the ranges."""
    return [(("hyper_parameter_tuning_job_config", "parameter_ranges"), arguments) for _, arguments in of_job(request)]


class Instances:
    """Instances of one type.

    Attributes:
        type_path: the path of the type in the definition.
        type: the instance type; None if it is not set.
        number_path: the path of the number of instances.
        number: the number of instances; None if it is not set.
    """

    __slots__ = ("number", "number_path", "type", "type_path")

    def __init__(
        self, type_path: tuple[Step, ...], type_: str | None, number_path: tuple[Step, ...], number: int | None
    ) -> None:
        self.type_path, self.type = type_path, type_
        self.number_path, self.number = number_path, number


def clusters_of(definition: Definition) -> Iterator[list[Instances]]:
    """Return the alternatives of a definition, each as the instances of one training job.

    Args:
        definition: any definition; one without resources has no alternative.
    """
    resources = definition.resource_config
    if resources is not None:
        path: tuple[Step, ...] = ("resource_config",)
        if resources.instance_groups:
            yield [
                _instances((*path, "instance_groups", index), group.instance_type, group.instance_count)
                for index, group in enumerate(resources.instance_groups)
            ]
        elif resources.instance_preferences:
            for index, item in enumerate(resources.instance_preferences):
                place = (*path, "instance_preferences", index)
                if item.instance_count is None:
                    count_path = (*path, "instance_count")
                    yield [
                        Instances((*place, "instance_type"), item.instance_type, count_path, resources.instance_count)
                    ]
                else:
                    yield [_instances(place, item.instance_type, item.instance_count)]
        else:
            yield [_instances(path, resources.instance_type, resources.instance_count)]
    tuning = definition.hyper_parameter_tuning_resource_config
    if tuning is not None:
        path = ("hyper_parameter_tuning_resource_config",)
        if tuning.instance_configs:
            for index, config in enumerate(tuning.instance_configs):
                yield [_instances((*path, "instance_configs", index), config.instance_type, config.instance_count)]
        else:
            yield [_instances(path, tuning.instance_type, tuning.instance_count)]


def clusters_by_processor(definition: Definition, *, has_gpu: bool) -> list[list[Instances]]:
    """Return the alternatives of a definition of which all instances have a GPU, or all have none.

    Args:
        definition: any definition.
        has_gpu: whether the instances have a GPU. An instance type of a family that is not known is neither.
    """
    return [
        cluster
        for cluster in clusters_of(definition)
        if all(item.type and instance_families.has_gpu(item.type) is has_gpu for item in cluster)
    ]


def _instances(path: tuple[Step, ...], instance_type: str | None, count: int | None) -> Instances:
    return Instances((*path, "instance_type"), instance_type, (*path, "instance_count"), count)
