"""Rules of data sources, and of all addresses in S3: the data of a channel, the output and the checkpoints."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from hptsdk._validation import Problem, advice, format_value, member_text, placeholder_hint, rule

if TYPE_CHECKING:
    from hptsdk._validation import Part
    from hptsdk.shapes import CheckpointConfig, DataSource, ModelAccessConfig, OutputDataConfig, S3DataSource

    Location = S3DataSource | CheckpointConfig | OutputDataConfig

_NAMING_RULES = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html"

# The form of most addresses, which is tested first.
_PLAIN = r"s3://(?!xn--|sthree-)[a-z0-9][a-z0-9-]{1,61}[a-z0-9](?:/[^*:]*)?"

_BUCKET = r"(?=.{3,63}\Z)(?!xn--|sthree-|.*\.\.)[a-z0-9][a-z0-9.-]*[a-z0-9]"
_BUCKET_ARN = r"arn:[a-z-]+:s3:::(.+)"
_IP_ADDRESS = r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}"
_SCHEME = r"(?:s3|https?|file):/"
_ENDPOINT = r"(?:^|\.)s3(?:express)?[.-]"
_NO_ENDPOINT = ("s3-website", "s3.console.")


def _count(source: DataSource) -> int:
    return (
        (source.s3_data_source is not None)
        + (source.file_system_data_source is not None)
        + (source.dataset_source is not None)
    )


@rule("source-is-given", "F137", source="API_DataSource", basis="inferred")
def source_is_given(source: DataSource) -> Problem | None:
    """A DataSource has an S3DataSource, a FileSystemDataSource or a DatasetSource.

    The API model accepts an empty structure, because all members are optional.

    Example:
        `DataSource` {}.
    """
    if _count(source):
        return None
    return Problem(
        expected="an S3DataSource, FileSystemDataSource or DatasetSource",
        got="none of them",
        hint="set the one that describes the data",
    )


@rule("source-is-single", "C092", source="API_DataSource", basis="inferred")
def source_is_single(source: DataSource) -> Problem | None:
    """A DataSource has only one of S3DataSource, FileSystemDataSource and DatasetSource.

    A channel loads its data from one place. AWS does not document which of two sources the service would use.
    """
    count = _count(source)
    if count <= 1:
        return None
    return Problem(
        expected="one of S3DataSource, FileSystemDataSource and DatasetSource",
        got=f"{count} of them",
        hint="use one channel for each",
    )


@rule("licence-is-accepted", "F138", source="API_ModelAccessConfig")
def licence_is_accepted(access: ModelAccessConfig) -> Problem | None:
    """AcceptEula is true, because the training jobs download a gated model only if its license is accepted.

    The API model accepts false, but AWS documents that the value must be true.
    """
    if access.accept_eula:
        return None
    return Problem(
        "accept_eula",
        expected="True",
        got=format_value(access.accept_eula),
        hint="read the license, and set AcceptEula to true if you accept it",
    )


@advice("augmented-manifest-names-attributes", "C093", source="dg/augmented-manifest", basis="inferred")
def augmented_manifest_names_attributes(source: S3DataSource) -> Problem | None:
    """An augmented manifest file needs AttributeNames.

    Each line of the file is a JSON object. AttributeNames selects the attributes that are passed to the
    algorithm, and their order. AWS does not document what is passed without it, so this is advice.

    Example:
        `S3DataType` "AugmentedManifestFile" without `AttributeNames`.
    """
    if source.s3_data_type != "AugmentedManifestFile" or source.attribute_names:
        return None
    return Problem(
        "attribute_names",
        expected="the attributes to read from each line of the augmented manifest file",
        got=member_text(source.attribute_names),
        hint="list them in the order in which the algorithm reads them",
    )


@advice("attribute-names-need-an-augmented-manifest", "C095", source="API_S3DataSource", needs=("attribute_names",))
def attribute_names_need_an_augmented_manifest(source: S3DataSource) -> Problem | None:
    """AttributeNames is only for an augmented manifest file.

    Objects of the other data types are passed to the algorithm as a whole, so there are no attributes to
    select. An acceptance test of Terraform sends both, so this is advice.

    Example:
        `S3DataType` "S3Prefix", `AttributeNames` ["source-ref"].
    """
    if not source.attribute_names or source.s3_data_type not in ("S3Prefix", "ManifestFile"):
        return None
    return Problem(
        "attribute_names",
        expected=f"no value with the S3DataType {source.s3_data_type}",
        got=member_text(source.attribute_names),
        hint="remove it, or set S3DataType to AugmentedManifestFile and InputMode to Pipe",
    )


class _Mistake(NamedTuple):
    """What is wrong with an address. Each kind has a rule."""

    kind: str
    expected: str
    hint: str


@lru_cache(maxsize=512)
def _mistake_in(uri: str) -> _Mistake | None:
    """Return one mistake in an address; None if the address may exist."""
    if re.fullmatch(_PLAIN, uri):
        return None
    scheme, _, rest = uri.partition("://")
    host, _, key = rest.partition("/")
    if re.match(_SCHEME, rest) or "s3://" in rest:
        _, again, address = rest.rpartition("s3://")
        hint = f"use {format_value(again + address)}" if again else "use s3://BUCKET/PREFIX"
        return _Mistake("scheme", "one scheme", hint)
    if scheme == "https":
        return None if _is_an_endpoint(host, key) else _Mistake("page", "an address in S3", _address_hint(host, key))
    if mistake := _mistake_in_bucket(host, key):
        return mistake
    if "*" in key:
        return _Mistake("wildcard", "a prefix without wildcards", "use the text before the * as the prefix")
    return None


def _mistake_in_bucket(name: str, key: str) -> _Mistake | None:
    """Return the mistake in what follows s3://; None if a bucket or an access point may have the name."""
    if bucket := re.fullmatch(_BUCKET_ARN, name):
        return _Mistake("bucket", "the name of a bucket, or the ARN of an access point", f"use s3://{bucket[1]}/{key}")
    if name.endswith((".amazonaws.com", ".amazonaws.com.cn")):
        return _Mistake("page", "the name of a bucket after s3://", _bucket_hint(name, key))
    if name.startswith("arn:") or _can_be_a_bucket(name):
        return None
    expected = "the name of a bucket: 3 to 63 lower-case letters, digits, periods and hyphens"
    return _Mistake("bucket", expected, placeholder_hint(name) or "use the name of an existing bucket")


def _is_an_endpoint(host: str, key: str) -> bool:
    is_a_page = any(text in host for text in _NO_ENDPOINT) or "X-Amz-Signature" in key
    return re.search(_ENDPOINT, host) is not None and not is_a_page


def _address_hint(host: str, key: str) -> str:
    """Return a hint with the bucket that a console or a website shows, or with BUCKET for another page."""
    bucket = re.match(r"s3/(?:buckets|object)/([a-z0-9.-]{3,63})", key)
    if bucket and "console" in host:
        return f"use s3://{bucket[1]}/PREFIX"
    return _bucket_hint(host, "PREFIX")


def _bucket_hint(host: str, key: str) -> str:
    """Return a hint with the bucket whose name is the first part of a host, or with BUCKET."""
    bucket = re.match(r"(.+?)\.s3[.-]", host)
    return f"use s3://{bucket[1]}/{key}" if bucket else "use s3://BUCKET/PREFIX"


def _can_be_a_bucket(name: str) -> bool:
    return re.fullmatch(_BUCKET, name) is not None and not re.fullmatch(_IP_ADDRESS, name)


def _wrong_address(location: Location) -> list[Part]:
    """Return the address of a data source, a checkpoint or an output with its mistake; nothing if it has none."""
    member = "s3_uri" if hasattr(location, "s3_uri") else "s3_output_path"
    uri: str = getattr(location, member)
    mistake = _mistake_in(uri)
    return [] if mistake is None else [((member,), (uri, mistake))]


def _problem(uri: str, mistake: _Mistake, kind: str) -> Problem | None:
    """Return the problem of an address, if its mistake is of this kind."""
    if mistake.kind != kind:
        return None
    return Problem(expected=mistake.expected, got=format_value(uri), hint=mistake.hint)


@advice("s3-bucket-can-exist", source=_NAMING_RULES)
def s3_bucket_can_exist(uri: str, mistake: _Mistake) -> Problem | None:
    """The bucket in an S3 address has a name that Amazon S3 allows.

    A name has 3 to 63 lower-case letters, digits, periods and hyphens, and begins and ends with a letter or a
    digit. Some buckets in us-east-1 that were created before March 2018 have other names, so this is advice.

    Example:
        `S3OutputPath` "s3://My_Bucket/output/".
    """
    return _problem(uri, mistake, "bucket")


@advice("s3-address-has-one-scheme", source="API_S3DataSource", basis="inferred")
def s3_address_has_one_scheme(uri: str, mistake: _Mistake) -> Problem | None:
    """An S3 address has only one scheme.

    A second scheme occurs if code joins a prefix and a whole address. The service would search for a bucket or
    a key with this text.

    Example:
        `S3Uri` "s3://s3://amzn-s3-demo-bucket/train/".
    """
    return _problem(uri, mistake, "scheme")


@advice("s3-address-has-no-wildcard", source="API_S3DataSource", basis="inferred")
def s3_address_has_no_wildcard(uri: str, mistake: _Mistake) -> Problem | None:
    """An S3 address has no wildcard, because it is a prefix or the key of one object.

    All objects whose keys begin with the prefix are used. The service compares a * with the same character.

    Example:
        `S3Uri` "s3://amzn-s3-demo-bucket/train/*.csv".
    """
    return _problem(uri, mistake, "wildcard")


@advice("s3-address-is-no-web-page", source="API_S3DataSource", basis="inferred")
def s3_address_is_no_web_page(uri: str, mistake: _Mistake) -> Problem | None:
    """An address begins with s3:// and the name of a bucket, or is the https:// address of an S3 endpoint.

    A training job cannot use the address of a page of the S3 console, of a website in S3, of a presigned request or
    of another server.

    Example:
        `S3Uri` "https://s3.console.aws.amazon.com/s3/buckets/amzn-s3-demo-bucket".
    """
    return _problem(uri, mistake, "page")


def is_s3_express(uri: str) -> bool:
    """Check whether a URI is in S3 Express One Zone, whose buckets are named NAME--ZONE--x-s3.

    Args:
        uri: an address that begins with s3:// or https://.

    Example:
        >>> is_s3_express("s3://models--use1-az4--x-s3/output/")
        True
    """
    scheme, _, rest = uri.partition("://")
    host = rest.partition("/")[0]
    bucket = host if scheme == "s3" else host.partition(".")[0]
    name, _, zone = bucket.removesuffix("--x-s3").rpartition("--")
    # a zone with two hyphens, such as usw2-lax1-az1, is a Local Zone, which has another storage class
    return bucket.endswith("--x-s3") and name != "" and zone.count("-") == 1


@rule("express-output-takes-no-key", "C119", source="API_OutputDataConfig", needs=("kms_key_id",))
def express_output_takes_no_key(output: OutputDataConfig) -> Problem | None:
    """Model artifacts in S3 Express One Zone are not encrypted with a KMS key.

    AWS documents that this storage class does not support the KMS key of the output. hptsdk recognizes the
    class by the name of the bucket.

    Example:
        `S3OutputPath` "s3://models--use1-az4--x-s3/output/", `KmsKeyId` "alias/mine".
    """
    if not output.kms_key_id or not is_s3_express(output.s3_output_path):
        return None
    return Problem(
        "kms_key_id",
        expected="no value, because S3OutputPath is in S3 Express One Zone",
        got=format_value(output.kms_key_id),
        hint="remove it, or set S3OutputPath to a general purpose bucket",
    )


_ADDRESS = tuple(
    rule.for_parts(_wrong_address)
    for rule in (s3_bucket_can_exist, s3_address_has_one_scheme, s3_address_has_no_wildcard, s3_address_is_no_web_page)
)

MODEL_ACCESS_CONFIG = (licence_is_accepted,)
DATA_SOURCE = (source_is_given, source_is_single)
S3_DATA_SOURCE = (augmented_manifest_names_attributes, attribute_names_need_an_augmented_manifest, *_ADDRESS)
CHECKPOINT_CONFIG = _ADDRESS
OUTPUT_DATA_CONFIG = (express_output_takes_no_key, *_ADDRESS)
