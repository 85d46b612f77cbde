"""Test doubles for code that uses hptsdk: a scripted transport, a service in memory, a server that simulates faults.

`hptsdk.testing.strategies` has Hypothesis strategies; `TransportConformance` and `FaultConformance` test a transport.
The test doubles do not connect to another machine.
"""

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hptsdk.testing import strategies as strategies
    from hptsdk.testing._fault_conformance import Capability as Capability, FaultConformance as FaultConformance
    from hptsdk.testing._faulty_server import FaultyServer as FaultyServer
    from hptsdk.testing._job_history import JobHistory as JobHistory, JobSnapshot as JobSnapshot
    from hptsdk.testing._memory_service import (
        Call as Call,
        MemoryService as MemoryService,
        MemoryTransport as MemoryTransport,
    )
    from hptsdk.testing._simulation import Fault as Fault, PretendClock as PretendClock
    from hptsdk.testing._stub_transport import Sent as Sent, StubTransport as StubTransport
    from hptsdk.testing._transport_conformance import TransportConformance as TransportConformance
    from hptsdk.transport import Refusal as Refusal

__all__ = [
    "Call",
    "Capability",
    "Fault",
    "FaultConformance",
    "FaultyServer",
    "JobHistory",
    "JobSnapshot",
    "MemoryService",
    "MemoryTransport",
    "PretendClock",
    "Refusal",
    "Sent",
    "StubTransport",
    "TransportConformance",
    "strategies",
]

_MODULES = {
    "Call": "testing._memory_service",
    "Capability": "testing._fault_conformance",
    "Fault": "testing._simulation",
    "FaultConformance": "testing._fault_conformance",
    "FaultyServer": "testing._faulty_server",
    "JobHistory": "testing._job_history",
    "JobSnapshot": "testing._job_history",
    "MemoryService": "testing._memory_service",
    "MemoryTransport": "testing._memory_service",
    "PretendClock": "testing._simulation",
    "Refusal": "transport",
    "Sent": "testing._stub_transport",
    "StubTransport": "testing._stub_transport",
    "TransportConformance": "testing._transport_conformance",
    "strategies": "testing.strategies",
}


def __getattr__(name: str) -> object:
    """Import a name on first use."""
    module_name = _MODULES.get(name)
    if module_name is None:
        message = f"module 'hptsdk.testing' has no attribute {name!r}"
        raise AttributeError(message)
    from hptsdk._extras import requires_extra

    with requires_extra("testing", f"hptsdk.testing.{name}"):
        module = importlib.import_module(f"hptsdk.{module_name}")
    value: object = module if module_name == f"testing.{name}" else getattr(module, name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Return the public names, imported or not."""
    return __all__
