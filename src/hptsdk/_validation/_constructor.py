"""The constructor of a shape: that of attrs, with errors that suggest the correct name of an argument."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING

import attrs

from hptsdk._validation._formatting import closest
from hptsdk._validation._members import members_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hptsdk._validation._shape import Shape

__all__ = ["constructor_of"]


def constructor_of(cls: type[Shape]) -> Callable[..., None]:
    """Return the constructor that attrs has created, with other messages for unknown and missing arguments."""
    initialize: Callable[..., None] = cls.__init__

    @wraps(initialize)
    def constructor(self: Shape, *positional: object, **members: object) -> None:
        try:
            initialize(self, *positional, **members)
        except TypeError:
            if not positional:
                _check_names(cls, members)
            raise

    return constructor


def _check_names(cls: type[Shape], arguments: Mapping[str, object]) -> None:
    """Raise TypeError if an argument is not a member, or if a required one is missing or `attrs.NOTHING`."""
    members = {member.attribute: member for member in members_of(cls)}
    for name in arguments:
        if name not in members:
            hint = closest(name, members)
            message = f"{cls.__name__}() got an unexpected keyword argument {name!r}{'; ' if hint else ''}{hint}"
            raise TypeError(message) from None
    missing = [
        repr(name)
        for name, member in members.items()
        if member.required and arguments.get(name, attrs.NOTHING) is attrs.NOTHING
    ]
    if missing:
        names = missing[0] if len(missing) == 1 else f"{', '.join(missing[:-1])} and {missing[-1]}"
        plural = "s" if len(missing) > 1 else ""
        message = f"{cls.__name__}() missing {len(missing)} required keyword-only argument{plural}: {names}"
        raise TypeError(message) from None
