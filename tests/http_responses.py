"""HTTP responses that a handler of botocore's event `before-send` returns, in place of a network."""

import io

from botocore.awsrequest import AWSResponse


class Body(io.BytesIO):
    """The body of an HTTP response, as botocore reads it."""

    def stream(self, **_):
        yield self.getvalue()


def http_response(content, url="http://127.0.0.1:1", status=200):
    return AWSResponse(url, status, {}, Body(content))
