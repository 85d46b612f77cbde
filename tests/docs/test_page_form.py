"""The form of the pages: line widths, requirements of the how-to guides, and the installation of hptsdk."""

import re
import sys
import tomllib

import pytest
from doc_blocks import DOCS, ROOT, blocks_of, pages
from packaging.requirements import Requirement

COLUMNS = 88
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
EXTRAS = PROJECT["optional-dependencies"]
GUIDES = [page for page in sorted((DOCS / "how-to").glob("*.md")) if page.name != "index.md"]

FORM = re.compile(
    r"- Extra: (?P<extra>none|`[a-z`, and]+`) \((?P<install>.+)\)\n"
    r"- AWS account: (?P<account>(?:none|required)\b.*)\n"
    r"- Other packages: (?P<packages>.+)\n"
)

# The extra that a code block needs, by text in the block.
NEEDED_FOR = {
    "hptsdk.local": "local",
    "tuning_service": "local",
    "from hptsdk.testing import strategies": "testing",
    "$ hptsdk ": "cli",
}
# The modules whose name differs from that of their package.
PACKAGES = {"attr": "attrs", "ruamel": "ruamel.yaml"}

# hptsdk is on no package index, and no version has a tag.
UNAVAILABLE = re.compile(
    r"(pip|pipx|uv|conda)\s+(install|add|tool install)\s+[\"']?hptsdk|rev: v?\d|pypi|package index|badge|shields\.io",
    re.IGNORECASE,
)


def requirements_of(page):
    """Return the requirements that a how-to guide lists, as a match of FORM."""
    [first] = [block.text for block in blocks_of(page) if block.kind == "{admonition} Requirements"]
    return FORM.fullmatch(first)


def extras_of(page):
    """Return the extras that a how-to guide lists, with the extras that these contain."""
    named = set(re.findall(r"`(\w+)`", requirements_of(page)["extra"]))
    for name in list(named):
        named |= set(re.findall(r"hptsdk\[(\w+)\]", " ".join(EXTRAS[name])))
    return named


def name_of(page):
    return page.stem


def test_no_line_of_a_code_block_is_wider_than_a_page():
    wide = [
        f"{page.relative_to(ROOT)}:{number}: {len(line)} columns"
        for page in [*pages(), ROOT / "README.md"]
        for block in blocks_of(page)
        if not block.kind.startswith("{") and block.kind != "setup"
        for number, line in enumerate(block.text.splitlines(), block.line)
        # a path without a space cannot be broken; the page wraps it
        if len(line) > COLUMNS and " " in line.strip()
    ]
    assert wide == []


def test_code_wraps_in_a_narrow_window():
    styles = (DOCS / "_static" / "hptsdk.css").read_text()
    assert re.search(r"\.highlight pre \{\n  white-space: pre-wrap;", styles)


@pytest.mark.parametrize("page", GUIDES, ids=name_of)
def test_a_how_to_guide_begins_with_its_requirements(page):
    assert re.match(r"# .+\n\n```\{admonition\} Requirements\n", page.read_text())
    assert requirements_of(page)


@pytest.mark.parametrize("page", GUIDES, ids=name_of)
def test_a_how_to_guide_shows_how_to_install_its_extras(page):
    requirements = requirements_of(page)
    named = re.findall(r"`(\w+)`", requirements["extra"])
    assert set(named) <= set(EXTRAS)
    assert not named or requirements["install"] == f'`pip install ".[{",".join(named)}]"` in a clone of hptsdk'


@pytest.mark.parametrize("page", GUIDES, ids=name_of)
def test_a_how_to_guide_names_the_extras_that_its_code_needs(page):
    code = "\n".join(block.text for block in blocks_of(page) if block.kind in ("python", "console"))
    needed = {extra for text, extra in NEEDED_FOR.items() if text in code}
    assert needed <= extras_of(page)


@pytest.mark.parametrize("page", GUIDES, ids=name_of)
def test_a_how_to_guide_names_the_packages_that_its_code_imports(page):
    code = "\n".join(block.text for block in blocks_of(page) if block.kind == "python")
    imported = set(re.findall(r"^ *(?:import|from) (\w+)", code, re.MULTILINE)) - sys.stdlib_module_names - {"hptsdk"}
    installed = PROJECT["dependencies"] + [text for extra in extras_of(page) for text in EXTRAS[extra]]
    others = {PACKAGES.get(name, name) for name in imported} - {Requirement(text).name for text in installed}
    assert others <= set(re.findall(r"[\w.-]+", requirements_of(page)["packages"]))


def test_the_documentation_installs_hptsdk_from_a_clone_only():
    texts = {str(page.relative_to(ROOT)): page.read_text() for page in [*pages(), *ROOT.glob("*.md")]}
    assert [(name, match[0]) for name, text in texts.items() for match in UNAVAILABLE.finditer(text)] == []


@pytest.mark.parametrize("page", ["README.md", "docs/tutorial/index.md", "docs/tutorial/first-job.md"])
def test_a_page_names_every_supported_python(page):
    supported = [int(minor) for minor in re.findall(r"Python :: 3\.(\d+)", "\n".join(PROJECT["classifiers"]))]
    [(oldest, newest)] = re.findall(r"Python 3\.(\d+) to 3\.(\d+)", (ROOT / page).read_text())
    assert set(supported) <= set(range(int(oldest), int(newest) + 1))
    assert min(supported) == int(oldest)
