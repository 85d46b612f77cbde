"""The mark of a root: a random text in the environment of its programs, by which they are found after a crash.

A root that was copied or moved gets another mark, so that a copy does not end the programs of its original.
"""

from __future__ import annotations

import json
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

import attrs
import cattrs

from hptsdk.local._files import write_private
from hptsdk.local.process import end_processes

if TYPE_CHECKING:
    from typing import Self

__all__ = ["claim_mark"]

_FILE = "mark.json"


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


def claim_mark(root: Path, earlier: str) -> str:
    """Return the mark of a root whose lock is held. If the root was copied or moved, create another mark.

    Programs with the former mark are ended, unless the root is a copy: then they belong to the original.

    Args:
        root: the folder.
        earlier: the mark that earlier versions of hptsdk used.

    Raises:
        TimeoutError: a program does not end.
        ValueError: the file of the mark cannot be read.
    """
    place, recorded = _Place.of(root), _read(root / _FILE)
    if recorded is not None and recorded.place == place:
        return recorded.mark
    if recorded is None:
        end_processes(f"{earlier}.")
    elif not _is_copy(recorded.place, place):
        end_processes(f"{recorded.mark}.")
    created = _Mark(secrets.token_hex(8), place)
    write_private(root / _FILE, json.dumps(attrs.asdict(created)))
    return created.mark


def _read(file: Path) -> _Mark | None:
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
