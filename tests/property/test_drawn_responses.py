"""Drawn responses: consistent by default; extreme ones differ from the model as well."""

import struct

import pytest
from hypothesis import given, strategies as st
from hypothesis.errors import InvalidArgument
from job_checks import of_description, of_summary, of_transitions

import hptsdk
from hptsdk import schema, shapes
from hptsdk.testing import strategies

RESPONSES = [cls for cls in schema.all_shapes() if schema.of(cls).is_response]
DESCRIPTION = shapes.DescribeHyperParameterTuningJobResponse

pytestmark = pytest.mark.long


# --- any class ---


@pytest.mark.parametrize("extreme", [False, True])
@given(data=st.data(), cls=st.sampled_from(RESPONSES))
def test_a_drawn_response_is_an_instance(extreme, data, cls):
    assert isinstance(data.draw(strategies.responses(cls, extreme=extreme)), cls)


@given(data=st.data(), cls=st.sampled_from(RESPONSES))
def test_a_response_is_equal_after_a_round_trip(data, cls):
    response = data.draw(strategies.responses(cls))
    assert hptsdk.from_wire(cls, hptsdk.to_wire(response)) == response


@given(data=st.data(), cls=st.sampled_from(RESPONSES))
def test_a_response_has_its_required_members_and_no_others_than_the_model(data, cls):
    response = data.draw(strategies.responses(cls))
    required = [member.attribute for member in schema.of(cls).members if member.required]
    assert [name for name in required if getattr(response, name) is None] == []
    assert response.unmodelled == {}


@pytest.mark.parametrize("cls", [shapes.CreateHyperParameterTuningJobRequest, shapes.Tag, str, "Tag"])
def test_responses_are_of_classes_that_the_service_sends(cls):
    with pytest.raises(InvalidArgument, match=r"expected a class of hptsdk\.shapes that the service returns"):
        strategies.responses(cls)


# --- consistent responses ---


@given(strategies.responses(DESCRIPTION))
def test_a_description_does_not_contradict_itself(description):
    assert list(of_description(description)) == []


@given(strategies.responses(shapes.HyperParameterTuningJobSummary))
def test_the_summary_of_a_tuning_job_has_an_end_time_if_it_has_ended(summary):
    is_running = summary.hyper_parameter_tuning_job_status in {"InProgress", "Stopping"}
    assert (summary.hyper_parameter_tuning_end_time is None) == is_running


@given(strategies.responses(shapes.ListHyperParameterTuningJobsResponse))
def test_listed_tuning_jobs_have_different_names_in_order(page):
    names = [job.hyper_parameter_tuning_job_name.lower() for job in page.hyper_parameter_tuning_job_summaries]
    assert names == sorted(set(names))


@given(strategies.responses(shapes.HyperParameterTrainingJobSummary))
def test_the_summary_of_a_training_job_does_not_contradict_itself(summary):
    assert list(of_summary(summary)) == []


@given(strategies.responses(shapes.ListTrainingJobsForHyperParameterTuningJobResponse))
def test_listed_training_jobs_do_not_contradict_themselves(page):
    assert [text for job in page.training_job_summaries for text in of_summary(job)] == []


@given(strategies.responses(shapes.DescribeTrainingJobResponse))
def test_the_description_of_a_training_job_does_not_contradict_itself(job):
    assert list(of_transitions(job)) == []


@given(strategies.responses(shapes.FinalHyperParameterTuningJobObjectiveMetric))
def test_an_objective_value_is_a_32_bit_float(metric):
    assert struct.unpack("f", struct.pack("f", metric.value))[0] == metric.value


# --- extreme responses ---


def test_some_extreme_responses_have_unmodelled_members(drawn, parts_of):
    found = drawn(strategies.responses(DESCRIPTION, extreme=True), 100)
    assert any(part.unmodelled for response in found for part in parts_of(response))


def test_some_extreme_responses_have_a_status_that_no_enumeration_has(drawn):
    found = drawn(strategies.responses(DESCRIPTION, extreme=True), 200)
    assert "Paused" in {response.hyper_parameter_tuning_job_status for response in found}


def test_some_extreme_responses_lack_a_required_member(drawn):
    found = drawn(strategies.responses(DESCRIPTION, extreme=True), 200)
    assert None in {response.creation_time for response in found}
