"""Access to members of responses, which are not validated: any of them can be missing or of another type."""

from __future__ import annotations

from datetime import datetime
from math import inf
from typing import TYPE_CHECKING

from hptsdk._validation._conversion import to_datetime
from hptsdk._validation._plain_values import is_mapping, to_builtin
from hptsdk._validation._shape import Response

if TYPE_CHECKING:
    from collections.abc import Collection

__all__ = [
    "ENDED",
    "WithTunedNames",
    "aware_datetime",
    "member_at",
    "number",
    "store_tuned_names",
    "text",
    "tuned_names",
]

# The statuses of a tuning job that no longer changes.
ENDED = frozenset({"Completed", "Failed", "Stopped", "DeleteFailed"})


def member_at(value: object, *names: str) -> object:
    """Return a nested attribute; None if one is missing on the way."""
    for name in names:
        value = getattr(value, name, None)
    return value


def text(value: object) -> str:
    """Format a value as text; None, and an object that cannot be printed, are empty text."""
    try:
        return "" if value is None else str(value)
    except Exception:  # noqa: BLE001 - the methods of a caller's class can raise anything
        return ""


def number(value: object) -> float | None:
    """Return a number, possibly infinite or NaN; None for all other values."""
    plain_value = to_builtin(value)
    if isinstance(plain_value, bool) or not isinstance(plain_value, int | float):
        return None
    try:
        return float(plain_value)
    except OverflowError:
        return inf if plain_value > 0 else -inf


def aware_datetime(value: object) -> datetime | None:
    """Return an aware datetime; None for all other values."""
    return to_datetime(value) if isinstance(value, datetime) else None


class WithTunedNames(Response):
    """A training job whose tuning job may be known: the hyperparameters that it tuned are not secrets.

    A copy, also a pickled one, does not have their names.
    """

    __slots__ = ("_tuned",)


def store_tuned_names(response: WithTunedNames, tuned: object) -> None:
    """Store which hyperparameters are tuned: those that have the same value in the summary of the tuning job."""
    values: object = getattr(response, "hyper_parameters", None)
    if is_mapping(tuned) and is_mapping(values):
        names = [name for name, value in tuned.items() if isinstance(value, str) and values.get(name) == value]
        object.__setattr__(response, "_tuned", frozenset(names))


def tuned_names(shape: object, attribute: str) -> Collection[object]:
    """Return the keys of a member whose values are tuned."""
    names: frozenset[object] = getattr(shape, "_tuned", frozenset())
    return names if attribute == "hyper_parameters" else ()
