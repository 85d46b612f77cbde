"""Invalid documents: the two validators report the same, and one invalid value is one violation."""

import copy
from unittest import mock

from hypothesis import assume, given, settings, strategies as st

import hptsdk
from hptsdk import schema, shapes
from hptsdk._validation import _validators
from hptsdk._validation._validators import validate_reference
from hptsdk.errors import InvalidShapeError
from hptsdk.testing import strategies

REQUEST = shapes.CreateHyperParameterTuningJobRequest
UNKNOWN = map(hptsdk.placeholder, ["{{ x }}", "x{{ x }}"])
WRONG = st.sampled_from(
    [None, True, 0, -1, 2**70, 0.5, "", "a", "a\n", "\ud800", "x" * 3000, [], [None], {}, {"A": 1}, *UNKNOWN]
)


def places(value):
    """Return each dict or list of a document with each of its keys or indexes."""
    for key in value if isinstance(value, dict) else range(len(value)):
        yield value, key
        if isinstance(value[key], dict | list):
            yield from places(value[key])


@st.composite
def changed_documents(draw):
    """Draw the document of a request in which one part is replaced, removed or added."""
    document = hptsdk.to_wire(draw(strategies.requests(extreme=True)))
    parent, key = draw(st.sampled_from([*places(document)]))
    match draw(st.sampled_from(["replaced", "removed", "added"])):
        case "replaced":
            parent[key] = draw(WRONG)
        case "removed":
            del parent[key]
        case _ if isinstance(parent, dict):
            parent["More"] = draw(WRONG)
        case _:
            parent.append(draw(WRONG))
    return document


def violations(document):
    try:
        hptsdk.from_wire(REQUEST, document)
    except InvalidShapeError as error:
        return error.violations
    return ()


def reference_violations(document):
    """Return the violations that the reference validator reports, in every structure of a document."""
    with (
        mock.patch.object(_validators, "validator_of", return_value=validate_reference),
        mock.patch.object(_validators, "_validators", {}),
    ):
        return violations(document)


def test_violations_of_rules_have_the_same_order_in_both_validators():
    definition = {
        "ParameterRanges": {
            "IntegerParameterRanges": [
                {"Name": "depth", "MinValue": "1.5", "MaxValue": "3", "ScalingType": "ReverseLogarithmic"}
            ]
        }
    }
    document = {"HyperParameterTuningJobConfig": definition}
    rules = [violation.rule for violation in reference_violations(document)]
    assert {"integers-scale-forwards", "integer-bounds-are-whole"} <= set(rules)
    for _ in range(4):
        assert [violation.rule for violation in violations(document)] == rules


@settings(max_examples=30)
@given(changed_documents())
def test_the_compiled_validator_reports_what_the_reference_validator_reports(document):
    assert violations(copy.deepcopy(document)) == reference_violations(document)


@settings(max_examples=30)
@given(changed_documents())
def test_one_invalid_value_violates_no_rules(document):
    # a parent requires its name by this rule, so one that has only an unknown member violates it as well
    rules = {rule.id for rule in schema.rules()} - {"parent-has-a-name"}
    reported = {violation.rule for violation in violations(document)}
    assume(reported and not reported <= rules)
    # a structure without a required member may violate rules as well
    assume("required" not in reported or len(reported) == 1)
    assert not reported & rules
