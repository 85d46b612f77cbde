"""Requests in Python files."""

from __future__ import annotations

import runpy
import traceback
from pathlib import Path

from hptsdk.shapes import CreateHyperParameterTuningJobRequest

__all__ = ["request_of_python_file"]


def request_of_python_file(path: str) -> CreateHyperParameterTuningJobRequest:
    """Run a Python file, and return its request: the variable `request`, or the only request.

    Raises:
        OSError: the file cannot be read.
        ValueError: the file fails, or has no request or several.
    """
    with Path(path).open("rb"):
        pass  # so that an error of the operating system beyond this point is one of the program
    try:
        names = runpy.run_path(path, run_name="__hptsdk__")
    except (Exception, SystemExit) as error:
        raise ValueError(_failure(path, error)) from error
    requests = {name: value for name, value in names.items() if isinstance(value, CreateHyperParameterTuningJobRequest)}
    if "request" in requests:
        return requests["request"]
    if len(requests) != 1:
        got = ", ".join(requests) if requests else "none"
        raise ValueError(f"{path}: expected one request, in a variable called request, got {got}")
    return next(iter(requests.values()))


def _failure(path: str, error: BaseException) -> str:
    """Return the file, the line if it is known, and the error of a Python file that failed."""
    if isinstance(error, SyntaxError) and error.filename is not None:
        return f"{error.filename}:{error.lineno or 1}: {type(error).__name__}: {error.msg}"
    lines = [
        line
        for frame, line in traceback.walk_tb(error.__traceback__)
        if Path(frame.f_code.co_filename).absolute() == Path(path).absolute()
    ]
    message = "".join(traceback.format_exception_only(error)).strip()
    return f"{path}:{lines[-1]}: {message}" if lines else f"{path}: {message}"
