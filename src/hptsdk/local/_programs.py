"""What runs in place of a training image or an algorithm."""

from __future__ import annotations

import logging
import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

import attrs

from hptsdk._validation import shown
from hptsdk.local._arguments import hinting_arguments

if TYPE_CHECKING:
    from hptsdk.shapes import HyperParameterAlgorithmSpecification

__all__ = ["MissingProgram", "MissingProgramWarning", "Program", "ProgramLike", "Programs"]

_log = logging.getLogger("hptsdk.local")

Arguments = Literal["script", "train", "none"]

# Arguments that name a script, unless they are options or code.
_SCRIPTS = (".py", ".sh")


def _command(value: object) -> tuple[str, ...]:
    if isinstance(value, str) or not isinstance(value, Sequence) or not value:
        raise TypeError(f"a program is a list of arguments, as in ['python', 'train.py'], not {value!r}")
    if ... in value:
        raise TypeError("put the program and its arguments in the place of ..., as in ['python', 'train.py']")
    found = tuple(str(part) for part in cast("Sequence[object]", value))
    # the Python that runs the service: an environment that was not activated has no "python" on the path
    head = sys.executable if found[0] in ("python", "python3") else found[0]
    # the program starts in a folder of its own, so files named from here need their whole path
    return (head if head == sys.executable else _absolute(head), *map(_absolute, found[1:]))


def _absolute(part: str) -> str:
    path = Path(part)
    # a piece of code can be too long for a name, which `Path.is_file` raises for
    is_file = not path.is_absolute() and ("/" in part or path.suffix) and os.path.isfile(part)  # noqa: PTH113
    return str(path.absolute()) if is_file else part


def _check_arguments(program: Program, attribute: attrs.Attribute[Arguments], value: object) -> None:  # noqa: ARG001 - attrs
    if value not in ("script", "train", "none"):
        raise ValueError(f'arguments: expected "script", "train" or "none", got {shown(value)}')


def _environment(value: Mapping[str, str]) -> dict[str, str]:
    return {str(name): str(text) for name, text in value.items()}


@hinting_arguments
@attrs.frozen(kw_only=True)
class Program:
    """A program that trains, and how it is started.

    A program starts in an empty folder of its own, `code`, as its training container would; the folder in which the
    service was opened is on Python's path, and arguments that name files there are made absolute.

    Attributes:
        command: the program and its arguments; never a shell's text. "python" is the one that runs the service.
        arguments: "script" adds the hyperparameters as `--name value`, as SageMaker's script mode does; "train" adds
            the one word, as a training container gets it; "none" adds nothing.
        environment: variables for it; those of the request win.

    Example:
        >>> Program(command=["/bin/sh", "-c", "echo loss=0.5"], arguments="none").arguments
        'none'
    """

    command: Sequence[str] = attrs.field(converter=_command)
    arguments: Literal["script", "train", "none"] = attrs.field(default="script", validator=_check_arguments)
    environment: Mapping[str, str] = attrs.field(factory=dict[str, str], converter=_environment)


@attrs.frozen
class MissingProgram:
    """A training image or an algorithm without a program, for which unfinished tuning jobs wait.

    Attributes:
        image: the training image, or None.
        algorithm: the name or the ARN of the algorithm, or None.
        tuning_jobs: the names of the tuning jobs.
    """

    image: str | None
    algorithm: str | None
    tuning_jobs: tuple[str, ...]

    @property
    def target(self) -> str:
        """Return the image or the algorithm that has no program."""
        return f"image {self.image}" if self.image is not None else f"algorithm {self.algorithm}"


class MissingProgramWarning(UserWarning):
    """Unfinished tuning jobs wait for programs that the service does not have."""


ProgramLike = Program | Sequence[str]


class Programs:
    """The programs by image and by algorithm.

    Args:
        images: programs by training image.
        algorithms: programs by algorithm name or ARN.

    Attributes:
        images: programs by training image.
        algorithms: programs by algorithm name or ARN.
    """

    def __init__(self, images: Mapping[str, ProgramLike], algorithms: Mapping[str, ProgramLike]) -> None:
        self.images = {name: _program(given) for name, given in images.items()}
        self.algorithms = {name: _program(given) for name, given in algorithms.items()}

    def warn(self) -> None:
        """Log a warning for each program that cannot start."""
        for kind, programs in (("image", self.images), ("algorithm", self.algorithms)):
            for name, program in programs.items():
                _warn(f"{kind} {name}", program)

    def add(self, program: ProgramLike, *, image: str | None = None, algorithm: str | None = None) -> None:
        """Name a further program."""
        if image is not None:
            self.images[image] = _program(program)
            _warn(f"image {image}", self.images[image])
        if algorithm is not None:
            self.algorithms[algorithm] = _program(program)
            _warn(f"algorithm {algorithm}", self.algorithms[algorithm])

    def of(self, algorithm: HyperParameterAlgorithmSpecification) -> Program | None:
        """Find the program of a definition."""
        if algorithm.training_image is not None:
            return self.images.get(algorithm.training_image)
        name = algorithm.algorithm_name or ""
        return self.algorithms.get(name) or self.algorithms.get(name.rpartition("/")[2])

    def known(self) -> str:
        """Name all that have a program."""
        return ", ".join(sorted({*self.images, *self.algorithms})) or "none"


def _program(given: ProgramLike) -> Program:
    return given if isinstance(given, Program) else Program(command=given)


def _warn(target: str, program: Program) -> None:
    reason = _reason_not_to_start(program)
    if reason:
        _log.warning("the program of the %s cannot start: %s", target, reason)


def _reason_not_to_start(program: Program) -> str:
    """Return why a program cannot start, as far as its command shows it; empty text if it may start."""
    head, here = program.command[0], Path.cwd()
    if "/" in head:
        if not os.access(head, os.X_OK):
            return f"there is no executable file {head} in {here}"
    elif "PATH" not in program.environment and shutil.which(head) is None:
        return f"there is no program {head} on the PATH"
    for part in program.command[1:]:
        is_script = part.endswith(_SCRIPTS) and not part.startswith("-") and len(part.split()) == 1
        if is_script and not os.path.exists(part):  # noqa: PTH110 - a part may be no path
            return f"there is no file {part} in {here}"
    return ""
