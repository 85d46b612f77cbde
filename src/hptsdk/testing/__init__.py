"""For tests of code that uses hptsdk: a scripted transport, a service in memory, a server that fails on demand.

`hptsdk.testing.strategies` has generators of requests, for hypothesis. None of it reaches the network beyond
127.0.0.1. Everything here loads when first used, since hypothesis and pytest import this package by themselves.
"""

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hptsdk.testing import strategies as strategies
    from hptsdk.testing._clock import PretendClock as PretendClock
    from hptsdk.testing._conformance import (
        Capability as Capability,
        FaultConformance as FaultConformance,
        TransportConformance as TransportConformance,
    )
    from hptsdk.testing._faults import Fault as Fault
    from hptsdk.testing._faulty_server import FaultyServer as FaultyServer
    from hptsdk.testing._memory_service import MemoryService as MemoryService
    from hptsdk.testing._stub_transport import (
        Call as Call,
        MemoryTransport as MemoryTransport,
        Sent as Sent,
        StubTransport as StubTransport,
    )
    from hptsdk.transport import Refusal as Refusal

__all__ = [
    "Call",
    "Capability",
    "Fault",
    "FaultConformance",
    "FaultyServer",
    "MemoryService",
    "MemoryTransport",
    "PretendClock",
    "Refusal",
    "Sent",
    "StubTransport",
    "TransportConformance",
    "strategies",
]

# Where each name is.
_HOMES = {
    "Call": "testing._stub_transport",
    "Capability": "testing._conformance",
    "Fault": "testing._faults",
    "FaultConformance": "testing._conformance",
    "FaultyServer": "testing._faulty_server",
    "MemoryService": "testing._memory_service",
    "MemoryTransport": "testing._stub_transport",
    "PretendClock": "testing._clock",
    "Refusal": "transport",
    "Sent": "testing._stub_transport",
    "StubTransport": "testing._stub_transport",
    "TransportConformance": "testing._conformance",
    "strategies": "testing.strategies",
}


def __getattr__(name: str) -> object:
    """Load what is asked for."""
    home = _HOMES.get(name)
    if home is None:
        message = f"module 'hptsdk.testing' has no attribute {name!r}"
        raise AttributeError(message)
    from hptsdk._extras import requires_extra  # on first use only

    with requires_extra("testing", f"hptsdk.testing.{name}"):
        module = importlib.import_module(f"hptsdk.{home}")
    found: object = module if home == f"testing.{name}" else getattr(module, name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    """List every public name, loaded or not."""
    return __all__
