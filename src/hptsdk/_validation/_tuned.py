"""The hyperparameters of a training job that its tuning job chose; their values are no secrets."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import cast

from hptsdk._validation._reference import put
from hptsdk._validation._shape import Response

__all__ = ["WithTunedNames", "note_tuned", "tuned_names"]


class WithTunedNames(Response):
    """A training job whose tuning job may be known. A copy, also a pickled one, does not have the names."""

    __slots__ = ("_tuned",)


def note_tuned(response: WithTunedNames, tuned: object) -> None:
    """Note which hyperparameters the tuning job chose: those that have the same value in its summary."""
    values: object = getattr(response, "hyper_parameters", None)
    if isinstance(tuned, Mapping) and isinstance(values, Mapping):
        chosen = cast("Mapping[object, object]", tuned).items()
        by_name = cast("Mapping[object, object]", values)
        names = [name for name, value in chosen if isinstance(value, str) and by_name.get(name) == value]
        put(response, "_tuned", frozenset(names))


def tuned_names(shape: object, attribute: str) -> Collection[object]:
    """Return the names in a member whose values the tuning job chose."""
    return cast("Collection[object]", getattr(shape, "_tuned", ())) if attribute == "hyper_parameters" else ()
