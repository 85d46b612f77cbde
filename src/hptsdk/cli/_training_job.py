"""Training jobs for commands: by name, or in a file with the response of DescribeTrainingJob."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from hptsdk._validation import is_dict
from hptsdk.cli._files import RequestFile
from hptsdk.cli._unreadable import UnreadableError
from hptsdk.progress import printable

if TYPE_CHECKING:
    from hptsdk import Difference, LeftOut
    from hptsdk._validation import Shape
    from hptsdk.cli._connection import Connection

__all__ = ["described_training_job", "difference_text", "left_out_text"]


def described_training_job(name: str, connection: Connection) -> Shape | dict[str, Any]:
    """Return a training job: the content of a file with this name if there is one, else the response of the service.

    Raises:
        BadParameter: the file has no description of a training job.
        ServiceError: the service rejected the call.
    """
    if Path(name).is_file():
        try:
            document = RequestFile(name).document()
        except UnreadableError as error:
            raise typer.BadParameter(f"{name}: {error}") from error
        if not is_dict(document) or "TrainingJobName" not in document:
            raise typer.BadParameter(f"{name}: expected the response of DescribeTrainingJob")
        return document
    with connection.client() as client:
        return client.describe_training_job(name)


def difference_text(difference: Difference) -> str:
    """Format a difference between a training job and a request."""
    has, gets = printable(difference.training_job), printable(difference.tuning_job)
    return f"{printable(difference.path)}: the training job has {has}, the request {gets}"


def left_out_text(part: LeftOut) -> str:
    """Format a part of a training job that a tuning job cannot have."""
    return f"{part.path}: left out, because {part.reason}"
