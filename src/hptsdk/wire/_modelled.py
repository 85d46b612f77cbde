"""Documents without the members that hptsdk does not model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hptsdk._validation import is_list, is_mapping, members_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hptsdk._validation import Shape

__all__ = ["modelled"]


def modelled(cls: type[Shape], document: Mapping[str, object], path: str = "") -> tuple[dict[str, object], list[str]]:
    """Return a document without members that are not modelled and without empty optional members.

    Args:
        cls: the class of the document.
        document: the members by the names of AWS.
        path: the path of the document. Defaults to that of a whole document.

    Returns:
        The document, and the paths of the members that are not modelled.
    """
    members = {member.wire_name: member for member in members_of(cls)}
    result: dict[str, object] = {}
    unmodelled: list[str] = []
    for name, item in document.items():
        member_path = f"{path}.{name}" if path else name
        member = members.get(name)
        if member is None:
            unmodelled.append(member_path)
            continue
        inner = member.type.shape or (member.type.item and member.type.item.shape)
        content: object = item
        if inner and is_mapping(item):
            content, more = modelled(inner, item, member_path)
            unmodelled += more
        elif inner and is_list(item):
            parts: list[object] = []
            for index, each in enumerate(item):
                part, more = modelled(inner, each, f"{member_path}[{index}]") if is_mapping(each) else (each, [])
                parts.append(part)
                unmodelled += more
            content = parts
        if content not in ({}, []) or member.type.kind == "map" or member.required:
            result[name] = content
    return result, unmodelled
