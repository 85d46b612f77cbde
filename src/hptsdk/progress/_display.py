"""The choice of a display for the progress of a tuning job: a bar in a terminal or a notebook, lines in a log file."""

from __future__ import annotations

import importlib
import logging
import os
import stat
import sys
from html import escape
from typing import TYPE_CHECKING, Any, Literal

from hptsdk._validation import closest, format_value
from hptsdk.progress._formatting import format_duration, status_text
from hptsdk.progress._terminal import Lines, TerminalBar

if TYPE_CHECKING:
    from typing import TextIO

    from hptsdk.progress._formatting import JobStatus

__all__ = ["Display", "Form", "NotebookBar", "create_display", "is_notebook", "status_html"]

Form = Literal["bar", "notebook", "lines"]
_FORMS = ("bar", "notebook", "lines")


def create_display(*, progress: bool | Form) -> Display | None:
    """Create the display for the `progress` argument of `TuningJob.wait`; None for no display.

    Raises:
        ValueError: the form does not exist.
        RuntimeError: the form is "notebook", and this is not a notebook.
    """
    if progress is False:
        return None
    if progress is not True and progress not in _FORMS:
        hint = closest(progress, _FORMS)
        got = f"{format_value(progress)}{'; ' if hint else ''}{hint}"
        raise ValueError(f"progress: expected True, False, 'bar', 'notebook' or 'lines', got {got}")
    form = _suitable_form() if progress is True else progress
    if form == "notebook":
        return NotebookBar()
    stream = _stderr()
    if form is None or stream is None:
        return None
    return TerminalBar(stream) if form == "bar" else Lines(stream, is_logged=_is_logged_to(stream))


def _stderr() -> TextIO | None:
    """Return standard error; None in a process without it, such as one of pythonw."""
    return sys.stderr


def _suitable_form() -> Form | None:
    """Return the form for this process: for a notebook, a terminal or a log file; None for any other output."""
    if is_notebook():
        return "notebook"
    stream = _stderr()
    try:
        if stream is None:
            return None
        if stream.isatty():
            return "lines" if os.environ.get("TERM") == "dumb" else "bar"
        return "lines" if stat.S_ISREG(os.fstat(stream.fileno()).st_mode) else None
    except (OSError, ValueError, AttributeError, TypeError):  # closed, or not a complete stream
        return None


def _is_logged_to(stream: TextIO) -> bool:
    """Check whether the log records of the job are written to the same stream."""
    log = logging.getLogger("hptsdk")
    if not log.isEnabledFor(logging.INFO):
        return False
    logger: logging.Logger | None = log
    while logger is not None:
        for handler in logger.handlers:
            if handler.level <= logging.INFO and getattr(handler, "stream", None) is stream:
                return True
        logger = logger.parent if logger.propagate else None
    return False


class NotebookBar:
    """A progress bar in the output of a notebook cell.

    Raises:
        RuntimeError: this is not a Jupyter kernel.
    """

    def __init__(self) -> None:
        if not is_notebook():
            raise RuntimeError("progress='notebook' needs a Jupyter kernel; use 'bar' in a terminal")
        # IPython's handle to the output
        self._handle: Any = None
        self._job: JobStatus | None = None

    def clear(self) -> None:
        """Do nothing, because other outputs of the cell do not affect the bar."""

    def show(self, job: JobStatus) -> None:
        """Update the bar."""
        self._job = job
        self.tick()

    def tick(self) -> None:
        """Update the running time."""
        if self._job is None:
            return
        data = {"text/html": status_html(self._job), "text/plain": status_text(self._job)}
        if self._handle is None:
            self._handle = importlib.import_module("IPython.display").display(data, raw=True, display_id=True)
        else:
            self._handle.update(data, raw=True)

    def close(self) -> None:
        """Do nothing, because the last output remains in the cell."""


def is_notebook() -> bool:
    """Check whether this process is a Jupyter kernel, which has imported IPython."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    return getattr(shell, "kernel", None) is not None


def status_html(job: JobStatus) -> str:
    """Format the status of a tuning job as HTML."""
    # a bar without a value is an animation
    value = f' value="{job.ended}" max="{job.total}"' if job.total else ""
    has_ended = job.end is not None or job.status != "InProgress"
    bar = f'<progress{value} aria-label="training jobs that ended"></progress> ' if value or not has_ended else ""
    parts = [
        *([job.status] if job.status != "InProgress" else []),
        *job.counts,
        *([f"best {job.best}"] if job.best else []),
        format_duration(job.seconds),
    ]
    return f"<div><b>{escape(job.name)}</b> {bar}{escape(', '.join(parts))}</div>"


Display = TerminalBar | NotebookBar | Lines
