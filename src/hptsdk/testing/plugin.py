"""The pytest plugin: fixtures for the test doubles, and an option that blocks network access.

pytest loads the plugin if hptsdk is installed.
"""

from __future__ import annotations

import ipaddress
import socket
import sys
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any, NoReturn

from hptsdk import testing
from hptsdk._extras import requires_extra

with requires_extra("testing", "hptsdk.testing.plugin"):
    import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Mapping
    from contextlib import AbstractContextManager
    from pathlib import Path
    from typing import Self

    from hptsdk.local import LocalService
    from hptsdk.testing import FaultyServer, MemoryTransport, StubTransport

__all__ = ["faulty_server", "memory_transport", "stub_transport", "tuning_service", "tuning_service_options"]

_OFFLINE = "hptsdk_offline"
_GUARD: pytest.StashKey[Offline | None] = pytest.StashKey()


@pytest.fixture
def stub_transport() -> Iterator[StubTransport]:
    """Return a `StubTransport` without a script, which is verified at the end of the test."""
    with testing.StubTransport() as stub:
        yield stub


@pytest.fixture
def memory_transport() -> MemoryTransport:
    """Return a `MemoryTransport` without jobs."""
    return testing.MemoryTransport()


@pytest.fixture
def faulty_server() -> Iterator[FaultyServer]:
    """Return a `FaultyServer` without faults, which is closed at the end of the test."""
    with testing.FaultyServer() as server:
        yield server


@pytest.fixture
def tuning_service_options() -> dict[str, Any]:
    """Return arguments of `hptsdk.local.LocalService` for `tuning_service`; the root is not one of them.

    Override the fixture to set them. Defaults to an empty dict. Without `stop_grace`, `tuning_service` uses 2 seconds.
    """
    return {}


@pytest.fixture
def tuning_service(tmp_path: Path, tuning_service_options: Mapping[str, Any]) -> Iterator[LocalService]:
    """Return a `LocalService` with the root `hptsdk-local` in `tmp_path`, which is closed at the end of the test."""
    from hptsdk.local import LocalService

    options: dict[str, Any] = {"stop_grace": 2.0, **tuning_service_options}
    with LocalService(tmp_path / "hptsdk-local", **options) as service:
        yield service


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    """Add `--hptsdk-offline` and the setting `hptsdk_offline`, which block network access in tests."""
    # pytest raises if a plugin is registered twice with different names, as by `-p` and by the entry point
    for name in ("hptsdk", __name__):
        if pluginmanager.get_plugin(name) is None:
            pluginmanager.set_blocked(name)
    text = "block network access in all tests, as the mark hptsdk_offline does; only this machine can be reached"
    parser.getgroup("hptsdk").addoption("--hptsdk-offline", action="store_true", help=text)
    parser.addini(_OFFLINE, text, type="bool", default=False)


def pytest_configure(config: pytest.Config) -> None:
    """Register the mark, and let pytest rewrite the assertions of the conformance tests."""
    config.addinivalue_line(
        "markers", f"{_OFFLINE}(offline=True): block network access in the test, or with False allow it"
    )
    modules = ("hptsdk.testing._fault_conformance", "hptsdk.testing._transport_conformance")
    pytest.register_assert_rewrite(*(name for name in modules if name not in sys.modules))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Block network access in an offline test and its fixtures."""
    with _guard(item) as guard:
        item.stash[_GUARD] = guard
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Fail a test if a connection was blocked, also in another thread."""
    result = yield
    guard = item.stash[_GUARD]
    if guard and guard.blocked:
        pytest.fail(guard.message(), pytrace=False)
    return result


def _guard(item: pytest.Item) -> AbstractContextManager[Offline | None]:
    mark = item.get_closest_marker(_OFFLINE)
    if mark is None:
        is_offline = bool(item.config.getoption(_OFFLINE) or item.config.getini(_OFFLINE))
    else:
        is_offline = bool(mark.args[0] if mark.args else mark.kwargs.get("offline", True))
    return Offline() if is_offline else nullcontext()


Value = Any
"""An argument or result of a function that is replaced, which may have any type."""


class Offline:
    """Context manager in which connections to other machines fail, for the whole process; only one at a time.

    They fail with the exception of `pytest.fail`, which no library retries as a network error.

    Attributes:
        blocked: the addresses of the blocked connections.
    """

    def __init__(self) -> None:
        self.blocked: list[str] = []
        self._patch = pytest.MonkeyPatch()

    def __enter__(self) -> Self:
        """Replace the functions that reach other machines."""
        for name in ("connect", "connect_ex", "sendto"):  # the methods of a socket that take an address
            self._patch.setattr(socket.socket, name, self._guarded(getattr(socket.socket, name)))
        self._patch.setattr(socket, "getaddrinfo", self._guarded_getaddrinfo(socket.getaddrinfo))
        return self

    def __exit__(self, *_: object) -> None:
        """Restore the functions."""
        self._patch.undo()

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

    def _block(self, address: str) -> NoReturn:
        if address not in self.blocked:
            self.blocked.append(address)
        pytest.fail(self.message())

    def message(self) -> str:
        """Return the error message, with the addresses and what to do."""
        return (
            f"network access is blocked, and the test tried to reach {', '.join(self.blocked)}; pass the client a "
            "transport or an endpoint_url of this machine, or use @pytest.mark.hptsdk_offline(False)"
        )


def is_local_host(host: object) -> bool:
    """Check whether a name or an address means localhost."""
    name = host.decode() if isinstance(host, bytes) else str(host)
    if name.lower().rstrip(".") in {"", "localhost"} or name.lower().endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified
