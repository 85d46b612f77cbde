"""The programs of a service, by training image and by algorithm."""

from __future__ import annotations

import logging
import os
import shlex
import shutil
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import attrs

from hptsdk.local._programs import Container, Program, is_file
from hptsdk.transport import MissingProgram

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hptsdk.local._programs import AnyProgram, ProgramLike
    from hptsdk.shapes import HyperParameterAlgorithmSpecification, HyperParameterTrainingJobDefinition

_logger = logging.getLogger("hptsdk.local")

ProgramT = TypeVar("ProgramT")

# Arguments with these endings are files, unless they are options or code.
_SCRIPTS = (".py", ".sh")


class MissingProgramWarning(UserWarning):
    """The warning of a new `LocalService` whose unfinished tuning jobs wait for a program, or for isolation."""


class Programs:
    """The programs of a service.

    Args:
        images: programs by training image, or by a pattern for images.
        algorithms: programs by algorithm name or ARN, or by a pattern for them.
    """

    def __init__(self, images: Mapping[str, ProgramLike], algorithms: Mapping[str, ProgramLike]) -> None:
        self.images = {name: _program(program) for name, program in images.items()}
        self.algorithms = {name: _program(program) for name, program in algorithms.items()}
        self._omitted: list[AnyProgram] = []

    def check(self, *, omit: bool) -> None:
        """Log a warning for each program that cannot start, or cannot be isolated as it requires.

        Args:
            omit: whether to omit those that cannot start, so that tuning jobs that need them wait and do not fail.
        """
        for kind, programs in (("image", self.images), ("algorithm", self.algorithms)):
            for name, program in programs.items():
                if _warn(f"{kind} {name}", program) and omit:
                    self._omitted.append(program)

    def add(self, program: ProgramLike, *, image: str | None = None, algorithm: str | None = None) -> None:
        """Add or replace the program of an image, an algorithm, or both; log a warning if it cannot start.

        Raises:
            TypeError: the program is neither a `Program`, a `Container` nor a list of arguments.
        """
        for kind, name, programs in (("image", image, self.images), ("algorithm", algorithm, self.algorithms)):
            if name is not None:
                programs[name] = _program(program)
                self._omitted = [omitted for omitted in self._omitted if omitted is not program]
                _warn(f"{kind} {name}", programs[name])

    def add_stored(self, images: Mapping[str, AnyProgram], algorithms: Mapping[str, AnyProgram]) -> None:
        """Add the stored programs of images and algorithms that have none, and log each.

        A program that cannot start is omitted, so that tuning jobs that need it wait and do not fail.
        """
        for kind, stored, programs in (("image", images, self.images), ("algorithm", algorithms, self.algorithms)):
            for name, program in stored.items():
                if name in programs:
                    continue
                if problem := _start_problem(program):
                    _logger.warning(
                        "%s %s: the stored program cannot start: %s; correct this, or pass another program for this %s",
                        *(kind, name, problem, kind),
                    )
                    continue
                programs[name] = program
                _logger.info("%s %s: uses the stored program: %s", kind, name, _text(program))

    def program_for(self, algorithm: HyperParameterAlgorithmSpecification) -> AnyProgram | None:
        """Return the program of an algorithm specification; None if it is missing or omitted."""
        program = find_program(self.images, self.algorithms, algorithm.training_image, algorithm.algorithm_name)
        # not removed, because a pattern would then give the image another program
        return None if any(program is omitted for omitted in self._omitted) else program


class JobPrograms:
    """The programs of one tuning job. `missing` also returns those that cannot continue the tuning job.

    If it began with isolation, a program whose isolation does not work now cannot continue it.
    """

    def __init__(
        self,
        programs: Programs,
        tuning_job: str,
        definitions: Sequence[HyperParameterTrainingJobDefinition],
        *,
        is_isolated: bool,
    ) -> None:
        self._programs = programs
        self._tuning_job = tuning_job
        self._definitions = definitions
        self._is_isolated = is_isolated
        self._rejected: list[tuple[AnyProgram, str]] = []

    def program_for(self, definition: HyperParameterTrainingJobDefinition) -> AnyProgram | None:
        """Return the program of a definition, which may be a rejected one; None if there is none."""
        return self._programs.program_for(definition.algorithm_specification)

    def missing(self) -> list[MissingProgram]:
        """Return the programs that are missing or cannot continue the tuning job."""
        missing: list[MissingProgram] = []
        for definition in self._definitions:
            algorithm, program = definition.algorithm_specification, self.program_for(definition)
            reason = "" if program is None else self._problem(program, definition)
            if program is None or reason:
                names = algorithm.training_image, algorithm.algorithm_name
                missing.append(MissingProgram(*names, (self._tuning_job,), reason))
        return missing

    def _problem(self, program: AnyProgram, definition: HyperParameterTrainingJobDefinition) -> str:
        """Return why a program cannot continue the tuning job; empty text if it can."""
        reasons = [reason for rejected, reason in self._rejected if rejected is program]
        if not reasons and self._is_isolated and isinstance(program, Program):
            from hptsdk.local.process import lost_isolation

            reasons.append(lost_isolation(program, definition))
        return next(iter(reasons), "")

    def reject(self, program: AnyProgram, reason: str) -> None:
        """Add a program to those that cannot continue the tuning job, until another replaces it."""
        self._rejected.append((program, reason))


def find_program(
    images: Mapping[str, ProgramT], algorithms: Mapping[str, ProgramT], image: str | None, algorithm: str | None
) -> ProgramT | None:
    """Return the program of an image or of an algorithm; None if there is none.

    Args:
        images: programs by training image or pattern.
        algorithms: programs by algorithm name, ARN or pattern. A program with a name is used for all ARNs with it.
        image: the training image, or None for an algorithm.
        algorithm: the name or the ARN of the algorithm.
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
    """Return a program with the ContainerEntrypoint and ContainerArguments of CreateTrainingJob, if any.

    `specification` is the AlgorithmSpecification of the request.
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
    """Return a description of a program for the log."""
    if isinstance(program, Program):
        return shlex.join(program.command)
    return f"a container of {program.image or 'this image'}"


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
    head = program.command[0]
    if "/" in head:
        if not os.access(head, os.X_OK):
            return f"there is no executable file {Path(head).absolute()}"
    elif "PATH" not in program.environment and shutil.which(head) is None:
        return f"there is no program {head} on the PATH"
    for part in program.command[1:]:
        is_script = part.endswith(_SCRIPTS) and not part.startswith("-") and len(part.split()) == 1
        if is_script and not is_file(Path(part)):
            return f"there is no file {Path(part).absolute()}"
    return ""


def _isolation_problem(program: AnyProgram) -> str:
    """Return why a program that requires isolation cannot be isolated; empty text otherwise."""
    if isinstance(program, Container) or (program.isolation != "namespace" and not program.confine):
        return ""
    from hptsdk.local.process import isolation_problem

    problem = isolation_problem()
    return problem and f"isolation does not work on this machine: {problem}"
