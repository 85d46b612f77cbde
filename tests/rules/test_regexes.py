"""The analyze_regex of regular expressions, compared with engines that compile them."""

import itertools
import re
import time
import warnings

import pytest
import regex as other_engine

from hptsdk.rules.facts.regex_size import expanded_size
from hptsdk.rules.facts.regexes import analyze_regex

PIECES = ["a", "(", ")", "[", "]", "\\", "*", "+", "?", "|", "(?:", "[^", "-", "{2}", "."]


def compiled(engine, text):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return engine.compile(text)
        except engine.error:
            return None


@pytest.mark.parametrize("length", [1, 2, 3, pytest.param(4, marks=pytest.mark.long)])
def test_what_an_engine_compiles_has_no_flaw_and_its_groups_are_seen(length):
    for pieces in itertools.product(PIECES, repeat=length):
        text = "".join(pieces)
        found = analyze_regex.__wrapped__(text)
        patterns = [pattern for engine in (re, other_engine) if (pattern := compiled(engine, text))]
        assert not (found.error and patterns), text
        if found.captures is not None and patterns:
            assert found.captures in {pattern.groups > 0 for pattern in patterns}, text


@pytest.mark.parametrize(
    "text",
    ["(", "a)", "[a", "[^a", "a\\", "*", "a|*", "(+a)", "(?:?a)", "a**", "a+*", "a*??", "[b-a]", "[a\\]", "(?#a"],
)
def test_what_no_engine_compiles_has_a_flaw(text):
    assert analyze_regex(text).error
    assert compiled(re, text) is None


@pytest.mark.parametrize("text", ["(?#z-a)", r"\Qz-a\E", "z-a", "[a-a]"])
def test_a_range_has_a_flaw_only_in_brackets_and_backwards(text):
    assert analyze_regex(text).error == ""


@pytest.mark.parametrize(("length", "flaw"), [(500, "a parenthesis that is not closed"), (501, "")])
def test_the_longest_that_the_service_takes_is_read(length, flaw):
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
def test_the_first_group_is_found(text, content, rest):
    assert analyze_regex(text).first_group == (content, rest)


@pytest.mark.parametrize("text", ["([[:digit:]]+)", "(?x) ( # )", "(*UTF8)(a)", "(" + "a" * 500])
def test_where_engines_part_nothing_is_said(text):
    assert analyze_regex(text) == ("", None, None)


@pytest.mark.parametrize("piece", ["(", "[", "\\", "a?", "(a?", "[^", "(?P<", r"\Q", "(?#", "[a-", "(a*)*", "|", "(?x"])
def test_none_takes_long(piece):
    text = (piece * 500)[:500]
    start = time.perf_counter()
    analyze_regex.__wrapped__(text)
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
    ],
)
def test_the_size_of_an_expression_is_that_of_its_repeats_written_out(regex, size):
    assert expanded_size(regex) == size


@pytest.mark.parametrize(
    "regex",
    [
        "[[:digit:]]((a{99}){99})",
        r"\Q[\E(a{99}){99}",
        "(?x) a #[\n (a{99}){99}]",
        "(?V1x)(a{99}){99}",
        "(?x)(a{9 9}){9 9}",
        "(?x)(a{9#\n9}){1}",
    ],
)
def test_an_expression_that_can_be_read_in_different_ways_is_as_large_as_it_can_be(regex):
    assert expanded_size(regex) > 9_000
