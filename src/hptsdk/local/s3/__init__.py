"""Amazon S3 over the folders of the buckets: bodies, objects, lists, multipart uploads and operations."""

from hptsdk.local.s3._service import S3 as S3
