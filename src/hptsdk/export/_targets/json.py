"""A request as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from hptsdk.export import Document
from hptsdk.wire import to_wire

if TYPE_CHECKING:
    from hptsdk.shapes import CreateHyperParameterTuningJobRequest


def convert(request: CreateHyperParameterTuningJobRequest) -> Document:
    """Return a request as indented JSON, which `hptsdk.loads` reads back equal."""
    return Document(json.dumps(to_wire(request), indent=2, ensure_ascii=False))
