"""A whole create, against boto3's call with the same dict; HTTP is answered in process at botocore's `before-send`."""

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
from hptsdk.shapes import CreateHyperParameterTuningJobRequest
from hptsdk.transport import BotocoreTransport

ANSWER = json.dumps({"HyperParameterTuningJobArn": "arn:aws:sagemaker:us-east-1:123456789012:x/y"}).encode()


class _Raw:
    """The body of an answer, as botocore reads it."""

    def stream(self, **_: object) -> list[bytes]:
        """Give it in one piece."""
        return [ANSWER]


def _answer(request: Any, **_: object) -> AWSResponse:  # noqa: ANN401 - botocore's own
    return AWSResponse(request.url, 200, {"Content-Type": "application/x-amz-json-1.1"}, _Raw())  # type: ignore[arg-type]


def _session() -> botocore.session.Session:
    session = botocore.session.Session()
    session.set_credentials("benchmark", "benchmark")
    session.get_component("event_emitter").register("before-send.sagemaker", _answer)
    return session


def rows() -> list[Row]:
    """Measure the largest and a small request, building included."""
    client = hptsdk.TuningClient(transport=BotocoreTransport("us-east-1", session=_session()))
    raw = boto3.Session(botocore_session=_session()).client("sagemaker", region_name="us-east-1")

    def compared(build: Callable[[], CreateHyperParameterTuningJobRequest], times: int) -> float:
        wire = hptsdk.to_wire(build())
        return ratio(lambda: client.create(build()), lambda: raw.create_hyper_parameter_tuning_job(**wire), times=times)

    return [
        Row(
            "a whole create of the largest request, building included", "boto3's call", compared(largest, 1), 0.7, 0.45
        ),
        Row("the same with a small request", "boto3's call", compared(small, 20), 1.0, 0.9),
    ]
