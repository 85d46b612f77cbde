"""`Container`, which runs a training image as it is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Literal

import attrs

from hptsdk._validation import format_value, suggests_arguments

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

__all__ = ["IMAGE", "Container", "Engine", "Gpus", "Pull", "choice", "copied_environment"]

Engine = Literal["auto", "docker", "podman"]
Pull = Literal["missing", "never"]
Gpus = Literal["auto", "all"]

IMAGE = re.compile(r"[A-Za-z0-9][^\s]*")
"""The name of an image or a user: without white space, and not an option of a command."""


def choice(*values: str | None) -> Callable[[object, attrs.Attribute[Any], object], None]:
    """Return a validator for an attribute that has one of some values."""
    names = ["None" if value is None else f'"{value}"' for value in values]

    def check(_: object, attribute: attrs.Attribute[Any], value: object) -> None:
        if value not in values:
            raise ValueError(
                f"{attribute.name}: expected {', '.join(names[:-1])} or {names[-1]}, got {format_value(value)}"
            )

    return check


def copied_environment(value: Mapping[str, str]) -> dict[str, str]:
    """Return a copy of environment variables."""
    return {str(name): str(text) for name, text in value.items()}


def _check_name(_: object, attribute: attrs.Attribute[Any], value: object) -> None:
    """Check that an attribute is the name of an image or a user, or None."""
    if value is None:
        return
    if not isinstance(value, str):
        raise TypeError(f"{attribute.name}: expected a string, got {format_value(value)}")
    if not IMAGE.fullmatch(value):
        raise ValueError(f"{attribute.name}: expected a name without spaces, got {format_value(value)}")


def _words(value: Sequence[str]) -> tuple[str, ...]:
    if isinstance(value, str):
        raise TypeError(f"arguments: expected a list of strings, got {format_value(value)}")
    return tuple(map(str, value))


@attrs.frozen
class Container:
    """A container that trains: Docker or Podman runs the image of a request, or another image, as SageMaker does.

    The container has the folder of its training job as `/opt/ml`, the argument `train`, the host name `algo-1`, the
    variables that SageMaker sets, and those of the request. It has no variable of the shell in which the service was
    opened. Its user, its working directory and its entry point are those of the image. EnableNetworkIsolation leaves
    only the loopback interface. For an InstanceCount above 1 and for instance groups, one container runs for each
    instance, on a network of their own with the host names `algo-1`, `algo-2` and so on.

    Attributes:
        image: the image to run. Defaults to the TrainingImage of the request.
        engine: "docker" or "podman", the commands of container engines; "auto" for the first that works, Docker before
            Podman. Defaults to "auto".
        pull: "missing" to download an image that is not on this machine; "never" to reject requests for it. Defaults to
            "missing".
        gpus: "all" for all GPUs of this machine, "auto" for all if `nvidia-smi` lists one, None for none. Defaults to
            None.
        environment: environment variables for the container; those of the request take precedence. Defaults to none.
        user: the user in the container, as a name or an ID. Defaults to that of the image.
        limits: whether the container has at most the memory and the processors of the instance type. Requests with an
            instance type whose size is not known are rejected. Defaults to False.
        entrypoint: the program that replaces the entry point of the image. ContainerEntrypoint of CreateTrainingJob
            takes precedence. Defaults to None.
        arguments: the arguments of the entry point. ContainerArguments takes precedence. Defaults to `("train",)`.

    Raises:
        TypeError: an argument is unknown, or has another type.
        ValueError: an argument has another value.

    Example:
        >>> Container("my-image:1", engine="podman").arguments
        ('train',)

    See https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-training-algo-dockerfile.html
    """

    image: str | None = attrs.field(default=None, validator=_check_name)
    engine: Engine = attrs.field(default="auto", validator=choice("auto", "docker", "podman"), kw_only=True)
    pull: Pull = attrs.field(default="missing", validator=choice("missing", "never"), kw_only=True)
    gpus: Gpus | None = attrs.field(default=None, validator=choice("auto", "all", None), kw_only=True)
    environment: Mapping[str, str] = attrs.field(factory=dict[str, str], converter=copied_environment, kw_only=True)
    user: str | None = attrs.field(default=None, validator=_check_name, kw_only=True)
    limits: bool = attrs.field(default=False, validator=attrs.validators.instance_of(bool), kw_only=True)
    entrypoint: str | None = attrs.field(
        default=None, validator=attrs.validators.optional(attrs.validators.instance_of(str)), kw_only=True
    )
    arguments: Sequence[str] = attrs.field(default=("train",), converter=_words, kw_only=True)


Container.__init__ = suggests_arguments(Container.__init__)  # type: ignore[method-assign] # attrs creates the method
