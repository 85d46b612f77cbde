"""All tuning jobs of a root that run, and what they go on from when it opens again."""

from __future__ import annotations

import logging
import shutil
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from hptsdk.local._missing import MissingProgramsFile
from hptsdk.local._programs import MissingProgram
from hptsdk.local.jobs._records import Records
from hptsdk.local.jobs._slots import Slots
from hptsdk.local.jobs._store import StoreUnavailableError
from hptsdk.local.jobs._tuning_job import TuningRun
from hptsdk.local.process import end_leftovers

if TYPE_CHECKING:
    from pathlib import Path

    from hptsdk.local._programs import Programs
    from hptsdk.local._root_lock import RootLock
    from hptsdk.local.jobs._state import Setting
    from hptsdk.local.jobs._store import Row, Store

__all__ = ["Engine"]

_log = logging.getLogger("hptsdk.local")

# Seconds between two checks of the lock, and between two times that the running time of what runs is recorded.
_BETWEEN_CHECKS, _BETWEEN_RECORDS = 0.5, 3.0

# What reading a row raises that is damaged, or that this version does not understand.
_UNREADABLE = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError)


class Engine:
    """Runs tuning jobs.

    Args:
        store: where everything is kept.
        setting: of the service.
        programs: what runs.
        data: a folder for copies of channels.
        lock: of the root; everything stops if it is lost.
    """

    def __init__(self, store: Store, setting: Setting, programs: Programs, data: Path, lock: RootLock) -> None:
        self.store = store
        self.setting = setting
        self.programs = programs
        self._data = data
        self._root_lock = lock
        self._runs: dict[int, TuningRun] = {}
        self._lock = threading.Lock()
        self._missing_file = MissingProgramsFile(setting.root, self.missing_programs)
        self._closing = threading.Event()
        self._slots = Slots(setting.max_parallel, self._closing)
        self._keeper = threading.Thread(target=self._keep, name="hptsdk keeper", daemon=True)

    def resume(self) -> None:
        """End what an earlier service left running, and go on with every tuning job that had not ended.

        Raises:
            TimeoutError: a program that it left does not end.
            RuntimeError: a thread cannot be started.
        """
        end_leftovers(f"{self.setting.nonce}.")
        for folder in self._data.iterdir():
            shutil.rmtree(folder, ignore_errors=True)
        for row in self.store.all("SELECT * FROM tuning_jobs WHERE ended IS NULL ORDER BY id"):
            self._go_on(row)
        self._slots.open()
        self._keeper.start()

    def _go_on(self, row: Row) -> None:
        """Go on with a tuning job; if its rows cannot be read, it fails, and others go on."""
        try:
            self.launch(row)
        except _UNREADABLE as error:
            _log.exception("%s: its rows cannot be read", row["name"])
            reason = f"InternalServerError: what is stored of this tuning job cannot be read ({type(error).__name__})."
            Records(row, self.store, self.setting, self._closing).finish(reason)

    def begin(self, row: Row) -> None:
        """Launch a tuning job that was created just now; if that fails, it was not created."""
        try:
            self.launch(row)
        except BaseException:
            with self.store.writing() as connection:
                connection.execute("DELETE FROM tuning_jobs WHERE id = ?", (row["id"],))
            raise

    def launch(self, row: Row) -> None:
        """Begin to carry a tuning job out; while the service closes it begins nothing, and the root has it."""
        run = TuningRun(
            row,
            store=self.store,
            setting=self.setting,
            programs=self.programs,
            data=self._data / str(row["id"]),
            slots=self._slots,
            closing=self._closing,
            ended=self._forget,
        )
        with self._lock:
            if self._closing.is_set():
                return
            self._runs[run.id] = run
        # a stop that came before it could be found here
        if self.store.one("SELECT 1 FROM tuning_jobs WHERE id = ? AND status = 'Stopping'", run.id) is not None:
            run.stop()
        run.start()

    def _forget(self, identity: int) -> None:
        with self._lock:
            self._runs.pop(identity, None)

    def stop(self, identity: int) -> None:
        """Stop a tuning job."""
        with self._lock:
            run = self._runs.get(identity)
        if run is not None:
            run.stop()

    def stop_training_job(self, identity: int, name: str) -> None:
        """Stop a training job of a tuning job."""
        with self._lock:
            run = self._runs.get(identity)
        if run is not None:
            run.stop_training_job(name)

    def running_seconds(self, identity: int) -> float | None:
        """Return how long a tuning job has run; None if it does not run now."""
        with self._lock:
            run = self._runs.get(identity)
        return None if run is None else run.seconds

    def missing_programs(self) -> tuple[MissingProgram, ...]:
        """Return what has no program, for which tuning jobs wait."""
        with self._lock:
            runs = sorted(self._runs.values(), key=lambda run: run.id)
        names: dict[tuple[str | None, str | None], list[str]] = {}
        for run in runs:
            for algorithm in run.missing_programs():
                names.setdefault((algorithm.training_image, algorithm.algorithm_name), []).append(run.name)
        return tuple(MissingProgram(*key, tuple(jobs)) for key, jobs in names.items())

    def missing_programs_of(self, identity: int) -> list[MissingProgram]:
        """Return what has no program, for which a tuning job waits."""
        with self._lock:
            run = self._runs.get(identity)
        if run is None:
            return []
        algorithms = run.missing_programs()
        return [MissingProgram(one.training_image, one.algorithm_name, (run.name,)) for one in algorithms]

    def unfinished(self) -> tuple[str, ...]:
        """Return the names of the tuning jobs that have not ended, in the order of their creation."""
        with self._lock:
            return tuple(run.name for _, run in sorted(self._runs.items()))

    def record_missing_programs(self) -> None:
        """Write which programs are missing, for commands that have the root only."""
        self._missing_file.update()

    def close(self) -> None:
        """End all that runs; it goes on when the root is opened again."""
        with self._lock:
            self._closing.set()
            runs = list(self._runs.values())
        self._slots.close()
        for run in runs:
            run.join()
        if self._keeper.ident is not None:
            self._keeper.join()

    def _keep(self) -> None:
        """Record how long everything has run, for the case of a crash, and end it if the lock of the root is lost."""
        due = time.monotonic() + _BETWEEN_RECORDS
        while not self._closing.wait(_BETWEEN_CHECKS):
            if not self._root_lock.is_held:
                _log.error(
                    "%s was deleted or replaced: everything stops, before another service runs it again",
                    self._root_lock.path,
                )
                with self._lock:
                    self._closing.set()
                break
            self.record_missing_programs()
            if time.monotonic() > due:
                due = time.monotonic() + _BETWEEN_RECORDS
                with self._lock:
                    runs = list(self._runs.values())
                with suppress(StoreUnavailableError), self.store.writing() as connection:
                    for run in runs:
                        run.keep_times(connection)
        self.store.forget_reader()
