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


def test_the_model_has_92_structures_with_386_members(raw):
    model = Model(raw)
    in_request = model.structures_of(model.reached_from(REQUEST))
    assert len(model.structures) == 92
    assert sum(len(model.members(name)) for name in model.structures) == 386
    assert len(in_request) == 41
    assert sum(len(model.members(name)) for name in in_request) == 140


def test_hptsdk_has_92_structures_with_386_members():
    assert len(ours()) == 92
    assert sum(len(shape.members) for shape in ours().values()) == 386


def test_hptsdk_has_all_members_of_an_older_model():
    if parsed(botocore.__version__) > parsed(SHAPES_AT):
        pytest.skip(f"shapes are at {SHAPES_AT}; this is {botocore.__version__}, which may have more")
    model = Model(load())
    expected = {f"{name}.{wire}" for name in model.structures for wire in model.members(name)}
    actual = {f"{shape.name}.{member.wire_name}" for shape in ours().values() for member in shape.members}
    assert expected - actual == set()
    assert set(model.structures) - ours().keys() == set()


def test_every_attribute_has_the_name_that_botocore_uses():
    names = {(m.attribute, xform_name(m.wire_name)) for shape in ours().values() for m in shape.members}
    assert [pair for pair in names if pair[0] != pair[1]] == []


def test_members_are_in_the_order_of_the_model(raw):
    model = Model(raw)
    for name, shape in ours().items():
        assert [member.wire_name for member in shape.members] == list(model.members(name))


@pytest.mark.parametrize("name", sorted(OPEN))
def test_the_known_values_of_an_open_enumeration_match_its_pattern(name):
    pattern = next(constraint for constraint in alias(name).constraints if isinstance(constraint, Pattern))
    assert [value for value in alias(name).known_values if not pattern.holds(value)] == []


def test_every_structure_and_member_is_documented():
    texts = {shape.name: shape.documentation for shape in ours().values()}
    texts |= {f"{shape.name}.{m.attribute}": m.documentation for shape in ours().values() for m in shape.members}
    assert [name for name, text in texts.items() if text in {"", "…"}] == []


def test_the_locked_botocore_is_the_one_with_which_the_shapes_agree():
    assert f"\nbotocore=={SHAPES_AT} " in LOCK.read_text()
