"""The channels of a training job, and how a training program reads them.

In File mode a tuning job copies the files of a channel once, read-only. Each training job gets folders of its own with
hard links to the copy, so that all have the same data and no program can change the source. In FastFile mode a program
gets the folder itself. In Pipe mode it reads a FIFO for each epoch, which is written as the program reads it.
"""

from __future__ import annotations

import errno
import gzip
import os
import random
import select
import shutil
import stat
import struct
import threading
import time
import uuid
import zlib
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, BinaryIO, TypeVar

from hptsdk.local._files import open_regular, remove_tree, walk
from hptsdk.local.process._isolation import SharedFolder
from hptsdk.local.process._storage import augmented_lines, files_of, mode_of, within

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from hptsdk.local.process._storage import Storage
    from hptsdk.shapes import Channel, HyperParameterTrainingJobDefinition, S3DataSource

ItemT = TypeVar("ItemT")

# The bytes that are read at a time, and the seconds between two attempts to write.
_BLOCK, _PAUSE = 1 << 16, 0.02

_RECORDIO_MAGIC = 0xCED7230A


class ChannelData:
    """The data of a tuning job's channels.

    Args:
        storage: the folders of buckets and file systems.
        folder: the folder for copies, which is removed when the tuning job ends.
    """

    def __init__(self, storage: Storage, folder: Path) -> None:
        self._storage = storage
        self._folder = folder
        self._lock = threading.Lock()

    def shared_folders(self, definition: HyperParameterTrainingJobDefinition) -> dict[str, SharedFolder]:
        """Return the folders of channels with a FileSystemDataSource or in FastFile mode, by channel name.

        Raises:
            UnsafePathError: a path is outside the folder of its bucket or file system.
            ValueError: the folder of a file system does not exist.
        """
        folders: dict[str, SharedFolder] = {}
        for channel in definition.input_data_config or ():
            source, system = channel.data_source.s3_data_source, channel.data_source.file_system_data_source
            if system is not None:
                path = self._storage.file_system(system.file_system_id, system.directory_path)
                if path is None or not path.is_dir():
                    raise ValueError(
                        f"the folder of file system {system.file_system_id} does not exist: {path or 'none was passed'}"
                    )
                is_read_only = system.file_system_access_mode == "ro"
                folders[channel.channel_name] = SharedFolder(path.absolute(), is_read_only)
            elif source is not None and mode_of(channel, definition) == "FastFile":
                folders[channel.channel_name] = SharedFolder(self._storage.path(source.s3_uri).absolute())
        return folders

    def put(
        self, index: int, definition: HyperParameterTrainingJobDefinition, data: Path, *, is_isolated: bool = False
    ) -> list[Feeder]:
        """Put the channels of a definition into the folder `input/data` of a training job.

        Args:
            index: the index of the definition in its tuning job.
            definition: the definition.
            data: the folder `input/data`.
            is_isolated: whether the program is isolated: if it is, an empty folder is created for each shared folder,
                to mount it there, and otherwise a link to it. Defaults to False.

        Returns:
            The feeders of the channels in Pipe mode, which have started.

        Raises:
            UnsafePathError: a path is outside the folder of its bucket or file system.
            ValueError: the data is invalid.
            OSError: the data cannot be read or copied.
        """
        for name, shared in self.shared_folders(definition).items():
            target = within(data, name)
            target.mkdir() if is_isolated else target.symlink_to(shared.path, target_is_directory=True)
        feeders: list[Feeder] = []
        try:
            for channel in definition.input_data_config or ():
                feeders += self._put(index, channel, mode_of(channel, definition), data)
        except BaseException:
            for feeder in feeders:
                feeder.stop()
            raise
        return feeders

    def _put(self, index: int, channel: Channel, mode: str, data: Path) -> list[Feeder]:
        """Put one channel into the folder `input/data`, in its input mode, unless it is a shared folder."""
        source = channel.data_source.s3_data_source
        if channel.data_source.file_system_data_source is not None:
            return []
        if source is None:
            raise ValueError(f"channel {channel.channel_name} has no S3DataSource or FileSystemDataSource")
        if mode == "Pipe":
            seed = None if channel.shuffle_config is None else channel.shuffle_config.seed
            return [Feeder(data, channel.channel_name, partial(self._blocks, channel, source), seed)]
        if mode == "File":
            if source.s3_data_type == "ManifestFile":
                # a container has it next to the folder of the channel
                _copy_file(self._storage.path(source.s3_uri), within(data, f"{channel.channel_name}-manifest"))
            _link_files(self._copy(f"{index}-{channel.channel_name}", source), within(data, channel.channel_name))
        return []

    def _copy(self, name: str, source: S3DataSource) -> Path:
        """Return the read-only copy of the files of a channel, which the first training job creates."""
        copy = self._folder / name
        with self._lock:
            if copy.is_dir():
                return copy
            incomplete = self._folder / f"making-{uuid.uuid4().hex}"
            incomplete.mkdir(mode=0o700, parents=True)
            for file, path in files_of(source, self._storage):
                target = within(incomplete, file)
                target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                # a manifest may name a file twice
                target.unlink(missing_ok=True)
                _copy_file(path, target)
            incomplete.rename(copy)
        return copy

    def _blocks(self, channel: Channel, source: S3DataSource, generator: random.Random | None) -> Iterator[bytes]:
        """Return the content of one epoch of a channel in Pipe mode."""
        as_record, is_gzip = channel.record_wrapper_type == "RecordIO", channel.compression_type == "Gzip"
        if source.s3_data_type == "AugmentedManifestFile":
            for line in _shuffled(augmented_lines(source, self._storage), generator):
                yield from map(_to_record, line) if as_record else line
        else:
            for _, path in _shuffled(files_of(source, self._storage), generator):
                yield from _read_object(path, is_gzip=is_gzip, as_record=as_record)

    def remove_copies(self) -> None:
        """Remove the copies; files that cannot be removed now are removed at the next start of the service."""
        with suppress(OSError):
            remove_tree(self._folder)


# The user in a container may be another one, and must be able to read the channels, even if the umask of the service is
# 077. The folders that contain them are private.


def _copy_file(source: Path, target: Path) -> None:
    with open_regular(source, follow_links=True) as file, target.open("xb") as copy:
        shutil.copyfileobj(file, copy)
    target.chmod(0o444)


def _create_folder(path: Path) -> None:
    path.mkdir()
    path.chmod(0o755)


def _create_fifo(path: Path) -> None:
    os.mkfifo(path)
    path.chmod(0o644)


def _link_files(folder: Path, target: Path) -> None:
    _create_folder(target)
    for name, kind in walk(folder):
        if kind == "folder":
            _create_folder(target / name)
        else:
            (target / name).hardlink_to(folder / name)


def _shuffled(items: Iterable[ItemT], generator: random.Random | None) -> Iterable[ItemT]:
    """Return items in the random order of a generator; in their own order if that is None."""
    if generator is None:
        return items
    shuffled = list(items)
    generator.shuffle(shuffled)
    return shuffled


def _to_record(content: bytes) -> bytes:
    """Return a RecordIO record: magic number, length, and the content padded to a multiple of four bytes."""
    return struct.pack("<II", _RECORDIO_MAGIC, len(content)) + content + b"\0" * (-len(content) % 4)


def _read_object(path: Path, *, is_gzip: bool, as_record: bool) -> Iterator[bytes]:
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
            yield _to_record(b"".join(blocks))
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
    """A thread that writes one channel in Pipe mode. It creates each FIFO before the program has read the previous one.

    If the data cannot be read, the FIFO stays open until the feeder is stopped. Otherwise the program would reach the
    end of the FIFO, and use incomplete data.

    Args:
        folder: the folder of the FIFOs.
        channel: the channel; the name of a FIFO is that of the channel, `_` and the number of the epoch.
        content: returns the blocks of an epoch, in a random order if it is called with a random generator.
        seed: the seed of the ShuffleConfig; None for no random order.

    Attributes:
        channel: the name of the channel.
        failure: the error because of which the data could not be written; None if there is none.
    """

    def __init__(
        self, folder: Path, channel: str, content: Callable[[random.Random | None], Iterator[bytes]], seed: int | None
    ) -> None:
        self._folder = folder
        self.channel = channel
        self._content = content
        self._seed = seed
        self._stopping = threading.Event()
        self.failure: Exception | None = None
        # created before the program starts
        _create_fifo(self._path(0))
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
                    _create_fifo(self._path(epoch + 1))
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
        """Open a FIFO after the program has opened it; None if the feeder is stopped or the FIFO was removed."""
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
        """Write one epoch of the channel, until the program closes the FIFO or the feeder is stopped."""
        generator = None if self._seed is None else random.Random(self._seed + epoch)  # noqa: S311 - reproducible
        poll = select.poll()
        poll.register(fifo, select.POLLOUT)
        for block in self._content(generator):
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
