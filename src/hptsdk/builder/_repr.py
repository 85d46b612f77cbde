"""The repr of builders: the parts in a few lines, without values that may be secrets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from hptsdk._validation import Shape, members_of, with_article
from hptsdk.builder._partial_shape import PartialShape, member
from hptsdk.shapes import HyperParameterTrainingJobDefinition

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["builder_repr", "definition_lines", "job_lines"]

# The number of items of a list, and of characters of an item, that are shown.
_MAX_ITEMS = 10
_MAX_CHARACTERS = 256

# Members with lines of their own.
_IN_DEFINITION_LINES = frozenset(
    [
        "algorithm_specification",
        "definition_name",
        "environment",
        "hyper_parameter_ranges",
        "hyper_parameter_tuning_resource_config",
        "input_data_config",
        "output_data_config",
        "resource_config",
        "role_arn",
        "static_hyper_parameters",
        "stopping_condition",
        "tuning_objective",
    ]
)
_IN_JOB_LINES = frozenset(
    [
        "hyper_parameter_tuning_job_config",
        "hyper_parameter_tuning_job_name",
        "hyper_parameter_tuning_job_objective",
        "parameter_ranges",
        "resource_limits",
        "strategy",
        "tags",
        "training_job_definition",
        "training_job_definitions",
    ]
)


def builder_repr(builder: object, name: object, lines: Sequence[str]) -> str:
    """Format the repr of a builder."""
    title = type(builder).__name__ + (f" {name!r}" if name else "")
    return "\n  ".join([f"<{title}", *lines]) + ">"


def definition_lines(definition: PartialShape | Shape) -> list[str]:
    """Return the lines of a training job definition."""
    algorithm = member(definition, "algorithm_specification")
    runtime = member(definition, "stopping_condition", "max_runtime_in_seconds")
    return _lines(
        ("objective", _objective(member(definition, "tuning_objective"))),
        ("ranges", _ranges(member(definition, "hyper_parameter_ranges"))),
        ("image", _text(member(algorithm, "training_image"))),
        ("algorithm", _text(member(algorithm, "algorithm_name"))),
        ("instances", _instances(definition)),
        ("runtime", "" if runtime is None else f"{_text(runtime)} seconds"),
        ("output", _text(member(definition, "output_data_config", "s3_output_path"))),
        ("role", _text(member(definition, "role_arn"))),
        ("channels", _names(member(definition, "input_data_config"), "channel_name")),
        ("metrics", _names(member(algorithm, "metric_definitions"), "name")),
        ("static hyperparameters", _listed(_items(member(definition, "static_hyper_parameters")))),
        ("environment variables", _listed(_items(member(definition, "environment")))),
        ("other members", ", ".join(_other_members(definition, _IN_DEFINITION_LINES))),
    )


def job_lines(request: PartialShape, training: object) -> list[str]:
    """Return the lines of a tuning job, with those of its definitions."""
    config = member(request, "hyper_parameter_tuning_job_config")
    lines = _lines(
        ("objective", _objective(member(config, "hyper_parameter_tuning_job_objective"))),
        ("ranges", _ranges(member(config, "parameter_ranges"))),
        ("strategy", _text(member(config, "strategy"))),
        ("limits", _limits(member(config, "resource_limits"))),
        ("tags", _names(member(request, "tags"), "key")),
        ("other members", ", ".join(_other_members(config, _IN_JOB_LINES) + _other_members(request, _IN_JOB_LINES))),
    )
    single = member(request, "training_job_definition")
    if single is None and not isinstance(training, tuple):
        single = training
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


def _lines(*parts: tuple[str, str]) -> list[str]:
    return [f"{label}: {text}" for label, text in parts if text]


def _text(value: object) -> str:
    """Format a value in one line."""
    return "" if value is None else repr(str(value)[:_MAX_CHARACTERS])[1:-1]


def _items(value: Any) -> list[object]:  # noqa: ANN401 - a member has any type
    return list(value) if isinstance(value, Sequence | Mapping) and not isinstance(value, str) else []


def _listed(items: Sequence[object], text: Callable[[object], str] = _text, separator: str = ", ") -> str:
    more = f" and {len(items) - _MAX_ITEMS} more" if len(items) > _MAX_ITEMS else ""
    return separator.join(map(text, items[:_MAX_ITEMS])) + more


def _names(items: object, name: str) -> str:
    return _listed([member(item, name) for item in _items(items)])


def _objective(objective: object) -> str:
    metric = member(objective, "metric_name")
    return "" if metric is None else f"{_text(member(objective, 'type')).lower()} {_text(metric)}"


def _ranges(ranges: object) -> str:
    formatters = {
        "integer_parameter_ranges": _bounds,
        "continuous_parameter_ranges": _bounds,
        "categorical_parameter_ranges": lambda each: _listed(_items(member(each, "values"))),
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


def _instances(definition: object) -> str:
    for name in ("resource_config", "hyper_parameter_tuning_resource_config"):
        resources = member(definition, name)
        for several in ("instance_groups", "instance_preferences", "instance_configs"):
            if items := _items(member(resources, several)):
                return _listed(items, _instance)
        if resources is not None:
            return _instance(resources)
    return ""


def _instance(instance: object) -> str:
    return " ".join(filter(None, (_text(member(instance, name)) for name in ("instance_count", "instance_type"))))


def _limits(limits: object) -> str:
    jobs = member(limits, "max_number_of_training_jobs")
    parallel = member(limits, "max_parallel_training_jobs")
    seconds = member(limits, "max_runtime_in_seconds")
    parts = [
        "" if jobs is None else f"{_text(jobs)} training {'job' if jobs == 1 else 'jobs'}",
        "" if parallel is None else f"{_text(parallel)} in parallel",
        "" if seconds is None else f"{_text(seconds)} seconds",
    ]
    return ", ".join(filter(None, parts))


def _other_members(whole: object, in_lines: frozenset[str]) -> list[str]:
    """Return the members that are set and have no line."""
    cls = whole.cls if isinstance(whole, PartialShape) else type(whole)
    if not issubclass(cls, Shape):
        return []
    names = [field.attribute for field in members_of(cls)]
    return [name for name in names if name not in in_lines and member(whole, name) is not None]
