"""Ratios: two pieces of work timed in turns within one run, so that a busy machine slows both alike."""

import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from statistics import median
from typing import NamedTuple


class Row(NamedTuple):
    """One line of the table."""

    work: str
    against: str
    ratio: float
    must: float
    reach: float

    @property
    def met(self) -> bool:
        """Whether the ratio is within what it must be."""
        return self.ratio <= self.must


def ratio(work: Callable[[], object], against: Callable[[], object], *, rounds: int = 25, times: int = 1) -> float:
    """Give the median ratio of the times of two functions over rounds in which they take turns."""

    def timed(function: Callable[[], object]) -> float:
        began = time.perf_counter()
        for _ in range(times):
            function()
        return time.perf_counter() - began

    work()
    against()
    return median(timed(work) / timed(against) for _ in range(rounds))


def process(arguments: Sequence[str]) -> Callable[[], object]:
    """Make a function that runs a fresh Python to its end; what it prints goes nowhere."""
    return lambda: subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)


def table(rows: Sequence[Row]) -> str:
    """Write the rows as Markdown."""
    lines = ["| work | against | measured | must be | reach for |", "| --- | --- | --- | --- | --- |"]
    lines += [
        f"| {row.work} | {row.against} | {row.ratio:.2f}{'' if row.met else ' (missed)'} | ≤ {row.must} | {row.reach} |"
        for row in rows
    ]
    return "\n".join(lines)
