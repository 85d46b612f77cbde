"""The definition of a builder that begins with an existing training job."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs
from typing_extensions import override

from hptsdk._validation import is_mapping, is_tuple, members_of
from hptsdk.builder._partial_shape import PartialShape
from hptsdk.shapes import ParameterRanges

if TYPE_CHECKING:
    from typing import Any, Self

    from hptsdk._validation import Shape

__all__ = ["LeftOut", "TrainingJobParts", "definition_shape"]

_STATIC = "static_hyper_parameters"


@attrs.frozen(kw_only=True)
class LeftOut:
    """A part of a training job that a tuning job cannot have.

    Attributes:
        path: the path in the names of AWS, as in ``"ResourceConfig.KeepAlivePeriodInSeconds"``.
        reason: why a tuning job cannot have it.
    """

    path: str
    reason: str


class TrainingJobParts(PartialShape):
    """The members of a definition that a training job has. A range replaces the static hyperparameter of its name.

    Attributes:
        left_out: the parts of the training job that a tuning job cannot have.
    """

    __slots__ = ("left_out",)

    def __init__(self, cls: type[Shape], left_out: tuple[LeftOut, ...], /, **members: object) -> None:
        super().__init__(cls, **members)
        self.left_out = left_out

    @override
    def _with_members(self, members: dict[str, object]) -> Self:
        return type(self)(self.cls, self.left_out, **members)

    def without_tuned(self, ranges: object) -> Self:
        """Return a copy without the static hyperparameters that have a range, in the definition or in the job.

        Args:
            ranges: the ranges of the job.
        """
        static = self.members.get(_STATIC)
        if not is_mapping(static):
            return self
        own: object = self.members.get("hyper_parameter_ranges")
        tuned = {*_names(ranges), *_names(own)}
        rest: dict[Any, object] = {name: value for name, value in static.items() if name not in tuned}
        return self._with_members({**self.members, _STATIC: rest or None})


def _names(ranges: object) -> list[object]:
    """Return the names of the hyperparameters that have a range; a range whose name is not known replaces none."""
    names = [member.attribute for member in members_of(ParameterRanges)] if isinstance(ranges, ParameterRanges) else []
    lists = (getattr(ranges, name) for name in names)
    return [getattr(item, "name", None) for items in lists if is_tuple(items) for item in items]


def definition_shape(definition: object, ranges: object) -> object:
    """Return the shape of a definition; that of a training job without the hyperparameters that have a range."""
    if isinstance(definition, TrainingJobParts):
        definition = definition.without_tuned(ranges)
    return definition.to_shape() if isinstance(definition, PartialShape) else definition
