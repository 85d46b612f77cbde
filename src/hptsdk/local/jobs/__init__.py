"""The jobs of the local service: the runs of tuning jobs and training jobs, and the store of their state."""

from hptsdk.local.jobs._engine import Engine as Engine, ServiceContext as ServiceContext
from hptsdk.local.jobs._records import (
    CREATE_TRAINING_JOB_REQUEST as CREATE_TRAINING_JOB_REQUEST,
    Records as Records,
    insert_tuning_job as insert_tuning_job,
)
from hptsdk.local.jobs._state import (
    ACCOUNT as ACCOUNT,
    INTERNAL_FAILURE as INTERNAL_FAILURE,
    TRAINING_JOB as TRAINING_JOB,
    TUNING_JOB as TUNING_JOB,
    ServiceConfig as ServiceConfig,
    TrainingJob as TrainingJob,
    now as now,
)
from hptsdk.local.jobs._store import (
    STATE_ERRORS as STATE_ERRORS,
    Row as Row,
    Store as Store,
    check_not_emptied as check_not_emptied,
    store_error as store_error,
    update as update,
)
from hptsdk.local.jobs._tuning_job import TuningJobRun as TuningJobRun
