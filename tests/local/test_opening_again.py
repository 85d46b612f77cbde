"""A root that is opened again after its requests, its rows or the machine have changed."""

import json
import sqlite3
import threading
from contextlib import closing

import psutil
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.session import Session
from running import job, shell, until
from test_recorded_responses import sagemaker
from training_job_requests import REQUEST, describe

from hptsdk import to_wire
from hptsdk.local import _service
from hptsdk.local.http import Server
from hptsdk.local.jobs import Engine

ONE = {"max_jobs": 1, "parallel": 1}


def change(root, statement, *values):
    """Change the store of a closed root."""
    with closing(sqlite3.connect(root / "state.sqlite3")) as connection, connection:
        connection.execute(statement, values)


def interrupted(open_service, *names):
    """Interrupt tuning jobs while their training jobs run, and return the root."""
    service = open_service(shell("sleep 60"))
    handles = [service.client().create(job(name, **ONE).build()) for name in names]
    for handle in handles:
        until(lambda handle=handle: [s for s in handle.training_jobs() if s.training_start_time])
    service.close()
    return service.root


@pytest.fixture
def root(open_service):
    """Return a root whose tuning job was interrupted."""
    return interrupted(open_service, "demo")


def status(service, name):
    """Return the status of a tuning job after its end."""
    handle = service.client().get(name)
    until(lambda: handle.describe().hyper_parameter_tuning_job_status != "InProgress")
    return handle.describe().hyper_parameter_tuning_job_status


def test_a_stored_request_is_not_validated_again(open_service, root):
    with closing(sqlite3.connect(root / "state.sqlite3")) as connection:
        ((text,),) = connection.execute("SELECT request FROM tuning_jobs")
    request = json.loads(text)
    request["TrainingJobDefinition"]["RoleArn"] = "no-arn"
    change(root, "UPDATE tuning_jobs SET request = ?", json.dumps(request))
    assert status(open_service(shell("echo loss=1")), "demo") == "Completed"


# Changes that make a tuning job unreadable, by its name.
DAMAGES = {
    "no-json": "UPDATE tuning_jobs SET request = 'my-secret' WHERE name = 'no-json'",
    "no-members": "UPDATE tuning_jobs SET request = '{}' WHERE name = 'no-members'",
    "no-details": "UPDATE tuning_jobs SET details = '' WHERE name = 'no-details'",
    "no-values": "UPDATE training_jobs SET tuned = '[' WHERE name LIKE 'no-values%'",
    "no-definition": "UPDATE training_jobs SET definition = 7 WHERE name LIKE 'no-definition%'",
}


@pytest.fixture(scope="module")
def damaged(open_shared):
    """Return a service of an interrupted root, in which all tuning jobs except demo are damaged."""
    root = interrupted(open_shared, "demo", *DAMAGES)
    for statement in DAMAGES.values():
        change(root, statement)
    return open_shared(shell("echo loss=1"))


@pytest.mark.parametrize("name", DAMAGES)
def test_a_tuning_job_that_cannot_be_read_stays_in_progress_with_a_reason(damaged, name):
    response = damaged.client().get(name).describe()
    assert response.hyper_parameter_tuning_job_status == "InProgress"
    assert "cannot read" in response.failure_reason
    assert "my-secret" not in response.failure_reason


def test_a_tuning_job_continues_if_another_cannot_be_read(damaged):
    assert status(damaged, "demo") == "Completed"


def test_tuning_jobs_that_cannot_be_read_are_listed(damaged):
    names = {summary.hyper_parameter_tuning_job_name for summary in damaged.client().list()}
    assert names == {"demo", *DAMAGES}


def test_training_jobs_of_a_tuning_job_that_cannot_be_read_stay_in_progress(damaged):
    rows = damaged._store.all("SELECT * FROM training_jobs WHERE name LIKE 'no-%'")
    assert [(row["status"], row["ended"]) for row in rows] == [("InProgress", None)] * len(DAMAGES)


def test_a_tuning_job_that_cannot_be_read_can_be_stopped(open_service, tmp_path):
    root = interrupted(open_service, "demo")
    change(root, "UPDATE tuning_jobs SET request = '{}'")
    service = open_service()
    service.client().get("demo").stop()
    row = service._store.one("SELECT * FROM training_jobs")
    assert [status(service, "demo"), row["status"]] == ["Stopped", "Stopped"]


def test_the_reason_of_a_standalone_training_job_that_cannot_be_read_names_the_training_job(open_service):
    service = open_service(shell("sleep 60"))
    service._engine.close()
    sagemaker(service).create_training_job(**REQUEST)
    service.close()
    change(service.root, "UPDATE tuning_jobs SET request = '{}'")
    assert describe(sagemaker(open_service()))["FailureReason"].endswith(
        "Open the root with the version that has created the training job, or stop the training job."
    )


# --- opening that fails ---


def programs_of(root):
    """Return the running processes of a root."""
    programs = []
    for process in psutil.process_iter():
        try:
            lives = process.status() != psutil.STATUS_ZOMBIE
            if str(root) in process.environ().get("SAGEMAKER_BASE_DIR", "") and lives:
                programs.append(process)
        except psutil.Error:
            continue
    return programs


def fail(*args, **options):
    """Raise the error of a thread that cannot be started."""
    raise RuntimeError("can't start new thread")


@pytest.mark.parametrize(
    ("owner", "name"),
    [(Server, "start"), (_service, "write_address"), (Engine, "resume")],
    ids=["server", "endpoint", "engine"],
)
def test_a_failed_opening_leaves_nothing_running(open_service, root, monkeypatch, owner, name):
    original = getattr(owner, name)

    def failing(*args, **options):
        if owner is Engine:
            original(*args, **options)
        until(lambda: programs_of(root))
        fail()

    before = set(threading.enumerate())
    with monkeypatch.context() as patch:
        patch.setattr(owner, name, failing)
        with pytest.raises(RuntimeError, match="can't start new thread"):
            open_service(shell("sleep 60"))
    assert not programs_of(root)
    assert not [thread for thread in set(threading.enumerate()) - before if thread.is_alive()]
    assert status(open_service(shell("echo loss=1")), "demo") == "Completed"


def test_closing_that_was_interrupted_can_be_repeated(open_service, monkeypatch):
    service = open_service()
    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "join", fail)
        with pytest.raises(RuntimeError, match="can't start"):
            service.close()
    with pytest.raises(RuntimeError, match="is open in another LocalService"):
        open_service()
    service.close()
    open_service()


def test_a_request_while_the_service_closes_starts_nothing(open_service):
    service = open_service(shell("sleep 60"))
    service._engine.close()
    service.client().create(job(**ONE).build())
    assert service._store.one("SELECT count(*) AS n FROM training_jobs")["n"] == 0
    service.close()
    assert status(open_service(shell("echo loss=1")), "demo") == "Completed"


def test_a_job_that_cannot_begin_is_not_created(open_service, monkeypatch):
    service = open_service()
    session = Session()
    session.set_credentials(service.credentials.access_key, service.credentials.secret_key)
    once = Config(proxies={}, retries={"total_max_attempts": 1})
    api = session.create_client("sagemaker", "us-east-1", endpoint_url=service.endpoint_url, config=once)
    with monkeypatch.context() as patch:
        patch.setattr(Engine, "launch", fail)
        with pytest.raises(ClientError, match="InternalFailure"):
            api.create_hyper_parameter_tuning_job(**to_wire(job(**ONE).build()))
    assert list(service.client().list()) == []
    service.client().create(job(**ONE).build())
    assert status(service, "demo") == "Completed"
