"""What hypothesis calls when it is imported: makes `from_type` know the shapes.

It imports neither the shapes nor the strategies: each class is registered when it is made, and its strategy is made
when it is asked for.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, cast

from hptsdk._source import on_new_shape

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

__all__ = ["register"]


def register() -> None:
    """Register the classes of shapes that there are, and those that will be."""
    if _register in on_new_shape:
        return
    on_new_shape.append(_register)
    base = sys.modules.get("hptsdk.shapes._base")
    if base is not None:
        _register_below(cast("type", base.Shape))


def _register_below(cls: type) -> None:
    below: list[type] = cls.__subclasses__()
    for inner in below:
        if "__attrs_attrs__" in vars(inner):
            _register(inner)
        _register_below(inner)


def _register(cls: type) -> None:
    from hypothesis.strategies import register_type_strategy  # it imports this module

    register_type_strategy(cls, _strategy)


def _strategy(cls: type) -> SearchStrategy[Any]:
    from hptsdk.testing.strategies import shapes  # for those who ask

    return shapes(cast("type[Any]", cls))
