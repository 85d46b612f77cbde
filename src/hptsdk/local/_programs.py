"""What runs instead of a training image or an algorithm: a program, a script, or a container of an image."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

import attrs

from hptsdk._validation import format_value, is_sequence
from hptsdk._validation.call_arguments import suggests_arguments

if TYPE_CHECKING:
    from collections.abc import Callable

Arguments = Literal["script", "train", "none"]
IsolationMode = Literal["auto", "namespace", "none"]
Engine = Literal["auto", "docker", "podman"]
Pull = Literal["missing", "never"]
Gpus = Literal["auto", "all"]

IMAGE = re.compile(r"[A-Za-z0-9_][^\s]*")
"""The name of an image or a user: without white space, and not an option of a command."""


def _one_of(*values: str | None) -> Callable[[object, attrs.Attribute[Any], object], None]:
    """Return a validator for an attribute that has one of some values."""
    names = ["None" if value is None else f'"{value}"' for value in values]

    def check(_: object, attribute: attrs.Attribute[Any], value: object) -> None:
        if value not in values:
            raise ValueError(
                f"{attribute.name}: expected {', '.join(names[:-1])} or {names[-1]}, got {format_value(value)}"
            )

    return check


def _copied_environment(value: Mapping[str, str]) -> dict[str, str]:
    """Return a copy of environment variables, whose values no error shows."""
    try:
        return {str(name): str(text) for name, text in value.items()}
    except AttributeError:
        raise TypeError("environment: expected names with values, such as {'LEVEL': 'debug'}") from None


def _check_flag(_: object, attribute: attrs.Attribute[Any], value: object) -> None:
    if not isinstance(value, bool):
        raise TypeError(f"{attribute.name}: expected True or False, got {format_value(value)}")


def _check_text(_: object, attribute: attrs.Attribute[Any], value: object) -> None:
    if not isinstance(value, str | None):
        raise TypeError(f"{attribute.name}: expected a string, got {format_value(value)}")


def _check_name(container: object, attribute: attrs.Attribute[Any], value: object) -> None:
    _check_text(container, attribute, value)
    if isinstance(value, str) and not IMAGE.fullmatch(value):
        expected = "expected a name without spaces that begins with a letter, a digit or _"
        raise ValueError(f"{attribute.name}: {expected}, got {format_value(value)}")


def _strings(value: object) -> tuple[str, ...]:
    if not is_sequence(value):
        raise TypeError(f"arguments: expected a list of strings, got {format_value(value)}")
    return tuple(map(str, value))


def _command(value: Sequence[str]) -> tuple[str, ...]:
    """Return a command with the Python of the service for "python", and with absolute paths of files."""
    _check_command(value)
    head, *arguments = map(str, value)
    # in an environment that is not activated, "python" is not on the PATH
    program = sys.executable if head in ("python", "python3", sys.executable) else _absolute(head)
    return (program, *map(_absolute, arguments))


def _check_command(value: object) -> None:
    if isinstance(value, str) or not isinstance(value, Sequence) or not value:
        raise TypeError(f"a program is a list of arguments, as in ['python', 'train.py'], not {value!r}")
    if ... in value:
        raise TypeError("replace ... with the program and its arguments, as in ['python', 'train.py']")


def _absolute(part: str) -> str:
    path = Path(part)
    return str(path.absolute()) if ("/" in part or path.suffix) and is_file(path) else part


def is_file(path: Path) -> bool:
    """Check whether a path is a file; False for text that cannot be a path."""
    with suppress(OSError, ValueError):
        return path.is_file()
    return False


@attrs.frozen
class ScriptSource:
    """The files of `script`, as absolute paths.

    Only `entry_point` is relative to `source_dir`, if that is set.
    """

    entry_point: str | None = None
    source_dir: str | None = None
    requirements: str | None = None


@attrs.frozen
class Program:
    """A program that trains, and how it is started.

    The working directory of a program is an empty folder of its own, `code`, as in a training container. The folder in
    which the service was opened is on the path of Python. Paths of files in the command are relative to the current
    folder when the `Program` is created. The program has the environment variables of the service, except those that
    begin with `AWS_` and, with isolation, TMPDIR, TEMP and TMP.

    With isolation, a program sees the folder of its training job as `/opt/ml`, and has a `/tmp` and processes of its
    own. The folder of the service is hidden. Folders from which the program is loaded stay visible, also below `/tmp`:
    those that the command, `environment`, `sys.path`, PATH, PYTHONPATH, LD_LIBRARY_PATH or VIRTUAL_ENV names, and the
    folders of files that these name. EnableNetworkIsolation leaves only the loopback interface. Isolation needs Linux,
    and either bubblewrap or a kernel that allows namespaces. It does not stop a malicious program that runs as root.

    Attributes:
        command: the program and its arguments, without a shell. "python" is the Python that runs the service.
        arguments: the arguments that are added to the command: for "script", the hyperparameters as `--name value`, as
            in the script mode of SageMaker; for "train", the argument `train`, as for a training container; for "none",
            nothing. Defaults to "script".
        environment: environment variables for the program; those of the request take precedence. Defaults to none.
        isolation: "namespace" for isolation: if it does not work on this machine, all requests are rejected; "auto" for
            isolation if it works: otherwise requests that need it for `/opt/ml` or for the LocalPath of checkpoints are
            rejected; "none" for no isolation. Defaults to "auto".
        confine: whether all folders except `/opt/ml`, `/tmp` and `/dev` are read-only for the program. It requires
            isolation. Defaults to False.
        source: the source code of a script, which `script` sets. Defaults to none.

    Raises:
        TypeError: an argument has another type, or is unknown.
        ValueError: `arguments` or `isolation` has another value, or `confine` is set without isolation.

    Example:
        >>> from hptsdk.local import Program
        >>> Program(["/bin/sh", "-c", "echo loss=0.5"], arguments="none").arguments
        'none'
    """

    command: Sequence[str] = attrs.field(converter=_command)
    arguments: Arguments = attrs.field(default="script", validator=_one_of(*get_args(Arguments)), kw_only=True)
    environment: Mapping[str, str] = attrs.field(factory=dict[str, str], converter=_copied_environment, kw_only=True)
    isolation: IsolationMode = attrs.field(default="auto", validator=_one_of(*get_args(IsolationMode)), kw_only=True)
    confine: bool = attrs.field(default=False, validator=_check_flag, kw_only=True)
    source: ScriptSource | None = attrs.field(default=None, kw_only=True)

    def __attrs_post_init__(self) -> None:
        """Check that a program that is confined is isolated."""
        if self.confine and self.isolation == "none":
            raise ValueError('confine: expected isolation, got isolation="none"; remove one of the two')


Program.__init__ = suggests_arguments(Program.__init__)  # type: ignore[method-assign] # attrs creates the method


@suggests_arguments
def script(
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
    the script of this program runs, with a copy of `source_dir`. The working directory is the folder `code`, with
    this code. pip or uv installs the packages in `requirements.txt`, once for each content, into a folder of the root
    that only these programs have on the path of Python. A script that does not end in ``.py`` is executed itself. If
    there is a `setup.py`, its package is installed, too, and a script in Python runs as a module.

    Args:
        entry_point: the script, a path below `source_dir` if that is set. Defaults to none: each request names its own.
        source_dir: the folder of the script. Defaults to none: only the script itself is copied.
        requirements: a file with the packages to install, a path below `source_dir`, if that is set, or below the
            current folder. Defaults to the file `requirements.txt` of the source code, if there is one.
        environment: as for `Program`. Defaults to none.
        isolation: as for `Program`. Defaults to "auto".
        confine: as for `Program`. Defaults to False.

    Raises:
        FileNotFoundError: the script, its folder or the file of the packages does not exist.
        ValueError: the script is not below its folder, or an argument has another value.
        TypeError: an argument has another type, or is unknown.

    Example:
        >>> from hptsdk.local import LocalService, script
        >>> service = LocalService("runs", images={"my-image:1": script()})
        >>> service.close()

    See https://docs.aws.amazon.com/sagemaker/latest/dg/docker-containers-adapt-your-own.html
    """
    folder = None if source_dir is None else Path(source_dir).absolute()
    if folder is not None and not folder.is_dir():
        raise FileNotFoundError(f"source_dir: expected an existing folder, got {folder}")
    command, name = ["python"], None
    if entry_point is not None:
        file = _file("entry_point", entry_point, folder)
        name = str(file) if folder is None else os.path.relpath(file, folder)
        if name.startswith(f"..{os.sep}"):
            raise ValueError(f"entry_point: expected a file in {folder}, got {file}")
        command = ["python" if file.suffix == ".py" else "/bin/sh", str(file)]
    packages = None if requirements is None else str(_file("requirements", requirements, folder))
    source = ScriptSource(name, None if folder is None else str(folder), packages)
    return Program(command=command, environment=environment or {}, isolation=isolation, confine=confine, source=source)


def _file(option: str, name: str | os.PathLike[str], folder: Path | None) -> Path:
    """Return the absolute path of a file: below the folder, if there is one and the file is in it."""
    places = [Path(name).absolute()] if folder is None else [folder / name, Path(name).absolute()]
    for path in places:
        if path.is_file():
            return path
    raise FileNotFoundError(f"{option}: expected an existing file, got {places[0]}")


@attrs.frozen
class Container:
    """A container that trains: Docker or Podman runs the image of a request, or another image, as SageMaker does.

    The container has the folder of its training job as `/opt/ml`, the argument `train`, the host name `algo-1`, the
    variables that SageMaker sets, and those of the request. It has no variable of the shell in which the service was
    opened. Its user, its working directory and its entry point are those of the image. EnableNetworkIsolation leaves
    only the loopback interface. For an InstanceCount above 1 and for instance groups, one container runs for each
    instance, on a network of their own with the host names `algo-1`, `algo-2` and so on.

    Attributes:
        image: the image to run. Defaults to the TrainingImage of the request.
        engine: "docker" or "podman", the commands of container engines; "auto" for the first that works, Docker before
            Podman. Defaults to "auto".
        pull: "missing" to download an image that is not on this machine; "never" to reject requests for it. Defaults to
            "missing".
        gpus: "all" for all GPUs of this machine, "auto" for all if `nvidia-smi` lists one, None for none. Defaults to
            None.
        environment: environment variables for the container; those of the request take precedence. Defaults to none.
        user: the user in the container, as a name or an ID. Defaults to that of the image.
        limits: whether the container has at most the memory and the processors of the instance type. Requests with an
            instance type whose size is not known are rejected. Defaults to False.
        entrypoint: the program that replaces the entry point of the image. Defaults to None.
        arguments: the arguments of the entry point. ContainerEntrypoint or ContainerArguments of CreateTrainingJob
            replaces them, and the first also `entrypoint`. Defaults to `("train",)`.

    Raises:
        TypeError: an argument has another type, or is unknown.
        ValueError: an argument has another value.

    Example:
        >>> from hptsdk.local import Container
        >>> Container("my-image:1", engine="podman").arguments
        ('train',)

    See https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-training-algo-dockerfile.html
    """

    image: str | None = attrs.field(default=None, validator=_check_name)
    engine: Engine = attrs.field(default="auto", validator=_one_of(*get_args(Engine)), kw_only=True)
    pull: Pull = attrs.field(default="missing", validator=_one_of(*get_args(Pull)), kw_only=True)
    gpus: Gpus | None = attrs.field(default=None, validator=_one_of(*get_args(Gpus), None), kw_only=True)
    environment: Mapping[str, str] = attrs.field(factory=dict[str, str], converter=_copied_environment, kw_only=True)
    user: str | None = attrs.field(default=None, validator=_check_name, kw_only=True)
    limits: bool = attrs.field(default=False, validator=_check_flag, kw_only=True)
    entrypoint: str | None = attrs.field(default=None, validator=_check_text, kw_only=True)
    arguments: Sequence[str] = attrs.field(default=("train",), converter=_strings, kw_only=True)


Container.__init__ = suggests_arguments(Container.__init__)  # type: ignore[method-assign] # attrs creates the method


AnyProgram = Program | Container
"""What can run instead of an image or an algorithm."""

ProgramLike = Program | Container | Sequence[str]
