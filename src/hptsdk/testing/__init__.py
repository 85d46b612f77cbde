"""For tests of code that uses hptsdk: a scripted transport, a service in memory, a server that fails on demand.

None of it reaches the network beyond 127.0.0.1.
"""

from hptsdk.testing._server import Fault, FaultyServer
from hptsdk.testing._service import MemoryService, Refusal
from hptsdk.testing._stub import Call, MemoryTransport, StubTransport

__all__ = ["Call", "Fault", "FaultyServer", "MemoryService", "MemoryTransport", "Refusal", "StubTransport"]
