"""An invalid document raises InvalidShapeError with the path, and no other error."""

import copy
import json
import pickle

import pytest
from hypothesis import given, strategies as st

import hptsdk
from hptsdk import schema, shapes
from hptsdk.errors import InvalidShapeError

pytestmark = pytest.mark.usefixtures("no_rules")

STRICT = [cls for cls in schema.all_shapes() if not schema.of(cls).is_response]

SCALARS = st.sampled_from(
    [None, True, False, 0, -1, 2**31, 10**30, 0.5, 1e300, "", "a", "None", "\n", "\ud800", "\u00e9", "ml.x", "x" * 3000]
)
JUNK = st.recursive(
    SCALARS | st.floats() | st.integers() | st.text(st.characters(), max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(SCALARS | st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)
# Values that JSON does not have, too.
ODD = [b"a", object(), {1}, iter("ab"), range(3), 1j, shapes.Tag, shapes.Tag(key="a", value="")]
ODDER = JUNK | st.sampled_from(ODD)


def places(value, path=()):
    """Yield the path of each part of a document, as keys and indexes."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in inner:
        yield (*path, key)
        yield from places(item, (*path, key))


def written(path):
    """Format a path as violations have it, with keys of maps in brackets."""
    text = ""
    for above, key in zip(("", *path), path, strict=False):
        if above in {"Environment", "StaticHyperParameters"}:
            text += f"[{json.dumps(key)}]"
        else:
            text += f"[{key}]" if isinstance(key, int) else f".{key}"
    return text.removeprefix(".")


def outcome(function, *args):
    """Return the result of a function, or its InvalidShapeError."""
    try:
        return function(*args)
    except InvalidShapeError as error:
        return error


@pytest.fixture(scope="module")
def with_junk(valid, no_rules):
    """Return the strategy for documents with junk: it draws the class, the document and the path of the junk."""
    documents = [(cls, hptsdk.to_wire(valid(cls, full=True))) for cls in STRICT]
    largest = next(pair for pair in documents if pair[0] is shapes.CreateHyperParameterTuningJobRequest)

    @st.composite
    def with_junk(draw, junk):
        cls, document = copy.deepcopy(draw(st.sampled_from(documents) | st.just(largest)))
        path = draw(st.sampled_from([("Junk",), *places(document)]))
        inner = document
        for key in path[:-1]:
            inner = inner[key]
        inner[path[-1]] = draw(junk)
        return cls, document, path

    return with_junk


@given(data=st.data())
def test_junk_in_a_document_is_refused_or_valid(data, with_junk):
    cls, document, _ = data.draw(with_junk(ODDER))
    assert isinstance(outcome(hptsdk.from_wire, cls, document), (InvalidShapeError, cls))


@given(data=st.data())
def test_junk_in_json_is_refused_or_valid(data, with_junk):
    cls, document, _ = data.draw(with_junk(JUNK))
    assert isinstance(outcome(hptsdk.loads, cls, json.dumps(document, default=str)), (InvalidShapeError, cls))


@given(data=st.data())
def test_a_violation_has_the_path_of_the_junk(data, with_junk):
    cls, document, path = data.draw(with_junk(ODDER))
    violations = getattr(outcome(hptsdk.from_wire, cls, document), "violations", ())
    assert [violation.path for violation in violations if not violation.path.startswith(written(path))] == []


@given(data=st.data())
def test_an_unknown_member_with_junk_is_always_refused(data, valid, refused):
    cls = data.draw(st.sampled_from(STRICT))
    document = hptsdk.to_wire(valid(cls)) | {"Junk": data.draw(ODDER)}
    assert [violation.path for violation in refused(hptsdk.from_wire, cls, document)] == ["Junk"]


@given(data=st.data())
def test_the_message_about_junk_can_be_printed(data, with_junk):
    cls, document, _ = data.draw(with_junk(ODDER))
    assert str(outcome(hptsdk.from_wire, cls, document)).encode()


@given(data=st.data())
def test_the_error_about_junk_can_be_pickled(data, with_junk):
    cls, document, _ = data.draw(with_junk(ODDER))
    violations = outcome(hptsdk.from_wire, cls, document)
    assert str(pickle.loads(pickle.dumps(violations))) == str(violations)  # noqa: S301 - our own


@given(data=st.data())
def test_reading_a_document_does_not_change_it(data, with_junk):
    cls, document, _ = data.draw(with_junk(JUNK))
    before = repr(document)
    outcome(hptsdk.from_wire, cls, document)
    assert repr(document) == before


@given(root=ODDER, cls=st.sampled_from(schema.all_shapes()))
def test_junk_as_a_root_is_refused_or_valid(root, cls):
    assert isinstance(outcome(hptsdk.from_wire, cls, root), (InvalidShapeError, cls))


@given(text=st.text(st.characters()), cls=st.sampled_from(schema.all_shapes()))
def test_junk_as_text_is_refused(text, cls):
    with pytest.raises(InvalidShapeError):
        hptsdk.loads(cls, text)


@given(data=st.data())
def test_broken_json_is_refused(data, any_shape):
    shape = data.draw(any_shape)
    text = hptsdk.dumps(shape)
    with pytest.raises(InvalidShapeError):
        hptsdk.loads(type(shape), text[: data.draw(st.integers(0, len(text) - 1))])
