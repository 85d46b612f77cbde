"""What the annotations of a shape say: each member's name on the wire, its type and its constraints.

Read from the attrs fields once a class, when first needed, and kept with the class. The check, the wire, the public
schema and the tests all read this.
"""

from __future__ import annotations

import types
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal, Union, cast, get_args, get_origin

import attrs

from hptsdk._validation._source import once_a_class
from hptsdk.constraints import Constraint, OneOf, Secret

if TYPE_CHECKING:
    from hptsdk._validation._shape import Shape

__all__ = ["Kind", "Member", "Type", "members_of", "wire_name"]

Kind = Literal["text", "integer", "number", "boolean", "timestamp", "structure", "list", "map"]

_SCALARS: dict[object, Kind] = {
    str: "text",
    int: "integer",
    float: "number",
    bool: "boolean",
    datetime: "timestamp",
}

# Words that the wire writes in capitals; all others only begin with one.
_CAPITALS = {"gb": "GB", "ml": "ML"}


class Type:
    """The type of a member, an element, a key or a value.

    Attributes:
        kind: what it is, in the wire's terms.
        constraints: what else holds, in the order of checking; an enumeration is a OneOf.
        known: values that are known of an open enumeration; others pass too.
        shape: the class, of a structure.
        item: of a list's elements or a map's values.
        key: of a map's keys.
    """

    __slots__ = ("constraints", "item", "key", "kind", "known", "shape")

    def __init__(self, annotation: object) -> None:
        constraints: tuple[Constraint, ...] = ()
        if get_origin(annotation) is Annotated:
            annotation, *found = get_args(annotation)
            constraints = tuple(found)
        self.constraints = constraints
        self.known: tuple[str, ...] = ()
        self.shape: type[Shape] | None = None
        self.item: Type | None = None
        self.key: Type | None = None
        arguments: tuple[Any, ...] = get_args(annotation)
        origin = get_origin(annotation)
        if kind := _SCALARS.get(annotation):
            self.kind: Kind = kind
        elif origin is Literal:
            self.kind = "text"
            self.constraints = (OneOf(arguments), *constraints)
        elif origin is Union or origin is types.UnionType:
            self.kind = "text"
            self.known = get_args(arguments[0])
        elif len(arguments) == 1:
            self.kind = "list"
            self.item = Type(arguments[0])
        elif arguments:
            self.kind = "map"
            self.key, self.item = map(Type, arguments)
        else:
            self.kind = "structure"
            self.shape = cast("type[Shape]", annotation)

    @property
    def choices(self) -> tuple[str, ...]:
        """The values of an enumeration, open or closed."""
        return self.known or next((c.values for c in self.constraints if isinstance(c, OneOf)), ())

    @property
    def is_secret(self) -> bool:
        """Whether a value of this type, or one inside it, may be a secret."""
        return any(isinstance(c, Secret) for c in self.constraints) or (self.item is not None and self.item.is_secret)


# Members with text in which the service or a program may quote a secret.
_QUOTING = frozenset({"FailureReason", "StatusDetails", "StatusMessage"})


class Member:
    """One member of a shape.

    Attributes:
        attribute: its name in Python.
        wire: its name on the wire.
        type: its type, None not counted.
        required: whether a request must have it.
        may_quote: whether its text may quote a secret.
    """

    __slots__ = ("attribute", "may_quote", "required", "type", "wire")

    def __init__(self, field: attrs.Attribute[Any]) -> None:
        annotation: object = field.type
        self.attribute = field.name
        self.wire = wire_name(field.name)
        self.may_quote = self.wire in _QUOTING
        self.required = field.default is attrs.NOTHING
        if not self.required:
            annotation = _without_none(annotation)
        self.type = Type(annotation)


def _without_none(annotation: object) -> object:
    return Union[tuple(a for a in get_args(annotation) if a is not types.NoneType)]  # noqa: UP007 - made at run time


def wire_name(attribute: str) -> str:
    """Name a member as the wire does.

    Example:
        >>> wire_name("volume_size_in_gb")
        'VolumeSizeInGB'
    """
    return "".join([_CAPITALS.get(word, word[:1].upper() + word[1:]) for word in attribute.split("_")])


@once_a_class
def members_of(cls: type[Shape]) -> tuple[Member, ...]:
    """Give the members of a shape in the model's order."""
    return tuple(Member(field) for field in attrs.fields(cast("type[attrs.AttrsInstance]", cls)))
