"""One training job, from its folders to its outcome."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, BinaryIO

from hptsdk.local._trees import is_empty, kind_of, open_regular
from hptsdk.local.jobs._state import Closing, Outcome, Stopwatch
from hptsdk.local.jobs._training_job_end import failed, failure_of
from hptsdk.local.process import (
    Checkpoints,
    Container,
    Emission,
    LogReader,
    TrainingProcess,
    UnsafePathError,
    copy_tree,
    empty_base_folder,
    failure_of_feeding,
    pack,
    remove_base_folders,
    within,
)
from hptsdk.local.search import TRAINING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from hptsdk.local._programs import Program
    from hptsdk.local.jobs._state import Setting, Trial
    from hptsdk.local.process import ChannelData, Feeder
    from hptsdk.local.search import Branch

__all__ = ["TrialRun"]

_log = logging.getLogger("hptsdk.local")

# Seconds between two looks at a program's log and at what might stop it.
_TICK = 0.1
_BY_HAND = "Training job stopped"
_STOPPED = {"MaxRuntimeExceeded": "Training job runtime exceeded MaxRuntimeInSeconds"}

# Of each training job, so many values of metrics are kept, and the last of each.
_KEPT = 10_000


class TrialRun:
    """Carries one training job out, in the thread that calls it.

    Args:
        trial: which.
        branch: its definition.
        setting: of the service.
        data: the channels of its tuning job.
        threads: how many threads it should use.
        note: keeps what became of it so far: columns of its row, and values of metrics.
        reason_to_stop: the secondary status to stop it with, if there is a reason.
        should_stop: looks at each value of the objective, for a search that stops early.
        is_closing: whether the service closes.
        nonce: by which its processes are known.
    """

    def __init__(  # noqa: PLR0913 - what a training job depends on
        self,
        trial: Trial,
        branch: Branch,
        *,
        setting: Setting,
        data: ChannelData,
        threads: int,
        note: Callable[[Trial, dict[str, object], list[Emission]], None],
        reason_to_stop: Callable[[Trial], str | None],
        should_stop: Callable[[Trial, float], bool],
        is_closing: Callable[[], bool],
        nonce: str,
    ) -> None:
        self._trial = trial
        self._branch = branch
        self._setting = setting
        self._data = data
        self._note = note
        self._reason_to_stop = reason_to_stop
        self._should_stop = should_stop
        self._is_closing = is_closing
        self._nonce = nonce
        self._threads = threads
        self._folder = setting.folder / trial.name
        self._base = self._folder / "ml"
        self._checkpoints = Checkpoints(trial.name, branch.definition.checkpoint_config, setting.places)
        self.pending: list[Emission] = []

    def carry_out(self, program: Program) -> Outcome:
        """Run it, again where the request asks for that, to its end.

        Args:
            program: what runs.

        Raises:
            Closing: the service closes; the training job has not ended.
            StoreUnavailableError: what became of it could not be kept.
        """
        retries = self._branch.definition.retry_strategy
        most = 1 + (retries.maximum_retry_attempts if retries else 0)
        while True:
            outcome = self._attempt(program)
            if not outcome.is_retryable or self._trial.attempts >= most:
                return outcome
            self._trial.attempts += 1
            self._trial.enter("Starting", "Starting the training job again")
            self._keep(attempts=self._trial.attempts, secondary="Starting")

    def stop_before_start(self) -> Outcome:
        """Return the outcome of a training job that is stopped before its program starts.

        Raises:
            Closing: the service closes while what it printed earlier is read.
        """
        self._recall()
        reason = self._reason_to_stop(self._trial) or "Stopped"
        return Outcome("Stopped", reason, "Training job was stopped before it started", objective=self._objective)

    def _attempt(self, program: Program) -> Outcome:
        feeders: list[Feeder] = []
        try:
            if self._reason_to_stop(self._trial) is not None:
                return self.stop_before_start()
            self._clear()
            container = self._container(program)
            container.make()
            feeders = self._data.put(self._trial.branch, self._branch.definition, self._base / "input" / "data")
            self._checkpoints.restore(self._base / "checkpoints")
            return self._train(container, feeders)
        except (UnsafePathError, ValueError) as error:
            return failed("ClientError", f"{error}")
        except OSError as error:
            return failed("InternalServerError", f"{error}")
        except Closing:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, the training job has to end
            _log.exception("%s: a fault of the service", self._trial.name)
            return failed("InternalServerError", f"the local service failed ({type(error).__name__}); its log says how")
        finally:
            for feeder in feeders:
                feeder.stop()

    def _container(self, program: Program) -> Container:
        return Container(
            base=self._base,
            name=self._trial.name,
            arn=self._setting.arn(TRAINING, self._trial.name),
            region=self._setting.region,
            definition=self._branch.definition,
            hyperparameters=self._branch.hyperparameters(self._trial.tuned),
            program=program,
            threads=self._threads,
            here=self._setting.here,
        )

    def _clear(self) -> None:
        """Remove what an earlier attempt left, except its checkpoints; its log is kept beside the new one."""
        keep_checkpoints = self._branch.definition.checkpoint_config is not None
        self._base = empty_base_folder(self._folder, keep_checkpoints=keep_checkpoints)
        if self.log.exists():
            self.log.rename(self._folder / f"log.{len(self._earlier_logs()) + 1}.txt")
        if keep_checkpoints:
            # it goes on from a checkpoint, and may print no more of what came before
            self._recall()
        elif self._trial.interrupted:
            # it begins anew, and has all its time
            self._trial.clock = Stopwatch()
        self._trial.interrupted = False

    def _recall(self) -> None:
        """Read what it had printed, where the service ended before it did."""
        if self._trial.interrupted:
            for log in (*self._earlier_logs(), self.log):
                # its program may have removed it, or put something else in its place
                if kind_of(log) == "file":
                    with open_regular(log) as file:
                        self._drain(LogReader(file, self._branch.watched))

    def _earlier_logs(self) -> list[Path]:
        return sorted(self._folder.glob("log.*.txt"), key=lambda path: int(path.name.split(".")[1]))

    @property
    def log(self) -> Path:
        """Where its output is."""
        return self._folder / "log.txt"

    # --- training ---

    def _train(self, container: Container, feeders: list[Feeder]) -> Outcome:
        # opened before the program can put something else in its place
        with open_regular(self.log, create=True) as log:
            return self._run(container, feeders, log)

    def _run(self, container: Container, feeders: list[Feeder], log: BinaryIO) -> Outcome:
        try:
            process = TrainingProcess(
                container.command,
                container.environment(self._nonce, self._setting.environment),
                self._base / "code",
                self.log,
            )
        except (FileNotFoundError, PermissionError) as error:
            program = container.program.command[0]
            return failed("ClientError", f"The program {program} can't be started: {error.strerror}")
        try:
            self._trial.clock.start()
            self._trial.enter("Training", "Training job is in progress")
            self._trial.started = self._trial.started or self._trial.latest
            self._keep(secondary="Training", started=self._trial.started)
            reader = LogReader(log, self._branch.watched)
            code = self._watch(process, reader, feeders)
            process.kill()
            self._drain(reader)
        except BaseException:
            process.kill(thoroughly=True)
            raise
        finally:
            process.close()
        for feeder in feeders:
            feeder.stop()
        self._checkpoints.sync(self._base / "checkpoints", now=True)
        if (reason := failure_of_feeding(feeders)) is not None:
            return failed("ClientError", reason)
        return self._end(code, log)

    def _watch(self, process: TrainingProcess, reader: LogReader, feeders: list[Feeder]) -> int:
        """Wait for the end of the program, and see to it when there is a reason."""
        asked: float | None = None
        while (code := process.wait(_TICK)) is None:
            self._collect(reader)
            self._checkpoints.sync(self._base / "checkpoints")
            if self._is_closing():
                self._close(process)
            if asked is None and failure_of_feeding(feeders) is not None:
                asked = time.monotonic()
                process.terminate()
                for feeder in feeders:
                    feeder.stop()
            elif asked is None and (reason := self._reason()) is not None:
                asked = time.monotonic()
                self._trial.stop = reason
                process.terminate()
                self._trial.enter("Stopping", "Stopping the training job")
                self._keep(status="Stopping", secondary="Stopping", stop=reason)
            if asked is not None and time.monotonic() - asked > self._setting.grace:
                process.kill(thoroughly=True)
        return code

    def _close(self, process: TrainingProcess) -> None:
        process.terminate()
        process.wait(self._setting.closing_grace)
        process.kill(thoroughly=True)
        self._keep()
        raise Closing

    def _reason(self) -> str | None:
        if (reason := self._reason_to_stop(self._trial)) is not None:
            return reason
        limit = self._branch.definition.stopping_condition.max_runtime_in_seconds
        return "MaxRuntimeExceeded" if limit is not None and self._trial.clock.seconds > limit else None

    def _drain(self, reader: LogReader) -> None:
        """Read a log to its end; a long one would keep the service from closing, and is read again later."""
        while self._collect(reader, whole=True):
            if self._is_closing():
                raise Closing

    def _collect(self, reader: LogReader, *, whole: bool = False) -> bool:
        known = len(reader.given_up)
        emissions, more = reader.read(whole=whole)
        for name in reader.given_up[known:]:
            _log.warning("%s: the regex of metric %s takes too long and is used no more", self._trial.name, name)
            said = f"The regex of metric {name} takes too long; it is used no more"
            self._trial.transitions[-1]["StatusMessage"] = said
        self._trial.finals.update({e.name: (e.value, e.time) for e in emissions})
        self._look_at(emissions, ended=whole)
        self.pending += emissions[: max(0, _KEPT - self._trial.emissions - len(self.pending))]
        if emissions and not whole:
            self._keep()
        return more

    def _look_at(self, emissions: list[Emission], *, ended: bool) -> None:
        """Show the objective's values to the search, which may stop the training job for them."""
        for emission in emissions:
            if emission.name != self._branch.objective.metric_name:
                continue
            # asked also when it has ended: others are compared with it
            gives_up = self._should_stop(self._trial, emission.value)
            if gives_up and not ended and self._trial.stop is None:
                self._trial.stop, self._trial.is_early = "Stopped", True

    def _keep(self, **columns: object) -> None:
        """Keep how far it is; what its program printed last is kept with its end, in one transaction."""
        self._note(self._trial, columns, self.pending)
        self.pending = []

    # --- the end ---

    def _end(self, code: int, log: BinaryIO) -> Outcome:
        stop = self._trial.stop
        if stop is None and code != 0:
            return failure_of(code, self._base, log)
        self._upload()
        if stop is not None:
            message = (
                "Training job stopped early" if self._trial.is_early else _STOPPED.get(stop, "Training job stopped")
            )
            return Outcome("Stopped", stop, message, objective=self._objective)
        return Outcome("Completed", "Completed", "Training job completed", objective=self._objective)

    @property
    def _objective(self) -> float | None:
        """The last value of its objective."""
        found = self._trial.finals.get(self._branch.objective.metric_name)
        return None if found is None else found[0]

    def _upload(self) -> None:
        output = self._branch.definition.output_data_config
        place = self._setting.places.path(f"{output.s3_output_path.rstrip('/')}/{self._trial.name}/output")
        self._trial.enter("Uploading", "Uploading generated training model")
        for part in place.rglob(".*.part"):
            # left by an upload that a crash ended
            part.unlink(missing_ok=True)
        for name, folder in (("model", "model"), ("output", "output/data")):
            source = within(self._base, folder)
            if name == "output" and is_empty(source):
                continue
            if output.compression_type == "NONE":
                copy_tree(source, place / name)
            else:
                pack(source, place / f"{name}.tar.gz")

    def forget(self) -> None:
        """Take its folders away, once it has ended; the log stays."""
        if not self._setting.keep_folders:
            remove_base_folders(self._folder)
