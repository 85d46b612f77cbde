"""What the strategies draw: requests, definitions and their parts, their values, and what makes a request invalid."""

from __future__ import annotations

from typing import Any, NamedTuple


class Context(NamedTuple):
    """Arguments of `requests`, each a value, a strategy for one, or None for any value."""

    strategy: Any = None
    algorithm: Any = None
    definitions: Any = None
    spot: Any = None
    warm_start: Any = None
    unknown_instance_types: Any = False
