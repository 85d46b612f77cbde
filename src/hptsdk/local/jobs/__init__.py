"""Tuning jobs and training jobs of the local service: how they run, how they end, and where their state is stored."""

from hptsdk.local.jobs._engine import Engine as Engine
from hptsdk.local.jobs._slots import check_slots as check_slots
from hptsdk.local.jobs._state import Setting as Setting, Trial as Trial, now as now
from hptsdk.local.jobs._store import (
    STATE_ERRORS as STATE_ERRORS,
    Row as Row,
    Store as Store,
    StoreUnavailableError as StoreUnavailableError,
    check_not_emptied as check_not_emptied,
    insert as insert,
    unusable as unusable,
    update as update,
)
from hptsdk.local.jobs._training_job_end import FAULT as FAULT
