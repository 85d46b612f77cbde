"""The distribution of plausible requests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hptsdk import schema, shapes
from hptsdk.testing.strategies import _profile as profile

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

__all__ = ["shares_text"]


def shares_text() -> str:
    """Return the tables of the shares of alternatives and of optional members, in Markdown."""
    alternatives = _table(("Choice", "Alternatives"), _alternatives())
    members = _table(("Structure", "Optional members"), _members())
    return f"{alternatives}\n{members}\n"


def _alternatives() -> Iterator[tuple[str, str]]:
    yield "Algorithm of a definition", _shares(profile.ALGORITHM_SHARES)
    yield "`Strategy`", _shares({f"`{name}`": share for name, share in profile.STRATEGIES.items()})
    yield "Definitions", _shares(_definitions())
    yield "Data source of a channel", _shares(_sources())
    yield "Region", _shares(profile.REGIONS)
    yield "Another range after each range", f"{profile.ANOTHER_RANGE} %"
    yield "Another item after each item of other lists", f"{profile.ANOTHER_ITEM} %"
    yield "Custom image with more metrics than the objective metric", f"{profile.OTHER_METRICS} %"
    yield "`CheckpointConfig` with managed spot training", f"{profile.WITH_CHECKPOINTS} %"


def _definitions() -> Iterator[tuple[str, int]]:
    for (count, in_list), share in profile.DEFINITION_FORMS.items():
        yield f"{count} in `TrainingJobDefinition{'s' if in_list else ''}`", share


def _sources() -> Iterator[tuple[str, int]]:
    for share, source, members in profile.SOURCES:
        details = list(members.values()) or (["other"] if source == "s3_data_source" else [])
        yield f"{source.replace('_', ' ')}{' ' if details else ''}{', '.join(details)}", share


def _members() -> Iterator[tuple[str, str]]:
    for name, choices in profile.SHARES.items():
        wire_names = {member.attribute: member.wire_name for member in schema.of(getattr(shapes, name)).members}
        if choices:
            yield (
                f"`{name}`",
                "; ".join(
                    _shares(
                        (" and ".join(f"`{wire_names[member]}`" for member in members.split()), share)
                        for members, share in choice.items()
                    )
                    for choice in choices
                ),
            )


def _shares(shares: Mapping[str, int] | Iterable[tuple[str, int]]) -> str:
    return ", ".join(f"{name} {share} %" for name, share in dict(shares).items())


def _table(head: tuple[str, str], rows: Iterable[tuple[str, str]]) -> str:
    lines = [f"| {' | '.join(head)} |", "| --- | --- |", *(f"| {first} | {second} |" for first, second in rows)]
    return "\n".join([*lines, ""])
