"""The HTTP server and its connections."""

from __future__ import annotations

import copy
import re
import threading
import time
from functools import partial
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any, BinaryIO
from urllib.parse import urlsplit

import waitress.server
import waitress.wasyncore
from typing_extensions import override
from waitress.buffers import FileBasedBuffer
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.receiver import ChunkedReceiver, FixedStreamReceiver
from waitress.task import WSGITask

from hptsdk.local.http._messages import Request
from hptsdk.transport import bind_port

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hptsdk.local.http._application import Application

REQUEST, CONNECTION = "hptsdk.request", "hptsdk.connection"
"""The keys of the WSGI environment with the request and its connection."""

# The largest valid request of SageMaker has less than 300 kB.
_MAX_BODY, _MAX_HEADERS = 4 << 20, 64 << 10

# An object of 5 GiB, the largest that S3 accepts in one request, with the sizes and signatures of its chunks.
_MAX_LARGE_BODY = (5 << 30) + (64 << 20)

_BLOCK = 128 << 10

_THREADS = 16

# Seconds after which the idle connection of a caller with credentials is closed.
_IDLE_TIMEOUT = 60

# Seconds in which the headers, and the whole request, must arrive on a connection without a signed request.
_HEADER_SECONDS, _REQUEST_SECONDS = 5, 30

# Above this number of connections, one is closed for each new one. waitress accepts none above its own limit.
_MAX_CONNECTIONS, _WAITRESS_LIMIT = 250, 256

# A connection with a signed request is closed for another one only if it has been idle for this many seconds.
_IDLE_SECONDS = 5

_AMZ_HEADER = re.compile(rb"^X-Amz[^:]*:", re.MULTILINE)

# Seconds between two checks while there are connections without a signed request, and while there are none.
_TICK, _LONG_TICK = 1, 30


class _Parser(HTTPRequestParser):
    """The parser of one request. It accepts a body of 4 MiB or more only if the application does."""

    def __init__(self, adjustments: Any, connection: Connection) -> None:
        super().__init__(adjustments)
        self._connection = connection

    @override
    def parse_header(self, header_plus: bytes) -> None:
        super().parse_header(header_plus)
        is_large = self.chunked or self.content_length >= _MAX_BODY
        if is_large and self._connection.accepts_large_body(self):
            self.adj = copy.copy(self.adj)
            self.adj.max_request_body_size = _MAX_LARGE_BODY
            file: Any = self._connection.create_file()
            body: Any = FileBasedBuffer(file)
            self.body_rcv = ChunkedReceiver(body) if self.chunked else FixedStreamReceiver(self.content_length, body)
        elif not self.chunked and not 0 < self.content_length < _MAX_BODY:
            # waitress would wait for a body, although there is none or it is rejected
            if self.expect_continue:
                # botocore 1.36 misreads the next response after one without a "100 Continue"
                self.headers = {**self.headers, "CONNECTION": "close"}
            self.expect_continue = False


def _request(parser: Any) -> Request:
    """Return the request of a parser, whose target is a path with a query, or a URL."""
    target: str = parser.request_uri
    if not target.startswith("/"):
        url = urlsplit(target)
        target = f"{url.path or '/'}?{url.query}"
    path, _, query = target.partition("?")
    headers = {
        name.replace("_", "-").lower(): value.encode("latin-1").decode(errors="replace")
        for name, value in parser.headers.items()
    }
    return Request(parser.command, path, query, headers, parser.get_body_stream())


class _Task(WSGITask):
    @override
    def get_environment(self) -> dict[str, Any]:
        environment: dict[str, Any] = super().get_environment()
        return {**environment, REQUEST: _request(self.request), CONNECTION: self.channel}

    @override
    def build_response_header(self) -> bytes:
        # waitress writes all names in title case, and clients return the names of metadata as they are written
        header: bytes = super().build_response_header()
        return _AMZ_HEADER.sub(lambda match: match[0].lower(), header)


class Connection(HTTPChannel):
    """A connection of a client.

    Attributes:
        is_signed: whether a request on it had a valid signature.
        since: when it was opened or its last request was handled, in seconds of `time.monotonic()`.
    """

    task_class = _Task
    is_signed = False

    def __init__(self, *args: Any, application: Application, **options: Any) -> None:
        self.since = time.monotonic()
        self._application = application
        super().__init__(*args, **options)
        parser: Any = partial(_Parser, connection=self)
        self.parser_class = parser

    def accepts_large_body(self, parser: HTTPRequestParser) -> bool:
        """Return the result of `Application.accepts_large_body`, and store whether the signature is valid."""
        is_accepted = self._application.accepts_large_body(_request(parser))
        self.is_signed |= is_accepted
        return is_accepted

    def create_file(self) -> BinaryIO:
        """Create a file for a large body. It is deleted when it is closed."""
        return TemporaryFile(dir=self._application.uploads)

    @override
    def service(self) -> None:
        super().service()
        self.since = time.monotonic()

    def is_overdue(self, now: float) -> bool:
        """Check whether its first signed request is late at a time of `time.monotonic()`."""
        if self.is_signed or self.requests:
            return False
        has_headers = self.request is not None and self.request.headers_finished
        return now - self.since > (_REQUEST_SECONDS if has_headers else _HEADER_SECONDS)

    def can_be_closed(self, now: float) -> bool:
        """Check whether it can be closed for another connection at a time of `time.monotonic()`."""
        if self.requests:
            return False
        is_idle = self.request is None and not self.total_outbufs_len
        return not self.is_signed or (is_idle and now - self.since >= _IDLE_SECONDS)


def _close_connections(connections: Iterable[Connection]) -> float:
    """Close the connections that are late or too many, and return the seconds until the next check.

    The newest connection stays, because its request may have arrived already. Of the others, those without a
    signed request are closed first. waitress closes a connection only after it has sent its response, which a caller
    can prevent; this function closes them immediately.
    """
    now = time.monotonic()
    live = list(connections)
    for connection in [connection for connection in live if connection.is_overdue(now)]:
        live.remove(connection)
        connection.handle_close()
    if (excess := len(live) - _MAX_CONNECTIONS) > 0:
        idle = [connection for connection in live[:-1] if connection.can_be_closed(now)]
        for connection in sorted(idle, key=lambda connection: (connection.is_signed, connection.since))[:excess]:
            connection.handle_close()
    return _LONG_TICK if all(connection.is_signed for connection in live) else _TICK


class Server:
    """An HTTP server that runs an application in threads of its own.

    It answers requests from `start()` to `close()`.

    Args:
        application: the application.
        port: the port on 127.0.0.1; 0 for any free port.

    Attributes:
        port: the port on which it listens.

    Raises:
        OSError, OverflowError: the port cannot be used.
    """

    def __init__(self, application: Application, port: int) -> None:
        # without a map of its own, all servers of a process share one
        self._map: dict[int, Any] = {}
        options: dict[str, Any] = {
            "application": application,
            "map": self._map,
            "sockets": [bind_port(port)],
            "threads": _THREADS,
            "ident": None,
            "max_request_body_size": _MAX_BODY,
            "max_request_header_size": _MAX_HEADERS,
            "recv_bytes": _BLOCK,
            "channel_timeout": _IDLE_TIMEOUT,
            "connection_limit": _WAITRESS_LIMIT,
        }
        # waitress returns another type for several sockets
        server: Any = waitress.server.create_server(**options)
        server.channel_class = partial(Connection, application=application)
        self._server = server
        self.port = int(server.effective_port)
        application.port = self.port
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="hptsdk http", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def _run(self) -> None:
        # the loop of waitress ends with the process only
        while not self._closing:
            seconds = _close_connections(self._server.active_channels.values())
            waitress.wasyncore.loop(timeout=seconds, use_poll=True, map=self._map, count=1)

    def close(self) -> None:
        """Stop the server. Calls that run have five seconds to end; waiting ones are not answered."""
        self._closing = True
        self._server.pull_trigger()
        if self._thread.ident is not None:
            self._thread.join()
        self._server.task_dispatcher.shutdown()
        for channel in list(self._server.active_channels.values()):
            channel.handle_close()  # closes the files that are not sent completely; close_all does not
        waitress.wasyncore.close_all(self._map, ignore_all=True)
