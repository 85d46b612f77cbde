"""A shell that runs the commands of a page one after another, as its reader would."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from threading import Timer

_MARK = "--- that was it:"

# Longer than this no command of a page takes.
PATIENCE = 60


class Shell:
    """A bash in a folder, with the environment's own programs first on its path."""

    def __init__(self, folder):
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        self._process = subprocess.Popen(
            ["bash", "--norc"],  # noqa: S607 - the reader's own
            cwd=folder,
            env=os.environ | {"PATH": path, "COLUMNS": "120", "TERM": "dumb"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def run(self, command):
        """Run a command; give what it printed, and its exit status."""
        # the next command finds the status in $?
        self._process.stdin.write(f"{command}\n_status=$?; echo; echo '{_MARK}' $_status; (exit $_status)\n")
        self._process.stdin.flush()
        timer = Timer(PATIENCE, self.close)
        timer.start()
        printed = []
        try:
            for line in self._process.stdout:
                if line.startswith(_MARK):
                    return "".join(printed).removesuffix("\n"), int(line.split()[-1])
                printed.append(line)
        finally:
            timer.cancel()
        raise AssertionError(f"{command!r} took longer than {PATIENCE} s, or ended the shell:\n{''.join(printed)}")

    def close(self):
        """End it, and what it left running."""
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGTERM)
        with self._process:
            pass


def commands_in(text):
    """Take a block apart: each command with the lines that follow it."""
    found = []
    for line in text.splitlines():
        if line.startswith("$ "):
            found.append((line.removeprefix("$ "), []))
        elif found and found[-1][0].endswith("\\") and line.startswith("> "):
            command, shown = found.pop()
            found.append((command[:-1] + line.removeprefix("> "), shown))
        else:
            found[-1][1].append(line)
    return found


def agrees(shown, printed):
    """Tell whether a page shows what was printed: `...` is anything, and where lines and gaps end does not matter."""
    words = re.escape(" ".join(shown.split()))
    wanted = re.sub(r"(\\ )?(?:\\\.){3}(?!\\\.)(\\ )?", ".*", words)
    return re.fullmatch(wanted, " ".join(printed.split())) is not None
