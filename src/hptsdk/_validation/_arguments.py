"""The keyword arguments of a shape's constructor: errors that name the one that was likely meant."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, cast

import attrs

from hptsdk._validation._formatting import closest
from hptsdk._validation._members import members_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hptsdk._validation._shape import Shape

__all__ = ["check_arguments", "checking_constructor"]


def checking_constructor(cls: type[Shape]) -> Callable[..., None]:
    """Return the constructor that attrs made, with a check of its arguments before the call."""
    made = cast("Callable[..., None]", cls.__init__)

    @wraps(made)
    def constructor(self: Shape, *positional: object, **members: object) -> None:
        if not positional:
            check_arguments(cls, members)
        made(self, *positional, **members)

    return constructor


def check_arguments(cls: type[Shape], given: Mapping[str, object]) -> None:
    """Raise TypeError if an argument is no member, or if a required one is missing or `attrs.NOTHING`."""
    members = {member.attribute: member for member in members_of(cls)}
    for name in given:
        if name not in members:
            hint = closest(name, members)
            message = f"{cls.__name__}() got an unexpected keyword argument {name!r}{'; ' if hint else ''}{hint}"
            raise TypeError(message)
    missing = [
        repr(name)
        for name, member in members.items()
        if member.required and given.get(name, attrs.NOTHING) is attrs.NOTHING
    ]
    if missing:
        listed = missing[0] if len(missing) == 1 else f"{', '.join(missing[:-1])} and {missing[-1]}"
        plural = "s" if len(missing) > 1 else ""
        raise TypeError(f"{cls.__name__}() missing {len(missing)} required keyword-only argument{plural}: {listed}")
