"""Rules of the strategy Hyperband.

See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_HyperbandStrategyConfig.html.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hptsdk._validation import Problem, format_value, rule
from hptsdk.rules.definitions import definitions_of

if TYPE_CHECKING:
    from hptsdk.shapes import (
        CreateHyperParameterTuningJobRequest as Request,
        HyperbandStrategyConfig,
        HyperParameterTuningJobConfig,
    )

__all__ = ["EPOCHS", "JOB_CONFIG", "MAX_RESOURCE", "REQUEST", "STRATEGY_CONFIG"]

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

    The two are the smallest and the maximum number of epochs, or of another unit, that Hyperband assigns to a
    training job. A rejection is inferred, because an interval with reversed bounds is empty.

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
        hint="increase it",
    )


@rule("hyperband-at-most-20000-resource", "C025", source="API_HyperbandStrategyConfig", needs=("max_resource",))
def hyperband_at_most_20000_resource(hyperband: HyperbandStrategyConfig) -> Problem | None:
    """MaxResource is at most 20000.

    The API model has no maximum, but AWS documents this one. The unit is usually an epoch; if there are more of
    them, count in a larger unit.
    """
    resource = hyperband.max_resource
    if resource is None or resource <= MAX_RESOURCE:
        return None
    return Problem(
        "max_resource", expected=f"at most {MAX_RESOURCE}", got=format_value(resource), hint="use a larger unit"
    )


@rule(
    "hyperband-needs-early-stopping-off",
    "C021",
    source="API_HyperParameterTuningJobConfig",
    needs=("training_job_early_stopping_type",),
)
def hyperband_needs_early_stopping_off(config: HyperParameterTuningJobConfig) -> Problem | None:
    """The strategy Hyperband needs early stopping to be off, because it stops training jobs itself.

    AWS documents that the two cannot be combined. A missing TrainingJobEarlyStoppingType is Off, so it can be
    removed.

    Example:
        `Strategy` "Hyperband", `TrainingJobEarlyStoppingType` "Auto".
    """
    if config.training_job_early_stopping_type != "Auto" or config.strategy != "Hyperband":
        return None
    return Problem(
        "training_job_early_stopping_type",
        expected="Off with the strategy Hyperband",
        got="'Auto'",
        hint="remove it, or use another strategy",
    )


@rule(
    "hyperband-settings-need-hyperband",
    "C023",
    source="API_HyperParameterTuningJobConfig",
    needs=("strategy_config",),
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
        hint="remove StrategyConfig, or use Hyperband",
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


STRATEGY_CONFIG = (hyperband_resources_in_order, hyperband_at_most_20000_resource)
JOB_CONFIG = (hyperband_needs_early_stopping_off, hyperband_settings_need_hyperband)
REQUEST = (hyperband_knows_its_largest_resource,)
