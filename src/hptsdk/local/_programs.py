"""The programs that run instead of training images and algorithms."""

from __future__ import annotations

import logging
import os
import shlex
import shutil
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import attrs

from hptsdk._validation import suggests_arguments
from hptsdk.local._containers import Container, choice, copied_environment
from hptsdk.transport import MissingProgram

if TYPE_CHECKING:
    from hptsdk.shapes import HyperParameterAlgorithmSpecification

__all__ = [
    "AnyProgram",
    "Arguments",
    "IsolationMode",
    "MissingProgramWarning",
    "Program",
    "ProgramLike",
    "Programs",
    "ScriptSource",
    "find_program",
    "with_entrypoint",
]

_logger = logging.getLogger("hptsdk.local")

ProgramT = TypeVar("ProgramT")

Arguments = Literal["script", "train", "none"]
IsolationMode = Literal["auto", "namespace", "none"]

# Arguments with these endings are files, unless they are options or code.
_SCRIPTS = (".py", ".sh")


def _command(value: Sequence[str]) -> tuple[str, ...]:
    """Return a command with the Python of the service for "python", and with absolute paths of files."""
    _check_command(value)
    head, *arguments = map(str, value)
    # the Python that runs the service: in an environment that is not activated, "python" is not on the PATH
    program = sys.executable if head in ("python", "python3", sys.executable) else _absolute(head)
    # the program starts in a folder of its own, so relative paths of files would be wrong
    return (program, *map(_absolute, arguments))


def _check_command(value: object) -> None:
    if isinstance(value, str) or not isinstance(value, Sequence) or not value:
        raise TypeError(f"a program is a list of arguments, as in ['python', 'train.py'], not {value!r}")
    if ... in value:
        raise TypeError("replace ... with the program and its arguments, as in ['python', 'train.py']")


def _absolute(part: str) -> str:
    path = Path(part)
    return str(path.absolute()) if ("/" in part or path.suffix) and _is_file(path) else part


def _is_file(path: Path) -> bool:
    """Check whether a path is a file; False for text that cannot be a path."""
    # a part of a command may be code that is too long for a path
    with suppress(OSError, ValueError):
        return path.is_file()
    return False


@attrs.frozen
class ScriptSource:
    """The source code of a script, if a request does not have its own.

    Attributes:
        entry_point: the script, a path below its folder if that is set; None if there is none.
        source_dir: the folder of the script; None for only the script itself.
        requirements: the file with the packages to install; None for `requirements.txt` of the source code.
    """

    entry_point: str | None = None
    source_dir: str | None = None
    requirements: str | None = None


@attrs.frozen
class Program:
    """A program that trains, and how it is started.

    The working directory of a program is an empty folder of its own, `code`, as in a training container. The folder in
    which the service was opened is on the path of Python. Arguments that name files in it are made absolute.

    With isolation, a program sees the folder of its training job as `/opt/ml`, and has a `/tmp` and processes of its
    own. The folder of the service is hidden. Files below `/tmp` that the command names, and the folders from which
    Python and its modules are loaded, stay visible. EnableNetworkIsolation leaves only the loopback interface.
    Isolation needs Linux, and either bubblewrap or a kernel that allows namespaces. It does not protect against a
    malicious program that runs as root.

    Attributes:
        command: the program and its arguments, without a shell. "python" is the Python that runs the service.
        arguments: the arguments that are added to the command: for "script", the hyperparameters as `--name value`, as
            in the script mode of SageMaker; for "train", the argument `train`, as for a training container; for "none",
            nothing. Defaults to "script".
        environment: environment variables for the program; those of the request take precedence. Defaults to none.
        isolation: "namespace" for isolation; "none" for no isolation; "auto" for isolation if it works on this machine.
            If it does not, requests that need `/opt/ml` are rejected. Defaults to "auto".
        confine: whether all folders except `/opt/ml`, `/tmp` and `/dev` are read-only for the program. It requires
            isolation. Defaults to False.
        source: the source code of a script, which `script` sets. Defaults to none.

    Raises:
        TypeError: the command is not a list of arguments, or an argument is unknown.
        ValueError: `arguments` or `isolation` has another value, or `confine` is set without isolation.

    Example:
        >>> Program(["/bin/sh", "-c", "echo loss=0.5"], arguments="none").arguments
        'none'
    """

    command: Sequence[str] = attrs.field(converter=_command)
    arguments: Arguments = attrs.field(default="script", validator=choice("script", "train", "none"), kw_only=True)
    environment: Mapping[str, str] = attrs.field(factory=dict[str, str], converter=copied_environment, kw_only=True)
    isolation: IsolationMode = attrs.field(default="auto", validator=choice("auto", "namespace", "none"), kw_only=True)
    confine: bool = attrs.field(default=False, kw_only=True)
    source: ScriptSource | None = attrs.field(default=None, kw_only=True)

    def __attrs_post_init__(self) -> None:
        """Check that a program that is confined is isolated."""
        if self.confine and self.isolation == "none":
            raise ValueError('confine: expected isolation, got isolation="none"; remove one of the two')


Program.__init__ = suggests_arguments(Program.__init__)  # type: ignore[method-assign] # attrs creates the method


class MissingProgramWarning(UserWarning):
    """Unfinished tuning jobs wait for programs that the service does not have."""


AnyProgram = Program | Container
"""What can run instead of an image or an algorithm."""

ProgramLike = Program | Container | Sequence[str]


class Programs:
    """The programs of a service.

    Args:
        images: programs by training image, or by a pattern for images.
        algorithms: programs by algorithm name or ARN, or by a pattern for them.

    Attributes:
        images: programs by training image.
        algorithms: programs by algorithm name or ARN.
    """

    def __init__(self, images: Mapping[str, ProgramLike], algorithms: Mapping[str, ProgramLike]) -> None:
        self.images = {name: _program(program) for name, program in images.items()}
        self.algorithms = {name: _program(program) for name, program in algorithms.items()}
        self._omitted: list[AnyProgram] = []

    def check(self, *, omit: bool) -> None:
        """Log a warning for each program that cannot start.

        Args:
            omit: whether `of` omits them, so that tuning jobs that need them wait and do not fail.
        """
        for kind, programs in (("image", self.images), ("algorithm", self.algorithms)):
            for name, program in programs.items():
                if _warn(f"{kind} {name}", program) and omit:
                    self._omitted.append(program)

    def add(self, program: ProgramLike, *, image: str | None = None, algorithm: str | None = None) -> None:
        """Add or replace the program of an image, of an algorithm, or of both.

        Args:
            program: a list of arguments, a `Program`, or a `Container`.
            image: the training image. Defaults to none.
            algorithm: the name or the ARN of the algorithm. Defaults to none.

        Raises:
            TypeError: the program is not a list of arguments.
        """
        for kind, name, programs in (("image", image, self.images), ("algorithm", algorithm, self.algorithms)):
            if name is not None:
                programs[name] = _program(program)
                _warn(f"{kind} {name}", programs[name])

    def add_stored(self, images: Mapping[str, AnyProgram], algorithms: Mapping[str, AnyProgram]) -> None:
        """Add the stored programs of images and algorithms that have none, and log each.

        A program that cannot start is omitted, so that tuning jobs that need it wait and do not fail.

        Args:
            images: programs by training image.
            algorithms: programs by algorithm name or ARN.
        """
        for kind, stored, programs in (("image", images, self.images), ("algorithm", algorithms, self.algorithms)):
            for name, program in stored.items():
                if name in programs:
                    continue
                if problem := _start_problem(program):
                    _logger.warning(
                        "%s %s: the stored program cannot start: %s; restore it, or pass another with --%s %s=COMMAND",
                        *(kind, name, problem, kind, name),
                    )
                    continue
                programs[name] = program
                _logger.info("%s %s: runs the stored program %s", kind, name, _text(program))

    def of(self, algorithm: HyperParameterAlgorithmSpecification) -> AnyProgram | None:
        """Return the program of an algorithm specification; None if there is none."""
        program = find_program(self.images, self.algorithms, algorithm.training_image, algorithm.algorithm_name)
        # not removed, because a pattern would then give the image another program
        return None if any(program is omitted for omitted in self._omitted) else program

    def missing(self, algorithm: HyperParameterAlgorithmSpecification) -> MissingProgram | None:
        """Return the image or the algorithm of a specification if it has no program; None if it has one."""
        if self.of(algorithm) is not None:
            return None
        return MissingProgram(algorithm.training_image, algorithm.algorithm_name, ())


def find_program(
    images: Mapping[str, ProgramT], algorithms: Mapping[str, ProgramT], image: str | None, algorithm: str | None
) -> ProgramT | None:
    """Return the program of an image or of an algorithm; None if there is none.

    Args:
        images: programs by training image.
        algorithms: programs by algorithm name or ARN.
        image: the training image, or None for an algorithm.
        algorithm: the name or the ARN of the algorithm. A program with the name is used for all ARNs with it.
    """
    if image is not None:
        return _match(images, image)
    name = algorithm or ""
    return _match(algorithms, name) or _match(algorithms, name.rpartition("/")[2])


def _match(programs: Mapping[str, ProgramT], name: str) -> ProgramT | None:
    """Return the program of a name, or of the longest pattern that matches it; None if there is none."""
    patterns = [pattern for pattern in programs if fnmatchcase(name, pattern)]
    return programs.get(name) or (programs[max(patterns, key=len)] if patterns else None)


def with_entrypoint(program: AnyProgram, specification: Mapping[str, Any]) -> AnyProgram:
    """Return a program with the entry point and the arguments of an algorithm specification, if it has one of them.

    Args:
        program: the program of the image.
        specification: the AlgorithmSpecification of CreateTrainingJob.
    """
    entrypoint, arguments = specification.get("ContainerEntrypoint"), specification.get("ContainerArguments")
    if not (entrypoint or arguments):
        return program
    if isinstance(program, Container):
        head, *rest = entrypoint or [program.entrypoint]
        return attrs.evolve(program, entrypoint=head, arguments=[*rest, *(arguments or ())])
    command = [*(entrypoint or program.command), *(arguments or ())]
    return attrs.evolve(program, command=command, arguments="none", source=None)


def _program(program: ProgramLike) -> AnyProgram:
    return program if isinstance(program, Program | Container) else Program(command=program)


def _text(program: AnyProgram) -> str:
    """Return what runs, for the log."""
    if isinstance(program, Program):
        return shlex.join(program.command)
    return f"in a container of {program.image or 'the image'}"


def _warn(target: str, program: AnyProgram) -> bool:
    """Log a warning if a program cannot start or be isolated, and return whether it cannot start."""
    problem = _start_problem(program)
    if reason := problem or _isolation_problem(program):
        _logger.warning("the program of the %s cannot start: %s", target, reason)
    return bool(problem)


def _start_problem(program: AnyProgram) -> str:
    """Return why a program or a container cannot start; empty text if it may start."""
    if isinstance(program, Program):
        return _command_problem(program)
    from hptsdk.local.process import ContainerEngineError, find_engine

    try:
        find_engine(program.engine)
    except ContainerEngineError as error:
        return str(error)
    return ""


def _command_problem(program: Program) -> str:
    """Return why a program cannot start, as far as its command shows it; empty text if it may start."""
    head, folder = program.command[0], Path.cwd()
    if "/" in head:
        if not os.access(head, os.X_OK):
            return f"there is no executable file {head} in {folder}"
    elif "PATH" not in program.environment and shutil.which(head) is None:
        return f"there is no program {head} on the PATH"
    for part in program.command[1:]:
        is_script = part.endswith(_SCRIPTS) and not part.startswith("-") and len(part.split()) == 1
        if is_script and not _is_file(Path(part)):
            return f"there is no file {part} in {folder}"
    return ""


def _isolation_problem(program: AnyProgram) -> str:
    """Return why a program that requires isolation cannot be isolated; empty text if it can."""
    if isinstance(program, Container) or (program.isolation != "namespace" and not program.confine):
        return ""
    from hptsdk.local.process import isolation_problem

    problem = isolation_problem()
    return problem and f"isolation does not work on this machine: {problem}"
