"""The folders of S3 buckets and file systems, and the sources of channels in them.

No path or link may point outside these folders.
"""

from __future__ import annotations

import errno
import json
import logging
import os
from pathlib import Path
from typing import TYPE_CHECKING

from hptsdk._validation import is_dict, is_list
from hptsdk.local._files import open_regular, walk
from hptsdk.transport import bad_request

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hptsdk.shapes import Channel, HyperParameterTrainingJobDefinition, S3DataSource

_logger = logging.getLogger("hptsdk.local")

# The names of folders that are not buckets.
_NOT_BUCKETS = ("", ".", "..")

# The longest file name of Linux and macOS, in bytes.
_MAX_NAME = 255

# The bytes that are reserved for its own name and those of its files, which a training job adds to an address.
_RESERVE = 256


class UnsafePathError(Exception):
    """An address or a link points outside its folder, or cannot be a path on this machine."""


class Storage:
    """The folders of buckets and file systems, by name and ID; `buckets/NAME` in the root for other buckets."""

    def __init__(self, root: Path, buckets: Mapping[str, Path], file_systems: Mapping[str, Path]) -> None:
        self._default = root / "buckets"
        self._buckets = dict(buckets)
        self._file_systems = dict(file_systems)

    def path(self, uri: str) -> Path:
        """Return the path of an S3 address such as `s3://bucket/key`; the path may not exist.

        Raises:
            UnsafePathError: it is no such address, or its path is invalid or outside the folder of the bucket.
        """
        folder, key = self._folder_and_key(uri)
        return within(folder, key)

    def _folder_and_key(self, uri: str) -> tuple[Path, str]:
        scheme, _, rest = uri.partition("://")
        bucket, _, key = rest.partition("/")
        if scheme != "s3" or bucket in _NOT_BUCKETS:
            raise UnsafePathError(f"expected an address of the form s3://BUCKET/KEY, got {uri}")
        return self.bucket(bucket), key

    def bucket(self, name: str) -> Path:
        """Return the folder of a bucket, which may not exist.

        Raises:
            UnsafePathError: the name cannot be that of a folder.
        """
        if name in _NOT_BUCKETS:
            raise UnsafePathError(f"{name!r} is not the name of a bucket")
        return self._buckets.get(name) or self._default.joinpath(*_segments(self._default, name))

    def buckets(self) -> dict[str, Path]:
        """Return the folders of all existing buckets, sorted by bucket name."""
        own = {path.name: path for path in self._default.iterdir()} | self._buckets
        return {name: own[name] for name in sorted(own) if own[name].is_dir()}

    def has_own_folder(self, bucket: str) -> bool:
        """Check whether the folder of a bucket was passed, so that it may be outside the root."""
        return bucket in self._buckets

    def file_system(self, file_system_id: str, directory: str) -> Path | None:
        """Return the path of a directory of a file system.

        Returns:
            The path; None if the file system has no folder.

        Raises:
            UnsafePathError: it is outside the folder of the file system.
        """
        folder = self._file_systems.get(file_system_id)
        return None if folder is None else within(folder, directory)

    def objects(self, uri: str) -> Iterator[tuple[str, Path]]:
        """Return the files under an S3 prefix, with their names relative to its folder.

        If the prefix is a folder, these are the files below it. If not, they are the files whose paths begin with it.

        Raises:
            OSError: a folder cannot be read.
            UnsafePathError: the address is invalid, or a link points to a folder or out of the bucket.
            ValueError: folders are nested too deeply.
        """
        path, (folder, _) = self.path(uri), self._folder_and_key(uri)
        if path.is_dir():
            yield from _files_below(path, folder)
        elif not uri.endswith("/") and path.parent.is_dir():
            yield from _files_below(path.parent, folder, path.name)


def within(folder: Path, name: str) -> Path:
    """Join a folder and a name from a request or a program.

    Raises:
        UnsafePathError: it is outside the folder because of a link, has a part such as `..`, or cannot be a path.
    """
    path = folder.joinpath(*_segments(folder, name))
    if not is_inside(path, folder):
        raise UnsafePathError(f"a link leads from {name} out of {folder}")
    return path


def _segments(folder: Path, name: str) -> list[str]:
    """Return the parts of a name between slashes, after a check that they can be the names of files and folders."""
    parts = [part for part in name.split("/") if part]
    if any(part in (".", "..") or "\0" in part or os.sep in part for part in parts):
        raise UnsafePathError(f"{name} has a part that cannot be the name of a file or folder")
    try:
        sizes = [len(os.fsencode(part)) for part in parts]
    except UnicodeEncodeError as error:
        raise UnsafePathError(f"{name!r} cannot be a path on this machine: {error.reason}") from None
    for part, size in zip(parts, sizes, strict=True):
        if size > _MAX_NAME:
            raise UnsafePathError(
                f"{part[:80]}… has {size} bytes, and the name of a file or folder has at most {_MAX_NAME}; "
                f"use a shorter name"
            )
    size, longest = len(os.fsencode(folder)) + sum(sizes) + len(sizes), os.pathconf("/", "PC_PATH_MAX") - _RESERVE
    if size > longest:
        raise UnsafePathError(
            f"{name[:80]}… is a path of {size} bytes on this machine, and a path has at most {longest}; "
            f"use a shorter one"
        )
    return parts


def is_inside(path: Path, folder: Path) -> bool:
    """Check whether a path is inside a folder, or is the folder itself, after all links in both are resolved."""
    # unlike `Path.resolve`, `realpath` accepts links that point to each other
    return Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder))


def _files_below(folder: Path, bucket: Path, prefix: str = "") -> Iterator[tuple[str, Path]]:
    """Return the files below a folder, with their names in it; broken links and special files are skipped.

    Args:
        folder: the folder.
        bucket: the folder of the bucket, outside which links may not point.
        prefix: the prefix of the names. Defaults to no prefix.
    """
    for name, kind in walk(Path(os.path.realpath(folder)), prefix=prefix):
        path = folder / name
        if kind == "file":
            yield name, path
        elif kind == "link":
            if _is_broken(path):
                _logger.warning("%s is a broken link and is skipped", path)
            elif path.is_dir():
                raise UnsafePathError(f"{path} is a link to a folder; replace it with the folder")
            elif not is_inside(path, bucket):
                raise UnsafePathError(f"{path} is a link to a file outside {bucket}; replace it with a copy")
            elif path.is_file():
                yield name, path


def _is_broken(link: Path) -> bool:
    """Check whether a link points to a missing file, to itself, or to a name that is too long for a file."""
    try:
        link.stat()
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENAMETOOLONG):
            return True
        raise
    return False


def mode_of(channel: Channel, definition: HyperParameterTrainingJobDefinition) -> str:
    """Return the InputMode of a channel; if it is not set, the TrainingInputMode of its definition."""
    return channel.input_mode or definition.algorithm_specification.training_input_mode


def check_channels(definition: HyperParameterTrainingJobDefinition, storage: Storage) -> None:
    """Check that the local service supports every channel of a definition.

    Raises:
        Refusal: it does not, or finds no data.
    """
    for channel in definition.input_data_config or ():
        try:
            _check(channel, mode_of(channel, definition), storage)
        except (UnsafePathError, ValueError, OSError) as error:
            raise bad_request(f"The data of channel {channel.channel_name} cannot be read: {error}") from error


def _check(channel: Channel, mode: str, storage: Storage) -> None:
    name, source = channel.channel_name, channel.data_source.s3_data_source
    if name in (".", ".."):
        raise bad_request(f"{name} cannot be the name of a channel, because it cannot be the name of a folder.")
    if channel.data_source.dataset_source is not None:
        raise bad_request(f"Channel {name}: DatasetSource is not supported by the local service; use S3DataSource.")
    if (system := channel.data_source.file_system_data_source) is not None:
        system_id = system.file_system_id
        if storage.file_system(system_id, system.directory_path) is None:
            raise bad_request(
                f"Channel {name}: file system {system_id} has no folder in the local service; open it again with "
                f"file_systems={{{system_id!r}: FOLDER}}, in a shell with --file-system {system_id}=FOLDER."
            )
    elif source is not None:
        _check_source(name, source, mode, storage)


def _check_source(name: str, source: S3DataSource, mode: str, storage: Storage) -> None:
    if source.s3_data_type == "Converse" or source.hub_access_config is not None:
        unsupported = "HubAccessConfig" if source.hub_access_config is not None else "S3DataType Converse"
        raise bad_request(f"Channel {name}: {unsupported} is not supported by the local service; use other data.")
    if mode == "FastFile" and source.s3_data_type == "S3Prefix" and storage.path(source.s3_uri).is_dir():
        return
    if source.s3_data_type == "AugmentedManifestFile":
        next(augmented_lines(source, storage), None)
    elif next(files_of(source, storage), None) is None:
        raise bad_request(
            f'No S3 objects found under S3 URL "{source.s3_uri}" given in input data source. Please ensure that '
            f"objects exist under that S3 prefix; the local service reads it from {storage.path(source.s3_uri)}."
        )
    if mode == "FastFile":
        raise bad_request(
            f"Channel {name}: FastFile requires the S3Prefix of a folder, got {source.s3_data_type} {source.s3_uri}; "
            "use File mode."
        )


def files_of(source: S3DataSource, storage: Storage) -> Iterator[tuple[str, Path]]:
    """Return the files of a source that is not an augmented manifest, with their names in the channel.

    Raises:
        OSError: a file cannot be read.
        UnsafePathError: a path is outside the folder of its bucket.
        ValueError: the manifest is invalid, or folders are nested too deeply.
    """
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


def augmented_lines(source: S3DataSource, storage: Storage) -> Iterator[list[bytes]]:
    """Return the attributes of each line of an augmented manifest: for NAME-ref, the content of the object.

    Raises:
        OSError: a file cannot be read.
        UnsafePathError: a path is outside the folder of its bucket.
        ValueError: a line is invalid.
    """
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
