"""The logs of a tuning job, read with a scripted transport: calls, pages, pauses, faults and arguments."""

import itertools
from contextlib import closing
from datetime import UTC, datetime, timedelta

import botocore.session
import pytest
from http_responses import http_response

import hptsdk
from hptsdk import errors
from hptsdk.testing import PretendClock, Refusal, StubTransport
from hptsdk.transport import BotocoreTransport

CREATED = 1_790_000_000
RUNNING = {
    "HyperParameterTuningJobName": "demo",
    "HyperParameterTuningJobStatus": "InProgress",
    "CreationTime": CREATED,
}
ENDED = RUNNING | {"HyperParameterTuningJobStatus": "Completed"}
THROTTLED = Refusal("ThrottlingException", "Rate exceeded")


def event(number, job="demo-001-5b1e9a0c", seconds=None):
    """Return a log event with a number."""
    time = CREATED + (number if seconds is None else seconds)
    return {
        "logStreamName": f"{job}/algo-1-1790000000",
        "timestamp": time * 1000,
        "message": f"line {number}",
        "eventId": f"{number}",
    }


def page(*events, more=None):
    return {"events": list(events)} | ({"nextToken": more} if more else {})


def reading(*answers, **options):
    """Return a job whose transport responds with a script, the transport, and the clock."""
    stub, clock = StubTransport(*answers, max_attempts=1), PretendClock(limit=10_000)
    return hptsdk.TuningClient(transport=stub, clock=clock, **options).get("demo"), stub, clock


def numbers(events):
    return [int(event.message.removeprefix("line ")) for event in events]


def log_calls(stub):
    return [call.body for call in stub.calls if call.operation == "FilterLogEvents"]


def test_an_event_has_its_time_job_instance_and_message():
    job, _, _ = reading(ENDED, page(event(5)))
    assert list(job.logs()) == [
        hptsdk.LogEvent(
            time=datetime.fromtimestamp(CREATED + 5, UTC),
            training_job="demo-001-5b1e9a0c",
            instance="algo-1",
            message="line 5",
        )
    ]


def test_one_search_reads_the_streams_of_all_training_jobs_from_the_creation_on():
    job, stub, _ = reading(ENDED, page())
    assert list(job.logs()) == []
    assert log_calls(stub) == [
        {"logGroupName": "/aws/sagemaker/TrainingJobs", "logStreamNamePrefix": "demo-", "startTime": CREATED * 1000}
    ]


def test_nothing_is_called_before_the_first_event_is_needed():
    job, stub, _ = reading()
    job.logs()
    assert stub.calls == []


def test_events_of_tuning_jobs_with_a_longer_name_are_not_returned():
    job, _, _ = reading(ENDED, page(event(1, "demo-2-001-5b1e9a0c"), event(2), event(3, "demo-own")))
    assert numbers(job.logs()) == [2]


def test_a_later_page_is_requested_half_a_second_after_the_one_before():
    job, stub, clock = reading(ENDED, page(event(1), more="a"), page(more="b"), page(event(2)))
    events = job.logs()
    assert numbers([next(events)]) == [1]
    assert len(log_calls(stub)) == 1
    assert numbers(events) == [2]
    assert [body.get("nextToken") for body in log_calls(stub)] == [None, "a", "b"]
    assert clock.slept == [0.5, 0.5]


def test_a_token_that_is_returned_again_is_an_error():
    job, _, _ = reading(ENDED, page(event(1), more="a"), page(more="a"))
    with pytest.raises(errors.ServiceError, match="the same nextToken again"):
        list(job.logs())


def test_there_are_no_events_before_the_log_group_exists():
    refusal = Refusal("ResourceNotFoundException", "The specified log group does not exist.")
    job, _, _ = reading(ENDED, refusal)
    assert list(job.logs()) == []


def test_logs_that_are_followed_wait_for_the_log_group():
    refusal = Refusal("ResourceNotFoundException", "The specified log group does not exist.")
    job, _, _ = reading(RUNNING, refusal, RUNNING, page(event(1)), page(), ENDED, page(event(1), event(2)))
    assert numbers(job.logs(follow=True)) == [1, 2]


def test_the_job_is_described_again_only_when_there_are_no_new_events():
    job, stub, _ = reading(RUNNING, page(event(1)), page(event(2)), page(), ENDED, page())
    assert numbers(job.logs(follow=True)) == [1, 2]
    assert "".join(call.operation[0] for call in stub.calls) == "DFFFDF"


def test_an_event_is_returned_once_and_one_that_arrives_late_is_returned():
    job, stub, _ = reading(
        *(RUNNING, page(event(1), event(100))),
        page(event(80, "demo-002-aaaaaaaa"), event(100)),
        page(event(100)),
        *(ENDED, page(event(100), event(101))),
    )
    assert numbers(job.logs(follow=True)) == [1, 100, 80, 101]
    assert [body["startTime"] / 1000 - CREATED for body in log_calls(stub)] == [0, 70, 70, 70]


def test_memory_is_bounded_by_the_events_whose_ids_are_stored():
    pages = [page(*(event(i) for i in range(n, n + 5000)), more=f"{n}") for n in range(0, 25_000, 5000)]
    job, stub, _ = reading(RUNNING, *pages, page(), page(), ENDED, page(event(24_999), event(25_000)))
    assert numbers(job.logs(follow=True)) == list(range(25_001))
    assert log_calls(stub)[-1]["startTime"] / 1000 - CREATED == 24_969


def test_many_events_at_about_the_same_time_are_not_requested_again():
    events = [event(i, seconds=i / 1000) for i in range(15_000)]
    job, stub, _ = reading(RUNNING, page(*events), page(), ENDED, page(event(15_000, seconds=16)))
    assert numbers(job.logs(follow=True)) == list(range(15_001))
    assert log_calls(stub)[-1]["startTime"] == CREATED * 1000 + 5000


def test_pauses_grow_to_five_seconds_at_most():
    answers = itertools.chain.from_iterable((RUNNING, page()) for _ in range(6))
    job, _, clock = reading(*answers, ENDED, page(), poll=0.6)
    assert list(job.logs(follow=True)) == []
    pauses = [pause for pause in clock.slept if pause > 0.5]
    assert pauses == pytest.approx([0.6, 0.9, 1.35, 2.025, 3.0, 3.0])


def test_a_function_ends_the_events_after_a_pause():
    job, stub, clock = reading(RUNNING, page(event(1)), page(), poll=3)
    assert numbers(job.logs(follow=lambda: clock.now < 5)) == [1]
    assert len(log_calls(stub)) == 2


def test_the_logs_of_a_local_service_are_followed_with_pauses_of_at_least_half_a_second():
    stub, clock = StubTransport(RUNNING, page(event(1)), page(), ENDED, page()), PretendClock()
    client = hptsdk.TuningClient(transport=stub, clock=clock, poll=0.01)
    client.local_root = "runs"
    assert numbers(client.get("demo").logs(follow=True)) == [1]
    assert clock.slept == [0.5, 0.5]


def test_calls_are_at_most_two_in_a_second_while_events_come():
    times = []
    clock = PretendClock(limit=10_000)

    def respond(number):
        return lambda *_: times.append(clock.now) or page(event(number))

    stub = StubTransport(RUNNING, *map(respond, range(20)), page(), ENDED, page())
    job = hptsdk.TuningClient(transport=stub, clock=clock, poll=0.01).get("demo")
    assert len(list(job.logs(follow=True))) == 20
    assert min(later - earlier for earlier, later in itertools.pairwise(times)) >= 0.5


def test_throttled_calls_are_repeated_while_logs_are_followed():
    job, _, _ = reading(RUNNING, THROTTLED, THROTTLED, RUNNING, page(event(1)), page(), ENDED, page(event(2)))
    assert numbers(job.logs(follow=True)) == [1, 2]


def test_too_many_throttled_calls_are_an_error():
    job, stub, _ = reading(*[THROTTLED] * 10)
    with pytest.raises(errors.ThrottledError):
        list(job.logs(follow=True))
    assert len(stub.calls) == 6


def test_a_throttled_call_is_an_error_if_logs_are_not_followed():
    job, _, _ = reading(ENDED, THROTTLED)
    with pytest.raises(errors.ThrottledError) as caught:
        list(job.logs())
    assert (caught.value.operation, caught.value.is_retry_safe) == ("FilterLogEvents", True)


def test_a_call_that_fails_after_some_events_does_not_return_them_again():
    job, _, _ = reading(
        *(RUNNING, page(event(1), more="a"), THROTTLED),
        *(page(event(1), more="a"), page(event(2))),
        *(page(), ENDED, page()),
    )
    assert numbers(job.logs(follow=True)) == [1, 2]


def test_credentials_that_expire_end_the_events():
    job, _, _ = reading(RUNNING, page(event(1)), Refusal("ExpiredTokenException", "The security token is expired"))
    events = job.logs(follow=True)
    assert numbers([next(events)]) == [1]
    with pytest.raises(errors.CredentialsRejectedError):
        next(events)


def test_the_logs_of_one_training_job_are_those_of_its_streams():
    described = {"TrainingJobName": "other", "TrainingJobStatus": "Failed", "CreationTime": CREATED}
    job, stub, _ = reading(described, page(event(1, "other"), event(2, "other-1")))
    assert numbers(job.logs(training_job="other", follow=True)) == [1]
    assert log_calls(stub)[0]["logStreamNamePrefix"] == "other/"


def test_logs_since_a_time_after_the_creation():
    job, stub, _ = reading(ENDED, page())
    list(job.logs(since=datetime.fromtimestamp(CREATED + 60, UTC)))
    assert log_calls(stub)[0]["startTime"] == (CREATED + 60) * 1000


def test_logs_since_a_time_before_the_creation_begin_with_the_creation():
    job, stub, _ = reading(ENDED, page())
    list(job.logs(since=timedelta.max))
    assert log_calls(stub)[0]["startTime"] == CREATED * 1000


@pytest.mark.parametrize(
    ("since", "error", "message"),
    [
        (datetime(2026, 1, 1), ValueError, "got one without a time zone; use since.astimezone"),  # noqa: DTZ001 - the mistake
        (timedelta(seconds=-1), ValueError, "expected a duration of at least 0, got -1 seconds$"),
        (timedelta(days=-30), ValueError, "expected a duration of at least 0, got -2592000 seconds$"),
        ("10m", TypeError, "expected a datetime or a timedelta, got '10m'"),
        (600, TypeError, "expected a datetime or a timedelta, got 600"),
    ],
)
def test_an_invalid_time_is_an_error_of_the_call(since, error, message):
    job, stub, _ = reading()
    with pytest.raises(error, match=message):
        job.logs(since=since)
    assert stub.calls == []


@pytest.mark.parametrize(
    "damaged",
    [
        {"events": None},
        {"events": [None, 5, {}]},
        {"events": [event(1) | {"timestamp": "now"}]},
        {"events": [event(1) | {"timestamp": float("inf")}]},
        {"events": [event(1) | {"timestamp": 1e30}]},
        {"events": [event(1) | {"logStreamName": None}]},
        {},
    ],
)
def test_events_without_a_time_or_a_stream_are_skipped(damaged):
    job, _, _ = reading(ENDED, damaged)
    assert [event for event in job.logs() if event.time.year > 1970] == []


def test_wait_reads_the_logs_at_least_every_five_seconds():
    answers = itertools.chain.from_iterable((RUNNING, page()) for _ in range(5))
    job, _, clock = reading(*answers, ENDED, page(event(1)))
    events = []
    job.wait(logs=events.append)
    assert numbers(events) == [1]
    assert max(clock.slept) <= 5


def test_wait_with_logs_ends_with_the_error_if_the_credentials_expire():
    expired = Refusal("ExpiredTokenException", "The security token is expired")
    job, _, _ = reading(RUNNING, page(event(1)), RUNNING, expired)
    events = []
    with pytest.raises(errors.CredentialsRejectedError):
        job.wait(logs=events.append)
    assert numbers(events) == [1]


def test_wait_with_logs_repeats_throttled_log_calls():
    job, _, _ = reading(RUNNING, THROTTLED, RUNNING, page(event(1)), ENDED, page(event(1), event(2)))
    events = []
    job.wait(logs=events.append)
    assert numbers(events) == [1, 2]


def test_wait_without_logs_makes_no_call_for_them():
    job, stub, _ = reading(ENDED)
    job.wait()
    assert log_calls(stub) == []


# --- the endpoint ---


@pytest.mark.parametrize(
    ("endpoint_url", "logs_url"),
    [
        (None, "https://logs.eu-west-1.amazonaws.com"),
        ("https://vpce-1.api.sagemaker.eu-west-1.vpce.amazonaws.com", "https://logs.eu-west-1.amazonaws.com"),
        ("http://127.0.0.1:8123", "http://127.0.0.1:8123"),
    ],
)
def test_the_endpoint_of_logs(endpoint_url, logs_url):
    urls = []

    def answer(request, **_):
        urls.append(request.url)
        return http_response(b'{"events": []}', request.url)

    session = botocore.session.Session()
    session.set_credentials("testing", "testing-secret")
    session.register("before-send.cloudwatch-logs", answer)
    transport = BotocoreTransport("eu-west-1", session=session, endpoint_url=endpoint_url)
    with closing(transport):
        transport.call("FilterLogEvents", {"logGroupName": "/aws/sagemaker/TrainingJobs"})
    assert urls == [f"{logs_url}/"]
