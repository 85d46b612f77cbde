"""Rules of the address and the account of an image, of the instances for which it was built, and of its program."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hptsdk._validation import Problem, advice, closest, format_value, placeholder_hint
from hptsdk.rules.definitions import clusters_by_processor
from hptsdk.rules.facts.accounts import (
    SCRIPT_REPOSITORIES,
    account_for,
    address_of,
    dns_suffix,
    regions_of,
    repository_of,
)
from hptsdk.rules.facts.algorithms import PROGRAM, SUBMIT_DIRECTORY, algorithm_with_repository

if TYPE_CHECKING:
    from hptsdk.shapes import (
        HyperParameterAlgorithmSpecification as Specification,
        HyperParameterTrainingJobDefinition as Definition,
    )

# The name of a program of the local service, such as "my-image:1".
_LOCAL_PROGRAM = r"[a-z0-9]+(?:[._-]+[a-z0-9]+)*:[A-Za-z0-9_][A-Za-z0-9_.-]*"

# The domains of registries with an endpoint for IPv4 and IPv6.
_DUAL_STACK = ("on.aws", "on.amazonwebservices.com.cn")

# Environment variables that name a program or its source.
_VARIABLES = frozenset({"SAGEMAKER_SUBMIT_DIRECTORY", "SAGEMAKER_PROGRAM", "SAGEMAKER_BASE_DIR"})

_CHANNELS = "/opt/ml/input/data/"

# Paths of the computer that sends the request: relative ones, home directories and drives of Windows.
_LOCAL_PATH = (
    r"file:.*|~.*|\.{1,2}(?:[/\\].*)?|[A-Za-z]:[/\\].*|/Users/.*|/mnt/[a-z]/.*|/content/.*"
    r"|/home/(?:ec2-user|sagemaker-user|studio-lab-user)/.*"
)


@advice(
    "image-is-in-ecr", source="API_HyperParameterAlgorithmSpecification", basis="inferred", needs=("training_image",)
)
def image_is_in_ecr(specification: Specification) -> Problem | None:
    """An image has the address of a private repository in Amazon ECR, in the domain of its region.

    The training jobs of a tuning job cannot log in to another registry, because a request has no
    TrainingRepositoryConfig. Regions in China have a domain of their own. Programs of the local service
    have names such as "mine:1", so such a name is reported only if it is that of a built-in algorithm.

    Example:
        `TrainingImage` "docker.io/team/model:1".
    """
    image = specification.training_image
    if not image:
        return None
    address = address_of(image)
    if address is None:
        if re.fullmatch(_LOCAL_PROGRAM, image) and algorithm_with_repository(repository_of(image)) is None:
            return None
        return Problem(
            "training_image",
            expected="an address such as 123456789012.dkr.ecr.us-east-1.amazonaws.com/mine:1",
            got=format_value(image),
            hint=_hint(image),
        )
    region, suffix = address["region"], address["suffix"]
    expected = dns_suffix(region)
    if suffix == expected or suffix in _DUAL_STACK:
        return None
    return Problem(
        "training_image",
        expected=f"the domain {expected} in the region {region}",
        got=format_value(suffix),
        hint=f"replace it with {expected}, or correct the region",
    )


def _hint(image: str) -> str:
    """Return how to correct the address of an image that is not one of Amazon ECR."""
    scheme, separator, rest = image.partition("://")
    if separator and address_of(rest) is not None:
        return f"remove {format_value(scheme + separator)}"
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
    """An image of AWS is in the account that has such images in the region of the image.

    AWS has accounts for each region, and some regions share one. The account of another region does not have
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
        hint=f"use {account or 'the one that image_uris.retrieve of the SageMaker Python SDK returns'}",
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
    image = definition.algorithm_specification.training_image or ""
    address = address_of(image) if "cpu" in image or "gpu" in image else None
    if address is None:
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
            got=format_value(cluster[0].type),
            hint=f"use a type such as {example}, or the image for the other processor",
        )
        for cluster in clusters_by_processor(definition, has_gpu=not wants_gpu)
    ]


def _text(definition: Definition, name: str) -> str:
    """Return a static hyperparameter without the quotes that the SageMaker SDK adds; empty text if it is not set."""
    return (definition.static_hyper_parameters or {}).get(name, "").strip().strip('"')


@advice(
    "program-has-a-source", source="aws/sagemaker-python-sdk#5508", basis="observed", needs=("static_hyper_parameters",)
)
def program_has_a_source(definition: Definition) -> Problem | None:
    """The hyperparameter sagemaker_program needs sagemaker_submit_directory in the image of a framework.

    The images of AWS have no training program, so sagemaker_submit_directory names the archive or the channel that
    contains it. Nothing is reported for an image of your own, which may contain the program, nor if there is a channel
    "code" or an environment variable such as SAGEMAKER_SUBMIT_DIRECTORY.

    Example:
        `StaticHyperParameters` {"sagemaker_program": "train.py"} with the image pytorch-training.
    """
    if not _text(definition, PROGRAM) or _text(definition, SUBMIT_DIRECTORY) or not _runs_framework(definition):
        return None
    if not _VARIABLES.isdisjoint(definition.environment or ()):
        return None
    if any(channel.channel_name == "code" for channel in definition.input_data_config or ()):
        return None
    return Problem(
        "static_hyper_parameters",
        (SUBMIT_DIRECTORY,),
        expected=f"an archive with the program that {PROGRAM} names",
        got="nothing",
        hint="set it to the S3 address of a sourcedir.tar.gz",
    )


def _runs_framework(definition: Definition) -> bool:
    """Check whether a definition has the image of a framework in an account other than that of the role."""
    image = definition.algorithm_specification.training_image or ""
    own_account = definition.role_arn.partition("::")[2].partition(":")[0]
    return repository_of(image) in SCRIPT_REPOSITORIES and not image.startswith(f"{own_account}.")


@advice(
    "source-channel-exists",
    source="aws/sagemaker-python-sdk#5508",
    basis="observed",
    needs=("static_hyper_parameters",),
)
def source_channel_exists(definition: Definition) -> Problem | None:
    """A sagemaker_submit_directory below /opt/ml/input/data/ is in the directory of a channel of the definition.

    The directory of a channel has its name. It does not exist without the channel, and the training job fails.

    Example:
        `StaticHyperParameters` {"sagemaker_submit_directory": "/opt/ml/input/data/code"} without channel "code".
    """
    source = _text(definition, SUBMIT_DIRECTORY)
    if not source.startswith(_CHANNELS):
        return None
    channels = [channel.channel_name for channel in definition.input_data_config or ()]
    name = source.removeprefix(_CHANNELS).partition("/")[0]
    if not name or name in channels:
        return None
    return Problem(
        "static_hyper_parameters",
        (SUBMIT_DIRECTORY,),
        expected=f"the directory of a channel below {_CHANNELS}",
        got="the path of a channel that the definition does not have",
        hint=closest(name, channels) or "add the channel, with the source directory as its data",
    )


@advice(
    "source-is-not-local", source="aws/sagemaker-python-sdk#5508", basis="inferred", needs=("static_hyper_parameters",)
)
def source_is_not_local(definition: Definition) -> list[Problem] | None:
    """sagemaker_program and sagemaker_submit_directory are not local paths of the sender of the request.

    A training job cannot read the files of another computer. The SageMaker Python SDK uploads a local directory.

    Example:
        `StaticHyperParameters` {"sagemaker_submit_directory": "file:///home/me/src"}.
    """
    static = definition.static_hyper_parameters or {}
    if SUBMIT_DIRECTORY not in static and PROGRAM not in static:
        return None
    return [
        Problem("static_hyper_parameters", (name,), expected=expected, got="the path of a local file", hint=hint)
        for name, expected, hint in (
            (SUBMIT_DIRECTORY, "the S3 address of an archive", "upload a sourcedir.tar.gz, and use its S3 address"),
            (PROGRAM, "a path in the source directory", "use the name of the file in the source directory"),
        )
        if re.fullmatch(_LOCAL_PATH, _text(definition, name), re.DOTALL)
        and not (name == PROGRAM and _text(definition, name).startswith("."))
    ]


SPECIFICATION = (image_is_in_ecr, image_account_serves_the_region)
DEFINITION = (image_tag_fits_the_processor, program_has_a_source, source_channel_exists, source_is_not_local)
