"""A server on 127.0.0.1 that speaks the service's protocol and fails as it is told."""

from __future__ import annotations

import json
import socket
import threading
from collections import deque
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Literal

from hptsdk.testing._service import MemoryService, Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import TracebackType
    from typing import Self

__all__ = ["Fault", "FaultyServer"]

Fault = Literal[
    "none",
    "hang up before acting",
    "hang up after acting",
    "cut the answer short",
    "stall before acting",
    "stall after acting",
    "throttle",
    "fail before acting",
    "fail after acting",
    "answer nonsense",
    "answer an unknown code",
    "hang up before acting, then refuse connections",
    "hang up after acting, then refuse connections",
    "answer that the clock is wrong",
]
"""What can go wrong with one request; stalling lasts until the client hangs up or the server closes."""


class FaultyServer:
    """Answers for a MemoryService, with a fault for each request that comes; "none" when there are no more.

    Attributes:
        service: what acts.
        received: the operations of all requests that came, in order.
        faults: those of the requests to come.

    Example:
        >>> with FaultyServer(["throttle"]) as server:  # doctest: +SKIP
        ...     client = hptsdk.TuningClient(endpoint_url=server.url, region_name="us-east-1")
    """

    def __init__(self, faults: Iterable[Fault] = (), *, service: MemoryService | None = None) -> None:
        self.service = service or MemoryService()
        self.faults: deque[Fault] = deque(faults)
        self.received: list[str] = []
        self.closing = threading.Event()
        self._server = _Server(self)
        self._port = int(self._server.server_address[1])
        self._thread = self._serve()

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self._port}"

    def refuse_connections(self) -> None:
        """Stop listening; requests that are here already go on."""
        self._server.socket.close()
        self._server.stopped = True

    def accept_connections(self) -> None:
        """Listen again, on the same port."""
        if not self._server.stopped:
            return
        self._thread.join()
        self._server = _Server(self, self._port)
        self._thread = self._serve()

    def _serve(self) -> threading.Thread:
        thread = threading.Thread(target=self._server.serve, daemon=True)
        thread.start()
        return thread

    def close(self) -> None:
        """End it, and whatever stalls."""
        self.closing.set()
        self._server.stopped = True
        self._thread.join()
        self._server.server_close()

    def __enter__(self) -> Self:
        """Give itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End it."""
        self.close()


class _Server(ThreadingHTTPServer):
    """Listens until it is stopped, also when its socket is closed under it."""

    daemon_threads = True
    block_on_close = False
    timeout = 0.02

    def __init__(self, owner: FaultyServer, port: int = 0) -> None:
        self.owner = owner
        self.stopped = False
        super().__init__(("127.0.0.1", port), _Handler)

    def serve(self) -> None:
        while not self.stopped:
            try:
                self.handle_request()
            except (OSError, ValueError):  # the socket was closed
                return

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - the base's own signature
        """Say nothing of clients that hung up."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server  # pyright: ignore[reportIncompatibleVariableOverride] - the only kind that makes it
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's own signature
        """Say nothing."""

    def do_POST(self) -> None:
        """Take one request."""
        owner = self.server.owner
        operation = self.headers["X-Amz-Target"].rpartition(".")[2]
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        fault: Fault = owner.faults.popleft() if owner.faults else "none"
        owner.received.append(operation)
        if refusing := fault.endswith("then refuse connections"):
            owner.refuse_connections()
        answer = _FAULTY_ANSWERS.get(fault)
        if answer and fault not in _ACTING:
            return self._answer(*answer)
        if "before acting" in fault:
            return self._vanish(stalling=fault.startswith("stall"))
        status, content = self._act(operation, body)
        if answer:
            return self._answer(*answer)
        if "after acting" in fault or refusing:
            return self._vanish(stalling=fault.startswith("stall"))
        return self._answer(status, content, short=fault == "cut the answer short")

    def _act(self, operation: str, body: dict[str, Any]) -> tuple[int, bytes]:
        try:
            answer = self.server.owner.service.call(operation, body)
        except Refusal as refusal:
            return refusal.status, json.dumps({"__type": refusal.code, "message": refusal.message}).encode()
        return 200, json.dumps(answer).encode()

    def _answer(self, status: int, content: bytes, *, short: bool = False) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/x-amz-json-1.1")
        self.send_header("x-amzn-RequestId", "00000000-0000-0000-0000-000000000000")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content[: len(content) // 2] if short else content)
        if short:
            self._vanish(stalling=False)

    def _vanish(self, *, stalling: bool) -> None:
        if stalling:
            self.server.owner.closing.wait(timeout=60)
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)


def _refusal(code: str, message: str) -> bytes:
    return json.dumps({"__type": code, "message": message}).encode()


# Those of the faulty answers that come after the service has acted.
_ACTING = {"fail after acting", "answer nonsense"}

_FAULTY_ANSWERS: dict[str, tuple[int, bytes]] = {
    "throttle": (400, _refusal("ThrottlingException", "Rate exceeded")),
    "fail before acting": (500, _refusal("InternalFailure", "")),
    "fail after acting": (500, _refusal("InternalFailure", "")),
    "answer nonsense": (200, b"<html>not what was asked for</html>"),
    "answer an unknown code": (400, _refusal("BrandNewException", "never seen before")),
    "answer that the clock is wrong": (
        403,
        _refusal(
            "InvalidSignatureException",
            "Signature expired: 20261124T070000Z is now earlier than 20261124T075500Z (20261124T080000Z - 5 min.)",
        ),
    ),
}
