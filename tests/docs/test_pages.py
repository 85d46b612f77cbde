"""The Python blocks of the documentation run, one after another on each page; those of a page of tests as its tests."""

import re
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

DOCS = Path(__file__).parents[2] / "docs"
PAGES = [page for page in sorted(DOCS.rglob("*.md")) if "```python" in page.read_text()]
TESTS = [page for page in PAGES if "\ndef test_" in page.read_text()]


# Here hypothesis takes hptsdk, which lies beside the tests, for code under test, and looks it through for constants.
PATIENT = """
from hypothesis import HealthCheck, settings
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")
"""


def blocks_of(page):
    return re.findall(r"```python\n(.*?)```", page.read_text(), re.DOTALL)


def test_there_are_pages_with_code():
    assert len(PAGES) >= 2


@pytest.mark.parametrize("page", [p for p in PAGES if p not in TESTS], ids=lambda page: str(page.relative_to(DOCS)))
def test_every_block_of_a_page_runs(page):
    names = {}
    for block in blocks_of(page):
        exec(compile(block, str(page), "exec"), names)  # noqa: S102 - the project's own pages


@pytest.mark.parametrize("page", TESTS, ids=lambda page: str(page.relative_to(DOCS)))
def test_every_test_of_a_page_passes(page, pytester, monkeypatch):
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    code = "\n".join(blocks_of(page))
    pytester.makepyfile(code)
    pytester.makeconftest(PATIENT)
    found = pytester.runpytest_subprocess("-p", "hptsdk.testing.plugin", "-p", "no:cacheprovider", "-W", "error")
    assert found.ret == 0
    assert found.parseoutcomes()["passed"] >= code.count("\ndef test_")
