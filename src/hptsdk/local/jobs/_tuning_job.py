"""One tuning job as it runs: a thread for each slot that it has."""

from __future__ import annotations

import json
import logging
import os
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, cast

from hptsdk.local.jobs._records import Records, trial_of
from hptsdk.local.jobs._state import Closing, Outcome, Trial
from hptsdk.local.jobs._training_job import TrialRun
from hptsdk.local.jobs._training_job_end import FAULT
from hptsdk.local.process import ChannelData, end_leftovers
from hptsdk.local.search import Plan, Progress, Pursuit, learn_from_parents, read_request

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable
    from pathlib import Path

    from hptsdk.local._programs import Programs
    from hptsdk.local.jobs._slots import Slots
    from hptsdk.local.jobs._state import Setting
    from hptsdk.local.jobs._store import Row, Store
    from hptsdk.local.process import Emission
    from hptsdk.shapes import HyperParameterAlgorithmSpecification

__all__ = ["TuningRun"]

_log = logging.getLogger("hptsdk.local")


class TuningRun:
    """Carries a tuning job out.

    Args:
        row: of the tuning job.
        store: where everything is kept.
        setting: of the service.
        programs: what runs.
        data: a folder for copies of its channels.
        slots: those of the service.
        closing: set when the service closes.
        ended: called when it has ended.
    """

    def __init__(  # noqa: PLR0913 - what a tuning job depends on
        self,
        row: Row,
        *,
        store: Store,
        setting: Setting,
        programs: Programs,
        data: Path,
        slots: Slots,
        closing: threading.Event,
        ended: Callable[[int], None],
    ) -> None:
        self.id = int(row["id"])
        request = read_request(row["chosen"] or row["request"])
        self._plan = Plan(request, int(row["seed"]), setting.sampler)
        self._nonce = str(row["nonce"])
        self._records = Records(row, store, setting, closing)
        self._setting = setting
        self._programs = programs
        self._data = ChannelData(setting.places, data)
        self._slots = slots
        self._closing = closing
        self._ended = ended
        self._own_nonce = f"{setting.nonce}.{self.id}."
        self._halt: str | None = "stop" if row["status"] == "Stopping" else None
        self._failure: str | None = None
        self._running: dict[str, Trial] = {}
        self._waiting: list[Trial] = []
        self._planning = threading.RLock()
        self._threads: list[threading.Thread] = []
        self._working = 0
        self._is_exhausted = False
        self._latest_end = 0.0
        self._progress = Progress(self._plan.config.tuning_job_completion_criteria, self._plan.max_jobs)
        self._pursuits = [Pursuit(branch) for branch in self._plan.branches]
        self._converged: float | None = json.loads(row["details"]).get("ConvergenceDetectedTime")
        learn_from_parents(store, json.loads(row["parents"]), request, self._plan.branches)
        self._read_back()

    # --- going on from what was kept ---

    def _read_back(self) -> None:
        rows = self._records.training_jobs()
        for row in rows:
            trial, pursuit = trial_of(row), self._pursuits[int(row["definition"])]
            if row["ended"] is None:
                pursuit.restore(trial, None, [], runs=True)
                self._waiting.append(trial)
            else:
                metric = pursuit.branch.objective.metric_name
                values = self._records.objectives(trial, metric) if pursuit.branch.stopping else []
                pursuit.restore(trial, row["objective"], values, runs=False)
                self._latest_end = max(self._latest_end, row["ended"])
        self._records.restart(self._waiting)
        for row in sorted((r for r in rows if r["ended"] is not None), key=lambda r: cast("float", r["ended"])):
            minimizes = self._plan.branches[int(row["definition"])].minimizes
            self._progress = self._progress.after(row["status"], row["objective"], minimizes=minimizes)
        self._halt = self._halt or self._progress.verdict

    def start(self) -> None:
        """Begin, or go on, as soon as there are slots."""
        _log.info("tuning job %s: starts", self.name)
        self._slots.add(self)

    @property
    def most_slots(self) -> int:
        """The most training jobs that it runs at a time."""
        return min(self._plan.max_parallel, self._slots.count)

    @property
    def can_start_programs(self) -> bool:
        """Whether it has its programs; one that has only some would spend all its training jobs on them."""
        return not self.missing_programs()

    @property
    def needs_no_slot(self) -> bool:
        """Whether it, or a training job of it that waits, only has to be ended."""
        return any(trial.stop for trial in self._waiting) or (self._working == 0 and self._needs_no_program)

    def start_worker(self) -> None:
        """Start a thread for a slot, unless there is nothing more to run.

        Raises:
            RuntimeError: no thread can be started now.
        """
        with self._planning:
            if self._is_exhausted:
                self._slots.give_back(self)
                return
            # those that were stopped come first: what ends them needs no slot
            self._waiting = sorted(self._waiting, key=lambda trial: trial.stop is None)
            trial = self._waiting[0] if self._waiting else None
            thread = threading.Thread(target=self._work, args=(trial,), name=self._plan.name, daemon=True)
            self._threads = [other for other in self._threads if other.is_alive()]
            thread.start()
            self._threads.append(thread)
            self._working += 1
            if trial is not None:
                self._waiting.remove(trial)
                self._running[trial.name] = trial

    def join(self) -> None:
        """Wait for its threads, and keep how long it has run."""
        for thread in self._threads:
            thread.join()
        with suppress(Closing):
            self._records.persist(self.keep_times)

    def keep_times(self, connection: sqlite3.Connection) -> None:
        """Keep how long it and its training jobs have run."""
        self._records.keep_times(connection, list(self._running.values()))

    # --- being asked ---

    @property
    def name(self) -> str:
        """The name of the tuning job."""
        return self._plan.name

    @property
    def seconds(self) -> float:
        """How long it has run while a service was open and had its programs."""
        return self._records.clock.seconds

    def missing_programs(self) -> list[HyperParameterAlgorithmSpecification]:
        """Return the algorithms of its definitions that have no program; empty if it needs none any more."""
        if self._needs_no_program:
            return []
        algorithms = [branch.definition.algorithm_specification for branch in self._plan.branches]
        return [algorithm for algorithm in algorithms if self._programs.of(algorithm) is None]

    def stop(self) -> None:
        """Start nothing more, and stop what runs."""
        self._halt = self._halt or "stop"
        self._slots.check()

    def stop_training_job(self, name: str) -> None:
        """Stop one training job."""
        # one that is kept already may be in the making still
        with self._planning:
            for trial in (*self._running.values(), *self._waiting):
                if trial.name == name:
                    trial.stop = trial.stop or "Stopped"
        self._slots.check()

    def _reason_to_stop(self, trial: Trial) -> str | None:
        if trial.stop is not None:
            return trial.stop
        limit = self._plan.max_runtime
        if self._halt is None and limit is not None and self.seconds > limit:
            self._halt = "time"
        return "Stopped" if self._halt is not None else None

    # --- the work of a thread ---

    def _work(self, trial: Trial | None) -> None:
        try:
            trial = trial or self._first()
            while trial is not None and not self._closing.is_set():
                trial = self._carry_out(trial)
        except Closing:
            pass
        except Exception:  # noqa: BLE001 - whatever it is, the tuning job has to end
            _log.exception("%s: a thread ended by a fault of the service", self._plan.name)
            # the training job fails along with the tuning job
            self._failure = f"InternalServerError: {FAULT}"
            self._halt = "failed"
        finally:
            with self._planning:
                self._working -= 1
                last = self._working == 0 and self._is_exhausted
            if last and not self._closing.is_set():
                self._finish()
            self._records.forget_reader()
            self._slots.give_back(self)

    def _first(self) -> Trial | None:
        with self._planning:
            chosen = None if self._closing.is_set() else self._choose(self._halt)
            if chosen is None:
                return None
            trial = self._records.persist(lambda connection: self._add(connection, chosen))
            self._begun(trial)
            return trial

    def _carry_out(self, trial: Trial) -> Trial | None:
        """Run one training job to its end, and plan the next in the transaction that keeps the end."""
        run = TrialRun(
            trial,
            self._plan.branches[trial.branch],
            setting=self._setting,
            data=self._data,
            threads=max(1, (os.cpu_count() or 1) // self.most_slots),
            note=self._records.note,
            reason_to_stop=self._reason_to_stop,
            should_stop=self._pursuits[trial.branch].should_stop,
            is_closing=self._closing.is_set,
            nonce=f"{self._own_nonce}{trial.id}.",
        )
        if self._halt is None and self.can_start_programs:
            self._records.clock.start()
        program = self._programs.of(self._plan.branches[trial.branch].definition.algorithm_specification)
        _log.info("training job %s: starts", trial.name)
        outcome = run.carry_out(program) if program is not None else run.stop_before_start()
        trial.end(outcome.secondary, outcome.message)
        following = self._end(trial, outcome, run.pending)
        _log.info("training job %s: %s; its output is in %s", trial.name, outcome.summary, run.log)
        run.forget()
        return following

    def _end(self, trial: Trial, outcome: Outcome, emissions: list[Emission]) -> Trial | None:
        """Keep the end of a training job, see whether that is enough, and plan the next if not: in one transaction."""
        columns = {
            "status": outcome.status,
            "secondary": outcome.secondary,
            "failure_reason": outcome.failure_reason,
            "objective": outcome.objective,
            "objective_status": "Failed" if outcome.objective is None else "Succeeded",
        }
        # one at a time: what is known in memory changes once the file has it
        with self._planning:
            # after those that ended before it, even if the clock was set back
            at = self._latest_end = max(trial.latest, self._latest_end)
            progress = self._progress.after(
                outcome.status, outcome.objective, minimizes=self._plan.branches[trial.branch].minimizes
            )
            halt = self._halt or progress.verdict
            self._converged = self._converged or (at if progress.converged else None)
            details: dict[str, object] = {**progress.details}
            if self._converged is not None:
                details["ConvergenceDetectedTime"] = self._converged
            self._pursuits[trial.branch].ended(trial, outcome.objective)
            # a slot that another tuning job waits for, and a training job that waits for one, go first
            chosen = None if self._waiting or self._slots.must_share(self) else self._choose(halt)

            def change(connection: sqlite3.Connection) -> Trial | None:
                self._records.keep(connection, trial, emissions, **columns, ended=at)
                self._records.progress(connection, details)
                return self._add(connection, chosen)

            following = self._records.persist(change)
            self._progress = progress
            if halt is not None:
                # only then: a stop that comes at this moment must not be forgotten
                self._halt = halt
            del self._running[trial.name]
            self._begun(following)
        return following

    def _add(self, connection: sqlite3.Connection, chosen: tuple[int, dict[str, str]] | None) -> Trial | None:
        """Plan a training job, before anything of it is there; None where nothing more is to be tried."""
        if chosen is None:
            return None
        name = self._plan.training_job_name(self._nonce, self._number)
        return self._records.add(connection, Trial(0, self._number, name, *chosen))

    @property
    def _number(self) -> int:
        """The number of the next training job."""
        return sum(pursuit.used for pursuit in self._pursuits) + 1

    @property
    def _needs_no_program(self) -> bool:
        """Whether it starts no further program."""
        return self._halt is not None or (self._is_full and not self._waiting)

    @property
    def _is_full(self) -> bool:
        """Whether it had as many training jobs as it may have."""
        return self._plan.max_jobs is not None and self._number > self._plan.max_jobs

    def _begun(self, trial: Trial | None) -> None:
        if trial is not None:
            trial.index = self._pursuits[trial.branch].began()
            self._running[trial.name] = trial

    def _choose(self, halt: str | None) -> tuple[int, dict[str, str]] | None:
        """Take the definition that had fewest training jobs, of those that have something left to try."""
        if halt is None and not self._is_full:
            for branch, pursuit in sorted(enumerate(self._pursuits), key=lambda pair: pair[1].used):
                if (tuned := pursuit.propose()) is not None:
                    return branch, tuned
        self._is_exhausted = True
        self._slots.remove(self)
        return None

    def _finish(self) -> None:
        """Keep how the tuning job ended; by then none of its training jobs runs."""
        try:
            self._records.finish(self._failure or self._progress.hopeless or self._progress.fruitless)
        except Closing:
            return
        _log.info("tuning job %s: ended", self.name)
        self._data.forget()
        end_leftovers(self._own_nonce)
        self._ended(self.id)
