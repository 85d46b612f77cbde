"""Checks of the arguments that a local service is opened with."""

from __future__ import annotations

import inspect
import os
import re
from collections.abc import Mapping
from functools import wraps
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from hptsdk._validation import closest, shown
from hptsdk.transport import ROOT_FILES

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["check_mapping", "check_root", "check_sampler", "folders", "hinting_arguments"]

ClassT = TypeVar("ClassT")

_BUCKET = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def hinting_arguments(cls: type[ClassT]) -> type[ClassT]:
    """Make the constructor of a class name the keyword argument that a wrong one was likely meant to be."""
    made: Callable[..., None] = cls.__init__
    names = [name for name in inspect.signature(made).parameters if name != "self"]

    @wraps(made)
    def constructor(self: ClassT, *positional: Any, **given: Any) -> None:  # noqa: ANN401 - those of the constructor
        for name in given:
            if name not in names:
                hint = closest(name, names)
                said = f"{cls.__name__}() got an unexpected keyword argument {name!r}{'; ' if hint else ''}{hint}"
                raise TypeError(said)
        made(self, *positional, **given)

    cls.__init__ = constructor  # type: ignore[assignment] # the same parameters, which `wraps` keeps
    return cls


def check_mapping(option: str, value: object, example: str) -> None:
    """Check that an argument is a mapping.

    Raises:
        TypeError: it is not.
    """
    if not isinstance(value, Mapping):
        raise TypeError(f"{option}: expected a mapping, such as {example}, got {shown(value)}")


def check_root(root: Path) -> None:
    """Check that a folder is a root, or can become one: it does not exist, or holds at most the folder `buckets`.

    Raises:
        NotADirectoryError: it is a file.
        ValueError: it has other files.
    """
    try:
        # data may be put into `buckets` before the root is opened for the first time
        names = set(os.listdir(root)) - {"buckets"}  # noqa: PTH208 - only names
    except FileNotFoundError:
        return
    except NotADirectoryError:
        if root.exists():
            raise NotADirectoryError(f"root: expected a folder, got the file {root}") from None
        raise
    if names and ROOT_FILES.isdisjoint(names):
        raise ValueError(
            f"{root} has other files, such as {min(names)}, and is no root of a local service; name an empty or new "
            "folder"
        )


def check_sampler(sampler: str) -> None:
    """Check the sampler of Bayesian searches.

    Raises:
        ValueError: there is no such sampler.
        ImportError: what it needs is not installed.
    """
    if sampler not in ("tpe", "gp"):
        raise ValueError(f'sampler: expected "tpe" or "gp", got {sampler!r}')
    if sampler == "gp" and find_spec("torch") is None:
        raise ImportError('the sampler "gp" needs torch; install hptsdk[gp], or use "tpe"')


def folders(option: str, given: Mapping[str, str | os.PathLike[str]] | None) -> dict[str, Path]:
    """Return the absolute folders of buckets or of file systems.

    Raises:
        TypeError: they are no mapping.
        ValueError: a bucket has a name that no bucket has.
        NotADirectoryError: a folder does not exist.
    """
    if given is None:
        return {}
    example = "{'amzn-s3-demo-bucket': 'data'}" if option == "buckets" else "{'fs-12345678': 'data'}"
    check_mapping(option, given, example)
    found = {name: Path(folder).absolute() for name, folder in given.items()}
    for name, folder in found.items():
        if option == "buckets" and not _BUCKET.fullmatch(name):
            address = re.match(r"s3://([A-Za-z0-9._-]+)", name)
            hint = f"; write {address[1]!r}" if address else ""
            expected = "expected the name of a bucket, such as 'amzn-s3-demo-bucket'"
            raise ValueError(f"{option}: {expected}, got {shown(name)}{hint}")
        if not folder.is_dir():
            what = option.removesuffix("s").replace("_", " ")
            raise NotADirectoryError(f"the {what} {name} is to be {folder}, which is no folder")
    return found
