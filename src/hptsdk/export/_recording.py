"""Builders, with the calls that created them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

import hptsdk
from hptsdk._validation import Shape, is_list, members_of
from hptsdk.builder import partial_of
from hptsdk.export._layout import Call, Variable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Any

    from hptsdk.builder import DefinitionBuilder, TrainingBuilder, TuningJobBuilder

    Members = dict[str, Any]
    Methods = Mapping[str, Callable[[Members], Iterable[Call]]]

__all__ = ["Recording", "record"]

_CONFIG = "hyper_parameter_tuning_job_config"
_DEFINITIONS = ("training_job_definition", "training_job_definitions")


@attrs.frozen
class Recording:
    """A builder, and the calls that created it."""

    builder: TrainingBuilder | DefinitionBuilder | TuningJobBuilder
    calls: tuple[Call, ...]

    def then(self, *calls: Call) -> Recording | None:
        """Call methods of the builder; None if it rejects one of them."""
        builder = self.builder
        try:
            for call in calls:
                builder = getattr(builder, call.name.removeprefix("."))(*call.args, **call.kwargs)
        except (TypeError, hptsdk.errors.InvalidShapeError):
            return None
        return Recording(builder, (*self.calls, *calls))

    def with_methods(self, target: Shape, methods: Methods) -> Recording:
        """Set members with methods.

        Args:
            target: the shape to build.
            methods: for each member a function of all members of the target that returns calls. They are used only if
                they set the member to its value in the target.
        """
        recording, wanted = self, _members(target)
        for member, calls_for in methods.items():
            if wanted[member] in (None, recording.members[member]):
                continue
            following = recording.then(*calls_for(wanted))
            if following is not None and following.members[member] == wanted[member]:
                recording = following
        return recording

    def with_rest(self, target: Shape) -> Recording | None:
        """Set all members that differ from the target with `with_`; None if that is not possible."""
        members, wanted = self.members, _members(target)
        rest = {name: value for name, value in wanted.items() if members[name] != value}
        following = self.then(Call(".with_", (), rest)) if rest else self
        return following if following is not None and following.members == wanted else None

    @property
    def members(self) -> Members:
        """The members of the shape in the builder; for a tuning job, with those of its configuration."""
        return _members(partial_of(self.builder).to_shape())


def record(name: str, *args: object, **kwargs: object) -> Recording | None:
    """Call a function of hptsdk that creates a builder; None if it rejects the arguments.

    Args:
        name: the name of the function.
        args: its positional arguments; a `Variable` is passed by its value.
        kwargs: its keyword arguments; those that are None are omitted.
    """
    kwargs = {name: value for name, value in kwargs.items() if value is not None}
    try:
        builder = getattr(hptsdk, name)(*map(_value, args), **kwargs)
    except (TypeError, hptsdk.errors.InvalidShapeError):
        return None
    return Recording(builder, (Call(f"hptsdk.{name}", args, kwargs),))


def _value(argument: object) -> object:
    if isinstance(argument, Variable):
        return argument.value
    return [_value(item) for item in argument] if is_list(argument) else argument


def _members(shape: Shape) -> Members:
    values = {member.attribute: getattr(shape, member.attribute) for member in members_of(type(shape))}
    config = values.pop(_CONFIG, None)
    for name in _DEFINITIONS:
        values.pop(name, None)
    return values | (_members(config) if isinstance(config, Shape) else {})
