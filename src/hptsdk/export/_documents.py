"""Requests in other formats: each module of `hptsdk.export._targets` is a target and has a function `convert`.

The command line imports it for the names of the targets, so that builders and the converter are imported on first use.
"""

from __future__ import annotations

import copy
import json
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any, NamedTuple

from hptsdk._validation import Shape, is_list, is_mapping, is_tuple, members_of
from hptsdk.export import _targets

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TypeAlias

    from hptsdk.builder import TrainingBuilder
    from hptsdk.shapes import CreateHyperParameterTuningJobRequest
    from hptsdk.wire import Template

    Request: TypeAlias = CreateHyperParameterTuningJobRequest | Template[CreateHyperParameterTuningJobRequest]

__all__ = [
    "TEMPLATES",
    "Document",
    "convert_request",
    "convert_training",
    "document_of",
    "present",
    "shapes_in",
    "target_names",
    "values_in",
]

# The targets that take a template, which must have the syntax of this name.
TEMPLATES = ("airflow", "pipelines", "stepfunctions")


class Document(NamedTuple):
    """A request in another format.

    Attributes:
        text: the text of the document.
        notes: one note for each part of the request that the format cannot hold or changes.
    """

    text: str
    notes: tuple[str, ...] = ()


def document_of(request: Request, syntax: str) -> dict[str, Any]:
    """Return the document of a request, or of a template with the syntax of a target.

    Raises:
        ValueError: the template has another syntax.
    """
    from hptsdk.wire import Template, to_wire

    if not isinstance(request, Template):
        return to_wire(request)
    if request.syntax != syntax:
        raise ValueError(f"expected a template with the syntax {syntax}, got one with {request.syntax}; fill it first")
    return copy.deepcopy(request.document)


def target_names() -> tuple[str, ...]:
    """Return the names of the targets, in alphabetical order.

    Example:
        >>> target_names()
        ('ack', 'airflow', 'json', 'pipelines', 'python', 'stepfunctions', 'terraform', 'yaml')
    """
    return tuple(module.name for module in iter_modules(_targets.__path__) if not module.name.startswith("_"))


def convert_request(request: Request, target: str, **options: object) -> Document:
    """Convert a request to another format.

    Args:
        request: a valid request, or for some targets a template.
        target: one of `target_names()`.
        **options: options of the target.

    Returns:
        The text, and notes such as "HyperParameterTuningJobConfig.RandomSeed: omitted, because the controller has no
        member".
    """
    from hptsdk.wire import Template

    if isinstance(request, Template) and target not in TEMPLATES:
        raise ValueError(f"expected a request, got a template; fill it first, or convert it to {', '.join(TEMPLATES)}")
    document: Document = import_module(f"{_targets.__name__}.{target}").convert(request, **options)
    return document


def convert_training(training: TrainingBuilder, target: str) -> Document:
    """Convert the definition of a builder to "python", "json" or "yaml"; parts that `build` requires can be missing.

    Args:
        training: a builder, such as the result of `hptsdk.training_from`.
        target: one of the three.

    Returns:
        Code that sets the variable `training`, or a document with the member TrainingJobDefinition.
    """
    from hptsdk.builder import partial_of
    from hptsdk.wire import to_wire

    definition = partial_of(training).to_shape()
    if target == "python":
        code: Document = import_module(f"{_targets.__name__}.python").convert_definition(definition)
        return code
    document = {"TrainingJobDefinition": to_wire(definition)}
    if target == "json":
        return Document(json.dumps(document, indent=2, ensure_ascii=False))
    from hptsdk.export._targets.yaml import yaml_text

    return Document(yaml_text(document))


def present(shape: Shape) -> Iterator[tuple[str, object]]:
    """Yield the attribute name and the value of each member that is set."""
    for member in members_of(type(shape)):
        value: object = getattr(shape, member.attribute)
        if value is not None:
            yield member.attribute, value


def shapes_in(value: object) -> Iterator[tuple[str, Shape]]:
    """Yield the structures of a member with their places: "" for a single structure, "[0]" for the first of a list."""
    if isinstance(value, Shape):
        yield "", value
    elif is_tuple(value):
        for index, item in enumerate(value):
            if isinstance(item, Shape):
                yield f"[{index}]", item


def values_in(document: object, path: str = "") -> Iterator[tuple[str, object]]:
    """Yield each value in a document with its path, such as "Tags[0].Key"."""
    parts: list[tuple[str, object]] = []
    if is_mapping(document):
        parts = [(f"{path}.{name}".removeprefix("."), value) for name, value in document.items()]
    elif is_list(document):
        parts = [(f"{path}[{index}]", value) for index, value in enumerate(document)]
    for part_path, value in parts:
        yield part_path, value
        yield from values_in(value, part_path)
