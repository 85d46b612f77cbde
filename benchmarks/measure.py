"""Ratios of running times, measured alternately, so that the load of the machine affects both sides."""

import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from statistics import median
from typing import NamedTuple


class Row(NamedTuple):
    """One row of the table.

    Attributes:
        work: the description of the measured work.
        against: the description of the work that it is compared with.
        ratio: the measured ratio.
        must: the largest allowed ratio.
        reach: the target for later releases.
    """

    work: str
    against: str
    ratio: float
    must: float
    reach: float

    @property
    def is_within_bound(self) -> bool:
        """Whether the ratio is at most the largest allowed one."""
        return self.ratio <= self.must


def ratio(work: Callable[[], object], against: Callable[[], object], *, rounds: int = 25, times: int = 1) -> float:
    """Return the median ratio of the running times of two functions.

    Args:
        work: the function whose time is divided.
        against: the function by whose time it is divided.
        rounds: the number of ratios. In each round, `work` is measured first.
        times: the number of calls of each function in a round.
    """

    def timed(function: Callable[[], object]) -> float:
        began = time.perf_counter()
        for _ in range(times):
            function()
        return time.perf_counter() - began

    work()
    against()
    return median(timed(work) / timed(against) for _ in range(rounds))


def process(arguments: Sequence[str]) -> Callable[[], object]:
    """Return a function that runs a new Python process to its end and discards its standard output."""
    return lambda: subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)


def table(rows: Sequence[Row]) -> str:
    """Return the rows as a table in Markdown."""
    lines = ["| work | compared with | ratio | bound | target |", "| --- | --- | --- | --- | --- |"]
    lines += [
        f"| {row.work} | {row.against} | {row.ratio:.2f}{'' if row.is_within_bound else ' (missed)'} "
        f"| ≤ {row.must} | {row.reach} |"
        for row in rows
    ]
    return "\n".join(lines)
