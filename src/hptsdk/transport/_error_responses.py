"""What a service refuses, in the codes and texts of Amazon SageMaker where these are known."""

from __future__ import annotations

__all__ = ["Refusal", "invalid", "job_absent", "job_exists", "training_job_absent"]


class Refusal(Exception):  # noqa: N818 - an answer of the service, not an error of ours
    """An error that the service answers with.

    Attributes:
        code: as in ``ResourceInUse``.
        message: the text.
        status: of HTTP.
    """

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(code, message, status)
        self.code = code
        self.message = message
        self.status = status

    def __str__(self) -> str:
        """Give the code and the text."""
        return f"{self.code}: {self.message}"


def invalid(message: str) -> Refusal:
    """Refuse a request for what it says."""
    return Refusal("ValidationException", message)


def job_absent(name: str) -> Refusal:
    """Refuse what is asked of a tuning job that is not there."""
    return Refusal("ResourceNotFound", f"Amazon SageMaker can't find a tuning job called {name}. Type another name.")


def job_exists(name: str) -> Refusal:
    """Refuse a second tuning job of a name."""
    message = f"A hyperparameter tuning job with the name, {name}, already exists. Choose a different name."
    return Refusal("ResourceInUse", message)


def training_job_absent() -> Refusal:
    """Refuse what is asked of a training job that is not there; SageMaker does it so, against its API model."""
    return invalid("Requested resource not found.")
