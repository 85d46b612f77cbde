"""The command line (extra `cli`)."""

import sys
from collections.abc import Sequence

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command, or say what is missing for it."""
    try:
        from hptsdk.cli._main import main as run  # noqa: PLC0415 - needs the extra
    except ModuleNotFoundError as error:
        print(f"hptsdk: the command line needs {error.name}; install hptsdk[cli]", file=sys.stderr)
        return 1
    return run(arguments)
