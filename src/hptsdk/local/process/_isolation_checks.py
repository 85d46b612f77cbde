"""Checks whether a program needs isolation that does not work on this machine."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from hptsdk.local._files import open_regular
from hptsdk.local.process._isolation import ML_FOLDER, isolation_problem
from hptsdk.local.process._script_mode import SUBMIT_DIRECTORY
from hptsdk.transport import bad_request

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hptsdk.local._programs import Program
    from hptsdk.shapes import CategoricalParameterRange, HyperParameterTrainingJobDefinition, ParameterRanges

__all__ = ["check_isolation", "isolation_hint"]

# The maximum number of bytes of a program's file that are searched.
_MAX_FILE = 1 << 20

# A program that reads one of these finds its folders without isolation.
_FOLDER_VARIABLES = (b"SM_", b"SAGEMAKER_BASE_DIR")


def check_isolation(
    program: Program, definition: HyperParameterTrainingJobDefinition, ranges: ParameterRanges | None
) -> None:
    """Check that a program is isolated, or does not need to be.

    Args:
        program: the program.
        definition: the definition of its training jobs.
        ranges: the ranges of the definition.

    Raises:
        Refusal: isolation does not work here, and the program requires it, or it or the request names `/opt/ml`.
    """
    has_network = not definition.enable_network_isolation
    problem = "" if program.isolation == "none" else isolation_problem(has_network=has_network)
    if not problem:
        return
    algorithm = definition.algorithm_specification
    subject = f"the program of {algorithm.training_image or algorithm.algorithm_name}"
    failure = f"isolation does not work on this machine: {problem}"
    if program.isolation == "namespace" or program.confine:
        raise bad_request(f"{subject} requires isolation, and {failure}; {_remedy()}.")
    if not has_network and not isolation_problem():
        raise bad_request(f"EnableNetworkIsolation is true, and {failure}; remove it, or {_unsafe()}.")
    place = next(_mentions(program, definition, ranges), None)
    if place is not None:
        raise bad_request(
            f"{place} of {subject} names {ML_FOLDER}, which is a folder of its training job only with isolation, and "
            f"{failure}; {_remedy()}, or {_unsafe()}."
        )


def isolation_hint(program: Program) -> str:
    """Return the instruction for a program that is not isolated and failed with a message about `/opt/ml`."""
    remedy = 'pass isolation="auto"' if program.isolation == "none" else _remedy()
    return f"; to run it with a {ML_FOLDER} of its own, {remedy}"


def _remedy() -> str:
    if sys.platform != "linux":
        return "run the service on Linux"
    if shutil.which("bwrap") is None:
        return "install bubblewrap, as in `apt install bubblewrap`"
    return "run the service where user namespaces are allowed, or as root"


def _unsafe() -> str:
    return 'pass Program(..., isolation="none") to run the program without isolation'


def _mentions(
    program: Program, definition: HyperParameterTrainingJobDefinition, ranges: ParameterRanges | None
) -> Iterator[str]:
    """Return what names `/opt/ml`. The values, which may be secrets, are not part of it."""
    if any(ML_FOLDER in word for word in program.command):
        yield "the command"
    yield from (f"the file {path}" for path in map(Path, program.command[1:]) if _file_needs_folder(path))
    for kind, values in (
        ("the environment variable", {**program.environment, **(definition.environment or {})}),
        ("the static hyperparameter", _visible_hyperparameters(definition)),
        ("the hyperparameter", {one.name: " ".join(one.values) for one in _categorical(ranges)}),
    ):
        yield from (f"{kind} {name}" for name, text in values.items() if ML_FOLDER in text)


def _visible_hyperparameters(definition: HyperParameterTrainingJobDefinition) -> dict[str, str]:
    """Return the static hyperparameters without the address of an archive, which the service itself reads."""
    values = definition.static_hyper_parameters or {}
    return {name: text for name, text in values.items() if name != SUBMIT_DIRECTORY}


def _categorical(ranges: ParameterRanges | None) -> tuple[CategoricalParameterRange, ...]:
    return tuple((ranges and ranges.categorical_parameter_ranges) or ())


def _file_needs_folder(path: Path) -> bool:
    """Check whether a file of a program names `/opt/ml`, and no variable that has its folders without isolation."""
    try:
        with open_regular(path, follow_links=True) as file:
            content = file.read(_MAX_FILE)
    except (OSError, ValueError):
        # an argument that is no file
        return False
    return ML_FOLDER.encode() in content and not any(variable in content for variable in _FOLDER_VARIABLES)
