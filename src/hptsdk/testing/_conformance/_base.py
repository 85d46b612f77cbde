"""Base of the conformance tests: the transport, new jobs, and capabilities that are optional."""

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

__all__ = ["CREATE", "DESCRIBE", "Capability", "ConformanceBase", "job_named", "needs"]

CREATE, DESCRIBE = "CreateHyperParameterTuningJob", "DescribeHyperParameterTuningJob"

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
"""A capability that the service of a transport can be without. Other capabilities are required."""

TestT = TypeVar("TestT", bound="Callable[..., object]")


def needs(capability: Capability) -> Callable[[TestT], TestT]:
    """Create a decorator for a test that needs a capability."""

    def mark(test: TestT) -> TestT:
        test.__dict__["needs"] = capability
        return test

    return mark


def job_named(name: str) -> dict[str, Any]:
    """Return a request about the tuning job with this name."""
    return {"HyperParameterTuningJobName": name}


class ConformanceBase:
    """Base class of the conformance tests, which stops and deletes their tuning jobs after each test."""

    absent: ClassVar[Mapping[Capability, str]] = {}
    patience: ClassVar[float] = 60.0
    poll: ClassVar[float] = 0.05

    @pytest.fixture
    def transport(self) -> Transport:
        """Return the transport to test; a subclass must override this fixture."""
        raise NotImplementedError(f"{type(self).__name__} must override the fixture transport")

    def make_request(self, name: str) -> CreateHyperParameterTuningJobRequest:
        """Create a small request that the service can run, for a tuning job with this name."""
        training = hptsdk.training(
            image="123456789012.dkr.ecr.us-east-1.amazonaws.com/mine:1",
            role_arn="arn:aws:iam::123456789012:role/SageMakerRole",
            output="s3://amzn-s3-demo-bucket/out/",
            instance_type="ml.m5.xlarge",
            instance_count=1,
            volume_size_in_gb=30,
            max_runtime_in_seconds=3600,
        ).metric("loss", "loss=([-+0-9.eE]+)")
        job = hptsdk.tuning_job(name, training, minimize="loss", max_jobs=2, max_parallel_jobs=1)
        return job.continuous("lr", 0.001, 0.1).build()

    # --- fixtures and helpers ---

    @pytest.fixture(autouse=True)
    def _capability(self, request: pytest.FixtureRequest) -> None:
        self.skip_without(getattr(request.function, "needs", None))

    def skip_without(self, capability: Capability | None) -> None:
        """Skip the test if a capability is missing, with the reason from `absent`."""
        if capability and (reason := self.absent.get(capability)):
            pytest.skip(f"{capability}: {reason}")

    @pytest.fixture
    def client(self, transport: Transport) -> TuningClient:
        """Return a client that uses the transport."""
        return hptsdk.TuningClient(transport=transport)

    @pytest.fixture
    def new_name(self, client: TuningClient) -> Iterator[Callable[[], str]]:
        """Return a function that returns new names; jobs with these names are deleted after the test."""
        names: list[str] = []

        def new_name() -> str:
            names.append(f"c{uuid4().hex[:16]}")
            return names[-1]

        yield new_name
        for name in names:
            for action in (client.get(name).stop, client.get(name).delete):
                # some jobs do not exist, and some services do not have the operation
                with suppress(errors.HptsdkError):
                    action()

    @pytest.fixture
    def name(self, new_name: Callable[[], str]) -> str:
        """Return a name that no job has."""
        return new_name()

    @pytest.fixture
    def job(self, client: TuningClient, name: str) -> TuningJob:
        """Return a new job."""
        return client.create(self.make_request(name))

    def body(self, name: str) -> dict[str, Any]:
        """Return the request in wire form."""
        return hptsdk.to_wire(self.make_request(name))

    def with_other_settings(self, name: str) -> CreateHyperParameterTuningJobRequest:
        """Create a request that differs from `make_request` in one number."""
        request = self.make_request(name)
        config = request.hyper_parameter_tuning_job_config
        limits = config.resource_limits
        more = attrs.evolve(limits, max_number_of_training_jobs=(limits.max_number_of_training_jobs or 1) + 1)
        return attrs.evolve(request, hyper_parameter_tuning_job_config=attrs.evolve(config, resource_limits=more))

    def is_gone(self, client: TuningClient, name: str) -> bool:
        """Wait until a job is deleted, and return whether it is deleted in time."""
        began = time.monotonic()
        while time.monotonic() - began <= self.patience:
            try:
                client.describe(name)
            except errors.ResourceNotFoundError:
                return True
            time.sleep(self.poll)
        return False
