"""The handle to a tuning job."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

from hptsdk import errors
from hptsdk._validation import ENDED, names_arguments, note_tuned, reach, suggests_arguments, text
from hptsdk.client._comparison import as_request
from hptsdk.client._polling import interruption_note, wait_until_ended
from hptsdk.progress import create_display, job_status, status_text
from hptsdk.shapes import (
    AddTagsInput,
    DeleteHyperParameterTuningJobRequest,
    DeleteTagsInput,
    DescribeTrainingJobRequest,
    DescribeTrainingJobResponse,
    HyperParameterTrainingJobSummary,
    ListTagsInput,
    ListTagsOutput,
    ListTrainingJobsForHyperParameterTuningJobRequest,
    ListTrainingJobsForHyperParameterTuningJobResponse,
    StopHyperParameterTuningJobRequest,
    Tag,
)

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterator, Mapping

    import pandas as pd  # pyright: ignore[reportMissingImports] - not there where types are checked

    from hptsdk.client._client import TuningClient
    from hptsdk.enums import SortOrder, TrainingJobSortByOptions, TrainingJobStatus
    from hptsdk.report import JobPlots, Study
    from hptsdk.shapes import CreateHyperParameterTuningJobRequest, DescribeHyperParameterTuningJobResponse

__all__ = ["TuningJob"]

_FAILED_SHOWN = 5


class TuningJob:
    """A tuning job by its name, and the calls about it; made by `TuningClient.create` and `TuningClient.get`."""

    def __init__(self, client: TuningClient, name: str, arn: str | None = None) -> None:
        self._client = client
        self._name = name
        self._arn = arn
        self._last: DescribeHyperParameterTuningJobResponse | None = None

    @property
    def name(self) -> str:
        """The job's name."""
        return self._name

    @property
    def arn(self) -> str:
        """The job's ARN; described on first use where it is not known."""
        if self._arn is None:
            self._arn = self.describe().hyper_parameter_tuning_job_arn
        return self._arn

    @property
    def console_url(self) -> str:
        """Where the AWS console shows the job; its region is taken from the ARN."""
        from hptsdk.client._html import console_url  # on first use only

        return console_url(self._name, self.arn)

    def __repr__(self) -> str:
        """Show the name."""
        return f"TuningJob(name={self._name!r})"

    def _repr_html_(self) -> str:
        """Return what is known without a call: the last response, and where the AWS console shows the job."""
        from hptsdk.client._html import job_html  # on first use only

        # set by an argument, the environment or a profile
        url = text(reach(self._client, "_transport", "endpoint_url"))
        return job_html(self._name, self._arn, url, self._last)

    @property
    def _ended(self) -> DescribeHyperParameterTuningJobResponse | None:
        """The last response, if the job has ended."""
        last = self._last
        return last if last is not None and last.hyper_parameter_tuning_job_status in ENDED else None

    # --- what it is doing ---

    def describe(self) -> DescribeHyperParameterTuningJobResponse:
        """Ask the service for the job's state.

        Raises:
            ResourceNotFoundError: there is no such job.
            UnexpectedResponseError: the response is about another job.
        """
        response = self._client.describe(self._name)
        self._last = response
        return response

    @suggests_arguments
    def wait(
        self,
        *,
        timeout: float | None = None,
        poll: float | None = None,
        on_update: Callable[[DescribeHyperParameterTuningJobResponse], object] | None = None,
        progress: bool | Literal["bar", "notebook", "lines"] = False,
    ) -> DescribeHyperParameterTuningJobResponse:
        """Wait until the job has completed or was stopped.

        Args:
            timeout: seconds to wait at most. Defaults to no limit.
            poll: seconds between the first two calls. Defaults to the client's. While nothing changes, the pauses
                grow to six times as much; each is a little longer or shorter at random.
            on_update: called with the first response and each that differs from the one before in more than its
                running time and the time of its last change.
            progress: shows how far the job is: in a notebook and a terminal as a bar, in a log file that standard error
                goes to as lines, and nowhere else. A form by its name is shown wherever standard error goes. A change
                is also an INFO record of the logger ``hptsdk``, whatever is said here.

        Returns:
            The last response; its status is Completed or Stopped.

        Raises:
            TuningJobFailed: the job failed, or could not be deleted.
            WaitTimeout: the job did not end in time; it goes on.
            ResourceNotFoundError: there is no such job, or none any more.
            TypeError: `timeout` or `poll` is not a number.
            ValueError: `poll` is not above 0, or there is no such form of `progress`.
            RuntimeError: `progress` is "notebook" outside a notebook.
            KeyboardInterrupt: the wait was interrupted; the job goes on, and the error's note says how to wait again.
        """
        display = create_display(progress=progress)

        def see(response: DescribeHyperParameterTuningJobResponse, has_changed: bool) -> None:  # noqa: FBT001 - by position
            status = job_status(response)
            if has_changed:
                if display:
                    display.clear()
                self._client.log.info("%s", status_text(status))
                if on_update:
                    on_update(response)
            if display:
                display.show(status)

        try:
            response = wait_until_ended(
                self._describe_in_wait,
                job_name=self._name,
                clock=self._client.clock,
                poll=self._client.poll if poll is None else poll,
                timeout=timeout,
                on_response=see,
                on_tick=display.tick if display else None,
            )
        except KeyboardInterrupt as interrupt:
            options, root = self._client.command_options(), self._client.local_root
            interrupt.add_note(interruption_note(self._name, options, root, progress=progress))
            raise
        finally:
            if display:
                display.close()
        if response.hyper_parameter_tuning_job_status in {"Failed", "DeleteFailed"}:
            raise self._failure(response)
        return response

    def _describe_in_wait(self) -> DescribeHyperParameterTuningJobResponse:
        """Describe the job; a KeyboardInterrupt has no frames of botocore, which would hide the note of the wait."""
        try:
            return self.describe()
        except KeyboardInterrupt as interrupt:
            raise interrupt.with_traceback(None) from None

    def _failure(self, response: DescribeHyperParameterTuningJobResponse) -> errors.TuningJobFailed:
        """Say why a job failed, without the secrets that programs told."""
        from hptsdk.transport import redaction_of, with_redacted_reason, without_secrets  # on first use only

        redaction = redaction_of(response)
        failed = [with_redacted_reason(summary, redaction) for summary in self._failed_training_jobs()]
        return errors.TuningJobFailed(self._name, response=without_secrets(response), failed_training_jobs=failed)

    def _failed_training_jobs(self) -> list[HyperParameterTrainingJobSummary]:
        """Find the first few training jobs that failed; the failure itself is told without them if that fails."""
        found: list[HyperParameterTrainingJobSummary] = []
        try:
            for summary in self.training_jobs(status_equals="Failed", sort_by="CreationTime", sort_order="Ascending"):
                found.append(summary)
                if len(found) == _FAILED_SHOWN:
                    break
        except errors.HptsdkError as error:
            self._client.log.debug("the failed training jobs could not be listed: %s", type(error).__name__)
        return found

    # --- what it found ---

    @names_arguments(page_size="MaxResults")
    def training_jobs(
        self,
        *,
        status_equals: TrainingJobStatus | None = None,
        sort_by: TrainingJobSortByOptions | None = None,
        sort_order: SortOrder | None = None,
        page_size: int | None = None,
    ) -> Iterator[HyperParameterTrainingJobSummary]:
        """Go through the training jobs that it launched, page by page as they are asked for.

        Args:
            status_equals: only those of this status.
            sort_by: Defaults to Name. FinalObjectiveMetricValue leaves out training jobs without one.
            sort_order: Defaults to Ascending.
            page_size: how many the service gives at once.
        """
        query = ListTrainingJobsForHyperParameterTuningJobRequest(
            hyper_parameter_tuning_job_name=self._name,
            status_equals=status_equals,
            sort_by=sort_by,
            sort_order=sort_order,
            max_results=page_size,
        )
        pages = self._client.pages(
            "ListTrainingJobsForHyperParameterTuningJob", query, ListTrainingJobsForHyperParameterTuningJobResponse
        )
        return (summary for page in pages for summary in page.training_job_summaries or ())

    @property
    def best(self) -> HyperParameterTrainingJobSummary | None:
        """The best training job so far, with its hyperparameters and objective value; None before there is one.

        Describes the job, unless it is known to have ended.
        """
        return (self._ended or self.describe()).best_training_job

    def best_training_job(self) -> DescribeTrainingJobResponse | None:
        """Describe the best training job; its model artifacts are in the answer. None before there is one."""
        best = self.best
        if best is None:
            return None
        query = DescribeTrainingJobRequest(training_job_name=best.training_job_name)
        response = self._client.answer("DescribeTrainingJob", query, DescribeTrainingJobResponse)
        note_tuned(response, best.tuned_hyper_parameters)
        return response

    def request(self) -> CreateHyperParameterTuningJobRequest:
        """Rebuild a request that can be created again, with what SageMaker put in taken out; without tags.

        What hptsdk does not model is left out with a warning.

        Raises:
            InvalidShapeError: the job holds something that a request may not.
        """
        return as_request(self._ended or self.describe())

    def report(self, path: str | os.PathLike[str]) -> Path:
        """Write a page about the job as it stands: one HTML file with pictures, which needs nothing else.

        It shows the request without the values of environment variables and static hyperparameters, which may be
        secrets.

        Args:
            path: where; an existing file is replaced.

        Returns:
            The path.

        Raises:
            ResourceNotFoundError: there is no such job.
            OSError: the file can't be written.
        """
        from hptsdk.report import report_page  # on first use only

        target = Path(path)
        page = report_page(self.describe(), self.training_jobs(sort_by="Name", page_size=100))
        target.write_text(page, encoding="utf-8")
        return target

    def plots(self) -> JobPlots:
        """Draw the job as it stands: its objective over time, its hyperparameters, and what mattered.

        Describes the job and lists its training jobs; the pictures don't change afterwards.

        Raises:
            ResourceNotFoundError: there is no such job.

        Example:
            >>> import hptsdk
            >>> from hptsdk.testing import StubTransport
            >>> stub = StubTransport({"HyperParameterTuningJobName": "demo"}, {"TrainingJobSummaries": []})
            >>> hptsdk.TuningClient(transport=stub).get("demo").plots()
            JobPlots(name='demo', training_jobs=0)
        """
        from hptsdk.report import JobPlots  # on first use only

        return JobPlots(self._study())

    def to_dataframe(self) -> pd.DataFrame:  # pyright: ignore[reportUnknownParameterType, reportUnknownMemberType]
        """Make a pandas DataFrame with a row for each training job.

        Its columns are name, status, objective, start, end, seconds, definition and reason, and one for each
        hyperparameter that is searched: numbers as numbers, categories as text. A hyperparameter that is called as one
        of the others has "hyperparameter " before its name, as often as it takes. Integers are exact: what is too large
        for pandas' own type comes as Python's.

        Raises:
            ImportError: pandas is not installed, or can't be imported.
            ResourceNotFoundError: there is no such job.
        """
        from hptsdk.report import frame_of  # on first use only

        found = frame_of(self._study())
        return cast("pd.DataFrame", found)  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]

    def _study(self) -> Study:
        from hptsdk.report import study_of  # on first use only

        return study_of(self.describe(), self.training_jobs(sort_by="Name", page_size=100))

    # --- what can be done with it ---

    def stop(self) -> None:
        """Stop the job and all its training jobs; returns once the service has agreed to."""
        query = StopHyperParameterTuningJobRequest(hyper_parameter_tuning_job_name=self._name)
        self._client.send("StopHyperParameterTuningJob", query)

    def delete(self) -> None:
        """Delete the job's entry; its training jobs stay."""
        query = DeleteHyperParameterTuningJobRequest(hyper_parameter_tuning_job_name=self._name)
        self._client.send("DeleteHyperParameterTuningJob", query)

    def tags(self) -> dict[str, str]:
        """Read the job's tags."""
        pages = self._client.pages("ListTags", ListTagsInput(resource_arn=self.arn), ListTagsOutput)
        return {tag.key: tag.value for page in pages for tag in page.tags or ()}

    def add_tags(self, tags: Mapping[str, str]) -> None:
        """Add tags, or change the values of those that are there."""
        added = [Tag(key=key, value=value) for key, value in tags.items()]
        self._client.send("AddTags", AddTagsInput(resource_arn=self.arn, tags=added))

    def delete_tags(self, *keys: str) -> None:
        """Delete the tags of these keys."""
        self._client.send("DeleteTags", DeleteTagsInput(resource_arn=self.arn, tag_keys=keys))
