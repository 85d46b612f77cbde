"""Isolation of training programs: each training job has its own `/opt/ml` and `/tmp`, as in its container.

A program is started by `bwrap` of bubblewrap, if it is installed and works, or by `_namespace`, which does the same on
a kernel that allows it. Isolation requires Linux. If it does not work, a request that needs it is refused.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from hptsdk.local._files import last_lines, open_regular
from hptsdk.rules.facts.algorithms import SUBMIT_DIRECTORY
from hptsdk.transport import bad_request

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hptsdk.local._programs import Program
    from hptsdk.shapes import HyperParameterTrainingJobDefinition, ParameterRanges

ML_FOLDER = "/opt/ml"
"""The base folder of a training container."""

Launcher = tuple[str, ...]
"""The beginning of the command that starts an isolated program, before its options."""

_OPT = Path("/opt")

# The capabilities by which root could reach the hidden folders.
_DROPPED = ("CAP_SYS_ADMIN", "CAP_SYS_PTRACE", "CAP_DAC_READ_SEARCH", "CAP_MKNOD", "CAP_SYS_RAWIO", "CAP_SYS_MODULE")

# Absolute paths in an argument, which may be code.
_PATHS = re.compile(r"""/[^\s'"`;:,=(){}<>|&]*""")

# The beginnings of the names of files and folders of a root that no program sees.
_PRIVATE = ("credentials", "data", "objects.sqlite3", "state.sqlite3", "training-jobs", "uploads")

# Variables with folders from which a program is loaded.
_FOLDER_VARIABLES = ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH", "VIRTUAL_ENV")


def launcher_of(program: Program, *, has_network: bool) -> Launcher | None:
    """Return the first launcher that works; None if there is none, or the program has isolation="none"."""
    if program.isolation == "none":
        return None
    return next((one for one in _launchers() if not _problem(one, has_network=has_network)), None)


def isolation_problem(*, has_network: bool = True) -> str:
    """Return why no launcher works on this machine, with or without its network; empty text if one works."""
    problems = [_problem(one, has_network=has_network) for one in _launchers()]
    if not problems:
        return f"isolation requires Linux with a folder {_OPT}"
    return "" if "" in problems else "; ".join(problems)


def _launchers() -> list[Launcher]:
    if sys.platform != "linux" or not _OPT.is_dir():
        return []
    bubblewrap = shutil.which("bwrap")
    # imported and not run as a file, because Python compiles such a file at each start
    code = f"import sys; sys.path.append({str(Path(__file__).parent)!r}); import _namespace; _namespace.main()"
    return [*([(bubblewrap,)] if bubblewrap else []), (sys.executable, "-I", "-S", "-c", code)]


@cache
def _problem(launcher: Launcher, *, has_network: bool) -> str:
    """Return why a launcher cannot start a program; empty text if it can."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        isolation = Isolation(base=folder, temporary=folder, root=folder, has_network=has_network)
        command = [*isolation.prefix(launcher, "/"), "/bin/sh", "-c", ":"]
        try:
            result = subprocess.run(command, capture_output=True, timeout=20, check=False)
        except (OSError, subprocess.TimeoutExpired) as error:
            return str(error)
    return (last_lines(result.stderr, 1) or f"exit code {result.returncode}") if result.returncode else ""


@attrs.frozen
class SharedFolder:
    """A folder of this machine that a channel has instead of copies of its files.

    Attributes:
        path: the folder.
        is_read_only: whether programs may not change it. Defaults to True.
    """

    path: Path
    is_read_only: bool = True


@attrs.frozen(kw_only=True)
class Isolation:
    """What an isolated program can access.

    Attributes:
        base: the folder to mount at `/opt/ml`.
        temporary: the folder to mount at `/tmp`.
        root: the root of the service, which is hidden.
        visible: folders and files below `/tmp` or the root that are not hidden. Defaults to none.
        channels: shared folders by channel name. Defaults to none.
        has_network: whether the program has the network of this machine. Defaults to True.
        confine: whether all but `/opt/ml`, `/tmp`, `/dev`, `/proc` and `checkpoints` is read-only. Defaults to False.
        checkpoints: a path at which to mount the folder `checkpoints` of the base folder, too. Defaults to none.
    """

    base: Path
    temporary: Path
    root: Path
    visible: frozenset[Path] = frozenset()
    channels: Mapping[str, SharedFolder] = attrs.field(factory=dict[str, SharedFolder])
    has_network: bool = True
    confine: bool = False
    checkpoints: str | None = None

    def prefix(self, launcher: Launcher, folder: str = f"{ML_FOLDER}/code") -> list[str]:
        """Return the beginning of the command of a training process, before the command of its program.

        Args:
            launcher: what starts the isolated program.
            folder: the working directory of the program. Defaults to "/opt/ml/code".
        """
        # if the launcher or the service ends, also by SIGKILL, all processes of the training job end
        options = [*launcher, "--die-with-parent", "--unshare-pid"]
        if not self.has_network:
            options.append("--unshare-net")
        options += ["--ro-bind", "/", "/", "--dev-bind", "/dev", "/dev"] if self.confine else ["--dev-bind", "/", "/"]
        options += ["--proc", "/proc", *self._temporary(), *self._opt(), *self._root()]
        options += ["--bind", str(self.base), ML_FOLDER]
        for name, shared in self.channels.items():
            bind = "--ro-bind" if shared.is_read_only else "--bind"
            options += [bind, str(shared.path), f"{ML_FOLDER}/input/data/{name}"]
        if self.checkpoints is not None:
            options += ["--bind", str(self.base / "checkpoints"), self.checkpoints]
        if os.geteuid() == 0:
            options += [part for capability in _DROPPED for part in ("--cap-drop", capability)]
        return [*options, "--chdir", folder, "--"]

    def _bind(self, path: Path) -> list[str]:
        return ["--ro-bind" if self.confine else "--bind", str(path), str(path)]

    def _visible_below(self, folder: Path) -> Iterator[str]:
        shown = folder
        for path in sorted(self.visible):
            # a folder is shown with all that is in it
            if folder in path.parents and (shown == folder or not path.is_relative_to(shown)):
                shown = path
                yield from self._bind(path)

    def _temporary(self) -> Iterator[str]:
        folder = Path(os.path.realpath("/tmp"))
        yield from ("--bind", str(self.temporary), str(folder))
        yield from self._visible_below(folder)

    def _opt(self) -> Iterator[str]:
        """Return the options for a folder `/opt/ml` if this machine has none; it is not created on this machine."""
        opt = Path(os.path.realpath("/opt"))
        if (opt / "ml").is_dir():
            return
        yield from ("--tmpfs", str(opt))
        for entry in sorted(opt.iterdir()):
            if entry.is_symlink():
                yield from ("--symlink", str(entry.readlink()), str(entry))
            else:
                yield from self._bind(entry)

    def _root(self) -> Iterator[str]:
        root = Path(os.path.realpath(self.root))
        yield from ("--tmpfs", str(root))
        yield from self._visible_below(root)
        # so that a program that writes there fails, and its file is not lost
        yield from ("--remount-ro", str(root))


def can_mount(path: str, root: Path) -> bool:
    """Check whether a folder can be mounted at a path for one program, without a change of this machine.

    That is a path outside the root: one below `/opt/ml` or `/tmp`, or that of an existing folder that contains neither
    these, `/proc`, `/dev`, the root nor the Python of the service.
    """
    folder = Path(path)
    if not folder.is_absolute() or ".." in folder.parts or "\0" in path:
        return False
    real, hidden = Path(os.path.realpath(path)), Path(os.path.realpath(root))
    if real.is_relative_to(hidden):
        return False
    if folder.is_relative_to(ML_FOLDER) or folder.is_relative_to("/tmp"):
        return path.rstrip("/") not in (ML_FOLDER, "/tmp")
    needed = (ML_FOLDER, "/tmp", "/proc", "/dev", hidden, os.path.realpath(sys.prefix))
    return real.is_dir() and not any(Path(other).is_relative_to(real) for other in needed)


def visible_paths(program: Program, environment: Mapping[str, str], root: Path) -> frozenset[Path]:
    """Return the folders and files below `/tmp` and the root from which a program is loaded.

    These are named by its command, by the variables of the `Program`, by variables such as PATH, or by `sys.path`.
    """
    values = [*program.environment.values(), *(environment.get(name, "") for name in _FOLDER_VARIABLES)]
    names = {path for part in program.command for path in (part, *_PATHS.findall(part))}
    names.update(path for value in values for path in value.split(os.pathsep))
    names.update((sys.prefix, sys.base_prefix, *sys.path))
    hidden = [os.path.realpath(folder) for folder in ("/tmp", root)]
    absolute = [name for name in names if name.startswith("/") and "\0" not in name]
    paths = {path for name in absolute for path in (os.path.normpath(name), os.path.realpath(name))}
    # even if a command names them: it may be that of a request
    private = tuple(f"{os.path.realpath(root)}/{name}" for name in _PRIVATE)
    return frozenset(
        _loaded_folder(Path(path), folder)
        for path in paths
        for folder in hidden
        if path.startswith(f"{folder}/") and os.path.lexists(path) and not path.startswith(private)
    )


def _loaded_folder(path: Path, hidden: str) -> Path:
    """Return a folder as it is, and for a file its folder, or the file itself if that folder is the hidden one."""
    return path if path.is_dir() or str(path.parent) == hidden else path.parent


# The maximum number of bytes of a program's file that are searched. A program that reads one of the variables finds its
# folders without isolation.
_MAX_FILE, _JOB_VARIABLES = 1 << 20, (b"SM_", b"SAGEMAKER_BASE_DIR")


def check_isolation(
    program: Program, definition: HyperParameterTrainingJobDefinition, ranges: ParameterRanges | None
) -> None:
    """Check that isolation works, or is not needed.

    Raises:
        Refusal: isolation does not work on this machine, and the `Program` requires it, or the program or the request
            names `/opt/ml`; or it works only with the network, and EnableNetworkIsolation is true.
    """
    has_network = not definition.enable_network_isolation
    problem = "" if program.isolation == "none" else isolation_problem(has_network=has_network)
    if not problem:
        return
    algorithm = definition.algorithm_specification
    subject = f"the program of {algorithm.training_image or algorithm.algorithm_name}"
    failure = f"isolation does not work on this machine: {problem}"
    if program.isolation == "namespace" or program.confine:
        raise bad_request(f"{subject} requires isolation, and {failure}; {_remedy()}.")
    if not has_network and not isolation_problem():
        raise bad_request(
            f"EnableNetworkIsolation is true, and {failure}; set it to false, or {_RUN_WITHOUT_ISOLATION}."
        )
    place = next(_mentions(program, definition, ranges), None)
    if place is not None:
        raise bad_request(
            f"{place} of {subject} names {ML_FOLDER}, which a training job has only with isolation, and {failure}; "
            f"{_remedy()}, or {_RUN_WITHOUT_ISOLATION}."
        )


def lost_isolation(program: Program, definition: HyperParameterTrainingJobDefinition) -> str:
    """Return why a program that was isolated cannot continue a training job; empty text if it can."""
    has_network = not definition.enable_network_isolation
    if program.isolation == "none" or launcher_of(program, has_network=has_network) is not None:
        return ""
    problem = isolation_problem(has_network=has_network)
    lost = f"it began with isolation, which does not work on this machine now: {problem}"
    return f"{lost}; {_remedy()}, or {_RUN_WITHOUT_ISOLATION}"


def isolation_hint(program: Program) -> str:
    """Return "; " and a hint, which end the FailureReason of a program without isolation that names `/opt/ml`."""
    remedy = _pass_isolation("auto") if program.isolation == "none" else _remedy()
    return f"; to run the program with its own {ML_FOLDER}, {remedy}"


def _remedy() -> str:
    """Return how to make isolation work."""
    if not _launchers():
        return f"run the service on Linux with a folder {_OPT}"
    install = "" if shutil.which("bwrap") else "install bubblewrap, as in `apt install bubblewrap`, or "
    user = "" if os.geteuid() == 0 else ", or as the user root"
    return f"{install}run the service where user namespaces are allowed{user}"


def _pass_isolation(mode: str) -> str:
    return f'pass isolation="{mode}" to Program or script (in a shell, "isolation": "{mode}" in the JSON of --image)'


_RUN_WITHOUT_ISOLATION = f"{_pass_isolation('none')} to run the program without isolation"


def _mentions(
    program: Program, definition: HyperParameterTrainingJobDefinition, ranges: ParameterRanges | None
) -> Iterator[str]:
    """Return the names of the parts that contain `/opt/ml`, without their values, which may be secrets."""
    static = definition.static_hyper_parameters or {}
    categorical = (ranges and ranges.categorical_parameter_ranges) or ()
    if any(ML_FOLDER in part for part in program.command):
        yield "the command"
    yield from (f"the file {path}" for path in map(Path, program.command[1:]) if _file_needs_folder(path))
    for kind, values in (
        ("the environment variable", {**program.environment, **(definition.environment or {})}),
        # the service itself reads the address of the archive
        ("the static hyperparameter", {name: text for name, text in static.items() if name != SUBMIT_DIRECTORY}),
        ("the hyperparameter", {one.name: " ".join(one.values) for one in categorical}),
    ):
        yield from (f"{kind} {name}" for name, text in values.items() if ML_FOLDER in text)


def _file_needs_folder(path: Path) -> bool:
    """Check whether a file contains `/opt/ml`, and none of the variables that name its folders without isolation."""
    try:
        with open_regular(path, follow_links=True) as file:
            content = file.read(_MAX_FILE)
    except (OSError, ValueError):
        # an argument that is not a file
        return False
    return ML_FOLDER.encode() in content and not any(variable in content for variable in _JOB_VARIABLES)
