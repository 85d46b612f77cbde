"""The warnings of `TuningClient.create` about a request with advice."""

import pickle
import warnings

import pytest
from sample_requests import training, tuning_request

import hptsdk
from hptsdk.testing import StubTransport

ARN = "arn:aws:sagemaker:us-east-1:123456789012:hyper-parameter-tuning-job/job"
RULES = ["parallel-jobs-within-quota", "spot-with-checkpoints"]


@pytest.fixture
def transport():
    return StubTransport({"HyperParameterTuningJobArn": ARN})


@pytest.fixture
def client(transport):
    return hptsdk.TuningClient(transport=transport)


@pytest.fixture
def request_with_advice():
    spot = training().spot(max_wait_in_seconds=3600)
    return tuning_request(definition=spot, max_jobs=20, max_parallel_jobs=20)


def test_create_warns_once_for_each_advice(client, transport, request_with_advice):
    with pytest.warns(hptsdk.AdviceWarning) as caught:
        client.create(request_with_advice)
    assert [warning.message.advice for warning in caught] == list(hptsdk.advise(request_with_advice))
    assert [warning.message.advice.rule for warning in caught] == RULES
    assert len(transport.calls) == 1


def test_the_text_of_a_warning_is_the_message_of_the_advice(client, request_with_advice):
    with pytest.warns(hptsdk.AdviceWarning) as caught:
        client.create(request_with_advice)
    messages = [advice.message for advice in hptsdk.advise(request_with_advice)]
    assert [str(warning.message) for warning in caught] == messages


def test_a_warning_is_at_the_line_of_the_caller(client, request_with_advice):
    with pytest.warns(hptsdk.AdviceWarning) as caught:
        client.create(request_with_advice)
    assert {warning.filename for warning in caught} == {__file__}


def test_nothing_is_sent_if_a_warning_is_an_error(client, transport, request_with_advice):
    with warnings.catch_warnings():
        warnings.simplefilter("error", hptsdk.AdviceWarning)
        with pytest.raises(hptsdk.AdviceWarning, match=RULES[0]):
            client.create(request_with_advice)
    assert transport.calls == []


def test_a_filter_ignores_one_rule(client, transport, request_with_advice):
    with warnings.catch_warnings():
        warnings.simplefilter("error", hptsdk.AdviceWarning)
        warnings.filterwarnings("ignore", rf".*\[{RULES[0]}\]", hptsdk.AdviceWarning)
        with pytest.raises(hptsdk.AdviceWarning, match=RULES[1]):
            client.create(request_with_advice)
    assert transport.calls == []


def test_there_is_no_warning_about_a_waived_rule(client, request_with_advice):
    with hptsdk.waived(RULES[0]), pytest.warns(hptsdk.AdviceWarning) as caught:
        client.create(request_with_advice)
    assert [warning.message.advice.rule for warning in caught] == RULES[1:]


def test_there_is_no_warning_within_the_quotas_of_the_client(transport, request_with_advice):
    client = hptsdk.TuningClient(transport=transport, quotas=hptsdk.Quotas(max_parallel_jobs=20))
    with pytest.warns(hptsdk.AdviceWarning) as caught:
        client.create(request_with_advice)
    assert [warning.message.advice.rule for warning in caught] == RULES[1:]


def test_there_is_no_warning_without_advice(client, recwarn):
    client.create(tuning_request())
    assert list(recwarn) == []


def test_a_wrong_argument_is_reported_before_advice(client, request_with_advice):
    with pytest.raises(ValueError, match="if_exists"):
        client.create(request_with_advice, if_exists="ignore")


def test_a_warning_is_a_user_warning():
    assert issubclass(hptsdk.AdviceWarning, UserWarning)


def test_a_warning_can_be_pickled(request_with_advice):
    warning = hptsdk.AdviceWarning(hptsdk.advise(request_with_advice)[0])
    again = pickle.loads(pickle.dumps(warning))  # noqa: S301 - our own
    assert (again.advice, str(again)) == (warning.advice, str(warning))


def test_there_is_no_warning_about_the_address_of_an_image_for_a_local_service(client, recwarn):
    client.local_root = "runs"
    client.create(tuning_request(definition=training(image="my-image:1")))
    assert list(recwarn) == []
