"""The code of `hptsdk.export.python` without `exact`: it omits what has no effect, and writes numbers as numbers."""

import attrs
import pytest
from hypothesis import given

import hptsdk
from hptsdk import export, shapes
from hptsdk.testing import strategies


def run(code):
    """Run code and return its variable `request`."""
    names = {}
    exec(code, names)  # noqa: S102 - that it runs is the test
    return names["request"]


def with_definition(request, **members):
    """Return a request whose definition has other members."""
    return attrs.evolve(request, training_job_definition=attrs.evolve(request.training_job_definition, **members))


def with_config(request, **members):
    """Return a request whose configuration has other members."""
    config = attrs.evolve(request.hyper_parameter_tuning_job_config, **members)
    return attrs.evolve(request, hyper_parameter_tuning_job_config=config)


def channel(**members):
    """Return a channel, of which `source` is part of the S3 data source."""
    source = shapes.S3DataSource(s3_data_type="S3Prefix", s3_uri="s3://a-bucket/x/", **members.pop("source", {}))
    data = shapes.DataSource(s3_data_source=source)
    return shapes.Channel(channel_name="train", data_source=data, **members)


PLAIN = '.channel("train", "s3://a-bucket/x/")'

WITHOUT_EFFECT = {
    "distribution": channel(source={"s3_data_distribution_type": "FullyReplicated"}),
    "compression": channel(compression_type="None"),
    "record wrapper": channel(record_wrapper_type="None"),
    "input mode of the algorithm": channel(input_mode="File"),
    "empty list": channel(source={"attribute_names": []}),
}


@pytest.mark.parametrize("same", WITHOUT_EFFECT.values(), ids=WITHOUT_EFFECT)
def test_what_has_no_effect_in_a_channel_is_omitted(request_of_one, same):
    assert f"    {PLAIN}\n" in export.python(with_definition(request_of_one, input_data_config=[same]))


WITH_EFFECT = {
    "distribution": channel(source={"s3_data_distribution_type": "ShardedByS3Key"}),
    "compression": channel(compression_type="Gzip", input_mode="Pipe"),
    "input mode of another kind": channel(input_mode="FastFile"),
}


@pytest.mark.parametrize("other", WITH_EFFECT.values(), ids=WITH_EFFECT)
def test_what_has_an_effect_in_a_channel_is_written(request_of_one, other):
    request = with_definition(request_of_one, input_data_config=[other])
    assert run(export.python(request)).training_job_definition == request.training_job_definition


def test_empty_lists_of_ranges_are_omitted(request_of_one):
    ranges = attrs.evolve(
        request_of_one.hyper_parameter_tuning_job_config.parameter_ranges,
        categorical_parameter_ranges=[],
        auto_parameters=[],
    )
    assert "with_" not in export.python(with_config(request_of_one, parameter_ranges=ranges))


@pytest.mark.parametrize(
    ("text", "code"), [("0.10", "0.1"), ("1e-4", "0.0001"), ("00.5", "0.5"), ("1E3", "1000"), ("2.0", "2")]
)
def test_a_bound_is_a_number(request_of_one, text, code):
    high = shapes.ContinuousParameterRange(name="eta", min_value="0", max_value=text, scaling_type="Auto")
    request = with_config(request_of_one, parameter_ranges=shapes.ParameterRanges(continuous_parameter_ranges=[high]))
    assert f'.continuous("eta", 0, {code})' in export.python(request)


def test_a_bound_with_more_digits_than_a_number_has_stays_text(request_of_one):
    text = "0.1234567890123456789012"
    high = shapes.ContinuousParameterRange(name="eta", min_value="0", max_value=text)
    request = with_config(request_of_one, parameter_ranges=shapes.ParameterRanges(continuous_parameter_ranges=[high]))
    assert run(export.python(request)) == request


def test_choices_that_are_all_numbers_are_numbers(request_of_one):
    sizes = shapes.CategoricalParameterRange(name="batch_size", values=["32", "64"])
    more = shapes.ContinuousParameterRange(name="eta", min_value="0", max_value="1")
    request = with_config(
        request_of_one,
        parameter_ranges=shapes.ParameterRanges(
            categorical_parameter_ranges=[sizes], continuous_parameter_ranges=[more]
        ),
    )
    assert '.categorical("batch_size", [32, 64])' in export.python(request)


def test_choices_of_which_one_is_text_are_text(request_of_one):
    sizes = shapes.CategoricalParameterRange(name="batch_size", values=["32", "auto"])
    more = shapes.ContinuousParameterRange(name="eta", min_value="0", max_value="1")
    request = with_config(
        request_of_one,
        parameter_ranges=shapes.ParameterRanges(
            categorical_parameter_ranges=[sizes], continuous_parameter_ranges=[more]
        ),
    )
    assert '.categorical("batch_size", ["32", "auto"])' in export.python(request)


def test_static_hyperparameters_that_are_numbers_are_numbers(request_of_one):
    request = with_definition(request_of_one, static_hyper_parameters={"rounds": "100", "decay": "0.10", "on": "True"})
    assert '.static(rounds=100, decay="0.10", on="True")' in export.python(request)


def test_static_hyperparameters_of_script_mode_are_values(request_of_one):
    static = {"epochs": "5", "sagemaker_program": '"train.py"', "layers": "[64, 32]", "mode": "fast"}
    code = export.python(with_definition(request_of_one, static_hyper_parameters=static))
    assert '.static(mode="fast")\n' in code
    assert '.static_json(epochs=5, sagemaker_program="train.py", layers=[64, 32])\n' in code


def test_keys_that_are_not_python_names_are_in_a_mapping(request_of_one):
    static = {"batch-size": "64", "epochs": "5", "lambda": "0.1"}
    code = export.python(with_definition(request_of_one, static_hyper_parameters=static))
    assert '.static({"batch-size": 64, "lambda": 0.1}, epochs=5)\n' in code


@pytest.mark.parametrize("text", ['"a', "[1,2]", '{"b":1}', '"\\u0041"', "[" * 5000, "NaN", "[NaN]", "true", "null"])
def test_text_that_the_builder_would_not_write_as_json_stays_text(request_of_one, text):
    request = with_definition(request_of_one, static_hyper_parameters={"a": text[:2500]})
    code = export.python(request)
    assert "static_json" not in code
    assert run(code).training_job_definition == request.training_job_definition


def test_defaults_of_output_and_checkpoints_are_omitted(request_of_one):
    output = shapes.OutputDataConfig(s3_output_path="s3://a-bucket/out/", compression_type="GZIP")
    checkpoints = shapes.CheckpointConfig(s3_uri="s3://a-bucket/checkpoints/", local_path="/opt/ml/checkpoints")
    code = export.python(with_definition(request_of_one, output_data_config=output, checkpoint_config=checkpoints))
    assert 'output="s3://a-bucket/out/"' in code
    assert '.checkpoints("s3://a-bucket/checkpoints/")' in code


def test_a_completion_criterion_that_is_off_is_omitted(request_of_one):
    criterion = shapes.ConvergenceDetected(complete_on_convergence="Disabled")
    criteria = shapes.TuningJobCompletionCriteria(convergence_detected=criterion)
    requests = [with_config(request_of_one, tuning_job_completion_criteria=each) for each in (criteria, None)]
    assert len(set(map(export.python, requests))) == 1


def test_a_regular_expression_is_a_raw_string(request_of_one):
    algorithm = attrs.evolve(
        request_of_one.training_job_definition.algorithm_specification,
        metric_definitions=[shapes.MetricDefinition(name="loss", regex=r"loss: (\d+\.\d+)")],
    )
    request = with_definition(request_of_one, algorithm_specification=algorithm)
    assert r""".metric("loss", r"loss: (\d+\.\d+)")""" in export.python(request)


def test_the_longest_pending_time_is_written_with_its_method(request_of_one):
    limits = shapes.StoppingCondition(
        max_runtime_in_seconds=3600, max_wait_time_in_seconds=7200, max_pending_time_in_seconds=9000
    )
    code = export.python(with_definition(request_of_one, stopping_condition=limits))
    assert "    .max_pending_time(9000)\n" in code


def test_one_instance_type_is_an_argument_wherever_the_request_has_it(request_of_one):
    resources = shapes.HyperParameterTuningResourceConfig(
        instance_type="ml.m5.xlarge", instance_count=1, volume_size_in_gb=30
    )
    request = with_definition(request_of_one, resource_config=None, hyper_parameter_tuning_resource_config=resources)
    assert export.python(request) == export.python(request_of_one)


def test_instances_that_are_tried_in_order_stay(request_of_one):
    instance = shapes.HyperParameterTuningInstanceConfig(
        instance_type="ml.m5.xlarge", instance_count=1, volume_size_in_gb=30
    )
    resources = shapes.HyperParameterTuningResourceConfig(instance_configs=[instance])
    request = with_definition(request_of_one, resource_config=None, hyper_parameter_tuning_resource_config=resources)
    assert run(export.python(request)) == request


@given(request=strategies.requests(extreme=True))
def test_code_of_the_built_request_is_the_same(request):
    code = export.python(request)
    assert export.python(run(code)) == code


def test_exact_code_builds_an_equal_request(request_of_one):
    request = attrs.evolve(request_of_one, tags=[])
    assert run(export.python(request, exact=True)) == request


# --- warnings ---


def test_each_part_that_a_target_cannot_hold_is_a_warning(request_of_one):
    with pytest.warns(export.ExportWarning) as warned:
        export.ack(request_of_one)
    assert [str(warning.message).partition(":")[0] for warning in warned] == [
        "HyperParameterTuningJobConfig.RandomSeed",
        "TrainingJobDefinition.Environment",
    ]


def test_terraform_is_exported_without_a_warning_if_it_holds_everything(request_of_one, recwarn):
    assert export.terraform(request_of_one).startswith('resource "aws_sagemaker_hyper_parameter_tuning_job"')
    assert list(recwarn) == []


def test_the_package_is_an_attribute_of_hptsdk():
    assert hptsdk.export is export
