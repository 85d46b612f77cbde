"""Lets the tests here import the modules beside them, and gives them botocore's model to change."""

import copy
import sys
from pathlib import Path

import botocore
import pytest

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))


def pytest_collection_modifyitems(items):
    """Skip what takes the model exactly as the shapes have it, where botocore brings another one."""
    from model import SHAPES_AT  # found only now

    if botocore.__version__ != SHAPES_AT:
        reason = f"shapes are at {SHAPES_AT}; this is {botocore.__version__}; `nox -s model` compares"
        for item in items:
            if HERE in item.path.parents and {"raw", "newest"} & set(item.fixturenames):
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session")
def loaded():
    from service_model import Model, load  # found only now

    everything = load()
    shapes = {name: everything["shapes"][name] for name in Model(everything).names}
    return {"operations": everything["operations"], "shapes": shapes}


@pytest.fixture(scope="session")
def newest():
    """Asked for by what needs all members that the shapes have: an older botocore lacks some."""


@pytest.fixture
def raw(loaded):
    """The operations and the shapes that ours reach, as botocore has them; to be changed at will."""
    return copy.deepcopy(loaded)
