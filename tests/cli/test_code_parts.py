"""Builder code of generated parts, even if they violate rules together with the rest of the request."""

import attrs
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from hptsdk import export, shapes
from hptsdk.testing import strategies

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]
pytestmark = pytest.mark.usefixtures("no_rules")


def code_of(request):
    """Return the builder code of an equal request."""
    return export.python(request, exact=True)


def run(code):
    """Run code and return its variable `request`."""
    names = {}
    exec(code, names)  # noqa: S102 - that it runs is the test
    return names["request"]


CLASSES = [
    ("parameter_ranges", shapes.ParameterRanges),
    ("tuning_job_completion_criteria", shapes.TuningJobCompletionCriteria),
]


@pytest.mark.parametrize(("member", "cls"), CLASSES, ids=[cls.__name__ for _, cls in CLASSES])
@settings(suppress_health_check=SLOW)
@given(data=st.data())
def test_any_ranges_and_criteria_are_rebuilt(request_of_one, member, cls, data):
    config = attrs.evolve(
        request_of_one.hyper_parameter_tuning_job_config, **{member: data.draw(strategies.shapes(cls, extreme=True))}
    )
    request = attrs.evolve(request_of_one, hyper_parameter_tuning_job_config=config)
    assert run(code_of(request)) == request


MEMBERS = {
    "input_data_config": st.lists(strategies.shapes(shapes.Channel, extreme=True), min_size=1, max_size=3),
    "resource_config": strategies.shapes(shapes.ResourceConfig, extreme=True),
    "stopping_condition": strategies.shapes(shapes.StoppingCondition, extreme=True),
    "algorithm_specification": strategies.shapes(shapes.HyperParameterAlgorithmSpecification, extreme=True),
    "output_data_config": strategies.shapes(shapes.OutputDataConfig, extreme=True),
    "vpc_config": strategies.shapes(shapes.VpcConfig, extreme=True),
    "static_hyper_parameters": st.dictionaries(st.text("aé_x1 -", max_size=4), st.text(max_size=4)).map(
        lambda entries: {key: value.replace("\n", "") for key, value in entries.items()}
    ),
}


@pytest.mark.long
@pytest.mark.parametrize("member", MEMBERS)
@settings(suppress_health_check=SLOW)
@given(data=st.data())
def test_any_part_of_a_definition_is_rebuilt(request_of_one, member, data):
    definition = attrs.evolve(request_of_one.training_job_definition, **{member: data.draw(MEMBERS[member])})
    request = attrs.evolve(request_of_one, training_job_definition=definition)
    assert run(code_of(request)) == request


@settings(suppress_health_check=SLOW)
@given(resources=strategies.shapes(shapes.HyperParameterTuningResourceConfig, extreme=True))
def test_any_alternative_instances_are_rebuilt(request_of_one, resources):
    definition = attrs.evolve(
        request_of_one.training_job_definition, resource_config=None, hyper_parameter_tuning_resource_config=resources
    )
    request = attrs.evolve(request_of_one, training_job_definition=definition)
    assert run(code_of(request)) == request


def evolved(request, **members):
    definition = attrs.evolve(request.training_job_definition, **members)
    return attrs.evolve(request, training_job_definition=definition)


def test_a_job_without_an_objective_is_one_shape(request_of_one):
    config = attrs.evolve(request_of_one.hyper_parameter_tuning_job_config, hyper_parameter_tuning_job_objective=None)
    request = attrs.evolve(request_of_one, hyper_parameter_tuning_job_config=config)
    assert run(code_of(request)) == request


def test_a_definition_with_neither_image_nor_algorithm_is_rebuilt(request_of_one):
    algorithm = shapes.HyperParameterAlgorithmSpecification(training_input_mode="File")
    request = evolved(request_of_one, algorithm_specification=algorithm)
    assert run(code_of(request)) == request


def test_a_channel_without_a_source_is_rebuilt(request_of_one):
    channel = shapes.Channel(channel_name="train", data_source=shapes.DataSource())
    request = evolved(request_of_one, input_data_config=[channel])
    assert run(code_of(request)) == request
