"""The operations of CloudWatch Logs in the local service, and `TuningJob.logs` with it."""

import itertools
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

import botocore.exceptions
import botocore.session
import pytest
from running import BUCKET, IMAGE, bucket, job, shell, training, until

from hptsdk.local import LocalService

SECRET = "hunter2-of-nobody"  # noqa: S105 - of no account
GROUP = "/aws/sagemaker/TrainingJobs"
PROGRAM = "echo first; echo; sleep 0.25; printf 'tabs\\tand é\\r\\n'; echo loss=0.5; printf 'no line end'"
MESSAGES = ["first", "tabs\tand é", "loss=0.5", "no line end"]


def logs_client(service):
    """Return botocore's client of CloudWatch Logs."""
    session = botocore.session.Session()
    session.set_credentials(service.credentials.access_key, service.credentials.secret_key)
    return session.create_client("logs", region_name=service.region_name, endpoint_url=service.endpoint_url)


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    """A service with two tuning jobs that have ended; the name of one begins with that of the other."""
    folder = tmp_path_factory.mktemp("logs")
    with LocalService(
        folder / "root", images={IMAGE: shell(PROGRAM)}, buckets={BUCKET: bucket(folder)}, stop_grace=1
    ) as service:
        with service.client() as client:
            for name, count in (("demo", 3), ("demo-1", 1)):
                client.create(job(name, max_jobs=count).build()).wait(timeout=30, poll=0.05)
        yield service


@pytest.fixture
def demo(service):
    """The handle to the tuning job with three training jobs."""
    with service.client() as client:
        yield client.get("demo")


@pytest.fixture
def logs(service):
    """The client of CloudWatch Logs."""
    client = logs_client(service)
    yield client
    client.close()


@pytest.fixture
def stream(logs):
    """The name of the first log stream."""
    return logs.describe_log_streams(logGroupName=GROUP)["logStreams"][0]["logStreamName"]


def messages(events):
    return [event["message"] for event in events]


def test_the_logs_of_a_tuning_job_are_those_of_its_training_jobs(demo):
    names = {summary.training_job_name for summary in demo.training_jobs()}
    events = list(demo.logs())
    assert {event.training_job for event in events} == names
    assert sorted(event.message for event in events) == sorted(MESSAGES * 3)
    assert {event.instance for event in events} == {"algo-1"}


def test_log_events_are_merged_by_time(demo):
    times = [event.time for event in demo.logs()]
    assert times == sorted(times)
    assert times[-1] - times[0] > timedelta(seconds=0.2)
    assert times[0].tzinfo is UTC


def test_the_logs_of_one_training_job(demo):
    name = next(demo.training_jobs()).training_job_name
    assert [event.message for event in demo.logs(training_job=name)] == MESSAGES


def test_the_log_of_an_absent_training_job_is_an_error(demo):
    with pytest.raises(Exception, match="Requested resource not found"):
        list(demo.logs(training_job="absent"))


def test_logs_since_a_time_and_for_a_duration(demo):
    events = list(demo.logs())
    later = [event for event in events if event.time >= events[5].time]
    assert list(demo.logs(since=events[5].time)) == later
    assert list(demo.logs(since=timedelta(hours=1))) == events
    assert list(demo.logs(since=datetime.now(UTC))) == []


def test_the_logs_of_a_job_that_has_ended_can_be_followed(demo):
    assert list(demo.logs(follow=True)) == list(demo.logs())


def test_logs_are_followed_until_the_job_ends(tmp_path):
    program = shell("echo begins; sleep 0.5; echo loss=1; sleep 0.3; echo ends")
    with LocalService(tmp_path / "root", images={IMAGE: program}, buckets={BUCKET: bucket(tmp_path)}) as service:
        handle = service.client().create(job(max_jobs=2, parallel=1).build())
        seen = [
            (event.message, handle.describe().hyper_parameter_tuning_job_status) for event in handle.logs(follow=True)
        ]
    assert [message for message, _ in seen] == ["begins", "loss=1", "ends"] * 2
    assert seen[0][1] == "InProgress"


def test_wait_prints_the_logs_without_secrets(open_service, capsys):
    service = open_service(shell("echo token is $TOKEN; echo loss=1; printf '\\033[31mred\\n'"))
    definition = training().environment(TOKEN=SECRET)
    handle = service.client().create(job(definition=definition, max_jobs=1).build())
    handle.wait(timeout=30, logs=True)
    lines = capsys.readouterr().out.splitlines()
    name = next(handle.training_jobs()).training_job_name
    assert [line.split(" ", 2)[2] for line in lines] == [
        f"{name}/algo-1 token is (hidden)",
        f"{name}/algo-1 loss=1",
        f"{name}/algo-1 \ufffd[31mred",
    ]


def test_wait_calls_a_function_with_each_log_event(open_service):
    events = []
    handle = open_service().client().create(job(max_jobs=2).build())
    handle.wait(timeout=30, logs=events.append)
    assert [event.message for event in events] == ["loss=0.5;"] * 2


# --- the operations ---


def test_the_variables_of_the_service_configure_other_clients(service, monkeypatch):
    for name, value in service.environment().items():
        monkeypatch.setenv(name, value)
    client = botocore.session.Session().create_client("logs")
    assert len(client.filter_log_events(logGroupName=GROUP)["events"]) == 16
    client.close()


def test_each_training_job_has_a_log_stream(service, logs, demo):
    streams = logs.describe_log_streams(logGroupName=GROUP, logStreamNamePrefix="demo-0")["logStreams"]
    names = sorted(summary.training_job_name for summary in demo.training_jobs())
    assert [stream["logStreamName"].partition("/algo-1-")[0] for stream in streams] == names
    for stream in streams:
        assert stream["creationTime"] <= stream["firstEventTimestamp"] < stream["lastEventTimestamp"]
        assert (
            stream["arn"]
            == f"arn:aws:logs:us-east-1:123456789012:log-group:{GROUP}:log-stream:{stream['logStreamName']}"
        )


def test_pages_of_log_streams(logs):
    pages = logs.get_paginator("describe_log_streams").paginate(logGroupName=GROUP, PaginationConfig={"PageSize": 3})
    sizes, names = [], []
    for page in pages:
        sizes.append(len(page["logStreams"]))
        names += [stream["logStreamName"] for stream in page["logStreams"]]
    assert (sizes, names) == ([3, 1], sorted(set(names)))


def test_log_streams_by_time_of_their_last_event(logs):
    response = logs.describe_log_streams(logGroupName=GROUP, orderBy="LastEventTime", descending=True, limit=1)
    assert response["logStreams"][0]["logStreamName"].startswith("demo-1-001-")


@pytest.mark.parametrize("limit", [1, 2, 5, 100])
def test_pages_of_filtered_events_have_each_event_once(logs, limit):
    pages = logs.get_paginator("filter_log_events").paginate(logGroupName=GROUP, PaginationConfig={"PageSize": limit})
    events = [event for page in pages for event in page["events"]]
    assert len({event["eventId"] for event in events}) == len(events) == 16
    assert [event["timestamp"] for event in events] == sorted(event["timestamp"] for event in events)


def test_events_between_two_times(logs):
    events = logs.filter_log_events(logGroupName=GROUP)["events"]
    begin, end = events[4]["timestamp"], events[8]["timestamp"]
    chosen = logs.filter_log_events(logGroupName=GROUP, startTime=begin, endTime=end)["events"]
    assert chosen == [event for event in events if begin <= event["timestamp"] <= end]


def test_no_event_is_later_than_the_largest_time(logs):
    assert logs.filter_log_events(logGroupName=GROUP, startTime=1 << 64)["events"] == []


def test_events_of_named_streams(logs, stream):
    response = logs.filter_log_events(logGroupName=GROUP, logStreamNames=[stream, "absent/algo-1-1", stream])
    assert messages(response["events"]) == MESSAGES


def test_the_log_group_can_be_an_arn(logs):
    group = f"arn:aws:logs:us-east-1:123456789012:log-group:{GROUP}"
    assert len(logs.filter_log_events(logGroupIdentifier=group)["events"]) == 16


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("loss", ["loss=0.5"]),
        ('"no line"', ["no line end"]),
        ("line no", ["no line end"]),
        ("?first ?loss", ["first", "loss=0.5"]),
        ("-first -loss -tabs", ["no line end"]),
        ('""', MESSAGES),
        ("absent", []),
    ],
)
def test_a_filter_pattern_of_terms(logs, stream, pattern, expected):
    response = logs.filter_log_events(logGroupName=GROUP, logStreamNames=[stream], filterPattern=pattern)
    assert messages(response["events"]) == expected


@pytest.mark.parametrize("from_head", [True, False])
def test_the_events_of_one_stream(logs, stream, from_head):
    response = logs.get_log_events(logGroupName=GROUP, logStreamName=stream, startFromHead=from_head)
    assert messages(response["events"]) == MESSAGES
    following = logs.get_log_events(
        logGroupName=GROUP, logStreamName=stream, startFromHead=True, nextToken=response["nextForwardToken"]
    )
    assert (following["events"], following["nextForwardToken"]) == ([], response["nextForwardToken"])


@pytest.mark.parametrize(("from_head", "direction"), [(True, "nextForwardToken"), (False, "nextBackwardToken")])
def test_pages_of_one_stream_in_both_directions(logs, stream, from_head, direction):
    arguments = {"logGroupName": GROUP, "logStreamName": stream, "limit": 1, "startFromHead": from_head}
    seen, token = [], None
    for _ in range(10):
        response = logs.get_log_events(**arguments, **({"nextToken": token} if token else {}))
        seen += messages(response["events"])
        if response[direction] == token:
            break
        token = response[direction]
    assert seen == (MESSAGES if from_head else MESSAGES[::-1])


@pytest.mark.parametrize(
    ("operation", "arguments", "code"),
    [
        ("filter_log_events", {"logGroupName": "/aws/lambda/f"}, "ResourceNotFoundException"),
        ("filter_log_events", {"logGroupName": GROUP, "nextToken": "forged"}, "InvalidParameterException"),
        ("filter_log_events", {"logGroupName": GROUP, "filterPattern": "{ $.a = 1 }"}, "InvalidParameterException"),
        (
            "filter_log_events",
            {"logGroupName": GROUP, "logStreamNames": ["a"], "logStreamNamePrefix": "a"},
            "InvalidParameterException",
        ),
        ("filter_log_events", {"logGroupName": GROUP, "limit": 10_001}, "InvalidParameterException"),
        ("describe_log_streams", {"logGroupName": GROUP, "limit": 51}, "InvalidParameterException"),
        (
            "describe_log_streams",
            {"logGroupName": GROUP, "logStreamNamePrefix": "a", "orderBy": "LastEventTime"},
            "InvalidParameterException",
        ),
        ("get_log_events", {"logGroupName": GROUP, "logStreamName": "absent"}, "ResourceNotFoundException"),
        ("get_log_events", {"logGroupName": GROUP, "logStreamName": "../x"}, "ResourceNotFoundException"),
        ("get_log_events", {"logGroupName": GROUP, "logStreamName": "\ud800"}, "InvalidParameterException"),
        ("describe_log_groups", {}, "UnknownOperationException"),
    ],
)
def test_a_refused_request(logs, operation, arguments, code):
    with pytest.raises(botocore.exceptions.ClientError) as caught:
        getattr(logs, operation)(**arguments)
    assert caught.value.response["Error"]["Code"] == code


def test_a_token_that_is_no_position_is_refused(logs, stream):
    with pytest.raises(botocore.exceptions.ClientError, match="nextToken is invalid"):
        logs.get_log_events(logGroupName=GROUP, logStreamName=stream, nextToken="f/-1")


def test_the_keys_of_training_programs_do_not_read_logs(open_service, tmp_path):
    program = shell(
        "printf '%s %s' $AWS_ACCESS_KEY_ID $AWS_SECRET_ACCESS_KEY > keys.txt; cp keys.txt $SM_OUTPUT_DIR; echo loss=1"
    )
    service = open_service(program, keep_folders=True)
    service.client().create(job(max_jobs=1).build()).wait(timeout=30)
    (file,) = service.root.glob("training-jobs/*/ml/output/keys.txt")
    session = botocore.session.Session()
    session.set_credentials(*file.read_text().split())
    client = session.create_client("logs", region_name=service.region_name, endpoint_url=service.endpoint_url)
    with pytest.raises(botocore.exceptions.ClientError, match="not for logs"):
        client.filter_log_events(logGroupName=GROUP)
    client.close()


# --- logs as programs write them ---


def lines_of(service):
    """Return the messages in the logs of all training jobs."""
    client = logs_client(service)
    pages = client.get_paginator("filter_log_events").paginate(logGroupName=GROUP)
    texts = [event["message"] for page in pages for event in page["events"]]
    client.close()
    return texts


def test_a_long_line_is_returned_in_parts(open_service):
    service = open_service(shell("head -c 200000 /dev/zero | tr '\\0' x; echo; echo loss=1"))
    service.client().create(job(max_jobs=1).build()).wait(timeout=30)
    parts = lines_of(service)
    assert ["".join(parts[:-1]), parts[-1], max(map(len, parts))] == ["x" * 200_000, "loss=1", 1 << 16]


def test_bytes_that_are_not_utf_8_are_replaced(open_service):
    service = open_service(shell("printf '\\377\\n'; echo loss=1"))
    service.client().create(job(max_jobs=1).build()).wait(timeout=30)
    assert lines_of(service) == ["\ufffd", "loss=1"]


@pytest.mark.long
def test_a_page_has_at_most_ten_thousand_events(open_service):
    service = open_service(shell("seq -f 'line %06g of a log' 1 12000; echo loss=1"))
    handle = service.client().create(job(max_jobs=1).build())
    handle.wait(timeout=30)
    client = logs_client(service)
    pages = [page["events"] for page in client.get_paginator("filter_log_events").paginate(logGroupName=GROUP)]
    client.close()
    assert list(map(len, pages)) == [10_000, 2001]
    texts = [event["message"] for page in pages for event in page]
    assert texts == [*(f"line {i:06} of a log" for i in range(1, 12_001)), "loss=1"]
    assert [event.message for event in handle.logs()] == texts


def test_a_page_has_at_most_a_megabyte(open_service):
    service = open_service(
        shell("for i in 1 2 3 4 5; do head -c 400000 /dev/zero | tr '\\0' $i; echo; done; echo loss=1")
    )
    service.client().create(job(max_jobs=1).build()).wait(timeout=30)
    client = logs_client(service)
    pages = [page["events"] for page in client.get_paginator("filter_log_events").paginate(logGroupName=GROUP)]
    client.close()
    sizes = [sum(len(event["message"]) for event in page) for page in pages]
    assert (max(sizes) <= 1 << 20, min(sizes[:-1]) > 900_000, sum(sizes)) == (True, True, 2_000_006)


READ_ALL = """
import sys, psutil
from hptsdk.local import read_root
with read_root(sys.argv[1]) as client:
    events = client.get("demo").logs()
    next(events)
    before, most, size = psutil.Process().memory_info().rss, 0, 0
    for number, event in enumerate(events):
        size += len(event.message)
        if number % 50 == 0:
            most = max(most, psutil.Process().memory_info().rss - before)
print(size, most)
"""


@pytest.mark.long
def test_a_log_of_a_gigabyte_is_read_page_by_page(open_service):
    service = open_service()
    service.client().create(job(max_jobs=1).build()).wait(timeout=30)
    service.close()
    (log,) = service.root.glob("training-jobs/*/log.txt")
    with log.open("ab") as file:
        for _ in range(1 << 14):
            file.write(b"x" * 65_535 + b"\n")
    command = [sys.executable, "-c", READ_ALL, str(service.root)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - ours
    log.unlink()
    size, most = map(int, done.stdout.split())
    assert size > 1_000_000_000
    assert most < 100_000_000


def test_a_program_that_replaces_its_log_has_no_log_stream(open_service):
    service = open_service(shell("d=$SM_MODEL_DIR/../..; rm $d/log.txt; ln -s /etc/hostname $d/log.txt; echo loss=1"))
    service.client().create(job(max_jobs=1).build()).wait(timeout=30)
    assert lines_of(service) == []


def test_a_program_that_overwrites_the_times_of_its_log_does_not_break_it(open_service):
    service = open_service(
        shell("echo loss=1; sleep 0.3; head -c 100 /dev/urandom > $SM_MODEL_DIR/../../log.times; echo end")
    )
    service.client().create(job(max_jobs=1).build()).wait(timeout=30)
    client = logs_client(service)
    stream = client.describe_log_streams(logGroupName=GROUP)["logStreams"][0]["logStreamName"]
    response = client.get_log_events(logGroupName=GROUP, logStreamName=stream, startFromHead=True)
    client.close()
    assert messages(response["events"]) == ["loss=1", "end"]


def test_a_log_of_an_earlier_version_has_the_time_of_the_end(open_service):
    service = open_service()
    handle = service.client().create(job(max_jobs=1).build())
    handle.wait(timeout=30)
    (times,) = service.root.glob("training-jobs/*/log.times")
    times.unlink()
    (event,) = handle.logs()
    assert event.time.replace(microsecond=0) == next(handle.training_jobs()).training_end_time
    assert event.message == "loss=0.5;"


def test_the_logs_are_those_of_the_last_attempt_after_the_root_is_opened_again(open_service):
    program = "echo attempt; sleep $(test -e again && echo 0 || (touch again; echo 60)); echo loss=1"
    service = open_service(shell(f"cd $SM_MODEL_DIR/../..; {program}"), stop_grace=0.1)
    handle = service.client().create(job(max_jobs=1).build())
    until(lambda: [event.message for event in handle.logs()] == ["attempt"])
    service.close()
    again = open_service(shell(f"cd $SM_MODEL_DIR/../..; {program}")).client().get("demo")
    again.wait(timeout=30)
    assert [event.message for event in again.logs()] == ["attempt", "loss=1"]


def test_events_are_not_lost_or_doubled_while_many_programs_write(open_service):
    service = open_service(shell("for i in 1 2 3 4 5 6 7 8; do echo line $i; sleep 0.05; done; echo loss=1"))
    handle = service.client().create(job(max_jobs=6, parallel=3).build())
    events = list(handle.logs(follow=True))
    by_job = itertools.groupby(sorted(events, key=lambda event: event.training_job), lambda event: event.training_job)
    expected = [*(f"line {i}" for i in range(1, 9)), "loss=1"]
    assert [[event.message for event in group] for _, group in by_job] == [expected] * 6


def test_a_follower_in_a_service_without_programs_ends_with_the_job(open_service):
    handle = open_service(shell("sleep 60")).client().create(job(max_jobs=1).build())
    begin = time.monotonic()
    handle.stop()
    assert list(handle.logs(follow=True)) == []
    assert time.monotonic() - begin < 10
