"""Checks of a training job definition: its program, its data and its folders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hptsdk.local._options import missing_program_text
from hptsdk.local.descriptions import algorithm_metrics
from hptsdk.local.http._refusals import OWN_METRICS
from hptsdk.local.process import CHECKPOINTS, UnsafePathError, check_channels, check_isolation, check_source
from hptsdk.transport import bad_request

if TYPE_CHECKING:
    from hptsdk.local.jobs import ServiceContext
    from hptsdk.local.process import Storage
    from hptsdk.shapes import HyperParameterTrainingJobDefinition, HyperParameterTuningJobObjective, ParameterRanges

__all__ = ["check_definition", "check_objective"]


def check_definition(
    definition: HyperParameterTrainingJobDefinition, context: ServiceContext, ranges: ParameterRanges | None = None
) -> None:
    """Check that the service has the program, the data and the folders of a definition.

    Args:
        definition: the definition.
        context: the objects of the service.
        ranges: the ranges of the definition. Defaults to none.

    Raises:
        Refusal: it does not have one of them.
    """
    programs, storage = context.programs, context.config.storage
    algorithm = definition.algorithm_specification
    if (program := programs.of(algorithm)) is not None:
        check_source(program, definition, storage)
        check_isolation(program, definition, ranges)
    elif (missing := programs.missing(algorithm)) is not None:
        raise bad_request(missing_program_text(missing, programs, context.config.root))
    check_channels(definition, storage)
    _check_targets(definition, storage)


def check_objective(
    definition: HyperParameterTrainingJobDefinition, objective: HyperParameterTuningJobObjective | None
) -> None:
    """Check that the regex of the objective metric is known.

    SageMaker has a regex for each metric of its own algorithms, but not all of them are published. Therefore the local
    service accepts metric definitions of such an algorithm for an objective whose regex is not published.

    Raises:
        Refusal: the request has metric definitions that SageMaker rejects, or none although the local service needs
            them.
    """
    specification = definition.algorithm_specification
    image, sent = specification.training_image, specification.metric_definitions
    own = [
        metric.name for metric in algorithm_metrics(image, definition.static_hyper_parameters, definition.environment)
    ]
    name = "" if objective is None else objective.metric_name
    if sent and name in own:
        raise bad_request(OWN_METRICS)
    if image and not sent and name not in own:
        raise bad_request(
            f"The local service needs a metric definition for the objective metric {name}, because the regular "
            f"expression that SageMaker uses for it is not published. Add it to MetricDefinitions for the local "
            f"service only. Metrics of {image} that need none: {', '.join(own) or 'none'}."
        )


def _check_targets(definition: HyperParameterTrainingJobDefinition, storage: Storage) -> None:
    """Check that the output and the checkpoints of a training job have a folder.

    Raises:
        Refusal: an address is outside the folder of its bucket, or LocalPath is another folder.
    """
    checkpoints = definition.checkpoint_config
    path = (checkpoints and checkpoints.local_path) or CHECKPOINTS
    if path.rstrip("/") != CHECKPOINTS:
        raise bad_request(
            f"LocalPath {path} is not supported by the local service: checkpoints are in the folder of "
            f"SM_CHECKPOINT_DIR, which corresponds to {CHECKPOINTS}."
        )
    output = definition.output_data_config.s3_output_path
    for uri in (output, checkpoints.s3_uri) if checkpoints else (output,):
        try:
            storage.path(uri)
        except UnsafePathError as error:
            raise bad_request(f"{uri} can't be written to: {error}") from error
