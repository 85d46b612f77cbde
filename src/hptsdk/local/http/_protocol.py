"""The protocol: AWS JSON 1.1 over HTTP on 127.0.0.1, served by waitress."""

from __future__ import annotations

import json
import logging
import re
import socket
import threading
import time
import uuid
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any, cast

import waitress.server
import waitress.wasyncore

from hptsdk.local.http._connections import MARK_SIGNED, Connection, close_connections
from hptsdk.local.jobs import FAULT, STATE_ERRORS
from hptsdk.transport import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from hptsdk.local.http._operations import Operations
    from hptsdk.local.http._signatures import Signatures

__all__ = ["Application", "Server"]

_log = logging.getLogger("hptsdk.local")

_HOST = "127.0.0.1"
_NAMES = (_HOST, "localhost")
_TYPE = "application/x-amz-json-1.1"
_PREFIX = "SageMaker."
_TARGET = re.compile(r"SageMaker\.([A-Za-z]{1,60})")
_FAULT = (500, "InternalFailure")
_REASONS = {
    200: "OK",
    400: "Bad Request",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    500: "Internal Server Error",
}

# The largest request has less than 300 kB; a caller with keys that is silent for longer than this is gone.
_LARGEST_BODY, _LARGEST_HEADERS, _PATIENCE, _THREADS, _MOST_SOCKETS = 4 << 20, 64 << 10, 60, 16, 256
# Calls with larger bodies are handled one at a time: each takes seconds, and others would wait for a thread.
_LARGE_BODY = 1 << 20
# what says nothing: stops and deletions
_SILENT = ("StopHyperParameterTuningJob", "DeleteHyperParameterTuningJob", "StopTrainingJob")


class Application:
    """Answers requests (WSGI).

    Args:
        operations: carries them out.
        signatures: of callers.
    """

    def __init__(self, operations: Operations, signatures: Signatures) -> None:
        self._operations = operations
        self._signatures = signatures
        self.port = 0
        self._large_call = threading.Lock()

    def __call__(
        self, environ: dict[str, Any], start: Callable[[str, list[tuple[str, str]]], object]
    ) -> Iterable[bytes]:
        """Answer one."""
        began = time.monotonic()
        status, code, content = self._respond(environ)
        _log.info("%s: %d %s in %.0f ms", _operation(environ), status, code, (time.monotonic() - began) * 1000)
        headers = [
            ("Content-Type", _TYPE),
            ("Content-Length", str(len(content))),
            ("x-amzn-RequestId", str(uuid.uuid4())),
        ]
        start(f"{status} {_REASONS[status]}", headers)
        return [content]

    def _respond(self, environ: dict[str, Any]) -> tuple[int, str, bytes]:
        """Return the status, its name or the code of the error, and the content of a response."""
        try:
            return 200, "OK", self._answer(environ)
        except Refusal as refusal:
            status, code, message = refusal.status, refusal.code, refusal.message
        except STATE_ERRORS as error:
            _log.error("a call failed, since the state cannot be read or written: %s", error)
            status, code, message = *_FAULT, f"The local service cannot read or write its state now: {error}."
        except Exception:  # noqa: BLE001 - a caller gets an answer whatever it is
            _log.exception("a call failed by a fault of the service")
            status, code, message = *_FAULT, FAULT
        return status, code, json.dumps({"__type": code, "message": message}).encode()

    def _answer(self, environ: dict[str, Any]) -> bytes:
        headers = _headers(environ)
        self._check_host(headers.get("host", ""))
        if environ["REQUEST_METHOD"] != "POST":
            raise Refusal("UnknownOperationException", "Every operation is a POST.", 405)
        body: bytes = environ["wsgi.input"].read()
        path = str(environ.get("PATH_INFO") or "/")
        self._signatures.check(path, headers, body)
        environ[MARK_SIGNED]()
        target = headers.get("x-amz-target", "")
        if not target.startswith(_PREFIX) or path != "/":
            raise Refusal("UnknownOperationException", f"There is no operation {target or '(no X-Amz-Target)'}.", 404)
        operation = target.removeprefix(_PREFIX)
        with self._large_call if len(body) > _LARGE_BODY else nullcontext():
            answer = self._operations.call(operation, _document(body))
        return b"" if operation in _SILENT else json.dumps(answer, allow_nan=False).encode()

    def _check_host(self, given: str) -> None:
        """Refuse what a page in a browser could send under another name."""
        name, _, port = given.partition(":")
        if name not in _NAMES or port != str(self.port):
            raise Refusal("AccessDeniedException", f"This service is {_HOST}:{self.port}, not {given}.", 403)


def _headers(environ: dict[str, Any]) -> dict[str, str]:
    found = {
        name.removeprefix("HTTP_").replace("_", "-").lower(): str(value)
        for name, value in environ.items()
        if name.startswith("HTTP_") or name in ("CONTENT_TYPE", "CONTENT_LENGTH")
    }
    return {name: value.encode("latin-1").decode(errors="replace") for name, value in found.items()}


def _document(body: bytes) -> dict[str, object]:
    try:
        found: object = json.loads(body or b"{}", parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise Refusal("SerializationException", f"The body is no JSON: {error}") from error
    if not isinstance(found, dict):
        raise Refusal("SerializationException", "The body is no JSON object.")
    return cast("dict[str, object]", found)


def _no_number(text: str) -> object:
    raise ValueError(f"{text} is no number of JSON")


def _operation(environ: dict[str, Any]) -> str:
    """Return the name of an operation for the log, which has nothing else of what a caller without keys sends."""
    match = _TARGET.fullmatch(environ.get("HTTP_X_AMZ_TARGET", ""))
    return match[1] if match else "a call without an operation"


class Server:
    """Serves an application in threads of its own.

    Args:
        application: what answers.
        port: where; any free one for 0.

    Raises:
        OSError: the port is taken.
    """

    def __init__(self, application: Application, port: int) -> None:
        # without a map of its own all servers of a process would share one
        self._map: dict[int, Any] = {}
        self._server = cast(
            "Any",
            waitress.server.create_server(
                application,
                map=self._map,
                sockets=[_bound(port)],
                threads=_THREADS,
                ident=None,
                max_request_body_size=_LARGEST_BODY,
                max_request_header_size=_LARGEST_HEADERS,
                channel_timeout=_PATIENCE,
                connection_limit=_MOST_SOCKETS,
            ),
        )
        self._server.channel_class = Connection
        self.port = int(self._server.effective_port)
        application.port = self.port
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="hptsdk http", daemon=True)

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def _run(self) -> None:
        # waitress's own loop ends with the process only
        while not self._closing:
            seconds = close_connections(self._server.active_channels.values())
            waitress.wasyncore.loop(timeout=seconds, use_poll=True, map=self._map, count=1)

    def close(self) -> None:
        """End it, once the requests that are here are answered."""
        self._closing = True
        self._server.pull_trigger()
        if self._thread.ident is not None:
            self._thread.join()
        # only now, since the trigger must be there until it is pulled
        self._server.task_dispatcher.shutdown()
        waitress.wasyncore.close_all(self._map, ignore_all=True)


def _bound(port: int) -> socket.socket:
    """Return a socket of a port on 127.0.0.1. waitress would leave its own open if the port is taken."""
    bound = socket.socket()
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((_HOST, port))
    except BaseException:
        bound.close()
        raise
    return bound
