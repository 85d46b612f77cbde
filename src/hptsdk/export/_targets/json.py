"""A request as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hptsdk.export._documents import Document, indented_json

if TYPE_CHECKING:
    from hptsdk.shapes import CreateHyperParameterTuningJobRequest

__all__ = ["convert"]


def convert(request: CreateHyperParameterTuningJobRequest) -> Document:
    """Return a request as indented JSON, which `hptsdk.loads` reads back equal."""
    return Document(indented_json(request, ensure_ascii=False))
