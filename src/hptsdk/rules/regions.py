"""Rules of the partitions, regions and accounts of resources, which have to agree.

The SageMaker Python SDK names a default bucket sagemaker-REGION-ACCOUNT. The location of another bucket is not known.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from hptsdk._validation import Problem, advice, format_value
from hptsdk.rules.definitions import definitions_of
from hptsdk.rules.facts.accounts import address_of, dns_suffix, partition_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hptsdk._validation import Part, Step
    from hptsdk.shapes import (
        CreateHyperParameterTuningJobRequest as Request,
        HyperParameterTrainingJobDefinition as Definition,
    )

_REGION = r"[a-z]{2,4}(?:-[a-z]{2,4})?-[a-z]{2,16}-[0-9]{1,2}"
_ARN = rf"arn:(aws[a-z-]*):[a-z0-9-]+:({_REGION})?:[0-9]{{12}}:"
_DEFAULT_BUCKET = rf"s3://sagemaker-({_REGION})-([0-9]{{12}})(?:/|\Z)"


class _Location(NamedTuple):
    """The partition and the region that a name belongs to, and the account of a default bucket or a role."""

    partition: str
    region: str = ""
    account: str = ""


Locations = list[tuple[tuple["Step", ...], str, _Location]]
"""Paths of members with their values and locations."""


@lru_cache(maxsize=512)
def _location_of(name: str) -> _Location | None:
    """Return the location of an image, an ARN or a default bucket; None if it is not known."""
    if image := address_of(name):
        region = image["region"]
        # another rule reports the domain of another partition
        is_certain = image["suffix"] == dns_suffix(region) or not image["suffix"].startswith("amazonaws.")
        return _Location(partition_of(region), region) if is_certain else None
    if bucket := re.match(_DEFAULT_BUCKET, name):
        return _Location(partition_of(bucket[1]), bucket[1], bucket[2])
    if arn := re.match(_ARN, name):
        account = name.split(":", 5)[4] if ":role/" in name else ""
        return _Location(arn[1], arn[2] or "", account)
    return None


def _names(definition: Definition) -> Iterator[tuple[tuple[Step, ...], str | None]]:
    """Yield the path and the value of each member that may have a location; the image or the algorithm is the first."""
    algorithm = definition.algorithm_specification
    yield ("algorithm_specification", "training_image"), algorithm.training_image
    yield ("algorithm_specification", "algorithm_name"), algorithm.algorithm_name
    yield ("role_arn",), definition.role_arn
    yield ("output_data_config", "kms_key_id"), definition.output_data_config.kms_key_id
    yield ("output_data_config", "s3_output_path"), definition.output_data_config.s3_output_path
    if (checkpoints := definition.checkpoint_config) is not None:
        yield ("checkpoint_config", "s3_uri"), checkpoints.s3_uri
    if (resources := definition.resource_config) is not None:
        yield ("resource_config", "volume_kms_key_id"), resources.volume_kms_key_id
        yield ("resource_config", "training_plan_arn"), resources.training_plan_arn
        for index, item in enumerate(resources.instance_preferences or ()):
            path = ("resource_config", "instance_preferences", index, "training_plan_arns")
            for number, plan in enumerate(item.training_plan_arns or ()):
                yield (*path, number), plan
    if (tuned := definition.hyper_parameter_tuning_resource_config) is not None:
        yield ("hyper_parameter_tuning_resource_config", "volume_kms_key_id"), tuned.volume_kms_key_id
    for index, channel in enumerate(definition.input_data_config or ()):
        location, sources = ("input_data_config", index, "data_source"), channel.data_source
        if (source := sources.s3_data_source) is not None:
            yield (*location, "s3_data_source", "s3_uri"), source.s3_uri
            if (hub := source.hub_access_config) is not None:
                yield (*location, "s3_data_source", "hub_access_config", "hub_content_arn"), hub.hub_content_arn
        if (data := sources.dataset_source) is not None:
            yield (*location, "dataset_source", "dataset_arn"), data.dataset_arn


def _locations(definition: Definition) -> Locations:
    return [(path, name, location) for path, name in _names(definition) if name and (location := _location_of(name))]


@lru_cache(maxsize=256)
def _agree(names: tuple[str | None, ...]) -> bool:
    """Check whether names belong to one partition, one region and one account."""
    locations = [location for name in names if name and (location := _location_of(name))]
    return all(
        len(values) <= 1
        for values in (
            {location.partition for location in locations},
            {location.region for location in locations if location.region},
            {location.account for location in locations if location.account},
        )
    )


def _of_definition(definition: Definition) -> list[Part]:
    return [] if _agree(tuple([name for _, name in _names(definition)])) else [((), (_locations(definition),))]


def _of_request(request: Request) -> list[Part]:
    """Return the first location with a region of each definition, by which definitions are compared."""
    locations = [
        ((*definition_path, *path), name, location)
        for definition_path, definition in definitions_of(request)
        for path, name, location in [each for each in _locations(definition) if each[2].region][:1]
    ]
    return [((), (locations,))]


@advice(
    "partitions-agree",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html",
    needs=("training_job_definitions",),
)
def partitions_agree(locations: Locations) -> list[Problem] | None:
    """The image, the ARNs and the buckets named sagemaker-REGION-ACCOUNT of all definitions are in one partition.

    Partitions, such as aws, aws-cn and aws-us-gov, have separate accounts and regions. A training job in one cannot
    use a resource in another.

    Example:
        An image in cn-north-1, `RoleArn` "arn:aws:iam::123456789012:role/SageMakerRole".
    """
    if len({location.partition for _, _, location in locations}) <= 1:
        return None
    first = locations[0][2].partition
    return [
        Problem(
            *path,
            expected=f"a resource in the partition {first}, which is that of {format_value(locations[0][1])}",
            got=format_value(name),
            hint=f"use a resource of the partition {first}",
        )
        for path, name, location in locations
        if location.partition != first
    ]


@advice("regions-agree", source="API_S3DataSource", basis="inferred", needs=("training_job_definitions",))
def regions_agree(locations: Locations) -> list[Problem] | None:
    """The image, the ARNs and the buckets named sagemaker-REGION-ACCOUNT of all definitions are in one region.

    The training jobs run in the region to which the request is sent. A resource in another region causes an error
    only when a training job starts. An ARN without a region, such as that of a role, is not compared.

    Example:
        An image in us-west-2, `S3OutputPath` "s3://sagemaker-us-east-1-123456789012/output/".
    """
    regional = [(path, name, location) for path, name, location in locations if location.region]
    if len({location.region for _, _, location in regional}) <= 1:
        return None
    _, reference, first = regional[0]
    return [
        Problem(
            *path,
            expected=f"a resource in the region {first.region}, which is that of {format_value(reference)}",
            got=format_value(name),
            hint=f"use a resource in {first.region}",
        )
        for path, name, location in regional
        if location.region != first.region and location.partition == first.partition
    ]


@advice(
    "default-bucket-is-of-the-account", source="aws/sagemaker-python-sdk src/sagemaker/session.py", basis="inferred"
)
def default_bucket_is_of_the_account(locations: Locations) -> list[Problem] | None:
    """A bucket named sagemaker-REGION-ACCOUNT belongs to the account of the role.

    A role has access to the bucket of another account only if a policy of that bucket allows it, so this is
    advice.

    Example:
        `RoleArn` of the account 123456789012, `S3OutputPath` "s3://sagemaker-us-east-1-210987654321/output/".
    """
    role = next((each.account for path, _, each in locations if path == ("role_arn",)), "")
    if not role:
        return None
    return [
        Problem(
            *path,
            expected=f"the default bucket of the account {role}, as in RoleArn",
            got=format_value(name),
            hint="use a bucket of this account, or allow the role access in the bucket policy",
        )
        for path, name, location in locations
        if location.account and location.account != role
    ]


DEFINITION = tuple(
    rule.for_parts(_of_definition) for rule in (partitions_agree, regions_agree, default_bucket_is_of_the_account)
)
REQUEST = tuple(rule.for_parts(_of_request) for rule in (partitions_agree, regions_agree))
