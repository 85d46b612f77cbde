"""Keeps away what others say on being imported, and nobody can act on here."""

from __future__ import annotations

import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator

__all__ = ["importing_optuna"]


@contextmanager
def importing_optuna() -> Generator[None]:
    """Import Optuna without the warning that a notebook has no ipywidgets: its bars are not used here."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="IProgress not found")
        yield
