"""A request as an operator of Apache Airflow."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from hptsdk._validation import Shape, is_list, is_mapping
from hptsdk.export._documents import Document, document_of
from hptsdk.export._layout import Call, format_expression

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TypeAlias

    from hptsdk.shapes import CreateHyperParameterTuningJobRequest
    from hptsdk.wire import Template

    Request: TypeAlias = CreateHyperParameterTuningJobRequest | Template[CreateHyperParameterTuningJobRequest]

__all__ = ["config", "convert"]

_IMPORT = "from airflow.providers.amazon.aws.operators.sagemaker import SageMakerTuningOperator\n"

# What Airflow renders in the strings of a config.
_TEMPLATE = re.compile(r"\{\{|\{%|\{#")


def convert(request: Request) -> Document:
    """Return the code of a SageMakerTuningOperator. Its task id is the name of the job, or `tune` for a template.

    Source: https://airflow.apache.org/docs/apache-airflow-providers-amazon/stable/operators/sagemaker.html
    """
    document, notes = config(request)
    name = request.hyper_parameter_tuning_job_name if isinstance(request, Shape) else "tune"
    call = Call("SageMakerTuningOperator", (), {"task_id": name, "config": document})
    return Document(f"{_IMPORT}\ntune = {format_expression(call, before=len('tune = '))}\n", notes)


def config(request: Request) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return the `config` of the operator, and notes about what its hook cannot use and what Airflow renders."""
    document = document_of(request, "airflow")
    # the expressions of a template are meant as such
    notes = list(_notes(document, "")) if isinstance(request, Shape) else []
    if "InputDataConfig" not in document.get("TrainingJobDefinition", {}):
        # the hook checks the S3 inputs of this definition, and raises KeyError if there are none
        notes.append("TrainingJobDefinition.InputDataConfig: the hook of Airflow fails without it")
    return document, tuple(notes)


def _notes(value: object, path: str) -> Iterator[str]:
    if is_mapping(value):
        for name, item in value.items():
            yield from _notes(item, f"{path}.{name}".removeprefix("."))
    elif is_list(value):
        for index, item in enumerate(value):
            yield from _notes(item, f"{path}[{index}]")
    elif isinstance(value, str) and _TEMPLATE.search(value):
        yield f"{path}: Airflow renders this text as a Jinja template"
