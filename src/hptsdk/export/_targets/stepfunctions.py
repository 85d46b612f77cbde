"""A request as a state of AWS Step Functions."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Literal

from hptsdk._validation import Shape, check_shape, is_list, is_mapping, parse, placeholders_in
from hptsdk.export._documents import Document, document_of
from hptsdk.wire import Template

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TypeAlias

    from hptsdk.shapes import CreateHyperParameterTuningJobRequest

    Request: TypeAlias = CreateHyperParameterTuningJobRequest | Template[CreateHyperParameterTuningJobRequest]

__all__ = ["convert", "policy"]

_RESOURCE = "arn:aws:states:::sagemaker:createHyperParameterTuningJob"

# The rule that Step Functions creates to detect the end of a tuning job.
# Source: https://docs.aws.amazon.com/step-functions/latest/dg/sagemaker-iam.html
_RULE = "StepFunctionsGetEventsForSageMakerTuningJobsRule"


def convert(
    request: Request,
    *,
    query_language: Literal["JSONPath", "JSONata"] = "JSONPath",
    wait: bool = True,
) -> Document:
    """Return a Task state that creates the tuning job.

    Source: https://docs.aws.amazon.com/step-functions/latest/dg/connect-sagemaker.html

    Args:
        request: a valid request, or a template with the syntax of Step Functions.
        query_language: the language of expressions in the state. That of the placeholders of a template, if it has any.
        wait: whether the state ends when the tuning job has ended.
    """
    body = document_of(request, "stepfunctions")
    is_jsonata = query_language == "JSONata"
    if isinstance(request, Template) and (placeholders := placeholders_in(parse(body, "stepfunctions"))):
        paths = [placeholder for placeholder in placeholders if placeholder.is_path]
        if paths and (is_jsonata or len(paths) < len(placeholders)):
            hint = "write all placeholders as {% ... %}, or all as paths for JSONPath"
            raise ValueError(f"expected placeholders of one query language, got the path {paths[0]}; {hint}")
        is_jsonata = not paths
    state: dict[str, Any] = {"QueryLanguage": "JSONata"} if is_jsonata else {}
    state |= {
        "Type": "Task",
        "Resource": f"{_RESOURCE}.sync" if wait else _RESOURCE,
        "Arguments" if is_jsonata else "Parameters": body,
        "End": True,
    }
    notes: tuple[str, ...] = ()
    if isinstance(request, Shape):  # the expressions of a template are meant as such
        notes = tuple(_jsonata_notes(body, "") if is_jsonata else _jsonpath_notes(body, ""))
    return Document(json.dumps(state, indent=2, ensure_ascii=False), notes)


def policy(request: CreateHyperParameterTuningJobRequest, *, wait: bool = True) -> dict[str, Any]:
    """Return the IAM policy that the role of the state machine needs for the state."""
    check_shape(request)
    single, several = request.training_job_definition, request.training_job_definitions or ()
    roles = dict.fromkeys(definition.role_arn for definition in (*([single] if single else ()), *several))
    partition, account = _partition_and_account(next(iter(roles)))
    prefix = f"arn:{partition}:sagemaker:*:{account}:hyper-parameter-tuning-job"
    actions = ["sagemaker:CreateHyperParameterTuningJob"]
    if request.tags:
        actions.append("sagemaker:AddTags")
    if wait:
        actions += ["sagemaker:DescribeHyperParameterTuningJob", "sagemaker:StopHyperParameterTuningJob"]
    # a tuning job has its name in lower case in its ARN
    job = f"{prefix}/{request.hyper_parameter_tuning_job_name.lower()}"
    passed = {"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}}
    statements: list[dict[str, Any]] = [
        {"Effect": "Allow", "Action": actions, "Resource": [job]},
        {"Effect": "Allow", "Action": ["sagemaker:ListTags"], "Resource": ["*"]},
        {"Effect": "Allow", "Action": ["iam:PassRole"], "Resource": list(roles), "Condition": passed},
    ]
    if wait:
        rule = f"arn:{partition}:events:*:{account}:rule/{_RULE}"
        events = ["events:PutTargets", "events:PutRule", "events:DescribeRule"]
        statements.append({"Effect": "Allow", "Action": events, "Resource": [rule]})
    return {"Version": "2012-10-17", "Statement": statements}


def _partition_and_account(arn: str) -> tuple[str, str]:
    """Return the partition and the account of an ARN."""
    parts = arn.split(":")
    return parts[1], parts[4]


def _jsonpath_notes(value: object, path: str) -> Iterator[str]:
    """Yield a note for each member whose name Step Functions reads as that of an expression."""
    if is_mapping(value):
        for name, item in value.items():
            if f"{name}".endswith(".$"):
                yield f"{path}[{json.dumps(name)}]: Step Functions evaluates members whose names end with .$"
            yield from _jsonpath_notes(item, f"{path}.{name}".removeprefix("."))
    elif is_list(value):
        for index, item in enumerate(value):
            yield from _jsonpath_notes(item, f"{path}[{index}]")


def _jsonata_notes(value: object, path: str) -> Iterator[str]:
    """Yield a note for each text that Step Functions evaluates."""
    if is_mapping(value):
        for name, item in value.items():
            yield from _jsonata_notes(item, f"{path}.{name}".removeprefix("."))
    elif is_list(value):
        for index, item in enumerate(value):
            yield from _jsonata_notes(item, f"{path}[{index}]")
    elif isinstance(value, str) and value.startswith("{%") and value.endswith("%}"):
        yield f"{path}: Step Functions evaluates text between {{% and %}}"
