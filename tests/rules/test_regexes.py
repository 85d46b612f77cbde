"""The analysis of regular expressions, compared with engines that compile them."""

import itertools
import math
import re
import time
import warnings

import pytest
import regex as other_engine

from hptsdk.rules.facts.regexes import analyze_regex, expanded_size

PIECES = ["a", "(", ")", "[", "]", "\\", "*", "+", "?", "|", "(?:", "[^", "-", "{2}", "."]


def compiled(engine, text):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return engine.compile(text)
        except engine.error:
            return None


@pytest.mark.parametrize("length", [1, 2, 3, pytest.param(4, marks=pytest.mark.long)])
def test_an_expression_that_an_engine_compiles_has_no_error_and_its_groups_are_known(length):
    for pieces in itertools.product(PIECES, repeat=length):
        text = "".join(pieces)
        analysis = analyze_regex(text)
        patterns = [pattern for engine in (re, other_engine) if (pattern := compiled(engine, text))]
        assert not (analysis.error and patterns), text
        if analysis.captures is not None and patterns:
            assert analysis.captures in {pattern.groups > 0 for pattern in patterns}, text


@pytest.mark.parametrize(
    "text",
    ["(", "a)", "[a", "[^a", "a\\", "*", "a|*", "(+a)", "(?:?a)", "a**", "a+*", "a*??", "[b-a]", "[a\\]", "(?#a"],
)
def test_an_expression_that_no_engine_compiles_has_an_error(text):
    assert analyze_regex(text).error
    assert compiled(re, text) is None


@pytest.mark.parametrize("text", ["(?#z-a)", r"\Qz-a\E", "z-a", "[a-a]"])
def test_a_range_is_an_error_only_if_it_is_in_brackets_and_runs_backwards(text):
    assert analyze_regex(text).error == ""


@pytest.mark.parametrize(("length", "flaw"), [(500, "a parenthesis that is not closed"), (501, "")])
def test_the_longest_expression_of_the_service_is_analyzed(length, flaw):
    assert analyze_regex("(" + "a" * (length - 1)).error == flaw


@pytest.mark.parametrize(
    ("text", "content", "rest"),
    [
        (r"loss=(\S+);", r"\S+", ";"),
        (r"(?i)loss=((\d+)\.\d*) (x)", r"(\d+)\.\d*", " (x)"),
        (r"\((?:a)(?<n>b)[)](c)", "b", "[)](c)"),
        (r"\Q(\E(?'n'a)", "a", ""),
        (r"(?#(a)(?=b)(?<!c)(d)", "d", ""),
        (r"\c((a)", "a", ""),
        ("(?P<gr\u00f6\u00dfe>a)", "a", ""),
    ],
)
def test_the_first_group_is_returned(text, content, rest):
    assert analyze_regex(text).first_group == (content, rest)


@pytest.mark.parametrize("text", ["([[:digit:]]+)", "(?x) ( # )", "(*UTF8)(a)", "(" + "a" * 500])
def test_the_analysis_is_undecided_if_engines_differ(text):
    assert analyze_regex(text) == ("", None, None)


@pytest.mark.parametrize("piece", ["(", "[", "\\", "a?", "(a?", "[^", "(?P<", r"\Q", "(?#", "[a-", "(a*)*", "|", "(?x"])
def test_no_analysis_takes_long(piece):
    text = (piece * 500)[:500]
    start = time.perf_counter()
    analyze_regex(text)
    assert time.perf_counter() - start < 0.1


@pytest.mark.parametrize(
    ("regex", "size"),
    [
        ("loss=(.*)", 8),
        ("a{3}", 3),
        ("a{3}{2}", 6),
        ("(ab{3}){2}", 10),
        ("a{0}", 1),
        ("a{,9}", 1),
        ("a{2,9}", 2),
        ("a{e<=1}", 7),
        (r"\d{4}-\d{2}-\d{2}", 18),
        ("[abc]{2}", 10),
        (r"[\]a]{2}", 10),
        (r"\({2}", 4),
        ("((a{1000}){1000})", 1_001_001),
        (")a{2}", 2),
        ("a+{3}", 6),
    ],
)
def test_the_size_of_an_expression_includes_its_expanded_repeats(regex, size):
    assert expanded_size(regex) == size


@pytest.mark.parametrize(
    "regex",
    [
        "[[:digit:]]((a{99}){99})",
        r"\Q[\E(a{99}){99}",
        r"\c[(a{99}){99}",
        "(?x) a #[\n (a{99}){99}]",
        "(?V1x)(a{99}){99}",
    ],
)
def test_an_ambiguous_expression_has_its_largest_size(regex):
    assert expanded_size(regex) == len(regex) * 99 * 99


def test_a_count_of_zero_or_one_does_not_change_the_largest_size():
    assert expanded_size("[[a]](b{0}){1}") == 14


@pytest.mark.parametrize("regex", ["(?x)(a{9 9}){9 9}", "(?x)(a{9#\n9}){1}"])
def test_an_expression_with_a_count_of_only_some_engines_has_no_size(regex):
    assert expanded_size(regex) == math.inf
