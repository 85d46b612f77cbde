"""The configuration of a service, and what its tuning jobs share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    import threading
    from collections.abc import Mapping
    from pathlib import Path

    from hptsdk.local._programs import Programs
    from hptsdk.local.jobs._slots import Slots
    from hptsdk.local.jobs._store import Store
    from hptsdk.local.process import Storage
    from hptsdk.local.search import Sampler

__all__ = ["TRAINING_JOB", "TUNING_JOB", "ServiceConfig", "ServiceContext"]

# The resource types in ARNs.
TUNING_JOB, TRAINING_JOB = "hyper-parameter-tuning-job", "training-job"


@attrs.frozen(kw_only=True)
class ServiceConfig:
    """The configuration of a service.

    Attributes:
        root: the folder of the service.
        jobs_folder: the folder below it with the folders of training jobs.
        storage: the folders of buckets and file systems.
        region: the AWS region.
        account: the AWS account ID.
        stop_grace: the seconds between asking a program to end and killing it.
        closing_grace: the same while the service closes.
        mark: the mark of the root, which the environment of its programs has.
        keep_folders: whether to keep the folders of training jobs that have ended.
        max_parallel: the most training jobs that run at a time.
        sampler: the sampler of Bayesian searches.
        working_folder: the folder in which the service was opened.
        environment: the environment variables of the service.
    """

    root: Path
    jobs_folder: Path
    storage: Storage
    region: str
    account: str
    stop_grace: float
    closing_grace: float
    mark: str
    keep_folders: bool
    max_parallel: int
    sampler: Sampler
    working_folder: Path
    environment: Mapping[str, str]

    def arn(self, resource_type: str, name: str) -> str:
        """Return the ARN of a job; SageMaker writes names in ARNs in lower case."""
        return f"arn:aws:sagemaker:{self.region}:{self.account}:{resource_type}/{name.lower()}"


@attrs.frozen
class ServiceContext:
    """What the tuning jobs of a service share.

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
