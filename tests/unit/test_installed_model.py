"""A botocore that is too old to know a member is told by name."""

import copy

import botocore.loaders
import botocore.session
import pytest
from botocore.model import ServiceModel

from hptsdk import errors
from hptsdk.testing import FaultyServer
from hptsdk.transport import BotocoreTransport
from hptsdk.transport._installed_model import UnknownMembers

pytestmark = pytest.mark.long

OPERATION = "CreateHyperParameterTuningJob"


@pytest.fixture(scope="module")
def model():
    return botocore.loaders.Loader().load_service_model("sagemaker", "service-2")


def without(model, *members):
    older = copy.deepcopy(model)
    for shape, member in members:
        older["shapes"][shape]["members"].pop(member, None)
    return ServiceModel(older, "sagemaker").operation_model(OPERATION).input_shape


BODY = {
    "HyperParameterTuningJobName": "job",
    "TrainingJobDefinitions": [
        {"RoleArn": "r"},
        {"RetryStrategy": {"MaximumRetryAttempts": 1}, "VpcConfig": {"Subnets": ["a"]}},
    ],
}


def test_a_member_that_is_not_known_is_found_with_its_path(model):
    unknown = UnknownMembers(without(model, ("HyperParameterTrainingJobDefinition", "RetryStrategy")))
    assert list(unknown.in_body(BODY)) == ["TrainingJobDefinitions[1].RetryStrategy"]


def test_a_body_without_such_a_member_passes(model):
    unknown = UnknownMembers(without(model, ("HyperParameterTrainingJobDefinition", "Environment")))
    assert list(unknown.in_body(BODY)) == []


def test_a_member_that_nobody_knows_passes(model):
    unknown = UnknownMembers(without(model, ("RetryStrategy", "MaximumRetryAttempts")))
    assert list(unknown.in_body({"Brand": 1, "TrainingJobDefinition": {"New": {}}})) == []


def test_a_call_names_the_member_and_says_to_upgrade(model, monkeypatch):
    older = without(model, ("CreateHyperParameterTuningJobRequest", "Autotune"))
    monkeypatch.setattr("hptsdk.transport._installed_model.UnknownMembers", lambda _: UnknownMembers(older))
    session = botocore.session.Session()
    session.set_credentials("testing", "testing")
    with FaultyServer() as server:
        transport = BotocoreTransport("us-east-1", session=session, endpoint_url=server.url)
        with pytest.raises(errors.NotSentError, match=r"does not know Autotune; upgrade it \(pip install"):
            transport.call(OPERATION, {"HyperParameterTuningJobName": "job", "Autotune": {"Mode": "Enabled"}})
    assert server.received == []


def test_what_the_installed_botocore_lacks_is_told_for_real():
    """With the newest botocore nothing is missing, with an older one InstancePreferences is."""
    shape = botocore.session.get_session().get_service_model("sagemaker").operation_model(OPERATION).input_shape
    body = {"TrainingJobDefinition": {"ResourceConfig": {"InstancePreferences": []}}}
    resources = shape.members["TrainingJobDefinition"].members["ResourceConfig"]
    expected = (
        []
        if "InstancePreferences" in resources.members
        else ["TrainingJobDefinition.ResourceConfig.InstancePreferences"]
    )
    assert list(UnknownMembers(shape).in_body(body)) == expected
