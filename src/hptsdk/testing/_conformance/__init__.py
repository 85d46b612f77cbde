"""Test classes for transports: operations, errors, and what a transport makes of lost and foreign responses."""

from hptsdk.testing._conformance._base import Capability
from hptsdk.testing._conformance._faults import FaultConformance
from hptsdk.testing._conformance._transport import TransportConformance

__all__ = ["Capability", "FaultConformance", "TransportConformance"]
