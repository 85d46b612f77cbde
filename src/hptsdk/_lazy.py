"""Regular expressions that are compiled when first used, so that importing what holds them costs nothing."""

from __future__ import annotations

import re
from functools import cached_property
from typing import cast

__all__ = ["lazy_pattern"]


class _LazyPattern:
    def __init__(self, text: str, flags: int) -> None:
        self._text = text
        self._flags = flags

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        return re.compile(self._text, self._flags)

    def __getattr__(self, name: str) -> object:
        # kept on the instance, so that each method is looked up once
        found: object = getattr(self._compiled, name)
        self.__dict__[name] = found
        return found


def lazy_pattern(text: str, flags: int = 0) -> re.Pattern[str]:
    """Do as `re.compile`, later."""
    return cast("re.Pattern[str]", _LazyPattern(text, flags))
