"""Slots: the training jobs that a service runs at a time, shared by its tuning jobs."""

from __future__ import annotations

import logging
import threading
from collections import Counter
from typing import Protocol

__all__ = ["SlotUser", "Slots", "check_slots"]

_log = logging.getLogger("hptsdk.local")

# Seconds after which tuning jobs that wait for a program, and threads that could not start, are tried again.
_PAUSE = 0.1


def check_slots(count: object) -> None:
    """Check the number of slots.

    Raises:
        ValueError: it is not an integer of at least 1.
    """
    if isinstance(count, bool) or not isinstance(count, int) or count < 1:
        raise ValueError(f"max_parallel: expected an integer of at least 1, got {count!r}")


class SlotUser(Protocol):
    """A tuning job that runs its training jobs in slots."""

    @property
    def max_slots(self) -> int:
        """The most training jobs that it runs at a time."""
        ...

    @property
    def can_start_programs(self) -> bool:
        """Whether it can use a slot now."""
        ...

    @property
    def needs_no_slot(self) -> bool:
        """Whether its next thread starts no program, but only ends a training job or the tuning job."""
        ...

    def start_worker(self) -> None:
        """Start a thread that gives its slot back when it ends; if none is needed, give the slot back.

        Raises:
            RuntimeError: no thread can be started now.
        """
        ...


class Slots:
    """The slots of a service. Each runs one training job at a time, in a thread of the tuning job that has it.

    A free slot is given to the tuning job with the fewest slots, of those that can use one more.

    Args:
        count: the number of slots.
        closing: set when the service closes; from then on no worker starts.
    """

    def __init__(self, count: int, closing: threading.Event) -> None:
        self.count = count
        self._closing = closing
        self._users: list[SlotUser] = []
        self._used: Counter[SlotUser] = Counter()
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._distribute, name="hptsdk slots", daemon=True)

    def open(self) -> None:
        """Start to give slots to tuning jobs."""
        self._thread.start()

    def close(self) -> None:
        """Stop, after the service has begun to close; when this returns, no more worker starts."""
        with self._changed:
            self._changed.notify()
        if self._thread.ident is not None:
            self._thread.join()

    def add(self, user: SlotUser) -> None:
        """Add a tuning job that can use slots."""
        with self._changed:
            self._users.append(user)
            self._changed.notify()

    def remove(self, user: SlotUser) -> None:
        """Remove a tuning job that needs no further slot; it keeps the slots that it has."""
        with self._changed:
            if user in self._users:
                self._users.remove(user)

    def give_back(self, user: SlotUser) -> None:
        """Take a slot back from a tuning job."""
        with self._changed:
            self._used[user] -= 1
            if self._used[user] == 0:
                del self._used[user]
            self._changed.notify()

    def check(self) -> None:
        """Check again which tuning jobs need a thread."""
        with self._changed:
            self._changed.notify()

    def must_share(self, user: SlotUser) -> bool:
        """Check whether a tuning job with fewer slots waits for one."""
        with self._changed:
            own = self._used[user]
            if self._used.total() < self.count:
                return False
            return any(self._used[other] < own for other in self._waiting() if other is not user)

    def _waiting(self) -> list[SlotUser]:
        """Return the tuning jobs that can use one more slot; the one that has waited longest comes first."""
        return [user for user in self._users if self._used[user] < user.max_slots and user.can_start_programs]

    def _next(self) -> SlotUser | None:
        for user in self._users:
            if user.needs_no_slot:
                return user
        if self._used.total() >= self.count:
            return None
        return min(self._waiting(), key=lambda user: self._used[user], default=None)

    def _wait_for_next(self) -> SlotUser | None:
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
        while (user := self._wait_for_next()) is not None:
            try:
                user.start_worker()
            except RuntimeError as error:
                _log.warning("a training job waits, because no thread can be started: %s", error)
                self.give_back(user)
                self._closing.wait(_PAUSE)
