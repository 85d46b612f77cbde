"""Makes the modules of the tests of the local service importable by name, and ignores advice as these tests do."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "tests" / "local"))


def pytest_collection_modifyitems(items):
    for item in items:
        item.add_marker(pytest.mark.filterwarnings("ignore::hptsdk.AdviceWarning"))
