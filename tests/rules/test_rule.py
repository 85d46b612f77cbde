"""What a rule is, and how rules are waived."""

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


def test_a_rule_that_is_waived_twice_stays_waived_within():
    with waiving(frozenset({"always"})), waiving(frozenset({"always", "other"})):
        assert waived_ids() == {"always", "other"}


def test_a_rule_is_in_force_again_after_the_block():
    with waiving(frozenset({"always"})):
        pass
    assert waived_ids() == frozenset()


def test_the_sentence_is_the_first_line():
    assert always.sentence == "Nothing passes."


@pytest.mark.parametrize(
    ("found", "page"),
    [(always, "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_Tag.html"), (by_quota, "a page")],
)
def test_a_source_of_the_documentation_is_an_address(found, page):
    assert found.source == page


def test_one_problem_is_a_list_of_one():
    assert [problem.path for problem in always.problems(SHAPE)] == [["Key"]]


@pytest.mark.parametrize(("quotas", "count"), [(None, 2), (Quotas(), 2), (Quotas(max_metrics=7), 0)])
def test_quotas_are_given_to_what_depends_on_them(quotas, count):
    assert len(by_quota.problems(SHAPE, quotas)) == count


def test_quotas_are_not_given_to_what_does_not_take_them():
    assert len(always.problems(SHAPE, Quotas())) == 1


def test_the_parts_of_a_rule_are_given_by_name_only():
    with pytest.raises(TypeError, match="positional"):
        Rule("id", (), "error", "documented", "a page", (), len)


def test_quotas_are_given_by_name_only():
    with pytest.raises(TypeError, match="positional"):
        Quotas(750)


def test_quotas_show_the_call_that_makes_them():
    assert repr(Quotas(max_parallel_jobs=3)) == (
        "Quotas(max_metrics=20, max_parallel_jobs=3, max_random_training_jobs=750, max_training_jobs=750, "
        "max_tuning_jobs=100)"
    )


def test_a_rule_shows_what_it_is_called():
    assert repr(always) == "<Rule always>"
