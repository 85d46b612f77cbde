"""Rules of a whole request: its definitions together, limits, members that require a single definition, and tags."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hptsdk._validation import Problem, advice, format_value, member_text, rule
from hptsdk.rules import duplicates
from hptsdk.rules.definitions import definitions_of

if TYPE_CHECKING:
    from hptsdk.shapes import (
        AddTagsInput,
        CreateHyperParameterTuningJobRequest as Request,
        Tag,
        TuningJobCompletionCriteria,
    )

# The maximum number of environment variables in all definitions together.
MAX_VARIABLES = 48


@rule("one-kind-of-definition", "C001", "C002", source="dg/multiple-algorithm-hpo")
def one_kind_of_definition(request: Request) -> Problem | None:
    """A request has either TrainingJobDefinition or TrainingJobDefinitions.

    A tuning job trains one algorithm with TrainingJobDefinition, or several with TrainingJobDefinitions. AWS
    documents that one of the two is required and that they exclude each other.

    Example:
        `TrainingJobDefinition` and `TrainingJobDefinitions` in one request, or neither.
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
def definitions_have_names(request: Request) -> list[Problem] | None:
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
    ]


@rule(
    "definition-names-differ",
    "C010",
    source="dg/multiple-algorithm-hpo-create-tuning-jobs",
    needs=("training_job_definitions",),
)
def definition_names_differ(request: Request) -> list[Problem] | None:
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
def at_most_48_environment_variables_in_all(request: Request) -> Problem | None:
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
                got=f"{total} with the definitions before this one",
                hint="remove some, or combine several into one",
            )
    return None


def _has_several_definitions(request: Request) -> bool:
    return len(request.training_job_definitions or ()) > 1


@rule(
    "warm-start-needs-one-definition",
    "C055",
    source="dg/multiple-algorithm-hpo-create-tuning-jobs",
    needs=("warm_start_config",),
)
def warm_start_needs_one_definition(request: Request) -> Problem | None:
    """A job with several definitions has no warm start.

    The results of parents belong to one algorithm. AWS documents that a warm start is available only for tuning
    a single algorithm. TrainingJobDefinitions with one item is valid.
    """
    if request.warm_start_config is None or not _has_several_definitions(request):
        return None
    return Problem(
        "warm_start_config",
        expected="no value, because the request has several training job definitions",
        got="a WarmStartConfig",
        hint="remove it, or use one definition",
    )


@rule("early-stopping-needs-one-definition", "C056", source="dg/multiple-algorithm-hpo")
def early_stopping_needs_one_definition(request: Request) -> Problem | None:
    """TrainingJobEarlyStoppingType is not Auto in a request with several definitions.

    Early stopping compares a training job with earlier ones at the same epoch. AWS documents that it is
    available only for tuning a single algorithm. TrainingJobDefinitions with one item is valid.
    """
    early_stopping = request.hyper_parameter_tuning_job_config.training_job_early_stopping_type
    if early_stopping != "Auto" or not _has_several_definitions(request):
        return None
    return Problem(
        "hyper_parameter_tuning_job_config",
        "training_job_early_stopping_type",
        expected="Off, because the request has several training job definitions",
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
def warm_start_without_grid(request: Request) -> Problem | None:
    """A job with the strategy Grid has no warm start, because a grid does not use earlier results.

    AWS documents warm start with Bayesian and random search only. A grid runs all its combinations, whatever the
    results of the parents are.
    """
    if request.warm_start_config is None or request.hyper_parameter_tuning_job_config.strategy != "Grid":
        return None
    return Problem(
        "warm_start_config",
        expected="no value, because the strategy is Grid",
        got="a WarmStartConfig",
        hint="remove it, or use the strategy Bayesian or Random",
    )


@advice("something-ends-the-job", "C030", source="API_ResourceLimits", basis="inferred")
def something_ends_the_job(request: Request) -> Problem | None:
    """Bayesian or Random search has MaxNumberOfTrainingJobs, MaxRuntimeInSeconds, a completion criterion or Autotune.

    Without them the tuning job may start training jobs, and cost money, until the quota stops it. The two limits are
    in ResourceLimits. A grid ends with its last combination.

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
        hint="set MaxNumberOfTrainingJobs",
    )


def _can_end(criteria: TuningJobCompletionCriteria | None) -> bool:
    """Check whether a completion criterion can end the tuning job."""
    if criteria is None:
        return False
    not_improving, convergence = criteria.best_objective_not_improving, criteria.convergence_detected
    return (
        criteria.target_objective_metric_value is not None
        or (not_improving is not None and not_improving.max_number_of_training_jobs_not_improving is not None)
        or (convergence is not None and convergence.complete_on_convergence == "Enabled")
    )


@advice("tuning-outlasts-training", "C111", source="aws/sagemaker-python-sdk#3983", basis="inferred")
def tuning_outlasts_training(request: Request) -> Problem | None:
    """MaxRuntimeInSeconds of ResourceLimits is at least that of the StoppingCondition of each definition.

    The limit of the tuning job includes all its training jobs. If it is shorter than that of one of them, the
    tuning job may end before its first result. The service accepts the request; the two limits are often confused.

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
        expected=f"at least {format_value(longest)}, the MaxRuntimeInSeconds of a training job",
        got=f"{limit}",
        hint="increase it, or reduce that of the training job",
    )


@advice(
    "tag-prefix-not-reserved",
    "C112",
    source="https://docs.aws.amazon.com/general/latest/gr/aws_tagging.html",
    basis="inferred",
)
def tag_prefix_not_reserved(tag: Tag) -> Problem | None:
    """The key of a tag does not begin with "aws:" in upper or lower case; AWS reserves this prefix.

    Tags with this prefix are created by AWS services, and a user cannot create or change them.
    """
    if not tag.key.lower().startswith("aws:"):
        return None
    return Problem("key", expected="a key without the prefix aws:", got=format_value(tag.key), hint="use another key")


@rule("tag-keys-differ", "C113", source="API_Tag", needs=("tags",))
def tag_keys_differ(tagged: Request | AddTagsInput) -> list[Problem] | None:
    """The keys of the tags of a resource differ; keys are case-sensitive.

    A resource has one value for each key, so two values are ambiguous. AWS documents that keys must be unique.

    Example:
        `Tags` [{"Key": "team", "Value": "a"}, {"Key": "team", "Value": "b"}].
    """
    keys = [tag.key for tag in tagged.tags or ()]
    return duplicates(keys, "tags", "key", noun="key", hint="remove one of the two")


REQUEST = (
    one_kind_of_definition,
    definitions_have_names,
    definition_names_differ,
    early_stopping_needs_one_definition,
    warm_start_needs_one_definition,
    at_most_48_environment_variables_in_all,
    something_ends_the_job,
    tuning_outlasts_training,
    warm_start_without_grid,
)
TAG = (tag_prefix_not_reserved,)
TAGGED = (tag_keys_differ,)
