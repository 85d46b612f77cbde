"""`LocalService`, which runs tuning jobs on this machine and implements the API of Amazon SageMaker."""

from __future__ import annotations

import os
import warnings
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING

import attrs
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.session import get_session

from hptsdk._validation.call_arguments import suggests_arguments
from hptsdk.client import TuningClient
from hptsdk.local._files import open_regular
from hptsdk.local._opening import (
    RootLock,
    check_mapping,
    check_options,
    check_root,
    claim_id,
    claim_keys,
    create_server,
    folders,
    stored_folders,
    write_address,
)
from hptsdk.local._options import Options, serve_command
from hptsdk.local._program_map import MissingProgramWarning, Programs
from hptsdk.local.http import changed_quotas, validate_quotas
from hptsdk.local.jobs import STATE_ERRORS, Engine, ServiceConfig, Store, check_not_emptied, store_error
from hptsdk.local.process import Storage
from hptsdk.transport import client_environment

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from types import TracebackType
    from typing import Self

    from hptsdk.advice import Quotas
    from hptsdk.enums import Sampler
    from hptsdk.local._programs import ProgramLike
    from hptsdk.transport import MissingProgram

_IS_POSIX = os.name == "posix"


class LocalService:
    """A service that runs tuning jobs on this machine with the API of Amazon SageMaker.

    Training jobs run as processes or containers. `LocalService(root)` opens a root, the folder with its state.
    `close()` and the end of the `with` block end all programs. If the root is opened again, its tuning jobs continue.
    Only one service at a time can open a root.

    A tuning job runs if all its definitions have programs. If some are missing when a root is opened again, the
    unfinished tuning jobs that need them stay InProgress and start no training jobs, and a `MissingProgramWarning`
    names them. They continue after `add_program`, or if the root is opened with the programs.

    Args:
        root: the folder for the state, the logs, and buckets without a folder; created if missing.
        images: what runs for training images: a `Container`, a `Program`, or a list of a program and its arguments. A
            name can be a pattern, such as "*/sagemaker-xgboost:*" or "*". An image without a program of its own gets
            that of the longest pattern that matches. Defaults to none.
        algorithms: the programs of algorithms, by name or ARN, or by a pattern. Defaults to none.
        buckets: the folders of S3 buckets, by bucket name. The root stores their paths. Defaults to none.
        file_systems: the folders of file systems, by ID. The root stores their paths. Defaults to none.
        port: the port on 127.0.0.1. Defaults to any free port.
        region_name: the AWS region for which clients must sign. Defaults to "us-east-1".
        stop_grace: the seconds between SIGTERM and SIGKILL when a program is stopped, but at most 5 when the service
            closes. Defaults to 120, as in SageMaker.
        keep_folders: whether to keep the `/opt/ml` of training jobs that have ended. Defaults to False.
        sampler: the sampler of Bayesian searches: "tpe", or "gp", which needs the extra `gp`. Defaults to "tpe".
        max_parallel: the maximum number of training jobs of all tuning jobs that run at a time. Others wait, even if
            MaxParallelTrainingJobs allows more. Defaults to 100.
        stored_programs: whether to run the programs that the root stores, for images and algorithms that are not
            passed now. A program with environment variables takes them from those of this process; if one
            is not set, the program is missing. Defaults to False.
        quotas: the quotas above which CreateHyperParameterTuningJob fails with ResourceLimitExceeded. Defaults to
            `Quotas.highest()`, the highest values that AWS grants.

    Attributes:
        root: the absolute path of the folder.
        region_name: the AWS region.
        credentials: the keys of callers, which are stored in the root, readable by its owner only.

    Raises:
        RuntimeError: another service has opened the root, a container that an earlier service left cannot be removed,
            or the system is neither Linux nor macOS.
        OSError: the folder or a file in it cannot be used, the folder of a bucket or of a file system is missing,
            the port is in use, or a program of an earlier service does not end.
        OverflowError: the port is not from 0 to 65535.
        ImportError: the sampler is "gp" and torch is not installed.
        ValueError: the sampler is unknown, max_parallel is not an integer of at least 1, the name of a bucket is
            invalid, the folder has other files and is not a root, or a file of the root is damaged or of
            another version.
        TypeError: a program, a mapping or the quotas have another type, or an argument is unknown.

    Example:
        >>> from hptsdk.local import LocalService
        >>> with LocalService("runs", images={"my-image:1": ["python", "train.py"]}) as service:
        ...     print([job.hyper_parameter_tuning_job_name for job in service.client().list()])
        []
    """

    @suggests_arguments
    def __init__(
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
        stored_programs: bool = False,
        quotas: Quotas | None = None,
    ) -> None:
        if not _IS_POSIX:
            raise RuntimeError("the local service runs on Linux and macOS only")
        check_options(sampler, max_parallel)
        applied_quotas = validate_quotas(quotas)
        check_mapping("images", images or {}, "{'my-image:1': ['python', 'train.py']}")
        check_mapping("algorithms", algorithms or {}, "{'my-algorithm': ['python', 'train.py']}")
        self._programs = Programs(images or {}, algorithms or {})
        bucket_folders, system_folders = folders("buckets", buckets), folders("file_systems", file_systems)
        self.root = Path(root).absolute()
        self.region_name = region_name
        check_root(self.root)
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        # locked first: a folder with a lock is a root, even if opening it for the first time fails
        self._lock = lock = RootLock(self.root)
        state = self.root / "state.sqlite3"
        self._closers = [lock.release]
        try:
            for name in ("buckets", "data", "training-jobs", "uploads"):
                (self.root / name).mkdir(mode=0o700, exist_ok=True)
            self.credentials = Credentials(*claim_keys(self.root))
            check_not_emptied(state, self.root / "options.json")
            self._store = Store(state, lock)
            self._closers.append(self._store.close)
            options = Options.read(self.root)
            is_unfinished = self._store.one("SELECT 1 FROM tuning_jobs WHERE ended IS NULL") is not None
            bucket_folders |= stored_folders("bucket", options.buckets, bucket_folders, needed=is_unfinished)
            system_folders |= stored_folders("file system", options.file_systems, system_folders, needed=is_unfinished)
            config = ServiceConfig(
                root=self.root,
                storage=Storage(self.root, bucket_folders, system_folders),
                region=region_name,
                stop_grace=stop_grace,
                root_id=claim_id(self.root),
                keep_folders=keep_folders,
                max_parallel=max_parallel,
                sampler=sampler,
                working_folder=self._add_stored_programs(options) if stored_programs else Path.cwd(),
            )
            self._programs.check(omit=is_unfinished)
            self._engine = Engine(self._store, config, self._programs, self.root / "data", lock)
            self._closers.append(self._engine.close)
            self._server = create_server(self._engine, self.credentials, applied_quotas, port, self._closers)
            self._options = attrs.evolve(
                options.with_programs(self._programs, config.working_folder),
                buckets={name: str(folder) for name, folder in bucket_folders.items()},
                file_systems={name: str(folder) for name, folder in system_folders.items()},
                region_name=region_name,
                sampler=sampler,
                max_parallel=max_parallel,
                quotas=changed_quotas(applied_quotas),
            )
            self._options.write(self.root)
            missing = self._engine.resume()
            self._engine.write_missing_programs()
            self._server.start()
            write_address(self.root, self.endpoint_url, region_name)
            self._warn_of_missing_programs(missing)
        except BaseException as error:
            self.close()
            if isinstance(error, STATE_ERRORS):
                raise store_error(state, error) from error
            raise

    def _add_stored_programs(self, options: Options) -> Path:
        """Add the stored programs, and return the folder on the path of Python: theirs if no program was passed."""
        is_passed = bool(self._programs.images or self._programs.algorithms)
        self._programs.add_stored(*options.programs(os.environ))
        return Path.cwd() if is_passed or options.folder is None else Path(options.folder)

    def _warn_of_missing_programs(self, programs: Iterable[MissingProgram]) -> None:
        lines = [
            f"  {', '.join(missing.tuning_jobs)}: {missing.reason and missing.reason + ': '}"
            f"service.add_program({self._options.code_for(missing)})"
            for missing in programs
        ]
        if lines:
            head = "these tuning jobs wait for programs, and continue after these calls:"
            # the caller of the constructor, which `suggests_arguments` wraps
            warnings.warn("\n".join([head, *lines]), MissingProgramWarning, stacklevel=4)

    @property
    def missing_programs(self) -> tuple[MissingProgram, ...]:
        """The images and algorithms for whose programs unfinished tuning jobs wait, with the reasons."""
        return self._engine.missing_programs()

    @property
    def unfinished_tuning_jobs(self) -> tuple[str, ...]:
        """The names of the tuning jobs and standalone training jobs that run or wait, oldest first."""
        return tuple(run.name for run in self._engine.runs())

    @property
    def has_lost_root(self) -> bool:
        """Whether the root of the open service was deleted, replaced or moved; the service then ends its programs."""
        return bool(self._closers) and not self._lock.is_held

    @property
    def endpoint_url(self) -> str:
        """The endpoint URL of the API, such as `http://127.0.0.1:8123`, for boto3 and the AWS CLI."""
        return f"http://127.0.0.1:{self._server.port}"

    def environment(self) -> dict[str, str]:
        """Return the environment variables with which boto3, the AWS CLI, s3fs and the SDKs of AWS call the service.

        They are the endpoint URLs of SageMaker, CloudWatch Logs, S3 and STS, the keys, the region, NO_PROXY, and for
        the SageMaker Python SDK the name of its default bucket and no validation of roles.

        Returns:
            The values by name. They contain the secret key of the service.

        Raises:
            RuntimeError: the service is closed.

        Example:
            >>> from hptsdk.local import LocalService
            >>> with LocalService("runs") as service:
            ...     service.environment()["AWS_REGION"]
            'us-east-1'
        """
        self._check_open()
        keys = self.credentials.access_key, self.credentials.secret_key
        return client_environment(self.root, self.endpoint_url, self.region_name, keys)

    def client(self) -> TuningClient:
        """Return a client of the service, with its endpoint, region and credentials.

        Returns:
            A client like that of SageMaker. Close it, or use it in a `with` block.

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
            poll=0.2,
        )
        client.local_root = str(self.root)
        return client

    def add_program(self, program: ProgramLike, *, image: str | None = None, algorithm: str | None = None) -> None:
        """Add or replace the program of an image or an algorithm; tuning jobs that wait for it continue.

        Args:
            program: a list of arguments, a `Program`, or a `Container`.
            image: the training image. Defaults to none.
            algorithm: the name or the ARN of the algorithm. Defaults to none.

        Raises:
            TypeError: neither an image nor an algorithm is passed, or the program has another type.
            RuntimeError: the service is closed.
        """
        self._check_open()
        if image is None and algorithm is None:
            raise TypeError("add_program: expected an image or an algorithm; pass image=... or algorithm=...")
        self._programs.add(program, image=image, algorithm=algorithm)
        self._options = self._options.with_programs(self._programs, self._engine.context.config.working_folder)
        self._options.write(self.root)
        self._engine.write_missing_programs()

    def _check_open(self) -> None:
        if not self._closers:
            raise RuntimeError(f"the service is closed; open its root again with LocalService({str(self.root)!r})")

    def log(self, training_job: str) -> str:
        """Return the output of a training job so far: standard output and standard error of its program.

        Args:
            training_job: the name of the training job.

        Returns:
            The output of its last attempt. Bytes that are not UTF-8 are replaced.

        Raises:
            OSError: the training job does not exist or has not started, or its program has replaced the log.
        """
        path = self.root / "training-jobs" / Path(training_job).name / "log.txt"
        try:
            file = open_regular(path)
        except FileNotFoundError:
            raise FileNotFoundError(f"the training job {training_job} has no log: {path} does not exist") from None
        with TextIOWrapper(file, encoding="utf-8", errors="replace") as log:
            return log.read()

    def close(self) -> None:
        """Close the service. Unfinished tuning jobs continue when the root is opened again.

        Programs that run get SIGTERM, and those that have not ended after `stop_grace`, or 5 seconds if that is
        shorter, get SIGKILL. If closing was interrupted, call it again. Until then the root remains locked.
        """
        while self._closers:
            self._closers[-1]()
            self._closers.pop()

    def __enter__(self) -> Self:
        """Return the service."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the service; if Ctrl+C leaves unfinished jobs, a note of the error has the command that continues."""
        if isinstance(error, KeyboardInterrupt) and self.unfinished_tuning_jobs and not hasattr(error, "__notes__"):
            names = ", ".join(self.unfinished_tuning_jobs)
            error.add_note(f"Unfinished tuning jobs: {names}. To continue them, run:\n  {serve_command(self.root)}")
        self.close()

    def __repr__(self) -> str:
        """Return the root and the endpoint URL."""
        return f"LocalService({str(self.root)!r}, endpoint_url={self.endpoint_url!r})"
