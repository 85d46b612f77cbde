"""Generated requests, compared with the validation and the model of botocore, and with the requests of boto3."""

import json
import re

import boto3
import botocore.session
import botocore.validate
import pytest
from botocore.awsrequest import AWSResponse
from botocore.loaders import Loader
from hypothesis import given

import hptsdk
from hptsdk import shapes
from hptsdk.testing import strategies
from hptsdk.transport import BotocoreTransport

pytestmark = pytest.mark.long

OPERATION = "CreateHyperParameterTuningJob"
REQUEST = shapes.CreateHyperParameterTuningJobRequest
REQUESTS = strategies.requests(extreme=True)


# --- botocore and its model ---


@pytest.fixture(scope="module")
def operation(newest):
    return botocore.session.get_session().get_service_model("sagemaker").operation_model(OPERATION)


@given(document=strategies.wire(REQUEST, extreme=True))
def test_botocore_accepts_every_request(document, operation):
    report = botocore.validate.ParamValidator().validate(document, operation.input_shape)
    assert report.generate_report() == ""


@pytest.fixture(scope="module")
def model(newest):
    """Return the shapes of the JSON model of botocore, read without hptsdk."""
    loader = Loader(extra_search_paths=[Loader.BUILTIN_DATA_PATH], include_default_search_paths=False)
    return loader.load_service_model("sagemaker", "service-2")["shapes"]


def against(model, name, value, path=""):
    """Return the differences between a document and the model, including bounds, patterns and enumerations."""
    shape = model[name]
    match shape["type"]:
        case "structure":
            missing = [f"{path}: lacks {wire}" for wire in shape.get("required", ()) if wire not in value]
            inner = [
                text
                for wire, item in value.items()
                for text in (
                    against(model, shape["members"][wire]["shape"], item, f"{path}.{wire}")
                    if wire in shape["members"]
                    else [f"{path}: has {wire}"]
                )
            ]
            return missing + inner
        case "list":
            name = shape["member"]["shape"]
            inner = [text for n, item in enumerate(value) for text in against(model, name, item, f"{path}[{n}]")]
            return bound(shape, len(value), path) + inner
        case "map":
            inner = [
                text
                for key, item in value.items()
                for part, each in (("key", key), ("value", item))
                for text in against(model, shape[part]["shape"], each, f"{path}[{key}]")
            ]
            return bound(shape, len(value), path) + inner
        case "string":
            return bound(shape, len(value), path) + fits(name, shape, value, path)
        case "boolean":
            return [] if isinstance(value, bool) else [f"{path}: no boolean"]
        case kind:
            types = (int,) if kind in {"integer", "long"} else (int, float)
            wrong = [] if type(value) in types else [f"{path}: no {kind}"]
            return wrong + bound(shape, value, path)


def bound(shape, size, path):
    low, high = shape.get("min", size), shape.get("max", size)
    return [] if low <= size <= high else [f"{path}: {size} is not from {low} to {high}"]


def fits(name, shape, text, path):
    # new instance types are accepted before the model has them
    if "enum" in shape and name != "TrainingInstanceType" and text not in shape["enum"]:
        return [f"{path}: {text!r} is no value of {name}"]
    pattern = shape.get("pattern")
    # `re` has no Unicode categories; other tests check those of tags
    if pattern is None or r"\p{" in pattern or re.fullmatch(pattern, text, re.ASCII):
        return []
    return [f"{path}: {text!r} does not match {pattern}"]


@given(document=strategies.wire(REQUEST, extreme=True))
def test_every_request_agrees_with_the_model(document, model):
    assert against(model, f"{OPERATION}Request", document) == []


def test_an_invalid_document_does_not_agree_with_the_model(model):
    document = {"HyperParameterTuningJobName": "-", "Tags": [{"Key": "", "Value": ""}], "New": 1}
    texts = against(model, f"{OPERATION}Request", document)
    assert [text.partition(":")[0] for text in texts] == ["", ".HyperParameterTuningJobName", ".Tags[0].Key", ""]


# --- what is sent ---


@pytest.fixture(scope="module")
def sent(newest):
    """Return a function that sends a document with boto3 and a request with hptsdk, and returns both bodies."""
    bodies = []

    def answer(request, **_):
        bodies.append(request.body)
        return AWSResponse(request.url, 200, {}, Raw())

    session = botocore.session.Session()
    session.set_credentials("AKIDEXAMPLE", "secret")
    session.set_config_variable("region", "us-east-1")
    session.register("before-send.sagemaker", answer)
    theirs = boto3.Session(botocore_session=session, region_name="us-east-1").client("sagemaker")
    ours = BotocoreTransport(region_name="us-east-1", session=session)

    def both(document, request):
        bodies.clear()
        theirs.create_hyper_parameter_tuning_job(**document)
        ours.call(OPERATION, hptsdk.to_wire(request))
        return [json.loads(body) for body in bodies]

    return both


class Raw:
    """The body of a response."""

    def stream(self, **_):
        yield b'{"HyperParameterTuningJobArn": "arn"}'


@given(request=REQUESTS)
def test_hptsdk_sends_the_same_document_as_boto3(request, sent):
    theirs, ours = sent(hptsdk.to_wire(request), request)
    assert ours == theirs
