"""Reading responses, any part of which may be missing or of another kind one day."""

from __future__ import annotations

from datetime import datetime

__all__ = ["ENDED", "moment", "number", "reach", "text"]

# Statuses of a tuning job that do not change any more.
ENDED = frozenset({"Completed", "Failed", "Stopped", "DeleteFailed"})


def reach(value: object, *names: str) -> object:
    """Go through members; None where one is missing on the way."""
    for name in names:
        value = getattr(value, name, None)
    return value


def text(value: object) -> str:
    """Give a text; an empty one where there is nothing."""
    return "" if value is None else str(value)


def number(value: object) -> float | None:
    """Give a number, be it infinite or NaN; None where there is none."""
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def moment(value: object) -> datetime | None:
    """Give a point in time; None where there is none, or where it says no zone."""
    return value if isinstance(value, datetime) and value.tzinfo is not None else None
