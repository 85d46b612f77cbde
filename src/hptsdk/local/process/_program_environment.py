"""The environment of a training job whose image is replaced by a program.

A program with isolation sees its base folder as `/opt/ml`. For a program without isolation, `SAGEMAKER_BASE_DIR` and
the variables that begin with `SM_` name the folders. The arguments and the variables of a script are those of the
SageMaker Training Toolkit, see https://github.com/aws/sagemaker-training-toolkit/blob/master/ENVIRONMENT_VARIABLES.md
"""

from __future__ import annotations

import json
import logging
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import attrs
from typing_extensions import override

from hptsdk._validation import RESERVED, is_dict
from hptsdk.local.process._environment import (
    CHECKPOINTS,
    FIRST_HOST,
    NONCE,
    TrainingEnvironment,
    checkpoint_path,
    empty_temporary_folder,
    exit_code,
    gpu_count,
    valid_variables,
)
from hptsdk.local.process._isolation import ML_FOLDER, Isolation, isolation_hint, launcher_of, visible_paths
from hptsdk.local.process._processes import TrainingProcess
from hptsdk.rules.facts.algorithms import PROGRAM, SUBMIT_DIRECTORY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hptsdk.local._programs import Program
    from hptsdk.local.process._isolation import Launcher, SharedFolder

_REGIONS = {"AWS_REGION", "AWS_DEFAULT_REGION"}
_TEMPORARY = ("TMPDIR", "TEMP", "TMP")

# The hyperparameters that the toolkit reads and hides from the script.
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


@attrs.frozen(kw_only=True)
class ProgramEnvironment(TrainingEnvironment):
    """The environment of a training job whose image is replaced by a program.

    Attributes:
        program: its program.
        threads: the value of OMP_NUM_THREADS, MKL_NUM_THREADS and OPENBLAS_NUM_THREADS, if the service has none.
        working_folder: the first folder of PYTHONPATH.
        service_variables: the variables by which boto3 calls S3 and STS of the local service. Defaults to none.
        launcher: the launcher that isolates the program; None if it is not isolated.
    """

    program: Program
    threads: int
    working_folder: Path
    service_variables: Mapping[str, str] = attrs.field(factory=dict[str, str])
    launcher: Launcher | None = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        has_network = not self.definition.enable_network_isolation
        object.__setattr__(self, "launcher", launcher_of(self.program, has_network=has_network))

    @property
    @override
    def is_isolated(self) -> bool:
        return self.launcher is not None

    @property
    def program_base(self) -> Path:
        """The path of the base folder for the program."""
        return Path(ML_FOLDER) if self.is_isolated else self.base

    @property
    def command(self) -> list[str]:
        """The program, its arguments, and those that `Program.arguments` adds."""
        added = {"script": self._script_arguments, "train": ["train"], "none": []}
        return [*self.program.command, *added[self.program.arguments]]

    @override
    def start(self, channels: Mapping[str, SharedFolder], log: Path) -> TrainingProcess:
        environment = self._environment()
        prefix = self._prefix(environment, channels)
        try:
            return TrainingProcess(self.command, environment, self.base / "code", log, prefix)
        except (FileNotFoundError, PermissionError) as error:
            program = self.program.command[0]
            raise ValueError(f"The program {program} cannot be started: {error.strerror}") from error

    def _prefix(self, environment: Mapping[str, str], channels: Mapping[str, SharedFolder]) -> list[str]:
        """Return the beginning of the command that isolates the program; none if it is not isolated.

        Raises:
            OSError: the `/tmp` of an earlier attempt cannot be removed.
        """
        if self.launcher is None:
            return []
        checkpoints = checkpoint_path(self.definition)
        isolation = Isolation(
            base=self.base,
            temporary=empty_temporary_folder(self.base.parent),
            root=self.root,
            visible=visible_paths(self.program, environment, self.root),
            channels=channels,
            has_network=not self.definition.enable_network_isolation,
            confine=self.program.confine,
            checkpoints=checkpoints if checkpoints != CHECKPOINTS else None,
        )
        return isolation.prefix(self.launcher)

    @override
    def failure(self, code: int, reason: str) -> tuple[str, str, str]:
        hint = isolation_hint(self.program) if ML_FOLDER in reason and not self.is_isolated else ""
        return "AlgorithmError", reason, exit_code(code) + hint

    def _environment(self) -> dict[str, str]:
        """Return the environment variables of the program.

        They are those of the service, of SageMaker, of the `Program` and of Environment; later ones override earlier
        ones. A program does not get the variables of the service that begin with `AWS_`. It can use S3 of the local
        service, unless EnableNetworkIsolation is true, or the `Program` or Environment has a variable that begins with
        `AWS_`, except the region.
        """
        variables = {
            **dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"), str(self.threads)),
            **{name: text for name, text in self.inherited.items() if self._is_inherited(name)},
            "PYTHONPATH": os.pathsep.join(filter(None, (str(self.working_folder), self.inherited.get("PYTHONPATH")))),
            **self.variables,
            "SAGEMAKER_REGION": self.region,
            "SAGEMAKER_BASE_DIR": str(self.program_base),
            # without it, the SageMaker Training Toolkit tries to resolve the host names for 15 minutes
            "SM_STUDIO_LOCAL_MODE": "True",
            **self._script_variables,
            **(self.service_variables if self._uses_service else {}),
            **self.program.environment,
            **(self.definition.environment or {}),
            NONCE: self.nonce,
        }
        return valid_variables(variables)

    @property
    def _uses_service(self) -> bool:
        own = {*self.program.environment, *(self.definition.environment or {})} - _REGIONS
        return not self.definition.enable_network_isolation and not any(name.startswith("AWS_") for name in own)

    def _is_inherited(self, name: str) -> bool:
        # with isolation, the folder for temporary files is /tmp
        return not name.startswith("AWS_") and not (self.is_isolated and name in _TEMPORARY)

    @property
    def _script_values(self) -> dict[str, object]:
        """The hyperparameters for the script; values that are JSON are parsed."""
        return {
            name: value
            for name, value in self._parsed.items()
            if name not in _TOOLKIT_NAMES and not name.startswith(_PREFIX)
        }

    @property
    def _parsed(self) -> dict[str, object]:
        return {name: _parse(text) for name, text in sorted(self.hyperparameters.items())}

    @property
    def _script_arguments(self) -> list[str]:
        """The hyperparameters as arguments of the script."""
        arguments: list[str] = []
        for name, value in self._script_values.items():
            arguments += [f"-{name}" if len(name) == 1 else f"--{name}", _format_argument(value)]
        return arguments

    @property
    def _entry_point(self) -> str:
        """The name of the script."""
        command = self.program.command
        files = [part for part in command[1:] if "/" in part and Path(part).is_file()]
        return str(self._parsed.get(PROGRAM) or Path((files or command)[-1]).name)

    @property
    def _script_variables(self) -> dict[str, str]:
        base, parsed, values, entry_point = self.program_base, self._parsed, self._script_values, self._entry_point
        resources, channels, own_group = self.resources(FIRST_HOST), self.channels, self.groups[0]
        host, hosts, group = resources["current_host"], resources["hosts"], own_group.name
        data = {name: str(base / "input" / "data" / name) for name in channels}
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
            "instance_groups_dict": {group: own_group.document},
            "distribution_instance_groups": distribution,
            "is_hetero": False,
            "network_interface_name": resources["network_interface_name"],
            "resource_config": resources,
            "input_data_config": channels,
            "input_dir": str(base / "input"),
            "input_config_dir": str(base / "input" / "config"),
            "model_dir": str(base / "model"),
            "output_dir": str(base / "output"),
            "output_data_dir": str(base / "output" / "data"),
            "output_intermediate_dir": str(base / "output" / "intermediate"),
            "user_entry_point": entry_point,
            "module_name": entry_point.removesuffix(".py"),
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
            "job_name": self.name,
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
            "user_args": self._script_arguments,
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
    """Format the value of a variable: text as it is, None as empty text, and other values as JSON with sorted keys."""
    if value is None or isinstance(value, str):
        return value or ""
    return json.dumps(value, sort_keys=True, separators=(",", ":"))
