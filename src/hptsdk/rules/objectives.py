"""Rules of the objective: where it stands, and whether its metric is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hptsdk._validation import Breach, advice, closest, rule, shown
from hptsdk.rules.facts.accounts import algorithm_of, is_custom_image
from hptsdk.rules.facts.algorithms import algorithm_facts

if TYPE_CHECKING:
    from hptsdk._validation import Step
    from hptsdk.shapes import (
        CreateHyperParameterTuningJobRequest,
        HyperParameterAlgorithmSpecification,
    )

    Objective = tuple[tuple[Step, ...], str, HyperParameterAlgorithmSpecification]

_OF_THE_JOB = ("hyper_parameter_tuning_job_config", "hyper_parameter_tuning_job_objective")


@rule(
    "single-definition-has-an-objective",
    "C003",
    source="hashicorp/terraform-provider-aws internal/service/sagemaker/hyper_parameter_tuning_job.go",
    basis="observed",
    needs=("training_job_definition",),
)
def single_definition_has_an_objective(request: CreateHyperParameterTuningJobRequest) -> Breach | None:
    """A job of one definition has an objective."""
    if (
        request.hyper_parameter_tuning_job_config.hyper_parameter_tuning_job_objective is not None
        or request.training_job_definition is None
        or request.training_job_definition.tuning_objective is not None
    ):
        return None
    return Breach(
        *_OF_THE_JOB,
        expected="the metric by which training jobs are compared",
        got="nothing",
        hint="give its Type and MetricName",
    )


@rule(
    "definitions-have-objectives",
    "C004",
    source="dg/multiple-algorithm-hpo-create-tuning-jobs",
    needs=("training_job_definitions",),
)
def definitions_have_objectives(request: CreateHyperParameterTuningJobRequest) -> list[Breach] | None:
    """Each definition of a list has its own objective; that of the job may stand for a list of one."""
    definitions = request.training_job_definitions or ()
    missing = [index for index, definition in enumerate(definitions) if definition.tuning_objective is None]
    if not missing or (len(definitions) == 1 and _has_one(request)):
        return None
    hint = "move the objective of the job here" if _has_one(request) else "give its Type and MetricName"
    return [
        Breach(
            "training_job_definitions",
            index,
            "tuning_objective",
            expected="an objective, as each of TrainingJobDefinitions has",
            got="nothing",
            hint=hint,
        )
        for index in missing
    ]


def _has_one(request: CreateHyperParameterTuningJobRequest) -> bool:
    return request.hyper_parameter_tuning_job_config.hyper_parameter_tuning_job_objective is not None


@advice(
    "objective-in-the-definitions-only",
    "C005",
    source="API_HyperParameterTuningJobConfig",
    basis="inferred",
    needs=("training_job_definitions",),
)
def objective_in_the_definitions_only(request: CreateHyperParameterTuningJobRequest) -> Breach | None:
    """A job with a list of definitions has its objectives there, and none of its own."""
    if request.training_job_definitions is None or not _has_one(request):
        return None
    return Breach(
        *_OF_THE_JOB,
        expected="nothing with TrainingJobDefinitions",
        got="an objective",
        hint="move it to the TuningObjective of the definitions",
    )


@advice(
    "one-objective-for-one-definition",
    "C008",
    source="API_HyperParameterTrainingJobDefinition",
    basis="inferred",
    needs=("training_job_definition",),
)
def one_objective_for_one_definition(request: CreateHyperParameterTuningJobRequest) -> Breach | None:
    """The objectives of a job and of its one definition agree."""
    own = request.hyper_parameter_tuning_job_config.hyper_parameter_tuning_job_objective
    other = request.training_job_definition.tuning_objective if request.training_job_definition is not None else None
    if own is None or other is None or own == other:
        return None
    return Breach(
        "training_job_definition",
        "tuning_objective",
        expected=f"the job's, to {own.type} {shown(own.metric_name)}, or nothing",
        got=f"to {other.type} {shown(other.metric_name)}",
        hint="leave it out",
    )


def _objectives(request: CreateHyperParameterTuningJobRequest) -> list[Objective]:
    """Give the metric of each objective that counts, its path before it and the algorithm that reports it after it."""
    found: list[Objective] = []
    path: tuple[Step, ...]
    if (definition := request.training_job_definition) is not None:
        objective = request.hyper_parameter_tuning_job_config.hyper_parameter_tuning_job_objective
        if objective is not None:
            found.append((_OF_THE_JOB, objective.metric_name, definition.algorithm_specification))
        elif (objective := definition.tuning_objective) is not None:
            path = ("training_job_definition", "tuning_objective")
            found.append((path, objective.metric_name, definition.algorithm_specification))
    for index, definition in enumerate(request.training_job_definitions or ()):
        if (objective := definition.tuning_objective) is not None:
            path = ("training_job_definitions", index, "tuning_objective")
            found.append((path, objective.metric_name, definition.algorithm_specification))
    return found


def _defines(algorithm: HyperParameterAlgorithmSpecification, metric: str) -> bool:
    for definition in algorithm.metric_definitions or ():  # noqa: SIM110 - twice as fast as any(), on each construction
        if definition.name == metric:
            return True
    return False


@rule("objective-is-a-defined-metric", "C014", source="aws/sagemaker-python-sdk#3932", basis="observed")
def objective_is_a_defined_metric(request: CreateHyperParameterTuningJobRequest) -> list[Breach] | None:
    """The objective is among the metrics that a custom image defines, letter for letter."""
    breaches: list[Breach] | None = None
    for path, metric, algorithm in _objectives(request):
        if not algorithm.metric_definitions or _defines(algorithm, metric) or not _is_custom(algorithm):
            continue
        hint = closest(metric, [definition.name for definition in algorithm.metric_definitions]) or "define it there"
        expected = "the name of one of the MetricDefinitions"
        breaches = [*(breaches or ()), Breach(*path, "metric_name", expected=expected, got=shown(metric), hint=hint)]
    return breaches


def _is_custom(algorithm: HyperParameterAlgorithmSpecification) -> bool:
    """Tell whether training jobs certainly run an image that defines its metrics itself."""
    image = algorithm.training_image
    return bool(image and not algorithm.algorithm_name and is_custom_image(image))


@advice(
    "objective-is-a-metric-of-the-algorithm",
    "C018",
    source="dg/automatic-model-tuning-define-metrics-variables",
)
def objective_is_a_metric_of_the_algorithm(request: CreateHyperParameterTuningJobRequest) -> list[Breach] | None:
    """The objective is a metric that the built-in algorithm reports."""
    breaches: list[Breach] = []
    for path, metric, algorithm in _objectives(request):
        name = algorithm_of(algorithm.training_image) if algorithm.training_image else None
        known = algorithm_facts(name).metrics if name is not None else None
        if known and metric not in known and not _defines(algorithm, metric):
            breaches.append(
                Breach(
                    *path,
                    "metric_name",
                    expected=f"a metric of {name}",
                    got=shown(metric),
                    hint=_meant(metric, known),
                )
            )
    return breaches


def _meant(metric: str, known: frozenset[str]) -> str:
    """Suggest a metric; most lack only the name of the data before them."""
    for data in ("validation", "test", "train"):
        if f"{data}:{metric}" in known:
            return f"did you mean {shown(f'{data}:{metric}')}?"
    return closest(metric, known) or f"choose one, such as {shown(min(known))}"
