"""The repr of builders, and the formatting of their arguments."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from decimal import Decimal
from operator import index
from typing import TYPE_CHECKING, Any, SupportsFloat, SupportsIndex

import attrs

from hptsdk._validation import (
    Placeholder,
    Problem,
    Shape,
    format_value,
    is_mapping,
    is_sequence,
    is_tuple,
    members_of,
    source_of,
    violations,
    with_article,
)
from hptsdk.builder._partial_shape import PartialShape, member
from hptsdk.errors import InvalidShapeError
from hptsdk.shapes import HyperParameterTrainingJobDefinition

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hptsdk._validation import Step

# The number of items of a list, and of characters of an item, that are shown.
_MAX_ITEMS = 10
_MAX_CHARACTERS = 256

_CONFIG = "hyper_parameter_tuning_job_config"

# A label, the path of a member, and a formatter for the member.
Line = tuple[str, tuple[str, ...], Callable[[object], str]]


def builder_repr(builder: object, name: object, lines: Sequence[str]) -> str:
    """Format the repr of a builder."""
    title = type(builder).__name__ + (f" {name!r}" if name else "")
    return "\n  ".join([f"<{title}", *lines]) + ">"


def definition_lines(definition: PartialShape | Shape) -> list[str]:
    """Return the lines of a training job definition."""
    shown = {"definition_name", *(path[0] for _, path, _ in _DEFINITION_LINES)}
    return _lines(definition, _DEFINITION_LINES, _other_members(definition, shown))


def job_lines(request: PartialShape, training: object) -> list[str]:
    """Return the lines of a tuning job, with those of its definitions."""
    shown = {name for _, path, _ in _JOB_LINES for name in path}
    shown |= {"hyper_parameter_tuning_job_name", "training_job_definition", "training_job_definitions"}
    others = _other_members(member(request, _CONFIG), shown) + _other_members(request, shown)
    lines = _lines(request, _JOB_LINES, others)
    single = member(request, "training_job_definition") or (None if is_tuple(training) else training)
    if single is not None:
        lines += _part("training", single)
    for definition in _items(member(request, "training_job_definitions") or training):
        lines += _part("definition", definition)
    return lines


def _part(label: str, definition: object) -> list[str]:
    if not isinstance(definition, PartialShape | HyperParameterTrainingJobDefinition):
        return [f"{label}: {with_article(type(definition).__name__)}"]
    name = member(definition, "definition_name")
    return [f"{label}{f' {name!r}' if name else ''}:", *(f"  {line}" for line in definition_lines(definition))]


def _lines(whole: object, lines: Sequence[Line], others: Sequence[str]) -> list[str]:
    values = [(label, formatter, member(whole, *path)) for label, path, formatter in lines]
    texts = [(label, formatter(value)) for label, formatter, value in values if value is not None]
    return [f"{label}: {text}" for label, text in [*texts, ("other members", ", ".join(others))] if text]


def _other_members(whole: object, shown: set[str]) -> list[str]:
    """Return the members that are set and have no line."""
    cls = whole.cls if isinstance(whole, PartialShape) else type(whole)
    names = [field.attribute for field in members_of(cls)] if issubclass(cls, Shape) else []
    return [name for name in names if name not in shown and member(whole, name) is not None]


# --- formatters ---


def _text(value: object) -> str:
    """Format a value in one line."""
    return "" if value is None else repr(str(value)[:_MAX_CHARACTERS])[1:-1]


def _items(value: object) -> list[object]:
    return list(value) if is_sequence(value) or is_mapping(value) else []


def _listed(items: object, text: Callable[[object], str] = _text, separator: str = ", ") -> str:
    """Format the items of a list, or the keys of a map."""
    values = _items(items)
    more = f" and {len(values) - _MAX_ITEMS} more" if len(values) > _MAX_ITEMS else ""
    return separator.join(map(text, values[:_MAX_ITEMS])) + more


def _names(name: str) -> Callable[[object], str]:
    return lambda items: _listed(items, lambda item: _text(member(item, name)))


def _objective(objective: object) -> str:
    return f"{_text(member(objective, 'type')).lower()} {_text(member(objective, 'metric_name'))}"


def _ranges(ranges: object) -> str:
    formatters: dict[str, Callable[[object], str]] = {
        "integer_parameter_ranges": _bounds,
        "continuous_parameter_ranges": _bounds,
        "categorical_parameter_ranges": lambda each: _listed(member(each, "values")),
        "auto_parameters": lambda _: "chosen by Autotune",
    }
    texts = [
        f"{_text(member(each, 'name'))} {formatter(each)}"
        for name, formatter in formatters.items()
        for each in _items(member(ranges, name))
    ]
    return _listed(texts, str, "; ")


def _bounds(bounds: object) -> str:
    low, high, scaling = (_text(member(bounds, name)) for name in ("min_value", "max_value", "scaling_type"))
    return f"{low} to {high}{f', {scaling}' if scaling else ''}"


def _instances(resources: object) -> str:
    lists = (member(resources, name) for name in ("instance_groups", "instance_preferences", "instance_configs"))
    return _listed(next(filter(None, lists), [resources]), _instance)


def _instance(instance: object) -> str:
    return " ".join(filter(None, (_text(member(instance, name)) for name in ("instance_count", "instance_type"))))


def _limits(limits: object) -> str:
    jobs = member(limits, "max_number_of_training_jobs")
    units = {
        "max_number_of_training_jobs": "training job" if jobs == 1 else "training jobs",
        "max_parallel_training_jobs": "in parallel",
        "max_runtime_in_seconds": "seconds",
    }
    values = [(member(limits, name), unit) for name, unit in units.items()]
    return ", ".join(f"{_text(value)} {unit}" for value, unit in values if value is not None)


_DEFINITION_LINES: tuple[Line, ...] = (
    ("objective", ("tuning_objective",), _objective),
    ("ranges", ("hyper_parameter_ranges",), _ranges),
    ("image", ("algorithm_specification", "training_image"), _text),
    ("algorithm", ("algorithm_specification", "algorithm_name"), _text),
    ("instances", ("resource_config",), _instances),
    ("instances", ("hyper_parameter_tuning_resource_config",), _instances),
    ("runtime", ("stopping_condition", "max_runtime_in_seconds"), lambda seconds: f"{_text(seconds)} seconds"),
    ("output", ("output_data_config", "s3_output_path"), _text),
    ("role", ("role_arn",), _text),
    ("channels", ("input_data_config",), _names("channel_name")),
    ("metrics", ("algorithm_specification", "metric_definitions"), _names("name")),
    ("static hyperparameters", ("static_hyper_parameters",), _listed),
    ("environment variables", ("environment",), _listed),
)
_JOB_LINES: tuple[Line, ...] = (
    ("objective", (_CONFIG, "hyper_parameter_tuning_job_objective"), _objective),
    ("ranges", (_CONFIG, "parameter_ranges"), _ranges),
    ("strategy", (_CONFIG, "strategy"), _text),
    ("limits", (_CONFIG, "resource_limits"), _limits),
    ("tags", ("tags",), _names("key")),
)


Number = int | float | Decimal | SupportsIndex
"""The types of numbers for bounds, hints and hyperparameters. A bool is a violation."""

# No member may be longer, and Python raises for integers with more digits.
_MAX_DIGITS = 4000


@attrs.define
class _FormatError(Exception):
    """A value that cannot be formatted, with the texts for its violation."""

    expected: str
    hint: str = ""


def format_all(
    cls: type[Shape],
    values: Iterable[tuple[tuple[Step, ...], object]],
    formatter: Callable[[object], str],
    *,
    secret: bool = False,
    others: PartialShape | None = None,
) -> list[Any]:
    """Format values as text. A placeholder is not changed.

    Args:
        cls: the class that holds the values.
        values: pairs of the path in the class, and the value.
        formatter: formats one value.
        secret: whether violations show the types of values only.
        others: the other members, which are validated as well if a value cannot be formatted.

    Raises:
        InvalidShapeError: with a violation for each value that cannot be formatted.
    """
    texts: list[Any] = []
    problems: list[Problem] = []
    for path, value in values:
        try:
            texts.append(value if isinstance(value, Placeholder) else formatter(value))
        except _FormatError as error:
            got = "None" if value is None else with_article(type(value).__name__) if secret else format_value(value)
            problem = Problem(*path, expected=error.expected, got=got, hint=error.hint, rule="type")
            problem.source = source_of(cls)
            problems.append(problem)
    if problems:
        problems += others.validate_members()[1] if others else []
        raise InvalidShapeError(violations(cls, problems))
    return texts


def format_number(value: object) -> str:
    """Format a number as decimal text that parses to an equal number."""
    if isinstance(value, bool):
        raise _FormatError("a finite number")
    if isinstance(value, float) and math.isfinite(value):
        return float.__repr__(float(value))
    if isinstance(value, Decimal) and value.is_finite():
        return _format_decimal(value)
    if isinstance(value, SupportsIndex):
        return _format_index(value)
    if isinstance(value, float | Decimal):
        raise _FormatError("a finite number", "replace NaN or infinity")
    raise _FormatError("a finite number", "convert it with float(...)" if isinstance(value, SupportsFloat) else "")


def format_integer(value: object) -> str:
    """Format a whole number without a decimal point; a fraction is reported when the range is validated."""
    text = format_number(value)
    if isinstance(value, float | Decimal):
        number = Decimal(value)
        if number == number.to_integral_value() and number.adjusted() < _MAX_DIGITS:
            return str(int(number))
    return text


def format_text(value: object) -> str:
    """Return text unchanged, and format a number."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        raise _FormatError("text or a finite number", "write the text that the program reads, such as 'true' or 'True'")
    try:
        return format_number(value)
    except _FormatError as error:
        raise _FormatError("text or a finite number", error.hint) from None


def format_json(value: object) -> str:
    """Format a value as JSON."""
    try:
        return json.dumps(value, allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        raise _FormatError("a value that json.dumps accepts, without NaN or infinity") from None


def _format_index(value: SupportsIndex) -> str:
    try:
        integer = index(value)
    except TypeError:  # an array has __index__, which raises
        raise _FormatError("a finite number") from None
    if abs(integer) >= 10**_MAX_DIGITS:
        raise _FormatError(f"a number of at most {_MAX_DIGITS} digits")
    return str(integer)


def _format_decimal(value: Decimal) -> str:
    """Format a decimal without zeros at the end of its fraction; Decimal.normalize would also round it."""
    digits, mark, exponent = Decimal.__str__(value).upper().partition("E")
    if "." in digits:
        digits = digits.rstrip("0").rstrip(".")
    return digits + mark + exponent
