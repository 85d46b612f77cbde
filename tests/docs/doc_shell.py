"""A shell that runs the commands of a page in order."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from threading import Timer

_MARK = "--- exit status:"

# The maximum number of seconds for a command.
TIMEOUT = 60


class Shell:
    """A bash process in a folder. The programs of the Python environment are first on its PATH."""

    def __init__(self, folder):
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        self._process = subprocess.Popen(
            ["bash", "--norc"],  # noqa: S607 - from the PATH
            cwd=folder,
            env=os.environ | {"PATH": path, "COLUMNS": "120", "TERM": "dumb"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def run(self, command):
        """Run a command and return its output and exit status."""
        # sets $? for the next command
        self._process.stdin.write(f"{command}\n_status=$?; echo; echo '{_MARK}' $_status; (exit $_status)\n")
        self._process.stdin.flush()
        timer = Timer(TIMEOUT, self.close)
        timer.start()
        lines = []
        try:
            for line in self._process.stdout:
                if line.startswith(_MARK):
                    return "".join(lines).removesuffix("\n"), int(line.split()[-1])
                lines.append(line)
        finally:
            timer.cancel()
        raise AssertionError(f"{command!r} ended the shell, or took longer than {TIMEOUT} s:\n{''.join(lines)}")

    def close(self):
        """End the shell and the processes that it left running."""
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGTERM)
        with self._process:
            pass


def commands_in(text):
    """Return each command of a block with the lines of output that follow it."""
    commands = []
    for line in text.splitlines():
        if line.startswith("$ "):
            commands.append((line.removeprefix("$ "), []))
        elif commands and commands[-1][0].endswith("\\") and line.startswith("> "):
            command, shown = commands.pop()
            commands.append((command[:-1] + line.removeprefix("> "), shown))
        else:
            commands[-1][1].append(line)
    return commands


def matches(shown, printed):
    """Check whether the output on a page matches the printed one. `...` matches any text; whitespace is normalized."""
    text = re.escape(" ".join(shown.split()))
    pattern = re.sub(r"(\\ )?(?:\\\.){3}(?!\\\.)(\\ )?", ".*", text)
    return re.fullmatch(pattern, " ".join(printed.split())) is not None
