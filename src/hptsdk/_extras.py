"""Errors for packages that are missing because an extra is not installed."""

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
def requires_extra(extra: str, user: str, *modules: str) -> Generator[None]:
    """Convert the error of a failing import to one that names the extra to install.

    Args:
        extra: the name of the extra in the project's metadata.
        user: what needs the extra, in words or as the name of a module.
        *modules: modules that are imported later; the error is raised now if one of them is missing.

    Raises:
        ModuleNotFoundError: a module is missing; the message has the command that installs it. The error for a module
            of hptsdk or of the standard library, which no extra installs, is not converted.
    """
    try:
        yield
        _require(modules)
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        is_converted = isinstance(error.__cause__, ModuleNotFoundError)  # by an inner module
        if is_converted or package in {"", "hptsdk"} or package in sys.stdlib_module_names:
            raise
        text = f'{user} needs {package}, which is not installed; to get it, run: pip install "hptsdk[{extra}]"'
        raise ModuleNotFoundError(text, name=error.name, path=error.path) from error


def _require(modules: Iterable[str]) -> None:
    for name in modules:
        if find_spec(name) is None:
            raise ModuleNotFoundError(name=name)


@contextmanager
def importing_optuna() -> Generator[None]:
    """Import Optuna without the warning about missing ipywidgets in a notebook: its progress bars are not used."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="IProgress not found")
        yield
