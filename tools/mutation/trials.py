"""Run the tests against each mutant until the first test fails."""

from __future__ import annotations

import functools
import sys
import time
from typing import TYPE_CHECKING, NamedTuple

import pytest
from forks import ForkError, run_in_fork
from hypothesis import Phase, settings
from injection import import_name, install_importer, replace_code
from mutants import SOURCES, Mutant, mutants_of

if TYPE_CHECKING:
    from collections.abc import Callable, Container
    from types import FrameType

# The same examples for each mutant. A failing example is not shrunk.
settings.register_profile(
    "mutation",
    derandomize=True,
    database=None,
    deadline=None,
    max_examples=60,
    phases=[Phase.explicit, Phase.generate],
)
OPTIONS = ["-q", "-x", "--assert=plain", "-p", "no:cacheprovider", "-p", "no:xdist", "--hypothesis-profile", "mutation"]

SESSION_TIMEOUT = 3600.0
"""Seconds for the tests of one module on all its mutants."""

IMPORT_TIMEOUT = 120.0
"""Seconds for the tests of one mutant if the package is imported anew."""

MAX_NAMED_TESTS = 200
"""Tests that are passed to pytest by name. For more of them, finding the names takes longer than running all tests."""


class Coverage(NamedTuple):
    """The duration of a test in seconds, and the functions of the module that it calls."""

    seconds: float
    functions: frozenset[str]


class MutantRunner:
    """A pytest plugin that runs the collected tests on each mutant whose function can be replaced, in forks."""

    def __init__(self, module: str, mutants: list[Mutant]) -> None:
        self.module = module
        self.mutants = mutants
        self.coverage: dict[str, Coverage] = {}
        self.outcomes: dict[Mutant, str] = {}
        self.failed = False
        self.error: ForkError | None = None

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Record a failure."""
        self.failed = self.failed or report.failed

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Record which test calls which function, then try each mutant with the tests that call it, fast ones first."""
        try:
            self.run_all(session)
        except ForkError as error:
            self.error = error
        return True

    def run_all(self, session: pytest.Session) -> None:
        """Try each mutant."""
        coverage = run_in_fork(lambda: self.record(session.items), SESSION_TIMEOUT)
        if coverage is None:
            raise pytest.UsageError("the tests fail without a mutant")
        self.coverage = coverage
        for mutant in self.mutants:
            items = [item for item in session.items if mutant.function in coverage[item.nodeid].functions]
            items.sort(key=lambda item: coverage[item.nodeid].seconds)
            timeout = 10 + 10 * sum(coverage[item.nodeid].seconds for item in items)
            work = functools.partial(self.try_mutant, mutant, items)
            self.outcomes[mutant] = run_in_fork(work, timeout) or "stopped"

    def try_mutant(self, mutant: Mutant, items: list[pytest.Item]) -> str:
        """Try one mutant. This runs in a fork."""
        if not replace_code(mutant, (SOURCES / self.module).read_text()):
            return "not tried"
        return "killed" if self.any_fails(items) else "survived"

    def any_fails(self, items: list[pytest.Item]) -> bool:
        """Run tests until one fails."""
        for item, following in zip(items, [*items[1:], None], strict=True):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if self.failed:
                return True
        return False

    def record(self, items: list[pytest.Item]) -> dict[str, Coverage] | None:
        """Run all tests and record which functions each one calls; return None if a test fails."""
        calls = CallRecorder(str(sys.modules[import_name(self.module)].__file__))
        coverage: dict[str, Coverage] = {}
        for item, following in zip(items, [*items[1:], None], strict=True):
            start = time.perf_counter()
            with calls:
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            coverage[item.nodeid] = Coverage(time.perf_counter() - start, frozenset(calls.functions))
        return None if self.failed else coverage


class CallRecorder:
    """A context manager that records which functions of a file are called in its block."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.functions: set[str] = set()

    def __enter__(self) -> None:
        self.functions = set()
        sys.setprofile(self._record)

    def __exit__(self, *_: object) -> None:
        sys.setprofile(None)

    def _record(self, frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_code.co_filename == self.file:
            self.functions.add(frame.f_code.co_qualname.partition(".<locals>")[0])


def functions_called_by_import(module: str) -> set[str]:
    """Import a module and return those of its functions that the import calls."""
    calls = CallRecorder(str(SOURCES / module))
    with calls:
        __import__(import_name(module))
    return calls.functions


def disable_caches() -> None:
    """Replace the caches of functools for the rules, because a cached result would hide a mutant from a test."""
    for name in ("cache", "lru_cache"):
        setattr(functools, name, without_cache(getattr(functools, name)))


def without_cache(cache: Callable[..., object]) -> Callable[..., object]:
    """Return a decorator that caches the results of functions, except of those of the rules."""

    def decorator(function: Callable[..., object] | None = None, **options: object) -> object:
        if function is None:
            return functools.partial(decorator, **options)
        if not function.__module__.startswith("hptsdk.rules"):
            return cache(**options)(function) if options else cache(function)
        # has the attribute __wrapped__, as a cached function has
        return functools.wraps(function)(functools.partial(function))

    return decorator


def try_in_process(
    mutants: list[Mutant], module: str, tests: list[str]
) -> tuple[dict[Mutant, str], dict[str, Coverage]]:
    """Try the mutants whose function can be replaced; return their outcomes and the coverage of the tests.

    A survivor in a function that the import calls is "not tried": it may have been replaced too late.
    """
    runner = MutantRunner(module, mutants)
    disable_caches()
    early = functions_called_by_import(module)
    pytest.main([*OPTIONS, *tests], plugins=[runner])
    if runner.error:
        raise runner.error
    too_late = {m for m, outcome in runner.outcomes.items() if outcome == "survived" and m.function in early}
    return runner.outcomes | dict.fromkeys(too_late, "not tried"), runner.coverage


def try_with_import(mutant: Mutant, tests: list[str]) -> str:
    """Try one mutant with a new import of the package."""

    def work() -> str:
        install_importer(mutant, str(SOURCES / mutant.module))
        return "killed" if pytest.main([*OPTIONS, *tests]) else "survived"

    return run_in_fork(work, IMPORT_TIMEOUT) or "stopped"


def try_covering_tests(mutant: Mutant, tests: list[str], coverage: dict[str, Coverage]) -> str:
    """Try one mutant with a new import: with the tests that call the changed function, then with all tests."""
    names = [name for name, each in coverage.items() if each.functions & mutant.users]
    names.sort(key=lambda name: coverage[name].seconds)
    outcome = try_with_import(mutant, names[:MAX_NAMED_TESTS]) if names else "survived"
    complete = mutant.function and 0 < len(names) <= MAX_NAMED_TESTS
    return try_with_import(mutant, tests) if outcome == "survived" and not complete else outcome


def outcomes_of(
    module: str, tests: list[str], *, replace: bool, only: Container[object] | None = None
) -> dict[Mutant, str]:
    """Try the mutants of a module and return their outcomes.

    Args:
        module: the file below `src/hptsdk`.
        tests: the arguments of pytest.
        replace: whether functions are replaced in a running process first, which is faster than a new import.
        only: the keys of the mutants to try; None for all.
    """
    mutants = [mutant for mutant in mutants_of(module) if only is None or mutant.key in only]
    control = Mutant(module, "", "", "", "", (SOURCES / module).read_text(), frozenset())
    if (outcome := try_with_import(control, tests)) != "survived":
        raise RuntimeError(f"{module} without a mutation: {outcome}")
    outcomes: dict[Mutant, str] = dict.fromkeys(mutants, "not tried")
    coverage: dict[str, Coverage] = {}
    if replace:
        first = run_in_fork(lambda: try_in_process(mutants, module, tests), SESSION_TIMEOUT)
        if not first or not first[1]:
            raise RuntimeError(f"the tests of {module} could not be run")
        outcomes, coverage = first
    for mutant, outcome in outcomes.items():
        if outcome == "not tried":
            outcomes[mutant] = try_covering_tests(mutant, tests, coverage)
    return outcomes
