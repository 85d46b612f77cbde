"""A request as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hptsdk.cli._output import indented_json
from hptsdk.cli.convert import Document

if TYPE_CHECKING:
    from hptsdk.shapes import CreateHyperParameterTuningJobRequest

__all__ = ["convert"]


def convert(request: CreateHyperParameterTuningJobRequest) -> Document:
    """Return a request as indented JSON, which `hptsdk.loads` reads back equal."""
    return Document(indented_json(request, ensure_ascii=False))
