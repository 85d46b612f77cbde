"""The tables about the distribution of plausible requests, from the profile of the strategies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hptsdk.testing.strategies._draw import profile

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

__all__ = ["shares_text"]


def shares_text() -> str:
    """Return the tables with the percentages of alternatives and of optional members, in Markdown."""
    alternatives = _table(("choice", "alternatives"), _alternatives())
    members = _table(("structure", "optional members"), _members())
    return f"{alternatives}\n{members}\n"


def _alternatives() -> Iterator[tuple[str, str]]:
    strategies = profile.VALUES["HyperParameterTuningJobConfig"]["Strategy"]
    yield "Algorithm of a definition", _shares(profile.ALGORITHMS)
    yield "`Strategy`", _shares({f"`{name}`": share for name, share in strategies.items()})
    yield "Number of definitions", _shares(_definitions())
    yield "Data source of a channel", _shares(_sources())
    yield "Region", _shares(profile.VALUES["CreateHyperParameterTuningJobRequest"]["region"])
    yield "Number of channels of a custom image", _shares(profile.CHANNELS)
    yield "Number of items in other lists", _shares(profile.ITEMS)
    yield "`Tags`", f"{profile.WITH_TAGS} %"
    yield "`StaticHyperParameters` of a custom image", f"{profile.WITH_STATIC} %"
    yield (
        "Another tag, static hyperparameter or range after each one",
        f"{profile.MORE_ITEMS} %, but at most {profile.MOST_ITEMS} of each",
    )
    yield "Number of metrics of a custom image besides the objective metric", _shares(profile.OTHER_METRICS)
    yield "`CheckpointConfig` with managed spot training", f"{profile.SPOT_WITH_CHECKPOINTS} %"


def _definitions() -> Iterator[tuple[str, int]]:
    for (count, in_list), share in profile.DEFINITIONS.items():
        yield f"{count} in `TrainingJobDefinition{'s' if in_list else ''}`", share


def _sources() -> Iterator[tuple[str, int]]:
    for share, source, members in profile.SOURCES:
        details = " and ".join(f"`{value}`" for value in members.values() if value)
        with_details = f" with {details or 'other values'}" if source == "S3DataSource" else ""
        yield f"`{source}`{with_details}", share


def _members() -> Iterator[tuple[str, str]]:
    for name, choices in profile.SHARES.items():
        texts = [
            _shares(
                (" and ".join(f"`{member}`" for member in members.split()), share) for members, share in choice.items()
            )
            for choice in choices
        ]
        yield f"`{name}`", "; ".join(texts)


def _shares(shares: Mapping[Any, int] | Iterable[tuple[str, int]]) -> str:
    return ", ".join(f"{name}: {share} %" for name, share in dict(shares).items())


def _table(head: tuple[str, str], rows: Iterable[tuple[str, str]]) -> str:
    lines = [f"| {' | '.join(head)} |", "| --- | --- |", *(f"| {first} | {second} |" for first, second in rows)]
    return "\n".join([*lines, ""])
