"""Who shows a tuning job while it is waited for: a bar in a terminal or a notebook, lines in a log file."""

from __future__ import annotations

import logging
import os
import stat
import sys
from typing import TYPE_CHECKING, Literal, Protocol, cast

from hptsdk._validation import closest, shown
from hptsdk.progress._notebook import NotebookBar, in_kernel
from hptsdk.progress._terminal import Bar, Lines

if TYPE_CHECKING:
    from typing import TextIO

    from hptsdk.progress._status import Standing

__all__ = ["Display", "Form", "display_of"]

Form = Literal["bar", "notebook", "lines"]
_FORMS = ("bar", "notebook", "lines")


class Display(Protocol):
    """Shows a job while it is waited for."""

    def clear(self) -> None:
        """Make room for what others write."""
        ...

    def show(self, standing: Standing) -> None:
        """Show how the job stands."""
        ...

    def tick(self) -> None:
        """Show that time has passed; called about once a second."""
        ...

    def close(self) -> None:
        """Leave what is shown as it is, and the place below to others."""
        ...


def display_of(progress: bool | Form) -> Display | None:  # noqa: FBT001 - as `wait` takes it
    """Choose who shows a job: a bar in a terminal or a notebook, lines in a log file, and nobody elsewhere.

    Raises:
        ValueError: there is no such form.
        RuntimeError: this is no notebook.
    """
    if progress is False:
        return None
    if progress is not True and progress not in _FORMS:
        hint = closest(progress, _FORMS)
        got = f"{shown(progress)}{'; ' if hint else ''}{hint}"
        raise ValueError(f"progress: expected True, False, 'bar', 'notebook' or 'lines', got {got}")
    form = _fitting() if progress is True else progress
    if form == "notebook":
        return NotebookBar()
    stream = cast("TextIO | None", sys.stderr)
    if form is None or stream is None:
        return None
    return Bar(stream) if form == "bar" else Lines(stream, is_logged=_is_logged_to(stream))


def _fitting() -> Form | None:
    """Find the form that suits where this runs."""
    if in_kernel():
        return "notebook"
    stream = cast("TextIO | None", sys.stderr)
    try:
        if stream is None:
            return None
        if stream.isatty():
            return "lines" if os.environ.get("TERM") == "dumb" else "bar"
        return "lines" if stat.S_ISREG(os.fstat(stream.fileno()).st_mode) else None
    except (OSError, ValueError, AttributeError, TypeError):  # closed, or something that is not all of a stream
        return None


def _is_logged_to(stream: TextIO) -> bool:
    """Tell whether the log writes the same lines there."""
    log = logging.getLogger("hptsdk")
    if not log.isEnabledFor(logging.INFO):
        return False
    found: logging.Logger | None = log
    while found is not None:
        for handler in found.handlers:
            if handler.level <= logging.INFO and getattr(handler, "stream", None) is stream:
                return True
        found = found.parent if found.propagate else None
    return False
