"""Measure a create with its building, compared with the call of boto3 with the same dict.

The event `before-send` of botocore returns the response, so that no request is sent.
"""

import json
from collections.abc import Callable
from typing import Any

import boto3
import botocore.session
from botocore.awsrequest import AWSResponse
from largest import largest
from measure import Row, ratio
from small import small

import hptsdk
from hptsdk.shapes import (
    CreateHyperParameterTuningJobRequest,
    HyperParameterAlgorithmSpecification,
    MetricDefinition,
)
from hptsdk.transport import BotocoreTransport

ARN = "arn:aws:sagemaker:us-east-1:123456789012:hyper-parameter-tuning-job/"


class _Body:
    """The body of a response, with the method that botocore calls."""

    def __init__(self, content: bytes) -> None:
        self.content = content

    def stream(self, **_: object) -> list[bytes]:
        """Return the content in one block."""
        return [self.content]


def _session(job_name: str) -> botocore.session.Session:
    """Return a session whose calls get the ARN of a tuning job as their response."""
    body = _Body(json.dumps({"HyperParameterTuningJobArn": f"{ARN}{job_name}"}).encode())

    def respond(request: Any, **_: object) -> AWSResponse:  # noqa: ANN401 - botocore has no types
        return AWSResponse(request.url, 200, {"Content-Type": "application/x-amz-json-1.1"}, body)  # type: ignore[arg-type]

    session = botocore.session.Session()
    session.set_credentials("benchmark", "benchmark")
    session.get_component("event_emitter").register("before-send.sagemaker", respond)
    return session


def rows() -> list[Row]:
    """Return the ratios of the largest and of a small request, including their building and their advice."""

    def compared(build: Callable[[], CreateHyperParameterTuningJobRequest], times: int) -> float:
        wire = hptsdk.to_wire(build())
        name = wire["HyperParameterTuningJobName"]
        client = hptsdk.TuningClient(transport=BotocoreTransport("us-east-1", session=_session(name)))
        raw = boto3.Session(botocore_session=_session(name)).client("sagemaker", region_name="us-east-1")
        return ratio(lambda: client.create(build()), lambda: raw.create_hyper_parameter_tuning_job(**wire), times=times)

    return [
        Row(
            "a whole create of the largest request, building and advice included",
            "boto3's call",
            compared(largest, 1),
            0.75,
            0.60,
        ),
        Row("the same with a small request of XGBoost", "boto3's call", compared(small, 20), 1.10, 1.0),
        Row("advice on that small request", "on one with a custom image", _advice_ratio(), 2.0, 1.5),
    ]


def _advice_ratio() -> float:
    """Return the ratio of the advice on a request with XGBoost to that on the same request with a custom image."""
    metric = MetricDefinition(name="validation:auc", regex="auc=([0-9.]+)")
    image = HyperParameterAlgorithmSpecification(
        training_image="123456789012.dkr.ecr.us-east-1.amazonaws.com/mine:1",
        training_input_mode="File",
        metric_definitions=[metric],
    )
    xgboost, custom = small(), small(image)
    return ratio(lambda: hptsdk.advise(xgboost), lambda: hptsdk.advise(custom), times=20)
