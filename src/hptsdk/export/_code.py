"""The code of requests: recorded calls of hptsdk, their layout, and what the code omits."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeVar

import attrs

import hptsdk
from hptsdk._validation import Shape, is_list, is_mapping, is_tuple, members_of, wire_name
from hptsdk.builder import partial_of
from hptsdk.export import present
from hptsdk.schema import is_default
from hptsdk.shapes import HyperParameterTrainingJobDefinition, ResourceConfig

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import TypeAlias

    from hptsdk.builder import DefinitionBuilder, TrainingBuilder, TuningJobBuilder

_CONFIG = "hyper_parameter_tuning_job_config"
_DEFINITIONS = ("training_job_definition", "training_job_definitions")

_WIDTH = 120
_INDENT = 4

# Formatters keep a call and one method on one line.
_CALLS_ON_A_LINE = 2


@attrs.frozen
class Call:
    """A call of a function, or of a method if the name begins with a period."""

    name: str
    args: Sequence[object] = ()
    kwargs: Mapping[str, object] = attrs.field(factory=dict[str, object])


@attrs.frozen
class Chain:
    """A call and the methods that are called on its result."""

    calls: Sequence[Call]


@attrs.frozen
class Variable:
    """A variable in the code, and its value."""

    name: str
    value: object


Members: TypeAlias = "dict[str, Any]"
Methods: TypeAlias = "Mapping[str, Callable[[Members], Iterable[Call]]]"


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

    A `Variable` is passed by its value, and keyword arguments that are None are omitted.
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
    values = attrs.asdict(shape, recurse=False)
    config = values.pop(_CONFIG, None)
    for name in _DEFINITIONS:
        values.pop(name, None)
    return values | (_members(config) if isinstance(config, Shape) else {})


# --- layout: on one line, else with arguments on the next line, else with a line for each ---


def literal(text: str) -> str:
    """Return text as a Python literal, if possible as a raw one for backslashes and in double quotes."""
    quoted = repr(text)
    is_plain = quoted[1:-1] == text.replace("\\", "\\\\")
    if "\\" in text and '"' not in text and not text.endswith("\\") and is_plain:
        return f'r"{text}"'
    return f'"{quoted[1:-1]}"' if quoted.startswith("'") and '"' not in text else quoted


def format_expression(value: object, indent: int = 0, before: int = 0) -> str:
    """Return the code of an expression.

    Args:
        value: a scalar, list, mapping, shape, `Call`, `Chain` or `Variable`.
        indent: the indent of the line on which it begins, in characters.
        before: the number of other characters on that line.
    """
    if isinstance(value, Chain):
        return _chain(value, indent, before)
    flat = _flat(value)
    if len(flat) + indent + before <= _WIDTH:
        return flat
    opening, parts, closing = _parts(value)
    if not parts:
        return flat
    inner = indent + _INDENT
    together = ", ".join([start + _flat(part) for start, part in parts])
    if len(together) + inner <= _WIDTH:
        return f"{opening}\n{' ' * inner}{together}\n{' ' * indent}{closing}"
    lines = [f"{' ' * inner}{start}{format_expression(part, inner, len(start) + 1)},\n" for start, part in parts]
    return f"{opening}\n{''.join(lines)}{' ' * indent}{closing}"


def _chain(chain: Chain, indent: int, before: int) -> str:
    inner = indent + _INDENT
    if len(chain.calls) <= _CALLS_ON_A_LINE:
        after = sum(len(_flat(call)) for call in chain.calls[1:])
        return "".join([format_expression(call, indent, before + after) for call in chain.calls])
    lines = [f"{' ' * inner}{format_expression(call, inner)}\n" for call in chain.calls]
    return f"(\n{''.join(lines)}{' ' * indent})"


def _parts(value: object) -> tuple[str, list[tuple[str, object]], str]:
    """Return the opening of an expression, its parts, each with the text before it, and its closing."""
    if isinstance(value, Shape):
        value = Call(f"hptsdk.shapes.{type(value).__name__}", (), present(value))
    if isinstance(value, Call):
        named = [(f"{name}=", argument) for name, argument in value.kwargs.items()]
        return f"{value.name}(", [*(("", argument) for argument in value.args), *named], ")"
    if is_mapping(value):
        return "{", [(f"{literal(key)}: ", item) for key, item in value.items()], "}"
    if is_list(value):
        return "[", [("", item) for item in value], "]"
    return _atom(value), [], ""


def _atom(value: object) -> str:
    return value.name if isinstance(value, Variable) else literal(value) if isinstance(value, str) else repr(value)


def _flat(value: object) -> str:
    """Return an expression on one line."""
    opening, parts, closing = _parts(value)
    return f"{opening}{', '.join(start + _flat(part) for start, part in parts)}{closing}"


# --- what has no effect, such as the empty lists that the SageMaker SDK always sends ---

ShapeT = TypeVar("ShapeT", bound=Shape)

# The members that contain a number as text.
_NUMBERS = frozenset({"min_value", "max_value"})

# A whole number with more digits is written as a float.
_MAX_DIGITS = 15

# What ResourceConfig and HyperParameterTuningResourceConfig both have.
_SINGLE = frozenset({"instance_type", "instance_count"})
_RESOURCES = _SINGLE | {"volume_size_in_gb", "volume_kms_key_id"}


def simplified(shape: ShapeT) -> ShapeT:
    """Return a request or a part of one without what has no effect.

    It has no optional members that are empty or have the value that SageMaker uses without them, and no InputMode of a
    channel that equals TrainingInputMode. Bounds of ranges are formatted as the builder formats the same numbers.
    A single instance type is in ResourceConfig, where it means the same as in HyperParameterTuningResourceConfig.
    """
    members = present(shape)
    if isinstance(shape, HyperParameterTrainingJobDefinition):
        members |= _other_members(shape)
    required = {member.attribute for member in members_of(type(shape)) if member.required}
    for name, value in members.items():
        new = value
        if isinstance(value, Shape):
            new = simplified(value)
        elif is_tuple(value):
            new = tuple(simplified(item) if isinstance(item, Shape) else item for item in value)
        elif name in _NUMBERS:
            new = _formatted(f"{value}")
        has_no_effect = name not in required and (_is_empty(new) or is_default(wire_name(name), new))
        members[name] = None if has_no_effect else new
    return type(shape)(**members)


def _is_empty(value: object) -> bool:
    """Check whether a value is a list, a map or a structure without contents."""
    contents = present(value) if isinstance(value, Shape) else value
    return (is_tuple(contents) or is_mapping(contents)) and not contents


def _other_members(definition: HyperParameterTrainingJobDefinition) -> dict[str, object]:
    """Return the members of a definition that can be written in a simpler way."""
    members: dict[str, object] = {}
    mode, channels = definition.algorithm_specification.training_input_mode, definition.input_data_config
    if channels:
        members["input_data_config"] = tuple(
            attrs.evolve(channel, input_mode=None) if channel.input_mode == mode else channel for channel in channels
        )
    resources = definition.hyper_parameter_tuning_resource_config
    settings = present(resources) if resources is not None else {}
    if definition.resource_config is None and _SINGLE <= settings.keys() <= _RESOURCES:
        members["resource_config"] = ResourceConfig(**settings)
        members["hyper_parameter_tuning_resource_config"] = None
    return members


def _formatted(text: str) -> str:
    """Return the text that the builder creates from the same number; the same text if there is none."""
    try:
        number = Decimal(text)
        is_whole = number == number.to_integral_value() and number.adjusted() < _MAX_DIGITS
        formatted = str(int(number)) if is_whole else repr(float(number))
        return formatted if Decimal(formatted) == number else text
    except (ArithmeticError, ValueError):
        return text


def number_of(text: str) -> float | None:
    """Return the number that the builder formats as this text; None if there is none, as for "0.10"."""
    for kind in (int, float):
        try:
            number = kind(text)
        except ValueError:
            continue
        if repr(number) == text and abs(number) != float("inf"):
            return number
    return None
