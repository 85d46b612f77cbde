"""Rules of which algorithm a training job runs, and what goes with its origin: custom, built-in or Marketplace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hptsdk._validation import Breach, advice, member_text, rule
from hptsdk.rules.facts.accounts import algorithm_of, is_custom_image, is_from_marketplace

if TYPE_CHECKING:
    from hptsdk.shapes import HyperParameterAlgorithmSpecification, HyperParameterTrainingJobDefinition


@rule("image-or-algorithm", "C019", "C020", source="API_HyperParameterAlgorithmSpecification")
def image_or_algorithm(specification: HyperParameterAlgorithmSpecification) -> Breach | None:
    """A training job runs either an image or an algorithm resource."""
    if bool(specification.training_image) is not bool(specification.algorithm_name):
        return None
    both = bool(specification.training_image)
    return Breach(
        expected="either a TrainingImage or an AlgorithmName",
        got="both" if both else "neither",
        hint="drop one of the two" if both else "give the image's registry path",
    )


@rule("custom-image-needs-metrics", "C015", source="aws/sagemaker-python-sdk#3932", basis="observed")
def custom_image_needs_metrics(specification: HyperParameterAlgorithmSpecification) -> Breach | None:
    """A custom image has a metric definition, from which its objective is read."""
    image = specification.training_image
    if specification.metric_definitions or not image or specification.algorithm_name or not is_custom_image(image):
        return None
    return Breach(
        "metric_definitions",
        expected="at least the metric of the objective, as the image is no built-in algorithm",
        got=member_text(specification.metric_definitions),
        hint="give its Name, and a Regex that finds it in the log",
    )


@advice(
    "built-in-defines-its-metrics",
    "C016",
    source="awslabs/mlspace backend/src/ml_space_lambda/training_job",
    basis="observed",
    needs=("metric_definitions", "training_image"),
)
def built_in_defines_its_metrics(specification: HyperParameterAlgorithmSpecification) -> Breach | None:
    """A built-in algorithm has its own metric definitions and takes no others."""
    algorithm = algorithm_of(specification.training_image) if specification.training_image else None
    if not specification.metric_definitions or algorithm is None:
        return None
    return Breach(
        "metric_definitions",
        expected=f"nothing for the built-in algorithm {algorithm}",
        got=member_text(specification.metric_definitions),
        hint="leave them out",
    )


@advice(
    "marketplace-defines-its-metrics",
    "C017",
    source="a public notebook that quotes the refusal",
    basis="observed",
    needs=("metric_definitions", "algorithm_name"),
)
def marketplace_defines_its_metrics(specification: HyperParameterAlgorithmSpecification) -> Breach | None:
    """An algorithm from Marketplace has its own metric definitions and takes no others."""
    if not specification.metric_definitions or not specification.algorithm_name or specification.training_image:
        return None
    return Breach(
        "metric_definitions",
        expected="nothing, if the algorithm is from Marketplace",
        got=member_text(specification.metric_definitions),
        hint="leave them out, and tune by a metric that the algorithm defines",
    )


@rule("marketplace-needs-network-isolation", "C120", source="dg/multiple-algorithm-hpo-create-tuning-jobs")
def marketplace_needs_network_isolation(definition: HyperParameterTrainingJobDefinition) -> Breach | None:
    """An algorithm from Marketplace runs without a network."""
    name = definition.algorithm_specification.algorithm_name
    if not name or definition.enable_network_isolation or not is_from_marketplace(name):
        return None
    return Breach(
        "enable_network_isolation",
        expected="True for an algorithm from Marketplace",
        got=member_text(definition.enable_network_isolation),
        hint="switch it on",
    )
