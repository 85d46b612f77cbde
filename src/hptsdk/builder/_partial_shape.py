"""Partial shapes, which builders hold: members that are validated when they are set."""

from __future__ import annotations

from decimal import Decimal
from operator import index
from typing import TYPE_CHECKING, Any, SupportsIndex, TypeVar, cast

import attrs

from hptsdk._validation import (
    Placeholder,
    Problem,
    Shape,
    TypeInfo,
    examine,
    is_mapping,
    is_tuple,
    members_of,
    source_of,
    suggestion,
    unvalidated,
    violations,
)
from hptsdk.errors import InvalidShapeError
from hptsdk.shapes import ParameterRanges

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Self

ShapeT = TypeVar("ShapeT", bound=Shape)

_STATIC = "static_hyper_parameters"


def unvalidated_part(cls: type[ShapeT], **members: object) -> ShapeT:
    """Create a shape that is validated as a part of another one, so that all violations are reported together."""
    return cast("ShapeT", unvalidated(cls, members, {}))


@attrs.frozen(kw_only=True)
class LeftOut:
    """A part of a training job that a tuning job cannot have.

    Attributes:
        path: the path with the member names of AWS, as in ``"ResourceConfig.KeepAlivePeriodInSeconds"``.
        reason: why a tuning job cannot have it.
    """

    path: str
    reason: str


class PartialShape:
    """Some members of a shape; a member may be a partial shape itself.

    Members are validated when they are set, all members of one call together. Rules of structures are applied when
    these are complete.

    Attributes:
        cls: the class of the shape.
        members: the members, by attribute name.
        left_out: the parts of an existing training job that a tuning job cannot have; None unless the members come from
            one. If they do, a range replaces the static hyperparameter of the same name.
    """

    __slots__ = ("_required", "cls", "left_out", "members")

    def __init__(
        self,
        cls: type[Shape],
        required: tuple[str, ...] = (),
        left_out: tuple[LeftOut, ...] | None = None,
        /,
        **members: object,
    ) -> None:
        self.cls = cls
        self.left_out = left_out
        self.members: Mapping[str, object] = members
        # members that may not be None, though the class may not require them
        self._required = required

    def validated(self) -> PartialShape:
        """Return a copy with the members in the form in which a shape stores them.

        Raises:
            InvalidShapeError: with all violations of the members.
            TypeError: the class has no such member.
        """
        members, problems = self.validate_members()
        if problems:
            raise InvalidShapeError(violations(self.cls, problems))
        return PartialShape(self.cls, (), self.left_out, **members)

    def validate_members(self) -> tuple[dict[str, object], list[Problem]]:
        """Return the members in the form in which a shape stores them, and their problems."""
        by_name = {field.attribute: field for field in members_of(self.cls)}
        members: dict[str, object] = {}
        problems: list[Problem] = []
        for name, value in self.members.items():
            if name not in by_name:
                raise TypeError(no_member(self.cls.__name__, name, by_name))
            field, member_problems = by_name[name], list[Problem]()
            if isinstance(value, PartialShape):
                inner, member_problems = value.validate_members()
                members[name] = PartialShape(value.cls, **inner)
            elif value is None and name not in self._required:
                members[name] = None
            else:
                number = _built_in_number(field.type, value)
                members[name], member_problems = examine(field.type, number, source_of(self.cls))
            problems += [problem.within(field.wire_name) for problem in member_problems if problem.open_value is None]
        return members, problems

    def replace(self, required: tuple[str, ...] = (), /, **members: object) -> PartialShape:
        """Return a copy with these members; None removes a member that is not required.

        Raises:
            InvalidShapeError: with all violations of these members.
            TypeError: the class has no such member.
        """
        valid = PartialShape(self.cls, required, **members).validated()
        return PartialShape(self.cls, (), self.left_out, **{**self.members, **valid.members})

    def replace_in(self, name: str, required: tuple[str, ...] = (), /, **members: object) -> PartialShape:
        """Return a copy in which the structure with this name has these members; see `replace`."""
        inner = self.structure(name)
        return self.replace(**{name: PartialShape(inner.cls, required, **{**inner.members, **members})})

    def structure(self, name: str) -> PartialShape:
        """Return the structure with this name as a partial shape; without members if it is missing."""
        value = self.get(name)
        if isinstance(value, PartialShape):
            return value
        if isinstance(value, Shape):
            return PartialShape(type(value), **attrs.asdict(value, recurse=False))
        cls = next(field.type.shape for field in members_of(self.cls) if field.attribute == name) or Shape
        return PartialShape(cls)

    def get(self, *path: str) -> Any:  # noqa: ANN401 - a member has any type
        """Return the member at a path, to which a method adds, or None if it is missing.

        Raises:
            TypeError: the whole member is a placeholder.
        """
        value = member(self, *path)
        if isinstance(value, Placeholder):
            name = ".".join(path)
            raise TypeError(f"{name}: nothing can be added to {value!r}; remove this call or the placeholder")
        return value

    def to_shape(self, **others: object) -> Shape:
        """Create an unvalidated shape with the members, and with `others` for members that are not set."""
        members = others | {name: value for name, value in self.members.items() if value is not None}
        return unvalidated(
            self.cls, {n: v.to_shape() if isinstance(v, PartialShape) else v for n, v in members.items()}, {}
        )


def definition_shape(definition: object, ranges: object) -> object:
    """Return a partial definition as a shape; from a training job, without static hyperparameters that have a range."""
    if not isinstance(definition, PartialShape):
        return definition
    static = definition.members.get(_STATIC)
    if definition.left_out is not None and is_mapping(static):
        tuned = {*_names(ranges), *_names(definition.members.get("hyper_parameter_ranges"))}
        rest = {name: value for name, value in static.items() if name not in tuned}
        definition = PartialShape(definition.cls, **{**definition.members, _STATIC: rest or None})
    return definition.to_shape()


def _names(ranges: object) -> list[object]:
    """Return the names of the hyperparameters that have a range; None for a placeholder."""
    names = [member.attribute for member in members_of(ParameterRanges)] if isinstance(ranges, ParameterRanges) else []
    lists = (getattr(ranges, name) for name in names)
    return [getattr(item, "name", None) for items in lists if is_tuple(items) for item in items]


# --- builders ---


class Builder:
    """Base class of the builders, which hold their members as a partial shape and never change."""

    def __init__(self, partial: PartialShape) -> None:
        self._partial = partial

    def _new(self, partial: PartialShape) -> Self:
        """Return a builder like this one with other members."""
        return type(self)(partial)


def partial_of(builder: Builder) -> PartialShape:
    """Return the partial shape of a builder, which is not a public attribute."""
    return builder._partial  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] - the package shares it


def member(whole: object, *path: str) -> object:
    """Return the member at a path in a shape or partial shape, or None if it is missing."""
    value = whole
    for name in path:
        value = value.members.get(name) if isinstance(value, PartialShape) else getattr(value, name, None)
    return value


def no_member(owner: str, name: str, names: Mapping[str, object]) -> str:
    """Format the message for an unknown member."""
    return f"{owner} has no member {name!r}{suggestion(name, names)}"


def _built_in_number(info: TypeInfo, value: object) -> object:
    """Convert an equivalent number, such as a NumPy integer or a Decimal, to int or float."""
    if isinstance(value, bool | int | float):
        return value
    if info.kind == "number" and isinstance(value, Decimal):
        return float(value)
    if info.kind in {"integer", "number"} and isinstance(value, SupportsIndex):
        try:
            return index(value)
        except TypeError:  # an array has __index__, which raises
            return value
    return value
