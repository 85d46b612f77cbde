"""Clients and requests for S3 in a local service."""

import http.client
from urllib.parse import urlsplit

import boto3
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.exceptions import ClientError


def client(service, name="s3", **options):
    """Return an unmodified boto3 client of a service."""
    return boto3.client(
        name,
        region_name=service.region_name,
        endpoint_url=service.endpoint_url,
        aws_access_key_id=service.credentials.access_key,
        aws_secret_access_key=service.credentials.secret_key,
        config=Config(proxies={}, retries={"total_max_attempts": 1}, **options),
    )


def refusal(call, *arguments, **members):
    """Return the HTTP status and the code of the error that a call raises."""
    try:
        call(*arguments, **members)
    except ClientError as error:
        return error.response["ResponseMetadata"]["HTTPStatusCode"], error.response["Error"]["Code"]
    raise AssertionError("the call did not fail")


def keys(listed):
    """Return the keys of a list of objects."""
    return [each["Key"] for each in listed.get("Contents", [])]


def prefixes(listed):
    """Return the common prefixes of a list of objects."""
    return [each["Prefix"] for each in listed.get("CommonPrefixes", [])]


def signed(service, method, path, body=b"", *, digest=None, **headers):
    """Return the headers of a signed request to S3.

    Args:
        service: the local service.
        method: the HTTP method.
        path: the path and the query.
        body: the body.
        digest: the value of X-Amz-Content-SHA256. Defaults to the digest of the body.
        headers: other signed headers, with underscores in their names.
    """
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    host = {"Host": urlsplit(service.endpoint_url).netloc}
    request = AWSRequest(method, service.endpoint_url + path, data=body, headers=host | names)
    signer = S3SigV4Auth(service.credentials, "s3", service.region_name)
    if digest is not None:
        signer.payload = lambda _: digest
    signer.add_auth(request)
    return dict(request.headers)


def send(service, method, path, headers, body=b""):
    """Send a request, and return the HTTP status and the content of the response."""
    connection = http.client.HTTPConnection(urlsplit(service.endpoint_url).netloc, timeout=20)
    connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
    for name, value in ({"Content-Length": str(len(body))} | headers).items():
        connection.putheader(name, value)
    connection.endheaders(body)
    response = connection.getresponse()
    content = response.read()
    connection.close()
    return response.status, content
