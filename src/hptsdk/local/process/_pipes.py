"""Pipe mode: a FIFO for each pass over a channel, written as the program reads it."""

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

from hptsdk.local._files import open_regular

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

__all__ = ["Feeder", "feeding_failure", "read_object", "to_record"]

# The bytes that are read at a time, and the seconds between two attempts to write.
_BLOCK, _PAUSE = 1 << 16, 0.02

_RECORDIO_MAGIC = 0xCED7230A


def to_record(content: bytes) -> bytes:
    """Return a record in the RecordIO format: magic number, length, and the content padded to four bytes."""
    return struct.pack("<II", _RECORDIO_MAGIC, len(content)) + content + b"\0" * (-len(content) % 4)


def read_object(path: Path, *, is_gzip: bool, as_record: bool) -> Iterator[bytes]:
    """Return the content of an object in blocks, or as one record.

    Args:
        path: the file of the object.
        is_gzip: whether to decompress it.
        as_record: whether to return it as one RecordIO record.

    Raises:
        OSError: it cannot be read.
        ValueError: it is not a complete gzip file.
    """
    with open_regular(path, follow_links=True) as file:
        blocks = _decompress(path, file) if is_gzip else iter(lambda: file.read(_BLOCK), b"")
        if as_record:
            yield to_record(b"".join(blocks))
        else:
            yield from blocks


def _decompress(path: Path, file: BinaryIO) -> Iterator[bytes]:
    problem = f"CompressionType is Gzip, and {path} is not a complete gzip file"
    # the gzip module accepts an empty file
    if not os.fstat(file.fileno()).st_size:
        raise ValueError(f"{problem}: it is empty")
    try:
        with gzip.open(file) as decompressed:
            while block := decompressed.read(_BLOCK):
                yield block
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise ValueError(f"{problem}: {error}") from error


class Feeder:
    """A writer of one channel. It creates the next FIFO before the program has read the current one.

    If the data cannot be read, the FIFO stays open until the feeder is stopped. Otherwise the program would see its
    end, and use incomplete data.

    Args:
        folder: the folder of the FIFOs.
        channel: the channel; the name of a FIFO is that of the channel, `_` and the number of the pass.
        content: returns the blocks of a pass, in a random order if it is called with a random generator.
        seed: the seed of the orders; None for no random order.

    Attributes:
        channel: the name of the channel.
        failure: the error because of which the data could not be written; None if there is none.
    """

    def __init__(
        self,
        folder: Path,
        channel: str,
        content: Callable[[random.Random | None], Iterator[bytes]],
        seed: int | None,
    ) -> None:
        self._folder = folder
        self.channel = channel
        self._content = content
        self._seed = seed
        self._stopping = threading.Event()
        self.failure: Exception | None = None
        # created before the program starts
        os.mkfifo(self._path(0), 0o644)
        self._thread = threading.Thread(target=self._run, name=f"pipe {channel}", daemon=True)
        self._thread.start()

    def _path(self, epoch: int) -> Path:
        return self._folder / f"{self.channel}_{epoch}"

    def _run(self) -> None:
        """Write one FIFO after another until the feeder is stopped."""
        epoch = 0
        try:
            while (fifo := self._open(self._path(epoch))) is not None:
                try:
                    # before the program closes this one, however early, and opens the next
                    os.mkfifo(self._path(epoch + 1), 0o644)
                    self._write(fifo, epoch)
                except Exception as error:  # noqa: BLE001 - after every error the data is incomplete
                    self.failure = error
                    self._stopping.wait()
                finally:
                    os.close(fifo)
                epoch += 1
        except OSError as error:
            self.failure = error

    def _open(self, path: Path) -> int | None:
        """Open a FIFO for writing after the program has opened it; None if it is stopped, or the FIFO was removed."""
        while not self._stopping.is_set():
            try:
                fifo = os.open(path, os.O_WRONLY | os.O_NONBLOCK | os.O_NOFOLLOW)
            except FileNotFoundError:
                return None
            except OSError as error:
                if error.errno != errno.ENXIO:
                    raise
                self._stopping.wait(_PAUSE)
                continue
            if stat.S_ISFIFO(os.fstat(fifo).st_mode):
                return fifo
            os.close(fifo)
            raise OSError(errno.EINVAL, "No longer a FIFO", str(path))
        return None

    def _write(self, fifo: int, epoch: int) -> None:
        """Write one pass over the channel, until the program closes the FIFO or the feeder is stopped."""
        order = None if self._seed is None else random.Random(self._seed + epoch)  # noqa: S311 - reproducible
        poll = select.poll()
        poll.register(fifo, select.POLLOUT)
        for block in self._content(order):
            rest = memoryview(block)
            while rest:
                if self._stopping.is_set():
                    return
                if not poll.poll(_PAUSE * 1000):
                    continue
                try:
                    rest = rest[os.write(fifo, rest) :]
                except BlockingIOError:
                    time.sleep(_PAUSE)
                except BrokenPipeError:
                    # the program does not need the rest
                    return

    def stop(self) -> None:
        """Stop writing, and wait until its thread has ended."""
        self._stopping.set()
        self._thread.join()


def feeding_failure(feeders: Iterable[Feeder]) -> str | None:
    """Return why the data of a channel could not be written; None if there was no error."""
    for feeder in feeders:
        if (error := feeder.failure) is not None:
            return f"Channel {feeder.channel} cannot be written: {str(error) or type(error).__name__}"
    return None
