"""The progress of a wait: a bar in a terminal, lines in a file, nothing in a pipe."""

import codecs
import fcntl
import logging
import os
import pty
import re
import signal
import struct
import subprocess
import sys
import termios
import threading
import time
import unicodedata
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from unittest.mock import patch

import attrs
import pytest
from hypothesis import given, strategies as st

import hptsdk
from hptsdk import errors
from hptsdk.progress import JobStatus, create_display, format_duration, format_seconds, job_status, status_text
from hptsdk.testing import PretendClock, StubTransport, strategies

BEGIN = datetime(2026, 11, 3, 12, tzinfo=UTC)


class Tee:
    """A replacement of standard error that stores the output."""

    def __init__(self):
        self.written = ""

    def write(self, text):
        self.written += text


class FlushingTee(Tee):
    def flush(self):
        pass


def bar(status, width):
    """Return the bar of a status in a line of this width."""
    # the last column is not used
    columns = {"COLUMNS": str(width + 1)}
    with patch.object(sys, "stderr", FlushingTee()) as stream, patch.dict(os.environ, columns):
        create_display(progress="bar").show(status)
    return stream.written.removeprefix("\r")


def shown_in_notebook(status):
    """Return the HTML of a status in a notebook."""
    shown = []
    kernel = SimpleNamespace(get_ipython=lambda: SimpleNamespace(kernel=True))
    output = SimpleNamespace(display=lambda data, **_: shown.append(data["text/html"]))
    with patch.dict(sys.modules, {"IPython": kernel, "IPython.display": output}):
        create_display(progress=True).show(status)
    return shown[0]


def columns_of(line):
    """Return the number of columns that a line occupies in a terminal."""
    letters = [letter for letter in line if unicodedata.category(letter) not in {"Mn", "Me"}]
    return len(letters) + sum(unicodedata.east_asian_width(letter) in {"W", "F"} for letter in letters)


def described(done, *, status="InProgress", running=2, failed=0, best=None, **further):
    """Return a Describe response about the job demo."""
    document = {
        "HyperParameterTuningJobName": "demo",
        "HyperParameterTuningJobStatus": status,
        "HyperParameterTuningJobConfig": {"ResourceLimits": {"MaxNumberOfTrainingJobs": 20}},
        "CreationTime": BEGIN.timestamp(),
        "TrainingJobStatusCounters": {"Completed": done, "InProgress": running, "NonRetryableError": failed},
    }
    if status != "InProgress":
        document["HyperParameterTuningEndTime"] = (BEGIN + timedelta(seconds=83)).timestamp()
    if best is not None:
        metric = {"MetricName": "loss", "Value": best}
        document["BestTrainingJob"] = {"FinalHyperParameterTuningJobObjectiveMetric": metric}
    return document | further


def consumed(seconds):
    return {"ConsumedResources": {"RuntimeInSeconds": seconds}}


RESPONSES = [described(0), described(7, best=0.25), described(19, status="Completed", running=0, failed=1, best=0.125)]
LINES = [
    "demo: InProgress, 0 of 20 done, 2 running",
    "demo: InProgress, 7 of 20 done, 2 running, best loss 0.25",
    "demo: Completed, 20 of 20 ended (19 completed, 1 failed), 0 running, best loss 0.125",
]


def job(*responses):
    return hptsdk.TuningClient(transport=StubTransport(*responses), clock=PretendClock()).get("demo")


PROGRAM = f"""
import hptsdk, sys
from hptsdk.testing import PretendClock, StubTransport
responses = {RESPONSES!r}
hptsdk.TuningClient(transport=StubTransport(*responses), clock=PretendClock()).get("demo").wait(progress=PROGRESS)
print("after", file=sys.stderr)
"""


def started(program, *, progress="True", environment=None, **streams):
    """Start another process."""
    code = program.replace("PROGRESS", progress)
    variables = {**os.environ, "TERM": "xterm", "PYTHONIOENCODING": "utf-8", **(environment or {})}
    return subprocess.Popen([sys.executable, "-c", code], env=variables, **streams)  # noqa: S603 - our own program


class Terminal:
    """A terminal with a number of columns."""

    def __init__(self, *, columns=100):
        self._master, self.end = pty.openpty()
        fcntl.ioctl(self.end, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        self.written = ""
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self):
        decoder = codecs.getincrementaldecoder("utf-8")()  # a read may end within a letter
        while True:
            try:
                chunk = os.read(self._master, 4096)
            except OSError:  # the other end is closed
                return
            if not chunk:
                return
            self.written += decoder.decode(chunk)

    def until(self, text):
        """Wait until a text is shown."""
        end = time.monotonic() + 30
        while text not in self.written:
            assert time.monotonic() < end, self.written
            time.sleep(0.02)

    def output(self):
        """Return all output after the other end is closed."""
        self._reader.join(30)
        os.close(self._master)
        return self.written


def process_in(terminal, program, **options):
    """Start a process whose standard streams are a terminal."""
    streams = dict.fromkeys(("stdin", "stdout", "stderr"), terminal.end)
    process = started(program, **streams, start_new_session=True, **options)
    os.close(terminal.end)
    return process


def output_of(program):
    """Return what a process writes to its terminal."""
    terminal = Terminal()
    process_in(terminal, program).wait(30)
    return terminal.output()


@pytest.fixture
def wait_with(monkeypatch):
    """Return a function that waits for a job with a stream as standard error."""
    monkeypatch.setenv("TERM", "xterm")

    def wait(stream, *, progress=True):
        monkeypatch.setattr(sys, "stderr", stream)
        with stream:
            job(*RESPONSES).wait(progress=progress)
            stream.write("after\n")

    return wait


@pytest.fixture
def shown(wait_with):
    """Return a function that waits for a job in a terminal, and returns what is written to it."""

    def shown(*, columns=100, encoding="utf-8"):
        terminal = Terminal(columns=columns)
        wait_with(os.fdopen(terminal.end, "w", encoding=encoding))
        return terminal.output()

    return shown


@pytest.fixture
def piped(wait_with):
    """Return a function that waits for a job with a pipe as standard error, and returns what is written to it."""

    def piped(progress):
        reader, writer = os.pipe()
        with os.fdopen(reader, encoding="utf-8", newline="") as lines:
            wait_with(os.fdopen(writer, "w", encoding="utf-8"), progress=progress)
            return lines.read()

    return piped


def screen(written):
    """Return the lines that are visible at the end, without colours."""
    lines = []
    for line in re.sub(r"\x1b\[[0-9;]*m", "", written).split("\n"):
        seen = ""
        for part in line.split("\r"):
            seen = part + seen[len(part) :]
        lines.append(seen.rstrip())
    return lines


# --- streams ---


def test_a_terminal_has_a_bar_that_ends_with_the_line(shown):
    assert screen(shown()) == [
        "demo  ██████████████████████████████  20/20  Completed  1 failed  best loss 0.125  1:23",
        "after",
        "",
    ]


def test_a_bar_is_redrawn_in_place(shown):
    states = re.findall(r"(\d+)/20", shown())
    assert list(dict.fromkeys(states)) == ["0", "7", "20"]


@pytest.mark.parametrize("columns", [20, 30, 45, 60, 200])
def test_a_bar_never_fills_the_line(shown, columns):
    written = re.sub(r"\x1b\[[0-9;]*m", "", shown(columns=columns))
    assert max(len(part) for part in re.split(r"[\r\n]+", written)) < columns


def test_a_narrow_terminal_has_the_most_important_parts(shown):
    assert screen(shown(columns=20))[0] == "████████████  20/20"


def test_colours_are_left_out_if_they_are_turned_off(shown, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in shown()


def test_the_colour_of_a_bar_shows_the_status(shown):
    written = shown()
    assert "\x1b[36m" in written
    assert "\x1b[32m" in written


def test_a_dumb_terminal_has_lines(shown, monkeypatch):
    monkeypatch.setenv("TERM", "dumb")
    assert screen(shown()) == [*LINES, "after", ""]


def test_a_terminal_without_block_characters_has_a_bar_too(shown):
    assert "#" * 30 in screen(shown(encoding="ascii"))[0]


def test_a_file_has_lines(wait_with, tmp_path):
    wait_with((tmp_path / "log").open("w"))
    assert (tmp_path / "log").read_text().splitlines() == [*LINES, "after"]


def test_a_pipe_has_nothing(piped):
    assert piped(progress=True) == "after\n"


def test_a_pipe_has_lines_if_they_are_requested(piped):
    assert piped("lines").splitlines() == [*LINES, "after"]


def test_a_pipe_has_a_bar_if_it_is_requested(piped):
    written = piped("bar")
    assert "\x1b" not in written
    assert screen(written)[0].endswith("best loss 0.125  1:23")


@pytest.mark.parametrize("progress", ["'lines'", "'bar'"])
@pytest.mark.parametrize("code", [0, 7])
def test_a_closed_pipe_does_not_end_a_wait(progress, code):
    program = PROGRAM.replace("print(", f"sys.exit({code}) or print(")
    reader, writer = os.pipe()
    os.close(reader)
    process = started(program, progress=progress, stderr=writer)
    os.close(writer)
    assert process.wait(30) == code


def test_earlier_output_of_the_program_comes_before_the_lines(wait_with, tmp_path):
    log = (tmp_path / "log").open("w")
    log.write("before\r")
    wait_with(log)
    assert (tmp_path / "log").read_bytes().startswith(b"before\r" + LINES[0].encode())


# --- other output in the terminal ---


def test_ctrl_c_leaves_the_terminal_in_order():
    program = PROGRAM.replace("clock=PretendClock(), ", "").replace(", clock=PretendClock()", "")
    terminal = Terminal()
    process = process_in(terminal, program, environment={"PYTHONUNBUFFERED": "1"})
    terminal.until("0/20")
    process.send_signal(signal.SIGINT)
    process.wait(30)
    lines = screen(terminal.output())
    assert lines[0].startswith("demo  ░░░")
    assert lines[1].startswith("Traceback")
    assert lines[-3:-1] == [
        "KeyboardInterrupt",
        "The tuning job demo continues. Wait for it again with client.get('demo').wait(progress=True).",
    ]


def test_an_error_is_written_below_the_bar():
    failed = described(3, status="Failed", running=0)
    lines = screen(output_of(PROGRAM.replace(repr(RESPONSES), repr([failed, {"TrainingJobSummaries": []}]))))
    assert "Failed" in lines[0]
    assert lines[1].startswith("Traceback")


def test_log_records_are_written_above_the_bar():
    lines = screen(output_of("import logging; logging.basicConfig(level='INFO', format='%(message)s')\n" + PROGRAM))
    assert lines[:3] == LINES
    assert lines[3].startswith("demo  ███")


def test_lines_are_not_written_if_the_log_writes_them(tmp_path):
    program = "import logging; logging.basicConfig(level='INFO', format='log: %(message)s')\n" + PROGRAM
    with (tmp_path / "log").open("w") as file:
        started(program, stderr=file).wait(30)
    assert (tmp_path / "log").read_text().splitlines() == [*(f"log: {line}" for line in LINES), "after"]


def test_lines_are_written_if_the_log_goes_to_another_stream(tmp_path):
    program = f"import logging; logging.basicConfig(level='INFO', filename={str(tmp_path / 'other')!r})\n" + PROGRAM
    with (tmp_path / "log").open("w") as file:
        started(program, stderr=file).wait(30)
    assert (tmp_path / "log").read_text().splitlines() == [*LINES, "after"]
    assert len((tmp_path / "other").read_text().splitlines()) == 3


# --- the log ---


def test_each_change_is_a_log_record(caplog):
    with caplog.at_level(logging.INFO, "hptsdk"):
        job(RESPONSES[0], RESPONSES[0], *RESPONSES[1:]).wait()
    assert [(record.levelname, record.message) for record in caplog.records] == [("INFO", line) for line in LINES]


def test_nothing_is_written_by_default(capsys):
    job(*RESPONSES).wait()
    assert capsys.readouterr() == ("", "")


# --- the forms ---


def test_an_unknown_form_is_refused_before_the_first_call():
    stub = StubTransport()
    with pytest.raises(ValueError, match=r"^progress: expected True, .* or 'lines', got 'bars'"):
        hptsdk.TuningClient(transport=stub).get("demo").wait(progress="bars")
    assert stub.calls == []


def test_the_notebook_form_is_refused_outside_a_notebook():
    with pytest.raises(RuntimeError, match="needs a Jupyter kernel"):
        job().wait(progress="notebook")


@given(strategies.responses(hptsdk.shapes.DescribeHyperParameterTuningJobResponse, extreme=True), st.integers(1, 100))
def test_every_response_has_a_status_text(response, width):
    status = job_status(response)
    assert "\n" not in status_text(status)
    assert columns_of(bar(status, width)) <= width
    assert shown_in_notebook(status).startswith("<div>")
    assert str(response).startswith("Tuning job ")
    assert response._repr_html_().startswith("<div>Tuning job <b>")


def test_control_characters_of_a_name_are_replaced():
    metric = {"MetricName": "\x1b[2Jloss\r", "Value": 0.5}
    best = {"BestTrainingJob": {"FinalHyperParameterTuningJobObjectiveMetric": metric}}
    response = hptsdk.from_wire(hptsdk.shapes.DescribeHyperParameterTuningJobResponse, described(1) | best)
    assert job_status(response).best == "\ufffd[2Jloss  0.5"


@pytest.mark.parametrize("value", [None, "0.5", True])
def test_a_best_value_that_is_not_a_number_is_left_out(value):
    metric = {"MetricName": "loss", "Value": value}
    best = {"BestTrainingJob": {"FinalHyperParameterTuningJobObjectiveMetric": metric}}
    response = hptsdk.from_wire(hptsdk.shapes.DescribeHyperParameterTuningJobResponse, described(1) | best)
    assert job_status(response).best == ""


@pytest.mark.parametrize("progress", [True, "bar", "lines"])
def test_without_standard_error_nothing_is_shown(monkeypatch, progress):
    monkeypatch.setattr(sys, "stderr", None)
    assert create_display(progress=progress) is None


@pytest.mark.parametrize("progress", [True, "bar", "lines"])
def test_a_closed_stream_does_not_end_a_wait(monkeypatch, tmp_path, progress):
    file = (tmp_path / "log").open("w")
    monkeypatch.setattr(sys, "stderr", file)
    file.close()
    assert job(*RESPONSES).wait(progress=progress).hyper_parameter_tuning_job_status == "Completed"


class WithoutNumber(FlushingTee):
    def isatty(self):
        return False

    def fileno(self):
        return None


class OfUnknownEncoding(FlushingTee):
    encoding = "klingon-8"


class OfBytes(FlushingTee):
    encoding = "rot13"


STAND_INS = [Tee, FlushingTee, WithoutNumber, OfUnknownEncoding, OfBytes]


@pytest.mark.parametrize("kind", STAND_INS)
def test_nothing_is_shown_on_a_replaced_standard_error(monkeypatch, kind):
    monkeypatch.setattr(sys, "stderr", kind())
    job(*RESPONSES).wait(progress=True)
    assert sys.stderr.written == ""


@pytest.mark.parametrize("kind", STAND_INS)
def test_lines_are_shown_on_a_replaced_standard_error_if_they_are_requested(monkeypatch, kind):
    monkeypatch.setattr(sys, "stderr", kind())
    job(*RESPONSES).wait(progress="lines")
    assert sys.stderr.written.splitlines() == LINES


@pytest.mark.parametrize("kind", STAND_INS)
def test_a_bar_is_shown_on_a_replaced_standard_error_if_it_is_requested(monkeypatch, kind):
    monkeypatch.setattr(sys, "stderr", kind())
    job(*RESPONSES).wait(progress="bar")
    assert screen(sys.stderr.written)[0].endswith("Completed  1 failed  best loss 0.125  1:23")


@pytest.mark.parametrize("progress", [False, "bar"])
@pytest.mark.parametrize("timeout", [5.3, 0.1, 7.7, 59.9])
def test_the_display_does_not_change_the_number_of_calls(capsys, progress, timeout):
    stub = StubTransport(*[RESPONSES[0]] * 2)
    clock = PretendClock()
    clock.sleep(0.1)
    with pytest.raises(errors.WaitTimeout):
        hptsdk.TuningClient(transport=stub, clock=clock).get("demo").wait(timeout=timeout, poll=600, progress=progress)
    assert len(stub.calls) == 2


def test_a_slow_terminal_does_not_lengthen_a_wait(monkeypatch):
    clock = PretendClock()
    monkeypatch.setattr(sys, "stderr", FlushingTee())
    monkeypatch.setattr(sys.stderr, "flush", lambda: clock.sleep(0.9))
    with pytest.raises(errors.WaitTimeout):
        hptsdk.TuningClient(transport=StubTransport(*[RESPONSES[0]] * 2), clock=clock).get("demo").wait(
            timeout=20, poll=600, progress="bar"
        )
    # if each second of the wait had an update of 0.9 seconds, it would last 38 seconds
    assert clock.now < 24


def test_a_clock_that_does_not_advance_does_not_block_a_wait():
    class Still:
        def monotonic(self):
            return 1.0

        def sleep(self, _seconds):
            pass

    client = hptsdk.TuningClient(transport=StubTransport(*RESPONSES), clock=Still())
    assert client.get("demo").wait(progress="lines").hyper_parameter_tuning_job_status == "Completed"


def test_the_running_time_advances_between_two_calls(monkeypatch):
    monkeypatch.setattr(sys, "stderr", FlushingTee())
    job(RESPONSES[0], *[RESPONSES[0]] * 3, RESPONSES[2]).wait(progress="bar", poll=10)
    assert sys.stderr.written.count("\r") > 40


def test_the_bar_stays_after_the_wait(capsys):
    with pytest.raises(errors.WaitTimeout):
        job(*[RESPONSES[0]] * 9).wait(progress="bar", timeout=5)
    assert capsys.readouterr().err.endswith("\n")


# --- the running time ---


def status_of(**members):
    document = described(7, **members)
    return job_status(hptsdk.from_wire(hptsdk.shapes.DescribeHyperParameterTuningJobResponse, document))


def test_the_running_time_does_not_include_the_time_in_which_a_service_was_closed(monkeypatch):
    now = 1000.0
    monkeypatch.setattr("hptsdk.progress._formatting.monotonic", lambda: now)
    status = status_of(**consumed(83))
    assert status.seconds == 83
    now += 5
    assert status.seconds == 88


def test_the_running_time_of_an_ended_job_does_not_advance(monkeypatch):
    now = 1000.0
    monkeypatch.setattr("hptsdk.progress._formatting.monotonic", lambda: now)
    ended = status_of(**consumed(60), status="Stopped")
    now += 5
    assert ended.seconds == 60


@pytest.mark.parametrize("runtime", [None, "60", -1, float("nan"), float("inf"), True], ids=repr)
def test_the_running_time_defaults_to_the_time_since_creation(runtime):
    assert status_of(**consumed(runtime), status="Completed").seconds == 83


def test_a_change_of_the_running_time_alone_is_not_an_update():
    stub = StubTransport(*[described(7, **consumed(seconds)) for seconds in range(5)], RESPONSES[2])
    updates = []
    hptsdk.TuningClient(transport=stub, clock=PretendClock()).get("demo").wait(on_update=updates.append)
    assert len(updates) == 2


def test_a_change_of_the_running_time_alone_keeps_pauses_long():
    clock = PretendClock()
    stub = StubTransport(*[described(7, **consumed(seconds)) for seconds in range(7)], RESPONSES[2])
    hptsdk.TuningClient(transport=stub, clock=clock).get("demo").wait(poll=10)
    assert clock.slept[-1] > 40


def test_every_response_updates_the_running_time_of_a_bar(monkeypatch):
    monkeypatch.setattr(sys, "stderr", FlushingTee())
    job(described(7, **consumed(60)), described(7, **consumed(600)), RESPONSES[2]).wait(progress="bar")
    assert {"1:00", "10:00", "1:23"} <= set(re.findall(r"[0-9]+:[0-9]+", sys.stderr.written))


def test_equal_lines_are_written_once(capsys):
    moved = RESPONSES[0] | {"ObjectiveStatusCounters": {"Pending": 1}}
    job(RESPONSES[0], moved, *RESPONSES[1:]).wait(progress="lines")
    assert capsys.readouterr().err.splitlines() == LINES


# --- the text ---


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0:00"), (83, "1:23"), (3599.9, "59:59"), (3600 * 30 + 61, "30:01:01")]
)
def test_a_duration_has_minutes_and_seconds(seconds, text):
    assert format_duration(seconds) == text


@pytest.mark.parametrize(
    ("seconds", "text"), [(None, ""), (9.53, "9.5 s"), (83, "83 s"), (900, "15 min"), (9000, "2.5 h")]
)
def test_a_number_of_seconds_has_a_unit(seconds, text):
    assert format_seconds(seconds) == text


STATUS = JobStatus("demo", "InProgress", 7, 2, 1, 20, "loss 0.25", BEGIN, BEGIN + timedelta(seconds=83))


def test_a_line_fits_any_width():
    lengths = {width: len(bar(STATUS, width)) for width in range(120)}
    assert [width for width, length in lengths.items() if length > width] == []


WIDE = JobStatus("調整", "InProgress", 7, 2, 1, 20, "検証損失 0.25", BEGIN, BEGIN + timedelta(seconds=83))


@pytest.mark.parametrize("total", [20, None])
def test_a_line_with_wide_characters_fits_any_width(total):
    status = attrs.evolve(WIDE, total=total)
    for width in range(2, 120):
        line = bar(status, width)
        wide = sum(letter in "調整検証損失" for letter in line)
        assert len(line) + wide <= width


def test_a_line_with_wide_characters_uses_its_width():
    line = bar(WIDE, 70)
    assert line == "調整  ████░░░░░░░  8/20  2 running  1 failed  best 検証損失 0.25  1:23"
    assert len(line) + len("調整検証損失") == 70


def test_a_combining_character_has_no_width():
    plain, combined = (bar(JobStatus(name, "InProgress", 7, total=20), 30) for name in ("e", "e\u0301"))
    assert len(combined) == len(plain) + 1


@pytest.mark.parametrize("progress", ["bar", "lines"])
def test_escape_characters_do_not_reach_the_terminal(capsys, progress):
    metric = {"MetricName": "\x1b[2Jloss", "Value": 0.5}
    best = {"BestTrainingJob": {"FinalHyperParameterTuningJobObjectiveMetric": metric}}
    job(RESPONSES[2] | best).wait(progress=progress)
    shown = capsys.readouterr().err
    assert "loss" in shown
    assert "\x1b" not in shown


@pytest.mark.parametrize(
    ("width", "line"),
    [
        (80, "demo  ██████████░░░░░░░░░░░░░░░  8/20  2 running  1 failed  best loss 0.25  1:23"),
        (52, "demo  ███░░░░░  8/20  1 failed  best loss 0.25  1:23"),
        (40, "demo  ████░░░░░░░░  8/20  1 failed  1:23"),
        (16, "████░░░░░░  8/20"),
        (6, "8/20"),
    ],
)
def test_the_least_important_parts_are_left_out_first(width, line):
    assert bar(STATUS, width) == line


STOPPED = attrs.evolve(STATUS, completed=4, stopped=3)


def test_a_line_counts_stopped_training_jobs_separately():
    assert status_text(STOPPED) == (
        "demo: InProgress, 8 of 20 ended (4 completed, 3 stopped, 1 failed), 2 running, best loss 0.25"
    )


def test_a_bar_counts_stopped_training_jobs_separately():
    line = bar(STOPPED, 60)
    assert line == "demo  ███░░░░░  8/20  4 completed, 3 stopped  1 failed  1:23"


def test_a_bar_without_a_total_counts_stopped_training_jobs_separately():
    line = bar(attrs.evolve(STOPPED, total=None), 60)
    assert line == "demo  4 completed, 3 stopped  1 failed  best loss 0.25  1:23"


def test_a_notebook_counts_stopped_training_jobs_separately():
    assert "8 of 20 ended (4 completed, 3 stopped, 1 failed), 2 running" in shown_in_notebook(STOPPED)


@pytest.mark.parametrize(
    ("status", "counts"),
    [
        ("Stopping", "8 of at most 20 ended (4 completed, 3 stopped, 1 failed)"),
        ("Stopped", "8 of at most 20 ended (4 completed, 3 stopped, 1 failed)"),
        ("InProgress", "8 of 20 ended (4 completed, 3 stopped, 1 failed)"),
    ],
)
def test_the_limit_of_a_tuning_job_that_ends_early_is_called_a_limit(status, counts):
    assert attrs.evolve(STOPPED, status=status).counts[0] == counts


def test_a_failed_training_job_does_not_count_as_done():
    assert bar(JobStatus("demo", "InProgress", 5, failed=1), 80) == "demo  6 ended  1 failed  0:00"


def test_stopped_training_jobs_are_read_from_the_counters():
    status = status_of(TrainingJobStatusCounters={"Completed": 7, "Stopped": 16})
    assert (status.completed, status.stopped, status.ended) == (7, 16, 23)


def test_there_is_no_bar_without_a_maximum_number_of_training_jobs():
    assert bar(JobStatus("demo", "InProgress", 7), 80) == "demo  7 done  0:00"


def test_a_notebook_has_an_element_for_screen_readers():
    html = shown_in_notebook(STATUS)
    assert '<progress value="8" max="20" aria-label="training jobs that ended"></progress>' in html
    assert "8 of 20 ended (7 completed, 1 failed), 2 running, best loss 0.25, 1:23" in html


def test_a_notebook_escapes_text():
    assert "<b>&lt;i&gt;</b>" in shown_in_notebook(JobStatus("<i>", "Completed"))


def test_a_response_with_only_a_name_and_a_status_has_a_status_text():
    bare = {"HyperParameterTuningJobName": "demo", "HyperParameterTuningJobStatus": "Completed"}
    updates = []
    job(bare).wait(on_update=updates.append)
    assert status_text(JobStatus("demo", "Completed")) == "demo: Completed, 0 done, 0 running"
    assert len(updates) == 1
