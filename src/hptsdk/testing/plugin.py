"""The pytest plugin: fixtures of the kit, and tests kept off the network.

pytest loads it by itself once hptsdk is installed; nothing of the kit is loaded before a fixture is asked for.
"""

from __future__ import annotations

import sys
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

from hptsdk._extras import requires_extra

with requires_extra("testing", "hptsdk.testing.plugin"):
    import pytest

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Mapping
    from contextlib import AbstractContextManager
    from pathlib import Path

    from hptsdk.local import LocalService
    from hptsdk.testing import FaultyServer, MemoryTransport, StubTransport
    from hptsdk.testing._offline import Offline

__all__ = ["faulty_server", "memory_transport", "stub_transport", "tuning_service", "tuning_service_options"]

_CONFORMANCE = "hptsdk.testing._conformance"
_OFFLINE = "hptsdk_offline"
_GUARD: pytest.StashKey[Offline | None] = pytest.StashKey()


@pytest.fixture
def stub_transport() -> Iterator[StubTransport]:
    """Give a StubTransport without a script; its expected calls must have come by the end of the test."""
    from hptsdk.testing import StubTransport  # on first use only

    with StubTransport() as stub:
        yield stub


@pytest.fixture
def memory_transport() -> MemoryTransport:
    """Give a MemoryTransport on a service without jobs."""
    from hptsdk.testing import MemoryTransport  # on first use only

    return MemoryTransport()


@pytest.fixture
def faulty_server() -> Iterator[FaultyServer]:
    """Give a FaultyServer without faults to come, which ends with the test."""
    from hptsdk.testing import FaultyServer  # on first use only

    with FaultyServer() as server:
        yield server


@pytest.fixture
def tuning_service_options() -> dict[str, Any]:
    """Say how `tuning_service` is opened: arguments of `hptsdk.local.LocalService`; a test overrides it."""
    return {}


@pytest.fixture
def tuning_service(tmp_path: Path, tuning_service_options: Mapping[str, Any]) -> Iterator[LocalService]:
    """Give a LocalService with a root of the test's own, which ends with the test; it runs jobs for real."""
    from hptsdk.local import LocalService  # on first use only

    options: dict[str, Any] = {"stop_grace": 2.0, **tuning_service_options}
    with LocalService(tmp_path / "hptsdk-local", **options) as service:
        yield service


# --- off the network ---


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    """Take the option and the setting that keep all tests off the network."""
    # pytest refuses a plugin that comes a second time under another name, as by `-p` and by the entry point
    for name in ("hptsdk", __name__):
        if pluginmanager.get_plugin(name) is None:
            pluginmanager.set_blocked(name)
    text = "keep tests off the network, as the mark hptsdk_offline does: only this machine can be connected to"
    parser.getgroup("hptsdk").addoption("--hptsdk-offline", action="store_true", help=text)
    parser.addini(_OFFLINE, text, type="bool", default=False)


def pytest_configure(config: pytest.Config) -> None:
    """Make the mark known, and have the messages of the conformance tests be those of any test."""
    config.addinivalue_line(
        "markers", f"{_OFFLINE}(offline=True): keep the test off the network, or with False let it have it"
    )
    if _CONFORMANCE not in sys.modules:
        pytest.register_assert_rewrite(_CONFORMANCE)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Guard a test with its fixtures."""
    with _guard(item) as guard:
        item.stash[_GUARD] = guard
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Tell of what was refused where the test has not heard of it: in another thread, or in a fixture."""
    result = yield
    guard = item.stash[_GUARD]
    if guard and guard.refused:
        pytest.fail(guard.message(), pytrace=False)
    return result


def _guard(item: pytest.Item) -> AbstractContextManager[Offline | None]:
    mark = item.get_closest_marker(_OFFLINE)
    if mark is None:
        wanted = bool(item.config.getoption(_OFFLINE) or item.config.getini(_OFFLINE))
    else:
        wanted = bool(mark.args[0] if mark.args else mark.kwargs.get("offline", True))
    if not wanted:
        return nullcontext()
    from hptsdk.testing._offline import Offline  # on first use only

    return Offline()
