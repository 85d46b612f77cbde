"""The shapes agree with botocore's model."""

from pathlib import Path

import botocore
import pytest
from botocore import xform_name
from model import SHAPES_AT, compare
from service_model import OPEN, Model, load
from sources import alias

from hptsdk import schema
from hptsdk.constraints import Pattern

REQUEST = "CreateHyperParameterTuningJobRequest"
LOCK = Path(__file__).parents[2] / "requirements" / "tests.txt"


def ours():
    return {cls.__name__: schema.of(cls) for cls in schema.all_shapes()}


def parsed(version):
    return tuple(map(int, version.split(".")))


def test_nothing_differs_from_the_model(raw):
    texts = [difference.text for difference in compare(Model(raw))]
    assert not texts, "\n".join(["python tests/conformance/model.py lists the edits for", *texts])


def test_the_model_has_so_many_structures_and_members(raw):
    model = Model(raw)
    in_request = model.structures_of(model.reached_from(REQUEST))
    assert len(model.structures) == 92
    assert sum(len(model.members(name)) for name in model.structures) == 386
    assert len(in_request) == 41
    assert sum(len(model.members(name)) for name in in_request) == 140


def test_hptsdk_has_as_many():
    assert len(ours()) == 92
    assert sum(len(shape.members) for shape in ours().values()) == 386


def test_nothing_that_an_older_model_knows_is_missing():
    if parsed(botocore.__version__) > parsed(SHAPES_AT):
        pytest.skip(f"shapes are at {SHAPES_AT}; this is {botocore.__version__}, which may know more")
    model = Model(load())
    there = {f"{name}.{wire}" for name in model.structures for wire in model.members(name)}
    here = {f"{shape.name}.{member.wire_name}" for shape in ours().values() for member in shape.members}
    assert there - here == set()
    assert set(model.structures) - ours().keys() == set()


def test_every_attribute_is_named_as_botocore_would():
    names = {(m.attribute, xform_name(m.wire_name)) for shape in ours().values() for m in shape.members}
    assert [pair for pair in names if pair[0] != pair[1]] == []


def test_members_stand_in_the_models_order(raw):
    model = Model(raw)
    for name, shape in ours().items():
        assert [member.wire_name for member in shape.members] == list(model.members(name))


@pytest.mark.parametrize("name", sorted(OPEN))
def test_what_is_known_of_an_open_enumeration_has_the_form_asked_of_the_unknown(name):
    form = next(constraint for constraint in alias(name).constraints if isinstance(constraint, Pattern))
    assert [value for value in alias(name).known_values if not form.holds(value)] == []


def test_everything_says_what_it_is():
    said = {shape.name: shape.documentation for shape in ours().values()}
    said |= {f"{shape.name}.{m.attribute}": m.documentation for shape in ours().values() for m in shape.members}
    assert [name for name, words in said.items() if words in {"", "…"}] == []


def test_the_locked_botocore_is_the_one_that_the_shapes_are_at():
    assert f"\nbotocore=={SHAPES_AT} " in LOCK.read_text()
