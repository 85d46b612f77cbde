"""Docker and Podman, which are called through their command line, without a shell.

The containers and networks of a root have a label with its ID, by which they are removed after a crash. The root
stores which engines have run its containers.
"""

from __future__ import annotations

import json
import logging
import shutil
import subprocess
import threading
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import attrs
import psutil

from hptsdk.local._files import last_lines, write_private

if TYPE_CHECKING:
    from collections.abc import Sequence

_logger = logging.getLogger("hptsdk.local")

ROOT_LABEL = "hptsdk.root"
"""The label of containers and networks with the ID of their root."""

# The engines in the order in which they are tried.
_ENGINES = ("docker", "podman")

# The file of a root with the engines that have run its containers.
_FILE = "container-engines.json"

# Seconds in which a call of an engine, and a process that starts a container, must end.
_TIMEOUT, _END_SECONDS = 30.0, 5.0

_recording = threading.Lock()


class ContainerEngineError(RuntimeError):
    """A container engine is missing, does not answer, or reports an error."""


@attrs.frozen
class ContainerEngine:
    """Docker or Podman.

    Attributes:
        path: the path of its command, whose file name is "docker" or "podman".
        images: the images that `has_image` has found.
    """

    path: str
    images: set[str] = attrs.field(factory=set[str], eq=False, repr=False)

    @property
    def name(self) -> str:
        """The name of its command."""
        return Path(self.path).name

    def call(self, *arguments: str) -> str:
        """Run a command of the engine, and return its output without white space at both ends.

        Raises:
            ContainerEngineError: it cannot be started, fails, or takes more than 30 seconds.
        """
        try:
            result = subprocess.run(
                [self.path, *arguments], stdin=subprocess.DEVNULL, capture_output=True, timeout=_TIMEOUT, check=False
            )
        except subprocess.TimeoutExpired as error:
            text = f"`{self.name} {arguments[0]}` did not end within {_TIMEOUT:.0f} seconds"
            raise ContainerEngineError(text) from error
        except OSError as error:
            raise ContainerEngineError(f"{self.path} cannot be started: {error.strerror}") from error
        if result.returncode:
            lines = last_lines(result.stderr or result.stdout, 3) or "it wrote no message"
            text = f"`{self.name} {arguments[0]}` failed with exit code {result.returncode}: {lines}"
            raise ContainerEngineError(text)
        return result.stdout.decode(errors="replace").strip()

    def check(self) -> None:
        """Check that the engine works.

        Raises:
            ContainerEngineError: it does not work, for example because its daemon does not run or denies access.
        """
        self.call("ps", "--quiet")

    def has_image(self, image: str) -> bool:
        """Check whether an image is on this machine.

        Raises:
            ContainerEngineError: the engine does not work.
        """
        # the check takes a seventh of the time of a start
        if image in self.images:
            return True
        try:
            self.call("image", "inspect", "--format={{.Id}}", image)
        except ContainerEngineError:
            self.check()
            return False
        self.images.add(image)
        return True

    def remove(self, containers: Sequence[str]) -> None:
        """Kill and remove containers; errors are ignored if the engine works.

        Raises:
            ContainerEngineError: the engine does not work.
        """
        # podman gives a container ten seconds in `rm --force`, and docker has no option for that
        for command in (("kill",), ("rm", "--force", "--volumes")):
            for container in containers:
                try:
                    self.call(*command, container)
                except ContainerEngineError:
                    self.check()

    def remove_all(self, root_id: str) -> None:
        """Remove the containers and the networks of a root.

        Raises:
            ContainerEngineError: the engine does not work, or one of them remains.
        """
        label = f"--filter=label={ROOT_LABEL}={root_id}"
        clients = _clients(f"--label={ROOT_LABEL}={root_id}")
        for client in clients:
            with suppress(psutil.NoSuchProcess):
                client.terminate()
        self.remove(self._containers(label))
        # one that creates a container now ends after that; if it were killed, Podman would leave a process
        for client in psutil.wait_procs(clients, timeout=_END_SECONDS)[1]:
            with suppress(psutil.NoSuchProcess):
                client.kill()
        self.remove(self._containers(label))
        for network in self.call("network", "ls", "--quiet", label).split():
            self.call("network", "rm", network)
        if self._containers(label):
            raise ContainerEngineError(f"{self.name} did not remove a container with the label {ROOT_LABEL}={root_id}")

    def _containers(self, label: str) -> list[str]:
        """Return the IDs of the containers that a filter selects."""
        return self.call("ps", "--all", "--quiet", "--no-trunc", label).split()


def _clients(label: str) -> list[psutil.Process]:
    """Return the processes whose arguments contain a label, such as `docker run`."""
    clients: list[psutil.Process] = []
    for process in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            if label in process.cmdline():
                clients.append(process)
    return clients


def find_engine(name: str) -> ContainerEngine:
    """Return a container engine that works.

    Args:
        name: "docker", "podman", or "auto" for the first that works.

    Raises:
        ContainerEngineError: none is installed, or none works.
    """
    names = _ENGINES if name == "auto" else (name,)
    paths = [path for path in map(shutil.which, names) if path is not None]
    if not paths:
        if name == "auto":
            raise ContainerEngineError(f"{' and '.join(names)} are not on the PATH; install one of them")
        hint = ', or use the engine "auto"' if any(map(shutil.which, _ENGINES)) else ""
        raise ContainerEngineError(f"{name} is not on the PATH; install it{hint}")
    reasons: list[str] = []
    for path in paths:
        try:
            return _working_engine(path)
        except ContainerEngineError as error:
            reasons.append(f"{path} does not work: {error}")
    raise ContainerEngineError("; ".join(reasons))


@cache
def _working_engine(path: str) -> ContainerEngine:
    """Return an engine after a check. An error is not cached, because a daemon may be started later."""
    engine = ContainerEngine(path)
    engine.check()
    return engine


def record_engine(root: Path, engine: ContainerEngine) -> None:
    """Store in a root that an engine runs its containers."""
    # the first training jobs start at the same time
    with _recording:
        if engine.path not in (paths := _recorded(root)):
            write_private(root / _FILE, json.dumps([*paths, engine.path]))


def _recorded(root: Path) -> list[str]:
    """Return the paths of the engines that have run containers of a root."""
    try:
        paths: list[str] = [str(path) for path in json.loads((root / _FILE).read_bytes())]
    except FileNotFoundError:
        return []
    except (ValueError, TypeError) as error:
        raise ValueError(
            f"{root / _FILE} is damaged; remove the containers of this root, which are among those that `docker ps "
            f"--all --filter label={ROOT_LABEL}` lists, and delete the file"
        ) from error
    return paths


def remove_containers(root: Path, root_id: str) -> None:
    """Remove the containers that an earlier service of a root left.

    Args:
        root: the root, which stores the engines that have run its containers.
        root_id: the ID of the root at that time.

    Raises:
        ContainerEngineError: an engine does not work, so that a container may still run.
        ValueError: the file with the engines is damaged.
    """
    for path in _recorded(root):
        if not Path(path).exists():
            _logger.warning("%s was uninstalled: containers that it started cannot be removed", path)
            continue
        try:
            ContainerEngine(path).remove_all(root_id)
        except ContainerEngineError as error:
            raise ContainerEngineError(
                f"the containers that an earlier service left cannot be removed: {error}; make sure that `{path} ps` "
                "works, and start the service again"
            ) from error
