"""The command line (extra `cli`)."""

import sys
from collections.abc import Sequence

from hptsdk._extras import requires_extra

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command, or say what is missing for it.

    Args:
        arguments: those of the process where nothing is said.

    Returns:
        0 when done, 1 when refused or failed or when a package is missing, 2 for a wrong usage.
    """
    try:
        with requires_extra("cli", "the command line", "ruamel.yaml"):
            from hptsdk.cli._main import main as run  # needs the extra
    except ModuleNotFoundError as error:
        print(f"hptsdk: {error}", file=sys.stderr)
        return 1
    return run(arguments)
