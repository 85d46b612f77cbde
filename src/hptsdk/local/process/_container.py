"""The container of a training program: the folders, files and variables of a SageMaker training container.

A program with isolation sees its base folder as `/opt/ml`. For a program without isolation, `SAGEMAKER_BASE_DIR` and
the variables that begin with `SM_` name the folders.
"""

from __future__ import annotations

import json
import logging
import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from hptsdk import to_wire
from hptsdk.local._files import kind_of, remove_tree
from hptsdk.local.process._channels import mode_of
from hptsdk.local.process._isolation import ML_FOLDER, Isolation, launcher_of, visible_paths
from hptsdk.local.process._script_mode import ScriptMode

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hptsdk.local._programs import Program
    from hptsdk.local.process._isolation import Launcher, SharedFolder
    from hptsdk.shapes import HyperParameterTrainingJobDefinition

__all__ = ["CHECKPOINTS", "NONCE", "Container", "checkpoint_path", "empty_base_folder", "remove_base_folders"]

_logger = logging.getLogger("hptsdk.local")

CHECKPOINTS = "/opt/ml/checkpoints"
"""The folder of checkpoints in a training container."""

NONCE = "HPTSDK_TRAINING_JOB"
"""The environment variable by which the processes of a service are recognized, also after a crash."""

# The base folder, which corresponds to `/opt/ml`, and the folder of checkpoints in it.
_BASE, _CHECKPOINTS = "ml", "checkpoints"

# The folder that an isolated program has as `/tmp`, and the permissions of such a folder.
_TMP, _ANYONE_STICKY = "tmp", 0o1777

_FOLDERS = ("input/config", "input/data", "model", "output/data", "output/intermediate", "checkpoints", "code")
_REGIONS = {"AWS_REGION", "AWS_DEFAULT_REGION"}
_TEMPORARY = ("TMPDIR", "TEMP", "TMP")
_HOST, _GROUP, _INTERFACE = "algo-1", "homogeneousCluster", "lo"


@attrs.frozen(kw_only=True)
class Container:
    """The environment of one training job.

    Attributes:
        base: the folder that corresponds to `/opt/ml`.
        name: the name of the training job.
        arn: its ARN.
        region: the AWS region.
        definition: its definition.
        hyperparameters: all its hyperparameters.
        program: its program.
        threads: the number of threads that the program should use.
        working_folder: the folder in which the service was opened, for the path of Python.
        service_variables: the variables with which the program calls the service, as S3 and STS. Defaults to none.
        launcher: the launcher that isolates the program; None if it is not isolated.
    """

    base: Path
    name: str
    arn: str
    region: str
    definition: HyperParameterTrainingJobDefinition
    hyperparameters: Mapping[str, str]
    program: Program
    threads: int
    working_folder: Path
    service_variables: Mapping[str, str] = attrs.field(factory=dict[str, str])
    launcher: Launcher | None = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        """Set the launcher."""
        has_network = not self.definition.enable_network_isolation
        object.__setattr__(self, "launcher", launcher_of(self.program, has_network=has_network))

    @property
    def is_isolated(self) -> bool:
        """Whether the program is isolated."""
        return self.launcher is not None

    @property
    def program_base(self) -> Path:
        """The path of the base folder for the program."""
        return Path(ML_FOLDER) if self.is_isolated else self.base

    def create(self) -> None:
        """Create the folders, and the files in `input/config`."""
        for folder in _FOLDERS:
            (self.base / folder).mkdir(parents=True, exist_ok=True)
        documents: dict[str, object] = {
            "hyperparameters": dict(self.hyperparameters),
            "inputdataconfig": self._channels,
            "resourceconfig": self._resources,
        }
        if self.definition.checkpoint_config is not None:
            documents["checkpointconfig"] = to_wire(self.definition.checkpoint_config)
        for name, content in documents.items():
            (self.base / "input" / "config" / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")

    @property
    def _channels(self) -> dict[str, dict[str, str]]:
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

    @property
    def _instance_type(self) -> str:
        """The instance type of the request; the first if there are several."""
        resources, tuning = self.definition.resource_config, self.definition.hyper_parameter_tuning_resource_config
        candidates: list[str | None] = []
        if resources is not None:
            candidates += [resources.instance_type]
            candidates += [group.instance_type for group in resources.instance_groups or ()]
            candidates += [preference.instance_type for preference in resources.instance_preferences or ()]
        if tuning is not None:
            candidates += [tuning.instance_type, *(config.instance_type for config in tuning.instance_configs or ())]
        return next((name for name in candidates if name), "local")

    @property
    def _group(self) -> dict[str, object]:
        """The only instance group."""
        return {"instance_group_name": _GROUP, "instance_type": self._instance_type, "hosts": [_HOST]}

    @property
    def _resources(self) -> dict[str, object]:
        """The content of `resourceconfig.json`."""
        return {
            "current_host": _HOST,
            "current_instance_type": self._instance_type,
            "current_group_name": _GROUP,
            "hosts": [_HOST],
            "instance_groups": [self._group],
            "network_interface_name": _INTERFACE,
            "topology": None,
        }

    # --- the command and its variables ---

    @property
    def command(self) -> list[str]:
        """The program with all its arguments."""
        added = {"script": self._script_mode.arguments, "train": ["train"], "none": []}
        return [*self.program.command, *added[self.program.arguments]]

    def prefix(self, environment: Mapping[str, str], channels: Mapping[str, SharedFolder], root: Path) -> list[str]:
        """Return the beginning of the command that isolates the program; none if it is not isolated.

        Raises:
            OSError: the `/tmp` of an earlier attempt cannot be removed.
        """
        if self.launcher is None:
            return []
        checkpoints = checkpoint_path(self.definition)
        isolation = Isolation(
            base=self.base,
            temporary=_empty_temporary_folder(self.base.parent),
            root=root,
            visible=visible_paths(self.program, environment, root),
            channels=channels,
            has_network=not self.definition.enable_network_isolation,
            confine=self.program.confine,
            checkpoints=checkpoints if checkpoints != CHECKPOINTS else None,
        )
        return isolation.prefix(self.launcher)

    @property
    def _script_mode(self) -> ScriptMode:
        return ScriptMode(
            base=self.program_base,
            job_name=self.name,
            texts=self.hyperparameters,
            channels=self._channels,
            resources=self._resources,
            group=self._group,
            command=self.program.command,
        )

    def environment(self, nonce: str, inherited: Mapping[str, str]) -> dict[str, str]:
        """Return the environment variables of the program.

        They are those of the service, of the container, and of the request, each before the next. A program does not
        get the variables of the service that begin with `AWS_`. As in SageMaker, it can use S3, here that of the local
        service, unless the network is isolated, or the `Program` or the request sets variables of AWS.

        Args:
            nonce: the text that marks the processes of the training job.
            inherited: the environment variables of the service.
        """
        variables = {
            **dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"), str(self.threads)),
            **{name: text for name, text in inherited.items() if self._is_inherited(name)},
            "PYTHONPATH": os.pathsep.join(filter(None, (str(self.working_folder), inherited.get("PYTHONPATH")))),
            "PYTHONUNBUFFERED": "1",
            "TRAINING_JOB_NAME": self.name,
            "TRAINING_JOB_ARN": self.arn,
            "AWS_REGION": self.region,
            "SAGEMAKER_REGION": self.region,
            "SAGEMAKER_BASE_DIR": str(self.program_base),
            # without it, the SageMaker Training Toolkit tries to resolve the host names for 15 minutes
            "SM_STUDIO_LOCAL_MODE": "True",
            **self._script_mode.variables(),
            **(self.service_variables if self._uses_service else {}),
            **self.program.environment,
            **(self.definition.environment or {}),
            NONCE: nonce,
        }
        return {name: text for name, text in variables.items() if name and "=" not in name and "\0" not in name + text}

    @property
    def _uses_service(self) -> bool:
        """Whether the program calls the local service as S3."""
        own = {*self.program.environment, *(self.definition.environment or {})} - _REGIONS
        return not self.definition.enable_network_isolation and not any(name.startswith("AWS_") for name in own)

    def _is_inherited(self, name: str) -> bool:
        """Check whether a program gets a variable of the service."""
        # with isolation, the folder for temporary files is /tmp
        is_hidden = self.is_isolated and name in _TEMPORARY
        return not name.startswith("AWS_") and not is_hidden


# --- the base folder ---


def checkpoint_path(definition: HyperParameterTrainingJobDefinition) -> str:
    """Return the folder of checkpoints in the container of a training job."""
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
    """Return the base folders of all attempts in their order."""
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


def _empty_temporary_folder(folder: Path) -> Path:
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
