"""The search of the local service: strategies, early stopping, completion criteria and Autotune."""

from hptsdk.local.search._dimensions import apply_autotune as apply_autotune
from hptsdk.local.search._early_stopping import TuningProgress as TuningProgress, unchanging_cause as unchanging_cause
from hptsdk.local.search._strategies import (
    DefinitionSearch as DefinitionSearch,
    TuningSearch as TuningSearch,
    create_search as create_search,
)
