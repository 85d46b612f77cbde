"""Transports without a network: one answers from a script, one from a service in memory."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from hptsdk._service_errors import error_class
from hptsdk.testing._service import MemoryService, Refusal

__all__ = ["Call", "MemoryTransport", "StubTransport"]

Answer = Mapping[str, Any] | Exception | Callable[[str, Mapping[str, Any]], Mapping[str, Any]]


class Call(NamedTuple):
    """One call that was made."""

    operation: str
    body: Mapping[str, Any]


class StubTransport:
    """Gives the answers of a script, one a call: a mapping is returned, an exception raised, a function called.

    Attributes:
        calls: what was sent, in order.

    Example:
        >>> import hptsdk
        >>> stub = StubTransport({"HyperParameterTuningJobStatus": "Completed"})
        >>> hptsdk.TuningClient(transport=stub).get("demo").describe().hyper_parameter_tuning_job_status
        'Completed'
        >>> stub.calls[0].operation
        'DescribeHyperParameterTuningJob'
    """

    def __init__(self, *answers: Answer) -> None:
        self.calls: list[Call] = []
        self._answers: deque[Answer] = deque(answers)

    def call(self, operation: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """Keep the call and give the next answer.

        Raises:
            AssertionError: the script has come to its end.
        """
        self.calls.append(Call(operation, body))
        if not self._answers:
            raise AssertionError(f"the script has no answer for call {len(self.calls)}, {operation}")
        answer = self._answers.popleft()
        if isinstance(answer, Exception):
            raise answer
        return answer(operation, body) if callable(answer) else answer

    def __repr__(self) -> str:
        """Show how far the script is."""
        return f"StubTransport({len(self.calls)} calls made, {len(self._answers)} answers left)"


class MemoryTransport:
    """Calls a MemoryService directly.

    Attributes:
        service: what answers.
        calls: what was sent, in order.
    """

    def __init__(self, service: MemoryService | None = None) -> None:
        self.service = service or MemoryService()
        self.calls: list[Call] = []

    def call(self, operation: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """Keep the call and let the service answer.

        Raises:
            ServiceError: the service refuses.
        """
        self.calls.append(Call(operation, body))
        try:
            return self.service.call(operation, body)
        except Refusal as refusal:
            cls = error_class(refusal.code, refusal.status, refusal.message)
            raise cls(refusal.message, code=refusal.code, operation=operation, status_code=refusal.status) from refusal
