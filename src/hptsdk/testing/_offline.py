"""Keeps a process off the network: only this machine itself can be connected to."""

from __future__ import annotations

import ipaddress
import socket
from typing import TYPE_CHECKING, Any, NoReturn, cast

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType
    from typing import Self

__all__ = ["Offline"]

# What opens the way to another machine: methods of a socket that take an address, and the look-up of a name.
_METHODS = ("connect", "connect_ex", "sendto")


class Offline:
    """While it is entered, every way to another machine is refused; one at a time, for the whole process.

    The refusal is what `pytest.fail` raises, since no library takes that for a network that can be tried again.

    Attributes:
        refused: the places that something tried to reach.
    """

    def __init__(self) -> None:
        self.refused: list[str] = []
        self._kept: dict[str, Any] = {}
        self._look_up = socket.getaddrinfo

    def __enter__(self) -> Self:
        """Put the guards in place."""
        for name in _METHODS:
            self._kept[name] = vars(socket.socket).get(name)
            setattr(socket.socket, name, self._guarded(getattr(socket.socket, name)))
        self._look_up = socket.getaddrinfo
        socket.getaddrinfo = self._guarded_look_up(self._look_up)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Put back what was there."""
        socket.getaddrinfo = self._look_up
        for name, method in self._kept.items():
            if method is None:
                delattr(socket.socket, name)
            else:
                setattr(socket.socket, name, method)

    def _guarded(self, method: Callable[..., Any]) -> Callable[..., Any]:
        def guarded(sock: socket.socket, *arguments: Any) -> Any:  # noqa: ANN401 - the method's own
            match arguments:
                case (*_, (host, port, *_)) if not is_here(cast("object", host)):
                    self._refuse(f"{host}:{port}")
                case _:  # an address within this machine, or one that the method itself refuses
                    pass
            return method(sock, *arguments)

        return guarded

    def _guarded_look_up(self, look_up: Callable[..., Any]) -> Callable[..., Any]:
        def guarded(host: Any, *arguments: Any, **options: Any) -> Any:  # noqa: ANN401 - the function's own
            if host and not is_here(host):
                self._refuse(host.decode() if isinstance(host, bytes) else str(host))
            return look_up(host, *arguments, **options)

        return guarded

    def _refuse(self, place: str) -> NoReturn:
        if place not in self.refused:
            self.refused.append(place)
        pytest.fail(self.message())

    def message(self) -> str:
        """Say what was refused, and what can be done."""
        return (
            f"the test is kept off the network, and tried to reach {', '.join(self.refused)}; give the client a "
            "transport or an endpoint_url of this machine, or mark the test with hptsdk_offline(False)"
        )


def is_here(host: object) -> bool:
    """Tell whether a host is this machine itself."""
    name = host.decode() if isinstance(host, bytes) else str(host)
    if name.lower().rstrip(".") in {"", "localhost"} or name.lower().endswith(".localhost"):
        return True
    try:
        found = ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        return False
    return found.is_loopback or found.is_unspecified
