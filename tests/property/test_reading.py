"""What is read in one go is what the slow look gives, and a text of a right request is read in one go."""

import copy
import json
from contextlib import ExitStack
from unittest import mock

from hypothesis import assume, given, settings, strategies as st

import hptsdk
from hptsdk import schema, shapes
from hptsdk._json_text import decoded, strings_in
from hptsdk._validation._reference import check_first
from hptsdk.errors import InvalidShapeError
from hptsdk.shapes._reading import reader_of
from hptsdk.testing import strategies
from hptsdk.wire import _checked

REQUEST = shapes.CreateHyperParameterTuningJobRequest
WRONG = st.sampled_from([None, True, 0, -1, 2**70, 0.5, "", "a", "a\n", "\ud800", "x" * 3000, [], [None], {}, {"A": 1}])
TEXT = st.text(st.sampled_from('a"\\: \u00e9\n,{}[]'), max_size=4)
JSON = st.recursive(
    st.booleans() | st.integers() | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)


def places(value):
    """Give each dict or list of a document with each key or index in it."""
    for key in value if isinstance(value, dict) else range(len(value)):
        yield value, key
        if isinstance(value[key], dict | list):
            yield from places(value[key])


@st.composite
def spoiled(draw):
    """Make the document of a request that has one part replaced, taken out or added."""
    document = hptsdk.to_wire(draw(strategies.requests()))
    inner, key = draw(st.sampled_from([*places(document)]))
    match draw(st.sampled_from(["replaced", "gone", "more"])):
        case "replaced":
            inner[key] = draw(WRONG)
        case "gone":
            del inner[key]
        case _ if isinstance(inner, dict):
            inner["More"] = draw(WRONG)
        case _:
            inner.append(draw(WRONG))
    return document


def slowly(document):
    """Look at a document slowly: the request, or None where it is refused."""
    try:
        return _checked(REQUEST, document, [])
    except InvalidShapeError:
        return None


def count(value):
    """Count the strings in a document, names and values."""
    if isinstance(value, dict):
        return len(value) + sum(map(count, value.values()))
    return sum(map(count, value)) if isinstance(value, list) else isinstance(value, str)


@given(spoiled())
def test_what_is_read_in_one_go_is_what_the_slow_look_gives(document):
    found = reader_of(REQUEST)(copy.deepcopy(document), [])
    if found is not None:
        assert repr(found) == repr(slowly(document))


@given(spoiled())
def test_a_document_that_is_refused_is_not_read_in_one_go(document):
    assume(slowly(document) is None)
    assert reader_of(REQUEST)(document, []) is None


@given(strategies.requests())
def test_the_text_of_a_right_request_is_read_in_one_go(request):
    text = hptsdk.dumps(request)
    strings = []
    assert reader_of(REQUEST)(decoded(text), strings) == request
    assert sum(strings) == count(json.loads(text))


@given(strategies.requests())
def test_all_that_is_read_in_one_go_is_known_to_be_checked(request):
    found = reader_of(REQUEST)(hptsdk.to_wire(request), [])
    assert all(part._aside is None for part in parts(found))


@given(JSON, st.sampled_from([None, 1]))
def test_strings_are_counted_in_the_text_as_in_the_document(document, indent):
    assert strings_in(json.dumps(document, indent=indent)) == count(document)


def parts(value):
    """Give a shape and all shapes within it."""
    if isinstance(value, shapes.Tag.__base__):
        yield value
        for _, inner in value._present():
            yield from parts(inner)
    elif isinstance(value, tuple):
        for inner in value:
            yield from parts(inner)


def refused_by_reference(document):
    """Return the violations that the reference validator finds, in every structure of a document."""
    reference = {"__attrs_post_init__": lambda shape, collect=False: check_first(shape, collect=collect)}
    with ExitStack() as stack:
        for cls in schema.all_shapes():
            if not schema.of(cls).is_response:
                stack.enter_context(mock.patch.multiple(cls, **reference))
        return refused(document)


def refused(document):
    try:
        _checked(REQUEST, document, [])
    except InvalidShapeError as error:
        return error.violations
    return ()


@settings(max_examples=30)
@given(spoiled())
def test_the_compiled_check_finds_what_the_reference_validator_finds(document):
    assert refused(copy.deepcopy(document)) == refused_by_reference(document)


@settings(max_examples=30)
@given(spoiled())
def test_one_invalid_value_has_no_consequences(document):
    rules = {rule.id for rule in schema.rules()}
    found = {violation.rule for violation in refused(document)}
    assume(found and not found <= rules)
    # a structure that lacks members may violate rules as well
    assume("required" not in found or len(found) == 1)
    assert not found & rules
