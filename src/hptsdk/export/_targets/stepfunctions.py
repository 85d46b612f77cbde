"""A request as a state of AWS Step Functions."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Literal

from hptsdk._validation import Shape, check_shape, parse_placeholders, placeholders_in
from hptsdk.export import Document, document_of, export_text, values_in
from hptsdk.shapes import CreateHyperParameterTuningJobRequest
from hptsdk.wire import Template

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hptsdk.export import Request

_RESOURCE = "arn:aws:states:::sagemaker:createHyperParameterTuningJob"

# The rule that Step Functions creates to detect the end of a tuning job.
# Source: https://docs.aws.amazon.com/step-functions/latest/dg/sagemaker-iam.html
_RULE = "StepFunctionsGetEventsForSageMakerTuningJobsRule"


def stepfunctions(
    request: CreateHyperParameterTuningJobRequest | Template[CreateHyperParameterTuningJobRequest],
    *,
    query_language: Literal["JSONPath", "JSONata"] = "JSONPath",
    wait: bool = True,
) -> dict[str, Any]:
    """Return a request as a Task state of AWS Step Functions, with `"End": True`: it ends the state machine.

    See https://docs.aws.amazon.com/step-functions/latest/dg/connect-sagemaker.html

    Args:
        request: a valid request, or a template with the syntax "stepfunctions".
        query_language: the language of expressions in the state. Defaults to "JSONPath". A state with `{% ... %}` of a
            template always has "JSONata".
        wait: whether the state ends when the tuning job has ended, or else when it is created. Defaults to True.

    Warns:
        ExportWarning: once for each member of a request that Step Functions evaluates as an expression.

    Raises:
        ValueError: the template has another syntax, or placeholders of another query language; or the query language
            is unknown.
    """
    state: dict[str, Any] = json.loads(export_text(request, "stepfunctions", query_language=query_language, wait=wait))
    return state


def convert(
    request: Request, *, query_language: Literal["JSONPath", "JSONata"] = "JSONPath", wait: bool = True
) -> Document:
    """Return the JSON of a Task state that creates the tuning job."""
    body = document_of(request, "stepfunctions")
    if query_language not in {"JSONPath", "JSONata"}:
        raise ValueError(f"query_language: expected JSONPath or JSONata, got {query_language!r}")
    is_jsonata = query_language == "JSONata"
    if isinstance(request, Template) and (placeholders := placeholders_in(parse_placeholders(body, "stepfunctions"))):
        paths = [placeholder for placeholder in placeholders if placeholder.is_path]
        if paths and (is_jsonata or len(paths) < len(placeholders)):
            hint = "write all placeholders as {% ... %}, or all as paths with the query language JSONPath"
            raise ValueError(f"expected only placeholders of JSONata, got the path {paths[0]}; {hint}")
        is_jsonata = not paths
    state: dict[str, Any] = {"QueryLanguage": "JSONata"} if is_jsonata else {}
    state |= {
        "Type": "Task",
        "Resource": f"{_RESOURCE}.sync" if wait else _RESOURCE,
        "Arguments" if is_jsonata else "Parameters": body,
        "End": True,
    }
    # the expressions of a template are meant as such
    notes = _notes(body, is_jsonata=is_jsonata) if isinstance(request, Shape) else ()
    return Document(json.dumps(state, indent=2, ensure_ascii=False), tuple(notes))


def stepfunctions_policy(request: CreateHyperParameterTuningJobRequest, *, wait: bool = True) -> dict[str, Any]:
    """Return the IAM policy that the role of a state machine needs for the state of a request.

    See https://docs.aws.amazon.com/step-functions/latest/dg/sagemaker-iam.html

    Args:
        request: a valid request. The policy is for a tuning job with its name, in any region, and for its roles.
        wait: whether the state ends when the tuning job has ended. Defaults to True.
    """
    check_shape(request, CreateHyperParameterTuningJobRequest)
    single, several = request.training_job_definition, request.training_job_definitions or ()
    roles = dict.fromkeys(definition.role_arn for definition in (*([single] if single else ()), *several))
    _, partition, _, _, account, _ = next(iter(roles)).split(":", 5)
    actions = ["sagemaker:CreateHyperParameterTuningJob"]
    if request.tags:
        actions.append("sagemaker:AddTags")
    if wait:
        actions += ["sagemaker:DescribeHyperParameterTuningJob", "sagemaker:StopHyperParameterTuningJob"]
    # a tuning job has its name in lower case in its ARN
    name = request.hyper_parameter_tuning_job_name.lower()
    job = f"arn:{partition}:sagemaker:*:{account}:hyper-parameter-tuning-job/{name}"
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


def _notes(body: object, *, is_jsonata: bool) -> Iterator[str]:
    """Yield a note for each member that Step Functions evaluates as an expression."""
    for path, value in values_in(body):
        if not is_jsonata and path.endswith(".$"):
            yield f"{path}: Step Functions evaluates members whose names end with .$"
        elif is_jsonata and isinstance(value, str) and value.startswith("{%") and value.endswith("%}"):
            yield f"{path}: Step Functions evaluates text between {{% and %}}"
