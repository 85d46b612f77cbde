"""A request with a member that the installed botocore is too old to support is rejected with the path of the member."""

import copy
from contextlib import ExitStack
from typing import NamedTuple

import botocore.loaders
import botocore.session
import pytest
from botocore.client import ClientCreator
from botocore.model import ServiceModel

from hptsdk import errors
from hptsdk.testing import FaultyServer
from hptsdk.transport import BotocoreTransport

pytestmark = pytest.mark.long

OPERATION = "CreateHyperParameterTuningJob"
BODY = {
    "HyperParameterTuningJobName": "job",
    "HyperParameterTuningJobConfig": {"Strategy": "Random", "ResourceLimits": {"MaxParallelTrainingJobs": 1}},
    "TrainingJobDefinitions": [
        {"RoleArn": "r"},
        {"RetryStrategy": {"MaximumRetryAttempts": 1}, "VpcConfig": {"Subnets": ["a"]}},
    ],
}


@pytest.fixture(scope="module")
def model():
    return botocore.loaders.Loader().load_service_model("sagemaker", "service-2")


class Creator(NamedTuple):
    """Sends requests with a botocore whose model lacks some members."""

    server: FaultyServer
    transport: BotocoreTransport

    def create(self, body):
        self.transport.call(OPERATION, body)
        return self.server.service.jobs["job"]


@pytest.fixture
def botocore_without(model, monkeypatch):
    """A function that returns a `Creator`."""
    with ExitStack() as stack:

        def botocore_without(*members):
            older = copy.deepcopy(model)
            for shape, member in members:
                del older["shapes"][shape]["members"][member]
            monkeypatch.setattr(ClientCreator, "_load_service_model", lambda *_, **__: ServiceModel(older, "sagemaker"))
            server = stack.enter_context(FaultyServer())
            session = botocore.session.Session()
            session.set_credentials("testing", "testing")
            transport = BotocoreTransport("us-east-1", session=session, endpoint_url=server.url)
            stack.callback(transport.close)
            return Creator(server, transport)

        yield botocore_without


def test_a_request_with_an_unsupported_member_is_not_sent(botocore_without):
    creator = botocore_without(("HyperParameterTrainingJobDefinition", "RetryStrategy"))
    expected = r"does not support TrainingJobDefinitions\[1\]\.RetryStrategy; upgrade it \(pip install"
    with pytest.raises(errors.NotSentError, match=expected):
        creator.create(BODY)
    assert creator.server.received == []


def test_each_unsupported_member_is_named(botocore_without):
    creator = botocore_without(("CreateHyperParameterTuningJobRequest", "Autotune"), ("VpcConfig", "Subnets"))
    with pytest.raises(errors.NotSentError) as raised:
        creator.create({"Autotune": {"Mode": "Enabled"}, **BODY})
    assert "does not support Autotune, TrainingJobDefinitions[1].VpcConfig.Subnets;" in str(raised.value)


def test_a_request_without_the_unsupported_member_is_sent(botocore_without):
    job = botocore_without(("HyperParameterTrainingJobDefinition", "Environment")).create(BODY)
    assert job["TrainingJobDefinitions"] == BODY["TrainingJobDefinitions"]


def test_a_member_that_hptsdk_does_not_model_either_is_sent(botocore_without):
    job = botocore_without(("HyperParameterTrainingJobDefinition", "Environment")).create(BODY | {"Brand": 1})
    assert job["Brand"] == 1


@pytest.mark.parametrize(("session", "got"), [(5, "5"), ("default", "'default'")])
def test_a_session_of_another_type_is_a_type_error(session, got):
    with pytest.raises(TypeError, match=f"^session: expected a session of boto3 or botocore, got {got}$"):
        BotocoreTransport(session=session)
