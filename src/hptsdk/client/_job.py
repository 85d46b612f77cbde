"""The handle to a tuning job, and the wait for its end with growing pauses."""

from __future__ import annotations

import importlib
import logging
import math
import random
import shlex
from functools import cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Literal, SupportsFloat

import attrs

from hptsdk import errors, shapes
from hptsdk._validation import ENDED, format_value, is_mapping
from hptsdk._validation.call_arguments import suggests_arguments
from hptsdk.client._job_reader import JobReader
from hptsdk.client._logs import MAX_FAILURES, MAX_PAUSE, LogReader, is_worth_a_retry, log_line
from hptsdk.progress import create_display, job_status, status_text
from hptsdk.transport import read_missing_programs, redaction_of, with_redacted_reason, without_secrets

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hptsdk.client._calls import Calls, Clock
    from hptsdk.client._logs import LogEvent
    from hptsdk.progress import Display, Form
    from hptsdk.shapes import DescribeHyperParameterTuningJobResponse

# The maximum number of failed training jobs in an error.
_MAX_FAILED = 5

# While nothing changes, each pause is longer than the last by this factor, up to this multiple of the first pause.
_GROWTH, _MAX_GROWTH, _JITTER = 1.5, 6, 0.25

# Members that change while a job runs although its status does not.
_CHANGING = frozenset({"consumed_resources", "last_modified_time"})

_log = logging.getLogger("hptsdk")


class TuningJob(JobReader):
    """The handle to a tuning job, returned by `TuningClient.create` and `TuningClient.get`.

    A method that calls the service raises ServiceError if the call is rejected, such as ResourceNotFoundError if the
    tuning job does not exist, and TransportError if there is no valid response.
    """

    @suggests_arguments
    def wait(
        self,
        *,
        timeout: float | None = None,
        poll: float | None = None,
        on_update: Callable[[DescribeHyperParameterTuningJobResponse], object] | None = None,
        progress: bool | Literal["bar", "notebook", "lines"] = False,
        logs: bool | Callable[[LogEvent], object] = False,
    ) -> DescribeHyperParameterTuningJobResponse:
        """Wait until the tuning job has ended.

        Args:
            timeout: the maximum number of seconds to wait. Describe is called at least once. Defaults to no limit.
            poll: the seconds between the first two calls of Describe. Defaults to `poll` of the client. While
                nothing changes, the pauses grow to six times this value. Each is changed at random by up to a quarter.
            on_update: called with the first response and each response that differs from the previous one in members
                other than ConsumedResources and LastModifiedTime. Defaults to None.
            progress: True to show a bar in a notebook or a terminal, lines if standard error is a file or a "dumb"
                terminal, and nothing in a pipe; or "bar", "notebook" or "lines". Defaults to False. Each change is also
                an INFO record of the logger ``hptsdk``.
            logs: True to print the logs of the training jobs to standard output when they arrive, without the values of
                environment variables and static hyperparameters; or a function to call with each event as it was
                logged, which may contain secrets. The pauses are then at most 5 seconds. Defaults to False.

        Returns:
            The last response. Its status is Completed or Stopped.

        Raises:
            TuningJobFailed: the tuning job failed, or could not be deleted.
            WaitTimeout: the tuning job did not end in time; it continues.
            ResourceNotFoundError: the tuning job does not exist, or was deleted.
            ServiceError: the service rejected a call, or throttled or failed six calls in a row.
            TransportError: a call was not attempted, or six calls in a row had no valid response.
            TypeError: `timeout` or `poll` is not a number.
            ValueError: `poll` is not above 0, `timeout` is NaN, or `progress` has another value.
            RuntimeError: `progress` is "notebook" outside a notebook.
            KeyboardInterrupt: the wait was interrupted; the job continues, and a note explains how to wait again.

        Example:
            >>> import hptsdk
            >>> from hptsdk.testing import StubTransport
            >>> response = {"HyperParameterTuningJobName": "demo", "HyperParameterTuningJobStatus": "Completed"}
            >>> job = hptsdk.TuningClient(transport=StubTransport(response)).get("demo")
            >>> job.wait(timeout=3600).hyper_parameter_tuning_job_status
            'Completed'
        """
        redaction = cache(lambda: redaction_of(self._last or self.describe()))

        def print_event(event: LogEvent) -> None:
            print(log_line(event, redaction()), flush=True)  # noqa: T201 - the caller requests it

        wait = _Wait(
            job_name=self._name,
            describe=self.describe,
            calls=self._calls,
            timeout=timeout,
            poll=poll,
            on_update=on_update,
            progress=progress,
            on_event=print_event if logs is True else logs or None,
        )
        response = wait.run()
        if response.hyper_parameter_tuning_job_status in {"Failed", "DeleteFailed"}:
            raise self._failure(response)
        return response

    def _failure(self, response: DescribeHyperParameterTuningJobResponse) -> errors.TuningJobFailed:
        """Create the error for a failed job, without secrets that the failure reasons quote."""
        redaction = redaction_of(response)
        summaries = self.training_jobs(status_equals="Failed", sort_by="CreationTime", sort_order="Ascending")
        failed: list[shapes.HyperParameterTrainingJobSummary] = []
        try:
            failed.extend(with_redacted_reason(summary, redaction) for summary in islice(summaries, _MAX_FAILED))
        except errors.HptsdkError as error:
            _log.debug("the failed training jobs could not be listed: %s", type(error).__name__)
        return errors.TuningJobFailed(self._name, response=without_secrets(response), failed_training_jobs=failed)

    def stop(self) -> None:
        """Stop the tuning job and its training jobs. Return when the service has accepted the call.

        See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_StopHyperParameterTuningJob.html

        Raises:
            ValidationRefusedError: the tuning job has ended, or is stopping.
        """
        query = shapes.StopHyperParameterTuningJobRequest(hyper_parameter_tuning_job_name=self._name)
        self._calls.send("StopHyperParameterTuningJob", query)

    def delete(self) -> None:
        """Delete the record of the tuning job. Its training jobs are not deleted.

        See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DeleteHyperParameterTuningJob.html

        Raises:
            ValidationRefusedError: the tuning job has not ended.
        """
        query = shapes.DeleteHyperParameterTuningJobRequest(hyper_parameter_tuning_job_name=self._name)
        self._calls.send("DeleteHyperParameterTuningJob", query)

    def tags(self) -> dict[str, str]:
        """Return the values of the tags of the tuning job by their keys.

        See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ListTags.html

        Example:
            >>> import hptsdk
            >>> from hptsdk.testing import StubTransport
            >>> arn = "arn:aws:sagemaker:us-east-1:123456789012:hyper-parameter-tuning-job/demo"
            >>> stub = StubTransport({"HyperParameterTuningJobArn": arn}, {"Tags": [{"Key": "team", "Value": "ads"}]})
            >>> hptsdk.TuningClient(transport=stub).get("demo").tags()
            {'team': 'ads'}
        """
        pages = self._calls.pages("ListTags", shapes.ListTagsInput(resource_arn=self.arn), shapes.ListTagsOutput)
        return {tag.key: tag.value for page in pages for tag in page.tags or ()}

    def add_tags(self, tags: Mapping[str, str]) -> None:
        """Add tags to the tuning job. The value of an existing tag is replaced.

        See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_AddTags.html

        Args:
            tags: the values of the tags by their keys.

        Raises:
            InvalidShapeError: a tag or the number of tags violates a constraint.
            TypeError: the tags are not a mapping.
        """
        if not is_mapping(tags):
            raise TypeError(f"tags: expected a mapping of keys to values, got {format_value(tags)}")
        added = [shapes.Tag(key=key, value=value) for key, value in tags.items()]
        self._calls.send("AddTags", shapes.AddTagsInput(resource_arn=self.arn, tags=added))

    def delete_tags(self, *keys: str) -> None:
        """Delete the tags with these keys, 1 to 50. Keys without a tag are ignored.

        See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DeleteTags.html

        Raises:
            InvalidShapeError: a key or the number of keys violates a constraint.
        """
        self._calls.send("DeleteTags", shapes.DeleteTagsInput(resource_arn=self.arn, tag_keys=keys))


@attrs.frozen(kw_only=True)
class _Wait:
    """A wait for the end of a tuning job, with the arguments of `TuningJob.wait`.

    Attributes:
        on_event: called with each log event; None to read no logs.
    """

    job_name: str
    describe: Callable[[], DescribeHyperParameterTuningJobResponse]
    calls: Calls
    timeout: float | None
    poll: float | None
    on_update: Callable[[DescribeHyperParameterTuningJobResponse], object] | None
    progress: bool | Form
    on_event: Callable[[LogEvent], object] | None

    def run(self) -> DescribeHyperParameterTuningJobResponse:
        """Wait until the tuning job has ended, and return the last response. See `TuningJob.wait` for the errors."""
        display = create_display(progress=self.progress)
        try:
            return self._poll(display)
        except (errors.WaitTimeout, KeyboardInterrupt) as error:
            if note := self._missing_programs() if isinstance(error, errors.WaitTimeout) else self._how_to_continue():
                error.add_note(note)
            raise
        finally:
            if display:
                display.close()

    def _poll(self, display: Display | None) -> DescribeHyperParameterTuningJobResponse:
        """Call Describe with growing pauses until the tuning job has ended, and return the last response."""
        clock = self.calls.clock
        poll = _seconds(self.calls.poll if self.poll is None else self.poll, "poll")
        if not poll > 0:
            raise ValueError(f"poll: expected a number of seconds above 0, got {format_value(poll)}")
        timeout = math.inf if self.timeout is None else _seconds(self.timeout, "timeout")
        # a point in time, because the sum of the pauses can differ from the time-out by rounding
        deadline = clock.monotonic() + timeout
        last: DescribeHyperParameterTuningJobResponse | None = None
        reader = LogReader(self.calls, self.job_name) if self.on_event else None
        pause, failures, longest = poll, 0, MAX_PAUSE if reader else math.inf
        while True:
            try:
                response = self._describe()
                self._read_logs(reader, response, display)
            except (errors.ServiceError, errors.TransportError) as error:
                failures += 1
                if failures > MAX_FAILURES or not is_worth_a_retry(error):
                    raise
            else:
                failures = 0
                has_changed = last is None or _differ(last, response)
                pause = poll if has_changed else pause
                self._show(response, display, has_changed=has_changed)
                last = response
                if response.hyper_parameter_tuning_job_status in ENDED:
                    return response
            now = clock.monotonic()
            if now >= deadline:
                redacted = without_secrets(last) if last else None
                raise errors.WaitTimeout(self.job_name, timeout=timeout, response=redacted)
            jittered = pause * random.uniform(1 - _JITTER, 1 + _JITTER)  # noqa: S311 - spreads calls; not a secret
            _sleep_until(clock, min(now + min(jittered, longest), deadline), display.tick if display else None)
            pause = min(pause * _GROWTH, poll * _MAX_GROWTH)

    def _describe(self) -> DescribeHyperParameterTuningJobResponse:
        """Describe the job. A KeyboardInterrupt is raised without the frames of botocore, which would hide its note."""
        try:
            return self.describe()
        except KeyboardInterrupt as interrupt:
            raise interrupt.with_traceback(None) from None

    def _show(
        self, response: DescribeHyperParameterTuningJobResponse, display: Display | None, *, has_changed: bool
    ) -> None:
        """Update the display. If the response has changed, also log it and call `on_update`."""
        status = job_status(response)
        if has_changed:
            if display:
                display.clear()
            _log.info("%s", status_text(status))
            if self.on_update:
                self.on_update(response)
        if display:
            display.show(status)

    def _read_logs(
        self, reader: LogReader | None, response: DescribeHyperParameterTuningJobResponse, display: Display | None
    ) -> None:
        """Call `on_event` with each new log event."""
        if reader and self.on_event:
            reader.start_from(response.creation_time)
            for event in reader.new_events():
                if display:
                    display.clear()
                self.on_event(event)

    def _missing_programs(self) -> str:
        """Return a note about the missing programs of a local tuning job; empty text if no program is missing."""
        root = self.calls.local_root
        programs = read_missing_programs(Path(root)) if root is not None else []
        missing = [program for program in programs if self.job_name in program.tuning_jobs]
        if not missing:
            return ""
        problems = "; ".join(program.problem for program in missing)
        targets = [f"image={one.image!r}" if one.image else f"algorithm={one.algorithm!r}" for one in missing]
        calls = " and ".join(f"service.add_program(program, {target})" for target in targets)
        return f"The tuning job {self.job_name} starts no training jobs: {problems}. To continue it now, call {calls}."

    def _how_to_continue(self) -> str:
        """Return how to continue an interrupted wait, in Python and on the command line if it can call the service."""
        options, root = self.calls.command_options(), self.calls.local_root
        again = f"client.get({self.job_name!r}).wait({f'progress={self.progress!r}' if self.progress else ''})"
        watch = shlex.join(["hptsdk", "watch", self.job_name, *options]) if options is not None else ""
        if root is not None:
            # imported here, because it imports this package
            serve = importlib.import_module("hptsdk.local").serve_command(root)
            return (
                f"The tuning job {self.job_name} continues while its local service is open. Wait for it again with "
                f"{again}. After this program has ended, open the service again with the command:\n  {serve}\n"
                f"and watch the tuning job in another terminal with:\n  {watch}"
            )
        note = f"The tuning job {self.job_name} continues. Wait for it again with {again}"
        return f"{note}, or with the command:\n  {watch}" if watch else f"{note}."


def _seconds(value: object, option: str) -> float:
    """Return the number of seconds that was passed as an option, which must be a number and not NaN."""
    if isinstance(value, bool) or not isinstance(value, SupportsFloat):
        hint = "; use its total_seconds()" if hasattr(value, "total_seconds") else ""
        raise TypeError(f"{option}: expected a number of seconds, got {format_value(value)}{hint}")
    seconds = float(value)
    if math.isnan(seconds):
        raise ValueError(f"{option}: expected a number of seconds, got nan")
    return seconds


def _differ(one: DescribeHyperParameterTuningJobResponse, other: DescribeHyperParameterTuningJobResponse) -> bool:
    """Check whether two responses differ in members other than `_CHANGING`."""
    names = [field.name for field in attrs.fields(type(other)) if field.name not in _CHANGING]
    return any(getattr(one, name) != getattr(other, name) for name in names)


def _sleep_until(clock: Clock, end: float, on_tick: Callable[[], object] | None) -> None:
    """Sleep until a point in time, and call `on_tick`, if it is set, at least every second."""
    now = clock.monotonic()
    while now < end:
        # a sleep may end a little early because of rounding; the remaining time is exact
        clock.sleep(min(1.0, end - now) if on_tick else end - now)
        if on_tick:
            on_tick()
        before, now = now, clock.monotonic()
        if now <= before:  # the clock does not advance, so the loop would not end
            return
