"""The environment of a training job whose image is replaced by a program.

A program with isolation sees its base folder as `/opt/ml`. For a program without isolation, `SAGEMAKER_BASE_DIR` and
the variables that begin with `SM_` name the folders.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import attrs
from typing_extensions import override

from hptsdk.local.process._environment import (
    CHECKPOINTS,
    FIRST_HOST,
    NONCE,
    TrainingEnvironment,
    checkpoint_path,
    empty_temporary_folder,
    exit_code,
    valid_variables,
)
from hptsdk.local.process._isolation import ML_FOLDER, Isolation, isolation_hint, launcher_of, visible_paths
from hptsdk.local.process._script_mode import ScriptMode
from hptsdk.local.process._training_process import TrainingProcess

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hptsdk.local._programs import Program
    from hptsdk.local.process._isolation import Launcher, SharedFolder

__all__ = ["ProgramEnvironment"]

_REGIONS = {"AWS_REGION", "AWS_DEFAULT_REGION"}
_TEMPORARY = ("TMPDIR", "TEMP", "TMP")


@attrs.frozen(kw_only=True)
class ProgramEnvironment(TrainingEnvironment):
    """The environment of a training job whose image is replaced by a program.

    Attributes:
        program: its program.
        threads: the number of threads that the program should use.
        working_folder: the folder in which the service was opened, for the path of Python.
        service_variables: the variables with which the program calls the service, as S3 and STS. Defaults to none.
        launcher: the launcher that isolates the program; None if it is not isolated.
    """

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
    @override
    def is_isolated(self) -> bool:
        return self.launcher is not None

    @property
    def program_base(self) -> Path:
        """The path of the base folder for the program."""
        return Path(ML_FOLDER) if self.is_isolated else self.base

    # --- the command and its variables ---

    @property
    def command(self) -> list[str]:
        """The program with all its arguments."""
        added = {"script": self._script_mode.arguments, "train": ["train"], "none": []}
        return [*self.program.command, *added[self.program.arguments]]

    @override
    def start(
        self, *, nonce: str, inherited: Mapping[str, str], channels: Mapping[str, SharedFolder], root: Path, log: Path
    ) -> TrainingProcess:
        environment = self.environment(nonce, inherited)
        prefix = self._prefix(environment, channels, root)
        try:
            return TrainingProcess(self.command, environment, self.base / "code", log, prefix)
        except (FileNotFoundError, PermissionError) as error:
            program = self.program.command[0]
            raise ValueError(f"The program {program} cannot be started: {error.strerror}") from error

    def _prefix(self, environment: Mapping[str, str], channels: Mapping[str, SharedFolder], root: Path) -> list[str]:
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
            channels=self.channels,
            resources=self.resources(FIRST_HOST),
            group=self.groups[0].document,
            command=self.program.command,
        )

    @override
    def failure(self, code: int, reason: str) -> tuple[str, str, str]:
        hint = isolation_hint(self.program) if ML_FOLDER in reason and not self.is_isolated else ""
        return "AlgorithmError", reason, exit_code(code) + hint

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
            **self.variables,
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
        return valid_variables(variables)

    @property
    def _uses_service(self) -> bool:
        own = {*self.program.environment, *(self.definition.environment or {})} - _REGIONS
        return not self.definition.enable_network_isolation and not any(name.startswith("AWS_") for name in own)

    def _is_inherited(self, name: str) -> bool:
        # with isolation, the folder for temporary files is /tmp
        is_hidden = self.is_isolated and name in _TEMPORARY
        return not name.startswith("AWS_") and not is_hidden
