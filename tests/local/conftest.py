"""Fixtures that open local services and close them at the end. The modules of this folder can be imported by name."""

import shutil
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hptsdk.local import LocalService

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[2] / "tools" / "pages"))

from fake_engine import FakeEngine
from running import bucket, opener


@pytest.fixture
def open_service(tmp_path: Path) -> Iterator[Callable[..., LocalService]]:
    """Yield a function that opens services below the folder of the test."""
    with opener(tmp_path) as opening:
        yield opening


@pytest.fixture(scope="module")
def open_shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., LocalService]]:
    """Yield a function that opens services for all tests of a module."""
    with opener(tmp_path_factory.mktemp("shared")) as opening:
        yield opening


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeEngine:
    """Return a fake engine, the only one that is installed."""
    engine = FakeEngine(tmp_path / "engine")
    which = shutil.which
    monkeypatch.setattr(
        shutil,
        "which",
        lambda name, **options: {"docker": None, "podman": str(engine.folder / "podman")}.get(
            name, which(name, **options)
        ),
    )
    return engine


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Return the folder of the bucket."""
    return bucket(tmp_path)


@pytest.fixture
def script(tmp_path: Path) -> Callable[[str], list[str]]:
    """Return a function that writes a Python program and returns its command."""

    def write(source: str) -> list[str]:
        path = tmp_path / "train.py"
        path.write_text(textwrap.dedent(source))
        # without site packages, whose import takes most of the starting time
        return [sys.executable, "-I", "-S", str(path)]

    return write


def pytest_collection_modifyitems(items):
    """Ignore advice in the tests of this folder, whose requests have short limits and no place in AWS."""
    for item in items:
        if item.nodeid.startswith("tests/local/"):
            item.add_marker(pytest.mark.filterwarnings("ignore::hptsdk.AdviceWarning"))
