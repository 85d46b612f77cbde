"""Rules of the whole request: its definitions together, what bounds it, and what only one definition may have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hptsdk._validation import Breach, advice, member_text, repeated, rule, shown
from hptsdk.rules.definitions import definitions_of

if TYPE_CHECKING:
    from hptsdk.shapes import (
        CreateHyperParameterTuningJobRequest,
        HyperParameterTuningJobConfig,
        TuningJobCompletionCriteria,
    )

MOST_VARIABLES = 48

# Static hyperparameters from which Hyperband reads its largest resource.
EPOCHS = ("epochs", "numepochs", "n-epochs", "n_epochs", "num_epochs")


@rule("one-kind-of-definition", "C001", "C002", source="dg/multiple-algorithm-hpo")
def one_kind_of_definition(request: CreateHyperParameterTuningJobRequest) -> Breach | None:
    """A request has either one definition or a list of definitions."""
    if (request.training_job_definition is None) is not (request.training_job_definitions is None):
        return None
    if request.training_job_definitions is None:
        return Breach(
            "training_job_definition",
            expected="a TrainingJobDefinition, or a list TrainingJobDefinitions",
            got="neither",
            hint="describe the training jobs",
        )
    return Breach(
        "training_job_definitions",
        expected="nothing beside a TrainingJobDefinition",
        got=member_text(request.training_job_definitions),
        hint="keep one of the two members",
    )


@rule(
    "definitions-have-names",
    "C009",
    source="dg/multiple-algorithm-hpo-create-tuning-jobs",
    needs=("training_job_definitions",),
)
def definitions_have_names(request: CreateHyperParameterTuningJobRequest) -> list[Breach] | None:
    """Each definition of a list has a name."""
    return [
        Breach(
            "training_job_definitions",
            index,
            "definition_name",
            expected="a name, as each of TrainingJobDefinitions has",
            got="nothing",
            hint="name it after its algorithm",
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
def definition_names_differ(request: CreateHyperParameterTuningJobRequest) -> list[Breach] | None:
    """The names of definitions differ."""
    names = [definition.definition_name for definition in request.training_job_definitions or ()]
    if len(set(names)) == len(names):
        return None
    return [
        Breach(
            "training_job_definitions",
            index,
            "definition_name",
            expected="a name not given before",
            got=shown(name),
            hint="rename it",
        )
        for index, name in repeated(names)
        if name is not None
    ] or None


@rule(
    "at-most-48-environment-variables-in-all",
    "C050",
    source="API_HyperParameterTrainingJobDefinition",
    needs=("training_job_definitions",),
)
def at_most_48_environment_variables_in_all(request: CreateHyperParameterTuningJobRequest) -> Breach | None:
    """All definitions together have at most 48 environment variables."""
    total = 0
    for index, definition in enumerate(request.training_job_definitions or ()):
        total += len(definition.environment or ())
        if total > MOST_VARIABLES:
            return Breach(
                "training_job_definitions",
                index,
                "environment",
                expected=f"at most {MOST_VARIABLES} variables in all definitions together",
                got=f"{total} up to here",
                hint="put several settings into one variable",
            )
    return None


def _are_several(request: CreateHyperParameterTuningJobRequest) -> bool:
    return request.training_job_definitions is not None and len(request.training_job_definitions) > 1


@rule(
    "warm-start-needs-one-definition",
    "C055",
    source="dg/multiple-algorithm-hpo-create-tuning-jobs",
    needs=("warm_start_config",),
)
def warm_start_needs_one_definition(request: CreateHyperParameterTuningJobRequest) -> Breach | None:
    """A job of several definitions has no warm start."""
    if request.warm_start_config is None or not _are_several(request):
        return None
    return Breach(
        "warm_start_config",
        expected="nothing with several definitions",
        got="a warm start",
        hint="leave it out, or tune one algorithm",
    )


@rule("early-stopping-needs-one-definition", "C056", source="dg/multiple-algorithm-hpo")
def early_stopping_needs_one_definition(request: CreateHyperParameterTuningJobRequest) -> Breach | None:
    """A job of several definitions stops no training job early."""
    early = request.hyper_parameter_tuning_job_config.training_job_early_stopping_type
    if early != "Auto" or not _are_several(request):
        return None
    return Breach(
        "hyper_parameter_tuning_job_config",
        "training_job_early_stopping_type",
        expected="Off with several definitions",
        got="'Auto'",
        hint="leave it out, or tune one algorithm",
    )


@advice(
    "warm-start-without-grid",
    "C057",
    source="dg/automatic-model-tuning-warm-start",
    basis="inferred",
    needs=("warm_start_config",),
)
def warm_start_without_grid(request: CreateHyperParameterTuningJobRequest) -> Breach | None:
    """A grid has nothing to learn from earlier jobs."""
    if request.warm_start_config is None or request.hyper_parameter_tuning_job_config.strategy != "Grid":
        return None
    return Breach(
        "warm_start_config",
        expected="nothing with the strategy Grid",
        got="a warm start",
        hint="leave it out, or choose Bayesian or Random",
    )


@rule("hyperband-knows-its-largest-resource", "C022", source="awslabs/graphstorm#1243", basis="observed")
def hyperband_knows_its_largest_resource(request: CreateHyperParameterTuningJobRequest) -> Breach | None:
    """Hyperband is told its largest resource, or finds it in a static hyperparameter such as epochs."""
    config = request.hyper_parameter_tuning_job_config
    if config.strategy != "Hyperband" or _has_max_resource(config):
        return None
    definitions = definitions_of(request)
    statics = [definition.static_hyper_parameters or {} for _, definition in definitions]
    if not definitions or any(name in static for static in statics for name in EPOCHS):
        return None
    return Breach(
        "hyper_parameter_tuning_job_config",
        "strategy_config",
        "hyperband_strategy_config",
        "max_resource",
        expected=f"a number, or one of the static hyperparameters {', '.join(EPOCHS)}",
        got="neither",
        hint="give it, most often as the number of epochs",
    )


def _has_max_resource(config: HyperParameterTuningJobConfig) -> bool:
    settings = config.strategy_config
    hyperband = settings.hyperband_strategy_config if settings is not None else None
    return hyperband is not None and hyperband.max_resource is not None


@advice("something-ends-the-job", "C030", source="API_ResourceLimits", basis="inferred")
def something_ends_the_job(request: CreateHyperParameterTuningJobRequest) -> Breach | None:
    """A job that searches without end has a limit or a criterion that ends it."""
    config = request.hyper_parameter_tuning_job_config
    limits = config.resource_limits
    if (
        request.autotune is not None
        or limits.max_number_of_training_jobs is not None
        or limits.max_runtime_in_seconds is not None
        or config.strategy not in ("Bayesian", "Random")
        or _ends(config.tuning_job_completion_criteria)
    ):
        return None
    return Breach(
        "hyper_parameter_tuning_job_config",
        "resource_limits",
        "max_number_of_training_jobs",
        expected="a number, or MaxRuntimeInSeconds, or a completion criterion",
        got="nothing that ends the job",
        hint="say how many training jobs to run at most",
    )


def _ends(criteria: TuningJobCompletionCriteria | None) -> bool:
    """Tell whether any criterion is in force."""
    if criteria is None:
        return False
    patience, convergence = criteria.best_objective_not_improving, criteria.convergence_detected
    return (
        criteria.target_objective_metric_value is not None
        or (patience is not None and patience.max_number_of_training_jobs_not_improving is not None)
        or (convergence is not None and convergence.complete_on_convergence == "Enabled")
    )


@advice("tuning-outlasts-training", "C111", source="aws/sagemaker-python-sdk#3983", basis="inferred")
def tuning_outlasts_training(request: CreateHyperParameterTuningJobRequest) -> Breach | None:
    """A tuning job may take as long as one of its training jobs."""
    whole = request.hyper_parameter_tuning_job_config.resource_limits.max_runtime_in_seconds
    if whole is None:
        return None
    longest = max(
        (definition.stopping_condition.max_runtime_in_seconds or 0 for _, definition in definitions_of(request)),
        default=0,
    )
    if whole >= longest:
        return None
    return Breach(
        "hyper_parameter_tuning_job_config",
        "resource_limits",
        "max_runtime_in_seconds",
        expected=f"at least {shown(longest)}, the MaxRuntimeInSeconds of one training job",
        got=f"{whole}",
        hint="it is the time of all training jobs together",
    )
