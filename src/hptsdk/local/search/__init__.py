"""The search strategies of the local service, early stopping and completion criteria."""

from hptsdk.local.search._autotune import chosen as chosen, has_something_to_search as has_something_to_search
from hptsdk.local.search._completion_criteria import Progress as Progress
from hptsdk.local.search._definition_search import Pursuit as Pursuit
from hptsdk.local.search._strategies import Sampler as Sampler
from hptsdk.local.search._tuning_search import (
    TRAINING as TRAINING,
    TUNING as TUNING,
    Branch as Branch,
    Plan as Plan,
    arn_of as arn_of,
    read_request as read_request,
)
from hptsdk.local.search._warm_start import learn_from_parents as learn_from_parents
