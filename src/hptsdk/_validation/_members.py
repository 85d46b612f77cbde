"""The members of a shape, read from its annotations: names, types and constraints.

Validators, conversion, the public schema, strategies and documentation are all derived from these.
"""

from __future__ import annotations

import ast
import inspect
import sys
import types
from datetime import datetime
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Any, Literal, Union, get_args, get_origin

import attrs

from hptsdk._validation._plain_values import cache_by_class
from hptsdk.constraints import Constraint, OneOf, Secret

if TYPE_CHECKING:
    from hptsdk._validation._shape import Shape

Kind = Literal["text", "integer", "number", "boolean", "timestamp", "structure", "list", "map"]

_SCALARS: dict[object, Kind] = {str: "text", int: "integer", float: "number", bool: "boolean", datetime: "timestamp"}

# Words that wire names have in capitals; all others only begin with a capital.
_CAPITALS = {"gb": "GB", "ml": "ML"}

# Members with text in which the service or a program may quote a secret.
_QUOTING = frozenset({"FailureReason", "StatusDetails", "StatusMessage"})


@attrs.frozen(kw_only=True, cache_hash=True)
class TypeInfo:
    """The type of a member, of an item of a list, or of a key or value of a map.

    Attributes:
        kind: text, integer, number, boolean, timestamp, structure, list or map.
        constraints: those of a value, in the order of validation.
        known_values: the values of an enumeration, else empty. If `constraints` has no `OneOf`, the enumeration is
            open, and other values are also valid.
        shape: the class of a structure, else None.
        item: the type of the items of a list or of the values of a map, else None.
        key: the type of the keys of a map, else None.
        is_secret: whether a value, or a value in a list or map, may be a secret, which no message shows.
    """

    kind: Kind
    constraints: tuple[Constraint, ...] = ()
    known_values: tuple[str, ...] = ()
    shape: type[Shape] | None = None
    item: TypeInfo | None = None
    key: TypeInfo | None = None
    is_secret: bool = False


def type_info(annotation: object) -> TypeInfo:
    """Return the type that an annotation describes, without None."""
    constraints: tuple[Constraint, ...] = ()
    if get_origin(annotation) is Annotated:
        annotation, *metadata = get_args(annotation)
        constraints = tuple(metadata)
    is_secret = any(isinstance(constraint, Secret) for constraint in constraints)
    if isinstance(annotation, type):
        if kind := _SCALARS.get(annotation):
            return TypeInfo(kind=kind, constraints=constraints, is_secret=is_secret)
        return TypeInfo(kind="structure", shape=annotation)
    arguments: tuple[Any, ...] = get_args(annotation)
    origin = get_origin(annotation)
    if origin is Literal:
        return TypeInfo(kind="text", constraints=(OneOf(arguments), *constraints), known_values=arguments)
    if origin is Union or origin is types.UnionType:
        first, *others = (argument for argument in arguments if argument is not types.NoneType)
        # an open enumeration is a Literal or any text
        return (
            TypeInfo(kind="text", constraints=constraints, known_values=get_args(first)) if others else type_info(first)
        )
    *key, item = map(type_info, arguments)
    return TypeInfo(
        kind="map" if key else "list",
        constraints=constraints,
        item=item,
        key=key[0] if key else None,
        is_secret=is_secret or item.is_secret,
    )


@attrs.frozen(kw_only=True)
class MemberInfo:
    """One member of a structure.

    Attributes:
        wire_name: its name in the API, as in ``TrainingJobName``.
        attribute: its name in Python, as in ``training_job_name``.
        type: its type, without None.
        required: whether its structure must have it in a request.
    """

    _owner: type[Shape] = attrs.field(repr=False, alias="owner")
    wire_name: str
    attribute: str
    type: TypeInfo
    required: bool

    @property
    def constraints(self) -> tuple[Constraint, ...]:
        """The constraints of a value."""
        return self.type.constraints

    @property
    def documentation(self) -> str:
        """One line about the member; empty text if it has no docstring."""
        return _documentation_of(self._owner).get(self.attribute, "")

    @property
    def may_quote_secrets(self) -> bool:
        """Whether it is text in which the service or a program may quote a secret."""
        return self.wire_name in _QUOTING


def wire_name(attribute: str) -> str:
    """Return the name of a member in the API, as in "VolumeSizeInGB", from its attribute."""
    return "".join([_CAPITALS.get(word, word[:1].upper() + word[1:]) for word in attribute.split("_")])


@cache_by_class
def members_of(cls: type[Shape]) -> tuple[MemberInfo, ...]:
    """Return the members of a shape in the order of the API model."""
    return tuple(
        MemberInfo(
            wire_name=wire_name(field.name),
            attribute=field.name,
            type=type_info(field.type),
            required=field.default is attrs.NOTHING,
            owner=cls,
        )
        for field in attrs.fields(cls)
    )


@cache_by_class
def _documentation_of(cls: type[Shape]) -> dict[str, str]:
    """Return the docstrings below the members, which Python does not keep, from the source."""
    tree = _syntax_tree(cls.__module__)
    body = next(node.body for node in tree.body if isinstance(node, ast.ClassDef) and node.name == cls.__name__)
    lines: dict[str, str] = {}
    for node, following in pairwise(body):
        match node, following:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str() as text)):
                lines[name] = " ".join(text.split())
            case _:
                pass
    return lines


@cache
def _syntax_tree(module: str) -> ast.Module:
    return ast.parse(inspect.getsource(sys.modules[module]))
