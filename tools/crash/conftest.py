"""Make the modules of `tests/local` importable by name, and ignore advice as the tests in that folder do."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "tests" / "local"))


def pytest_collection_modifyitems(items):
    for item in items:
        item.add_marker(pytest.mark.filterwarnings("ignore::hptsdk.AdviceWarning"))
