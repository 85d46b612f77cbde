"""Placeholders: parts of a request that another tool fills in before it sends the request."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, get_args

import attrs

from hptsdk._validation._plain_values import is_list, is_mapping, plain
from hptsdk._validation._problems import Problem, format_value, suggestion
from hptsdk.constraints import Length, OneOf, Pattern
from hptsdk.enums import Syntax

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hptsdk._validation._members import TypeInfo
    from hptsdk.constraints import Constraint

_SYNTAXES: tuple[Syntax, ...] = get_args(Syntax)

# The regular expressions for the placeholders in a text; the group is the expression inside.
_EXPRESSIONS: dict[Syntax, str] = {
    "stepfunctions": r"\A\{%\s*((?:(?!%\}).)*?)\s*%\}\Z",
    "airflow": r"\{\{\s*(.*?)\s*\}\}",
    "env": r"\$\{(\w+)(?::?[-=?+][^}]*)?\}",
    "flyte": r"\{?\{\.?((?:inputs|images)\.[\w.]+)\}\}?",
}

# Jinja statements, comments, and expressions that remove the spaces around them: nothing of such a text is known.
_JINJA_STATEMENT = r"\{%.*?%\}|\{#.*?#\}|\{\{-.*?\}\}|\{\{.*?-\}\}"

# A path in the input of a state of Step Functions, or an intrinsic function.
_PATH = r"\$\$?(?:[.\[].*)?\Z|States\.\w+\("

# The placeholders of any tool.
_ANY = (
    r"<[^<>\s][^<>]{0,80}>"  # <ACCOUNT_ID>
    r"|\{\{[^{}]{0,80}\}\}|\{%[^{}%]{0,80}%\}"  # {{ account }}
    r"|\$\{[^{}]{0,80}\}"  # ${AccountId}
    r"|\{(?:[A-Za-z_][\w.]{0,80})?\}"  # {account}
    r"|(?<![^\s])\$\$?\.[A-Za-z_][\w.\[\]]{0,80}"  # $.account
)


@attrs.frozen(repr=False)
class Placeholder:
    """A value that is not known yet.

    Attributes:
        value: the text, or the mapping of SageMaker Pipelines.
        syntax: the syntax of `value`.
        expressions: those in `value`, as in ``("ds",)`` for ``"job-{{ ds }}"``.
        texts: the text around the expressions, one more than there are expressions.
    """

    value: str | Mapping[str, Any]
    syntax: Syntax
    expressions: tuple[str, ...]
    texts: tuple[str, ...] = ("", "")

    @property
    def is_path(self) -> bool:
        """Whether it is a path or a function of Step Functions, for which the name of its member ends with `.$`."""
        return self.syntax == "stepfunctions" and not f"{self.value}".startswith("{%")

    @property
    def shown(self) -> tuple[str, ...]:
        """The expressions without text that may be secret.

        Jinja text with statements is reduced to these, and a function of SageMaker Pipelines to its name.
        """
        if not isinstance(self.value, str) and "Get" not in self.value:
            return tuple(self.value)
        statements = re.findall(_JINJA_STATEMENT, self.expressions[0], re.DOTALL)
        return (f"…{'…'.join(statements)}…",) if statements else self.expressions

    def fill(self, values: Mapping[str, Any]) -> object:
        """Return the value of an expression without text around it, else the text with all values."""
        if self.texts == ("", ""):
            return values[self.expressions[0]]
        parts = [self.texts[0]]
        for expression, text in zip(self.expressions, self.texts[1:], strict=True):
            parts += [str(values[expression]), text]
        return "".join(parts)

    def __str__(self) -> str:
        """Return the text, or the JSON of the mapping."""
        return self.value if isinstance(self.value, str) else json.dumps(self.value, default=str)

    def __repr__(self) -> str:
        """Return a call of `placeholder` with the value."""
        return f"placeholder({self.value!r})"


def placeholder(text: str | Mapping[str, Any]) -> Any:  # noqa: ANN401 - it replaces a member of any type
    """Create a placeholder for a value of a shape or builder that another tool fills in.

    It replaces a member of any type, an item of a list or a value of a map. A path or function of Step Functions cannot
    be an item, but can replace the list. The other members are validated, and so is the text around an expression;
    rules that read the placeholder are not applied. A request with placeholders is a `Template`: call `template()` of a
    builder instead of `build()`, or `hptsdk.template`.

    Args:
        text: ``{{ ... }}`` for Airflow, ``$.path``, ``States.Format(...)`` or ``{% ... %}`` for Step Functions,
            ``${NAME}`` for environment variables, ``{inputs.x}`` for Flyte, or a mapping such as
            ``{"Get": "Parameters.Role"}`` for SageMaker Pipelines. Those of Airflow, environment variables and Flyte
            can have text around them.

    Raises:
        ValueError: `text` has none of these forms.

    Example:
        >>> import hptsdk
        >>> tag = hptsdk.shapes.Tag(key="run", value=hptsdk.placeholder("run-{{ ds }}"))
        >>> hptsdk.to_wire(tag)
        {'Key': 'run', 'Value': 'run-{{ ds }}'}
    """
    if result := _detect(text):
        return result
    forms = "'{{ ... }}', '$.path', '{% ... %}', {'Get': ...}, '${NAME}' or '{inputs.x}'"
    raise ValueError(f"placeholder: expected text or a mapping such as {forms}, got {format_value(text)}")


def syntax_named(name: str) -> Syntax:
    """Return a syntax by its name.

    Raises:
        ValueError: there is no such syntax.
    """
    for syntax in _SYNTAXES:
        if syntax == name:
            return syntax
    got = f"{format_value(name)}{suggestion(name, _SYNTAXES)}"
    raise ValueError(f"syntax: expected one of {', '.join(_SYNTAXES)}, got {got}")


def _detect(value: object) -> Placeholder | None:
    syntaxes: tuple[Syntax, ...] = (*_EXPRESSIONS, "pipelines")
    return next(filter(None, (_parse(value, syntax) for syntax in syntaxes)), None)


def _parse(value: object, syntax: Syntax) -> Placeholder | None:
    """Return a text or mapping as a placeholder of a syntax; None for any other."""
    if is_mapping(value):
        return _of_pipelines(value) if syntax == "pipelines" else None
    if not isinstance(value, str):
        return None
    if syntax == "stepfunctions" and re.match(_PATH, value):
        return Placeholder(value, syntax, (value,))
    return _of_text(value, syntax)


def _of_pipelines(document: Mapping[Any, object]) -> Placeholder | None:
    """Return the placeholder of a mapping such as `{"Get": "Parameters.Role"}`; None for any other."""
    if len(document) != 1:
        return None
    [(name, value)] = document.items()
    if name == "Get" and isinstance(value, str):
        return Placeholder({name: value}, "pipelines", (value,))
    if f"{name}".startswith("Std:"):
        return Placeholder({f"{name}": value}, "pipelines", (json.dumps(document, default=str),))
    return None


def _of_text(text: str, syntax: Syntax) -> Placeholder | None:
    """Return the placeholder of a text with expressions; None for any other."""
    if syntax == "airflow" and re.search(_JINJA_STATEMENT, text, re.DOTALL):
        return Placeholder(text, syntax, (text,))
    matches = list(re.finditer(_EXPRESSIONS.get(syntax, r"(?!)"), text, re.DOTALL))
    if not matches:
        return None
    ends = [0, *(match.end() for match in matches)]
    starts = [*(match.start() for match in matches), len(text)]
    texts = tuple([text[end:start] for end, start in zip(ends, starts, strict=True)])
    return Placeholder(text, syntax, tuple([match[1] for match in matches]), texts)


# --- documents ---


def parse_placeholders(document: object, syntax: Syntax) -> object:
    """Return a document with a `Placeholder` in place of each placeholder of a syntax, also in keys."""
    if is_list(document):
        return [parse_placeholders(item, syntax) for item in document]
    if not is_mapping(document):
        return (_of_text(document, syntax) or document) if isinstance(document, str) else document
    if whole := _parse(document, syntax):
        return whole
    members: dict[object, object] = {}
    for name, value in document.items():
        key = f"{name}"
        member = key.removesuffix(".$")
        if syntax == "stepfunctions" and member != key and member not in document:
            path = _parse(value, syntax)
            members[member if path else key] = path or value
        else:
            members[_of_text(key, syntax) or key] = parse_placeholders(value, syntax)
    return members


def fill_placeholders(document: object, values: Mapping[str, Any]) -> object:
    """Return a parsed document with values in place of its placeholders."""
    if isinstance(document, Placeholder):
        return document.fill(values)
    if is_mapping(document):
        return {name: fill_placeholders(value, values) for name, value in document.items()}
    return [fill_placeholders(item, values) for item in document] if is_list(document) else document


def placeholders_in(document: object) -> list[Placeholder]:
    """Return the `Placeholder` objects in a document, except keys."""
    if isinstance(document, Placeholder):
        return [document]
    items = document.values() if is_mapping(document) else document if is_list(document) else ()
    return [each for item in items for each in placeholders_in(item)]


def format_placeholders(document: object) -> object:
    """Return a document with its placeholders as text or mappings, in the form that the other tool reads.

    Raises:
        ValueError: a path of Step Functions is an item of a list.
    """
    if isinstance(document, Placeholder):
        return plain(document.value)
    if is_mapping(document):
        return {
            f"{name}.$" if isinstance(value, Placeholder) and value.is_path else name: format_placeholders(value)
            for name, value in document.items()
        }
    if not is_list(document):
        return document
    for item in document:
        if isinstance(item, Placeholder) and item.is_path:
            hint = "pass a path or States.Array(...) for the whole list"
            raise ValueError(
                f"Step Functions reads no path in an item of a list, got {format_value(item.value)}; {hint}"
            )
    return [format_placeholders(item) for item in document]


# --- hints ---


def placeholder_in(text: str) -> str:
    """Return the first placeholder of any tool in a text; empty text if there is none.

    Valid text may hold the same characters, so call this for invalid text only.
    """
    match = re.search(_ANY, text, re.ASCII)
    return match[0] if match else ""


def placeholder_hint(value: object) -> str:
    """Return a hint to replace the placeholder in a value or to validate a template; empty text if there is none."""
    part = value
    if isinstance(value, str) and not re.match(_PATH, value):
        part = placeholder_in(value)
    if not part:
        return ""
    placeholder = _detect(part)
    if placeholder is None and not isinstance(part, str):
        return ""
    replaced = format_value(part if placeholder is None else str(placeholder))
    hint = f"replace the placeholder {replaced} with its value"
    return hint if placeholder is None else f"{hint}{template_hint(placeholder.syntax)}"


def template_hint(syntax: Syntax) -> str:
    """Return the end of a hint about a placeholder of a syntax."""
    return f", or validate the template with hptsdk validate --template {syntax} FILE"


def entry_hint(name: str, value: object) -> str:
    """Return the hint for an entry such as `"Name.$": "$.name"` or `"Get": "Parameters.Role"`; else empty text."""
    return placeholder_hint(value if name.endswith(".$") else {name: value})


# --- problems ---


def placeholder_problems(kind: TypeInfo, value: Placeholder, expected: str, source: str) -> list[Problem]:
    """Return what the text around the expressions violates, or else the problem that the value is not known."""
    problems = [
        Problem(
            expected=constraint.expected,
            got="a placeholder in a text that cannot become valid",
            hint="change the text around the placeholder",
            rule=constraint.rule,
            source=source,
        )
        for constraint in kind.constraints
        if value.texts != ("", "") and not _is_possible(constraint, value.texts)
    ]
    text = ", ".join(value.shown) if kind.is_secret else str(value)
    got, hint = f"the placeholder {format_value(text)}", "use .template() of the builder, or hptsdk.template(...)"
    return problems or [
        Problem(expected=expected, got=got, hint=hint, rule="placeholder", source=source, open_value=(text, value))
    ]


def _is_possible(constraint: Constraint, texts: tuple[str, ...]) -> bool:
    """Check whether values of the expressions may make a text valid."""
    match constraint:
        case Length(maximum=maximum):
            return maximum is None or sum(map(len, texts)) <= maximum
        case OneOf(values=values):
            return any(value.startswith(texts[0]) and value.endswith(texts[-1]) for value in values)
        case Pattern(regex=regex):
            return _can_begin(regex, texts[0])
        case _:
            return True


def _can_begin(regex: str, start: str) -> bool:
    """Check whether a text that matches a regular expression can begin with `start`; True if that is not known."""
    try:
        import regex as engine
    except ImportError:  # only the optional module `regex` can match a part
        return True
    return engine.fullmatch(regex, start, partial=True) is not None
