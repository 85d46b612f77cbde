"""Pictures of pages that hptsdk serves, taken with Chromium while the documentation is built."""

from __future__ import annotations

import logging
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import hptsdk
from hptsdk.local import LocalService, Program

if TYPE_CHECKING:
    from collections.abc import Generator

__all__ = ["screenshot_text", "take_screenshots"]

_FOLDER = "_screenshots"
_SECONDS = 60
_IMAGE = "my-image:1"
_PROGRAM = """
import math, os, time
rate, layers = float(os.environ["SM_HP_RATE"]), int(os.environ["SM_HP_LAYERS"])
for epoch in range(12):
    time.sleep(0.15)
    loss = 0.2 + (math.log10(rate) + 2) ** 2 / 8 + (layers - 5) ** 2 / 60 + math.exp(-epoch / 3)
    print(f"epoch {epoch} loss={loss:.4f}", flush=True)
"""


@contextmanager
def _dashboard(root: Path) -> Generator[str]:
    """Run a tuning job of a local service to its end, and yield the URL of its page in the dashboard."""
    training = hptsdk.training(
        image=_IMAGE,
        role_arn="arn:aws:iam::123456789012:role/SageMakerRole",
        output="s3://amzn-s3-demo-bucket/out/",
        instance_type="ml.m5.large",
        instance_count=1,
        volume_size_in_gb=30,
        max_runtime_in_seconds=60,
    ).metric("loss", "loss=([-+0-9.eE]+)")
    request = (
        hptsdk.tuning_job("churn-2026-11", training, minimize="loss", max_jobs=16, max_parallel_jobs=4)
        .continuous("rate", 1e-4, 1.0, scaling="Logarithmic")
        .integer("layers", 1, 12)
        .random(random_seed=7)
        .build()
    )
    program = Program(command=[sys.executable, "-c", _PROGRAM], arguments="none")
    with LocalService(root, images={_IMAGE: program}) as service:
        service.client().create(request).wait(timeout=_SECONDS, poll=0.2)
        hptsdk_command = Path(sys.executable).parent / "hptsdk"
        command = [str(hptsdk_command), "dashboard", "churn-2026-11", "--local", str(root), "--no-browser"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own command
            yield next(iter(process.stdout or ())).split()[1]
            process.terminate()


def take_screenshots(source: Path) -> None:
    """Write the picture of the dashboard, unless it exists or Chromium is not on the PATH.

    Args:
        source: the folder of the documentation.
    """
    target = source / _FOLDER / "dashboard.png"
    browser = shutil.which("chromium")
    if browser is None or target.exists():
        return
    target.parent.mkdir(exist_ok=True)
    logging.getLogger("hptsdk").setLevel(logging.WARNING)  # Sphinx prints the records of all loggers
    with tempfile.TemporaryDirectory() as folder, _dashboard(Path(folder) / "runs") as address:
        command = [browser, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder}/profile"]
        command += ["--window-size=1000,2900", "--virtual-time-budget=4000", f"--screenshot={target}", address]
        subprocess.run(command, check=True, capture_output=True, timeout=_SECONDS)  # noqa: S603 - our own command


def screenshot_text(argument: str) -> str:
    """Return the picture in Markdown, or a sentence if Chromium was missing when the documentation was built.

    Args:
        argument: the name of the picture, a space, and its description.
    """
    name, _, description = argument.partition(" ")
    if (Path(__file__).parents[1] / _FOLDER / f"{name}.png").exists():
        return f"![{description}](/{_FOLDER}/{name}.png)"
    return f"*{description} The picture is missing, because the documentation was built without Chromium.*"
