"""Local services for the clients, which environment variables configure."""

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[2] / "tests" / "local"))

from running import BUCKET, IMAGE, bucket, shell

from hptsdk.local import LocalService, Program

TRAINS = "echo starting; echo loss=${SM_HP_RATE:-0.5}; echo weights > $SM_MODEL_DIR/weights"
RUNS_ON = "echo loss=$SM_HP_RATE; exec sleep 60"


@contextmanager
def serving(folder: Path, program: str | Program, **options: Any) -> Iterator[LocalService]:
    """Open a service, and set the environment variables with which the clients call it.

    Args:
        folder: the folder of its root.
        program: the program, or a shell command.
        **options: other arguments of the `Program` of a shell command.
    """
    programs = {IMAGE: program if isinstance(program, Program) else shell(program, **options)}
    with (
        LocalService(folder / "root", images=programs, buckets={BUCKET: bucket(folder)}, stop_grace=1) as service,
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.delenv("AWS_PROFILE", raising=False)
        patch.setenv("AWS_CONFIG_FILE", str(folder / "none"))
        for name, value in service.environment().items():
            patch.setenv(name, value)
        yield service


@pytest.fixture(scope="session", name="serving")
def serving_fixture() -> Callable[..., AbstractContextManager[LocalService]]:
    """The function `serving`."""
    return serving


@pytest.fixture
def service(tmp_path: Path) -> Iterator[LocalService]:
    """A service with programs that end immediately."""
    with serving(tmp_path, TRAINS) as service:
        yield service


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalService]:
    """A service with programs that end immediately, for all tests of a module."""
    with serving(tmp_path_factory.mktemp("shared"), TRAINS) as service:
        yield service


@pytest.fixture
def lasting(tmp_path: Path) -> Iterator[LocalService]:
    """A service with programs that run until they are stopped."""
    with serving(tmp_path, RUNS_ON) as service:
        yield service
