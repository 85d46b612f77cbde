"""The lock of a root, which one service at a time holds."""

from __future__ import annotations

import os
import re
import secrets
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["RootLock"]

_FILE = "lock"

# Identifies this process: processes in different containers may have the same ID.
_TOKEN = secrets.token_hex(8)


class RootLock:
    """The lock of a root. The system releases it when the process ends.

    The folder is locked together with the file `lock`, so that a second service is refused even if the file was
    deleted.

    Args:
        root: the folder.

    Attributes:
        path: the file `lock`.

    Raises:
        RuntimeError: another service holds the lock.
    """

    def __init__(self, root: Path) -> None:
        self.path = root / _FILE
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
        """Return the part of a message with the process that holds the lock, if it is known, and what to do."""
        try:
            holder = re.fullmatch(r"([0-9]{1,10}) ([0-9a-z]+)", self.path.read_bytes()[:100].decode(errors="replace"))
        except OSError:
            holder = None
        if holder is None:
            return "; close that first"
        if holder.groups() == (f"{os.getpid()}", _TOKEN):
            return " of this process; close that first with service.close()"
        return f", in process {holder[1]}; close that first"

    def _lock(self, descriptor: int, *, is_required: bool) -> None:
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
