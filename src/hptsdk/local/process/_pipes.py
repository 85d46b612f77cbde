"""Pipe mode: a FIFO for each pass over a channel, fed as the program reads."""

from __future__ import annotations

import errno
import gzip
import os
import random
import select
import stat
import struct
import threading
import time
import zlib
from typing import TYPE_CHECKING, BinaryIO

from hptsdk.local._trees import open_regular

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

__all__ = ["Feeder", "failure_of_feeding", "opened", "recordio"]

_PIECE = 1 << 16
_PAUSE = 0.02
_MAGIC = 0xCED7230A


def recordio(content: bytes) -> bytes:
    """Wrap one record in the RecordIO format: magic, length, content, filled up to four bytes."""
    return struct.pack("<II", _MAGIC, len(content)) + content + b"\0" * (-len(content) % 4)


def opened(path: Path, *, gzipped: bool, wrapped: bool) -> Iterator[bytes]:
    """Read an object in pieces, unpacked and wrapped as the channel asks.

    Raises:
        OSError: it can't be read.
        ValueError: it is not a complete gzip file.
    """
    with open_regular(path, follow_links=True) as file:
        pieces = _unpacked(path, file) if gzipped else iter(lambda: file.read(_PIECE), b"")
        if wrapped:
            yield recordio(b"".join(pieces))
        else:
            yield from pieces


def _unpacked(path: Path, file: BinaryIO) -> Iterator[bytes]:
    """Unpack a gzip file; unlike in the library, an empty file is none."""
    fault = f"CompressionType is Gzip, and {path} is not a complete gzip file"
    if not os.fstat(file.fileno()).st_size:
        raise ValueError(f"{fault}: it is empty")
    try:
        with gzip.open(file) as unpacked:
            while piece := unpacked.read(_PIECE):
                yield piece
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise ValueError(f"{fault}: {error}") from error


class Feeder:
    """Feeds one channel until it is stopped; the next FIFO is there when the one before is read.

    If the data cannot be read, the FIFO stays open until the feeder is stopped: a program that saw its end would take
    a part of the data for the whole.

    Args:
        folder: where the FIFOs appear.
        channel: their name, before the number of the pass.
        content: gives the pieces of a pass.
        shuffle: the seed by which each pass has an order of its own, if it has.

    Attributes:
        channel: the name of the channel.
        failure: why the data could not be fed, once that is so.
    """

    def __init__(
        self,
        folder: Path,
        channel: str,
        content: Callable[[random.Random | None], Iterator[bytes]],
        shuffle: int | None,
    ) -> None:
        self._folder = folder
        self.channel = channel
        self._content = content
        self._shuffle = shuffle
        self._stopping = threading.Event()
        self.failure: Exception | None = None
        # there before the program starts
        os.mkfifo(self._path(0), 0o600)
        self._thread = threading.Thread(target=self._run, name=f"pipe {channel}", daemon=True)
        self._thread.start()

    def _path(self, epoch: int) -> Path:
        return self._folder / f"{self.channel}_{epoch}"

    def _run(self) -> None:
        epoch = 0
        try:
            while (end := self._reader(self._path(epoch))) is not None:
                try:
                    # before the reader leaves this one, however early, and looks for the next
                    os.mkfifo(self._path(epoch + 1), 0o600)
                    self._feed(end, epoch)
                except Exception as error:  # noqa: BLE001 - whatever it is, the data is not whole
                    self.failure = error
                    self._stopping.wait()
                finally:
                    os.close(end)
                epoch += 1
        except OSError as error:
            self.failure = error

    def _reader(self, path: Path) -> int | None:
        """Open a FIFO for writing once somebody reads; None if nobody will, since it is stopped or the FIFO is gone."""
        while not self._stopping.is_set():
            try:
                end = os.open(path, os.O_WRONLY | os.O_NONBLOCK | os.O_NOFOLLOW)
            except FileNotFoundError:
                # its program has removed it
                return None
            except OSError as error:
                if error.errno != errno.ENXIO:
                    raise
                self._stopping.wait(_PAUSE)
                continue
            if stat.S_ISFIFO(os.fstat(end).st_mode):
                return end
            os.close(end)
            raise OSError(errno.EINVAL, "Not a FIFO any more", str(path))
        return None

    def _feed(self, end: int, epoch: int) -> None:
        order = None if self._shuffle is None else random.Random(self._shuffle + epoch)  # noqa: S311 - to be repeated
        poll = select.poll()
        poll.register(end, select.POLLOUT)
        for piece in self._content(order):
            left = memoryview(piece)
            while left:
                if self._stopping.is_set():
                    return
                if not poll.poll(_PAUSE * 1000):
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


def failure_of_feeding(feeders: Iterable[Feeder]) -> str | None:
    """Return why the data of a channel could not be fed; None if all could."""
    for feeder in feeders:
        if (error := feeder.failure) is not None:
            return f"Channel {feeder.channel} cannot be fed: {str(error) or type(error).__name__}"
    return None
