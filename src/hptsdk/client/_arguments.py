"""Checks of the types of arguments, with hints for common mistakes."""

from __future__ import annotations

from collections.abc import Mapping

from hptsdk._validation import with_article
from hptsdk.client._job import TuningJob
from hptsdk.shapes import CreateHyperParameterTuningJobRequest
from hptsdk.wire import Template

__all__ = ["check_mapping", "check_request"]

_REQUEST = CreateHyperParameterTuningJobRequest.__name__


def check_request(value: object, method: str) -> None:
    """Check whether the argument of a method of the client is a request.

    Raises:
        TypeError: the value is of another class; the message explains how to create a request.
    """
    if not isinstance(value, CreateHyperParameterTuningJobRequest):
        got = "None" if value is None else _class_name(value)
        raise TypeError(f"{method}: expected a {_REQUEST}, got {got}; {_hint(value, method)}")


def _hint(value: object, method: str) -> str:
    """Return how to create a request from a value of another class."""
    match value:
        case Mapping():
            return f"use hptsdk.from_wire(hptsdk.shapes.{_REQUEST}, ...)"
        case str() | bytes():
            return f"use hptsdk.loads(hptsdk.shapes.{_REQUEST}, ...)"
        case Template():
            still_open = ", ".join(f"{member.path} ({member.text})" for member in value.placeholders)
            return f"fill the template first with .fill({{...}}): {still_open}"
        case TuningJob():
            return "use its request()"
        case _ if hasattr(value, "build") and not isinstance(value, type):
            return f"call its build() first, as in client.{method}(job.build())"
        case _:
            return "create one with hptsdk.tuning_job(...)...build()"


def check_mapping(value: object, method: str, argument: str) -> None:
    """Check whether an argument is a mapping or None.

    Raises:
        TypeError: the value is of another class.
    """
    if value is not None and not isinstance(value, Mapping):
        raise TypeError(f"{method}: expected a mapping as {argument}, got {_class_name(value)}")


def _class_name(value: object) -> str:
    return with_article(type(value).__name__)
