"""Rules of the algorithm of a training job: custom, built-in or from AWS Marketplace, its instances and network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hptsdk._validation import Problem, advice, counted, format_value, member_text, rule
from hptsdk.rules.algorithm_values import algorithm_of_definition, is_older
from hptsdk.rules.definitions import clusters_by_processor, clusters_of, training_of_definition
from hptsdk.rules.facts.accounts import is_custom_image, is_from_marketplace, lacks_network_isolation
from hptsdk.rules.facts.algorithms import is_built_in

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hptsdk.rules.definitions import AlgorithmTraining
    from hptsdk.shapes import (
        HyperParameterAlgorithmSpecification as Specification,
        HyperParameterTrainingJobDefinition as Definition,
    )


@rule("image-or-algorithm", "C019", "C020", source="API_HyperParameterAlgorithmSpecification")
def image_or_algorithm(specification: Specification) -> Problem | None:
    """A training job has either a TrainingImage or an AlgorithmName.

    TrainingImage is the registry path of an image, AlgorithmName the name or the ARN of an algorithm resource. AWS
    documents that one of them is required and that they exclude each other.

    Example:
        `AlgorithmSpecification` {"TrainingInputMode": "File"}.
    """
    if bool(specification.training_image) is not bool(specification.algorithm_name):
        return None
    both = bool(specification.training_image)
    return Problem(
        expected="either a TrainingImage or an AlgorithmName",
        got="both" if both else "neither",
        hint="remove one of the two" if both else "set TrainingImage to the registry path of an image",
    )


@rule("custom-image-needs-metrics", "C015", source="aws/sagemaker-python-sdk#3932", basis="observed")
def custom_image_needs_metrics(specification: Specification) -> Problem | None:
    """A custom image has MetricDefinitions, with which the objective metric is read from its log.

    SageMaker defines no metrics for a custom image, so the service rejects the request. An image is custom if
    neither its account nor its repository is one of a built-in algorithm, or if it is AWS's image of scikit-learn.

    Example:
        `TrainingImage` "123456789012.dkr.ecr.us-east-1.amazonaws.com/mine:1" without `MetricDefinitions`.
    """
    image = specification.training_image
    if specification.metric_definitions or not image or specification.algorithm_name or not is_custom_image(image):
        return None
    return Problem(
        "metric_definitions",
        expected="at least the objective metric, because the image is not of a built-in algorithm",
        got=member_text(specification.metric_definitions),
        hint="add an item with its Name, and a Regex whose group matches its value in the log",
    )


@advice(
    "built-in-defines-its-metrics",
    "C016",
    source="awslabs/mlspace backend/src/ml_space_lambda/training_job",
    basis="observed",
)
def built_in_defines_its_metrics(definition: Definition) -> Problem | None:
    """A built-in algorithm has its own metrics, and accepts no MetricDefinitions.

    The service was observed to reject the definitions, because those of a built-in algorithm cannot be
    replaced. An acceptance test of Terraform sends them with the image of kmeans, so this is advice.

    Example:
        `TrainingImage` "382416733822.dkr.ecr.us-east-1.amazonaws.com/kmeans:1" with any `MetricDefinitions`.
    """
    metrics = definition.algorithm_specification.metric_definitions
    algorithm = algorithm_of_definition(definition) if metrics else None
    if algorithm is None or not algorithm.repositories:
        return None
    return Problem(
        "algorithm_specification",
        "metric_definitions",
        expected=f"no value for the built-in algorithm {algorithm.name}",
        got=member_text(metrics),
        hint="remove the metric definitions",
    )


@advice(
    "marketplace-defines-its-metrics",
    "C017",
    source="a public notebook that quotes the error",
    basis="observed",
    needs=("metric_definitions", "algorithm_name"),
)
def marketplace_defines_its_metrics(specification: Specification) -> Problem | None:
    """AlgorithmName excludes MetricDefinitions, because an algorithm from AWS Marketplace has its own metrics.

    The service was observed to reject the definitions for such an algorithm. The name does not show reliably
    whether an algorithm is from AWS Marketplace, so this is advice.
    """
    if not specification.metric_definitions or not specification.algorithm_name or specification.training_image:
        return None
    return Problem(
        "metric_definitions",
        expected="no value if the algorithm is from AWS Marketplace",
        got=member_text(specification.metric_definitions),
        hint="remove the metric definitions, and use a metric of the algorithm as the objective metric",
    )


@advice(
    "algorithm-name-is-a-resource",
    source="API_HyperParameterAlgorithmSpecification",
    basis="inferred",
    needs=("algorithm_name",),
)
def algorithm_name_is_a_resource(specification: Specification) -> Problem | None:
    """AlgorithmName is the name or the ARN of an algorithm resource, not of a built-in algorithm.

    An algorithm resource is one that you created in your account or subscribed to on AWS Marketplace. Built-in
    algorithms are used by their TrainingImage. You may have a resource with such a name, so this is advice.

    Example:
        `AlgorithmName` "xgboost".
    """
    name = specification.algorithm_name
    if not name or specification.training_image:
        return None
    if not name.startswith("arn:"):
        if not is_built_in(name):
            return None
        hint = "set TrainingImage to the registry path of its image instead"
        got = f"the built-in algorithm {format_value(name)}"
        return Problem("algorithm_name", expected="an algorithm resource", got=got, hint=hint)
    if name.split(":", 5)[-1].startswith("algorithm/"):
        return None
    hint = "use the ARN of an algorithm, or a TrainingImage"
    return Problem("algorithm_name", expected="the ARN of an algorithm", got=format_value(name), hint=hint)


@rule("marketplace-needs-network-isolation", "C120", source="dg/multiple-algorithm-hpo-create-tuning-jobs")
def marketplace_needs_network_isolation(definition: Definition) -> Problem | None:
    """An algorithm from AWS Marketplace needs network isolation.

    AWS requires network isolation for all offerings of AWS Marketplace. Algorithms of your own account run
    without it, so only an ARN of an account that is known to own such algorithms is reported.

    Example:
        `AlgorithmName` "arn:aws:sagemaker:us-east-1:865070037744:algorithm/forecaster" without
        `EnableNetworkIsolation`.
    """
    name = definition.algorithm_specification.algorithm_name
    if not name or definition.enable_network_isolation or not is_from_marketplace(name):
        return None
    return Problem(
        "enable_network_isolation",
        expected="True for an algorithm from AWS Marketplace",
        got=member_text(definition.enable_network_isolation),
        hint="set EnableNetworkIsolation to true",
    )


@advice("instance-count-is-supported", source="dg/common-info-all-im-models")
def instance_count_is_supported(training: AlgorithmTraining) -> list[Problem]:
    """A built-in algorithm does not run on more instances than it can use.

    Some algorithms train on only one instance, always or with certain static values. With more instances the training
    job fails, or the additional instances are idle.

    Example:
        `InstanceCount` 2 with an image of Semantic Segmentation.
    """
    facts = training.algorithm
    reason = _value_in(facts.instances.single_if, training.static)
    highest = 1 if reason else facts.instances.max_count
    if highest is None:
        return []
    problems: list[Problem] = []
    for cluster in clusters_of(training.definition):
        count = sum(item.number or 0 for item in cluster)
        path = cluster[0].number_path if len(cluster) == 1 else ("resource_config", "instance_groups")
        if count > highest:
            expected = f"at most {highest}, because {facts.title} does not use more instances{reason}"
            is_list = path[-1] == "instance_groups"
            hint = f"use at most {counted(highest, 'instance')} in total" if is_list else f"reduce it to {highest}"
            problems.append(Problem(*training.path, *path, expected=expected, got=f"{count}", hint=hint))
    return list({tuple(problem.path): problem for problem in problems}.values())


@advice("processor-is-supported", source="dg/common-info-all-im-models")
def processor_is_supported(training: AlgorithmTraining) -> list[Problem]:
    """A built-in algorithm runs on instances with a GPU if it needs one, and without a GPU if it cannot use one.

    Training of an algorithm that needs a GPU fails on other instances. Some algorithms need one only with certain
    values of their hyperparameters. An algorithm that cannot use a GPU leaves it idle.

    Example:
        `InstanceType` "ml.m5.xlarge" with an image of Image Classification.
    """
    if reason := _why_no_gpu(training):
        needs_gpu = False
    elif reason := _why_gpu(training):
        needs_gpu = True
    else:
        return []
    return [
        Problem(
            *training.path,
            *cluster[0].type_path,
            expected=f"an instance type with{'' if needs_gpu else 'out'} a GPU, {reason}",
            got=format_value(cluster[0].type),
            hint=f"use a type such as {'ml.g5.xlarge' if needs_gpu else 'ml.m5.xlarge'}",
        )
        for cluster in clusters_by_processor(training.definition, has_gpu=not needs_gpu)
    ]


def _why_gpu(training: AlgorithmTraining) -> str:
    """Return why a training job needs a GPU; empty text if it does not need one."""
    facts = training.algorithm
    value = _value_in(facts.instances.gpu_if, training.static)
    if facts.instances.gpu != "required" and not value:
        return ""
    return f"because {facts.title} needs one{value}"


def _why_no_gpu(training: AlgorithmTraining) -> str:
    """Return why a training job cannot use a GPU; empty text if it can."""
    facts = training.algorithm
    value, since = _value_in(facts.instances.cpu_if, training.static), facts.instances.gpu_since
    if since is not None and is_older(training.image, since):
        value = f" before version {since}"
    if facts.instances.gpu != "unsupported" and not value:
        return ""
    return f"because {facts.title} does not use one{value}"


def _value_in(conditions: Mapping[str, tuple[str, ...]], static: Mapping[str, str]) -> str:
    """Return the first condition that a static value meets, for a message; empty text if none is met."""
    for name, values in conditions.items():
        # another rule reports the quotes of a value
        if (value := static.get(name, "").strip('"')) in values:
            return f" if {format_value(name)} is {format_value(value)}"
    return ""


@advice("network-isolation-is-supported", source="dg/mkt-algo-model-internet-free", needs=("enable_network_isolation",))
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
        hint="remove it, and use VpcConfig if the network must be restricted",
    )


@advice("algorithm-can-be-tuned", source="dg/automatic-model-tuning-define-metrics-variables", basis="inferred")
def algorithm_can_be_tuned(training: AlgorithmTraining) -> Problem | None:
    """The built-in algorithm of a tuning job is one that can be tuned.

    AWS has a page about tuning each algorithm that can be tuned. PCA has none, because it emits no
    metric to optimize.

    Example:
        `TrainingImage` "382416733822.dkr.ecr.us-east-1.amazonaws.com/pca:1".
    """
    if training.algorithm.tuning_page is not None:
        return None
    return Problem(
        *training.path,
        "algorithm_specification",
        "training_image",
        expected="an algorithm that automatic model tuning supports",
        got=f"an image of {training.algorithm.name}, which emits no metric to optimize",
        hint="create a training job instead, or use another algorithm",
    )


SPECIFICATION = (
    image_or_algorithm,
    custom_image_needs_metrics,
    marketplace_defines_its_metrics,
    algorithm_name_is_a_resource,
)
DEFINITION = (
    built_in_defines_its_metrics,
    marketplace_needs_network_isolation,
    instance_count_is_supported.for_parts(training_of_definition),
    processor_is_supported.for_parts(training_of_definition),
    network_isolation_is_supported,
    algorithm_can_be_tuned.for_parts(training_of_definition),
)
