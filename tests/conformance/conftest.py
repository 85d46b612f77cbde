"""Fixtures with the model of botocore. The modules of this folder can be imported by name."""

import copy
import sys
from pathlib import Path

import botocore
import pytest

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))


def pytest_collection_modifyitems(items):
    """Skip the tests that need the model with which the shapes agree, if another botocore is installed."""
    from model import SHAPES_AT  # on the path since the line above

    if botocore.__version__ != SHAPES_AT:
        reason = f"shapes are at {SHAPES_AT}; this is {botocore.__version__}; `python3 noxfile.py -s model` compares"
        for item in items:
            if HERE in item.path.parents and {"raw", "newest"} & set(item.fixturenames):
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session")
def loaded():
    from service_model import Model, load  # on the path since the line above

    everything = load()
    shapes = {name: everything["shapes"][name] for name in Model(everything).names}
    return {"operations": everything["operations"], "shapes": shapes}


@pytest.fixture(scope="session")
def newest():
    """Mark a test that needs all members of the shapes, some of which an older botocore lacks."""


@pytest.fixture
def raw(loaded):
    """Return a copy of the operations and types of botocore that hptsdk has, which a test can change."""
    return copy.deepcopy(loaded)
