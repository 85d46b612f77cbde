"""The checkpoints of a training job: restored before it starts, and kept where the request says while it runs."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

from hptsdk.local._trees import is_empty
from hptsdk.local.process._archives import copy_tree, sync
from hptsdk.local.process._storage import UnsafePathError

if TYPE_CHECKING:
    from pathlib import Path

    from hptsdk.local.process._storage import Places
    from hptsdk.shapes import CheckpointConfig

__all__ = ["Checkpoints"]

_log = logging.getLogger("hptsdk.local")

_BETWEEN_SYNCS = 5.0


class Checkpoints:
    """The checkpoints of one training job.

    Args:
        name: of the training job; each has a folder of its own below the address of the request.
        config: where they are kept, if they are.
        places: where S3 is.
    """

    def __init__(self, name: str, config: CheckpointConfig | None, places: Places) -> None:
        self._name = name
        self._uri = None if config is None else f"{config.s3_uri.rstrip('/')}/{name}"
        self._places = places
        self._next = time.monotonic() + _BETWEEN_SYNCS
        self._reported = ""

    def restore(self, folder: Path) -> None:
        """Copy what is kept to the program's folder, if that is empty.

        Args:
            folder: where the program writes its checkpoints.

        Raises:
            OSError: it can't be read or written.
            UnsafePathError: the address leads outside the bucket's folder.
            ValueError: its folders are nested too deeply.
        """
        if self._uri is not None and is_empty(folder):
            copy_tree(self._places.path(self._uri), folder)

    def sync(self, folder: Path, *, now: bool = False) -> None:
        """Keep what has changed, if it is time for that; what fails is logged and tried again the next time.

        Args:
            folder: where the program writes its checkpoints.
            now: whether it is time in any case. Defaults to False.
        """
        if self._uri is None or not (now or time.monotonic() > self._next):
            return
        self._next = time.monotonic() + _BETWEEN_SYNCS
        try:
            sync(folder, self._places.path(self._uri))
        except FileNotFoundError as error:
            # its program removes old ones while it trains
            _log.debug("%s: checkpoints changed while they were copied: %s", self._name, error)
        except (OSError, UnsafePathError, ValueError) as error:
            self._report(f"{error}")

    def _report(self, problem: str) -> None:
        if problem != self._reported:
            self._reported = problem
            _log.warning("%s: checkpoints could not be kept: %s", self._name, problem)
