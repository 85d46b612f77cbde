"""The channels of a training job: their files, and how a training program reads them.

In File mode a tuning job copies the files of a channel once, read-only. Each training job gets folders of its own with
hard links to the copy, so that all have the same data and no program can change the source. In FastFile mode a program
gets the folder itself. In Pipe mode it reads FIFOs.
"""

from __future__ import annotations

import json
import shutil
import threading
import uuid
from contextlib import suppress
from typing import TYPE_CHECKING, TypeVar

from hptsdk._validation import is_dict, is_list
from hptsdk.local._files import open_regular, remove_tree, walk
from hptsdk.local.process._isolation import SharedFolder
from hptsdk.local.process._pipes import Feeder, read_object, to_record
from hptsdk.local.process._storage import UnsafePathError, within
from hptsdk.transport import bad_request

if TYPE_CHECKING:
    import random
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from hptsdk.local.process._storage import Storage
    from hptsdk.shapes import Channel, HyperParameterTrainingJobDefinition, S3DataSource

__all__ = ["ChannelData", "check_channels", "mode_of"]

ItemT = TypeVar("ItemT")

# The bytes that are copied at a time.
_BLOCK = 1 << 20


def mode_of(channel: Channel, definition: HyperParameterTrainingJobDefinition) -> str:
    """Return the input mode of a channel."""
    return channel.input_mode or definition.algorithm_specification.training_input_mode


# --- checks ---


def check_channels(definition: HyperParameterTrainingJobDefinition, storage: Storage) -> None:
    """Check whether the local service can read every channel of a definition.

    Raises:
        Refusal: it cannot read one of them.
    """
    for channel in definition.input_data_config or ():
        try:
            _check(channel, mode_of(channel, definition), storage)
        except (UnsafePathError, ValueError, OSError) as error:
            raise bad_request(f"The data of channel {channel.channel_name} can't be read: {error}") from error


def _check(channel: Channel, mode: str, storage: Storage) -> None:
    name, source = channel.channel_name, channel.data_source.s3_data_source
    if name in (".", ".."):
        raise bad_request(f"{name} can't be the name of a channel, because it cannot be the name of a folder.")
    if channel.data_source.dataset_source is not None:
        raise bad_request(f"Channel {name}: DatasetSource is not supported by the local service; use S3DataSource.")
    if (system := channel.data_source.file_system_data_source) is not None:
        system_id = system.file_system_id
        if storage.file_system(system_id, system.directory_path) is None:
            raise bad_request(
                f"Channel {name}: file system {system_id} has no folder in the local service; "
                f"pass one with file_systems=."
            )
    elif source is not None:
        _check_source(name, source, mode, storage)


def _check_source(name: str, source: S3DataSource, mode: str, storage: Storage) -> None:
    if source.s3_data_type == "Converse" or source.hub_access_config is not None:
        unsupported = "HubAccessConfig" if source.hub_access_config is not None else "S3DataType Converse"
        raise bad_request(f"Channel {name}: {unsupported} is not supported by the local service.")
    if mode == "FastFile":
        if source.s3_data_type != "S3Prefix" or not storage.path(source.s3_uri).is_dir():
            raise bad_request(
                f"Channel {name}: FastFile requires an S3Prefix that is a folder; {source.s3_uri} is not a folder."
            )
    elif source.s3_data_type == "AugmentedManifestFile":
        next(_augmented_lines(source, storage), None)
    elif next(_files_of(source, storage), None) is None:
        raise bad_request(
            f'No S3 objects found under S3 URL "{source.s3_uri}" given in input data source. Please ensure that '
            f"objects exist under that S3 prefix; the local service reads it from {storage.path(source.s3_uri)}."
        )


# --- files and manifests ---


def _files_of(source: S3DataSource, storage: Storage) -> Iterator[tuple[str, Path]]:
    """Return the files of a source that is not an augmented manifest, with their names in the channel."""
    if source.s3_data_type != "ManifestFile":
        yield from storage.objects(source.s3_uri)
        return
    with open_regular(storage.path(source.s3_uri), follow_links=True) as file:
        manifest = _parse(file.read(), f"the manifest {source.s3_uri}")
    head, *names = manifest if is_list(manifest) and manifest else [None]
    prefix = head.get("prefix") if is_dict(head) else None
    if type(prefix) is not str:
        raise ValueError(f'the manifest {source.s3_uri} is not of the form [{{"prefix": "s3://…"}}, "name", …]')
    for name in names:
        path = storage.path(f"{prefix}{name}")
        if not path.is_file():
            raise ValueError(f"the manifest {source.s3_uri} names {prefix}{name}, which does not exist")
        yield str(name), path


def _augmented_lines(source: S3DataSource, storage: Storage) -> Iterator[list[bytes]]:
    """Return the attributes of each line of an augmented manifest: for names with `-ref`, the content of the object."""
    with open_regular(storage.path(source.s3_uri), follow_links=True) as file:
        for number, text in enumerate(file, start=1):
            if text.strip():
                yield _attributes(source, storage, number, text)


def _attributes(source: S3DataSource, storage: Storage, number: int, text: bytes) -> list[bytes]:
    place = f"line {number} of {source.s3_uri}"
    line = _parse(text, place)
    if not is_dict(line):
        raise ValueError(f"{place} is not a JSON object")
    contents: list[bytes] = []
    for name in source.attribute_names or ():
        if name not in line:
            raise ValueError(f"{place} has no attribute {name}")
        value = line[name]
        if name.endswith("-ref"):
            with open_regular(storage.path(str(value)), follow_links=True) as file:
                contents.append(file.read())
        else:
            contents.append((value if isinstance(value, str) else json.dumps(value)).encode())
    return contents


def _parse(text: bytes, subject: str) -> object:
    try:
        parsed: object = json.loads(text)
    except RecursionError:
        raise ValueError(f"{subject} is nested too deeply") from None
    except ValueError as error:
        raise ValueError(f"{subject} is not JSON: {error}") from error
    return parsed


# --- data for programs ---


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
        """Return the folders of the channels of a definition that have no copies, by channel name.

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
                    raise ValueError(f"the folder of file system {system.file_system_id} does not exist")
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
            index: the index of the definition.
            definition: the definition.
            data: the folder.
            is_isolated: whether the program is isolated. A shared folder is then an empty folder, on which it is
                mounted, and otherwise a link. Defaults to False.

        Returns:
            The feeders of its FIFOs.

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
            raise ValueError(f"channel {channel.channel_name} has no data that can be read here")
        if mode == "Pipe":
            seed = None if channel.shuffle_config is None else channel.shuffle_config.seed
            return [Feeder(data, channel.channel_name, lambda order: self._blocks(channel, source, order), seed)]
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
            for file, path in _files_of(source, self._storage):
                target = within(incomplete, file)
                target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                # a manifest may name a file twice
                target.unlink(missing_ok=True)
                _copy_file(path, target)
                # readable, because the user in a container may be another one; the folder of all copies is private
                target.chmod(0o444)
            incomplete.rename(copy)
        return copy

    def _blocks(self, channel: Channel, source: S3DataSource, order: random.Random | None) -> Iterator[bytes]:
        """Return the content of one pass over a channel in Pipe mode."""
        as_record, is_gzip = channel.record_wrapper_type == "RecordIO", channel.compression_type == "Gzip"
        if source.s3_data_type == "AugmentedManifestFile":
            for line in _shuffled(_augmented_lines(source, self._storage), order):
                yield from map(to_record, line) if as_record else line
        else:
            for _, path in _shuffled(_files_of(source, self._storage), order):
                yield from read_object(path, is_gzip=is_gzip, as_record=as_record)

    def remove_copies(self) -> None:
        """Remove the copies; files that cannot be removed now are removed when the root is opened again."""
        with suppress(OSError):
            remove_tree(self._folder)


def _copy_file(source: Path, target: Path) -> None:
    with open_regular(source, follow_links=True) as file, target.open("xb") as copy:
        shutil.copyfileobj(file, copy, _BLOCK)


def _link_files(folder: Path, target: Path) -> None:
    target.mkdir()
    for name, kind in walk(folder):
        if kind == "folder":
            (target / name).mkdir()
        else:
            (target / name).hardlink_to(folder / name)


def _shuffled(items: Iterable[ItemT], order: random.Random | None) -> Iterable[ItemT]:
    """Return items in a random order; in their own order if that is None."""
    if order is None:
        return items
    shuffled = list(items)
    order.shuffle(shuffled)
    return shuffled
