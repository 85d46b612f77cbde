"""A tuning job whose page is open: its report and its log, which two threads update."""

from __future__ import annotations

import threading
import time
from collections import deque
from datetime import timedelta
from html import escape
from typing import TYPE_CHECKING

from hptsdk._validation import ENDED, text
from hptsdk.client import log_line
from hptsdk.errors import HptsdkError
from hptsdk.report import CurveReader, report_body
from hptsdk.transport import redaction_of

if TYPE_CHECKING:
    from datetime import datetime

    from hptsdk.client import TuningJob
    from hptsdk.shapes import DescribeHyperParameterTuningJobResponse, HyperParameterTrainingJobSummary

# Seconds after the last request of a page at which its job is no longer watched.
_UNUSED = 60.0

# The maximum number of lines of the log, and of rows of the table of training jobs.
_MAX_LINES, _MAX_ROWS = 5_000, 1_000

# The number of training jobs in a page of the service.
_PAGE = 100

# Seconds for which a request of a page waits for the first report.
_FIRST_WAIT = 0.7

# Seconds until the log is read again after an error.
_PAUSE_AFTER_ERROR = 30.0

# The pause after a report is at least this multiple of the time that it took, so that it does not use a whole core.
_PAUSE_FACTOR = 3


def error_text(error: Exception) -> str:
    """Return the class and the first line of an error."""
    return f"{type(error).__name__}: {str(error).partition(chr(10))[0]}"


class WatchedJob:
    """A tuning job that is watched while its page is open.

    Args:
        job: the tuning job.
        seconds: the minimum pause between two calls of Describe.
        seconds_between_pages: the pause between two pages of training jobs.
    """

    def __init__(self, job: TuningJob, seconds: float, seconds_between_pages: float) -> None:
        self._job = job
        self._seconds = seconds
        self._seconds_between_pages = seconds_between_pages
        self._response: DescribeHyperParameterTuningJobResponse | None = None
        self._training_jobs: dict[str, HyperParameterTrainingJobSummary] = {}
        self._has_listed_all = False
        self._curves: CurveReader | None = None
        self._body = "<p>Reading the training jobs …</p>"
        self._error = ""
        self._lines: deque[str] = deque(maxlen=_MAX_LINES)
        self._line_count = 0
        self._next_event: datetime | None = None
        self._lock = threading.Lock()
        self._is_ready, self._is_closed = threading.Event(), threading.Event()
        self._last_request = 0.0
        self._threads: dict[str, threading.Thread] = {}

    def close(self) -> None:
        """End the threads after their current calls."""
        self._is_closed.set()

    def content(self) -> str:
        """Return the content of the page, after a moment if there is no report yet."""
        self._watch()
        self._is_ready.wait(_FIRST_WAIT)
        error = self._error
        return (f'<p class="Failed">{escape(error)}</p>' if error else "") + self._body

    def log_after(self, number: int) -> tuple[int, list[str]]:
        """Return how many lines precede the result, and the lines in memory after the first `number` lines."""
        self._watch()
        with self._lock:
            first = min(max(number, self._line_count - len(self._lines)), self._line_count)
            return first, list(self._lines)[len(self._lines) - (self._line_count - first) :]

    def _watch(self) -> None:
        """Start the threads that have not started, or that have ended before the job."""
        with self._lock:
            self._last_request = time.monotonic()
            for name, target in {"report": self._update, "log": self._read_log}.items():
                thread = self._threads.get(name)
                if thread is None or (not thread.is_alive() and not self._has_ended):
                    self._threads[name] = threading.Thread(target=target, name=f"hptsdk {name}", daemon=True)
                    self._threads[name].start()

    @property
    def _has_ended(self) -> bool:
        return self._response is not None and self._response.hyper_parameter_tuning_job_status in ENDED

    @property
    def _is_unused(self) -> bool:
        return self._is_closed.is_set() or time.monotonic() - self._last_request > _UNUSED

    # --- the report ---

    def _update(self) -> None:
        """Describe the job and list its training jobs until it has ended, or its page is closed."""
        while not self._is_unused:
            begin = time.monotonic()
            try:
                self._response = self._job.describe()
                self._list_training_jobs()
                self._render()
                self._error = ""
                if self._has_ended:
                    return
            except HptsdkError as error:
                self._error = error_text(error)
            self._is_ready.set()
            self._is_closed.wait(max(self._seconds, _PAUSE_FACTOR * (time.monotonic() - begin)))

    def _list_training_jobs(self) -> None:
        """List the training jobs, the newest first, until the older ones are known to have ended."""
        open_names = {name for name, each in self._training_jobs.items() if each.training_job_status not in ENDED}
        known_in_row = 0
        summaries = self._job.training_jobs(sort_by="CreationTime", sort_order="Descending", page_size=_PAGE)
        for count, summary in enumerate(summaries, 1):
            name = summary.training_job_name
            known_in_row = known_in_row + 1 if name in self._training_jobs and name not in open_names else 0
            open_names.discard(name)
            self._training_jobs[name] = summary
            if self._has_listed_all and known_in_row >= _PAGE and not open_names:
                return
            if count % _PAGE == 0:
                if not self._has_listed_all:
                    self._body = f"<p>Reading the training jobs: {count} so far …</p>"
                if self._is_closed.wait(self._seconds_between_pages):
                    return
        self._has_listed_all = True

    def _render(self) -> None:
        """Create the report."""
        if self._response is not None:
            summaries = sorted(self._training_jobs.values(), key=lambda summary: text(summary.training_job_name))
            curves = self._curves.curves(summaries) if self._curves is not None else {}
            self._body = report_body(self._response, summaries, curves, max_rows=_MAX_ROWS)
            self._is_ready.set()

    # --- the log ---

    def _read_log(self) -> None:
        """Read new log events of all training jobs until the job has ended, its page is closed, or a call fails."""
        while (response := self._response) is None:
            if self._is_closed.wait(_FIRST_WAIT) or self._is_unused:
                return
        redaction = redaction_of(response)
        curves = self._curves = self._curves or CurveReader(response)
        try:
            for event in self._job.logs(since=self._next_event, follow=lambda: not self._is_unused):
                self._next_event = event.time + timedelta(milliseconds=1)
                curves.add(event.training_job, event.time, event.message)
                self._append(log_line(event, redaction))
                if self._is_unused:
                    return
        except HptsdkError as error:
            self._append(error_text(error))
            # the next request of the page starts another thread
            self._is_closed.wait(_PAUSE_AFTER_ERROR)
        if self._has_ended:
            self._render()

    def _append(self, line: str) -> None:
        with self._lock:
            self._lines.append(line)
            self._line_count += 1
