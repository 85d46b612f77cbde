"""Templates: documents with parts that are not known yet."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from typing_extensions import override

from hptsdk._validation import Problem, Shape, closest, is_list, is_mapping, members_of, source_of, validate, violations
from hptsdk.constraints import Length, OneOf, Pattern
from hptsdk.errors import InvalidShapeError
from hptsdk.wire._converter import converter
from hptsdk.wire._documents import check_class, from_wire
from hptsdk.wire._placeholders import Placeholder, filled, parse, syntax_named

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hptsdk._validation import Step, TypeInfo
    from hptsdk.constraints import Constraint
    from hptsdk.wire._placeholders import Syntax

__all__ = ["OpenMember", "Template", "template"]

ShapeT = TypeVar("ShapeT", bound=Shape)


class OpenMember(NamedTuple):
    """A member of a template whose value is not known yet.

    Attributes:
        path: the path in the names of AWS.
        text: the placeholder as it is in the document.
    """

    path: str
    text: str


class Template(Generic[ShapeT]):
    """A document with placeholders, of which everything that can be decided is valid; created by `hptsdk.template`.

    Attributes:
        cls: the class of the document.
        document: the document as it was passed.
        syntax: the syntax of its placeholders.
        placeholders: the members that are not known yet.
    """

    def __init__(self, cls: type[ShapeT], document: Mapping[str, Any], syntax: Syntax) -> None:
        self.cls = cls
        self.syntax = syntax
        self.document: dict[str, Any] = copy.deepcopy(dict(document))
        self._parsed = parse(self.document, syntax)
        members = list(_open_members(None, self._parsed, ()))
        names = [problem.violation(cls.__name__).path for problem in (_problem(path, "", "") for path, _, _ in members)]
        written = [placeholder.written for _, placeholder, _ in members]
        self.placeholders = tuple([OpenMember(name, str(text)) for name, text in zip(names, written, strict=True)])
        self._expressions = dict.fromkeys(each for _, member, _ in members for each in member.expressions)

    def fill(self, values: Mapping[str, Any]) -> ShapeT:
        """Create the shape with values for the expressions inside the placeholders.

        Args:
            values: by expression as written, as in ``{"ds": "2026-11-27", "params.jobs": 7}``. A value replaces a whole
                member with its own type, or is formatted into the text around the placeholder.

        Raises:
            InvalidShapeError: the result violates constraints or rules.
            ValueError: a value is missing, or its name is that of no expression.
        """
        missing = [each for each in self._expressions if each not in values]
        unknown = [each for each in values if each not in self._expressions]
        if missing:
            raise ValueError(f"fill: expected a value for {', '.join(map(repr, missing))}")
        if unknown:
            hint = closest(unknown[0], self._expressions)
            raise ValueError(f"fill: the template has no placeholder {unknown[0]!r}{hint and f'; {hint}'}")
        document: Any = filled(self._parsed, values)
        return from_wire(self.cls, document)

    @override
    def __repr__(self) -> str:
        """Return the class and what is open, without values that may be secrets."""
        return f"<Template of {self.cls.__name__}, open: {', '.join(self._expressions) or 'nothing'}>"


def template(cls: type[ShapeT], document: Mapping[str, Any], *, syntax: Syntax) -> Template[ShapeT]:
    """Create a template from a document with placeholders, and validate everything that can be decided.

    Constraints apply to members that are known, and rules apply if all members that they read are known. Of text around
    a placeholder, the length and the beginning are checked. What depends on an unknown value is not checked.

    Args:
        cls: a class of `hptsdk.shapes`.
        document: the members by the names of AWS.
        syntax: "airflow" for ``{{ ... }}``, "stepfunctions" for members such as ``"Name.$": "$.path"`` and text in
            ``{% ... %}``, "pipelines" for structures such as ``{"Get": "Parameters.Role"}``, "env" for ``${NAME}``,
            "flyte" for ``{inputs.x}``.

    Raises:
        InvalidShapeError: with all violations that can be decided.
        TypeError: `cls` is not a class of `hptsdk.shapes`, or `document` is not a mapping.
        ValueError: there is no such syntax.

    Example:
        >>> import hptsdk
        >>> tag = hptsdk.template(hptsdk.shapes.Tag, {"Key": "run", "Value": "run-{{ ds }}"}, syntax="airflow")
        >>> tag.placeholders[0].path, tag.fill({"ds": "2026-11-27"})
        ('Value', Tag(key='run', value='run-2026-11-27'))
    """
    check_class(cls)
    syntax = syntax_named(syntax)
    if not is_mapping(document):
        raise TypeError(f"template: expected a mapping as the document, got {type(document).__name__}")
    parsed = parse(document, syntax)
    members = list(_open_members(cls, parsed, ()))
    shape = converter.structure(parsed, cls)
    unknown = {path for path, _, _ in members}
    # a placeholder has another type than its member
    problems = [each for each in validate(shape) if each.rule != "type" or tuple(each.path) not in unknown]
    for path, placeholder, kind in members:
        problems += _problems_of_text(path, placeholder, kind)
    if problems:
        for problem in problems:
            problem.source = problem.source or source_of(cls)
        raise InvalidShapeError(violations(cls, problems))
    return Template(cls, document, syntax)


def _open_members(
    cls: type[Shape] | None, value: object, path: tuple[Step, ...], kind: TypeInfo | None = None
) -> Iterator[tuple[tuple[Step, ...], Placeholder, TypeInfo | None]]:
    """Yield the placeholders of a parsed document, with their paths and their types.

    Args:
        cls: the class of a mapping; None for a map or if it is not known.
        value: a part of the document.
        path: its path.
        kind: its type.
    """
    if isinstance(value, Placeholder):
        yield path, value, kind
    elif is_mapping(value):
        types = {member.wire_name: member.type for member in members_of(cls)} if cls else {}
        for name, item in value.items():
            inner = types.get(name, kind.item if kind else None)
            step: Step = (name,) if kind is not None and kind.key is not None else name
            yield from _open_members(inner.shape if inner else None, item, (*path, step), inner)
    elif is_list(value):
        item_kind = kind.item if kind else None
        for index, item in enumerate(value):
            yield from _open_members(item_kind.shape if item_kind else None, item, (*path, index), item_kind)


def _problems_of_text(path: tuple[Step, ...], placeholder: Placeholder, kind: TypeInfo | None) -> list[Problem]:
    """Return the problems that the text around the expressions of a placeholder decides."""
    if kind is None or placeholder.texts is None:
        return []
    reasons = [_violated(constraint, placeholder.texts) for constraint in kind.constraints]
    return [
        _problem(path, constraint.rule, reason)
        for constraint, reason in zip(kind.constraints, reasons, strict=True)
        if reason
    ]


def _problem(path: tuple[Step, ...], rule: str, expected: str) -> Problem:
    got = "a placeholder in a text that cannot become valid"
    return Problem(*path, expected=expected, got=got, hint="change the text around the placeholder", rule=rule)


def _violated(constraint: Constraint, texts: tuple[str, ...]) -> str:
    """Return what a constraint expects, if no value of the expressions makes a text valid; else empty text."""
    if isinstance(constraint, Length):
        is_possible = constraint.maximum is None or sum(map(len, texts)) <= constraint.maximum
    elif isinstance(constraint, OneOf):
        is_possible = any(value.startswith(texts[0]) and value.endswith(texts[-1]) for value in constraint.values)
    elif isinstance(constraint, Pattern):
        is_possible = _can_begin(constraint.regex, texts[0])
    else:
        return ""
    return "" if is_possible else constraint.expected


def _can_begin(regex: str, start: str) -> bool:
    """Check whether a text that matches a regular expression can begin with another one."""
    try:
        import regex as engine
    except ImportError:  # only the module `regex`, of the extra `local`, can match a part
        return True
    return engine.fullmatch(regex, start, partial=True) is not None
