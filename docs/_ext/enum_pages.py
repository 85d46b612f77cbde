"""The page about the enumerations, from `hptsdk.enums` and `hptsdk.instance_types`."""

from __future__ import annotations

from typing import Annotated, get_args, get_origin

from hptsdk import enums, instance_types

__all__ = ["enumerations", "enums_text"]


def enumerations() -> dict[str, tuple[str, ...]]:
    """Return the values of each enumeration by its full name."""
    # an annotated alias, such as `Syntax: TypeAlias = ...`, is not an enumeration of the API
    aliases = {name: alias for name, alias in vars(enums).items() if name not in enums.__annotations__}
    closed = {f"hptsdk.enums.{name}": get_args(alias) for name, alias in aliases.items() if get_args(alias)}
    opened = {f"hptsdk.instance_types.{name}": _known(getattr(instance_types, name)) for name in instance_types.__all__}
    return closed | opened


def enums_text() -> str:
    """Return a section for each enumeration, in Markdown."""
    return "\n".join(_text(*name.rpartition("."), values) for name, values in enumerations().items())


def _text(module: str, _: str, name: str, values: tuple[str, ...]) -> str:
    listed = ", ".join(f"`{value}`" for value in values)
    return f"```{{py:type}} {name}\n:module: {module}\n\n{listed}\n```\n"


def _known(alias: object) -> tuple[str, ...]:
    """Return the known values of an open enumeration."""
    if get_origin(alias) is Annotated:
        alias = get_args(alias)[0]
    return tuple(value for part in get_args(alias) for value in (get_args(part) or (part,)) if isinstance(value, str))
