"""The fuzz targets: functions that read bytes as JSON text, as a document, as a file, or as the regex of a metric.

A target raises an exception if hptsdk raises an undocumented one, or if a result or an error cannot be printed.
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
from raising_objects import RAISING
from test_tables import ROWS

import hptsdk
from hptsdk import schema, shapes
from hptsdk.cli._files import RequestFile
from hptsdk.cli._output import UnreadableError
from hptsdk.errors import InvalidShapeError
from hptsdk.export._targets.yaml import yaml_text
from hptsdk.local.process._log import compile_metrics

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from hptsdk.schema import TypeInfo

T = TypeVar("T")

CLASSES = schema.all_shapes()
REQUEST = CLASSES.index(shapes.CreateHyperParameterTuningJobRequest)

# Values that are not expected in a document.
UNEXPECTED = [
    *(None, True, False, 0, -1, 2**31, 2**63, 10**400, 0.5, 1e308, float("nan"), float("inf"), Decimal("0.5"), 1j),
    *("", "a", "None", "\n", "\ud800", "é", "1e99999", "NaN", "ml.x", "x" * 3000, "2026-11-03", b"a", [], {}, (), [[]]),
    *({1}, range(3), object(), datetime(2026, 11, 3, tzinfo=UTC), shapes.Tag, shapes.Tag(key="a", value="")),
    *(range(10**12), "\x1b[31m", "s3://a\x1b[31m", "data\x1b", *RAISING),
]


# The initial files of the target `validate`, without a request: YAML, and text similar to YAML.
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

# Typical regexes, and regexes that would need gigabytes.
REGEXES = [
    r"loss=([-+0-9.eE]+)",
    r"\d{4}-\d{2}-\d{2} loss=(\d+(?:\.\d{1,4})?)",
    r"((a{1000}){1000})",
    r"(?x)(a{9 9}){9 9}",
    r"[[:digit:]]((a{99}){99})",
    r"(?P<loss>\d+)(?=;)|\p{L}{3}",
]


class Choices:
    """Decisions that are read from bytes. After the last byte, each decision is 0, or the first option."""

    def __init__(self, data: bytes) -> None:
        self._bytes = iter(data)

    def number(self) -> int:
        """Read a byte, and return it as a number from 0 to 255."""
        return next(self._bytes, 0)

    def one_of(self, options: Sequence[T]) -> T:
        """Return one of up to 65,536 options."""
        number = self.number() if len(options) <= 256 else self.number() * 256 + self.number()
        return options[number % len(options)]

    def text(self) -> str:
        """Read the length of a text, then the text."""
        return bytes(self.number() for _ in range(self.number())).decode("utf-8", "surrogateescape")


# --- initial documents ----------------------------------------------------------------------------------------------


SAMPLES = {"integer": 1, "number": 0.5, "boolean": True, "timestamp": "2026-11-03T12:30:00Z"}


def sample(info: TypeInfo) -> object:
    """Return a value of a type, which may violate the constraints."""
    match info.kind:
        case "structure":
            return all_members(info.shape)
        case "list":
            return [sample(info.item)]
        case "map":
            return {"a": sample(info.item)}
        case kind:
            return SAMPLES.get(kind) or next(iter(info.known_values), "a1")


def all_members(cls: type[shapes.Shape]) -> dict[str, object]:
    """Return a document with every member of a class."""
    return {member.wire_name: sample(member.type) for member in schema.of(cls).members}


COMPLETE = [all_members(cls) for cls in CLASSES]
REQUESTS = [*BASES.values(), *(changed(BASES[row.base], row.change) for row in ROWS)]


# --- changes to a document ------------------------------------------------------------------------------------------


def places(value: object) -> Iterator[tuple[object, object]]:
    """Yield the container and the key or index of each value in a document."""
    inner = value.items() if type(value) is dict else enumerate(value) if type(value) is list else ()
    for key, item in inner:
        yield value, key
        yield from places(item)


def unexpected(choices: Choices) -> object:
    """Return one of `UNEXPECTED`. A list or dict is copied, because a later change may modify it."""
    value = choices.one_of(UNEXPECTED)
    return copy.deepcopy(value) if type(value) in {dict, list} else value


def corrupt(document: dict[str, object], choices: Choices) -> None:
    """Change one value of a document: replace, remove, repeat, rename or insert it."""
    options = list(places(document))
    if not options:
        document["Junk"] = unexpected(choices)
        return
    container, key = choices.one_of(options)
    match choices.number() % 6:
        case 0:
            container[key] = unexpected(choices)
        case 1:
            container[key] = choices.text()
        case 2:
            del container[key]
        case 3:
            container[key] = [container[key]] * (choices.number() % 4)
        case 4:
            other, at = choices.one_of(list(places(choices.one_of(REQUESTS))))
            container[key] = copy.deepcopy(other[at])
        case _ if isinstance(container, dict):
            container[choices.one_of([*UNEXPECTED[:8], choices.text()])] = container.pop(key)
        case _:
            container.insert(key, unexpected(choices))


# --- the targets ----------------------------------------------------------------------------------------------------


def reads_text(data: bytes) -> None:
    """Read bytes as JSON text. The first byte selects the class, and whether the rest is text or bytes."""
    first = data[0] if data else 0
    cls = CLASSES[first % len(CLASSES)] if first < 0xF0 else CLASSES[REQUEST]
    check(hptsdk.loads, cls, data[1:] if first == 0xFF else data[1:].decode("utf-8", "surrogateescape"))


def reads_documents(data: bytes) -> None:
    """Read a document with up to seven changes."""
    choices = Choices(data)
    index = choices.number()
    if index < len(CLASSES):
        cls, document = CLASSES[index], copy.deepcopy(COMPLETE[index])
    else:
        cls, document = CLASSES[REQUEST], copy.deepcopy(choices.one_of(REQUESTS))
    for _ in range(choices.number() % 8):
        corrupt(document, choices)
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
            file.position(violation.path)
    else:
        use(shape)


def compiles_regexes(data: bytes) -> None:
    """Compile bytes as the regex of a metric."""
    text = data[:500].decode("utf-8", "replace")
    try:
        compile_metrics([SimpleNamespace(name="loss", regex=text)])
    except ValueError as error:
        str(error).encode()


def use(shape: shapes.Shape) -> None:
    """Format a shape in every form.

    Raises:
        AssertionError: the text of `print` contains a character that controls a terminal.
    """
    text = f"{shape}"
    if any(not letter.isprintable() and letter not in "\n\t" for letter in text):
        raise AssertionError(f"{text!r} controls a terminal")
    hash(shape)
    f"{shape!r}{shape._repr_html_()}".encode("utf-8", "surrogatepass")


def check(read: Callable[..., object], cls: type[shapes.Shape], document: object) -> None:
    """Read a document, and format the result or the error.

    Raises:
        AssertionError: a request is not equal after `dumps` and `loads`.
    """
    try:
        shape = read(cls, document)
    except InvalidShapeError as error:
        str(error).encode()
        return
    use(shape)
    if not schema.of(cls).is_response and hptsdk.loads(cls, hptsdk.dumps(shape)) != shape:
        raise AssertionError(f"{shape!r} differs after it is written and read again")


TARGETS = {"loads": reads_text, "from_wire": reads_documents, "validate": reads_files, "regex": compiles_regexes}


def words() -> set[str]:
    """Return the names of all members, and the values of enumerations."""
    names: set[str] = set()
    for cls in CLASSES:
        for member in schema.of(cls).members:
            names |= {member.wire_name, *member.type.known_values}
    return names


def seeds(target: str) -> list[bytes]:
    """Return the initial inputs of a target."""
    if target == "validate":
        return [text.encode() for text in (*TEXTS, json.dumps(BASES["custom"]), yaml_text(BASES["several"]))]
    if target == "regex":
        return [text.encode() for text in REGEXES]
    if target == "loads":
        texts = [json.dumps(document).encode() for document in REQUESTS]
        complete = [bytes([index]) + json.dumps(document).encode() for index, document in enumerate(COMPLETE)]
        return [*(b"\xf0" + text for text in texts), *(b"\xff" + text for text in texts[:3]), *complete]
    requests = [bytes([255, *divmod(index, 256)][: 2 + (len(REQUESTS) > 256)]) for index in range(len(REQUESTS))]
    return [*requests, *(bytes([index, 1, 0, index, 0, index]) for index in range(len(CLASSES)))]
