"""The notes of the changelog have valid names. The session `package` checks that towncrier renders them."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOWNCRIER = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["towncrier"]
TEMPLATE = Path(TOWNCRIER["template"]).name
NOTES = sorted(path for path in (ROOT / TOWNCRIER["directory"]).iterdir() if path.name != TEMPLATE)
TYPES = [kind["directory"] for kind in TOWNCRIER["type"]]


def error_in(name):
    """Return what is wrong with the name of a note; None if it has the form `SUBJECT.TYPE.md`."""
    subject, _, rest = name.partition(".")
    if not re.fullmatch(TOWNCRIER["issue_pattern"], subject):
        return f"{name}: {subject!r} is not a subject in lower case"
    if rest not in {f"{kind}.md" for kind in TYPES}:
        return f"{name}: expected {subject}.TYPE.md, with one of {', '.join(TYPES)}"
    return None


def test_a_note_is_named_after_its_subject_and_type():
    assert [error for note in NOTES if (error := error_in(note.name))] == []


def test_a_note_is_not_empty():
    assert [note.name for note in NOTES if not note.read_text().strip()] == []


def test_a_note_has_no_bullet_of_its_own():
    assert [note.name for note in NOTES if note.read_text().startswith(("-", "*", "#"))] == []


@pytest.mark.parametrize("name", ["wire.feature.md", "wire.md", "Wire.added.md", "wire.added.rst", "wire.added"])
def test_another_name_is_an_error(name):
    assert error_in(name).startswith(f"{name}: ")


def test_the_changelog_has_one_mark_for_new_notes():
    text = (ROOT / TOWNCRIER["filename"]).read_text()
    assert text.count(TOWNCRIER["start_string"].strip()) == 1


def test_the_types_are_those_of_keep_a_changelog():
    assert TYPES == ["added", "changed", "deprecated", "removed", "fixed", "security"]
