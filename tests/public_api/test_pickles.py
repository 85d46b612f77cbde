"""Every public exception can be pickled and copied with all its parts."""

import copy
import inspect
import pickle

import pytest
from surface import PARTS

import hptsdk
from hptsdk import shapes
from hptsdk.errors import InvalidShapeError

EXCEPTIONS = [part.value for part in PARTS if isinstance(part.value, type) and issubclass(part.value, Exception)]

RESPONSE = shapes.DescribeHyperParameterTuningJobResponse(
    hyper_parameter_tuning_job_name="a",
    hyper_parameter_tuning_job_arn="arn:aws:sagemaker:us-east-1:123456789012:hyper-parameter-tuning-job/a",
    hyper_parameter_tuning_job_config=None,
    hyper_parameter_tuning_job_status="Failed",
    creation_time="2026-11-03T12:30:00Z",
    training_job_status_counters=None,
    objective_status_counters=None,
    failure_reason="no instances",
)


def violations():
    """Return the violations of an invalid shape."""
    with pytest.raises(InvalidShapeError) as raised:
        shapes.Tag(key="", value="!")
    return raised.value.violations


ADVICE = hptsdk.Advice(rule="range-has-a-name", path="Name", message="expected a name, got none", source="a page")

# An argument of a new name needs a value here, unlike its default.
ARGUMENTS = {
    "message": "said so",
    "advice": ADVICE,
    "code": "ResourceInUse",
    "operation": "CreateHyperParameterTuningJob",
    "request_id": "id-1",
    "status_code": 409,
    "status": 409,
    "is_retry_safe": True,
    "attempts": 3,
    "unanswered": 1,
    "may_have_been_sent": True,
    "job_name": "a",
    "response": RESPONSE,
    "failed_training_jobs": (),
    "differences": ("Tags", "HyperParameterTuningJobConfig.Strategy"),
    "timeout": 1.5,
    "violations": violations(),
}


@pytest.fixture(params=EXCEPTIONS, ids=lambda cls: cls.__name__)
def exception(request):
    """Create an exception with all its arguments."""
    if request.param.__init__ in (Exception.__init__, UserWarning.__init__):
        return request.param("said", "so")
    parameters = inspect.signature(request.param).parameters.values()
    positional = [ARGUMENTS[p.name] for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD]
    return request.param(*positional, **{p.name: ARGUMENTS[p.name] for p in parameters if p.kind is p.KEYWORD_ONLY})


def parts(error):
    """Return the class, the text, the arguments and the attributes of an exception."""
    return type(error), str(error), error.args, vars(error)


def test_a_pickled_exception_has_all_its_parts(exception):
    pickled = [pickle.dumps(exception, protocol) for protocol in range(pickle.HIGHEST_PROTOCOL + 1)]
    assert [parts(pickle.loads(each)) for each in pickled] == [parts(exception)] * len(pickled)  # noqa: S301 - our own


def test_an_exception_is_copied_with_all_its_parts(exception):
    assert parts(copy.copy(exception)) == parts(copy.deepcopy(exception)) == parts(exception)


def test_a_pickled_exception_in_a_group_has_all_its_parts(exception):
    [again] = pickle.loads(pickle.dumps(ExceptionGroup("several", [exception]))).exceptions  # noqa: S301 - our own
    assert parts(again) == parts(exception)


def test_there_are_exceptions_in_more_modules_than_one():
    assert len({cls.__module__ for cls in EXCEPTIONS}) > 1
