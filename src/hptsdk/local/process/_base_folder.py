"""The base folder of a training job, which stands for `/opt/ml`, without the files of earlier attempts."""

from __future__ import annotations

import logging
from contextlib import suppress
from typing import TYPE_CHECKING

from hptsdk.local._files import kind_of, remove_tree

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["empty_base_folder", "remove_base_folders"]

_logger = logging.getLogger("hptsdk.local")

_NAME, _CHECKPOINTS = "ml", "checkpoints"


def empty_base_folder(folder: Path, *, keep_checkpoints: bool) -> Path:
    """Return an empty base folder of a training job: the existing one, or another if that cannot be emptied.

    Args:
        folder: the folder of the training job; it is created if it is missing.
        keep_checkpoints: whether to keep the checkpoints of an earlier attempt.
    """
    # created one by one, since the mode does not apply to parents
    folder.mkdir(mode=0o700, exist_ok=True)
    folder.chmod(0o700)
    earlier = _base_folders(folder)
    base = earlier[-1] if earlier else folder / _NAME
    try:
        _empty(base, keep_checkpoints=keep_checkpoints)
    except OSError as error:
        _logger.warning("%s cannot be emptied, so the training job gets another folder: %s", base, error)
        other = folder / f"{_NAME}.{len(earlier) + 1}"
        other.mkdir(mode=0o700)
        if keep_checkpoints:
            with suppress(OSError):
                (base / _CHECKPOINTS).rename(other / _CHECKPOINTS)
        return other
    return base


def _base_folders(folder: Path) -> list[Path]:
    """Return the base folders of all attempts in their order."""
    return sorted(folder.glob(f"{_NAME}*"), key=lambda path: int(path.suffix.removeprefix(".") or 1))


def _empty(base: Path, *, keep_checkpoints: bool) -> None:
    if kind_of(base) != "folder":
        remove_tree(base)
        base.mkdir(mode=0o700)
        return
    base.chmod(0o700)
    for entry in list(base.iterdir()):
        if keep_checkpoints and entry.name == _CHECKPOINTS and kind_of(entry) == "folder":
            entry.chmod(0o700)
        else:
            remove_tree(entry)


def remove_base_folders(folder: Path) -> None:
    """Remove the base folders of a training job that has ended; files that cannot be removed stay."""
    for base in _base_folders(folder):
        with suppress(OSError):
            remove_tree(base)
