"""What is in the sdist and the wheel, and what others' tools say of them; `nox -s package` runs this."""

import sys
import tarfile
import zipfile
from email.parser import HeaderParser
from pathlib import Path

import pytest
from built import DIST, PROJECT, SDIST, SOURCE, WHEEL, done, run, sdist_files, tool, wheel_files

NAME = f"hptsdk-{PROJECT['version']}"
LARGEST_WHEEL = 700_000

# What pyroma misses, which there is none of: the project has no address for mail, and no page of its own.
NOT_THERE = {
    "Your package does not have author-email data.",
    (
        "Your package should have a 'url' field with a link to the project home page, or a 'project_urls' field, "
        "with a dictionary of links, or both."
    ),
}


def tracked():
    return set(done("git", "ls-files", cwd=SOURCE).splitlines())


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


def test_the_sdist_is_what_is_committed():
    assert sdist_files() - {"PKG-INFO"} == tracked()


def test_the_wheel_has_the_package_as_it_is_committed():
    packaged = {name.removeprefix("src/") for name in tracked() if name.startswith("src/")}
    assert {name for name in wheel_files() if ".dist-info/" not in name} == packaged


def test_the_wheel_says_that_it_is_typed():
    assert "hptsdk/py.typed" in wheel_files()


def test_the_wheel_has_the_licence():
    with zipfile.ZipFile(WHEEL) as archive:
        assert archive.read(f"{NAME}.dist-info/licenses/LICENSE") == (SOURCE / "LICENSE").read_bytes()


def test_the_metadata_has_the_readme():
    with zipfile.ZipFile(WHEEL) as archive:
        found = HeaderParser().parsestr(archive.read(f"{NAME}.dist-info/METADATA").decode())
    assert found.get_payload() == (SOURCE / "README.md").read_text()


def test_a_wheel_made_of_the_checkout_is_the_wheel_made_of_the_sdist_to_the_byte(tmp_path):
    done(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", tmp_path, SOURCE)
    assert (tmp_path / WHEEL.name).read_bytes() == WHEEL.read_bytes()


def test_tests_run_out_of_the_sdist(unpacked, tmp_path):
    python = tmp_path / "env" / "bin" / "python"
    install = ["uv", "pip", "install", "--quiet", "--python", python]
    done("uv", "venv", "--quiet", "--python", sys.executable, tmp_path / "env")
    done(*install, "--require-hashes", "-r", "requirements/tests.txt", cwd=unpacked)
    done(*install, "--no-deps", "--no-build-isolation", "-e", ".", cwd=unpacked)
    some = [
        "tests/project",
        "tests/docs/test_readme.py",
        "tests/conformance/test_model.py",
        "tests/rules/test_parts.py",
    ]
    print(done(python, "-m", "pytest", "-q", *some, cwd=unpacked).splitlines()[-1])


# --- what others' tools say ---


def test_an_index_takes_the_distributions_and_shows_the_readme():
    tool("twine", "check", "--strict", *DIST.iterdir())


def test_the_wheel_has_nothing_stray():
    tool("check-wheel-contents", WHEEL)


def test_the_metadata_lack_nothing_that_there_is():
    found = run(Path(sys.executable).parent / "pyroma", SDIST)
    print(next(line for line in found.stdout.splitlines() if line.startswith("Final rating")))
    lines = found.stdout.splitlines()
    missed = lines[lines.index("Found hptsdk") + 2 : -4]
    assert set(missed) == NOT_THERE


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
def test_a_note_comes_into_the_changelog_line_for_line(note, draft):
    lines = [line.strip() for line in note.read_text().splitlines()]
    rendered = [line.strip().removeprefix("- ") for line in draft.splitlines()]
    assert [line for line in lines if line not in rendered] == []


def test_a_note_has_no_name_of_its_file_beside_it(draft):
    assert [note.name for note in NOTES if f"({note.name.partition('.')[0]})" in draft] == []


@pytest.fixture
def project(tmp_path):
    """A project with our settings and one note."""
    (tmp_path / "changelog.d").mkdir()
    for name in ("pyproject.toml", "CHANGELOG.md", "changelog.d/template.md.jinja"):
        (tmp_path / name).write_bytes((SOURCE / name).read_bytes())
    (tmp_path / "changelog.d" / "wire.fixed.md").write_text("A fault.\nAnd its end.\n\nMore of it.\n")
    return tmp_path


def test_a_release_comes_before_the_others_under_its_version_and_day(project):
    before = (project / "CHANGELOG.md").read_text()
    tool("towncrier", "build", "--keep", "--version", "1.0", "--date", "2030-01-02", "--dir", project)
    tool("towncrier", "build", "--keep", "--version", "1.1", "--date", "2030-02-03", "--dir", project)
    note = "\n### Fixed\n\n- A fault.\n  And its end.\n\n  More of it.\n"
    expected = f"{before}\n## 1.1 - 2030-02-03\n{note}\n## 1.0 - 2030-01-02\n{note}"
    assert (project / "CHANGELOG.md").read_text().rstrip("\n") == expected.rstrip("\n")


@pytest.mark.parametrize("name", ["wire.feature.md", "wire.md", "Wire.added.md"])
def test_a_note_of_another_name_is_refused(project, name):
    (project / "changelog.d" / name).write_text("It does more.")
    command = [Path(sys.executable).parent / "towncrier", "build", "--draft", "--version", "1.0", "--dir", project]
    assert run(*command).returncode == 1
