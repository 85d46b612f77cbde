"""`LocalService`: tuning jobs run for real on this machine, behind the protocol of Amazon SageMaker."""

from __future__ import annotations

import hashlib
import os
import secrets
import warnings
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING

import attrs
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.session import get_session

from hptsdk.client import TuningClient
from hptsdk.local._arguments import check_mapping, check_root, check_sampler, folders, hinting_arguments
from hptsdk.local._files import write_privately
from hptsdk.local._options import Options
from hptsdk.local._programs import MissingProgramWarning, Programs
from hptsdk.local._root_lock import RootLock
from hptsdk.local._root_mark import claim_mark
from hptsdk.local._trees import open_regular
from hptsdk.local.http import Application, Operations, Server, Signatures, Tokens, changed_quotas, quotas_of
from hptsdk.local.jobs import STATE_ERRORS, Engine, Setting, Store, check_not_emptied, check_slots, unusable
from hptsdk.local.process import Places
from hptsdk.transport import read_keys

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType
    from typing import Self

    from hptsdk.advice import Quotas
    from hptsdk.local._programs import MissingProgram, ProgramLike
    from hptsdk.local.search import Sampler

__all__ = ["LocalService"]

_ACCOUNT = "123456789012"
_IS_POSIX = os.name == "posix"


@hinting_arguments
class LocalService:
    """Runs tuning jobs on this machine, each training job as a process, over the protocol of Amazon SageMaker.

    It is open as soon as it is made. Closing it, as leaving a `with` does, ends what runs; the same root opened again
    goes on where it stopped. A root can be open once at a time.

    A tuning job goes on once all its definitions have programs. If some are missing when a root is opened again, the
    unfinished tuning jobs that need them stay InProgress and start nothing, and a `MissingProgramWarning` names them.
    `add_program`, or opening the root with the programs, lets them go on.

    Args:
        root: a folder for its state, its logs, and buckets without a folder of their own; made where it is absent.
        images: what runs for a training image: a list of arguments, never a shell's text, or a `Program`.
        algorithms: what runs for an algorithm, by its name or ARN.
        buckets: folders that stand for S3 buckets. The root remembers them.
        file_systems: folders that stand for file systems, by their ID. The root remembers them.
        port: where it answers on 127.0.0.1; any free one where nothing is said.
        region_name: the region that it seems to be in.
        stop_grace: seconds between asking a program to end and killing it; SageMaker gives 120.
        keep_folders: keep the folders of training jobs that have ended, to look into.
        sampler: the sampler of Bayesian searches: "tpe", or "gp", which needs the extra `gp`. Defaults to "tpe".
        max_parallel: the most training jobs that run at a time, those of all tuning jobs together. Further ones wait,
            whatever MaxParallelTrainingJobs is. Defaults to 100.
        quotas: those above which CreateHyperParameterTuningJob is refused with ResourceLimitExceeded. Defaults to the
            highest values that AWS grants.

    Attributes:
        root: the folder.
        region_name: the region that it seems to be in.
        credentials: what callers sign with; they are kept in the root, readable by its owner only.

    Raises:
        RuntimeError: the root is open elsewhere, or this is neither Linux nor macOS.
        OSError: the folder or a file in it can't be used, the folder of a bucket or of a file system is missing, or the
            port is taken.
        ImportError: the sampler is "gp" and torch is not installed.
        ValueError: there is no such sampler, max_parallel is no whole number of at least 1, a bucket has a name that no
            bucket has, the folder has other files and is no root, or a file of the root is damaged; the message has its
            path and what to do.
        TypeError: the quotas are no `Quotas` of whole numbers, or an argument is no mapping.

    Example:
        >>> with LocalService("runs", images={"my-image:1": ["python", "train.py"]}) as service:
        ...     print([job.hyper_parameter_tuning_job_name for job in service.client().list()])
        []
    """

    def __init__(  # noqa: PLR0913 - each is for itself
        self,
        root: str | os.PathLike[str],
        *,
        images: Mapping[str, ProgramLike] | None = None,
        algorithms: Mapping[str, ProgramLike] | None = None,
        buckets: Mapping[str, str | os.PathLike[str]] | None = None,
        file_systems: Mapping[str, str | os.PathLike[str]] | None = None,
        port: int = 0,
        region_name: str = "us-east-1",
        stop_grace: float = 120.0,
        keep_folders: bool = False,
        sampler: Sampler = "tpe",
        max_parallel: int = 100,
        quotas: Quotas | None = None,
    ) -> None:
        if not _IS_POSIX:
            raise RuntimeError("the local service runs on Linux and macOS only")
        check_sampler(sampler)
        check_slots(max_parallel)
        applied = quotas_of(quotas)
        check_mapping("images", images or {}, "{'my-image:1': ['python', 'train.py']}")
        check_mapping("algorithms", algorithms or {}, "{'my-algorithm': ['python', 'train.py']}")
        self._programs = Programs(images or {}, algorithms or {})
        places, systems = folders("buckets", buckets), folders("file_systems", file_systems)
        self.root = Path(root).absolute()
        self.region_name = region_name
        check_root(self.root)
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        # first of all: what has a lock is a root, however its first opening ends
        lock = RootLock(self.root)
        state = self.root / "state.sqlite3"
        # what is open, in the order in which it was opened
        self._closers = [lock.release]
        try:
            for name in ("buckets", "data", "training-jobs"):
                (self.root / name).mkdir(mode=0o700, exist_ok=True)
            key, secret = _keys(self.root / "credentials")
            self.credentials = Credentials(key, secret)
            check_not_emptied(state, self.root / "options.json")
            self._store = Store(state, lock)
            self._closers.append(self._store.close)
            options = Options.read(self.root)
            places = self._remembered(options.buckets, places, "bucket") | places
            systems = self._remembered(options.file_systems, systems, "file system") | systems
            setting = Setting(
                root=self.root,
                folder=self.root / "training-jobs",
                places=Places(self.root, places, systems),
                region=region_name,
                account=_ACCOUNT,
                grace=stop_grace,
                closing_grace=min(stop_grace, _CLOSING_GRACE),
                nonce=claim_mark(self.root, earlier=hashlib.sha256(secret.encode()).hexdigest()[:16]),
                keep_folders=keep_folders,
                max_parallel=max_parallel,
                sampler=sampler,
                here=Path.cwd(),
                environment=dict(os.environ),
            )
            self._engine = Engine(self._store, setting, self._programs, self.root / "data", lock)
            self._closers.append(self._engine.close)
            operations = Operations(self._engine, Tokens(secret.encode()), applied)
            self._server = Server(Application(operations, Signatures(self.credentials, region_name)), port)
            self._closers.append(self._server.close)
            self._options = attrs.evolve(
                options.with_programs(self._programs.images, self._programs.algorithms, setting.here),
                buckets={name: str(folder) for name, folder in places.items()},
                file_systems={name: str(folder) for name, folder in systems.items()},
                region_name=region_name,
                sampler=sampler,
                max_parallel=max_parallel,
                quotas=changed_quotas(applied),
            )
            self._options.write(self.root)
            self._programs.warn()
            self._engine.resume()
            self._engine.record_missing_programs()
            self._server.start()
            # for commands that know only the root
            write_privately(self.root / "endpoint", f"{self.endpoint_url} {region_name}\n")
            self._warn_of_missing_programs()
        except STATE_ERRORS as error:
            self.close()
            raise unusable(state, error) from error
        except BaseException:
            # a program that ran on without the lock could run a second time in another service
            self.close()
            raise

    def _remembered(self, folders: Mapping[str, str], given: Mapping[str, Path], kind: str) -> dict[str, Path]:
        """Return the folders that the root was opened with earlier; unfinished tuning jobs may need each of them."""
        found = {name: Path(folder) for name, folder in folders.items() if name not in given}
        missing = [name for name, folder in found.items() if not folder.is_dir()]
        if missing and self._store.one("SELECT 1 FROM tuning_jobs WHERE ended IS NULL") is not None:
            name, option = missing[0], kind.replace(" ", "_")
            raise NotADirectoryError(
                f"the {kind} {name} was {found[name]}, which is no folder any more; restore it, or name another with "
                f"{option}s={{{name!r}: FOLDER}}, in a shell with --{option.replace('_', '-')} {name}=FOLDER"
            )
        return {name: folder for name, folder in found.items() if name not in missing}

    def _warn_of_missing_programs(self) -> None:
        lines = [
            f"  {', '.join(missing.tuning_jobs)}: service.add_program({self._options.code_for(missing)})"
            for missing in self.missing_programs
        ]
        if lines:
            head = "these tuning jobs wait for programs that the service does not have, and go on once they are given:"
            warnings.warn("\n".join([head, *lines]), MissingProgramWarning, stacklevel=4)

    @property
    def missing_programs(self) -> tuple[MissingProgram, ...]:
        """The images and algorithms without a program for which unfinished tuning jobs wait."""
        return self._engine.missing_programs()

    @property
    def unfinished_tuning_jobs(self) -> tuple[str, ...]:
        """The names of the tuning jobs that have not ended; once the service is closed, of those that go on later."""
        return self._engine.unfinished()

    @property
    def endpoint_url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self._server.port}"

    def client(self) -> TuningClient:
        """Make a client of it: the same as for SageMaker, but for where it calls.

        Raises:
            RuntimeError: the service is closed.
        """
        self._check_open()
        session = get_session()
        session.set_credentials(self.credentials.access_key, self.credentials.secret_key)
        client = TuningClient(
            self.region_name,
            session=session,
            endpoint_url=self.endpoint_url,
            config=Config(retries={"total_max_attempts": 2}, proxies={}),
            poll=_POLL,
        )
        client.local_root = str(self.root)
        return client

    def add_program(self, program: ProgramLike, *, image: str | None = None, algorithm: str | None = None) -> None:
        """Name the program of one more image or algorithm; tuning jobs that waited for it go on.

        Args:
            program: a list of arguments, or a `Program`.
            image: the training image that it stands for.
            algorithm: the algorithm that it stands for, by its name or ARN.

        Raises:
            TypeError: there is neither an image nor an algorithm, or the program is no list of arguments.
            RuntimeError: the service is closed.
        """
        self._check_open()
        if image is None and algorithm is None:
            raise TypeError("a program stands for an image or for an algorithm; name one")
        self._programs.add(program, image=image, algorithm=algorithm)
        here = self._engine.setting.here
        self._options = self._options.with_programs(self._programs.images, self._programs.algorithms, here)
        self._options.write(self.root)
        self._engine.record_missing_programs()

    def _check_open(self) -> None:
        if not self._closers:
            raise RuntimeError("the service is closed; open the root again")

    def log(self, training_job: str) -> str:
        """Read what a training job has printed so far.

        Raises:
            OSError: there is no log of that name, or its program has put something else in its place.
        """
        path = self.root / "training-jobs" / Path(training_job).name / "log.txt"
        try:
            file = open_regular(path)
        except FileNotFoundError:
            raise FileNotFoundError(
                f"there is no log of a training job {training_job}; {path} does not exist"
            ) from None
        with TextIOWrapper(file, encoding="utf-8", errors="replace") as log:
            return log.read()

    def close(self) -> None:
        """Stop answering, and end all that runs; the root can be opened again.

        Closing that was interrupted goes on when it is called again. Until then the root stays locked.
        """
        while self._closers:
            self._closers[-1]()
            self._closers.pop()

    def __enter__(self) -> Self:
        """Give itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        self.close()

    def __repr__(self) -> str:
        """Show where it is."""
        return f"LocalService({str(self.root)!r}, endpoint_url={self.endpoint_url!r})"


# Seconds that a program has to end when the service closes.
_CLOSING_GRACE = 5.0

# Seconds between a waiting client's first calls.
_POLL = 0.2


def _keys(path: Path) -> tuple[str, str]:
    """Read the keys of a root, or make them."""
    try:
        return read_keys(path)
    except FileNotFoundError:
        key, secret = f"AKIA{secrets.token_hex(8).upper()}", secrets.token_urlsafe(30)
        write_privately(path, f"[default]\naws_access_key_id = {key}\naws_secret_access_key = {secret}\n\n")
        return key, secret
