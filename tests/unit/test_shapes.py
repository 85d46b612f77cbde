"""Shapes as Python objects: immutable, equal by their members, and with a repr that is code."""

import copy
import enum
import pickle
import re
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import attrs
import pytest

import hptsdk
from hptsdk import shapes
from hptsdk.errors import InvalidShapeError

pytestmark = pytest.mark.usefixtures("no_rules")

TAG = shapes.Tag(key="team", value="growth")

# When the clocks are put back, half past two occurs twice.
TWICE = datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Berlin"))


class Text(str):
    __slots__ = ()


class Mode(enum.StrEnum):
    FILE = "File"


class Mixed(str, enum.Enum):  # noqa: UP042 - the str() of one is not its text, unlike a StrEnum's
    FILE = "File"


class Count(enum.IntEnum):
    TWO = 2


def definition(valid, **members):
    return valid(shapes.HyperParameterTrainingJobDefinition, **members)


def test_a_member_cannot_be_set():
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        TAG.value = "other"


def test_a_member_cannot_be_deleted():
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        del TAG.value


def test_no_other_attribute_can_be_set():
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        TAG.colour = "red"


def test_members_are_keyword_only():
    with pytest.raises(TypeError, match="positional argument"):
        shapes.Tag("team", "growth")


def test_a_missing_required_member_is_a_type_error_of_python():
    with pytest.raises(TypeError, match="missing 1 required keyword-only argument: 'value'"):
        shapes.Tag(key="team")


def test_an_unknown_member_is_a_type_error_of_python():
    with pytest.raises(TypeError, match="unexpected keyword argument 'colour'"):
        shapes.Tag(key="team", value="growth", colour="red")


def test_shapes_of_different_classes_are_unequal():
    members = {"name": "depth", "min_value": "1", "max_value": "9"}
    assert shapes.IntegerParameterRange(**members) != shapes.ContinuousParameterRange(**members)


def test_shapes_of_different_classes_are_different_items_of_a_set():
    members = {"name": "depth", "min_value": "1", "max_value": "9"}
    assert len({shapes.IntegerParameterRange(**members), shapes.ContinuousParameterRange(**members)}) == 2


def test_a_shape_is_not_equal_to_a_dict():
    assert TAG != {"Key": "team", "Value": "growth"}


def test_a_list_becomes_a_tuple():
    assert shapes.VpcConfig(security_group_ids=["sg-1"], subnets=["a", "b"]).subnets == ("a", "b")


def test_a_list_in_a_response_becomes_a_tuple():
    assert shapes.ListTagsOutput(tags=[TAG]).tags == (TAG,)


def test_changing_the_list_later_does_not_change_the_shape():
    subnets = ["a", "b"]
    config = shapes.VpcConfig(security_group_ids=["sg-1"], subnets=subnets)
    subnets.append("c")
    assert config.subnets == ("a", "b")


def test_changing_the_list_later_does_not_change_a_response():
    tags = [TAG]
    response = shapes.ListTagsOutput(tags=tags)
    tags.clear()
    assert response.tags == (TAG,)


def test_changing_the_dict_later_does_not_change_the_shape(valid):
    environment = {"A": "1"}
    shape = definition(valid, environment=environment)
    environment["A"] = "2"
    assert shape.environment == {"A": "1"}


def test_changing_the_dict_later_does_not_change_a_response():
    parameters = {"A": "1"}
    shape = shapes.CollectionConfiguration(collection_parameters=parameters)
    parameters["A"] = "2"
    assert shape.collection_parameters == {"A": "1"}


def test_an_entry_cannot_be_added_to_a_map(valid):
    with pytest.raises(TypeError, match="does not support item assignment"):
        definition(valid, environment={"A": "1"}).environment["B"] = "2"


def test_an_entry_cannot_be_removed_from_a_map(valid):
    with pytest.raises(TypeError, match="deletion"):
        del definition(valid, environment={"A": "1"}).environment["A"]


def test_maps_with_equal_entries_have_equal_hashes(valid):
    one, other = (
        definition(valid, environment={"A": "1", "B": "2"}),
        definition(valid, environment={"B": "2", "A": "1"}),
    )
    assert hash(one.environment) == hash(other.environment)


def test_the_order_of_entries_does_not_affect_equality_of_maps(valid):
    one, other = (
        definition(valid, environment={"A": "1", "B": "2"}),
        definition(valid, environment={"B": "2", "A": "1"}),
    )
    assert one.environment == other.environment


def test_a_map_can_be_pickled(valid):
    environment = definition(valid, environment={"A": "1"}).environment
    assert pickle.loads(pickle.dumps(environment)) == environment  # noqa: S301 - our own


def test_a_map_can_be_copied(valid):
    environment = definition(valid, environment={"A": "1"}).environment
    assert copy.deepcopy(environment) == environment


def test_a_map_prints_as_a_dict_literal(valid):
    assert repr(definition(valid, environment={"A": "1", "B": "2"}).environment) == "{'A': '1', 'B': '2'}"


def test_a_map_has_the_methods_of_a_dict_that_read(valid):
    environment = definition(valid, environment={"A": "1", "B": "2"}).environment
    assert (len(environment), [*environment], environment["B"]) == (2, ["A", "B"], "2")


def test_none_means_not_set_and_the_text_none_is_a_value(valid):
    channel = valid(shapes.Channel, compression_type="None", record_wrapper_type=None)
    assert (channel.compression_type, channel.record_wrapper_type) == ("None", None)


def test_evolving_validates_again():
    with pytest.raises(InvalidShapeError, match=re.escape("Tag.Key: expected text of 1 to 128 characters, got ''")):
        attrs.evolve(TAG, key="")


def test_evolving_does_not_change_the_original():
    attrs.evolve(TAG, value="other")
    assert TAG.value == "growth"


def test_evolving_sets_the_new_value():
    assert attrs.evolve(TAG, value="other") == shapes.Tag(key="team", value="other")


@pytest.mark.parametrize(
    "value", [Mode.FILE, Mixed.FILE, type("Text", (str,), {})("File")], ids=["enum", "mixed", "str"]
)
def test_text_of_a_subclass_becomes_plain_text(value):
    mode = shapes.HyperParameterAlgorithmSpecification(training_input_mode=value).training_input_mode
    assert (type(mode), mode) == (str, "File")


def test_a_member_of_an_int_enum_becomes_an_integer():
    assert type(shapes.ShuffleConfig(seed=Count.TWO).seed) is int


@pytest.mark.parametrize("moment", ["2026-11-03T12:30:00Z", "2026-11-03T13:30:00+01:00", 1793709000, 1793709000.0])
def test_a_time_becomes_an_aware_datetime(moment):
    shape = shapes.ListTrainingJobsRequest(creation_time_after=moment)
    assert shape.creation_time_after == datetime(2026, 11, 3, 12, 30, tzinfo=UTC)


def test_a_new_shape_has_no_unmodelled_members():
    assert TAG.unmodelled == {}


def test_a_repr_is_code():
    assert repr(TAG) == "Tag(key='team', value='growth')"


def test_a_repr_has_lists_and_maps_as_literals():
    shape = shapes.DebugHookConfig(
        s3_output_path="s3://bucket/key",
        hook_parameters={"save_interval": "500"},
        collection_configurations=[shapes.CollectionConfiguration(collection_name="losses")],
    )
    assert repr(shape) == (
        "DebugHookConfig(s3_output_path='s3://bucket/key', hook_parameters={'save_interval': '500'}, "
        "collection_configurations=[CollectionConfiguration(collection_name='losses')])"
    )


def test_a_repr_has_secrets_since_it_is_code(valid):
    assert "{'TOKEN': 'hunter2'}" in repr(definition(valid, environment={"TOKEN": "hunter2"}))


@pytest.mark.parametrize("zone", [UTC, timezone(timedelta(hours=-3, minutes=-30)), ZoneInfo("Asia/Tokyo")], ids=str)
def test_the_repr_of_a_response_with_a_time_is_code(zone, evaluated):
    shape = shapes.MetricData(timestamp=datetime(2026, 11, 3, 12, 30, 1, 250, tzinfo=zone))
    assert evaluated(shape) == shape


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_the_repr_of_a_number_that_is_not_finite_is_code(value, evaluated):
    shape = shapes.MetricData(value=value)
    assert evaluated(shape) == shape


def test_a_shape_with_nan_can_be_pickled():
    shape = shapes.MetricData(value=float("nan"))
    assert pickle.loads(pickle.dumps(shape)) == shape  # noqa: S301 - our own


def test_the_repr_of_a_time_in_a_repeated_hour_is_code(evaluated):
    shape = shapes.ListTrainingJobsRequest(creation_time_after=TWICE)
    assert evaluated(shape) == shape


@pytest.mark.parametrize("seed", [-(2**63), 2**63 - 1])
def test_an_integer_of_64_bits_is_accepted(seed):
    assert shapes.ShuffleConfig(seed=seed).seed == seed


@pytest.mark.parametrize("seed", [-(2**63) - 1, 2**63, 10**5000], ids=["below", "above", "far above"])
def test_an_integer_of_more_bits_is_refused(seed):
    with pytest.raises(InvalidShapeError):
        shapes.ShuffleConfig(seed=seed)


def test_a_number_too_large_for_a_float_is_refused():
    with pytest.raises(InvalidShapeError):
        shapes.TuningJobCompletionCriteria(target_objective_metric_value=10**400)


MISSPELLED = [
    (shapes.Tag, {"keyy": "a"}, "Tag() got an unexpected keyword argument 'keyy'; did you mean 'key'?"),
    (shapes.Tag, {"Key": "a", "value": ""}, "Tag() got an unexpected keyword argument 'Key'; did you mean 'key'?"),
    (shapes.Tag, {"key": "a", "value": "", "colour": ""}, "Tag() got an unexpected keyword argument 'colour'"),
    (
        shapes.ParameterRanges,
        {"ContinuousParameterRanges": []},
        (
            "ParameterRanges() got an unexpected keyword argument 'ContinuousParameterRanges'; "
            "did you mean 'continuous_parameter_ranges'?"
        ),
    ),
    (
        shapes.ListTagsOutput,
        {"tag": []},
        "ListTagsOutput() got an unexpected keyword argument 'tag'; did you mean 'tags'?",
    ),
    (shapes.Tag, {"key": "a"}, "Tag() missing 1 required keyword-only argument: 'value'"),
    (shapes.Tag, {}, "Tag() missing 2 required keyword-only arguments: 'key' and 'value'"),
]


@pytest.mark.parametrize(("cls", "members", "message"), MISSPELLED)
def test_the_error_of_an_unknown_keyword_suggests_a_similar_one(cls, members, message):
    with pytest.raises(TypeError) as raised:
        cls(**members)
    assert str(raised.value) == message


def test_the_error_of_evolve_suggests_a_similar_keyword():
    with pytest.raises(
        TypeError, match=r"^Tag\(\) got an unexpected keyword argument 'valeu'; did you mean 'value'\?$"
    ):
        attrs.evolve(shapes.Tag(key="a", value=""), valeu="b")


class WithoutClass:
    @property
    def __class__(self):
        raise RuntimeError


class WithoutAttributes:
    def __getattribute__(self, name):
        raise RuntimeError


@pytest.mark.parametrize("cls", [WithoutClass, WithoutAttributes])
@pytest.mark.parametrize(
    "create",
    [
        lambda value: shapes.Tag(key=value, value=""),
        lambda value: shapes.DataSource(s3_data_source=value),
        lambda value: shapes.CategoricalParameterRange(name="a", values=[value]),
        lambda value: hptsdk.from_wire(shapes.Tag, value),
        lambda value: hptsdk.from_wire(shapes.Tag, {"Key": "a", "Value": value}),
        lambda value: hptsdk.from_wire(shapes.AddTagsInput, {"ResourceArn": "a", "Tags": [value]}),
    ],
)
def test_an_object_whose_class_cannot_be_read_is_a_violation(cls, create, refused):
    for _ in range(3):  # by both validators
        assert "an object that cannot be read" in {violation.got for violation in refused(create, cls())}


@pytest.mark.parametrize("cls", [WithoutClass, WithoutAttributes])
def test_a_response_accepts_an_object_whose_class_cannot_be_read(cls):
    assert shapes.ListTagsOutput(next_token=cls()).tags is None
