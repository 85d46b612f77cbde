"""Properties of drawn requests: round trips, copies, and builders."""

import copy
import pickle

import attrs
from hypothesis import given, strategies as st

import hptsdk
from hptsdk import schema, shapes
from hptsdk.errors import InvalidShapeError
from hptsdk.testing import strategies

OPERATION = "CreateHyperParameterTuningJob"
REQUEST = shapes.CreateHyperParameterTuningJobRequest
REQUESTS = strategies.requests(extreme=True)


@given(REQUESTS)
def test_a_request_is_equal_after_a_round_trip_through_the_wire_format(request):
    assert hptsdk.from_wire(REQUEST, hptsdk.to_wire(request)) == request


@given(REQUESTS)
def test_a_request_is_equal_after_a_round_trip_through_json(request):
    assert hptsdk.loads(REQUEST, hptsdk.dumps(request)) == request


@given(REQUESTS)
def test_an_unpickled_request_is_equal_and_has_the_same_hash(request):
    unpickled = pickle.loads(pickle.dumps(request))  # noqa: S301 - our own
    assert (unpickled, hash(unpickled)) == (request, hash(request))


@given(REQUESTS)
def test_a_deep_copy_is_equal_and_of_the_same_hash(request):
    copied = copy.deepcopy(request)
    assert (copied, hash(copied)) == (request, hash(request))


@given(data=st.data(), request=REQUESTS)
def test_evolving_a_request_keeps_its_rules(data, request):
    """With a member of another request, the result is valid, or an error is raised."""
    name = data.draw(st.sampled_from([member.attribute for member in schema.of(REQUEST).members]))
    value = getattr(data.draw(REQUESTS), name)
    try:
        evolved = attrs.evolve(request, **{name: value})
    except InvalidShapeError:
        return
    assert hptsdk.from_wire(REQUEST, hptsdk.to_wire(evolved)) == evolved


# --- the builders ---

# Definitions that can be built with the arguments of builders.
DEFINITIONS = strategies.shapes(
    shapes.HyperParameterTrainingJobDefinition,
    extreme=True,
    definition_name=None,
    tuning_objective=None,
    hyper_parameter_ranges=None,
    hyper_parameter_tuning_resource_config=None,
    static_hyper_parameters=st.dictionaries(st.sampled_from("abc"), st.sampled_from(["", "1"])),
    resource_config=strategies.shapes(
        shapes.ResourceConfig, instance_type="ml.m5.xlarge", instance_count=st.integers(1, 9), volume_size_in_gb=30
    ),
    stopping_condition=strategies.shapes(
        shapes.StoppingCondition, max_runtime_in_seconds=st.integers(1, 86400), max_wait_time_in_seconds=None
    ),
    algorithm_specification=strategies.shapes(
        shapes.HyperParameterAlgorithmSpecification,
        training_image=None,
        algorithm_name=st.from_regex(r"[a-z]{1,9}", fullmatch=True),
    ),
)


def built(request):
    """Build the same request with the builders, by arguments and by `with_`."""
    definition, config = request.training_job_definition, request.hyper_parameter_tuning_job_config
    resources, objective = definition.resource_config, config.hyper_parameter_tuning_job_objective
    training = hptsdk.training(
        algorithm=definition.algorithm_specification.algorithm_name,
        role_arn=definition.role_arn,
        output=definition.output_data_config.s3_output_path,
        instance_type=resources.instance_type,
        instance_count=resources.instance_count,
        volume_size_in_gb=resources.volume_size_in_gb,
        max_runtime_in_seconds=definition.stopping_condition.max_runtime_in_seconds,
    ).with_(**attrs.asdict(definition, recurse=False))
    limits = config.resource_limits
    job = hptsdk.tuning_job(
        request.hyper_parameter_tuning_job_name,
        training,
        **{objective.type.lower(): objective.metric_name},
        max_jobs=limits.max_number_of_training_jobs,
        max_parallel_jobs=limits.max_parallel_training_jobs,
    )
    others = {"warm_start_config": request.warm_start_config, "tags": request.tags, "autotune": request.autotune}
    return job.with_(**attrs.asdict(config, recurse=False), **others).build()


@given(strategies.requests(extreme=True, training_job_definition=DEFINITIONS))
def test_builders_and_constructors_create_equal_requests(request):
    assert built(request) == request
