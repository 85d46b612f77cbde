"""What to say where a package is missing that an extra brings."""

from __future__ import annotations

import sys
import warnings
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable

__all__ = ["importing_optuna", "requires_extra"]


@contextmanager
def requires_extra(extra: str, who: str, *later: str) -> Generator[None]:
    """Have an import that fails for want of another's package name the extra that brings it.

    Args:
        extra: the extra's name in the project's metadata.
        who: what needs it, in words or as a module's name.
        later: modules that are imported on first use only, which would be too late to say so.

    Raises:
        ModuleNotFoundError: something is missing; the message has the command that installs it. What no extra brings
            (a module of the standard library that this Python lacks, or one of our own) is raised as it came.
    """
    try:
        yield
        _look_for(later)
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        is_told = isinstance(error.__cause__, ModuleNotFoundError)  # by a module further in
        if is_told or package in {"", "hptsdk"} or package in sys.stdlib_module_names:
            raise
        text = f'{who} needs {package}, which is not installed; to get it, run: pip install "hptsdk[{extra}]"'
        raise ModuleNotFoundError(text, name=error.name, path=error.path) from error


def _look_for(names: Iterable[str]) -> None:
    for name in names:
        if find_spec(name) is None:
            raise ModuleNotFoundError(name=name)


@contextmanager
def importing_optuna() -> Generator[None]:
    """Import Optuna without the warning about missing ipywidgets in a notebook: its progress bars are not used."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="IProgress not found")
        yield
