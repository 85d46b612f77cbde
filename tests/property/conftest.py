"""Draws of a strategy to count things in, the same in each run."""

import attrs
import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

# One run draws variations of what it drew before; several runs draw more widely.
RUN = 10


def drawn(strategy, count):
    """Draw so many values, a hundred at a time from different seeds."""
    found = []
    for number in range(0, count, RUN):

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
            found.append(value)

        collect()
    return found


def parts(value):
    """Give a shape and all shapes within it."""
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


@pytest.fixture(scope="session")
def parts_of():
    """Go through a shape and all shapes within it."""
    return parts


@pytest.fixture(scope="session")
def many_requests():
    """2,000 requests as `hptsdk.testing.strategies` draws them."""
    from hptsdk.testing import strategies  # noqa: PLC0415 - so that this file costs nothing where it is not asked for

    return drawn(strategies.requests(), 2000)
