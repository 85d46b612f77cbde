"""A bar in a notebook, replaced in place; it needs no widgets."""

from __future__ import annotations

import importlib
import sys
from html import escape
from typing import TYPE_CHECKING, Protocol, cast

from hptsdk.progress._status import elapsed, sentence

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hptsdk.progress._status import Standing

__all__ = ["NotebookBar", "in_kernel", "markup"]


class _Handle(Protocol):
    def update(self, data: Mapping[str, str], *, raw: bool) -> None: ...


class _IPython(Protocol):
    """What is used of `IPython.display`."""

    def display(self, data: Mapping[str, str], *, raw: bool, display_id: bool) -> _Handle: ...


class NotebookBar:
    """One output of a cell.

    Raises:
        RuntimeError: this is no Jupyter kernel.
    """

    def __init__(self) -> None:
        if not in_kernel():
            raise RuntimeError("progress='notebook' needs a Jupyter kernel; use 'bar' in a terminal")
        self._handle: _Handle | None = None
        self._standing: Standing | None = None

    def clear(self) -> None:
        """Do nothing: outputs of a cell don't get in each other's way."""

    def show(self, standing: Standing) -> None:
        """Replace the output."""
        self._standing = standing
        self.tick()

    def tick(self) -> None:
        """Replace the time."""
        if self._standing is None:
            return
        data = {"text/html": markup(self._standing), "text/plain": sentence(self._standing)}
        if self._handle is None:
            display = cast("_IPython", importlib.import_module("IPython.display"))
            self._handle = display.display(data, raw=True, display_id=True)
        else:
            self._handle.update(data, raw=True)

    def close(self) -> None:
        """Do nothing: the last state stays."""


def in_kernel() -> bool:
    """Tell whether this is a Jupyter kernel; where IPython was not imported it is none."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    return getattr(shell, "kernel", None) is not None


def markup(standing: Standing) -> str:
    """Write a job's standing as HTML."""
    # without a value it shows that something goes on
    value = f' value="{standing.ended}" max="{standing.total}"' if standing.total else ""
    is_over = standing.end is not None or standing.status != "InProgress"
    bar = f'<progress{value} aria-label="training jobs that ended"></progress> ' if value or not is_over else ""
    parts = [
        *([standing.status] if standing.status != "InProgress" else []),
        *standing.counts,
        *([f"best {standing.best}"] if standing.best else []),
        elapsed(standing.seconds),
    ]
    return f"<div><b>{escape(standing.name)}</b> {bar}{escape(', '.join(parts))}</div>"
