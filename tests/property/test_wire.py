"""There and back on the wire, for every shape."""

import json
from datetime import datetime

from hypothesis import given, strategies as st

import hptsdk
from hptsdk import schema
from hptsdk.testing import strategies

PLAIN = (dict, list, str, int, float, bool, datetime)

# What JSON can hold, and no text that means a time or a number.
WORDS = st.sampled_from(["", "a", "None", "\u00e9", "\ud800", "Paused"])
JSON = st.recursive(
    st.booleans() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False) | WORDS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)
RESPONSES = [cls for cls in schema.all_shapes() if schema.of(cls).is_response]


def parts(value):
    """Yield a value and all values in it."""
    yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from parts(inner)


@given(data=st.data())
def test_from_wire_reverses_to_wire(data, any_shape):
    shape = data.draw(any_shape)
    assert hptsdk.from_wire(type(shape), hptsdk.to_wire(shape)) == shape


@given(data=st.data())
def test_loads_reverses_dumps(data, any_shape):
    shape = data.draw(any_shape)
    assert hptsdk.loads(type(shape), hptsdk.dumps(shape)) == shape


@given(data=st.data())
def test_a_document_has_plain_types_only(data, any_shape):
    assert {type(part) for part in parts(hptsdk.to_wire(data.draw(any_shape)))} <= set(PLAIN)


@given(data=st.data())
def test_times_in_a_document_are_aware(data, any_shape):
    times = [part for part in parts(hptsdk.to_wire(data.draw(any_shape))) if isinstance(part, datetime)]
    assert all(time.utcoffset() is not None for time in times)


@given(data=st.data())
def test_a_document_has_the_members_that_are_set(data, any_shape):
    shape = data.draw(any_shape)
    members = schema.of(type(shape)).members
    present = [m.wire_name for m in members if getattr(shape, m.attribute) is not None]
    assert [*hptsdk.to_wire(shape)] == present


@given(shape=strategies.requests(extreme=True))
def test_json_text_decodes_to_the_document(shape):
    assert json.loads(hptsdk.dumps(shape)) == hptsdk.to_wire(shape)


@given(data=st.data(), cls=st.sampled_from(RESPONSES))
def test_a_response_with_any_content_is_written_back_unchanged(data, cls):
    untimed = {m.wire_name: JSON for m in schema.of(cls).members if m.type.kind != "timestamp"}
    chosen = data.draw(st.lists(st.sampled_from(sorted(untimed)), unique=True, max_size=4) if untimed else st.just([]))
    document = {name: data.draw(JSON) for name in [*chosen, "New"]}
    assert hptsdk.to_wire(hptsdk.from_wire(cls, document)) == document


@given(data=st.data(), cls=st.sampled_from(RESPONSES))
def test_a_response_with_any_content_round_trips(data, cls):
    names = [member.wire_name for member in schema.of(cls).members]
    document = data.draw(st.dictionaries(st.sampled_from([*names, "New"]), JSON, max_size=4))
    shape = hptsdk.from_wire(cls, document)
    assert hptsdk.from_wire(cls, hptsdk.to_wire(shape)) == shape
