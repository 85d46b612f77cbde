"""Builders: a request is created by a chain of calls, each of which validates its arguments.

Builders are immutable: a call does not change its builder, so that several requests can share the first calls. A method
whose description begins with "Add" keeps the values of its earlier calls, and any other replaces them. A method raises
TypeError if it would change a part of a placeholder.
"""

from hptsdk.builder._functions import DefinitionBuilder, TrainingBuilder, training, tuning_job, unique_name
from hptsdk.builder._partial_shape import LeftOut, partial_of as partial_of
from hptsdk.builder._repr import Number
from hptsdk.builder._training_job import (
    runs_built_in_algorithm as runs_built_in_algorithm,
    training_from,
    training_job_parts as training_job_parts,
)
from hptsdk.builder._tuning_job_builder import TuningJobBuilder
from hptsdk.schema import default_ranges

__all__ = [
    "DefinitionBuilder",
    "LeftOut",
    "Number",
    "TrainingBuilder",
    "TuningJobBuilder",
    "default_ranges",
    "training",
    "training_from",
    "tuning_job",
    "unique_name",
]
