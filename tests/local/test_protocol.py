"""The protocol: signatures, errors and limits."""

import hashlib
import http.client
import json
import socket
import stat
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import attrs
import boto3
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.exceptions import ClientError
from running import job, run, shell, training

import hptsdk
from hptsdk import errors
from hptsdk.local.http import Operations, Signatures
from hptsdk.shapes import (
    DescribeHyperParameterTuningJobResponse,
    DescribeTrainingJobResponse,
    ListTrainingJobsForHyperParameterTuningJobResponse,
    ListTrainingJobsResponse,
)
from hptsdk.wire import from_wire

TYPE = "application/x-amz-json-1.1"


def signer(service, region="us-east-1", credentials=None, create=SigV4Auth):
    return create(credentials or service.credentials, "sagemaker", region)


def signed(service, body=b"{}", target="SageMaker.ListTrainingJobs", *, by=None, **headers):
    """Return the headers of a signed call."""
    host = service.endpoint_url.removeprefix("http://")
    request = AWSRequest(
        "POST",
        service.endpoint_url + "/",
        data=body,
        headers={"Host": host, "Content-Type": TYPE, "X-Amz-Target": target} | headers,
    )
    (by or signer(service)).add_auth(request)
    return dict(request.headers)


def send(service, headers, body=b"{}", method="POST", path="/"):
    """Return the HTTP status, and the error code or the response."""
    connection = http.client.HTTPConnection("127.0.0.1", int(service.endpoint_url.rpartition(":")[2]), timeout=10)
    connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
    for name, value in ({"Content-Length": str(len(body))} | headers).items():
        connection.putheader(name, value)
    connection.endheaders(body)
    response = connection.getresponse()
    content = response.read()
    connection.close()
    try:
        document = json.loads(content) if content else {}
    except ValueError:
        document = {"__type": content.decode()}
    return response.status, document.get("__type", document)


@pytest.fixture
def service(open_service):
    return open_service()


def boto(service):
    """Return an unmodified boto3 client."""
    return boto3.client(
        "sagemaker",
        region_name="us-east-1",
        endpoint_url=service.endpoint_url,
        aws_access_key_id=service.credentials.access_key,
        aws_secret_access_key=service.credentials.secret_key,
        config=Config(proxies={}),
    )


def test_a_signed_request_is_accepted(service):
    assert send(service, signed(service)) == (200, {"TrainingJobSummaries": []})


def test_an_unknown_member_is_refused(service):
    body = b'{"Brand": 1}'
    assert send(service, signed(service, body), body) == (400, "ValidationException")


def test_a_request_without_a_signature_is_refused(service):
    headers = signed(service)
    del headers["Authorization"]
    assert send(service, headers) == (403, "MissingAuthenticationTokenException")


@pytest.mark.parametrize("text", ["", "Bearer x", "AWS4-HMAC-SHA256 Credential=a/b", "AWS4-HMAC-SHA256 " + "x" * 9000])
def test_a_malformed_signature_is_refused(service, text):
    assert send(service, signed(service) | {"Authorization": text}) == (403, "IncompleteSignatureException")


def test_another_key_is_refused(service):
    headers = signed(service, by=signer(service, credentials=Credentials("AKIAOTHER", service.credentials.secret_key)))
    assert send(service, headers) == (403, "UnrecognizedClientException")


def test_another_secret_is_refused(service):
    headers = signed(service, by=signer(service, credentials=Credentials(service.credentials.access_key, "other")))
    assert send(service, headers) == (403, "InvalidSignatureException")


def test_a_changed_body_is_refused(service):
    assert send(service, signed(service, b"{}"), b'{"MaxResults": 1}') == (403, "InvalidSignatureException")


def signed_over_a_digest(service, digest):
    """Return the headers of a call that is signed with any value of `x-amz-content-sha256`."""
    return signed(service, **{"X-Amz-Content-SHA256": digest})


def test_a_request_that_is_signed_with_the_digest_of_its_body_is_accepted(service):
    headers = signed_over_a_digest(service, hashlib.sha256(b"{}").hexdigest())
    assert send(service, headers) == (200, {"TrainingJobSummaries": []})


def test_a_request_that_is_signed_with_the_digest_of_another_body_is_refused(service):
    headers = signed_over_a_digest(service, hashlib.sha256(b"{}").hexdigest())
    assert send(service, headers, b'{"MaxResults": 1}') == (403, "InvalidSignatureException")


@pytest.mark.parametrize("digest", ["UNSIGNED-PAYLOAD", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "", "é"])
def test_a_request_that_is_signed_with_an_invalid_digest_is_refused(service, digest):
    assert send(service, signed_over_a_digest(service, digest)) == (403, "InvalidSignatureException")


def test_a_digest_of_another_body_is_refused_even_if_it_is_not_signed(service):
    headers = signed(service) | {"X-Amz-Content-SHA256": hashlib.sha256(b"other").hexdigest()}
    assert send(service, headers) == (403, "InvalidSignatureException")


def test_a_changed_operation_is_refused(service):
    headers = signed(service) | {"X-Amz-Target": "SageMaker.StopTrainingJob"}
    assert send(service, headers) == (403, "InvalidSignatureException")


def test_another_path_is_refused(service):
    assert send(service, signed(service), path="/other") == (403, "InvalidSignatureException")


def test_another_region_is_refused(service):
    assert send(service, signed(service, by=signer(service, "eu-west-1"))) == (403, "InvalidSignatureException")


@pytest.mark.parametrize(("minutes", "status"), [(-6, 403), (-4, 200), (4, 200), (6, 403)])
def test_the_time_of_a_signature_may_differ_by_five_minutes(service, minutes, status):
    class Elsewhen(SigV4Auth):
        def _modify_request_before_signing(self, request):
            time = datetime.now(UTC) + timedelta(minutes=minutes)
            request.context["timestamp"] = time.strftime("%Y%m%dT%H%M%SZ")
            super()._modify_request_before_signing(request)

    outcome = send(service, signed(service, by=signer(service, create=Elsewhen)))
    assert outcome == (status, "InvalidSignatureException" if status == 403 else {"TrainingJobSummaries": []})


@pytest.mark.parametrize("date", ["20200101T000000Z", "today", ""])
def test_a_time_that_is_not_the_signed_one_is_refused(service, date):
    outcome = send(service, signed(service) | {"X-Amz-Date": date})
    assert outcome in ((403, "InvalidSignatureException"), (403, "IncompleteSignatureException"))


def test_another_day_in_the_scope_is_refused(service):
    headers = signed(service)
    headers["Authorization"] = headers["Authorization"].replace(headers["X-Amz-Date"][:8], "20200101")
    assert send(service, headers) == (403, "InvalidSignatureException")


def test_the_operation_must_be_signed(service):
    host = service.endpoint_url.removeprefix("http://")
    request = AWSRequest("POST", service.endpoint_url + "/", data=b"{}", headers={"Host": host, "Content-Type": TYPE})
    signer(service).add_auth(request)
    headers = dict(request.headers) | {"X-Amz-Target": "SageMaker.ListTrainingJobs"}
    assert send(service, headers) == (403, "IncompleteSignatureException")


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1", "127.0.0.1:1", "evil.example:80", "localhost.evil.example:80"]
)
def test_another_host_is_refused(service, host):
    assert send(service, signed(service, Host=host)) == (403, "AccessDeniedException")


def test_localhost_is_accepted_as_host(service):
    host = "localhost:" + service.endpoint_url.rpartition(":")[2]
    connection = signed(service, Host=host)
    request = AWSRequest(
        "POST",
        f"http://{host}/",
        data=b"{}",
        headers={"Host": host, "Content-Type": TYPE, "X-Amz-Target": connection["X-Amz-Target"]},
    )
    signer(service).add_auth(request)
    assert send(service, dict(request.headers))[0] == 200


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "OPTIONS"])
def test_other_methods_are_refused(service, method):
    assert send(service, signed(service), method=method) == (405, "UnknownOperationException")


@pytest.mark.parametrize("target", ["SageMaker.CreateEndpoint", "SageMaker.", "Other.ListTrainingJobs", "x"])
def test_an_unknown_operation_is_refused(service, target):
    status, code = send(service, signed(service, target=target))
    assert code == "UnknownOperationException"
    assert 400 <= status < 500


@pytest.mark.parametrize("body", [b"{", b"[]", b'"x"', b'{"MaxResults": NaN}', b"\xff", b"[" * 100_000])
def test_a_body_that_is_not_a_json_object_is_refused(service, body):
    assert send(service, signed(service, body), body) == (400, "SerializationException")


@pytest.mark.parametrize(
    "filters",
    [
        b'{"Filters": [{"Name": "TrainingJobName", "Value": "\\ud800"}]}',
        b'{"SubExpressions": [' * 300 + b"{}" + b"]}" * 300,
    ],
    ids=["a lone surrogate", "nested too deeply"],
)
def test_a_request_that_only_the_model_of_botocore_describes_is_refused_with(service, filters):
    body = b'{"Resource": "TrainingJob", "SearchExpression": %s}' % filters
    assert send(service, signed(service, body, "SageMaker.Search"), body) == (400, "ValidationException")


@pytest.mark.parametrize("size", [(4 << 20) + 1, 99999999999])
def test_a_large_body_is_refused_before_it_is_read(service, size):
    port = int(service.endpoint_url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: %d\r\n\r\n" % size)
        assert b" 413 " in connection.recv(200).splitlines()[0]


def test_large_headers_are_refused(service):
    port = int(service.endpoint_url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(b"POST / HTTP/1.1\r\n" + b"X-Filler: " + b"x" * 100_000 + b"\r\n\r\n")
        assert b" 431 " in connection.recv(200).splitlines()[0]


def test_it_listens_on_one_address_of_this_machine(service):
    port = int(service.endpoint_url.rpartition(":")[2])
    with pytest.raises(OSError, match=r"refused|unreachable|timed out|assign"):
        socket.create_connection(("127.0.0.2", port), timeout=1)


def test_only_the_owner_can_read_the_files_of_a_root(open_service):
    service = open_service()
    run(service)
    # the modes below a folder that only its owner can read do not matter
    modes = {p: stat.S_IMODE(p.stat().st_mode) for p in (service.root, *service.root.rglob("*"))}
    assert not {p: oct(m) for p, m in modes.items() if m & 0o077}


def test_the_secret_is_in_no_message_and_no_log(open_service, caplog):
    caplog.set_level("DEBUG")
    service = open_service(shell("echo loss=1"))
    run(service)
    secret = service.credentials.secret_key
    assert secret not in repr(service)
    assert secret not in caplog.text
    assert not [
        p
        for p in service.root.rglob("*")
        if p.is_file() and p.name != "credentials" and secret.encode() in p.read_bytes()
    ]


def test_the_keys_stay_when_it_opens_again(open_service):
    service = open_service()
    first = service.credentials
    service.close()
    assert open_service().credentials.secret_key == first.secret_key


# --- with boto3 ---


def test_boto3_runs_a_job_to_its_end(open_service):
    service = open_service()
    client = boto(service)
    arn = client.create_hyper_parameter_tuning_job(**hptsdk.to_wire(job().tag("a", "b").build()))[
        "HyperParameterTuningJobArn"
    ]
    service.client().get("demo").wait(timeout=30, poll=0.05)
    answer = client.describe_hyper_parameter_tuning_job(HyperParameterTuningJobName="demo")
    assert (answer["HyperParameterTuningJobStatus"], answer["HyperParameterTuningJobArn"]) == ("Completed", arn)
    pages = client.get_paginator("list_training_jobs_for_hyper_parameter_tuning_job").paginate(
        HyperParameterTuningJobName="demo", PaginationConfig={"PageSize": 1}
    )
    assert [len(page["TrainingJobSummaries"]) for page in pages] == [1, 1, 1]
    assert client.list_tags(ResourceArn=arn)["Tags"] == [{"Key": "a", "Value": "b"}]
    client.delete_hyper_parameter_tuning_job(HyperParameterTuningJobName="demo")


def test_all_violations_of_a_request_are_in_one_message(service):
    wire = hptsdk.to_wire(job().build())
    wire["HyperParameterTuningJobName"] = "not a name"
    wire["TrainingJobDefinition"]["RoleArn"] = "arn:aws:iam::nobody:role/SageMakerRole"
    with pytest.raises(ClientError) as caught:
        boto(service).create_hyper_parameter_tuning_job(**wire)
    error = caught.value.response["Error"]
    assert error["Code"] == "ValidationException"
    assert error["Message"].startswith("2 validation errors detected: ")


def test_the_error_for_a_missing_training_job_is_the_one_of_sagemaker(service):
    with pytest.raises(ClientError) as caught:
        boto(service).describe_training_job(TrainingJobName="absent")
    assert caught.value.response["Error"] == {"Code": "ValidationException", "Message": "Requested resource not found."}


def test_an_ended_training_job_cannot_be_stopped(open_service):
    service = open_service()
    name = run(service).best.training_job_name
    with pytest.raises(ClientError, match="the training job is in status Completed"):
        boto(service).stop_training_job(TrainingJobName=name)


def test_responses_have_only_members_of_the_api_model(open_service):
    service = open_service()
    training_job = run(service).best.training_job_name
    name = {"HyperParameterTuningJobName": "demo"}
    for cls, operation, body in (
        (DescribeHyperParameterTuningJobResponse, "DescribeHyperParameterTuningJob", name),
        (DescribeTrainingJobResponse, "DescribeTrainingJob", {"TrainingJobName": training_job}),
        (ListTrainingJobsForHyperParameterTuningJobResponse, "ListTrainingJobsForHyperParameterTuningJob", name),
        (ListTrainingJobsResponse, "ListTrainingJobs", {}),
    ):
        text = json.dumps(body).encode()
        status, document = send(service, signed(service, text, f"SageMaker.{operation}"), text)
        assert (status, unmodelled(from_wire(cls, document))) == (200, []), operation


def unmodelled(value):
    """Return the members that are not in the model, at any depth."""
    if isinstance(value, tuple):
        return [name for item in value for name in unmodelled(item)]
    if not attrs.has(type(value)):
        return []
    members = tuple(getattr(value, field.name) for field in attrs.fields(type(value)))
    return [*value.unmodelled, *unmodelled(members)]


def test_an_image_without_a_program_is_refused_with_those_that_have_one(service):
    with pytest.raises(
        errors.ValidationRefusedError, match=r"for other:1\. It has programs for: my-image:1\. .*add_program"
    ):
        service.client().create(job("demo", training(image="other:1")).build())


def test_a_request_is_handled_while_requests_with_large_bodies_wait(open_service, monkeypatch):
    call, check = Operations.call, Signatures.check
    arrived, proceed = threading.Semaphore(0), threading.Event()

    def counting_check(signatures, request, service):
        signature = check(signatures, request, service)
        arrived.release()
        return signature

    def slow_call(operations, operation, document):
        if operation == "CreateHyperParameterTuningJob":
            proceed.wait(20)
        return call(operations, operation, document)

    monkeypatch.setattr(Signatures, "check", counting_check)
    monkeypatch.setattr(Operations, "call", slow_call)
    service = open_service()
    body = json.dumps({"Unknown": "x" * (2 << 20)}).encode()
    headers = signed(service, body, "SageMaker.CreateHyperParameterTuningJob")
    with ThreadPoolExecutor(8) as callers:
        large_calls = [callers.submit(send, service, headers, body) for _ in range(8)]
        try:
            assert all(arrived.acquire(timeout=10) for _ in large_calls)
            assert send(service, signed(service))[0] == 200
        finally:
            proceed.set()
    assert {large_call.result() for large_call in large_calls} == {(400, "ValidationException")}
