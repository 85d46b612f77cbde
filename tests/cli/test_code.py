"""Builder code of a request: it builds an equal request, and uses the methods of the builder."""

import ast
import re

import attrs
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from hptsdk import export, shapes
from hptsdk.testing import strategies

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]

ONE = """\
import hptsdk

training = (
    hptsdk.training(
        image="123456789012.dkr.ecr.us-east-1.amazonaws.com/mine:1",
        role_arn="arn:aws:iam::123456789012:role/SageMakerRole",
        output="s3://amzn-s3-demo-bucket/out/",
        instance_type="ml.m5.xlarge",
        instance_count=1,
        max_runtime_in_seconds=3600,
        volume_size_in_gb=30,
    )
    .metric("loss", "loss=([0-9.]+)")
    .static(batch=32, note="10% of ${total}")
    .environment(LEVEL="debug")
    .channel("train", "s3://amzn-s3-demo-bucket/train/", content_type="text/csv")
    .retries(2)
    .spot(max_wait_in_seconds=7200)
)

request = (
    hptsdk.tuning_job("Example-1", training, minimize="loss", max_jobs=20, max_parallel_jobs=2)
    .integer("depth", 1, 10)
    .continuous("eta", 0.001, 0.5, scaling="Logarithmic")
    .categorical("booster", ["gbtree", "dart"])
    .random(random_seed=7)
    .early_stopping()
    .stop_at(0.1)
    .warm_start("earlier", kind="TransferLearning")
    .tag("team", "forecasting")
    .build()
)
"""


def code_of(request):
    """Return the builder code of an equal request."""
    return export.python(request, exact=True)


def run(code):
    """Run code and return its variable `request`."""
    names = {}
    exec(code, names)  # noqa: S102 - that it runs is the test
    return names["request"]


def body(code):
    """Return the method calls of the code."""
    return [line.strip() for line in code.splitlines() if line.startswith("    .")]


# --- it builds the request ---


@pytest.mark.long
@settings(suppress_health_check=SLOW)
@given(request=strategies.requests(extreme=True))
def test_the_code_of_any_request_builds_an_equal_request(request):
    assert run(code_of(request)) == request


def complete(definition):
    """Return a definition with all arguments that `hptsdk.training` requires."""
    runtime = definition.stopping_condition.max_runtime_in_seconds
    members = {"stopping_condition": attrs.evolve(definition.stopping_condition, max_runtime_in_seconds=runtime or 1)}
    if definition.resource_config is None and definition.hyper_parameter_tuning_resource_config is None:
        members["resource_config"] = shapes.ResourceConfig(
            instance_type="ml.m5.xlarge", instance_count=1, volume_size_in_gb=1
        )
    return attrs.evolve(definition, **members)


def completed(request):
    """Return a request whose definitions are complete."""
    if request.training_job_definition is not None:
        return attrs.evolve(request, training_job_definition=complete(request.training_job_definition))
    return attrs.evolve(request, training_job_definitions=[complete(d) for d in request.training_job_definitions])


@pytest.mark.long
@settings(suppress_health_check=SLOW)
@given(request=strategies.requests(extreme=True).map(completed))
def test_the_code_of_any_complete_request_builds_an_equal_request(request):
    assert run(code_of(request)) == request


@settings(suppress_health_check=SLOW)
@given(request=strategies.requests(extreme=True, definitions=1).map(completed))
def test_a_request_is_never_written_as_one_shape(request):
    assert "CreateHyperParameterTuningJobRequest" not in code_of(request)


# --- it reads well ---


def test_members_with_a_builder_method_are_written_with_it(request_of_one):
    assert code_of(request_of_one) == ONE


def test_each_of_several_definitions_is_a_variable(request_of_several):
    code = code_of(request_of_several)
    assert 'hptsdk.tuning_job("several", [training_1, training_2], max_jobs=20, max_parallel_jobs=2)' in code


def test_each_of_several_definitions_is_named(request_of_several):
    assert '.named("second", maximize="loss")' in body(code_of(request_of_several))


@pytest.mark.long
@settings(suppress_health_check=SLOW)
@given(request=strategies.requests(extreme=True).map(completed))
def test_only_literals_make_a_line_too_long(request):
    for line in code_of(request).splitlines():
        words = re.sub(r"\"(\\.|[^\"\\])*\"|'(\\.|[^'\\])*'", "''", line)
        assert len(line) <= 120 or len(words) < 80


def test_the_code_imports_only_hptsdk(request_of_several):
    tree = ast.parse(code_of(request_of_several))
    assert [ast.unparse(node) for node in tree.body if isinstance(node, ast.Import)] == ["import hptsdk"]


def with_ranges(request, **lists):
    config = request.hyper_parameter_tuning_job_config
    ranges = shapes.ParameterRanges(**lists)
    return attrs.evolve(
        request, hyper_parameter_tuning_job_config=attrs.evolve(config, parameter_ranges=ranges, random_seed=None)
    )


@pytest.mark.parametrize("text", ["0.10", "1e-4", "00.5", "1E3"])
def test_a_bound_in_another_notation_stays_text(request_of_one, text):
    odd = shapes.ContinuousParameterRange(name="eta", min_value="0", max_value=text)
    assert f'max_value="{text}"' in code_of(with_ranges(request_of_one, continuous_parameter_ranges=[odd]))


def test_ranges_of_the_other_types_are_still_methods(request_of_one):
    odd = shapes.ContinuousParameterRange(name="eta", min_value="0", max_value="0.10")
    whole = shapes.IntegerParameterRange(name="depth", min_value="1", max_value="10")
    request = with_ranges(request_of_one, continuous_parameter_ranges=[odd], integer_parameter_ranges=[whole])
    assert '.integer("depth", 1, 10)' in body(code_of(request))


@pytest.mark.parametrize("key", ["max-depth", "lambda", "ﬁt", "1st", ""])
def test_a_key_that_is_not_a_python_name_is_text(request_of_one, key):
    definition = attrs.evolve(request_of_one.training_job_definition, static_hyper_parameters={key: "1"})
    request = attrs.evolve(request_of_one, training_job_definition=definition)
    assert f'.static({{"{key}": 1}})' in body(code_of(request))


@pytest.mark.parametrize("key", ["self", "mapping", "match", "__class__"])
def test_a_key_can_be_the_name_of_a_builder_argument(request_of_one, key):
    definition = attrs.evolve(request_of_one.training_job_definition, static_hyper_parameters={key: "1"})
    request = attrs.evolve(request_of_one, training_job_definition=definition)
    assert run(code_of(request)) == request


def test_a_definition_without_a_maximum_runtime_is_a_shape(request_of_one):
    definition = attrs.evolve(
        request_of_one.training_job_definition,
        stopping_condition=shapes.StoppingCondition(),
        enable_managed_spot_training=None,
    )
    code = code_of(attrs.evolve(request_of_one, training_job_definition=definition))
    assert "training = hptsdk.shapes.HyperParameterTrainingJobDefinition(" in code


def test_alternative_instances_are_written_with_their_method(request_of_one):
    large = shapes.HyperParameterTuningInstanceConfig(
        instance_type="ml.m5.large", instance_count=2, volume_size_in_gb=30
    )
    choices = shapes.HyperParameterTuningResourceConfig(
        instance_configs=[large, attrs.evolve(large, instance_type="ml.r5.large")], allocation_strategy="Prioritized"
    )
    definition = attrs.evolve(
        request_of_one.training_job_definition, resource_config=None, hyper_parameter_tuning_resource_config=choices
    )
    code = code_of(attrs.evolve(request_of_one, training_job_definition=definition))
    assert ".instances(" in body(code)


# --- the layout ---


def with_note(request, text):
    """Return a request with a text as the value of an environment variable."""
    definition = attrs.evolve(request.training_job_definition, environment={"NOTE": text})
    return attrs.evolve(request, training_job_definition=definition)


@given(text=st.text(max_size=256))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_literal_evaluates_to_its_text(request_of_one, text):
    assert run(code_of(with_note(request_of_one, text))).training_job_definition.environment == {"NOTE": text}


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("a", '"a"'),
        ("it's", '"it\'s"'),
        ('"', "'\"'"),
        ("'\"", "'\\'\"'"),
        ("\n", '"\\n"'),
        ("\\\n", '"\\\\\\n"'),
        (r"'\d'", "r\"'\\d'\""),
    ],
)
def test_a_literal_has_double_quotes_unless_they_need_more_escapes(request_of_one, text, written):
    assert f".environment(NOTE={written})" in code_of(with_note(request_of_one, text))


def test_a_call_that_does_not_fit_has_its_arguments_on_the_next_line(request_of_one):
    long = "a" * 100
    assert f'    .environment(\n        NOTE="{long}"\n    )\n' in code_of(with_note(request_of_one, long))


def test_arguments_that_do_not_fit_on_a_line_have_one_each(request_of_one):
    long = "a" * 120
    assert f'    .environment(\n        NOTE="{long}",\n    )\n' in code_of(with_note(request_of_one, long))
