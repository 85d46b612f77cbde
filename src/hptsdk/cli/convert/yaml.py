"""A request as YAML."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hptsdk.cli._yaml import yaml_text
from hptsdk.cli.convert import Document
from hptsdk.wire import to_wire

if TYPE_CHECKING:
    from hptsdk.shapes import CreateHyperParameterTuningJobRequest

__all__ = ["convert"]


def convert(request: CreateHyperParameterTuningJobRequest) -> Document:
    """Return a request as YAML that reads back equal, as YAML 1.2 and as YAML 1.1."""
    return Document(yaml_text(to_wire(request)))
