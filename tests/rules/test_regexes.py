"""The reading of regular expressions, compared with engines that compile them."""

import itertools
import re
import time
import warnings

import pytest
import regex as other_engine

from hptsdk.rules._regexes import reading

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
        found = reading.__wrapped__(text)
        patterns = [pattern for engine in (re, other_engine) if (pattern := compiled(engine, text))]
        assert not (found.flaw and patterns), text
        if found.captures is not None and patterns:
            assert found.captures in {pattern.groups > 0 for pattern in patterns}, text


@pytest.mark.parametrize(
    "text",
    ["(", "a)", "[a", "[^a", "a\\", "*", "a|*", "(+a)", "(?:?a)", "a**", "a+*", "a*??", "[b-a]", "[a\\]", "(?#a"],
)
def test_what_no_engine_compiles_has_a_flaw(text):
    assert reading(text).flaw
    assert compiled(re, text) is None


@pytest.mark.parametrize("text", ["(?#z-a)", r"\Qz-a\E", "z-a", "[a-a]"])
def test_a_range_has_a_flaw_only_in_brackets_and_backwards(text):
    assert reading(text).flaw == ""


@pytest.mark.parametrize(("length", "flaw"), [(500, "a parenthesis that is not closed"), (501, "")])
def test_the_longest_that_the_service_takes_is_read(length, flaw):
    assert reading("(" + "a" * (length - 1)).flaw == flaw


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
    assert reading(text).first == (content, rest)


@pytest.mark.parametrize("text", ["([[:digit:]]+)", "(?x) ( # )", "(*UTF8)(a)", "(" + "a" * 500])
def test_where_engines_part_nothing_is_said(text):
    assert reading(text) == ("", None, None)


@pytest.mark.parametrize("piece", ["(", "[", "\\", "a?", "(a?", "[^", "(?P<", r"\Q", "(?#", "[a-", "(a*)*", "|", "(?x"])
def test_none_takes_long(piece):
    text = (piece * 500)[:500]
    start = time.perf_counter()
    reading.__wrapped__(text)
    assert time.perf_counter() - start < 0.1
