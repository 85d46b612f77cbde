"""An HTTP server on 127.0.0.1 that implements SageMaker's protocol and simulates faults."""

from __future__ import annotations

import json
import os
import socket
import struct
import threading
from collections import deque
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from typing_extensions import override

from hptsdk.testing._memory_service import MemoryService, epoch_seconds
from hptsdk.testing._simulation import EFFECTS, REQUEST_ID, Effect, ErrorResponse, Fault
from hptsdk.transport import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Self

# How often the server checks whether it is shut down.
_POLL_SECONDS = 0.02


class FaultyServer:
    """An HTTP server in front of a `MemoryService`, with a fault for each request. It runs until it is closed.

    Args:
        faults: the faults of the next requests, one for each request. Defaults to no faults.
        service: the service. Defaults to a new one.

    Attributes:
        service: the service.
        received: the operations of all requests, in order.
        faults: a deque of the faults of the next requests; a test may add some.
        closing: a `threading.Event` that is set when the server is closed.

    Example:
        >>> import hptsdk
        >>> from hptsdk.testing import FaultyServer
        >>> with FaultyServer(["throttle"]) as server:
        ...     client = hptsdk.TuningClient(endpoint_url=server.url, region_name="us-east-1")
    """

    def __init__(self, faults: Iterable[Fault] = (), *, service: MemoryService | None = None) -> None:
        self.service = service or MemoryService()
        self.faults: deque[Fault] = deque(faults)
        self.received: list[str] = []
        self.closing = threading.Event()
        self._server = _Server(self)

    @property
    def url(self) -> str:
        """The URL of the server."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def refuse_connections(self) -> None:
        """Refuse later connections; open connections continue."""
        self._server.shutdown()
        self._server.server_close()

    def accept_connections(self) -> None:
        """Accept connections again, on the same port."""
        if self._server.fileno() == -1:  # it is closed
            self._server = _Server(self, self._server.server_port)

    def close(self) -> None:
        """Stop the server, and the requests that stall."""
        self.closing.set()
        self.refuse_connections()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class _Server(ThreadingHTTPServer):
    """A server that runs in a thread until it is shut down."""

    def __init__(self, owner: FaultyServer, port: int = 0) -> None:
        self.owner = owner
        super().__init__(("127.0.0.1", port), _Handler)
        threading.Thread(target=self.serve_forever, args=(_POLL_SECONDS,), daemon=True).start()

    @override
    def handle_error(self, request: object, client_address: object) -> None:
        """Ignore all errors, such as closed connections."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server  # pyright: ignore[reportIncompatibleVariableOverride] - no other server uses this handler
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    @override
    def log_message(self, format: str, *args: object) -> None:
        """Log nothing."""

    def do_POST(self) -> None:
        owner = self.server.owner
        operation = self.headers["X-Amz-Target"].rpartition(".")[2]
        fault: Fault = owner.faults.popleft() if owner.faults else "none"
        effect = EFFECTS[fault]
        owner.received.append(operation)
        if effect.refuses:
            owner.refuse_connections()
        if effect.lost == "reset early":
            return self._reset()
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        status, content = self._act(operation, body, effect) if effect.acts else (0, b"")
        if effect.response:
            return self._respond(effect.response.status, effect.response.to_bytes())
        return self._send(effect, status, content)

    def _send(self, effect: Effect, status: int, content: bytes) -> None:
        """Send the response, or the part of it that is not lost."""
        match effect.lost:
            case None:
                self._respond(status, content)
            case "hang up":
                self._hang_up()
            case "stall":
                self.server.owner.closing.wait(timeout=60)
                self._hang_up()
            case "cut":
                self._respond(status, content, sent=len(content) // 2)
                self._hang_up()
            case "reset late" | "reset early":  # one that is early is handled before the body is read
                self._respond(status, content, sent=len(content) // 2)
                self._reset()

    def _act(self, operation: str, body: dict[str, Any], effect: Effect) -> tuple[int, bytes]:
        try:
            response = self.server.owner.service.call(operation, body)
        except Refusal as refusal:
            return refusal.status, ErrorResponse.of(refusal).to_bytes()
        return 200, json.dumps(effect.apply(response), default=epoch_seconds).encode()

    def _respond(self, status: int, content: bytes, *, sent: int | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/x-amz-json-1.1")
        self.send_header("x-amzn-RequestId", REQUEST_ID)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content[:sent])

    def _hang_up(self) -> None:
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def _reset(self) -> None:
        self.close_connection = True
        # closing without lingering sends a reset; the socket is detached so that it is not shut down before
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        os.close(self.connection.detach())
