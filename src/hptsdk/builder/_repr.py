"""Summaries of builders, for their repr: the parts in a few lines, and no value that may be a secret."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, cast

from hptsdk._validation import members_of, with_article
from hptsdk.builder._partial_shape import Partial, member
from hptsdk.shapes import HyperParameterTrainingJobDefinition

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from hptsdk._validation import Shape

__all__ = ["summary", "summary_of_definition", "summary_of_job"]

# A list shows this many items, and an item this many characters.
_ITEMS = 10
_CHARACTERS = 256

_SHOWN_OF_DEFINITION = frozenset(
    {
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
    }
)
_SHOWN_OF_JOB = frozenset(
    {
        "hyper_parameter_tuning_job_config",
        "hyper_parameter_tuning_job_name",
        "hyper_parameter_tuning_job_objective",
        "parameter_ranges",
        "resource_limits",
        "strategy",
        "tags",
        "training_job_definition",
        "training_job_definitions",
    }
)
_CONFIG = "hyper_parameter_tuning_job_config"


def summary(builder: object, name: object, lines: Sequence[str]) -> str:
    """Format the repr of a builder."""
    title = type(builder).__name__ + (f" {name!r}" if name else "")
    return "\n  ".join([f"<{title}", *lines]) + ">"


def summary_of_definition(definition: Partial | Shape) -> list[str]:
    """Return the lines of a training job definition."""
    runtime = member(definition, "stopping_condition", "max_runtime_in_seconds")
    return _lines(
        ("objective", _objective(member(definition, "tuning_objective"))),
        ("ranges", _ranges(member(definition, "hyper_parameter_ranges"))),
        ("image", _text(member(definition, "algorithm_specification", "training_image"))),
        ("algorithm", _text(member(definition, "algorithm_specification", "algorithm_name"))),
        ("instances", _instances(definition)),
        ("runtime", "" if runtime is None else f"{_text(runtime)} seconds"),
        ("output", _text(member(definition, "output_data_config", "s3_output_path"))),
        ("role", _text(member(definition, "role_arn"))),
        ("channels", _names(member(definition, "input_data_config"), "channel_name")),
        ("metrics", _names(member(definition, "algorithm_specification", "metric_definitions"), "name")),
        ("static hyperparameters", _listed(_items(member(definition, "static_hyper_parameters")))),
        ("environment variables", _listed(_items(member(definition, "environment")))),
        ("other members", ", ".join(_others(definition, _SHOWN_OF_DEFINITION))),
    )


def summary_of_job(request: Partial, training: object) -> list[str]:
    """Return the lines of a tuning job, with those of its definitions."""
    config = member(request, _CONFIG)
    others = [*_others(config, _SHOWN_OF_JOB), *_others(request, _SHOWN_OF_JOB)]
    lines = _lines(
        ("objective", _objective(member(config, "hyper_parameter_tuning_job_objective"))),
        ("ranges", _ranges(member(config, "parameter_ranges"))),
        ("strategy", _text(member(config, "strategy"))),
        ("limits", _limits(member(config, "resource_limits"))),
        ("tags", _names(member(request, "tags"), "key")),
        ("other members", ", ".join(others)),
    )
    single = member(request, "training_job_definition")
    several = _items(member(request, "training_job_definitions") or training)
    if single is None and not isinstance(training, tuple):
        single = training
    if single is not None:
        lines += _part("training", single)
    for definition in several:
        lines += _part("definition", definition)
    return lines


def _part(label: str, definition: object) -> list[str]:
    if not isinstance(definition, Partial | HyperParameterTrainingJobDefinition):
        return [f"{label}: {with_article(type(definition).__name__)}"]
    name = member(definition, "definition_name")
    return [f"{label}{f' {name!r}' if name else ''}:", *(f"  {line}" for line in summary_of_definition(definition))]


def _lines(*parts: tuple[str, str]) -> list[str]:
    return [f"{label}: {text}" for label, text in parts if text]


def _text(value: object) -> str:
    """Format a value in one line."""
    return "" if value is None else repr(str(value)[:_CHARACTERS])[1:-1]


def _items(value: object) -> list[object]:
    is_list = isinstance(value, Sequence | Mapping) and not isinstance(value, str)
    return list(cast("Iterable[object]", value)) if is_list else []


def _listed(items: Sequence[object], text: Callable[[object], str] = _text, separator: str = ", ") -> str:
    more = f" and {len(items) - _ITEMS} more" if len(items) > _ITEMS else ""
    return separator.join(map(text, items[:_ITEMS])) + more


def _names(items: object, name: str) -> str:
    return _listed([member(item, name) for item in _items(items)])


def _objective(objective: object) -> str:
    metric = member(objective, "metric_name")
    return "" if metric is None else f"{_text(member(objective, 'type')).lower()} {_text(metric)}"


def _ranges(ranges: object) -> str:
    texts = [
        *(_bounds(one) for one in _items(member(ranges, "integer_parameter_ranges"))),
        *(_bounds(one) for one in _items(member(ranges, "continuous_parameter_ranges"))),
        *(
            f"{_text(member(one, 'name'))} {_listed(_items(member(one, 'values')))}"
            for one in _items(member(ranges, "categorical_parameter_ranges"))
        ),
        *(f"{_text(member(one, 'name'))} chosen by Autotune" for one in _items(member(ranges, "auto_parameters"))),
    ]
    return _listed(texts, str, "; ")


def _bounds(bounds: object) -> str:
    name, low, high, scaling = (
        _text(member(bounds, name)) for name in ("name", "min_value", "max_value", "scaling_type")
    )
    return f"{name} {low} to {high}{f', {scaling}' if scaling else ''}"


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


def _others(whole: object, shown: frozenset[str]) -> list[str]:
    """Return the members that are set and have no line of their own."""
    cls = whole.cls if isinstance(whole, Partial) else cast("type[Shape]", type(whole))
    if whole is None:
        return []
    names = [field.attribute for field in members_of(cls)]
    return [name for name in names if name not in shown and member(whole, name) is not None]
