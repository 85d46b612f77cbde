"""The connections of the HTTP server: those without a signed call end soon, and first if there are too many."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, cast

from waitress.channel import HTTPChannel
from waitress.task import WSGITask

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["MARK_SIGNED", "Connection", "close_connections"]

MARK_SIGNED = "hptsdk.mark_signed"
"""The key of the environment under which a function marks the connection of a call as that of a caller with keys."""

# Of connections without a signed call: seconds until the headers, and the whole request, have to be there.
_HEADER_SECONDS, _REQUEST_SECONDS = 5, 30

# Above so many connections, one is closed for each new one. waitress accepts none above its own limit, 256.
_MOST = 250

# A connection of a caller with keys is closed for another only if it has been idle for so many seconds.
_IDLE_SECONDS = 5

# Seconds between two checks while there are connections without a signed call, and while there are none.
_TICK, _LONG_TICK = 1, 30


class _Task(WSGITask):
    """Answers one request."""

    def get_environment(self) -> dict[str, Any]:
        """Return the environment of the request, with what marks its connection."""
        environment: dict[str, Any] = super().get_environment()
        # waitress types it as the class that the server has another one for
        environment[MARK_SIGNED] = cast("Connection", self.channel).mark_signed
        return environment


class Connection(HTTPChannel):
    """A connection, which is signed once a call on it was.

    Attributes:
        is_signed: whether a call on it had a valid signature.
        since: when it was opened, or when its last request was answered.
    """

    task_class = _Task
    is_signed = False

    def __init__(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 - the arguments of waitress
        self.since = time.monotonic()
        super().__init__(*args, **options)

    def mark_signed(self) -> None:
        """Mark it as the connection of a caller with keys."""
        self.is_signed = True

    def service(self) -> None:
        """Answer the first of its requests."""
        super().service()
        self.since = time.monotonic()

    def is_overdue(self, now: float) -> bool:
        """Check whether the request of a caller who has not signed one yet is late."""
        if self.is_signed or self.requests:
            return False
        has_headers = self.request is not None and self.request.headers_finished
        return now - self.since > (_REQUEST_SECONDS if has_headers else _HEADER_SECONDS)

    def can_be_closed(self, now: float) -> bool:
        """Check whether it can be closed for another one: no request is in progress on it."""
        if self.requests:
            return False
        return not self.is_signed or (self.request is None and now - self.since >= _IDLE_SECONDS)


def close_connections(connections: Iterable[Connection]) -> float:
    """Close connections that are late, and those that are too many; return the seconds until the next check.

    The newest one stays, since its request may be there already. Of the others, those without a signed call are closed
    first, the oldest of them before younger ones. waitress closes a connection only after it has sent what it has to
    send, which a caller can prevent; these are closed at once.
    """
    now = time.monotonic()
    live = list(connections)
    for connection in [connection for connection in live if connection.is_overdue(now)]:
        live.remove(connection)
        connection.handle_close()
    if (excess := len(live) - _MOST) > 0:
        idle = [connection for connection in live[:-1] if connection.can_be_closed(now)]
        for connection in sorted(idle, key=lambda connection: (connection.is_signed, connection.since))[:excess]:
            connection.handle_close()
    return _LONG_TICK if all(connection.is_signed for connection in live) else _TICK
