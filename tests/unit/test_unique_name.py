"""`unique_name` returns valid names that differ."""

import re
from datetime import UTC, datetime

import pytest

import hptsdk

ENDING = re.compile(r"-(\d{12})-[0-9a-f]{4}")


def test_it_starts_with_the_prefix_and_ends_in_the_time_and_a_random_part():
    assert ENDING.fullmatch(hptsdk.unique_name("churn").removeprefix("churn"))


def test_the_time_is_now_in_utc():
    before = datetime.now(UTC).replace(microsecond=0)
    written = ENDING.search(hptsdk.unique_name("churn"))[1]
    assert before <= datetime.strptime(written, "%y%m%d%H%M%S").replace(tzinfo=UTC) <= datetime.now(UTC)


def test_it_is_another_one_each_time():
    assert hptsdk.unique_name("churn") != hptsdk.unique_name("churn")


def test_a_short_prefix_is_not_cut():
    assert hptsdk.unique_name("a" * 12).startswith("a" * 12 + "-")


def test_a_long_prefix_is_cut():
    assert len(hptsdk.unique_name("a" * 200)) == 32


def test_a_hyphen_at_the_cut_is_dropped():
    name = hptsdk.unique_name("abcdefghijklm-no")
    assert ENDING.fullmatch(name.removeprefix("abcdefghijklm"))


def test_several_hyphens_at_the_cut_are_dropped():
    name = hptsdk.unique_name("abcdefghij----klm")
    assert ENDING.fullmatch(name.removeprefix("abcdefghij"))


def test_a_hyphen_at_the_end_of_a_short_prefix_is_dropped():
    assert ENDING.fullmatch(hptsdk.unique_name("churn-").removeprefix("churn"))


@pytest.mark.parametrize("prefix", ["", "-", "-a", "a_b", "a b", "é", "a\n", "a.b"])
def test_a_prefix_that_no_name_can_have_is_refused(prefix, refused):
    assert [v.path for v in refused(hptsdk.unique_name, prefix)] == ["HyperParameterTuningJobName"]


def test_a_refused_prefix_is_shown_as_it_was_passed(messages):
    (message,) = messages(hptsdk.unique_name, "a b")
    assert message == (
        "unique_name(prefix=…): CreateHyperParameterTuningJobRequest.HyperParameterTuningJobName: expected letters and "
        "digits, with hyphens between them (pattern [a-zA-Z0-9](-*[a-zA-Z0-9]){0,31}), got 'a b'; "
        "did you mean 'a-b'? [pattern]"
    )


@pytest.mark.parametrize("prefix", [None, 3, b"churn", ["churn"]], ids=["None", "number", "bytes", "list"])
def test_a_prefix_that_is_not_text_is_refused(prefix, refused):
    assert [v.rule for v in refused(hptsdk.unique_name, prefix)] == ["type"]
