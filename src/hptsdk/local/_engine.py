"""All tuning jobs of a root that run, and what they go on from when it opens again."""

from __future__ import annotations

import shutil
import threading
from typing import TYPE_CHECKING

from hptsdk.local._process import end_leftovers
from hptsdk.local._programs import MissingProgram
from hptsdk.local._slots import Slots
from hptsdk.local._tuning import TuningRun

if TYPE_CHECKING:
    from pathlib import Path

    from hptsdk.local._programs import Programs
    from hptsdk.local._state import Setting
    from hptsdk.local._store import Row, Store

__all__ = ["Engine"]


class Engine:
    """Runs tuning jobs.

    Args:
        store: where everything is kept.
        setting: of the service.
        programs: what runs.
        data: a folder for copies of channels.
    """

    def __init__(self, store: Store, setting: Setting, programs: Programs, data: Path) -> None:
        self.store = store
        self.setting = setting
        self.programs = programs
        self._data = data
        self._runs: dict[int, TuningRun] = {}
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._slots = Slots(setting.max_parallel, self._closing)

    def resume(self) -> None:
        """End what an earlier service left running, and go on with every tuning job that had not ended.

        Raises:
            TimeoutError: a program that it left does not end.
        """
        end_leftovers(f"{self.setting.nonce}.")
        for folder in self._data.iterdir():
            shutil.rmtree(folder, ignore_errors=True)
        for row in self.store.all("SELECT * FROM tuning_jobs WHERE ended IS NULL ORDER BY id"):
            self.launch(row)
        self._slots.open()

    def launch(self, row: Row) -> None:
        """Begin to carry a tuning job out."""
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

    def close(self) -> None:
        """End all that runs; it goes on when the root is opened again."""
        self._closing.set()
        self._slots.close()
        with self._lock:
            runs = list(self._runs.values())
        for run in runs:
            run.join()
