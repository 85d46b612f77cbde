"""Endpoint URLs: whether they are those of AWS, and their users and passwords, which are redacted in messages."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["is_aws_endpoint", "secrets_of", "without_user"]


# The environment variables from which botocore reads an endpoint URL.
_VARIABLES = ("AWS_ENDPOINT_URL_SAGEMAKER", "AWS_ENDPOINT_URL_CLOUDWATCH_LOGS", "AWS_ENDPOINT_URL")


# The domains of AWS's endpoints.
_AWS_DOMAINS = (".amazonaws.com", ".amazonaws.com.cn", ".api.aws")


def is_aws_endpoint(url: str | None) -> bool:
    """Check whether an endpoint URL is one of AWS."""
    return (urlsplit(url or "").hostname or "").endswith(_AWS_DOMAINS)


def secrets_of(*urls: str | None) -> Iterator[str]:
    """Yield the users and passwords in endpoint URLs, including those in environment variables, for redaction."""
    for url in (*urls, *map(os.environ.get, _VARIABLES)):
        user = _user(url or "")
        password = user.partition(":")[2]
        # the message about an invalid URL quotes a part of the password as the port
        yield from (user, password, unquote(password), *re.split("[/?#]", password))


def without_user(url: str) -> str:
    """Return a URL without its user and password, which are not used to sign calls."""
    return url.replace(f"{user}@", "", 1) if (user := _user(url)) else url


def _user(url: str) -> str:
    """Return the user and the password of a URL, as in "user:password"; empty text if it has none."""
    return (url.partition("://")[2] or url).rpartition("@")[0]
