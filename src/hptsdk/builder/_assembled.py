"""The members of a builder as a shape, for the code that `hptsdk convert` writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hptsdk.builder._tuning_job import TuningJobBuilder

if TYPE_CHECKING:
    from hptsdk._validation import Shape
    from hptsdk.builder._training import DefinitionBuilder, TrainingBuilder

__all__ = ["assembled"]


def assembled(builder: TrainingBuilder | DefinitionBuilder | TuningJobBuilder) -> Shape:
    """Return the members of a builder as a shape that is not validated; a tuning job without its definitions."""
    # the classes of this package are one
    partial = builder._request if isinstance(builder, TuningJobBuilder) else builder._definition  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]
    return partial.assembled()
