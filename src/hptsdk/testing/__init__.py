"""For tests of code that uses hptsdk: a scripted transport, a service in memory, a server that fails on demand.

None of it reaches the network beyond 127.0.0.1. Everything here loads when first used.
"""

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hptsdk.testing._clock import PretendClock as PretendClock
    from hptsdk.testing._conformance import Capability as Capability, TransportConformance as TransportConformance
    from hptsdk.testing._faults import Fault as Fault
    from hptsdk.testing._server import FaultyServer as FaultyServer
    from hptsdk.testing._service import MemoryService as MemoryService, Refusal as Refusal
    from hptsdk.testing._stub import (
        Call as Call,
        MemoryTransport as MemoryTransport,
        Sent as Sent,
        StubTransport as StubTransport,
    )

__all__ = [
    "Call",
    "Capability",
    "Fault",
    "FaultyServer",
    "MemoryService",
    "MemoryTransport",
    "PretendClock",
    "Refusal",
    "Sent",
    "StubTransport",
    "TransportConformance",
]

# Where each name is.
_HOMES = {
    "Call": "_stub",
    "Capability": "_conformance",
    "Fault": "_faults",
    "FaultyServer": "_server",
    "MemoryService": "_service",
    "MemoryTransport": "_stub",
    "PretendClock": "_clock",
    "Refusal": "_service",
    "Sent": "_stub",
    "StubTransport": "_stub",
    "TransportConformance": "_conformance",
}


def __getattr__(name: str) -> object:
    """Load what is asked for."""
    home = _HOMES.get(name)
    if home is None:
        message = f"module 'hptsdk.testing' has no attribute {name!r}"
        raise AttributeError(message)
    found: object = getattr(importlib.import_module(f"hptsdk.testing.{home}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    """List every public name, loaded or not."""
    return __all__
