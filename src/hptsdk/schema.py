"""What hptsdk knows of every structure, to read: members, wire names, types, constraints, documentation, rules.

The check, the wire and the documentation are made from the same facts.

Example:
    >>> import hptsdk
    >>> [m.wire_name for m in hptsdk.schema.of(hptsdk.shapes.Tag).members]
    ['Key', 'Value']
"""

from __future__ import annotations

import ast
import inspect
import sys
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

import attrs

from hptsdk import shapes
from hptsdk._validation import (
    Basis,
    Kind,
    Level,
    Response,
    Shape,
    Type,
    closest,
    members_of,
    once_a_class,
    source_of,
    waiving,
)
from hptsdk.rules.parents import PARENT_RULES

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from hptsdk.constraints import Constraint

__all__ = ["MemberInfo", "RuleInfo", "ShapeInfo", "TypeInfo", "all_shapes", "of", "rules", "waived"]


@attrs.frozen(kw_only=True, cache_hash=True)
class TypeInfo:
    """The type of a member, of a list's items, or of a map's keys and values.

    Attributes:
        kind: text, integer, number, boolean, timestamp, structure, list or map.
        constraints: what a value must satisfy, in the order of checking.
        known_values: of an enumeration, open or closed; of an open one others pass too.
        shape: the class of a structure.
        item: of a list's items or a map's values.
        key: of a map's keys.
        is_secret: whether a value may be a secret, so that no message shows it.
    """

    kind: Kind
    constraints: tuple[Constraint, ...]
    known_values: tuple[str, ...]
    shape: type[Shape] | None
    item: TypeInfo | None
    key: TypeInfo | None
    is_secret: bool


@attrs.frozen(kw_only=True)
class MemberInfo:
    """One member of a structure.

    Attributes:
        wire_name: as AWS spells it.
        attribute: its name in Python.
        type: what it holds.
        required: whether a request must have it.
        documentation: one line.
    """

    wire_name: str
    attribute: str
    type: TypeInfo
    required: bool
    documentation: str

    @property
    def constraints(self) -> tuple[Constraint, ...]:
        """What its value must satisfy."""
        return self.type.constraints


@attrs.frozen(kw_only=True)
class ShapeInfo:
    """One structure.

    Attributes:
        shape: its class.
        members: in the model's order.
        documentation: one line.
        source: the API page.
        is_response: whether only the service sends it, so that nothing of it is checked.
    """

    shape: type[Shape]
    members: tuple[MemberInfo, ...]
    documentation: str
    source: str
    is_response: bool

    @property
    def name(self) -> str:
        """As AWS calls it."""
        return self.shape.__name__


@once_a_class
def of(cls: type[Shape]) -> ShapeInfo:
    """Describe a structure."""
    lines = _member_lines(cls)
    return ShapeInfo(
        shape=cls,
        members=tuple(
            MemberInfo(
                wire_name=member.wire,
                attribute=member.attribute,
                type=_type_info(member.type),
                required=member.required,
                documentation=lines.get(member.attribute, ""),
            )
            for member in members_of(cls)
        ),
        documentation=(inspect.getdoc(cls) or "").partition("\n")[0],
        source=source_of(cls),
        is_response=issubclass(cls, Response),
    )


def all_shapes() -> tuple[type[Shape], ...]:
    """Give every structure's class, by name."""
    found: tuple[type[Shape], ...] = tuple(getattr(shapes, name) for name in shapes.__all__)
    return found


def _type_info(kind: Type) -> TypeInfo:
    return TypeInfo(
        kind=kind.kind,
        constraints=kind.constraints,
        known_values=kind.choices,
        shape=kind.shape,
        item=_type_info(kind.item) if kind.item else None,
        key=_type_info(kind.key) if kind.key else None,
        is_secret=kind.is_secret,
    )


def _member_lines(cls: type[Shape]) -> dict[str, str]:
    """Read the docstrings below the members, which Python does not keep, from the source."""
    tree = _tree_of(cls.__module__)
    body = next(node.body for node in tree.body if isinstance(node, ast.ClassDef) and node.name == cls.__name__)
    lines: dict[str, str] = {}
    for node, below in pairwise(body):
        match node, below:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str() as text)):
                lines[name] = " ".join(text.split())
            case _:
                pass
    return lines


@cache
def _tree_of(module: str) -> ast.Module:
    return ast.parse(inspect.getsource(sys.modules[module]))


@attrs.frozen(kw_only=True)
class RuleInfo:
    """One rule between members.

    Attributes:
        id: what violations and `hptsdk.waived` call it.
        refs: the rows of the catalogue of mistakes that it covers.
        level: "error" is raised when the shape is built, "advice" is given when asked for.
        basis: whether AWS documents it, was seen to refuse it, or it is inferred.
        sentence: what it asks for.
        source: the page or thread that says so.
        shape: the class that it stands on; a rule that stands on several is listed for each.
        needs_parents: whether it looks at the parents of a warm start, which `TuningClient.check_warm_start` describes.
    """

    id: str
    refs: tuple[str, ...]
    level: Level
    basis: Basis
    sentence: str
    source: str
    shape: type[Shape]
    needs_parents: bool = False


def rules() -> tuple[RuleInfo, ...]:
    """Give every rule on every structure, by structure; last those that need the parents of a warm start."""
    found = [(rule, cls, False) for cls in all_shapes() for rule in cls.RULES]
    found += [(rule, shapes.CreateHyperParameterTuningJobRequest, True) for rule in PARENT_RULES]
    return tuple(
        RuleInfo(
            id=rule.id,
            refs=rule.refs,
            level=rule.level,
            basis=rule.basis,
            sentence=rule.sentence,
            source=rule.source,
            shape=cls,
            needs_parents=needs_parents,
        )
        for rule, cls, needs_parents in found
    )


def waived(*ids: str) -> AbstractContextManager[None]:
    """Apply these rules no more, in this thread or task, until the block ends.

    For what AWS has loosened since. Types, bounds and required members can't be waived.

    Args:
        *ids: as in `Violation.rule` and `rules`.

    Raises:
        ValueError: there is no rule of such an id.

    Example:
        >>> import hptsdk
        >>> with hptsdk.waived("categories-differ"):
        ...     hptsdk.shapes.CategoricalParameterRange(name="booster", values=["gbtree", "gbtree"])
        CategoricalParameterRange(name='booster', values=['gbtree', 'gbtree'])
    """
    known = {rule.id for rule in rules()}
    for given in ids:
        if given not in known:
            hint = closest(given, known)
            raise ValueError(f"there is no rule {given!r}{'; ' if hint else ''}{hint}")
    return waiving(frozenset(ids))
