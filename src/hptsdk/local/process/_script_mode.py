"""The arguments and the variables of a script, as the SageMaker Training Toolkit of SageMaker's images passes them.

See https://github.com/aws/sagemaker-training-toolkit/blob/master/ENVIRONMENT_VARIABLES.md
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from hptsdk._validation import RESERVED, is_dict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["PROGRAM", "SUBMIT_DIRECTORY", "ScriptMode", "gpu_count"]

PROGRAM, SUBMIT_DIRECTORY = "sagemaker_program", "sagemaker_submit_directory"
"""The hyperparameters with which the SageMaker Python SDK passes the name of a script, and the archive that has it."""

# The hyperparameters that the toolkit reads; all of them are hidden from the script.
_JOB_NAME, _REGION, _LOG_LEVEL = "sagemaker_job_name", "sagemaker_region", "sagemaker_container_log_level"
_TOOLKIT_NAMES = {
    PROGRAM,
    SUBMIT_DIRECTORY,
    _JOB_NAME,
    _REGION,
    _LOG_LEVEL,
    RESERVED,
    "sagemaker_enable_cloudwatch_metrics",
    "sagemaker_s3_output",
    "default_user_module_name",
}
_PREFIX = "sagemaker_"

# The hyperparameters with which the toolkit starts a distributed training.
_DISTRIBUTED = [
    f"sagemaker_{name}_enabled"
    for name in (
        *("mpi", "parameter_server", "distributed_dataparallel", "pytorch_ddp", "pytorch_xla_multi_worker"),
        *("multi_worker_mirrored_strategy", "torch_distributed"),
    )
]

# Seconds in which the list of GPUs must be complete.
_TIMEOUT = 20


@attrs.frozen(kw_only=True)
class ScriptMode:
    """The environment of a script.

    Attributes:
        base: the base folder of the training job, as the script sees it.
        job_name: the name of the training job.
        texts: all hyperparameters of the training job.
        channels: the content of `inputdataconfig.json`.
        resources: the content of `resourceconfig.json`.
        group: its only instance group.
        command: the command of the program.
    """

    base: Path
    job_name: str
    texts: Mapping[str, str]
    channels: Mapping[str, Mapping[str, str]]
    resources: Mapping[str, object]
    group: Mapping[str, object]
    command: Sequence[str]

    @property
    def values(self) -> dict[str, object]:
        """The hyperparameters for the script; values that are JSON are parsed."""
        return {name: value for name, value in self._parsed.items() if not _is_hidden(name)}

    @property
    def _parsed(self) -> dict[str, object]:
        return {name: _parse(text) for name, text in sorted(self.texts.items())}

    @property
    def arguments(self) -> list[str]:
        """The hyperparameters as arguments of the script."""
        arguments: list[str] = []
        for name, value in self.values.items():
            arguments += [f"-{name}" if len(name) == 1 else f"--{name}", _format_argument(value)]
        return arguments

    @property
    def entry_point(self) -> str:
        """The file name of the script."""
        files = [part for part in self.command[1:] if "/" in part and Path(part).is_file()]
        return str(self._parsed.get(PROGRAM) or Path((files or self.command)[-1]).name)

    def variables(self) -> dict[str, str]:
        """Return the variables for the script."""
        base, parsed, values, resources = self.base, self._parsed, self.values, self.resources
        host, hosts, group = resources["current_host"], resources["hosts"], self.group["instance_group_name"]
        data = {name: str(base / "input" / "data" / name) for name in self.channels}
        parameters = {
            name: value for name, value in parsed.items() if name.startswith(_PREFIX) and name not in _TOOLKIT_NAMES
        }
        is_distributed = any(parameters.get(name) for name in _DISTRIBUTED)
        distribution = parameters.get("sagemaker_distribution_instance_groups", [group] if is_distributed else [])
        common: dict[str, object] = {
            "hosts": hosts,
            "current_host": host,
            "current_instance_type": resources["current_instance_type"],
            "current_instance_group": group,
            "current_instance_group_hosts": hosts,
            "instance_groups": [group],
            "instance_groups_dict": {f"{group}": self.group},
            "distribution_instance_groups": distribution,
            "is_hetero": False,
            "network_interface_name": resources["network_interface_name"],
            "resource_config": resources,
            "input_data_config": self.channels,
            "input_dir": str(base / "input"),
            "input_config_dir": str(base / "input" / "config"),
            "model_dir": str(base / "model"),
            "output_dir": str(base / "output"),
            "output_data_dir": str(base / "output" / "data"),
            "output_intermediate_dir": str(base / "output" / "intermediate"),
            "user_entry_point": self.entry_point,
            "module_name": self.entry_point.removesuffix(".py"),
            "module_dir": str(parsed.get(SUBMIT_DIRECTORY) or base / "code"),
            "framework_module": None,
            "log_level": parsed.get(_LOG_LEVEL, logging.INFO),
            "num_cpus": os.cpu_count() or 1,
            "num_gpus": gpu_count(),
            "num_neurons": 0,
        }
        own: dict[str, object] = {
            "additional_framework_parameters": parameters,
            "channel_input_dirs": data,
            "hyperparameters": values,
            "job_name": self.job_name,
            "master_hostname": host,
            "is_master": True,
            "distribution_hosts": hosts if distribution else [],
            "is_modelparallel_enabled": None,
            "is_smddprun_installed": shutil.which("smddprun") is not None,
            "is_smddpmprun_installed": shutil.which("smddpmprun") is not None,
            "topology": resources["topology"],
        }
        named: dict[str, object] = {
            **common,
            "hps": values,
            "channels": sorted(data),
            "framework_params": parameters,
            "user_args": self.arguments,
            "training_env": {**common, **own},
            **{f"channel_{name}": path for name, path in data.items()},
            **{f"hp_{name}": value for name, value in values.items()},
        }
        return {
            "CURRENT_HOST": str(host),
            "SAGEMAKER_JOB_NAME": str(parsed.get(_JOB_NAME, "")),
            **({"SAGEMAKER_REGION": str(parsed[_REGION])} if _REGION in parsed else {}),
            **{f"SM_{name.upper()}": _format_variable(value) for name, value in named.items()},
            # not a variable of the toolkit, but often used with the default /opt/ml/checkpoints
            "SM_CHECKPOINT_DIR": str(base / "checkpoints"),
        }


def _is_hidden(name: str) -> bool:
    return name in _TOOLKIT_NAMES or name.startswith(_PREFIX)


def _parse(text: str) -> object:
    """Return the JSON value of a hyperparameter; the text itself if it is not JSON."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def _format_argument(value: object) -> str:
    if is_dict(value):
        return ",".join(f"{name}={part}" for name, part in sorted(value.items()))
    return "" if value is None else str(value)


def _format_variable(value: object) -> str:
    """Format the value of a variable: text as it is, and other values as JSON with sorted keys."""
    if value is None or isinstance(value, str):
        return value or ""
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


@cache
def gpu_count() -> int:
    """Return the number of GPUs that the driver of Nvidia lists."""
    try:
        command = ["nvidia-smi", "--list-gpus"]
        listed = subprocess.run(command, capture_output=True, timeout=_TIMEOUT, check=True)  # noqa: S603 - a fixed command
    except (OSError, subprocess.SubprocessError):
        return 0
    return sum(line.startswith(b"GPU ") for line in listed.stdout.splitlines())
