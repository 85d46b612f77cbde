"""The page of rules in the documentation is up to date."""

from rules_page import PAGE, page


def test_the_page_is_up_to_date():
    assert PAGE.read_text() == page(), "run `python3 noxfile.py -s rules`"
