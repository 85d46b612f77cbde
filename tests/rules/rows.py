"""What a row of the tables says."""

from typing import Any, NamedTuple


class Row(NamedTuple):
    """A rule, the smallest change of a faultless request that breaks it, and the smallest change that mends that."""

    rule: str
    breaks: dict[str, Any]
    mends: dict[str, Any]
    path: str
    base: str = "custom"
