"""Functions made for a class: from source text, kept where tracebacks find it, and made once."""

from __future__ import annotations

import linecache
from functools import wraps
from typing import TYPE_CHECKING, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["late_function", "made_function", "once_a_class"]

ClassT = TypeVar("ClassT", bound=type)
T = TypeVar("T")


def once_a_class(function: Callable[[ClassT], T]) -> Callable[[ClassT], T]:
    """Keep what a function of a class gives; mypy takes no shape's class for `functools.cache`."""
    found: dict[ClassT, T] = {}

    @wraps(function)
    def kept(cls: ClassT) -> T:
        if cls not in found:
            found[cls] = function(cls)
        return found[cls]

    return kept


def made_function(name: str, signature: str, body: Iterable[str], names: dict[str, object]) -> Callable[..., object]:
    """Compile a function whose body is these lines; `names` are its globals."""
    source = f"def {name}({signature}):\n" + "".join(f"    {line}\n" for line in body)
    file = f"<hptsdk {name}>"
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    exec(compile(source, file, "exec"), names)  # noqa: S102 - the source is made of our own parts
    return cast("Callable[..., object]", names[name])


def late_function(name: str, names: dict[str, object], make: Callable[[], Callable[..., object]]) -> str:
    """Put a function among the globals of a made one that is itself made when it is first called; give its name."""

    def first(*arguments: object) -> object:
        names[name] = made = make()
        return made(*arguments)

    names.setdefault(name, first)
    return name
