"""Rules of the instances and the network of built-in algorithms.

They use the facts in `hptsdk.rules.facts.algorithms`. These may be older than the image of an algorithm, so all rules
are advice.

See https://docs.aws.amazon.com/sagemaker/latest/dg/cmn-info-instance-types.html.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hptsdk._validation import Problem, advice, shown
from hptsdk.rules.algorithm_values import algorithm_of_definition, is_older
from hptsdk.rules.clusters import clusters_by_processor, clusters_of
from hptsdk.rules.facts.accounts import lacks_network_isolation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hptsdk.rules.facts.algorithms.model import Algorithm
    from hptsdk.shapes import HyperParameterTrainingJobDefinition as Definition

__all__ = ["DEFINITION"]


@advice("instance-count-is-supported", source="dg/common-info-all-im-models")
def instance_count_is_supported(definition: Definition) -> list[Problem]:
    """A built-in algorithm does not run on more instances than it can use.

    Some algorithms train on one instance only, or do so with certain values of their hyperparameters. With more of them
    the training job fails, or the others are idle.

    Example:
        `InstanceCount` 2 with an image of Semantic Segmentation.
    """
    facts = algorithm_of_definition(definition)
    if facts is None:
        return []
    reason = _value_in(facts.instances.single_if, definition)
    highest = 1 if reason else facts.instances.max_count
    if highest is None:
        return []
    problems: list[Problem] = []
    for cluster in clusters_of(definition):
        count = sum(item.number or 0 for item in cluster)
        path = cluster[0].number_path if len(cluster) == 1 else ("resource_config", "instance_groups")
        if count > highest:
            expected = f"at most {highest}, because {facts.title} does not use more instances{reason}"
            problems.append(Problem(*path, expected=expected, got=f"{count}", hint=f"reduce it to {highest}"))
    return list({tuple(problem.path): problem for problem in problems}.values())


@advice("processor-is-supported", source="dg/common-info-all-im-models")
def processor_is_supported(definition: Definition) -> list[Problem]:
    """A built-in algorithm runs on instances with a GPU if it needs one, and without if it cannot use it.

    Training of an algorithm that needs a GPU fails on other instances. Some algorithms need one only with certain
    values of their hyperparameters. An algorithm that cannot use a GPU leaves it idle.

    Example:
        `InstanceType` "ml.m5.xlarge" with an image of Image Classification.
    """
    facts = algorithm_of_definition(definition)
    if facts is None:
        return []
    if reason := _why_no_gpu(facts, definition):
        needs_gpu = False
    elif reason := _why_gpu(facts, definition):
        needs_gpu = True
    else:
        return []
    return [
        Problem(
            *cluster[0].type_path,
            expected=f"an instance type with{'' if needs_gpu else 'out'} a GPU, {reason}",
            got=shown(cluster[0].type),
            hint=f"use a type such as {'ml.g5.xlarge' if needs_gpu else 'ml.m5.xlarge'}",
        )
        for cluster in clusters_by_processor(definition, has_gpu=not needs_gpu)
    ]


def _why_gpu(facts: Algorithm, definition: Definition) -> str:
    """Return why a training job needs a GPU; empty text if it does not need one."""
    value = _value_in(facts.instances.gpu_if, definition)
    if facts.instances.gpu != "required" and not value:
        return ""
    return f"because {facts.title} needs one{value}"


def _why_no_gpu(facts: Algorithm, definition: Definition) -> str:
    """Return why a training job cannot use a GPU; empty text if it can."""
    value = _value_in(facts.instances.cpu_if, definition)
    image, since = definition.algorithm_specification.training_image, facts.instances.gpu_since
    if since is not None and is_older(image, since):
        value = f" before version {since}"
    if facts.instances.gpu != "unsupported" and not value:
        return ""
    return f"because {facts.title} does not use it{value}"


def _value_in(conditions: Mapping[str, tuple[str, ...]], definition: Definition) -> str:
    """Return the static hyperparameter that has one of the values, for a message; empty text if there is none."""
    static = definition.static_hyper_parameters or {}
    for name, values in conditions.items():
        # another rule reports the quotes of a value
        if (value := static.get(name, "").strip('"')) in values:
            return f" if {shown(name)} is {shown(value)}"
    return ""


@advice(
    "network-isolation-is-supported",
    source="dg/mkt-algo-model-internet-free",
    needs=("enable_network_isolation",),
)
def network_isolation_is_supported(definition: Definition) -> Problem | None:
    """Network isolation is only for images that support it.

    Some containers of AWS read and write Amazon S3 themselves during training. With network isolation they have
    neither a network nor credentials.

    Example:
        `EnableNetworkIsolation` true with the image of Chainer.
    """
    image = definition.algorithm_specification.training_image
    if not definition.enable_network_isolation or not image:
        return None
    facts = algorithm_of_definition(definition)
    if not lacks_network_isolation(image) and (facts is None or facts.network_isolation is not False):
        return None
    return Problem(
        "enable_network_isolation",
        expected="False for an image that needs Amazon S3 during training",
        got="True",
        hint="remove it, or restrict the network with VpcConfig",
    )


DEFINITION = (instance_count_is_supported, processor_is_supported, network_isolation_is_supported)
