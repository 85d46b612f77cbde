"""Rules between members decide on any values that the members may have, and raise nothing of their own."""

import attrs
import pytest
from hypothesis import given, strategies as st

import hptsdk
from hptsdk import schema, shapes
from hptsdk.errors import InvalidShapeError
from hptsdk.testing import strategies

IDS = [rule.id for rule in schema.rules()]
RULED = [cls for cls in schema.all_shapes() if cls in {rule.shape for rule in schema.rules()}]

# Decimal text of any size.
NUMBERS = st.one_of(
    st.integers(-(10**200), 10**200).map(str),
    st.floats(allow_nan=False, allow_infinity=False).map(str),
    st.builds("{}e{}".format, st.integers(-9, 9), st.integers(-(10**30), 10**30)),
)


def is_decided(cls, members):
    """Check whether a shape of these members is either created or refused."""
    try:
        return isinstance(cls(**members), cls)
    except InvalidShapeError:
        return True


@given(data=st.data(), cls=st.sampled_from(RULED))
def test_a_shape_with_valid_members_is_created_or_refused(data, cls, any_valid):
    with hptsdk.waived(*IDS):
        members = attrs.asdict(data.draw(any_valid(cls)), recurse=False)
    assert is_decided(cls, members)


@pytest.mark.parametrize("cls", [shapes.ContinuousParameterRange, shapes.IntegerParameterRange])
@given(data=st.data(), low=NUMBERS, high=NUMBERS)
def test_a_range_with_any_bounds_is_created_or_refused(cls, data, low, high):
    scaling = data.draw(st.sampled_from([None, "Auto", "Linear", "Logarithmic", "ReverseLogarithmic"]))
    assert is_decided(cls, {"name": "a", "min_value": low, "max_value": high, "scaling_type": scaling})


@given(data=st.data(), cls=st.sampled_from(RULED))
def test_a_shape_with_valid_members_is_created_if_all_rules_are_waived(data, cls, any_valid):
    with hptsdk.waived(*IDS):
        members = attrs.asdict(data.draw(any_valid(cls)), recurse=False)
        assert isinstance(cls(**members), cls)


@given(response=strategies.responses(shapes.DescribeHyperParameterTuningJobResponse, extreme=True))
def test_advise_accepts_any_response(response):
    assert isinstance(hptsdk.advise(response), tuple)


def test_a_rule_that_raises_on_a_part_of_a_response_is_undecided():
    document = {"TrainingJobDefinition": {"InputDataConfig": [None, {"ChannelName": None}]}}
    response = hptsdk.from_wire(shapes.DescribeHyperParameterTuningJobResponse, document)
    assert [advice.rule for advice in hptsdk.advise(response.training_job_definition)] == ["resources-given"]
