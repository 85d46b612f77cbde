"""Signatures, digests and chunks of requests to S3, and the dispatch of requests to the services."""

import base64
import hashlib
import hmac
import io
import socket
import zlib
from urllib.parse import urlsplit

import boto3
import pytest
from botocore import UNSIGNED
from botocore.config import Config
from botocore.credentials import Credentials
from running import BUCKET, bucket
from s3_client import client, refusal, send, signed

from hptsdk.local.http import Request, Signature
from hptsdk.local.s3._call import Call
from hptsdk.transport import Refusal

PATH = f"/{BUCKET}/a"


@pytest.fixture(scope="module")
def service(open_shared):
    return open_shared()


@pytest.fixture
def stored(service):
    """Return the path of the object that a test stores."""
    path = bucket(service.root.parent) / "a"
    yield path
    path.unlink(missing_ok=True)


def put(service, headers, body=b"content"):
    """Return the status of a request that stores the object, and its error code; None if it has none."""
    return outcome(send(service, "PUT", PATH, headers, body))


def outcome(response):
    status, content = response
    code = content.partition(b"<Code>")[2].partition(b"</Code>")[0].decode()
    return status, code or None


# --- signatures ---


def test_a_signed_object_is_stored(service, stored):
    assert put(service, signed(service, "PUT", PATH, b"content")) == (200, None)
    assert stored.read_bytes() == b"content"


def test_a_request_without_a_signature_is_refused(service, stored):
    headers = signed(service, "PUT", PATH, b"content")
    del headers["Authorization"]
    assert put(service, headers) == (403, "AccessDenied")
    assert not stored.exists()


def test_an_anonymous_client_is_refused(service):
    s3 = boto3.client(
        "s3", endpoint_url=service.endpoint_url, region_name="us-east-1", config=Config(signature_version=UNSIGNED)
    )
    assert refusal(s3.list_buckets) == (403, "AccessDenied")


def test_another_key_is_refused(service):
    service_with_other_key = type("Other", (), {})()
    service_with_other_key.endpoint_url, service_with_other_key.region_name = service.endpoint_url, "us-east-1"
    service_with_other_key.credentials = Credentials("AKIAOTHER", "other")
    assert put(service, signed(service_with_other_key, "PUT", PATH, b"content")) == (403, "InvalidAccessKeyId")


def test_a_changed_signature_is_refused(service):
    headers = signed(service, "PUT", PATH, b"content")
    headers["Authorization"] = headers["Authorization"][:-64] + "0" * 64
    assert put(service, headers) == (403, "SignatureDoesNotMatch")


@pytest.mark.parametrize("path", [f"/{BUCKET}/b", f"{PATH}?x-id=PutObject", f"{PATH}?acl"])
def test_another_path_or_query_is_refused(service, path):
    headers = signed(service, "PUT", PATH, b"content")
    assert outcome(send(service, "PUT", path, headers, b"content")) == (403, "SignatureDoesNotMatch")


def test_another_method_is_refused(service):
    assert outcome(send(service, "DELETE", PATH, signed(service, "PUT", PATH))) == (403, "SignatureDoesNotMatch")
    assert outcome(send(service, "PATCH", PATH, signed(service, "PATCH", PATH))) == (405, "MethodNotAllowed")


def test_a_changed_body_is_refused(service, stored):
    assert put(service, signed(service, "PUT", PATH, b"other")) == (400, "XAmzContentSHA256Mismatch")
    assert not stored.exists()


def test_a_body_without_a_signed_digest_is_stored_if_the_caller_says_so(service, stored):
    assert put(service, signed(service, "PUT", PATH, digest="UNSIGNED-PAYLOAD")) == (200, None)
    assert stored.read_bytes() == b"content"


def test_another_region_is_refused_with_the_region_of_the_service(service):
    s3 = boto3.client(
        "s3",
        region_name="eu-west-1",
        endpoint_url=service.endpoint_url,
        aws_access_key_id=service.credentials.access_key,
        aws_secret_access_key=service.credentials.secret_key,
    )
    assert refusal(s3.list_buckets) == (400, "AuthorizationHeaderMalformed")


def test_another_host_is_refused(service):
    headers = signed(service, "PUT", PATH, b"content", Host="bucket.example")
    assert put(service, headers) == (403, "AccessDenied")


def test_the_signature_of_another_service_is_refused(service):
    scope = signed(service, "PUT", PATH, b"content")
    scope["Authorization"] = scope["Authorization"].replace("/s3/", "/iam/")
    status, content = send(service, "PUT", PATH, scope, b"content")
    assert (status, b"InvalidSignatureException" in content or b"UnknownOperation" in content) == (405, True)


def test_an_error_of_a_head_request_has_no_content(service):
    assert send(service, "HEAD", f"{PATH}-missing", signed(service, "HEAD", f"{PATH}-missing")) == (404, b"")


@pytest.mark.parametrize(
    "header",
    [
        {"x_amz_tagging": "a=b"},
        {"x_amz_object_lock_mode": "COMPLIANCE"},
        {"x_amz_server_side_encryption_customer_algorithm": "AES256"},
    ],
)
def test_a_header_that_would_have_no_effect_is_refused(service, stored, header):
    assert put(service, signed(service, "PUT", PATH, b"content", **header)) == (501, "NotImplemented")
    assert not stored.exists()


@pytest.mark.parametrize("query", ["acl", "tagging", "versionId=1", "retention", "policy", "torrent"])
def test_an_operation_that_the_service_does_not_have_is_refused(service, stored, query):
    path = f"{PATH}?{query}"
    headers = signed(service, "PUT", path, b"content")
    assert outcome(send(service, "PUT", path, headers, b"content")) == (501, "NotImplemented")
    assert not stored.exists()


def test_a_document_that_is_not_xml_is_refused(service):
    path = f"/{BUCKET}?delete"
    headers = signed(service, "POST", path, b"<Delete>")
    assert outcome(send(service, "POST", path, headers, b"<Delete>")) == (400, "MalformedXML")


def test_a_document_that_is_too_large_is_refused(service):
    path, body = f"/{BUCKET}?delete", b" " * ((4 << 20) + 1)
    headers = signed(service, "POST", path, body)
    assert outcome(send(service, "POST", path, headers, body)) == (400, "EntityTooLarge")


# --- large bodies ---


def test_a_large_body_of_a_caller_without_credentials_is_refused_before_it_is_read(service):
    headers = signed(service, "PUT", PATH, digest="UNSIGNED-PAYLOAD", Content_Length="999999999")
    headers["Authorization"] = headers["Authorization"][:-64] + "0" * 64
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    address = urlsplit(service.endpoint_url)
    with socket.create_connection((address.hostname, address.port), timeout=10) as connection:
        connection.sendall(f"PUT {PATH} HTTP/1.1\r\nExpect: 100-continue\r\n{lines}\r\n".encode())
        assert b" 413 " in connection.recv(200).splitlines()[0]


def test_a_body_above_the_limit_of_s3_is_refused_before_it_is_read(service):
    headers = signed(service, "PUT", PATH, digest="UNSIGNED-PAYLOAD", Content_Length=f"{6 << 30}")
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    address = urlsplit(service.endpoint_url)
    with socket.create_connection((address.hostname, address.port), timeout=10) as connection:
        connection.sendall(f"PUT {PATH} HTTP/1.1\r\n{lines}\r\n".encode())
        assert b" 413 " in connection.recv(200).splitlines()[0]


def test_a_body_with_unknown_length_is_stored(service, stored):
    headers = signed(service, "PUT", PATH, digest="UNSIGNED-PAYLOAD")
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    body = b"".join(b"%x\r\n%s\r\n" % (1 << 20, b"x" * (1 << 20)) for _ in range(6)) + b"0\r\n\r\n"
    address = urlsplit(service.endpoint_url)
    with socket.create_connection((address.hostname, address.port), timeout=10) as connection:
        connection.sendall(f"PUT {PATH} HTTP/1.1\r\nTransfer-Encoding: chunked\r\n{lines}\r\n".encode() + body)
        assert b" 200 " in connection.recv(200).splitlines()[0]
    assert stored.stat().st_size == 6 << 20


# --- bodies in chunks ---

# The example of "Signature calculations for the Authorization header: transferring payload in multiple chunks".
EXAMPLE = Signature(
    text="4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9",
    date="20130524T000000Z",
    scope="20130524/us-east-1/s3/aws4_request",
    key=bytes.fromhex("dbb893acc010964918f1fd433add87c70e8b0db6be30c1fbeafefa5ec6ba8378"),
)
CHUNKS = [
    (65536, "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648"),
    (1024, "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497"),
    (0, "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9"),
]
BODY = b"".join(b"%x;chunk-signature=%s\r\n%s\r\n" % (size, text.encode(), b"a" * size) for size, text in CHUNKS)


def decoded(body, declared="STREAMING-AWS4-HMAC-SHA256-PAYLOAD", signature=EXAMPLE, **headers):
    """Return the content of a body in chunks."""
    file = io.BytesIO()
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    request = Request("PUT", PATH, "", {"x-amz-content-sha256": declared} | headers, io.BytesIO(body))
    Call(request, signature, BUCKET, "a", {}).save(file.write)
    return file.getvalue()


def code(*arguments, **headers):
    """Return the code of the error for a body in chunks."""
    with pytest.raises(Refusal) as caught:
        decoded(*arguments, **headers)
    return caught.value.code


def test_the_example_of_aws_is_decoded():
    assert decoded(BODY, x_amz_decoded_content_length="66560") == b"a" * 66560


@pytest.mark.parametrize("position", [100, 66000, len(BODY) - 10])
def test_a_changed_chunk_is_refused(position):
    changed = BODY[:position] + bytes([BODY[position] ^ 1]) + BODY[position + 1 :]
    assert code(changed) in ("SignatureDoesNotMatch", "IncompleteBody")


def test_a_chunk_without_a_signature_is_refused():
    assert code(b"0\r\n\r\n") == "SignatureDoesNotMatch"


@pytest.mark.parametrize(
    "body", [b"", BODY[:50], BODY[:5000], BODY[:-95], b"x" * 20000, b"-1\r\n", BODY.replace(b"\r\n", b"")]
)
def test_an_incomplete_body_is_refused(body):
    assert code(body) == "IncompleteBody"


def test_a_body_of_another_length_is_refused():
    assert code(BODY, x_amz_decoded_content_length="66561") == "IncompleteBody"


def test_a_body_with_an_unsupported_signature_is_refused():
    assert code(BODY, "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD") == "NotImplemented"


def crc32(content):
    return base64.b64encode(zlib.crc32(content).to_bytes(4, "big"))


def test_the_checksum_of_an_unsigned_trailer_is_compared():
    def body(checksum):
        return b"7\r\ncontent\r\n0\r\nx-amz-checksum-crc32:%s\r\n\r\n" % checksum

    declared, trailer = "STREAMING-UNSIGNED-PAYLOAD-TRAILER", {"x_amz_trailer": "x-amz-checksum-crc32"}
    assert decoded(body(crc32(b"content")), declared, **trailer) == b"content"
    assert code(body(crc32(b"other")), declared, **trailer) == "BadDigest"


def test_a_signed_trailer_is_checked():
    declared, trailer = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER", {"x_amz_trailer": "x-amz-checksum-crc32"}
    line = b"x-amz-checksum-crc32:" + crc32(b"a" * 66560)
    digest = hashlib.sha256(line + b"\n").hexdigest()
    text = "\n".join(["AWS4-HMAC-SHA256-TRAILER", EXAMPLE.date, EXAMPLE.scope, CHUNKS[-1][1], digest])
    signature = hmac.new(EXAMPLE.key, text.encode(), "sha256").hexdigest().encode()
    start = BODY[:-2] + line + b"\r\n"
    assert decoded(start + b"x-amz-trailer-signature:" + signature + b"\r\n\r\n", declared, **trailer)
    assert code(start + b"x-amz-trailer-signature:" + b"0" * 64 + b"\r\n\r\n", declared, **trailer) == (
        "SignatureDoesNotMatch"
    )
    assert code(start + b"\r\n", declared, **trailer) == "SignatureDoesNotMatch"


def test_a_body_in_chunks_is_stored_without_their_sizes(service, stored):
    body = b"7\r\ncontent\r\n0\r\nx-amz-checksum-crc32:%s\r\n\r\n" % crc32(b"content")
    headers = signed(
        service,
        "PUT",
        PATH,
        digest="STREAMING-UNSIGNED-PAYLOAD-TRAILER",
        Content_Encoding="aws-chunked,gzip",
        x_amz_trailer="x-amz-checksum-crc32",
        x_amz_decoded_content_length="7",
    )
    assert put(service, headers, body) == (200, None)
    assert stored.read_bytes() == b"content"
    assert client(service).head_object(Bucket=BUCKET, Key="a")["ContentEncoding"] == "gzip"


# --- STS ---


def test_sts_returns_the_account_of_the_service(service):
    identity = client(service, "sts").get_caller_identity()
    assert (identity["Account"], identity["Arn"]) == ("123456789012", "arn:aws:iam::123456789012:user/hptsdk")


def test_other_operations_of_sts_are_refused(service):
    assert refusal(client(service, "sts").get_session_token) == (400, "InvalidAction")


def test_a_wrong_secret_is_refused_by_sts(service):
    keys = {"aws_access_key_id": service.credentials.access_key, "aws_secret_access_key": "other"}
    sts = boto3.client("sts", region_name="us-east-1", endpoint_url=service.endpoint_url, **keys)
    assert refusal(sts.get_caller_identity) == (403, "SignatureDoesNotMatch")


def test_another_service_of_aws_is_refused(service):
    status, _ = refusal(client(service, "sqs").list_queues)
    assert status == 403
