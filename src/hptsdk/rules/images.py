r"""Rules of the address of an image, and of the instances for which it was built.

See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_HyperParameterAlgorithmSpecification.html.

Example:
    >>> from hptsdk import advise, shapes
    >>> loss = shapes.MetricDefinition(name="loss", regex=r"loss=(\S+)")
    >>> specification = shapes.HyperParameterAlgorithmSpecification(
    ...     training_input_mode="File", training_image="docker.io/team/model:1", metric_definitions=[loss]
    ... )
    >>> [advice.rule for advice in advise(specification)]
    ['image-is-in-ecr']
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hptsdk._validation import Problem, advice, placeholder_hint, shown
from hptsdk.rules.clusters import clusters_by_processor
from hptsdk.rules.facts.accounts import account_for, address_of, dns_suffix, regions_of, repository_of
from hptsdk.rules.facts.algorithms import algorithm_with_repository

if TYPE_CHECKING:
    from hptsdk.shapes import (
        HyperParameterAlgorithmSpecification as Specification,
        HyperParameterTrainingJobDefinition as Definition,
    )

__all__ = ["DEFINITION", "SPECIFICATION"]

# The name of a program of the local service, such as "my-image:1".
_LOCAL = r"[a-z0-9]+(?:[._-]+[a-z0-9]+)*:[A-Za-z0-9_][A-Za-z0-9_.-]*"

# The domains of registries with an endpoint for IPv4 and IPv6.
_DUAL_STACK = ("on.aws", "on.amazonwebservices.com.cn")


@advice(
    "image-is-in-ecr",
    source="API_HyperParameterAlgorithmSpecification",
    basis="inferred",
    needs=("training_image",),
)
def image_is_in_ecr(specification: Specification) -> Problem | None:
    """An image has the address of a private repository in Amazon ECR, in the domain of its region.

    The training jobs of a tuning job cannot log in to another registry, because a request has no
    TrainingRepositoryConfig. Regions in China have a domain of their own. A name with a tag and no registry is not
    reported, because programs of the local service have such names, unless it is the one of a built-in algorithm.

    Example:
        `TrainingImage` "docker.io/team/model:1".
    """
    image = specification.training_image
    if not image:
        return None
    address = address_of(image)
    if address is None:
        if re.fullmatch(_LOCAL, image) and algorithm_with_repository(repository_of(image)) is None:
            return None
        return Problem(
            "training_image",
            expected="an address such as 123456789012.dkr.ecr.us-east-1.amazonaws.com/mine:1",
            got=shown(image),
            hint=_hint(image),
        )
    region, suffix = address["region"], address["suffix"]
    expected = dns_suffix(region)
    if suffix == expected or suffix in _DUAL_STACK:
        return None
    return Problem(
        "training_image",
        expected=f"the domain {expected} in the region {region}",
        got=shown(suffix),
        hint=f"replace it with {expected}, or correct the region",
    )


def _hint(image: str) -> str:
    """Return how to correct the address of an image that is not one of Amazon ECR."""
    scheme, separator, rest = image.partition("://")
    if separator and address_of(rest) is not None:
        return f"remove {shown(scheme + separator)}"
    if placeholder := placeholder_hint(image):
        return placeholder
    if ".dkr.ecr" in image:
        return "use the URI that Amazon ECR shows for the image"
    return "push the image to Amazon ECR, and use its URI"


@advice(
    "image-account-serves-the-region",
    source="aws/sagemaker-python-sdk sagemaker-core/src/sagemaker/core/image_uri_config",
    needs=("training_image",),
)
def image_account_serves_the_region(specification: Specification) -> Problem | None:
    """The account of an image of AWS is the one that holds such images in the region of the image.

    AWS has an account for each region, and some regions share one. The account of another region does not have
    the repository, so the training jobs cannot start.

    Example:
        `TrainingImage` "683313688378.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-xgboost:1.7-1".
    """
    image = specification.training_image
    address = address_of(image) if image else None
    if address is None:
        return None
    owner, region, repository = address["account"], address["region"], address["repository"]
    regions = regions_of(owner)
    if not regions or region in regions:
        return None
    account = account_for(repository, region)
    # an account of many regions may also hold images in a new one
    if account is None and len(regions) > 1:
        return None
    return Problem(
        "training_image",
        expected=f"the account of AWS for {repository} in {region}",
        got=f"{owner}, which is for " + (next(iter(regions)) if len(regions) == 1 else "other regions"),
        hint=f"use {account}" if account else "use the account of the region",
    )


@advice(
    "image-tag-fits-the-processor",
    source="aws/sagemaker-python-sdk sagemaker-core/src/sagemaker/core/image_uri_config",
    basis="inferred",
)
def image_tag_fits_the_processor(definition: Definition) -> list[Problem]:
    """An image whose tag names CPU or GPU runs on instances with this processor.

    An image for CPU has no libraries for a GPU, so the GPU of the instance is idle. A program in an image for GPU
    fails on an instance without one, or runs on its CPU.

    Example:
        `TrainingImage` "…/pytorch-training:2.1-cpu-py310", `InstanceType` "ml.g5.xlarge".
    """
    image = definition.algorithm_specification.training_image
    address = address_of(image) if image else None
    if address is None or not image:
        return []
    words = set(re.split(r"[-_.]", image.partition(f"/{address['repository']}:")[2].partition("@")[0]))
    if ("cpu" in words) is ("gpu" in words):
        return []
    wants_gpu = "gpu" in words
    expected = f"an instance type {'with' if wants_gpu else 'without'} a GPU for the tag of the image"
    example = "ml.g5.xlarge" if wants_gpu else "ml.m5.xlarge"
    return [
        Problem(
            *cluster[0].type_path,
            expected=expected,
            got=shown(cluster[0].type),
            hint=f"use a type such as {example}, or the image for the other processor",
        )
        for cluster in clusters_by_processor(definition, has_gpu=not wants_gpu)
    ]


SPECIFICATION = (image_is_in_ecr, image_account_serves_the_region)
DEFINITION = (image_tag_fits_the_processor,)
