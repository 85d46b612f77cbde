"""What a training program finds around it: the folders, files and variables of a SageMaker training container.

There is no private `/opt/ml` for a plain process: `SAGEMAKER_BASE_DIR` and the `SM_*` variables say where the tree is.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import attrs

from hptsdk import to_wire
from hptsdk._validation import RESERVED

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from hptsdk.local._programs import Program
    from hptsdk.shapes import HyperParameterTrainingJobDefinition

__all__ = ["NONCE", "Container"]

# How a process is known to be one of ours after a crash.
NONCE = "HPTSDK_TRAINING_JOB"

_FOLDERS = ("input/config", "input/data", "model", "output/data", "output/intermediate", "checkpoints", "code")
_GROUP = "homogeneousCluster"


@attrs.frozen(kw_only=True)
class Container:
    """The surroundings of one training job.

    Attributes:
        base: the folder that stands for `/opt/ml`.
        name: of the training job.
        arn: of the training job.
        region: where it seems to be.
        definition: what it was launched from.
        hyperparameters: all of them, as text.
        program: what runs.
        threads: how many a program should use, of those there are.
        here: the folder in which the service was opened, for Python's path.
    """

    base: Path
    name: str
    arn: str
    region: str
    definition: HyperParameterTrainingJobDefinition
    hyperparameters: Mapping[str, str]
    program: Program
    threads: int
    here: Path

    def make(self) -> None:
        """Make the folders and the files in `input/config`."""
        for folder in _FOLDERS:
            (self.base / folder).mkdir(parents=True, exist_ok=True)
        documents: dict[str, object] = {
            "hyperparameters": dict(self.hyperparameters),
            "inputdataconfig": self.channels,
            "resourceconfig": self._resources,
        }
        if self.definition.checkpoint_config is not None:
            documents["checkpointconfig"] = to_wire(self.definition.checkpoint_config)
        for name, content in documents.items():
            (self.base / "input" / "config" / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")

    @property
    def channels(self) -> dict[str, dict[str, str]]:
        """Describe the channels as the container's file does."""
        found: dict[str, dict[str, str]] = {}
        for channel in self.definition.input_data_config or ():
            source = channel.data_source.s3_data_source
            entry: dict[str, str] = {
                "TrainingInputMode": channel.input_mode or self.definition.algorithm_specification.training_input_mode,
                "S3DistributionType": (source and source.s3_data_distribution_type) or "FullyReplicated",
                "RecordWrapperType": channel.record_wrapper_type or "None",
            }
            if channel.content_type is not None:
                entry["ContentType"] = channel.content_type
            found[channel.channel_name] = entry
        return found

    @property
    def instance_type(self) -> str:
        """The instance type asked for; the first where there are several to choose from."""
        simple, tuning = self.definition.resource_config, self.definition.hyper_parameter_tuning_resource_config
        candidates: list[str | None] = []
        if simple is not None:
            candidates += [simple.instance_type]
            candidates += [group.instance_type for group in simple.instance_groups or ()]
            candidates += [preference.instance_type for preference in simple.instance_preferences or ()]
        if tuning is not None:
            candidates += [tuning.instance_type, *(item.instance_type for item in tuning.instance_configs or ())]
        return next((name for name in candidates if name), "local")

    @property
    def _resources(self) -> dict[str, object]:
        hosts = ["algo-1"]
        return {
            "current_host": hosts[0],
            "current_instance_type": self.instance_type,
            "current_group_name": _GROUP,
            "hosts": hosts,
            "instance_groups": [{"instance_group_name": _GROUP, "instance_type": self.instance_type, "hosts": hosts}],
            "network_interface_name": "lo",
            "topology": None,
        }

    # --- the command and its variables ---

    @property
    def command(self) -> list[str]:
        """The program with all its arguments."""
        match self.program.arguments:
            case "script":
                return [*self.program.command, *self._script_arguments]
            case "train":
                return [*self.program.command, "train"]
            case _:
                return list(self.program.command)

    @property
    def _script_values(self) -> dict[str, object]:
        """The hyperparameters as a script gets them: JSON read where it is JSON."""
        return {
            name: _read(text)
            for name, text in sorted(self.hyperparameters.items())
            if name != RESERVED and not name.startswith("sagemaker_")
        }

    @property
    def _script_arguments(self) -> list[str]:
        found: list[str] = []
        for name, value in self._script_values.items():
            found += [f"-{name}" if len(name) == 1 else f"--{name}", _text(value)]
        return found

    def environment(self, nonce: str, inherited: Mapping[str, str]) -> dict[str, str]:
        """Return the variables: those of the service itself, the container's, and the request's, which win.

        AWS_REGION is the only one that begins with `AWS_`: credentials in the service's shell are not for programs.
        A `Program` or a request may set others.
        """
        threads = str(self.threads)
        limits = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"), threads)
        found = {
            **limits,
            **{name: text for name, text in inherited.items() if not name.startswith("AWS_")},
            "PYTHONPATH": os.pathsep.join(filter(None, (str(self.here), inherited.get("PYTHONPATH")))),
            "PYTHONUNBUFFERED": "1",
            "TRAINING_JOB_NAME": self.name,
            "TRAINING_JOB_ARN": self.arn,
            "AWS_REGION": self.region,
            "SAGEMAKER_REGION": self.region,
            "SAGEMAKER_BASE_DIR": str(self.base),
            # the toolkit looks up the names of hosts for a quarter of an hour otherwise
            "SM_STUDIO_LOCAL_MODE": "True",
            "CURRENT_HOST": "algo-1",
            **self._script_variables(),
            **self.program.environment,
            **(self.definition.environment or {}),
            NONCE: nonce,
        }
        return {name: text for name, text in found.items() if name and "=" not in name and "\0" not in name + text}

    def _script_variables(self) -> dict[str, str]:
        base, values = self.base, self._script_values
        data = {name: str(base / "input" / "data" / name) for name in self.channels}
        places = {
            "input_dir": base / "input",
            "input_config_dir": base / "input" / "config",
            "model_dir": base / "model",
            "output_dir": base / "output",
            "output_data_dir": base / "output" / "data",
            "output_intermediate_dir": base / "output" / "intermediate",
            "checkpoint_dir": base / "checkpoints",
            "module_dir": base / "code",
        }
        facts: dict[str, object] = {
            **{name: str(path) for name, path in places.items()},
            "hps": values,
            "hosts": ["algo-1"],
            "current_host": "algo-1",
            "current_instance_type": self.instance_type,
            "current_instance_group": _GROUP,
            "channels": sorted(data),
            "input_data_config": self.channels,
            "resource_config": self._resources,
            "num_cpus": os.cpu_count() or 1,
            "num_gpus": 0,
            "num_neurons": 0,
            "log_level": 20,
            "network_interface_name": "lo",
            "user_entry_point": self.program.command[-1],
            "user_args": self._script_arguments,
            "framework_module": "",
        }
        whole = {"channel_input_dirs": data, "hyperparameters": values, "job_name": self.name, "is_master": True}
        return {
            **{f"SM_{name.upper()}": _text(value) for name, value in facts.items()},
            **{f"SM_HP_{name.upper()}": _text(value) for name, value in values.items()},
            **{f"SM_CHANNEL_{name.upper()}": path for name, path in data.items()},
            "SM_TRAINING_ENV": _text({**facts, **whole}),
        }


def _read(text: str) -> object:
    try:
        found: object = json.loads(text)
    except ValueError:
        return text
    return found


def _text(value: object) -> str:
    """Write a value as the toolkit does: text as it is, the rest as compact JSON with sorted keys."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool | int | float) or value is None:
        return str(value)
    return json.dumps(value, sort_keys=True, separators=(",", ":"))
