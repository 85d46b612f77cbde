"""Tests run against one mutant after another, until the first that fails."""

from __future__ import annotations

import functools
import sys
import time
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

import pytest
from children import ChildError, in_child
from hypothesis import Phase, settings
from mutants import SOURCES, Mutant, mutants_of
from swapping import load_faulty, module_name, swap

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable
    from types import CodeType, FrameType

# The same examples for each mutant; a failure need not be made small.
settings.register_profile(
    "mutation",
    derandomize=True,
    database=None,
    deadline=None,
    max_examples=60,
    phases=[Phase.explicit, Phase.generate],
)
OPTIONS = ["-q", "-x", "--assert=plain", "-p", "no:cacheprovider", "-p", "no:xdist", "--hypothesis-profile", "mutation"]

SESSION = 3600.0
"""Seconds that the tests of one module may take on all its mutants."""

FRESH = 120.0
"""Seconds that they may take on one mutant, when the package is imported anew for it."""


MOST_NAMED = 200
"""Tests that are named one by one; naming many takes pytest longer than running them."""


class Reach(NamedTuple):
    """What a test takes: seconds, and which functions of the subject it calls."""

    seconds: float
    places: frozenset[str]


class Judge:
    """A pytest plugin that runs the collected tests on each mutant that can be swapped in, in forks."""

    def __init__(self, subject: str, mutants: list[Mutant]) -> None:
        self.subject = subject
        self.mutants = mutants
        self.reaches: dict[str, Reach] = {}
        self.outcomes: dict[Mutant, str] = {}
        self.failed = False
        self.error: ChildError | None = None

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note a failure."""
        self.failed = self.failed or report.failed

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Look which test reaches what, then try each mutant with those that reach it, quick ones first."""
        try:
            self.judge(session)
        except ChildError as error:
            self.error = error
        return True

    def judge(self, session: pytest.Session) -> None:
        """Try each mutant."""
        found = in_child(lambda: self.recorded(session.items), SESSION)
        if found is None:
            raise pytest.UsageError("the tests fail without any mutant")
        self.reaches = found
        for mutant in self.mutants:
            items = [item for item in session.items if mutant.place in found[item.nodeid].places]
            items.sort(key=lambda item: found[item.nodeid].seconds)
            limit = 10 + 10 * sum(found[item.nodeid].seconds for item in items)
            work = functools.partial(self.tried, mutant, items)
            self.outcomes[mutant] = in_child(work, limit) or "stopped"

    def tried(self, mutant: Mutant, items: list[pytest.Item]) -> str:
        """Try one mutant, in a fork."""
        if not swap(mutant, (SOURCES / self.subject).read_text()):
            return "not tried"
        return "killed" if self.fails(items) else "survived"

    def fails(self, items: Iterable[pytest.Item]) -> bool:
        """Run tests until one fails."""
        items = list(items)
        for item, following in zip(items, [*items[1:], None], strict=True):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if self.failed:
                return True
        return False

    def recorded(self, items: list[pytest.Item]) -> dict[str, Reach] | None:
        """Run all tests, noting what each reaches; None where one fails."""
        file = sys.modules[module_name(self.subject)].__file__
        met: dict[str, set[str]] = defaultdict(set)
        seconds: dict[str, float] = {}
        now = ""

        def note(frame: FrameType, event: str, _: object) -> None:
            if event == "call" and frame.f_code.co_filename == file:
                met[now].add(place_of(frame.f_code))

        for item, following in zip(items, [*items[1:], None], strict=True):
            now = item.nodeid
            began = time.perf_counter()
            sys.setprofile(note)
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            sys.setprofile(None)
            seconds[now] = time.perf_counter() - began
        return None if self.failed else {name: Reach(seconds[name], frozenset(met[name])) for name in seconds}


def place_of(code: CodeType) -> str:
    """Name the function or method that code belongs to."""
    return code.co_qualname.partition(".<locals>")[0]


def imported(subject: str) -> frozenset[str]:
    """Import a subject, and give which functions of it that calls already."""
    file, met = str(SOURCES / subject), set[str]()

    def note(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_code.co_filename == file:
            met.add(place_of(frame.f_code))

    sys.setprofile(note)
    __import__(module_name(subject))
    sys.setprofile(None)
    return frozenset(met)


def uncached_rules() -> None:
    """Have the rules keep no results: else a test that asks again would not reach what it tests."""
    for name in ("cache", "lru_cache"):
        setattr(functools, name, sparing(getattr(functools, name)))


def sparing(cached: Callable[..., object]) -> Callable[..., object]:
    """Make of a decorator that keeps results one that keeps none of the rules'."""

    def decorator(function: Callable[..., object] | None = None, **options: object) -> object:
        if function is None:
            return functools.partial(decorator, **options)
        if not function.__module__.startswith("hptsdk.rules"):
            return cached(**options)(function) if options else cached(function)
        return functools.wraps(function)(functools.partial(function))  # with the function behind it, as a cache has

    return decorator


def swapped(mutants: list[Mutant], subject: str, tests: list[str]) -> tuple[dict[Mutant, str], dict[str, Reach]]:
    """Try those mutants that can be swapped in, and tell what the tests reach.

    One that survived in a function that the import calls may have come too late: it is not tried yet.
    """
    judge = Judge(subject, mutants)
    uncached_rules()
    early = imported(subject)
    pytest.main([*OPTIONS, *tests], plugins=[judge])
    if judge.error:
        raise judge.error
    again = {m: "not tried" for m, outcome in judge.outcomes.items() if outcome == "survived" and m.place in early}
    return judge.outcomes | again, judge.reaches


def fresh(mutant: Mutant, tests: list[str]) -> str:
    """Try one mutant with everything imported anew."""

    def tried() -> str:
        load_faulty(mutant, str(SOURCES / mutant.subject))
        return "killed" if pytest.main([*OPTIONS, *tests]) else "survived"

    return in_child(tried, FRESH) or "stopped"


def fresh_outcome(mutant: Mutant, tests: list[str], reaches: dict[str, Reach]) -> str:
    """Try one mutant with fresh imports: with tests that reach what it concerns, quick ones first, then with all."""
    named = [name for name, reach in reaches.items() if reach.places & mutant.users]
    named.sort(key=lambda name: reaches[name].seconds)
    outcome = fresh(mutant, named[:MOST_NAMED]) if named else "survived"
    enough = mutant.place and 0 < len(named) <= MOST_NAMED
    return fresh(mutant, tests) if outcome == "survived" and not enough else outcome


def outcomes_of(
    subject: str, tests: list[str], *, swaps: bool, only: Container[object] | None = None
) -> dict[Mutant, str]:
    """Try the mutants of a subject, or only those with these keys: what can't be swapped is imported afresh."""
    mutants = [mutant for mutant in mutants_of(subject) if only is None or mutant.key in only]
    control = Mutant(subject, "", "", "", (SOURCES / subject).read_text(), frozenset())
    if (found := fresh(control, tests)) != "survived":
        raise RuntimeError(f"{subject} without any mistake is {found} by its tests")
    outcomes: dict[Mutant, str] = dict.fromkeys(mutants, "not tried")
    reaches: dict[str, Reach] = {}
    if swaps:
        first = in_child(lambda: swapped(mutants, subject, tests), SESSION)
        if not first or not first[1]:
            raise RuntimeError(f"the tests of {subject} could not be run")
        outcomes, reaches = first
    for mutant, outcome in outcomes.items():
        if outcome == "not tried":
            outcomes[mutant] = fresh_outcome(mutant, tests, reaches)
    return outcomes
