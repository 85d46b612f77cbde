"""The environment of a training job: the folders, files and variables of a SageMaker training container."""

from __future__ import annotations

import json
import logging
import subprocess
from abc import ABC, abstractmethod
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, ClassVar, NamedTuple

import attrs

from hptsdk import to_wire
from hptsdk.local._files import kind_of, remove_tree
from hptsdk.local.process._storage import mode_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from hptsdk.local.process._isolation import SharedFolder
    from hptsdk.local.process._processes import ContainerProcess, TrainingProcess
    from hptsdk.shapes import HyperParameterTrainingJobDefinition

_logger = logging.getLogger("hptsdk.local")

CHECKPOINTS = "/opt/ml/checkpoints"
"""The folder of checkpoints in a training container."""

NONCE = "HPTSDK_TRAINING_JOB"
"""The environment variable by which a service recognizes its processes, also after a crash."""

# The base folder, which corresponds to `/opt/ml`, and the folder of checkpoints in it.
_BASE, _CHECKPOINTS = "ml", "checkpoints"

# The folder that an isolated program has as `/tmp`, and the permissions of such a folder.
_TMP, _ANYONE_STICKY = "tmp", 0o1777

FOLDERS = ("input/config", "input/data", "model", "output/data", "output/intermediate", "checkpoints", "code")
"""The folders in the base folder."""

FIRST_HOST, DEFAULT_GROUP = "algo-1", "homogeneousCluster"
"""The name of the first host, and that of the instance group of a request without groups."""


class InstanceGroup(NamedTuple):
    """A group of hosts of a training job that have the same instance type."""

    name: str
    instance_type: str
    hosts: tuple[str, ...]

    @property
    def document(self) -> dict[str, object]:
        """The group in `resourceconfig.json`."""
        return {"instance_group_name": self.name, "instance_type": self.instance_type, "hosts": list(self.hosts)}


@attrs.frozen(kw_only=True)
class TrainingEnvironment(ABC):
    """The environment of one training job.

    Attributes:
        base: the folder that corresponds to `/opt/ml`.
        name: the name of the training job.
        arn: its ARN.
        region: the AWS region.
        definition: its definition.
        hyperparameters: all its hyperparameters.
        root: the root of the service.
        nonce: the text by which its processes are recognized; it begins with the ID of the root.
        inherited: the environment variables of the service.
    """

    base: Path
    name: str
    arn: str
    region: str
    definition: HyperParameterTrainingJobDefinition
    hyperparameters: Mapping[str, str]
    root: Path
    nonce: str
    inherited: Mapping[str, str]

    # The network interface in `resourceconfig.json`.
    interface: ClassVar[str] = "lo"

    @property
    def groups(self) -> list[InstanceGroup]:
        """The instance groups; one group with one host for a program without containers."""
        return [InstanceGroup(DEFAULT_GROUP, instance_type_of(self.definition), (FIRST_HOST,))]

    @property
    @abstractmethod
    def is_isolated(self) -> bool:
        """Whether the base folder is `/opt/ml` for the program."""

    def create(self) -> None:
        """Create the folders in the base folder, and the files in `input/config`."""
        for folder in FOLDERS:
            (self.base / folder).mkdir(parents=True, exist_ok=True)
        self.write_configuration(self.base / "input" / "config", FIRST_HOST)

    def write_configuration(self, folder: Path, host: str) -> None:
        """Write the configuration files of a host, which a user in a container can read with any umask."""
        documents: dict[str, object] = {
            "hyperparameters": dict(self.hyperparameters),
            "inputdataconfig": self.channels,
            "resourceconfig": self.resources(host),
        }
        if self.definition.checkpoint_config is not None:
            documents["checkpointconfig"] = to_wire(self.definition.checkpoint_config)
        for name, content in documents.items():
            file = folder / f"{name}.json"
            file.write_text(json.dumps(content), encoding="utf-8")
            file.chmod(0o644)

    @property
    def channels(self) -> dict[str, dict[str, str]]:
        """The content of `inputdataconfig.json`."""
        channels: dict[str, dict[str, str]] = {}
        for channel in self.definition.input_data_config or ():
            source = channel.data_source.s3_data_source
            entry: dict[str, str] = {
                "TrainingInputMode": mode_of(channel, self.definition),
                "S3DistributionType": (source and source.s3_data_distribution_type) or "FullyReplicated",
                "RecordWrapperType": channel.record_wrapper_type or "None",
            }
            if channel.content_type is not None:
                entry["ContentType"] = channel.content_type
            channels[channel.channel_name] = entry
        return channels

    def resources(self, host: str) -> dict[str, object]:
        """Return the content of `resourceconfig.json` of a host."""
        groups = self.groups
        own = next(group for group in groups if host in group.hosts)
        return {
            "current_host": host,
            "current_instance_type": own.instance_type,
            "current_group_name": own.name,
            "hosts": [name for group in groups for name in group.hosts],
            "instance_groups": [group.document for group in groups],
            "network_interface_name": self.interface,
            "topology": None,
        }

    @property
    def variables(self) -> dict[str, str]:
        """The variables that SageMaker sets, and PYTHONUNBUFFERED, so that Python writes each line at once."""
        return {
            "PYTHONUNBUFFERED": "1",
            "TRAINING_JOB_NAME": self.name,
            "TRAINING_JOB_ARN": self.arn,
            "AWS_REGION": self.region,
        }

    @abstractmethod
    def start(self, channels: Mapping[str, SharedFolder], log: Path) -> TrainingProcess | ContainerProcess:
        """Start the program of the training job.

        Args:
            channels: the shared folders by channel name.
            log: the file to which the output is appended.

        Raises:
            ValueError: the program cannot be started.
            ContainerEngineError: its container engine does not work.
            OSError: a file or a process cannot be created.
        """

    @abstractmethod
    def failure(self, code: int, reason: str) -> tuple[str, str, str]:
        """Return the three parts of a FailureReason: its type, its text, and its end, which is never shortened.

        Args:
            code: the exit code of the process, negative for a signal.
            reason: the content of `output/failure`, or the last lines of the log.
        """


def instance_type_of(definition: HyperParameterTrainingJobDefinition) -> str:
    """Return the instance type of a definition; the first if there are several, and "local" if there is none."""
    resources, tuning = definition.resource_config, definition.hyper_parameter_tuning_resource_config
    candidates: list[str | None] = []
    if resources is not None:
        candidates += [resources.instance_type]
        candidates += [group.instance_type for group in resources.instance_groups or ()]
        candidates += [preference.instance_type for preference in resources.instance_preferences or ()]
    if tuning is not None:
        candidates += [tuning.instance_type, *(config.instance_type for config in tuning.instance_configs or ())]
    return next((name for name in candidates if name), "local")


def exit_code(code: int) -> str:
    """Return the end of a FailureReason, as in ", exit code: 137" for 137 and for -9, which is SIGKILL."""
    return f", exit code: {code if code > 0 else 128 - code}"


def valid_variables(variables: Mapping[str, str]) -> dict[str, str]:
    """Return the variables whose names and values a process can have."""
    return {name: text for name, text in variables.items() if name and "=" not in name and "\0" not in name + text}


@cache
def gpu_count() -> int:
    """Return the number of GPUs that `nvidia-smi` lists; 0 if it is missing or fails."""
    try:
        command = ["nvidia-smi", "--list-gpus"]
        listed = subprocess.run(command, capture_output=True, timeout=20, check=True)
    except (OSError, subprocess.SubprocessError):
        return 0
    return sum(line.startswith(b"GPU ") for line in listed.stdout.splitlines())


def checkpoint_path(definition: HyperParameterTrainingJobDefinition) -> str:
    """Return LocalPath of CheckpointConfig without a slash at its end; `/opt/ml/checkpoints` if it is not set."""
    config = definition.checkpoint_config
    return ((config and config.local_path) or CHECKPOINTS).rstrip("/")


def empty_base_folder(folder: Path, *, keep_checkpoints: bool) -> Path:
    """Return an empty base folder of a training job: the existing one, or another if that cannot be emptied.

    Args:
        folder: the folder of the training job; it is created if it is missing.
        keep_checkpoints: whether to keep the checkpoints of an earlier attempt.
    """
    # created one by one, because the mode does not apply to parents
    folder.mkdir(mode=0o700, exist_ok=True)
    folder.chmod(0o700)
    earlier = _base_folders(folder)
    base = earlier[-1] if earlier else folder / _BASE
    try:
        _empty(base, keep_checkpoints=keep_checkpoints)
    except OSError as error:
        _logger.warning("%s cannot be emptied, so the training job gets another folder: %s", base, error)
        other = folder / f"{_BASE}.{len(earlier) + 1}"
        other.mkdir(mode=0o700)
        if keep_checkpoints:
            with suppress(OSError):
                (base / _CHECKPOINTS).rename(other / _CHECKPOINTS)
        return other
    return base


def _base_folders(folder: Path) -> list[Path]:
    return sorted(folder.glob(f"{_BASE}*"), key=lambda path: int(path.suffix.removeprefix(".") or 1))


def _empty(base: Path, *, keep_checkpoints: bool) -> None:
    """Empty a base folder, or create it in place of anything else."""
    if kind_of(base) != "folder":
        remove_tree(base)
        base.mkdir(mode=0o700)
        return
    base.chmod(0o700)
    for entry in list(base.iterdir()):
        if keep_checkpoints and entry.name == _CHECKPOINTS and kind_of(entry) == "folder":
            entry.chmod(0o700)
        else:
            remove_tree(entry)


def empty_temporary_folder(folder: Path) -> Path:
    """Return an empty folder for the `/tmp` of a training job, in place of that of an earlier attempt."""
    temporary = folder / _TMP
    remove_tree(temporary)
    temporary.mkdir()
    temporary.chmod(_ANYONE_STICKY)
    return temporary


def remove_base_folders(folder: Path) -> None:
    """Remove the base folders and the `/tmp` of a training job that has ended; files that cannot be removed remain."""
    for base in (*_base_folders(folder), folder / _TMP):
        with suppress(OSError):
            remove_tree(base)
