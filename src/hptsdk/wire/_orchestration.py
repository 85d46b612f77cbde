"""Templates, whose placeholders other tools fill in, and the events that AWS sends about tuning jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

import attrs
from typing_extensions import override

from hptsdk._validation import (
    Shape,
    check_class,
    fill_placeholders,
    format_placeholders,
    format_value,
    is_list,
    is_mapping,
    members_of,
    parse_placeholders,
    placeholders_in,
    suggestion,
    syntax_named,
    template_hint,
    type_info,
    validate,
    violations,
)
from hptsdk.errors import InvalidShapeError
from hptsdk.wire._documents import converter, from_wire, to_plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hptsdk._validation import TypeInfo
    from hptsdk.enums import Syntax
    from hptsdk.shapes import DescribeHyperParameterTuningJobResponse

ShapeT = TypeVar("ShapeT", bound=Shape)


class OpenMember(NamedTuple):
    """A member of a template whose value is not known yet.

    Attributes:
        path: the path of member names of AWS, as in ``Tags[0].Value``.
        text: the whole value; a mapping as JSON. If the value may be a secret, only its expressions, joined by commas,
            its Jinja statements, or the name of its function, such as ``Std:Join``.
    """

    path: str
    text: str


@attrs.frozen(repr=False, eq=False)
class Template(Generic[ShapeT]):
    """A document with placeholders, whose other parts are valid.

    `hptsdk.template` and the `template()` of builders create it.

    Attributes:
        cls: the class in `hptsdk.shapes`.
        document: the document, with placeholders in the form that the other tool reads.
        syntax: the syntax of its placeholders.
        placeholders: the members that are not known yet.
    """

    cls: type[ShapeT]
    document: dict[str, Any]
    syntax: Syntax
    placeholders: tuple[OpenMember, ...]

    def fill(self, values: Mapping[str, Any]) -> ShapeT:
        """Create the shape with values for the expressions inside the placeholders.

        Args:
            values: by expression, as in ``{"ds": "2026-11-27", "params.jobs": 7}``. A value keeps its type if its
                placeholder has no text around it; otherwise it becomes a part of the text. A text with Jinja
                statements or the JSON of a function such as ``Std:Join`` is one expression, which messages shorten.

        Raises:
            InvalidShapeError: the result violates constraints or rules.
            ValueError: an expression has no value, or `values` has an expression that the template does not have.
        """
        parsed = parse_placeholders(self.document, self.syntax)
        expressions = _expressions(parsed)
        missing = [text for each, text in expressions.items() if each not in values]
        unknown = [each for each in values if each not in expressions]
        if missing:
            raise ValueError(f"fill: expected a value for {', '.join(map(repr, missing))}")
        if unknown:
            hint = suggestion(unknown[0], expressions.values())
            raise ValueError(f"fill: the template has no placeholder {unknown[0]!r}{hint}")
        document: Any = fill_placeholders(parsed, values)
        return from_wire(self.cls, document)

    @override
    def __repr__(self) -> str:
        """Return the class and the expressions, without text that may be secret."""
        expressions = _expressions(parse_placeholders(self.document, self.syntax)).values()
        return f"<Template of {self.cls.__name__}, open: {', '.join(expressions) or 'nothing'}>"


def _expressions(parsed: object) -> dict[str, str]:
    """Return the expressions in a parsed document, each with its form in messages."""
    return {
        key: text for each in placeholders_in(parsed) for key, text in zip(each.expressions, each.shown, strict=True)
    }


def template(
    cls: type[ShapeT], document: Mapping[str, Any] | ShapeT, *, syntax: Syntax | None = None
) -> Template[ShapeT]:
    """Create a template from a document with placeholders, and validate everything that does not depend on them.

    Constraints apply to members without placeholders, and rules apply if all members that they read have none. Text
    around a placeholder is checked: whether a value of the enumeration begins and ends with it, whether it is too long,
    and, if the package `regex` is installed, whether the pattern allows its start. A key cannot be a placeholder.

    Args:
        cls: a class of `hptsdk.shapes`.
        document: the members by the names of AWS, with values as in JSON, shapes, or results of `hptsdk.placeholder`.
        syntax: "airflow" for ``{{ ... }}``, "stepfunctions" for members such as ``"Name.$": "$.path"`` and text in
            ``{% ... %}``, "pipelines" for structures such as ``{"Get": "Parameters.Role"}``, "env" for ``${NAME}``,
            "flyte" for ``{inputs.x}``. Defaults to that of the results of `hptsdk.placeholder`.

    Raises:
        InvalidShapeError: the document violates constraints or rules; the error has all violations.
        TypeError: `cls` is not a class of `hptsdk.shapes`, or `document` is neither a mapping nor an instance of `cls`.
        ValueError: there is no such syntax, it is not set and the document has no result of `hptsdk.placeholder`, such
            a result has another syntax, or it is a path of Step Functions in an item of a list.

    Example:
        >>> import hptsdk
        >>> tag = hptsdk.template(hptsdk.shapes.Tag, {"Key": "run", "Value": "run-{{ ds }}"}, syntax="airflow")
        >>> tag.placeholders[0].path, tag.fill({"ds": "2026-11-27"})
        ('Value', Tag(key='run', value='run-2026-11-27'))
    """
    check_class(cls)
    if not is_mapping(document) and not isinstance(document, cls):
        raise TypeError(f"template: expected a mapping or an instance of {cls.__name__}, got {_got(document)}")
    plain: Any = to_plain(document)
    syntax = _syntax_of(plain, syntax)
    formatted: Any = format_placeholders(plain)
    shape = converter.structure(parse_placeholders(formatted, syntax), cls)
    problems = validate(shape)
    invalid = [problem for problem in problems if problem.open_value is None]
    if invalid:
        # a placeholder that cannot be in this place of a template
        end = template_hint(syntax)
        raise InvalidShapeError(
            attrs.evolve(each, hint=each.hint.removesuffix(end)) for each in violations(cls, invalid)
        )
    paths = [violation.path for violation in violations(cls, problems)]
    texts = [problem.open_value[0] for problem in problems if problem.open_value]
    return Template(cls, formatted, syntax, tuple(map(OpenMember, paths, texts)))


def _syntax_of(document: object, syntax: Syntax | None) -> Syntax:
    """Return the syntax of a document: the argument, or else that of its `Placeholder` objects, which must agree."""
    placeholders = placeholders_in(document)
    if syntax is None and not placeholders:
        raise ValueError(
            "syntax: expected the syntax of the placeholders, got None; pass syntax=, because the document has no "
            "result of hptsdk.placeholder"
        )
    syntax = placeholders[0].syntax if syntax is None else syntax_named(syntax)
    for placeholder in placeholders:
        # a placeholder of both syntaxes is allowed; one that is none of `syntax` stays a text or a mapping
        if placeholder.syntax != syntax and isinstance(parse_placeholders(placeholder.value, syntax), str | dict):
            raise ValueError(
                f"syntax: expected placeholders of {syntax}, got {placeholder.shown[0]!r} of {placeholder.syntax}"
            )
    return syntax


# In seconds, such a time would be after the year 5138, so it is in milliseconds.
_LEAST_MILLISECONDS = 100_000_000_000


def _got(value: object) -> str:
    """Format what was passed in place of a mapping, with a hint, but without its text, which can contain secrets."""
    hint = "; parse JSON text with json.loads" if isinstance(value, str | bytes | bytearray) else ""
    return f"{format_value(value, secret=True)}{hint}"


def from_event(event: Mapping[str, Any]) -> DescribeHyperParameterTuningJobResponse:
    """Create the description of a tuning job from an event of Amazon EventBridge or a result of AWS Step Functions.

    Both contain members of a Describe response, with times in milliseconds since 1970 in UTC. Members that are missing
    are None, and the tags of an event, a mapping, are in `unmodelled`.

    See https://docs.aws.amazon.com/sagemaker/latest/dg/automating-sagemaker-with-eventbridge.html

    Args:
        event: the event "SageMaker HyperParameter Tuning Job State Change", its `detail`, or the result of a state that
            waits for the tuning job.

    Raises:
        TypeError: `event` is not a mapping.
        ValueError: it has no `HyperParameterTuningJobName`, as the result of a state that does not wait.

    Example:
        >>> import hptsdk
        >>> event = {
        ...     "detail-type": "SageMaker HyperParameter Tuning Job State Change",
        ...     "detail": {
        ...         "HyperParameterTuningJobName": "churn",
        ...         "HyperParameterTuningJobStatus": "Completed",
        ...         "CreationTime": 1764100800000,
        ...         "Tags": {"team": "growth"},
        ...     },
        ... }
        >>> job = hptsdk.from_event(event)
        >>> job.hyper_parameter_tuning_job_status, f"{job.creation_time:%Y-%m-%d}", job.unmodelled["Tags"]["team"]
        ('Completed', '2025-11-25', 'growth')
    """
    from hptsdk.shapes import DescribeHyperParameterTuningJobResponse

    if not is_mapping(event):
        raise TypeError(f"from_event: expected a mapping, got {_got(event)}")
    detail = event.get("detail", event)
    if not is_mapping(detail) or "HyperParameterTuningJobName" not in detail:
        got = event.get("detail-type")
        kind = format_value(got) if got else "a mapping"
        raise ValueError(f"from_event: expected an event with HyperParameterTuningJobName, got {kind} without it")
    document: Any = _in_seconds(type_info(DescribeHyperParameterTuningJobResponse), detail)
    return from_wire(DescribeHyperParameterTuningJobResponse, document)


def _in_seconds(kind: TypeInfo | None, value: object) -> object:
    """Convert the times in milliseconds in a value of a type to seconds."""
    if kind is None:
        return value
    if kind.shape and is_mapping(value):
        types = {member.wire_name: member.type for member in members_of(kind.shape)}
        return {f"{name}": _in_seconds(types.get(name), item) for name, item in value.items()}
    if kind.item and is_list(value):
        return [_in_seconds(kind.item, item) for item in value]
    if kind.kind == "timestamp" and isinstance(value, int | float) and abs(value) >= _LEAST_MILLISECONDS:
        return value / 1000
    return value
