"""Fuzz one target with bytes from Hypothesis. Its arguments are those of `with_atheris.py`."""

import sys
import time

import targets
from hypothesis import HealthCheck, Phase, given, settings, strategies as st


def main() -> None:
    """Run the target until the number of inputs or the time is reached. An error of the target ends the process.

    Prints the number of inputs in the format of libFuzzer.
    """
    name, inputs, seconds, _ = sys.argv[1:]
    seeds = st.sampled_from(targets.seeds(name))
    pieces = st.tuples(seeds, st.integers(0, 4000), st.binary(max_size=300))
    changed = pieces.map(lambda piece: piece[0][: piece[1]] + piece[2] + piece[0][piece[1] + len(piece[2]) :])

    @settings(
        max_examples=1000,
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(data=seeds | st.binary(max_size=4000) | changed)
    def run_target(data: bytes) -> None:
        nonlocal runs
        runs += 1
        targets.TARGETS[name](data)

    runs, start = 0, time.monotonic()
    while (duration := time.monotonic() - start) < float(seconds) and runs < int(inputs):
        run_target()
    print(f"stat::number_of_executed_units: {runs}\nstat::average_exec_per_sec: {int(runs / (duration or 1))}")


if __name__ == "__main__":
    main()
