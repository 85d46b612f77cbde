"""Imports of packages that an extra installs."""

from __future__ import annotations

import sys
import warnings
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable


@contextmanager
def requires_extra(extra: str, who: str, *later: str) -> Generator[None]:
    """Create a context in which a failed import raises an error with the command that installs an extra.

    Args:
        extra: the name of the extra in the project's metadata.
        who: what needs the extra: a description or the name of a module.
        later: modules that must be installed but are imported on first use only.

    Raises:
        ModuleNotFoundError: a package is missing. The error for a missing module of Python or of hptsdk is not changed.
    """
    try:
        yield
        _check_installed(later)
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        if package in {"", "hptsdk"} or package in sys.stdlib_module_names:
            raise
        text = f'{who} needs {package}, which is not installed; run: pip install "hptsdk[{extra}]"'
        raise ModuleNotFoundError(text, name=error.name, path=error.path) from error


def _check_installed(names: Iterable[str]) -> None:
    for name in names:
        if find_spec(name) is None:
            raise ModuleNotFoundError(name=name)


@contextmanager
def importing_optuna() -> Generator[None]:
    """Create a context in which importing Optuna does not warn about missing ipywidgets; hptsdk does not use them."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="IProgress not found")
        yield
