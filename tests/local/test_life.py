"""A tuning job from its creation to its end, as a client sees it."""

from threading import Thread

import pytest
from running import BUCKET, described, job, only, run, shell, training, until

import hptsdk
from hptsdk import errors
from hptsdk.local.jobs import TuningJobRun


def test_a_job_runs_its_training_jobs_and_finds_the_best(open_service):
    service = open_service(shell("echo loss=$SM_HP_RATE"))
    handle = run(service, job(max_jobs=5).build())
    values = [float(s.tuned_hyper_parameters["rate"]) for s in handle.training_jobs()]
    assert len(values) == 5
    assert handle.best.final_hyper_parameter_tuning_job_objective_metric.value == pytest.approx(min(values))


def test_the_description_of_a_tuning_job_counts_its_training_jobs_by_status(open_service):
    response = run(open_service()).describe()
    counters = response.training_job_status_counters
    assert (counters.completed, counters.in_progress, response.objective_status_counters.succeeded) == (3, 0, 3)


def test_names_of_training_jobs_are_numbered(open_service):
    names = [s.training_job_name for s in run(open_service()).training_jobs()]
    assert [name[:8] for name in names] == ["demo-001", "demo-002", "demo-003"]


def test_the_description_of_a_training_job_has_its_hyperparameters_metrics_and_transitions(open_service):
    handle = run(open_service(shell("echo 'loss=2;'; echo 'loss=0.25;'")), job(max_jobs=1, parallel=1).build())
    description = only(handle)
    assert set(description.hyper_parameters) == {"rate", "_tuning_objective_metric"}
    assert [(m.metric_name, m.value) for m in description.final_metric_data_list] == [
        ("loss", 0.25),
        ("ObjectiveMetric", 0.25),
    ]
    assert [t.status for t in description.secondary_status_transitions] == [
        "Starting",
        "Downloading",
        "Training",
        "Uploading",
        "Completed",
    ]
    assert description.model_artifacts.s3_model_artifacts == (
        f"s3://{BUCKET}/out/{description.training_job_name}/output/model.tar.gz"
    )


def test_the_description_of_a_training_job_without_a_kms_key_has_an_empty_key(open_service):
    description = only(run(open_service(), job(max_jobs=1, parallel=1).build()))
    assert description.output_data_config.kms_key_id == ""


def test_the_same_seed_gives_the_same_values_again(open_service):
    service = open_service()
    first, second = (run(service, job(name).build()) for name in ("first", "second"))
    assert [s.tuned_hyper_parameters for s in first.training_jobs()] == [
        s.tuned_hyper_parameters for s in second.training_jobs()
    ]


def test_grid_runs_each_combination_once(open_service):
    request = (
        hptsdk.tuning_job("demo", training(), minimize="loss", max_parallel_jobs=2)
        .categorical("a", ["x", "y"])
        .categorical("b", ["1", "2"])
        .grid()
        .build()
    )
    combinations = [tuple(s.tuned_hyper_parameters.values()) for s in run(open_service(), request).training_jobs()]
    assert combinations == [("x", "1"), ("x", "2"), ("y", "1"), ("y", "2")]


def test_several_definitions_take_turns(open_service):
    definitions = [training().named(name, minimize="loss").continuous("rate", 0.1, 1.0) for name in ("first", "second")]
    request = hptsdk.tuning_job("demo", definitions, max_jobs=4, max_parallel_jobs=1).random().build()
    definitions = [s.training_job_definition_name for s in run(open_service(), request).training_jobs()]
    assert definitions == ["first", "second", "first", "second"]


def test_a_stopped_tuning_job_stops_its_training_jobs_and_starts_no_more(open_service):
    handle = open_service(shell("echo loss=1; sleep 60")).client().create(job(max_jobs=10).build())
    until(lambda: handle.describe().training_job_status_counters.in_progress == 2)
    handle.stop()
    response = handle.wait(timeout=30, poll=0.05)
    assert response.hyper_parameter_tuning_job_status == "Stopped"
    assert response.training_job_status_counters.stopped == 2


def test_a_stopped_training_job_frees_its_slot(open_service):
    service = open_service(shell("echo loss=1; sleep 60"))
    handle = service.client().create(job(max_jobs=2, parallel=1).build())
    until(lambda: [s for s in handle.training_jobs() if s.training_start_time])
    (first,) = [s.training_job_name for s in handle.training_jobs()]
    handle._calls.send("StopTrainingJob", hptsdk.shapes.StopTrainingJobRequest(training_job_name=first))
    until(lambda: len(list(handle.training_jobs())) == 2)
    description = described(handle, first)
    assert (description.training_job_status, description.secondary_status, description.failure_reason) == (
        "Stopped",
        "Stopped",
        None,
    )


def test_a_deleted_tuning_job_does_not_exist_and_its_training_jobs_do(open_service):
    handle = run(open_service())
    name = handle.best.training_job_name
    handle.delete()
    with pytest.raises(errors.ResourceNotFoundError):
        handle.describe()
    assert described(handle, name).training_job_status == "Completed"


def test_a_name_can_be_used_again_once_its_job_is_deleted(open_service):
    service = open_service()
    first = run(service)
    names = {s.training_job_name for s in first.training_jobs()}
    first.delete()
    assert names.isdisjoint(s.training_job_name for s in run(service).training_jobs())


def test_a_second_job_of_a_name_is_refused(open_service):
    service = open_service()
    run(service)
    with pytest.raises(errors.ResourceInUseError, match="already exists"):
        service.client().create(job().build())


def test_the_same_request_again_is_the_same_job(open_service):
    service = open_service()
    first = run(service)
    assert service.client().create(job().build(), if_exists="return").arn == first.arn


def test_a_running_job_cannot_be_deleted(open_service):
    handle = open_service(shell("sleep 60")).client().create(job().build())
    with pytest.raises(errors.ValidationRefusedError, match="not in a terminal state"):
        handle.delete()


def test_a_stopping_job_cannot_be_deleted(open_service):
    handle = open_service(shell("trap '' TERM; echo began; sleep 60 & wait; wait")).client().create(job().build())
    until(lambda: list(handle.logs()))
    handle.stop()
    with pytest.raises(errors.ValidationRefusedError, match="is Stopping, not in a terminal state; wait for its end"):
        handle.delete()


def test_an_ended_job_cannot_be_stopped(open_service):
    with pytest.raises(errors.ValidationRefusedError, match="already Completed"):
        run(open_service()).stop()


def test_training_jobs_have_the_tags_of_their_tuning_job(open_service):
    handle = run(open_service(), job().tag("team", "growth").build())
    arn = handle.best.training_job_arn
    listed = handle._calls.request(
        "ListTags", hptsdk.shapes.ListTagsInput(resource_arn=arn), hptsdk.shapes.ListTagsOutput
    )
    assert [(tag.key, tag.value) for tag in listed.tags] == [("team", "growth")]


def test_tags_can_be_added_and_removed(open_service):
    handle = run(open_service())
    handle.add_tags({"a": "1", "b": "2"})
    handle.delete_tags("a")
    assert handle.tags() == {"b": "2"}


def test_the_request_of_a_job_can_be_created_again(open_service):
    service = open_service()
    request = run(service).request()
    assert request == job().build()


def test_a_tuning_job_ends_when_it_reaches_its_target(open_service):
    handle = run(open_service(), job(max_jobs=50, parallel=1).stop_at(0.6).build())
    assert handle.describe().hyper_parameter_tuning_job_status == "Completed"
    assert len(list(handle.training_jobs())) == 1


def test_a_tuning_job_ends_when_it_does_not_improve_any_more(open_service):
    handle = run(open_service(), job(max_jobs=50, parallel=1).stop_when_not_improving(3).build())
    assert len(list(handle.training_jobs())) == 4
    assert handle.describe().tuning_job_completion_details.number_of_training_jobs_objective_not_improving == 3


def test_a_tuning_job_ends_when_it_has_converged(open_service):
    handle = run(open_service(), job(max_jobs=50, parallel=1).stop_on_convergence().build())
    assert len(list(handle.training_jobs())) == 14
    assert handle.describe().tuning_job_completion_details.convergence_detected_time is not None


def test_a_job_ends_at_its_longest_runtime(open_service):
    service = open_service(shell("echo loss=1; sleep 60"))
    handle = service.client().create(job(max_jobs=10).max_runtime(120).build())
    until(lambda: handle.describe().training_job_status_counters.in_progress == 2)
    (tuning,) = service._engine._runs.values()
    tuning._records.clock.before = 120.0
    response = handle.wait(timeout=30, poll=0.05)
    assert (response.hyper_parameter_tuning_job_status, response.training_job_status_counters.stopped) == (
        "Completed",
        2,
    )


def test_five_failures_and_no_success_fail_the_job(open_service):
    handle = open_service(shell("exit 1")).client().create(job(max_jobs=50, parallel=1).build())
    with pytest.raises(errors.TuningJobFailed, match="No training job succeeded after 5 attempts"):
        handle.wait(timeout=60, poll=0.05)
    assert len(list(handle.training_jobs())) == 5


def test_failures_do_not_fail_a_tuning_job_with_a_success(open_service):
    service = open_service(shell("case $TRAINING_JOB_NAME in demo-001*) echo loss=1;; *) exit 1;; esac"))
    assert run(service, job(max_jobs=8, parallel=1).build()).describe().hyper_parameter_tuning_job_status == "Completed"


def test_five_training_jobs_without_an_objective_fail_the_job(open_service):
    handle = open_service(shell("echo nothing")).client().create(job(max_jobs=50, parallel=1).build())
    with pytest.raises(errors.TuningJobFailed, match="No objective metrics found after running 5 training jobs"):
        handle.wait(timeout=60, poll=0.05)
    assert {s.training_job_status for s in handle.training_jobs()} == {"Completed"}
    assert {s.objective_status for s in handle.training_jobs()} == {"Failed"}


def test_a_tuning_job_whose_training_jobs_all_fail_fails(open_service):
    handle = open_service(shell("exit 1")).client().create(job(max_jobs=2).build())
    with pytest.raises(errors.TuningJobFailed, match="All training jobs failed"):
        handle.wait(timeout=60, poll=0.05)


@pytest.mark.long
def test_a_tuning_job_that_is_stopped_while_a_criterion_ends_it_is_stopped(open_service):
    program = shell("trap '' TERM; echo loss=0; [ $TRAINING_JOB_NAME != ${TRAINING_JOB_NAME#demo-001} ] || sleep 60")
    handle = open_service(program, stop_grace=1.0).client().create(job(max_jobs=9).stop_at(0.5).build())
    until(lambda: "Stopping" in [s.training_job_status for s in handle.training_jobs()])
    handle.stop()
    assert handle.wait(timeout=30, poll=0.05).hyper_parameter_tuning_job_status == "Stopped"


def test_a_tuning_job_that_is_stopped_before_it_starts_runs_no_training_job(open_service, monkeypatch):
    service = open_service(shell("echo loss=1; sleep 60"))
    engine, launch = service._engine, service._engine.launch

    def launching(row):
        service.client().get("demo").stop()
        launch(row)

    monkeypatch.setattr(engine, "launch", launching)
    handle = service.client().create(job().build())
    assert handle.wait(timeout=30, poll=0.05).hyper_parameter_tuning_job_status == "Stopped"
    assert list(handle.training_jobs()) == []


def test_a_training_job_can_be_stopped_while_it_is_added(open_service, monkeypatch):
    service = open_service(shell("echo loss=1; sleep 60"))
    begun, stopping = TuningJobRun._begin, []

    def beginning(run, trial):
        if trial is not None:
            query = hptsdk.shapes.StopTrainingJobRequest(training_job_name=trial.name)
            calls = service.client()._calls
            thread = Thread(target=calls.send, args=("StopTrainingJob", query))
            thread.start()
            # if the call did not wait for the lock, it has ended by now
            thread.join(0.3)
            stopping.append(thread)
        begun(run, trial)

    monkeypatch.setattr(TuningJobRun, "_begin", beginning)
    handle = service.client().create(job(max_jobs=1, parallel=1).build())
    handle.wait(timeout=30, poll=0.05)
    assert [s.training_job_status for s in handle.training_jobs()] == ["Stopped"]
    stopping[0].join()


def test_a_tuning_job_can_be_stopped_while_a_training_job_ends(open_service, monkeypatch):
    service = open_service()
    choose, stopped = TuningJobRun._choose, []

    def choosing(run, *, is_halted):
        # the first training job has ended, and its end is being stored
        if run._search.count == 1 and not stopped:
            stopped.append(service.client().get("demo").stop())
        return choose(run, is_halted=is_halted)

    monkeypatch.setattr(TuningJobRun, "_choose", choosing)
    handle = service.client().create(job(max_jobs=5, parallel=1).build())
    assert handle.wait(timeout=30, poll=0.05).hyper_parameter_tuning_job_status == "Stopped"
    assert len(list(handle.training_jobs())) == 2
