"""Fuzz one target with bytes from hypothesis, for Pythons without atheris. Same arguments as `with_atheris.py`."""

import sys
import time

import targets
from hypothesis import HealthCheck, Phase, given, settings, strategies as st


def main() -> None:
    """Make so many examples, or until the time is up; the exception of a finding ends the process."""
    name, inputs, seconds, _ = sys.argv[1:]
    seeds = st.sampled_from(targets.seeds(name))
    pieces = st.tuples(seeds, st.integers(0, 4000), st.binary(max_size=300))
    spoiled = pieces.map(lambda found: found[0][: found[1]] + found[2] + found[0][found[1] + len(found[2]) :])

    @settings(
        max_examples=1000,
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(data=seeds | st.binary(max_size=4000) | spoiled)
    def tried(data: bytes) -> None:
        nonlocal runs
        runs += 1
        targets.TARGETS[name](data)

    runs, began = 0, time.monotonic()
    while (passed := time.monotonic() - began) < float(seconds) and runs < int(inputs):
        tried()
    print(f"stat::number_of_executed_units: {runs}\nstat::average_exec_per_sec: {int(runs / (passed or 1))}")


if __name__ == "__main__":
    main()
