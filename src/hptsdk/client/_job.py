"""The handle to a tuning job."""

from __future__ import annotations

import logging
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

from hptsdk import errors, shapes
from hptsdk._validation import ENDED, names_arguments, store_tuned_names, suggests_arguments
from hptsdk.client._html import console_url, job_html
from hptsdk.client._polling import Wait
from hptsdk.client._request_comparison import request_from
from hptsdk.transport import redaction_of, with_redacted_reason, without_secrets

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterator, Mapping

    import pandas as pd  # pyright: ignore[reportMissingImports] - not installed for the type checkers

    from hptsdk.client._calls import Calls
    from hptsdk.enums import SortOrder, TrainingJobSortByOptions, TrainingJobStatus
    from hptsdk.report import JobPlots, JobResults

__all__ = ["TuningJob"]

# The maximum number of failed training jobs in an error.
_MAX_FAILED = 5

_log = logging.getLogger("hptsdk")


class TuningJob:
    """The handle to a tuning job, returned by `TuningClient.create` and `TuningClient.get`."""

    def __init__(self, calls: Calls, name: str, arn: str | None = None) -> None:
        self._calls = calls
        self._name = name
        self._arn = arn
        self._last: shapes.DescribeHyperParameterTuningJobResponse | None = None

    @property
    def name(self) -> str:
        """The name of the tuning job."""
        return self._name

    @property
    def arn(self) -> str:
        """The ARN of the tuning job. Calls Describe on first use if it is not known."""
        if self._arn is None:
            self._arn = self.describe().hyper_parameter_tuning_job_arn
        return self._arn

    @property
    def console_url(self) -> str:
        """The URL of the tuning job in the AWS console, in the region of its ARN."""
        return console_url(self._name, self.arn)

    def __repr__(self) -> str:
        """Return the class and the name."""
        return f"TuningJob(name={self._name!r})"

    def _repr_html_(self) -> str:
        """Return a summary of the last response and a link to the AWS console, without a call."""
        return job_html(self._name, self._arn, self._calls.endpoint_url, self._last)

    @property
    def _final_response(self) -> shapes.DescribeHyperParameterTuningJobResponse | None:
        """The last response, if the job has ended."""
        last = self._last
        return last if last is not None and last.hyper_parameter_tuning_job_status in ENDED else None

    # --- status ---

    def describe(self) -> shapes.DescribeHyperParameterTuningJobResponse:
        """Describe the tuning job.

        See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeHyperParameterTuningJob.html

        Raises:
            ResourceNotFoundError: the tuning job does not exist.
            UnexpectedResponseError: the response is about another job.
        """
        self._last = self._calls.describe(self._name)
        return self._last

    @suggests_arguments
    def wait(
        self,
        *,
        timeout: float | None = None,
        poll: float | None = None,
        on_update: Callable[[shapes.DescribeHyperParameterTuningJobResponse], object] | None = None,
        progress: bool | Literal["bar", "notebook", "lines"] = False,
    ) -> shapes.DescribeHyperParameterTuningJobResponse:
        """Wait until the tuning job has completed or was stopped.

        Args:
            timeout: the maximum number of seconds. Defaults to no limit.
            poll: the seconds between the first two calls of Describe. Defaults to the client's, which is 10. While
                nothing changes, the pauses grow to six times as much. Each is changed at random by up to a quarter.
            on_update: called with the first response and each response that differs from the previous one in more than
                its running time and the time of its last change. Defaults to None.
            progress: True to show a bar in a notebook or a terminal, and lines if standard error is a file; or the
                name of a form, to show this form. Defaults to False. Each change is also an INFO record of the logger
                ``hptsdk``.

        Returns:
            The last response. Its status is Completed or Stopped.

        Raises:
            TuningJobFailed: the tuning job failed, or could not be deleted.
            WaitTimeout: the tuning job did not end in time; it continues.
            ResourceNotFoundError: the tuning job does not exist, or was deleted.
            TypeError: `timeout` or `poll` is not a number.
            ValueError: `poll` is not above 0, or the form of `progress` does not exist.
            RuntimeError: `progress` is "notebook" outside a notebook.
            KeyboardInterrupt: the wait was interrupted; the tuning job continues, and the note of the error explains
                how to wait again.

        Example:
            >>> import hptsdk
            >>> from hptsdk.testing import StubTransport
            >>> response = {"HyperParameterTuningJobName": "demo", "HyperParameterTuningJobStatus": "Completed"}
            >>> job = hptsdk.TuningClient(transport=StubTransport(response)).get("demo")
            >>> job.wait(timeout=3600).hyper_parameter_tuning_job_status
            'Completed'
        """
        wait = Wait(
            job_name=self._name,
            describe=self.describe,
            calls=self._calls,
            timeout=timeout,
            poll=poll,
            on_update=on_update,
            progress=progress,
        )
        response = wait.run()
        if response.hyper_parameter_tuning_job_status in {"Failed", "DeleteFailed"}:
            raise self._failure(response)
        return response

    def _failure(self, response: shapes.DescribeHyperParameterTuningJobResponse) -> errors.TuningJobFailed:
        """Create the error for a failed job, without secrets that the failure reasons quote."""
        redaction = redaction_of(response)
        summaries = self.training_jobs(status_equals="Failed", sort_by="CreationTime", sort_order="Ascending")
        failed: list[shapes.HyperParameterTrainingJobSummary] = []
        try:
            failed.extend(with_redacted_reason(summary, redaction) for summary in islice(summaries, _MAX_FAILED))
        except errors.HptsdkError as error:
            _log.debug("the failed training jobs could not be listed: %s", type(error).__name__)
        return errors.TuningJobFailed(self._name, response=without_secrets(response), failed_training_jobs=failed)

    # --- results ---

    @names_arguments(page_size="MaxResults")
    def training_jobs(
        self,
        *,
        status_equals: TrainingJobStatus | None = None,
        sort_by: TrainingJobSortByOptions | None = None,
        sort_order: SortOrder | None = None,
        page_size: int | None = None,
    ) -> Iterator[shapes.HyperParameterTrainingJobSummary]:
        """List the training jobs of the tuning job. A page is requested when its first training job is needed.

        See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ListTrainingJobsForHyperParameterTuningJob.html

        Args:
            status_equals: only training jobs with this status.
            sort_by: Defaults to Name. FinalObjectiveMetricValue omits training jobs without one.
            sort_order: Defaults to Ascending.
            page_size: the maximum number of training jobs in a page, from 1 to 100. Defaults to 10.

        Raises:
            ServiceError: the service rejected the call; raised when a page is requested.
        """
        query = shapes.ListTrainingJobsForHyperParameterTuningJobRequest(
            hyper_parameter_tuning_job_name=self._name,
            status_equals=status_equals,
            sort_by=sort_by,
            sort_order=sort_order,
            max_results=page_size,
        )
        pages = self._calls.pages(
            "ListTrainingJobsForHyperParameterTuningJob",
            query,
            shapes.ListTrainingJobsForHyperParameterTuningJobResponse,
        )
        return (summary for page in pages for summary in page.training_job_summaries or ())

    @property
    def best(self) -> shapes.HyperParameterTrainingJobSummary | None:
        """The best training job so far, with its hyperparameters and objective value; None if there is none yet.

        Calls Describe, unless the tuning job is known to have ended.
        """
        return (self._final_response or self.describe()).best_training_job

    def best_training_job(self) -> shapes.DescribeTrainingJobResponse | None:
        """Describe the best training job, with its model artifacts; None if there is none yet.

        See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeTrainingJob.html
        """
        best = self.best
        if best is None:
            return None
        response = self._calls.describe_training_job(best.training_job_name)
        store_tuned_names(response, best.tuned_hyper_parameters)
        return response

    def request(self) -> shapes.CreateHyperParameterTuningJobRequest:
        """Create a request that creates the tuning job again, without added members and tags.

        Warns about members that hptsdk does not model, which are omitted.

        Raises:
            InvalidShapeError: the tuning job has a member or a value that is invalid in a request.
        """
        return request_from(self._final_response or self.describe())

    def report(self, path: str | os.PathLike[str]) -> Path:
        """Write a self-contained HTML report about the tuning job with its plots and its training jobs.

        The report has the request without the values of environment variables and static hyperparameters, which may
        be secrets.

        Args:
            path: the file to write. An existing file is replaced.

        Returns:
            The path.

        Raises:
            ResourceNotFoundError: the tuning job does not exist.
            OSError: the file cannot be written.
        """
        from hptsdk.report import report_page

        target = Path(path)
        page = report_page(self.describe(), self.training_jobs(sort_by="Name", page_size=100))
        target.write_text(page, encoding="utf-8")
        return target

    def plots(self) -> JobPlots:
        """Create plots of the tuning job: its objective over time, its hyperparameters, and their importance.

        Describes the tuning job and lists its training jobs. The plots do not change afterwards.

        Raises:
            ResourceNotFoundError: the tuning job does not exist.

        Example:
            >>> import hptsdk
            >>> from hptsdk.testing import StubTransport
            >>> stub = StubTransport({"HyperParameterTuningJobName": "demo"}, {"TrainingJobSummaries": []})
            >>> hptsdk.TuningClient(transport=stub).get("demo").plots()
            JobPlots(name='demo', training_jobs=0)
        """
        from hptsdk.report import JobPlots

        return JobPlots(self._results())

    def to_dataframe(self) -> pd.DataFrame:  # pyright: ignore[reportUnknownParameterType, reportUnknownMemberType]
        """Create a pandas DataFrame with a row for each training job.

        Its columns are name, status, objective, start, end, seconds, definition and reason, and one for each tuned
        hyperparameter: numbers as numbers, categories as text. A hyperparameter with the name of another column has
        the prefix "hyperparameter ". Integers are exact: if one is too large for pandas' own type, the column has
        Python's integers.

        Raises:
            ImportError: pandas is not installed, or cannot be imported.
            ResourceNotFoundError: the tuning job does not exist.
        """
        from hptsdk.report import data_frame

        return cast("pd.DataFrame", data_frame(self._results()))  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]

    def _results(self) -> JobResults:
        from hptsdk.report import job_results

        return job_results(self.describe(), self.training_jobs(sort_by="Name", page_size=100))

    # --- changes ---

    def stop(self) -> None:
        """Stop the tuning job and its training jobs. Returns when the service has accepted the call.

        See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_StopHyperParameterTuningJob.html

        Raises:
            ResourceNotFoundError: the tuning job does not exist.
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
        """Return the tags of the tuning job.

        See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ListTags.html

        Example:
            >>> import hptsdk
            >>> from hptsdk.testing import StubTransport
            >>> arn = "arn:aws:sagemaker:us-east-1:123456789012:hyper-parameter-tuning-job/demo"
            >>> described = {"HyperParameterTuningJobName": "demo", "HyperParameterTuningJobArn": arn}
            >>> stub = StubTransport(described, {"Tags": [{"Key": "team", "Value": "growth"}]})
            >>> hptsdk.TuningClient(transport=stub).get("demo").tags()
            {'team': 'growth'}
        """
        pages = self._calls.pages("ListTags", shapes.ListTagsInput(resource_arn=self.arn), shapes.ListTagsOutput)
        return {tag.key: tag.value for page in pages for tag in page.tags or ()}

    def add_tags(self, tags: Mapping[str, str]) -> None:
        """Add tags to the tuning job. The value of an existing tag is replaced.

        See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_AddTags.html

        Args:
            tags: the values of the tags by their keys.

        Raises:
            InvalidShapeError: a tag is invalid.
        """
        added = [shapes.Tag(key=key, value=value) for key, value in tags.items()]
        self._calls.send("AddTags", shapes.AddTagsInput(resource_arn=self.arn, tags=added))

    def delete_tags(self, *keys: str) -> None:
        """Delete the tags with these keys. Keys without a tag are ignored.

        See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DeleteTags.html
        """
        self._calls.send("DeleteTags", shapes.DeleteTagsInput(resource_arn=self.arn, tag_keys=keys))
