"""Rules of the algorithm of a training job: custom, built-in or from AWS Marketplace.

See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_HyperParameterAlgorithmSpecification.html.

Example:
    >>> from hptsdk import errors, shapes
    >>> try:
    ...     shapes.HyperParameterAlgorithmSpecification(training_input_mode="File")
    ... except errors.InvalidShapeError as error:
    ...     print(error.violations[0].rule)
    image-or-algorithm
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hptsdk._validation import Problem, advice, member_text, rule
from hptsdk.rules.facts.accounts import algorithm_of, is_custom_image, is_from_marketplace

if TYPE_CHECKING:
    from hptsdk.shapes import HyperParameterAlgorithmSpecification, HyperParameterTrainingJobDefinition

__all__ = ["DEFINITION", "SPECIFICATION"]


@rule("image-or-algorithm", "C019", "C020", source="API_HyperParameterAlgorithmSpecification")
def image_or_algorithm(specification: HyperParameterAlgorithmSpecification) -> Problem | None:
    """A training job has either a TrainingImage or an AlgorithmName."""
    if bool(specification.training_image) is not bool(specification.algorithm_name):
        return None
    both = bool(specification.training_image)
    return Problem(
        expected="either a TrainingImage or an AlgorithmName",
        got="both" if both else "neither",
        hint="remove one of the two" if both else "set TrainingImage to the registry path of an image",
    )


@rule("custom-image-needs-metrics", "C015", source="aws/sagemaker-python-sdk#3932", basis="observed")
def custom_image_needs_metrics(specification: HyperParameterAlgorithmSpecification) -> Problem | None:
    """A custom image has MetricDefinitions, with which the objective metric is read from its log."""
    image = specification.training_image
    if specification.metric_definitions or not image or specification.algorithm_name or not is_custom_image(image):
        return None
    return Problem(
        "metric_definitions",
        expected="at least the objective metric, because the image is not a built-in algorithm",
        got=member_text(specification.metric_definitions),
        hint="add its Name, and a Regex that matches its value in the log",
    )


@advice(
    "built-in-defines-its-metrics",
    "C016",
    source="awslabs/mlspace backend/src/ml_space_lambda/training_job",
    basis="observed",
    needs=("metric_definitions", "training_image"),
)
def built_in_defines_its_metrics(specification: HyperParameterAlgorithmSpecification) -> Problem | None:
    """A built-in algorithm has its own metrics, and accepts no MetricDefinitions."""
    algorithm = algorithm_of(specification.training_image) if specification.training_image else None
    if not specification.metric_definitions or algorithm is None:
        return None
    return Problem(
        "metric_definitions",
        expected=f"no value for the built-in algorithm {algorithm}",
        got=member_text(specification.metric_definitions),
        hint="remove the metric definitions",
    )


@advice(
    "marketplace-defines-its-metrics",
    "C017",
    source="a public notebook that quotes the refusal",
    basis="observed",
    needs=("metric_definitions", "algorithm_name"),
)
def marketplace_defines_its_metrics(specification: HyperParameterAlgorithmSpecification) -> Problem | None:
    """An algorithm from AWS Marketplace has its own metrics, and accepts no MetricDefinitions."""
    if not specification.metric_definitions or not specification.algorithm_name or specification.training_image:
        return None
    return Problem(
        "metric_definitions",
        expected="no value if the algorithm is from AWS Marketplace",
        got=member_text(specification.metric_definitions),
        hint="remove the metric definitions, and use a metric of the algorithm as the objective metric",
    )


@rule("marketplace-needs-network-isolation", "C120", source="dg/multiple-algorithm-hpo-create-tuning-jobs")
def marketplace_needs_network_isolation(definition: HyperParameterTrainingJobDefinition) -> Problem | None:
    """An algorithm from AWS Marketplace needs network isolation."""
    name = definition.algorithm_specification.algorithm_name
    if not name or definition.enable_network_isolation or not is_from_marketplace(name):
        return None
    return Problem(
        "enable_network_isolation",
        expected="True for an algorithm from AWS Marketplace",
        got=member_text(definition.enable_network_isolation),
        hint="set it to True",
    )


SPECIFICATION = (
    image_or_algorithm,
    custom_image_needs_metrics,
    built_in_defines_its_metrics,
    marketplace_defines_its_metrics,
)
DEFINITION = (marketplace_needs_network_isolation,)
