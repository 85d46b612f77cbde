"""A progress bar in a notebook, which is updated in place and does not require widgets."""

from __future__ import annotations

import importlib
import sys
from html import escape
from typing import TYPE_CHECKING, Any

from hptsdk.progress._formatting import format_duration
from hptsdk.progress._status import status_text

if TYPE_CHECKING:
    from hptsdk.progress._status import JobStatus

__all__ = ["NotebookBar", "is_notebook", "status_html"]


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
