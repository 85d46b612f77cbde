"""The members of Describe responses, and the refusals of metric definitions, are those of SageMaker."""

import attrs
import botocore.exceptions
import pytest
from running import IMAGE, job, only, run, shell, training, until
from test_recorded_responses import sagemaker

import hptsdk
from hptsdk import errors
from hptsdk.local.jobs import _engine

XGBOOST = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1"
# an algorithm whose regexes are not published
DEEPAR = "522234722520.dkr.ecr.us-east-1.amazonaws.com/forecasting-deepar:1"
ONE = {"max_jobs": 1, "parallel": 1}


def tuning_job(image, metric, *, regex=None, **static):
    """Return a request with one training job."""
    definition = training(image=image).metrics([] if regex is None else [metric_definition(metric, regex)])
    definition = definition.static(static)
    return (
        hptsdk.tuning_job("demo", definition, minimize=metric, max_jobs=1, max_parallel_jobs=1)
        .continuous("eta", 0.1, 1.0)
        .random()
        .build()
    )


def metric_definition(name, regex):
    return hptsdk.shapes.MetricDefinition(name=name, regex=regex)


# --- metric definitions ---


def test_a_custom_image_without_metric_definitions_is_refused_in_the_words_of_sagemaker(open_service):
    request = hptsdk.to_wire(job().build())
    del request["TrainingJobDefinition"]["AlgorithmSpecification"]["MetricDefinitions"]
    with pytest.raises(botocore.exceptions.ClientError) as error:
        sagemaker(open_service()).create_hyper_parameter_tuning_job(**request)
    assert error.value.response["Error"] == {
        "Code": "ValidationException",
        "Message": "A metric is required for this hyperparameter tuning job objective. Provide a metric in the metric "
        "definitions.",
    }


def test_metric_definitions_of_an_algorithm_are_refused_in_the_words_of_sagemaker(open_service):
    service = open_service(images={XGBOOST: shell("true")})
    with pytest.raises(errors.ValidationRefusedError) as error:
        service.client().create(tuning_job(XGBOOST, "validation:rmse", regex="rmse=(.+);"))
    assert error.value.message == (
        "You can't override the metric definitions for Amazon SageMaker algorithms. Please retry the request without "
        "specifying metric definitions."
    )


def test_a_script_in_the_image_of_an_algorithm_has_its_own_metrics(open_service):
    service = open_service(images={XGBOOST: shell("echo 'rmse=0.5;'")})
    request = tuning_job(XGBOOST, "validation:rmse", regex="rmse=(.+);", sagemaker_program="train.py")
    assert run(service, request).best is not None


def test_a_script_in_the_image_of_an_algorithm_without_metrics_is_refused_in_the_words_of_sagemaker(open_service):
    service = open_service(images={XGBOOST: shell("true")})
    with pytest.raises(errors.ValidationRefusedError, match="A metric is required for this"):
        service.client().create(tuning_job(XGBOOST, "validation:rmse", sagemaker_program="train.py"))


def test_a_script_that_the_environment_names_has_its_own_metrics(open_service):
    service = open_service(images={XGBOOST: shell("echo 'rmse=0.5;'")})
    request = tuning_job(XGBOOST, "validation:rmse", regex="rmse=(.+);")
    environment = {"SAGEMAKER_PROGRAM": "train.py"}
    definition = attrs.evolve(request.training_job_definition, environment=environment)
    assert run(service, attrs.evolve(request, training_job_definition=definition)).best is not None


def test_a_metric_without_a_published_regex_needs_a_metric_definition(open_service):
    service = open_service(images={DEEPAR: shell("true")})
    with pytest.raises(errors.ValidationRefusedError, match=r"metric test:RMSE.*Add one to MetricDefinitions"):
        service.client().create(tuning_job(DEEPAR, "test:RMSE"))


def test_a_metric_without_a_published_regex_may_have_a_metric_definition(open_service):
    service = open_service(images={DEEPAR: shell("echo 'rmse=0.5;'")})
    assert run(service, tuning_job(DEEPAR, "test:RMSE", regex="rmse=(.+);")).best is not None


def test_the_description_has_the_regex_of_the_objective_once_more(open_service):
    definition = run(open_service(), job(**ONE).build()).describe().training_job_definition
    metrics = definition.algorithm_specification.metric_definitions
    assert [(metric.name, metric.regex) for metric in metrics] == [
        ("loss", r"loss=([-+.e0-9]+)"),
        ("ObjectiveMetric", r"loss=([-+.e0-9]+)"),
    ]


def test_the_request_of_a_tuning_job_leaves_out_the_metrics_of_its_algorithm(open_service):
    service = open_service(images={XGBOOST: shell("printf '[0]\\tvalidation-rmse:1\\n'")})
    request = run(service, tuning_job(XGBOOST, "validation:rmse")).request()
    assert hptsdk.to_wire(request.training_job_definition.algorithm_specification) == {
        "TrainingImage": XGBOOST,
        "TrainingInputMode": "File",
    }


# --- resources ---


def test_a_tuning_resource_config_is_returned_as_a_resource_config_too(open_service):
    resources = hptsdk.shapes.HyperParameterTuningResourceConfig(
        instance_configs=[
            hptsdk.shapes.HyperParameterTuningInstanceConfig(
                instance_type=f"ml.m5.{size}", instance_count=1, volume_size_in_gb=30
            )
            for size in ("large", "xlarge")
        ],
        allocation_strategy="Prioritized",
    )
    definition = training().with_(resource_config=None, hyper_parameter_tuning_resource_config=resources)
    handle = run(open_service(), job("demo", definition, **ONE).build())
    config = handle.describe().training_job_definition.resource_config
    assert (config.instance_type, config.instance_count, config.volume_size_in_gb) == ("ml.m5.large", 1, 30)
    assert handle.request().training_job_definition.resource_config is None


# --- times and counters ---


@pytest.fixture
def waiting(open_service):
    """Return a tuning job that waits for the only slot of its service."""
    client = open_service(shell("sleep 60"), max_parallel=1).client()
    first = client.create(job("first", **ONE).build())
    until(lambda: first.describe().training_job_status_counters.in_progress)
    return client.create(job("second", **ONE).build())


def test_a_tuning_job_has_no_training_job_in_progress_before_its_first_one(waiting):
    counters = waiting.describe().training_job_status_counters
    assert (counters.in_progress, counters.completed) == (0, 0)


def test_the_running_time_of_a_tuning_job_begins_with_its_creation(waiting):
    until(lambda: waiting.describe().consumed_resources.runtime_in_seconds >= 1)


def test_a_new_tuning_job_has_completion_details(waiting):
    assert waiting.describe().tuning_job_completion_details.number_of_training_jobs_objective_not_improving == 0


def test_the_time_of_the_last_change_moves_while_a_tuning_job_is_in_progress(open_service, monkeypatch):
    monkeypatch.setattr(_engine, "_BETWEEN_RECORDS", 0.1)
    handle = open_service(shell("sleep 60")).client().create(job(**ONE).build())
    before = handle.describe().last_modified_time
    until(lambda: handle.describe().last_modified_time > before)


# --- training jobs ---


def test_the_transitions_of_a_training_job_have_the_texts_of_sagemaker(open_service):
    transitions = only(run(open_service(), job(**ONE).build())).secondary_status_transitions
    assert [(each.status, each.status_message) for each in transitions] == [
        ("Starting", "Preparing the instances for training"),
        ("Downloading", "Downloading input data"),
        ("Training", "Training image download completed. Training in progress."),
        ("Uploading", "Uploading generated training model"),
        ("Completed", "Training job completed"),
    ]


def test_a_training_job_starts_with_its_download(open_service):
    description = only(run(open_service(), job(**ONE).build()))
    assert description.training_start_time == description.secondary_status_transitions[1].start_time


def test_the_objective_of_the_job_comes_before_that_of_its_single_definition(open_service):
    request = job(max_jobs=2, parallel=1).build()
    own = hptsdk.shapes.HyperParameterTuningJobObjective(type="Maximize", metric_name="loss")
    definition = attrs.evolve(request.training_job_definition, tuning_objective=own)
    service = open_service(shell("case $TRAINING_JOB_NAME in *-001-*) echo loss=1;; *) echo loss=2;; esac"))
    handle = run(service, attrs.evolve(request, training_job_definition=definition))
    assert handle.best.final_hyper_parameter_tuning_job_objective_metric.value == 1


def test_an_objective_has_single_precision(open_service):
    handle = run(open_service(shell("echo 'loss=2.91488'")), job(**ONE).build())
    metrics = {metric.metric_name: metric.value for metric in only(handle).final_metric_data_list}
    best = handle.best.final_hyper_parameter_tuning_job_objective_metric.value
    assert [best, metrics["loss"]] == [2.9148800373077393] * 2


def test_an_objective_above_single_precision_is_unchanged(open_service):
    handle = run(open_service(shell("echo 'loss=1e300'")), job(**ONE).build())
    assert handle.best.final_hyper_parameter_tuning_job_objective_metric.value == 1e300


def test_a_training_job_has_the_defaults_of_its_members(open_service):
    description = only(run(open_service(), job(**ONE).build()))
    assert description.enable_managed_spot_training is False
    assert description.output_data_config.compression_type == "GZIP"
    assert description.algorithm_specification.training_image == IMAGE


def test_the_failure_reason_of_a_tuning_job_has_the_text_of_sagemaker(open_service):
    handle = open_service(shell("exit 1")).client().create(job(max_jobs=5).build())
    with pytest.raises(errors.TuningJobFailed) as failure:
        handle.wait(timeout=60, poll=0.05)
    assert failure.value.failure_reason == (
        "No training job succeeded after 5 attempts. Please take a look at the training jobs failures to get more "
        "details."
    )
