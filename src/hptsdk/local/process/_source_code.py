"""The source code of a script: the archive of the request, or the files of the program, and the packages they need."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import sys
import tarfile
import threading
import uuid
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from hptsdk.local._files import open_regular, remove_tree, walk
from hptsdk.local.process._archives import copy_tree
from hptsdk.local.process._environment import NONCE
from hptsdk.local.process._isolation import ML_FOLDER
from hptsdk.local.process._processes import run_logged
from hptsdk.local.process._storage import UnsafePathError, is_inside, within
from hptsdk.rules.facts.algorithms import PROGRAM, SUBMIT_DIRECTORY
from hptsdk.transport import bad_request

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hptsdk.local._programs import Program, ScriptSource
    from hptsdk.local.process._program_environment import ProgramEnvironment
    from hptsdk.local.process._storage import Storage
    from hptsdk.shapes import HyperParameterTrainingJobDefinition

# The toolkit rejects other names of scripts.
_ENTRY_POINT = re.compile(r"[A-Za-z0-9._][A-Za-z0-9._+-]*(/[A-Za-z0-9._+-]+)*")

_REQUIREMENTS, _SETUP = "requirements.txt", "setup.py"

# Lines of a file of requirements that name other files.
_LOCAL = re.compile(r"^\s*(-[rce]|--(requirement|constraint|editable)|[./])|file:", re.MULTILINE)

# The permissions of a script that is started by itself.
_EXECUTABLE = 0o777

_installing = threading.Lock()


def _text(hyperparameters: Mapping[str, str], name: str) -> str | None:
    """Return a hyperparameter that is text, or JSON of text as of the SageMaker Python SDK; None for others."""
    text = hyperparameters.get(name)
    try:
        value: object = json.loads(text or "null")
    except ValueError:
        value = text
    return value if isinstance(value, str) and value else None


def check_source(program: Program, definition: HyperParameterTrainingJobDefinition, storage: Storage) -> None:
    """Check that the request or the `Program` has the source code of a script.

    Raises:
        Refusal: neither has it, the name of the script is invalid, or the archive does not exist in its bucket.
    """
    if program.source is None:
        return
    hyperparameters = definition.static_hyper_parameters or {}
    archive = _text(hyperparameters, SUBMIT_DIRECTORY)
    name = _text(hyperparameters, PROGRAM)
    if archive is None and program.source.entry_point is None:
        raise bad_request(
            "Neither the request nor the local service has the source code of a script; set the hyperparameters "
            f"{PROGRAM} and {SUBMIT_DIRECTORY}, or pass entry_point to script."
        )
    if archive is None:
        return
    if name is None or not _ENTRY_POINT.fullmatch(name) or {".", ".."} & set(name.split("/")):
        raise bad_request(f"{PROGRAM}: expected the name of a script in the archive, such as train.py.")
    if archive.startswith("s3://"):
        # without the address, which is the value of a hyperparameter
        try:
            exists = storage.path(archive).is_file()
        except UnsafePathError:
            exists = False
        if not exists:
            raise bad_request(f"{SUBMIT_DIRECTORY}: expected an existing archive; upload it first.")


@attrs.frozen(kw_only=True)
class SourceCode:
    """The source code of one training job.

    Attributes:
        container: the environment of its program, whose folders and files exist.
        storage: the folders of buckets.
        log: the file for the output of an installation.
        check: raises an exception if an installation has to be stopped.
    """

    container: ProgramEnvironment
    storage: Storage
    log: Path
    check: Callable[[], None]

    def prepare(self) -> ProgramEnvironment:
        """Put the source code into the folder `code`, install its packages, and return the environment that runs it.

        Returns the environment unchanged if its program is not a script.

        Raises:
            ValueError: the archive or the packages are invalid, or the script is missing.
            UnsafePathError: a link in the source code points outside it.
            OSError: a file cannot be read or written.
        """
        program, source = self.container.program, self.container.program.source
        if source is None:
            return self.container
        entry_point = self._copy(source)
        folder, seen = self._folder, self.container.program_base / "code"
        if not (folder / entry_point).is_file():
            raise ValueError(f"the source code does not contain the script; correct {PROGRAM} or entry_point")
        is_package = (folder / _SETUP).is_file() and not entry_point.endswith(".sh")
        if is_package:
            command = ["python", "-m", entry_point.removesuffix(".py").replace("/", ".")]
        elif entry_point.endswith(".py"):
            command = ["python", str(seen / entry_point)]
        else:
            (folder / entry_point).chmod(_EXECUTABLE)
            command = ["/bin/sh", "-c", 'exec "$0" "$@"', str(seen / entry_point)]
        packages = self._install(source.requirements, is_package=is_package)
        inherited = program.environment.get("PYTHONPATH", self.container.inherited.get("PYTHONPATH"))
        path = os.pathsep.join(str(part) for part in (packages, inherited) if part)
        changed = attrs.evolve(
            program, command=command, environment={**program.environment, "PYTHONPATH": path}, source=None
        )
        return attrs.evolve(self.container, program=changed)

    @property
    def _folder(self) -> Path:
        return self.container.base / "code"

    def _copy(self, source: ScriptSource) -> str:
        """Put the files into the folder `code`, and return the path of the script in it."""
        archive = _text(self.container.hyperparameters, SUBMIT_DIRECTORY)
        if archive is not None:
            self._unpack(archive)
            return _text(self.container.hyperparameters, PROGRAM) or ""
        if source.source_dir is not None:
            copy_tree(Path(source.source_dir), self._folder)
            return source.entry_point or ""
        file = Path(source.entry_point or "")
        shutil.copy(file, self._folder / file.name)
        return file.name

    def _unpack(self, archive: str) -> None:
        """Unpack the archive of the request: an S3 address, a path in the container, or a path on this machine."""
        try:
            path = self._archive_path(archive)
            if path.is_dir():
                copy_tree(path, self._folder)
                return
            with open_regular(path, follow_links=True) as file, tarfile.open(fileobj=file) as content:
                content.extractall(self._folder, filter="data")
        except FileNotFoundError:
            raise ValueError(f"the archive in {SUBMIT_DIRECTORY} does not exist") from None
        except UnsafePathError as error:
            raise ValueError(f"the archive in {SUBMIT_DIRECTORY} cannot be used: {error}") from None
        except (tarfile.TarError, EOFError) as error:
            raise ValueError(f"the archive in {SUBMIT_DIRECTORY} is invalid: {error}") from error

    def _archive_path(self, archive: str) -> Path:
        if archive.startswith("s3://"):
            return self.storage.path(archive)
        if archive.startswith(f"{ML_FOLDER}/"):
            return within(self.container.base, archive.removeprefix(ML_FOLDER))
        path = Path(archive.removeprefix("file://"))
        if is_inside(path, self.container.root):
            raise UnsafePathError("it is in the root of the service; move it to another folder")
        return path

    def _install(self, requirements: str | None, *, is_package: bool) -> Path | None:
        """Install the packages, unless they were installed before; return their folder, or None if there are none."""
        file = self._folder / _REQUIREMENTS
        if requirements is not None:
            shutil.copy(requirements, file)
        if not file.is_file() and not is_package:
            return None
        root = self.container.root
        folder = root / "requirements" / self._key(file, is_package=is_package)
        with _installing:
            self.check()
            if not folder.is_dir():
                # what a crash leaves there is removed at the next start of the service
                incomplete = root / "data" / f"requirements-{uuid.uuid4().hex}"
                packages = [*(["-r", _REQUIREMENTS] if file.is_file() else []), *(["."] if is_package else [])]
                try:
                    run_logged(
                        [*_installer(), "--target", str(incomplete), *packages],
                        *(self.log, self.check),
                        failure=f"{_REQUIREMENTS if file.is_file() else _SETUP} cannot be installed:\n",
                        folder=self._folder,
                        environment={**self.container.inherited, NONCE: self.container.nonce},
                    )
                    incomplete.mkdir(exist_ok=True)
                    folder.parent.mkdir(mode=0o700, exist_ok=True)
                    incomplete.rename(folder)
                finally:
                    with suppress(OSError):
                        remove_tree(incomplete)
        return folder

    def _key(self, file: Path, *, is_package: bool) -> str:
        """Return a digest of the Python and the requirements, and of all source code if it may be installed, too."""
        content = file.read_bytes() if file.is_file() else b""
        digest = hashlib.sha256(f"{sys.version} {sys.prefix}\n".encode() + content)
        if is_package or _LOCAL.search(content.decode(errors="replace")):
            for name, kind in walk(self._folder):
                digest.update(f"{name} {kind}\n".encode(errors="surrogateescape"))
                if kind == "file":
                    digest.update((self._folder / name).read_bytes())
        return digest.hexdigest()[:32]


def _installer() -> list[str]:
    """Return the beginning of the command that installs packages for this Python."""
    if find_spec("pip") is not None:
        return [sys.executable, "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
    if (uv := shutil.which("uv")) is not None:
        return [uv, "pip", "install", "--python", sys.executable]
    raise ValueError(f"packages cannot be installed without pip or uv; run `{sys.executable} -m ensurepip`")
