"""The programs in tools/ and the sessions refer to existing files."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROGRAMS = [ROOT / "noxfile.py", *sorted((ROOT / "tools").rglob("*.py"))]


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_named_files_exist(program):
    names = re.findall(r'"((?:tests|tools|benchmarks|examples)/[\w/]+\.py)"', program.read_text())
    assert [name for name in names if not (ROOT / name).exists()] == []
