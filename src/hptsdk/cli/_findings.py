"""The findings of `validate` in files, and their formats: text, JSON and SARIF."""

from __future__ import annotations

import json
import re
import shlex
from typing import TYPE_CHECKING, Literal

import attrs
import typer

from hptsdk import advise, schema, template
from hptsdk._validation import is_dict
from hptsdk.cli._files import RequestFile
from hptsdk.cli._output import UnreadableError, print_message
from hptsdk.errors import InvalidShapeError
from hptsdk.shapes import CreateHyperParameterTuningJobRequest
from hptsdk.wire import syntax_named, valid_parts_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hptsdk import Advice, Template
    from hptsdk.errors import Violation


@attrs.frozen
class Finding:
    """A violation or a piece of advice, with its position in a file.

    Attributes:
        file: the name of the file.
        line: the line, from 1.
        column: the column, from 1.
        level: "error" for a violation or an unreadable file, or "advice".
        path: the path of the member; empty for the whole file.
        rule: the id of the rule or constraint; "unreadable" if the file cannot be read.
        message: a description of the problem, with the id at the end.
        source: what documents the rule; empty if the file cannot be read.
    """

    file: str
    line: int
    column: int
    level: Literal["error", "advice"]
    path: str
    rule: str
    message: str
    source: str = ""

    def __str__(self) -> str:
        """Format the finding as `file:line:column: message`, like the message of a compiler."""
        level = "advice: " if self.level == "advice" else ""
        return f"{self.file}:{self.line}:{self.column}: {level}{self.message}"


def findings_in(names: Sequence[str], *, advice: bool = True, syntax: str | None = None) -> Iterator[Finding]:
    """Yield the findings of files; those of one file are sorted by their position.

    Args:
        names: the paths of the files; "-" for standard input.
        advice: whether to yield advice too; for an invalid request, about its valid parts. Defaults to True.
        syntax: the syntax of the placeholders if the files are templates, about which there is no advice. Defaults to
            None: the files are requests.
    """
    for name in names:
        if syntax is not None:
            yield from _check_template(name, syntax)[1]
        else:
            yield from _check(name, advice=advice)[1]


def read_template(name: str, syntax: str) -> Template[CreateHyperParameterTuningJobRequest]:
    """Read the template of a file; if it is not valid, print its violations and exit.

    Raises:
        Exit: the template is not valid, or the file cannot be read.
    """
    result, findings = _check_template(name, syntax)
    if result is not None:
        return result
    raise _rejection(findings)


def _check_template(
    name: str, syntax: str
) -> tuple[Template[CreateHyperParameterTuningJobRequest] | None, list[Finding]]:
    """Return the template of a file, if it is valid, and the findings."""
    file = RequestFile(name)
    try:
        _check_names(file)
        document = file.document()
        members = document if is_dict(document) else {}
        return template(CreateHyperParameterTuningJobRequest, members, syntax=syntax_named(syntax)), []
    except UnreadableError as error:
        return None, [_unreadable(file, error)]
    except InvalidShapeError as error:
        findings = [finding_of(file, "error", violation) for violation in error.violations]
        return None, sorted_findings(findings)


def _check_names(file: RequestFile) -> None:
    """Raise an error if a template repeats a name, or cannot be read."""
    try:
        file.request()
    except InvalidShapeError as error:
        repeated = [violation for violation in error.violations if violation.rule == "duplicate-key"]
        if repeated:
            raise InvalidShapeError(repeated) from None


def read_request(name: str) -> CreateHyperParameterTuningJobRequest:
    """Read the request of a file; if it is not valid, print its violations and exit.

    Raises:
        Exit: the request is not valid, or the file cannot be read.
    """
    request, findings = _check(name, advice=False)
    if request is not None:
        return request
    if {"TrainingJobName", "HyperParameterTuningJobConfig"} <= {finding.path for finding in findings}:
        file = "FILE" if name == "-" else shlex.quote(name)
        raise _rejection(
            [f"{name} describes a training job, not a tuning job; use hptsdk convert --training-job {file}"]
        )
    raise _rejection(findings)


def _rejection(messages: Sequence[object]) -> typer.Exit:
    """Print messages, and return the exception that ends the command."""
    for message in messages:
        print_message(f"{message}")
    return typer.Exit(1)


def _check(name: str, *, advice: bool) -> tuple[CreateHyperParameterTuningJobRequest | None, list[Finding]]:
    """Return the request of a file, if it is valid, and the findings."""
    file = RequestFile(name)
    request: CreateHyperParameterTuningJobRequest | None
    violations: Sequence[Violation] = ()
    try:
        request = file.request()
    except UnreadableError as error:
        return None, [_unreadable(file, error)]
    except InvalidShapeError as error:
        violations = error.violations
        request = valid_parts_of(CreateHyperParameterTuningJobRequest, file.document()) if advice else None
    findings = [finding_of(file, "error", violation) for violation in violations]
    if advice and request is not None:
        invalid = {violation.path for violation in violations}
        findings += [finding_of(file, "advice", item) for item in advise(request) if item.path not in invalid]
    return None if violations else request, sorted_findings(findings)


def _unreadable(file: RequestFile, error: UnreadableError) -> Finding:
    message = f"{error}{file.placeholder_hint(error.position)} [unreadable]"
    return Finding(file.name, *error.position, "error", "", "unreadable", message)


def sorted_findings(findings: Sequence[Finding]) -> list[Finding]:
    """Sort findings by position."""
    return sorted(findings, key=lambda finding: (finding.line, finding.column))


def finding_of(file: RequestFile, level: Literal["error", "advice"], problem: Violation | Advice) -> Finding:
    """Return a violation or a piece of advice as a finding of a file."""
    message = re.sub(r"^Create[A-Za-z]+Request(\.|: )?", "", problem.message)
    position = file.position(problem.path)
    return Finding(file.name, *position, level, problem.path, problem.rule, message, problem.source)


def as_json(findings: Sequence[Finding]) -> str:
    """Format findings as a JSON list."""
    return json.dumps([attrs.asdict(finding) for finding in findings], indent=2)


def as_sarif(findings: Sequence[Finding]) -> str:
    """Format findings as SARIF 2.1.0, for code review.

    Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
    """
    sentences = {rule.id: rule.sentence for rule in schema.rules()}
    rules = [
        {
            "id": rule,
            "shortDescription": {"text": sentences.get(rule, rule)},
            **({"helpUri": source} if source.startswith("https://") else {}),
        }
        for rule, source in sorted({finding.rule: finding.source for finding in findings}.items())
    ]
    run = {
        "tool": {"driver": {"name": "hptsdk", "rules": rules}},
        "results": [*map(_sarif_result, findings)],
        "columnKind": "unicodeCodePoints",
    }
    log = {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}
    return json.dumps(log, indent=2)


def _sarif_result(finding: Finding) -> dict[str, object]:
    location = {
        "artifactLocation": {"uri": "stdin" if finding.file == "-" else finding.file},
        "region": {"startLine": finding.line, "startColumn": finding.column},
    }
    return {
        "ruleId": finding.rule,
        "level": "error" if finding.level == "error" else "note",
        "message": {"text": finding.message},
        "locations": [{"physicalLocation": location}],
    }
