"""The choice of a display for the progress of a tuning job: a bar in a terminal or a notebook, lines in a log file."""

from __future__ import annotations

import logging
import os
import stat
import sys
from typing import TYPE_CHECKING, Literal

from hptsdk._validation import closest, shown
from hptsdk.progress._notebook import NotebookBar, is_notebook
from hptsdk.progress._terminal import Lines, TerminalBar

if TYPE_CHECKING:
    from typing import TextIO

__all__ = ["Display", "Form", "create_display"]

Form = Literal["bar", "notebook", "lines"]
_FORMS = ("bar", "notebook", "lines")


Display = TerminalBar | NotebookBar | Lines


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
        got = f"{shown(progress)}{'; ' if hint else ''}{hint}"
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
