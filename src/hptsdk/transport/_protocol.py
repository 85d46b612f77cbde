"""The protocol of a transport: one method, which calls an operation of the SageMaker API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["HasConnections", "HasEndpoint", "Transport"]


class Transport(Protocol):
    """A transport, which calls the operations of the SageMaker API.

    A transport can also have a method `close()`, which the client calls when it is closed, and an attribute
    `endpoint_url` with the URL of its calls. A notebook links to the AWS console only if this is a URL of AWS.

    Example:
        >>> import hptsdk
        >>> class Empty:
        ...     def call(self, operation, body):
        ...         return {}
        >>> list(hptsdk.TuningClient(transport=Empty()).list())
        []
    """

    def call(self, operation: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """Call an operation.

        Args:
            operation: the name of the operation, such as ``CreateHyperParameterTuningJob``. For the logs of training
                jobs it is ``FilterLogEvents`` of CloudWatch Logs.
            body: the members of the request by their AWS names, as `hptsdk.to_wire` returns them.

        Returns:
            The members of the response by their AWS names. A time is a datetime or a number of seconds since 1970.

        Raises:
            ServiceError: the service responded with an error.
            TransportError: there was no response. `may_have_been_sent` is true if the service may have acted.
        """
        ...


@runtime_checkable
class HasConnections(Protocol):
    """A transport with connections to close."""

    def close(self) -> None:
        """Close the connections."""
        ...


@runtime_checkable
class HasEndpoint(Protocol):
    """A transport that has the URL of its calls."""

    @property
    def endpoint_url(self) -> str | None:
        """The URL of the calls; None if it is not known yet."""
        ...
