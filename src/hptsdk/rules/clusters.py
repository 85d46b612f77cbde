"""The instances on which a training job of a definition runs, with their paths.

A definition names instances in several ways: by type and count, by groups that train together, or by alternatives, of
which each training job has one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hptsdk.rules.facts import instance_families

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hptsdk._validation import Step
    from hptsdk.shapes import HyperParameterTrainingJobDefinition as Definition

__all__ = ["Instances", "clusters_by_processor", "clusters_of"]


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
