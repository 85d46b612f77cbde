"""Makes the modules of this folder and the Sphinx extension of the documentation importable."""

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))
sys.path.insert(0, str(HERE.parents[1] / "docs" / "_ext"))
