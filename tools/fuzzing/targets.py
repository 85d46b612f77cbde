"""What is fuzzed: reading JSON text, documents, files and metrics' regexes, from any bytes.

Nothing but the documented errors may come out, and all that comes out can be printed.
"""

from __future__ import annotations

import copy
import json
import os
from datetime import UTC, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import TYPE_CHECKING, TypeVar

from bases import BASES, changed
from raising_objects import BROKEN
from test_tables import ROWS

import hptsdk
from hptsdk import schema, shapes
from hptsdk.cli._files import RequestFile, UnreadableError
from hptsdk.cli._yaml import yaml_text
from hptsdk.errors import InvalidShapeError
from hptsdk.local.process._logs import compile_metrics

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
    *(range(10**12), "\x1b[31m", "s3://a\x1b[31m", "data\x1b", *BROKEN),
]


# How files are read that hold no request: JSON, YAML, and what only looks like them.
TEXTS = [
    "TOKEN: !secret x\n",
    "TOKEN: *secret\n",
    "a: &a [x, *a]\n",
    "a: &a {b: c}\nd: {<<: *a, e: f}\n",
    "Environment: {A: 'b\\n'}\n? [c]\n: d\n",
    "%TAG ! tag:x,2026:\n---\na: !b c\n",
    "a: |\n  b\n c: >-\n  d\n",
    'a: "\\u001b[31m\\U0001F600"\n',
    "- 2026-11-03\n- 0x1F\n- 1_000\n- .inf\n- ~\n",
]

# Regexes such as people write, and such as take gigabytes.
REGEXES = [
    r"loss=([-+0-9.eE]+)",
    r"\d{4}-\d{2}-\d{2} loss=(\d+(?:\.\d{1,4})?)",
    r"((a{1000}){1000})",
    r"(?x)(a{9 9}){9 9}",
    r"[[:digit:]]((a{99}){99})",
    r"(?P<loss>\d+)(?=;)|\p{L}{3}",
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
    inner = value.items() if type(value) is dict else enumerate(value) if type(value) is list else ()
    for key, item in inner:
        yield value, key
        yield from places(item)


def odd(choices: Choices) -> object:
    """Choose what nobody expects; a list or dict is a new one, since a later change may fill it."""
    value = choices.one_of(ODD)
    return copy.deepcopy(value) if type(value) in {dict, list} else value


def spoil(document: dict[str, object], choices: Choices) -> None:
    """Change one place of a document: replace what is there, take it away, or give it another name."""
    found = list(places(document))
    if not found:
        document["Junk"] = odd(choices)
        return
    holder, key = choices.one_of(found)
    match choices.number() % 6:
        case 0:
            holder[key] = odd(choices)
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
            holder.insert(key, odd(choices))


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


def reads_files(data: bytes) -> None:
    """Read bytes as a file of YAML or JSON, as `hptsdk validate` does."""
    file = RequestFile(os.devnull)
    file.text = data.decode("utf-8", "replace")
    try:
        shape = file.request()
    except UnreadableError as error:
        str(error).encode()
    except InvalidShapeError as error:
        for violation in error.violations:
            file.place(violation.path)
    else:
        use(shape)


def compiles_regexes(data: bytes) -> None:
    """Compile bytes as the regex of a metric; one that is compiled is small enough."""
    text = data[:500].decode("utf-8", "replace")
    try:
        compile_metrics([SimpleNamespace(name="loss", regex=text)])
    except ValueError as error:
        str(error).encode()


def use(shape: shapes.Shape) -> None:
    """Print a shape in every way; no character that controls a terminal comes out."""
    shown = f"{shape}"
    if any(not letter.isprintable() and letter not in "\n\t" for letter in shown):
        raise AssertionError(f"{shown!r} controls a terminal")
    hash(shape)
    f"{shape!r}{shape._repr_html_()}".encode("utf-8", "surrogatepass")


def check(read: Callable[..., object], cls: type[shapes.Shape], found: object) -> None:
    """Read, and use what comes: an error can be printed, a request is the same after writing and reading it."""
    try:
        shape = read(cls, found)
    except InvalidShapeError as error:
        str(error).encode()
        return
    use(shape)
    if not schema.of(cls).is_response and hptsdk.loads(cls, hptsdk.dumps(shape)) != shape:
        raise AssertionError(f"{shape!r} is another after it was written and read")


TARGETS = {
    "loads": reads_text,
    "from_wire": reads_documents,
    "validate": reads_files,
    "regex": compiles_regexes,
}


def words() -> set[str]:
    """Give the names of all members, and what enumerations hold."""
    found: set[str] = set()
    for cls in CLASSES:
        for member in schema.of(cls).members:
            found |= {member.wire_name, *member.type.known_values}
    return found


def seeds(target: str) -> list[bytes]:
    """Give what fuzzing begins with."""
    if target == "validate":
        return [text.encode() for text in (*TEXTS, json.dumps(BASES["custom"]), yaml_text(BASES["several"]))]
    if target == "regex":
        return [text.encode() for text in REGEXES]
    if target == "loads":
        texts = [json.dumps(document).encode() for document in REQUESTS]
        wholes = [bytes([index]) + json.dumps(document).encode() for index, document in enumerate(WHOLE)]
        return [*(b"\xf0" + text for text in texts), *(b"\xff" + text for text in texts[:3]), *wholes]
    requests = [bytes([255, *divmod(index, 256)][: 2 + (len(REQUESTS) > 256)]) for index in range(len(REQUESTS))]
    return [*requests, *(bytes([index, 1, 0, index, 0, index]) for index in range(len(CLASSES)))]
