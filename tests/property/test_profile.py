"""The tables of shares, from which plausible requests are drawn, have consistent numbers."""

import pytest

from hptsdk.testing.strategies._draw import profile

TABLES = {name: getattr(profile, name) for name in ("ALGORITHMS", "DEFINITIONS", "CHANNELS", "ITEMS", "OTHER_METRICS")}
VALUES = {
    f"{cls}.{member}": values
    for cls, members in profile.VALUES.items()
    for member, values in members.items()
    if isinstance(values, dict)
}
CHOICES = [(cls, choice) for cls, choices in profile.SHARES.items() for choice in choices]


@pytest.mark.parametrize("shares", [pytest.param(shares, id=name) for name, shares in (TABLES | VALUES).items()])
def test_the_shares_of_a_mapping_sum_to_100(shares):
    assert sum(shares.values()) == 100


def test_the_shares_of_the_data_sources_sum_to_100():
    assert sum(share for share, _, _ in profile.SOURCES) == 100


@pytest.mark.parametrize(("cls", "choice"), CHOICES)
def test_the_shares_of_members_that_exclude_each_other_sum_to_at_most_100(cls, choice):
    assert sum(choice.values()) <= 100, cls


@pytest.mark.parametrize(("cls", "inner"), profile.DRAWN_TOGETHER.items())
def test_the_shares_of_members_that_are_drawn_together_are_even_and_sum_to_100(cls, inner):
    shares = [share for name in (cls, *inner) for choice in profile.SHARES[name] for share in choice.values()]
    assert (sum(shares), [share for share in shares if share % 2]) == (100, [])
