"""Slots: the training jobs that a service runs at a time, shared by its tuning jobs."""

from __future__ import annotations

import logging
import threading
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hptsdk.local.jobs._tuning_job import TuningJobRun

__all__ = ["Slots"]

_logger = logging.getLogger("hptsdk.local")

# Seconds after which tuning jobs that wait for a program, and threads that could not start, are tried again.
_PAUSE = 0.1


class Slots:
    """The slots of a service. Each runs one training job at a time, in a thread of the tuning job that has it.

    A free slot goes to the tuning job with the fewest slots, of those that can use one more.

    Args:
        count: the number of slots.
        closing: set when the service closes; from then on no worker starts.
    """

    def __init__(self, count: int, closing: threading.Event) -> None:
        self.count = count
        self._closing = closing
        self._users: list[TuningJobRun] = []
        self._used: Counter[TuningJobRun] = Counter()
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._distribute, name="hptsdk slots", daemon=True)

    def open(self) -> None:
        """Start to assign slots to tuning jobs."""
        self._thread.start()

    def close(self) -> None:
        """Stop, after the service has begun to close; when this returns, no more worker starts."""
        with self._changed:
            self._changed.notify()
        if self._thread.ident is not None:
            self._thread.join()

    def add(self, user: TuningJobRun) -> None:
        """Add a tuning job that can use slots."""
        with self._changed:
            self._users.append(user)
            self._changed.notify()

    def remove(self, user: TuningJobRun) -> None:
        """Remove a tuning job that needs no further slot; it keeps the slots that it has."""
        with self._changed:
            if user in self._users:
                self._users.remove(user)

    def release(self, user: TuningJobRun) -> None:
        """Release a slot of a tuning job."""
        with self._changed:
            self._used[user] -= 1
            if self._used[user] == 0:
                del self._used[user]
            self._changed.notify()

    def check(self) -> None:
        """Check again which tuning jobs need a thread."""
        with self._changed:
            self._changed.notify()

    def must_share(self, user: TuningJobRun) -> bool:
        """Check whether a tuning job with fewer slots waits for one."""
        with self._changed:
            own = self._used[user]
            if self._used.total() < self.count:
                return False
            return any(self._used[other] < own for other in self._waiting() if other is not user)

    def _waiting(self) -> list[TuningJobRun]:
        """Return the tuning jobs that can use one more slot; the one that has waited longest is first."""
        return [user for user in self._users if self._used[user] < user.max_slots and user.can_start_programs]

    def _next(self) -> TuningJobRun | None:
        """Return the tuning job that gets the next thread; None if there is none now."""
        for user in self._users:
            if user.needs_no_slot:
                return user
        if self._used.total() >= self.count:
            return None
        return min(self._waiting(), key=lambda user: self._used[user], default=None)

    def _wait_for_next(self) -> TuningJobRun | None:
        """Wait until a tuning job can have a slot, and return it; None if the service closes before that."""
        with self._changed:
            while not self._closing.is_set():
                if (user := self._next()) is not None:
                    self._used[user] += 1
                    # of two tuning jobs with the same number of slots, the other one is next
                    self._users.remove(user)
                    self._users.append(user)
                    return user
                blocked = any(not user.can_start_programs for user in self._users)
                self._changed.wait(_PAUSE if blocked else None)
        return None

    def _distribute(self) -> None:
        """Start threads of tuning jobs until the service closes."""
        while (user := self._wait_for_next()) is not None:
            try:
                user.start_worker()
            except RuntimeError as error:
                _logger.warning("a training job waits, because no thread can be started: %s", error)
                self.release(user)
                self._closing.wait(_PAUSE)
