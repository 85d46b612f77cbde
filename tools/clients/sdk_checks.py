"""The tuner of the SageMaker Python SDK (version 2) against the local service."""

import json
import os
import warnings

import boto3
import pytest
import sagemaker
from lost_settings import lost_on_the_page, lost_settings, run_command
from running import BUCKET, IMAGE, until
from sagemaker.estimator import Estimator
from sagemaker.inputs import TrainingInput
from sagemaker.tuner import (
    CategoricalParameter,
    ContinuousParameter,
    HyperparameterTuner,
    IntegerParameter,
    create_identical_dataset_and_algorithm_tuner,
    create_transfer_learning_tuner,
)
from sagemaker.workflow.functions import Join
from sagemaker.workflow.parameters import ParameterInteger, ParameterString
from sagemaker.workflow.pipeline import Pipeline
from sagemaker.workflow.pipeline_context import PipelineSession
from sagemaker.workflow.steps import TuningStep

import hptsdk
from hptsdk.local import Recorder, script

RANGES = {
    "rate": ContinuousParameter(0.1, 1.0),
    "depth": IntegerParameter(2, 9),
    "kind": CategoricalParameter(["linear", "tree"]),
}
METRICS = [{"Name": "loss", "Regex": "loss=([-+.e0-9]+)"}]


def new_session():
    """Return a new session, because boto3's default session does not read changed credentials."""
    return sagemaker.Session(boto_session=boto3.Session(), default_bucket=BUCKET)


def tuner_of(ranges=RANGES, session=None, **changes):
    """Return a tuner of an estimator for IMAGE.

    Args:
        ranges: the ranges of the tuner.
        session: the session of the estimator. Defaults to a new one.
        **changes: arguments of the tuner that replace the defaults.
    """
    estimator = Estimator(
        image_uri=IMAGE,
        role="arn:aws:iam::123456789012:role/SageMakerRole",
        instance_count=1,
        instance_type="ml.m5.large",
        output_path=f"s3://{BUCKET}/out",
        sagemaker_session=session or new_session(),
    )
    arguments = {
        "metric_definitions": METRICS,
        "strategy": "Random",
        "objective_type": "Minimize",
        "max_jobs": 4,
        "max_parallel_jobs": 2,
    }
    return HyperparameterTuner(estimator, "loss", ranges, **(arguments | changes))


@pytest.fixture(scope="module")
def fitted(shared):
    """A tuner whose tuning job has ended."""
    tuner = tuner_of()
    tuner.fit(wait=True)
    return tuner


def test_fit_waits_for_the_end(fitted):
    response = fitted.describe()
    assert response["HyperParameterTuningJobStatus"] == "Completed"
    assert response["TrainingJobStatusCounters"]["Completed"] == 4


def test_the_best_training_job_is_the_one_with_the_smallest_value(fitted):
    frame = fitted.analytics().dataframe()
    assert fitted.best_training_job() == frame.loc[frame["FinalObjectiveValue"].idxmin(), "TrainingJobName"]


def test_analytics_has_the_values_of_all_training_jobs(fitted):
    frame = fitted.analytics().dataframe()
    assert len(frame) == 4
    assert set(frame["TrainingJobStatus"]) == {"Completed"}
    # an objective has single precision
    assert (abs(frame["FinalObjectiveValue"] - frame["rate"]) < 1e-6).all()
    assert frame["depth"].between(2, 9).all()


def test_analytics_has_the_ranges(fitted):
    assert set(fitted.analytics().tuning_ranges) == set(RANGES)


def test_analytics_finds_a_job_by_its_name(fitted):
    again = sagemaker.HyperparameterTuningJobAnalytics(
        fitted.latest_tuning_job.name, sagemaker_session=fitted.sagemaker_session
    )
    assert again.dataframe().equals(fitted.analytics().dataframe())


def test_the_best_estimator_has_the_best_values_and_its_model(fitted):
    best = fitted.best_estimator()
    frame = fitted.analytics().dataframe()
    assert best.latest_training_job.name == fitted.best_training_job()
    assert best.hyperparameters()["rate"] == str(frame["rate"].min())
    assert best.model_data == f"s3://{BUCKET}/out/{fitted.best_training_job()}/output/model.tar.gz"


def test_a_tuner_is_attached_to_its_tuning_job(fitted):
    attached = HyperparameterTuner.attach(fitted.latest_tuning_job.name, sagemaker_session=new_session())
    assert (attached.estimator.instance_type, attached.max_jobs) == ("ml.m5.large", 4)
    assert attached.best_training_job() == fitted.best_training_job()


@pytest.mark.parametrize(
    "create",
    [create_identical_dataset_and_algorithm_tuner, create_transfer_learning_tuner],
    ids=lambda one: one.__name__,
)
def test_a_tuner_begins_with_the_results_of_another_one(fitted, create):
    name = fitted.latest_tuning_job.name
    child = create(parent=name, sagemaker_session=new_session())
    # the SDK omits the metric definitions, and SageMaker rejects a custom image without them
    child.metric_definitions = METRICS
    child.fit(wait=True, job_name=f"child-{create.__name__[7:12]}")
    response = child.describe()
    assert response["HyperParameterTuningJobStatus"] == "Completed"
    parents = response["WarmStartConfig"]["ParentHyperParameterTuningJobs"]
    assert [parent["HyperParameterTuningJobName"] for parent in parents] == [name]


def test_an_estimator_and_then_a_tuner_fit_with_code_and_data_that_the_sdk_uploads(serving, tmp_path):
    source, rows = tmp_path / "source", tmp_path / "rows.csv"
    source.mkdir()
    (source / "train.py").write_text(
        "import os, sys; print('loss=' + sys.argv[2] + open(os.environ['SM_CHANNEL_TRAIN'] + '/rows.csv').read())"
    )
    rows.write_text(";1,2")
    with serving(tmp_path, script()) as service:
        own = sagemaker.Session(boto_session=boto3.Session())
        estimator = Estimator(
            image_uri=IMAGE,
            role="arn:aws:iam::123456789012:role/SageMakerRole",
            instance_count=1,
            instance_type="ml.m5.large",
            entry_point="train.py",
            source_dir=str(source),
            hyperparameters={"rate": 0.5},
            metric_definitions=METRICS,
            sagemaker_session=own,
        )
        inputs = {"train": own.upload_data(str(rows), key_prefix="data")}
        estimator.fit(inputs, logs=False)
        assert "loss=0.5;1,2" in service.log(estimator.latest_training_job.name)
        tuner = HyperparameterTuner(
            estimator,
            "loss",
            {"rate": RANGES["rate"]},
            METRICS,
            objective_type="Minimize",
            max_jobs=2,
            strategy="Random",
        )
        tuner.fit(inputs, wait=True)
        assert tuner.describe()["TrainingJobStatusCounters"]["Completed"] == 2


def test_an_estimator_prints_the_logs(service, capsys):
    tuner_of().estimator.fit(logs="All")
    assert capsys.readouterr().out.count("loss=0.5") == 1


def test_grid_tries_every_combination(service):
    tuner = tuner_of({"kind": RANGES["kind"]}, strategy="Grid", max_jobs=2)
    tuner.fit(wait=True)
    assert sorted(tuner.analytics().dataframe()["kind"].str.strip('"')) == ["linear", "tree"]


def test_stopping_a_tuner_stops_its_job(lasting):
    tuner = tuner_of()
    tuner.fit(wait=False)
    tuner.stop_tuning_job()
    until(lambda: tuner.describe()["HyperParameterTuningJobStatus"] == "Stopped")


def test_a_tuner_of_several_estimators_fits(service):
    one = tuner_of()
    tuner = HyperparameterTuner.create(
        estimator_dict={"first": one.estimator, "second": one.estimator},
        objective_metric_name_dict={"first": "loss", "second": "loss"},
        hyperparameter_ranges_dict={"first": {"rate": RANGES["rate"]}, "second": {"rate": RANGES["rate"]}},
        metric_definitions_dict={"first": one.metric_definitions, "second": one.metric_definitions},
        strategy="Random",
        objective_type="Minimize",
        max_jobs=4,
        max_parallel_jobs=2,
    )
    tuner.fit(wait=True, include_cls_metadata={})
    response = tuner.describe()
    assert response["HyperParameterTuningJobStatus"] == "Completed"
    assert response["BestTrainingJob"]["TrainingJobDefinitionName"] in ("first", "second")


def test_capture_reports_what_a_tuner_loses(tmp_path):
    report = run_command("launch_sdk2.py", tmp_path)
    assert lost_settings(report) == lost_on_the_page(f"SageMaker SDK {sagemaker.__version__}")


# --- pipelines ---

CHANNELS = {"train": TrainingInput(f"s3://{BUCKET}/train/", content_type="text/csv")}


def step_of(tuner, parameters=()):
    """Return the step of a pipeline that the SDK creates for a tuner, as the dict of its definition."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the session warns that it starts no job
        step = TuningStep("Tune", step_args=tuner.fit(CHANNELS))
    pipeline = Pipeline("churn", parameters=list(parameters), steps=[step], sagemaker_session=tuner.sagemaker_session)
    [made] = json.loads(pipeline.definition())["Steps"]
    return made


def pipeline_session():
    return PipelineSession(boto_session=boto3.Session(), default_bucket=BUCKET)


def test_the_exported_step_of_a_pipeline_is_that_of_the_sdk(monkeypatch):
    with Recorder() as recorder:
        monkeypatch.setattr(os, "environ", recorder.environment())
        tuner_of().fit(CHANNELS)
        made = step_of(tuner_of(session=pipeline_session()))
    [recorded] = recorder.requests
    request = hptsdk.from_wire(hptsdk.shapes.CreateHyperParameterTuningJobRequest, recorded.body)
    assert hptsdk.export.pipelines_step(request, "Tune") == made


def test_the_exported_step_has_the_parameters_of_a_pipeline(shared):
    jobs, prefix = ParameterInteger("Jobs", 4), ParameterString("Prefix", "out")
    tuner = tuner_of(session=pipeline_session(), max_jobs=jobs)
    tuner.estimator.output_path = Join("/", [f"s3://{BUCKET}", prefix])
    made = step_of(tuner, [jobs, prefix])
    document = {"HyperParameterTuningJobName": "churn", **made["Arguments"]}
    template = hptsdk.template(hptsdk.shapes.CreateHyperParameterTuningJobRequest, document, syntax="pipelines")
    assert len(template.placeholders) == 2
    assert hptsdk.export.pipelines_step(template, "Tune") == made
