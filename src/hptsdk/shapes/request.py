"""The request that creates a tuning job, and its tags."""

from collections.abc import Sequence
from typing import Annotated

import attrs

from hptsdk._validation import Shape
from hptsdk.constraints import Items
from hptsdk.rules.hyperparameters import (
    algorithm_has_what_it_needs_of_the_job,
    algorithm_lets_the_job_tune_it,
    at_most_100_hyperparameters_with_the_job,
    static_or_automatic_in_the_job,
    static_or_tuned_by_the_job,
)
from hptsdk.rules.objectives import (
    definitions_have_objectives,
    objective_in_the_definitions_only,
    objective_is_a_defined_metric,
    objective_is_a_metric_of_the_algorithm,
    one_objective_for_one_definition,
    single_definition_has_an_objective,
)
from hptsdk.rules.request import (
    at_most_48_environment_variables_in_all,
    definition_names_differ,
    definitions_have_names,
    early_stopping_needs_one_definition,
    hyperband_knows_its_largest_resource,
    one_kind_of_definition,
    something_ends_the_job,
    tuning_outlasts_training,
    warm_start_needs_one_definition,
    warm_start_without_grid,
)
from hptsdk.rules.search_space import (
    auto_parameters_need_autotune,
    definitions_have_ranges,
    grid_definitions_run_each_combination_once,
    grid_definitions_take_only_categories,
    ranges_in_one_place,
    ranges_in_the_definitions_only,
    something_for_autotune,
    something_to_search,
)
from hptsdk.rules.tags import tag_keys_differ, tag_prefix_not_reserved
from hptsdk.rules.warm_start import no_parent_of_itself
from hptsdk.scalars import HyperParameterTuningJobName, TagKey, TagValue
from hptsdk.shapes.training import HyperParameterTrainingJobDefinition, HyperParameterTrainingJobDefinitions
from hptsdk.shapes.tuning import Autotune, HyperParameterTuningJobConfig
from hptsdk.shapes.warm_start import HyperParameterTuningJobWarmStartConfig


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Tag(Shape):
    """A key and value attached to an AWS resource.

    Example:
        Tag(key="team", value="forecasting")

    Source: API_Tag
    """

    RULES = (tag_prefix_not_reserved,)

    key: TagKey
    """Name of the tag; a resource has at most one tag of each key."""
    value: TagValue
    """Text stored under the key; may be empty."""


TagList = Annotated[Sequence[Tag], Items(0, 50)]


@attrs.frozen(kw_only=True, eq=False, repr=False)
class CreateHyperParameterTuningJobRequest(Shape):
    """Everything needed to start a tuning job.

    Give `training_job_definition` to tune one algorithm, or `training_job_definitions` to tune several together.

    Source: API_CreateHyperParameterTuningJob
    """

    RULES = (
        one_kind_of_definition,
        definitions_have_names,
        definition_names_differ,
        single_definition_has_an_objective,
        definitions_have_objectives,
        objective_is_a_defined_metric,
        something_to_search,
        auto_parameters_need_autotune,
        grid_definitions_take_only_categories,
        grid_definitions_run_each_combination_once,
        static_or_tuned_by_the_job,
        static_or_automatic_in_the_job,
        at_most_100_hyperparameters_with_the_job,
        hyperband_knows_its_largest_resource,
        early_stopping_needs_one_definition,
        warm_start_needs_one_definition,
        no_parent_of_itself,
        at_most_48_environment_variables_in_all,
        tag_keys_differ,
        objective_in_the_definitions_only,
        one_objective_for_one_definition,
        objective_is_a_metric_of_the_algorithm,
        ranges_in_the_definitions_only,
        ranges_in_one_place,
        definitions_have_ranges,
        something_for_autotune,
        algorithm_lets_the_job_tune_it,
        algorithm_has_what_it_needs_of_the_job,
        something_ends_the_job,
        tuning_outlasts_training,
        warm_start_without_grid,
    )

    hyper_parameter_tuning_job_name: HyperParameterTuningJobName
    """Name of the job, unique in its account and region, case ignored; prefix of its training jobs' names."""
    hyper_parameter_tuning_job_config: HyperParameterTuningJobConfig
    """Strategy, objective, ranges and limits of the search."""
    training_job_definition: HyperParameterTrainingJobDefinition | None = None
    """The only kind of training job to launch; absent when `training_job_definitions` is given."""
    training_job_definitions: HyperParameterTrainingJobDefinitions | None = None
    """Several kinds of training job, each with its own name, objective and ranges."""
    warm_start_config: HyperParameterTuningJobWarmStartConfig | None = None
    """Earlier tuning jobs to learn from; absent, the search starts from nothing."""
    tags: TagList | None = None
    """Tags for the tuning job, passed on to every training job that it launches."""
    autotune: Autotune | None = None
    """Lets the service fill in ranges, limits and other settings; absent, it uses only what the request gives."""
