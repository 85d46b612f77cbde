"""A class of tests that every transport must pass."""
# ruff: noqa: S101, S301, PLR2004 - it is made of tests; its pickles and numbers are its own

from __future__ import annotations

import pickle
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

import attrs
import pytest

from hptsdk import errors, shapes
from hptsdk.testing._conformance._base import needs
from hptsdk.testing._conformance._lost_responses import LostAnswerConformance

if TYPE_CHECKING:
    from collections.abc import Callable

    from hptsdk.client import TuningClient
    from hptsdk.job import TuningJob
    from hptsdk.testing._conformance._base import Capability
    from hptsdk.transport import Transport

__all__ = ["TransportConformance"]

CREATE, DESCRIBE = "CreateHyperParameterTuningJob", "DescribeHyperParameterTuningJob"
STOP, DELETE = "StopHyperParameterTuningJob", "DeleteHyperParameterTuningJob"
LIST, LIST_TRAINING = "ListHyperParameterTuningJobs", "ListTrainingJobsForHyperParameterTuningJob"

# What a service must be able to do for a call about a job that is not there.
NEEDED: dict[str, Capability] = {STOP: "stopping", DELETE: "deleting", LIST_TRAINING: "training jobs"}


def refusal(call: Callable[..., object], *arguments: object) -> errors.HptsdkError:
    """Make a call that must be refused, and give the error."""
    with pytest.raises(errors.HptsdkError) as raised:
        call(*arguments)
    return raised.value


def named(name: str) -> dict[str, Any]:
    """Write a body that asks for a job by its name."""
    return {"HyperParameterTuningJobName": name}


def _listed(client: TuningClient, names: list[str], **filters: Any) -> list[str]:  # noqa: ANN401 - the list's own
    """List those of the three jobs that the filters keep."""
    found = client.list(name_contains=names[0][:12], **filters)
    return [summary.hyper_parameter_tuning_job_name for summary in found]


class TransportConformance(LostAnswerConformance):
    """Checks a transport, and the service behind it as far as a caller sees it; to be subclassed.

    Attributes:
        absent: what the service lacks, each with the reason, which the skipped tests then show.
        patience: seconds that a stopped or deleted job may take.
        poll: seconds between two looks at it.

    Example:
        >>> import pytest
        >>> from hptsdk.testing import MemoryTransport
        >>> class TestMyTransport(TransportConformance):
        ...     @pytest.fixture
        ...     def transport(self):
        ...         return MemoryTransport()

    `make_request(name)` may be overridden where the service runs what it is given.
    """

    # --- creating and describing ---

    def test_a_created_job_has_an_arn(self, job: TuningJob) -> None:
        """The answer to a create tells the ARN."""
        assert job.arn.startswith("arn:")

    def test_a_created_job_is_described_as_it_was_sent(self, job: TuningJob, client: TuningClient) -> None:
        """All settings come back."""
        again = client.create(self.make_request(job.name), if_exists="return")
        assert again.arn == job.arn

    def test_a_described_job_gives_its_request_back(self, job: TuningJob) -> None:
        """A description is enough to create the same again."""
        assert job.request() == attrs.evolve(self.make_request(job.name), tags=None)

    def test_a_description_tells_the_name_and_the_arn(self, job: TuningJob) -> None:
        """The description is that of the job."""
        described = job.describe()
        assert (described.hyper_parameter_tuning_job_name, described.hyper_parameter_tuning_job_arn) == (
            job.name,
            job.arn,
        )

    def test_times_have_a_zone(self, job: TuningJob) -> None:
        """A time is read as a point in time."""
        assert job.describe().creation_time.utcoffset() == timedelta(0)

    def test_a_name_is_used_once(self, job: TuningJob, transport: Transport) -> None:
        """A second job of a name is refused."""
        assert isinstance(refusal(transport.call, CREATE, self.body(job.name)), errors.ResourceInUseError)

    @needs("names without case")
    def test_names_are_not_case_sensitive(self, job: TuningJob, transport: Transport) -> None:
        """A name in capitals is the same name."""
        assert isinstance(refusal(transport.call, CREATE, self.body(job.name.upper())), errors.ResourceInUseError)

    def test_a_job_of_other_settings_is_a_conflict(self, job: TuningJob, client: TuningClient) -> None:
        """Another job under the name is not taken for the same."""
        with pytest.raises(errors.JobConflictError, match="MaxNumberOfTrainingJobs"):
            client.create(self.with_other_settings(job.name), if_exists="return")

    def test_a_refused_create_changes_nothing(self, job: TuningJob, client: TuningClient) -> None:
        """The job that was there stays as it was."""
        refusal(client.create, self.with_other_settings(job.name))
        assert job.request() == attrs.evolve(self.make_request(job.name), tags=None)

    @needs("unmodelled members")
    def test_members_that_nobody_models_are_kept(self, name: str, transport: Transport) -> None:
        """What hptsdk does not know comes through in both directions."""
        body = self.body(name)
        definition = body.get("TrainingJobDefinition") or body["TrainingJobDefinitions"][0]
        definition["BrandNewMember"] = {"A": 1}
        transport.call(CREATE, body)
        found = transport.call(DESCRIBE, named(name))
        described = found.get("TrainingJobDefinition") or found["TrainingJobDefinitions"][0]
        assert described["BrandNewMember"] == {"A": 1}

    # --- errors ---

    @pytest.mark.parametrize(
        "operation",
        [DESCRIBE, STOP, DELETE, LIST_TRAINING],
    )
    def test_an_absent_job_is_not_found(self, operation: str, name: str, transport: Transport) -> None:
        """A call about a job that is not there says so."""
        self.skip_without(NEEDED.get(operation))
        assert isinstance(refusal(transport.call, operation, named(name)), errors.ResourceNotFoundError)

    @needs("validation")
    def test_a_wrong_name_is_refused(self, name: str, transport: Transport) -> None:
        """The service looks at names itself."""
        body = self.body(name) | named("-no-name-")
        assert isinstance(refusal(transport.call, CREATE, body), errors.ValidationRefusedError)

    @needs("validation")
    def test_a_missing_member_is_refused(self, name: str, transport: Transport) -> None:
        """The service looks for what is required itself."""
        body = self.body(name)
        del body["HyperParameterTuningJobConfig"]
        assert isinstance(refusal(transport.call, CREATE, body), errors.ValidationRefusedError)

    def test_an_error_tells_the_code_and_the_operation(self, name: str, transport: Transport) -> None:
        """An error has the parts that its class promises."""
        error = refusal(transport.call, DESCRIBE, named(name))
        assert isinstance(error, errors.ServiceError)
        assert (error.operation, error.attempts, error.unanswered) == (DESCRIBE, 1, 0)
        assert error.code not in {"", "Unknown"}

    def test_an_error_comes_back_from_a_pickle(self, name: str, transport: Transport) -> None:
        """An error can go to another process."""
        error = refusal(transport.call, DESCRIBE, named(name))
        again = pickle.loads(pickle.dumps(error))
        assert (type(again), str(again), vars(again)) == (type(error), str(error), vars(error))

    # --- bodies, answers, threads ---

    def test_a_body_is_left_as_it_is(self, name: str, transport: Transport) -> None:
        """What the caller gave is the caller's."""
        body = self.body(name)
        before = deepcopy(body)
        transport.call(CREATE, body)
        assert body == before

    def test_a_job_is_not_changed_with_the_body(self, name: str, transport: Transport) -> None:
        """What was sent was sent."""
        body = self.body(name)
        transport.call(CREATE, body)
        body["HyperParameterTuningJobConfig"].clear()
        assert transport.call(DESCRIBE, named(name))["HyperParameterTuningJobConfig"]

    def test_a_job_is_not_changed_with_an_answer(self, job: TuningJob, transport: Transport) -> None:
        """An answer is the caller's."""
        cast("dict[str, Any]", transport.call(DESCRIBE, named(job.name))["HyperParameterTuningJobConfig"]).clear()
        assert transport.call(DESCRIBE, named(job.name))["HyperParameterTuningJobConfig"]

    @needs("creating from threads")
    def test_of_many_that_create_one_job_one_does(self, name: str, transport: Transport) -> None:
        """However many try at once, there is one job."""

        def create(_: int) -> str:
            try:
                transport.call(CREATE, self.body(name))
            except errors.ResourceInUseError:
                return "in use"
            return "created"

        with ThreadPoolExecutor(8) as threads:
            assert sorted(threads.map(create, range(8))) == ["created", *["in use"] * 7]

    def test_threads_get_their_own_answers(self, new_name: Callable[[], str], transport: Transport) -> None:
        """Answers do not change hands."""
        names = [new_name() for _ in range(4)]
        for each in names:
            transport.call(CREATE, self.body(each))

        def describe(each: str) -> str:
            return str(transport.call(DESCRIBE, named(each))["HyperParameterTuningJobName"])

        with ThreadPoolExecutor(8) as threads:
            assert list(threads.map(describe, names * 10)) == names * 10

    # --- lists ---

    @pytest.fixture
    def names(self, new_name: Callable[[], str], client: TuningClient) -> list[str]:
        """Create three jobs whose names have a part in common, and give the names, sorted."""
        common = new_name()[:12]
        found = [f"{common}-{end}{new_name()[:8]}" for end in "bac"]
        for each in found:
            client.create(self.make_request(each))
        return sorted(found)

    @needs("lists")
    def test_jobs_are_found_by_a_part_of_their_name(self, names: list[str], client: TuningClient) -> None:
        """A filter keeps these and no others."""
        assert sorted(_listed(client, names)) == names

    @needs("lists")
    @pytest.mark.parametrize("size", [1, 2, 3, 100])
    def test_pages_hold_every_job_once(self, names: list[str], client: TuningClient, size: int) -> None:
        """However they are cut, pages join."""
        assert _listed(client, names, sort_by="Name", page_size=size) == names

    @needs("lists")
    def test_a_page_holds_no_more_than_is_asked_for(self, names: list[str], transport: Transport) -> None:
        """A page is cut at the size asked for, and tells that there is another."""
        page = transport.call(LIST, {"NameContains": names[0][:12], "MaxResults": 2})
        assert len(page["HyperParameterTuningJobSummaries"]) == 2
        assert page["NextToken"]

    @needs("lists")
    def test_jobs_are_listed_backwards(self, names: list[str], client: TuningClient) -> None:
        """The order can be turned round."""
        assert _listed(client, names, sort_by="Name", sort_order="Descending") == names[::-1]

    @needs("lists")
    def test_jobs_are_listed_by_their_age(self, names: list[str], client: TuningClient) -> None:
        """The order can be that of creation."""
        assert [name[13] for name in _listed(client, names, sort_by="CreationTime")] == ["b", "a", "c"]

    @needs("lists")
    def test_jobs_are_found_by_their_status(self, names: list[str], client: TuningClient) -> None:
        """A status that none has finds none."""
        assert _listed(client, names, status_equals="DeleteFailed") == []

    @needs("times in lists")
    def test_jobs_are_found_by_their_time(self, names: list[str], client: TuningClient) -> None:
        """Times are sent as points in time."""
        first = client.describe(names[1]).creation_time
        assert sorted(_listed(client, names, creation_time_after=first - timedelta(seconds=60))) == names
        assert _listed(client, names, creation_time_before=first - timedelta(seconds=60)) == []

    @needs("training jobs")
    def test_a_jobs_training_jobs_are_listed(self, job: TuningJob) -> None:
        """There are none or some, and each has a name."""
        assert all(summary.training_job_name for summary in job.training_jobs(sort_by="CreationTime"))

    # --- stopping, deleting, tags ---

    @needs("stopping")
    def test_a_stopped_job_ends(self, job: TuningJob) -> None:
        """A stop is agreed to, and the job ends in time."""
        job.stop()
        ended = job.wait(timeout=self.patience, poll=self.poll).hyper_parameter_tuning_job_status
        assert ended in {"Stopped", "Completed"}

    @needs("deleting")
    def test_a_deleted_job_is_not_found(self, job: TuningJob, client: TuningClient) -> None:
        """A job that has ended can be deleted."""
        if "stopping" not in self.absent:
            job.stop()
            job.wait(timeout=self.patience, poll=self.poll)
        job.delete()
        assert self.is_gone(client, job.name)

    @pytest.fixture
    def tagged(self, name: str, client: TuningClient) -> TuningJob:
        """Give a job that was created with two tags."""
        tags = [shapes.Tag(key="team", value="growth"), shapes.Tag(key="stage", value="")]
        return client.create(attrs.evolve(self.make_request(name), tags=tags))

    @needs("tags")
    def test_tags_are_created_with_the_job(self, tagged: TuningJob) -> None:
        """Tags of the request are the job's."""
        assert tagged.tags() == {"team": "growth", "stage": ""}

    @needs("tags")
    def test_tags_are_added_and_replaced(self, tagged: TuningJob) -> None:
        """A tag of a key that is there takes its place."""
        tagged.add_tags({"a": "1", "stage": "2"})
        assert tagged.tags() == {"team": "growth", "stage": "2", "a": "1"}

    @needs("tags")
    def test_tags_are_deleted(self, tagged: TuningJob) -> None:
        """A tag is deleted by its key; the others stay."""
        tagged.delete_tags("team")
        assert tagged.tags() == {"stage": ""}
