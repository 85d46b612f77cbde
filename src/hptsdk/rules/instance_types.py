"""Rules of the names of instance types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hptsdk._validation import Breach, advice, shown
from hptsdk.rules.facts.instance_families import is_known, nearest_known_type

if TYPE_CHECKING:
    from hptsdk.shapes import (
        HyperParameterTuningInstanceConfig,
        HyperParameterTuningResourceConfig,
        InstanceGroup,
        InstancePreference,
        ResourceConfig,
    )

    Typed = (
        HyperParameterTuningInstanceConfig
        | HyperParameterTuningResourceConfig
        | InstanceGroup
        | InstancePreference
        | ResourceConfig
    )


@advice("instance-type-is-known", source="API_ResourceConfig", basis="inferred", needs=("instance_type",))
def instance_type_is_known(resources: Typed) -> Breach | None:
    """An instance type is not one letter from one that AWS lists for training jobs."""
    kind = resources.instance_type
    if kind is None or is_known(kind) or (nearest := nearest_known_type(kind)) is None:
        return None
    return Breach(
        "instance_type",
        expected="an instance type that AWS lists for training jobs",
        got=shown(kind),
        hint=f"did you mean {shown(nearest)}?",
    )
