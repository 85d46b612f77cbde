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
from hptsdk._validation import RESERVED
from hptsdk.local._files import kind_of, remove_tree
from hptsdk.local.process._channels import mode_of
from hptsdk.local.process._isolation import ML_FOLDER, Isolation, visible_paths

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hptsdk.local._programs import Program
    from hptsdk.local.process._isolation import Launcher, SharedFolder
    from hptsdk.shapes import HyperParameterTrainingJobDefinition

__all__ = ["CHECKPOINTS", "NONCE", "Container", "empty_base_folder", "remove_base_folders"]

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
_TEMPORARY = ("TMPDIR", "TEMP", "TMP")
_HOST, _GROUP, _INTERFACE = "algo-1", "homogeneousCluster", "lo"


@attrs.frozen(kw_only=True)
class Container:
    """The environment of one training job.

    Attributes:
        base: the folder that corresponds to `/opt/ml`.
        launcher: the launcher that isolates the program; None if it is not isolated.
        name: the name of the training job.
        arn: its ARN.
        region: the AWS region.
        definition: its definition.
        hyperparameters: all its hyperparameters.
        program: its program.
        threads: the number of threads that the program should use.
        working_folder: the folder in which the service was opened, for the path of Python.
    """

    base: Path
    launcher: Launcher | None
    name: str
    arn: str
    region: str
    definition: HyperParameterTrainingJobDefinition
    hyperparameters: Mapping[str, str]
    program: Program
    threads: int
    working_folder: Path

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
    def _resources(self) -> dict[str, object]:
        """The content of `resourceconfig.json`."""
        group = {"instance_group_name": _GROUP, "instance_type": self._instance_type, "hosts": [_HOST]}
        return {
            "current_host": _HOST,
            "current_instance_type": self._instance_type,
            "current_group_name": _GROUP,
            "hosts": [_HOST],
            "instance_groups": [group],
            "network_interface_name": _INTERFACE,
            "topology": None,
        }

    # --- the command and its variables ---

    @property
    def command(self) -> list[str]:
        """The program with all its arguments."""
        added = {"script": self._script_arguments, "train": ["train"], "none": []}
        return [*self.program.command, *added[self.program.arguments]]

    def prefix(self, environment: Mapping[str, str], channels: Mapping[str, SharedFolder], root: Path) -> list[str]:
        """Return the beginning of the command that isolates the program; none if it is not isolated.

        Args:
            environment: the environment variables of the program.
            channels: the shared folders of the channels, by name.
            root: the folder of the service.

        Raises:
            OSError: the `/tmp` of an earlier attempt cannot be removed.
        """
        if self.launcher is None:
            return []
        isolation = Isolation(
            base=self.base,
            temporary=_empty_temporary_folder(self.base.parent),
            root=root,
            visible=visible_paths(self.program, environment, root),
            channels=channels,
            has_network=not self.definition.enable_network_isolation,
            confine=self.program.confine,
        )
        return isolation.prefix(self.launcher)

    @property
    def _script_values(self) -> dict[str, object]:
        """The hyperparameters for a script; values that are JSON are parsed."""
        return {
            name: _parse(text)
            for name, text in sorted(self.hyperparameters.items())
            if name != RESERVED and not name.startswith("sagemaker_")
        }

    @property
    def _script_arguments(self) -> list[str]:
        """The hyperparameters as arguments of a script."""
        arguments: list[str] = []
        for name, value in self._script_values.items():
            arguments += [f"-{name}" if len(name) == 1 else f"--{name}", _format(value)]
        return arguments

    def environment(self, nonce: str, inherited: Mapping[str, str]) -> dict[str, str]:
        """Return the environment variables of the program.

        They are those of the service, of the container, and of the request, each before the next. AWS_REGION is the
        only one that begins with `AWS_`: a program does not get the credentials of the service. A `Program` or a
        request may set others.

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
            "CURRENT_HOST": _HOST,
            **self._script_variables(),
            **self.program.environment,
            **(self.definition.environment or {}),
            NONCE: nonce,
        }
        return {name: text for name, text in variables.items() if name and "=" not in name and "\0" not in name + text}

    def _is_inherited(self, name: str) -> bool:
        """Check whether a program gets a variable of the service."""
        # with isolation, the folder for temporary files is /tmp
        is_hidden = self.is_isolated and name in _TEMPORARY
        return not name.startswith("AWS_") and not is_hidden

    def _script_variables(self) -> dict[str, str]:
        """Return the variables that the SageMaker Training Toolkit sets for a script."""
        base, values, channels = self.program_base, self._script_values, self._channels
        data = {name: str(base / "input" / "data" / name) for name in channels}
        common: dict[str, object] = {
            "input_dir": str(base / "input"),
            "input_config_dir": str(base / "input" / "config"),
            "model_dir": str(base / "model"),
            "output_dir": str(base / "output"),
            "output_data_dir": str(base / "output" / "data"),
            "output_intermediate_dir": str(base / "output" / "intermediate"),
            "checkpoint_dir": str(base / "checkpoints"),
            "module_dir": str(base / "code"),
            "hps": values,
            "hosts": [_HOST],
            "current_host": _HOST,
            "current_instance_type": self._instance_type,
            "current_instance_group": _GROUP,
            "channels": sorted(data),
            "input_data_config": channels,
            "resource_config": self._resources,
            "num_cpus": os.cpu_count() or 1,
            "num_gpus": 0,
            "num_neurons": 0,
            "log_level": 20,
            "network_interface_name": _INTERFACE,
            "user_entry_point": self.program.command[-1],
            "user_args": self._script_arguments,
            "framework_module": "",
        }
        own = {"channel_input_dirs": data, "hyperparameters": values, "job_name": self.name, "is_master": True}
        return {
            **{f"SM_{name.upper()}": _format(value) for name, value in common.items()},
            **{f"SM_HP_{name.upper()}": _format(value) for name, value in values.items()},
            **{f"SM_CHANNEL_{name.upper()}": path for name, path in data.items()},
            "SM_TRAINING_ENV": _format({**common, **own}),
        }


def _parse(text: str) -> object:
    """Return the JSON value of a hyperparameter; the text itself if it is not JSON."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def _format(value: object) -> str:
    """Format a value as the SageMaker Training Toolkit does: lists and dictionaries as JSON with sorted keys."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool | int | float) or value is None:
        return str(value)
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


# --- the base folder ---


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
    """Return an empty folder for the `/tmp` of a training job, in place of that of an earlier attempt.

    Raises:
        OSError: the earlier one cannot be removed.
    """
    temporary = folder / _TMP
    remove_tree(temporary)
    temporary.mkdir()
    temporary.chmod(_ANYONE_STICKY)
    return temporary


def remove_base_folders(folder: Path) -> None:
    """Remove the base folders and the `/tmp` of a training job that has ended; files that cannot be removed stay."""
    for base in (*_base_folders(folder), folder / _TMP):
        with suppress(OSError):
            remove_tree(base)
