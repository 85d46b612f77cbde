"""The handle to a tuning job."""

from __future__ import annotations

import logging
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Literal

from hptsdk import errors, shapes
from hptsdk._validation import suggests_arguments
from hptsdk.client._job_reader import JobReader
from hptsdk.client._logs import log_line
from hptsdk.client._polling import Wait
from hptsdk.transport import redaction_of, with_redacted_reason, without_secrets

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hptsdk.client._logs import LogEvent

__all__ = ["TuningJob"]

# The maximum number of failed training jobs in an error.
_MAX_FAILED = 5

_log = logging.getLogger("hptsdk")


class TuningJob(JobReader):
    """The handle to a tuning job, returned by `TuningClient.create` and `TuningClient.get`."""

    @suggests_arguments
    def wait(
        self,
        *,
        timeout: float | None = None,
        poll: float | None = None,
        on_update: Callable[[shapes.DescribeHyperParameterTuningJobResponse], object] | None = None,
        progress: bool | Literal["bar", "notebook", "lines"] = False,
        logs: bool | Callable[[LogEvent], object] = False,
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
            logs: True to print the logs of the training jobs to standard output as they come, without the values of
                environment variables and static hyperparameters; or a function to call with each event as it is.
                Describe is then called at least every 5 seconds. Defaults to False.

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
        redaction = cache(lambda: redaction_of(self._last or self.describe()))

        def print_event(event: LogEvent) -> None:
            print(log_line(event, redaction()), flush=True)  # noqa: T201 - the caller requests it

        wait = Wait(
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
