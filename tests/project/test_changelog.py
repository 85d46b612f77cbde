"""The notes of the changelog have names that towncrier reads; that it renders each, the session `package` checks."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["towncrier"]
TEMPLATE = Path(SETTINGS["template"]).name
NOTES = sorted(path for path in (ROOT / SETTINGS["directory"]).iterdir() if path.name != TEMPLATE)
TYPES = [kind["directory"] for kind in SETTINGS["type"]]


def fault_of(name):
    """Say what is wrong with the name of a note; nothing where it is `SUBJECT.TYPE.md`."""
    subject, _, rest = name.partition(".")
    if not re.fullmatch(SETTINGS["issue_pattern"], subject):
        return f"{name}: {subject!r} is no subject in small letters"
    if rest not in {f"{kind}.md" for kind in TYPES}:
        return f"{name}: expected {subject}.TYPE.md, with one of {', '.join(TYPES)}"
    return None


@pytest.mark.parametrize("note", NOTES, ids=lambda note: note.name)
def test_a_note_is_named_after_its_subject_and_type(note):
    assert fault_of(note.name) is None


@pytest.mark.parametrize("note", NOTES, ids=lambda note: note.name)
def test_a_note_says_something(note):
    assert note.read_text().strip()


@pytest.mark.parametrize("note", NOTES, ids=lambda note: note.name)
def test_a_note_has_no_bullet_of_its_own(note):
    assert not note.read_text().startswith(("-", "*", "#"))


@pytest.mark.parametrize("name", ["wire.feature.md", "wire.md", "Wire.added.md", "wire.added.rst", "wire.added"])
def test_another_name_is_found(name):
    assert fault_of(name).startswith(f"{name}: ")


def test_the_changelog_has_the_place_for_new_notes_once():
    text = (ROOT / SETTINGS["filename"]).read_text()
    assert text.count(SETTINGS["start_string"].strip()) == 1


def test_the_types_are_those_of_keep_a_changelog():
    assert TYPES == ["added", "changed", "deprecated", "removed", "fixed", "security"]
