"""Facts about SageMaker's first-party algorithms, in one data file for each; `README.md` describes the format.

A file is read when an image of its algorithm is first used in a request.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from hptsdk._validation import FrozenMap, guide_page, is_dict, is_list

if TYPE_CHECKING:
    from hptsdk.rules.facts.algorithms.model import Algorithm

__all__ = ["algorithm_facts", "algorithm_names"]


@cache
def algorithm_names() -> tuple[str, ...]:
    """Return the names of the algorithms that have a data file, sorted."""
    from importlib.resources import files

    names = (entry.name for entry in files(__name__).iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


@cache
def algorithm_facts(name: str) -> Algorithm:
    """Read the facts about an algorithm.

    Args:
        name: one of `algorithm_names()`, as `hptsdk.rules.facts.accounts.algorithm_of` returns it.

    Raises:
        FileNotFoundError: there is no data file for the algorithm.

    Example:
        >>> algorithm_facts("xgboost").tunable["eta"].max
        '1'
    """
    import tomllib
    from importlib.resources import files

    from hptsdk.rules.facts.algorithms import model

    # floats stay text: a message shows a bound as the file writes it
    text = files(__name__).joinpath(f"{name}.toml").read_text("utf-8")
    facts: dict[str, Any] = tomllib.loads(text, parse_float=str)
    tables = {
        "channels": model.AlgorithmChannel,
        "content_types": model.ContentType,
        "metrics": model.Metric,
        "hyperparameters": model.Hyperparameter,
    }
    if (pattern := facts.pop("metric_regex", None)) is not None:
        for metric, row in facts["metrics"].items():
            row.setdefault("regex", pattern.replace("{metric}", metric.replace(":", "-")))
    for table, cls in tables.items():
        rows: dict[str, dict[str, Any]] = facts.get(table, {})
        facts[table] = FrozenMap({key: cls(name=key, **_arguments(row)) for key, row in rows.items()})
    facts["instances"] = model.Instances(**_arguments(facts["instances"]))
    facts.update({key: guide_page(facts[key]) for key in _PAGES if key in facts})
    return model.Algorithm(name=name, **_arguments(facts))


_PAGES = ("page", "tuning_page", "hyperparameters_page")


def _arguments(row: dict[str, Any]) -> dict[str, Any]:
    """Return the arguments for the class of a row: bounds as text, and values that can be hashed."""
    arguments: dict[str, Any] = {"only_if" if key == "if" else key: _frozen(value) for key, value in row.items()}
    for key in ("min", "max"):
        if key in row:
            arguments[key] = str(row[key])
    if "recommended" in row:
        arguments["recommended"] = tuple(map(str, row["recommended"]))
    return arguments


def _frozen(value: object) -> object:
    """Return lists as tuples, and tables of lists as immutable mappings."""
    if is_list(value):
        return tuple(value)
    return FrozenMap({key: _frozen(item) for key, item in value.items()}) if is_dict(value) else value
