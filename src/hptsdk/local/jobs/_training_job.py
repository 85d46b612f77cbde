"""The run of one training job: its attempts, its program, its metrics, and the conditions that stop it."""

from __future__ import annotations

import logging
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, BinaryIO

import attrs

from hptsdk.local._files import kind_of, open_regular
from hptsdk.local._programs import Container
from hptsdk.local.jobs._state import (
    INTERNAL_FAILURE,
    TRAINING_JOB,
    Outcome,
    ServiceClosedError,
    StoppedError,
    Stopwatch,
)
from hptsdk.local.process import (
    Checkpoints,
    ContainerEngineError,
    ContainerEnvironment,
    LogReader,
    LogTimes,
    MetricValue,
    ProgramEnvironment,
    SourceCode,
    UnsafePathError,
    empty_base_folder,
    feeding_failure,
    remove_base_folders,
    upload,
)

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable
    from pathlib import Path

    from hptsdk.local._programs import AnyProgram
    from hptsdk.local.jobs._records import Records
    from hptsdk.local.jobs._state import ServiceConfig, TrainingJob
    from hptsdk.local.process import ChannelData, ContainerProcess, Feeder, TrainingEnvironment, TrainingProcess
    from hptsdk.local.search import DefinitionSearch

_logger = logging.getLogger("hptsdk.local")

# Seconds between two checks of a program's log and of the conditions that stop it.
_TICK = 0.1

# The maximum number of stored metric values of a training job, besides the last value of each metric.
_MAX_VALUES = 10_000


@attrs.define(kw_only=True)
class TrainingJobRun:
    """The run of one training job to its end, in the calling thread.

    Attributes:
        search: the search over its definition.
        records: the rows of its tuning job.
        data: the channels of its tuning job.
        threads: the number of threads that its program should use.
        nonce: the text by which its processes are recognized.
        stop_status: returns the secondary status with which to stop it; None if it is not to be stopped.
        closing: set when the service closes.
        is_tuned: whether a tuning job has created it.
        pending: the metric values that are not stored yet.
    """

    job: TrainingJob
    search: DefinitionSearch
    config: ServiceConfig
    records: Records
    data: ChannelData
    threads: int
    nonce: str
    stop_status: Callable[[TrainingJob], str | None]
    closing: threading.Event
    is_tuned: bool
    pending: list[MetricValue] = attrs.field(factory=list[MetricValue], init=False)
    _folder: Path = attrs.field(init=False)
    _base: Path = attrs.field(init=False)
    _checkpoints: Checkpoints = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        """Set the other attributes."""
        self._folder = self.config.jobs_folder / self.job.name
        self._base = self._folder / "ml"
        config = self.search.definition.checkpoint_config
        # those of a tuning job would use the checkpoints of each other
        uri = None if config is None else config.s3_uri.rstrip("/") + (f"/{self.job.name}" if self.is_tuned else "")
        self._checkpoints = Checkpoints(self.job.name, uri, self.config.storage)

    def run(self, program: AnyProgram) -> Outcome:
        """Run the training job to its end, with the retries of its request.

        Raises:
            ServiceClosedError: the service closes before the training job has ended.
        """
        retries = self.search.definition.retry_strategy
        attempts = 1 + (retries.maximum_retry_attempts if retries else 0)
        while True:
            outcome = self._attempt(program)
            if not outcome.is_retryable or self.job.attempts >= attempts:
                return outcome
            self.job.attempts += 1
            self.job.enter("Starting", "Starting the training job again")
            self._store(attempts=self.job.attempts, secondary="Starting")

    def stop_before_start(self) -> Outcome:
        """Return the outcome of a training job that is stopped before its program starts.

        Raises:
            ServiceClosedError: the service closes while its earlier logs are read.
        """
        self._read_earlier_logs()
        status = self.stop_status(self.job) or "Stopped"
        return Outcome("Stopped", status, "Training job was stopped before it started", objective=self._objective)

    def _attempt(self, program: AnyProgram) -> Outcome:
        """Run the training job once; errors are part of the outcome, except ServiceClosedError."""
        with ExitStack() as stack:
            try:
                self._check_running()
                self._prepare_folder()
                environment = self._environment(program)
                environment.create()
                self._begin_download()
                index, data = self.job.definition, self._base / "input" / "data"
                feeders = self.data.put(index, environment.definition, data, is_isolated=environment.is_isolated)
                for feeder in feeders:
                    stack.callback(feeder.stop)
                environment = self._prepared(environment)
                self._checkpoints.restore(self._base / "checkpoints")
                with open_regular(self.log, create=True) as log:
                    return self._train(environment, feeders, log)
            except StoppedError:
                return self.stop_before_start()
            except (UnsafePathError, ValueError) as error:
                return Outcome.failed("ClientError", f"{error}")
            except (OSError, ContainerEngineError) as error:
                return Outcome.failed("InternalServerError", f"{error}")
            except ServiceClosedError:
                raise
            except Exception:
                # the training job has to end after every error
                _logger.exception("training job %s: internal error", self.job.name)
                return Outcome.failed("InternalServerError", INTERNAL_FAILURE)

    def _begin_download(self) -> None:
        """Enter the status Downloading. Without channels it takes no time, so it is not stored."""
        self.job.enter("Downloading", "Downloading input data")
        self.job.started = self.job.started or self.job.changed
        if self.search.definition.input_data_config:
            self._store(secondary="Downloading", started=self.job.started)

    def _environment(self, program: AnyProgram) -> TrainingEnvironment:
        common: dict[str, Any] = {
            "base": self._base,
            "name": self.job.name,
            "arn": self.config.arn(TRAINING_JOB, self.job.name),
            "region": self.config.region,
            "definition": self.search.definition,
            "hyperparameters": self.search.hyperparameters(self.job.tuned),
            "root": self.config.root,
            "nonce": self.nonce,
            "inherited": self.config.environment,
        }
        if isinstance(program, Container):
            return ContainerEnvironment(container=program, **common)
        return ProgramEnvironment(
            program=program,
            threads=self.threads,
            working_folder=self.config.working_folder,
            service_variables=self.config.program_environment,
            **common,
        )

    def _prepared(self, environment: TrainingEnvironment) -> TrainingEnvironment:
        """Return the environment after its image was pulled, or with the source code of its script."""
        if isinstance(environment, ContainerEnvironment):
            environment.pull(self.log, self._check_running)
        if not isinstance(environment, ProgramEnvironment):
            return environment
        source = SourceCode(container=environment, storage=self.config.storage, log=self.log, check=self._check_running)
        return source.prepare()

    def _check_running(self) -> None:
        """Raise an exception if the service closes, or the training job is stopped."""
        if self.closing.is_set():
            raise ServiceClosedError
        if self.stop_status(self.job) is not None:
            raise StoppedError

    def _prepare_folder(self) -> None:
        """Remove the files of an earlier attempt, except its logs, and its checkpoints if they are uploaded."""
        keep_checkpoints = self.search.definition.checkpoint_config is not None
        self._base = empty_base_folder(self._folder, keep_checkpoints=keep_checkpoints)
        if self.log.exists():
            self.log.rename(self._folder / f"log.{len(self._earlier_logs()) + 1}.txt")
        if keep_checkpoints:
            # the program continues from a checkpoint, and may not print its earlier metrics again
            self._read_earlier_logs()
        elif self.job.was_interrupted:
            # the program starts from the beginning, with the whole MaxRuntimeInSeconds
            self.job.clock = Stopwatch()
        self.job.was_interrupted = False

    def _read_earlier_logs(self) -> None:
        """Read the logs of a training job that the end of an earlier service interrupted."""
        if self.job.was_interrupted:
            for log in (*self._earlier_logs(), self.log):
                # the program may have removed or replaced it
                if kind_of(log) == "file":
                    with open_regular(log) as file:
                        self._read_to_end(LogReader(file, self.search.metrics))

    def _earlier_logs(self) -> list[Path]:
        return sorted(self._folder.glob("log.*.txt"), key=lambda path: int(path.name.split(".")[1]))

    @property
    def log(self) -> Path:
        """The file with the output of the program."""
        return self._folder / "log.txt"

    def _train(self, environment: TrainingEnvironment, feeders: list[Feeder], log: BinaryIO) -> Outcome:
        process = environment.start(self.data.shared_folders(self.search.definition), self.log)
        try:
            self.job.clock.start()
            self.job.enter("Training", "Training image download completed. Training in progress.")
            self._store(secondary="Training", started=self.job.started)
            reader = LogReader(log, self.search.metrics, LogTimes(self.log))
            code = self._wait(process, reader, feeders)
            process.kill()
            self._read_to_end(reader)
        except BaseException:
            process.kill(thoroughly=True)
            raise
        finally:
            process.close()
        for feeder in feeders:
            feeder.stop()
        self._checkpoints.sync(self._base / "checkpoints", now=True)
        if (failure := feeding_failure(feeders)) is not None:
            return Outcome.failed("ClientError", failure)
        if self.job.stop_status is None and code != 0:
            return Outcome.of_failed_program(code, environment, log)
        self.job.enter("Uploading", "Uploading generated training model")
        output = self.search.definition.output_data_config
        uri = f"{output.s3_output_path.rstrip('/')}/{self.job.name}/output"
        upload(self._base, output, self.config.storage.path(uri))
        return Outcome.of(self.job, self._objective)

    def _wait(self, process: TrainingProcess | ContainerProcess, reader: LogReader, feeders: list[Feeder]) -> int:
        """Wait for the end of a program, and stop it if there is a reason.

        Returns:
            The exit code of its process.
        """
        terminated: float | None = None
        while (code := process.wait(_TICK)) is None:
            self._read(reader)
            self._checkpoints.sync(self._base / "checkpoints")
            if self.closing.is_set():
                process.terminate()
                process.wait(self.config.closing_grace)
                process.kill(thoroughly=True)
                self._store()
                raise ServiceClosedError
            if terminated is not None:
                if time.monotonic() - terminated > self.config.stop_grace:
                    process.kill(thoroughly=True)
            elif feeding_failure(feeders) is not None:
                terminated = time.monotonic()
                process.terminate()
                for feeder in feeders:
                    feeder.stop()
            elif (status := self._current_stop_status()) is not None:
                terminated = time.monotonic()
                self.job.stop_status = status
                process.terminate()
                self.job.enter("Stopping", "Stopping the training job")
                self._store(status="Stopping", secondary="Stopping", stop=status)
        return code

    def _current_stop_status(self) -> str | None:
        """Return the secondary status with which to stop the program now; None if it continues."""
        if (status := self.stop_status(self.job)) is not None:
            return status
        limit = self.search.definition.stopping_condition.max_runtime_in_seconds
        return "MaxRuntimeExceeded" if limit is not None and self.job.clock.seconds > limit else None

    @property
    def _objective(self) -> float | None:
        return self.job.finals.get(self.search.objective.metric_name, (None,))[0]

    def _read_to_end(self, reader: LogReader) -> None:
        """Read a log to its end; if the service closes before that, it is read again when the root is opened."""
        while self._read(reader, has_ended=True):
            if self.closing.is_set():
                raise ServiceClosedError

    def _read(self, reader: LogReader, *, has_ended: bool = False) -> bool:
        """Read the next part of a log, and return whether more can be read now."""
        disabled = len(reader.disabled)
        values, more = reader.read(has_ended=has_ended)
        for name in reader.disabled[disabled:]:
            message = f"The regex of metric {name} takes too long and is disabled"
            _logger.warning("training job %s: %s", self.job.name, message)
            self.job.transitions[-1]["StatusMessage"] = message
        self.job.finals.update({value.name: (value.value, value.time) for value in values})
        for value in values:
            # also after the end, because other training jobs are compared with it
            is_objective = value.name == self.search.objective.metric_name
            stops = is_objective and self.search.should_stop(self.job, value.value)
            if stops and not has_ended and self.job.stop_status is None:
                self.job.stop_status, self.job.is_stopped_early = "Stopped", True
        self.pending += values[: max(0, _MAX_VALUES - self.job.stored_values - len(self.pending))]
        if values and not has_ended:
            self._store()
        return more

    def _store(self, **columns: object) -> None:
        """Store the state so far; the last metric values are stored with the end, in one transaction."""
        self.records.store_progress(self.job, columns, self.pending)
        self.pending = []

    def remove_folders(self) -> None:
        """Remove the base folders and the `/tmp`, unless `keep_folders` is true."""
        if not self.config.keep_folders:
            remove_base_folders(self._folder)
