"""Run the tests against each mutant until the first test fails."""

from __future__ import annotations

import functools
import sys
import time
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import pytest
from forks import ForkError, run_in_fork
from hypothesis import Phase, settings
from injection import import_name, install_importer, replace_code
from mutants import SOURCES, Mutant

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from types import FrameType

Line: TypeAlias = tuple[str, int]
"""The path of a file, and the number of a line."""

# The same examples for each mutant. A failing example is not shrunk.
settings.register_profile(
    "mutation", derandomize=True, database=None, deadline=None, max_examples=60, phases=[Phase.explicit, Phase.generate]
)
OPTIONS = ["-q", "-x", "--assert=plain", "-p", "no:cacheprovider", "-p", "no:xdist", "--hypothesis-profile", "mutation"]

SESSION_TIMEOUT = 1800.0
"""Seconds of processor time for the tests of some modules, without their mutants, each of which has its own fork."""

IMPORT_TIMEOUT = 600.0
"""Seconds of processor time for the tests of one mutant if the package is imported anew."""

FACTS = "rules/facts/algorithms"
"""The package whose caches contain the data files of algorithms, which no mutant of another module changes."""

MAX_NAMED_TESTS = 200
"""The maximum number of tests that are passed to pytest by name. More names take longer than running all tests."""


class Coverage(NamedTuple):
    """The lines that the tests execute.

    Attributes:
        names: the names of the tests.
        seconds: the duration of each test.
        tests: the positions in `names` of the tests that execute a line of a file.
    """

    names: list[str]
    seconds: list[float]
    tests: dict[Line, list[int]]

    def of(self, mutant: Mutant) -> list[int]:
        """Return the positions of the tests that can detect a mutant, those that are likely to detect it first."""
        executed = Counter(position for line in mutant.context for position in self.tests_of(mutant, line))
        positions = {position for line in mutant.lines for position in self.tests_of(mutant, line)}
        return sorted(positions, key=lambda position: (-executed[position], self.seconds[position]))

    def tests_of(self, mutant: Mutant, line: int) -> list[int]:
        """Return the positions of the tests that execute a line of the module of a mutant."""
        return self.tests.get((str(SOURCES / mutant.module), line), [])


class MutantRunner:
    """A pytest plugin that runs the collected tests on each mutant whose function can be replaced, in forks."""

    def __init__(self, mutants: list[Mutant], clear_caches: Callable[..., None]) -> None:
        self.mutants = mutants
        self.clear_caches = clear_caches
        self.coverage: Coverage | None = None
        self.outcomes: dict[Mutant, str] = {}
        self.failed = False
        self.error: ForkError | None = None

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Record a failure."""
        self.failed = self.failed or report.failed

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Record the lines that each test executes, and then try each mutant with the tests that execute it."""
        try:
            self.run_all(session.items)
        except ForkError as error:
            self.error = error
        return True

    def run_all(self, items: list[pytest.Item]) -> None:
        """Try each mutant, first with the tests that detected another mutant of the same function.

        Raises:
            pytest.UsageError: a test fails without a mutant.
        """
        self.coverage = run_in_fork(lambda: self.record(items), SESSION_TIMEOUT)
        if self.coverage is None:
            raise pytest.UsageError("the tests fail without a mutant")
        detectors: dict[tuple[str, str], set[int]] = {}
        for mutant in self.mutants:
            positions = self.coverage.of(mutant)
            first = detectors.setdefault((mutant.module, mutant.function), set())
            positions.sort(key=lambda position: position not in first)
            timeout = 10 + 10 * sum(self.coverage.seconds[position] for position in positions)
            work = functools.partial(self.try_mutant, mutant, [items[position] for position in positions])
            self.outcomes[mutant], count = run_in_fork(work, timeout) or ("stopped", 0)
            first.update(positions[count - 1 : count])

    def try_mutant(self, mutant: Mutant, items: list[pytest.Item]) -> tuple[str, int]:
        """Try one mutant; return its outcome, and the number of tests up to the one that fails. This runs in a fork."""
        if not replace_code(mutant, (SOURCES / mutant.module).read_text()):
            return "not tried", 0
        # reading the files of facts again takes longer than most tests
        self.clear_caches(except_of="" if mutant.module.startswith(FACTS) else import_name(FACTS))
        for count, (item, following) in enumerate(pairwise([*items, None]), 1):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if self.failed:
                return "killed", count
        return "survived", 0

    def record(self, items: list[pytest.Item]) -> Coverage | None:
        """Run all tests and record which lines each one executes; return None if a test fails."""
        recorder = LineRecorder(mutant.module for mutant in self.mutants)
        coverage = Coverage([item.nodeid for item in items], [], {})
        for position, (item, following) in enumerate(pairwise([*items, None])):
            # a cached result would hide the lines that the test depends on
            self.clear_caches()
            start = time.perf_counter()
            with recorder:
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            coverage.seconds.append(time.perf_counter() - start)
            for line in recorder.lines:
                coverage.tests.setdefault(line, []).append(position)
        return None if self.failed else coverage


class LineRecorder:
    """A context manager that records which lines of some modules are executed in its block."""

    def __init__(self, modules: Iterable[str]) -> None:
        self.files = {str(SOURCES / module) for module in modules}
        self.lines: set[Line] = set()

    def __enter__(self) -> None:
        self.lines = set()
        sys.settrace(self._enter)

    def __exit__(self, *_: object) -> None:
        sys.settrace(None)

    def _enter(self, frame: FrameType, _event: str, _: object) -> Callable[..., object] | None:
        return self._record if frame.f_code.co_filename in self.files else None

    def _record(self, frame: FrameType, event: str, _: object) -> Callable[..., object]:
        if event == "line":
            self.lines.add((frame.f_code.co_filename, frame.f_lineno))
        return self._record


def lines_executed_by_import(modules: list[str]) -> set[Line]:
    """Import modules, and return their lines that the import executes."""
    recorder = LineRecorder(modules)
    with recorder:
        for module in modules:
            __import__(import_name(module))
    return recorder.lines


def collect_caches() -> Callable[..., None]:
    """Return a function that clears the caches of functions of the rules that are defined from now on.

    Its argument `except_of` is the name of a package whose caches it does not clear; empty for none.
    """
    caches: list[tuple[str, Callable[[], None]]] = []

    def collecting(cache: Callable[..., Any]) -> Callable[..., Any]:
        def decorator(function: Callable[..., object] | None = None, **options: object) -> object:
            if function is None:
                return functools.partial(decorator, **options)
            cached = cache(**options)(function) if options else cache(function)
            if function.__module__.startswith("hptsdk.rules"):
                caches.append((function.__module__, cached.cache_clear))
            return cached

        return decorator

    def clear(*, except_of: str = "") -> None:
        for module, clear_cache in caches:
            if not except_of or not module.startswith(except_of):
                clear_cache()

    for name in ("cache", "lru_cache"):
        setattr(functools, name, collecting(getattr(functools, name)))
    return clear


def try_in_process(mutants: list[Mutant], tests: list[str]) -> tuple[list[str], Coverage | None]:
    """Try the mutants whose function can be replaced; return their outcomes and the coverage of the tests.

    The outcome "not tried" is that of mutants whose function cannot be replaced, and of survivors in a line that the
    import executes, because they may have been replaced too late.
    """
    runner = MutantRunner(mutants, collect_caches())
    early = lines_executed_by_import(list(dict.fromkeys(mutant.module for mutant in mutants)))
    pytest.main([*OPTIONS, *tests], plugins=[runner])
    if runner.error:
        raise runner.error
    for mutant, outcome in runner.outcomes.items():
        if outcome == "survived" and any((str(SOURCES / mutant.module), line) in early for line in mutant.lines):
            runner.outcomes[mutant] = "not tried"
    return [runner.outcomes.get(mutant, "") for mutant in mutants], runner.coverage


def try_with_import(mutant: Mutant, tests: list[str]) -> str:
    """Try one mutant with a new import of the package, and return its outcome."""

    def work() -> str:
        install_importer(mutant, str(SOURCES / mutant.module))
        return "killed" if pytest.main([*OPTIONS, *tests]) else "survived"

    return run_in_fork(work, IMPORT_TIMEOUT) or "stopped"


def try_covering_tests(mutant: Mutant, tests: list[str], coverage: Coverage | None) -> str:
    """Try one mutant with a new import: with the tests that execute the changed lines, and if needed with all tests."""
    names = [coverage.names[position] for position in coverage.of(mutant)] if coverage else []
    outcome = try_with_import(mutant, names[:MAX_NAMED_TESTS]) if names else "survived"
    complete = mutant.function and 0 < len(names) <= MAX_NAMED_TESTS
    return try_with_import(mutant, tests) if outcome == "survived" and not complete else outcome


def outcomes_of(mutants: list[Mutant], tests: list[str], *, replace: bool) -> dict[Mutant, str]:
    """Try the mutants of modules that have the same tests, and return their outcomes.

    Args:
        mutants: the mutants.
        tests: the arguments of pytest.
        replace: whether functions are replaced in a running process first, which is faster than a new import.

    Raises:
        RuntimeError: the tests fail or cannot be run without a mutation.
    """
    outcomes: dict[Mutant, str] = dict.fromkeys(mutants, "not tried")
    coverage: Coverage | None = None
    if replace and mutants:
        first, coverage = run_in_fork(lambda: try_in_process(mutants, tests), SESSION_TIMEOUT) or ([], None)
        if not coverage:
            raise RuntimeError("the tests could not be run")
        outcomes.update(zip(mutants, first, strict=True))
    rest = [mutant for mutant, outcome in outcomes.items() if outcome == "not tried"]
    if rest:
        module = rest[0].module
        control = Mutant(module, "", "", "", "", (SOURCES / module).read_text(), frozenset(), frozenset())
        if (outcome := try_with_import(control, tests)) != "survived":
            raise RuntimeError(f"the tests of {module} without a mutation: {outcome}")
    return outcomes | {mutant: try_covering_tests(mutant, tests, coverage) for mutant in rest}
