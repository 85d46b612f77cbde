"""Values of strategies for statistics, the same in each run."""

import sys
from pathlib import Path

import attrs
import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

# the helper modules beside the tests are imported by name
sys.path.insert(0, str(Path(__file__).parent))

# After ten examples, Hypothesis also varies earlier ones. So each run has ten, which are drawn independently.
RUN = 10


def batches(strategy, count):
    """Draw a number of values, ten for each seed. After each hundred and at the end, yield all values so far."""
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
    """The function that draws values of a strategy: `drawn(strategy, count)`."""
    return drawn


@pytest.fixture(scope="session", name="batches")
def _batches():
    """The function `batches(strategy, count)`, which yields a list of values that grows by a hundred."""
    return batches


@pytest.fixture(scope="session")
def parts_of():
    """The function that yields a shape and all shapes in it."""
    return parts


@pytest.fixture(scope="session")
def many_requests():
    """2,000 extreme requests of `hptsdk.testing.strategies`."""
    from hptsdk.testing import strategies  # imported here, because the import takes long and few tests need it

    return drawn(strategies.requests(extreme=True), 2000)
