"""Runs the command `hptsdk` as a process."""

import os
import subprocess
import sys

HPTSDK = [sys.executable, "-c", "import sys; from hptsdk.cli import main; sys.exit(main())"]

# those of a terminal come from the test that has one
PLAIN = {name: value for name, value in os.environ.items() if name not in ("FORCE_COLOR", "COLUMNS", "PY_COLORS")}


def hptsdk_(*arguments, text=None, cwd=None, env=PLAIN):
    """Run a command."""
    return subprocess.run(  # noqa: S603 - the command itself
        [*HPTSDK, *map(str, arguments)], input=text, capture_output=True, text=True, check=False, cwd=cwd, env=env
    )
