"""Requests that hptsdk has no shapes for. They are validated by the model of botocore: members, types and bounds."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from botocore.session import get_session
from botocore.validate import ParamValidator

from hptsdk.transport import bad_request

if TYPE_CHECKING:
    from collections.abc import Mapping

    from botocore.model import ServiceModel

__all__ = ["check_by_model"]


@cache
def _model(service: str) -> ServiceModel:
    # loaded on first use, because it takes a tenth of a second
    return get_session().get_service_model(service)


def check_by_model(operation: str, body: Mapping[str, object], service: str = "sagemaker") -> dict[str, Any]:
    """Return a request, after its validation.

    Args:
        operation: the operation.
        body: the members of the request.
        service: the service, by its name in botocore. Defaults to SageMaker.

    Raises:
        Refusal: a member is missing, unknown, or has an invalid value.
    """
    report = ParamValidator().validate(body, _model(service).shape_for(f"{operation}Request"))
    if report.has_errors():
        raise bad_request(report.generate_report())
    return dict(body)
