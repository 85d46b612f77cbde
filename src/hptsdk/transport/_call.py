"""The protocol of transports; calls of botocore, observed through its events; and the check of its installed model."""

from __future__ import annotations

import json
from contextvars import ContextVar
from datetime import datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from hptsdk import errors, shapes
from hptsdk._validation import Shape, is_list, is_mapping, members_of, with_article
from hptsdk.transport._errors import is_undecided, json_object

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from botocore.client import BaseClient
    from botocore.model import OperationModel, StructureShape


class Call:
    """A call and the results of its attempts so far.

    Attributes:
        body: the request as JSON.
        attempts: the number of attempts.
        unanswered: the number of attempts that may have reached the service without a response that shows their effect.
        status: the HTTP status of the response to the last attempt; None if there is none.
        content: its body; empty if there is none.
    """

    def __init__(self, operation: str, body: Mapping[str, Any]) -> None:
        self.operation = operation
        self.body = _encode(body).encode()
        self.attempts = 0
        self.unanswered = 0
        self.status: int | None = None
        self.content = b""
        self._in_flight = False

    def begin_attempt(self) -> None:
        """Count an attempt, which is unanswered until its end."""
        self.attempts += 1
        self._in_flight = True
        self.unanswered += 1
        self.status, self.content = None, b""

    def end_attempt(self, *, unanswered: bool) -> None:
        """Record whether the current attempt may have had an effect."""
        if self._in_flight and not unanswered:
            self.unanswered -= 1
        self._in_flight = False

    def parse_response(self, required: frozenset[str]) -> Mapping[str, Any] | None:
        """Return the members of the response; None if it is not SageMaker's.

        Without a result, the outcome of the call is unknown. botocore accepts any bytes as a response. A response of
        SageMaker is an object that has at least one of the required members, if there are any.
        """
        document = json_object(self.content or b"{}")
        if document is None or (required and required.isdisjoint(document)) or is_undecided("", self.status):
            return None
        return document

    @property
    def is_foreign_error(self) -> bool:
        """Whether the last response is an error with a status or in a form that is not SageMaker's."""
        document = json_object(self.content)
        has_form = not self.content.strip() or (document and isinstance(document.get("__type"), str))
        is_client_error = (self.status or 0) < HTTPStatus.INTERNAL_SERVER_ERROR
        return not has_form or (is_undecided("", self.status) and is_client_error)


current_call: ContextVar[Call] = ContextVar("hptsdk_call")
"""The current call of this thread or task, which the event handlers of botocore update."""


def _seconds_since_1970(value: object) -> float:
    """Convert a time for the JSON encoder."""
    if isinstance(value, datetime):
        return value.timestamp()
    raise TypeError(f"expected JSON values and datetimes in a request, got {with_article(type(value).__name__)}")


_encode = json.JSONEncoder(default=_seconds_since_1970).encode


def observe(client: BaseClient) -> None:
    """Register the event handlers of this module with a botocore client."""
    service = client.meta.service_model.service_id.hyphenize()
    for event, handler in (
        ("before-call", _put_body),
        ("before-send", _begin_attempt),
        ("needs-retry", _end_attempt),
        ("before-parse", _store_response),
    ):
        client.meta.events.register_first(f"{event}.{service}", handler)


def _put_body(params: dict[str, Any], **_: object) -> None:
    """Replace the body that botocore serialized with the JSON of the call."""
    params["body"] = current_call.get().body


def _begin_attempt(**_: object) -> None:
    """Count an attempt before it is sent."""
    current_call.get().begin_attempt()


def _end_attempt(
    response: tuple[Any, Mapping[str, Any]] | None, caught_exception: Exception | None = None, **_: object
) -> None:
    """Record the result of an attempt before botocore decides on a retry."""
    if response is None:
        unanswered = not _could_not_connect(caught_exception)
    else:
        unanswered = is_undecided(str(response[1].get("Error", {}).get("Code", "")), response[0].status_code)
    current_call.get().end_attempt(unanswered=unanswered)


def _store_response(response_dict: dict[str, Any], **_: object) -> None:
    """Store the HTTP status and the body of a response before botocore parses it."""
    call = current_call.get()
    call.status, call.content = response_dict["status_code"], response_dict["body"]


# Parts of messages of TLS errors that occur before a request is sent.
_HANDSHAKE = ("certificate", "handshake", "hostname", "wrong_version_number", "unknown_protocol")


def _could_not_connect(error: Exception | None) -> bool:
    """Check whether an attempt failed before any part of the request was sent."""
    from botocore import exceptions

    if isinstance(error, exceptions.SSLError):
        # TLS can also fail after the request is sent
        return any(part in str(error).lower() for part in _HANDSHAKE)
    return isinstance(
        error, exceptions.EndpointConnectionError | exceptions.ConnectTimeoutError | exceptions.ProxyConnectionError
    )


class InstalledOperation:
    """An operation in the model of the installed botocore.

    The model is compared with the shapes once. If it has all their members, requests are not compared.

    Args:
        model: botocore's model of the operation.

    Attributes:
        required: the members that each response of the service has.
    """

    def __init__(self, model: OperationModel) -> None:
        self._name = model.name
        self.required = frozenset(model.output_shape.required_members if model.output_shape else ())
        # the members that botocore does not support; usually empty
        self._unsupported: dict[type[Shape], set[str]] = {}
        # CloudWatch Logs has no shapes in hptsdk
        if model.input_shape and hasattr(shapes, model.input_shape.name):
            self._root: type[Shape] = getattr(shapes, model.input_shape.name)
            self._compare(self._root, model.input_shape)
        self._is_complete = not any(self._unsupported.values())

    def _compare(self, cls: type[Shape], model: StructureShape) -> None:
        """Store the members of a structure and of its parts that botocore does not support."""
        from botocore.model import ListShape, StructureShape

        if cls in self._unsupported:
            return
        self._unsupported[cls] = {member.wire_name for member in members_of(cls)} - model.members.keys()
        for name, structure in _structures(cls).items():
            installed = model.members.get(name)
            installed = installed.member if isinstance(installed, ListShape) else installed
            if isinstance(installed, StructureShape):
                self._compare(structure, installed)

    def check_members(self, body: Mapping[str, object]) -> None:
        """Check that botocore supports all members of a request. Members that hptsdk does not model are accepted.

        Raises:
            NotSentError: botocore is too old and does not support a member.
        """
        paths = [] if self._is_complete else list(self._unsupported_in(self._root, body, ""))
        if paths:
            import botocore

            raise errors.NotSentError(
                f"the installed botocore {botocore.__version__} does not support {', '.join(paths)}; "
                "upgrade it (pip install --upgrade botocore)",
                operation=self._name,
                may_have_been_sent=False,
            )

    def _unsupported_in(self, cls: type[Shape], value: object, path: str) -> Iterator[str]:
        """Yield the paths of the unsupported members in a structure or in a list of structures."""
        if is_list(value):
            for index, item in enumerate(value):
                yield from self._unsupported_in(cls, item, f"{path}[{index}]")
        elif is_mapping(value):
            structures = _structures(cls)
            for name, item in value.items():
                member_path = f"{path}.{name}" if path else name
                if name in self._unsupported.get(cls, ()):
                    yield member_path
                elif structure := structures.get(name):
                    yield from self._unsupported_in(structure, item, member_path)


def _structures(cls: type[Shape]) -> dict[str, type[Shape]]:
    """Return the classes of the members that are structures or lists of structures."""
    types = [(member.wire_name, member.type) for member in members_of(cls)]
    return {name: shape for name, kind in types if (shape := kind.shape or (kind.item and kind.item.shape))}


class Transport(Protocol):
    """A transport, which calls the operations of the SageMaker API.

    It must be thread-safe if several threads use the client. It can also have a method `close()`, which the client
    calls when it is closed, and an attribute `endpoint_url` with the URL of its calls. If this URL is one of AWS,
    notebooks show a link to the AWS console.

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
            The members of the response by their AWS names. A time is a datetime or a number of seconds since 1970,
                or of milliseconds in ``FilterLogEvents``.

        Raises:
            ServiceError: the service responded with an error. The client needs the class for the error code, such as
                ResourceNotFoundError.
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
