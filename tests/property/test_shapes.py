"""Properties of all instances of all shapes."""

import ast
import copy
import pickle

import attrs
import pytest
from hypothesis import given, strategies as st

from hptsdk import schema, shapes

pytestmark = pytest.mark.usefixtures("no_rules")


@pytest.fixture(scope="module")
def full_shapes(valid, no_rules):
    """Return an instance of each class with all its members."""
    return [valid(cls, full=True) for cls in schema.all_shapes()]


@given(data=st.data())
def test_a_pickled_shape_is_equal(data, any_shape):
    shape = data.draw(any_shape)
    assert pickle.loads(pickle.dumps(shape)) == shape  # noqa: S301 - our own


@given(data=st.data())
def test_a_copy_is_equal(data, any_shape):
    shape = data.draw(any_shape)
    assert copy.copy(shape) == shape


@given(data=st.data())
def test_a_deep_copy_is_equal(data, any_shape):
    shape = data.draw(any_shape)
    assert copy.deepcopy(shape) == shape


@given(data=st.data())
def test_equal_shapes_have_equal_hashes(data, any_shape):
    shape = data.draw(any_shape)
    assert hash(copy.deepcopy(shape)) == hash(shape)


@given(data=st.data())
def test_evolving_without_changes_returns_an_equal_shape(data, any_shape):
    shape = data.draw(any_shape)
    evolved = attrs.evolve(shape)
    assert (evolved == shape, evolved is shape) == (True, False)


@given(data=st.data())
def test_a_repr_is_code_that_creates_an_equal_shape(data, any_shape, evaluated):
    shape = data.draw(any_shape)
    assert evaluated(shape) == shape


@given(data=st.data())
def test_a_repr_has_the_members_that_are_set(data, any_shape):
    shape = data.draw(any_shape)
    present = [name for name, value in attrs.asdict(shape, recurse=False).items() if value is not None]
    assert [keyword.arg for keyword in ast.parse(repr(shape), mode="eval").body.keywords] == present


@given(data=st.data())
def test_shapes_with_a_different_member_are_unequal(data, any_valid, any_value):
    cls = data.draw(st.sampled_from([cls for cls in schema.all_shapes() if schema.of(cls).members]))
    member = data.draw(st.sampled_from(schema.of(cls).members))
    shape, value = data.draw(any_valid(cls)), data.draw(any_value(member.type))
    evolved = attrs.evolve(shape, **{member.attribute: value})
    same = getattr(evolved, member.attribute) == getattr(shape, member.attribute)
    assert (evolved == shape) == same


@given(data=st.data())
def test_a_list_and_a_tuple_of_the_same_items_create_equal_shapes(data, any_value):
    tags = data.draw(any_value(schema.of(shapes.ListTagsOutput).members[0].type))
    assert shapes.ListTagsOutput(tags=tuple(tags)) == shapes.ListTagsOutput(tags=tags)


@given(family=st.from_regex(r"[a-z0-9-]+", fullmatch=True), size=st.from_regex(r"[a-z0-9-]+", fullmatch=True))
def test_any_name_in_the_format_of_an_instance_type_is_accepted(family, size):
    name = f"ml.{family}.{size}"
    assert shapes.InstancePreference(instance_type=name).instance_type == name


def test_a_full_shape_can_be_pickled(full_shapes):
    for shape in full_shapes:
        assert pickle.loads(pickle.dumps(shape)) == shape  # noqa: S301 - our own


def test_the_repr_of_a_full_shape_is_code(full_shapes, evaluated):
    for shape in full_shapes:
        assert evaluated(shape) == shape
