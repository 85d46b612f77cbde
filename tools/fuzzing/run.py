"""Fuzzes each target with a number of inputs, guided by the lines that they reach if atheris is installed.

Without atheris, hypothesis makes the inputs.
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
# Parts of a hundred of all inputs: YAML is parsed slowly.
SHARES = {"loads": 50, "from_wire": 40, "regex": 8, "validate": 2}


def main() -> int:
    """Fuzz what the command line names, and tell the findings; 1 where there are any."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("targets", nargs="*", choices=[*SHARES, []], default=[], help="Defaults to all.")
    parser.add_argument("--inputs", type=int, default=1_000_000, help="of all targets together")
    parser.add_argument("--seconds", type=int, default=3600, help="the longest time for each target")
    options = parser.parse_args()
    names = options.targets or list(SHARES)
    whole = sum(SHARES[name] for name in names)
    return max(fuzzed(name, options.inputs * SHARES[name] // whole, options.seconds) for name in names)


def fuzzed(name: str, inputs: int, seconds: int) -> int:
    """Fuzz one target in a process of its own, which a finding ends."""
    led = importlib.util.find_spec("atheris") is not None
    if not led:
        print(f"{name}: atheris is not installed on this Python, so hypothesis makes the bytes")
    with tempfile.TemporaryDirectory() as folder:
        script = "with_atheris.py" if led else "with_hypothesis.py"
        command = [sys.executable, str(HERE / script), name, str(inputs), str(seconds), folder]
        done = subprocess.run(command, check=False, capture_output=True, text=True, errors="replace", env=ENVIRONMENT)
        if done.returncode == 0:
            print(f"{name}: nothing found{rate_of(done.stdout + done.stderr)}")
            return 0
        print("\n".join(line for line in (done.stdout + done.stderr).splitlines() if not line.startswith("#")))
        for file in Path(folder).glob("*-*"):
            print(f"{name}: a finding, from these bytes: {file.read_bytes()!r}")
        print(f"{name}: make the finding an example in tests/property/test_fuzzed_documents.py, then mend it")
        return 1


def rate_of(output: str) -> str:
    """Say how much was tried, by the last lines of libFuzzer's own."""
    counts = dict(re.findall(r"stat::(\w+):\s*(\d+)", output))
    covered = re.findall(r"cov: (\d+)", output)
    if not counts:
        return ""
    runs, rate = counts["number_of_executed_units"], counts["average_exec_per_sec"]
    return f" in {runs} runs, {rate} a second" + (f"; {covered[-1]} branches reached" if covered else "")


if __name__ == "__main__":
    sys.exit(main())
