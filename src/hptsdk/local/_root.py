"""The root of a service: its lock, which one service at a time holds, its keys, and its mark.

The mark is a random string in the environment of the programs of a root, by which they are recognized after a crash. A
root that was copied or moved gets another mark, so that a copy does not end the programs of its original.
"""

from __future__ import annotations

import json
import os
import re
import secrets
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import attrs
import cattrs

from hptsdk.local._files import write_private
from hptsdk.local.process import end_processes
from hptsdk.transport import read_keys

if TYPE_CHECKING:
    from typing import Self

__all__ = ["RootLock", "claim_keys", "claim_mark"]

_LOCK, _MARK = "lock", "mark.json"

# Identifies this process: processes in different containers may have the same ID.
_TOKEN = secrets.token_hex(8)


class RootLock:
    """The lock of a root. The system releases it when the process ends.

    The folder is locked together with the file `lock`, so that a second service cannot open it even if the file was
    deleted.

    Raises:
        RuntimeError: another service holds the lock.
    """

    def __init__(self, root: Path) -> None:
        self.path = root / _LOCK
        self._descriptors: list[int] = []
        try:
            self._lock(os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC), is_required=False)
            self._lock(os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600), is_required=True)
        except BlockingIOError:
            self.release()
            raise RuntimeError(f"{root} is open in another LocalService{self._holder()}, or use another root") from None
        except OSError:
            self.release()
            raise
        status = os.fstat(self._descriptors[-1])
        os.ftruncate(self._descriptors[-1], 0)
        os.pwrite(self._descriptors[-1], f"{os.getpid()} {_TOKEN}".encode(), 0)
        self._identity = status.st_dev, status.st_ino

    def _holder(self) -> str:
        """Return the end of a message: the process that holds the lock, if it is known, and an instruction."""
        try:
            holder = re.fullmatch(r"([0-9]{1,10}) ([0-9a-z]+)", self.path.read_bytes()[:100].decode(errors="replace"))
        except OSError:
            holder = None
        if holder is None:
            return "; close it first"
        if holder.groups() == (f"{os.getpid()}", _TOKEN):
            return " of this process; close it first with service.close()"
        return f", in process {holder[1]}; close it first"

    def _lock(self, descriptor: int, *, is_required: bool) -> None:
        """Lock an open file or folder."""
        import fcntl  # missing on Windows, on which this module can be imported

        self._descriptors.append(descriptor)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise
        except OSError:
            # network file systems cannot lock a folder
            if is_required:
                raise

    @property
    def is_held(self) -> bool:
        """Whether the locked file is still the lock of the root: neither deleted nor replaced, nor the root moved."""
        try:
            status = self.path.lstat()
        except (FileNotFoundError, NotADirectoryError):
            return False
        return (status.st_dev, status.st_ino) == self._identity

    def release(self) -> None:
        """Release the lock."""
        while self._descriptors:
            with suppress(OSError):
                os.close(self._descriptors.pop())


def claim_keys(root: Path) -> tuple[str, str]:
    """Return the keys of callers, which the root stores; they are created if they are missing.

    Raises:
        ValueError: the file of the keys is damaged.
    """
    path = root / "credentials"
    try:
        return read_keys(path)
    except FileNotFoundError:
        key, secret = f"AKIA{secrets.token_hex(8).upper()}", secrets.token_urlsafe(30)
        write_private(path, f"[default]\naws_access_key_id = {key}\naws_secret_access_key = {secret}\n\n")
        return key, secret


@attrs.frozen
class _Place:
    """The location of a folder: its path without links, the device of its file system, and its inode."""

    path: str
    device: int
    inode: int

    @classmethod
    def of(cls, folder: Path) -> Self:
        status = folder.stat()
        return cls(str(folder.resolve()), status.st_dev, status.st_ino)


@attrs.frozen
class _Mark:
    """A mark, and the location of its root."""

    mark: str
    place: _Place


def claim_mark(root: Path) -> str:
    """Return the mark of a root whose lock is held. If the root was copied or moved, create another mark.

    Programs with the former mark are ended, unless the root is a copy: then they belong to the original.

    Raises:
        TimeoutError: a program does not end.
        ValueError: the file of the mark cannot be read.
    """
    place, recorded = _Place.of(root), _read(root / _MARK)
    if recorded is not None and recorded.place == place:
        return recorded.mark
    if recorded is not None and not _is_copy(recorded.place, place):
        end_processes(f"{recorded.mark}.")
    created = _Mark(secrets.token_hex(8), place)
    write_private(root / _MARK, json.dumps(attrs.asdict(created)))
    return created.mark


def _read(file: Path) -> _Mark | None:
    """Return the stored mark; None if there is none."""
    try:
        return cattrs.structure(json.loads(file.read_text(encoding="utf-8")), _Mark)
    except FileNotFoundError:
        return None
    except (ValueError, TypeError, LookupError, cattrs.BaseValidationError) as error:
        raise ValueError(
            f"{file}: expected the mark of this root, got other content; end the programs that this root has started, "
            "and remove the file"
        ) from error


def _is_copy(recorded: _Place, place: _Place) -> bool:
    """Check whether the folder for which the mark was created still exists, and is not this root."""
    if (recorded.device, recorded.inode) == (place.device, place.inode):
        return False
    try:
        return _Place.of(Path(recorded.path)) == recorded
    except OSError:
        return False
