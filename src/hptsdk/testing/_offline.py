"""Blocking of the network access of a process: only this machine can be reached."""

from __future__ import annotations

import ipaddress
import socket
from typing import TYPE_CHECKING, Any, NoReturn

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Self

__all__ = ["Offline"]

Value = Any
"""An argument or result of a function that is replaced, which may have any type."""

# The methods of a socket that take an address.
_METHODS = ("connect", "connect_ex", "sendto")


class Offline:
    """Context manager in which connections to other machines fail, for the whole process; only one at a time.

    They fail with the exception of `pytest.fail`, which no library retries as a network error.

    Attributes:
        blocked: the addresses of the blocked connections.
    """

    def __init__(self) -> None:
        self.blocked: list[str] = []
        self._originals: dict[str, Any] = {}
        self._getaddrinfo = socket.getaddrinfo

    def __enter__(self) -> Self:
        """Replace the functions that reach other machines."""
        for name in _METHODS:
            self._originals[name] = vars(socket.socket).get(name)
            setattr(socket.socket, name, self._guarded(getattr(socket.socket, name)))
        self._getaddrinfo = socket.getaddrinfo
        socket.getaddrinfo = self._guarded_getaddrinfo(self._getaddrinfo)
        return self

    def __exit__(self, *_: object) -> None:
        """Restore the functions."""
        socket.getaddrinfo = self._getaddrinfo
        for name, method in self._originals.items():
            if method is None:
                delattr(socket.socket, name)
            else:
                setattr(socket.socket, name, method)

    def _guarded(self, method: Callable[..., Any]) -> Callable[..., Any]:
        def guarded(sock: socket.socket, *arguments: Value) -> Value:
            match arguments:
                case (*_, (host, port, *_)) if not is_local_host(host):
                    self._block(f"{host}:{port}")
                case _:  # an address of this machine, or one for which the method raises
                    pass
            return method(sock, *arguments)

        return guarded

    def _guarded_getaddrinfo(self, getaddrinfo: Callable[..., Any]) -> Callable[..., Any]:
        def guarded(host: object, *arguments: object, **options: object) -> object:
            if host and not is_local_host(host):
                self._block(host.decode() if isinstance(host, bytes) else str(host))
            return getaddrinfo(host, *arguments, **options)

        return guarded

    def _block(self, place: str) -> NoReturn:
        if place not in self.blocked:
            self.blocked.append(place)
        pytest.fail(self.message())

    def message(self) -> str:
        """Return the error message, with the addresses and what to do."""
        return (
            f"network access is blocked, and the test connected to {', '.join(self.blocked)}; pass the client a "
            "transport or an endpoint_url of this machine, or mark the test with hptsdk_offline(False)"
        )


def is_local_host(host: object) -> bool:
    """Check whether a host is this machine."""
    name = host.decode() if isinstance(host, bytes) else str(host)
    if name.lower().rstrip(".") in {"", "localhost"} or name.lower().endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified
