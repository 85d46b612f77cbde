"""A request as a Terraform resource of the AWS provider."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

from hptsdk._validation import Shape, members_of, wire_name
from hptsdk.cli.convert import Document
from hptsdk.cli.convert._expressions import present
from hptsdk.shapes import (
    CreateHyperParameterTuningJobRequest,
    HyperParameterAlgorithmSpecification,
    Tag,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["convert", "hcl_text"]

# What the provider lacks, as of its sources of 2026.
_LACKING = frozenset(
    {
        ("DataSource", "dataset_source"),
        ("ResourceConfig", "instance_preferences"),
        ("ResourceConfig", "selected_instance_count"),
        ("ResourceConfig", "selected_instance_type"),
    }
)

# What it calls otherwise than the API does.
_RENAMED = {
    ("CreateHyperParameterTuningJobRequest", "hyper_parameter_tuning_job_name"): "name",
    ("CreateHyperParameterTuningJobRequest", "hyper_parameter_tuning_job_config"): "config",
    ("HyperParameterTuningJobConfig", "hyper_parameter_tuning_job_objective"): "objective",
    ("ParentHyperParameterTuningJob", "hyper_parameter_tuning_job_name"): "name",
}

# A structure that it takes as a list of objects rather than as a block.
_OBJECTS = frozenset({"retry_strategy"})

_TO_ESCAPE = re.compile(r"(?:\$+|%+)(?=\{)|[^$%]")
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def convert(request: CreateHyperParameterTuningJobRequest) -> Document:
    """Write a request as a resource `aws_sagemaker_hyper_parameter_tuning_job`.

    Returns:
        HCL, and a note for each thing that the provider cannot hold or changes.

    Source: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/sagemaker_hyper_parameter_tuning_job
    """
    name = request.hyper_parameter_tuning_job_name
    label = re.sub(r"^(?=\d)", "job_", name.lower().replace("-", "_"))
    notes: list[str] = []
    body = _body(request, "", notes)
    lines = [f'resource "aws_sagemaker_hyper_parameter_tuning_job" "{label}" {{', *body, "}"]
    return Document("\n".join(lines) + "\n", tuple(notes))


# --- structures ---


def _body(shape: Shape, path: str, notes: list[str]) -> list[str]:
    """Write what stands in a block: its arguments aligned, then its maps, then its blocks."""
    single: dict[str, str] = {}
    maps: list[list[str]] = []
    blocks: list[list[str]] = []
    for attribute, value in _kept(shape, path, notes):
        where = f"{path}{wire_name(attribute)}"
        name = _RENAMED.get((type(shape).__name__, attribute), attribute)
        notes += _changed(value, where)
        if (entries := _entries(value)) is not None:
            maps.append(_map(name, entries))
        elif value == () and attribute == "tags":
            maps.append(_map(name, {}))
        elif attribute in _OBJECTS:
            single[name] = f"[{{ {', '.join(_inline(cast('Shape', value)))} }}]"
        elif (inner := _structures(value)) is not None:
            for place, each in inner:
                body = _body(each, f"{where}{place}.", notes)
                blocks.append([f"{name} {{", *body, "}"] if body else [f"{name} {{}}"])
        else:
            single[name] = _value(value)
    groups = [*([_aligned(single)] if single else []), *maps, *blocks]
    lines = [line for group in groups for line in (*group, "")][:-1]
    return [f"  {line}" if line else "" for line in lines]


def _kept(shape: Shape, path: str, notes: list[str]) -> Iterator[tuple[str, object]]:
    """Give the members that the provider can hold, and note the others."""
    if isinstance(shape, HyperParameterAlgorithmSpecification) and None not in {
        shape.training_image,
        shape.algorithm_name,
    }:
        notes.append(f"{path.removesuffix('.')}: the provider refuses an image and an algorithm together")
    for attribute, value in present(shape):
        where = f"{path}{wire_name(attribute)}"
        if (type(shape).__name__, attribute) in _LACKING:
            notes.append(f"{where}: left out, as the provider has no such argument")
        elif value == () and _is_of_blocks(shape, attribute):
            notes.append(f"{where}: left out, as an empty list of blocks is none")
        else:
            if attribute == "attribute_names" and len(cast("Sequence[str]", value)) > 1:
                notes.append(f"{where}: the provider keeps a set, without their order")
            yield attribute, value


def _is_of_blocks(shape: Shape, attribute: str) -> bool:
    kind = next(member.type for member in members_of(type(shape)) if member.attribute == attribute)
    return kind.item is not None and kind.item.shape not in {None, Tag}


def _structures(value: object) -> Sequence[tuple[str, Shape]] | None:
    """Give what becomes blocks, each with its place in a list, None where it is no structure."""
    if isinstance(value, Shape):
        return [("", value)]
    items = cast("tuple[object, ...]", value) if isinstance(value, tuple) else ()
    shapes = [(f"[{place}]", item) for place, item in enumerate(items) if isinstance(item, Shape)]
    return shapes or None


def _entries(value: object) -> Mapping[str, str] | None:
    """Give the entries of what becomes a map: maps, and tags."""
    if isinstance(value, Mapping):
        return cast("Mapping[str, str]", value)
    items = cast("tuple[object, ...]", value) if isinstance(value, tuple) else ()
    tags = [item for item in items if isinstance(item, Tag)]
    return {tag.key: tag.value for tag in tags} if tags else None


# --- values ---


def hcl_text(text: str) -> str:
    """Write text as a quoted template that stands for just this text.

    Example:
        >>> hcl_text('${x}')
        '"$${x}"'
    """
    return f'"{_TO_ESCAPE.sub(lambda found: _escaped(found[0]), text)}"'


def _escaped(part: str) -> str:
    """Escape one character, or signs before a brace."""
    if part[0] in "$%":
        # one sign is doubled; how a scanner takes more than two is not written down, so the last is given by its code
        return part * 2 if len(part) == 1 else f"{part[:-1]}\\u{ord(part[-1]):04x}"
    if part in _ESCAPES or part.isprintable():
        return _ESCAPES.get(part, part)
    code = ord(part)
    return f"\\u{code:04x}" if code < 1 << 16 else f"\\U{code:08x}"


def _value(value: object) -> str:
    match value:
        case str():
            return hcl_text(value)
        case bool():
            return str(value).lower()
        case tuple():
            return f"[{', '.join(map(_value, cast('tuple[object, ...]', value)))}]"
        case _:
            return repr(value)


def _inline(shape: Shape) -> Iterator[str]:
    for attribute, value in present(shape):
        yield f"{attribute} = {_value(value)}"


def _aligned(values: Mapping[str, str]) -> list[str]:
    width = max(map(len, values))
    return [f"{name:{width}} = {value}" for name, value in values.items()]


def _map(name: str, entries: Mapping[str, str]) -> list[str]:
    if not entries:
        return [f"{name} = {{}}"]
    lines = _aligned({hcl_text(key): hcl_text(value) for key, value in entries.items()})
    return [f"{name} = {{", *(f"  {line}" for line in lines), "}"]


def _changed(value: object, path: str) -> Iterator[str]:
    """Note the texts that Terraform would change: it puts letters and their accents together."""
    texts = _texts(value)
    if not all(unicodedata.is_normalized("NFC", text) for text in texts):
        yield f"{path}: Terraform normalizes text to NFC, and this is not"


def _texts(value: object) -> list[str]:
    """Give the texts of a member, those of structures not counted, as they have members of their own."""
    match value:
        case str():
            return [value]
        case tuple() if _entries(cast("object", value)) is None:
            return [item for item in cast("tuple[object, ...]", value) if isinstance(item, str)]
        case _:
            return [text for entry in (_entries(value) or {}).items() for text in entry]
