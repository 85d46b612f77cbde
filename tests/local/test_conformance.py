"""The local service passes the conformance tests of transports."""

import pytest
from botocore.config import Config
from botocore.session import get_session
from running import BUCKET, IMAGE, bucket, job, shell

from hptsdk.local import LocalService
from hptsdk.testing import TransportConformance
from hptsdk.transport import BotocoreTransport

pytestmark = pytest.mark.long

ONCE = Config(retries={"total_max_attempts": 1}, max_pool_connections=8)


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    root = tmp_path_factory.mktemp("service")
    programs = {IMAGE: shell("echo 'loss=0.5;'")}
    with LocalService(root / "root", images=programs, buckets={BUCKET: bucket(root)}, stop_grace=1.0) as service:
        yield service


class TestLocalService(TransportConformance):
    absent = {  # noqa: RUF012 - a plain dict in the base class's type
        "unmodelled members": "the local service rejects unknown members"
    }

    def make_request(self, name):
        return job(name).build()

    @pytest.fixture
    def transport(self, service):
        session = get_session()
        session.set_credentials(service.credentials.access_key, service.credentials.secret_key)
        transport = BotocoreTransport("us-east-1", session=session, endpoint_url=service.endpoint_url, config=ONCE)
        yield transport
        transport.close()
