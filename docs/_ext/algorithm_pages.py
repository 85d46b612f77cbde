"""The pages about the built-in algorithms, from `hptsdk.schema.algorithms`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hptsdk import schema

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from hptsdk.schema import Algorithm, AlgorithmChannel, Hyperparameter, Instances

__all__ = ["algorithm_text", "algorithms_text", "write_pages"]

_GUIDE = "https://docs.aws.amazon.com/sagemaker/latest/"

_GPU = {
    "required": "A GPU is required.",
    "optional": "A GPU is optional.",
    "unsupported": "A GPU is not used.",
    None: "AWS does not document whether a GPU is used.",
}

_LEGEND = """The notes have these forms:

- *only if*: a condition on other hyperparameters. If it is not met, the hyperparameter has no effect or is
  rejected. If the note begins with values, it is a condition for these values only.
- *also called*: another name that the algorithm accepts.
- *called ... in other libraries*: a name that the algorithm does not accept.
- *since*, *until*: the first and the last version of the image that has the hyperparameter.

`*` in a value stands for any text. If no default is listed, the hyperparameter has none, or the algorithm computes it.

"""

_RANGES = """SageMaker can tune these hyperparameters. The recommended values and scaling are from the sources below.

"""


def algorithms_text() -> str:
    """Return a table of all algorithms with links to their pages, in Markdown."""
    rows = (
        [f"[{facts.title}]({facts.name}.md)", _codes(facts.repositories) or "none", "yes" if facts.tunable else "no"]
        for facts in sorted(schema.algorithms(), key=lambda facts: facts.title.lower())
    )
    return _table(("algorithm", "ECR repositories", "can be tuned"), rows)


def write_pages(folder: Path) -> None:
    """Write a page for each algorithm, with the directive `hpt-algorithm`. A page with the same text is not written."""
    for facts in schema.algorithms():
        page, text = folder / f"{facts.name}.md", f"# {facts.title}\n\n```{{hpt-algorithm}} {facts.name}\n```\n"
        if not page.exists() or page.read_text("utf-8") != text:
            page.write_text(text, "utf-8")


def algorithm_text(name: str) -> str:
    """Return the facts about the algorithm with this name, in Markdown."""
    [facts] = [each for each in schema.algorithms() if each.name == name.strip()]
    return "\n".join(
        [
            _summary(facts),
            _section("Hyperparameters", _hyperparameters(facts)),
            _section("Ranges", _ranges(facts)),
            _section("Metrics", _metrics(facts)),
            _section("Channels", _channels(facts)),
            _section("Content types", _content_types(facts)),
            _section("Sources", _sources(facts)),
        ]
    )


def _section(title: str, text: str) -> str:
    return f"## {title}\n\n{text}"


def _summary(facts: Algorithm) -> str:
    """Return the facts about the algorithm as a whole, as a list."""
    isolation = {True: "supported", False: "not supported", None: "not documented"}[facts.network_isolation]
    lines = {
        "ECR repositories": _codes(facts.repositories) or "none: it runs in the image of a framework",
        "folders of its scripts in the bucket of JumpStart": _codes(facts.source_prefixes),
        "script mode": "your script, which the static hyperparameter `sagemaker_program` names, can run instead of the "
        "algorithm"
        if facts.script_mode
        else "",
        "instances": _instances(facts.instances),
        "input modes": _codes(facts.input_modes) or "not documented",
        "network isolation": isolation,
        "repositories with images that resume an interrupted training job": _codes(facts.checkpoint_repositories),
    }
    return "".join(f"- {label}: {text}\n" for label, text in lines.items() if text)


def _instances(instances: Instances) -> str:
    """Return sentences about the number of instances and about GPUs."""
    notes = {
        _most(instances.max_count): True,
        f"Only one if {_conditions(instances.single_if, ' or ')}.": instances.single_if,
        _GPU[instances.gpu]: True,
        f"A GPU is required if {_conditions(instances.gpu_if, ' or ')}.": instances.gpu_if,
        f"No GPU is used if {_conditions(instances.cpu_if, ' or ')}.": instances.cpu_if,
        f"Images before version {instances.gpu_since} do not use a GPU.": instances.gpu_since,
    }
    return " ".join(text for text, holds in notes.items() if holds)


def _most(count: int | None) -> str:
    """Return a sentence about the maximum number of instances."""
    if count is None:
        return "Any number."
    return "Only one." if count == 1 else f"At most {count}."


def _hyperparameters(facts: Algorithm) -> str:
    rows = (
        [f"`{each.name}`", each.type or "", _values(each), f"`{each.default}`" if each.default else "", _notes(each)]
        for each in facts.hyperparameters.values()
    )
    return _LEGEND + _table(("hyperparameter", "type", "values", "default", "notes"), rows)


def _values(fact: Hyperparameter) -> str:
    """Return the allowed values of a hyperparameter."""
    low = f"{'above' if fact.min_excluded else 'at least'} {fact.min}" if fact.min is not None else ""
    high = f"{'below' if fact.max_excluded else 'at most'} {fact.max}" if fact.max is not None else ""
    bounds = ", ".join(part for part in (low, high) if part)
    return " or ".join(part for part in (bounds, _codes(fact.values), _codes(fact.also)) if part)


def _notes(fact: Hyperparameter) -> str:
    """Return when a hyperparameter is required or has an effect, its other names, and the versions of the image."""
    notes = {
        "required": fact.required,
        f"required if {_conditions(fact.required_if, ' or ')}": fact.required_if,
        _needs_of_values(fact): fact.value_needs,
        f"only if {_conditions(fact.only_if)}": fact.only_if,
        f"also called {_codes(fact.aliases)}": fact.aliases,
        f"called {_codes(fact.similar)} in other libraries": fact.similar,
        f"since version {fact.since}": fact.since,
        f"until version {fact.until}": fact.until,
    }
    return "; ".join(text for text, holds in notes.items() if holds)


def _needs_of_values(fact: Hyperparameter) -> str:
    """Return the values that need values of other hyperparameters; values with the same needs are one list."""
    by_need: dict[str, list[str]] = {}
    for value, needs in fact.value_needs.items():
        by_need.setdefault(_conditions(needs), []).append(value)
    return "; ".join(f"{_codes(values)} only if {need}" for need, values in by_need.items())


def _ranges(facts: Algorithm) -> str:
    if not facts.tunable:
        return "SageMaker cannot tune this algorithm.\n"
    rows = (
        [f"`{fact.name}`", fact.range or "", _recommended(fact), fact.scaling or ""] for fact in facts.tunable.values()
    )
    text = _RANGES + _table(("hyperparameter", "type of range", "recommended", "scaling"), rows)
    if not any(fact.recommended for fact in facts.tunable.values()):
        return text
    function = f'{{py:func}}`hptsdk.default_ranges("{facts.name}") <hptsdk.default_ranges>`'
    return f"{text}\n{function} returns the recommended ranges that a tuning job can use together.\n"


def _recommended(fact: Hyperparameter) -> str:
    if fact.range == "Categorical":
        return _codes(fact.recommended)
    return " to ".join(fact.recommended)


def _metrics(facts: Algorithm) -> str:
    if not facts.metrics:
        return "Not documented.\n"
    rows = (
        [
            f"`{each.name}`",
            each.direction,
            f"`{each.channel}`" if each.channel else "training data",
            "yes" if each.objective else "no",
            _conditions(each.only_if),
        ]
        for each in facts.metrics.values()
    )
    return _table(("metric", "direction", "computed on", "can be the objective", "exists only if"), rows)


def _channels(facts: Algorithm) -> str:
    rows = ([f"`{each.name}`", _required(each), _codes(each.content_types)] for each in facts.channels.values())
    return _table(("channel", "required", "content types, if they differ from those below"), rows)


def _required(channel: AlgorithmChannel) -> str:
    """Return when a channel is required and when it is read; empty if it is optional."""
    notes = {
        "yes": channel.required,
        f"if the content type of the training data is {_one_of(channel.required_for)}": channel.required_for,
        f"with the hyperparameter {_one_of(channel.required_by)}": channel.required_by,
        f"read only if {_conditions(channel.only_if)}": channel.only_if,
    }
    return "; ".join(text for text, holds in notes.items() if holds)


def _content_types(facts: Algorithm) -> str:
    if not facts.content_types:
        return "Not documented.\n"
    rows = (
        [f"`{each.name}`", _codes(each.input_modes), _conditions(each.parameters, "; ")]
        for each in facts.content_types.values()
    )
    return _table(("content type", "input modes, if documented", "allowed values of parameters"), rows)


def _sources(facts: Algorithm) -> str:
    """Return the pages and files with the facts, and the day on which they were read."""
    pages = [page for page in (facts.page, facts.tuning_page, facts.hyperparameters_page) if page]
    links = [f"[{page.removeprefix(_GUIDE).removesuffix('.html')}]({page})" for page in dict.fromkeys(pages)]
    lines = "".join(f"- {source}\n" for source in [*links, *map(_source, facts.sources)])
    return f"Read on {facts.read:%Y-%m-%d}:\n\n{lines}"


def _source(text: str) -> str:
    """Return a source as a link: a page of the developer guide, or a path in a repository on GitHub."""
    if page := re.fullmatch(r"dg/[\w.-]+", text):
        return f"[{text}]({_GUIDE}{page[0]}.html)"
    if match := re.fullmatch(r"([\w.-]+/[\w.-]+) (.*?)( \(.*\))?", text):
        return f"[{match[1]}](https://github.com/{match[1]}), `{match[2]}`{match[3] or ''}"
    return f"`{text}`" if "/" in text else text


def _conditions(conditions: Mapping[str, tuple[str, ...]], joint: str = " and ") -> str:
    """Return conditions such as "`booster` is `dart`", joined by a word."""
    return joint.join(f"`{name}` is {_one_of(values)}" for name, values in conditions.items())


def _one_of(values: tuple[str, ...]) -> str:
    return " or ".join(part for part in (_codes(values[:-1]), _codes(values[-1:])) if part)


def _codes(values: Iterable[str]) -> str:
    return ", ".join(f"`{value}`" for value in values)


def _table(head: tuple[str, ...], rows: Iterable[list[str]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "".join("".join(f"| {cell.replace('|', chr(92) + '|')} " for cell in line) + "|\n" for line in lines)
