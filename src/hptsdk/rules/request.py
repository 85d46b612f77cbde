"""Rules of a whole request: its definitions together, its limits, and what only one definition allows.

See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateHyperParameterTuningJob.html.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hptsdk._validation import Problem, advice, member_text, rule, shown
from hptsdk.rules._duplicates import duplicates
from hptsdk.rules.definitions import definitions_of

if TYPE_CHECKING:
    from hptsdk.shapes import (
        CreateHyperParameterTuningJobRequest,
        HyperParameterTuningJobConfig,
        TuningJobCompletionCriteria,
    )

__all__ = ["EPOCHS", "MAX_VARIABLES", "REQUEST"]

# The maximum number of environment variables in all definitions together.
MAX_VARIABLES = 48

# Static hyperparameters from which Hyperband can take MaxResource.
EPOCHS = ("epochs", "numepochs", "n-epochs", "n_epochs", "num_epochs")


@rule("one-kind-of-definition", "C001", "C002", source="dg/multiple-algorithm-hpo")
def one_kind_of_definition(request: CreateHyperParameterTuningJobRequest) -> Problem | None:
    """A request has either TrainingJobDefinition or TrainingJobDefinitions.

    A tuning job trains one algorithm with TrainingJobDefinition, or several with TrainingJobDefinitions. AWS
    documents that one of the two is required and that they exclude each other.

    Example:
        `TrainingJobDefinition` and `TrainingJobDefinitions` in one request, or none of them.
    """
    if (request.training_job_definition is None) is not (request.training_job_definitions is None):
        return None
    if request.training_job_definitions is None:
        return Problem(
            "training_job_definition",
            expected="TrainingJobDefinition or TrainingJobDefinitions",
            got="neither",
            hint="set one of the two",
        )
    return Problem(
        "training_job_definitions",
        expected="no value if TrainingJobDefinition is set",
        got=member_text(request.training_job_definitions),
        hint="remove one of the two",
    )


@rule(
    "definitions-have-names",
    "C009",
    source="dg/multiple-algorithm-hpo-create-tuning-jobs",
    needs=("training_job_definitions",),
)
def definitions_have_names(request: CreateHyperParameterTuningJobRequest) -> list[Problem] | None:
    """Each item of TrainingJobDefinitions has a DefinitionName.

    The results of a tuning job refer to a definition by its name. AWS documents that each definition of the
    list requires one. The name of a single TrainingJobDefinition is optional.
    """
    return [
        Problem(
            "training_job_definitions",
            index,
            "definition_name",
            expected="a name for each item of TrainingJobDefinitions",
            got="nothing",
            hint="set a name, such as that of the algorithm",
        )
        for index, definition in enumerate(request.training_job_definitions or ())
        if definition.definition_name is None
    ] or None


@rule(
    "definition-names-differ",
    "C010",
    source="dg/multiple-algorithm-hpo-create-tuning-jobs",
    needs=("training_job_definitions",),
)
def definition_names_differ(request: CreateHyperParameterTuningJobRequest) -> list[Problem] | None:
    """The names of definitions differ.

    Results that refer to a name that occurs twice are ambiguous. AWS documents that the name of a definition
    must be unique in its tuning job.
    """
    names = [definition.definition_name for definition in request.training_job_definitions or ()]
    return duplicates(names, "training_job_definitions", "definition_name", hint="rename one of the two")


@rule(
    "at-most-48-environment-variables-in-all",
    "C050",
    source="API_HyperParameterTrainingJobDefinition",
    needs=("training_job_definitions",),
)
def at_most_48_environment_variables_in_all(request: CreateHyperParameterTuningJobRequest) -> Problem | None:
    """All definitions together have at most 48 environment variables.

    The API model limits the Environment of each definition to 48 variables, but AWS documents that the limit is
    for their sum. A variable that two definitions set counts twice.

    Example:
        Two items of `TrainingJobDefinitions`, each with 25 variables in `Environment`.
    """
    total = 0
    for index, definition in enumerate(request.training_job_definitions or ()):
        total += len(definition.environment or ())
        if total > MAX_VARIABLES:
            return Problem(
                "training_job_definitions",
                index,
                "environment",
                expected=f"at most {MAX_VARIABLES} variables in all definitions together",
                got=f"{total} up to this definition",
                hint="remove some, or combine several into one",
            )
    return None


def _has_several_definitions(request: CreateHyperParameterTuningJobRequest) -> bool:
    return request.training_job_definitions is not None and len(request.training_job_definitions) > 1


@rule(
    "warm-start-needs-one-definition",
    "C055",
    source="dg/multiple-algorithm-hpo-create-tuning-jobs",
    needs=("warm_start_config",),
)
def warm_start_needs_one_definition(request: CreateHyperParameterTuningJobRequest) -> Problem | None:
    """A job with several definitions has no warm start.

    The results of parents belong to one algorithm. AWS documents that a warm start is available only for tuning
    a single algorithm. TrainingJobDefinitions with one item is valid.
    """
    if request.warm_start_config is None or not _has_several_definitions(request):
        return None
    return Problem(
        "warm_start_config",
        expected="no value with several definitions",
        got="a WarmStartConfig",
        hint="remove it, or use one definition",
    )


@rule("early-stopping-needs-one-definition", "C056", source="dg/multiple-algorithm-hpo")
def early_stopping_needs_one_definition(request: CreateHyperParameterTuningJobRequest) -> Problem | None:
    """A job with several definitions has no early stopping.

    Early stopping compares a training job with earlier ones at the same epoch. AWS documents that it is
    available only for tuning a single algorithm. TrainingJobDefinitions with one item is valid.
    """
    early_stopping = request.hyper_parameter_tuning_job_config.training_job_early_stopping_type
    if early_stopping != "Auto" or not _has_several_definitions(request):
        return None
    return Problem(
        "hyper_parameter_tuning_job_config",
        "training_job_early_stopping_type",
        expected="Off with several definitions",
        got="'Auto'",
        hint="remove it, or use one definition",
    )


@advice(
    "warm-start-without-grid",
    "C057",
    source="dg/automatic-model-tuning-warm-start",
    basis="inferred",
    needs=("warm_start_config",),
)
def warm_start_without_grid(request: CreateHyperParameterTuningJobRequest) -> Problem | None:
    """A job with the strategy Grid has no warm start, because a grid does not use earlier results.

    AWS documents warm start with Bayesian and random search only. A grid runs all its combinations, with any
    results of the parents. It is not known whether the service rejects it.
    """
    if request.warm_start_config is None or request.hyper_parameter_tuning_job_config.strategy != "Grid":
        return None
    return Problem(
        "warm_start_config",
        expected="no value with the strategy Grid",
        got="a WarmStartConfig",
        hint="remove it, or use Bayesian or Random",
    )


@rule("hyperband-knows-its-largest-resource", "C022", source="awslabs/graphstorm#1243", basis="observed")
def hyperband_knows_its_largest_resource(request: CreateHyperParameterTuningJobRequest) -> Problem | None:
    """The strategy Hyperband has MaxResource, or takes it from a static hyperparameter such as epochs.

    Hyperband divides this number, usually of epochs, into the stages at which it stops training jobs. The
    service rejects the request if it can neither read MaxResource nor infer it from a static hyperparameter.

    Example:
        `Strategy` "Hyperband" without `StrategyConfig`, and `StaticHyperParameters` {"lr": "0.1"}.
    """
    config = request.hyper_parameter_tuning_job_config
    if config.strategy != "Hyperband" or _has_max_resource(config):
        return None
    definitions = definitions_of(request)
    static = [definition.static_hyper_parameters or {} for _, definition in definitions]
    if not definitions or any(name in names for names in static for name in EPOCHS):
        return None
    return Problem(
        "hyper_parameter_tuning_job_config",
        "strategy_config",
        "hyperband_strategy_config",
        "max_resource",
        expected=f"a number, or one of the static hyperparameters {', '.join(EPOCHS)}",
        got="neither",
        hint="set MaxResource, usually to the number of epochs",
    )


def _has_max_resource(config: HyperParameterTuningJobConfig) -> bool:
    strategy_config = config.strategy_config
    hyperband = strategy_config.hyperband_strategy_config if strategy_config is not None else None
    return hyperband is not None and hyperband.max_resource is not None


@advice("something-ends-the-job", "C030", source="API_ResourceLimits", basis="inferred")
def something_ends_the_job(request: CreateHyperParameterTuningJobRequest) -> Problem | None:
    """A job with the strategy Bayesian or Random has a limit or a completion criterion.

    Without a limit the tuning job may start training jobs, and cost money, until the quota stops it. A grid
    ends with its last combination, and Autotune chooses limits itself. A rejection is not documented.

    Example:
        `ResourceLimits` {"MaxParallelTrainingJobs": 1} with the `Strategy` "Random".
    """
    config = request.hyper_parameter_tuning_job_config
    limits = config.resource_limits
    if (
        request.autotune is not None
        or limits.max_number_of_training_jobs is not None
        or limits.max_runtime_in_seconds is not None
        or config.strategy not in ("Bayesian", "Random")
        or _can_end(config.tuning_job_completion_criteria)
    ):
        return None
    return Problem(
        "hyper_parameter_tuning_job_config",
        "resource_limits",
        "max_number_of_training_jobs",
        expected="a number, MaxRuntimeInSeconds or a completion criterion",
        got="none of them",
        hint="set the maximum number of training jobs",
    )


def _can_end(criteria: TuningJobCompletionCriteria | None) -> bool:
    """Check whether any completion criterion is set."""
    if criteria is None:
        return False
    not_improving, convergence = criteria.best_objective_not_improving, criteria.convergence_detected
    return (
        criteria.target_objective_metric_value is not None
        or (not_improving is not None and not_improving.max_number_of_training_jobs_not_improving is not None)
        or (convergence is not None and convergence.complete_on_convergence == "Enabled")
    )


@advice("tuning-outlasts-training", "C111", source="aws/sagemaker-python-sdk#3983", basis="inferred")
def tuning_outlasts_training(request: CreateHyperParameterTuningJobRequest) -> Problem | None:
    """The time limit of a tuning job is at least that of each training job.

    The limit of the tuning job includes all its training jobs. If it is shorter than that of one of them, the
    tuning job may end before its first result. The service accepts it; the two limits are often confused.

    Example:
        `MaxRuntimeInSeconds` 3600 in `ResourceLimits` and 7200 in `StoppingCondition`.
    """
    limit = request.hyper_parameter_tuning_job_config.resource_limits.max_runtime_in_seconds
    if limit is None:
        return None
    longest = max(
        (definition.stopping_condition.max_runtime_in_seconds or 0 for _, definition in definitions_of(request)),
        default=0,
    )
    if limit >= longest:
        return None
    return Problem(
        "hyper_parameter_tuning_job_config",
        "resource_limits",
        "max_runtime_in_seconds",
        expected=f"at least {shown(longest)}, the MaxRuntimeInSeconds of a training job",
        got=f"{limit}",
        hint="increase it; it includes all training jobs",
    )


REQUEST = (
    one_kind_of_definition,
    definitions_have_names,
    definition_names_differ,
    hyperband_knows_its_largest_resource,
    early_stopping_needs_one_definition,
    warm_start_needs_one_definition,
    at_most_48_environment_variables_in_all,
    something_ends_the_job,
    tuning_outlasts_training,
    warm_start_without_grid,
)
