"""Requests in the formats of other tools.

Each function takes a valid request and returns it in one format. A part of the request that a format cannot hold, or
changes, is in an `ExportWarning`.

Example:
    >>> import hptsdk
    >>> list(hptsdk.export.__all__)
    ['ExportWarning', 'ack', 'python', 'terraform']
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

from hptsdk.export._documents import (
    Document as Document,
    convert_request as convert_request,
    convert_training as convert_training,
    indented_json as indented_json,
    target_names as target_names,
)

if TYPE_CHECKING:
    from hptsdk.shapes import CreateHyperParameterTuningJobRequest

__all__ = ["ExportWarning", "ack", "python", "terraform"]


class ExportWarning(UserWarning):
    """The warning of an export about one part of a request that the format cannot hold or changes."""


def _text(request: CreateHyperParameterTuningJobRequest, target: str, **options: object) -> str:
    """Return the text of a target, with a warning for each note."""
    document = convert_request(request, target, **options)
    for note in document.notes:
        warnings.warn(note, ExportWarning, stacklevel=3)
    return document.text


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
