"""Lets what is fuzzed, and the documents of the rules' tests, be imported by name."""

import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1] / "rules")]
