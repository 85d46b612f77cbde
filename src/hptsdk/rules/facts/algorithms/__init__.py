"""Facts about SageMaker's built-in algorithms, in one data file for each; `README.md` describes the format.

A file is read when its facts are first needed.
"""

from __future__ import annotations

import json
import os
import re
from datetime import date
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from hptsdk._validation import FrozenMap, guide_page, is_dict, is_list

if TYPE_CHECKING:
    from hptsdk.rules.facts.algorithms.model import Algorithm

PROGRAM, SUBMIT_DIRECTORY = "sagemaker_program", "sagemaker_submit_directory"
"""The hyperparameters with which the SageMaker Python SDK passes the name of a script, and the archive that has it."""

# A script in the bucket of JumpStart; each region has one.
_SOURCE = r"s3://jumpstart-cache-prod-[a-z]+(?:-[a-z]+)+-[0-9]+/source-directory-tarballs/(.+)"

_FOLDER = os.path.dirname(__file__)


@cache
def algorithm_names() -> tuple[str, ...]:
    """Return the names of the algorithms that have a data file, sorted."""
    return tuple(sorted(name.removesuffix(".json") for name in os.listdir(_FOLDER) if name.endswith(".json")))


def is_built_in(name: str) -> bool:
    """Check whether an algorithm has this name, title or page; case, punctuation and "sagemaker-" are ignored.

    Example:
        >>> is_built_in("sagemaker-xgboost"), is_built_in("k means"), is_built_in("mine")
        (True, True, False)
    """
    return _simplified(name) in _simplified_names()


@cache
def _simplified_names() -> frozenset[str]:
    files = {name: _data_file(name) for name in algorithm_names()}
    names = [each for name, file in files.items() for each in (name, file["title"], file["page"].removeprefix("dg/"))]
    return frozenset(map(_simplified, names))


def _simplified(name: str) -> str:
    """Return the letters and digits of a name without "sagemaker-", in lower case."""
    return re.sub(r"[^a-z0-9]", "", name.lower().removeprefix("sagemaker-"))


def algorithm_with_repository(repository: str) -> str | None:
    """Return the algorithm whose images are in a repository of Amazon ECR; None if there is none.

    Args:
        repository: the name of a repository in an account of AWS.

    Example:
        >>> algorithm_with_repository("sagemaker-xgboost")
        'xgboost'
    """
    name = repository.removeprefix("sagemaker-")
    return name if name in algorithm_names() and repository in _data_file(name)["repositories"] else None


@lru_cache(maxsize=256)
def algorithm_with_source(address: str) -> str | None:
    """Return the algorithm of SageMaker JumpStart whose scripts are at an address in Amazon S3.

    AWS runs these algorithms as scripts in the images of frameworks.

    Args:
        address: the address of an archive of scripts.

    Returns:
        The name of the algorithm's data file; None if the scripts are others.

    Example:
        >>> bucket = "s3://jumpstart-cache-prod-us-west-2/source-directory-tarballs"
        >>> algorithm_with_source(f"{bucket}/catboost/transfer_learning/regression/v2.1.1/sourcedir.tar.gz")
        'catboost'
    """
    match = re.fullmatch(_SOURCE, address)
    return match and next((name for name in algorithm_names() if match[1].startswith(_source_prefixes(name))), None)


def _source_prefixes(name: str) -> tuple[str, ...]:
    return tuple(_data_file(name).get("source_prefixes", ()))


@cache
def _data_file(name: str) -> dict[str, Any]:
    """Read a data file. Floats remain text: a message shows a bound as the file writes it."""
    with open(os.path.join(_FOLDER, f"{name}.json"), encoding="utf-8") as file:
        facts: dict[str, Any] = json.load(file, parse_float=str)
    return facts


def metric_direction(name: str, metric: str) -> str | None:
    """Return the direction in which a metric of an algorithm improves; None if the algorithm has no such metric.

    It is faster than `algorithm_facts`, which creates an object for each fact.

    Args:
        name: one of `algorithm_names()`.
        metric: the name of the metric.

    Example:
        >>> metric_direction("xgboost", "validation:auc")
        'Maximize'
    """
    row: dict[str, str] = _data_file(name).get("metrics", {}).get(metric, {})
    return row.get("direction")


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
    from hptsdk.rules.facts.algorithms import model

    facts = dict(_data_file(name))
    tables = {
        "channels": model.AlgorithmChannel,
        "content_types": model.ContentType,
        "metrics": model.Metric,
        "hyperparameters": model.Hyperparameter,
    }
    if (pattern := facts.pop("metric_regex", None)) is not None:
        patterns = {metric: pattern.replace("{metric}", metric.replace(":", "-")) for metric in facts["metrics"]}
        facts["metrics"] = {metric: {"regex": patterns[metric]} | row for metric, row in facts["metrics"].items()}
    for table, cls in tables.items():
        rows: dict[str, dict[str, Any]] = facts.get(table, {})
        facts[table] = FrozenMap({key: cls(name=key, **_arguments(row)) for key, row in rows.items()})
    facts["instances"] = model.Instances(**_arguments(facts["instances"]))
    facts.pop("notes", None)
    facts |= {key: guide_page(facts[key]) for key in _PAGES if key in facts}
    facts |= {"read": date.fromisoformat(facts["read"]), "sources": [_COMMON_SOURCE, *facts["sources"]]}
    return model.Algorithm(name=name, **_arguments(facts))


# The page about all built-in algorithms, a source of every file.
_COMMON_SOURCE = "dg/common-info-all-im-models"

_PAGES = ("page", "tuning_page", "hyperparameters_page")


def _arguments(row: dict[str, Any]) -> dict[str, Any]:
    """Return the arguments for the class of a row: bounds as text, and values that can be hashed."""
    arguments: dict[str, Any] = {key: _frozen(value) for key, value in row.items()}
    arguments.pop("note", None)
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
