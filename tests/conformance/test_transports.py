"""The transports of hptsdk pass the conformance tests."""

import botocore.session
import pytest
from botocore.config import Config

from hptsdk.testing import (
    FaultConformance,
    FaultyServer,
    MemoryService,
    MemoryTransport,
    StubTransport,
    TransportConformance,
)
from hptsdk.transport import BotocoreTransport

# shared, since a session reads the models of AWS
SESSION = botocore.session.Session()
SESSION.set_credentials("testing", "testing")
ONCE = Config(retries={"total_max_attempts": 1}, max_pool_connections=8)


def botocore_transport(url):
    return BotocoreTransport("us-east-1", session=SESSION, endpoint_url=url, config=ONCE)


class TestMemoryTransport(TransportConformance):
    @pytest.fixture
    def transport(self):
        return MemoryTransport()


class TestTheTuningJobsOfATest(TransportConformance):
    @pytest.fixture
    def transport(self):
        transport = MemoryTransport()
        yield transport
        assert transport.service.jobs == {}, "tuning jobs remain after the test"


class TestStubTransport(TransportConformance):
    @pytest.fixture
    def transport(self):
        return StubTransport(service=MemoryService())


@pytest.mark.long
class TestBotocoreTransportOnFaultyServer(TransportConformance):
    @pytest.fixture
    def transport(self):
        with FaultyServer() as server:
            transport = botocore_transport(server.url)
            yield transport
            transport.close()


@pytest.mark.long
class TestFaultsOfBotocoreTransport(FaultConformance):
    def make_transport(self, url):
        return botocore_transport(url)


@pytest.fixture(scope="module")
def moto_url():
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.mark.long
class TestBotocoreTransportOnMoto(TransportConformance):
    absent = {  # noqa: RUF012 - a plain dict in the base class's type
        "names without case": "moto accepts two names that differ only in case",
        "creating from threads": "moto does not lock its jobs",
        "unmodelled members": "moto returns only members of the API model",
        "validation": "moto validates few members",
        "stopping": "moto has no StopHyperParameterTuningJob",
        "training jobs": "moto has no ListTrainingJobsForHyperParameterTuningJob",
    }

    @pytest.fixture
    def transport(self, moto_url):
        transport = botocore_transport(moto_url)
        yield transport
        transport.close()
