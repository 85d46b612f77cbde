"""The jobs of a root that no service has opened. A copy of its state is read, so that the root does not change."""

from __future__ import annotations

import shutil
from contextlib import ExitStack
from pathlib import Path
from secrets import token_bytes
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from typing_extensions import override

from hptsdk.client import TuningClient
from hptsdk.errors import ServiceError
from hptsdk.local._opening import RootLock
from hptsdk.local._options import Options, serve_command
from hptsdk.local._program_map import Programs
from hptsdk.local.http import Logs, Operations, Tokens, validate_quotas
from hptsdk.local.jobs import STATE_ERRORS, Engine, ServiceConfig, Store, check_not_emptied, store_error
from hptsdk.local.process import Storage
from hptsdk.transport import ROOT_FILES, Refusal, Transport, is_served, service_error

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

# The prefixes of operations that change nothing, and of those of CloudWatch Logs.
_READS = ("Describe", "List", "Search", "Filter", "Get")
_OF_LOGS = ("DescribeLogStreams", "Filter", "Get")


class _StoredRoot(Transport):
    """A transport that reads the jobs of a root."""

    def __init__(self, root: Path) -> None:
        self._root = root
        state = root / "state.sqlite3"
        with ExitStack() as stack:
            copy = Path(stack.enter_context(TemporaryDirectory(prefix="hptsdk-")))
            # SQLite cannot open a file with a write-ahead log without writing next to it
            for file in (state, state.with_name(f"{state.name}-wal")):
                if file.exists():
                    shutil.copyfile(file, copy / file.name)
            if is_served(root):
                raise RuntimeError(f"a local service has opened {root}; call client() of its LocalService, or close it")
            check_not_emptied(state, root / "options.json")
            try:
                store = Store(copy / state.name)
            except STATE_ERRORS as error:
                raise store_error(state, error) from error
            stack.callback(store.close)
            lock = RootLock(copy)
            stack.callback(lock.release)
            config = ServiceConfig(
                root=root,
                storage=Storage(root, {}, {}),
                region=Options.read(root).region_name,
                stop_grace=0,
                root_id="",
                keep_folders=True,
                max_parallel=1,
                sampler="tpe",
            )
            tokens = Tokens(token_bytes())
            engine = Engine(store, config, Programs({}, {}), copy, lock)
            self._operations = Operations(engine, tokens, validate_quotas(None))
            self._logs = Logs(store, config, tokens)
            self._resources = stack.pop_all()

    @override
    def call(self, operation: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        if not operation.startswith(_READS):
            message = f"no local service runs for {self._root}; start one with: {serve_command(self._root)}"
            raise ServiceError(message, code="UnknownOperationException", operation=operation)
        try:
            operations = self._logs if operation.startswith(_OF_LOGS) else self._operations
            return operations.call(operation, body) or {}
        except Refusal as error:
            raise service_error(error.code, error.message, operation=operation, status=error.status) from error

    def close(self) -> None:
        """Delete the copy of the state."""
        self._resources.close()


def read_root(root: str | os.PathLike[str]) -> TuningClient:
    """Return a client that reads the jobs of a root that no service has opened, and changes nothing.

    It describes and lists jobs as they are when it is created, and reads their logs. Other calls raise `ServiceError`.

    Args:
        root: the folder of a `LocalService`.

    Returns:
        A client. Close it, or use it in a `with` block.

    Raises:
        FileNotFoundError: the folder does not exist.
        ValueError: the folder is not a root, or a file of it is damaged or of another version.
        RuntimeError: a service has opened the root.
        OSError: a file cannot be read.

    Example:
        >>> from hptsdk.local import LocalService, read_root
        >>> with LocalService("runs"):
        ...     pass
        >>> with read_root("runs") as client:
        ...     list(client.list())
        []
    """
    path = Path(root).absolute()
    if ROOT_FILES.isdisjoint(file.name for file in path.iterdir()):
        raise ValueError(f"{path} is not the root of a local service; use the folder of a LocalService")
    client = TuningClient(transport=_StoredRoot(path), poll=0.2)
    client.local_root = str(path)
    return client
