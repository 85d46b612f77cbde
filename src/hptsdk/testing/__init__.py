"""For tests of code that uses hptsdk: a scripted transport, a service in memory, a server that fails on demand.

`hptsdk.testing.strategies` has generators of requests, for hypothesis. None of it reaches the network beyond
127.0.0.1. Everything here loads when first used, since hypothesis imports this package whenever it is imported itself.
"""

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hptsdk.testing import strategies as strategies
    from hptsdk.testing._server import Fault as Fault, FaultyServer as FaultyServer
    from hptsdk.testing._service import MemoryService as MemoryService, Refusal as Refusal
    from hptsdk.testing._stub import (
        Call as Call,
        MemoryTransport as MemoryTransport,
        StubTransport as StubTransport,
    )

__all__ = [
    "Call",
    "Fault",
    "FaultyServer",
    "MemoryService",
    "MemoryTransport",
    "Refusal",
    "StubTransport",
    "strategies",
]

# Where each name is; a module is named after itself.
_HOMES = {
    "Call": "_stub",
    "Fault": "_server",
    "FaultyServer": "_server",
    "MemoryService": "_service",
    "MemoryTransport": "_stub",
    "Refusal": "_service",
    "StubTransport": "_stub",
    "strategies": "strategies",
}


def __getattr__(name: str) -> object:
    """Load what is asked for."""
    home = _HOMES.get(name)
    if home is None:
        message = f"module 'hptsdk.testing' has no attribute {name!r}"
        raise AttributeError(message)
    module = importlib.import_module(f"hptsdk.testing.{home}")
    found: object = module if home == name else getattr(module, name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    """List every public name, loaded or not."""
    return __all__
