"""The structures of the API in which a member belongs, for the hint about a member in the wrong structure."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import takewhile
from typing import TYPE_CHECKING

from hptsdk._validation._members import members_of

if TYPE_CHECKING:
    from hptsdk._validation._shape import Shape

__all__ = ["belongs_elsewhere", "is_modelled"]

_WORD = "[A-Z][a-z]*"


def belongs_elsewhere(shape: Shape, name: str) -> str:
    """Return a hint about a member that neither the structure nor its parts have.

    Args:
        shape: the structure that holds the member by mistake.
        name: the wire name of the member.

    Returns:
        The structure in which it belongs; empty text if no structure has such a member, or several may be meant.
    """
    own = _paths_in_a_request().get(type(shape), ())
    places = [path for cls, path in _places_in_a_request().get(name, ()) if cls is not type(shape)]
    places.sort(key=lambda path: _shared_steps(path, own), reverse=True)
    # many structures have a member such as Name, and a missing member was probably meant instead
    is_clear = len(re.findall(_WORD, name)) > 1 and not _lacks_a_member(shape)
    if len(places) == 1 or (places and is_clear):
        return f"move it to {'.'.join(places[0]) or 'the request'}"
    if not places and (owner := _other_owners().get(name)):
        return f"remove it; it is a member of {owner}"
    return ""


def _shared_steps(path: tuple[str, ...], other: tuple[str, ...]) -> int:
    """Return the number of steps with which both paths begin."""
    return sum(1 for _ in takewhile(lambda steps: steps[0] == steps[1], zip(path, other, strict=False)))


def is_modelled(name: str) -> bool:
    """Check whether any structure of the API has a member of this name."""
    return name in _places_in_a_request() or name in _other_owners()


def _lacks_a_member(shape: Shape) -> bool:
    return any(member.required and getattr(shape, member.attribute) is None for member in members_of(type(shape)))


@lru_cache(maxsize=1)
def _places_in_a_request() -> dict[str, list[tuple[type[Shape], tuple[str, ...]]]]:
    """Return, for each name of a member, the structures that have it with their paths, the shortest path first."""
    places: dict[str, list[tuple[type[Shape], tuple[str, ...]]]] = {}
    for structure, path in _paths_in_a_request().items():
        for member in members_of(structure):
            places.setdefault(member.wire_name, []).append((structure, path))
    return places


@lru_cache(maxsize=1)
def _paths_in_a_request() -> dict[type[Shape], tuple[str, ...]]:
    """Return the structures of a request with their paths, the shortest path first."""
    from hptsdk.shapes import CreateHyperParameterTuningJobRequest

    paths: dict[type[Shape], tuple[str, ...]] = {CreateHyperParameterTuningJobRequest: ()}
    pending: list[type[Shape]] = [*paths]
    for structure in pending:  # the loop appends to it
        for member in members_of(structure):
            part = (member.type.item or member.type).shape
            if part is not None and part not in paths:
                paths[part] = (*paths[structure], member.wire_name)
                pending.append(part)
    return paths


@lru_cache(maxsize=1)
def _other_owners() -> dict[str, str]:
    """Return, for each name of a member of another structure, the name of the first structure that has it."""
    from hptsdk import shapes

    owners: dict[str, str] = {}
    for name in shapes.__all__:
        for member in members_of(getattr(shapes, name)):
            owners.setdefault(member.wire_name, name)
    return owners
