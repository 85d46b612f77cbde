"""Makes the fuzz targets, and the example requests that they use, importable."""

import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "tools" / "fuzzing"), str(ROOT / "tests" / "rules")]
