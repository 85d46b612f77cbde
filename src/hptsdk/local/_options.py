"""The options that a root was opened with last, so that a command can be suggested that opens it again.

They are in the file `options.json` of the root. Values of a program's environment may be secrets, so only its names are
there. Folders of buckets and of file systems are used again; programs are run only if they are given again.
"""

from __future__ import annotations

import json
import os
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import attrs
import cattrs

from hptsdk.local._files import write_privately

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hptsdk.local._programs import MissingProgram, Program

__all__ = ["Options", "ProgramOptions", "serve_command"]

_FILE = "options.json"
_REGION, _SAMPLER, _MAX_PARALLEL = "us-east-1", "tpe", 100


@attrs.frozen
class ProgramOptions:
    """A program as it was given, without the values of its environment.

    Attributes:
        command: the program and its arguments.
        arguments: what is added to them: "script", "train" or "none".
        environment: the names of its variables.
    """

    command: list[str]
    arguments: str = "script"
    environment: list[str] = attrs.field(factory=list[str])

    @classmethod
    def of(cls, program: Program) -> ProgramOptions:
        """Create the options of a program."""
        return cls(list(program.command), program.arguments, sorted(program.environment))

    @property
    def shell_text(self) -> str:
        """The command as `hptsdk local serve` takes it, which adds the hyperparameters to each command."""
        command = _short(self.command)
        if self.arguments == "script":
            return shlex.join(command)
        # the shell takes the hyperparameters that are added for its own parameters, and does not pass them on
        word = ["train"] if self.arguments == "train" else []
        return shlex.join(["/bin/sh", "-c", f"exec {shlex.join([*command, *word])}"])

    @property
    def code(self) -> str:
        """The program as Python code; variables of its environment are names that the reader has to define."""
        command = _short(self.command)
        if self.arguments == "script" and not self.environment:
            return f"{command!r}"
        variables = ", ".join(f"{name!r}: {name}" for name in self.environment)
        environment = f", environment={{{variables}}}" if variables else ""
        return f"Program(command={command!r}, arguments={self.arguments!r}{environment})"


def _is_variable(name: str) -> bool:
    return name.isidentifier() and name.isascii()


def _short(command: list[str]) -> list[str]:
    """Write "python" for this Python, as users give it."""
    return ["python", *command[1:]] if command[0] == sys.executable else command


@attrs.frozen
class Options:
    """What a root was opened with.

    Attributes:
        images: programs by training image.
        algorithms: programs by the name or the ARN of an algorithm.
        buckets: folders by bucket.
        file_systems: folders by file system ID.
        folder: the folder in which the programs were given.
        region_name: the region.
        sampler: the sampler of Bayesian searches.
        max_parallel: the most training jobs that run at a time.
        quotas: the quotas that are not the highest ones, by name.
    """

    images: dict[str, ProgramOptions] = attrs.field(factory=dict[str, ProgramOptions])
    algorithms: dict[str, ProgramOptions] = attrs.field(factory=dict[str, ProgramOptions])
    buckets: dict[str, str] = attrs.field(factory=dict[str, str])
    file_systems: dict[str, str] = attrs.field(factory=dict[str, str])
    folder: str | None = None
    region_name: str = _REGION
    sampler: str = _SAMPLER
    max_parallel: int = _MAX_PARALLEL
    quotas: dict[str, int] = attrs.field(factory=dict[str, int])

    @classmethod
    def read(cls, root: Path) -> Options:
        """Read the options of a root; one that was never opened has none.

        Raises:
            ValueError: the file is damaged.
        """
        path = root / _FILE
        try:
            return cattrs.structure(json.loads(path.read_bytes()), cls)
        except FileNotFoundError:
            return cls()
        except (ValueError, TypeError, AttributeError, RecursionError, cattrs.BaseValidationError):
            raise ValueError(
                f"{path} is damaged: it does not have the options of a local service. Delete it, and open the root "
                "with all its programs, buckets and file systems."
            ) from None

    def write(self, root: Path) -> None:
        """Write the options of a root, unless they are there already."""
        if self != Options.read(root):
            write_privately(root / _FILE, json.dumps(cattrs.unstructure(self), indent=1))

    def with_programs(self, images: Mapping[str, Program], algorithms: Mapping[str, Program], folder: Path) -> Options:
        """Return the options with programs that were given in a folder added or replaced."""
        return attrs.evolve(
            self,
            folder=str(folder) if images or algorithms or self.folder is None else self.folder,
            images=self.images | {name: ProgramOptions.of(program) for name, program in images.items()},
            algorithms=self.algorithms | {name: ProgramOptions.of(program) for name, program in algorithms.items()},
        )

    def program_for(self, missing: MissingProgram) -> ProgramOptions | None:
        """Return the program that an image or an algorithm had."""
        if missing.image is not None:
            return self.images.get(missing.image)
        name = missing.algorithm or ""
        return self.algorithms.get(name) or self.algorithms.get(name.rpartition("/")[2])

    def code_for(self, missing: MissingProgram) -> str:
        """Return the arguments of `add_program` as Python code; a program that was never given is `[...]`."""
        program = self.program_for(missing)
        name = f"image={missing.image!r}" if missing.image is not None else f"algorithm={missing.algorithm!r}"
        return f"{program.code if program is not None else '[...]'}, {name}"


def serve_command(root: str | os.PathLike[str], *, missing: Iterable[MissingProgram] = ()) -> str:
    """Return the shell command that opens a root again, with the programs and folders that it was opened with last.

    Values of a program's environment are not kept: the command takes them from the shell's variables, and the shell
    refuses it while one of them is not set.

    Args:
        root: the folder of the local service.
        missing: images and algorithms that need a program. One that never had a program has COMMAND in its place.

    Example:
        >>> serve_command("never-opened")
        'hptsdk local serve --root never-opened'
    """
    options = Options.read(Path(root))
    is_here = options.folder in (None, os.getcwd())  # noqa: PTH109 - compared as text
    words = ["--root", str(root if is_here else Path(root).absolute())]
    for name, program in options.images.items():
        words += ["--image", f"{name}={program.shell_text}"]
    for name, program in options.algorithms.items():
        words += ["--algorithm", f"{name}={program.shell_text}"]
    for needed in missing:
        if options.program_for(needed) is None:
            option = "--image" if needed.image is not None else "--algorithm"
            words += [option, f"{needed.image or needed.algorithm}=COMMAND"]
    named = (("--bucket", options.buckets), ("--file-system", options.file_systems), ("--quota", options.quotas))
    for option, values in named:
        words += [word for name, value in values.items() for word in (option, f"{name}={value}")]
    for option, value, default in (
        ("--region", options.region_name, _REGION),
        ("--sampler", options.sampler, _SAMPLER),
        ("--max-parallel", options.max_parallel, _MAX_PARALLEL),
    ):
        if value != default:
            words += [option, f"{value}"]
    programs = (*options.images.values(), *options.algorithms.values())
    variables = sorted({name for program in programs for name in program.environment if _is_variable(name)})
    return "".join(
        [
            "" if is_here else f"cd {shlex.quote(str(options.folder))} && ",
            *(f'{name}="${{{name}:?}}" ' for name in variables),
            f"hptsdk local serve {shlex.join(words)}",
        ]
    )
