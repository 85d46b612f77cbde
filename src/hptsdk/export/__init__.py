"""Requests in the formats of other tools.

Each function takes a valid request, and `airflow`, `pipelines_step` and `stepfunctions` also take a template. Any other
argument raises TypeError or ValueError. An `ExportWarning` describes a part of the request that the target omits,
changes or rejects.
"""

from __future__ import annotations

import copy
import json
import warnings
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any, NamedTuple, get_args

from hptsdk.enums import Syntax
from hptsdk.export import _targets

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import TypeAlias

    from hptsdk._validation import Shape
    from hptsdk.builder import TrainingBuilder
    from hptsdk.export._targets.ack import ack as ack
    from hptsdk.export._targets.airflow import airflow as airflow
    from hptsdk.export._targets.pipelines import pipelines_step as pipelines_step
    from hptsdk.export._targets.python import python as python
    from hptsdk.export._targets.stepfunctions import (
        stepfunctions as stepfunctions,
        stepfunctions_policy as stepfunctions_policy,
    )
    from hptsdk.export._targets.terraform import terraform as terraform
    from hptsdk.shapes import CreateHyperParameterTuningJobRequest
    from hptsdk.wire import Template

    Request: TypeAlias = CreateHyperParameterTuningJobRequest | Template[CreateHyperParameterTuningJobRequest]

__all__ = [
    "ExportWarning",
    "ack",
    "airflow",
    "pipelines_step",
    "python",
    "stepfunctions",
    "stepfunctions_policy",
    "terraform",
]


class ExportWarning(UserWarning):
    """A warning about one part of a request that the target of an export omits, changes or rejects."""


def __getattr__(name: str) -> object:
    """Import the module of a public function on first use: the name of the function begins with that of the module."""
    if name not in __all__:
        message = f"module 'hptsdk.export' has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(import_module(f"{_targets.__name__}.{name.partition('_')[0]}"), name)


def __dir__() -> list[str]:
    """Return all public names."""
    return __all__


# --- the values in a shape or a document, for the targets ---


def present(shape: Shape) -> dict[str, Any]:
    """Return the members that are set, by attribute name."""
    from attrs import asdict

    return {name: value for name, value in asdict(shape, recurse=False).items() if value is not None}


def shapes_in(value: object) -> Iterator[tuple[str, Shape]]:
    """Yield the structures of a member with their indexes: "" for a single structure, "[0]" for the first of a list."""
    from hptsdk._validation import Shape, is_tuple

    if isinstance(value, Shape):
        yield "", value
    elif is_tuple(value):
        yield from [(f"[{index}]", item) for index, item in enumerate(value) if isinstance(item, Shape)]


def values_in(document: object, path: str = "") -> Iterator[tuple[str, object]]:
    """Yield each value in a document with its path, such as "Tags[0].Key"."""
    from hptsdk._validation import is_list, is_mapping

    parts: list[tuple[str, object]] = []
    if is_mapping(document):
        parts = [(f"{path}.{name}".removeprefix("."), value) for name, value in document.items()]
    elif is_list(document):
        parts = [(f"{path}[{index}]", value) for index, value in enumerate(document)]
    for part_path, value in parts:
        yield part_path, value
        yield from values_in(value, part_path)


# --- documents of all targets, also for the command line ---

_FILL = "replace its placeholders, as .fill(...) of a template does"


class Document(NamedTuple):
    """A request in another format.

    Attributes:
        text: the text of the document.
        notes: a note for each part of the request that the target omits, changes or rejects.
    """

    text: str
    notes: tuple[str, ...] = ()


def export_text(request: Request, target: str, **options: object) -> str:
    """Return the text of a target, for its public function, with a warning for each note."""
    document = convert_request(request, target, **options)
    warn_about(document.notes, depth=4)
    return document.text


def warn_about(notes: Iterable[str], *, depth: int = 3) -> None:
    """Warn about each note, at the caller of the public function, which is `depth` calls away."""
    for note in notes:
        warnings.warn(note, ExportWarning, stacklevel=depth)


def check_request(request: object) -> None:
    """Raise TypeError if an argument is neither a request nor a template."""
    from hptsdk._validation import check_shape
    from hptsdk.shapes import CreateHyperParameterTuningJobRequest
    from hptsdk.wire import Template

    if not isinstance(request, Template):
        check_shape(request, CreateHyperParameterTuningJobRequest)


def document_of(request: Request, syntax: str) -> dict[str, Any]:
    """Return the document of a request, or of a template with the syntax of a target.

    Raises:
        TypeError: the argument is neither a request nor a template.
        ValueError: the template has another syntax.
    """
    from hptsdk.wire import Template, to_wire

    check_request(request)
    if not isinstance(request, Template):
        return to_wire(request)
    if request.syntax != syntax:
        raise ValueError(f"expected a template with the syntax {syntax}, got {request.syntax}; {_FILL}")
    return copy.deepcopy(request.document)


def target_names() -> tuple[str, ...]:
    """Return the names of the targets, in alphabetical order."""
    return tuple(module.name for module in iter_modules(_targets.__path__) if not module.name.startswith("_"))


def convert_request(request: Request, target: str, **options: object) -> Document:
    """Convert a request to another format.

    Args:
        request: a valid request, or a template.
        target: one of `target_names()`. A template can be converted only to the target with the name of its syntax.
        **options: options of the target.

    Raises:
        TypeError: the argument is neither a request nor a template.
        ValueError: the target does not take this template.
    """
    from hptsdk.wire import Template

    check_request(request)
    if isinstance(request, Template) and target not in get_args(Syntax):
        other = f", or convert it to {request.syntax}" if request.syntax in target_names() else ""
        raise ValueError(f"expected a request, got a template; {_FILL}{other}")
    document: Document = import_module(f"{_targets.__name__}.{target}").convert(request, **options)
    return document


def convert_training(training: TrainingBuilder, target: str) -> Document:
    """Convert the definition of a builder, in which parts that `build` requires can be missing.

    Returns:
        For the target "python", code that sets the variable `training`. For "json" and "yaml", a document with the
        member TrainingJobDefinition.
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
