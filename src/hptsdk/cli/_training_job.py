"""Training jobs for commands: by name, or in a file with the response of DescribeTrainingJob."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from hptsdk._validation import is_dict
from hptsdk.cli._files import RequestFile
from hptsdk.cli._unreadable import UnreadableError

if TYPE_CHECKING:
    from hptsdk._validation import Shape
    from hptsdk.cli._connection import Connection

__all__ = ["described_training_job"]


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
