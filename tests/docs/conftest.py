"""The modules of this folder and of `docs/_ext` can be imported by name."""

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))
sys.path.insert(0, str(HERE.parents[1] / "docs" / "_ext"))
