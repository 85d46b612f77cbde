"""What is fuzzed: reading JSON text and documents, from any bytes; nothing but InvalidShapeError may come out."""

from __future__ import annotations

import copy
import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, TypeVar

from bases import BASES, changed
from test_tables import ROWS

import hptsdk
from hptsdk import schema, shapes
from hptsdk.errors import InvalidShapeError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from hptsdk.schema import TypeInfo

T = TypeVar("T")

CLASSES = schema.all_shapes()
REQUEST = CLASSES.index(shapes.CreateHyperParameterTuningJobRequest)

# What a document may hold that nobody expects there.
ODD = [
    *(None, True, False, 0, -1, 2**31, 2**63, 10**400, 0.5, 1e308, float("nan"), float("inf"), Decimal("0.5"), 1j),
    *("", "a", "None", "\n", "\ud800", "é", "1e99999", "NaN", "ml.x", "x" * 3000, "2026-11-03", b"a", [], {}, (), [[]]),
    *({1}, range(3), object(), datetime(2026, 11, 3, tzinfo=UTC), shapes.Tag, shapes.Tag(key="a", value="")),
]


class Choices:
    """Decisions read from bytes; when these are used up each is the first."""

    def __init__(self, data: bytes) -> None:
        self._left = iter(data)

    def number(self) -> int:
        """Read a byte."""
        return next(self._left, 0)

    def one_of(self, found: Sequence[T]) -> T:
        """Choose from a list of up to 65,536."""
        number = self.number() if len(found) <= 256 else self.number() * 256 + self.number()
        return found[number % len(found)]

    def text(self) -> str:
        """Read text, its length first."""
        return bytes(self.number() for _ in range(self.number())).decode("utf-8", "surrogateescape")


# --- documents to begin with ----------------------------------------------------------------------------------------


def sample(kind: TypeInfo) -> object:  # noqa: PLR0911 - one answer for each kind
    """Give a value of a type, right by its type and perhaps not by its constraints."""
    match kind.kind:
        case "structure":
            return {member.wire_name: sample(member.type) for member in schema.of(kind.shape).members}
        case "list":
            return [sample(kind.item)]
        case "map":
            return {"a": sample(kind.item)}
        case "integer":
            return 1
        case "number":
            return 0.5
        case "boolean":
            return True
        case "timestamp":
            return "2026-11-03T12:30:00Z"
        case _:
            return kind.known_values[0] if kind.known_values else "a1"


def whole(cls: type[shapes.Shape]) -> dict[str, object]:
    """Give a document with every member of a class."""
    return {member.wire_name: sample(member.type) for member in schema.of(cls).members}


WHOLE = [whole(cls) for cls in CLASSES]
REQUESTS = [*BASES.values(), *(changed(BASES[row.base], row.breaks) for row in ROWS)]


# --- changes of a document ------------------------------------------------------------------------------------------


def places(value: object) -> Iterator[tuple[object, object]]:
    """Give each part of a document, as what holds it and the key or index."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in inner:
        yield value, key
        yield from places(item)


def spoil(document: dict[str, object], choices: Choices) -> None:
    """Change one place of a document: replace what is there, take it away, or give it another name."""
    found = list(places(document))
    if not found:
        document["Junk"] = choices.one_of(ODD)
        return
    holder, key = choices.one_of(found)
    match choices.number() % 6:
        case 0:
            holder[key] = choices.one_of(ODD)
        case 1:
            holder[key] = choices.text()
        case 2:
            del holder[key]
        case 3:
            holder[key] = [holder[key]] * (choices.number() % 4)
        case 4:
            other, at = choices.one_of(list(places(choices.one_of(REQUESTS))))
            holder[key] = copy.deepcopy(other[at])
        case _ if isinstance(holder, dict):
            holder[choices.one_of([*ODD[:8], choices.text()])] = holder.pop(key)
        case _:
            holder.insert(key, choices.one_of(ODD))


# --- the two targets ------------------------------------------------------------------------------------------------


def reads_text(data: bytes) -> None:
    """Read bytes as JSON text: the first says which class, and whether they are read as text or as bytes."""
    first = data[0] if data else 0
    cls = CLASSES[first % len(CLASSES)] if first < 0xF0 else CLASSES[REQUEST]
    check(hptsdk.loads, cls, data[1:] if first == 0xFF else data[1:].decode("utf-8", "surrogateescape"))


def reads_documents(data: bytes) -> None:
    """Read a document that the bytes spoil in up to seven places."""
    choices = Choices(data)
    index = choices.number()
    if index < len(CLASSES):
        cls, document = CLASSES[index], copy.deepcopy(WHOLE[index])
    else:
        cls, document = CLASSES[REQUEST], copy.deepcopy(choices.one_of(REQUESTS))
    for _ in range(choices.number() % 8):
        spoil(document, choices)
    check(hptsdk.from_wire, cls, document)


def check(read: Callable[..., object], cls: type[shapes.Shape], found: object) -> None:
    """Read, and use what comes: an error can be printed, a request is the same after writing and reading it."""
    try:
        shape = read(cls, found)
    except InvalidShapeError as error:
        str(error).encode()
        return
    if not schema.of(cls).is_response and hptsdk.loads(cls, hptsdk.dumps(shape)) != shape:
        raise AssertionError(f"{shape!r} is another after it was written and read")


TARGETS = {"loads": reads_text, "from_wire": reads_documents}


def words() -> set[str]:
    """Give the names of all members, and what enumerations hold."""
    found: set[str] = set()
    for cls in CLASSES:
        for member in schema.of(cls).members:
            found |= {member.wire_name, *member.type.known_values}
    return found


def seeds(target: str) -> list[bytes]:
    """Give what fuzzing begins with."""
    if target == "loads":
        texts = [json.dumps(document).encode() for document in REQUESTS]
        wholes = [bytes([index]) + json.dumps(document).encode() for index, document in enumerate(WHOLE)]
        return [*(b"\xf0" + text for text in texts), *(b"\xff" + text for text in texts[:3]), *wholes]
    requests = [bytes([255, *divmod(index, 256)][: 2 + (len(REQUESTS) > 256)]) for index in range(len(REQUESTS))]
    return [*requests, *(bytes([index, 1, 0, index, 0, index]) for index in range(len(CLASSES)))]
