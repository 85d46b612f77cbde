"""A request with a member that the installed botocore is too old to support is refused with the path of the member."""

import copy

import botocore.loaders
import botocore.session
import pytest
from botocore.model import ServiceModel

from hptsdk import errors
from hptsdk.testing import FaultyServer
from hptsdk.transport import BotocoreTransport
from hptsdk.transport._call import InstalledOperation

pytestmark = pytest.mark.long

OPERATION = "CreateHyperParameterTuningJob"


@pytest.fixture(scope="module")
def model():
    return botocore.loaders.Loader().load_service_model("sagemaker", "service-2")


def without(model, *members):
    older = copy.deepcopy(model)
    for shape, member in members:
        older["shapes"][shape]["members"].pop(member, None)
    return ServiceModel(older, "sagemaker").operation_model(OPERATION)


BODY = {
    "HyperParameterTuningJobName": "job",
    "TrainingJobDefinitions": [
        {"RoleArn": "r"},
        {"RetryStrategy": {"MaximumRetryAttempts": 1}, "VpcConfig": {"Subnets": ["a"]}},
    ],
}


def test_the_path_of_an_unsupported_member_is_returned(model):
    operation = InstalledOperation(without(model, ("HyperParameterTrainingJobDefinition", "RetryStrategy")))
    assert operation.unsupported_members(BODY) == ["TrainingJobDefinitions[1].RetryStrategy"]


def test_a_request_without_the_unsupported_member_is_accepted(model):
    operation = InstalledOperation(without(model, ("HyperParameterTrainingJobDefinition", "Environment")))
    assert operation.unsupported_members(BODY) == []


def test_a_member_that_hptsdk_does_not_model_either_is_accepted(model):
    operation = InstalledOperation(without(model, ("RetryStrategy", "MaximumRetryAttempts")))
    assert operation.unsupported_members({"Brand": 1, "TrainingJobDefinition": {"New": {}}}) == []


def test_the_error_names_the_member_and_how_to_upgrade(model, monkeypatch):
    older = without(model, ("CreateHyperParameterTuningJobRequest", "Autotune"))
    monkeypatch.setattr("hptsdk.transport._botocore.InstalledOperation", lambda _: InstalledOperation(older))
    session = botocore.session.Session()
    session.set_credentials("testing", "testing")
    with FaultyServer() as server:
        transport = BotocoreTransport("us-east-1", session=session, endpoint_url=server.url)
        with pytest.raises(errors.NotSentError, match=r"does not support Autotune; upgrade it \(pip install"):
            transport.call(OPERATION, {"HyperParameterTuningJobName": "job", "Autotune": {"Mode": "Enabled"}})
    assert server.received == []


def test_the_installed_botocore_is_compared():
    """With the newest botocore nothing is missing, with an older one InstancePreferences is."""
    operation = botocore.session.get_session().get_service_model("sagemaker").operation_model(OPERATION)
    body = {"TrainingJobDefinition": {"ResourceConfig": {"InstancePreferences": []}}}
    resources = operation.input_shape.members["TrainingJobDefinition"].members["ResourceConfig"]
    expected = (
        []
        if "InstancePreferences" in resources.members
        else ["TrainingJobDefinition.ResourceConfig.InstancePreferences"]
    )
    assert InstalledOperation(operation).unsupported_members(body) == expected
