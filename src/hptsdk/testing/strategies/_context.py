"""The requirements of the rest of a request on a part."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["Context"]


class Context(NamedTuple):
    """The requirements of the rest of a request on a part. The defaults require nothing.

    Attributes:
        extreme: whether to draw everything that the model and the rules allow. Defaults to plausible values.
        region: the region of the images, the keys and the addresses.
        algorithm: the algorithm, as `hptsdk.testing.strategies._algorithms` names it. None if it is not decided.
        warm_start: whether the request has a warm start. None if it is not decided.
        max_jobs: the maximum number of training jobs, which is that of combinations.
        max_wait: the maximum wait time for Spot Instances.
        minimal: whether only required members are drawn.
        definitions: the number of definitions. Defaults to any number.
        has_numeric_ranges: whether a definition has numeric ranges, which a grid cannot have.
        reserved_names: hyperparameters that may not have a range.
        needs_range: whether at least one range is required.
        strategy: the strategy of the job, which restricts the types of ranges.
        needs_continuous_range: whether a continuous range is required, so that no number of jobs is too large.
        allows_autotune: whether Autotune may choose ranges.
        several_definitions: whether the job has several definitions.
        in_list: whether the definition is an item of a list.
        needs_objective: whether an objective is required.
        metric: the metric that the algorithm must emit if it defines metrics.
        needs_epochs: whether Hyperband must read its maximum resource from a static hyperparameter.
        needs_max_resource: whether Hyperband must have a maximum resource.
        input_mode: the input mode of channels without one.
        spot: whether training uses Spot Instances. None if it is not decided.
        allows_file_system: whether channels may read a file system, which needs a VPC.
        job_name: the name of the job, which cannot be its own parent.
        max_hyperparameters: the maximum number of hyperparameters of the part.
        grid_jobs: the number of training jobs of a grid, which is its number of combinations.
        allows_marketplace: whether the algorithm may be from AWS Marketplace.
        unknown_instance_types: whether instance types may be unknown.
    """

    extreme: bool = False
    region: str = "us-east-1"
    algorithm: str | None = None
    warm_start: bool | None = None
    max_jobs: int = 2**31 - 1
    max_wait: int = 2**31 - 1
    minimal: bool = False
    definitions: int | None = None
    has_numeric_ranges: bool = False
    reserved_names: frozenset[str] = frozenset()
    needs_range: bool = False
    strategy: str | None = None
    needs_continuous_range: bool = False
    allows_autotune: bool = True
    several_definitions: bool = False
    in_list: bool = False
    needs_objective: bool = False
    metric: str | None = None
    needs_epochs: bool = False
    needs_max_resource: bool = False
    input_mode: str | None = None
    spot: bool | None = None
    allows_file_system: bool = True
    job_name: str | None = None
    max_hyperparameters: int = 100
    grid_jobs: int | None = None
    allows_marketplace: bool = True
    unknown_instance_types: bool = False
