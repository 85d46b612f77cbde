"""Tuning jobs run for real on this machine, over the protocol of Amazon SageMaker (extra `local`)."""

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hptsdk.local._options import serve_command as serve_command
    from hptsdk.local._programs import (
        MissingProgram as MissingProgram,
        MissingProgramWarning as MissingProgramWarning,
        Program as Program,
    )
    from hptsdk.local._service import LocalService as LocalService

__all__ = ["LocalService", "MissingProgram", "MissingProgramWarning", "Program", "serve_command"]

_HOMES = {
    "LocalService": "_service",
    "MissingProgram": "_programs",
    "MissingProgramWarning": "_programs",
    "Program": "_programs",
    "serve_command": "_options",
}


def __getattr__(name: str) -> object:
    """Load what is asked for."""
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'hptsdk.local' has no attribute {name!r}")
    from hptsdk._extras import requires_extra  # on first use only

    with requires_extra("local", "the local service", "optuna"):
        module = importlib.import_module(f"hptsdk.local.{home}")
    found: object = getattr(module, name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    """List every public name, loaded or not."""
    return __all__
