"""The headers of requests for a part of an object, or for an object under a condition."""

from __future__ import annotations

import re
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from hptsdk.transport import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hptsdk.local.s3._objects import Object

__all__ = ["byte_range", "check_conditions", "check_write_conditions"]

_RANGE = re.compile(r"bytes=([0-9]*)-([0-9]*)")


def check_conditions(headers: Mapping[str, str], found: Object, *, prefix: str = "") -> bool:
    """Check the conditions of a request that reads an object.

    Args:
        headers: the headers of the request.
        found: the object.
        prefix: the prefix of the headers, for the source of a copy. Defaults to none.

    Returns:
        Whether the object has changed; if not, the caller already has it.

    Raises:
        Refusal: a condition is false.
    """
    match, none_match = headers.get(f"{prefix}if-match"), headers.get(f"{prefix}if-none-match")
    if match is not None:
        if not _has_etag(match, found.etag):
            raise _failed("If-Match")
    elif (since := _time(headers, f"{prefix}if-unmodified-since")) is not None and int(found.modified) > since:
        raise _failed("If-Unmodified-Since")
    if none_match is not None:
        return not _has_etag(none_match, found.etag)
    since = _time(headers, f"{prefix}if-modified-since")
    return since is None or int(found.modified) > since


def check_write_conditions(headers: Mapping[str, str], found: Object | None) -> None:
    """Check the conditions of a request that writes an object.

    Args:
        headers: the headers of the request.
        found: the existing object; None if there is none.

    Raises:
        Refusal: a condition is false.
    """
    if found is not None and headers.get("if-none-match") == "*":
        raise _failed("If-None-Match")
    match = headers.get("if-match")
    if match is not None and (found is None or not _has_etag(match, found.etag)):
        raise _failed("If-Match")


def byte_range(text: str | None, size: int) -> tuple[int, int] | None:
    """Return the first byte of a range and the byte after it.

    Args:
        text: the header Range.
        size: the size of the object.

    Returns:
        The bytes; None for the whole object, also if the header has several ranges or is invalid, as in S3.

    Raises:
        Refusal: the object has no byte of the range.
    """
    match = _RANGE.fullmatch(text or "")
    if match is None or not any(match.groups()):
        return None
    first, last = match.groups()
    start = int(first) if first else max(0, size - int(last))
    end = size if not first or not last else min(int(last) + 1, size)
    if first and last and int(last) < int(first):
        return None
    if start >= end:
        raise Refusal("InvalidRange", "The requested range is not satisfiable", 416)
    return start, end


def _has_etag(text: str, etag: str) -> bool:
    """Check whether a header has an ETag, or stands for every ETag."""
    return any(each.strip().strip('"') in (etag, "*") for each in text.split(","))


def _time(headers: Mapping[str, str], name: str) -> float | None:
    """Return the time in a header in seconds since 1970; None if it is missing or invalid."""
    try:
        return parsedate_to_datetime(headers[name]).timestamp()
    except (KeyError, ValueError, TypeError):
        return None


def _failed(condition: str) -> Refusal:
    message = f"At least one of the pre-conditions you specified did not hold: {condition}"
    return Refusal("PreconditionFailed", message, 412)
