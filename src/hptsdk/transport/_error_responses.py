"""The error responses of the local service and of the test services, with the codes and messages of Amazon SageMaker."""

from __future__ import annotations

from typing_extensions import override

__all__ = ["Refusal", "bad_request", "job_name_in_use", "job_not_found", "training_job_not_found"]


class Refusal(Exception):  # noqa: N818 - a public name, and an error response rather than an error of hptsdk
    """An error response of a service.

    Attributes:
        code: the error code, such as ``ResourceInUse``.
        message: the message of the error.
        status: the HTTP status. Defaults to 400.
    """

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(code, message, status)
        self.code = code
        self.message = message
        self.status = status

    @override
    def __str__(self) -> str:
        """Return the code and the message."""
        return f"{self.code}: {self.message}"


def bad_request(message: str) -> Refusal:
    """Create the error response for a request that the service does not accept."""
    return Refusal("ValidationException", message)


def job_not_found(name: str) -> Refusal:
    """Create the error response for a tuning job that does not exist."""
    return Refusal("ResourceNotFound", f"Amazon SageMaker can't find a tuning job called {name}. Type another name.")


def job_name_in_use(name: str) -> Refusal:
    """Create the error response for a second tuning job with the same name."""
    message = f"A hyperparameter tuning job with the name, {name}, already exists. Choose a different name."
    return Refusal("ResourceInUse", message)


def training_job_not_found() -> Refusal:
    """Create the error response for a training job that does not exist, with the code that SageMaker uses."""
    return bad_request("Requested resource not found.")
