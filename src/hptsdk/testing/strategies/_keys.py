"""Items of a list whose keys differ from each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from hptsdk import schema
from hptsdk.testing.strategies._texts import distinct

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hptsdk._validation import Shape

__all__ = ["KEY_MEMBERS", "repeat_distinct"]

KEY_MEMBERS = {
    "AutoParameter": "name",
    "CategoricalParameterRange": "name",
    "Channel": "channel_name",
    "ContinuousParameterRange": "name",
    "HyperParameterTrainingJobDefinition": "definition_name",
    "InstanceGroup": "instance_group_name",
    "InstancePreference": "instance_type",
    "IntegerParameterRange": "name",
    "MetricDefinition": "name",
    "ParentHyperParameterTuningJob": "hyper_parameter_tuning_job_name",
    "Tag": "key",
}
"""By class, the member that must differ between the items of a list."""


def repeat_distinct(
    items: Sequence[Any], size: int, reserved: Iterable[str] = (), *, ignore_case: bool = False
) -> tuple[Any, ...]:
    """Repeat items up to a size, and make their keys differ from each other and from the reserved ones."""
    repeated = [items[index % len(items)] for index in range(size)]
    key = KEY_MEMBERS.get(type(items[0]).__name__) if repeated else None
    if key is None or any(getattr(item, key) is None for item in items):
        return tuple(repeated)
    cls: type[Shape] = items[0].__class__
    info = next(member.type for member in schema.of(cls).members if member.attribute == key)
    names = distinct([getattr(item, key) for item in repeated], info, reserved, ignore_case=ignore_case)
    return tuple(
        item if getattr(item, key) == name else attrs.evolve(item, **{key: name})
        for item, name in zip(repeated, names, strict=True)
    )
