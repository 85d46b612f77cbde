"""Histories of tuning jobs: the responses agree with each other, advance, and end; a transport returns them."""

import pickle
from collections import Counter
from itertools import pairwise

import attrs
import pytest
from hypothesis import Phase, find, given, settings, strategies as st
from hypothesis.errors import InvalidArgument
from job_checks import RUNNING, contradictions

import hptsdk
from hptsdk import errors, shapes
from hptsdk.report import report_page
from hptsdk.testing import JobHistory, JobSnapshot, MemoryTransport, PretendClock, strategies

DESCRIBE, NAME = "DescribeHyperParameterTuningJob", "HyperParameterTuningJobName"
QUIET = settings(database=None, derandomize=True, max_examples=300, phases=[Phase.generate, Phase.shrink])
FEW = settings(max_examples=30)
FIRST = settings(QUIET, phases=[Phase.generate])


def training():
    made = hptsdk.training(
        image="123456789012.dkr.ecr.eu-west-1.amazonaws.com/mine:1",
        role_arn="arn:aws:iam::123456789012:role/SageMakerRole",
        output="s3://amzn-s3-demo-bucket/out/",
        instance_type="ml.m5.xlarge",
        instance_count=1,
        volume_size_in_gb=30,
        max_runtime_in_seconds=3600,
    )
    return made.metric("loss", "loss=([-+0-9.eE]+)")


def job(max_jobs=6, max_parallel_jobs=2, **arguments):
    """Return the builder of a tuning job."""
    return hptsdk.tuning_job(
        "Demo", training(), minimize="loss", max_jobs=max_jobs, max_parallel_jobs=max_parallel_jobs, **arguments
    ).continuous("rate", 0.001, 0.1)


DEMO = job().random().early_stopping().build()
GRID = (
    hptsdk.tuning_job("Demo", training(), minimize="loss", max_parallel_jobs=3)
    .categorical("kind", ["a", "b"])
    .categorical("size", ["1", "2", "3"])
    .grid()
    .build()
)
HISTORIES = strategies.job_histories(DEMO)


def client_of(history, **options):
    return hptsdk.TuningClient(transport=history.transport(**options), clock=PretendClock())


@pytest.fixture(scope="module")
def history():
    """Return a history that completes, for tests that do not depend on its training jobs."""
    return find(strategies.job_histories(DEMO, status="Completed"), lambda _: True, settings=FIRST)


# --- one snapshot ---


@given(HISTORIES)
def test_the_responses_of_a_snapshot_agree_with_each_other(history):
    assert [list(contradictions(snapshot)) for snapshot in history.snapshots] == [[]] * len(history.snapshots)


@pytest.mark.long
@given(strategies.job_histories())
def test_the_responses_for_any_request_agree_with_each_other(history):
    assert [list(contradictions(snapshot)) for snapshot in history.snapshots] == [[]] * len(history.snapshots)


@given(HISTORIES)
def test_no_more_training_jobs_run_than_the_request_allows(history):
    running = [
        sum(job.training_job_status in RUNNING for job in snapshot.training_jobs) for snapshot in history.snapshots
    ]
    assert max(running) <= 2


@given(HISTORIES)
def test_the_tuned_values_are_in_their_ranges(history):
    values = [float(job.tuned_hyper_parameters["rate"]) for job in history.snapshots[-1].training_jobs]
    assert [value for value in values if not 0.001 <= value <= 0.1] == []


@given(strategies.job_histories(GRID, status="Completed"))
def test_a_grid_runs_each_combination_once(history):
    tuned = [tuple(job.tuned_hyper_parameters.values()) for job in history.snapshots[-1].training_jobs]
    assert Counter(tuned) == Counter((kind, size) for kind in "ab" for size in "123")


def test_the_place_of_the_image_and_the_account_of_the_role_are_in_the_arn(history):
    arn = "arn:aws:sagemaker:eu-west-1:123456789012:hyper-parameter-tuning-job/demo"
    assert history.snapshots[0].description.hyper_parameter_tuning_job_arn == arn


# --- the order of snapshots ---


@given(HISTORIES)
def test_a_history_begins_without_training_jobs_and_ends_without_running_ones(history):
    first, last = history.snapshots[0], history.snapshots[-1]
    assert (first.training_jobs, first.description.hyper_parameter_tuning_job_status) == ((), "InProgress")
    assert last.description.hyper_parameter_tuning_job_status in {"Completed", "Failed", "Stopped"}
    assert [job for job in last.training_jobs if job.training_job_status in RUNNING] == []


@given(HISTORIES)
def test_time_advances(history):
    times = [snapshot.description.last_modified_time for snapshot in history.snapshots]
    seconds = [snapshot.description.consumed_resources.runtime_in_seconds for snapshot in history.snapshots]
    assert times == sorted(set(times))
    assert seconds == sorted(set(seconds))


def ended(snapshot):
    return {job for job in snapshot.training_jobs if job.training_job_status not in RUNNING}


@given(HISTORIES)
def test_training_jobs_are_added_and_those_that_have_ended_do_not_change(history):
    for before, after in pairwise(history.snapshots):
        assert ended(before) <= ended(after)
        names = [job.training_job_name for job in after.training_jobs]
        assert [job.training_job_name for job in before.training_jobs] == names[: len(before.training_jobs)]


@given(HISTORIES)
def test_the_best_value_does_not_get_worse(history):
    values = [best_value(snapshot) for snapshot in history.snapshots]
    # before the first value there is none
    assert values == sorted(values, key=lambda value: 2.0 if value is None else value, reverse=True)


@given(HISTORIES)
def test_a_tuning_job_that_is_stopped_is_stopping_before(history):
    statuses = [snapshot.description.hyper_parameter_tuning_job_status for snapshot in history.snapshots]
    assert statuses == sorted(statuses, key=["InProgress", "Stopping", "Completed", "Failed", "Stopped"].index)
    assert "Stopping" not in statuses or statuses[-1] == "Stopped"


# --- what happens in them ---

HAPPENINGS = {
    "a training job fails": lambda job: (job.failure_reason or "").startswith("AlgorithmError"),
    "the service has an error": lambda job: (job.failure_reason or "").startswith("InternalServerError"),
    "a training job is stopped early": lambda job: (
        (job.training_job_status, job.objective_status) == ("Stopped", "Succeeded")
    ),
    "a training job is stopped with its tuning job": lambda job: (
        (job.training_job_status, job.objective_status) == ("Stopped", "Failed")
    ),
    "a training job has no objective": lambda job: (
        (job.training_job_status, job.objective_status) == ("Completed", "Failed")
    ),
}


@pytest.mark.parametrize("happening", HAPPENINGS)
def test_some_histories_have(happening):
    def happens(history):
        return any(map(HAPPENINGS[happening], history.snapshots[-1].training_jobs))

    assert find(HISTORIES, happens, settings=FIRST)


@given(strategies.job_histories(job().random().build()))
def test_no_training_job_is_stopped_early_if_the_request_does_not_allow_it(history):
    stopped_early = HAPPENINGS["a training job is stopped early"]
    assert not any(map(stopped_early, history.snapshots[-1].training_jobs))


@pytest.mark.parametrize("status", ["Completed", "Failed", "Stopped"])
@given(data=st.data(), request=st.sampled_from([DEMO, GRID, job(50, 10).random().build()]))
def test_the_status_at_the_end_can_be_chosen(status, data, request):
    history = data.draw(strategies.job_histories(request, status=status))
    assert history.snapshots[-1].description.hyper_parameter_tuning_job_status == status


def best_value(snapshot):
    best = snapshot.description.best_training_job
    return None if best is None else best.final_hyper_parameter_tuning_job_objective_metric.value


@given(strategies.job_histories(job(30).random().stop_at(0.5).build()))
@FEW
def test_no_training_job_is_created_after_the_target_is_reached(history):
    for before, after in pairwise(history.snapshots):
        if best_value(before) is not None and best_value(before) <= 0.5:
            assert len(after.training_jobs) == len(before.training_jobs)


@given(strategies.job_histories(job(90).random().max_runtime(7200).build()))
@FEW
def test_a_tuning_job_ends_in_its_time(history):
    assert history.snapshots[-1].description.consumed_resources.runtime_in_seconds <= 7200 + 60


@pytest.mark.long
@given(strategies.job_histories(strategies.requests(name="mine"), status="Stopped"))
def test_the_request_can_be_drawn(history):
    assert history.name == history.request.hyper_parameter_tuning_job_name == "mine"


# --- arguments ---


def test_a_request_with_too_many_training_jobs_cannot_complete():
    histories = strategies.job_histories(job(101, 10).random().build(), status="Completed")
    with pytest.raises(InvalidArgument, match="at most 100 training jobs, so a request with 101 cannot complete;"):
        find(histories, lambda _: True, settings=FIRST)


@given(strategies.job_histories(job(10_000, 100).random().build()))
@FEW
def test_a_request_with_too_many_training_jobs_fails_or_is_stopped(history):
    assert history.snapshots[-1].description.hyper_parameter_tuning_job_status in {"Failed", "Stopped"}


@pytest.mark.parametrize("status", ["InProgress", "completed", 1])
def test_a_status_at_which_no_history_ends_is_an_error(status):
    with pytest.raises(InvalidArgument, match=r"^status: expected Completed, Failed, Stopped or None, got"):
        strategies.job_histories(status=status)


@pytest.mark.parametrize("request_", ["demo", {}, shapes.Tag(key="a", value="b")])
def test_a_request_of_another_class_is_an_error(request_):
    with pytest.raises(InvalidArgument, match=r"^request: expected a CreateHyperParameterTuningJobRequest or a"):
        strategies.job_histories(request_)


# --- shrinking ---


@pytest.mark.long
def test_the_simplest_history_is_one_training_job_that_completes():
    history = find(strategies.job_histories(), lambda _: True, settings=QUIET)
    assert [job.training_job_status for job in history.snapshots[-1].training_jobs] == ["Completed"]


def test_the_simplest_history_with_a_stop_stops_one_training_job():
    history = find(strategies.job_histories(job().random().build(), status="Stopped"), lambda _: True, settings=QUIET)
    counters = history.snapshots[-1].description.training_job_status_counters
    assert (counters.completed, counters.non_retryable_error, counters.retryable_error) == (0, 0, 0)


# --- the transport ---


@given(strategies.job_histories(DEMO, status="Completed") | strategies.job_histories(DEMO, status="Stopped"))
@FEW
def test_a_wait_returns_the_last_response(history):
    tuning_job = client_of(history).get("Demo")
    assert tuning_job.wait() == history.snapshots[-1].description
    assert tuple(tuning_job.training_jobs(page_size=2)) == history.snapshots[-1].training_jobs


@given(strategies.job_histories(DEMO, status="Failed"))
@FEW
def test_a_wait_for_a_tuning_job_that_fails_raises(history):
    with pytest.raises(errors.TuningJobFailed) as raised:
        client_of(history).get("Demo").wait()
    assert raised.value.failure_reason == history.snapshots[-1].description.failure_reason


@given(HISTORIES)
@FEW
def test_lists_respond_as_of_the_last_description(history):
    client = client_of(history)
    tuning_job = client.get("Demo")
    for snapshot in history.snapshots:
        assert tuning_job.describe() == snapshot.description
        assert tuple(tuning_job.training_jobs()) == snapshot.training_jobs
        assert list(client.list()) == [snapshot.summary]


def test_the_request_of_the_history_can_be_created_once(history):
    client = client_of(history)
    assert client.create(history.request).arn == history.snapshots[0].description.hyper_parameter_tuning_job_arn
    with pytest.raises(errors.ResourceInUseError):
        client.create(history.request)


def test_another_request_with_the_name_is_refused(history):
    other = attrs.evolve(history.request, tags=[shapes.Tag(key="team", value="growth")])
    with pytest.raises(errors.ResourceInUseError):
        client_of(history).create(other)


@pytest.mark.long
@pytest.mark.filterwarnings("ignore::hptsdk.AdviceWarning")
@given(strategies.job_histories())
def test_the_description_has_the_settings_of_the_request(history):
    client = client_of(history)
    client.create(history.request)
    assert client.create(history.request, if_exists="return").name == history.name


def test_the_tags_are_those_of_the_request(history):
    tagged = attrs.evolve(history, request=attrs.evolve(history.request, tags=[shapes.Tag(key="team", value="growth")]))
    assert client_of(tagged).get("Demo").tags() == {"team": "growth"}


@given(strategies.job_histories(DEMO, status="Completed"))
@FEW
def test_the_best_training_job_is_described(history):
    tuning_job = client_of(history).get("Demo")
    tuning_job.wait()
    last = history.snapshots[-1]
    assert tuning_job.best_training_job() == last.training_job(last.description.best_training_job.training_job_name)


@given(HISTORIES, st.integers(0, 8))
@FEW
def test_a_stop_stops_the_training_jobs_that_run(history, count):
    tuning_job = client_of(history).get("Demo")
    before = [tuning_job.describe() for _ in range(count + 1)][-1]
    ended_before = [job for job in tuning_job.training_jobs() if job.training_job_status not in RUNNING]
    tuning_job.stop()
    try:
        last = tuning_job.wait()
    except errors.TuningJobFailed as error:
        last = error.response
    jobs = tuple(tuning_job.training_jobs())
    assert list(contradictions(JobSnapshot(description=last, training_jobs=jobs))) == []
    assert set(ended_before) <= set(jobs)
    assert last.hyper_parameter_tuning_job_status == (
        "Stopped" if before.hyper_parameter_tuning_end_time is None else before.hyper_parameter_tuning_job_status
    )


def test_a_transport_can_have_faults(history):
    transport = history.transport(faults=["throttle"])
    hptsdk.TuningClient(transport=transport).get("Demo").describe()
    assert [sent.fault for sent in transport.sent] == ["throttle", "none"]


def test_each_service_begins_at_the_creation(history):
    first = [MemoryTransport(history.service()).call(DESCRIBE, {NAME: "Demo"}) for _ in range(2)]
    assert first == [hptsdk.to_wire(history.snapshots[0].description)] * 2


def test_a_training_job_that_does_not_exist_is_not_found(history):
    with pytest.raises(LookupError, match=r"^the tuning job Demo has no training job Demo-999$"):
        history.snapshots[-1].training_job("Demo-999")
    with pytest.raises(errors.ResourceNotFoundError, match="Requested resource not found"):
        history.transport().call("DescribeTrainingJob", {"TrainingJobName": "Demo-999"})


def test_a_service_has_further_tuning_jobs(history):
    client = client_of(history)
    client.create(attrs.evolve(history.request, hyper_parameter_tuning_job_name="other")).stop()
    assert [job.hyper_parameter_tuning_job_name for job in client.list()] == ["Demo", "other"]
    assert client.get("other").describe().hyper_parameter_tuning_job_status == "Stopping"


def test_training_jobs_of_a_further_tuning_job_are_described(history):
    service = history.service()
    service.training_jobs["other"] = [{"TrainingJobName": "other-1"}]
    assert service.call("DescribeTrainingJob", {"TrainingJobName": "other-1"}) == {"TrainingJobName": "other-1"}


def test_a_training_job_without_static_hyperparameters_has_the_tuned_ones(history):
    last = history.snapshots[-1]
    definition = attrs.evolve(last.description.training_job_definition, static_hyper_parameters=None)
    snapshot = attrs.evolve(last, description=attrs.evolve(last.description, training_job_definition=definition))
    [first, *_] = last.training_jobs
    described = snapshot.training_job(first.training_job_name)
    assert described.hyper_parameters == first.tuned_hyper_parameters


@pytest.mark.long
@given(strategies.job_histories())
def test_a_history_has_a_report(history):
    last = history.snapshots[-1]
    assert report_page(last.description, last.training_jobs).startswith("<!doctype html>")


# --- the class ---


def test_the_repr_shows_each_snapshot():
    history = find(
        strategies.job_histories(job(1, 1).random().build(), status="Completed"), lambda _: True, settings=QUIET
    )
    assert repr(history) == (
        "JobHistory('Demo': InProgress, 0 of 1 done, 0 running; InProgress, 0 of 1 done, 1 running; InProgress, 0 of 1 "
        "done, 1 running; InProgress, 1 of 1 done, 0 running, best loss 0; Completed, 1 of 1 done, 0 running, best "
        "loss 0)"
    )


def test_a_history_has_at_least_one_snapshot():
    with pytest.raises(ValueError, match="snapshots"):
        JobHistory(request=DEMO, snapshots=())


def test_a_history_is_equal_after_a_round_trip_through_pickle(history):
    assert pickle.loads(pickle.dumps(history)) == history  # noqa: S301 - our own


# --- drawing ---


def test_default_health_checks_pass_and_no_draw_is_rejected():
    rejected = []

    @settings(database=None, derandomize=True, max_examples=50, phases=[Phase.generate])
    @given(st.data())
    def draw(data):
        try:
            data.draw(HISTORIES)
        except BaseException:
            # Hypothesis ends some draws early to explore them, which is no rejection
            if data.conjecture_data.max_choices is None:
                rejected.append(data.conjecture_data.status)
            raise

    draw()
    assert rejected == []
