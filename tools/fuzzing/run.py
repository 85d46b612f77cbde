"""Read generated inputs with each target, and print the first error of each.

atheris generates the inputs, guided by code coverage. If atheris is not installed, Hypothesis generates them.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
# The targets use the example requests of the tests of the rules.
ENVIRONMENT = os.environ | {"PYTHONPATH": str(HERE.parents[1] / "tests" / "rules")}
# The percentage of the inputs for each target. `validate` has few, because YAML is slow to parse.
SHARES = {"loads": 50, "from_wire": 40, "regex": 8, "validate": 2}


def main() -> int:
    """Fuzz the targets that the command line names; return 1 if one of them has an error."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "targets",
        nargs="*",
        choices=[*SHARES, []],
        default=[],
        metavar="TARGET",
        help=f"one of {', '.join(SHARES)}; defaults to all",
    )
    parser.add_argument(
        "--inputs",
        type=int,
        default=1_000_000,
        help="the number of inputs of all targets together; defaults to 1000000",
    )
    parser.add_argument("--seconds", type=int, default=3600, help="the maximum time for each target; defaults to 3600")
    options = parser.parse_args()
    names = options.targets or list(SHARES)
    total = sum(SHARES[name] for name in names)
    return max(fuzz(name, options.inputs * SHARES[name] // total, options.seconds) for name in names)


def fuzz(name: str, inputs: int, seconds: int) -> int:
    """Fuzz one target in a separate process, which ends at the first error; return 1 if there is an error."""
    has_atheris = importlib.util.find_spec("atheris") is not None
    if not has_atheris:
        print(f"{name}: atheris is not installed on this Python, so Hypothesis generates the inputs")
    with tempfile.TemporaryDirectory() as folder:
        script = "with_atheris.py" if has_atheris else "with_hypothesis.py"
        command = [sys.executable, str(HERE / script), name, str(inputs), str(seconds), folder]
        result = subprocess.run(command, check=False, capture_output=True, text=True, errors="replace", env=ENVIRONMENT)
        if result.returncode == 0:
            print(f"{name}: no errors{rate_of(result.stdout + result.stderr)}")
            return 0
        print("\n".join(line for line in (result.stdout + result.stderr).splitlines() if not line.startswith("#")))
        for file in Path(folder).glob("*-*"):
            print(f"{name}: the input with the error: {file.read_bytes()!r}")
        print(f"{name}: add the input to tests/property/test_fuzzed_documents.py, and then correct the error")
        return 1


def rate_of(output: str) -> str:
    """Return a text about the number of inputs, from the last lines of libFuzzer's output; empty without them."""
    counts = dict(re.findall(r"stat::(\w+):\s*(\d+)", output))
    covered = re.findall(r"cov: (\d+)", output)
    if not counts:
        return ""
    runs, rate = counts["number_of_executed_units"], counts["average_exec_per_sec"]
    return f" in {runs} inputs, {rate} per second" + (f"; {covered[-1]} branches covered" if covered else "")


if __name__ == "__main__":
    sys.exit(main())
