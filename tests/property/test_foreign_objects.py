"""Objects whose methods raise, or that have no end, are violations like other invalid values, and can be printed."""

import copy
import itertools
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, tzinfo

import pytest

import hptsdk
from hptsdk import schema, shapes
from hptsdk.errors import InvalidShapeError

pytestmark = [pytest.mark.usefixtures("no_rules"), pytest.mark.long]


class Broken(Exception):  # noqa: N818 - a name for what no program of ours raises
    pass


def fails(*_, **__):
    raise Broken


BASES = {object: (), str: ("a",), int: (1,), float: (0.5,), list: (["a"],), tuple: (["a"],), dict: ({"a": "b"},)}
BASES |= {set: ({"a"},), bytes: (b"a",), datetime: (2026, 11, 3, 12, 0, 0, 0, UTC)}
METHODS = ["__eq__", "__ne__", "__repr__", "__len__", "__iter__", "__hash__", "__str__", "__index__", "__bool__"]
METHODS += ["__int__", "__float__", "__lt__", "__le__", "__gt__", "__ge__", "__abs__", "__sub__", "__format__"]
METHODS += ["__getitem__", "__contains__", "keys", "items", "values", "get", "utcoffset", "encode", "is_integer"]


def broken(base, method):
    """Create an instance of a class with one method that raises."""
    cls = type("Odd", (base,), {method: fails})
    if method == "__eq__":
        cls.__hash__ = base.__hash__
    return cls(*BASES[base])


def can_have(base, method):
    return base is object or hasattr(base, method)


class Entries(Mapping):
    def __init__(self, keys, value="b"):
        self.names, self.value = keys, value

    def __getitem__(self, key):
        return self.value() if callable(self.value) else self.value

    def __iter__(self):
        return self.names()

    def __len__(self):
        return 1


class Items(Sequence):
    def __init__(self, item):
        self.item = item

    def __getitem__(self, index):
        return self.item()

    def __len__(self):
        return 1


class Zone(tzinfo):
    utcoffset = tzname = dst = fails


def nested(depth):
    whole = inner = []
    for _ in range(depth):
        inner.append([])
        inner = inner[0]
    return whole


def endless():
    whole = []
    whole.append(whole)
    return whole


OBJECTS = {
    f"{base.__name__}.{method}": broken(base, method) for base in BASES for method in METHODS if can_have(base, method)
} | {
    "a range of a trillion": range(10**12),
    "a sequence without an end": Items(lambda: "a"),
    "a sequence that raises": Items(fails),
    "a mapping without an end": Entries(lambda: map(str, itertools.count())),
    "a mapping whose keys raise": Entries(fails),
    "a mapping whose values raise": Entries(lambda: iter(["a"]), fails),
    "a zone that raises": datetime(2026, 11, 3, tzinfo=Zone()),
    "lists in lists": nested(3000),
    "a list of itself": endless(),
}
PLACES = [
    (shapes.Tag, "Value"),
    (shapes.CategoricalParameterRange, "Values"),
    (shapes.HyperParameterTrainingJobDefinition, "Environment"),
    (shapes.HyperParameterTrainingJobDefinition, "InputDataConfig"),
    (shapes.ShuffleConfig, "Seed"),
    (shapes.HyperbandStrategyConfig, "MaxResource"),
    (shapes.TuningJobCompletionCriteria, "TargetObjectiveMetricValue"),
    (shapes.ListTrainingJobsRequest, "CreationTimeAfter"),
    (shapes.ListTrainingJobsRequest, "SortOrder"),
    (shapes.HyperParameterTuningJobConfig, "ResourceLimits"),
    (shapes.OutputDataConfig, "Junk"),
]


def used(make, *arguments, **members):
    """Create a shape, and use it or the error in every way that a program may."""
    try:
        shape = make(*arguments, **members)
    except InvalidShapeError as error:
        f"{error}{error!r}".encode()
        return
    assert shape == copy.copy(shape)
    assert hash(shape) == hash(copy.copy(shape))
    for text in (repr(shape), str(shape), shape._repr_html_()):
        assert text.encode()
    hptsdk.to_wire(shape)
    try:
        hptsdk.dumps(shape)
    except InvalidShapeError as error:
        f"{error}".encode()


@pytest.mark.parametrize("odd", OBJECTS.values(), ids=list(OBJECTS))
def test_an_object_in_a_document_is_refused_or_accepted(odd, valid):
    for cls, name in PLACES:
        document = hptsdk.to_wire(valid(cls))
        for value in (odd, [odd], {"A": odd}):
            used(hptsdk.from_wire, cls, document | {name: value})


@pytest.mark.parametrize("odd", OBJECTS.values(), ids=list(OBJECTS))
def test_an_object_as_an_argument_of_a_constructor_is_refused_or_accepted(odd, valid):
    for cls, name in PLACES[:-1]:
        attribute = next(member.attribute for member in schema.of(cls).members if member.wire_name == name)
        for value in (odd, [odd], {"A": odd}):
            used(valid, cls, **{attribute: value})


@pytest.mark.parametrize("odd", OBJECTS.values(), ids=list(OBJECTS))
def test_an_object_in_a_response_is_accepted_and_can_be_printed(odd):
    for name in ("TrainingJobName", "HyperParameters", "CreationTime", "SecondaryStatusTransitions", "Unknown"):
        used(hptsdk.from_wire, shapes.DescribeTrainingJobResponse, {name: odd})


@pytest.mark.parametrize("odd", OBJECTS.values(), ids=list(OBJECTS))
def test_an_object_in_place_of_a_document_is_refused_or_accepted(odd):
    for cls in (shapes.Tag, shapes.DescribeTrainingJobResponse):
        used(hptsdk.from_wire, cls, odd)


@pytest.mark.parametrize("method", ["__eq__", "__len__", "__repr__", "__str__", "__contains__"])
def test_an_object_as_the_name_of_a_member_is_refused(method):
    for document in ({broken(str, method): 1}, {"Key": "a", "Value": "", broken(str, method): 1}):
        with pytest.raises(InvalidShapeError):
            hptsdk.from_wire(shapes.Tag, document)


def test_a_sequence_of_a_trillion_items_is_refused_with_its_path():
    message = r"\.Values: expected a readable sequence of at most 10,000 items, got a range \[type\]"
    with pytest.raises(InvalidShapeError, match=message):
        shapes.CategoricalParameterRange(name="a", values=range(10**12))


def test_text_of_a_subclass_becomes_text(valid):
    value = shapes.Tag(key=broken(str, "__eq__"), value="").key
    assert (type(value), value) == (str, "a")


def test_the_repr_of_a_response_omits_values_that_cannot_be_printed():
    response = hptsdk.from_wire(shapes.ListTagsOutput, {"NextToken": broken(object, "__repr__")})
    assert repr(response) == "ListTagsOutput(next_token=...)"
