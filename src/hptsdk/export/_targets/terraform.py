"""A request as a Terraform resource of the AWS provider."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from hptsdk._validation import Shape, is_mapping, is_tuple, member_at, members_of, wire_name
from hptsdk.export import Document, export_text, present, shapes_in
from hptsdk.shapes import Tag

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hptsdk.shapes import CreateHyperParameterTuningJobRequest

# The members that the provider does not have, as of its sources of 2026.
_MISSING = frozenset(
    {
        ("DataSource", "dataset_source"),
        ("ResourceConfig", "instance_preferences"),
        ("ResourceConfig", "selected_instance_count"),
        ("ResourceConfig", "selected_instance_type"),
    }
)

# The arguments that have other names than the members of the API.
_RENAMED = {
    ("CreateHyperParameterTuningJobRequest", "hyper_parameter_tuning_job_name"): "name",
    ("CreateHyperParameterTuningJobRequest", "hyper_parameter_tuning_job_config"): "config",
    ("HyperParameterTuningJobConfig", "hyper_parameter_tuning_job_objective"): "objective",
    ("ParentHyperParameterTuningJob", "hyper_parameter_tuning_job_name"): "name",
}

# A structure that the provider takes as a list of objects instead of a block.
_OBJECTS = frozenset({"retry_strategy"})

_TO_ESCAPE = re.compile(r"(?:\$+|%+)(?=\{)|[^$%]")
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def terraform(request: CreateHyperParameterTuningJobRequest) -> str:
    """Return a request as a resource `aws_sagemaker_hyper_parameter_tuning_job` of Terraform.

    See https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/sagemaker_hyper_parameter_tuning_job

    Args:
        request: a valid request.

    Warns:
        ExportWarning: once for each part of the request that the provider omits, changes or rejects.
    """
    return export_text(request, "terraform")


def convert(request: CreateHyperParameterTuningJobRequest) -> Document:
    """Return a request as HCL."""
    name = request.hyper_parameter_tuning_job_name
    label = re.sub(r"^(?=\d)", "job_", name.lower().replace("-", "_"))
    notes: list[str] = []
    lines = _block(f'resource "aws_sagemaker_hyper_parameter_tuning_job" "{label}"', request, "", notes)
    return Document("\n".join(lines) + "\n", tuple(notes))


def _block(header: str, shape: Shape, path: str, notes: list[str]) -> list[str]:
    """Return the lines of a block: its arguments aligned, then its maps, then its blocks."""
    single: dict[str, str] = {}
    maps: list[list[str]] = []
    blocks: list[list[str]] = []
    for attribute, value in _arguments(shape, path, notes):
        name = _RENAMED.get((type(shape).__name__, attribute), attribute)
        if is_mapping(value):
            maps.append(_map(name, value))
        elif isinstance(value, Shape) and attribute in _OBJECTS:
            single[name] = f"[{{ {', '.join(f'{key} = {_value(item)}' for key, item in present(value).items())} }}]"
        elif structures := list(shapes_in(value)):
            member = f"{path}{wire_name(attribute)}"
            blocks += [_block(name, each, f"{member}{index}.", notes) for index, each in structures]
        else:
            single[name] = _value(value)
    groups = [*([_aligned(single)] if single else []), *maps, *blocks]
    lines = [f"  {line}" if line else "" for group in groups for line in (*group, "")]
    return [f"{header} {{", *lines[:-1], "}"] if lines else [f"{header} {{}}"]


def _arguments(shape: Shape, path: str, notes: list[str]) -> Iterator[tuple[str, object]]:
    """Yield the members that the provider has, tags as a map, and add notes about omissions and changes."""
    if None not in {member_at(shape, "training_image"), member_at(shape, "algorithm_name")}:
        notes.append(f"{path.removesuffix('.')}: the provider does not accept both an image and an algorithm")
    lists = {member.attribute for member in members_of(type(shape)) if member.type.item and member.type.item.shape}
    for attribute, value in _with_tags_as_map(shape):
        member = f"{path}{wire_name(attribute)}"
        if (type(shape).__name__, attribute) in _MISSING:
            notes.append(f"{member}: omitted, because the provider has no such argument")
            continue
        if value == () and attribute in lists:
            notes.append(f"{member}: omitted, because Terraform has no empty list of blocks")
            continue
        if attribute == "attribute_names" and is_tuple(value) and len(value) > 1:
            notes.append(f"{member}: the provider stores a set, so their order is lost")
        # Terraform combines letters and their accents
        if not all(unicodedata.is_normalized("NFC", text) for text in _texts(value)):
            notes.append(f"{member}: Terraform normalizes this text to NFC")
        yield attribute, value


def _with_tags_as_map(shape: Shape) -> Iterator[tuple[str, object]]:
    for attribute, value in present(shape).items():
        tags = {tag.key: tag.value for _, tag in shapes_in(value) if isinstance(tag, Tag)}
        yield attribute, tags if attribute == "tags" else value


def _texts(value: object) -> Iterator[str]:
    """Yield the strings of a member, without those of its structures."""
    if isinstance(value, str):
        yield value
    elif is_mapping(value):
        yield from value
        yield from map(str, value.values())
    elif is_tuple(value):
        yield from (item for item in value if isinstance(item, str))


def hcl_text(text: str) -> str:
    """Return text as a quoted template without interpolation, as in "$${x}" for ${x}."""
    return f'"{_TO_ESCAPE.sub(lambda match: _escaped(match[0]), text)}"'


def _escaped(part: str) -> str:
    """Escape one character, or signs before a brace."""
    if part[0] in "$%":
        # one sign is doubled; HCL does not specify the escape of several signs, so the last is written as a code point
        return part * 2 if len(part) == 1 else f"{part[:-1]}\\u{ord(part[-1]):04x}"
    if part in _ESCAPES or part.isprintable():
        return _ESCAPES.get(part, part)
    code = ord(part)
    return f"\\u{code:04x}" if code < 1 << 16 else f"\\U{code:08x}"


def _value(value: object) -> str:
    if isinstance(value, str):
        return hcl_text(value)
    if is_tuple(value):
        return f"[{', '.join(map(_value, value))}]"
    return str(value).lower() if isinstance(value, bool) else repr(value)


def _aligned(values: Mapping[str, str]) -> list[str]:
    width = max(map(len, values))
    return [f"{name:{width}} = {value}" for name, value in values.items()]


def _map(name: str, entries: Mapping[str, object]) -> list[str]:
    if not entries:
        return [f"{name} = {{}}"]
    lines = _aligned({hcl_text(key): _value(value) for key, value in entries.items()})
    return [f"{name} = {{", *(f"  {line}" for line in lines), "}"]
