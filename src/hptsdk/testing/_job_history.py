"""The responses about one tuning job from its creation to its end, and a service that returns them."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Protocol

import attrs
from typing_extensions import override

from hptsdk.progress import job_status, status_text
from hptsdk.testing._job_snapshot import state_of
from hptsdk.testing._memory_service import Document, MemoryService
from hptsdk.testing._stub_transport import StubTransport
from hptsdk.transport import training_job_not_found
from hptsdk.wire import to_wire

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hptsdk.shapes import CreateHyperParameterTuningJobRequest
    from hptsdk.testing._job_snapshot import JobSnapshot
    from hptsdk.testing._simulation import Fault


class Printer(Protocol):
    """The pretty-printer of Hypothesis and IPython."""

    def text(self, obj: str, /) -> None:
        """Print text."""
        ...


@attrs.frozen(kw_only=True, repr=False)
class JobHistory:
    """The responses about one tuning job, from its creation to its end.

    `hptsdk.testing.strategies.job_histories` draws them.

    Attributes:
        request: the request that created the tuning job.
        snapshots: the responses about it at several times, in order. The first one has no training jobs; in the last
            one the status of the tuning job is Completed, Failed or Stopped.

    Raises:
        ValueError: there is no snapshot.

    Example:
        >>> import hptsdk
        >>> from hypothesis import given
        >>> from hptsdk.testing import PretendClock, strategies
        >>> @given(strategies.job_histories(status="Completed"))
        ... def test_a_wait_returns_the_best_training_job(history):
        ...     client = hptsdk.TuningClient(transport=history.transport(), clock=PretendClock())
        ...     job = client.get(history.name)
        ...     job.wait()
        ...     assert job.best in list(job.training_jobs())
        >>> test_a_wait_returns_the_best_training_job()
    """

    request: CreateHyperParameterTuningJobRequest
    snapshots: tuple[JobSnapshot, ...] = attrs.field(validator=attrs.validators.min_len(1))

    @property
    def name(self) -> str:
        """The name of the tuning job."""
        return self.request.hyper_parameter_tuning_job_name

    def service(self) -> MemoryService:
        """Create a service with the tuning job, for `MemoryTransport` or `StubTransport`.

        Each Describe call for the tuning job responds with the next snapshot, and after the last one again with that.
        All other calls respond with the snapshot of the last Describe call. The service accepts the first Create call
        if it sends the request of the history. After a Stop call the tuning job and its training jobs stop.
        """
        return _HistoryService(self)

    def transport(self, *, faults: Iterable[Fault] = (), max_attempts: int = 3) -> StubTransport:
        """Create a transport that calls a new service with the tuning job.

        Args:
            faults: the faults of the next attempts, one for each attempt. Defaults to no faults.
            max_attempts: the maximum number of attempts of a call. Defaults to 3.
        """
        return StubTransport(service=self.service(), faults=faults, max_attempts=max_attempts)

    @override
    def __repr__(self) -> str:
        """Return the name, and the status and the counters of each snapshot."""
        texts = [status_text(job_status(snapshot.description)) for snapshot in self.snapshots]
        states = "; ".join(text.removeprefix(f"{self.name}: ") for text in texts)
        return f"JobHistory({self.name!r}: {states})"

    def _repr_pretty_(self, printer: Printer, _cycle: bool) -> None:  # noqa: FBT001 - IPython passes it by position
        # Hypothesis would print all members of all responses instead
        printer.text(repr(self))


class _HistoryService(MemoryService):
    """A service with the tuning job of a history."""

    def __init__(self, history: JobHistory) -> None:
        super().__init__()
        self._request = to_wire(history.request)
        self._key = history.name.lower()
        self._next = deque(history.snapshots)
        self._current = history.snapshots[0]
        self._is_created = False
        arn = self._current.description.hyper_parameter_tuning_job_arn
        self._tags[arn] = {tag["Key"]: tag["Value"] for tag in self._request.get("Tags", ())}
        self.jobs[self._key] = to_wire(self._current.description)

    @override
    def _create(self, body: Document) -> Document:
        if self._is_created or body != self._request:
            return super()._create(body)
        self._is_created = True
        return {"HyperParameterTuningJobArn": self._current.description.hyper_parameter_tuning_job_arn}

    @override
    def _describe(self, body: Document) -> Document:
        if self._has_job(body) and self._next:
            self._current = self._next.popleft()
            self.jobs[self._key] = to_wire(self._current.description)
        return super()._describe(body)

    @override
    def _stop(self, body: Document) -> Document:
        if not self._has_job(body):
            return super()._stop(body)
        if self._current.description.hyper_parameter_tuning_end_time is None:
            self._next = deque(state.snapshot() for state in state_of(self._current).end(is_stopped=True))
        return {}

    @override
    def _list_training_jobs(self, body: Document) -> Document:
        self.training_jobs[self._key] = [to_wire(job) for job in self._current.training_jobs]
        return super()._list_training_jobs(body)

    @override
    def _describe_training_job(self, body: Document) -> Document:
        try:
            return to_wire(self._current.training_job(str(body["TrainingJobName"])))
        except LookupError:
            raise training_job_not_found() from None

    def _has_job(self, body: Document) -> bool:
        """Check whether a request names the tuning job of the history, and it was not deleted."""
        return str(body["HyperParameterTuningJobName"]).lower() == self._key and self._key in self.jobs
