"""The processes and containers of training jobs: folders, channels, source code, isolation, logs, output."""

from hptsdk.local.process._archives import Checkpoints as Checkpoints, upload as upload
from hptsdk.local.process._channels import (
    ChannelData as ChannelData,
    Feeder as Feeder,
    feeding_failure as feeding_failure,
)
from hptsdk.local.process._container_engine import (
    ContainerEngineError as ContainerEngineError,
    find_engine as find_engine,
    remove_containers as remove_containers,
)
from hptsdk.local.process._containers import (
    ContainerEnvironment as ContainerEnvironment,
    check_container as check_container,
)
from hptsdk.local.process._environment import (
    CHECKPOINTS as CHECKPOINTS,
    TrainingEnvironment as TrainingEnvironment,
    checkpoint_path as checkpoint_path,
    empty_base_folder as empty_base_folder,
    remove_base_folders as remove_base_folders,
)
from hptsdk.local.process._isolation import (
    can_mount as can_mount,
    check_isolation as check_isolation,
    isolation_problem as isolation_problem,
    launcher_of as launcher_of,
    lost_isolation as lost_isolation,
)
from hptsdk.local.process._log import (
    Line as Line,
    LogLines as LogLines,
    LogReader as LogReader,
    LogTimes as LogTimes,
    MetricValue as MetricValue,
    compile_metrics as compile_metrics,
)
from hptsdk.local.process._processes import (
    ContainerProcess as ContainerProcess,
    TrainingProcess as TrainingProcess,
    end_processes as end_processes,
)
from hptsdk.local.process._program_environment import ProgramEnvironment as ProgramEnvironment
from hptsdk.local.process._source_code import SourceCode as SourceCode, check_source as check_source
from hptsdk.local.process._storage import (
    Storage as Storage,
    UnsafePathError as UnsafePathError,
    check_channels as check_channels,
    is_inside as is_inside,
)
