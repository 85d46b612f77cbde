"""The containers of one attempt of a training job, from their start to their end.

A container is a process of its engine's command line, `docker run` or `podman run`, which passes signals on, writes the
output of the container, and ends with its exit code. So the process of a program and that of a container have the same
log, metrics and time limits.
"""

from __future__ import annotations

import csv
import io
import logging
import os
from contextlib import suppress
from typing import TYPE_CHECKING

from hptsdk.local._files import walk
from hptsdk.local.process._container_engine import ContainerEngineError
from hptsdk.local.process._isolation import ML_FOLDER

if TYPE_CHECKING:
    from pathlib import Path

    from hptsdk.local.process._container_engine import ContainerEngine
    from hptsdk.local.process._training_process import TrainingProcess

__all__ = ["ENGINE_CODES", "ContainerProcess", "mount_option"]

_logger = logging.getLogger("hptsdk.local")

ENGINE_CODES = (125, 126, 127)
"""Exit codes of an engine: it cannot create the container, cannot start its program, or the program is missing."""


def mount_option(source: Path, target: str, *, is_read_only: bool = False) -> str:
    """Return the option that mounts a folder; a path with a comma is quoted."""
    text = io.StringIO()
    fields = ["type=bind", f"source={source}", f"destination={target}", *(["readonly"] if is_read_only else [])]
    csv.writer(text, lineterminator="").writerow(fields)
    return f"--mount={text.getvalue()}"


class ContainerProcess:
    """The containers of one attempt of a training job, one for each host.

    Args:
        engine: their engine.
        base: the folder that they have as `/opt/ml`.
        image: their image.
        network: the network that they share; None for one host.

    Attributes:
        variables: the file with their environment variables.
    """

    def __init__(self, engine: ContainerEngine, base: Path, image: str, network: str | None) -> None:
        self.variables: Path | None = None
        self._engine = engine
        self._base = base
        self._image = image
        self._network = network
        self._clients: dict[str, TrainingProcess] = {}
        self._codes: dict[str, int] = {}

    def add(self, name: str, client: TrainingProcess) -> None:
        """Add a container and the process that started it."""
        self._clients[name] = client

    def wait(self, seconds: float) -> int | None:
        """Wait for the end of the containers.

        Returns:
            The exit code of the first that failed, which ends the training job; 0 if all have ended; None if one runs.
        """
        for name, client in self._clients.items():
            if name not in self._codes:
                if (code := client.wait(seconds)) is not None:
                    self._codes[name] = code
                seconds = 0
        failed = [code for code in self._codes.values() if code]
        return failed[0] if failed else 0 if len(self._codes) == len(self._clients) else None

    def terminate(self) -> None:
        """Send SIGTERM to the main process of each container."""
        for client in self._clients.values():
            # the engine passes it on
            client.terminate()

    def kill(self, *, thoroughly: bool = False) -> None:  # noqa: ARG002 - as `TrainingProcess.kill`
        """Kill and remove the containers that have not ended by themselves, and remove their network.

        All processes in a container end with it.
        An engine that does not work is logged, so that the training job ends.
        """
        self.wait(0)
        left = [name for name in self._clients if self._codes.get(name, -1) < 0 or self._codes[name] in ENGINE_CODES]
        for client in self._clients.values():
            client.kill()
        try:
            self._engine.remove(left)
            if self._network is not None:
                self._engine.call("network", "rm", self._network)
                self._network = None
        except ContainerEngineError as error:
            _logger.warning("container %s may still run: %s", ", ".join(left) or self._network, error)
        self._restore_owner()

    def _restore_owner(self) -> None:
        """Change the owner of the files that another user created, so that the service can read and remove them."""
        user = os.geteuid()
        if user == 0 or not any(_is_foreign(self._base / name, user) for name, _ in walk(self._base, [])):
            return
        # in a container of a rootless engine, root is the user of the engine
        owner = "0:0" if self._is_rootless else f"{user}:{os.getegid()}"
        words = ["--rm", "--pull=never", "--network=none", "--user=0", "--security-opt=label=disable"]
        words += ["--entrypoint=chown", mount_option(self._base, ML_FOLDER), self._image, "-R", owner, ML_FOLDER]
        try:
            self._engine.call("run", *words)
        except ContainerEngineError as error:
            _logger.warning("%s: files of other users cannot be removed: %s", self._base, error)

    @property
    def _is_rootless(self) -> bool:
        if self._engine.name == "podman":
            return True  # it runs as this user, who is not root
        return "rootless" in self._engine.call("info", "--format={{.SecurityOptions}}")

    def close(self) -> None:
        """Remove the file with the variables of containers that have ended."""
        for client in self._clients.values():
            client.close()
        if self.variables is not None:
            self.variables.unlink(missing_ok=True)


def _is_foreign(path: Path, user: int) -> bool:
    """Check whether a path belongs to another user."""
    with suppress(OSError):
        return path.lstat().st_uid != user
    return False
