"""The command line (extra `cli`)."""

import sys
from collections.abc import Sequence

from hptsdk._extras import requires_extra

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command of hptsdk.

    If a package of the extra `cli` is missing, the command that installs it is printed to standard error.

    Args:
        arguments: the arguments of the command, without the name of the program. Defaults to those of the process.

    Returns:
        The exit code: 0 for success, 1 for an error or a negative result, such as a difference, 2 for wrong usage, 130
        for an interrupted command. `capture` has that of its program.

    Example:
        >>> from hptsdk.cli import main
        >>> main(["validate", "absent.json"])  # the error is printed to standard error
        1
    """
    try:
        with requires_extra("cli", "the command line", "ruamel.yaml"):
            from hptsdk.cli._main import main as run
    except ModuleNotFoundError as error:
        print(f"hptsdk: {error}", file=sys.stderr)
        return 1
    return run(arguments)
