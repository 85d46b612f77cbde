"""The checkpoints of a training job: restored before it starts, and uploaded while it runs."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

from hptsdk.local._files import is_empty
from hptsdk.local.process._archives import copy_tree, sync
from hptsdk.local.process._storage import UnsafePathError

if TYPE_CHECKING:
    from pathlib import Path

    from hptsdk.local.process._storage import Storage

__all__ = ["Checkpoints"]

_logger = logging.getLogger("hptsdk.local")

# Seconds between two uploads.
_BETWEEN_SYNCS = 5.0


class Checkpoints:
    """The checkpoints of one training job.

    Args:
        name: the name of the training job.
        uri: the address of its checkpoints; None for no checkpoints.
        storage: the folders of buckets.
    """

    def __init__(self, name: str, uri: str | None, storage: Storage) -> None:
        self._name = name
        self._uri = uri
        self._storage = storage
        self._next = time.monotonic() + _BETWEEN_SYNCS
        self._logged = ""

    def restore(self, folder: Path) -> None:
        """Copy the uploaded checkpoints to the folder of the program, if that is empty.

        Raises:
            OSError: a file cannot be read or written.
            UnsafePathError: the address is outside the folder of its bucket.
            ValueError: folders are nested too deeply.
        """
        if self._uri is not None and is_empty(folder):
            copy_tree(self._storage.path(self._uri), folder)

    def sync(self, folder: Path, *, now: bool = False) -> None:
        """Upload the changes since the last upload. An error is logged, and the next upload tries again.

        Args:
            folder: the folder in which the program writes its checkpoints.
            now: whether to upload immediately, even if the last upload was seconds ago. Defaults to False.
        """
        if self._uri is None or not (now or time.monotonic() > self._next):
            return
        self._next = time.monotonic() + _BETWEEN_SYNCS
        try:
            sync(folder, self._storage.path(self._uri))
        except FileNotFoundError as error:
            # the program removes old checkpoints while it trains
            _logger.debug("training job %s: checkpoints changed while they were uploaded: %s", self._name, error)
        except (OSError, UnsafePathError, ValueError) as error:
            # the same error is logged once
            if (text := f"{error}") != self._logged:
                self._logged = text
                _logger.warning("training job %s: checkpoints could not be uploaded: %s", self._name, text)
