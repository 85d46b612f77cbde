"""Compare the creation of a request and `TuningClient.create` with the call of boto3 with the same request as a dict.

A handler of botocore's event `before-send` returns the response, so nothing is sent.
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
from hptsdk.shapes import CreateHyperParameterTuningJobRequest, HyperParameterAlgorithmSpecification, MetricDefinition
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
    """Return the ratios of the largest and of a small request, and that of the advice on the small request."""

    def compared(build: Callable[[], CreateHyperParameterTuningJobRequest], times: int) -> float:
        wire = hptsdk.to_wire(build())
        name = wire["HyperParameterTuningJobName"]
        client = hptsdk.TuningClient(transport=BotocoreTransport("us-east-1", session=_session(name)))
        raw = boto3.Session(botocore_session=_session(name)).client("sagemaker", region_name="us-east-1")
        return ratio(lambda: client.create(build()), lambda: raw.create_hyper_parameter_tuning_job(**wire), times=times)

    against = "boto3's call with the same request as a dict"
    return [
        Row(
            "create the largest request and pass it to `client.create`, which also computes advice",
            against,
            compared(largest, 1),
            0.75,
            0.60,
        ),
        Row(
            "create a small request with XGBoost and pass it to `client.create`",
            against,
            compared(small, 20),
            1.10,
            1.0,
        ),
        Row(
            "`hptsdk.advise` on the small request with XGBoost",
            "`hptsdk.advise` on the same request with a custom image",
            _advice_ratio(),
            2.0,
            1.5,
        ),
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
