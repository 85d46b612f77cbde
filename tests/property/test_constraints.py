"""Constraints compared with equivalent code, for random text and for all characters."""

import sys
import unicodedata
from contextlib import suppress

import pytest
import regex
from hypothesis import example, given, strategies as st

from hptsdk import schema, shapes
from hptsdk.constraints import Categories, Items, Length, OneOf, Pattern, Range
from hptsdk.errors import InvalidShapeError

ODD = st.text(st.characters(codec="utf-8") | st.sampled_from("\n\r\x85\u2028\u0663aZ_-"))

TAG = Categories("LZN", "_.:/=+-@")


def accepted(valid, cls, **members):
    with suppress(InvalidShapeError):
        return bool(valid(cls, **members))
    return False


# One member for each pattern for which compiled validators have an expression: `.*`, `.+` and `[\S\s]*`.
@pytest.mark.usefixtures("no_rules")
@pytest.mark.parametrize(
    ("cls", "name"),
    [
        (shapes.AutoParameter, "value_hint"),
        (shapes.MetricDefinition, "name"),
        (shapes.HyperParameterTrainingJobDefinition, "environment"),
    ],
)
@given(text=ODD)
@example("a\n")
@example("")
def test_a_member_accepts_the_text_that_satisfies_its_constraints(cls, name, valid, text):
    [member] = [member for member in schema.of(cls).members if member.attribute == name]
    value, kind = ({"A": text}, member.type.item) if member.type.key else (text, member.type)
    # several times, because the validator of a class is compiled after its first instances
    results = {accepted(valid, cls, **{name: value}) for _ in range(5)}
    assert results == {all(each.holds(text) for each in kind.constraints)}


@given(text=ODD)
def test_a_pattern_matches_the_whole_text(text):
    assert Pattern("[^a]*").holds(text) == ("a" not in text)


@given(text=ODD)
def test_a_digit_is_ascii(text):
    assert Pattern(r"\d*").holds(text) == all(c in "0123456789" for c in text)


@given(text=ODD)
def test_a_word_character_is_ascii(text):
    assert Pattern(r"\w*").holds(text) == all(c == "_" or (c.isascii() and c.isalnum()) for c in text)


@given(text=ODD)
def test_a_space_is_ascii(text):
    assert Pattern(r"\s*").holds(text) == all(c in " \t\n\r\f\v" for c in text)


@given(low=st.none() | st.integers(-5, 5), high=st.none() | st.integers(-5, 5), value=st.integers(-7, 7))
def test_a_range_is_a_comparison_with_both_bounds(low, high, value):
    inside = (low is None or low <= value) and (high is None or value <= high)
    assert Range(low, high).holds(value) == inside


@given(low=st.none() | st.integers(0, 5), high=st.none() | st.integers(0, 5), text=st.text(max_size=7))
def test_a_length_counts_characters(low, high, text):
    assert Length(low, high).holds(text) == Range(low, high).holds(len(text))


@given(low=st.none() | st.integers(0, 5), high=st.none() | st.integers(0, 5), size=st.integers(0, 7))
def test_items_are_counted(low, high, size):
    assert Items(low, high).holds((0,) * size) == Range(low, high).holds(size)


@given(values=st.lists(st.text(), min_size=1, max_size=4), value=st.text())
def test_one_of_is_membership(values, value):
    assert OneOf(tuple(values)).holds(value) == (value in values)


@pytest.mark.long
def test_categories_agree_with_unicode_classes_on_every_assigned_character():
    assigned = "".join(c for c in map(chr, range(sys.maxunicode + 1)) if unicodedata.category(c) not in {"Cn", "Cs"})
    # one character at a time, and so as a set: a difference shows which
    theirs = set(regex.findall(TAG.regex.replace("*", ""), assigned))
    assert {c for c in assigned if TAG.holds(c)} == theirs


@given(text=st.text(st.characters(exclude_categories=("Cn", "Cs"))))
def test_categories_hold_if_they_hold_for_each_character(text):
    assert TAG.holds(text) == bool(regex.fullmatch(TAG.regex, text))
