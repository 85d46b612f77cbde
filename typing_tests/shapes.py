"""Types of the shapes; checked, not run. An unused or missing ignore is an error."""

from collections.abc import Mapping, Sequence
from typing import Any, assert_type

import attrs

import hptsdk
from hptsdk import shapes

tag = shapes.Tag(key="team", value="growth")
assert_type(tag.key, str)

shapes.Tag(key="team")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
shapes.Tag("team", "growth")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
shapes.Tag(key="team", value=1)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
shapes.Tag(key="team", value="growth", colour="red")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
tag.key = "other"  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue]

objective = shapes.HyperParameterTuningJobObjective(type="Maximize", metric_name="auc")
shapes.HyperParameterTuningJobObjective(
    type="maximize",  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    metric_name="auc",
)

values = shapes.CategoricalParameterRange(name="booster", values=["gbtree", "dart"])
assert_type(values.values, Sequence[str])

resources = shapes.ResourceConfig(instance_type="ml.m5.xlarge", instance_count=1)
shapes.ResourceConfig(instance_type="ml.brand-new.xlarge", instance_count=1)
assert_type(resources.instance_count, int | None)


def static(definition: shapes.HyperParameterTrainingJobDefinition) -> None:
    """Read a map."""
    assert_type(definition.static_hyper_parameters, Mapping[str, str] | None)


assert_type(attrs.evolve(tag, value="sales"), shapes.Tag)
attrs.evolve(tag, colour="red")  # type: ignore[call-arg]

assert_type(hptsdk.to_wire(tag), dict[str, Any])
assert_type(hptsdk.from_wire(shapes.Tag, {"Key": "team", "Value": ""}), shapes.Tag)
assert_type(hptsdk.loads(shapes.Tag, hptsdk.dumps(tag)), shapes.Tag)
