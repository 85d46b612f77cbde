"""Measure the strategies of `hptsdk.testing`, compared with `st.builds` on a class with as many members."""

import time
from statistics import median
from typing import Any

import attrs
from hypothesis import HealthCheck, Phase, given, settings, strategies as st
from hypothesis.strategies import SearchStrategy

from hptsdk import schema
from hptsdk._validation import Shape
from hptsdk.shapes import CreateHyperParameterTuningJobRequest
from hptsdk.testing import strategies

ROUNDS = 5
DRAWS = 100


def members_of(value: object) -> int:
    """Count the members that are set, including those of inner structures."""
    if isinstance(value, Shape):
        members = [getattr(value, member.attribute) for member in schema.of(type(value)).members]
        return sum(1 + members_of(item) for item in members if item is not None)
    return sum(map(members_of, value)) if isinstance(value, tuple) else 0


def times(strategy: SearchStrategy[Any]) -> tuple[list[float], list[Any]]:
    """Draw 100 values; return the seconds for each, and the values."""
    seconds: list[float] = []
    values: list[Any] = []

    @settings(
        max_examples=DRAWS,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def draw(data: st.DataObject) -> None:
        began = time.perf_counter()
        values.append(data.draw(strategy))
        seconds.append(time.perf_counter() - began)

    draw()
    return seconds, values


def plain(count: int) -> SearchStrategy[Any]:
    """Return a strategy for an attrs class with this number of members, by turns text and integers with bounds."""
    names = [f"member_{index}" for index in range(count)]
    cls = attrs.make_class("Plain", names, frozen=True)
    kinds = (st.text(min_size=1, max_size=64), st.integers(1, 2**31 - 1))
    return st.builds(cls, **{name: kinds[index % 2] for index, name in enumerate(names)})


def rows() -> list[tuple[str, str, float, float]]:
    """Return the rows for `requests()` and for `requests(extreme=True)`: name, compared class, rate and ratio."""
    extreme = strategies.requests(extreme=True)
    return [measured("`requests()`", strategies.requests()), measured("`requests(extreme=True)`", extreme)]


def measured(
    name: str, strategy: SearchStrategy[CreateHyperParameterTuningJobRequest]
) -> tuple[str, str, float, float]:
    """Measure a strategy and `st.builds` alternately; return the requests per second and the ratio of the medians."""
    _, values = times(strategy)
    count = int(median(map(members_of, values)))
    other = plain(count)
    pairs = [(median(times(strategy)[0]), median(times(other)[0])) for _ in range(ROUNDS)]
    return (
        name,
        f"`st.builds` with {count} members",
        1 / median(p[0] for p in pairs),
        median(p[0] / p[1] for p in pairs),
    )


def table() -> str:
    """Measure, and return the rows as a table in Markdown."""
    lines = ["| strategy | compared with | values per second | ratio |", "| --- | --- | --- | --- |"]
    lines += [f"| {name} | {other} | {rate:.0f} | {ratio:.2f} |" for name, other, rate, ratio in rows()]
    return "\n".join(lines)


if __name__ == "__main__":
    print(table())
