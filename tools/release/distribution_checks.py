"""The contents of the sdist and the wheel, and the results of packaging tools. The session `package` runs this."""

import sys
import tarfile
import zipfile
from email.parser import HeaderParser
from pathlib import Path

import pytest
from built import DIST, PROJECT, SDIST, SOURCE, WHEEL, run, sdist_files, succeed, tool, wheel_files

NAME = f"hptsdk-{PROJECT['version']}"
LARGEST_WHEEL = 700 * 1024

# The remarks of pyroma that remain, because the project has no e-mail address and no home page.
EXPECTED_REMARKS = {
    "Your package does not have author-email data.",
    (
        "Your package should have a 'url' field with a link to the project home page, or a 'project_urls' field, "
        "with a dictionary of links, or both."
    ),
}


def tracked():
    return set(succeed("git", "ls-files", cwd=SOURCE).splitlines())


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sdist")
    with tarfile.open(SDIST) as archive:
        archive.extractall(folder, filter="data")
    return folder / NAME


# --- contents ---


def test_the_wheel_is_small():
    files = wheel_files()
    print(f"wheel: {WHEEL.stat().st_size} bytes, {len(files)} files of {sum(files.values())} bytes")
    print(f"sdist: {SDIST.stat().st_size} bytes, {len(sdist_files())} files")
    assert WHEEL.stat().st_size < LARGEST_WHEEL


def test_the_sdist_contains_the_committed_files():
    assert sdist_files() - {"PKG-INFO"} == tracked()


def test_the_wheel_contains_the_committed_package_without_its_pages():
    paths = {name.removeprefix("src/") for name in tracked() if name.startswith("src/")}
    expected = {path for path in paths if not path.endswith(".md")}
    assert {name for name in wheel_files() if ".dist-info/" not in name} == expected


def test_the_wheel_has_the_marker_for_type_checkers():
    assert "hptsdk/py.typed" in wheel_files()


def test_the_wheel_contains_the_licence():
    with zipfile.ZipFile(WHEEL) as archive:
        assert archive.read(f"{NAME}.dist-info/licenses/LICENSE") == (SOURCE / "LICENSE").read_bytes()


def test_the_metadata_contain_the_readme():
    with zipfile.ZipFile(WHEEL) as archive:
        metadata = HeaderParser().parsestr(archive.read(f"{NAME}.dist-info/METADATA").decode())
    assert metadata.get_payload() == (SOURCE / "README.md").read_text()


def test_the_wheel_from_the_checkout_equals_the_wheel_from_the_sdist(tmp_path):
    succeed(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", tmp_path, SOURCE)
    assert (tmp_path / WHEEL.name).read_bytes() == WHEEL.read_bytes()


def test_the_tests_in_the_sdist_run(unpacked, tmp_path):
    python = tmp_path / "env" / "bin" / "python"
    install = ["uv", "pip", "install", "--quiet", "--python", python]
    succeed("uv", "venv", "--quiet", "--python", sys.executable, tmp_path / "env")
    succeed(*install, "--require-hashes", "-r", "requirements/tests.txt", cwd=unpacked)
    succeed(*install, "--no-deps", "--no-build-isolation", "-e", ".", cwd=unpacked)
    some = [
        "tests/project",
        "tests/docs/test_readme.py",
        "tests/conformance/test_model.py",
        "tests/rules/test_range_values.py",
    ]
    print(succeed(python, "-m", "pytest", "-q", *some, cwd=unpacked).splitlines()[-1])


# --- packaging tools ---


def test_an_index_accepts_the_distributions_and_their_readme():
    tool("twine", "check", "--strict", *DIST.iterdir())


def test_the_wheel_has_no_stray_files():
    tool("check-wheel-contents", WHEEL)


def test_the_metadata_are_complete():
    lines = run(Path(sys.executable).parent / "pyroma", SDIST).stdout.splitlines()
    print(next(line for line in lines if line.startswith("Final rating")))
    remarks = lines[lines.index("Found hptsdk") + 2 : -4]
    assert set(remarks) == EXPECTED_REMARKS


def test_the_citation_is_valid():
    tool("cffconvert", "--validate", "--infile", SOURCE / "CITATION.cff")


# --- the notes ---


def towncrier(folder, *arguments):
    return tool("towncrier", "build", "--dir", folder, "--version", PROJECT["version"], *arguments)


NOTES = sorted((SOURCE / "changelog.d").glob("*.md"))


@pytest.fixture(scope="module")
def draft():
    return towncrier(SOURCE, "--draft")


@pytest.mark.parametrize("note", NOTES, ids=lambda note: note.name)
def test_a_note_is_rendered_line_by_line(note, draft):
    lines = [line.strip().removeprefix("- ") for line in note.read_text().splitlines()]
    rendered = [line.strip().removeprefix("- ") for line in draft.splitlines()]
    assert [line for line in lines if line not in rendered] == []


def test_a_note_is_rendered_without_its_file_name(draft):
    assert [note.name for note in NOTES if f"({note.name.partition('.')[0]})" in draft] == []


@pytest.fixture
def project(tmp_path):
    """A project with the settings of hptsdk and one note."""
    (tmp_path / "changelog.d").mkdir()
    for name in ("pyproject.toml", "CHANGELOG.md", "changelog.d/template.md.jinja"):
        (tmp_path / name).write_bytes((SOURCE / name).read_bytes())
    (tmp_path / "changelog.d" / "wire.fixed.md").write_text("First line.\nSecond line.\n\nThird line.\n")
    return tmp_path


def test_a_release_is_added_before_earlier_ones(project):
    before = (project / "CHANGELOG.md").read_text()
    tool("towncrier", "build", "--keep", "--version", "1.0", "--date", "2030-01-02", "--dir", project)
    tool("towncrier", "build", "--keep", "--version", "1.1", "--date", "2030-02-03", "--dir", project)
    note = "\n### Fixed\n\n- First line.\n  Second line.\n\n  Third line.\n"
    expected = f"{before}\n## 1.1 - 2030-02-03\n{note}\n## 1.0 - 2030-01-02\n{note}"
    assert (project / "CHANGELOG.md").read_text().rstrip("\n") == expected.rstrip("\n")


@pytest.mark.parametrize("name", ["wire.feature.md", "wire.md", "Wire.added.md"])
def test_a_note_with_another_name_is_an_error(project, name):
    (project / "changelog.d" / name).write_text("A note.")
    command = [Path(sys.executable).parent / "towncrier", "build", "--draft", "--version", "1.0", "--dir", project]
    assert run(*command).returncode == 1
