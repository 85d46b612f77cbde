"""The run of one tuning job: a thread for each of its slots, until it ends."""

from __future__ import annotations

import json
import logging
import os
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from hptsdk.local._program_map import JobPrograms, with_entrypoint
from hptsdk.local.jobs._records import Records, add_parent_results, read_request, read_training_job, standalone_request
from hptsdk.local.jobs._state import INTERNAL_FAILURE, ServiceClosedError, TrainingJob, failure_reason, now
from hptsdk.local.jobs._store import update
from hptsdk.local.jobs._training_job import TrainingJobRun
from hptsdk.local.process import ChannelData, end_processes
from hptsdk.local.search import TuningProgress, TuningSearch

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable
    from pathlib import Path

    from hptsdk.local._programs import AnyProgram
    from hptsdk.local.jobs._engine import ServiceContext
    from hptsdk.local.jobs._state import Outcome
    from hptsdk.local.jobs._store import Row
    from hptsdk.local.process import MetricValue
    from hptsdk.transport import MissingProgram

_logger = logging.getLogger("hptsdk.local")


class TuningJobRun:
    """The run of one tuning job in threads of its own, each of which has one of the `Slots` of the service.

    It can use `max_slots`. `data` is the folder for copies of its channels. `on_end` is called with the ID of its
    row when it has ended.
    """

    def __init__(self, row: Row, context: ServiceContext, data: Path, on_end: Callable[[int], None]) -> None:
        request = read_request(row)
        config, limits = context.config, request.hyper_parameter_tuning_job_config.resource_limits
        self.id = int(row["id"])
        self.name = request.hyper_parameter_tuning_job_name
        self.max_slots = min(limits.max_parallel_training_jobs, config.max_parallel)
        self._max_seconds = limits.max_runtime_in_seconds
        self._standalone_request = standalone_request(row)
        self._search = TuningSearch(request, int(row["seed"]), config.sampler)
        self._records = Records(row, context)
        self._context = context
        self._closing = context.closing
        self._data = ChannelData(config.storage, data)
        self._on_end = on_end
        self._process_nonce = f"{config.root_id}.{self.id}."
        self._failure: str | None = None
        self._running: dict[str, TrainingJob] = {}
        self._waiting: list[TrainingJob] = []
        self._planning = threading.RLock()
        self._threads: list[threading.Thread] = []
        self._working = 0
        self._is_exhausted = False
        self._latest_end = 0.0
        criteria = request.hyper_parameter_tuning_job_config.tuning_job_completion_criteria
        self._progress = TuningProgress(criteria, self._search.max_jobs, definitions=len(self._search.definitions))
        self._converged: float | None = json.loads(row["details"]).get("ConvergenceDetectedTime")
        add_parent_results(context.store, json.loads(row["parents"]), request, self._search)
        definitions = [search.definition for search in self._search.definitions]
        self._programs = JobPrograms(context.programs, self.name, definitions, is_isolated=bool(row["isolated"]))
        self._restore()
        self._is_halted = row["status"] == "Stopping" or self._progress.is_complete

    def _restore(self) -> None:
        rows = self._records.training_jobs()
        for row in rows:
            job, search = read_training_job(row), self._search.definitions[int(row["definition"])]
            if row["ended"] is None:
                search.restore(job, None, [], is_running=True)
                self._waiting.append(job)
            else:
                metric = search.objective.metric_name
                values = self._records.metric_values(job.id, metric) if search.has_early_stopping else []
                search.restore(job, row["objective"], values, is_running=False)
        self._records.restart(self._waiting)
        for row in sorted((row for row in rows if row["ended"] is not None), key=_end_of):
            minimizes = self._search.definitions[int(row["definition"])].minimizes
            end = row["status"], row["objective"], row["failure_reason"]
            self._progress = self._progress.after(*end, minimizes=minimizes)
            self._latest_end = _end_of(row)

    @property
    def seconds(self) -> float:
        """The seconds for which it has run while a service was open and had its programs."""
        return self._records.clock.seconds

    def missing_programs(self) -> list[MissingProgram]:
        """Return the programs that are missing or cannot continue it; none if it needs no further program."""
        return [] if self._needs_no_program else self._programs.missing()

    @property
    def can_start_programs(self) -> bool:
        """Whether no program is missing; otherwise the definitions with programs would use all its training jobs."""
        return not self.missing_programs()

    @property
    def needs_no_slot(self) -> bool:
        """Whether it, or a waiting training job of it, only has to be ended."""
        self._check_runtime()
        return any(job.stop_status for job in self._waiting) or (self._working == 0 and self._needs_no_program)

    @property
    def _needs_no_program(self) -> bool:
        return self._is_halted or (self._search.is_full and not self._waiting)

    def start(self) -> None:
        """Start, or continue, as soon as there are slots."""
        if not self._is_halted and self.can_start_programs:
            self._records.clock.start()
        _logger.info("tuning job %s: started", self.name)
        self._context.slots.add(self)

    def start_worker(self) -> None:
        """Start a thread for a slot, unless there is nothing more to run.

        Raises:
            RuntimeError: no thread can be started now.
        """
        with self._planning:
            if self._is_exhausted:
                self._context.slots.release(self)
                return
            # stopped training jobs come first: they end without a slot
            self._waiting = sorted(self._waiting, key=lambda job: job.stop_status is None)
            job = self._waiting[0] if self._waiting else None
            thread = threading.Thread(target=self._work, args=(job,), name=self.name, daemon=True)
            self._threads = [other for other in self._threads if other.is_alive()]
            thread.start()
            self._threads.append(thread)
            self._working += 1
            if job is not None:
                self._waiting.remove(job)
                self._running[job.name] = job

    def stop(self) -> None:
        """Start no more training jobs, and stop those that run."""
        self._is_halted = True
        self._context.slots.check()

    def stop_training_job(self, name: str) -> None:
        """Stop the training job with this name, if it has not ended."""
        # the row of a training job exists a moment before it is in one of the two
        with self._planning:
            for job in (*self._running.values(), *self._waiting):
                if job.name == name:
                    job.stop_status = job.stop_status or "Stopped"
        self._context.slots.check()

    def join(self) -> None:
        """Wait until its threads have ended, and store how long it has run."""
        for thread in self._threads:
            thread.join()
        with suppress(ServiceClosedError):
            self._records.persist(self.store_running_times)

    def store_running_times(self, connection: sqlite3.Connection) -> None:
        """Store how long it and its running training jobs have run."""
        self._records.store_running_times(connection, list(self._running.values()))

    def _check_runtime(self) -> None:
        """Stop the tuning job if it has run longer than MaxRuntimeInSeconds."""
        if self._max_seconds is not None and self.seconds > self._max_seconds:
            self._is_halted = True

    def _stop_status(self, job: TrainingJob) -> str | None:
        self._check_runtime()
        return job.stop_status or ("Stopped" if self._is_halted else None)

    def _work(self, job: TrainingJob | None) -> None:
        """Run one training job after another in the slot of this thread, beginning with `job` or a new one."""
        try:
            job = job or self._first_job()
            while job is not None and not self._closing.is_set():
                job = self._run(job)
        except ServiceClosedError:
            pass
        except Exception:
            # the tuning job has to end after every error
            _logger.exception("tuning job %s: internal error", self.name)
            self._failure = f"InternalServerError: {INTERNAL_FAILURE}"
            self._is_halted = True
        finally:
            with self._planning:
                self._working -= 1
                is_last = self._working == 0 and self._is_exhausted
            if is_last and not self._closing.is_set():
                self._finish()
            self._context.store.close_reader()
            self._context.slots.release(self)

    def _first_job(self) -> TrainingJob | None:
        """Return a new training job for a thread that has none; None if there are no more."""
        with self._planning:
            choice = None if self._closing.is_set() else self._choose(is_halted=self._is_halted)
            job = None if choice is None else self._records.persist(lambda connection: self._add(connection, choice))
            self._begin(job)
            return job

    def _run(self, job: TrainingJob) -> TrainingJob | None:
        """Run one training job to its end, and return the next one for this thread, if there is one."""
        search = self._search.definitions[job.definition]
        run = TrainingJobRun(
            job=job,
            search=search,
            config=self._context.config,
            records=self._records,
            data=self._data,
            threads=max(1, (os.cpu_count() or 1) // self.max_slots),
            nonce=f"{self._process_nonce}{job.id}.",
            stop_status=self._stop_status,
            closing=self._closing,
            is_tuned=self._standalone_request is None,
        )
        if not self._is_halted and self.can_start_programs:
            self._records.clock.start()
        program = own = self._programs.program_for(search.definition)
        if program is not None and self._standalone_request is not None:
            program = with_entrypoint(program, self._standalone_request["AlgorithmSpecification"])
        _logger.info("training job %s: started", job.name)
        earlier = job.clock.seconds if job.was_interrupted else None
        outcome = run.run(program) if program is not None else run.stop_before_start()
        cause = None if earlier is None else outcome.immediate_failure(job, earlier=earlier)
        if own is not None and earlier is not None and cause is not None:
            self._suspend(job, own, cause, earlier)
            return None
        job.end(outcome.secondary, outcome.message)
        following = self._end(job, outcome, run.pending)
        _logger.info("training job %s: %s; any output is in %s", job.name, outcome.summary, run.log)
        run.remove_folders()
        return following

    def _suspend(self, job: TrainingJob, program: AnyProgram, cause: str, seconds: float) -> None:
        """Suspend an interrupted training job until another program is added, or the root is opened again."""
        message = "its program failed immediately after the root was opened"
        _logger.warning("training job %s waits: %s; its log has the output", job.name, message)
        self._programs.reject(program, f"{message}: {cause}; correct this, and start the service again")
        self._search.definitions[job.definition].restart(job)
        self._records.suspend(job, seconds)
        with self._planning:
            del self._running[job.name]
            self._waiting.append(job)
            if self._is_exhausted:
                self._is_exhausted = False
                self._context.slots.add(self)

    def _end(self, job: TrainingJob, outcome: Outcome, values: list[MetricValue]) -> TrainingJob | None:
        """Store the end of a training job and the next training job, if there is one, in one transaction."""
        columns = {
            "status": outcome.status,
            "secondary": outcome.secondary,
            "failure_reason": outcome.failure_reason,
            "objective": outcome.objective,
            "objective_status": "Failed" if outcome.objective is None else "Succeeded",
        }
        search = self._search.definitions[job.definition]
        # one at a time: the state in memory changes after the stored one
        with self._planning:
            # after the ends before it, even if the system time was set back
            at = self._latest_end = max(job.changed, self._latest_end)
            end = outcome.status, outcome.objective, outcome.failure_reason
            progress = self._progress.after(*end, minimizes=search.minimizes)
            is_halted = self._is_halted or progress.is_complete
            self._converged = self._converged or (at if progress.has_converged else None)
            details: dict[str, object] = {"NumberOfTrainingJobsObjectiveNotImproving": progress.not_improving}
            if self._converged is not None:
                details["ConvergenceDetectedTime"] = self._converged
            search.record_end(job, outcome.objective)
            # waiting tuning jobs and training jobs have priority
            must_wait = self._waiting or self._context.slots.must_share(self)
            choice = None if must_wait else self._choose(is_halted=is_halted)

            def change(connection: sqlite3.Connection) -> TrainingJob | None:
                self._records.update_training_job(connection, job, values, **columns, ended=at)
                update(connection, "tuning_jobs", self.id, modified=now(), details=details)
                return None if choice is None else self._add(connection, choice)

            following = self._records.persist(change)
            self._progress = progress
            self._is_halted = self._is_halted or is_halted
            del self._running[job.name]
            self._begin(following)
        return following

    def _choose(self, *, is_halted: bool) -> tuple[int, dict[str, str]] | None:
        """Return the definition and the values of the next training job; None if there are no more."""
        choice = None if is_halted else self._search.propose()
        if choice is None:
            self._is_exhausted = True
            self._context.slots.remove(self)
        return choice

    def _add(self, connection: sqlite3.Connection, choice: tuple[int, dict[str, str]]) -> TrainingJob:
        """Store a training job before its files are created."""
        number = self._search.count + 1
        job = TrainingJob(0, number, self._records.name_of(number), *choice)
        return self._records.add_training_job(connection, job)

    def _begin(self, job: TrainingJob | None) -> None:
        if job is not None:
            self._search.definitions[job.definition].add(job)
            self._running[job.name] = job

    def _finish(self) -> None:
        reason, folder = self._progress.failure_reason, self._context.config.jobs_folder
        if reason is not None:
            reason = failure_reason(reason, self._records.training_jobs(), self._search.definitions, folder)
        try:
            self._records.finish(self._failure or reason)
        except ServiceClosedError:
            return
        _logger.info("tuning job %s: ended", self.name)
        self._data.remove_copies()
        end_processes(self._process_nonce)
        self._on_end(self.id)


def _end_of(row: Row) -> float:
    return float(row["ended"])
