"""A request as an operator of Apache Airflow."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from hptsdk._validation import Shape, is_mapping
from hptsdk.export import Document, document_of, values_in, warn_about
from hptsdk.export._code import Call, format_expression

if TYPE_CHECKING:
    from hptsdk.export import Request
    from hptsdk.shapes import CreateHyperParameterTuningJobRequest
    from hptsdk.wire import Template

_IMPORT = "from airflow.providers.amazon.aws.operators.sagemaker import SageMakerTuningOperator\n"

# The beginnings of what Airflow renders in the strings of a config.
_TEMPLATE = re.compile(r"\{[{%#]")


def airflow(
    request: CreateHyperParameterTuningJobRequest | Template[CreateHyperParameterTuningJobRequest],
) -> dict[str, Any]:
    """Return the `config` of Airflow's SageMakerTuningOperator: a dict that JSON can hold.

    The operator converts five members from text to integers, replaces the name of a role in
    TrainingJobDefinition with its ARN, and checks that the S3 inputs of TrainingJobDefinition exist.

    See https://airflow.apache.org/docs/apache-airflow-providers-amazon/stable/operators/sagemaker.html

    Args:
        request: a valid request, or a template with the syntax "airflow".

    Warns:
        ExportWarning: once for each text of a request that Airflow renders as a Jinja template, and if the operator
            fails because TrainingJobDefinition is missing or has no InputDataConfig.

    Raises:
        ValueError: the template has another syntax.
    """
    document, notes = _config(request)
    warn_about(notes)
    return document


def convert(request: Request) -> Document:
    """Return the code of a SageMakerTuningOperator. Its task id is the name of the job, or `tune` for a template."""
    document, notes = _config(request)
    name = request.hyper_parameter_tuning_job_name if isinstance(request, Shape) else "tune"
    call = Call("SageMakerTuningOperator", (), {"task_id": name, "config": document})
    return Document(f"{_IMPORT}\ntune = {format_expression(call, before=len('tune = '))}\n", notes)


def _config(request: Request) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return the `config` of the operator, and its notes."""
    document = document_of(request, "airflow")
    notes: list[str] = []
    if isinstance(request, Shape):  # the expressions of a template are meant as such
        texts = [path for path, value in values_in(document) if isinstance(value, str) and _TEMPLATE.search(value)]
        notes = [f"{path}: Airflow renders this text as a Jinja template" for path in texts]
    definition = document.get("TrainingJobDefinition", {})
    if is_mapping(definition) and "InputDataConfig" not in definition:
        # the hook checks the S3 inputs of this definition, and raises KeyError if there are none
        notes.append("TrainingJobDefinition.InputDataConfig: SageMakerTuningOperator fails without it")
    return document, tuple(notes)
