"""Requests made into other forms, and read out of Python."""

from __future__ import annotations

import runpy
from typing import TYPE_CHECKING

from hptsdk.shapes import CreateHyperParameterTuningJobRequest

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["converted", "from_python"]


def converted(request: CreateHyperParameterTuningJobRequest, to: str) -> tuple[str, Sequence[str]]:
    """Give a request in another form, with what that form can't hold."""
    from hptsdk.cli import _code, _documents  # noqa: PLC0415 - on first use only

    match to:
        case "python":
            return _code.as_python(request), ()
        case "json":
            return _documents.as_json(request)
        case "yaml":
            return _documents.as_yaml(request)
        case "terraform":
            return _documents.as_terraform(request)
        case _:
            return _documents.as_ack(request)


def from_python(path: str) -> CreateHyperParameterTuningJobRequest:
    """Run a Python file, and take the request out of it: the one called `request`, or the only one.

    Raises:
        ValueError: there is none, or there are several.
    """
    names = runpy.run_path(path, run_name="__hptsdk__")
    found = {name: value for name, value in names.items() if isinstance(value, CreateHyperParameterTuningJobRequest)}
    if "request" in found:
        return found["request"]
    if len(found) != 1:
        said = f"there are {', '.join(found)}" if found else "there is none"
        raise ValueError(f"{path}: expected a request in a variable called request; {said}")
    return next(iter(found.values()))
