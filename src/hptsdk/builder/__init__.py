"""Fluent builders: a tuning job put together call by call, each checked when it is made.

Builders are immutable: each call returns a new one, so that a prefix can be shared. A method named in the singular
appends, one in the plural replaces.
"""

from hptsdk.builder._assembled import assembled as assembled
from hptsdk.builder._training import DefinitionBuilder, TrainingBuilder, training
from hptsdk.builder._tuning_job import TuningJobBuilder, tuning_job
from hptsdk.builder._unique_name import unique_name

__all__ = ["DefinitionBuilder", "TrainingBuilder", "TuningJobBuilder", "training", "tuning_job", "unique_name"]
