"""XML documents of responses and requests."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from typing import TypeAlias

__all__ = ["Content", "xml_document"]

Content: TypeAlias = "str | int | Mapping[str, Content | Sequence[Content] | None]"

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\r\ufffe\uffff]")


def xml_document(name: str, content: Content, namespace: str | None = None) -> bytes:
    """Return an XML document.

    Args:
        name: the name of the root element.
        content: its content: a text, a number, or its child elements by name. A sequence is an element for each item.
            An element that is None is left out.
        namespace: the XML namespace. Defaults to none.

    Example:
        >>> xml_document("Parts", {"Part": [{"Number": 1}, {"Number": 2}], "Last": True}).decode().splitlines()[1]
        '<Parts><Part><Number>1</Number></Part><Part><Number>2</Number></Part><Last>true</Last></Parts>'
    """
    attribute = f' xmlns="{namespace}"' if namespace else ""
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{name}{attribute}>{_text(content)}</{name}>'.encode()


def _text(content: Content) -> str:
    """Return the text of the content of an element."""
    if isinstance(content, Mapping):
        return "".join(_elements(name, value) for name, value in content.items() if value is not None)
    if isinstance(content, bool):
        return "true" if content else "false"
    # S3 also writes characters that XML 1.0 does not allow as references
    return _CONTROL.sub(lambda match: f"&#{ord(match[0])};", escape(f"{content}"))


def _elements(name: str, value: Content | Sequence[Content]) -> str:
    """Return the element of a name; for a sequence, one for each item."""
    items = [value] if isinstance(value, (str, int, Mapping)) else value
    return "".join(f"<{name}>{_text(item)}</{name}>" for item in items)
