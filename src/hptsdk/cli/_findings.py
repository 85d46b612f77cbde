"""What `validate` finds, and how it is written: as lines, as JSON, as SARIF."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Literal

import attrs

from hptsdk import advise, errors, schema
from hptsdk.cli._files import RequestFile, UnreadableError
from hptsdk.shapes import CreateHyperParameterTuningJobRequest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    Outcome = CreateHyperParameterTuningJobRequest | UnreadableError | errors.InvalidShapeError

__all__ = ["Finding", "as_json", "as_sarif", "findings_in", "request_in"]

_ROOT = CreateHyperParameterTuningJobRequest.__name__


@attrs.frozen(kw_only=True)
class Finding:
    """One thing about a file.

    Attributes:
        file: its name.
        line: from 1.
        column: from 1.
        level: "error" for what is refused, "advice" for what is likely wrong.
        path: where in the request.
        rule: the id of the rule or constraint.
        message: what is expected, what is there, and how to mend it.
        source: the page that says so.
    """

    file: str
    line: int
    column: int
    level: Literal["error", "advice"]
    path: str
    rule: str
    message: str
    source: str

    def __str__(self) -> str:
        """Write it as compilers do."""
        kind = "advice: " if self.level == "advice" else ""
        return f"{self.file}:{self.line}:{self.column}: {kind}{self.message}"


def findings_in(names: Sequence[str], *, advice: bool = True) -> Iterator[Finding]:
    """Yield the findings of files; those of one file are sorted by their place."""
    for name in names:
        file = RequestFile(name)
        yield from _found(file, _outcome(file), advice=advice)


def request_in(name: str) -> CreateHyperParameterTuningJobRequest | list[Finding]:
    """Read a request out of a file, or give what is wrong with it."""
    file = RequestFile(name)
    outcome = _outcome(file)
    return _found(file, outcome, advice=False) if isinstance(outcome, Exception) else outcome


def _outcome(file: RequestFile) -> Outcome:
    try:
        return file.request()
    except (errors.InvalidShapeError, UnreadableError) as error:
        return error


def _found(file: RequestFile, outcome: Outcome, *, advice: bool) -> list[Finding]:
    if isinstance(outcome, UnreadableError):
        return [_unreadable(outcome)]
    violations: Sequence[errors.Violation] = ()
    request: CreateHyperParameterTuningJobRequest | None
    if isinstance(outcome, errors.InvalidShapeError):
        violations, request = outcome.violations, file.valid_parts() if advice else None
    else:
        request = outcome
    found = [_finding(file, "error", violation) for violation in violations]
    if advice and request is not None:
        invalid = {violation.path for violation in violations}
        found += [_finding(file, "advice", likely) for likely in advise(request) if likely.path not in invalid]
    return sorted(found, key=lambda finding: (finding.line, finding.column))


def _finding(file: RequestFile, level: Literal["error", "advice"], found: Any) -> Finding:  # noqa: ANN401 - either kind
    line, column = file.place(found.path)
    message = str(found.message).removeprefix(_ROOT)
    return Finding(
        file=file.name,
        line=line,
        column=column,
        level=level,
        path=found.path,
        rule=found.rule,
        message=message.removeprefix(".").removeprefix(": "),
        source=found.source,
    )


def _unreadable(error: UnreadableError) -> Finding:
    """Make a finding of a file that is no document."""
    line, column = error.place
    return Finding(
        file=error.name,
        line=line,
        column=column,
        level="error",
        path="",
        rule="unreadable",
        message=f"{error.message} [unreadable]",
        source="",
    )


def as_json(found: Sequence[Finding]) -> str:
    """Write them as a JSON list."""
    return json.dumps([attrs.asdict(finding) for finding in found], indent=2)


def as_sarif(found: Sequence[Finding]) -> str:
    """Write them as SARIF 2.1.0, for code review."""
    sentences = {rule.id: rule.sentence for rule in schema.rules()}
    rules = [
        {
            "id": rule,
            "shortDescription": {"text": sentences.get(rule, rule)},
            **({"helpUri": source} if source.startswith("https://") else {}),
        }
        for rule, source in dict(sorted({finding.rule: finding.source for finding in found}.items())).items()
    ]
    results = [
        {
            "ruleId": finding.rule,
            "level": "error" if finding.level == "error" else "note",
            "message": {"text": finding.message},
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": {"uri": "stdin" if finding.file == "-" else finding.file},
                        "region": {"startLine": finding.line, "startColumn": finding.column},
                    }
                }
            ],
        }
        for finding in found
    ]
    driver = {"name": "hptsdk", "rules": rules}
    run = {"tool": {"driver": driver}, "results": results, "columnKind": "unicodeCodePoints"}
    return json.dumps(
        {
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
            "version": "2.1.0",
            "runs": [run],
        },
        indent=2,
    )
