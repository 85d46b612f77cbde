"""The configuration of a service, and the objects that its tuning jobs share."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    import threading
    from collections.abc import Mapping

    from hptsdk.local._programs import Programs
    from hptsdk.local.jobs._slots import Slots
    from hptsdk.local.jobs._store import Store
    from hptsdk.local.process import Storage
    from hptsdk.local.search import Sampler

__all__ = ["ACCOUNT", "TRAINING_JOB", "TUNING_JOB", "ServiceConfig", "ServiceContext"]

# The resource types in ARNs.
TUNING_JOB, TRAINING_JOB = "hyper-parameter-tuning-job", "training-job"

ACCOUNT = "123456789012"
"""The ID of the AWS account in ARNs."""

# Seconds in which a program must end when the service closes.
_CLOSING_GRACE = 5.0


@attrs.frozen(kw_only=True)
class ServiceConfig:
    """The configuration of a service.

    Attributes:
        root: the folder of the service.
        storage: the folders of buckets and file systems.
        region: the AWS region.
        stop_grace: the seconds between SIGTERM and SIGKILL when a program is stopped.
        mark: the mark of the root, which the environment of its programs has.
        keep_folders: whether to keep the folders of training jobs that have ended.
        max_parallel: the maximum number of training jobs that run at a time.
        sampler: the sampler of Bayesian searches.
        working_folder: the folder on the path of Python; that in which the programs were passed. Defaults to the
            current one.
        environment: the environment variables of the service.
        program_environment: the variables with which programs call S3 and STS; set when the server is created.
    """

    root: Path
    storage: Storage
    region: str
    stop_grace: float
    mark: str
    keep_folders: bool
    max_parallel: int
    sampler: Sampler
    working_folder: Path = attrs.field(factory=Path.cwd)
    environment: Mapping[str, str] = attrs.field(factory=os.environ.copy, init=False)
    program_environment: dict[str, str] = attrs.field(factory=dict[str, str], init=False)

    @property
    def jobs_folder(self) -> Path:
        """The folder with the folders of training jobs."""
        return self.root / "training-jobs"

    @property
    def closing_grace(self) -> float:
        """The seconds between SIGTERM and SIGKILL while the service closes."""
        return min(self.stop_grace, _CLOSING_GRACE)

    def arn(self, resource_type: str, name: str) -> str:
        """Return the ARN of a job; SageMaker writes names in ARNs in lower case.

        Args:
            resource_type: `TUNING_JOB` or `TRAINING_JOB`.
            name: the name of the job.
        """
        return f"arn:aws:sagemaker:{self.region}:{ACCOUNT}:{resource_type}/{name.lower()}"


@attrs.frozen
class ServiceContext:
    """The objects that the tuning jobs of a service share.

    Attributes:
        config: the configuration of the service.
        store: the stored jobs.
        programs: the programs of images and algorithms.
        slots: the slots for training jobs.
        closing: set when the service closes.
    """

    config: ServiceConfig
    store: Store
    programs: Programs
    slots: Slots
    closing: threading.Event
