"""The data of a channel: which files it has, and how they come to a training program.

File mode gives each training job folders of its own over one read-only copy that a tuning job makes at its first
training job, so that a program can't change its source and all see the same. FastFile gives the folder itself, and Pipe
feeds FIFOs.
"""

from __future__ import annotations

import json
import shutil
import threading
import uuid
from contextlib import suppress
from typing import TYPE_CHECKING, TypeVar, cast

from hptsdk.local._trees import open_regular, remove_tree, walk
from hptsdk.local.process._pipes import Feeder, opened, recordio
from hptsdk.local.process._storage import UnsafePathError, within
from hptsdk.transport import bad_request

if TYPE_CHECKING:
    import random
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from hptsdk.local.process._storage import Places
    from hptsdk.shapes import Channel, HyperParameterTrainingJobDefinition, S3DataSource

__all__ = ["ChannelData", "check_channels", "mode_of"]

File = tuple[str, "Path"]
ItemT = TypeVar("ItemT")

# How many bytes of a file are copied at once.
_PIECE = 1 << 20


def mode_of(channel: Channel, definition: HyperParameterTrainingJobDefinition) -> str:
    """Tell how a channel is read."""
    return channel.input_mode or definition.algorithm_specification.training_input_mode


def files_of(source: S3DataSource, places: Places) -> Iterator[File]:
    """Go through the files of a source that has whole files, each with its name in the channel.

    Raises:
        UnsafePathError: something leads outside the mapped folders.
        ValueError: a manifest makes no sense.
    """
    return _listed(source, places) if source.s3_data_type == "ManifestFile" else places.objects(source.s3_uri)


def _listed(source: S3DataSource, places: Places) -> Iterator[File]:
    with open_regular(places.path(source.s3_uri), follow_links=True) as file:
        manifest = _parsed(file.read(), f"the manifest {source.s3_uri}")
    head, *names = cast("list[object]", manifest) if isinstance(manifest, list) and manifest else [None]
    prefix = cast("dict[str, object]", head).get("prefix") if isinstance(head, dict) else None
    if not isinstance(prefix, str):
        raise ValueError(f'the manifest {source.s3_uri} is not of the form [{{"prefix": "s3://…"}}, "name", …]')  # noqa: TRY004 - a fault of the data
    for name in names:
        path = places.path(f"{prefix}{name}")
        if not path.is_file():
            raise ValueError(f"the manifest {source.s3_uri} names {prefix}{name}, which is not there")
        yield str(name), path


def check_channels(definition: HyperParameterTrainingJobDefinition, places: Places) -> None:
    """See that every channel can be read here.

    Raises:
        Refusal: one can't be.
    """
    for channel in definition.input_data_config or ():
        try:
            _check(channel, mode_of(channel, definition), places)
        except (UnsafePathError, ValueError, OSError) as error:
            raise bad_request(f"The data of channel {channel.channel_name} can't be read: {error}") from error


def _check(channel: Channel, mode: str, places: Places) -> None:
    name, source = channel.channel_name, channel.data_source.s3_data_source
    if name in (".", ".."):
        raise bad_request(f"{name} can't be the name of a channel here, since it is the name of its folder.")
    if channel.data_source.dataset_source is not None:
        raise bad_request(f"Channel {name}: DatasetSource is not supported by the local service; use S3DataSource.")
    if (system := channel.data_source.file_system_data_source) is not None:
        identity = system.file_system_id
        if places.file_system(identity, system.directory_path) is None:
            raise bad_request(
                f"Channel {name}: file system {identity} has no folder here; give it one with file_systems=."
            )
    elif source is not None:
        _check_source(name, source, mode, places)


def _check_source(name: str, source: S3DataSource, mode: str, places: Places) -> None:
    if source.s3_data_type == "Converse" or source.hub_access_config is not None:
        what = "HubAccessConfig" if source.hub_access_config is not None else "S3DataType Converse"
        raise bad_request(f"Channel {name}: {what} is not supported by the local service.")
    if mode == "FastFile":
        if source.s3_data_type != "S3Prefix" or not places.path(source.s3_uri).is_dir():
            raise bad_request(f"Channel {name}: FastFile reads an S3Prefix that is a folder; {source.s3_uri} is none.")
    elif source.s3_data_type == "AugmentedManifestFile":
        next(_lines(source, places), None)
    elif next(files_of(source, places), None) is None:
        raise bad_request(
            f'No S3 objects found under S3 URL "{source.s3_uri}" given in input data source. Please ensure that '
            f"objects exist under that S3 prefix; it is {places.path(source.s3_uri)} here."
        )


def _lines(source: S3DataSource, places: Places) -> Iterator[list[bytes]]:
    """Go through an augmented manifest: for each line its attributes, those named `…-ref` as the object's content."""
    with open_regular(places.path(source.s3_uri), follow_links=True) as file:
        for number, text in enumerate(file, start=1):
            if text.strip():
                yield _attributes(source, places, number, text)


def _parsed(text: bytes, what: str) -> object:
    """Parse JSON out of the data.

    Raises:
        ValueError: it is no JSON, or is nested too deeply.
    """
    try:
        parsed: object = json.loads(text)
    except RecursionError:
        raise ValueError(f"{what} is nested too deeply") from None
    except ValueError as error:
        raise ValueError(f"{what} is not JSON: {error}") from error
    return parsed


def _attributes(source: S3DataSource, places: Places, number: int, text: bytes) -> list[bytes]:
    line = _parsed(text, f"line {number} of {source.s3_uri}")
    if not isinstance(line, dict):
        raise ValueError(f"line {number} of {source.s3_uri} is no JSON object")  # noqa: TRY004 - a fault of the data
    known = cast("dict[str, object]", line)
    found: list[bytes] = []
    for name in source.attribute_names or ():
        if name not in known:
            raise ValueError(f"line {number} of {source.s3_uri} has no attribute {name}")
        value = known[name]
        if name.endswith("-ref"):
            with open_regular(places.path(str(value)), follow_links=True) as file:
                found.append(file.read())
        else:
            found.append((value if isinstance(value, str) else json.dumps(value)).encode())
    return found


class ChannelData:
    """The data of one tuning job's channels.

    Args:
        places: where S3 and file systems are.
        folder: for the copies; it goes when the tuning job ends.
    """

    def __init__(self, places: Places, folder: Path) -> None:
        self._places = places
        self._folder = folder
        self._lock = threading.Lock()

    def put(self, index: int, definition: HyperParameterTrainingJobDefinition, data: Path) -> list[Feeder]:
        """Bring the channels of a definition into a training job's `input/data`.

        Returns:
            What feeds its FIFOs.

        Raises:
            UnsafePathError: something leads outside the mapped folders.
            ValueError: the data makes no sense.
            OSError: it can't be read, or not be copied.
        """
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
        target = within(data, channel.channel_name)
        source, system = channel.data_source.s3_data_source, channel.data_source.file_system_data_source
        if system is not None:
            folder = self._places.file_system(system.file_system_id, system.directory_path)
            if folder is None or not folder.is_dir():
                raise ValueError(f"the folder of file system {system.file_system_id} is not there")
            target.symlink_to(folder.absolute(), target_is_directory=True)
        elif source is None:
            raise ValueError(f"channel {channel.channel_name} has no data that can be read here")
        elif mode == "Pipe":
            seed = None if channel.shuffle_config is None else channel.shuffle_config.seed
            return [Feeder(data, channel.channel_name, lambda order: self._pieces(channel, source, order), seed)]
        elif mode == "FastFile":
            target.symlink_to(self._places.path(source.s3_uri).absolute(), target_is_directory=True)
        else:
            if source.s3_data_type == "ManifestFile":
                # as the container has it beside the channel's folder
                _copy_file(self._places.path(source.s3_uri), within(data, f"{channel.channel_name}-manifest"))
            _link_files(self._copy(f"{index}-{channel.channel_name}", source), target)
        return []

    def _copy(self, name: str, source: S3DataSource) -> Path:
        """Copy the files of a channel, read-only, unless that is done."""
        copy = self._folder / name
        with self._lock:
            if copy.is_dir():
                return copy
            making = self._folder / f"making-{uuid.uuid4().hex}"
            making.mkdir(mode=0o700, parents=True)
            for file, path in files_of(source, self._places):
                to = within(making, file)
                to.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                # a manifest may name a file twice
                to.unlink(missing_ok=True)
                _copy_file(path, to)
                to.chmod(0o400)
            making.rename(copy)
        return copy

    def _pieces(self, channel: Channel, source: S3DataSource, order: random.Random | None) -> Iterator[bytes]:
        """Give the content of one pass."""
        wrapped, gzipped = channel.record_wrapper_type == "RecordIO", channel.compression_type == "Gzip"
        if source.s3_data_type == "AugmentedManifestFile":
            for line in _mixed(_lines(source, self._places), order):
                yield from (recordio(part) if wrapped else part for part in line)
            return
        for _, path in _mixed(files_of(source, self._places), order):
            yield from opened(path, gzipped=gzipped, wrapped=wrapped)

    def forget(self) -> None:
        """Remove the copies; what cannot be removed goes when the root is opened again."""
        with suppress(OSError):
            remove_tree(self._folder)


def _copy_file(source: Path, target: Path) -> None:
    with open_regular(source, follow_links=True) as file, target.open("xb") as copy:
        shutil.copyfileobj(file, copy, _PIECE)


def _link_files(folder: Path, target: Path) -> None:
    """Create a folder with hard links to the files of another."""
    target.mkdir()
    for name, kind in walk(folder):
        if kind == "folder":
            (target / name).mkdir()
        else:
            (target / name).hardlink_to(folder / name)


def _mixed(items: Iterable[ItemT], order: random.Random | None) -> Iterable[ItemT]:
    if order is None:
        return items
    found = list(items)
    order.shuffle(found)
    return found
