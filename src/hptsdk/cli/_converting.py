"""Requests made into other forms, and read out of Python."""

from __future__ import annotations

import runpy
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

from hptsdk.shapes import CreateHyperParameterTuningJobRequest

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["converted", "from_python"]


def converted(request: CreateHyperParameterTuningJobRequest, to: str) -> tuple[str, Sequence[str]]:
    """Give a request in another form, with what that form can't hold."""
    from hptsdk.cli import _code, _documents  # on first use only

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
    """Run a Python file, and return the request in it: the one called `request`, or the only one.

    Raises:
        OSError: the file can't be read.
        ValueError: the file fails, or has no request or several.
    """
    with Path(path).open("rb"):
        pass  # so that an error of the operating system beyond this point is one of the program
    try:
        names = runpy.run_path(path, run_name="__hptsdk__")
    except (Exception, SystemExit) as error:
        raise ValueError(_failure(path, error)) from error
    found = {name: value for name, value in names.items() if isinstance(value, CreateHyperParameterTuningJobRequest)}
    if "request" in found:
        return found["request"]
    if len(found) != 1:
        said = f"there are {', '.join(found)}" if found else "there is none"
        raise ValueError(f"{path}: expected a request in a variable called request; {said}")
    return next(iter(found.values()))


def _failure(path: str, error: BaseException) -> str:
    """Format what failed in a Python file: the file, the line if it is known, and the error."""
    if isinstance(error, SyntaxError) and error.filename is not None:
        return f"{error.filename}:{error.lineno or 1}: {type(error).__name__}: {error.msg}"
    lines = [
        line
        for frame, line in traceback.walk_tb(error.__traceback__)
        if Path(frame.f_code.co_filename).absolute() == Path(path).absolute()
    ]
    said = "".join(traceback.format_exception_only(error)).strip()
    return f"{path}:{lines[-1]}: {said}" if lines else f"{path}: {said}"
