"""`script`, which creates the program of an image that runs scripts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from hptsdk._validation import suggests_arguments
from hptsdk.local._programs import Program, ScriptSource

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

    from hptsdk.local._programs import IsolationMode

__all__ = ["script"]


@suggests_arguments
def script(  # noqa: PLR0913 - the independent options of a program
    entry_point: str | os.PathLike[str] | None = None,
    *,
    source_dir: str | os.PathLike[str] | None = None,
    requirements: str | os.PathLike[str] | None = None,
    environment: Mapping[str, str] | None = None,
    isolation: IsolationMode = "auto",
    confine: bool = False,
) -> Program:
    """Create a program that runs a script as the script mode of SageMaker's images does.

    If a request names its source code, as those of the SageMaker Python SDK do, that code runs: the archive in the
    hyperparameter `sagemaker_submit_directory` is unpacked, and the script in `sagemaker_program` is started. Otherwise
    the script of this program runs, with a copy of its folder. The working directory is the folder of the code,
    `/opt/ml/code`. The packages in `requirements.txt` are installed once for each content, into a folder of the root
    that only these programs have on the path of Python. A script that does not end in `.py` is started by itself.

    Args:
        entry_point: the script, a path below `source_dir` if that is set. Defaults to none: each request names its own.
        source_dir: the folder of the script. Defaults to none: only the script itself is copied.
        requirements: a file with the packages to install, a path below `source_dir` if there is one. Defaults to the
            file `requirements.txt` of the source code, if there is one.
        environment: environment variables for the script; those of the request take precedence. Defaults to none.
        isolation: as for `Program`. Defaults to "auto".
        confine: as for `Program`. Defaults to False.

    Raises:
        FileNotFoundError: the script, its folder or the file of the packages does not exist.
        ValueError: the script is not below its folder, or an argument of `Program` is invalid.

    Example:
        >>> script().command[1:]
        ()

    See https://docs.aws.amazon.com/sagemaker/latest/dg/docker-containers-adapt-your-own.html
    """
    folder = None if source_dir is None else Path(source_dir).absolute()
    if folder is not None and not folder.is_dir():
        raise FileNotFoundError(f"source_dir: expected a folder, got {folder}")
    command, name = ["python"], None
    if entry_point is not None:
        file = _file("entry_point", entry_point, folder)
        if folder is not None and not file.is_relative_to(folder):
            raise ValueError(f"entry_point: expected a file in {folder}, got {file}")
        name = str(file if folder is None else file.relative_to(folder))
        command = ["python" if file.suffix == ".py" else "/bin/sh", str(file)]
    packages = None if requirements is None else str(_file("requirements", requirements, folder))
    source = ScriptSource(name, None if folder is None else str(folder), packages)
    return Program(command=command, environment=environment or {}, isolation=isolation, confine=confine, source=source)


def _file(option: str, name: str | os.PathLike[str], folder: Path | None) -> Path:
    """Return the absolute path of a file, below a folder if it is there."""
    places = [Path(name).absolute()] if folder is None else [folder / name, Path(name).absolute()]
    for path in places:
        if path.is_file():
            return path
    raise FileNotFoundError(f"{option}: expected a file, got {places[0]}")
