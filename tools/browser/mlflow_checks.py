"""A tuning job in MLflow."""

import sys
import time
from pathlib import Path

import mlflow
import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "tests" / "local"))

from running import BUCKET, IMAGE, bucket, job, shell, training, until

from hptsdk import TuningClient
from hptsdk.integrations.mlflow import log
from hptsdk.local import LocalService
from hptsdk.testing import Refusal, StubTransport

# MLflow uses an option that SQLAlchemy 2.1 deprecates
pytestmark = pytest.mark.filterwarnings("ignore:The ``noload`` loader strategy:DeprecationWarning")

PROGRAM = "echo loss=2; sleep 0.3; echo token is $TOKEN; echo loss=$SM_HP_RATE"
SECRET = "hunter2-of-nobody"  # noqa: S105 - of no account


@pytest.fixture(autouse=True, scope="module")
def store(tmp_path_factory):
    """A store of MLflow, whose creation takes seconds."""
    folder = tmp_path_factory.mktemp("store")
    mlflow.set_tracking_uri(f"sqlite:///{folder}/mlflow.db")
    yield folder
    mlflow.set_tracking_uri(None)


@pytest.fixture(autouse=True)
def experiment(store, tmp_path, monkeypatch):
    """An active experiment for the check."""
    monkeypatch.chdir(store)
    mlflow.set_experiment(tmp_path.name)


@pytest.fixture
def tuned(tmp_path):
    """A function that runs a tuning job to its end and returns its handle."""
    with LocalService(tmp_path / "root", images={}, buckets={BUCKET: bucket(tmp_path)}) as service:

        def run(program=PROGRAM, **options):
            service.add_program(shell(program), image=IMAGE)
            handle = service.client().create(job(definition=training().environment(TOKEN=SECRET), **options).build())
            until(lambda: handle.describe().hyper_parameter_tuning_job_status != "InProgress")
            return handle

        yield run


def run_of(identifier):
    return mlflow.MlflowClient().get_run(identifier)


def children_of(identifier):
    run = run_of(identifier)
    query = f"tags.`mlflow.parentRunId` = '{identifier}'"
    return mlflow.MlflowClient().search_runs([run.info.experiment_id], query)


def values_of(run, metric="loss"):
    history = mlflow.MlflowClient().get_metric_history(run.info.run_id, metric)
    return [entry.value for entry in sorted(history, key=lambda entry: entry.step)]


def test_a_tuning_job_is_a_run_with_a_child_for_each_training_job(tuned):
    handle = tuned()
    parent = log(handle)
    run, best = run_of(parent), handle.best
    assert (run.info.run_name, run.info.status) == ("demo", "FINISHED")
    assert run.data.tags["hptsdk.best_training_job"] == best.training_job_name
    assert run.data.metrics == {"loss": best.final_hyper_parameter_tuning_job_objective_metric.value}
    summaries = {summary.training_job_name: summary for summary in handle.training_jobs()}
    assert {child.info.run_name for child in children_of(parent)} == set(summaries)
    for child in children_of(parent):
        rate = summaries[child.info.run_name].tuned_hyper_parameters["rate"]
        assert (child.info.status, child.data.params) == ("FINISHED", {"rate": rate})
        assert values_of(child) == [2.0, float(rate)]
        assert child.data.tags["hptsdk.model_uri"] == (f"s3://{BUCKET}/out/{child.info.run_name}/output/model.tar.gz")


def test_times_of_runs_and_values_are_those_of_the_training_job(tuned):
    handle = tuned(max_jobs=1, parallel=1)
    (child,) = children_of(log(handle))
    (summary,) = handle.training_jobs()
    assert child.info.start_time == summary.training_start_time.timestamp() * 1000
    assert child.info.end_time == summary.training_end_time.timestamp() * 1000
    times = [entry.timestamp for entry in mlflow.MlflowClient().get_metric_history(child.info.run_id, "loss")]
    assert times == [int(event.time.timestamp() * 1000) for event in handle.logs() if "loss" in event.message]


def test_a_second_call_changes_nothing(tuned):
    handle = tuned()
    first = log(handle)
    before = [(run_of(first).data.to_dictionary(), [values_of(child) for child in children_of(first)])]
    assert log(handle) == first
    after = [(run_of(first).data.to_dictionary(), [values_of(child) for child in children_of(first)])]
    assert before == after
    assert len(mlflow.search_runs(output_format="list")) == 4


def test_a_job_that_runs_is_updated_later(tmp_path):
    go_on = tmp_path / "go-on"
    program = shell(f"echo loss=4; echo loss=3; until test -e {go_on}; do sleep 0.05; done; echo loss=$SM_HP_RATE")
    with LocalService(tmp_path / "root", images={IMAGE: program}, buckets={BUCKET: bucket(tmp_path)}) as service:
        handle = service.client().create(job(max_jobs=2, parallel=1).build())
        until(lambda: any("loss=3" in event.message for event in handle.logs()))
        first = log(handle)
        (child,) = children_of(first)
        assert (run_of(first).info.status, child.info.status, values_of(child)) == ("RUNNING", "RUNNING", [4.0, 3.0])
        go_on.touch()
        handle.wait(timeout=30)
        assert log(handle) == first
        summaries = list(handle.training_jobs())
    assert run_of(first).info.status == "FINISHED"
    rates = {summary.training_job_name: summary.tuned_hyper_parameters["rate"] for summary in summaries}
    for child in children_of(first):
        assert values_of(child) == [4.0, 3.0, float(rates[child.info.run_name])]
    assert values_of(run_of(first))[-1] == pytest.approx(min(map(float, rates.values())))


def test_a_failed_training_job_has_its_reason_without_secrets(tuned):
    handle = tuned("echo loss=1; echo bad $TOKEN > $SM_OUTPUT_DIR/failure; exit 1", max_jobs=1, parallel=1)
    parent = log(handle)
    (child,) = children_of(parent)
    assert child.info.status == "FAILED"
    assert child.data.tags["hptsdk.failure_reason"].startswith("AlgorithmError: bad (hidden)")
    assert "hptsdk.model_uri" not in child.data.tags


def test_an_experiment_is_created_and_used(tuned):
    parent = log(tuned(max_jobs=1, parallel=1), experiment="churn")
    assert mlflow.MlflowClient().get_experiment(run_of(parent).info.experiment_id).name == "churn"
    assert mlflow.active_run() is None


def test_a_run_that_is_active_becomes_the_parent(tuned):
    handle = tuned(max_jobs=1, parallel=1)
    with mlflow.start_run() as active:
        parent = log(handle)
        assert mlflow.active_run().info.run_id == active.info.run_id
    assert run_of(parent).data.tags["mlflow.parentRunId"] == active.info.run_id


def test_without_permission_for_logs_the_final_value_is_logged():
    described = {
        "HyperParameterTuningJobName": "demo",
        "HyperParameterTuningJobArn": "arn:aws:sagemaker:us-east-1:123456789012:hyper-parameter-tuning-job/demo",
        "HyperParameterTuningJobStatus": "Completed",
        "CreationTime": time.time(),
        "HyperParameterTuningJobConfig": {"Strategy": "Random"},
    }
    summary = {
        "TrainingJobName": "demo-001-5b1e9a0c",
        "TrainingJobStatus": "Completed",
        "CreationTime": time.time(),
        "TrainingEndTime": time.time(),
        "TunedHyperParameters": {"rate": "0.5"},
        "FinalHyperParameterTuningJobObjectiveMetric": {"MetricName": "validation:auc%", "Value": 0.9},
    }
    denied = Refusal("AccessDeniedException", "not authorized to perform logs:FilterLogEvents")
    stub = StubTransport(described, {"TrainingJobSummaries": [summary]}, described, denied)
    (child,) = children_of(log(TuningClient(transport=stub).get("demo")))
    assert child.data.metrics == {"validation:auc_": 0.9}
