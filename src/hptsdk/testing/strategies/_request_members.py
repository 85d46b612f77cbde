"""Mutations of requests, and the members that several of them set."""

from __future__ import annotations

from typing import Any, NamedTuple

__all__ = [
    "DATASET_SOURCE",
    "FILE_SYSTEM_SOURCE",
    "S3_SOURCE",
    "Mutation",
    "Value",
    "channel",
    "hyperband",
    "several",
    "single",
]

Value = Any
"""A part of a document, or a strategy for one; it may have any type."""

S3_SOURCE = {"S3DataType": "S3Prefix", "S3Uri": "s3://amzn-s3-demo-bucket/train/"}
DATASET_SOURCE = {"DatasetArn": "arn:aws:sagemaker:us-east-1:123456789012:hub-content/hub/DataSet/data/1.0.0"}
FILE_SYSTEM_SOURCE = {
    "FileSystemId": "fs-0123456789abcdef0",
    "FileSystemAccessMode": "ro",
    "FileSystemType": "EFS",
    "DirectoryPath": "/train",
}


def hyperband(**members: Value) -> dict[str, Any]:
    """Return the members for Hyperband with these resources."""
    return {"Strategy": "Hyperband", "StrategyConfig": {"HyperbandStrategyConfig": members}}


def channel(source: dict[str, Any], **members: Value) -> dict[str, Any]:
    """Return the members for one channel with a data source."""
    return {"InputDataConfig": [{"ChannelName": "train", "DataSource": source, **members}]}


class Mutation(NamedTuple):
    """Members to set in a request.

    Attributes:
        members: by wire name, the new value of a member of the request, of its configuration, of the resource limits or
            of the single definition. A value may hold strategies; None removes the member.
        definitions: likewise, the members of each definition in the list; None for a request with one definition.
    """

    members: dict[str, Any]
    definitions: tuple[dict[str, Any], dict[str, Any]] | None = None


def single(**members: Value) -> Mutation:
    """Return a mutation of a request with one definition."""
    return Mutation(members)


def several(first: dict[str, Any] | None = None, second: dict[str, Any] | None = None, **members: Value) -> Mutation:
    """Return a mutation of a request with two definitions in a list."""
    return Mutation(members, (first or {}, second or {}))
