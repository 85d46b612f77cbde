"""The rows of the tables."""

from typing import Any, NamedTuple


class Row(NamedTuple):
    """One violation of a rule.

    Attributes:
        rule: the id of the rule.
        change: the smallest change of a valid request that violates the rule.
        correction: the smallest further change that makes the request valid.
        path: the path that the violation reports.
        base: the valid request. Defaults to "custom".
    """

    rule: str
    change: dict[str, Any]
    correction: dict[str, Any]
    path: str
    base: str = "custom"
