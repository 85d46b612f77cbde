"""Functions made from source text, with the source kept where tracebacks and debuggers find it."""

from __future__ import annotations

import linecache
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["made_function"]


def made_function(name: str, signature: str, body: Iterable[str], names: dict[str, object]) -> Callable[..., object]:
    """Compile a function whose body is these lines; `names` are its globals."""
    source = f"def {name}({signature}):\n" + "".join(f"    {line}\n" for line in body)
    file = f"<hptsdk {name}>"
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    exec(compile(source, file, "exec"), names)  # noqa: S102 - the source is made of our own parts
    return cast("Callable[..., object]", names[name])
