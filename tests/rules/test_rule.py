"""The declaration and the waiving of rules."""

import pytest

import hptsdk
from hptsdk._validation import Problem, Quotas, Rule, advice, rule, waived_ids, waiving

SHAPE = hptsdk.shapes.Tag(key="team", value="")


@rule("always", source="API_Tag")
def always(tag):
    """Nothing passes.

    More than the sentence.
    """
    return Problem("key", expected="another", got=tag.key)


@advice("by-quota", source="a page", needs=("key",))
def by_quota(tag, quotas=Quotas()):  # noqa: B008 - never changed; as what it stands for
    """Nothing passes but a quota of 7."""
    return (
        None
        if quotas.max_metrics == 7
        else [Problem(expected="7", got="another"), Problem(expected="7", got="another")]
    )


def test_a_rule_that_is_waived_twice_stays_waived_in_the_inner_block():
    with waiving(frozenset({"always"})), waiving(frozenset({"always", "other"})):
        assert waived_ids() == {"always", "other"}


def test_a_rule_applies_again_after_the_block():
    with waiving(frozenset({"always"})):
        pass
    assert waived_ids() == frozenset()


def test_the_sentence_is_the_first_line_of_the_docstring():
    assert always.sentence == "Nothing passes."


@pytest.mark.parametrize(
    ("found", "page"),
    [(always, "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_Tag.html"), (by_quota, "a page")],
)
def test_a_source_of_the_documentation_is_an_address(found, page):
    assert found.source == page


def test_one_problem_becomes_a_list():
    assert [problem.path for problem in always.problems(SHAPE)] == [["Key"]]


@pytest.mark.parametrize(("quotas", "count"), [(None, 2), (Quotas(), 2), (Quotas(max_metrics=7), 0)])
def test_a_rule_that_takes_quotas_gets_them(quotas, count):
    assert len(by_quota.problems(SHAPE, quotas)) == count


def test_a_rule_that_takes_no_quotas_gets_none():
    assert len(always.problems(SHAPE, Quotas())) == 1


def test_the_arguments_of_a_rule_are_keyword_only():
    with pytest.raises(TypeError, match="positional"):
        Rule("id", (), "error", "documented", "a page", (), len)


def test_the_arguments_of_quotas_are_keyword_only():
    with pytest.raises(TypeError, match="positional"):
        Quotas(750)


def test_the_repr_of_quotas_is_the_call_that_creates_them():
    assert repr(Quotas(max_parallel_jobs=3)) == (
        "Quotas(max_metrics=20, max_parallel_jobs=3, max_random_training_jobs=750, max_training_jobs=750, "
        "max_tuning_jobs=100)"
    )


def test_the_repr_of_a_rule_has_its_id():
    assert repr(always) == "<Rule always>"
