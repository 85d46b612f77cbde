"""Pipe mode: a FIFO for each pass over a channel, fed as the program reads."""

from __future__ import annotations

import errno
import gzip
import os
import random
import select
import struct
import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

__all__ = ["Feeder", "opened", "recordio"]

_PIECE = 1 << 16
_PAUSE = 0.02
_MAGIC = 0xCED7230A


def recordio(content: bytes) -> bytes:
    """Wrap one record in the RecordIO format: magic, length, content, filled up to four bytes."""
    return struct.pack("<II", _MAGIC, len(content)) + content + b"\0" * (-len(content) % 4)


def opened(path: Path, *, gzipped: bool, wrapped: bool) -> Iterator[bytes]:
    """Read an object in pieces, unpacked and wrapped as the channel asks."""
    with gzip.open(path) if gzipped else path.open("rb") as file:
        if wrapped:
            yield recordio(file.read())
            return
        while piece := file.read(_PIECE):
            yield piece


class Feeder:
    """Feeds one channel until it is stopped; the next FIFO is there when the one before is read.

    Args:
        folder: where the FIFOs appear.
        channel: their name, before the number of the pass.
        content: gives the pieces of a pass.
        shuffle: the seed by which each pass has an order of its own, if it has.
    """

    def __init__(
        self,
        folder: Path,
        channel: str,
        content: Callable[[random.Random | None], Iterator[bytes]],
        shuffle: int | None,
    ) -> None:
        self._folder = folder
        self._channel = channel
        self._content = content
        self._shuffle = shuffle
        self._stopping = threading.Event()
        self.failure: Exception | None = None
        # there before the program starts
        os.mkfifo(self._path(0), 0o600)
        self._thread = threading.Thread(target=self._run, name=f"pipe {channel}", daemon=True)
        self._thread.start()

    def _path(self, epoch: int) -> Path:
        return self._folder / f"{self._channel}_{epoch}"

    def _run(self) -> None:
        epoch = 0
        try:
            while not self._stopping.is_set():
                if (end := self._reader(self._path(epoch))) is None:
                    return
                try:
                    # before the reader leaves this one, however early, and looks for the next
                    os.mkfifo(self._path(epoch + 1), 0o600)
                    self._feed(end, epoch)
                finally:
                    os.close(end)
                epoch += 1
        except (OSError, ValueError, EOFError) as error:
            self.failure = error

    def _reader(self, path: Path) -> int | None:
        """Open for writing once somebody reads."""
        while not self._stopping.is_set():
            try:
                return os.open(path, os.O_WRONLY | os.O_NONBLOCK)
            except OSError as error:
                if error.errno != errno.ENXIO:
                    raise
            self._stopping.wait(_PAUSE)
        return None

    def _feed(self, end: int, epoch: int) -> None:
        order = None if self._shuffle is None else random.Random(self._shuffle + epoch)  # noqa: S311 - to be repeated
        for piece in self._content(order):
            left = memoryview(piece)
            while left:
                if self._stopping.is_set():
                    return
                _, ready, _ = select.select([], [end], [], _PAUSE)
                if not ready:
                    continue
                try:
                    left = left[os.write(end, left) :]
                except BlockingIOError:
                    time.sleep(_PAUSE)
                except BrokenPipeError:
                    # a reader may leave early
                    return

    def stop(self) -> None:
        """End it."""
        self._stopping.set()
        self._thread.join()
