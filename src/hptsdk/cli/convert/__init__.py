"""Conversion of requests: each public module of this package is a target and has a function `convert`."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from hptsdk.shapes import CreateHyperParameterTuningJobRequest

__all__ = ["Document", "convert_request", "targets"]


class Document(NamedTuple):
    """A request in another format.

    Attributes:
        text: the text of the document.
        notes: one note for each part of the request that the format cannot hold or changes.
    """

    text: str
    notes: tuple[str, ...] = ()


def targets() -> tuple[str, ...]:
    """Return the names of the targets, in alphabetical order.

    Example:
        >>> targets()
        ('ack', 'json', 'python', 'terraform', 'yaml')
    """
    return tuple(module.name for module in iter_modules(__path__) if not module.name.startswith("_"))


def convert_request(request: CreateHyperParameterTuningJobRequest, target: str) -> Document:
    """Convert a request to another format.

    Args:
        request: a valid request.
        target: one of `targets`.

    Returns:
        The text, and notes such as "HyperParameterTuningJobConfig.RandomSeed: omitted, because the controller has no
        member".
    """
    document: Document = import_module(f"{__name__}.{target}").convert(request)
    return document
