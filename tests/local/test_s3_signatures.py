"""Signatures, digests and chunks of requests to S3, and the dispatch of requests to the services."""

import base64
import hashlib
import hmac
import re
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


@pytest.mark.parametrize(
    "body",
    [
        b"<Delete>",
        b'<?xml version="1.0" encoding="unknown"?><Delete/>',
        b'<?xml version="1.0" encoding="shift_jis"?><Delete/>',
    ],
)
def test_a_document_that_cannot_be_parsed_is_refused(service, body):
    path = f"/{BUCKET}?delete"
    headers = signed(service, "POST", path, body)
    assert outcome(send(service, "POST", path, headers, body)) == (400, "MalformedXML")


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

SIGNED, SIGNED_TRAILER = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"
UNSIGNED_TRAILER = "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
CRC32 = {"x_amz_trailer": "x-amz-checksum-crc32"}
CONTENT = b"a" * 66560


def signer_of(secret, date, seed):
    """Return a function that signs the chunks and the trailer after headers, whose signature is the seed."""
    scope, previous = [date[:8], "us-east-1", "s3", "aws4_request"], seed
    key = f"AWS4{secret}".encode()
    for part in scope:
        key = hmac.digest(key, part.encode(), "sha256")

    def sign(kind, *contents):
        nonlocal previous
        digests = [hashlib.sha256(content).hexdigest() for content in contents]
        text = "\n".join([f"AWS4-HMAC-SHA256-{kind}", date, "/".join(scope), previous, *digests])
        previous = hmac.new(key, text.encode(), "sha256").hexdigest()
        return previous.encode()

    return sign


def in_chunks(sign):
    """Return the content in signed chunks: one of 64 kB, one of 1 kB, and the last one, which is empty."""
    parts = [CONTENT[:65536], CONTENT[65536:], b""]
    return b"".join(
        b"%x;chunk-signature=%s\r\n%s\r\n" % (len(part), sign("PAYLOAD", b"", part), part) for part in parts
    )


def put_in_chunks(service, change=bytes, declared=SIGNED, trailer=lambda _: b"", **headers):
    """Store the object in signed chunks, with a change of the body and a trailer, and return the outcome."""
    sent = signed(service, "PUT", PATH, digest=declared, **headers)
    sign = signer_of(service.credentials.secret_key, sent["X-Amz-Date"], sent["Authorization"][-64:])
    body = in_chunks(sign)
    return put(service, sent, change(body if declared == SIGNED else body[:-2] + trailer(sign)))


def test_the_signatures_of_these_tests_are_those_of_the_example_of_aws():
    """They are on the page "Transferring payload in multiple chunks" of the API of Amazon S3."""
    seed = "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9"
    body = in_chunks(signer_of("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "20130524T000000Z", seed))
    assert re.findall(rb"=([0-9a-f]{64})", body) == [
        b"ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648",
        b"0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497",
        b"b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9",
    ]


def test_a_body_in_signed_chunks_is_stored(service, stored):
    assert put_in_chunks(service, x_amz_decoded_content_length="66560") == (200, None)
    assert stored.read_bytes() == CONTENT


@pytest.mark.parametrize("position", [100, 66000, -10])
def test_a_changed_chunk_is_refused(service, stored, position):
    def change(body):
        changed = bytearray(body)
        changed[position] ^= 1
        return bytes(changed)

    assert put_in_chunks(service, change) in ((403, "SignatureDoesNotMatch"), (400, "IncompleteBody"))
    assert not stored.exists()


def test_a_chunk_without_a_signature_is_refused(service):
    assert put_in_chunks(service, lambda _: b"0\r\n\r\n") == (403, "SignatureDoesNotMatch")


@pytest.mark.parametrize(
    "change",
    [
        lambda _: b"",
        lambda body: body[:50],
        lambda body: body[:5000],
        lambda body: body[:-95],
        lambda _: b"x" * 20000,
        lambda _: b"-1\r\n",
        lambda body: body.replace(b"\r\n", b""),
    ],
    ids=["empty", "in a size", "in a chunk", "without the last chunk", "no chunks", "negative size", "without lines"],
)
def test_an_incomplete_body_is_refused(service, stored, change):
    assert put_in_chunks(service, change) == (400, "IncompleteBody")
    assert not stored.exists()


def test_a_body_of_another_length_is_refused(service):
    assert put_in_chunks(service, x_amz_decoded_content_length="66561") == (400, "IncompleteBody")


def test_a_body_with_an_unsupported_signature_is_refused(service):
    headers = signed(service, "PUT", PATH, digest="STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD")
    assert put(service, headers) == (501, "NotImplemented")


def crc32(content):
    return base64.b64encode(zlib.crc32(content).to_bytes(4, "big"))


@pytest.mark.parametrize(("content", "outcome"), [(b"content", (200, None)), (b"other", (400, "BadDigest"))])
def test_the_checksum_of_an_unsigned_trailer_is_compared(service, stored, content, outcome):
    body = b"7\r\ncontent\r\n0\r\nx-amz-checksum-crc32:%s\r\n\r\n" % crc32(content)
    assert put(service, signed(service, "PUT", PATH, digest=UNSIGNED_TRAILER, **CRC32), body) == outcome
    assert stored.exists() == (outcome == (200, None))


CHECKSUM = b"x-amz-checksum-crc32:" + crc32(CONTENT)


def signed_trailer(sign):
    return CHECKSUM + b"\r\nx-amz-trailer-signature:" + sign("TRAILER", CHECKSUM + b"\n") + b"\r\n\r\n"


def test_a_body_with_a_signed_trailer_is_stored(service, stored):
    assert put_in_chunks(service, declared=SIGNED_TRAILER, trailer=signed_trailer, **CRC32) == (200, None)
    assert stored.read_bytes() == CONTENT


@pytest.mark.parametrize(
    "trailer",
    [
        lambda _: CHECKSUM + b"\r\nx-amz-trailer-signature:" + b"0" * 64 + b"\r\n\r\n",
        lambda _: CHECKSUM + b"\r\nx-amz-trailer-signature:" + b"\xe9" * 64 + b"\r\n\r\n",
        lambda _: CHECKSUM + b"\r\n\r\n",
    ],
    ids=["wrong signature", "a signature that is not ASCII", "no signature"],
)
def test_a_trailer_without_its_signature_is_refused(service, stored, trailer):
    outcome = put_in_chunks(service, declared=SIGNED_TRAILER, trailer=trailer, **CRC32)
    assert outcome == (403, "SignatureDoesNotMatch")
    assert not stored.exists()


def test_a_body_in_chunks_is_stored_without_their_sizes(service, stored):
    body = b"7\r\ncontent\r\n0\r\nx-amz-checksum-crc32:%s\r\n\r\n" % crc32(b"content")
    headers = signed(
        service,
        "PUT",
        PATH,
        digest=UNSIGNED_TRAILER,
        Content_Encoding="aws-chunked,gzip",
        x_amz_decoded_content_length="7",
        **CRC32,
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
