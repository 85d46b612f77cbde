"""Conformance tests for any transport: operations, errors, copies, lists and tags."""

from __future__ import annotations

import pickle
import time
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

import attrs
import pytest

from hptsdk import errors, shapes
from hptsdk.testing._fault_conformance import CREATE, DESCRIBE, LostResponseConformance, job_named, needs

if TYPE_CHECKING:
    from collections.abc import Callable

    from hptsdk.client import TuningClient, TuningJob
    from hptsdk.testing._fault_conformance import Capability
    from hptsdk.transport import Transport

STOP, DELETE = "StopHyperParameterTuningJob", "DeleteHyperParameterTuningJob"
LIST, LIST_TRAINING = "ListHyperParameterTuningJobs", "ListTrainingJobsForHyperParameterTuningJob"

Filter = Any
"""An argument of `TuningClient.list`; each has its own type."""

NEEDED: dict[str, Capability] = {STOP: "stopping", DELETE: "deleting", LIST_TRAINING: "training jobs"}


def raised(call: Callable[..., object], *arguments: object) -> errors.HptsdkError:
    """Return the error that a call raises."""
    with pytest.raises(errors.HptsdkError) as error:
        call(*arguments)
    return error.value


class TransportConformance(LostResponseConformance):
    """Tests of a transport and of the behaviour of the service behind it. Subclass it to test a transport.

    Attributes:
        absent: by missing capability, the reason, which pytest shows for the skipped tests. Defaults to none.
        patience: the time in which a tuning job must be stopped or deleted, in seconds. Defaults to 60.
        poll: the time between the first two calls of Describe, in seconds. Defaults to 0.05.

    Example:
        >>> import pytest
        >>> from hptsdk.testing import MemoryTransport, TransportConformance
        >>> class TestMyTransport(TransportConformance):
        ...     @pytest.fixture
        ...     def transport(self):
        ...         return MemoryTransport()

    Override `make_request(name)` if the service runs the training jobs.
    """

    def test_a_created_job_is_described_as_it_was_sent(self, job: TuningJob, client: TuningClient) -> None:
        again = client.create(self.make_request(job.name), if_exists="return")
        assert again.arn == job.arn

    def test_a_description_is_converted_to_the_request(self, job: TuningJob) -> None:
        assert job.request() == attrs.evolve(self.make_request(job.name), tags=None)

    def test_a_description_has_the_name_and_the_arn(self, job: TuningJob) -> None:
        described = job.describe()
        assert (described.hyper_parameter_tuning_job_name, described.hyper_parameter_tuning_job_arn) == (
            job.name,
            job.arn,
        )

    def test_times_have_a_zone(self, job: TuningJob) -> None:
        assert job.describe().creation_time.utcoffset() == timedelta(0)

    def test_a_name_is_unique(self, job: TuningJob, transport: Transport) -> None:
        assert isinstance(raised(transport.call, CREATE, self.body(job.name)), errors.ResourceInUseError)

    @needs("names without case")
    def test_names_are_not_case_sensitive(self, job: TuningJob, transport: Transport) -> None:
        assert isinstance(raised(transport.call, CREATE, self.body(job.name.upper())), errors.ResourceInUseError)

    def test_a_different_job_with_the_name_is_a_conflict(self, job: TuningJob, client: TuningClient) -> None:
        with pytest.raises(errors.JobConflictError, match="MaxNumberOfTrainingJobs"):
            client.create(self.with_other_settings(job.name), if_exists="return")

    def test_a_refused_create_changes_nothing(self, job: TuningJob, client: TuningClient) -> None:
        raised(client.create, self.with_other_settings(job.name))
        assert job.request() == attrs.evolve(self.make_request(job.name), tags=None)

    @needs("unmodelled members")
    def test_unmodelled_members_are_sent_and_returned(self, name: str, transport: Transport) -> None:
        body = self.body(name)
        definition = body.get("TrainingJobDefinition") or body["TrainingJobDefinitions"][0]
        definition["BrandNewMember"] = {"A": 1}
        transport.call(CREATE, body)
        response = transport.call(DESCRIBE, job_named(name))
        described = response.get("TrainingJobDefinition") or response["TrainingJobDefinitions"][0]
        assert described["BrandNewMember"] == {"A": 1}

    @pytest.mark.parametrize("operation", [DESCRIBE, STOP, DELETE, LIST_TRAINING])
    def test_a_missing_job_is_not_found(self, operation: str, name: str, transport: Transport) -> None:
        self.skip_without(NEEDED.get(operation))
        assert isinstance(raised(transport.call, operation, job_named(name)), errors.ResourceNotFoundError)

    @needs("validation")
    def test_an_invalid_name_is_refused(self, name: str, transport: Transport) -> None:
        body = self.body(name) | job_named("-no-name-")
        assert isinstance(raised(transport.call, CREATE, body), errors.ValidationRefusedError)

    @needs("validation")
    def test_a_missing_member_is_refused(self, name: str, transport: Transport) -> None:
        body = self.body(name)
        del body["HyperParameterTuningJobConfig"]
        assert isinstance(raised(transport.call, CREATE, body), errors.ValidationRefusedError)

    def test_an_error_has_the_code_and_the_operation(self, name: str, transport: Transport) -> None:
        error = raised(transport.call, DESCRIBE, job_named(name))
        assert isinstance(error, errors.ServiceError)
        assert (error.operation, error.attempts, error.unanswered) == (DESCRIBE, 1, 0)
        assert error.code not in {"", "Unknown"}

    def test_an_error_can_be_pickled(self, name: str, transport: Transport) -> None:
        error = raised(transport.call, DESCRIBE, job_named(name))
        again = pickle.loads(pickle.dumps(error))
        assert (type(again), str(again), vars(again)) == (type(error), str(error), vars(error))

    def test_a_body_is_not_changed(self, name: str, transport: Transport) -> None:
        body = self.body(name)
        before = deepcopy(body)
        transport.call(CREATE, body)
        assert body == before

    def test_a_later_change_of_the_body_does_not_change_the_job(self, name: str, transport: Transport) -> None:
        """The service has its own copy of the request."""
        body = self.body(name)
        transport.call(CREATE, body)
        body["HyperParameterTuningJobConfig"].clear()
        assert transport.call(DESCRIBE, job_named(name))["HyperParameterTuningJobConfig"]

    def test_a_change_of_a_response_does_not_change_the_job(self, job: TuningJob, transport: Transport) -> None:
        cast("dict[str, Any]", transport.call(DESCRIBE, job_named(job.name))["HyperParameterTuningJobConfig"]).clear()
        assert transport.call(DESCRIBE, job_named(job.name))["HyperParameterTuningJobConfig"]

    @needs("creating from threads")
    def test_one_of_several_threads_creates_a_job(self, name: str, transport: Transport) -> None:
        """The other threads get the error that the name is in use."""

        def create(_: int) -> str:
            try:
                transport.call(CREATE, self.body(name))
            except errors.ResourceInUseError:
                return "in use"
            return "created"

        with ThreadPoolExecutor(8) as threads:
            assert sorted(threads.map(create, range(8))) == ["created", *["in use"] * 7]

    def test_threads_get_their_own_responses(self, new_name: Callable[..., str], transport: Transport) -> None:
        names = [new_name() for _ in range(4)]
        for each in names:
            transport.call(CREATE, self.body(each))

        def describe(each: str) -> str:
            return str(transport.call(DESCRIBE, job_named(each))["HyperParameterTuningJobName"])

        with ThreadPoolExecutor(8) as threads:
            assert list(threads.map(describe, names * 10)) == names * 10

    @pytest.fixture
    def names(self, new_name: Callable[..., str], client: TuningClient) -> list[str]:
        """Create three tuning jobs whose names have the same beginning, and return the sorted names."""
        common = new_name()[:12]
        names = [new_name(f"{common}-{end}") for end in "bac"]
        for name in names:
            client.create(self.make_request(name))
        return sorted(names)

    @pytest.fixture
    def listed(self, names: list[str], client: TuningClient) -> Callable[..., list[str]]:
        """Return a function that lists the names of these tuning jobs, with more filters."""

        def listed(**filters: Filter) -> list[str]:
            summaries = client.list(name_contains=names[0][:12], **filters)
            return [summary.hyper_parameter_tuning_job_name for summary in summaries]

        return listed

    @needs("lists")
    def test_jobs_are_listed_by_a_part_of_their_name(self, names: list[str], listed: Callable[..., list[str]]) -> None:
        assert sorted(listed()) == names

    @needs("lists")
    @pytest.mark.parametrize("size", [1, 2, 3, 100])
    def test_each_job_is_on_one_page(self, names: list[str], listed: Callable[..., list[str]], size: int) -> None:
        assert listed(sort_by="Name", page_size=size) == names

    @needs("lists")
    def test_a_page_has_at_most_the_requested_number_of_jobs(self, names: list[str], transport: Transport) -> None:
        page = transport.call(LIST, {"NameContains": names[0][:12], "MaxResults": 2})
        assert len(page["HyperParameterTuningJobSummaries"]) == 2
        assert page["NextToken"]

    @needs("lists")
    def test_jobs_are_listed_in_descending_order(self, names: list[str], listed: Callable[..., list[str]]) -> None:
        assert listed(sort_by="Name", sort_order="Descending") == names[::-1]

    @needs("lists")
    def test_jobs_are_listed_by_creation_time(self, listed: Callable[..., list[str]]) -> None:
        assert [name[13] for name in listed(sort_by="CreationTime")] == ["b", "a", "c"]

    @needs("lists")
    def test_jobs_are_listed_by_status(self, listed: Callable[..., list[str]]) -> None:
        assert listed(status_equals="DeleteFailed") == []

    @needs("times in lists")
    def test_jobs_are_listed_by_time(
        self, names: list[str], client: TuningClient, listed: Callable[..., list[str]]
    ) -> None:
        first = client.describe(names[1]).creation_time
        assert sorted(listed(creation_time_after=first - timedelta(seconds=60))) == names
        assert listed(creation_time_before=first - timedelta(seconds=60)) == []

    @needs("training jobs")
    def test_the_training_jobs_of_a_job_are_listed(self, job: TuningJob) -> None:
        assert all(summary.training_job_name for summary in job.training_jobs(sort_by="CreationTime"))

    @needs("stopping")
    def test_a_stopped_job_ends(self, job: TuningJob) -> None:
        job.stop()
        ended = job.wait(timeout=self.patience, poll=self.poll).hyper_parameter_tuning_job_status
        assert ended in {"Stopped", "Completed"}

    def is_gone(self, client: TuningClient, name: str) -> bool:
        """Wait until a tuning job is deleted; return False if it is not within `patience`."""
        began = time.monotonic()
        while time.monotonic() - began <= self.patience:
            try:
                client.describe(name)
            except errors.ResourceNotFoundError:
                return True
            time.sleep(self.poll)
        return False

    @needs("deleting")
    def test_a_deleted_job_is_not_found(self, job: TuningJob, client: TuningClient) -> None:
        if "stopping" not in self.absent:
            job.stop()
            job.wait(timeout=self.patience, poll=self.poll)
        job.delete()
        assert self.is_gone(client, job.name)

    @pytest.fixture
    def tagged(self, name: str, client: TuningClient) -> TuningJob:
        """Create a tuning job with two tags, and return it."""
        tags = [shapes.Tag(key="team", value="growth"), shapes.Tag(key="stage", value="")]
        return client.create(attrs.evolve(self.make_request(name), tags=tags))

    @needs("tags")
    def test_a_job_is_created_with_tags(self, tagged: TuningJob) -> None:
        assert tagged.tags() == {"team": "growth", "stage": ""}

    @needs("tags")
    def test_tags_are_added_and_replaced(self, tagged: TuningJob) -> None:
        tagged.add_tags({"a": "1", "stage": "2"})
        assert tagged.tags() == {"team": "growth", "stage": "2", "a": "1"}

    @needs("tags")
    def test_tags_are_deleted(self, tagged: TuningJob) -> None:
        tagged.delete_tags("team")
        assert tagged.tags() == {"stage": ""}
