"""Test classes for transports: operations, errors, lost responses, and responses that are not SageMaker's."""

from hptsdk.testing._conformance._base import Capability
from hptsdk.testing._conformance._faults import FaultConformance
from hptsdk.testing._conformance._transport import TransportConformance

__all__ = ["Capability", "FaultConformance", "TransportConformance"]
