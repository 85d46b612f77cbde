"""The local service, which runs tuning jobs on this machine with the API of Amazon SageMaker (extra `local`)."""

import importlib
from typing import TYPE_CHECKING

from hptsdk.enums import Sampler as Sampler

if TYPE_CHECKING:
    from hptsdk.local._options import serve_command as serve_command
    from hptsdk.local._program_map import MissingProgramWarning as MissingProgramWarning
    from hptsdk.local._programs import Container as Container, Program as Program, script as script
    from hptsdk.local._recorder import RecordedRequest as RecordedRequest, Recorder as Recorder
    from hptsdk.local._service import LocalService as LocalService
    from hptsdk.local._stored_root import read_root as read_root
    from hptsdk.transport import MissingProgram as MissingProgram

__all__ = [
    "Container",
    "LocalService",
    "MissingProgram",
    "MissingProgramWarning",
    "Program",
    "RecordedRequest",
    "Recorder",
    "read_root",
    "script",
    "serve_command",
]

_MODULES = {
    "Container": "hptsdk.local._programs",
    "LocalService": "hptsdk.local._service",
    "MissingProgram": "hptsdk.transport",
    "MissingProgramWarning": "hptsdk.local._program_map",
    "Program": "hptsdk.local._programs",
    "RecordedRequest": "hptsdk.local._recorder",
    "Recorder": "hptsdk.local._recorder",
    "read_root": "hptsdk.local._stored_root",
    "script": "hptsdk.local._programs",
    "serve_command": "hptsdk.local._options",
}


def __getattr__(name: str) -> object:
    """Import a public name on first use."""
    module_name = _MODULES.get(name)
    if module_name is None:
        raise AttributeError(f"module 'hptsdk.local' has no attribute {name!r}")
    from hptsdk._extras import requires_extra

    with requires_extra("local", "the local service", "optuna"):
        module = importlib.import_module(module_name)
    value: object = getattr(module, name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Return the public names, imported or not."""
    return __all__
