"""Lists of the objects of a bucket, in the order of their keys, with prefixes, delimiters and pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from hptsdk.local._files import entries_below
from hptsdk.local.process import is_inside
from hptsdk.transport import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hptsdk.local._files import Entry
    from hptsdk.local.s3._objects import Object, Objects

__all__ = ["Page", "list_objects"]

_SLASH = "/"


class Page(NamedTuple):
    """A page of a list.

    Attributes:
        objects: the objects.
        prefixes: the common prefixes.
        last: the last key or common prefix, if there are more.
    """

    objects: list[Object]
    prefixes: list[str]
    last: str | None


def list_objects(  # noqa: PLR0913 - the independent members of the operation
    objects: Objects, bucket: str, *, prefix: str, delimiter: str, after: str, limit: int
) -> Page:
    """Return a page of the objects of a bucket.

    Args:
        objects: the objects of all buckets.
        bucket: the name of the bucket.
        prefix: the prefix of the keys.
        delimiter: keys that have it after the prefix are grouped by the part up to it; empty for no groups.
        after: the key or common prefix after which the page begins; empty for the first page.
        limit: the largest number of objects and common prefixes.

    Raises:
        Refusal: the bucket does not exist.
    """
    page, folder = Page([], [], None), objects.folder(bucket)
    last = ""
    for key in _Keys(objects, bucket, prefix, delimiter, after):
        if len(page.objects) + len(page.prefixes) == limit:
            return page._replace(last=last)
        group = _group(key, prefix, delimiter)
        if group is None:
            try:
                page.objects.append(objects.listed(bucket, folder, key))
            except Refusal:
                # it was deleted, or cannot be read
                continue
        elif group not in {last, after}:
            page.prefixes.append(group)
        else:
            continue
        last = group or key
    return page


def _group(key: str, prefix: str, delimiter: str) -> str | None:
    """Return the common prefix to which a key belongs; None if it belongs to none."""
    if not delimiter:
        return None
    before, found, _ = key[len(prefix) :].partition(delimiter)
    return f"{prefix}{before}{found}" if found else None


class _Keys:
    """The keys of a bucket, in the order of S3. With the delimiter "/", a folder has one key only, which may be any.

    Args:
        objects: the objects of all buckets.
        bucket: the name of the bucket.
        prefix: the prefix of the keys.
        delimiter: the delimiter of groups.
        after: the key or common prefix after which the keys begin.
    """

    def __init__(self, objects: Objects, bucket: str, prefix: str, delimiter: str, after: str) -> None:
        self._objects = objects
        self._bucket = bucket
        self._prefix = prefix
        self._is_grouped = delimiter == _SLASH
        self._after = after
        self._folder = objects.folder(bucket)

    def __iter__(self) -> Iterator[str]:
        """Return the keys."""
        base = self._prefix.rpartition(_SLASH)[0]
        parts = base.split(_SLASH) if base else []
        if not {"", ".", ".."}.isdisjoint(parts) or "\0" in base:
            return
        yield from self._below(f"{base}/" if base else "")

    def _below(self, parent: str) -> Iterator[str]:
        """Return the keys below a folder, and the marker of the folder.

        Args:
            parent: the path of the folder with a slash at the end; empty for the folder of the bucket.
        """
        if parent and self._is_wanted(parent) and self._objects.has_marker(self._bucket, parent):
            yield parent
        for key, entry in self._entries(parent):
            if entry.kind != "folder":
                if self._is_wanted(key) and self._is_object(entry):
                    yield key
            elif self._may_have_keys(key):
                keys = self._below(key)
                if self._is_grouped and key.startswith(self._prefix):
                    yield from (first for first in [next(keys, None)] if first is not None)
                else:
                    yield from keys

    def _entries(self, parent: str) -> list[tuple[str, Entry]]:
        """Return the entries of a folder with their keys, sorted as the keys below them; none if it cannot be read."""
        try:
            entries = entries_below(self._folder, parent)
        except OSError:
            return []
        keys = [(f"{entry.name}/" if entry.kind == "folder" else entry.name, entry) for entry in entries]
        return sorted((key, entry) for key, entry in keys if _is_utf8(key))

    def _is_wanted(self, key: str) -> bool:
        """Check whether a key has the prefix and is not on an earlier page."""
        return key.startswith(self._prefix) and key > self._after

    def _may_have_keys(self, folder: str) -> bool:
        """Check whether keys below a folder can have the prefix and not be on an earlier page."""
        is_listed = folder <= self._after and (not self._after.startswith(folder) or self._is_group(folder))
        return not is_listed and (folder.startswith(self._prefix) or self._prefix.startswith(folder))

    def _is_group(self, folder: str) -> bool:
        """Check whether a folder is the common prefix with which the earlier page ended."""
        return self._is_grouped and folder == self._after and folder != self._prefix

    def _is_object(self, entry: Entry) -> bool:
        """Check whether an entry is an object: a file, or a link to a file in the bucket."""
        path = self._folder / entry.name
        return entry.kind == "file" or (entry.kind == "link" and is_inside(path, self._folder) and path.is_file())


def _is_utf8(name: str) -> bool:
    """Check whether the name of a file can be a key."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True
