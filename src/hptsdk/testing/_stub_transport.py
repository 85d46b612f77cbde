"""Transports without a network: one answers from a script and fails as it is told, one from a service in memory."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import TYPE_CHECKING, Any, NamedTuple

import attrs

from hptsdk import errors
from hptsdk._validation import Shape
from hptsdk.testing._faults import EFFECTS, REQUEST_ID, Effect, Fault, Said
from hptsdk.testing._matching import Expected, mismatch
from hptsdk.testing._memory_service import MemoryService
from hptsdk.transport import Refusal, error_class, foreign_response_text, is_undecided, service_error, transport_error
from hptsdk.wire import to_wire

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import TracebackType
    from typing import Self

__all__ = ["Answer", "Call", "MemoryTransport", "Sent", "StubTransport"]

Answer = Mapping[str, Any] | Shape | Exception | Callable[[str, Mapping[str, Any]], Mapping[str, Any]]
"""What answers a call: a mapping or a response; an error to raise; a function of the operation and the body."""


class Call(NamedTuple):
    """One call that was made.

    Attributes:
        operation: as in ``CreateHyperParameterTuningJob``.
        body: a copy of what was given.
    """

    operation: str
    body: Mapping[str, Any]


class Sent(NamedTuple):
    """One attempt at a call that left for the service.

    Attributes:
        operation: as in ``CreateHyperParameterTuningJob``.
        body: a copy of what was given.
        fault: what went wrong with it.
    """

    operation: str
    body: Mapping[str, Any]
    fault: Fault


@attrs.frozen
class _Step:
    """The next call of a script: what it has to be, what goes wrong with it, what answers it."""

    answer: Answer | None
    operation: str | None = None
    body: Expected | None = None
    faults: deque[Fault] = attrs.field(factory=deque[Fault])


class _Lost(NamedTuple):
    """An attempt without an answer."""

    why: str
    arrived: bool = True
    retried: bool = True


class StubTransport:
    """Answers from a script, checks what is expected, and fails as it is told, as botocore's transport would.

    Each call takes the next answer of the script; when there are no more, the service answers, if there is one. Each
    attempt at a call takes the next fault. What botocore makes again is made again here, without a pause. The answer
    to a call is looked up anew for each attempt in which the service acts.

    Thread-safe. As a context manager it verifies at the end.

    Args:
        answers: one for each call: a mapping or a response is returned, an exception raised (a `Refusal` as the error
            that it becomes), a function called with the operation and the body.
        service: what answers calls that the script says nothing of.
        faults: what goes wrong with the attempts to come, one for each; "none" when there are no more.
        max_attempts: how often a call is tried.

    Attributes:
        calls: the calls, in order.
        sent: their attempts that left for the service, in order.
        service: what answers calls that the script says nothing of.
        faults: those of the attempts to come; a test may add to it.

    Example:
        >>> import hptsdk
        >>> stub = StubTransport({"HyperParameterTuningJobStatus": "Completed"}, faults=["throttle"])
        >>> hptsdk.TuningClient(transport=stub).get("demo").describe().hyper_parameter_tuning_job_status
        'Completed'
        >>> [(sent.operation, sent.fault) for sent in stub.sent]
        [('DescribeHyperParameterTuningJob', 'throttle'), ('DescribeHyperParameterTuningJob', 'none')]
    """

    def __init__(
        self,
        *answers: Answer,
        service: MemoryService | None = None,
        faults: Iterable[Fault] = (),
        max_attempts: int = 3,
    ) -> None:
        if max_attempts < 1:
            raise ValueError(f"a call is tried once at least, not {max_attempts} times")
        self.calls: list[Call] = []
        self.sent: list[Sent] = []
        self.service = service
        self.faults: deque[Fault] = deque(faults)
        self._script = deque(_Step(answer) for answer in answers)
        self._taken: list[_Step] = []
        self._max_attempts = max_attempts
        self._connected = True
        self._unexpected: list[str] = []
        self._lock = threading.Lock()

    # --- what is to come ---

    def expect(
        self,
        operation: str,
        body: Expected | None = None,
        *,
        answer: Answer | None = None,
        faults: Iterable[Fault] = (),
    ) -> Self:
        """Expect a call after those that the script has already.

        Args:
            operation: as in ``CreateHyperParameterTuningJob``.
            body: what it must hold: a mapping or a shape, of which every member must be there (others may be too), or
                a function of the body that tells. A member may be a function too, or anything that compares equal.
            answer: its answer; where nothing is said the service's, or an empty one where there is no service.
            faults: what goes wrong with its first attempts, before those of `StubTransport.faults`.
        """
        self._script.append(_Step(answer, operation, body, deque(faults)))
        return self

    def refuse_connections(self) -> None:
        """Let no attempt connect from now on."""
        self._connected = False

    def accept_connections(self) -> None:
        """Let attempts connect again."""
        self._connected = True

    # --- what came ---

    def verify(self) -> None:
        """Check that all went by the script.

        Raises:
            AssertionError: a call came that was not expected, or one did not come, or a fault was not met.
        """
        problems = list(self._unexpected)
        problems += [f"{step.operation or 'a call for the next answer'} did not come" for step in self._script]
        waiting = [fault for step in self._taken for fault in step.faults]
        problems += [f"the fault {fault!r} was not met" for fault in (*waiting, *self.faults)]
        if problems:
            raise AssertionError("\n".join(problems))

    def call(self, operation: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """Keep the call, and answer it or fail.

        Raises:
            AssertionError: it is not the call that is expected next, or there is no answer for it.
            ServiceError: the service refused, or a fault did.
            TransportError: a fault left it without an answer.
        """
        sent = deepcopy(dict(body))
        with self._lock:
            self.calls.append(Call(operation, sent))
            step = self._next_step(operation, sent)
        attempts = unanswered = 0
        while True:
            attempts += 1
            outcome = self._attempt(step, operation, sent)
            last = attempts == self._max_attempts
            if isinstance(outcome, _Lost):
                unanswered += outcome.arrived
                if last or not outcome.retried:
                    raise transport_error(outcome.why, operation=operation, attempts=attempts, unanswered=unanswered)
            elif isinstance(outcome, Said):
                unanswered += is_undecided(outcome.code, outcome.status)
                if last or not _is_retried(outcome):
                    raise _refused(operation, outcome, attempts=attempts, unanswered=unanswered) from Refusal(
                        outcome.code, outcome.message, outcome.status
                    )
            else:
                return outcome

    def _next_step(self, operation: str, body: Mapping[str, Any]) -> _Step:
        number = len(self.calls)
        if not self._script:
            if self.service is None:
                self._refuse(f"the script has no answer for call {number}, {operation}")
            return _Step(None)
        step = self._script[0]
        if step.operation not in (None, operation):
            self._refuse(f"call {number} is {operation}, expected {step.operation}")
        if wrong := mismatch(step.body, body):
            self._refuse(f"call {number}, {operation}: {wrong}")
        self._taken.append(self._script.popleft())
        return step

    def _refuse(self, text: str) -> None:
        # kept as well, for code under test that swallows every exception
        self._unexpected.append(text)
        raise AssertionError(text)

    def _attempt(self, step: _Step, operation: str, body: Mapping[str, Any]) -> Mapping[str, Any] | Said | _Lost:
        with self._lock:
            if not self._connected:
                return _Lost("no connection was accepted", arrived=False)
            waiting = step.faults or self.faults
            fault: Fault = waiting.popleft() if waiting else "none"
            effect = EFFECTS[fault]
            self.sent.append(Sent(operation, body, fault))
            self._connected = not effect.refuses
        acted: Mapping[str, Any] | Said = self._act(step, operation, body) if effect.acts else {}
        return _outcome(effect, fault, acted)

    def _act(self, step: _Step, operation: str, body: Mapping[str, Any]) -> Mapping[str, Any] | Said:
        answer = step.answer
        try:
            if answer is None:
                return self.service.call(operation, body) if self.service else {}
            if isinstance(answer, Exception):
                raise answer
            if isinstance(answer, Shape):
                return to_wire(answer)
            return answer(operation, body) if callable(answer) else deepcopy(dict(answer))
        except Refusal as refusal:
            return Said(refusal.status, refusal.code, refusal.message)

    def __enter__(self) -> Self:
        """Give itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Verify, unless something failed already."""
        if kind is None:
            self.verify()

    def __repr__(self) -> str:
        """Show how far the script is."""
        return f"StubTransport({len(self.calls)} calls made, {len(self._script)} answers left)"


def _outcome(effect: Effect, fault: Fault, acted: Mapping[str, Any] | Said) -> Mapping[str, Any] | Said | _Lost:
    """Give what a fault makes of an attempt."""
    if effect.lost == "cut" and isinstance(acted, Said):
        # what there is of the response is not SageMaker's, and botocore takes the status for the code
        content = acted.as_bytes()
        return Said(
            acted.status, str(acted.status), foreign_response_text(acted.status, content[: len(content) // 2], str)
        )
    if effect.lost == "cut" or (effect.said and not effect.said.code):
        # botocore takes any bytes for an answer, and makes no further attempt
        return _Lost("the answer is no JSON object", retried=False)
    if effect.lost:
        return _Lost(fault)
    if isinstance(acted, Said):
        return effect.said or acted
    return effect.said or (effect.changed(acted) if effect.replaced else acted)


# Failures that botocore's standard retries take for passing, beside throttling.
_PASSING_STATUS = {500, 502, 503, 504}
_PASSING_CODES = {"RequestTimeout", "RequestTimeoutException"}


def _is_retried(refusal: Said) -> bool:
    throttled = error_class(refusal.code, refusal.status, refusal.message) is errors.ThrottledError
    return throttled or refusal.status in _PASSING_STATUS or refusal.code in _PASSING_CODES


def _refused(operation: str, refusal: Said, *, attempts: int = 1, unanswered: int = 0) -> errors.HptsdkError:
    return service_error(
        refusal.code,
        refusal.message,
        operation=operation,
        status=refusal.status,
        # a page that a gateway wrote has none
        request_id=REQUEST_ID if refusal.content is None else None,
        attempts=attempts,
        unanswered=unanswered,
    )


class MemoryTransport:
    """Calls a MemoryService directly, and nothing goes wrong.

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
        self.calls.append(Call(operation, deepcopy(dict(body))))
        try:
            return self.service.call(operation, body)
        except Refusal as refusal:
            raise _refused(operation, Said(refusal.status, refusal.code, refusal.message)) from refusal
