"""The tables of modules on the page about the architecture, from the first lines of their docstrings."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["modules_text"]

_SOURCES = Path(__file__).parents[2] / "src"


def modules_text() -> str:
    """Return a table for each package: its modules, and the first line of their docstrings."""
    files = sorted((_SOURCES / "hptsdk").rglob("__init__.py"))
    return "\n".join(_package_text(file.parent) for file in files)


def _package_text(folder: Path) -> str:
    name = ".".join(folder.relative_to(_SOURCES).parts)
    head = f"**`{name}`**: {_summary(folder / '__init__.py')}\n"
    rows = "".join(f"| `{file.stem}` | {_summary(file).replace('|', chr(92) + '|')} |\n" for file in _modules(folder))
    return f"{head}\n| module | contents |\n| --- | --- |\n{rows}" if rows else head


def _modules(folder: Path) -> Iterator[Path]:
    return (file for file in sorted(folder.glob("*.py")) if file.name != "__init__.py")


def _summary(file: Path) -> str:
    return (ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or "").partition("\n")[0]
