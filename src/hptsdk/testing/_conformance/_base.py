"""What the conformance tests stand on: the transport, jobs of names that nobody has, and what may be absent."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any, ClassVar, Literal, TypeVar
from uuid import uuid4

import attrs
import pytest

import hptsdk
from hptsdk import errors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from hptsdk.client import TuningClient, TuningJob
    from hptsdk.shapes import CreateHyperParameterTuningJobRequest
    from hptsdk.transport import Transport

__all__ = ["Capability", "ConformanceBase", "needs"]

Capability = Literal[
    "names without case",
    "creating from threads",
    "unmodelled members",
    "validation",
    "lists",
    "times in lists",
    "training jobs",
    "stopping",
    "deleting",
    "tags",
]
"""What a service behind a transport may lack; all else it must have."""

TestT = TypeVar("TestT", bound="Callable[..., object]")


def needs(capability: Capability) -> Callable[[TestT], TestT]:
    """Say that a test needs more than every service has."""

    def mark(test: TestT) -> TestT:
        test.__dict__["needs"] = capability
        return test

    return mark


class ConformanceBase:
    """The transport of a subclass, and jobs to try it on; what a test creates is stopped and deleted after it."""

    absent: ClassVar[Mapping[Capability, str]] = {}
    patience: ClassVar[float] = 60.0
    poll: ClassVar[float] = 0.05

    @pytest.fixture
    def transport(self) -> Transport:
        """Give the transport to be checked; a subclass must."""
        raise NotImplementedError(f"{type(self).__name__} has no fixture called transport")

    def make_request(self, name: str) -> CreateHyperParameterTuningJobRequest:
        """Make a small request that the service can run, for a job of this name."""
        training = hptsdk.training(
            image="123456789012.dkr.ecr.us-east-1.amazonaws.com/mine:1",
            role_arn="arn:aws:iam::123456789012:role/SageMakerRole",
            output="s3://amzn-s3-demo-bucket/out/",
            instance_type="ml.m5.xlarge",
            instance_count=1,
            volume_size_in_gb=30,
            max_runtime_in_seconds=3600,
        ).metric("loss", "loss=([0-9.]+)")
        job = hptsdk.tuning_job(name, training, minimize="loss", max_jobs=2, max_parallel_jobs=1)
        return job.continuous("lr", 0.001, 0.1).build()

    # --- what the tests use ---

    @pytest.fixture(autouse=True)
    def _capability(self, request: pytest.FixtureRequest) -> None:
        self.skip_without(getattr(request.function, "needs", None))

    def skip_without(self, capability: Capability | None) -> None:
        """Skip a test, with the reason that the subclass gives, where it needs what is absent."""
        if capability and (reason := self.absent.get(capability)):
            pytest.skip(f"{capability}: {reason}")

    @pytest.fixture
    def client(self, transport: Transport) -> TuningClient:
        """Give a client on the transport."""
        return hptsdk.TuningClient(transport=transport)

    @pytest.fixture
    def new_name(self, client: TuningClient) -> Iterator[Callable[[], str]]:
        """Give a function that makes names of jobs, which are cleared away after the test."""
        names: list[str] = []

        def new_name() -> str:
            names.append(f"c{uuid4().hex[:16]}")
            return names[-1]

        yield new_name
        for name in names:
            for action in (client.get(name).stop, client.get(name).delete):
                # most were never created, and not every service can do it
                with suppress(errors.HptsdkError):
                    action()

    @pytest.fixture
    def name(self, new_name: Callable[[], str]) -> str:
        """Give the name of no job."""
        return new_name()

    @pytest.fixture
    def job(self, client: TuningClient, name: str) -> TuningJob:
        """Give a job that was just created."""
        return client.create(self.make_request(name))

    def body(self, name: str) -> dict[str, Any]:
        """Write the request as it is sent."""
        return hptsdk.to_wire(self.make_request(name))

    def with_other_settings(self, name: str) -> CreateHyperParameterTuningJobRequest:
        """Make a request that differs from the other in one number."""
        request = self.make_request(name)
        config = request.hyper_parameter_tuning_job_config
        limits = config.resource_limits
        more = attrs.evolve(limits, max_number_of_training_jobs=(limits.max_number_of_training_jobs or 1) + 1)
        return attrs.evolve(request, hyper_parameter_tuning_job_config=attrs.evolve(config, resource_limits=more))

    def is_gone(self, client: TuningClient, name: str) -> bool:
        """Wait until a job is there no more."""
        began = time.monotonic()
        while time.monotonic() - began <= self.patience:
            try:
                client.describe(name)
            except errors.ResourceNotFoundError:
                return True
            time.sleep(self.poll)
        return False
