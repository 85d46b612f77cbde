"""The constructor of a shape, and the choice between the two validators of its class.

The reference validator is plain Python. The compiled validator is several times as fast, but generating it takes as
long as about a hundred validations with the reference validator, so the first instances of a class are validated
without it.
"""

from __future__ import annotations

from collections import Counter
from functools import wraps
from typing import TYPE_CHECKING

import attrs

from hptsdk._validation._formatting import closest
from hptsdk._validation._members import members_of
from hptsdk._validation._problems import violations
from hptsdk._validation._reference_validator import extra_of, extra_problems, validate_reference

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hptsdk._validation._problems import Problem
    from hptsdk._validation._shape import Shape

    Validator = Callable[[Shape, list[Problem]], None]

__all__ = ["constructor_of", "validate", "validate_new", "validator_of"]

# The number of instances of a class that are validated before its validator is compiled: a process that builds one
# request compiles few or none.
_BEFORE_COMPILATION = 3

_counts: Counter[type[Shape]] = Counter()
_validators: dict[type[Shape], Validator] = {}


def validator_of(cls: type[Shape]) -> Validator:
    """Return the reference validator for the first instances of a class, and the compiled validator for all others."""
    if _counts[cls] < _BEFORE_COMPILATION:
        _counts[cls] += 1
        return validate_reference
    if cls not in _validators:
        from hptsdk._validation._compiled_validator import compile_validator

        _validators[cls] = compile_validator(cls)
    return _validators[cls]


def validate(shape: Shape) -> list[Problem]:
    """Validate a shape that was created without validation, and everything in it.

    A valid shape is marked as such, so that it is not validated again. Values are converted to the forms that shapes
    store, such as tuples for lists.
    """
    extra = extra_of(shape)
    if extra is None:
        return []
    cls = type(shape)
    problems = extra_problems(shape, extra) if extra else []
    (_validators.get(cls) or validator_of(cls))(shape, problems)
    return problems


def validate_new(shape: Shape) -> None:
    """Validate a shape that its constructor creates.

    A part of a request with placeholders is not marked as valid, so that it is validated again with the request.

    Raises:
        InvalidShapeError: the shape is invalid, or is the request of an operation and has placeholders; it has all
            violations.
    """
    cls = type(shape)
    problems: list[Problem] = []
    (_validators.get(cls) or validator_of(cls))(shape, problems)
    if problems:
        from hptsdk.errors import InvalidShapeError

        if not cls.__name__.endswith("Request"):
            problems = [problem for problem in problems if problem.open_value is None]
        if problems:
            raise InvalidShapeError(violations(cls, problems))
        object.__setattr__(shape, "_extra", {})


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
