"""Placeholders in documents: parts that another tool fills in before it sends a request."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Literal, get_args

import attrs

from hptsdk._validation import closest, is_list, is_mapping, shown

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["SYNTAXES", "Placeholder", "Syntax", "filled", "parse", "syntax_named"]

Syntax = Literal["airflow", "stepfunctions", "pipelines", "env", "flyte"]
"""The syntax of placeholders: of Airflow, Step Functions, SageMaker Pipelines, environment variables, or Flyte."""

SYNTAXES: tuple[Syntax, ...] = get_args(Syntax)


@attrs.frozen
class Placeholder:
    """A text or a structure whose value is not known yet.

    Attributes:
        expressions: what is inside the placeholders as written, as in ``("ds",)`` for ``"job-{{ ds }}"``.
        texts: the text around the expressions, one more than there are expressions; None if the placeholder stands for
            the whole member.
        written: the placeholder as it is in the document.
    """

    expressions: tuple[str, ...]
    texts: tuple[str, ...] | None
    written: object

    def fill(self, values: Mapping[str, Any]) -> object:
        """Return the value of the member: the value of the only expression, or text."""
        if self.texts is None:
            return values[self.expressions[0]]
        parts = [self.texts[0]]
        for expression, text in zip(self.expressions, self.texts[1:], strict=True):
            parts += [str(values[expression]), text]
        return "".join(parts)


def syntax_named(name: str) -> Syntax:
    """Return a syntax by its name.

    Raises:
        ValueError: there is no such syntax.
    """
    for syntax in SYNTAXES:
        if syntax == name:
            return syntax
    hint = closest(name, SYNTAXES)
    raise ValueError(f"syntax: expected one of {', '.join(SYNTAXES)}, got {shown(name)}{hint and f'; {hint}'}")


# The expressions in the texts of a syntax; the first group is the expression.
_IN_TEXT = {
    "airflow": re.compile(r"\{\{-?\s*(.*?)\s*-?\}\}|\{%-?\s*(.*?)\s*-?%\}", re.DOTALL),
    "env": re.compile(r"\$\{(\w+)(?::?[-=?+][^}]*)?\}"),
    "flyte": re.compile(r"\{\.?(inputs\.[\w.]+)\}"),
    "stepfunctions": re.compile(r"\A\{%\s*(.*?)\s*%\}\Z", re.DOTALL),
}


def parse(document: object, syntax: Syntax) -> object:
    """Return a document with a `Placeholder` in place of each value that has one."""
    if is_mapping(document):
        if syntax == "pipelines" and (expression := _of_pipelines(document)):
            return Placeholder((expression,), None, document)
        members: dict[str, object] = {}
        for name, value in document.items():
            if syntax == "stepfunctions" and f"{name}".endswith(".$") and isinstance(value, str):
                members[f"{name}".removesuffix(".$")] = Placeholder((value,), None, value)
            else:
                members[f"{name}"] = parse(value, syntax)
        return members
    if is_list(document):
        return [parse(item, syntax) for item in document]
    return _of_text(document, syntax) if isinstance(document, str) and syntax in _IN_TEXT else document


def filled(document: object, values: Mapping[str, Any]) -> object:
    """Return a parsed document with values in place of its placeholders."""
    if isinstance(document, Placeholder):
        return document.fill(values)
    if is_mapping(document):
        return {name: filled(value, values) for name, value in document.items()}
    return [filled(item, values) for item in document] if is_list(document) else document


def _of_pipelines(document: Mapping[Any, object]) -> str:
    """Return the expression of a structure such as `{"Get": "Parameters.Role"}`; empty text if it is none."""
    if len(document) != 1:
        return ""
    [(name, value)] = document.items()
    if name == "Get" and isinstance(value, str):
        return value
    return json.dumps(document, default=str) if f"{name}".startswith("Std:") else ""


def _of_text(text: str, syntax: Syntax) -> object:
    """Return the placeholder of a text with expressions; the text itself if it has none."""
    matches = list(_IN_TEXT[syntax].finditer(text))
    if not matches:
        return text
    expressions = tuple([next(group for group in match.groups() if group is not None) for match in matches])
    ends = [0, *(match.end() for match in matches)]
    starts = [*(match.start() for match in matches), len(text)]
    texts = tuple([text[end:start] for end, start in zip(ends, starts, strict=True)])
    return Placeholder(expressions, None if texts == ("", "") else texts, text)
