"""The algorithm of a definition, and the values of its hyperparameters, as the rules of algorithms compare them."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from hptsdk._validation import closest, format_value
from hptsdk.rules.facts.accounts import algorithm_of
from hptsdk.rules.facts.algorithms import PROGRAM, SUBMIT_DIRECTORY, algorithm_facts, algorithm_with_source
from hptsdk.rules.range_values import parse_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from hptsdk.rules.definitions import AlgorithmTraining
    from hptsdk.rules.facts.algorithms.model import Algorithm, Hyperparameter, Metric
    from hptsdk.shapes import HyperParameterTrainingJobDefinition as Definition

_JUMPSTART_PROGRAM = "transfer_learning.py"
_CODE_CHANNEL = "/opt/ml/input/data/code/"


def algorithm_of_definition(definition: Definition) -> Algorithm | None:
    """Return the facts about the built-in algorithm that a definition runs.

    It is the algorithm of the image, or one of JumpStart, whose scripts run in the image of a framework.

    Args:
        definition: any definition.

    Returns:
        The facts; None without an image, and for one that is custom or unknown, or that runs the user's own script,
        whose hyperparameters, metrics and channels are not known.
    """
    image, static = definition.algorithm_specification.training_image, definition.static_hyper_parameters
    if not image:
        return None
    facts = _algorithm_of_image(image)
    if facts is not None:
        names, variables = static if static is not None else (), definition.environment
        return None if facts.runs_script(names, variables if variables is not None else ()) else facts
    if static is None or static.get(PROGRAM, "").strip('"') != _JUMPSTART_PROGRAM:
        return None
    name = algorithm_with_source(_source_of(definition, static))
    return algorithm_facts(name) if name is not None else None


@lru_cache(maxsize=256)
def _algorithm_of_image(image: str) -> Algorithm | None:
    name = algorithm_of(image)
    return algorithm_facts(name) if name is not None else None


def _source_of(definition: Definition, static: Mapping[str, str]) -> str:
    """Return the address of the script's archive, or of the channel "code" that has it; empty text if not known."""
    source = static.get(SUBMIT_DIRECTORY, "").strip('"')
    if not source.startswith(_CODE_CHANNEL):
        return source
    sources = [c.data_source.s3_data_source for c in definition.input_data_config or () if c.channel_name == "code"]
    return next((source.s3_uri for source in sources if source is not None), "")


@cache
def _by_name(algorithm: str) -> Mapping[str, Hyperparameter]:
    """Return the hyperparameters of an algorithm by each name that it accepts."""
    facts = algorithm_facts(algorithm).hyperparameters
    return {alias: fact for fact in facts.values() for alias in fact.aliases} | dict(facts)


def hyperparameter_named(algorithm: Algorithm, name: str) -> Hyperparameter | None:
    """Return the hyperparameter with a name or an alias; None if the algorithm has none."""
    return _by_name(algorithm.name).get(name)


def hint_for_name(algorithm: Algorithm, name: str, names: Iterable[str]) -> str:
    """Return a hint with the hyperparameter that was likely meant; empty text if none is likely.

    Args:
        algorithm: the algorithm.
        name: another name, such as that of another library.
        names: the names that are possible.
    """
    possible, facts = list(names), algorithm.hyperparameters
    meant = next((each for each in possible if name in facts[each].similar or name in facts[each].aliases), None)
    return f"did you mean {meant!r}?" if meant else closest(name, possible)


def image_has(image: str | None, fact: Hyperparameter) -> bool:
    """Check whether the version of an image certainly has a hyperparameter; true if no version is documented.

    Args:
        image: the registry path of the image; None has an unknown version.
        fact: the hyperparameter.
    """
    if fact.since is None and fact.until is None:
        return True
    version = _version_in_tag(image or "")
    since, until = _version(fact.since or ""), _version(fact.until or "")
    return bool(version) and version[: len(since)] >= since and (not until or version[: len(until)] <= until)


def is_older(image: str | None, version: str) -> bool:
    """Check whether the version of an image is certainly before another one.

    Args:
        image: the registry path of the image; None has an unknown version.
        version: a version, such as `"1.2"`.

    Example:
        >>> is_older("683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.0-1", "1.2")
        True
    """
    own, other = _version_in_tag(image or ""), _version(version)
    return bool(own) and own < other[: len(own)]


@lru_cache(maxsize=256)
def _version_in_tag(image: str) -> tuple[int, ...]:
    """Return the version with which the tag of an image begins, such as 1.7-1; empty if there is none."""
    match = re.search(r":(\d+\.\d+(?:-\d+)?)", image)
    return _version(match[1]) if match else ()


@lru_cache(maxsize=256)
def _version(text: str) -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"\d+", text)))


@lru_cache(maxsize=2048)
def violated_bound(algorithm: str, name: str, text: str) -> str:
    """Return the bound of a hyperparameter that a number violates; empty text if it violates none, or is no number.

    Args:
        algorithm: the name of the algorithm.
        name: a name or alias of one of its hyperparameters.
        text: the number in decimal notation.

    Example:
        >>> violated_bound("xgboost", "subsample", "0")
        'more than 0'
    """
    fact, value = _by_name(algorithm)[name], parse_number(text)
    low, high = parse_number(fact.min or ""), parse_number(fact.max or "")
    if value is None or text in fact.also:
        return ""
    if low is not None and (value < low or (fact.min_excluded and value == low)):
        return f"more than {fact.min}" if fact.min_excluded else f"at least {fact.min}"
    if high is not None and (value > high or (fact.max_excluded and value == high)):
        return f"less than {fact.max}" if fact.max_excluded else f"at most {fact.max}"
    return ""


@lru_cache(maxsize=2048)
def violated_value(algorithm: str, name: str, text: str) -> tuple[str, str] | None:
    """Return what a hyperparameter expects, if a value is not allowed, and a hint; None if it may be allowed.

    Args:
        algorithm: the name of the algorithm.
        name: a name or alias of one of its hyperparameters.
        text: the value; one in quotes is not checked.

    Example:
        >>> violated_value("xgboost", "booster", "gbtre")
        ("one of 'gbtree', 'gblinear', 'dart'", "did you mean 'gbtree'?")
    """
    fact = _by_name(algorithm)[name]
    value = text.strip()
    # a value in quotes is reported by another rule; containers differ about empty text
    if not value or value[0] in "\"'" or value in fact.also:
        return None
    if fact.values:
        return _violated_choice(fact, value)
    if fact.type == "integer" and not _is_whole(value):
        return f"an integer{alternatives(fact.also, ' or ')}", "use an integer"
    if fact.type == "float" and not _is_float(value):
        return f"a number{alternatives(fact.also, ' or ')}", "use a number"
    bound = violated_bound(algorithm, name, value)
    return (bound, "reduce it" if bound.startswith(("at most", "less")) else "increase it") if bound else None


def _violated_choice(fact: Hyperparameter, value: str) -> tuple[str, str] | None:
    """Return the result of `violated_value` for a list of allowed values; booleans may be in any case."""
    allowed = (*fact.values, *fact.also)
    if fact.type == "boolean":
        value, allowed = value.lower(), tuple(dict.fromkeys(each.lower() for each in allowed))
    for item in list_items(value) if fact.type == "list" else [value]:
        if not matches_any(item, allowed):
            one = "one or more of" if fact.type == "list" else "one of"
            return f"{one} {alternatives(allowed)}", closest(item, allowed) or "use one of these values"
    return None


def alternatives(values: Sequence[str], before: str = "") -> str:
    """Format at most six values for a message; empty text for none.

    Args:
        values: the values.
        before: text before the values.
    """
    most = 6
    more = f" and {len(values) - most} more" if len(values) > most else ""
    return f"{before}{', '.join(map(format_value, values[:most]))}{more}" if values else ""


@lru_cache(maxsize=2048)
def matches_any(value: str, patterns: tuple[str, ...]) -> bool:
    """Check whether a value matches a pattern, in which `*` means any text or none; case is significant."""
    from fnmatch import fnmatchcase

    return any(value == each or ("*" in each and fnmatchcase(value, each)) for each in patterns)


def unfit_hyperparameters(training: AlgorithmTraining, metric: Metric) -> Iterator[tuple[str, str]]:
    """Yield each hyperparameter whose value excludes a metric, and the values that the metric needs, for messages."""
    for name, patterns in metric.only_if.items():
        # other rules report a value in quotes, and one that the algorithm does not allow
        values = [value.strip("\"' ") for value in training.values_of(name) or ()]
        if not values or any(matches_any(value, patterns) for value in values):
            continue
        if not any(violated_value(training.algorithm.name, name, value) for value in values):
            yield format_value(name), f"{'one of ' if len(patterns) > 1 else ''}{alternatives(patterns)}"


def list_items(value: str) -> list[str]:
    """Split a list with commas or blanks, or one in JSON, into its items."""
    return [item for item in re.split(r"[\s,\[\]\"']+", value) if item]


def _is_whole(value: str) -> bool:
    number = parse_number(value)
    return number is not None and number == number.to_integral_value()


def _is_float(value: str) -> bool:
    try:
        float(value)
    except ValueError:
        return False
    return True
