"""Images that a service pulls from a registry on this machine."""

import socket
import subprocess

import pytest
from running import job, only, run, until

from hptsdk.errors import TuningJobFailed
from hptsdk.local import Container

CONFIGURATION = """
version: 0.1
storage: {{filesystem: {{rootdirectory: {folder}}}}}
http: {{addr: "127.0.0.1:{port}"}}
"""


def is_listening(port):
    """Check whether a port accepts connections."""
    with socket.socket() as connection:
        return connection.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture
def registry(tmp_path):
    """The address of a running registry, as HOST:PORT."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    file = tmp_path / "registry.yml"
    file.write_text(CONFIGURATION.format(folder=tmp_path / "registry", port=port))
    process = subprocess.Popen(["docker-registry", "serve", str(file)], stderr=subprocess.DEVNULL)
    until(lambda: is_listening(port))
    yield f"127.0.0.1:{port}"
    process.terminate()
    process.wait()


def test_an_image_is_pulled_if_it_is_missing(engine, open_service, registry):
    image = f"{registry}/mine:1"
    engine.run("tag", "local/shell:1", image)
    engine.run("push", image)
    engine.run("rmi", image)
    service = open_service(Container(image, engine=engine.name, environment={"TRAIN": "echo loss=1"}))
    handle = run(service, job(max_jobs=3, parallel=3).build())
    assert handle.describe().training_job_status_counters.completed == 3
    assert image in engine.run("images", "--format", "{{.Repository}}:{{.Tag}}").split()
    engine.run("rmi", image)


def test_an_image_that_cannot_be_pulled_is_the_reason(engine, open_service, registry):
    service = open_service(Container(f"{registry}/absent:1", engine=engine.name))
    with pytest.raises(TuningJobFailed):
        run(service, job(max_jobs=1).build())
    reason = only(service.client().get("demo")).failure_reason
    assert reason.startswith(f"ClientError: {engine.name} cannot pull the image {registry}/absent:1: ")
