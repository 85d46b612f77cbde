"""What a wait shows of a job: a bar in a terminal, lines in a file, nothing in a pipe."""

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
from datetime import UTC, datetime, timedelta

import attrs
import pytest
from hypothesis import given, strategies as st

import hptsdk
from hptsdk import errors
from hptsdk.progress._display import create_display
from hptsdk.progress._formatting import display_width, format_duration
from hptsdk.progress._notebook import status_html
from hptsdk.progress._status import JobStatus, job_status, status_text
from hptsdk.progress._terminal import bar_layout
from hptsdk.testing import PretendClock, StubTransport, strategies

BEGIN = datetime(2026, 11, 3, 12, tzinfo=UTC)


def described(done, *, status="InProgress", running=2, failed=0, best=None, **further):
    """Make a description of a job called demo."""
    found = {
        "HyperParameterTuningJobName": "demo",
        "HyperParameterTuningJobStatus": status,
        "HyperParameterTuningJobConfig": {"ResourceLimits": {"MaxNumberOfTrainingJobs": 20}},
        "CreationTime": BEGIN.timestamp(),
        "TrainingJobStatusCounters": {
            "Completed": done,
            "InProgress": running,
            "NonRetryableError": failed,
        },
    }
    if status != "InProgress":
        found["HyperParameterTuningEndTime"] = (BEGIN + timedelta(seconds=83)).timestamp()
    if best is not None:
        metric = {"MetricName": "loss", "Value": best}
        found["BestTrainingJob"] = {"FinalHyperParameterTuningJobObjectiveMetric": metric}
    return found | further


def consumed(seconds):
    return {"ConsumedResources": {"RuntimeInSeconds": seconds}}


SEEN = [described(0), described(7, best=0.25), described(19, status="Completed", running=0, failed=1, best=0.125)]
LINES = [
    "demo: InProgress, 0 of 20 done, 2 running",
    "demo: InProgress, 7 of 20 done, 2 running, best loss 0.25",
    "demo: Completed, 20 of 20 ended (19 completed, 1 failed), 0 running, best loss 0.125",
]


def job(*answers):
    return hptsdk.TuningClient(transport=StubTransport(*answers), clock=PretendClock()).get("demo")


PROGRAM = f"""
import hptsdk, sys
from hptsdk.testing import PretendClock, StubTransport
seen = {SEEN!r}
hptsdk.TuningClient(transport=StubTransport(*seen), clock=PretendClock()).get("demo").wait(progress=PROGRESS)
print("after", file=sys.stderr)
"""


def started(program, *, progress="True", environment=None, **streams):
    """Start a process of its own."""
    code = program.replace("PROGRESS", progress)
    variables = {**os.environ, "TERM": "xterm", "PYTHONIOENCODING": "utf-8", **(environment or {})}
    variables.pop("COLUMNS", None)
    return subprocess.Popen([sys.executable, "-c", code], env=variables, **streams)  # noqa: S603 - our own program


class Terminal:
    """A terminal of a process of its own, of so many columns."""

    def __init__(self, program=PROGRAM, *, columns=100, **options):
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        self.process = started(program, stdin=slave, stdout=slave, stderr=slave, start_new_session=True, **options)
        os.close(slave)
        self.written = ""
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self):
        decoder = codecs.getincrementaldecoder("utf-8")()  # a read may end within a letter
        while True:
            try:
                found = os.read(self._master, 4096)
            except OSError:  # the other end is closed
                return
            if not found:
                return
            self.written += decoder.decode(found)

    def until(self, text):
        """Wait until something is there."""
        end = time.monotonic() + 30
        while text not in self.written:
            assert time.monotonic() < end, self.written
            time.sleep(0.02)

    def ended(self):
        """Wait for the process, and give what it wrote."""
        self.process.wait(30)
        self._reader.join(30)
        os.close(self._master)
        return self.written


def screen(written):
    """Give the lines that are seen in the end, without colours."""
    found = []
    for line in re.sub(r"\x1b\[[0-9;]*m", "", written).split("\n"):
        seen = ""
        for part in line.split("\r"):
            seen = part + seen[len(part) :]
        found.append(seen.rstrip())
    return found


# --- where ---


def test_a_terminal_has_a_bar_that_ends_with_the_line():
    assert screen(Terminal().ended()) == [
        "demo  ██████████████████████████████  20/20  Completed  1 failed  best loss 0.125  1:23",
        "after",
        "",
    ]


def test_a_bar_is_redrawn_in_place():
    states = re.findall(r"(\d+)/20", Terminal().ended())
    assert list(dict.fromkeys(states)) == ["0", "7", "20"]


@pytest.mark.parametrize("columns", [20, 30, 45, 60, 200])
def test_a_bar_never_fills_the_line(columns):
    written = re.sub(r"\x1b\[[0-9;]*m", "", Terminal(columns=columns).ended())
    assert max(len(part) for part in re.split(r"[\r\n]+", written)) < columns


def test_a_narrow_terminal_has_what_matters():
    assert screen(Terminal(columns=20).ended())[0] == "████████████  20/20"


def test_colours_are_left_out_where_nobody_wants_them():
    assert "\x1b" not in Terminal(environment={"NO_COLOR": "1"}).ended()


def test_a_bar_has_a_colour_that_tells_the_state():
    written = Terminal().ended()
    assert "\x1b[36m" in written
    assert "\x1b[32m" in written


def test_a_dumb_terminal_has_lines():
    assert screen(Terminal(environment={"TERM": "dumb"}).ended()) == [*LINES, "after", ""]


def test_a_terminal_without_blocks_has_a_bar_too():
    assert "#" * 30 in screen(Terminal(environment={"PYTHONIOENCODING": "ascii"}).ended())[0]


def test_a_file_has_lines(tmp_path):
    with (tmp_path / "log").open("w") as file:
        started(PROGRAM, stderr=file).wait(30)
    assert (tmp_path / "log").read_text().splitlines() == [*LINES, "after"]


def test_a_pipe_has_nothing():
    assert started(PROGRAM, stderr=subprocess.PIPE).communicate(timeout=30)[1] == b"after\n"


def test_a_pipe_has_lines_where_they_are_asked_for():
    written = started(PROGRAM, progress="'lines'", stderr=subprocess.PIPE).communicate(timeout=30)[1].decode()
    assert written.splitlines() == [*LINES, "after"]


def test_a_pipe_has_a_bar_where_it_is_asked_for():
    written = started(PROGRAM, progress="'bar'", stderr=subprocess.PIPE).communicate(timeout=30)[1].decode()
    assert "\x1b" not in written
    assert screen(written)[0].endswith("best loss 0.125  1:23")


@pytest.mark.parametrize("progress", ["'lines'", "'bar'"])
@pytest.mark.parametrize("code", [0, 7])
def test_a_pipe_that_nobody_reads_ends_no_wait(progress, code):
    program = PROGRAM.replace("print(", f"sys.exit({code}) or print(")
    reader, writer = os.pipe()
    os.close(reader)
    process = started(program, progress=progress, stderr=writer)
    os.close(writer)
    assert process.wait(30) == code


def test_what_the_program_wrote_before_stands_before_the_lines(tmp_path):
    with (tmp_path / "log").open("w") as file:
        started("import sys; sys.stderr.write('before\\r')\n" + PROGRAM, stderr=file).wait(30)
    assert (tmp_path / "log").read_bytes().startswith(b"before\r" + LINES[0].encode())


# --- in a terminal that others use too ---


def test_leaving_with_a_key_leaves_the_terminal_in_order():
    program = PROGRAM.replace("clock=PretendClock(), ", "").replace(", clock=PretendClock()", "")
    terminal = Terminal(program, environment={"PYTHONUNBUFFERED": "1"})
    terminal.until("0/20")
    terminal.process.send_signal(signal.SIGINT)
    found = screen(terminal.ended())
    assert found[0].startswith("demo  ░░░")
    assert found[1].startswith("Traceback")
    assert found[-3:-1] == [
        "KeyboardInterrupt",
        "The tuning job demo goes on. Wait for it again with client.get('demo').wait(progress=True).",
    ]


def test_an_error_is_written_below_the_bar():
    failed = described(3, status="Failed", running=0)
    program = PROGRAM.replace(repr(SEEN), repr([failed, {"TrainingJobSummaries": []}]))
    found = screen(Terminal(program).ended())
    assert "Failed" in found[0]
    assert found[1].startswith("Traceback")


def test_the_log_stands_above_the_bar():
    program = "import logging; logging.basicConfig(level='INFO', format='%(message)s')\n" + PROGRAM
    found = screen(Terminal(program).ended())
    assert found[:3] == LINES
    assert found[3].startswith("demo  ███")


def test_lines_that_the_log_writes_are_not_written_twice(tmp_path):
    program = "import logging; logging.basicConfig(level='INFO', format='log: %(message)s')\n" + PROGRAM
    with (tmp_path / "log").open("w") as file:
        started(program, stderr=file).wait(30)
    assert (tmp_path / "log").read_text().splitlines() == [*(f"log: {line}" for line in LINES), "after"]


def test_lines_are_written_beside_a_log_that_goes_elsewhere(tmp_path):
    program = f"import logging; logging.basicConfig(level='INFO', filename={str(tmp_path / 'other')!r})\n" + PROGRAM
    with (tmp_path / "log").open("w") as file:
        started(program, stderr=file).wait(30)
    assert (tmp_path / "log").read_text().splitlines() == [*LINES, "after"]
    assert len((tmp_path / "other").read_text().splitlines()) == 3


# --- the log ---


def test_each_change_is_a_record_of_the_log(caplog):
    with caplog.at_level(logging.INFO, "hptsdk"):
        job(SEEN[0], SEEN[0], *SEEN[1:]).wait()
    assert [(record.levelname, record.message) for record in caplog.records] == [("INFO", line) for line in LINES]


def test_nothing_is_written_without_being_asked(capsys):
    job(*SEEN).wait()
    assert capsys.readouterr() == ("", "")


# --- what may be asked for ---


def test_a_form_that_is_none_is_refused_before_the_first_call():
    stub = StubTransport()
    with pytest.raises(ValueError, match=r"^progress: expected True, .* or 'lines', got 'bars'"):
        hptsdk.TuningClient(transport=stub).get("demo").wait(progress="bars")
    assert stub.calls == []


def test_a_notebook_that_is_none_is_refused():
    with pytest.raises(RuntimeError, match="needs a Jupyter kernel"):
        job().wait(progress="notebook")


@given(strategies.responses(hptsdk.shapes.DescribeHyperParameterTuningJobResponse), st.integers(1, 100))
def test_whatever_the_service_sends_can_be_told(response, width):
    status = job_status(response)
    assert "\n" not in status_text(status)
    assert display_width("".join(bar_layout(status, width, ("#", "-")))) <= width
    assert status_html(status).startswith("<div>")
    assert str(response).startswith("Tuning job ")
    assert response._repr_html_().startswith("<div>Tuning job <b>")


def test_a_name_moves_no_cursor():
    metric = {"MetricName": "\x1b[2Jloss\r", "Value": 0.5}
    best = {"BestTrainingJob": {"FinalHyperParameterTuningJobObjectiveMetric": metric}}
    found = hptsdk.from_wire(hptsdk.shapes.DescribeHyperParameterTuningJobResponse, described(1) | best)
    assert job_status(found).best == "\ufffd[2Jloss\ufffd 0.5"


@pytest.mark.parametrize("value", [None, "0.5", True])
def test_a_best_value_that_is_none_is_not_told(value):
    metric = {"MetricName": "loss", "Value": value}
    best = {"BestTrainingJob": {"FinalHyperParameterTuningJobObjectiveMetric": metric}}
    found = hptsdk.from_wire(hptsdk.shapes.DescribeHyperParameterTuningJobResponse, described(1) | best)
    assert job_status(found).best == ""


@pytest.mark.parametrize("progress", [True, "bar", "lines"])
def test_without_standard_error_nothing_is_shown(monkeypatch, progress):
    monkeypatch.setattr(sys, "stderr", None)
    assert create_display(progress=progress) is None


@pytest.mark.parametrize("progress", [True, "bar", "lines"])
def test_a_closed_stream_ends_no_wait(monkeypatch, tmp_path, progress):
    file = (tmp_path / "log").open("w")
    monkeypatch.setattr(sys, "stderr", file)
    file.close()
    assert job(*SEEN).wait(progress=progress).hyper_parameter_tuning_job_status == "Completed"


class Tee:
    """Something in place of standard error that keeps what is written."""

    def __init__(self):
        self.written = ""

    def write(self, text):
        self.written += text


class FlushingTee(Tee):
    def flush(self):
        pass


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
def test_in_place_of_standard_error_nothing_is_shown(monkeypatch, kind):
    monkeypatch.setattr(sys, "stderr", kind())
    job(*SEEN).wait(progress=True)
    assert sys.stderr.written == ""


@pytest.mark.parametrize("kind", STAND_INS)
def test_in_place_of_standard_error_lines_are_shown_where_they_are_asked_for(monkeypatch, kind):
    monkeypatch.setattr(sys, "stderr", kind())
    job(*SEEN).wait(progress="lines")
    assert sys.stderr.written.splitlines() == LINES


@pytest.mark.parametrize("kind", STAND_INS)
def test_in_place_of_standard_error_a_bar_is_shown_where_it_is_asked_for(monkeypatch, kind):
    monkeypatch.setattr(sys, "stderr", kind())
    job(*SEEN).wait(progress="bar")
    assert screen(sys.stderr.written)[0].endswith("Completed  1 failed  best loss 0.125  1:23")


@pytest.mark.parametrize("progress", [False, "bar"])
@pytest.mark.parametrize("timeout", [5.3, 0.1, 7.7, 59.9])
def test_a_wait_with_a_timeout_makes_two_calls_whatever_is_shown(capsys, progress, timeout):
    stub = StubTransport(*[SEEN[0]] * 2)
    clock = PretendClock()
    clock.sleep(0.1)
    with pytest.raises(errors.WaitTimeout):
        hptsdk.TuningClient(transport=stub, clock=clock).get("demo").wait(timeout=timeout, poll=600, progress=progress)
    assert len(stub.calls) == 2


def test_a_slow_terminal_does_not_lengthen_a_wait(monkeypatch):
    clock = PretendClock()
    monkeypatch.setattr("hptsdk.progress._terminal.TerminalBar.tick", lambda _: clock.sleep(0.9))
    with pytest.raises(errors.WaitTimeout):
        hptsdk.TuningClient(transport=StubTransport(*[SEEN[0]] * 2), clock=clock).get("demo").wait(
            timeout=20, poll=600, progress="bar"
        )
    assert clock.now < 22


def test_a_clock_that_stands_still_holds_up_no_wait():
    class Still:
        def monotonic(self):
            return 1.0

        def sleep(self, _seconds):
            pass

    client = hptsdk.TuningClient(transport=StubTransport(*SEEN), clock=Still())
    assert client.get("demo").wait(progress="lines").hyper_parameter_tuning_job_status == "Completed"


def test_time_goes_on_between_two_calls(monkeypatch):
    shown = []
    monkeypatch.setattr("hptsdk.progress._terminal.TerminalBar.tick", lambda _: shown.append(1))
    job(SEEN[0], *[SEEN[0]] * 3, SEEN[2]).wait(progress="bar", poll=10)
    assert len(shown) > 40


def test_a_wait_that_is_over_leaves_the_bar_as_it_is(capsys):
    with pytest.raises(errors.WaitTimeout):
        job(*[SEEN[0]] * 9).wait(progress="bar", timeout=5)
    assert capsys.readouterr().err.endswith("\n")


# --- the running time ---


def status_of(**members):
    document = described(7, **members)
    return job_status(hptsdk.from_wire(hptsdk.shapes.DescribeHyperParameterTuningJobResponse, document))


def test_the_time_that_a_service_was_closed_does_not_count(monkeypatch):
    now = 1000.0
    monkeypatch.setattr("hptsdk.progress._status.monotonic", lambda: now)
    found = status_of(**consumed(83))
    assert found.seconds == 83
    now += 5
    assert found.seconds == 88


def test_the_running_time_of_an_ended_job_stands_still(monkeypatch):
    now = 1000.0
    monkeypatch.setattr("hptsdk.progress._status.monotonic", lambda: now)
    found = status_of(**consumed(60), status="Stopped")
    now += 5
    assert found.seconds == 60


@pytest.mark.parametrize("runtime", [None, "60", -1, float("nan"), float("inf"), True], ids=repr)
def test_without_a_running_time_the_time_since_creation_counts(runtime):
    assert status_of(**consumed(runtime), status="Completed").seconds == 83


def test_the_running_time_alone_is_no_change():
    stub = StubTransport(*[described(7, **consumed(seconds)) for seconds in range(5)], SEEN[2])
    seen = []
    hptsdk.TuningClient(transport=stub, clock=PretendClock()).get("demo").wait(on_update=seen.append)
    assert len(seen) == 2


def test_the_running_time_alone_keeps_pauses_long():
    clock = PretendClock()
    stub = StubTransport(*[described(7, **consumed(seconds)) for seconds in range(7)], SEEN[2])
    hptsdk.TuningClient(transport=stub, clock=clock).get("demo").wait(poll=10)
    assert clock.slept[-1] > 40


def test_every_response_corrects_the_running_time_of_a_bar(monkeypatch):
    shown = []
    monkeypatch.setattr("hptsdk.progress._terminal.TerminalBar.show", lambda _, job: shown.append(job.runtime))
    job(described(7, **consumed(1)), described(7, **consumed(2)), SEEN[2]).wait(progress="bar")
    assert shown == [1, 2, None]


def test_lines_that_say_the_same_are_written_once(capsys):
    moved = SEEN[0] | {"ObjectiveStatusCounters": {"Pending": 1}}
    job(SEEN[0], moved, *SEEN[1:]).wait(progress="lines")
    assert capsys.readouterr().err.splitlines() == LINES


# --- the words ---


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0:00"), (83, "1:23"), (3599.9, "59:59"), (3600 * 30 + 61, "30:01:01")]
)
def test_a_time_is_written_as_a_clock_does(seconds, text):
    assert format_duration(seconds) == text


STATUS = JobStatus("demo", "InProgress", 7, 2, 1, 20, "loss 0.25", BEGIN, BEGIN + timedelta(seconds=83))


@pytest.mark.parametrize("width", range(120))
def test_a_line_fits_whatever_its_room(width):
    before, bar, after = bar_layout(STATUS, width, ("#", "-"))
    assert len(before + bar + after) <= width


WIDE = JobStatus("調整", "InProgress", 7, 2, 1, 20, "検証損失 0.25", BEGIN, BEGIN + timedelta(seconds=83))


@pytest.mark.long
@pytest.mark.parametrize("width", range(2, 120))
@pytest.mark.parametrize("total", [20, None])
def test_a_line_of_wide_letters_fits_whatever_its_room(width, total):
    status = attrs.evolve(WIDE, total=total)
    found = "".join(bar_layout(status, width, ("#", "-")))
    wide = sum(letter in "調整検証損失" for letter in found)
    assert len(found) + wide <= width


def test_a_line_of_wide_letters_uses_its_room():
    found = "".join(bar_layout(WIDE, 70, ("#", "-")))
    assert found == "調整  ####-------  8/20  2 running  1 failed  best 検証損失 0.25  1:23"
    assert len(found) + len("調整検証損失") == 70


def test_a_letter_that_stands_on_another_takes_no_room():
    assert display_width("e\u0301") == 1


@pytest.mark.parametrize("progress", ["bar", "lines"])
def test_no_escape_reaches_the_terminal(capsys, progress):
    metric = {"MetricName": "\x1b[2Jloss", "Value": 0.5}
    best = {"BestTrainingJob": {"FinalHyperParameterTuningJobObjectiveMetric": metric}}
    job(SEEN[2] | best).wait(progress=progress)
    shown = capsys.readouterr().err
    assert "loss" in shown
    assert "\x1b" not in shown


@pytest.mark.parametrize(
    ("width", "line"),
    [
        (80, "demo  ##########---------------  8/20  2 running  1 failed  best loss 0.25  1:23"),
        (52, "demo  ###-----  8/20  1 failed  best loss 0.25  1:23"),
        (40, "demo  ####--------  8/20  1 failed  1:23"),
        (16, "####------  8/20"),
        (6, "8/20"),
    ],
)
def test_what_matters_least_goes_first(width, line):
    assert "".join(bar_layout(STATUS, width, ("#", "-"))) == line


STOPPED = attrs.evolve(STATUS, completed=4, stopped=3)


def test_stopped_training_jobs_are_counted_for_themselves_in_a_line():
    assert status_text(STOPPED) == (
        "demo: InProgress, 8 of 20 ended (4 completed, 3 stopped, 1 failed), 2 running, best loss 0.25"
    )


def test_stopped_training_jobs_are_counted_for_themselves_in_a_bar():
    line = "".join(bar_layout(STOPPED, 60, ("#", "-")))
    assert line == "demo  ###-----  8/20  4 completed, 3 stopped  1 failed  1:23"


def test_stopped_training_jobs_are_counted_for_themselves_where_there_is_no_total():
    found = "".join(bar_layout(attrs.evolve(STOPPED, total=None), 60, ("#", "-")))
    assert found == "demo  4 completed, 3 stopped  1 failed  best loss 0.25  1:23"


def test_stopped_training_jobs_are_counted_for_themselves_in_a_notebook():
    assert "8 of 20 ended (4 completed, 3 stopped, 1 failed), 2 running" in status_html(STOPPED)


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


def test_a_failed_training_job_is_no_training_job_that_is_done():
    assert (
        "".join(bar_layout(JobStatus("demo", "InProgress", 5, failed=1), 80, ("#", "-")))
        == "demo  6 ended  1 failed  0:00"
    )


def test_stopped_training_jobs_are_read_from_the_counters():
    found = status_of(TrainingJobStatusCounters={"Completed": 7, "Stopped": 16})
    assert (found.completed, found.stopped, found.ended) == (7, 16, 23)


def test_without_a_number_of_training_jobs_there_is_no_bar():
    assert bar_layout(JobStatus("demo", "InProgress", 7), 80, ("#", "-")) == ("demo  7 done  0:00", "", "")


def test_a_notebook_has_an_element_that_screen_readers_know():
    found = status_html(STATUS)
    assert '<progress value="8" max="20" aria-label="training jobs that ended"></progress>' in found
    assert "8 of 20 ended (7 completed, 1 failed), 2 running, best loss 0.25, 1:23" in found


def test_a_notebook_shows_texts_as_texts():
    assert "<b>&lt;i&gt;</b>" in status_html(JobStatus("<i>", "Completed"))


def test_a_description_with_nothing_in_it_can_be_told():
    bare = {"HyperParameterTuningJobName": "demo", "HyperParameterTuningJobStatus": "Completed"}
    seen = []
    job(bare).wait(on_update=seen.append)
    assert status_text(JobStatus("demo", "Completed")) == "demo: Completed, 0 done, 0 running"
    assert len(seen) == 1
