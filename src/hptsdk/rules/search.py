"""Rules of the search: whether a request has ranges, where they are set, and the strategy Hyperband."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hptsdk._validation import Problem, advice, format_value, member_text, rule
from hptsdk.rules.definitions import definitions_of
from hptsdk.rules.range_values import has_ranges

if TYPE_CHECKING:
    from hptsdk._validation import Step
    from hptsdk.shapes import (
        CreateHyperParameterTuningJobRequest as Request,
        HyperbandStrategyConfig,
        HyperParameterTuningJobConfig,
        ParameterRanges,
    )

_JOB_RANGES = ("hyper_parameter_tuning_job_config", "parameter_ranges")


@rule("something-to-search", "C011", "C012", source="aws/sagemaker-python-sdk src/sagemaker/tuner.py")
def something_to_search(request: Request) -> Problem | None:
    """The job or a definition has a range, unless Autotune chooses the ranges.

    Without a range all training jobs would be equal. The SageMaker Python SDK does not send such a request.
    Empty lists of ranges count as none.

    Example:
        `ParameterRanges` {}, and no `Autotune`.
    """
    if request.autotune is not None or has_ranges(request.hyper_parameter_tuning_job_config.parameter_ranges):
        return None
    if any(has_ranges(definition.hyper_parameter_ranges) for _, definition in definitions_of(request)):
        return None
    where = "" if request.training_job_definitions is None else " to each definition"
    hint = f"add a range{where}, or Autotune"
    return Problem(*_JOB_RANGES, expected="a range of at least one hyperparameter", got="no range", hint=hint)


@advice(
    "definitions-have-ranges",
    "C013",
    source="API_HyperParameterTrainingJobDefinition",
    basis="inferred",
    needs=("training_job_definitions",),
)
def definitions_have_ranges(request: Request) -> list[Problem] | None:
    """Each item of TrainingJobDefinitions has a range, unless Autotune chooses the ranges.

    A definition without ranges trains the same model repeatedly. The service may accept it, so this is advice;
    `something-to-search` reports a request without any range.
    """
    if request.autotune is not None or something_to_search.function(request) is not None:
        return None
    return [
        Problem(
            "training_job_definitions",
            index,
            "hyper_parameter_ranges",
            expected="a range of at least one hyperparameter",
            got="no range",
            hint="add a range, or remove the definition",
        )
        for index, definition in enumerate(request.training_job_definitions or ())
        if not has_ranges(definition.hyper_parameter_ranges)
    ]


@advice(
    "ranges-in-the-definitions-only",
    "C006",
    source="API_HyperParameterTuningJobConfig",
    basis="inferred",
    needs=("training_job_definitions",),
)
def ranges_in_the_definitions_only(request: Request) -> Problem | None:
    """A job with TrainingJobDefinitions has its ranges in the definitions.

    The ranges of the job belong to a single definition. With a list of definitions it is not documented whether
    the service ignores or rejects them. The SageMaker Python SDK never sends ranges of the job with a list.
    """
    if not has_ranges(request.hyper_parameter_tuning_job_config.parameter_ranges):
        return None
    return Problem(
        *_JOB_RANGES,
        expected="no ranges with TrainingJobDefinitions",
        got="ranges",
        hint="remove them, or move them to HyperParameterRanges of the definitions",
    )


@advice(
    "ranges-in-one-place",
    "C007",
    source="API_HyperParameterTrainingJobDefinition",
    basis="inferred",
    needs=("training_job_definition",),
)
def ranges_in_one_place(request: Request) -> Problem | None:
    """A job with TrainingJobDefinition has its ranges either in the job or in the definition.

    It is not documented which of the two the service uses, whether it merges them, or whether it rejects both.
    The SageMaker Python SDK uses ParameterRanges for a single definition.
    """
    definition = request.training_job_definition
    if definition is None or not has_ranges(definition.hyper_parameter_ranges):
        return None
    if not has_ranges(request.hyper_parameter_tuning_job_config.parameter_ranges):
        return None
    return Problem(
        "training_job_definition",
        "hyper_parameter_ranges",
        expected="no ranges if ParameterRanges of the job is set",
        got="ranges",
        hint="remove them, or move them to ParameterRanges",
    )


@rule("auto-parameters-need-autotune", "C107", source="API_ParameterRanges")
def auto_parameters_need_autotune(request: Request) -> list[Problem] | None:
    """AutoParameters needs Autotune.

    Autotune chooses the ranges of these hyperparameters. AWS documents the list for Autotune only; without
    Autotune they would have no ranges.

    Example:
        `AutoParameters` [{"Name": "depth", "ValueHint": "6"}] without `Autotune`.
    """
    if request.autotune is not None:
        return None
    owners: list[tuple[tuple[Step, ...], ParameterRanges | None]] = [
        (_JOB_RANGES, request.hyper_parameter_tuning_job_config.parameter_ranges)
    ]
    for path, definition in definitions_of(request):
        owners.append(((*path, "hyper_parameter_ranges"), definition.hyper_parameter_ranges))
    return [
        Problem(
            *path,
            "auto_parameters",
            expected="no value without Autotune",
            got=member_text(ranges.auto_parameters),
            hint='set Autotune to {"Mode": "Enabled"}, or use ranges',
        )
        for path, ranges in owners
        if ranges is not None and ranges.auto_parameters
    ]


@advice("something-for-autotune", "C108", source="API_Autotune", basis="inferred", needs=("autotune",))
def something_for_autotune(request: Request) -> Problem | None:
    """A job with Autotune has ranges, AutoParameters or static hyperparameters.

    Autotune chooses ranges for hyperparameters that the request names. If it names none, there is probably
    nothing to tune.

    Example:
        `Autotune` {"Mode": "Enabled"} without ranges and without `StaticHyperParameters`.
    """
    definitions = definitions_of(request)
    if not definitions or has_ranges(request.hyper_parameter_tuning_job_config.parameter_ranges):
        return None
    if any(has_ranges(item.hyper_parameter_ranges) or item.static_hyper_parameters for _, item in definitions):
        return None
    return Problem(
        *_JOB_RANGES,
        expected="AutoParameters, ranges or static hyperparameters",
        got="none of them",
        hint="list the hyperparameters to tune in AutoParameters",
    )


# The highest resource of a training job of Hyperband.
MAX_RESOURCE = 20000

# Static hyperparameters from which Hyperband can take MaxResource.
EPOCHS = ("epochs", "numepochs", "n-epochs", "n_epochs", "num_epochs")


@rule(
    "hyperband-resources-in-order",
    "C024",
    source="API_HyperbandStrategyConfig",
    basis="inferred",
    needs=("min_resource", "max_resource"),
)
def hyperband_resources_in_order(hyperband: HyperbandStrategyConfig) -> Problem | None:
    """MaxResource is at least MinResource.

    The two are the minimum and the maximum number of epochs, or of another unit, that Hyperband assigns to a
    training job.

    Example:
        `MinResource` 10, `MaxResource` 9.
    """
    low, high = hyperband.min_resource, hyperband.max_resource
    if low is None or high is None or low <= high:
        return None
    return Problem(
        "max_resource",
        expected=f"at least {format_value(low)}, the MinResource",
        got=format_value(high),
        hint="increase it, or reduce MinResource",
    )


@rule("hyperband-at-most-20000-resource", "C025", source="API_HyperbandStrategyConfig", needs=("max_resource",))
def hyperband_at_most_20000_resource(hyperband: HyperbandStrategyConfig) -> Problem | None:
    """MaxResource is at most 20000.

    The API model has no maximum, but AWS documents this one. The training program chooses the unit of the
    resource, usually an epoch.
    """
    resource = hyperband.max_resource
    if resource is None or resource <= MAX_RESOURCE:
        return None
    return Problem(
        "max_resource",
        expected=f"at most {MAX_RESOURCE}",
        got=format_value(resource),
        hint="reduce it, or count in larger units, such as epochs",
    )


@rule(
    "hyperband-needs-early-stopping-off",
    "C021",
    source="API_HyperParameterTuningJobConfig",
    needs=("training_job_early_stopping_type",),
)
def hyperband_needs_early_stopping_off(config: HyperParameterTuningJobConfig) -> Problem | None:
    """The strategy Hyperband needs early stopping to be off, because it stops training jobs itself.

    AWS documents that the two cannot be combined. A missing TrainingJobEarlyStoppingType is Off.

    Example:
        `Strategy` "Hyperband", `TrainingJobEarlyStoppingType` "Auto".
    """
    if config.training_job_early_stopping_type != "Auto" or config.strategy != "Hyperband":
        return None
    return Problem(
        "training_job_early_stopping_type",
        expected="Off with the strategy Hyperband",
        got="'Auto'",
        hint="remove it, or use another strategy without StrategyConfig",
    )


@rule(
    "hyperband-settings-need-hyperband", "C023", source="API_HyperParameterTuningJobConfig", needs=("strategy_config",)
)
def hyperband_settings_need_hyperband(config: HyperParameterTuningJobConfig) -> Problem | None:
    """HyperbandStrategyConfig is only for the strategy Hyperband.

    AWS documents that the structure must be set only for this strategy, because no other strategy assigns
    resources to training jobs.

    Example:
        `Strategy` "Bayesian", `StrategyConfig` {"HyperbandStrategyConfig": {"MaxResource": 10}}.
    """
    strategy_config = config.strategy_config
    if strategy_config is None or strategy_config.hyperband_strategy_config is None or config.strategy == "Hyperband":
        return None
    return Problem(
        "strategy_config",
        "hyperband_strategy_config",
        expected=f"no value with the strategy {format_value(config.strategy)}",
        got="a HyperbandStrategyConfig",
        hint="remove StrategyConfig, or use the strategy Hyperband",
    )


@rule("hyperband-knows-its-largest-resource", "C022", source="awslabs/graphstorm#1243", basis="observed")
def hyperband_knows_its_largest_resource(request: Request) -> Problem | None:
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


HYPERBAND_CONFIG = (hyperband_resources_in_order, hyperband_at_most_20000_resource)
JOB_CONFIG = (hyperband_needs_early_stopping_off, hyperband_settings_need_hyperband)
REQUEST = (
    something_to_search,
    auto_parameters_need_autotune,
    ranges_in_the_definitions_only,
    ranges_in_one_place,
    definitions_have_ranges,
    something_for_autotune,
    hyperband_knows_its_largest_resource,
)
