"""A request as YAML."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hptsdk.export._documents import Document
from hptsdk.export._yaml_text import yaml_text
from hptsdk.wire import to_wire

if TYPE_CHECKING:
    from hptsdk.shapes import CreateHyperParameterTuningJobRequest

__all__ = ["convert"]


def convert(request: CreateHyperParameterTuningJobRequest) -> Document:
    """Return a request as YAML that reads back equal, as YAML 1.2 and as YAML 1.1."""
    return Document(yaml_text(to_wire(request)))
