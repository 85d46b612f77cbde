"""The server of the dashboard."""

from __future__ import annotations

import errno
import socket
import threading
import webbrowser
from typing import TYPE_CHECKING, Any

from hptsdk._extras import requires_extra
from hptsdk.cli._dashboard import Dashboard

with requires_extra("local", "hptsdk dashboard"):
    import waitress.server

if TYPE_CHECKING:
    from hptsdk import TuningClient

__all__ = ["serve_dashboard"]

# Seconds between two calls of Describe, and between two pages of training jobs: an account can list about two pages in
# a second.
_SECONDS, _SECONDS_BETWEEN_PAGES = 10.0, 0.5

# The same for a local service.
_LOCAL_SECONDS = 1.0

_THREADS = 8


def serve_dashboard(client: TuningClient, job: str | None, *, is_local: bool, port: int, opens_browser: bool) -> None:
    """Serve the dashboard on 127.0.0.1 until the process is interrupted.

    Args:
        client: the client of the service.
        job: the tuning job whose page is opened; None for the list.
        is_local: whether the service is a local one, which has no limit of calls.
        port: the port; 0 for any free one.
        opens_browser: whether to open the page in a browser.

    Raises:
        ResourceNotFoundError: the tuning job does not exist.
        OSError: the port is in use.
    """
    if job is not None:
        client.describe(job)
    dashboard = Dashboard(
        client,
        seconds=_LOCAL_SECONDS if is_local else _SECONDS,
        seconds_between_pages=0.0 if is_local else _SECONDS_BETWEEN_PAGES,
    )
    try:
        # waitress does not close its own socket if the port is in use
        bound = socket.create_server(("127.0.0.1", port))
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        hint = "use another --port, or omit it to use any free port"
        raise OSError(f"port {port} of 127.0.0.1 is in use by another program; {hint}") from error
    server: Any = waitress.server.create_server(dashboard, sockets=[bound], threads=_THREADS, ident=None, map={})
    dashboard.port = int(server.effective_port)
    print(f"dashboard: {dashboard.address(job)}", flush=True)
    if opens_browser:
        threading.Thread(target=webbrowser.open, args=(dashboard.address(job),), daemon=True).start()
    try:
        server.run()
    finally:
        dashboard.close()
        server.close()
