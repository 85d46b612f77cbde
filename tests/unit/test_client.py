"""The client, over real HTTP against moto."""

import pytest

import hptsdk
from hptsdk import errors


@pytest.fixture(scope="module")
def endpoint():
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def client(endpoint, monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    with hptsdk.TuningClient(region_name="us-east-1", endpoint_url=endpoint) as client:
        yield client


@pytest.mark.long  # importing moto takes a second
def test_describing_a_missing_job_raises_not_found(client):
    with pytest.raises(errors.ResourceNotFoundError) as raised:
        client.get("nowhere").describe()
    assert raised.value.operation == "DescribeHyperParameterTuningJob"
