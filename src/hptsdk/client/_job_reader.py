"""The calls of a handle to a tuning job that do not change the tuning job."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Literal, overload

import attrs

from hptsdk import shapes
from hptsdk._validation import ENDED, member_at, store_tuned_names, text
from hptsdk._validation.call_arguments import names_arguments, suggests_arguments
from hptsdk.client._logs import LogReader, start_time
from hptsdk.client._request_comparison import request_from
from hptsdk.progress import tuning_job_summary
from hptsdk.transport import is_aws_endpoint

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime, timedelta

    import pandas as pd  # pyright: ignore[reportMissingImports] - not installed for the type checkers
    import polars as pl  # pyright: ignore[reportMissingImports] - likewise

    from hptsdk.client._calls import Calls
    from hptsdk.client._logs import LogEvent
    from hptsdk.enums import SortOrder, TrainingJobSortByOptions, TrainingJobStatus
    from hptsdk.report import JobPlots

# The host of the AWS console by the partition of an ARN. Other partitions have the one of "aws".
_CONSOLES = {
    "aws": "console.aws.amazon.com",
    "aws-cn": "console.amazonaws.cn",
    "aws-us-gov": "console.amazonaws-us-gov.com",
}


class JobReader:
    """The calls of a handle to a tuning job that do not change the tuning job."""

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
        """The ARN of the tuning job. Calls Describe on first use, unless `TuningClient.create` returned the handle.

        Raises:
            UnexpectedResponseError: the response has no ARN, or is about another job.
        """
        if self._arn is None:
            self._last = self._calls.describe(self._name, "hyper_parameter_tuning_job_arn")
            self._arn = self._last.hyper_parameter_tuning_job_arn
        return self._arn

    @property
    def console_url(self) -> str:
        """The URL of the tuning job in the AWS console, in the region of `arn`."""
        _, partition, _, region, *_ = self.arn.split(":")
        host = _CONSOLES.get(partition, _CONSOLES["aws"])
        return f"https://{region}.{host}/sagemaker/home?region={region}#/hyper-tuning-jobs/{self._name}"

    def __repr__(self) -> str:
        """Return the class and the name."""
        return f"{type(self).__name__}(name={self._name!r})"

    def _repr_html_(self) -> str:
        """Return a summary of the last response and, if known, a link to the console, without a call."""
        if self._last is None:
            summary, rows = f"<div>Tuning job <b>{escape(self._name)}</b></div>", ["describe() shows its status"]
        else:
            summary = attrs.evolve(tuning_job_summary(self._last), name=self._name).html
            rows = [] if self._final_response else ["describe() shows its current status"]
        if self._arn is not None and is_aws_endpoint(self._calls.endpoint_url):
            rows.append(f'<a href="{escape(self.console_url)}" target="_blank" rel="noopener">console</a>')
        return summary + "".join(f"<div>{row}</div>" for row in rows)

    @property
    def _final_response(self) -> shapes.DescribeHyperParameterTuningJobResponse | None:
        """The last response, if the job has ended; None otherwise."""
        last = self._last
        return last if last is not None and last.hyper_parameter_tuning_job_status in ENDED else None

    def describe(self) -> shapes.DescribeHyperParameterTuningJobResponse:
        """Describe the tuning job.

        See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeHyperParameterTuningJob.html

        Raises:
            UnexpectedResponseError: the response is about another job.
        """
        self._last = self._calls.describe(self._name)
        return self._last

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
            status_equals: only training jobs with this status. Defaults to all.
            sort_by: "Name", "Status", "CreationTime", or "FinalObjectiveMetricValue", which omits training jobs without
                this value. Defaults to "Name".
            sort_order: "Ascending" or "Descending". Defaults to "Ascending".
            page_size: the maximum number of training jobs in a page, from 1 to 100. Defaults to 10.

        Raises:
            InvalidShapeError: the service would reject an argument.
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
        """Describe the best training job, with its model artifacts; None if there is none yet."""
        best = self.best
        if best is None:
            return None
        response = self._calls.describe_training_job(best.training_job_name)
        store_tuned_names(response, best.tuned_hyper_parameters)
        return response

    @property
    def best_model_uri(self) -> str | None:
        """The S3 URI of the model of the best training job; None if there is none yet. Calls `best_training_job`."""
        best = self.best_training_job()
        uri = member_at(best, "model_artifacts", "s3_model_artifacts")
        return text(uri) or None

    @property
    def best_hyperparameters(self) -> dict[str, int | float | str] | None:
        """The tuned hyperparameters of the best training job; None if there is none yet.

        The range of each decides its type: int for an integer range, float for a continuous one, str for a categorical
        one. Without a range, as with Autotune, a number is a float. Calls Describe, unless the tuning job is known to
        have ended.

        Example:
            >>> import hptsdk
            >>> from hptsdk.testing import StubTransport
            >>> best = {"TrainingJobName": "demo-001-5b1e9a0c", "TunedHyperParameters": {"max_depth": "6"}}
            >>> ranges = {"IntegerParameterRanges": [{"Name": "max_depth", "MinValue": "2", "MaxValue": "10"}]}
            >>> described = {
            ...     "HyperParameterTuningJobName": "demo",
            ...     "HyperParameterTuningJobConfig": {"ParameterRanges": ranges},
            ...     "BestTrainingJob": best,
            ... }
            >>> hptsdk.TuningClient(transport=StubTransport(described)).get("demo").best_hyperparameters
            {'max_depth': 6}
        """
        from hptsdk.report import typed_hyperparameters

        response = self._final_response or self.describe()
        best = response.best_training_job
        return None if best is None else typed_hyperparameters(response, best)

    @suggests_arguments
    def logs(
        self,
        *,
        training_job: str | None = None,
        since: datetime | timedelta | None = None,
        follow: bool | Callable[[], bool] = False,
    ) -> Iterator[LogEvent]:
        """Read the logs of the training jobs, merged by time, page by page.

        SageMaker writes them to the log group ``/aws/sagemaker/TrainingJobs`` of CloudWatch Logs. Reading requires the
        permissions ``logs:FilterLogEvents`` and ``sagemaker:DescribeHyperParameterTuningJob``; with `training_job`,
        ``sagemaker:DescribeTrainingJob`` replaces the second one.

        See https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html

        Args:
            training_job: only the logs of this training job. Defaults to all training jobs.
            since: only events from this aware datetime on, or of this duration before now. Defaults to all events.
            follow: True to wait for more events until the tuning job, or the training job, has ended, with pauses of at
                most 5 seconds; or a function that is called after each pause, and ends the wait earlier if it returns
                False. Defaults to False.

        Yields:
            The events; none if no training job has started. Their messages can contain secrets that programs print.

        Raises:
            TypeError: `since` is neither a datetime nor a timedelta.
            ValueError: `since` is a datetime without a time zone, or a negative duration.
            InvalidShapeError: no training job can have this name. This and the next errors are raised when an event is
                needed.
            ServiceError: the job does not exist, or a call was rejected.
            TransportError: there was no valid response. With `follow`, a call that was throttled, failed or had no
                response is repeated up to five times in a row.

        Example:
            >>> import hptsdk
            >>> from hptsdk.testing import StubTransport
            >>> described = {"HyperParameterTuningJobName": "demo", "HyperParameterTuningJobStatus": "Completed"}
            >>> event = {"logStreamName": "demo-001-5b1e9a0c/algo-1-1700000000", "timestamp": 0, "message": "loss=0.5"}
            >>> client = hptsdk.TuningClient(transport=StubTransport(described, {"events": [event]}))
            >>> [event.message for event in client.get("demo").logs()]
            ['loss=0.5']
        """
        reader = LogReader(self._calls, self._name, training_job, start_time(since))
        if callable(follow):
            return reader.follow(follow)
        return reader.follow() if follow else reader.all_events()

    def request(self) -> shapes.CreateHyperParameterTuningJobRequest:
        """Create a request that creates the tuning job again, without tags and the members that SageMaker added.

        It has the same name: change it with ``attrs.evolve(request, hyper_parameter_tuning_job_name=...)``. Calls
        Describe, unless the tuning job is known to have ended.

        Warns:
            UserWarning: members that hptsdk does not model are omitted.

        Raises:
            InvalidShapeError: the tuning job has a member or a value that is invalid in a request.
        """
        return request_from(self._final_response or self.describe())

    @suggests_arguments
    def report(self, path: str | os.PathLike[str], *, learning_curves: bool = False) -> Path:
        """Write a self-contained HTML report about the tuning job with its plots and its training jobs.

        The report has the request without the values of environment variables and static hyperparameters, which may
        be secrets.

        Args:
            path: the file to write. An existing file is replaced.
            learning_curves: whether to read the logs of all training jobs and to draw the objective metric of each
                while it trained. Defaults to False.

        Returns:
            The path.

        Raises:
            ImportError: `learning_curves` is set, and the extra `local` is not installed.
            OSError: the file cannot be written.
        """
        from hptsdk.report import report_page

        target = Path(path)
        target.write_text(report_page(*self._read(learning_curves=learning_curves)), encoding="utf-8")
        return target

    @suggests_arguments
    def plots(self, *, learning_curves: bool = False) -> JobPlots:
        """Describe the tuning job, list its training jobs, and create the plots that `JobPlots` has as attributes.

        Args:
            learning_curves: whether to read the logs of all training jobs for the plot `curves`. Defaults to False.

        Raises:
            ImportError: `learning_curves` is set, and the extra `local` is not installed.

        Example:
            >>> import hptsdk
            >>> from hptsdk.testing import StubTransport
            >>> stub = StubTransport({"HyperParameterTuningJobName": "demo"}, {"TrainingJobSummaries": []})
            >>> hptsdk.TuningClient(transport=stub).get("demo").plots()
            JobPlots(name='demo', training_jobs=0)
        """
        from hptsdk.report import JobPlots, job_results

        response, summaries, curves = self._read(learning_curves=learning_curves)
        return JobPlots(job_results(response, summaries), curves)

    def _read(
        self, *, learning_curves: bool
    ) -> tuple[
        shapes.DescribeHyperParameterTuningJobResponse,
        list[shapes.HyperParameterTrainingJobSummary],
        dict[str, Sequence[tuple[datetime, float]]],
    ]:
        """Describe the tuning job, list its training jobs, and read their learning curves from the logs if wanted."""
        response, summaries = self.describe(), list(self.training_jobs(sort_by="Name", page_size=100))
        if not learning_curves:
            return response, summaries, {}
        from hptsdk.report import CurveReader

        reader = CurveReader(response)
        for event in self.logs():
            reader.add(event.training_job, event.time, event.message)
        return response, summaries, reader.curves(summaries)

    @overload
    def to_dataframe(self, *, library: Literal["pandas"] = "pandas") -> pd.DataFrame: ...  # pyright: ignore[reportUnknownParameterType, reportUnknownMemberType]

    @overload
    def to_dataframe(self, *, library: Literal["polars"]) -> pl.DataFrame: ...  # pyright: ignore[reportUnknownParameterType, reportUnknownMemberType]

    @suggests_arguments
    def to_dataframe(self, *, library: Literal["pandas", "polars"] = "pandas") -> object:
        """Create a DataFrame of pandas or polars with a row for each training job.

        Its columns are name, status, objective, start and end (in UTC), seconds (from start to end), definition and
        reason (of a failure), and one for each tuned hyperparameter: numbers as numbers, categories as text. A
        hyperparameter with the name of another column has the prefix "hyperparameter ". Integers are exact: if one is
        too large for a 64-bit type, the column has Python's integers. Missing values are NaN, NaT or None in pandas,
        and null in polars.

        Args:
            library: "pandas" or "polars". Defaults to "pandas".

        Raises:
            ImportError: the library is not installed, or cannot be imported.
            ValueError: `library` has another value.
        """
        from hptsdk.report import data_frame, job_results

        response, summaries, _ = self._read(learning_curves=False)
        return data_frame(job_results(response, summaries), library)
