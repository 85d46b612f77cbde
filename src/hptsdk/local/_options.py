"""The stored options of a root, and the command that opens it again.

The options are in the file `options.json` of the root. The values of a program's environment variables may be secrets,
so only their names are stored.
"""

from __future__ import annotations

import json
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs
import cattrs

from hptsdk._validation import closest
from hptsdk.local._files import write_private
from hptsdk.local._program_map import find_program
from hptsdk.local._programs import Arguments, Container, IsolationMode, Program, ScriptSource
from hptsdk.transport import MissingProgram

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Mapping

    from hptsdk.local._program_map import Programs
    from hptsdk.local._programs import AnyProgram
    from hptsdk.shapes import HyperParameterAlgorithmSpecification

_FILE = "options.json"


@attrs.frozen
class ProgramOptions:
    """A program, without the values of its environment variables.

    The attributes are those of `Program`, except:

    Attributes:
        environment: the names of its environment variables.
        container: the arguments of a `Container` that are not the defaults; None for a `Program`.
    """

    command: list[str]
    arguments: Arguments = "script"
    environment: list[str] = attrs.field(factory=list[str])
    isolation: IsolationMode = "auto"
    confine: bool = False
    source: ScriptSource | None = None
    container: dict[str, Any] | None = None

    @classmethod
    def of(cls, program: AnyProgram) -> ProgramOptions:
        """Return the options of a program."""
        names = sorted(program.environment)
        if isinstance(program, Container):
            return cls([], environment=names, container=_non_default_arguments(program))
        return cls(list(program.command), program.arguments, names, program.isolation, program.confine, program.source)

    def program(self, variables: Mapping[str, str]) -> AnyProgram | None:
        """Return the program with the values of its environment variables; None if one of them is not set."""
        if not variables.keys() >= set(self.environment):
            return None
        environment = {name: variables[name] for name in self.environment}
        if self.container is not None:
            return Container(environment=environment, **self.container)
        values = attrs.asdict(self, recurse=False, filter=lambda attribute, _: attribute.name != "container")
        values["environment"] = environment
        return Program(**values)

    @property
    def code(self) -> str:
        """The program as Python code; the values of its environment variables are names that its reader must define."""
        pairs = ", ".join(f"{name!r}: {name}" for name in self.environment)
        environment = [f"environment={{{pairs}}}"] if pairs else []
        if self.container is not None:
            arguments = [f"{name}={value!r}" for name, value in self.container.items()]
            return f"Container({', '.join(arguments + environment)})"
        # "python" for the Python that runs the service
        command = ["python", *self.command[1:]] if self.command[0] == sys.executable else self.command
        if self == ProgramOptions(self.command):
            return f"{command!r}"
        arguments = [f"command={command!r}", f"arguments={self.arguments!r}"]
        if (source := self.source) is not None:
            arguments = [] if source.entry_point is None else [f"{source.entry_point!r}"]
            options = (("source_dir", source.source_dir), ("requirements", source.requirements))
            arguments += [f"{name}={value!r}" for name, value in options if value is not None]
        arguments += environment
        if self.isolation != "auto":
            arguments.append(f"isolation={self.isolation!r}")
        if self.confine:
            arguments.append("confine=True")
        return f"{'Program' if self.source is None else 'script'}({', '.join(arguments)})"


@attrs.frozen
class Options:
    """The options of a root: arguments of `LocalService`.

    Attributes:
        folder: the folder on the path of Python for the programs; None before the first opening.
        quotas: the quotas that differ from the highest ones, by name.
    """

    images: dict[str, ProgramOptions] = attrs.field(factory=dict[str, ProgramOptions])
    algorithms: dict[str, ProgramOptions] = attrs.field(factory=dict[str, ProgramOptions])
    buckets: dict[str, str] = attrs.field(factory=dict[str, str])
    file_systems: dict[str, str] = attrs.field(factory=dict[str, str])
    folder: str | None = None
    region_name: str = "us-east-1"
    sampler: str = "tpe"
    max_parallel: int = 100
    quotas: dict[str, int] = attrs.field(factory=dict[str, int])

    @classmethod
    def read(cls, root: Path) -> Options:
        """Return the options of a root; the defaults if it was never opened.

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
                f"{path} is damaged: delete it, and open the root with all its options, such as programs and buckets."
            ) from None

    def write(self, root: Path) -> None:
        """Write the options of a root, unless they are the stored ones."""
        if self != Options.read(root):
            write_private(root / _FILE, json.dumps(attrs.asdict(self), indent=1))

    def with_programs(self, programs: Programs, folder: Path) -> Options:
        """Return the options with added or replaced programs. If there are none, a stored folder remains."""
        images, algorithms = programs.images, programs.algorithms
        return attrs.evolve(
            self,
            folder=str(folder) if images or algorithms or self.folder is None else self.folder,
            images=self.images | {name: ProgramOptions.of(program) for name, program in images.items()},
            algorithms=self.algorithms | {name: ProgramOptions.of(program) for name, program in algorithms.items()},
        )

    def programs(self, variables: Mapping[str, str]) -> tuple[dict[str, AnyProgram], dict[str, AnyProgram]]:
        """Return the programs of images and of algorithms, except those with a variable that is not set."""
        images, algorithms = (
            {name: program for name, stored in table.items() if (program := stored.program(variables)) is not None}
            for table in (self.images, self.algorithms)
        )
        return images, algorithms

    def program_for(self, missing: MissingProgram) -> ProgramOptions | None:
        """Return the program that an image or an algorithm had; None if it had none."""
        return find_program(self.images, self.algorithms, missing.image, missing.algorithm)

    def code_for(self, missing: MissingProgram) -> str:
        """Return the arguments of `add_program` as Python code; `[...]` is the placeholder of an unknown program."""
        program = self.program_for(missing)
        if program is not None and missing.reason:
            # when a root is opened, the reason is that isolation does not work
            program = attrs.evolve(program, isolation="none", confine=False)
        name = f"image={missing.image!r}" if missing.image is not None else f"algorithm={missing.algorithm!r}"
        return f"{program.code if program is not None else '[...]'}, {name}"


def _non_default_arguments(container: Container) -> dict[str, Any]:
    """Return the arguments of a container that are not the defaults, without `environment`."""
    values = attrs.asdict(attrs.evolve(container, environment={}))
    return {name: value for name, value in values.items() if value != attrs.asdict(Container())[name]}


def missing_program_text(algorithm: HyperParameterAlgorithmSpecification, programs: Programs, root: Path) -> str:
    """Return the message for a request without a program, with the call and the command that add one."""
    missing = MissingProgram(algorithm.training_image, algorithm.algorithm_name, ())
    name, tables = missing.image or missing.algorithm, (programs.images, programs.algorithms)
    if find_program(*tables, missing.image, missing.algorithm) is not None:
        problem = f"The program for {name} could not start; the log has the reason."
    else:
        hint = closest(name, tables[missing.image is None])
        problem = f"The local service has no program for {name}{f'; {hint}' if hint else '.'} "
        problem += f"It has programs for: {', '.join(sorted({*tables[0], *tables[1]})) or 'none'}."
    return (
        f"{problem} In Python, call service.add_program({Options.read(root).code_for(missing)}). In a shell, stop the "
        f"service and start it with: {serve_command(root, missing=[missing])}"
    )


def serve_command(root: str | os.PathLike[str], *, missing: Iterable[MissingProgram] = ()) -> str:
    """Return the shell command that starts a local service for a root again.

    It has the last region, sampler, `max_parallel` and quotas of the root. The folders of buckets and file systems, and
    the programs, are read from the root. The values of their environment variables are not stored: the command reads
    them from the variables of the shell, and fails if one of them is empty or not set.

    Args:
        root: the folder of the local service.
        missing: images and algorithms without a program. One that never had a program gets an option with the
            placeholder COMMAND. Defaults to none.

    Raises:
        ValueError: the stored options are damaged.

    Example:
        >>> from hptsdk.local import serve_command
        >>> serve_command("never-opened")
        'hptsdk local serve --root never-opened'
    """
    options = Options.read(Path(root))
    arguments = ["--root", str(root)]
    for one in missing:
        if options.program_for(one) is None:
            arguments += ["--algorithm" if one.image is None else "--image", f"{one.image or one.algorithm}=COMMAND"]
    for name, value in options.quotas.items():
        arguments += ["--quota", f"{name}={value}"]
    for attribute in ("region_name", "sampler", "max_parallel"):
        value, default = getattr(options, attribute), getattr(Options(), attribute)
        if value != default:
            arguments += [f"--{attribute.removesuffix('_name').replace('_', '-')}", f"{value}"]
    programs = (*options.images.values(), *options.algorithms.values())
    variables = sorted({name for program in programs for name in program.environment if _is_variable(name)})
    environment = "".join(f'{name}="${{{name}:?}}" ' for name in variables)
    return f"{environment}{shlex.join(['hptsdk', 'local', 'serve', *arguments])}"


def _is_variable(name: str) -> bool:
    return name.isidentifier() and name.isascii()
