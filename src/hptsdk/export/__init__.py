"""Requests in the formats of other tools.

Each function takes a valid request and returns it in one format. A part of the request that a format cannot hold, or
changes, is in an `ExportWarning`. Each module of the package of targets is a format, and has a function `convert`.

The command line imports this module for the names of the formats, so that shapes, builders and the converter are
imported on first use.

Example:
    >>> import hptsdk
    >>> dir(hptsdk.export)[:4]
    ['ExportWarning', 'ack', 'airflow', 'pipelines_step']
"""

from __future__ import annotations

import copy
import json
import warnings
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from hptsdk.export import _targets

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import TypeAlias

    from hptsdk.builder import TrainingBuilder
    from hptsdk.shapes import CreateHyperParameterTuningJobRequest
    from hptsdk.wire import Template

    Request: TypeAlias = CreateHyperParameterTuningJobRequest | Template[CreateHyperParameterTuningJobRequest]

__all__ = [
    "ExportWarning",
    "ack",
    "airflow",
    "pipelines_step",
    "python",
    "stepfunctions",
    "stepfunctions_policy",
    "terraform",
]


class ExportWarning(UserWarning):
    """The warning of an export about one part of a request that the format cannot hold or changes."""


def __dir__() -> list[str]:
    """Return all public names."""
    return __all__


def ack(request: CreateHyperParameterTuningJobRequest) -> str:
    """Return the manifest of a request for the AWS Controllers for Kubernetes (ACK), in YAML.

    See https://aws-controllers-k8s.github.io/community/reference/sagemaker/v1alpha1/hyperparametertuningjob/

    Args:
        request: a valid request.

    Warns:
        ExportWarning: once for each member that the controller does not have; it is omitted.

    Raises:
        ModuleNotFoundError: the extra `cli` is not installed.
    """
    return _text(request, "ack")


def airflow(
    request: CreateHyperParameterTuningJobRequest | Template[CreateHyperParameterTuningJobRequest],
) -> dict[str, Any]:
    """Return the `config` of Airflow's SageMakerTuningOperator: a dict that JSON can hold.

    Airflow's hook converts five integers that are text in the config, replaces the name of a role in the single
    definition with its ARN, and checks that the S3 inputs of this definition exist. It fails without such inputs.

    See https://airflow.apache.org/docs/apache-airflow-providers-amazon/stable/operators/sagemaker.html

    Args:
        request: a valid request, or a template with the syntax of Airflow.

    Warns:
        ExportWarning: once for each text that Airflow renders as a Jinja template, and if the single definition has no
            channel.

    Raises:
        ValueError: the template has another syntax.
    """
    from hptsdk.export._targets.airflow import config

    document, notes = config(request)
    _warn(notes, depth=3)
    return document


def pipelines_step(
    request: CreateHyperParameterTuningJobRequest | Template[CreateHyperParameterTuningJobRequest], name: str
) -> dict[str, Any]:
    """Return a request as a step of the type Tuning in a pipeline definition of Amazon SageMaker Pipelines.

    The step has no HyperParameterTuningJobName, because a pipeline names the tuning jobs that it creates.

    See https://docs.aws.amazon.com/sagemaker/latest/dg/build-and-manage-steps-types.html

    Args:
        request: a valid request, or a template with the syntax of Pipelines.
        name: the name of the step, unique in the pipeline.

    Raises:
        ValueError: the template has another syntax.
    """
    from hptsdk.export._targets.pipelines import step

    return step(request, name)[0]


def stepfunctions(
    request: CreateHyperParameterTuningJobRequest | Template[CreateHyperParameterTuningJobRequest],
    *,
    query_language: Literal["JSONPath", "JSONata"] = "JSONPath",
    wait: bool = True,
) -> dict[str, Any]:
    """Return a request as a Task state of AWS Step Functions, which is the last state of its state machine.

    See https://docs.aws.amazon.com/step-functions/latest/dg/connect-sagemaker.html

    Args:
        request: a valid request, or a template with the syntax of Step Functions.
        query_language: the language of expressions in the state. Defaults to "JSONPath", or to "JSONata" for a template
            with `{% ... %}`.
        wait: whether the state ends when the tuning job has ended. Defaults to True.

    Warns:
        ExportWarning: once for each member that Step Functions evaluates as an expression.

    Raises:
        ValueError: the template has another syntax, or placeholders of another query language.
    """
    state: dict[str, Any] = json.loads(_text(request, "stepfunctions", query_language=query_language, wait=wait))
    return state


def stepfunctions_policy(request: CreateHyperParameterTuningJobRequest, *, wait: bool = True) -> dict[str, Any]:
    """Return the IAM policy that the role of a state machine needs for the state of a request.

    See https://docs.aws.amazon.com/step-functions/latest/dg/sagemaker-iam.html

    Args:
        request: a valid request. The policy permits to create the tuning job with its name, in any region.
        wait: whether the state ends when the tuning job has ended. Defaults to True.
    """
    from hptsdk.export._targets.stepfunctions import policy

    return policy(request, wait=wait)


def python(request: CreateHyperParameterTuningJobRequest, *, exact: bool = False) -> str:
    """Return the code that builds a request: a module that sets the variable `request`.

    The code contains all values of the request, including secrets, and imports only hptsdk.

    Args:
        request: a valid request.
        exact: whether the code builds an equal request. By default it omits what has no effect: empty lists, and
            members with the value that SageMaker uses if they are not set, such as the compression "None" of a channel;
            and it writes the bounds of ranges as numbers, so that "0.10" becomes 0.1.
    """
    return _text(request, "python", exact=exact)


def terraform(request: CreateHyperParameterTuningJobRequest) -> str:
    """Return a request as a resource `aws_sagemaker_hyper_parameter_tuning_job` of Terraform.

    See https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/sagemaker_hyper_parameter_tuning_job

    Args:
        request: a valid request.

    Warns:
        ExportWarning: once for each part of the request that the provider cannot hold or changes.
    """
    return _text(request, "terraform")


def _text(
    request: CreateHyperParameterTuningJobRequest | Template[CreateHyperParameterTuningJobRequest],
    target: str,
    **options: object,
) -> str:
    """Return the text of a target, with a warning for each note."""
    document = convert_request(request, target, **options)
    _warn(document.notes)
    return document.text


def _warn(notes: Iterable[str], *, depth: int = 4) -> None:
    """Warn about each note, at the caller of the public function, which is `depth` calls away."""
    for note in notes:
        warnings.warn(note, ExportWarning, stacklevel=depth)


# --- documents of all targets, also for the command line ---

# The targets that take a template, which must have the syntax of this name.
TEMPLATES = ("airflow", "pipelines", "stepfunctions")


class Document(NamedTuple):
    """A request in another format.

    Attributes:
        text: the text of the document.
        notes: one note for each part of the request that the format cannot hold or changes.
    """

    text: str
    notes: tuple[str, ...] = ()


def document_of(request: Request, syntax: str) -> dict[str, Any]:
    """Return the document of a request, or of a template with the syntax of a target.

    Raises:
        ValueError: the template has another syntax.
    """
    from hptsdk.wire import Template, to_wire

    if not isinstance(request, Template):
        return to_wire(request)
    if request.syntax != syntax:
        raise ValueError(f"expected a template with the syntax {syntax}, got one with {request.syntax}; fill it first")
    return copy.deepcopy(request.document)


def target_names() -> tuple[str, ...]:
    """Return the names of the targets, in alphabetical order.

    Example:
        >>> target_names()
        ('ack', 'airflow', 'json', 'pipelines', 'python', 'stepfunctions', 'terraform', 'yaml')
    """
    return tuple(module.name for module in iter_modules(_targets.__path__) if not module.name.startswith("_"))


def convert_request(request: Request, target: str, **options: object) -> Document:
    """Convert a request to another format.

    Args:
        request: a valid request, or for some targets a template.
        target: one of `target_names()`.
        **options: options of the target.

    Returns:
        The text, and notes such as "HyperParameterTuningJobConfig.RandomSeed: omitted, because the controller has no
        such member".

    Raises:
        TypeError: the request is neither a shape nor a template.
        ValueError: the target takes no template, or one with another syntax.
    """
    from hptsdk._validation import check_shape
    from hptsdk.wire import Template

    if not isinstance(request, Template):
        check_shape(request)
    elif target not in TEMPLATES:
        raise ValueError(f"expected a request, got a template; fill it first, or convert it to {', '.join(TEMPLATES)}")
    document: Document = import_module(f"{_targets.__name__}.{target}").convert(request, **options)
    return document


def convert_training(training: TrainingBuilder, target: str) -> Document:
    """Convert the definition of a builder to "python", "json" or "yaml"; parts that `build` requires can be missing.

    Args:
        training: a builder, such as the result of `hptsdk.training_from`.
        target: one of the three.

    Returns:
        Code that sets the variable `training`, or a document with the member TrainingJobDefinition.
    """
    from hptsdk.builder import partial_of
    from hptsdk.wire import to_wire

    definition = partial_of(training).to_shape()
    if target == "python":
        code: Document = import_module(f"{_targets.__name__}.python").convert_definition(definition)
        return code
    document = {"TrainingJobDefinition": to_wire(definition)}
    if target == "json":
        return Document(json.dumps(document, indent=2, ensure_ascii=False))
    from hptsdk.export._targets.yaml import yaml_text

    return Document(yaml_text(document))
