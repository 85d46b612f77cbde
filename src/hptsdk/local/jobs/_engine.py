"""The running tuning jobs of a root, their slots, and their continuation when the root is opened again."""

from __future__ import annotations

import json
import logging
import shutil
import threading
import time
from collections import Counter
from contextlib import suppress
from typing import TYPE_CHECKING

import attrs

from hptsdk.local._files import write_private
from hptsdk.local.jobs._records import Records
from hptsdk.local.jobs._store import StoreUnavailableError
from hptsdk.local.jobs._tuning_job import TuningJobRun
from hptsdk.local.process import end_processes, remove_containers
from hptsdk.transport import MISSING_PROGRAMS

if TYPE_CHECKING:
    from pathlib import Path

    from hptsdk.local._opening import RootLock
    from hptsdk.local._program_map import Programs
    from hptsdk.local.jobs._state import ServiceConfig
    from hptsdk.local.jobs._store import Row, Store
    from hptsdk.transport import MissingProgram

_logger = logging.getLogger("hptsdk.local")

# Seconds after which tuning jobs without a program or a thread are tried again.
_PAUSE = 0.1


@attrs.frozen
class ServiceContext:
    """The objects that the tuning jobs of a service share. `closing` is set when the service closes."""

    config: ServiceConfig
    store: Store
    programs: Programs
    slots: Slots
    closing: threading.Event


class Slots:
    """The slots of a service. Each runs one training job at a time, in a thread of the tuning job that has it.

    A free slot goes to the tuning job with the fewest slots, of those that can use one more.

    Args:
        count: `max_parallel` of the service.
        closing: set when the service closes.
    """

    def __init__(self, count: int, closing: threading.Event) -> None:
        self._count = count
        self._closing = closing
        self._users: list[TuningJobRun] = []
        self._used: Counter[TuningJobRun] = Counter()
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._distribute, name="hptsdk slots", daemon=True)

    def open(self) -> None:
        """Start to assign slots to tuning jobs."""
        self._thread.start()

    def close(self) -> None:
        """Wait until no more threads start, after `closing` was set."""
        self.check()
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
        """Check again which tuning job gets a thread."""
        with self._changed:
            self._changed.notify()

    def must_share(self, user: TuningJobRun) -> bool:
        """Check whether more slots are used than exist, or a tuning job with fewer slots waits for one."""
        with self._changed:
            excess = self._used.total() - self._count
            return excess > 0 or (excess == 0 and any(self._used[each] < self._used[user] for each in self._waiting()))

    def _waiting(self) -> list[TuningJobRun]:
        """Return the tuning jobs that can use one more slot."""
        return [user for user in self._users if self._used[user] < user.max_slots and user.can_start_programs]

    def _next(self) -> TuningJobRun | None:
        """Return the tuning job that gets the next thread; None if there is none now."""
        for user in self._users:
            if user.needs_no_slot:
                return user
        if self._used.total() >= self._count:
            return None
        return min(self._waiting(), key=lambda user: self._used[user], default=None)

    def _wait_for_next(self) -> TuningJobRun | None:
        """Wait until a tuning job gets a thread, and return it; None if the service closes before that."""
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
                _logger.warning("a training job waits, because no thread can be started: %s", error)
                self.release(user)
                self._closing.wait(_PAUSE)


# Seconds between two checks of the lock, and between two writes of the running times.
_BETWEEN_CHECKS, _BETWEEN_RECORDS = 0.5, 3.0

# The errors of reading the rows of another version of hptsdk.
_UNREADABLE = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError)


class Engine:
    """The engine that runs the tuning jobs of a service. All programs end if the lock of the root is lost.

    `data` is the folder for copies of channels.
    """

    def __init__(self, store: Store, config: ServiceConfig, programs: Programs, data: Path, lock: RootLock) -> None:
        self._closing = threading.Event()
        self._slots = Slots(config.max_parallel, self._closing)
        self.context = ServiceContext(config, store, programs, self._slots, self._closing)
        self._data = data
        self._root_lock = lock
        self._runs: dict[int, TuningJobRun] = {}
        self._unreadable: dict[int, str] = {}
        self._lock = threading.Lock()
        self._missing_file = config.root / MISSING_PROGRAMS
        self._missing_lock = threading.Lock()
        self._written_missing: tuple[MissingProgram, ...] | None = None
        self._monitor = threading.Thread(target=self._watch_root, name="hptsdk monitor", daemon=True)

    def resume(self) -> tuple[MissingProgram, ...]:
        """End the programs that an earlier service left running, and continue the tuning jobs that have not ended.

        Returns:
            The images and algorithms without a program, before any program runs.

        Raises:
            StoreUnavailableError: the store cannot be read.
            TimeoutError: a program does not end.
            ValueError: the file with the container engines is damaged.
            ContainerEngineError: the containers of an earlier service cannot be removed.
            RuntimeError: a thread cannot be started.
        """
        store = self.context.store
        end_processes(f"{self.context.config.root_id}.")
        remove_containers(self.context.config.root, self.context.config.root_id)
        for folder in self._data.iterdir():
            shutil.rmtree(folder, ignore_errors=True)
        for row in store.all("SELECT * FROM tuning_jobs WHERE ended IS NULL ORDER BY id"):
            # a tuning job whose rows cannot be read stays in progress, and the others continue
            try:
                self.launch(row)
            except _UNREADABLE as error:
                _logger.exception("tuning job %s: its rows cannot be read", row["name"])
                kind = "training job" if row["deleted"] else "tuning job"
                self._unreadable[row["id"]] = (
                    f"This version of hptsdk cannot read the stored {kind} ({type(error).__name__}). Open the root "
                    f"with the version that has created the {kind}, or stop the {kind}."
                )
        missing = self.missing_programs()
        self._slots.open()
        self._monitor.start()
        return missing

    def begin(self, row: Row) -> None:
        """Launch a tuning job that was just created; if that fails, its rows are deleted."""
        try:
            self.launch(row)
        except BaseException:
            with self.context.store.writing() as connection:
                connection.execute("DELETE FROM training_jobs WHERE tuning_job = ?", (row["id"],))
                connection.execute("DELETE FROM tuning_jobs WHERE id = ?", (row["id"],))
            raise

    def launch(self, row: Row) -> None:
        """Start to run a tuning job; if the service is closing, it starts when the root is opened again."""
        run = TuningJobRun(row, self.context, self._data / str(row["id"]), self._remove)
        with self._lock:
            if self._closing.is_set():
                return
            self._runs[run.id] = run
        # it may have been stopped before it was in the dictionary
        query = "SELECT 1 FROM tuning_jobs WHERE id = ? AND status = 'Stopping'"
        if self.context.store.one(query, run.id) is not None:
            run.stop()
        run.start()

    def _remove(self, tuning_job: int) -> None:
        with self._lock:
            self._runs.pop(tuning_job, None)

    def run_of(self, tuning_job: int) -> TuningJobRun | None:
        """Return the run of a tuning job; None if it does not run now."""
        with self._lock:
            return self._runs.get(tuning_job)

    def unreadable_reason(self, tuning_job: int) -> str | None:
        """Return why a tuning job does not run, if its rows cannot be read; otherwise None."""
        return self._unreadable.get(tuning_job)

    def stop(self, row: Row) -> None:
        """Stop a tuning job whose status is Stopping."""
        if (run := self.run_of(row["id"])) is not None:
            run.stop()
        elif self._unreadable.pop(row["id"], None) is not None:
            Records(row, self.context).finish(None)

    def runs(self) -> list[TuningJobRun]:
        """Return the runs of tuning jobs, in the order in which the tuning jobs were created."""
        with self._lock:
            return [run for _, run in sorted(self._runs.items())]

    def missing_programs(self) -> tuple[MissingProgram, ...]:
        """Return the images and algorithms without a program, with the tuning jobs that wait for them."""
        names: dict[MissingProgram, tuple[str, ...]] = {}
        for run in self.runs():
            for missing in run.missing_programs():
                key = attrs.evolve(missing, tuning_jobs=())
                names[key] = (*names.get(key, ()), *missing.tuning_jobs)
        return tuple(attrs.evolve(key, tuning_jobs=jobs) for key, jobs in names.items())

    def write_missing_programs(self) -> None:
        """Write the missing programs to a file for commands, which have only the root; an OSError is ignored."""
        with self._missing_lock, suppress(OSError):
            missing = self.missing_programs()
            if missing == self._written_missing:
                return
            if missing:
                write_private(self._missing_file, json.dumps([attrs.astuple(program) for program in missing]))
            else:
                self._missing_file.unlink(missing_ok=True)
            self._written_missing = missing

    def close(self) -> None:
        """End all running programs; their training jobs continue when the root is opened again."""
        with self._lock:
            self._closing.set()
        self._slots.close()
        for run in self.runs():
            run.join()
        if self._monitor.ident is not None:
            self._monitor.join()

    def _watch_root(self) -> None:
        """Store the running times, in case of a crash, and end all programs if the lock of the root is lost."""
        due = time.monotonic() + _BETWEEN_RECORDS
        while not self._closing.wait(_BETWEEN_CHECKS):
            if not self._root_lock.is_held:
                _logger.error(
                    "%s was deleted, replaced or moved: the service ends its programs; close it, and start it again",
                    self._root_lock.path,
                )
                with self._lock:
                    self._closing.set()
                break
            self.write_missing_programs()
            # for tuning jobs that wait for a slot longer than MaxRuntimeInSeconds
            self._slots.check()
            if time.monotonic() > due:
                due = time.monotonic() + _BETWEEN_RECORDS
                with suppress(StoreUnavailableError), self.context.store.writing() as connection:
                    for run in self.runs():
                        run.store_running_times(connection)
        self.context.store.close_reader()
