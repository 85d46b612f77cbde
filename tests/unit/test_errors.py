"""The exceptions: their tree, attributes and messages."""

import copy
import inspect
import pickle

import attrs
import pytest

from hptsdk import errors, shapes

pytestmark = pytest.mark.usefixtures("no_rules")

# The tree of the documentation: each error with its base classes.
TREE = {
    "HptsdkError": (Exception,),
    "InvalidShapeError": (errors.HptsdkError, ValueError),
    "ServiceError": (errors.HptsdkError,),
    "ResourceInUseError": (errors.ServiceError,),
    "ResourceLimitExceededError": (errors.ServiceError,),
    "ResourceNotFoundError": (errors.ServiceError,),
    "ValidationRefusedError": (errors.ServiceError,),
    "ThrottledError": (errors.ServiceError,),
    "AccessDeniedError": (errors.ServiceError,),
    "CredentialsRejectedError": (errors.ServiceError,),
    "ServiceUnavailableError": (errors.ServiceError,),
    "TransportError": (errors.HptsdkError,),
    "NotSentError": (errors.TransportError,),
    "OutcomeUnknownError": (errors.TransportError,),
    "UnexpectedResponseError": (errors.TransportError,),
    "TuningJobFailed": (errors.HptsdkError,),
    "WaitTimeout": (errors.HptsdkError, TimeoutError),
    "JobConflictError": (errors.HptsdkError,),
}

VIOLATION = errors.Violation(
    shape="Tag",
    path="Key",
    rule="length",
    expected="text of 1 to 128 characters",
    got="''",
    hint="give it a name",
    source="https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_Tag.html",
)


def failed_job(valid):
    return valid(
        shapes.DescribeHyperParameterTuningJobResponse,
        hyper_parameter_tuning_job_name="churn",
        hyper_parameter_tuning_job_status="Failed",
        failure_reason="All training jobs failed",
    )


@pytest.fixture
def samples(valid):
    """Create an error of each class with all attributes."""
    service = {
        "code": "ThrottlingException",
        "operation": "DescribeHyperParameterTuningJob",
        "request_id": "b25f48e8",
        "status_code": 400,
        "is_retry_safe": True,
        "attempts": 5,
    }
    transport = {"operation": "CreateHyperParameterTuningJob", "may_have_been_sent": True, "attempts": 3}
    summary = valid(shapes.HyperParameterTrainingJobSummary, training_job_name="churn-007", failure_reason="OOM")
    made = [
        errors.HptsdkError("something"),
        errors.InvalidShapeError([VIOLATION, attrs.evolve(VIOLATION, path="Value")]),
        *(kind("Rate exceeded", **service) for kind in [errors.ServiceError, *errors.ServiceError.__subclasses__()]),
        *(
            kind("no response", **transport)
            for kind in [errors.TransportError, *errors.TransportError.__subclasses__()]
        ),
        errors.TuningJobFailed("churn", response=failed_job(valid), failed_training_jobs=[summary]),
        errors.WaitTimeout("churn", timeout=90, response=failed_job(valid)),
        errors.JobConflictError("churn", differences=["Strategy", "Tags[0]"]),
    ]
    return {type(error).__name__: error for error in made}


@pytest.mark.parametrize(("name", "bases"), TREE.items())
def test_each_error_has_the_documented_base_classes(name, bases):
    assert getattr(errors, name).__bases__ == bases


def test_all_errors_are_in_the_documented_tree():
    names = {name for name, kind in vars(errors).items() if inspect.isclass(kind) and issubclass(kind, BaseException)}
    assert names == set(TREE)


def test_the_docstring_of_the_module_has_each_error():
    assert [name for name in TREE if name not in errors.__doc__] == []


def test_every_error_and_the_violation_are_exported():
    assert errors.__all__ == sorted([*TREE, "Violation"])


@pytest.mark.parametrize("name", TREE)
def test_a_pickled_error_has_its_attributes(name, samples):
    again = pickle.loads(pickle.dumps(samples[name]))  # noqa: S301 - our own
    assert (type(again), vars(again)) == (type(samples[name]), vars(samples[name]))


@pytest.mark.parametrize("name", TREE)
def test_a_pickled_error_has_its_message(name, samples):
    assert str(pickle.loads(pickle.dumps(samples[name]))) == str(samples[name])  # noqa: S301 - our own


@pytest.mark.parametrize("name", TREE)
def test_an_error_can_be_copied(name, samples):
    again = copy.deepcopy(samples[name])
    assert (str(again), vars(again)) == (str(samples[name]), vars(samples[name]))


@pytest.mark.parametrize("name", TREE)
def test_a_pickled_error_has_its_notes(name, samples):
    samples[name].add_note("while creating churn")
    assert pickle.loads(pickle.dumps(samples[name])).__notes__ == ["while creating churn"]  # noqa: S301 - our own


@pytest.mark.parametrize(
    ("name", "message"),
    {
        "InvalidShapeError": (
            "2 violations\n"
            "  Tag.Key: expected text of 1 to 128 characters, got ''; give it a name [length]\n"
            "  Tag.Value: expected text of 1 to 128 characters, got ''; give it a name [length]"
        ),
        "ThrottledError": "DescribeHyperParameterTuningJob: Rate exceeded [ThrottlingException]",
        "OutcomeUnknownError": "CreateHyperParameterTuningJob: no response",
        "TuningJobFailed": "tuning job churn ended as Failed: All training jobs failed\n  churn-007: OOM",
        "WaitTimeout": "tuning job churn did not end within 90 seconds; its status is Failed",
        "JobConflictError": (
            "a tuning job named churn exists with other settings at Strategy, Tags[0]; use another name"
        ),
    }.items(),
)
def test_an_error_has_its_message(name, message, samples):
    assert str(samples[name]) == message


def test_a_service_error_without_a_message_says_so():
    error = errors.ServiceError("", code="InternalFailure", operation="ListTags")
    assert str(error) == "ListTags: the service returned no message [InternalFailure]"


def test_equal_failure_reasons_are_listed_once(valid):
    failed = [
        valid(shapes.HyperParameterTrainingJobSummary, training_job_name=f"churn-{n}", failure_reason=reason)
        for n, reason in enumerate(["OOM", None, "OOM"])
    ]
    error = errors.TuningJobFailed("churn", response=failed_job(valid), failed_training_jobs=failed)
    assert str(error).splitlines()[1:] == ["  churn-0, churn-2: OOM", "  churn-1: no failure reason"]


def test_a_failed_job_without_a_reason_says_so(valid):
    response = attrs.evolve(failed_job(valid), failure_reason=None)
    assert (
        str(errors.TuningJobFailed("churn", response=response)) == "tuning job churn ended as Failed: no failure reason"
    )


def test_a_failed_job_has_the_status_and_the_reason_of_its_response(samples):
    error = samples["TuningJobFailed"]
    assert (error.status, error.failure_reason) == ("Failed", "All training jobs failed")


def test_a_timeout_without_a_known_status_says_so():
    message = "tuning job churn did not end within 0.5 seconds; its status is unknown"
    assert str(errors.WaitTimeout("churn", timeout=0.5)) == message


def test_wait_timeout_is_a_timeout_error(samples):
    with pytest.raises(TimeoutError):
        raise samples["WaitTimeout"]


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ({}, "Tag.Key: expected text of 1 to 128 characters, got ''; give it a name [length]"),
        ({"hint": ""}, "Tag.Key: expected text of 1 to 128 characters, got '' [length]"),
        ({"path": "", "hint": ""}, "Tag: expected text of 1 to 128 characters, got '' [length]"),
        ({"path": '["a b"]', "hint": ""}, "Tag[\"a b\"]: expected text of 1 to 128 characters, got '' [length]"),
        (
            {"path": "Definitions[3].Input[0].Name", "hint": ""},
            "Tag.Definitions[3].Input[0].Name: expected text of 1 to 128 characters, got '' [length]",
        ),
    ],
)
def test_the_message_of_a_violation_has_path_expectation_value_hint_and_rule(parts, message):
    assert attrs.evolve(VIOLATION, **parts).message == message


def test_a_violation_cannot_be_changed():
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        VIOLATION.got = "it"


def test_the_message_of_one_violation_is_the_message_of_the_error():
    assert str(errors.InvalidShapeError([VIOLATION])) == VIOLATION.message


def test_the_first_fifty_violations_are_listed():
    assert str(errors.InvalidShapeError([VIOLATION] * 50)).splitlines() == [
        "50 violations",
        *[f"  {VIOLATION.message}"] * 50,
    ]


def test_further_violations_are_counted():
    assert str(errors.InvalidShapeError([VIOLATION] * 53)).splitlines() == [
        "53 violations",
        *[f"  {VIOLATION.message}"] * 50,
        "  \u2026 and 3 more",
    ]


def test_the_attribute_has_all_violations():
    assert len(errors.InvalidShapeError([VIOLATION] * 53).violations) == 53


def test_violations_is_a_tuple():
    assert errors.InvalidShapeError(iter([VIOLATION])).violations == (VIOLATION,)
