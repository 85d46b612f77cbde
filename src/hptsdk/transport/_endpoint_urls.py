"""The user and the password in an endpoint URL, which no message may show."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["secrets_of", "without_user"]


# The environment variables that botocore reads an endpoint URL from.
_VARIABLES = ("AWS_ENDPOINT_URL_SAGEMAKER", "AWS_ENDPOINT_URL")


def secrets_of(*urls: str | None) -> Iterator[str]:
    """Yield the users and passwords of these URLs and of those in the environment, as texts to redact."""
    for url in (*urls, *map(os.environ.get, _VARIABLES)):
        user = _user(url or "")
        password = user.partition(":")[2]
        # a message about a URL that cannot be parsed shows what it took for the port
        yield from (user, password, unquote(password), *re.split("[/?#]", password))


def without_user(url: str) -> str:
    """Return a URL without its user and password. They do not sign calls."""
    return url.replace(f"{user}@", "", 1) if (user := _user(url)) else url


def _user(url: str) -> str:
    return (url.partition("://")[2] or url).rpartition("@")[0]
