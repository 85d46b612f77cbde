"""Docker and Podman, each with its own storage for the images and containers of the tests."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "tests" / "local"))
sys.path.insert(0, str(Path(__file__).parent))

from images import BUSYBOX, FOREIGN, python_image, shell_image
from running import opener


class Engine:
    """A container engine.

    Attributes:
        name: "docker" or "podman".
    """

    def __init__(self, name: str):
        self.name = name

    def run(self, *words: str, content: bytes | None = None) -> str:
        """Run a command of the engine that must succeed, and return its output.

        Args:
            *words: the command and its arguments.
            content: the standard input. Defaults to none.
        """
        result = subprocess.run([self.name, *words], input=content, capture_output=True, check=False)
        assert result.returncode == 0, result.stderr.decode()
        return result.stdout.decode()

    def import_image(self, name: str, content: bytes, *changes: str) -> None:
        """Create an image.

        Args:
            name: the name of the image, with its tag.
            content: the root file system, as a tar archive.
            *changes: instructions of a Dockerfile, such as "USER 1000".
        """
        options = [
            word for change in ("ENV PATH=/bin:/usr/bin:/usr/local/bin", *changes) for word in ("--change", change)
        ]
        self.run("import", *options, "-", name, content=content)

    def left(self) -> list[str]:
        """Return the IDs of the containers and networks that local services have not removed."""
        label = "--filter=label=hptsdk.root"
        return [*self.run("ps", "-aq", label).split(), *self.run("network", "ls", "-q", label).split()]


def docker_daemon(folder: Path, stack: ExitStack) -> str | None:
    """Start a Docker daemon, unless one is already running.

    Args:
        folder: the folder of its files.
        stack: stops the daemon when it is closed.

    Returns:
        The reason why there is no daemon; None if there is one.
    """
    if subprocess.run(["docker", "ps"], capture_output=True, check=False).returncode == 0:
        return None
    if os.geteuid() != 0 or shutil.which("dockerd") is None:
        return "no Docker daemon is running, and only root can start one, with dockerd"
    socket = f"unix://{folder}/docker.sock"
    log = stack.enter_context((folder / "dockerd.log").open("wb"))
    options = ["--data-root", str(folder / "data"), "--exec-root", str(folder / "run"), "--host", socket]
    daemon = subprocess.Popen(["dockerd", *options, "--pidfile", str(folder / "pid")], stdout=log, stderr=log)
    stack.callback(daemon.wait)
    stack.callback(daemon.terminate)
    os.environ["DOCKER_HOST"] = socket
    end = time.monotonic() + 30
    while subprocess.run(["docker", "ps"], capture_output=True, check=False).returncode != 0:
        if time.monotonic() > end or daemon.poll() is not None:
            return f"dockerd did not start: {(folder / 'dockerd.log').read_text()[-500:]}"
        time.sleep(0.2)
    return None


def configure_podman(folder: Path) -> None:
    """Configure Podman with its own storage, with runc, and with a registry on this machine without TLS."""
    # the processes of pytest have separate storage, so they must not share locks and temporary files
    (folder / "containers.conf").write_text(
        f'[engine]\nruntime = "runc"\nlock_type = "file"\ntmp_dir = "{folder}/temporary"\n'
        '[containers]\ndefault_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]\n'
    )
    (folder / "storage.conf").write_text(
        f'[storage]\ndriver = "overlay"\ngraphroot = "{folder}/graph"\nrunroot = "{folder}/run"\n'
    )
    (folder / "registries.conf").write_text('[[registry]]\nlocation = "127.0.0.1"\ninsecure = true\n')
    os.environ |= {
        "CONTAINERS_CONF": str(folder / "containers.conf"),
        "CONTAINERS_STORAGE_CONF": str(folder / "storage.conf"),
        "CONTAINERS_REGISTRIES_CONF": str(folder / "registries.conf"),
        "PODMAN_IGNORE_CGROUPSV1_WARNING": "1",
    }


@pytest.fixture(scope="session", params=["podman", "docker"])
def engine(request, tmp_path_factory) -> Iterator[Engine]:
    """An engine with the images of the tests. Tests are skipped if it is not installed or does not start."""
    name = request.param
    if shutil.which(name) is None or not BUSYBOX.exists():
        pytest.skip(f"{name} or a static busybox is not installed")
    folder = tmp_path_factory.mktemp(name)
    with ExitStack() as stack:
        if name == "podman":
            configure_podman(folder)
        elif (problem := docker_daemon(folder, stack)) is not None:
            pytest.skip(problem)
        engine = Engine(name)
        engine.import_image("local/shell:1", shell_image())
        engine.import_image("local/user:1", shell_image(), "USER 1000:1000", "WORKDIR /work")
        engine.import_image("local/empty:1", shell_image(None))
        engine.import_image("local/foreign:1", shell_image(FOREIGN))
        engine.import_image("local/python:1", python_image())
        yield engine
        if name == "podman":
            engine.run("rmi", "--all", "--force")


@pytest.fixture
def open_service(tmp_path, engine):
    """Yield a function that opens services. Checks at the end that no container and no network is left."""
    with opener(tmp_path) as opening:
        yield opening
    assert engine.left() == []


def pytest_collection_modifyitems(items):
    for item in items:
        item.add_marker(pytest.mark.filterwarnings("ignore::hptsdk.AdviceWarning"))
