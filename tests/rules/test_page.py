"""The documentation's page of rules is the one that the code gives."""

from page import PAGE, page


def test_the_page_is_up_to_date():
    assert PAGE.read_text() == page(), "run `nox -s rules`"
