"""The choice between the two validators of a class, and the functions that run it.

The reference validator is plain Python. The compiled validator is several times as fast, but generating it takes as
long as about a hundred validations with the reference validator, so it is used from the second instance of a class
on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hptsdk._validation._problems import violations
from hptsdk._validation._reference_validator import extra_of, extra_problems, validate_reference

if TYPE_CHECKING:
    from collections.abc import Callable

    from hptsdk._validation._problems import Problem
    from hptsdk._validation._shape import Shape

    Validator = Callable[[Shape, list[Problem]], None]

__all__ = ["validate", "validate_new", "validator_of"]

# None for a class that had one instance so far.
_validators: dict[type[Shape], Validator | None] = {}


def validator_of(cls: type[Shape]) -> Validator:
    """Return the reference validator for the first instance of a class, and the compiled validator for all others."""
    if cls not in _validators:
        _validators[cls] = None
        return validate_reference
    validator = _validators[cls]
    if validator is None:
        from hptsdk._validation._compiled_validator import compile_validator

        validator = _validators[cls] = compile_validator(cls)
    return validator


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
