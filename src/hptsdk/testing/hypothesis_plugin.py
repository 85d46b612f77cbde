"""The Hypothesis entry point: `from_type` draws instances of every shape."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

__all__ = ["register", "register_shape"]


def register() -> None:
    """Register the shapes that are loaded; each later one is registered when it is defined."""
    validation = sys.modules.get("hptsdk._validation")
    if validation is not None:
        _register_subclasses(cast("type", validation.Shape))


def _register_subclasses(cls: type) -> None:
    subclasses: list[type] = cls.__subclasses__()
    for subclass in subclasses:
        if "__attrs_attrs__" in vars(subclass):
            register_shape(subclass)
        _register_subclasses(subclass)


def register_shape(cls: type) -> None:
    """Register the strategy of one shape."""
    from hypothesis.strategies import register_type_strategy  # Hypothesis imports this module

    register_type_strategy(cls, _strategy)


def _strategy(cls: type) -> SearchStrategy[Any]:
    from hptsdk.testing.strategies import shapes  # only needed to draw

    return shapes(cast("type[Any]", cls))
