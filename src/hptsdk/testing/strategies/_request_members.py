"""Members of requests that several mutations set."""

from __future__ import annotations

from typing import Any

__all__ = ["DATASET_SOURCE", "FILE_SYSTEM_SOURCE", "S3_SOURCE", "Value", "channel", "hyperband"]

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
