"""How a public name, or an argument's name, is taken out of use: it warns for as long as `stability.md` promises.

A message is a literal, as type checkers show it, and begins with the full name of what is deprecated, so that a filter
of warnings can tell ours: `hptsdk.old is deprecated since 0.3 and will be gone in 0.5; use hptsdk.new`.
"""

from __future__ import annotations

import importlib
import warnings
from functools import wraps
from typing import TYPE_CHECKING, NamedTuple, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from typing_extensions import deprecated

__all__ = ["OldName", "deprecated", "renamed_argument"]

P = ParamSpec("P")
T = TypeVar("T")


def _warn(message: str, stacklevel: int) -> None:
    """Warn, with the line of who uses it for the place; 1 is the function that calls this one."""
    warnings.warn(message, DeprecationWarning, stacklevel=stacklevel + 1)


def _checked(message: str) -> str:
    if not message.startswith("hptsdk."):
        raise ValueError(f"expected a message that begins with the full name of what is deprecated, got {message!r}")
    return message


if not TYPE_CHECKING:  # checkers know the decorator of PEP 702 under its own name only

    def deprecated(message: str) -> Callable[[Callable[P, T]], Callable[P, T]]:
        """Have a function, a method or the getter of a property warn when it is called."""
        _checked(message)

        def decorated(function: Callable[P, T]) -> Callable[P, T]:
            @wraps(function)
            def warning(*args: P.args, **kwargs: P.kwargs) -> T:
                _warn(message, 2)
                return function(*args, **kwargs)

            warning.__deprecated__ = message
            return warning

        return decorated


def renamed_argument(old: str, new: str, message: str) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Have a function take a keyword argument by its old name too; type checkers see the new one only."""
    _checked(message)

    def decorated(function: Callable[P, T]) -> Callable[P, T]:
        @wraps(function)
        def renaming(*args: P.args, **kwargs: P.kwargs) -> T:
            if old in kwargs:
                if new in kwargs:
                    raise TypeError(
                        f"{function.__qualname__}() got {new!r} and {old!r}, its old name; leave {old!r} out"
                    )
                _warn(message, 2)
                kwargs[new] = kwargs.pop(old)
            return function(*args, **kwargs)

        return renaming

    return decorated


class OldName(NamedTuple):
    """A name that a module no longer has: its `__getattr__` returns `found()` of it, and `__all__` leaves it out.

    Attributes:
        module: where the thing is now.
        name: what it is called there.
        message: what the warning says.
    """

    module: str
    name: str
    message: str

    def found(self) -> object:
        """Warn, and give the thing; to be called by `__getattr__` itself."""
        _warn(_checked(self.message), 3)
        thing: object = getattr(importlib.import_module(self.module), self.name)
        return thing
