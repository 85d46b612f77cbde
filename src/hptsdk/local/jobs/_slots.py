"""The training jobs that a service runs at a time, shared by its tuning jobs."""

from __future__ import annotations

import logging
import threading
from collections import Counter
from typing import Protocol

__all__ = ["SlotUser", "Slots", "check_slots"]

_log = logging.getLogger("hptsdk.local")

# Seconds after which tuning jobs that wait for a program, or threads that could not start, are tried again.
_PAUSE = 0.1


def check_slots(count: object) -> None:
    """Check the number of slots.

    Raises:
        ValueError: it is no whole number of at least 1.
    """
    if isinstance(count, bool) or not isinstance(count, int) or count < 1:
        raise ValueError(f"max_parallel: expected a whole number of at least 1, got {count!r}")


class SlotUser(Protocol):
    """A tuning job that runs its training jobs in slots."""

    @property
    def most_slots(self) -> int:
        """The most slots that it can use at a time."""
        ...

    @property
    def can_start_programs(self) -> bool:
        """Whether it can use a slot now."""
        ...

    @property
    def needs_no_slot(self) -> bool:
        """Whether its next thread starts no program, since what it takes up only has to be ended."""
        ...

    def start_worker(self) -> None:
        """Start a thread that gives its slot back when it ends; without need for one, give it back.

        Raises:
            RuntimeError: no thread can be started now.
        """
        ...


class Slots:
    """The slots of a service. Each runs one training job at a time, in a thread of the tuning job that has it.

    A free slot goes to the tuning job that has the fewest, of those that can use one more.

    Args:
        count: how many slots there are.
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
        """Start to distribute the slots."""
        self._thread.start()

    def close(self) -> None:
        """End the distribution, once the service closes; when this returns, no more worker starts."""
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
        """Remove a tuning job that needs no further slot; it keeps those that it has."""
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
        """Check again which tuning jobs need a thread, after one was stopped."""
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
        """Return the tuning jobs that can use one more slot, those that wait longest first."""
        return [user for user in self._users if self._used[user] < user.most_slots and user.can_start_programs]

    def _next(self) -> SlotUser | None:
        for user in self._users:
            if user.needs_no_slot:
                return user
        if self._used.total() >= self.count:
            return None
        return min(self._waiting(), key=lambda user: self._used[user], default=None)

    def _wait_for_next(self) -> SlotUser | None:
        """Wait until a tuning job can have a slot; None if the slots are closed before."""
        with self._changed:
            while not self._closing.is_set():
                if (user := self._next()) is not None:
                    self._used[user] += 1
                    # of two with as many slots, the other one is next
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
                _log.warning("a training job waits, since no thread can be started: %s", error)
                self.give_back(user)
                self._closing.wait(_PAUSE)
