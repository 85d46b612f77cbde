"""The pages of the dashboard: one with the tuning jobs, and one with the report and the log of each.

A script replaces the content of a page when it has changed.
"""

from __future__ import annotations

import hmac
import json
import secrets
import threading
import time
from html import escape
from http import HTTPStatus
from importlib.resources import files
from itertools import islice
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, quote

import attrs

from hptsdk._extras import requires_extra
from hptsdk.dashboard._watched_job import WatchedJob, error_text
from hptsdk.errors import HptsdkError
from hptsdk.progress import tuning_job_row
from hptsdk.report import html_page
from hptsdk.transport import bind_port

with requires_extra("local", "hptsdk.dashboard"):
    import waitress.server
    import waitress.wasyncore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import Self

    from hptsdk.client import TuningClient

    Headers = list[tuple[str, str]]

# The maximum number of tuning jobs in the list.
_MAX_JOBS = 100

# The number of lines of a log has fewer digits.
_MAX_DIGITS = 16

# Seconds between two calls of Describe, and between two pages of training jobs: an account can list about two pages in
# a second. A local service has no limit of calls.
_SECONDS, _LOCAL_SECONDS, _SECONDS_BETWEEN_PAGES = 10.0, 1.0, 0.5

_THREADS = 8

_STYLE = """
header { display: flex; flex-wrap: wrap; gap: 0.75rem; align-items: center; font-size: 14px; margin-bottom: 1rem; }
header input { margin-left: auto; } #log { max-height: 24rem; white-space: pre-wrap; } th { cursor: pointer; }
th[aria-sort=ascending]::after { content: " ↑"; } th[aria-sort=descending]::after { content: " ↓"; }
"""


@attrs.frozen
class _Response:
    """A response; `type` is the media type of its body."""

    status: HTTPStatus
    body: str = ""
    type: str = "text/html"
    headers: tuple[tuple[str, str], ...] = ()


class Dashboard:
    """A web page on 127.0.0.1 with the tuning jobs of a client, their results and their logs.

    It is served in a thread until it is closed; as a context manager it is closed at the end of the block. Everybody
    who has its URL can read and stop the tuning jobs.

    Args:
        client: the client that reads the tuning jobs. It must remain open.
        job: the name of the tuning job that `url` shows. Defaults to None, for a list of the newest 100 tuning jobs.
        port: the port; 0 for any free port. Defaults to 0.

    Attributes:
        url: the URL of the page, with a random token. A request without the token, or one with the name of another host
            or the origin of another page, gets status 403 without a body.

    Raises:
        InvalidShapeError: no tuning job can have the name `job`.
        ResourceNotFoundError: the tuning job `job` does not exist.
        OSError: the port is in use, or needs a permission.
        OverflowError: the port is not from 0 to 65535.

    Example:
        >>> import hptsdk
        >>> from hptsdk.dashboard import Dashboard
        >>> from hptsdk.testing import MemoryTransport
        >>> client = hptsdk.TuningClient(transport=MemoryTransport())
        >>> with Dashboard(client) as dashboard:
        ...     dashboard.url.partition("?")[2][:6]
        'token='
    """

    def __init__(self, client: TuningClient, job: str | None = None, *, port: int = 0) -> None:
        if job is not None:
            client.describe(job)
        self._client = client
        is_local = client.local_root is not None
        self._seconds = _LOCAL_SECONDS if is_local else _SECONDS
        self._seconds_between_pages = 0.0 if is_local else _SECONDS_BETWEEN_PAGES
        self._token = secrets.token_urlsafe(24)
        self._jobs: dict[str, WatchedJob] = {}
        self._listed = ""
        self._next_list = 0.0
        self._lock = threading.Lock()
        # without a map of its own, all servers of a process share one
        self._map: dict[int, Any] = {}
        server: Any = waitress.server.create_server(
            self._handle, sockets=[bind_port(port)], threads=_THREADS, ident=None, map=self._map
        )
        self._server = server
        self._port = int(server.effective_port)
        self.url = f"http://127.0.0.1:{self._port}{self._path(job)}"
        self._is_closed = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="hptsdk dashboard", daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        """Handle requests until the dashboard is closed."""
        # the loop of waitress ends with the process only
        while not self._is_closed.is_set():
            waitress.wasyncore.loop(timeout=1, map=self._map, count=1)

    def close(self) -> None:
        """Stop serving the page and calling the service. The client remains open."""
        if self._is_closed.is_set():
            return
        self._is_closed.set()
        for job in self._jobs.values():
            job.close()
        self._server.pull_trigger()
        self._thread.join()
        self._server.task_dispatcher.shutdown()
        waitress.wasyncore.close_all(self._map, ignore_all=True)

    def __enter__(self) -> Self:
        """Return the dashboard."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the dashboard."""
        self.close()

    def __repr__(self) -> str:
        """Return the class and the URL."""
        return f"Dashboard(url={self.url!r})"

    def _path(self, job: str | None = None) -> str:
        """Return the path of the page of a tuning job, or of the list of tuning jobs."""
        return f"/{quote(job, safe='') if job else ''}?token={self._token}"

    def _handle(self, environ: dict[str, str], start_response: Callable[[str, Headers], object]) -> Iterable[bytes]:
        """Respond to a request, as a WSGI application."""
        query = {name: values[-1] for name, values in parse_qs(environ.get("QUERY_STRING", "")).items()}
        is_allowed = self._is_allowed(environ, query.get("token", ""))
        response = self._respond(environ, query) if is_allowed else _Response(HTTPStatus.FORBIDDEN)
        body = response.body.encode()
        headers = [
            ("Content-Type", f"{response.type}; charset=utf-8"),
            ("Content-Length", str(len(body))),
            ("Cache-Control", "no-store"),
            ("Referrer-Policy", "no-referrer"),
            ("X-Content-Type-Options", "nosniff"),
            *response.headers,
        ]
        start_response(f"{response.status.value} {response.status.phrase}", headers)
        return [body] if environ["REQUEST_METHOD"] != "HEAD" else []

    def _respond(self, environ: dict[str, str], query: dict[str, str]) -> _Response:
        name, part = environ.get("PATH_INFO", "/").removeprefix("/"), query.get("part", "")
        try:
            match environ["REQUEST_METHOD"], part:
                case "POST", "stop" if name:
                    self._client.get(name).stop()
                    return _Response(HTTPStatus.NO_CONTENT)
                case "GET" | "HEAD", "log" if name:
                    return self._log(name, query.get("after", "0"))
                case "GET" | "HEAD", "content":
                    return self._content(name, environ.get("HTTP_IF_NONE_MATCH"))
                case "GET" | "HEAD", "":
                    return self._page(name)
                case _:
                    return _Response(HTTPStatus.NOT_FOUND)
        except HptsdkError as error:
            return _Response(HTTPStatus.BAD_GATEWAY, error_text(error), "text/plain")

    def _is_allowed(self, environ: dict[str, str], token: str) -> bool:
        """Check the token of a request, the name of its host, and the origin of the page that sends it."""
        hosts = {f"{host}:{self._port}" for host in ("127.0.0.1", "localhost")}
        origins = {f"http://{host}" for host in hosts}
        return (
            hmac.compare_digest(token.encode(), self._token.encode())
            and environ.get("HTTP_HOST") in hosts
            and environ.get("HTTP_ORIGIN", next(iter(origins))) in origins
        )

    def _watched(self, name: str) -> WatchedJob:
        """Return a job, which is watched from its first request on."""
        with self._lock:
            if name not in self._jobs:
                self._jobs[name] = WatchedJob(self._client.get(name), self._seconds, self._seconds_between_pages)
            return self._jobs[name]

    def _log(self, name: str, after: str) -> _Response:
        """Return new lines of the log of a job."""
        first, lines = self._watched(name).log_after(
            int(after) if after.isdecimal() and len(after) < _MAX_DIGITS else 0
        )
        content = json.dumps({"next": first + len(lines), "lines": lines})
        return _Response(HTTPStatus.OK, content, "application/json")

    def _content(self, name: str, known: str | None) -> _Response:
        """Return the content of a page, or the status 304 if the browser has it."""
        content = self._watched(name).content() if name else self._list()
        tag = f'"{hash(content)}"'
        if known == tag:
            return _Response(HTTPStatus.NOT_MODIFIED, headers=(("ETag", tag),))
        return _Response(HTTPStatus.OK, content, headers=(("ETag", tag),))

    def _list(self) -> str:
        """Return the content of the list of the newest tuning jobs."""
        with self._lock:
            if time.monotonic() >= self._next_list:
                jobs = self._client.list(sort_by="CreationTime", sort_order="Descending")
                self._listed = self._table([tuning_job_row(job) for job in islice(jobs, _MAX_JOBS)])
                self._next_list = time.monotonic() + self._seconds
            return self._listed

    def _table(self, rows: Sequence[Mapping[str, str]]) -> str:
        if not rows:
            return "<p>There is no tuning job yet.</p>"
        lines = ["".join(f"<th>{escape(head)}</th>" for head in rows[0])]
        for row in rows:
            name, status, *others = row.values()
            link = f'<a href="{escape(self._path(name))}">{escape(name)}</a>'
            cells = [link, f'<span class="{escape(status)}">{escape(status)}</span>', *map(escape, others)]
            lines.append("".join(f"<td>{cell}</td>" for cell in cells))
        table = "".join(f"<tr>{line}</tr>" for line in lines)
        return f'<h1>Tuning jobs</h1><div class="wide"><table>{table}</table></div>'

    def _page(self, name: str) -> _Response:
        """Return a page with its script."""
        content = self._watched(name).content() if name else self._list()
        nonce = secrets.token_urlsafe(16)
        script = (files("hptsdk.dashboard") / "dashboard.js").read_text(encoding="utf-8")
        links = f'<a href="{escape(self._path())}">All tuning jobs</a> <button id="stop">Stop</button>' if name else ""
        parts = [
            f'<header>{links}<span id="state" role="status"></span>',
            '<input id="filter" type="search" placeholder="Filter the table" aria-label="Filter the table"></header>',
            f"<main>{content}</main>",
            '<h2>Log</h2><pre id="log"></pre>' if name else "",
            f'<script nonce="{nonce}">{script}</script>',
        ]
        policy = (
            f"default-src 'none'; style-src 'unsafe-inline'; script-src 'nonce-{nonce}'; connect-src 'self'; "
            "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        )
        headers = (("Content-Security-Policy", policy),)
        body = html_page(name or "Tuning jobs", "\n".join(filter(None, parts)), style=_STYLE)
        return _Response(HTTPStatus.OK, body, headers=headers)
