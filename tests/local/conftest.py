"""Opens local services for tests, and closes them; lets the modules of this folder be imported by name."""

import sys
import textwrap
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from hptsdk.local import LocalService

sys.path.insert(0, str(Path(__file__).parent))

from running import BUCKET, IMAGE, bucket, shell


@pytest.fixture
def open_service(tmp_path: Path) -> Iterator[Callable[..., LocalService]]:
    """Opens services below the test's folder; what is open at its end is closed."""
    with ExitStack() as stack:

        def opening(program: object = None, *, root: str = "root", **options: Any) -> LocalService:
            images = options.pop("images", None) or {IMAGE: program or shell("echo 'loss=0.5;'")}
            options = {"stop_grace": 5.0, "buckets": {BUCKET: bucket(tmp_path)}} | options
            return stack.enter_context(LocalService(tmp_path / root, images=images, **options))

        yield opening


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The folder of the bucket."""
    return bucket(tmp_path)


@pytest.fixture
def script(tmp_path: Path) -> Callable[[str], list[str]]:
    """Writes a Python program and gives the command that runs it."""

    def write(source: str) -> list[str]:
        path = tmp_path / "train.py"
        path.write_text(textwrap.dedent(source))
        # without the site's packages, which cost most of a start
        return [sys.executable, "-I", "-S", str(path)]

    return write
