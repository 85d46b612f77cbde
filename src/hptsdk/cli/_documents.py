"""A request as a document that others read: JSON, YAML, a Terraform resource, a manifest of the AWS Controllers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from hptsdk.cli._ack import as_ack
from hptsdk.cli._terraform import as_terraform
from hptsdk.cli._yaml import yaml_text
from hptsdk.wire import dumps, to_wire

if TYPE_CHECKING:
    from hptsdk.shapes import CreateHyperParameterTuningJobRequest

__all__ = ["Document", "as_ack", "as_json", "as_terraform", "as_yaml"]

Document = tuple[str, tuple[str, ...]]
"""The text, and a note for each thing of the request that the text cannot say."""


def as_json(request: CreateHyperParameterTuningJobRequest) -> Document:
    """Write a request as indented JSON, which `hptsdk.loads` reads back equal."""
    return json.dumps(json.loads(dumps(request)), indent=2, ensure_ascii=False) + "\n", ()


def as_yaml(request: CreateHyperParameterTuningJobRequest) -> Document:
    """Write a request as YAML that reads back equal, as YAML 1.2 and as YAML 1.1."""
    return yaml_text(to_wire(request)), ()
