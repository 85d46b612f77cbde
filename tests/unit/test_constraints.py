"""Each constraint at both ends of its bounds, and its description."""

from itertools import pairwise

import pytest

from hptsdk import constraints
from hptsdk.constraints import Categories, Entries, Items, Length, OneOf, Pattern, Range, Secret

PLAIN = "[a-z]+"

BOUNDED = [
    (Length(2, 4), ["ab", "abcd"], ["", "a", "abcde"]),
    (Length(0, 4), ["", "abcd"], ["abcde"]),
    (Length(3, 3), ["abc", "a\U0001f600c"], ["ab", "abcd"]),
    (Length(2), ["ab", "a" * 9999], ["", "a"]),
    (Length(maximum=2), ["", "ab"], ["abc"]),
    (Range(1, 30), [1, 30], [-1, 0, 31]),
    (Range(0, 5), [0, 5], [-1, 6]),
    (Range(0), [0, 10**30], [-1]),
    (Range(maximum=0), [-(10**30), 0], [1]),
    (Range(0.5, 1.5), [0.5, 1.5], [0.49, 1.51]),
    (Items(1, 2), [("a",), ("a", "b")], [(), ("a", "b", "c")]),
    (Items(0, 1), [(), ("a",)], [("a", "b")]),
    (Entries(1, 2), [{"a": ""}, {"a": "", "b": ""}], [{}, {"a": "", "b": "", "c": ""}]),
    (Entries(0, 1), [{}, {"a": ""}], [{"a": "", "b": ""}]),
    (OneOf(("File", "Pipe")), ["File", "Pipe"], ["", "file", "FilePipe", "File\n"]),
    (Pattern(PLAIN), ["a", "az"], ["", "A", "a b", "a\n", "\na"]),
    (Pattern("a|b"), ["a", "b"], ["ab", "a\n"]),
    (Pattern(".*"), ["", "a", "a\r\u2028"], ["\n", "a\n", "a\nb"]),
    (Pattern(".+"), ["a", " "], ["", "\n", "a\n"]),
    (Pattern(r"[\S\s]*"), ["", "a\nb"], []),
    (Pattern(r"[\p{Alnum}\-]+"), ["aZ9-"], ["", "_", "\u00e9"]),
    (Categories("LZN", "_.:/=+-@"), ["", "a\u00e9\u0663 \u00a0_.:/=+-@"], ["!", "a\n", "a\tb", "\U0001f600", "\u0301"]),
    (Categories("L", ""), ["", "a"], ["1", " ", "-"]),
    (Secret(), ["", "a\nb"], []),
]

EXPECTED = [
    (Length(2, 4), "text of 2 to 4 characters"),
    (Length(0, 4), "text of 0 to 4 characters"),
    (Length(3, 3), "text of exactly 3 characters"),
    (Length(1, 1), "text of exactly 1 character"),
    (Length(0, 1), "text of 0 to 1 character"),
    (Length(1, 2), "text of 1 to 2 characters"),
    (Length(0, 0), "text of exactly 0 characters"),
    (Length(2), "text of 2 or more characters"),
    (Length(maximum=4), "text of at most 4 characters"),
    (Range(1, 30), "1 to 30"),
    (Range(1), "1 or more"),
    (Range(maximum=30), "at most 30"),
    (Items(1, 20), "a list of 1 to 20 items"),
    (Entries(0, 48), "a map of 0 to 48 entries"),
    (OneOf(("File", "Pipe")), "one of File, Pipe"),
    (OneOf(("Enabled",)), "Enabled"),
    (Pattern(".*"), "text on one line"),
    (Pattern(".+"), "text on one line, not empty"),
    (Pattern(PLAIN), "text like [a-z]+"),
    (Pattern(PLAIN, "small letters"), "small letters (pattern [a-z]+)"),
    (Categories("LZN", "_.:/=+-@"), "letters, spaces, digits and _.:/=+-@"),
    (Secret(), "text"),
]

DIFFERENT = [
    Length(1, 2),
    Length(1, 3),
    Length(0, 2),
    Length(1),
    Length(maximum=1),
    Range(1, 2),
    Items(1, 2),
    Entries(1, 2),
    OneOf(("a", "b")),
    OneOf(("b", "a")),
    Pattern("a"),
    Pattern("b"),
    Categories("L", "a"),
    Categories("N", "a"),
    Categories("L", "b"),
    Secret(),
]


@pytest.mark.parametrize(
    ("constraint", "value"), [(constraint, value) for constraint, inside, _ in BOUNDED for value in inside]
)
def test_a_value_within_the_bounds_is_valid(constraint, value):
    assert constraint.holds(value) is True


@pytest.mark.parametrize(
    ("constraint", "value"), [(constraint, value) for constraint, _, outside in BOUNDED for value in outside]
)
def test_a_value_outside_the_bounds_is_invalid(constraint, value):
    assert constraint.holds(value) is False


@pytest.mark.parametrize(("constraint", "words"), EXPECTED)
def test_a_constraint_describes_what_it_expects(constraint, words):
    assert constraint.expected == words


def test_the_base_class_has_no_expected_text():
    with pytest.raises(NotImplementedError):
        _ = constraints.Constraint().expected


def test_a_pattern_of_several_lines_is_not_described_as_one_line():
    assert "line" not in Pattern(r"[\S\s]*").expected


@pytest.mark.parametrize(("left", "right"), list(pairwise([*DIFFERENT, DIFFERENT[0]])))
def test_constraints_with_other_arguments_or_of_another_class_are_unequal(left, right):
    assert left != right


def test_patterns_with_other_words_are_equal():
    assert Pattern(PLAIN, "small letters") == Pattern(PLAIN)


def test_a_set_holds_all_constraints_that_differ():
    assert len(set(DIFFERENT)) == len(DIFFERENT)


@pytest.mark.parametrize("constraint", DIFFERENT, ids=repr)
def test_the_repr_is_a_call_that_creates_an_equal_constraint(constraint):
    assert eval(repr(constraint), vars(constraints).copy()) == constraint  # noqa: S307 - that is the test


@pytest.mark.parametrize("constraint", DIFFERENT, ids=repr)
def test_use_does_not_change_equality_and_hash(constraint):
    used = eval(repr(constraint), vars(constraints).copy())  # noqa: S307 - creates an equal constraint
    _ = used.holds  # which is cached
    assert {used} == {constraint}


def test_a_constraint_is_not_equal_to_its_arguments():
    assert Length(1, 2) != (1, 2)


def test_the_regex_of_categories_is_that_of_the_api_model():
    assert Categories("LZN", "_.:/=+-@").regex == r"([\p{L}\p{Z}\p{N}_.:/=+\-@]*)"


@pytest.mark.parametrize(
    ("constraint", "rule"),
    [
        (Length(1), "length"),
        (Range(1), "range"),
        (Items(1), "items"),
        (Entries(1), "entries"),
        (Pattern("a"), "pattern"),
        (Categories("L", ""), "pattern"),
        (OneOf(("a",)), "enum"),
        (Secret(), "secret"),
    ],
)
def test_each_constraint_has_its_rule_id(constraint, rule):
    assert constraint.rule == rule


def test_every_constraint_is_exported():
    kinds = {name for name, value in vars(constraints).items() if name[0] != "_" and _is_constraint(value)}
    assert set(constraints.__all__) == kinds


def _is_constraint(value):
    return isinstance(value, type) and issubclass(value, constraints.Constraint)


def test_a_pattern_has_the_words_of_its_argument():
    assert Pattern("a+", "the letter a").words == "the letter a"
    assert Pattern("a+").words == ""
