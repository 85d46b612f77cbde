"""Draws of a strategy for statistics, the same in each run."""

import sys
from pathlib import Path

import attrs
import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

# the helper modules beside the tests are imported by name
sys.path.insert(0, str(Path(__file__).parent))

# After its first ten draws a run varies what it drew before; runs of ten draw each value anew.
RUN = 10


def batches(strategy, count):
    """Draw a number of values, ten at a time from different seeds. After each hundred, yield all values so far."""
    values = []
    for number in range(-(-count // RUN)):

        @seed(number)
        @settings(
            max_examples=min(RUN, count),
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(strategy)
        def collect(value):
            values.append(value)

        collect()
        if number % 10 == 9:
            yield values
    yield values


def drawn(strategy, count):
    """Draw a number of values."""
    *_, values = batches(strategy, count)
    return values


def parts(value):
    """Yield a shape and all shapes within it."""
    if attrs.has(type(value)):
        yield value
        for inner in attrs.asdict(value, recurse=False).values():
            yield from parts(inner)
    elif isinstance(value, tuple):
        for inner in value:
            yield from parts(inner)


@pytest.fixture(scope="session", name="drawn")
def _drawn():
    """Draw values of a strategy: `drawn(strategy, count)`."""
    return drawn


@pytest.fixture(scope="session", name="batches")
def _batches():
    """Draw values of a strategy step by step: `batches(strategy, count)` yields a list that grows by a hundred."""
    return batches


@pytest.fixture(scope="session")
def parts_of():
    """Yield a shape and all shapes in it."""
    return parts


@pytest.fixture(scope="session")
def many_requests():
    """2,000 requests as `hptsdk.testing.strategies` draws them."""
    from hptsdk.testing import strategies  # so that this file costs nothing where it is not asked for

    return drawn(strategies.requests(extreme=True), 2000)
