"""A transport that responds from a script, checks the calls, and simulates faults."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import TYPE_CHECKING, Any, NamedTuple

import attrs
from typing_extensions import override

from hptsdk import errors
from hptsdk._validation import Shape, format_value, is_list, is_mapping
from hptsdk.testing._memory_service import Call, MemoryService, refused
from hptsdk.testing._simulation import EFFECTS, Effect, ErrorResponse, Fault
from hptsdk.transport import Redaction, Refusal, error_class, foreign_response_text, is_undecided, transport_error
from hptsdk.wire import to_wire

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Self

ExpectedBody = Shape | Mapping[str, Any] | Callable[[Mapping[str, Any]], bool]
"""An expected body: a mapping or shape whose members the body must have, or a function that checks the body."""

ScriptedResponse = Mapping[str, Any] | Shape | Exception | Callable[[str, Mapping[str, Any]], Mapping[str, Any]]
"""The response to a call: a mapping or shape, an exception to raise, or a function of the operation and the body."""


class Sent(NamedTuple):
    """One attempt of a call that was sent to the service.

    Attributes:
        operation: as in ``"CreateHyperParameterTuningJob"``.
        body: a copy of the request.
        fault: the fault of the attempt.
    """

    operation: str
    body: Mapping[str, Any]
    fault: Fault


@attrs.frozen
class _Step:
    """A step of the script: the response, the call that it expects, and the faults of the attempts."""

    response: ScriptedResponse | None
    operation: str | None = None
    body: ExpectedBody | None = None
    faults: deque[Fault] = attrs.field(factory=deque[Fault])


class _Lost(NamedTuple):
    """The outcome of an attempt without a valid response."""

    reason: str
    was_sent: bool = True
    is_retried: bool = True


_Outcome = Mapping[str, Any] | ErrorResponse | _Lost


class StubTransport:
    """A transport that responds from a script, checks expected calls, and simulates faults as botocore handles them.

    Each call takes the next response of the script; after the last one the service responds, if there is one. Each
    attempt that is sent takes the next fault. A failure that botocore would retry is retried without a pause. A
    function in the script is called in each attempt in which the service acts.

    Thread-safe. As a context manager it verifies the script at the end.

    Args:
        *responses: one response for each call: a mapping or shape to return, an exception to raise (a `Refusal` is
            raised as the error that it causes), or a function of the operation and the body.
        service: responds to calls after the end of the script. Defaults to none.
        faults: the faults of the next attempts, one for each attempt. Defaults to no faults.
        max_attempts: the maximum number of attempts of a call, including the first. Defaults to 3.

    Attributes:
        calls: the calls, in order.
        sent: the attempts that were sent to the service, in order.
        service: responds to calls after the end of the script.
        faults: a deque of the faults of the next attempts; a test may add some.

    Raises:
        ValueError: `max_attempts` is less than 1.

    Example:
        >>> import hptsdk
        >>> from hptsdk.testing import StubTransport
        >>> stub = StubTransport({"HyperParameterTuningJobStatus": "Completed"}, faults=["throttle"])
        >>> hptsdk.TuningClient(transport=stub).get("demo").describe().hyper_parameter_tuning_job_status
        'Completed'
        >>> [(sent.operation, sent.fault) for sent in stub.sent]
        [('DescribeHyperParameterTuningJob', 'throttle'), ('DescribeHyperParameterTuningJob', 'none')]
    """

    def __init__(
        self,
        *responses: ScriptedResponse,
        service: MemoryService | None = None,
        faults: Iterable[Fault] = (),
        max_attempts: int = 3,
    ) -> None:
        if max_attempts < 1:
            raise ValueError(f"max_attempts: expected 1 or more, got {max_attempts}")
        self.calls: list[Call] = []
        self.sent: list[Sent] = []
        self.service = service
        self.faults: deque[Fault] = deque(faults)
        self._script = deque(map(_Step, responses))
        self._taken: list[_Step] = []
        self._max_attempts = max_attempts
        self._connected = True
        self._unexpected: list[str] = []
        self._lock = threading.Lock()

    def expect(
        self,
        operation: str,
        body: ExpectedBody | None = None,
        *,
        answer: ScriptedResponse | None = None,
        faults: Iterable[Fault] = (),
    ) -> Self:
        """Add a call to the end of the script.

        Args:
            operation: as in ``"CreateHyperParameterTuningJob"``.
            body: a mapping or shape whose members the request must have, or a function that checks the request. A
                member may be a function too, or any object that compares equal. Defaults to any request.
            answer: the response. Defaults to that of the service, or to an empty one without a service.
            faults: the faults of the first attempts, before those of `StubTransport.faults`. Defaults to no faults.

        Returns:
            This transport.
        """
        self._script.append(_Step(answer, operation, body, deque(faults)))
        return self

    def refuse_connections(self) -> None:
        """Refuse the connections of later attempts."""
        self._connected = False

    def accept_connections(self) -> None:
        """Accept the connections of later attempts."""
        self._connected = True

    def verify(self) -> None:
        """Check that the calls and faults were those of the script.

        Raises:
            AssertionError: a call was unexpected, or an expected call, a response or a fault was not used.
        """
        problems = list(self._unexpected)
        problems += [
            f"{step.operation} was not called" if step.operation else "a response was not used" for step in self._script
        ]
        faults = [fault for step in self._taken for fault in step.faults]
        problems += [f"the fault {fault!r} did not occur" for fault in (*faults, *self.faults)]
        if problems:
            raise AssertionError("\n".join(problems))

    def call(self, operation: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """Record a call, and return its response.

        Raises:
            AssertionError: another call or body is expected, or the script has no response for it.
            ServiceError: the response is an error.
            TransportError: no valid response was received, or no connection was accepted.
            Exception: the script has this exception for the call.
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
                unanswered += outcome.was_sent
                if last or not outcome.is_retried:
                    raise transport_error(outcome.reason, operation=operation, attempts=attempts, unanswered=unanswered)
            elif isinstance(outcome, ErrorResponse):
                unanswered += is_undecided(outcome.code, outcome.status)
                if last or not _is_retried(outcome):
                    raise refused(operation, outcome, attempts=attempts, unanswered=unanswered) from Refusal(
                        outcome.code, outcome.message, outcome.status
                    )
            else:
                return outcome

    def _next_step(self, operation: str, body: Mapping[str, Any]) -> _Step:
        number = len(self.calls)
        if not self._script:
            if self.service is None:
                self._fail(f"the script has no response for call {number}, {operation}")
            return _Step(None)
        step = self._script[0]
        if step.operation not in (None, operation):
            self._fail(f"call {number} is {operation}, expected {step.operation}")
        if wrong := _mismatch(step.body, body):
            self._fail(f"call {number}, {operation}: {wrong}")
        self._taken.append(self._script.popleft())
        return step

    def _fail(self, text: str) -> None:
        # recorded as well, for code under test that catches every exception
        self._unexpected.append(text)
        raise AssertionError(text)

    def _attempt(self, step: _Step, operation: str, body: Mapping[str, Any]) -> _Outcome:
        with self._lock:
            if not self._connected:
                return _Lost("no connection was accepted", was_sent=False)
            faults = step.faults or self.faults
            fault: Fault = faults.popleft() if faults else "none"
            effect = EFFECTS[fault]
            self.sent.append(Sent(operation, body, fault))
            self._connected = not effect.refuses
        acted: Mapping[str, Any] | ErrorResponse = self._act(step, operation, body) if effect.acts else {}
        return _outcome(effect, fault, acted)

    def _act(self, step: _Step, operation: str, body: Mapping[str, Any]) -> Mapping[str, Any] | ErrorResponse:
        response = step.response
        try:
            if response is None:
                return self.service.call(operation, body) if self.service else {}
            if isinstance(response, Exception):
                raise response
            if isinstance(response, Shape):
                return to_wire(response)
            return response(operation, body) if callable(response) else deepcopy(dict(response))
        except Refusal as refusal:
            return ErrorResponse.of(refusal)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Verify the script, unless an exception was raised."""
        if kind is None:
            self.verify()

    @override
    def __repr__(self) -> str:
        """Return the numbers of calls made and of responses left."""
        return f"StubTransport({len(self.calls)} calls made, {len(self._script)} responses left)"


def _outcome(effect: Effect, fault: Fault, acted: Mapping[str, Any] | ErrorResponse) -> _Outcome:
    """Return the outcome of an attempt with a fault."""
    if effect.lost == "cut" and isinstance(acted, ErrorResponse):
        # a part of a response is not valid JSON, and botocore uses the status as the code
        content = acted.to_bytes()
        return ErrorResponse(
            acted.status, str(acted.status), foreign_response_text(acted.status, content[: len(content) // 2], str)
        )
    if effect.lost == "cut" or (effect.response and not effect.response.code):
        # botocore accepts any bytes as a response, and does not retry
        return _Lost("the response is not a JSON object", is_retried=False)
    if effect.lost:
        return _Lost(fault)
    if effect.response or isinstance(acted, ErrorResponse):
        return effect.response or acted
    return effect.apply(acted)


# Failures that botocore's standard mode retries, besides throttling.
_RETRIED_STATUS = {500, 502, 503, 504}
_RETRIED_CODES = {"RequestTimeout", "RequestTimeoutException"}


def _is_retried(refusal: ErrorResponse) -> bool:
    throttled = error_class(refusal.code, refusal.status, refusal.message) is errors.ThrottledError
    return throttled or refusal.status in _RETRIED_STATUS or refusal.code in _RETRIED_CODES


def _mismatch(expected: ExpectedBody | None, body: Mapping[str, Any]) -> str:
    """Describe how a body differs from the expected one; empty text if it does not."""
    value = to_wire(expected) if isinstance(expected, Shape) else expected
    if value is None:
        return ""
    text = "; ".join(_differences(value, body, ""))
    for secrets in (body, {} if callable(value) else value):
        text = Redaction(secrets).apply(text)
    return text


def _differences(expected: object, got: object, path: str) -> Iterator[str]:
    place = path or "the body"
    if callable(expected):
        if not expected(got):
            yield f"{place}: expected a value for which {getattr(expected, '__name__', 'the function')} returns True"
    elif is_mapping(expected) and is_mapping(got):
        for name, value in expected.items():
            member = f"{path}.{name}" if path else name
            if name in got:
                yield from _differences(value, got[name], member)
            else:
                yield f"{member} is missing"
    elif is_list(expected) and is_list(got):
        if len(expected) != len(got):
            yield f"{place}: expected {len(expected)} items, got {len(got)}"
        for index, (one, other) in enumerate(zip(expected, got, strict=False)):
            yield from _differences(one, other, f"{path}[{index}]")
    elif expected != got:
        yield f"{place}: expected {format_value(expected)}, got {format_value(got)}"
