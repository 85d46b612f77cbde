"""The declaration and the waiving of rules."""

import pytest

import hptsdk
from hptsdk import Quotas, errors, shapes

RULES = {rule.id: rule for rule in hptsdk.schema.rules()}
DOCUMENTATION = "https://docs.aws.amazon.com/sagemaker/latest"


def reversed_range():
    """Create a range that violates the rules minimum-below-maximum and range-has-a-name."""
    return shapes.IntegerParameterRange(name="", min_value="2", max_value="1")


def test_a_rule_that_is_waived_twice_stays_waived_in_the_outer_block():
    with hptsdk.waived("minimum-below-maximum"):
        with hptsdk.waived("minimum-below-maximum", "range-has-a-name"):
            assert hptsdk.advise(reversed_range()) == ()
        assert [advice.rule for advice in hptsdk.advise(reversed_range())] == ["range-has-a-name"]


def test_a_rule_applies_again_after_the_block():
    with hptsdk.waived("minimum-below-maximum"):
        reversed_range()
    with pytest.raises(errors.InvalidShapeError, match="minimum-below-maximum"):
        reversed_range()


def test_a_shape_that_is_constructed_in_the_block_stays_valid():
    with hptsdk.waived("minimum-below-maximum"):
        waived = reversed_range()
    assert shapes.ParameterRanges(integer_parameter_ranges=[waived]).integer_parameter_ranges == (waived,)


def test_the_sentence_of_a_rule_is_one_line_that_ends_with_a_period():
    sentences = [rule.sentence for rule in RULES.values()]
    assert [sentence for sentence in sentences if "\n" in sentence or not sentence.endswith(".")] == []


@pytest.mark.parametrize(
    ("rule", "source"),
    [
        ("tag-keys-differ", f"{DOCUMENTATION}/APIReference/API_Tag.html"),
        ("one-kind-of-definition", f"{DOCUMENTATION}/dg/multiple-algorithm-hpo.html"),
        ("algorithm-has-what-it-needs", "aws/sagemaker-python-sdk#132"),
    ],
)
def test_the_source_of_a_rule_is_an_address_if_it_is_a_page_of_the_documentation(rule, source):
    assert RULES[rule].source == source


def test_the_arguments_of_quotas_are_keyword_only():
    with pytest.raises(TypeError, match="positional"):
        Quotas(750)


def test_quotas_of_another_type_are_an_error():
    with pytest.raises(TypeError, match=r"^advise: expected hptsdk\.Quotas as quotas, got a mapping of 1 entry$"):
        hptsdk.advise(hptsdk.shapes.Tag(key="a", value=""), quotas={"max_metrics": 1})


@pytest.mark.parametrize(("value", "got"), [("20", "'20'"), (None, "None"), (20.5, "20.5"), (True, "True")])
def test_a_quota_is_an_integer(value, got):
    with pytest.raises(TypeError, match=rf"^Quotas: expected an integer as max_parallel_jobs, got {got}$"):
        Quotas(max_parallel_jobs=value)


def test_the_repr_of_quotas_is_the_call_that_creates_them():
    assert repr(Quotas(max_parallel_jobs=3)) == (
        "Quotas(max_metrics=20, max_parallel_jobs=3, max_random_training_jobs=750, max_training_jobs=750, "
        "max_tuning_jobs=100)"
    )


def test_the_repr_of_a_rule_has_its_id():
    assert repr(shapes.Tag.RULES[0]) == "<Rule tag-prefix-not-reserved>"
