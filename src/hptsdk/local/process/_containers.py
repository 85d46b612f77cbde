"""The environment of a training job that runs in containers, and the checks of its request."""

from __future__ import annotations

import os
import sys
import threading
import uuid
from contextlib import suppress
from typing import TYPE_CHECKING, ClassVar

import attrs
import psutil
from typing_extensions import override

from hptsdk.local._files import walk
from hptsdk.local._programs import IMAGE
from hptsdk.local.process._container_engine import ROOT_LABEL, ContainerEngineError, find_engine, record_engine
from hptsdk.local.process._environment import (
    CHECKPOINTS,
    DEFAULT_GROUP,
    FOLDERS,
    InstanceGroup,
    TrainingEnvironment,
    checkpoint_path,
    empty_temporary_folder,
    exit_code,
    gpu_count,
    instance_type_of,
    valid_variables,
)
from hptsdk.local.process._isolation import ML_FOLDER
from hptsdk.local.process._processes import ENGINE_CODES, ContainerProcess, TrainingProcess, mount_option, run_logged
from hptsdk.local.process._storage import mode_of
from hptsdk.rules.facts.instance_families import instance_size
from hptsdk.transport import bad_request

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from hptsdk.local._programs import Container
    from hptsdk.local.process._container_engine import ContainerEngine
    from hptsdk.local.process._isolation import SharedFolder
    from hptsdk.shapes import HyperParameterTrainingJobDefinition

# Exit codes for SIGKILL and SIGTERM, also when the daemon of the engine ends.
_KILLED = (137, 143)

# The beginnings of the messages of engines with these exit codes, which a program may have, too.
_ENGINE_MESSAGES = ("Error:", "docker:", "podman:")

# The exit code for a program that is missing in the image.
_NOT_FOUND = 127

# The permissions of files and folders for a user in a container, who may be any user.
_ANYONE = 0o777

# Seconds between two checks whether a training job that waits for an image has to be stopped.
_TICK = 0.1

_pulling = threading.Lock()

_ARCHITECTURE = "build the image for this machine, or install an emulator such as qemu-user-static"
_NO_PROGRAM = "add this program to the image, or set entrypoint and arguments of the container"


def _groups_of(definition: HyperParameterTrainingJobDefinition) -> list[InstanceGroup]:
    """Return the instance groups of a definition."""
    resources, tuning = definition.resource_config, definition.hyper_parameter_tuning_resource_config
    groups = [(DEFAULT_GROUP, instance_type_of(definition), 1)]
    if resources is not None and resources.instance_groups:
        groups = [(one.instance_group_name, one.instance_type, one.instance_count) for one in resources.instance_groups]
    elif (chosen := resources or tuning) is not None:
        configs = (tuning.instance_configs or ()) if tuning is not None else ()
        count = next((one.instance_count for one in configs), chosen.instance_count)
        groups = [(DEFAULT_GROUP, instance_type_of(definition), count or 1)]
    hosts = (f"algo-{number}" for number in range(1, 1 + sum(count for *_, count in groups)))
    return [InstanceGroup(name, kind, tuple(next(hosts) for _ in range(count))) for name, kind, count in groups]


@attrs.frozen(kw_only=True)
class ContainerEnvironment(TrainingEnvironment):
    """The environment of a training job that runs in containers.

    Attributes:
        container: the options of its containers.
    """

    container: Container

    interface: ClassVar[str] = "eth0"

    @property
    @override
    def is_isolated(self) -> bool:
        return True

    @property
    @override
    def groups(self) -> list[InstanceGroup]:
        return _groups_of(self.definition)

    @property
    def image(self) -> str:
        """The image of the `Container`; if it has none, the TrainingImage of the definition."""
        return self.container.image or self.definition.algorithm_specification.training_image or ""

    def pull(self, log: Path, check: Callable[[], None]) -> None:
        """Download the image if it is missing.

        Args:
            log: the log of the training job.
            check: raises an exception if the download has to be stopped.

        Raises:
            OSError: the log cannot be written.
            ValueError: it cannot be downloaded, or is missing and the `Container` has pull="never".
            ContainerEngineError: the engine does not work.
        """
        engine = find_engine(self.container.engine)
        # training jobs that start at the same time download it once
        while not _pulling.acquire(timeout=_TICK):
            check()
        try:
            if not engine.has_image(self.image):
                if self.container.pull == "never":
                    raise ValueError(_absent(self.image, engine))
                failure = f"{engine.name} cannot pull the image {self.image}: "
                run_logged([engine.path, "pull", self.image], log, check, failure=failure)
        finally:
            _pulling.release()

    @override
    def start(self, channels: Mapping[str, SharedFolder], log: Path) -> ContainerProcess:
        engine = find_engine(self.container.engine)
        record_engine(self.root, engine)
        self._open_folders()
        temporary = empty_temporary_folder(self.base.parent)
        name = f"hptsdk-{self.name}-{uuid.uuid4().hex[:8]}"
        label = f"--label={ROOT_LABEL}={self.nonce.partition('.')[0]}"
        hosts = {host: group.instance_type for group in self.groups for host in group.hosts}
        is_cluster = len(hosts) > 1
        process = ContainerProcess(engine, self.base, self.image, name if is_cluster else None)
        try:
            # the values may be secrets, which the arguments of a process would show
            process.variables = self._write_variables(temporary)
            if is_cluster:
                inner = ["--internal"] if self.definition.enable_network_isolation else []
                engine.call("network", "create", label, *inner, name)
            # podman passes the proxies of the shell on, which may contain passwords
            variables = {name: text for name, text in self.inherited.items() if not name.lower().endswith("_proxy")}
            options = self._options(engine, channels)
            for host, instance_type in hosts.items():
                container = f"{name}-{host}"
                host_options = [label, f"--name={container}", f"--hostname={host}", f"--env-file={process.variables}"]
                if is_cluster:
                    configuration = temporary / host
                    configuration.mkdir()
                    configuration.chmod(0o755)
                    self.write_configuration(configuration, host)
                    host_options += [f"--network={name}", f"--network-alias={host}"]
                    host_options.append(mount_option(configuration, f"{ML_FOLDER}/input/config"))
                elif self.definition.enable_network_isolation:
                    host_options.append("--network=none")
                host_options += self._limits(instance_type)
                command = [engine.path, "run", *host_options, *options, *self._command]
                process.add(container, TrainingProcess(command, variables, self.base / "code", log))
        except BaseException:
            process.kill()
            process.close()
            raise
        return process

    def _open_folders(self) -> None:
        """Allow every user in a container to write; on this machine, only the owner of the service has access."""
        for name in ("", "input", "output", *FOLDERS):
            (self.base / name).chmod(_ANYONE)
        checkpoints = self.base / "checkpoints"
        for name, kind in walk(checkpoints):
            # one that another user created before a crash cannot be changed
            with suppress(OSError):
                if kind in ("folder", "file"):
                    (checkpoints / name).chmod(_ANYONE if kind == "folder" else 0o666)

    def _write_variables(self, folder: Path) -> Path:
        """Write the environment variables to a file, which only its owner can read."""
        own, requested = self.container.environment, self.definition.environment or {}
        variables = valid_variables({**self.variables, **own, **requested})
        for name, text in variables.items():
            if "\n" in text or "\r" in text:
                raise ValueError(f"environment variable {name}: expected one line, got several; remove the line breaks")
        path = folder / "environment"
        path.touch(mode=0o600)
        path.write_text("".join(f"{name}={text}\n" for name, text in variables.items()), encoding="utf-8")
        return path

    def _options(self, engine: ContainerEngine, channels: Mapping[str, SharedFolder]) -> list[str]:
        """Return the options of `docker run` that all hosts have."""
        container = self.container
        # as outside of containers, /dev/shm can have half of the memory
        options = ["--rm", "--pull=never", "--log-driver=none", f"--shm-size={psutil.virtual_memory().total // 2}"]
        # without it, SELinux denies access to the folder of the training job
        options += ["--security-opt=label=disable", mount_option(self.base, ML_FOLDER)]
        for name, shared in channels.items():
            target = f"{ML_FOLDER}/input/data/{name}"
            options.append(mount_option(shared.path, target, is_read_only=shared.is_read_only))
        if (checkpoints := checkpoint_path(self.definition)) != CHECKPOINTS:
            options.append(mount_option(self.base / "checkpoints", checkpoints))
        if container.user is not None:
            options.append(f"--user={container.user}")
        if container.gpus == "all" or (container.gpus == "auto" and gpu_count()):
            options.append("--device=nvidia.com/gpu=all" if engine.name == "podman" else "--gpus=all")
        return options

    def _limits(self, instance_type: str) -> list[str]:
        """Return the options for the processors and the memory of an instance type, if they are limited."""
        size = instance_size(instance_type) if self.container.limits else None
        if size is None:
            return []
        processors, gib = size
        # an engine rejects more processors than the machine has
        return [f"--cpus={min(processors, os.cpu_count() or processors)}", f"--memory={int(gib * 1024)}m"]

    @property
    def _command(self) -> list[str]:
        """The option for the entry point, the image and the arguments of a container."""
        container = self.container
        entrypoint = [] if container.entrypoint is None else [f"--entrypoint={container.entrypoint}"]
        return [*entrypoint, self.image, *container.arguments]

    @override
    def failure(self, code: int, reason: str) -> tuple[str, str, str]:
        lines = reason.splitlines()
        # docker adds a line that refers to its help
        message = next((line for line in reversed(lines) if line.startswith(_ENGINE_MESSAGES)), "")
        engine = find_engine(self.container.engine)
        if code < 0:
            text = f"{engine.name} was ended by a signal while its container ran"
            return "InternalServerError", text, exit_code(code)
        if lines and "exec format error" in lines[-1]:
            return "ClientError", f"the image {self.image} is for another type of processor", f"; {_ARCHITECTURE}"
        is_of_engine = code in ENGINE_CODES and bool(message)
        if is_of_engine or code in _KILLED:
            try:
                engine.check()
            except ContainerEngineError as error:
                return "InternalServerError", f"{engine.name} does not work: {error}", exit_code(code)
        if not is_of_engine:
            return "AlgorithmError", reason, exit_code(code)
        # it may have been removed
        engine.images.discard(self.image)
        hint = f"; {_NO_PROGRAM}" if code == _NOT_FOUND else ""
        return "ClientError", f"{engine.name} cannot run the image {self.image}: {message}", hint


def check_container(container: Container, definition: HyperParameterTrainingJobDefinition) -> None:
    """Check that a container engine works and can run a definition.

    Raises:
        Refusal: it cannot.
    """
    image = container.image or definition.algorithm_specification.training_image
    if image is None or not IMAGE.fullmatch(image):
        raise bad_request(f"TrainingImage: expected the name of an image, got {image}; set the image of the container.")
    groups = _groups_of(definition)
    for group in groups if container.limits else ():
        if instance_size(group.instance_type) is None:
            raise bad_request(
                f"The memory and processors of {group.instance_type} are unknown; use another instance type, or set "
                "limits of the container to false."
            )
    for channel in definition.input_data_config or ():
        if mode_of(channel, definition) == "Pipe" and sys.platform != "linux":
            raise bad_request(f"Channel {channel.channel_name}: Pipe mode in containers requires Linux; use File mode.")
    if not (path := checkpoint_path(definition)).startswith("/") or ".." in path.split("/"):
        expected = "expected an absolute path other than / and without .."
        raise bad_request(f"CheckpointConfig.LocalPath: {expected}, got {path or '/'}; use {CHECKPOINTS}.")
    try:
        engine = find_engine(container.engine)
        if container.pull == "never" and not engine.has_image(image):
            raise bad_request(f"{_absent(image, engine)}.")
        if sum(len(group.hosts) for group in groups) > 1:
            _check_cluster(engine, definition)
    except ContainerEngineError as error:
        raise bad_request(f"No container can run here: {error}.") from error


def _check_cluster(engine: ContainerEngine, definition: HyperParameterTrainingJobDefinition) -> None:
    """Check that several containers can run together, with the data of a definition.

    Raises:
        Refusal: the data is not supported for several containers.
        ContainerEngineError: the engine cannot create a network.
    """
    for channel in definition.input_data_config or ():
        source = channel.data_source.s3_data_source
        unsupported = "Pipe mode" if mode_of(channel, definition) == "Pipe" else None
        if source is not None and source.s3_data_distribution_type == "ShardedByS3Key":
            unsupported = "ShardedByS3Key"
        if source is not None and source.instance_group_names:
            unsupported = "InstanceGroupNames"
        if unsupported is not None:
            raise bad_request(
                f"Channel {channel.channel_name}: {unsupported} is not supported by the local service for several "
                "instances; use FullyReplicated without InstanceGroupNames in File or FastFile mode, or one instance."
            )
    name = f"hptsdk-check-{uuid.uuid4().hex[:8]}"
    engine.call("network", "create", name)
    engine.call("network", "rm", name)


def _absent(image: str, engine: ContainerEngine) -> str:
    hint = f'run `{engine.name} pull {image}`, or set pull of the container to "missing"'
    return f"The image {image} is not on this machine; {hint}"
