"""The training program as a process: its container folders, channels, logs, checkpoints and output."""

from hptsdk.local.process._archives import copy_tree as copy_tree, pack as pack
from hptsdk.local.process._base_folder import (
    empty_base_folder as empty_base_folder,
    remove_base_folders as remove_base_folders,
)
from hptsdk.local.process._channels import ChannelData as ChannelData, check_channels as check_channels
from hptsdk.local.process._checkpoints import Checkpoints as Checkpoints
from hptsdk.local.process._container import Container as Container
from hptsdk.local.process._logs import (
    Emission as Emission,
    LogReader as LogReader,
    Watched as Watched,
    compiled as compiled,
)
from hptsdk.local.process._pipes import Feeder as Feeder, failure_of_feeding as failure_of_feeding
from hptsdk.local.process._storage import Places as Places, UnsafePathError as UnsafePathError, within as within
from hptsdk.local.process._training_process import TrainingProcess as TrainingProcess, end_leftovers as end_leftovers
